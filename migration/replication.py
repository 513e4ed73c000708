"""Who moves the rows, and how far it is: DMS by its API, PostgreSQL's own replication by its views."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from migration.connect import connected, rows
from migration.plan import Plan
from migration.words import Stop

GOOD_VALIDATION = frozenset({"Validated", "Not enabled", "No primary key", ""})
"""States of a table's validation that ask for nothing. https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Validating.html"""
WAITING = frozenset({"Pending records", "Pending validation", "Pending revalidation"})


@dataclass(frozen=True)
class State:
    """How far a replication is."""

    status: str
    """In its own word: running, stopped, streaming."""
    runs: bool
    loaded_percent: int
    latency_seconds: float | None
    """What the target is behind; None: not known."""
    wrong: list[str] = field(default_factory=list)
    """Tables that were set aside, that failed, or whose validation failed."""
    waiting: list[str] = field(default_factory=list)
    """Tables that are still being loaded or validated."""


class Replication(Protocol):
    """What the cutover asks of it."""

    def state(self) -> State:
        """How far it is now."""
        ...

    def stop(self) -> None:
        """End it for good, so that nothing more arrives in AWS."""
        ...


class Native:
    """A publication at the source, a subscription in AWS."""

    def __init__(self, source: str, target: str, plan: Plan) -> None:
        self._source, self._target, self._name = source, target, plan.identifier("to_aws")

    def state(self) -> State:
        """From both servers' views."""
        with connected(self._source) as old, connected(self._target) as new:
            sent = rows(
                old,
                """SELECT r.state, extract(epoch FROM coalesce(r.replay_lag, '0')), pg_wal_lsn_diff(pg_current_wal_lsn(),
                r.replay_lsn)
                   FROM pg_stat_replication r WHERE application_name = %(n)s""",
                {"n": self._name},
            )
            tables = rows(
                new,
                """SELECT srrelid::regclass::text, srsubstate FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid =
                srsubid
                   WHERE subname = %(n)s ORDER BY 1""",
                {"n": self._name},
            )
        if not tables:
            return State("not started", runs=False, loaded_percent=0, latency_seconds=None)
        waiting = [str(name) for name, state in tables if state not in {"r", "s"}]
        loaded = 100 * (len(tables) - len(waiting)) // len(tables)
        if not sent:
            return State("not connected", runs=False, loaded_percent=loaded, latency_seconds=None, waiting=waiting)
        status, lag, behind = sent[0]
        latency = 0.0 if behind is not None and behind <= 0 else float(lag or 0)
        return State(str(status), runs=status == "streaming", loaded_percent=loaded, latency_seconds=latency, waiting=waiting)

    def stop(self) -> None:
        """Drop the subscription, and its slot with it."""
        with connected(self._target, writes=True) as new:
            if rows(new, "SELECT 1 FROM pg_subscription WHERE subname = %(n)s", {"n": self._name}):
                new.execute(f'DROP SUBSCRIPTION "{self._name}"')


class Dms:
    """A task of DMS, by the AWS API of the environment's credentials and region."""

    def __init__(self, task: str, region: str) -> None:
        import boto3  # noqa: PLC0415

        self._task, self._dms = task, boto3.client("dms", region_name=region)
        self._metrics = boto3.client("cloudwatch", region_name=region)

    def _described(self) -> dict[str, Any]:
        found = self._asked(
            "describe_replication_tasks",
            Filters=[{"Name": "replication-task-id", "Values": [self._task]}],
            WithoutSettings=True,
        )
        tasks: list[dict[str, Any]] = found["ReplicationTasks"]
        if not tasks:
            raise Stop(f"DMS has no task {self._task}; set migration.stage to replicate and deploy it")
        return tasks[0]

    def _asked(self, operation: str, **params: Any) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            answer: dict[str, Any] = getattr(self._dms, operation)(**params)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "ResourceNotFoundFault":
                raise Stop(f"DMS has no task {self._task}; set migration.stage to replicate and deploy it") from None
            raise Stop(f"DMS, {operation}: {error}") from None
        except BotoCoreError as error:
            raise Stop(f"DMS, {operation}: {error}; set AWS_PROFILE and AWS_REGION for the account of the stack") from None
        return answer

    def state(self) -> State:
        """Task, statistics of its tables, latency of the target."""
        task = self._described()
        statistics, marker = list[dict[str, Any]](), None
        while True:
            page = self._asked(
                "describe_table_statistics",
                ReplicationTaskArn=task["ReplicationTaskArn"],
                **({"Marker": marker} if marker else {}),
            )
            statistics += page.get("TableStatistics", [])
            marker = page.get("Marker")
            if not marker:
                break
        wrong, waiting = [], []
        for one in statistics:
            name, validation = f"{one.get('SchemaName')}.{one.get('TableName')}", one.get("ValidationState", "")
            if one.get("TableState") in {"Table error", "Error"} or validation in {
                "Mismatched records",
                "Table error",
                "Suspended records",
                "Error",
            }:
                wrong.append(
                    f"{name}: {one.get('TableState')}, validation {validation or 'none'}, "
                    f"{one.get('ValidationFailedRecords', 0)} failed rows"
                )
            elif one.get("TableState") != "Table completed" or validation in WAITING:
                waiting.append(name)
        percent = int(task.get("ReplicationTaskStats", {}).get("FullLoadProgressPercent", 0))
        status = str(task["Status"])
        return State(status, status == "running", percent, self._latency(task), wrong, waiting)

    def _latency(self, task: dict[str, Any]) -> float | None:
        from datetime import UTC, datetime, timedelta  # noqa: PLC0415

        now = datetime.now(UTC)
        instance = self._asked(
            "describe_replication_instances",
            Filters=[{"Name": "replication-instance-arn", "Values": [task["ReplicationInstanceArn"]]}],
        )
        identifiers = [one["ReplicationInstanceIdentifier"] for one in instance["ReplicationInstances"]]
        found = self._metrics.get_metric_statistics(
            Namespace="AWS/DMS",
            MetricName="CDCLatencyTarget",
            StartTime=now - timedelta(minutes=10),
            EndTime=now,
            Period=60,
            Statistics=["Maximum"],
            Dimensions=[
                {"Name": "ReplicationInstanceIdentifier", "Value": identifiers[0] if identifiers else ""},
                {"Name": "ReplicationTaskIdentifier", "Value": str(task["ReplicationTaskArn"]).rsplit(":", 1)[-1]},
            ],
        )["Datapoints"]
        return float(max(found, key=lambda point: point["Timestamp"])["Maximum"]) if found else None

    def stop(self) -> None:
        """Stop the task; it is removed by `migration.stage: done`."""
        task = self._described()
        if task["Status"] == "running":
            self._asked("stop_replication_task", ReplicationTaskArn=task["ReplicationTaskArn"])


def of(plan: Plan, source: str, target: str, *, task: str, region: str) -> Replication:
    """The replication of a plan."""
    return Native(source, target, plan) if plan.way == "native" else Dms(task, region)
