"""The whole program with storage as dev and prod do not have it, a stack file for each way."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACKS = Path(__file__).parent / "stacks"
GATEWAY = "aws:storagegateway/gateway:Gateway"


@pytest.fixture(scope="module")
def result(request: pytest.FixtureRequest) -> Iterator[Result]:
    """A stack with nothing wrong, once for all that is asked of it."""
    with rehearsed_stack(STACKS / f"{request.param}.yaml") as made:
        assert made.good, made.report
        yield made


def of(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("result", [name], indirect=True, scope="module")


def shares(result: Result, kind: str) -> list[dict[str, Any]]:
    arns = [node.id for node in result.created(f"aws:storagegateway/{kind.lower()}FileShare:{kind.capitalize()}FileShare")]
    found = result.aws.call("storagegateway", f"Describe{kind}FileShares", {"FileShareARNList": arns}, region=REGION)
    listed: list[dict[str, Any]] = found[f"{kind}FileShareInfoList"]
    return listed


@of("storage-efs")
def test_without_an_activation_key_there_is_no_gateway_but_the_way_to_its_key(result: Result) -> None:
    assert result.aws.call("storagegateway", "ListGateways", {}, region=REGION)["Gateways"] == []
    told = result.one("hybridge:index:HybridStorage").outputs["gateway_activation_request"]
    assert f"activationRegion={REGION}&vpcEndpoint=vpce-" in told


@of("storage-efs")
def test_files_age_as_the_stack_file_says(result: Result) -> None:
    bucket = {"Bucket": result.one("aws:s3/bucket:Bucket", "storage-files").id}
    rules = result.aws.call("s3", "GetBucketLifecycleConfiguration", bucket, region=REGION)["Rules"]
    assert rules[0]["Transitions"] == [
        {"Days": 30, "StorageClass": "STANDARD_IA"},
        {"Days": 90, "StorageClass": "DEEP_ARCHIVE"},
    ]


@of("storage-efs")
def test_efs_is_reached_from_the_data_centre_and_from_the_hosts_alone(result: Result) -> None:
    system = result.one("aws:efs/fileSystem:FileSystem")
    group = result.one("aws:ec2/securityGroup:SecurityGroup", "storage-efs")
    wanted = {"Filters": [{"Name": "group-id", "Values": [group.id]}]}
    rules = result.aws.call("ec2", "DescribeSecurityGroupRules", wanted, region=REGION)["SecurityGroupRules"]
    admitted = sorted(rule.get("CidrIpv4") or "group" for rule in rules if not rule["IsEgress"])
    assert admitted == ["10.0.0.0/16", "192.168.0.0/16", "group"]
    assert all((rule["FromPort"], rule["ToPort"]) == (2049, 2049) for rule in rules)
    targets = result.aws.call("efs", "DescribeMountTargets", {"FileSystemId": system.id}, region=REGION)["MountTargets"]
    assert sorted(target["AvailabilityZoneName"] for target in targets) == [f"{REGION}a", f"{REGION}c"]


@of("storage-smb")
def test_the_share_shows_a_part_of_the_bucket_to_the_clients_it_names(result: Result) -> None:
    [share] = shares(result, "NFS")
    assert share["LocationARN"] == result.one("aws:s3/bucket:Bucket", "storage-files").outputs["arn"] + "/unix/"
    assert share["ClientList"] == ["10.0.8.0/24", "192.168.1.10"]
    assert share["CacheAttributes"] == {"CacheStaleTimeoutInSeconds": 600}
    assert (share["Squash"], share["NFSFileShareDefaults"]["FileMode"]) == ("AllSquash", "0664")


@of("storage-smb")
def test_the_gateway_has_the_disk_and_the_window_it_is_given(result: Result) -> None:
    gateway = {"GatewayARN": result.one(GATEWAY).id}
    assert result.aws.call("storagegateway", "DescribeCache", gateway, region=REGION)["DiskIds"] == [
        "xen-vbd-51728",
        "pci-0000:03:00.0-scsi-0:0:1:0-/dev/sdc",
    ]
    window = result.aws.call("storagegateway", "DescribeMaintenanceStartTime", gateway, region=REGION)
    assert (window["DayOfWeek"], window["HourOfDay"], window["MinuteOfHour"]) == (6, 2, 30)


@of("storage-smb")
def test_files_go_to_s3_by_the_interface_endpoint_of_the_network(result: Result) -> None:
    [share] = shares(result, "NFS")
    endpoints = result.aws.call("ec2", "DescribeVpcEndpoints", {}, region=REGION)["VpcEndpoints"]
    names = {
        entry["DnsName"].removeprefix("*.")
        for endpoint in endpoints
        if endpoint["VpcEndpointType"] == "Interface" and endpoint["ServiceName"].endswith(".s3")
        for entry in endpoint["DnsEntries"]
    }
    assert share["VPCEndpointDNSName"] in names
    assert share["BucketRegion"] == REGION


@of("storage-smb")
def test_an_smb_share_for_a_guest_stands_beside_nfs(result: Result) -> None:
    gateway = {"GatewayARN": result.one(GATEWAY).id}
    settings = result.aws.call("storagegateway", "DescribeSMBSettings", gateway, region=REGION)
    assert (settings["SMBGuestPasswordSet"], settings["SMBSecurityStrategy"]) == (True, "MandatorySigning")
    [smb] = shares(result, "SMB")
    assert smb["LocationARN"] == result.one("aws:s3/bucket:Bucket", "storage-files").outputs["arn"] + "/windows/"
    assert smb["Authentication"] == "GuestAccess"
    script = base64.b64decode(result.one("aws:ec2/launchTemplate:LaunchTemplate").inputs["userData"]).decode()
    assert " --prefix unix/\n" in script, "hosts mount what the NFS share shows: the same path is the same file"


@of("storage-smb-domain")
def test_an_smb_share_is_there_for_the_users_of_a_domain(result: Result) -> None:
    gateway = {"GatewayARN": result.one(GATEWAY).id}
    settings = result.aws.call("storagegateway", "DescribeSMBSettings", gateway, region=REGION)
    assert (settings["DomainName"], settings["ActiveDirectoryStatus"]) == ("corp.example", "JOINED")
    [share] = shares(result, "SMB")
    users = (share["ValidUserList"], share["InvalidUserList"], share["AdminUserList"])
    assert users == (["@staff"], ["intern"], ["root"])
    assert share["SMBACLEnabled"] is True
