"""What holds for every resource of every component: swept over whole stacks under Pulumi mocks."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.pulumi_types import resource_type
from tests.recorder import Graph, Registered, deploy_stack, deployed_stack

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "rehearsal" / "stacks"
# Together they have every option on that dev and prod leave off.
OPTIONS = ("transit-gateway", "transit-secondary", "client-vpn", "storage-efs", "containers")
STACKS = ["dev", "prod", "dr", *(str(FOLDER / f"{name}.yaml") for name in OPTIONS)]
COMPONENTS = {"Network", "ContainerPlatform", "Database", "HybridStorage", "Management"}
ANYWHERE = {"0.0.0.0/0", "::/0"}

# awsx makes these itself, from the arguments that it is given.
BY_AWSX = "awsx:ec2:Vpc"

ENCRYPTED: dict[str, str] = {
    "aws:cloudwatch/logGroup:LogGroup": "kmsKeyId",
    "aws:rds/instance:Instance": "storageEncrypted",
    "aws:efs/fileSystem:FileSystem": "encrypted",
    "aws:sns/topic:Topic": "kmsMasterKeyId",
    "aws:secretsmanager/secret:Secret": "kmsKeyId",
    "aws:dms/replicationInstance:ReplicationInstance": "kmsKeyArn",
    "aws:backup/vault:Vault": "kmsKeyArn",
    "aws:ecr/repository:Repository": "encryptionConfigurations",
    "aws:storagegateway/nfsFileShare:NfsFileShare": "kmsEncrypted",
    "aws:storagegateway/smbFileShare:SmbFileShare": "kmsEncrypted",
}


def swept(stack: str) -> list[Registered]:
    return [resource for resource in deployed_stack(stack).resources if resource.custom and resource.type.startswith("aws:")]


def edited(stack: str, edit: Any, folder: Path) -> Graph:
    content = yaml.safe_load((ROOT / "tests" / "samples" / f"Pulumi.{stack}.yaml").read_text())
    edit(content["config"])
    path = folder / "Pulumi.edited.yaml"
    path.write_text(yaml.safe_dump(content))
    return deploy_stack(str(path))


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_is_in_one_of_the_five_components(stack: str) -> None:
    outermost = {resource.urn: resource for resource in deployed_stack(stack).resources}
    for resource in deployed_stack(stack).resources:
        top = resource
        while top.parent in outermost:
            top = outermost[top.parent]
        assert top.type.removeprefix("hybridge:index:") in COMPONENTS, f"{resource.urn} is in {top.type}"


@pytest.mark.parametrize("stack", STACKS)
def test_every_regional_resource_names_its_region(stack: str) -> None:
    missing = [
        resource.urn
        for resource in swept(stack)
        if "region" in resource_type(resource.type).inputs and not resource.inputs.get("region")  # type: ignore[union-attr]
    ]
    assert not missing


@pytest.mark.parametrize("stack", STACKS)
def test_every_taggable_resource_carries_the_tags_of_the_stack_and_a_name(stack: str) -> None:
    wanted = {"Project", "Stack", "Name"}
    missing = []
    for resource in swept(stack):
        if "tags" in resource_type(resource.type).inputs:  # type: ignore[union-attr]
            tags = resource.inputs.get("tags") or {}
            keys = {tag["key"] for tag in tags} if isinstance(tags, list) else set(tags)
            missing += [] if wanted <= keys else [resource.urn]
    assert not missing


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_is_open_to_the_internet(stack: str) -> None:
    for resource in swept(stack):
        inputs = resource.inputs
        match resource.type.rsplit(":", maxsplit=1)[-1]:
            case "SecurityGroupIngressRule":
                assert inputs.get("cidrIpv4") not in ANYWHERE and inputs.get("cidrIpv6") not in ANYWHERE, resource.urn
            case "SecurityGroup":
                assert not inputs.get("ingress") and not inputs.get("egress"), (
                    f"{resource.urn}: rules are resources of their own"
                )
            case "LoadBalancer":
                assert inputs["internal"] is True, resource.urn
            case "Instance" if resource.type.startswith("aws:rds"):
                assert inputs["publiclyAccessible"] is False, resource.urn
            case "ReplicationInstance":
                assert inputs["publiclyAccessible"] is False, resource.urn
            case "BucketPublicAccessBlock":
                assert all(
                    inputs[key] is True
                    for key in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
                ), resource.urn


@pytest.mark.parametrize("stack", STACKS)
def test_every_bucket_is_blocked_encrypted_and_tls_only(stack: str) -> None:
    buckets = {resource.name for resource in swept(stack) if resource.type == "aws:s3/bucket:Bucket"}
    for kind in (
        "bucketPublicAccessBlock:BucketPublicAccessBlock",
        "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "bucketPolicy:BucketPolicy",
        "bucketOwnershipControls:BucketOwnershipControls",
    ):
        made = deployed_stack(stack).created(f"aws:s3/{kind}")
        assert len(made) == len(buckets), f"{len(made)} {kind} for {len(buckets)} buckets"
    for policy in deployed_stack(stack).created("aws:s3/bucketPolicy:BucketPolicy"):
        assert "aws:SecureTransport" in str(policy.inputs["policy"]), policy.urn


@pytest.mark.parametrize("stack", STACKS)
def test_everything_that_can_be_encrypted_is(stack: str) -> None:
    plain = [
        resource.urn
        for resource in swept(stack)
        if resource.type in ENCRYPTED
        and not resource.inputs.get(ENCRYPTED[resource.type])
        and "replicateSourceDb" not in resource.inputs  # a replica of the same region has its source's encryption
        # Amazon ECR reads the credentials of its cache under AWS's own key only.
        and not resource.inputs.get("namePrefix", "").startswith("ecr-pullthroughcache/")
    ]
    assert not plain


@pytest.mark.parametrize("stack", STACKS)
def test_every_key_rotates(stack: str) -> None:
    assert all(key.inputs.get("enableKeyRotation") is True for key in deployed_stack(stack).created("aws:kms/key:Key"))


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_same_config_gives_the_same_names_in_any_run(stack: str) -> None:
    again = deploy_stack(stack)
    assert sorted(resource.urn for resource in again.resources) == sorted(
        resource.urn for resource in deployed_stack(stack).resources
    )


def grow_workloads(config: dict[str, Any]) -> None:
    first = copy.deepcopy(config["hybridge:workloads"][0])
    first["name"] = "aardvark"
    config["hybridge:workloads"].insert(0, first)


def grow_routers(config: dict[str, Any]) -> None:
    config["hybridge:onPremises"]["routers"].insert(0, {"name": "aaa", "publicIp": "203.0.113.99", "asn": 65011})


def grow_zones(config: dict[str, Any]) -> None:
    config["hybridge:network"]["zones"].append("ap-northeast-2b")


def grow_repositories(config: dict[str, Any]) -> None:
    config["hybridge:containers"]["repositories"] = ["aaa/first", *config["hybridge:containers"].get("repositories", [])]


@pytest.mark.parametrize("edit", [grow_workloads, grow_routers, grow_zones, grow_repositories])
def test_adding_one_thing_renames_no_other(edit: Any, tmp_path: Path) -> None:
    def names(found: Graph) -> set[tuple[str, str]]:
        return {(resource.type, resource.name) for resource in found.resources}

    before = names(deployed_stack("dev"))
    after = names(edited("dev", edit, tmp_path))
    assert before <= after
    assert before < after


def test_hosts_have_their_ways_out_from_their_first_boot_until_their_last_task_has_stopped() -> None:
    platform = deployed_stack("dev").one("hybridge:index:ContainerPlatform")
    waited = {tuple(urn.split("$")[-1].split("::")) for urn in platform.dependencies}
    assert {
        ("aws:ec2/route:Route", "network-vpc-private-1"),
        ("aws:ec2/route:Route", "network-vpc-public-1"),
        ("aws:ec2/routeTableAssociation:RouteTableAssociation", "network-vpc-private-1"),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "network-endpoints-s3-gateway"),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "network-endpoints-ecr-api"),
    } <= waited


def test_what_holds_data_is_protected_in_prod_and_not_in_dev() -> None:
    stateful = {
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
        "aws:kms/key:Key",
        "aws:backup/vault:Vault",
        "aws:secretsmanager/secret:Secret",
    }

    def protected(stack: str) -> dict[str, set[bool]]:
        found: dict[str, set[bool]] = {}
        for resource in swept(stack):
            if resource.type in stateful:
                found.setdefault(resource.type, set()).add(resource.protect)
        return found

    assert all(True in values for values in protected("prod").values())
    assert all(values == {False} for values in protected("dev").values())


def test_what_watches_a_workload_waits_for_no_other() -> None:
    """Else a large stack has edges by the square of its workloads, and each alarm waits for the last of them."""
    prod = deployed_stack("prod")
    groups = {r.urn: r.name for r in prod.created("aws:lb/targetGroup:TargetGroup")}
    alarms = prod.created("aws:cloudwatch/metricAlarm:MetricAlarm")
    waits = {r.name: {groups[urn] for urn in r.dependencies & groups.keys()} for r in alarms}
    assert {len(found) for found in waits.values()} == {0, 1}, waits
    assert set().union(*waits.values()) == set(groups.values())
