"""The whole program with several File Gateways: each with disks, shares, alarms and drills of its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.settings import of_config
from onpremises.facts import Facts, Region
from onpremises.files import files
from onpremises.firewall.beside import beside
from proofs.drills.drill import drill
from proofs.drills.graph import Graphs
from report.bill import billed
from report.data import data
from report.picture import derive
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACK = Path(__file__).parent / "stacks" / "storage-gateways.yaml"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


@pytest.fixture(scope="module")
def result() -> Iterator[Result]:
    with rehearsed_stack(STACK) as made:
        assert made.good, made.report
        yield made


def test_each_gateway_that_has_a_key_is_there_with_its_own_cache(result: Result) -> None:
    listed = result.aws.call("storagegateway", "ListGateways", {}, region=REGION)["Gateways"]
    assert sorted(one["GatewayName"] for one in listed) == ["busan", "seoul"]
    disks = {
        one["GatewayName"]: result.aws.call(
            "storagegateway", "ListLocalDisks", {"GatewayARN": one["GatewayARN"]}, region=REGION
        )
        for one in listed
    }
    cache = {name: [disk["DiskPath"] for disk in of["Disks"]] for name, of in disks.items()}
    assert cache == {"seoul": ["/dev/sdb"], "busan": ["/dev/vdb", "/dev/vdc"]}
    assert all(disk["DiskAllocationType"] == "CACHE STORAGE" for of in disks.values() for disk in of["Disks"])


def test_what_the_schedules_ask_is_taken_by_the_gateway(result: Result) -> None:
    for schedule in result.created("aws:scheduler/schedule:Schedule"):
        target = schedule.inputs["target"]
        operation = target["arn"].rsplit(":", 1)[-1]
        result.aws.call("storagegateway", operation[0].upper() + operation[1:], json.loads(target["input"]), region=REGION)
    busan = {"GatewayARN": result.one("aws:storagegateway/gateway:Gateway", "storage-gateway-busan").id}
    limits = result.aws.call("storagegateway", "DescribeBandwidthRateLimitSchedule", busan, region=REGION)
    assert [one["AverageUploadRateLimitInBitsPerSec"] for one in limits["BandwidthRateLimitIntervals"]] == [
        209_715_200,
        419_430_400,
    ]


def test_each_gateway_rings_by_itself(result: Result) -> None:
    dirty = {
        dict(node.inputs["dimensions"])["GatewayName"]: node.inputs["alarmDescription"]
        for node in result.created(ALARM)
        if node.inputs.get("metricName") == "CachePercentDirty"
    }
    assert set(dirty) == {"seoul", "busan"}
    assert "Cache of the file gateway busan, %" in result.one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"]
    assert dirty["busan"].startswith("Gateway busan. ")


def test_each_gateway_is_a_failure_of_its_own(result: Result) -> None:
    down: dict[str, set[str]] = {}
    for one in drill([result]).results:
        if one.outcome == "down" and one.failure.name.startswith("gateway VM"):
            down.setdefault(one.failure.subject, set()).add(one.function.subject)
    assert down == {"busan": {"busan smb", "busan smb-scans"}, "seoul": {"", "nfs-projects"}}


def test_the_kit_has_a_sheet_and_openings_for_each_gateway_one_without_a_key_among_them(result: Result) -> None:
    settings = of_config(result.stack.config, REGION, project="hybridge", stack="storage-gateways")
    facts = Facts((Region("storage-gateways", settings, {}),), ())
    sheets = {name: text for name, text in files(facts).items() if name.endswith(".md")}
    assert sorted(sheets) == ["README.md", "busan.md", "jeju.md"]
    assert "/dev/vdb, /dev/vdc" in sheets["busan.md"] and "| 08:00 to 18:30 | 200 |" in sheets["busan.md"]
    assert "SMB `scans` (busan/scans/) | @scanners" in sheets["busan.md"] and "servers/join.sh" not in sheets["busan.md"]
    assert "`storage.fileGateways[1].activationKey`" in sheets["jeju.md"]
    assert "What AWS writes into /incoming of `projects`" in sheets["README.md"]
    to = {(one.to_whom, one.ports, one.why) for one in beside(settings)}
    assert ("the VM of the File Gateway busan", "445", "storage.fileGateways[0].smb") in to
    assert ("the VM of the File Gateway seoul", "2049", "storage.fileGateway.moreNfs[0]") in to


def test_each_gateway_is_in_the_picture_in_the_bill_and_among_what_keeps_data(result: Result) -> None:
    names = [shape.detail[0] for shape in derive([result]).shapes if shape.kind == "file-gateway"]
    assert sorted(names) == ["busan", "seoul"]
    assert [line.quantity for line in billed(result) if line.what == "File Gateway"] == [2.0]
    readers = {one.names: one.readers for one in data(Graphs([result]), []) if one.kind == "cache of the File Gateway"}
    assert readers == {
        ("busan",): ("users of its SMB shares",),
        ("seoul",): ("NFS clients of 10.0.0.0/16, 10.0.8.0/24, 192.168.0.0/16",),
    }
