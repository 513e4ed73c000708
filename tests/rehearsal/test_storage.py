"""HybridStorage in an emulated account."""

from collections.abc import Callable, Iterator
from typing import Any

import pulumi_aws as aws
import pytest
from moto.iam.access_control import PermissionResult

from components.hybrid_storage import HybridStorage
from rehearsal.extensions.s3.policies import permission
from rehearsal.extensions.storagegateway import gateways
from tests.components.hybrid_storage.support import KEY, args
from tests.rehearsal.support import REGION, Result, rehearsed

GUEST: dict[str, Any] = {"nfs": {"prefix": "unix/"}, "smb": {"guestPassword": "secret12"}}
JOINED: dict[str, Any] = {
    "nfs": {"prefix": "unix/"},
    "smb": {"domain": {"name": "corp.example", "username": "join", "password": "secret12"}, "validUsers": ["@staff"]},
}


def program(section: dict[str, Any]) -> Callable[[], None]:
    """HybridStorage in a VPC of two zones, next to the endpoints that Network would give it."""

    def run() -> None:
        vpc = aws.ec2.Vpc("network", cidr_block="10.20.0.0/16")
        subnets = [
            aws.ec2.Subnet(f"network-{zone}", vpc_id=vpc.id, cidr_block=f"10.20.{number}.0/24", availability_zone=REGION + zone)
            for number, zone in enumerate("ac")
        ]
        HybridStorage(
            "storage", args(section, vpc_id=vpc.id, private_subnet_ids=[subnet.id for subnet in subnets], backup_tag="test")
        )

    return run


def active(**settings: Any) -> dict[str, Any]:
    return {"fileGateway": {"activationKey": KEY, **settings}}


@pytest.mark.parametrize(
    "section",
    [
        {"tierClass": "STANDARD_IA", "hotDays": 30, "archiveDays": 60, "archiveClass": "DEEP_ARCHIVE"},
        active(cacheDiskId="xen-vbd-51728"),
        active(**JOINED),
        {"efs": {"enabled": True, "onPremises": True}, "awsWrites": True, "bucketName": "acme-files"},
    ],
    ids=["other tiers", "NFS", "SMB for a domain", "EFS"],
)
def test_every_option_is_made_with_nothing_wrong(section: dict[str, Any]) -> None:
    # Whoever set up the VM gave it the disk that the stack file names.
    with rehearsed(program(section), {"hybridge:storage": section}) as result:
        assert result.good, result.report


def test_efs_has_its_policy_and_leaves_backups_to_the_plan() -> None:
    with rehearsed(program({"efs": {"enabled": True}})) as result:
        identifier = {"FileSystemId": result.one("aws:efs/fileSystem:FileSystem").id}
        backup = result.aws.call("efs", "DescribeBackupPolicy", identifier, region=REGION)["BackupPolicy"]
        assert backup == {"Status": "DISABLED"}
        targets = result.aws.call("efs", "DescribeMountTargets", identifier, region=REGION)["MountTargets"]
        assert sorted(target["AvailabilityZoneName"] for target in targets) == [f"{REGION}a", f"{REGION}c"]


def test_a_cache_disk_that_is_not_there_is_reported() -> None:
    with rehearsed(program(active(cacheDiskPath="/dev/vdb"))) as result:
        assert "no disk at /dev/vdb" in result.report


def test_a_tiering_that_s3_refuses_is_reported() -> None:
    def run() -> None:
        bucket = aws.s3.Bucket("files")
        aws.s3.BucketLifecycleConfiguration(
            "files",
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "too-soon",
                    "status": "Enabled",
                    "filter": {},
                    "transitions": [{"days": 7, "storage_class": "STANDARD_IA"}],
                }
            ],
        )

    with rehearsed(run) as result:
        assert "greater than or equal to 30 for storageClass 'STANDARD_IA'" in result.report


@pytest.fixture(scope="module")
def guests() -> Iterator[Result]:
    """Only the tests at the end of this file use it: while its account is open, there can be no other."""
    with rehearsed(program(active(**GUEST)), {"hybridge:storage": active(**GUEST)}) as result:
        assert result.good, result.report
        yield result


def test_nothing_is_lost_in_emulation(guests: Result) -> None:
    assert {node.name: node.gaps for node in guests.deployment.nodes.values() if node.gaps} == {}


def test_logs_are_named_by_the_day_as_was_asked(guests: Result) -> None:
    bucket = guests.one("aws:s3/bucket:Bucket", "storage-files").id
    told = guests.aws.call("s3", "GetBucketLogging", {"Bucket": bucket}, region=REGION)["LoggingEnabled"]
    assert told["TargetObjectKeyFormat"] == {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
    plain = {"TargetBucket": told["TargetBucket"], "TargetPrefix": "a/", "TargetObjectKeyFormat": {"SimplePrefix": {}}}
    request = {"Bucket": told["TargetBucket"], "BucketLoggingStatus": {"LoggingEnabled": plain}}
    guests.aws.call("s3", "PutBucketLogging", request, region=REGION)
    again = guests.aws.call("s3", "GetBucketLogging", {"Bucket": told["TargetBucket"]}, region=REGION)
    assert again["LoggingEnabled"] == plain


def test_the_bucket_is_as_s3_describes_it(guests: Result) -> None:
    name = guests.one("aws:s3/bucket:Bucket", "storage-files").id
    bucket = {"Bucket": name}
    assert guests.aws.call("s3", "GetBucketVersioning", bucket, region=REGION)["Status"] == "Enabled"
    rules = guests.aws.call("s3", "GetBucketLifecycleConfiguration", bucket, region=REGION)["Rules"]
    assert rules[0]["Transitions"] == [
        {"Days": 7, "StorageClass": "INTELLIGENT_TIERING"},
        {"Days": 365, "StorageClass": "GLACIER"},
    ]
    encryption = guests.aws.call("s3", "GetBucketEncryption", bucket, region=REGION)["ServerSideEncryptionConfiguration"]
    assert encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": guests.one("aws:kms/key:Key").outputs["arn"],
    }


@pytest.mark.parametrize("bucket", ["storage-files", "storage-files-logs"])
def test_nobody_writes_without_tls_and_everybody_with_it(guests: Result, bucket: str) -> None:
    name = guests.one("aws:s3/bucket:Bucket", bucket).id
    policy = guests.aws.call("s3", "GetBucketPolicy", {"Bucket": name}, region=REGION)["Policy"]
    asked = {
        (secure, version): permission(
            policy, "s3:PutObject", f"arn:aws:s3:::{name}/file", {"aws:SecureTransport": secure, "s3:TlsVersion": version}
        )
        for secure, version in (("false", "0"), ("true", "1.1"), ("true", "1.2"))
    }
    denied, neutral = PermissionResult.DENIED, PermissionResult.NEUTRAL
    assert list(asked.values()) == [denied, denied, neutral]
    guests.aws.call("s3", "PutObject", {"Bucket": name, "Key": "file", "Body": b"text"}, region=REGION)
    read = guests.aws.call("s3", "GetObject", {"Bucket": name, "Key": "file"}, region=REGION)
    assert read["Body"].read() == b"text"


def test_the_gateway_has_its_cache_and_both_shares(guests: Result) -> None:
    arn = guests.one("aws:storagegateway/gateway:Gateway").id
    gateway = {"GatewayARN": arn}
    assert guests.aws.call("storagegateway", "DescribeCache", gateway, region=REGION)["DiskIds"] == [
        gateways.FIRST_DISK["DiskId"]
    ]
    shares = guests.aws.call("storagegateway", "ListFileShares", gateway, region=REGION)["FileShareInfoList"]
    assert sorted((share["FileShareType"], share["FileShareStatus"]) for share in shares) == [
        ("NFS", "AVAILABLE"),
        ("SMB", "AVAILABLE"),
    ]
    assert guests.aws.call("storagegateway", "DescribeSMBSettings", gateway, region=REGION)["SMBGuestPasswordSet"] is True
