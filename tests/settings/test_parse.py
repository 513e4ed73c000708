"""What a stack file may say, and what a person is told about one that says something else."""

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.settings import SettingsError, parse
from components.settings.cross import RULES
from components.settings.errors import shown
from components.settings.parse import merged
from components.settings.root import PARTS, Settings
from components.settings.sizes import SIZES

REGION = "ap-northeast-2"
VALID: dict[str, Any] = {
    "network": {"cidr": "10.20.0.0/16", "zones": ["ap-northeast-2a", "ap-northeast-2c"]},
    "onPremises": {"cidrs": ["10.0.0.0/16", "192.168.0.0/16"]},
}
"""The shortest stack file there is."""
WEB = {"name": "web", "image": "nginx:1.27"}
SOURCE = {"name": "erp", "host": "db.corp.example", "database": "erp", "username": "dms", "password": "Hunter2Hunter2"}
CIRCUIT = {"name": "one", "location": "LGU57", "bandwidth": "1Gbps"}
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"


def told(raw: dict[str, Any], region: Any = REGION) -> list[tuple[str, str, str, str]]:
    """Key, value, what is allowed and what to do, of each mistake in the order in which they are printed."""
    with pytest.raises(SettingsError) as error:
        parse(raw, region)
    for mistake in error.value.mistakes:
        assert mistake.key in str(error.value)
    return [(mistake.key, shown(mistake.value), mistake.allowed, mistake.fix) for mistake in error.value.mistakes]


def with_(**sections: Any) -> dict[str, Any]:
    """The shortest stack file and more: mappings are merged, anything else is replaced."""
    return merged(copy.deepcopy(VALID), sections)


WINDOWS = {"backupWindow": "17:00-18:00", "maintenanceWindow": "sun:18:30-sun:19:30"}
MISTAKES: dict[str, tuple[dict[str, Any], list[tuple[str, str, str, str]]]] = {
    "a key without which the section cannot be": (
        with_(migration={"sources": [{key: value for key, value in SOURCE.items() if key != "database"}]}),
        [
            (
                "hybridge:migration.sources[0].database",
                "(not set)",
                "up to 63 letters, digits, underscores and $, no digit first, such as orders",
                "Add database: the database on that server.",
            )
        ],
    ),
    "a misspelt key": (
        with_(network={"natGatways": "Single"}),
        [
            (
                "hybridge:network.natGatways",
                "(unknown key)",
                "one of amazonAsn, cidr, "
                "dnsLogRetentionDays, endpoints, flowLogRetentionDays, hub, natGateways, otherNetworks, "
                "privateZone, readableBuckets, resolverAddresses, transitGateway, trustedAccounts, writableBuckets, zones",
                "Did you mean natGateways?",
            )
        ],
    ),
    "a key in Python's spelling": (
        with_(storage={"efs": {"ia_days": 7}}),
        [
            (
                "hybridge:storage.efs.ia_days",
                "(unknown key)",
                "one of archiveDays, enabled, groupId, iaDays, onPremises, ownerId",
                "Did you mean iaDays?",
            )
        ],
    ),
    "a key like no other": (
        with_(storage={"efs": {"zzz": 1}}),
        [
            (
                "hybridge:storage.efs.zzz",
                "(unknown key)",
                "one of archiveDays, enabled, groupId, iaDays, onPremises, ownerId",
                "Remove it.",
            )
        ],
    ),
    "a misspelt section": (
        with_(netwrok={"cidr": "10.0.0.0/16"}),
        [
            (
                "hybridge:netwrok",
                "(unknown key)",
                "one of "
                + ", ".join(sorted({field.alias or name for name, field in Settings.model_fields.items()} - {"region"})),
                "Did you mean network?",
            )
        ],
    ),
    "a number out of range": (
        with_(database={"storageGiB": 10, "maxStorageGiB": 100}),
        [
            (
                "hybridge:database.storageGiB",
                "10",
                "a whole number from 20 to 65536",
                "Change storageGiB. Meaning: storage to begin with, in GiB.",
            )
        ],
    ),
    "a number out of range that has a default": (
        with_(containers={"targetCapacityPercent": 0}),
        [
            (
                "hybridge:containers.targetCapacityPercent",
                "0",
                "a whole number from 1 to 100",
                "Change targetCapacityPercent, or leave it out, which stands for 90. Meaning: how full managed scaling keeps "
                "the hosts, in percent.",
            )
        ],
    ),
    "text for a number": (
        with_(containers={"minInstances": "two"}),
        [("hybridge:containers.minInstances", '"two"', "a whole number from 1 to 1000", "Write a number.")],
    ),
    "half a number for a whole one": (
        with_(containers={"minInstances": 2.5}),
        [("hybridge:containers.minInstances", "2.5", "a whole number from 1 to 1000", "Write a whole number.")],
    ),
    "true for a number": (
        with_(containers={"minInstances": True}),
        [("hybridge:containers.minInstances", "true", "a whole number from 1 to 1000", "Write a number.")],
    ),
    "a number for text": (
        with_(database={"engineVersion": 17}),
        [
            (
                "hybridge:database.engineVersion",
                "17",
                "a version of PostgreSQL from 14 to 18, in quotes, such as 17",
                "Put it in quotes, so that YAML takes it for text.",
            )
        ],
    ),
    "a number for a switch": (
        with_(database={"multiAz": 2}),
        [("hybridge:database.multiAz", "2", "true or false", "Write true or false, without quotes.")],
    ),
    "a list for text": (
        with_(network={"privateZone": ["aws.corp.example"]}),
        [("hybridge:network.privateZone", "a list of 1", "text, such as corp.example", "Write a single value.")],
    ),
    "text for a list": (
        with_(network={"zones": "ap-northeast-2a"}),
        [
            (
                "hybridge:network.zones",
                '"ap-northeast-2a"',
                "a list of 2 to 3 items, each an availability zone, its region and a letter, such as ap-northeast-2a",
                "Write a list: one item a line, each after a dash.",
            )
        ],
    ),
    "a list for a mapping": (
        with_(database={"readReplicas": [2]}),
        [
            (
                "hybridge:database.readReplicas",
                "a list of 1",
                "a mapping with the keys count, instanceClass",
                "Write a mapping: one `key: value` a line, indented below it.",
            )
        ],
    ),
    "text for a section": (
        with_(storage="much"),
        [
            (
                "hybridge:storage",
                '"much"',
                "a mapping with the keys bucketName, hotDays, tierClass, archiveDays, archiveClass, noncurrentDays, "
                "abortUploadDays, accessLogRetentionDays, objectLock, mountPath, awsWrites, fileGateway, fileGateways, efs",
                "Write a mapping: one `key: value` a line, indented below it.",
            )
        ],
    ),
    "a mapping for the list of workloads": (
        with_(workloads={"web": {}}),
        [
            (
                "hybridge:workloads",
                "a mapping with the keys web",
                "a list",
                "Write a list: each item after a dash, its keys indented below it.",
            )
        ],
    ),
    "a key without a value": (
        with_(database={"storageType": None}),
        [("hybridge:database.storageType", "(not set)", "gp3 or io2", "Give storageType a value, or remove the line.")],
    ),
    "a secret that nobody has set yet": (
        with_(management={"directory": {"name": "corp.example", "username": "aws-connector", "dnsServers": ["10.0.0.53"]}}),
        [
            (
                "hybridge:management.directory.password",
                "(not set)",
                "secret text of 1 to 128 characters",
                "Add password with `pulumi config set --secret --path`: password of that account.",
            )
        ],
    ),
    "a choice in another case": (
        with_(network={"hub": "vpngateway"}),
        [("hybridge:network.hub", '"vpngateway"', "vpnGateway or transitGateway", "Did you mean vpnGateway?")],
    ),
    "a choice that is none": (
        with_(network={"natGateways": "Two"}),
        [
            (
                "hybridge:network.natGateways",
                '"Two"',
                "one of OnePerAz, Single, None",
                "Change natGateways, or leave it out, which stands for OnePerAz. Meaning: the way from private subnets to the "
                "internet: a NAT gateway in every zone, a single one in the first, or none, in which case images of Docker Hub "
                "cannot be pulled.",
            )
        ],
    ),
    "a choice of numbers in quotes": (
        with_(storage={"efs": {"iaDays": "7"}}),
        [("hybridge:storage.efs.iaDays", '"7"', "one of 1, 7, 14, 30, 60, 90, 180, 270, 365", "Write it without quotes.")],
    ),
    "a number that is neither of two kinds": (
        with_(storage={"fileGateway": {"cacheRefreshSeconds": 5}}),
        [
            (
                "hybridge:storage.fileGateway.cacheRefreshSeconds",
                "5",
                "0 or a whole number from 300 to 2592000",
                "Change cacheRefreshSeconds, or leave it out, which stands for 300. Meaning: seconds after which the listing "
                "of a folder is fetched from the bucket again when somebody looks into it.",
            )
        ],
    ),
    "text in the wrong form": (
        with_(workloads=[{**WEB, "name": "Web Shop"}]),
        [
            (
                "hybridge:workloads[0].name",
                '"Web Shop"',
                "small letters, digits and dashes, a letter first, no dash last; at most 20 characters, such as orders",
                "Change name. Meaning: what it is called everywhere: letters, digits and hyphens, at most 20.",
            )
        ],
    ),
    "an image without a version": (
        with_(workloads=[{**WEB, "image": "nginx"}]),
        [
            (
                "hybridge:workloads[0].image",
                '"nginx"',
                "an image with its tag or digest: name:tag, registry/name:tag, or ecr:name:tag of the own registry; "
                "at most 512 characters, such as nginx:1.27.2",
                "Change image. Meaning: image with a tag or digest: of Docker Hub (`nginx:1.27`), of any registry by host, or "
                "`ecr:name:tag` of one of `containers.repositories`.",
            )
        ],
    ),
    "a list that is too short": (
        with_(network={"zones": ["ap-northeast-2a"]}),
        [
            (
                "hybridge:network.zones",
                "a list of 1",
                "a list of 2 to 3 items, each an availability zone, its region and a letter, such as ap-northeast-2a",
                "Change zones. Meaning: two or three availability zones of the region.",
            )
        ],
    ),
    "a value that only code can judge": (
        with_(network={"cidr": "10.20.1.0/16"}),
        [("hybridge:network.cidr", '"10.20.1.0/16"', "a network without host bits", "Did you mean 10.20.0.0/16?")],
    ),
    "a name in a mapping": (
        with_(workloads=[{**WEB, "environment": {"1ST": "x"}}]),
        [
            (
                "hybridge:workloads[0].environment.1ST",
                'the name "1ST"',
                "letters, digits, dots, dashes and underscores, no digit first, such as LOG_LEVEL",
                "Rename it.",
            )
        ],
    ),
    "a value in a mapping": (
        with_(workloads=[{**WEB, "environment": {"PORT": 80}}]),
        [
            (
                "hybridge:workloads[0].environment.PORT",
                "80",
                "text",
                "Put it in quotes, so that YAML takes it for text.",
            )
        ],
    ),
    "a secret that is too short": (
        with_(directConnect={"connections": [{**CIRCUIT, "bgpKey": "abc"}]}),
        [
            (
                "hybridge:directConnect.connections[0].bgpKey",
                "(secret, not shown)",
                "secret text of 6 to 80 characters",
                "Change bgpKey, or leave it out. Meaning: MD5 key of the BGP session, 6 to 80 characters.",
            )
        ],
    ),
    "a number for a secret": (
        with_(migration={"sources": [{**SOURCE, "password": 12345678}]}),
        [
            (
                "hybridge:migration.sources[0].password",
                "(secret, not shown)",
                "secret text of 1 to 128 characters",
                "Put it in quotes, so that YAML takes it for text.",
            )
        ],
    ),
    "a tag that AWS keeps for itself": (
        with_(tags={"aws:owner": "me"}),
        [
            (
                "hybridge:tags",
                "a mapping with the keys aws:owner",
                "keys that do not begin with aws:, which AWS keeps for itself",
                "Rename 'aws:owner'.",
            )
        ],
    ),
    "a tag that every resource has": (
        with_(tags={"name": "me"}),
        [
            (
                "hybridge:tags",
                "a mapping with the keys name",
                "keys other than Name, which every resource already has",
                "Remove 'name'.",
            )
        ],
    ),
    "tags that IAM cannot tell apart": (
        with_(tags={"Owner": "a", "owner": "b"}),
        [
            (
                "hybridge:tags",
                "a mapping with the keys Owner, owner",
                "keys that differ in more than case",
                "Remove 'owner' or 'Owner'.",
            )
        ],
    ),
    "a tag with a character that AWS refuses": (
        with_(tags={"Owner": "a;b"}),
        [
            (
                "hybridge:tags",
                "a mapping with the keys Owner",
                "values of up to 256 letters, digits, spaces and _.:/=+@-",
                "Change the value of 'Owner'.",
            )
        ],
    ),
    "a replica without backups": (
        with_(database={"backupRetentionDays": 0, "readReplicas": {"count": 1}}),
        [
            (
                "hybridge:database.readReplicas.count",
                "1",
                "0 while backupRetentionDays is 0",
                "Set backupRetentionDays to 1 or more: RDS makes a replica from a backup.",
            )
        ],
    ),
    "an illegal tiering": (
        with_(storage={"tierClass": "STANDARD_IA"}),
        [
            (
                "hybridge:storage.hotDays",
                "7, which is the default",
                "30 or more with tierClass STANDARD_IA",
                "Raise hotDays, or set tierClass to INTELLIGENT_TIERING, which takes files at any age.",
            )
        ],
    ),
    "networks that overlap": (
        with_(onPremises={"cidrs": ["10.0.0.0/8"]}),
        [
            (
                "hybridge:onPremises.cidrs[0]",
                '"10.0.0.0/8"',
                "a network apart from network.cidr, 10.20.0.0/16: addresses in both could not be reached",
                "Change network.cidr to a block that on-premises does not use, "
                "or list the parts of 10.0.0.0/8 that are in use there.",
            )
        ],
    ),
    "networks that overlap behind a transit gateway, with nothing said of Direct Connect": (
        with_(onPremises={"cidrs": ["10.20.0.0/16"]}, network={"hub": "transitGateway"}),
        [
            (
                "hybridge:onPremises.cidrs[0]",
                '"10.20.0.0/16"',
                "a network apart from network.cidr, 10.20.0.0/16: addresses in both could not be reached",
                "Change network.cidr to a block that on-premises does not use.",
            )
        ],
    ),
    "clients of the VPN in a network that exists": (
        with_(clientVpn={"cidr": "10.20.128.0/22"}),
        [
            (
                "hybridge:clientVpn.cidr",
                '"10.20.128.0/22"',
                "a network apart from network.cidr, 10.20.0.0/16",
                "Choose a block that nothing else uses.",
            )
        ],
    ),
    "a zone of another region": (
        with_(network={"zones": ["ap-northeast-2a", "us-east-1b"]}),
        [
            (
                "hybridge:network.zones[1]",
                '"us-east-1b"',
                "a zone of the region ap-northeast-2, such as ap-northeast-2a",
                "Name a zone of the region, or change aws:region.",
            )
        ],
    ),
    "a certificate of another region": (
        with_(containers={"certificateArn": CERTIFICATE}),
        [
            (
                "hybridge:containers.certificateArn",
                f'"{CERTIFICATE}"',
                "the ARN of a certificate in ap-northeast-2",
                "Request or import the certificate in ap-northeast-2 and give its ARN.",
            )
        ],
    ),
    "prefixes that filter the VPC out": (
        with_(directConnect={"allowedPrefixes": ["10.20.0.0/24"], "connections": [CIRCUIT]}),
        [
            (
                "hybridge:directConnect.allowedPrefixes",
                '["10.20.0.0/24"]',
                "a list with one network that equals or contains network.cidr, 10.20.0.0/16: narrower ones filter the VPC out",
                "Add 10.20.0.0/16 to allowedPrefixes, or leave the key out.",
            )
        ],
    ),
    "files of an EFS that does not exist": (
        with_(workloads=[{**WEB, "files": [{"path": "/data", "source": "efs"}]}]),
        [
            (
                "hybridge:workloads[0].files[0].source",
                '"efs"',
                "shared, as storage.efs is not enabled",
                "Enable storage.efs, or take the files from shared.",
            )
        ],
    ),
    "what ECS refuses on-premises": (
        with_(
            workloads=[
                {
                    **WEB,
                    "ports": [{"containerPort": 80, "hostPort": 8080}],
                    "placement": "onPremises",
                    "scaling": {"minReplicas": 1, "maxReplicas": 2, "cpuPercent": 50},
                }
            ]
        ),
        [
            (
                "hybridge:workloads[0].scaling",
                '{"minReplicas": 1, "maxReplicas": 2, "cpuPercent": 50}',
                "nothing with placement onPremises: ECS does not scale services on-premises",
                "Remove scaling, or place the workload on aws or both.",
            )
        ],
    ),
    "a repository that is not made": (
        with_(workloads=[{**WEB, "image": "ecr:shop:1"}]),
        [
            (
                "hybridge:workloads[0].image",
                '"ecr:shop:1"',
                "a repository of containers.repositories after ecr: (none)",
                "Add the repository there, or correct the name.",
            )
        ],
    ),
    "two workloads of one name": (
        with_(workloads=[WEB, WEB]),
        [
            (
                "hybridge:workloads[1].name",
                '"web"',
                "a name of its own; workloads[0] has this one",
                "Rename one of the two.",
            )
        ],
    ),
    "an image that hosts cannot reach": (
        with_(network={"natGateways": "None"}, workloads=[WEB]),
        [
            (
                "hybridge:workloads[0].image",
                '"nginx:1.27"',
                "an image of Amazon ECR while network.natGateways is None: no other registry can be reached",
                "Keep the image in one of containers.repositories (ecr:name:tag), or set network.natGateways to Single.",
            )
        ],
    ),
    "a migration without sources": (
        with_(migration={"stage": "prepare"}),
        [
            (
                "hybridge:migration.sources",
                "[]",
                "at least one source while stage is prepare",
                "Describe the databases to migrate, or set stage to off.",
            )
        ],
    ),
    "a source that is not on-premises": (
        with_(migration={"sources": [{**SOURCE, "host": "10.9.9.9"}]}),
        [
            (
                "hybridge:migration.sources[0].host",
                '"10.9.9.9"',
                "an address in onPremises.cidrs: 10.0.0.0/16, 192.168.0.0/16",
                "Correct the address, or add its network to onPremises.cidrs.",
            )
        ],
    ),
    "a backup in the window of the database": (
        with_(management={"timeZone": "Etc/UTC", "backup": {"startHour": 17}}, database=WINDOWS),
        [
            (
                "hybridge:management.backup.startHour",
                "17",
                "an hour that is two hours or more ahead of the windows of the database, or after them; in UTC they are "
                "17:00-18:00 (backupWindow) and sun:18:30-sun:19:30 (maintenanceWindow)",
                "Take one of the hours 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23. 17:00 in "
                "Etc/UTC is 17:00 in UTC.",
            )
        ],
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_with_its_key_its_value_what_is_allowed_and_what_to_do(case: str) -> None:
    raw, expected = MISTAKES[case]
    assert told(raw) == expected


@pytest.mark.parametrize("size", SIZES)
def test_every_size_makes_every_section_of_the_shortest_file(size: str) -> None:
    settings = parse({**VALID, "size": size}, REGION)
    assert settings.size == size
    assert [type(getattr(settings, name)).__name__ for name, part in PARTS.items() if not part.listed] == [
        part.model.__name__ for part in PARTS.values() if not part.listed
    ]
    assert settings.containers.instance_type == SIZES[size]["containers"]["instanceType"]


def test_a_key_that_is_set_wins_over_the_size_and_its_neighbours_stay() -> None:
    settings = parse(with_(size="medium", database={"storageGiB": 500}, management={"alarms": {"hostPercent": 80}}), REGION)
    assert (settings.database.storage_gib, settings.database.instance_class) == (500, "db.m6g.xlarge")
    assert (settings.management.alarms.host_percent, settings.management.alarms.database_connections) == (80, 1400)


def test_null_undoes_what_the_size_switches_on() -> None:
    assert parse(with_(size="medium"), REGION).management.backup.restore_testing is not None
    assert (
        parse(with_(size="medium", management={"backup": {"restoreTesting": None}}), REGION).management.backup.restore_testing
        is None
    )


def test_a_list_replaces_the_default_as_a_whole() -> None:
    assert merged({"a": [1, 2], "b": {"c": 1, "d": 2}}, {"a": [3], "b": {"c": 4}}) == {"a": [3], "b": {"c": 4, "d": 2}}


@pytest.mark.parametrize("empty", [None, "", {}])
def test_a_section_without_a_value_is_one_that_is_left_out(empty: Any) -> None:
    assert parse(with_() | {"storage": empty, "workloads": empty or None}, REGION) == parse(VALID, REGION)


def test_numbers_and_switches_that_arrive_as_text_are_understood() -> None:
    settings = parse(with_(containers={"minInstances": "3"}, database={"multiAz": "true"}, protect="false"), REGION)
    assert (settings.containers.min_instances, settings.database.multi_az, settings.protect) == (3, True, False)


@pytest.mark.parametrize("region", [None, "", "ap-northeast-9", "cn-north-1", 5])
def test_the_region_is_one_of_the_regions_of_aws(region: Any) -> None:
    [(key, value, allowed, fix)] = told(VALID, region)
    assert key == "aws:region"
    assert value == ("(not set)" if not region else shown(region))
    assert allowed.startswith("one of af-south-1, ap-east-1, ")
    assert "cn-north-1" not in allowed
    near = {"ap-northeast-9": "Did you mean ap-northeast-3?"}
    assert fix == near.get(region, "Set aws:region to the region that this stack is deployed to.")


def test_a_wrong_size_hides_nothing_else() -> None:
    raw = with_(size="huge", database={"storageGiB": 10}, workloads=[{"name": "web"}])
    assert [key for key, *_ in told(raw, "nowhere")] == [
        "aws:region",
        "hybridge:database.storageGiB",
        "hybridge:size",
        "hybridge:workloads[0].image",
    ]


def test_what_does_not_parse_hides_no_rule_that_needs_only_the_rest() -> None:
    """Unknown keys and wrong values next to what the rules look at, in the very sections and groups that they look at."""
    raw = with_(
        network={"zones": ["us-east-1a", "us-east-1b"], "natGatways": "Single", "amazonAsn": "many"},
        onPremises={"cidrs": ["10.0.0.0/8"], "routers": [{"name": "one", "publicIp": "10.1.1.1", "asn": 64512}, "two"]},
        directConnect={"connections": [{"name": "one", "bandwidth": "1Tbps"}, {**CIRCUIT, "vlan": 0}]},
        storage={"tierClass": "STANDARD_IA", "archiveDays": "a year", "efs": {"iaDays": 90, "archiveDays": 30, "owner": 1}},
        database={"backupRetentionDays": 0, "readReplicas": {"count": 1, "size": "large"}},
        migration={"stage": "replicate", "sources": [], "lobs": {"mode": "some"}},
        workloads=[{**WEB, "cpu": "much", "name": "database"}, {**WEB, "ports": [80, 80], "memory": "much"}],
    )
    assert [key.removeprefix("hybridge:") for key, *_ in told(raw)] == [
        "database.readReplicas.count",
        "database.readReplicas.size",
        "directConnect.connections[0].bandwidth",
        "directConnect.connections[0].location",
        "directConnect.connections[1].name",
        "directConnect.connections[1].vlan",
        "migration.lobs.mode",
        "migration.sources",
        "network.amazonAsn",
        "network.natGatways",
        "network.zones[0]",
        "network.zones[1]",
        "onPremises.cidrs[0]",
        "onPremises.routers[0].publicIp",
        "onPremises.routers[1]",
        "storage.archiveDays",
        "storage.efs.archiveDays",
        "storage.efs.owner",
        "storage.hotDays",
        "workloads[0].cpu",
        "workloads[0].name",
        "workloads[1].memory",
        "workloads[1].ports[1].containerPort",
    ]


def test_a_rule_says_nothing_about_a_value_that_did_not_parse() -> None:
    """archiveDays of a year, its default, would be too early after 400 days, but it is not what was meant."""
    assert [key for key, *_ in told(with_(storage={"hotDays": 400, "archiveDays": "two years"}))] == [
        "hybridge:storage.archiveDays"
    ]
    assert [key for key, *_ in told(with_(size="huge", database={"maxStorageGiB": 40}))] == ["hybridge:size"]


def test_a_broken_section_hides_neither_the_rules_of_others_nor_those_between_others() -> None:
    raw = with_(
        containers={"minInstances": 0},
        onPremises={"cidrs": ["10.0.0.0/8"]},
        storage={"tierClass": "ONEZONE_IA"},
        workloads=[{**WEB, "name": "database"}, {"name": "x"}, {**WEB, "ports": [80, 80]}],
    )
    assert [key for key, *_ in told(raw)] == [
        "hybridge:containers.minInstances",
        "hybridge:onPremises.cidrs[0]",
        "hybridge:storage.hotDays",
        "hybridge:workloads[0].name",
        "hybridge:workloads[1].image",
        "hybridge:workloads[2].ports[1].containerPort",
    ]


def test_the_text_tells_all_of_it_in_the_order_of_the_keys() -> None:
    raw = with_(
        network={"hub": "vpngateway", "zones": ["ap-northeast-2a"]},
        workloads=[
            *({**WEB, "name": f"w{position}"} for position in range(10)),
            {**WEB, "cpu": 1},
            {"name": "api", "cpu": "x"},
        ],
    )
    with pytest.raises(SettingsError) as error:
        parse(raw, REGION, stack="prod")
    assert str(error.value) == (
        """\
Pulumi.prod.yaml has 5 mistakes; nothing was created.

hybridge:network.hub
  value    "vpngateway"
  allowed  vpnGateway or transitGateway
  fix      Did you mean vpnGateway?

hybridge:network.zones
  value    a list of 1
  allowed  a list of 2 to 3 items, each an availability zone, its region and a
           letter, such as ap-northeast-2a
  fix      Change zones. Meaning: two or three availability zones of the
           region.

hybridge:workloads[10].cpu  (web)
  value    1
  allowed  a whole number from 2 to 196608
  fix      Change cpu, or leave it out, which stands for 256. Meaning: CPU
           units reserved for each copy, 1,024 to a vCPU.

hybridge:workloads[11].cpu  (api)
  value    "x"
  allowed  a whole number from 2 to 196608
  fix      Write a number.

hybridge:workloads[11].image  (api)
  value    (not set)
  allowed  an image with its tag or digest: name:tag, registry/name:tag, or
           ecr:name:tag of the own registry; at most 512 characters, such as
           nginx:1.27.2
  fix      Add image: image with a tag or digest: of Docker Hub (`nginx:1.27`),
           of any registry by host, or `ecr:name:tag` of one of
           `containers.repositories`.

Correct Pulumi.prod.yaml and run again; docs/configuration.md has every key."""
    )


def test_positions_in_lists_are_sorted_as_numbers() -> None:
    raw = with_(workloads=[{**WEB, "name": f"w{position}", "cpu": 1} for position in range(11)])
    assert [key for key, *_ in told(raw)] == [f"hybridge:workloads[{position}].cpu" for position in range(11)]


SECRET_PLACES: dict[str, dict[str, Any]] = {
    "too short": with_(directConnect={"connections": [{**CIRCUIT, "bgpKey": "s3cr"}]}),
    "under a misspelt key": with_(migration={"sources": [{**SOURCE, "pasword": "s3cret-value"}]}),
    "in a list that should be a mapping": with_(containers={"pullThroughCache": [{"accessToken": "s3cret-value"}]}),
    "in a mapping that should be a list": with_(migration={"sources": {**SOURCE, "password": "s3cret-value"}}),
    "in a mapping that should be text": with_(migration={"sources": [{**SOURCE, "password": {"secure": "s3cret-value"}}]}),
    "with a character that DMS refuses": with_(migration={"sources": [{**SOURCE, "password": "s3cret;value"}]}),
    "in a section that does not exist": with_(migrations={"password": "s3cret-value"}),
    "with a character that Storage Gateway refuses": with_(
        storage={"fileGateway": {"nfs": {"prefix": "a/"}, "smb": {"guestPassword": "s3cret-välue"}}}
    ),
}


@pytest.mark.parametrize("place", SECRET_PLACES)
def test_a_secret_is_never_shown(place: str) -> None:
    with pytest.raises(SettingsError) as error:
        parse(SECRET_PLACES[place], REGION)
    assert "s3cr" not in str(error.value)


def test_what_is_printed_can_neither_steer_a_terminal_nor_fill_it() -> None:
    raw = with_(network={"hub": "\x1b[2J" + "x" * 500, "\x1b]0;": 1, "privateZone": "\ud800"}, tags={"\n": "x"})
    with pytest.raises(SettingsError) as error:
        parse(raw, REGION)
    text = str(error.value)
    assert "\x1b" not in text
    text = " ".join(text.split())
    assert r'"\u001b[2J' + "x" * 110 + "... (511 characters)" in text
    assert max(map(len, str(error.value).splitlines())) < 200
    text.encode()


def test_the_rules_across_sections_take_attributes_of_the_settings() -> None:
    for rule in RULES:
        code = rule.__code__
        assert set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]) <= set(Settings.model_fields), rule


def test_no_rule_across_sections_is_forgotten() -> None:
    """Whatever yields mistakes is used by another section or by `cross`, and whatever `cross` has is among its rules."""
    folder = Path(__file__).parents[2] / "components" / "settings"
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    ruled = {(rule.__module__.rsplit(".", 1)[-1], rule.__name__) for rule in RULES}
    assert {("cross", name) for name in _yielding_mistakes(sources["cross"])} <= ruled
    for module, source in sources.items():
        for name in _yielding_mistakes(source) if module != "cross" else ():
            used = rf"\b_?{module}\.{name}\b|\bimport [^\n]*\b{name}\b|^    {name},$"
            assert (module, name) in ruled or any(
                re.search(used, text, re.MULTILINE) for other, text in sources.items() if other != module
            ), f"{module}.py: nobody calls {name}"


def _yielding_mistakes(source: str) -> Iterator[str]:
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.FunctionDef)
            and not node.name.startswith("_")
            and ast.unparse(node.returns or node) == "Iterator[Mistake]"
        ):
            yield node.name
