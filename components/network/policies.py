"""The policy documents of Network: plain functions that return plain dicts."""

from collections.abc import Sequence
from typing import Any

Policy = dict[str, Any]


def _document(*statements: Policy) -> Policy:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def logs_key_policy(partition: str, account_id: str, region: str, prefix: str) -> Policy:
    """A KMS key that CloudWatch Logs uses for the log groups whose names start with `prefix`, and for nothing else.

    Logs that AWS services deliver themselves, such as a VPN's, have `/aws/vendedlogs/` in front of it.
    """
    groups = f"arn:{partition}:logs:{region}:{account_id}:log-group"
    return _document(
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


def flow_logs_trust(partition: str, account_id: str, region: str) -> Policy:
    """Lets VPC Flow Logs assume the role, for flow logs of this account and region only."""
    return _document(
        {
            "Sid": "AssumeForFlowLogs",
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            # Else anybody's flow log could write here through the service: the confused deputy.
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account_id},
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:ec2:{region}:{account_id}:vpc-flow-log/*"},
            },
        }
    )


def flow_logs_permissions(log_group_arn: str) -> Policy:
    """What VPC Flow Logs needs to write into an existing log group."""
    account = log_group_arn.split(":log-group:", maxsplit=1)[0]
    return _document(
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


def managed_buckets(region: str) -> list[str]:
    """Buckets of AWS in a region that hosts read while they boot, pull images, and are managed and patched.

    Sources: Amazon ECR's and Systems Manager's pages on VPC endpoints, and Amazon Linux 2023's on its repositories:
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-minimum-s3-permissions.html
    https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
    """
    return [
        f"prod-{region}-starport-layer-bucket",
        f"patch-baseline-snapshot-{region}",
        f"patch-baseline-snapshot-{region}-*",  # Some regions append a suffix of their own.
        f"aws-patch-manager-{region}-*",
        f"aws-ssm-{region}",
        f"aws-ssm-document-attachments-{region}",
        f"aws-ssm-distributor-file-{region}",
        f"amazon-ssm-{region}",
        f"amazon-ssm-packages-{region}",
        f"{region}-birdwatcher-prod",
        f"amazoncloudwatch-agent-{region}",
        "amazoncloudwatch-agent",
        f"amazon-ecs-agent-{region}",
        "amazon-ecs-agent",
        f"al2023-repos-{region}-*",
        "mountpoint-s3-release",
    ]


def s3_endpoint_policy(partition: str, account_id: str, region: str, readable_buckets: Sequence[str]) -> Policy:
    """Principals of this account use buckets of this account; anybody reads what AWS, and the named others, publish.

    An endpoint policy grants nothing: it bounds what IAM and bucket policies grant, so that data cannot leave through the
    endpoint to a bucket, or with a key, of another account. `readable_buckets` are ARNs.
    """

    statements: list[Policy] = [
        {
            "Sid": "OwnBucketsByOwnPrincipals",
            "Effect": "Allow",
            "Principal": "*",
            # Every action, since administrators on-premises reach S3 by this endpoint too; who may do what is for IAM to say.
            "Action": "s3:*",
            "Resource": "*",  # Bounded by owner instead: the names of the account's buckets are not known here.
            "Condition": {"StringEquals": {"aws:PrincipalAccount": account_id, "aws:ResourceAccount": account_id}},
        },
        {
            # Unsigned and presigned requests: the repositories of Amazon Linux, the layers that ECR points to.
            "Sid": "ReadWhatAwsPublishes",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": [f"arn:{partition}:s3:::{bucket}/*" for bucket in managed_buckets(region)],
        },
    ]
    if readable_buckets:
        statements.append(
            {
                "Sid": "ReadNamedBuckets",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": [*readable_buckets, *(f"{bucket}/*" for bucket in readable_buckets)],
            }
        )
    return _document(*statements)


PERIMETER_ACTIONS = {
    "ecr.api": "ecr:*",
    "ecr.dkr": "ecr:*",
    "kms": "kms:*",
    "logs": "logs:*",
    "secretsmanager": "secretsmanager:*",
}
"""Endpoint to the actions of its service, for those that move data and are only ever called with credentials of an account.

Not Systems Manager's: an on-premises server registers itself there before it has any credentials.
"""


def perimeter_policy(service: str, account_id: str) -> Policy:
    """Only principals of this account pass: stolen data cannot leave with the keys of another.

    Every action of the service is let through, since administrators on-premises reach it by this endpoint too; what each of
    them may do is for IAM to say. Raises KeyError for a service without a perimeter.
    """
    return _document(
        {
            "Sid": "OwnPrincipals",
            "Effect": "Allow",
            "Principal": "*",
            "Action": PERIMETER_ACTIONS[service],
            "Resource": "*",  # Bounded by who asks; an endpoint policy grants nothing.
            "Condition": {"StringEquals": {"aws:PrincipalAccount": account_id}},
        }
    )
