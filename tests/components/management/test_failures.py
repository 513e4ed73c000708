"""What fails without a metric: events as AWS documents them, and which rule tells of them."""

import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from tests.components.management.support import bare, full, managed
from tests.recorder import ACCOUNT, REGION, Graph

RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return managed()


def window(window_id: str, status: str) -> dict[str, Any]:
    return {
        "source": "aws.ssm",
        "detail-type": "Maintenance Window Execution State-change Notification",
        "resources": [f"arn:aws:ssm:{REGION}:{ACCOUNT}:maintenancewindow/{window_id}"],
        "detail": {"window-id": window_id, "window-execution-id": "14bea65d-5ccc-462d-a2f3-e99c8EXAMPLE", "status": status},
    }


def task(identifier: str, event: str) -> dict[str, Any]:
    return {
        "source": "aws.dms",
        "detail-type": "DMS Replication Task State Change",
        "resources": [f"arn:aws:dms:{REGION}:{ACCOUNT}:task:{identifier}"],
        "detail": {"type": "REPLICATION_TASK", "category": "StateChange", "eventType": event, "detailMessage": "It is so."},
    }


def deployment(service: str, event: str) -> dict[str, Any]:
    return {
        "source": "aws.ecs",
        "detail-type": "ECS Deployment State Change",
        "resources": [f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/{service}"],
        "detail": {"eventType": "ERROR", "eventName": event, "deploymentId": "ecs-svc/123", "reason": "tasks failed to start."},
    }


SCAN = "management-patching-scan-id"
EVENTS: list[tuple[dict[str, Any], str | None]] = [
    (window(SCAN, "FAILED"), "patching"),
    (window(SCAN, "TIMED_OUT"), "patching"),
    (window(SCAN, "SUCCESS"), None),
    (window("mw-0c50858d01EXAMPLE", "FAILED"), None),
    (task("ABCDEF", "REPLICATION_TASK_FAILED"), "migration-crm"),
    (task("ABCDEF", "REPLICATION_TASK_STOPPED"), "migration-crm"),
    (task("ABCDEF", "REPLICATION_TASK_STARTED"), None),
    (task("OTHERS", "REPLICATION_TASK_FAILED"), None),
    (deployment("platform-cluster/shop", "SERVICE_DEPLOYMENT_FAILED"), "deployments"),
    (deployment("platform-cluster/shop", "SERVICE_DEPLOYMENT_COMPLETED"), None),
    (deployment("platform-cluster-of-others/shop", "SERVICE_DEPLOYMENT_FAILED"), None),
]


@pytest.mark.parametrize(("event", "rule"), EVENTS, ids=[str(position) for position in range(len(EVENTS))])
def test_each_failure_is_told_by_its_own_rule_and_nothing_else_is(
    graph: Graph, event: dict[str, Any], rule: str | None
) -> None:
    told = [
        made.name.removeprefix("management-failures-")
        for made in graph.created(RULE)
        if EventPattern.load(made.inputs["eventPattern"]).matches_event(event)  # type: ignore[arg-type]
    ]
    assert told == ([rule] if rule else [])


def test_every_rule_tells_the_topic_in_words(graph: Graph) -> None:
    assert graph.names(RULE) == graph.names(TARGET)
    for target in graph.created(TARGET):
        assert target.inputs["rule"] == target.name
        assert target.inputs["arn"].endswith("/management-topic")
        text = json.loads(target.inputs["inputTransformer"]["inputTemplate"])
        assert all(f"<{word}>" in text for word in target.inputs["inputTransformer"]["inputPaths"])


def test_only_what_there_is_can_fail() -> None:
    assert managed(bare()).names(RULE) == ["management-failures-patching"]
    without_services = managed(full(service_names={}, migration_task_arns=None))
    assert without_services.names(RULE) == ["management-failures-patching"]
