"""The forms of text that settings take, in words: nobody has to read a regular expression to mend a stack file.

The settings models hold the patterns, which editors check by; here each has its words and an example. A test finds a pattern
without, and words whose pattern is gone.
"""

from typing import NamedTuple


class Form(NamedTuple):
    """What text of one form looks like."""

    words: str
    """As the end of the sentence "allowed: ..."."""
    example: str
    """Text of this form, for where the key has no examples of its own."""


_ARN = "123456789012"
_KEY = "12345678-90ab-cdef-1234-567890abcdef"

FORMS: dict[str, Form] = {
    # Names of things at AWS.
    r"^[a-z]{2}(-[a-z]+)+-[0-9][a-f]$": Form("an availability zone, its region and a letter", "ap-northeast-2a"),
    r"^[0-9]{12}$": Form("the twelve digits of an AWS account, in quotes", "210987654321"),
    r"^ami-([0-9a-f]{8}|[0-9a-f]{17})$": Form("the id of an image", "ami-0123456789abcdef0"),
    r"^d-[0-9a-f]{10}$": Form("the id of a directory", "d-0123456789"),
    r"^dx(con|lag)-[a-z0-9]{4,32}$": Form("the id of a Direct Connect connection or LAG", "dxcon-fg1234ab"),
    r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}$": Form("the code of a Direct Connect location", "ICN10"),
    r"^1[4-8](\.\d{1,2})?$": Form("a version of PostgreSQL from 14 to 18, in quotes", "17"),
    r"^3\.(5\.[4-9]|[6-9]\.\d)$": Form("a version of DMS, 3.5.4 or later, in quotes", "3.6.1"),
    r"^[A-Z][A-Z_]{2,30}$": Form("a capability of Linux without CAP_, in capitals", "NET_BIND_SERVICE"),
    r"^attribute:\S+ .+$": Form("an expression of ECS over an attribute of servers", "attribute:rack == a"),
    r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$": Form("an activation key as the gateway VM gave it", "ABCDE-12345-FGHIJ-67890-KLMNO"),
    r"^tgw-[0-9a-f]{8,17}$": Form("the id of a transit gateway", "tgw-0123456789abcdef0"),
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$": Form("the id of a Direct Connect gateway", _KEY),
    r"^(9\.[4-6]|1[0-8])$": Form("a version of PostgreSQL, 9.4 to 9.6 or 10 to 18, in quotes", "13"),
    r"^/([A-Za-z0-9][A-Za-z0-9 ._-]*(/[A-Za-z0-9][A-Za-z0-9 ._-]*)*)?$": Form(
        "a folder of the share, from its root, without a slash at the end", "/orders/out"
    ),
    r"^T[0-9A-Z]{1,254}$": Form("the id of a workspace of Slack", "T07EA123LEP"),
    r"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$": Form(
        "an id of 32 hexadecimal digits with four dashes, as the console of Amazon Q Developer shows it", _KEY
    ),
    r"^[a-zA-Z0-9_=+/.,-]*%3[aA][a-zA-Z0-9_=+/.,-]*%40[a-zA-Z0-9_=+/.,-]*$": Form(
        "the id of a channel of Microsoft Teams, with %3A and %40 as in its link",
        "19%3Ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2",
    ),
    r"^[CG][0-9A-Z]{1,254}$": Form("the id of a channel of Slack", "C07EZ1ABC23"),
    r"^(arn:aws:rds:[a-z0-9-]+:[0-9]{12}:snapshot:)?(rds:|awsbackup:)?[A-Za-z][A-Za-z0-9-]{0,254}$": Form(
        "a snapshot of a database, by name or ARN", "rds:database-2026-03-31-17-05"
    ),
    r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$": Form("the identifier of a database", "database"),
    r"^(newest|2023\.[0-9]+\.[0-9]{8})$": Form("a release of AWS's image as its name has it, or newest", "2023.9.20251110"),
    r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$": Form(
        "the host of a registry, with a port if need be", "registry.corp.example"
    ),
    # ARNs.
    r"^arn:aws:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$": Form(
        "the ARN of a topic of SNS", f"arn:aws:sns:ap-northeast-2:{_ARN}:pager"
    ),
    r"^arn:aws(-[a-z]+)*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$": Form("the ARN of a bucket", "arn:aws:s3:::theirs"),
    r"^arn:aws(-[a-z]+)*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": Form(
        "the ARN of a certificate of ACM", f"arn:aws:acm:ap-northeast-2:{_ARN}:certificate/{_KEY}"
    ),
    r"^arn:aws(-cn|-us-gov|-eusc)?:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9A-Za-z-]+$": Form(
        "the ARN of a certificate of ACM", f"arn:aws:acm:ap-northeast-2:{_ARN}:certificate/{_KEY}"
    ),
    r"^arn:aws(-[a-z]+)*:iam::[0-9]{12}:saml-provider/[A-Za-z0-9._-]{1,128}$": Form(
        "the ARN of a SAML provider of IAM", f"arn:aws:iam::{_ARN}:saml-provider/company"
    ),
    r"^arn:aws(-cn|-us-gov|-eusc)?:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$": Form(
        "the ARN of a secret, with the six characters at its end",
        f"arn:aws:secretsmanager:ap-northeast-2:{_ARN}:secret:docker-hub-AbCdEf",
    ),
    (
        r"^arn:aws(-cn|-us-gov|-eusc)?:kms:[a-z0-9-]+:[0-9]{12}:key/"
        r"(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
    ): Form("the ARN of a KMS key", f"arn:aws:kms:ap-northeast-2:{_ARN}:key/{_KEY}"),
    r"^arn:aws(-cn|-us-gov|-eusc)?:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@/_-]+$": Form(
        "the ARN of an IAM policy", f"arn:aws:iam::{_ARN}:policy/orders"
    ),
    r"^arn:aws:rds:[a-z0-9-]+:[0-9]{12}:db:[a-z]([a-z0-9-]{0,61}[a-z0-9])?$": Form(
        "the ARN of a database", f"arn:aws:rds:ap-northeast-2:{_ARN}:db:database"
    ),
    (
        r"^(database:(username|password|host|port|dbname|engine)"
        r"|arn:aws(-cn|-us-gov|-eusc)?:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}"
        r"(:[^:]*:[^:]*:[^:]*)?"
        r"|arn:aws(-cn|-us-gov|-eusc)?:ssm:[a-z0-9-]+:[0-9]{12}:parameter/[A-Za-z0-9_.,/-]+)$"
    ): Form(
        "database: and one of username, password, host, port, dbname, engine; or the ARN of a parameter, or of a secret with "
        "the six characters at its end",
        "database:host",
    ),
    # Names that the stack file gives.
    r"^([A-Za-z0-9_-]+/[A-Za-z0-9_.-]+/)?[A-Za-z0-9_.-]{1,100}$": Form("a stack: name, or organization/project/name", "prod"),
    r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$": Form("up to 32 small letters, digits and dashes, a letter first", "seoul-1"),
    r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$": Form("up to 32 small letters, digits and dashes, no dash at an end", "icn-1"),
    r"^[a-z]([a-z0-9-]*[a-z0-9])?$": Form("small letters, digits and dashes, a letter first, no dash last", "orders"),
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": Form("small letters, digits and single dashes, a letter first", "orders"),
    r"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$": Form(
        "a repository: small letters, digits, dots, dashes and underscores between slashes", "team/orders"
    ),
    (
        r"^(ecr:)?([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?/)?[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
        r"(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"
        r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$"
    ): Form(
        "an image with its tag or digest: name:tag, registry/name:tag, or ecr:name:tag of the own registry",
        "nginx:1.27.2",
    ),
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$": Form("letters, digits, dots, dashes and underscores, up to 255", "data"),
    r"^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$": Form("2 to 100 letters, digits, dots, dashes and underscores", "hybridge-files"),
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$": Form("up to 80 letters, digits, dashes and underscores, without spaces", "files"),
    r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$": Form("3 to 63 small letters, digits and dashes", "acme-files"),
    r"^[a-z][A-Za-z0-9]*$": Form("the name of an output of the primary", "bucketArn"),
    r"^[A-Za-z_][A-Za-z0-9_.-]*$": Form("letters, digits, dots, dashes and underscores, no digit first", "LOG_LEVEL"),
    r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$": Form("the name of a host", "ldap.corp.example"),
    # PostgreSQL.
    r"^[a-z][a-z0-9_]{0,62}(\.[a-z][a-z0-9_]{0,62})?$": Form("a parameter of PostgreSQL, in small letters", "work_mem"),
    r"^[a-z][a-z0-9_]{0,62}$": Form("up to 63 small letters, digits and underscores, a letter first", "orders"),
    r"^[a-z][a-z0-9_]{0,39}$": Form("up to 40 small letters, digits and underscores, a letter first", "orders"),
    r"^[a-z][a-z0-9_]{0,15}$": Form("up to 16 small letters, digits and underscores, a letter first", "dbadmin"),
    r"^[a-z0-9_]{1,63}$": Form("up to 63 small letters, digits and underscores", "hybridge"),
    r"^[A-Za-z_][A-Za-z0-9_$]{0,62}$": Form("up to 63 letters, digits, underscores and $, no digit first", "orders"),
    r"^[A-Za-z_][A-Za-z0-9_$.@-]{0,62}$": Form("the name of a user of PostgreSQL, up to 63 characters", "replicator"),
    r"^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$": Form("a position of the log, as pg_current_wal_lsn() gives it", "16/B374D848"),
    # Times.
    r"^([01]\d|2[0-3]):[0-5]\d$": Form("a time of day, hh:mm, in quotes", "08:00"),
    r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$": Form("a time of day, hh:mm, up to 24:00, in quotes", "18:00"),
    r"^[a-z][a-z0-9-]{1,19}$": Form("a name of 2 to 20 small letters, digits and dashes", "busan"),
    r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$": Form("a daily window in UTC, hh:mm-hh:mm", "17:00-18:00"),
    (
        r"^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-"
        r"(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$"
    ): Form("a weekly window in UTC, ddd:hh:mm-ddd:hh:mm in small letters", "sun:18:30-sun:19:30"),
    r"^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$": Form("a time in UTC, in quotes", "2026-03-31T09:00:00Z"),
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$": Form("a time in UTC, in quotes", "2026-03-31T09:00:00Z"),
    r"^\d{4}-\d{2}-\d{2}$": Form("a date, in quotes", "2026-03-31"),
    # Paths and files.
    r"^/[A-Za-z0-9._/-]*[A-Za-z0-9._-]$": Form("a path from the root, without spaces and without a slash at its end", "/data"),
    r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$": Form("a path that does not begin with a slash", "web/images"),
    r"^/[!-~]*$": Form("a path that begins with a slash, without spaces", "/health"),
    r"^/dev/[A-Za-z0-9/_-]+$": Form("a disk of the gateway VM", "/dev/sdb"),
    r"^/(mnt|srv|media|opt|data)(/[A-Za-z0-9][A-Za-z0-9._-]*)+$": Form(
        "a path below /mnt, /srv, /media, /opt, /data", "/mnt/files"
    ),
    r"^[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*/$": Form(
        "a part of the bucket: letters, digits, dashes and underscores, with a slash at its end", "documents/"
    ),
    r"^[0-7]{4}$": Form("a Unix mode: four digits from 0 to 7, in quotes", "0644"),
    r"^[!-~]([ -~]*[!-~])?$": Form("the id of a disk as Storage Gateway lists it", "pci-0000:00:1f.2-ata-2"),
    # Of the load balancer.
    r"^[2-4][0-9]{2}(-[2-4][0-9]{2})?(,[2-4][0-9]{2}(-[2-4][0-9]{2})?)*$": Form("status codes and ranges of them", "200-399"),
    r"^[a-z0-9*?-]+(\.[a-z0-9*?-]+)*\.[a-z]+$": Form(
        "a host name in small letters; * and ? stand for others", "*.corp.example"
    ),
    r"^[/*][A-Za-z0-9_.$/~\"'@:+*?-]*$": Form("a path that begins with a slash, in which * and ? stand for others", "/api/*"),
    # People.
    r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$": Form("an e-mail address", "oncall@corp.example"),
    r"^[A-Za-z0-9_-]{2,255}$": Form("the name of a user of Docker Hub", "corp"),
    r"^[A-Za-z0-9_.@:/+-]{1,255}$": Form("a group by its id or name", "S-1-5-21-1-2-3-1104"),
    r"^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)?$": Form("a user, or user:group, by name or number", "1000:1000"),
    r"^[a-z_][a-z0-9_-]{0,31}$": Form("the name of a user of Linux", "ops"),
    r"^[ -~]+$": Form("a user, or a group behind @", "@editors"),
    r"^([0-9a-z]+(-[0-9a-z]+)*\.)+[a-z]{2,}$": Form("the fully qualified name of a domain", "corp.example"),
    r"^([a-zA-Z0-9]+[.-])+[a-zA-Z0-9]{2,}$": Form("the fully qualified name of a domain", "corp.example"),
    r'^[^\\/:*?"<>|.]+[^\\/:*?"<>|]*$': Form("a NetBIOS name", "CORP"),
    r"^[a-zA-Z0-9._-]+$": Form("letters, digits, dots, dashes and underscores", "svc-aws"),
    r"^[A-Za-z0-9_][A-Za-z0-9_. -]*$": Form("the name of a user of the domain, without the domain", "joiner"),
    r"^(([A-Za-z0-9-]*[A-Za-z0-9])\.)*([A-Za-z0-9-]*[A-Za-z0-9])(:[0-9]+)?$": Form(
        "a domain controller by name or address, with a port if need be", "dc1.corp.example"
    ),
    # Counts.
    r"^([1-9][0-9]{0,6}|[1-9][0-9]?%|100%)$": Form("a number or a percentage, in quotes", "25%"),
    r"^([0-9]|[1-9][0-9]{1,6}|[0-9]%|[1-9][0-9]%|100%)$": Form("a number or a percentage, in quotes", "10%"),
}
