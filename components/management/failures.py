"""Failures that leave no metric behind: the services tell EventBridge of them, and EventBridge tells the topic."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.management.args import Common


@dataclass(frozen=True)
class Failure:
    """One kind of event, and what people are told of it."""

    description: str
    source: str
    detail_type: str
    detail: Mapping[str, pulumi.Input[Any]]
    """Which fields of the event have which of these values."""
    resources: pulumi.Input[list[Any]] | None
    """What it happens to. None: `detail` tells."""
    paths: Mapping[str, str]
    """Where in the event the words of `text` are found."""
    text: str


class FailuresArgs(Common):
    """What Failures takes."""

    topic_arn: pulumi.Input[str]
    """The topic that is told."""
    window_ids: Mapping[str, pulumi.Input[str]]
    """The maintenance windows."""
    migration_task_arns: Mapping[str, pulumi.Input[str]]
    """The DMS tasks, by source."""
    cluster_name: pulumi.Input[str] | None
    """The ECS cluster, if it has services."""


class Failures(pulumi.ComponentResource):
    """People hear of patching, migrations and deployments that failed, for which no alarm can ring."""

    def __init__(self, name: str, args: FailuresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:Failures", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        for kind, failure in _failures(args).items():
            pattern: dict[str, Any] = {
                "source": [failure.source],
                "detail-type": [failure.detail_type],
                "detail": {**failure.detail},
            }
            if failure.resources is not None:
                pattern["resources"] = failure.resources
            rule = aws.cloudwatch.EventRule(
                f"{name}-{kind}",
                description=failure.description,
                event_pattern=pulumi.Output.json_dumps(pattern),
                tags={**args["tags"], "Name": f"{name}-{kind}"},
                region=args["region"],
                opts=child,
            )
            aws.cloudwatch.EventTarget(
                f"{name}-{kind}",
                rule=rule.name,
                target_id="topic",
                arn=args["topic_arn"],
                # A template that is no object is a JSON string.
                input_transformer={"input_paths": {**failure.paths}, "input_template": json.dumps(failure.text)},
                region=args["region"],
                opts=child,
            )
        self.register_outputs({})


def _failures(args: FailuresArgs) -> dict[str, Failure]:
    """What may fail here, by the name of its rule."""
    failures = {"patching": _patching(args)}
    # A task that has stopped reports no latency, so that its alarms fall silent while the source keeps its log for it.
    # A rule for each, since the event does not tell a task by the name of its source.
    failures |= {f"migration-{source}": _migration(source, arn) for source, arn in args["migration_task_arns"].items()}
    if args["cluster_name"] is not None:
        failures["deployments"] = _deployments(args, args["cluster_name"])
    return failures


def _patching(args: FailuresArgs) -> Failure:
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html"""
    return Failure(
        "A maintenance window of patching failed or ran out of time",
        "aws.ssm",
        "Maintenance Window Execution State-change Notification",
        {"window-id": list(args["window_ids"].values()), "status": ["FAILED", "TIMED_OUT"]},
        None,
        {"window": "$.detail.window-id", "status": "$.detail.status"},
        "Patching did not succeed: maintenance window <window> ended as <status>. Its history in Systems Manager tells on "
        "which hosts, the log group of commands why.",
    )


def _migration(source: str, arn: pulumi.Input[str]) -> Failure:
    """https://docs.aws.amazon.com/dms/latest/userguide/CHAP_EventBridge.html"""
    return Failure(
        f"The migration of {source} failed or stopped",
        "aws.dms",
        "DMS Replication Task State Change",
        {"eventType": ["REPLICATION_TASK_FAILED", "REPLICATION_TASK_STOPPED"]},
        [arn],
        {"what": "$.detail.eventType", "why": "$.detail.detailMessage"},
        f"The migration of {source} does not run: <what>, <why> Read the log of its task, and resume it before the log that "
        "the source keeps for it fills its disk.",
    )


def _deployments(args: FailuresArgs, cluster: pulumi.Input[str]) -> Failure:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html"""
    services = pulumi.Output.concat(
        "arn:", args["partition"], f":ecs:{args['region']}:", args["account"], ":service/", cluster, "/*"
    )
    return Failure(
        "A deployment of a workload failed and was rolled back",
        "aws.ecs",
        "ECS Deployment State Change",
        {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
        [{"wildcard": services}],
        {"service": "$.resources[0]", "why": "$.detail.reason"},
        "A deployment failed, and the tasks of before run on: <service>, <why> See the events of the service and its logs.",
    )
