"""What fails without a metric: events as AWS documents them, and which rule tells of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from moto.events.models import EventPattern

from tests.components.management.support import bare, full, managed
from tests.recorder import ACCOUNT, REGION, Graph

PAGER = f"arn:aws:sns:{REGION}:{ACCOUNT}:pager"
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


def association(identifier: str, status: str) -> dict[str, Any]:
    return {
        "source": "aws.ssm",
        "detail-type": "EC2 State Manager Association State Change",
        "resources": [f"arn:aws:ssm:{REGION}::document/AWS-UpdateSSMAgent"],
        "detail": {"association-id": identifier, "document-name": "AWS-UpdateSSMAgent", "status": status},
    }


def rds(identifier: str, event: str, *categories: str) -> dict[str, Any]:
    return {
        "source": "aws.rds",
        "detail-type": "RDS DB Instance Event",
        "resources": [f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{identifier}"],
        "detail": {
            "EventCategories": list(categories),
            "SourceType": "DB_INSTANCE",
            "SourceIdentifier": identifier,
            "Message": "It is so.",
            "EventID": event,
        },
    }


def health(service: str, category: str, region: str = REGION, page: str = "1") -> dict[str, Any]:
    return {
        "source": "aws.health",
        "detail-type": "AWS Health Event",
        "resources": [],
        "detail": {
            "eventArn": f"arn:aws:health:{region}::event/{service}/X/Y",
            "service": service,
            "eventTypeCode": f"AWS_{service}_MAINTENANCE_SCHEDULED",
            "eventTypeCategory": category,
            "eventRegion": region,
            "startTime": "Sat, 05 Dec 2026 15:00:00 GMT",
            "page": page,
            "totalPages": "2",
        },
    }


SCAN = "management-patching-scan-id"
UPDATE = "management-hosts-update-id"
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
    (association(UPDATE, "Failed"), "agents"),
    (association(UPDATE, "Success"), None),
    (association("8dfe3659-4309-493a-8755-EXAMPLE", "Failed"), None),
    (rds("database-1", "RDS-EVENT-0013", "failover"), None),
    (rds("database-1", "RDS-EVENT-0049", "failover"), "database"),
    (rds("database-1", "RDS-EVENT-0007", "low storage"), "database"),
    (rds("database-bi-1", "RDS-EVENT-0045", "read replica"), "database"),
    (rds("database-1", "RDS-EVENT-0002", "backup"), None),
    (rds("of-others", "RDS-EVENT-0049", "failover"), None),
    (health("DIRECTCONNECT", "scheduledChange"), "health"),
    (health("EC2", "issue"), "health"),
    (health("EC2", "issue", page="2"), None),
    (health("EC2", "issue", region="eu-west-1"), None),
    (health("BILLING", "accountNotification"), None),
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


def test_every_rule_tells_the_topic_in_words_and_where_the_runbook_goes_on(graph: Graph) -> None:
    book = Path("docs/operations.md").read_text().partition(". When it rings\n")[2]
    assert graph.names(RULE) == graph.names(TARGET)
    for target in graph.created(TARGET):
        assert target.inputs["rule"] == target.name
        assert target.inputs["arn"].endswith("/management-topic")
        text = json.loads(target.inputs["inputTransformer"]["inputTemplate"])
        assert all(f"<{word}>" in text for word in target.inputs["inputTransformer"]["inputPaths"])
        assert f"\n### {text.rsplit('When it rings, ', 1)[1].rstrip('.')}\n" in book


def test_other_topics_are_told_the_same_and_a_chat_what_it_can_read() -> None:
    alarms = {"topic_arns": [PAGER], "slack": {"workspace_id": "T07EA123LEP", "channel_id": "C07EZ1ABC23"}}
    graph = managed(full(alarms=alarms))
    told = {
        target.inputs["targetId"]: target.inputs
        for target in graph.created(TARGET)
        if target.inputs["rule"] == "management-failures-health"
    }
    assert set(told) == {"topic", "other-1", "chat"}
    assert told["other-1"]["arn"] == PAGER
    assert told["other-1"]["inputTransformer"] == told["topic"]["inputTransformer"]
    # https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifications.html
    message = json.loads(told["chat"]["inputTransformer"]["inputTemplate"])
    assert (message["version"], message["source"]) == ("1.0", "custom")
    assert message["content"]["description"] == json.loads(told["topic"]["inputTransformer"]["inputTemplate"])
    assert told["chat"]["arn"].endswith("/management-chat-topic")


def test_only_what_there_is_can_fail() -> None:
    assert managed(bare()).names(RULE) == [f"management-failures-{kind}" for kind in ("agents", "health", "patching")]
    without = managed(full(service_names={}, migration_task_arns=None, database_identifier=None, replica_identifiers=None))
    assert without.names(RULE) == [f"management-failures-{kind}" for kind in ("agents", "health", "patching")]
