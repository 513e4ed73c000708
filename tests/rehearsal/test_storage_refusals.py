"""What S3 File Gateways and EFS refuse in an emulated account, as AWS would."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.emulator import ACCOUNT, Emulator, Refused
from rehearsal.extensions.storagegateway import gateways
from tests.components.hybrid_storage.support import KEY
from tests.rehearsal.support import REGION

OWN_REFUSAL = "InvalidGatewayRequestException"


@pytest.fixture
def account() -> Iterator[Emulator]:
    with Emulator() as emulator:
        emulator.call(
            "s3",
            "CreateBucket",
            {"Bucket": "files", "CreateBucketConfiguration": {"LocationConstraint": REGION}},
            region=REGION,
        )
        trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"storagegateway.amazonaws.com"},'
        trust += '"Action":"sts:AssumeRole"}]}'
        emulator.call("iam", "CreateRole", {"RoleName": "shares", "AssumeRolePolicyDocument": trust}, region=REGION)
        yield emulator


def ask(account: Emulator, operation: str, **params: Any) -> dict[str, Any]:
    return account.call("storagegateway", operation, params, region=REGION)


def activated(account: Emulator, *, cache: bool = True, key: str = KEY) -> str:
    arn: str = ask(
        account,
        "ActivateGateway",
        ActivationKey=key,
        GatewayName="files",
        GatewayTimezone="GMT",
        GatewayRegion=REGION,
        GatewayType="FILE_S3",
    )["GatewayARN"]
    if cache:
        ask(account, "AddCache", GatewayARN=arn, DiskIds=[gateways.FIRST_DISK["DiskId"]])
    return arn


def share(account: Emulator, gateway: str, kind: str = "NFS", **params: Any) -> str:
    clients = {"ClientList": ["10.0.0.0/16"]} if kind == "NFS" else {}
    arn: str = ask(
        account,
        f"Create{kind}FileShare",
        **{
            "ClientToken": "token",
            "GatewayARN": gateway,
            "Role": f"arn:aws:iam::{ACCOUNT}:role/shares",
            "LocationARN": "arn:aws:s3:::files",
            **clients,
            **params,
        },
    )["FileShareARN"]
    return arn


def test_an_activation_key_serves_once(account: Emulator) -> None:
    activated(account)
    with pytest.raises(Refused, match=f"{OWN_REFUSAL}.*used before"):
        activated(account)


def test_there_is_no_share_without_a_cache(account: Emulator) -> None:
    with pytest.raises(Refused, match="no cache"):
        share(account, activated(account, cache=False))


def test_a_disk_becomes_the_cache_once_and_only_if_it_exists(account: Emulator) -> None:
    gateway = activated(account)
    with pytest.raises(Refused, match="already allocated"):
        ask(account, "AddCache", GatewayARN=gateway, DiskIds=[gateways.FIRST_DISK["DiskId"]])
    with pytest.raises(Refused, match="does not exist: sdz"):
        ask(account, "AddCache", GatewayARN=gateway, DiskIds=["sdz"])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"Role": f"arn:aws:iam::{ACCOUNT}:role/nobody"}, "role does not exist"),
        ({"LocationARN": "arn:aws:s3:::others"}, "bucket does not exist: others"),
        ({"LocationARN": "arn:aws:s3:::files/unix", "FileShareName": "unix"}, "end with a forward slash"),
        ({"LocationARN": "arn:aws:s3:::files/unix/"}, "needs a FileShareName"),
        ({"KMSEncrypted": True, "KMSKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/none"}, "key does not exist"),
        ({"AuditDestinationARN": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:none"}, "log group does not exist"),
        ({"CacheAttributes": {"CacheStaleTimeoutInSeconds": 60}}, "CacheStaleTimeoutInSeconds 60"),
        ({"DefaultStorageClass": "S3_GLACIER_IR"}, "DefaultStorageClass"),
        ({"VPCEndpointDNSName": "vpce-1.example"}, "BucketRegion is required"),
        ({"Squash": "SomeSquash"}, "Squash"),
    ],
)
def test_what_a_share_refers_to_has_to_exist_and_to_fit(account: Emulator, params: dict[str, Any], message: str) -> None:
    gateway = activated(account)
    with pytest.raises(Refused, match=message):
        share(account, gateway, **params)


def test_two_shares_have_no_file_in_common(account: Emulator) -> None:
    gateway = activated(account)
    share(account, gateway, LocationARN="arn:aws:s3:::files/unix/", FileShareName="unix")
    for location in ("arn:aws:s3:::files", "arn:aws:s3:::files/unix/old/"):
        with pytest.raises(Refused, match="overlaps"):
            share(account, gateway, LocationARN=location, FileShareName="other")
    share(account, gateway, LocationARN="arn:aws:s3:::files/documents/", FileShareName="documents")


def test_smb_has_to_know_who_may_sign_in(account: Emulator) -> None:
    gateway = activated(account)
    with pytest.raises(Refused, match="guest password"):
        share(account, gateway, "SMB", Authentication="GuestAccess")
    with pytest.raises(Refused, match="not joined"):
        share(account, gateway, "SMB", Authentication="ActiveDirectory")
    ask(account, "SetSMBGuestPassword", GatewayARN=gateway, Password="secret12")
    with pytest.raises(Refused, match="Active Directory only"):
        share(account, gateway, "SMB", Authentication="GuestAccess", ValidUserList=["@staff"])
    share(account, gateway, "SMB", Authentication="GuestAccess")


def test_a_share_that_gives_acls_to_a_bucket_without_acls_never_becomes_available(account: Emulator) -> None:
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    account.call("s3", "PutBucketOwnershipControls", {"Bucket": "files", "OwnershipControls": controls}, region=REGION)
    arn = share(account, activated(account), ObjectACL="bucket-owner-full-control")
    [found] = ask(account, "DescribeNFSFileShares", FileShareARNList=[arn])["NFSFileShareInfoList"]
    assert found["FileShareStatus"] == "UNAVAILABLE"


def test_gateways_and_shares_are_listed_tagged_and_deleted(account: Emulator) -> None:
    gateway = activated(account)
    arn = share(account, gateway)
    ask(account, "AddTagsToResource", ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    ask(account, "RemoveTagsFromResource", ResourceARN=arn, TagKeys=["a"])
    assert ask(account, "ListTagsForResource", ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert ask(account, "RefreshCache", FileShareARN=arn)["FileShareARN"] == arn
    assert [one["GatewayARN"] for one in ask(account, "ListGateways")["Gateways"]] == [gateway]
    ask(account, "DeleteFileShare", FileShareARN=arn)
    with pytest.raises(Refused, match="was not found"):
        ask(account, "DescribeNFSFileShares", FileShareARNList=[arn])
    ask(account, "DeleteGateway", GatewayARN=gateway)
    assert ask(account, "ListGateways")["Gateways"] == []


WORKDAY = {"StartHourOfDay": 8, "StartMinuteOfHour": 0, "EndHourOfDay": 17, "EndMinuteOfHour": 59, "DaysOfWeek": [1, 2]}
ENOUGH = {"AverageUploadRateLimitInBitsPerSec": 104_857_600}


@pytest.mark.parametrize(
    ("intervals", "message"),
    [
        ([{**WORKDAY, "AverageUploadRateLimitInBitsPerSec": 51_200}], "104857600 at least"),
        ([{**WORKDAY, **ENOUGH, "AverageDownloadRateLimitInBitsPerSec": 204_800}], "uploads only"),
        ([{**WORKDAY, **ENOUGH}, {**WORKDAY, **ENOUGH, "DaysOfWeek": [2], "StartHourOfDay": 17}], "overlap"),
        ([{**WORKDAY, **ENOUGH, "StartHourOfDay": 20}], "ends after it begins"),
    ],
)
def test_limits_of_uploads_are_refused_as_the_api_reference_says(
    account: Emulator, intervals: list[dict[str, Any]], message: str
) -> None:
    gateway = activated(account)
    with pytest.raises(Refused, match=message):
        ask(account, "UpdateBandwidthRateLimitSchedule", GatewayARN=gateway, BandwidthRateLimitIntervals=intervals)
    assert ask(account, "DescribeBandwidthRateLimitSchedule", GatewayARN=gateway)["BandwidthRateLimitIntervals"] == []


@pytest.mark.parametrize(
    ("operation", "request_", "message"),
    [
        ("refreshCaches", {}, "no operation refreshCaches"),
        ("refreshCache", {"FileShare": "arn:x"}, "FileShareARN is required.*FileShare is unknown"),
        ("refreshCache", {"FileShareARN": "arn:aws:storagegateway:x:1:share/share-12345678901234567890"}, None),
    ],
)
def test_what_a_schedule_asks_of_aws_by_itself_is_checked_before_the_time_comes(
    account: Emulator, operation: str, request_: dict[str, Any], message: str | None
) -> None:
    trust = '{"Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    role = account.call("iam", "CreateRole", {"RoleName": "clock", "AssumeRolePolicyDocument": trust}, region=REGION)["Role"]
    target = {
        "Arn": f"arn:aws:scheduler:::aws-sdk:storagegateway:{operation}",
        "RoleArn": role["Arn"],
        "Input": json.dumps(request_),
    }
    schedule = {"Name": "one", "ScheduleExpression": "rate(5 minutes)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": target}
    if message is None:
        account.call("scheduler", "CreateSchedule", schedule, region=REGION)
        return
    with pytest.raises(Refused, match=message):
        account.call("scheduler", "CreateSchedule", schedule, region=REGION)


def efs(account: Emulator, mode: str) -> dict[str, str]:
    made = account.call("efs", "CreateFileSystem", {"CreationToken": mode, "ThroughputMode": mode}, region=REGION)
    return {"FileSystemId": made["FileSystemId"]}


@pytest.mark.parametrize(
    ("mode", "policies", "message"),
    [
        ("elastic", [{"TransitionToIA": "AFTER_7_DAYS", "TransitionToArchive": "AFTER_90_DAYS"}], "single transition"),
        ("bursting", [{"TransitionToIA": "AFTER_7_DAYS"}, {"TransitionToArchive": "AFTER_90_DAYS"}], "Elastic throughput"),
        ("elastic", [{"TransitionToIA": "AFTER_90_DAYS"}, {"TransitionToArchive": "AFTER_30_DAYS"}], "later than"),
        ("elastic", [{"TransitionToArchive": "AFTER_30_DAYS"}], "later than"),
    ],
)
def test_efs_refuses_lifecycles_that_it_cannot_follow(
    account: Emulator, mode: str, policies: list[dict[str, str]], message: str
) -> None:
    request = {**efs(account, mode), "LifecyclePolicies": policies}
    with pytest.raises(Refused, match=message):
        account.call("efs", "PutLifecycleConfiguration", request, region=REGION)


def test_efs_has_no_backup_policy_until_one_is_put(account: Emulator) -> None:
    with pytest.raises(Refused, match="PolicyNotFound"):
        account.call("efs", "DescribeBackupPolicy", efs(account, "elastic"), region=REGION)
