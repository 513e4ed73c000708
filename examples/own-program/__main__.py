"""Orders and who hears of them: a program that has nothing of Hybridge in it."""

from typing import Any

import pulumi
import pulumi_aws as aws


def document(*statements: dict[str, Any]) -> pulumi.Output[str]:
    """A policy document."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [*statements]})


tags = {"Project": pulumi.get_project(), "Stack": pulumi.get_stack()}
key = aws.kms.Key("orders", description="Orders", enable_key_rotation=True, tags={**tags, "Name": "orders"})
orders = aws.dynamodb.Table(
    "orders",
    billing_mode="PAY_PER_REQUEST",
    hash_key="customer",
    range_key="number",
    attributes=[{"name": "customer", "type": "S"}, {"name": "number", "type": "N"}],
    server_side_encryption={"enabled": True, "kms_key_arn": key.arn},
    tags={**tags, "Name": "orders"},
)
shipped = aws.sns.Topic("shipped", kms_master_key_id=key.arn, tags={**tags, "Name": "shipped"})
log = aws.cloudwatch.LogGroup(
    "shipping", retention_in_days=pulumi.Config().require_int("keepDays"), tags={**tags, "Name": "shipping"}
)
aws.sns.TopicPolicy(
    "shipped",
    arn=shipped.arn,
    policy=document(
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": shipped.arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ),
)
role = aws.iam.Role(
    "shipping",
    assume_role_policy=document(
        {
            "Sid": "TasksOfThisAccount",
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": aws.get_caller_identity_output().account_id}},
        }
    ),
    tags={**tags, "Name": "shipping"},
)
aws.iam.RolePolicy(
    "shipping",
    role=role.id,
    policy=document(
        {
            "Sid": "WorkOffOrders",
            "Effect": "Allow",
            "Action": ["dynamodb:Query", "dynamodb:UpdateItem"],
            "Resource": orders.arn,
        },
        {"Sid": "TellWhatIsShipped", "Effect": "Allow", "Action": "sns:Publish", "Resource": shipped.arn},
    ),
)
pulumi.export("orders", orders.name)
