"""The section `management`: patching, sessions, backups, alarms, traces and the directory, over both sides."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from components.settings.addresses import Ipv4, contained, repeated
from components.settings.backup import Backup
from components.settings.base import Mistake, Section
from components.settings.network import RetentionDays
from components.settings.on_premises import OnPremises
from components.settings.schedules import Schedule, TimeZone

OperatingSystem = Literal[
    "AMAZON_LINUX_2023",
    "AMAZON_LINUX_2",
    "REDHAT_ENTERPRISE_LINUX",
    "CENTOS",
    "ROCKY_LINUX",
    "ALMA_LINUX",
    "ORACLE_LINUX",
    "SUSE",
    "UBUNTU",
    "DEBIAN",
]
"""What Patch Manager can patch, of what a container host may run."""

TopicArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
        examples=["arn:aws:sns:ap-northeast-2:123456789012:pager"],
    ),
]
"""A standard topic: alarms tell no FIFO topic."""

Share = Annotated[str, Field(pattern=r"^([1-9][0-9]{0,6}|[1-9][0-9]?%|100%)$", examples=["1", "25%"])]
"""How many of the hosts: a number or a percentage."""
Errors = Annotated[str, Field(pattern=r"^([0-9]|[1-9][0-9]{1,6}|[0-9]%|[1-9][0-9]%|100%)$", examples=["1", "10%"])]
"""How many failures: a number or a percentage."""


class Patching(Section):
    """When and how the hosts on both sides are patched."""

    operating_systems: list[OperatingSystem] = Field(default=["AMAZON_LINUX_2023"], min_length=1)
    """Operating systems of the hosts: Amazon Linux 2023 in AWS, next to what the servers on-premises run. Each has a baseline
    of approved patches; hosts with others are not patched."""
    approve_after_days: Annotated[int, Field(ge=0, le=360)] = 7
    """Days after its release at which a patch is approved. Ubuntu and Debian tell no release date: there patches are approved
    at once."""
    rejected_patches: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(default=[], max_length=50)
    """Packages that are never updated, such as `kernel*`, not even where another patch needs them. Omitted: none."""
    scan_schedule: Schedule = "cron(0 3 ? * * *)"
    """When hosts are scanned for missing patches, in the time zone of the section: each day at 3:00 if omitted."""
    install_schedule: Schedule = "cron(0 4 ? * SUN *)"
    """When approved patches are installed on servers on-premises: Sundays at 4:00 if omitted. Hosts in AWS are replaced by
    newer ones when `pulumi up` finds a newer image."""
    duration_hours: Annotated[int, Field(ge=1, le=24)] = 3
    """Hours for which either window is open."""
    cutoff_hours: Annotated[int, Field(ge=0, le=23)] = 1
    """Hours before its end in which a window begins with no further host. One that is still at it by then is told to stop, so
    that a window must be long enough for its last hosts."""
    max_concurrency: Share = "1"
    """Servers on-premises that are drained, patched and perhaps restarted at once, of the hosts of both sides: the others are
    passed over. Default by size."""
    max_errors: Errors = "1"
    """Failures after which the remaining hosts are left alone."""
    reboot: Literal["RebootIfNeeded", "NoReboot"] = "RebootIfNeeded"
    """Whether a host is restarted when a patch asks for it. Without, the patch takes effect at the next restart."""

    def mistakes(self) -> Iterator[Mistake]:
        """A window that closes before it opens, systems named twice."""
        yield from repeated("operatingSystems[{}]", list(self.operating_systems))
        if self.cutoff_hours >= self.duration_hours:
            yield Mistake(
                "cutoffHours",
                self.cutoff_hours,
                f"less than durationHours ({self.duration_hours})",
                "Lower cutoffHours or raise durationHours.",
            )


class Sessions(Section):
    """Shells opened through Session Manager, on either side."""

    idle_minutes: Annotated[int, Field(ge=1, le=60)] = 20
    """Minutes without input after which a session ends."""
    max_minutes: Annotated[int, Field(ge=1, le=1440)] = 480
    """Minutes after which a session ends in any case."""
    run_as_user: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_-]{0,31}$")] | None = None
    """Operating system user of a session; it must exist on every host. Omitted: ssm-user, which the agent creates."""

    def mistakes(self) -> Iterator[Mistake]:
        """Sessions that could never be idle for long enough."""
        if self.idle_minutes > self.max_minutes:
            allowed = f"idleMinutes ({self.idle_minutes}) or more"
            yield Mistake("maxMinutes", self.max_minutes, allowed, "Raise maxMinutes or lower idleMinutes.")


UUID = r"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"


class Slack(Section):
    """A channel of Slack, through Amazon Q Developer in chat applications (AWS Chatbot before)."""

    workspace_id: Annotated[str, Field(pattern=r"^T[0-9A-Z]{1,254}$", examples=["T07EA123LEP"])]
    """Id of the workspace. Somebody has to authorize it once in the console of Amazon Q Developer in chat applications."""
    channel_id: Annotated[str, Field(pattern=r"^[CG][0-9A-Z]{1,254}$", examples=["C07EZ1ABC23"])]
    """Id of the channel; into a private one `@Amazon Q` is invited."""


class Teams(Section):
    """A channel of Microsoft Teams, through Amazon Q Developer in chat applications."""

    tenant_id: Annotated[str, Field(pattern=UUID, examples=["87654321-90ab-cdef-1234-567890abcdef"])]
    """Id of the tenant."""
    team_id: Annotated[str, Field(pattern=UUID, examples=["12345678-90ab-cdef-1234-567890abcdef"])]
    """Id of the team. Somebody has to authorize it once in the console of Amazon Q Developer in chat applications, which shows
    both ids. One stack of the account for a team: the provider finds a channel by its team, and stops where there are two."""
    channel_id: Annotated[
        str,
        Field(
            pattern=r"^[a-zA-Z0-9_=+/.,-]*%3[aA][a-zA-Z0-9_=+/.,-]*%40[a-zA-Z0-9_=+/.,-]*$",
            max_length=255,
            examples=["19%3Ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2"],
        ),
    ]
    """Id of the channel: in the address that "Get link to channel" gives what stands after `channel/`, up to the next slash,
    with its %3A and %40 as they are."""


def _https(secret: SecretStr) -> SecretStr:
    address = secret.get_secret_value().removeprefix("https://")
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?([/?][!-~]*)?", address):
        raise ValueError("an address of HTTPS, such as https://events.pager.example/KEY, that names no user; correct it")
    return SecretStr(f"https://{address}")


class Alarms(Section):
    """Who hears of trouble, and where trouble begins."""

    emails: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$")]] = []
    """Addresses that get every alarm. AWS writes to each first and asks for consent. Omitted: alarms are seen on the dashboard
    and in OpsCenter only."""
    urls: list[Annotated[SecretStr, Field(max_length=2048), AfterValidator(_https)]] = Field(default=[], max_length=20)
    """HTTPS endpoints that get every alarm as SNS sends it, such as those of a pager. They must confirm the subscription as SNS
    asks them to. Secret, since whoever knows one can ring it; `https://` may be left out. Omitted: none."""
    slack: Slack | None = None
    """A channel of Slack that gets every alarm. Omitted: none."""
    teams: Teams | None = None
    """A channel of Microsoft Teams that gets every alarm. Omitted: none."""
    topic_arns: list[TopicArn] = Field(default=[], max_length=2)
    """SNS topics of your own, in the stack's region, that get every alarm too. Their policies have to let CloudWatch and
    EventBridge publish, and so have the policies of their keys. Omitted: none."""
    ops_items: bool = True
    """Whether an alarm opens an OpsItem in OpsCenter, where work on it is kept."""
    database_connections: Annotated[int, Field(ge=1, le=8_388_607)]
    """Connections to the database above which it is close to refusing more. RDS lets PostgreSQL have about 100 for each GiB of
    memory, up to 5,000. Default by size, or by database.instanceClass where that is set."""
    database_free_storage_percent: Annotated[int, Field(ge=1, le=50)] = 8
    """Free storage, in percent of database.storageGiB, below which there is an alarm. RDS grows the storage at 10 %, so that
    less means that it did not."""
    replica_lag_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    """Seconds that a read replica or the migration may be behind. RDS reports up to 300 for a replica while nothing is written:
    less rings where the database is idle at times."""
    response_seconds: Annotated[float, Field(gt=0, le=3600)] = 2.0
    """Seconds within which a workload gives nineteen of twenty answers."""
    host_percent: Annotated[int, Field(ge=50, le=99)] = 90
    """Memory or disk of a host, or reservation of the cluster, in percent, above which there is an alarm."""

    def mistakes(self) -> Iterator[Mistake]:
        """Addresses named twice."""
        yield from repeated("emails[{}]", self.emails)
        yield from repeated("topicArns[{}]", self.topic_arns)


class Traces(Section):
    """What X-Ray does with the traces of workloads, once `containers.tracing` is on."""

    per_second: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    """Requests a second, over all workloads, of which each is traced. The sampling rule binds workloads whose SDK asks X-Ray
    for it: those with OTEL_TRACES_SAMPLER=xray in their environment. Others trace every request unless told otherwise."""
    share: Annotated[float, Field(ge=0, le=1)] = 0.05
    """Part of the other requests that is traced, 0 to 1."""
    faults: Annotated[int, Field(ge=0, le=1_000_000)] = 5
    """Traces with a fault, in 5 minutes, above which there is an alarm."""


class Directory(Section):
    """An AD Connector: AWS asks the Active Directory on-premises. It comes up only where a circuit or the VPN reaches it."""

    name: Annotated[str, Field(pattern=r"^([a-zA-Z0-9]+[.-])+[a-zA-Z0-9]{2,}$", max_length=64, examples=["corp.example"])]
    """Fully qualified name of the domain."""
    short_name: Annotated[str, Field(pattern=r'^[^\\/:*?"<>|.]+[^\\/:*?"<>|]*$', max_length=15)] | None = None
    """Its NetBIOS name. Omitted: the first part of the name."""
    size: Literal["Small", "Large"] = "Small"
    """`Small` for up to about 500 users, `Large` for about 5,000."""
    dns_servers: list[Ipv4] = Field(min_length=1, max_length=2)
    """One or two domain controllers, by address. Changing them makes a new directory, with another id, which is refused while
    `protect` is true."""
    username: Annotated[str, Field(pattern=r"^[a-zA-Z0-9._-]+$", max_length=64)]
    """Service account with which the connector asks: it may read users and groups and join computers to the domain. It must
    serve no other connector. Of a connector that is there already, it and its password are changed in the console of Directory
    Service (Directory details, Service account credentials, Update); here they are for a
    new one."""
    password: Annotated[SecretStr, Field(min_length=1, max_length=128)]
    """Password of that account. An edit of it changes nothing of a connector that is there; see `username`."""

    def mistakes(self) -> Iterator[Mistake]:
        """Servers named twice."""
        yield from repeated("dnsServers[{}]", self.dns_servers)


class Management(Section):
    """One set of tools over both sides."""

    account_settings: Literal["create", "adopt"] = "create"
    """`create`: this stack sets what exists once per account and region, the tier of managed nodes, the preferences of Session
    Manager (the document `SSM-SessionManagerRunShell`, which must not be there yet), the types that AWS Backup covers, the
    sampling of traces. `adopt`: another stack of the account and region does, or people did."""
    advanced_tier: bool = True
    """Whether servers on-premises are advanced instances, which AWS charges by the hour: Session Manager on them, and more than
    1,000 of them, take it. False: the tier of the account is left as it is."""
    time_zone: TimeZone = "Etc/UTC"
    """Time zone of the schedules of patching and backup, and of the nights in which the database is maintained. Omitted: where
    the people of the region probably are."""
    log_retention_days: RetentionDays = 90
    """Days for which recorded sessions and the output of patching are kept."""
    patching: Patching = Patching()
    """When and how hosts are patched."""
    sessions: Sessions = Sessions()
    """Shells opened through Session Manager."""
    backup: Backup = Backup()
    """What is kept of everything tagged for it."""
    alarms: Alarms
    """Who hears of trouble, and where trouble begins."""
    traces: Traces = Traces()
    """What X-Ray does with traces."""
    directory: Directory | None = None
    """An AD Connector. Omitted: none."""


def directory_on_premises(management: Management, on_premises: OnPremises) -> Iterator[Mistake]:
    """A rule across sections: domain controllers outside the data centre, which have no route. Keys are seen from the root."""
    if management.directory is None:
        return
    for position, server in enumerate(management.directory.dns_servers):
        if not contained(server, on_premises.cidrs):
            yield Mistake(
                f"management.directory.dnsServers[{position}]",
                server,
                f"an address within onPremises.cidrs, {', '.join(on_premises.cidrs)}: others have no route",
                "Correct the address, or add its network to onPremises.cidrs.",
            )


def topics_of_the_region(management: Management, region: str) -> Iterator[Mistake]:
    """A rule across sections: an alarm tells topics of its own region only. Keys are seen from the root."""
    for position, arn in enumerate(management.alarms.topic_arns):
        if arn.split(":")[3] != region:
            yield Mistake(
                f"management.alarms.topicArns[{position}]",
                arn,
                f"the ARN of a topic in {region}: alarms tell topics of their own region only",
                f"Make the topic in {region}, or remove it.",
            )
