"""The whole program with storage as dev and prod do not have it, a stack file for each way."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACKS = Path(__file__).parent / "stacks"
GATEWAY = "aws:storagegateway/gateway:Gateway"


@contextmanager
def stack(name: str) -> Iterator[Result]:
    with rehearsed_stack(STACKS / f"{name}.yaml") as result:
        assert result.good, result.report
        yield result


def shares(result: Result, kind: str) -> list[dict[str, Any]]:
    arns = [node.id for node in result.created(f"aws:storagegateway/{kind.lower()}FileShare:{kind.capitalize()}FileShare")]
    found = result.aws.call("storagegateway", f"Describe{kind}FileShares", {"FileShareARNList": arns}, region=REGION)
    listed: list[dict[str, Any]] = found[f"{kind}FileShareInfoList"]
    return listed


def test_without_an_activation_key_there_is_no_gateway_but_the_way_to_its_key() -> None:
    with stack("storage-without-gateway") as result:
        assert result.aws.call("storagegateway", "ListGateways", {}, region=REGION)["Gateways"] == []
        told = result.one("hybridge:index:HybridStorage").outputs["gateway_activation_request"]
        assert f"activationRegion={REGION}&vpcEndpoint=vpce-" in told
        bucket = {"Bucket": result.one("aws:s3/bucket:Bucket", "storage-files").id}
        rules = result.aws.call("s3", "GetBucketLifecycleConfiguration", bucket, region=REGION)["Rules"]
        assert rules[0]["Transitions"] == [
            {"Days": 30, "StorageClass": "STANDARD_IA"},
            {"Days": 90, "StorageClass": "DEEP_ARCHIVE"},
        ]


class TestNfs:
    """One deployment, several questions."""

    @pytest.fixture(scope="class")
    def nfs(self) -> Iterator[Result]:
        with stack("storage-nfs") as result:
            yield result

    def test_the_share_shows_the_bucket_to_the_clients_it_names(self, nfs: Result) -> None:
        [share] = shares(nfs, "NFS")
        assert share["LocationARN"] == nfs.one("aws:s3/bucket:Bucket", "storage-files").outputs["arn"]
        assert share["ClientList"] == ["10.0.8.0/24", "192.168.1.10"]
        assert share["CacheAttributes"] == {"CacheStaleTimeoutInSeconds": 600}
        assert (share["Squash"], share["NFSFileShareDefaults"]["FileMode"]) == ("AllSquash", "0664")

    def test_the_gateway_has_the_disk_and_the_window_it_is_given(self, nfs: Result) -> None:
        gateway = {"GatewayARN": nfs.one(GATEWAY).id}
        assert nfs.aws.call("storagegateway", "DescribeCache", gateway, region=REGION)["DiskIds"] == ["xen-vbd-51728"]
        window = nfs.aws.call("storagegateway", "DescribeMaintenanceStartTime", gateway, region=REGION)
        assert (window["DayOfWeek"], window["HourOfDay"], window["MinuteOfHour"]) == (6, 2, 30)

    def test_files_go_to_s3_by_the_interface_endpoint_of_the_network(self, nfs: Result) -> None:
        [share] = shares(nfs, "NFS")
        endpoints = nfs.aws.call("ec2", "DescribeVpcEndpoints", {}, region=REGION)["VpcEndpoints"]
        names = {
            entry["DnsName"].removeprefix("*.")
            for endpoint in endpoints
            if endpoint["VpcEndpointType"] == "Interface" and endpoint["ServiceName"].endswith(".s3")
            for entry in endpoint["DnsEntries"]
        }
        assert share["VPCEndpointDNSName"] in names
        assert share["BucketRegion"] == REGION


def test_an_smb_share_for_a_guest_stands_beside_nfs() -> None:
    with stack("storage-smb") as result:
        gateway = {"GatewayARN": result.one(GATEWAY).id}
        settings = result.aws.call("storagegateway", "DescribeSMBSettings", gateway, region=REGION)
        assert (settings["SMBGuestPasswordSet"], settings["SMBSecurityStrategy"]) == (True, "MandatorySigning")
        [smb], [nfs] = shares(result, "SMB"), shares(result, "NFS")
        bucket = result.one("aws:s3/bucket:Bucket", "storage-files").outputs["arn"]
        assert (smb["LocationARN"], nfs["LocationARN"]) == (f"{bucket}/windows/", f"{bucket}/unix/")
        assert smb["Authentication"] == "GuestAccess"
        script = base64.b64decode(result.one("aws:ec2/launchTemplate:LaunchTemplate").inputs["userData"]).decode()
        assert " --prefix unix/\n" in script, "hosts mount what the NFS share shows: the same path is the same file"


def test_an_smb_share_is_there_for_the_users_of_a_domain() -> None:
    with stack("storage-smb-domain") as result:
        gateway = {"GatewayARN": result.one(GATEWAY).id}
        settings = result.aws.call("storagegateway", "DescribeSMBSettings", gateway, region=REGION)
        assert (settings["DomainName"], settings["ActiveDirectoryStatus"]) == ("corp.example", "JOINED")
        [share] = shares(result, "SMB")
        users = (share["ValidUserList"], share["InvalidUserList"], share["AdminUserList"])
        assert users == (["@staff"], ["intern"], ["root"])
        assert share["SMBACLEnabled"] is True


def test_efs_is_reached_from_the_data_centre_and_from_the_hosts_alone() -> None:
    with stack("storage-efs") as result:
        system = result.one("aws:efs/fileSystem:FileSystem")
        group = result.one("aws:ec2/securityGroup:SecurityGroup", "storage-efs")
        wanted = {"Filters": [{"Name": "group-id", "Values": [group.id]}]}
        rules = result.aws.call("ec2", "DescribeSecurityGroupRules", wanted, region=REGION)["SecurityGroupRules"]
        admitted = sorted(rule.get("CidrIpv4") or "group" for rule in rules if not rule["IsEgress"])
        assert admitted == ["10.0.0.0/16", "192.168.0.0/16", "group"]
        assert all((rule["FromPort"], rule["ToPort"]) == (2049, 2049) for rule in rules)
        targets = result.aws.call("efs", "DescribeMountTargets", {"FileSystemId": system.id}, region=REGION)["MountTargets"]
        assert sorted(target["AvailabilityZoneName"] for target in targets) == [f"{REGION}a", f"{REGION}c"]
