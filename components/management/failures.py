"""Failures that leave no metric behind: the services tell EventBridge of them, and EventBridge tells the topic."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.management.args import Common
from components.management.runbook import with_runbook

RDS_FAILURES = ("failure", "low storage")
"""Categories of which each event is told."""
RDS_EVENTS = (
    "RDS-EVENT-0049",  # a failover is complete; that it began, and each of its steps, is not told again
    "RDS-EVENT-0034",  # a failover that was asked for is not done, for there was one just now
    "RDS-EVENT-0045",  # a replica has stopped
    "RDS-EVENT-0057",  # a replica is told to stop
)
"""Further events. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html"""

HEALTH_SERVICES = (
    "BACKUP", "DIRECTCONNECT", "DMS", "EBS", "EC2", "ECR", "ECS", "ELASTICFILESYSTEM", "ELASTICLOADBALANCING", "KMS",
    "NATGATEWAY", "RDS", "ROUTE53RESOLVER", "S3", "SECRETSMANAGER", "SSM", "STORAGEGATEWAY", "TRANSITGATEWAY", "VPC", "VPN",
)  # fmt: skip
"""AWS Health's names of what is in use here: of other services of the account others hear."""


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
    association_ids: Sequence[pulumi.Input[str]]
    """What keeps agents current on hosts."""
    database_identifiers: Sequence[pulumi.Input[str]]
    """The DB instance and its replicas."""
    other_topic_arns: Sequence[str]
    """Further topics that are told."""
    chat_topic_arn: pulumi.Input[str] | None
    """The topic of a chat, which takes no plain words."""
    job_families: Mapping[str, pulumi.Input[str]]
    """Jobs, to what all revisions of their task definitions are called."""


class Failures(pulumi.ComponentResource):
    """People hear of what failed, broke or will be taken away, for which no alarm can ring."""

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
            text = with_runbook(kind, failure.text)
            for target, arn, template in _told(args, failure, text):
                aws.cloudwatch.EventTarget(
                    f"{name}-{kind}" if target == "topic" else f"{name}-{kind}-{target}",
                    rule=rule.name,
                    target_id=target,
                    arn=arn,
                    input_transformer={"input_paths": {**failure.paths}, "input_template": json.dumps(template)},
                    region=args["region"],
                    opts=child,
                )
        self.register_outputs({})


def _told(args: FailuresArgs, failure: Failure, text: str) -> Iterator[tuple[str, pulumi.Input[str], Any]]:
    """Each target of a rule: its id, its topic, the template of what is told."""
    # A template that is no object is a JSON string.
    yield "topic", args["topic_arn"], text
    for position, arn in enumerate(args["other_topic_arns"], start=1):
        yield f"other-{position}", arn, text
    if args["chat_topic_arn"] is not None:
        # https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifications.html
        content = {"textType": "client-markdown", "title": failure.description, "description": text}
        yield "chat", args["chat_topic_arn"], {"version": "1.0", "source": "custom", "content": content}


def _failures(args: FailuresArgs) -> dict[str, Failure]:
    """What may fail here, by the name of its rule."""
    failures = {"patching": _patching(args), "health": _health(args["region"])}
    if args["association_ids"]:
        failures["agents"] = _agents(args)
    if args["database_identifiers"]:
        failures["database"] = _database(args)
    # A task that has stopped reports no latency, so that its alarms fall silent while the source keeps its log for it.
    # A rule for each, since the event does not tell a task by the name of its source.
    failures |= {f"migration-{source}": _migration(source, arn) for source, arn in args["migration_task_arns"].items()}
    failures |= {f"job-{job}": _job(args, job, family) for job, family in args["job_families"].items()}
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


def _agents(args: FailuresArgs) -> Failure:
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html"""
    return Failure(
        "An agent could not be installed, configured or updated on some host",
        "aws.ssm",
        "EC2 State Manager Association State Change",
        {"association-id": list(args["association_ids"]), "status": ["Failed", "TimedOut"]},
        None,
        {"association": "$.detail.association-id", "document": "$.detail.document-name"},
        "Hosts did not get what State Manager keeps on them: association <association>, document <document>. Its execution "
        "history tells on which hosts, and what they answered.",
    )


def _database(args: FailuresArgs) -> Failure:
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html"""
    return Failure(
        "The database failed over, failed, runs out of storage, or a replica has stopped",
        "aws.rds",
        "RDS DB Instance Event",
        {
            "SourceIdentifier": list(args["database_identifiers"]),
            "$or": [{"EventCategories": list(RDS_FAILURES)}, {"EventID": list(RDS_EVENTS)}],
        },
        None,
        {"what": "$.detail.Message", "which": "$.detail.SourceIdentifier", "event": "$.detail.EventID"},
        "RDS reports of <which>: <what> (<event>) After a failover clients reconnect by themselves; see that they have.",
    )


def _health(region: str) -> Failure:
    """https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html"""
    return Failure(
        "AWS has trouble with, maintains or retires something of this account",
        "aws.health",
        "AWS Health Event",
        {
            "service": list(HEALTH_SERVICES),
            "eventTypeCategory": ["issue", "scheduledChange"],
            # One region is told of the events of all others too, in case they cannot tell.
            "eventRegion": [region],
            # A long list of resources comes as several pages of one event.
            "page": ["1"],
        },
        None,
        {
            "service": "$.detail.service",
            "what": "$.detail.eventTypeCode",
            "begins": "$.detail.startTime",
            "event": "$.detail.eventArn",
        },
        "AWS Health: <what> of <service> from <begins> on. What it means, and which resources it concerns: "
        "aws health describe-event-details --event-arns <event>, or Your account health in the console.",
    )


def _job(args: FailuresArgs, job: str, family: pulumi.Input[str]) -> Failure:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html"""
    definitions = pulumi.Output.concat(
        "arn:", args["partition"], f":ecs:{args['region']}:", args["account"], ":task-definition/", family, ":*"
    )
    return Failure(
        f"A run of {job} failed",
        "aws.ecs",
        "ECS Task State Change",
        {
            "lastStatus": ["STOPPED"],
            "taskDefinitionArn": [{"wildcard": definitions}],
            # Its own container: one beside it is stopped with it, and has another code. One that never ran has none.
            "$or": [
                {"containers": {"name": [job], "exitCode": [{"anything-but": 0}]}},
                {"stopCode": ["TaskFailedToStart"]},
            ],
        },
        None,
        {"task": "$.detail.taskArn", "why": "$.detail.stoppedReason"},
        f"A run of {job} failed: <why> (<task>). Its log group tells more.",
    )
