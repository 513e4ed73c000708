"""Several gateways, several shares, and what uploads may take of the link."""

import json
from typing import Any

from botocore.session import Session

from components.hybrid_storage.by_the_clock import interval
from tests.components.hybrid_storage.support import KEY, LOCAL_DISK, storage
from tests.recorder import ACCOUNT, REGION, Graph

GATEWAY = "aws:storagegateway/gateway:Gateway"
NFS = "aws:storagegateway/nfsFileShare:NfsFileShare"
SMB = "aws:storagegateway/smbFileShare:SmbFileShare"
SCHEDULE = "aws:scheduler/schedule:Schedule"
BUSAN = {
    "name": "busan",
    "activationKey": "OTHER-KEY",
    "cacheDiskPath": "/dev/vdb",
    "smb": {"prefix": "busan/", "domain": {"name": "corp.example", "username": "join", "password": "secret12"}},
    "moreSmb": [{"shareName": "scans", "prefix": "scans/", "validUsers": ["@scanners"], "refresh": {"folders": ["/"]}}],
}


def made(**more: Any) -> Graph:
    first = {"activationKey": KEY, "nfs": {"prefix": "seoul/"}}
    return storage({"fileGateway": {**first, **more}, "fileGateways": [BUSAN, {"name": "jeju", "nfs": {"prefix": "jeju/"}}]})


def test_each_gateway_with_a_key_is_made_and_the_first_keeps_its_names() -> None:
    graph = made()
    assert {one.name: one.inputs["gatewayName"] for one in graph.created(GATEWAY)} == {
        "storage-gateway": "hybridge-files",
        "storage-gateway-busan": "busan",
    }
    assert [one.name for one in graph.created(NFS)] == ["storage-gateway-nfs"]
    told = graph.outputs[graph.one("hybridge:index:HybridStorage").urn]
    assert told["gateway_arns"] == {"busan": f"arn:aws:storagegateway:{REGION}:{ACCOUNT}:Gateway/storage-gateway-busan"}


def test_each_gateway_has_its_own_disks_and_a_role_for_its_own_parts_of_the_bucket() -> None:
    graph = made()
    asked = [(args["diskPath"], args["gatewayArn"].rsplit("/", 1)[-1]) for token, args in graph.calls if token == LOCAL_DISK]
    assert sorted(asked) == [("/dev/sdb", "storage-gateway"), ("/dev/vdb", "storage-gateway-busan")]
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", name="storage-gateway-busan-shares").inputs["policy"])
    [files] = [one for one in policy["Statement"] if one["Sid"] == "ReadAndWriteFiles"]
    assert files["Resource"] == ["arn:aws:s3:::storage-files/busan/*", "arn:aws:s3:::storage-files/scans/*"]
    trusts = graph.one("aws:iam/role:Role", name="storage-gateway-busan-shares").inputs["assumeRolePolicy"]
    assert "Gateway/storage-gateway-busan" in trusts


def test_further_shares_stand_beside_the_first_with_the_same_sign_in() -> None:
    graph = made(moreNfs=[{"shareName": "projects", "prefix": "projects/", "clients": ["10.0.8.0/24"]}])
    nfs = graph.one(NFS, name="storage-gateway-nfs-projects").inputs
    assert (nfs["fileShareName"], nfs["locationArn"]) == ("projects", "arn:aws:s3:::storage-files/projects/")
    assert nfs["clientLists"] == ["10.0.8.0/24"]
    smb = graph.one(SMB, name="storage-gateway-busan-smb-scans").inputs
    assert (smb["authentication"], smb["smbAclEnabled"], smb["validUserLists"]) == ("ActiveDirectory", True, ["@scanners"])
    assert smb["gatewayArn"].endswith("Gateway/storage-gateway-busan")


def test_a_refresh_is_of_its_own_share_and_its_name_fits() -> None:
    graph = made()
    schedule = graph.one(SCHEDULE)
    assert len(f"{schedule.name}-1234567") <= 64
    asked = json.loads(schedule.inputs["target"]["input"])
    assert asked["FileShareARN"].endswith("storage-gateway-busan-smb-scans")


def test_limits_are_told_every_hour_in_the_words_of_the_api_to_the_one_gateway() -> None:
    limit = {"days": ["Friday", "Monday"], "start": "08:00", "end": "18:30", "mebibits": 200}
    graph = made(uploadLimits=[limit, {"start": "18:30", "mebibits": 400}])
    schedule = graph.one(SCHEDULE, name="storage-gateway-uploads").inputs
    assert schedule["scheduleExpression"] == "rate(60 minutes)"
    assert schedule["target"]["arn"] == "arn:aws:scheduler:::aws-sdk:storagegateway:updateBandwidthRateLimitSchedule"
    asked = json.loads(schedule["target"]["input"])
    model = Session().get_service_model("storagegateway").operation_model("UpdateBandwidthRateLimitSchedule").input_shape
    assert set(asked) == set(model.members)
    assert asked["BandwidthRateLimitIntervals"] == [
        {
            "DaysOfWeek": [1, 5],
            "StartHourOfDay": 8,
            "StartMinuteOfHour": 0,
            "EndHourOfDay": 18,
            "EndMinuteOfHour": 29,
            "AverageUploadRateLimitInBitsPerSec": 209_715_200,
        },
        {
            "DaysOfWeek": [0, 1, 2, 3, 4, 5, 6],
            "StartHourOfDay": 18,
            "StartMinuteOfHour": 30,
            "EndHourOfDay": 23,
            "EndMinuteOfHour": 59,
            "AverageUploadRateLimitInBitsPerSec": 419_430_400,
        },
    ]
    [allowed] = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", name="storage-gateway-uploads").inputs["policy"])[
        "Statement"
    ]
    assert (allowed["Action"], allowed["Resource"]) == (
        "storagegateway:UpdateBandwidthRateLimitSchedule",
        asked["GatewayARN"],
    )


def test_an_interval_ends_with_the_minute_before_the_end() -> None:
    limit = interval({"days": ["Sunday"], "start": "00:00", "end": "01:00", "mebibits": 100})
    assert (limit["EndHourOfDay"], limit["EndMinuteOfHour"]) == (0, 59)


def test_nothing_is_said_of_limits_unless_asked_and_an_empty_list_takes_them_away() -> None:
    assert "storage-gateway-uploads" not in {one.name for one in made().created(SCHEDULE)}
    emptied = made(uploadLimits=[]).one(SCHEDULE, name="storage-gateway-uploads").inputs["target"]["input"]
    assert json.loads(emptied)["BandwidthRateLimitIntervals"] == []
