"""How far a task of DMS is, from what its API answers: page by page, with the latency of the last minutes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from migration.replication import Dms, State
from migration.words import Stop

TASK = "arn:aws:dms:eu-west-1:123456789012:task:ABC"
Answered = Callable[..., Dms]


@pytest.fixture(name="answered")
def _answered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answered]:
    """A task whose API gives these answers, in this order and for exactly these questions; `points` is the latency."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    clients = {name: boto3.client(name, region_name="eu-west-1") for name in ("dms", "cloudwatch")}
    monkeypatch.setattr(boto3, "client", lambda name, region_name: clients[name])
    with ExitStack() as stack:

        def make(*answers: tuple[str, dict[str, Any], dict[str, Any]], points: list[dict[str, Any]] | None = None) -> Dms:
            stubs = {name: stack.enter_context(Stubber(client)) for name, client in clients.items()}
            for operation, answer, asked in answers:
                stubs["dms"].add_response(operation, answer, asked)
            stubs["cloudwatch"].add_response("get_metric_statistics", {"Datapoints": points or []}, METRIC)
            return Dms("erp", "eu-west-1")

        yield make


METRIC = {
    "Namespace": "AWS/DMS",
    "MetricName": "CDCLatencyTarget",
    "StartTime": ANY,
    "EndTime": ANY,
    "Period": 60,
    "Statistics": ["Maximum"],
    "Dimensions": [
        {"Name": "ReplicationInstanceIdentifier", "Value": "one"},
        {"Name": "ReplicationTaskIdentifier", "Value": "ABC"},
    ],
}


def task(status: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    described = {
        "ReplicationTaskArn": TASK,
        "ReplicationInstanceArn": "instance",
        "Status": status,
        "ReplicationTaskStats": {"FullLoadProgressPercent": 75},
    }
    asked = {"Filters": [{"Name": "replication-task-id", "Values": ["erp"]}], "WithoutSettings": True}
    return "describe_replication_tasks", {"ReplicationTasks": [described]}, asked


def tables(asked: dict[str, Any], *, marker: str = "", **states: tuple[str, str]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    statistics = [
        {"SchemaName": "public", "TableName": name, "TableState": table, "ValidationState": validation}
        for name, (table, validation) in states.items()
    ]
    answer: dict[str, Any] = {"TableStatistics": statistics} | ({"Marker": marker} if marker else {})
    return "describe_table_statistics", answer, {"ReplicationTaskArn": TASK, **asked}


INSTANCE = (
    "describe_replication_instances",
    {"ReplicationInstances": [{"ReplicationInstanceIdentifier": "one"}]},
    {"Filters": [{"Name": "replication-instance-arn", "Values": ["instance"]}]},
)


def test_every_page_of_tables_counts_and_the_last_latency(answered: Answered) -> None:
    now = datetime.now(UTC)
    dms = answered(
        task("running"),
        tables({}, marker="2", good=("Table completed", "Validated"), loading=("Full load", "Not enabled")),
        tables({"Marker": "2"}, bad=("Table completed", "Mismatched records"), late=("Table completed", "Pending records")),
        INSTANCE,
        points=[{"Timestamp": now, "Maximum": 4.0}, {"Timestamp": now - timedelta(minutes=1), "Maximum": 9.0}],
    )
    wrong = ["public.bad: Table completed, validation Mismatched records, 0 failed rows"]
    assert dms.state() == State("running", True, 75, 4.0, wrong, ["public.loading", "public.late"])


def test_a_task_that_stopped_does_not_run_and_nobody_knows_its_latency(answered: Answered) -> None:
    dms = answered(task("stopped"), tables({}, one=("Table error", "")), INSTANCE)
    assert dms.state() == State("stopped", False, 75, None, ["public.one: Table error, validation none, 0 failed rows"], [])


def test_only_a_task_that_runs_is_stopped(answered: Answered) -> None:
    answered(task("running"), ("stop_replication_task", {}, {"ReplicationTaskArn": TASK})).stop()


def test_a_task_that_is_not_there_is_told_with_what_to_do(answered: Answered) -> None:
    operation, _, asked = task("running")
    with pytest.raises(Stop, match=r"no task erp; set migration\.stage to replicate"):
        answered((operation, {"ReplicationTasks": []}, asked)).state()
