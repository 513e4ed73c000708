"""Each kind of fault, planted by itself into a sound stack, is found by its policy, at its resource, and nothing else is."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.policies.judge import Judge, judge, with_dependencies
from tests.policies.sound import (
    ACCOUNT,
    CONTAINER,
    PASSWORD,
    REGION,
    TAGS,
    Resources,
    allow,
    changed,
    resource,
    sound,
)

Plant = Callable[[Resources], None]


def alter(name: str, /, **values: Any) -> Plant:
    def plant(resources: Resources) -> None:
        resources[name] = changed(resources[name], **values)

    return plant


def remove(name: str) -> Plant:
    def plant(resources: Resources) -> None:
        del resources[name]

    return plant


def add(type_: str, name: str, /, **inputs: Any) -> Plant:
    def plant(resources: Resources) -> None:
        # The stack itself comes last.
        stack = resources.popitem()[1]
        resources[name] = resource(type_, name, **inputs)
        resources[stack.name] = stack

    return plant


def unprotect(name: str) -> Plant:
    def plant(resources: Resources) -> None:
        old = resources[name]
        resources[name] = type(old)(old.type, old.name, old.urn, old.inputs, old.outputs, old.parent, old.depends_on, False)

    return plant


def environment(**variables: str) -> Plant:
    pairs = [{"name": name, "value": value} for name, value in variables.items()]
    return alter("orders", containerDefinitions=json.dumps([{**CONTAINER, "environment": pairs}]))


def by_list(entries: list[dict[str, str]]) -> Plant:
    """A rule that admits a prefix list, and the list."""

    def plant(resources: Resources) -> None:
        add("aws:ec2/managedPrefixList:ManagedPrefixList", "list", entries=entries)(resources)
        add(INGRESS_RULE, "from-list", prefixListId="list-id", ipProtocol="-1")(resources)

    return plant


ONE_ZONE = ["private-2a-id"]
OPEN = "0.0.0.0/0"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

EVERYWHERE: list[tuple[str, str, Plant]] = [
    ("no-internet-ingress", "from-vpc", alter("from-vpc", cidrIpv4=OPEN)),
    ("no-internet-ingress", "from-vpc", alter("from-vpc", cidrIpv4="8.8.8.0/24")),
    ("no-internet-ingress", "from-vpc", alter("from-vpc", cidrIpv4="10.0.0.0/7")),
    ("no-internet-ingress", "from-vpc", alter("from-vpc", cidrIpv4=None, cidrIpv6="::/0")),
    ("no-internet-ingress", "old", add(RULE, "old", taggable=False, type="ingress", cidrBlocks=["10.0.0.0/8", OPEN])),
    (
        "no-internet-ingress",
        "inline",
        add("aws:ec2/securityGroup:SecurityGroup", "inline", ingress=[{"cidrBlocks": [OPEN], "protocol": "-1"}]),
    ),
    ("no-internet-ingress", "default", alter("default", ingress=[{"protocol": "-1", "self": True}])),
    ("no-internet-ingress", "default", alter("default", egress=[{"protocol": "-1", "cidrBlocks": [OPEN]}])),
    ("no-internet-by-prefix-list", "from-vpc", alter("from-vpc", cidrIpv4=None, prefixListId="pl-of-somebody")),
    ("no-internet-by-prefix-list", "from-list", by_list([{"cidr": "10.0.0.0/16"}, {"cidr": OPEN}])),
    ("no-public-endpoints", "balancer", alter("balancer", internal=False)),
    ("no-public-endpoints", "balancer", alter("balancer", internal=None)),
    ("no-public-endpoints", "database", alter("database", publiclyAccessible=True)),
    ("no-public-endpoints", "dms", alter("dms", publiclyAccessible=True)),
    ("no-public-endpoints", "hosts", alter("hosts", networkInterfaces=[{"associatePublicIpAddress": "true"}])),
    (
        "no-public-endpoints",
        "orders-service",
        alter("orders-service", networkConfiguration={"assignPublicIp": True, "subnets": ["private-2a-id", "private-2b-id"]}),
    ),
    ("no-public-endpoints", "private-2a", alter("private-2a", mapPublicIpOnLaunch=True)),
    ("no-public-endpoints", "zone", alter("zone", vpcs=[])),
    ("no-public-endpoints", "url", add("aws:lambda/functionUrl:FunctionUrl", "url", taggable=False, authorizationType="NONE")),
    ("no-public-endpoints", "cdn", add("aws:cloudfront/distribution:Distribution", "cdn", enabled=True)),
    ("public-addresses-are-for-nat", "spare", add("aws:ec2/eip:Eip", "spare", domain="vpc")),
    ("buckets-are-private", "files", remove("files-block")),
    ("buckets-are-private", "logs", alter("logs-block", restrictPublicBuckets=False)),
    ("private-subnets", "group", alter("group", vpcZoneIdentifiers=["private-2a-id", "public-2b-id"])),
    ("private-subnets", "balancer", alter("balancer", subnets=["public-2a-id", "public-2b-id"])),
    ("private-subnets", "database-subnets", alter("database-subnets", subnetIds=["private-2a-id", "private-2b-id"])),
    ("private-subnets", "dms-subnets", alter("dms-subnets", subnetIds=["public-2a-id", "private-2b-id"])),
    (
        "private-subnets",
        "orders-service",
        alter("orders-service", networkConfiguration={"subnets": ["private-2a-id", "private-2b-id", "subnet-of-somebody"]}),
    ),
    (
        "private-subnets",
        "bastion",
        add(
            "aws:ec2/instance:Instance",
            "bastion",
            subnetId="public-2a-id",
            metadataOptions={"httpTokens": "required"},
            rootBlockDevice={"encrypted": True},
        ),
    ),
    ("encrypted-at-rest", "database", alter("database", storageEncrypted=False)),
    ("encrypted-at-rest", "replica", alter("replica", storageEncrypted=None)),
    ("encrypted-at-rest", "efs", alter("efs", encrypted=False)),
    (
        "encrypted-at-rest",
        "hosts",
        alter("hosts", blockDeviceMappings=[{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 30}}]),
    ),
    ("encrypted-at-rest", "topic", alter("topic", kmsMasterKeyId=None)),
    ("encrypted-at-rest", "share", alter("share", kmsEncrypted=None)),
    ("buckets-encrypted", "files", remove("files-encryption")),
    (
        "buckets-encrypted",
        "files",
        alter("files-encryption", rules=[{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]),
    ),
    ("encrypted-in-transit", "target", alter("target", sslMode="none")),
    ("encrypted-in-transit", "parameters", alter("parameters", parameters=[{"name": "log_connections", "value": "1"}])),
    (
        "encrypted-in-transit",
        "orders",
        alter("orders", volumes=[{"name": "files", "efsVolumeConfiguration": {"fileSystemId": "efs-id"}}]),
    ),
    ("tls-only", "files", remove("files-policy")),
    ("tls-only", "efs", alter("efs-policy", policy=allow("elasticfilesystem:ClientMount"))),
    ("tls-only", "topic", remove("topic-policy")),
    ("protected-data-keeps-its-key", "key", unprotect("key")),
    ("protected-data-keeps-its-key", "files-key", unprotect("files-key")),
    ("keys-rotate", "key", alter("key", enableKeyRotation=False)),
    ("database-backups", "database", alter("database", backupRetentionPeriod=0)),
    ("database-backups", "database", alter("database", backupRetentionPeriod=None)),
    ("buckets-versioned", "files", alter("files-versioning", versioningConfiguration={"status": "Suspended"})),
    ("buckets-versioned", "files", remove("files-versioning")),
    ("file-systems-backed-up", "efs", alter("efs-backup", backupPolicy={"status": "DISABLED"})),
    ("no-wildcard-actions", "task-policy", alter("task-policy", policy=allow("*"))),
    ("no-wildcard-actions", "task-policy", alter("task-policy", policy=allow("s3:*"))),
    ("no-wildcard-actions", "task-policy", alter("task-policy", policy=allow("s3:GetObject", "s3:*Object"))),
    (
        "no-wildcard-actions",
        "task-policy",
        alter("task-policy", policy=json.dumps({"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}})),
    ),
    ("no-wildcard-actions", "ecr", alter("ecr", policy=allow("ecr:*", Principal="*", Resource="*"))),
    ("no-wildcard-actions", "key", alter("key", policy=allow("kms:*", Principal={"Service": "logs.amazonaws.com"}))),
    ("no-wildcard-actions", "node", alter("node", policyArn="arn:aws:iam::aws:policy/AdministratorAccess")),
    ("no-wildcard-actions", "node", alter("node", policyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")),
    ("no-plain-secrets", "orders", environment(DB_PASSWORD="hunter2")),
    ("no-plain-secrets", "orders", environment(API_KEY="abcdef")),
    ("no-plain-secrets", "orders", environment(URL="postgresql://hybridge:hunter2@database.aws.internal/hybridge")),
    ("no-plain-secrets", "orders", environment(WHO="AKIAIOSFODNN7EXAMPLE")),
    ("no-plain-secrets", "hosts", alter("hosts", userData=base64.b64encode(b"-----BEGIN RSA PRIVATE KEY-----").decode())),
    ("no-plain-secrets", "agent-config", alter("agent-config", name="docker-hub-token")),
    ("no-plain-secrets", "commands", alter("commands", content='{"run": "login dckr_pat_abcdefghijklmnopqrstuvwxyz"}')),
    ("secrets-stay-in-place", "hybridge-test", alter("hybridge-test", databaseUrl=f"postgresql://hybridge@{PASSWORD}")),
    ("secrets-stay-in-place", "agent-config", alter("agent-config", value=f"connect with {PASSWORD}")),
    ("secrets-stay-in-place", "hosts", alter("hosts", userData=base64.b64encode(PASSWORD.encode()).decode())),
    ("metadata-needs-a-token", "hosts", alter("hosts", metadataOptions={"httpTokens": "optional"})),
    ("metadata-needs-a-token", "hosts", alter("hosts", metadataOptions=None)),
    ("tags-present", "files", alter("files", tags={}, tagsAll={})),
    ("tags-present", "files", alter("files", tagsAll={**TAGS, "Name": "files", "Owner": "somebody"})),
    ("tags-present", "group", alter("group", tags=[{"key": "Name", "value": "group", "propagateAtLaunch": True}])),
    ("approved-regions", "topic", alter("topic", region="us-east-1")),
    ("approved-regions", "secret", alter("secret", replicas=[{"region": "eu-west-1"}])),
    (
        "approved-regions",
        "images",
        add(
            "aws:ecr/replicationConfiguration:ReplicationConfiguration",
            "images",
            taggable=False,
            replicationConfiguration={"rules": [{"destinations": [{"region": REGION}, {"region": "eu-west-1"}]}]},
        ),
    ),
    (
        "approved-regions",
        "plan",
        add(
            "aws:backup/plan:Plan",
            "plan",
            rules=[{"copyActions": [{"destinationVaultArn": f"arn:aws:backup:us-east-1:{ACCOUNT}:backup-vault:copies"}]}],
        ),
    ),
    (
        "no-wildcard-actions",
        "ecr",
        alter(
            "ecr",
            policy=allow(
                "ecr:*", Principal="*", Resource="*", Condition={"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}
            ),
        ),
    ),
]
"""Policy, resource, fault: wrong at every size."""

FROM_MEDIUM: list[tuple[str, str, Plant]] = [
    ("encrypted-in-transit", "source", alter("source", sslMode="none")),
    ("listeners-use-tls", "http", alter("http", defaultActions=[{"type": "forward"}])),
    ("listeners-use-tls", "https", alter("https", sslPolicy="ELBSecurityPolicy-2016-08")),
    ("multi-az", "database", alter("database", multiAz=False)),
    ("multi-az", "dms", alter("dms", multiAz=None)),
    ("multi-az", "efs", alter("efs", availabilityZoneName="ap-northeast-2a")),
    ("multi-az", "group", alter("group", minSize=1)),
    ("multi-az", "files-lifecycle", alter("files-lifecycle", rules=[{"transitions": [{"storageClass": "ONEZONE_IA"}]}])),
    ("database-backups", "database", alter("database", backupRetentionPeriod=6)),
    ("several-zones", "balancer", alter("balancer", subnets=ONE_ZONE)),
    ("several-zones", "ecr", alter("ecr", subnetIds=ONE_ZONE)),
    ("several-zones", "orders-service", alter("orders-service", networkConfiguration={"subnets": ONE_ZONE})),
    ("several-zones", "efs", remove("target-2b")),
    ("several-zones", "hybridge-test", alter("nat-2b", subnetId="public-2a-id")),
    ("deletion-protection", "database", alter("database", deletionProtection=False)),
    ("deletion-protection", "database", alter("database", skipFinalSnapshot=True)),
    ("deletion-protection", "database", unprotect("database")),
    ("deletion-protection", "files", unprotect("files")),
    ("deletion-protection", "files", alter("files", forceDestroy=True)),
    ("deletion-protection", "key", alter("key", deletionWindowInDays=1)),
    ("deletion-protection", "secret", alter("secret", recoveryWindowInDays=0)),
    ("deletion-protection", "balancer", alter("balancer", enableDeletionProtection=False)),
    ("deletion-protection", "circuit", unprotect("circuit")),
    ("deletion-protection", "efs", unprotect("efs")),
    ("deletion-protection", "vault", unprotect("vault")),
    ("deletion-protection", "images", add("aws:ecr/repository:Repository", "images", forceDelete=True)),
]
"""Policy, resource, fault: wrong from medium size on; a small stack trades it for its price."""


def named(faults: list[tuple[str, str, Plant]]) -> list[Any]:
    return [pytest.param(*fault, id=f"{fault[0]}-{position}") for position, fault in enumerate(faults)]


def planted(plant: Plant) -> Resources:
    resources = sound()
    plant(resources)
    return with_dependencies(resources)


def test_a_sound_stack_has_no_violation_at_any_size(small: Judge, medium: Judge) -> None:
    assert small(sound()) == medium(sound()) == set()


@pytest.mark.parametrize(("policy", "name", "plant"), named(EVERYWHERE))
def test_a_fault_is_found_at_every_size(small: Judge, medium: Judge, policy: str, name: str, plant: Plant) -> None:
    assert small(planted(plant)) == medium(planted(plant)) == {(policy, name)}


@pytest.mark.parametrize(("policy", "name", "plant"), named(FROM_MEDIUM))
def test_a_small_stack_may_do_without_resilience(small: Judge, medium: Judge, policy: str, name: str, plant: Plant) -> None:
    assert medium(planted(plant)) == {(policy, name)}
    assert small(planted(plant)) == set()


def test_every_policy_has_a_fault_that_proves_it(medium: Judge) -> None:
    assert {policy.name for policy in medium.pack.policies} == {policy for policy, _, _ in EVERYWHERE + FROM_MEDIUM}


def test_every_policy_is_mandatory_and_says_what_it_demands(medium: Judge) -> None:
    assert {policy.level for policy in medium.pack.policies} == {"mandatory"}
    assert all(policy.description.endswith(".") for policy in medium.pack.policies)


def test_a_message_says_what_was_found_what_is_allowed_and_what_to_do(medium: Judge) -> None:
    for _, _, plant in EVERYWHERE + FROM_MEDIUM:
        for message in medium.messages(planted(plant)):
            assert "; allowed: " in message, message
            assert message.rsplit("; ", maxsplit=1)[-1].strip(), message


def test_a_message_names_the_value(medium: Judge) -> None:
    assert medium.messages(planted(alter("from-vpc", cidrIpv4=OPEN))) == [
        "it admits 0.0.0.0/0; allowed: private addresses and the stack's onPremises.cidrs; "
        "admit a security group, or the block that needs it"
    ]


def test_a_file_system_may_be_backed_up_by_a_plan_instead(medium: Judge) -> None:
    resources = planted(remove("efs-backup"))
    assert medium(resources) == {("file-systems-backed-up", "efs")}
    resources["efs"] = changed(resources["efs"], tags={**TAGS, "Name": "efs", "Backup": "hybridge-test"})
    wanted = [{"type": "STRINGEQUALS", "key": "Backup", "value": "hybridge-test"}]
    add("aws:backup/selection:Selection", "selection", taggable=False, selectionTags=wanted)(resources)
    assert medium(resources) == set()


def test_a_standby_at_rest_has_no_hosts_to_lose(medium: Judge) -> None:
    assert medium(planted(alter("group", minSize=0, maxSize=0))) == set()
    assert medium(planted(alter("group", minSize=0, maxSize=4))) == {("multi-az", "group")}


def test_a_prefix_list_of_private_networks_may_be_admitted(medium: Judge) -> None:
    assert medium(planted(by_list([{"cidr": "10.0.0.0/16"}, {"cidr": "203.0.113.0/25"}]))) == set()


def test_a_stack_without_nat_gateways_depends_on_none(medium: Judge) -> None:
    resources = {name: one for name, one in sound().items() if not name.startswith(("nat", "eip"))}
    assert medium(resources) == set()


def test_a_stack_that_names_no_size_is_judged_as_what_it_then_is() -> None:
    with judge(None) as default:
        assert default(planted(alter("database", multiAz=False))) == set()


def test_a_secondary_connects_with_its_primary_wherever_that_is_and_keeps_nothing_there() -> None:
    resources = sound()
    add("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "replication", taggable=False, region="us-east-1", rules=[])(
        resources
    )
    resources["topic"] = changed(resources["topic"], region="us-east-1")
    for role, found in (("secondary", {"topic"}), ("primary", {"topic", "replication"})):
        with judge("small", None, **{"hybridge:role": role}) as small:
            violations = small(with_dependencies(resources))
            assert {name for policy, name in violations if policy == "approved-regions"} == found


def test_options_change_what_a_policy_demands() -> None:
    options: dict[str, dict[str, Any]] = {
        "no-internet-ingress": {"allowedCidrs": ["198.51.100.0/24"]},
        "database-backups": {"minimumDays": 30},
        "approved-regions": {"regions": [REGION, "us-east-1"]},
        "tags-present": {"required": ["CostCenter"]},
        "multi-az": {"sizes": ["small"]},
    }
    with judge("medium", options) as strict:
        assert strict(planted(alter("from-vpc", cidrIpv4="198.51.100.7/32"))) >= {("database-backups", "database")}
        found = strict(planted(alter("database", multiAz=False, backupRetentionPeriod=30)))
        assert {policy for policy, _ in found} == {"tags-present"}
        found = strict(planted(alter("topic", region="us-east-1")))
        assert "approved-regions" not in {policy for policy, _ in found}


def test_the_keys_of_circuits_are_told_to_the_routers(medium: Judge) -> None:
    """AWS keeps them in no secret whose ARN could be given instead."""
    circuit = "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"
    resources = planted(add(circuit, "circuit", bgpAuthKey="aKeyOfTheCircuit"))
    stack = resources["hybridge-test"]
    assert medium({**resources, stack.name: changed(stack, directConnectBgpKeys={"circuit": "aKeyOfTheCircuit"})}) == set()
    told = {**resources, stack.name: changed(stack, other="aKeyOfTheCircuit")}
    assert ("secrets-stay-in-place", "hybridge-test") in medium(told)


def test_what_aws_tags_at_creation_only_may_keep_those_tags(medium: Judge) -> None:
    """Else an edit of the stack's tags could not be deployed any more."""
    kept = {**TAGS, "Name": "servers", "Owner": "somebody"}
    assert medium(planted(add("aws:ssm/activation:Activation", "servers", tags=kept, tagsAll=kept))) == set()
    bare = add("aws:ssm/activation:Activation", "servers", tags={}, tagsAll={})
    assert medium(planted(bare)) == {("tags-present", "servers")}


def test_endpoint_policies_may_be_wide_where_they_keep_to_one_account(medium: Judge) -> None:
    bounded = allow("s3:*", Principal="*", Resource="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}})
    assert medium(planted(alter("ecr", policy=bounded))) == set()
    grants = allow("s3:*", Principal={"AWS": ACCOUNT}, Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})
    assert medium(planted(alter("files-policy", policy=grants))) >= {("no-wildcard-actions", "files-policy")}
