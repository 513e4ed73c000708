"""What a team watches and runs itself: an alarm and a dashboard of its own, and a Run Command document with an association."""

import json

import pulumi
import pulumi_aws as aws

from components.made import Made

CHECK = {
    "schemaVersion": "2.2",
    "description": "Whether the licence server answers",
    "mainSteps": [
        {
            "action": "aws:runShellScript",
            "name": "ask",
            "precondition": {"StringEquals": ["platformType", "Linux"]},
            "inputs": {"timeoutSeconds": "60", "runCommand": ["getent hosts licences.corp.example"]},
        }
    ],
}


def add(made: Made, queue: aws.sqs.Queue) -> None:
    """Watch the queue, and ask every host each day whether it finds the licence server."""
    tags, region = made.tags, made.region
    oldest = {"QueueName": queue.name}
    aws.cloudwatch.MetricAlarm(
        "orders-old",
        name=f"{pulumi.get_project()}-{pulumi.get_stack()}-orders-old",
        alarm_description="An order has waited for ten minutes: whoever takes them has stopped.",
        namespace="AWS/SQS",
        metric_name="ApproximateAgeOfOldestMessage",
        dimensions=oldest,
        statistic="Maximum",
        comparison_operator="GreaterThanThreshold",
        threshold=600,
        period=60,
        evaluation_periods=3,
        treat_missing_data="notBreaching",
        # Whoever hears of the platform's alarms hears of this one.
        alarm_actions=[made.management.alarm_topic_arn],
        region=region,
        tags={**tags, "Name": "orders-old"},
        opts=made.options(),
    )
    aws.cloudwatch.Dashboard(
        "orders",
        dashboard_name=f"{pulumi.get_project()}-{pulumi.get_stack()}-orders",
        dashboard_body=queue.name.apply(lambda name: json.dumps(_page(name, region))),
        region=region,
        opts=made.options(),
    )
    document = aws.ssm.Document(
        "licences",
        document_type="Command",
        document_format="JSON",
        content=json.dumps(CHECK),
        region=region,
        tags={**tags, "Name": "licences"},
        opts=made.options(),
    )
    aws.ssm.Association(
        "licences",
        name=document.name,
        association_name=f"{pulumi.get_project()}-{pulumi.get_stack()}-licences",
        schedule_expression="rate(1 day)",
        # Hosts and servers of the stack have its patch group.
        targets=[{"key": "tag:PatchGroup", "values": [f"{pulumi.get_project()}-{pulumi.get_stack()}"]}],
        region=region,
        tags={**tags, "Name": "licences"},
        opts=made.options(),
    )


def _page(queue: str, region: str) -> dict[str, object]:
    metrics = [["AWS/SQS", name, "QueueName", queue] for name in ("NumberOfMessagesSent", "NumberOfMessagesDeleted")]
    widget = {"title": "Orders", "region": region, "stat": "Sum", "period": 300, "metrics": metrics}
    return {"widgets": [{"type": "metric", "width": 12, "height": 6, "properties": widget}]}
