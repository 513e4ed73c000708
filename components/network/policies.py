"""The policy documents of Network: plain functions that return plain dicts."""

from components.policy_documents import Document, assumed_by, document


def logs_key_policy(partition: str, account_id: str, region: str, prefix: str) -> Document:
    """A KMS key that CloudWatch Logs uses for the log groups whose names start with `prefix`, and for nothing else.

    Logs that AWS services deliver themselves, such as a VPN's, have `/aws/vendedlogs/` in front of it.
    """
    groups = f"arn:{partition}:logs:{region}:{account_id}:log-group"
    return document(
        {
            # Without this statement nobody could ever change the key again; it leaves the decision to IAM policies.
            "Sid": "AdministerByAccount",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",  # In a key policy, "*" means this key.
        },
        {
            "Sid": "EncryptLogGroups",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{region}.amazonaws.com"},
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            "Resource": "*",  # In a key policy, "*" means this key.
            "Condition": {
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": [f"{groups}:{prefix}*", f"{groups}:/aws/vendedlogs/{prefix}*"]
                }
            },
        },
    )


def flow_logs_trust(partition: str, account_id: str, region: str) -> Document:
    """Lets VPC Flow Logs assume the role, for flow logs of this account and region only."""
    logs = f"arn:{partition}:ec2:{region}:{account_id}:vpc-flow-log/*"
    return assumed_by("AssumeForFlowLogs", "vpc-flow-logs.amazonaws.com", account_id, logs)


def flow_logs_permissions(log_group_arn: str) -> Document:
    """What VPC Flow Logs needs to write into an existing log group."""
    account = log_group_arn.split(":log-group:", maxsplit=1)[0]
    return document(
        {
            "Sid": "WriteStreams",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [log_group_arn, f"{log_group_arn}:*"],
        },
        {
            "Sid": "FindTheGroup",
            "Effect": "Allow",
            "Action": "logs:DescribeLogGroups",
            "Resource": f"{account}:log-group:*",  # A list operation: it cannot be narrowed to one group.
        },
    )
