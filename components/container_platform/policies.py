"""The policy documents of ContainerPlatform: plain functions that return plain dicts."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.policy_documents import Document, assumed_by, document

PULL_ACTIONS = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def _administer(partition: str, account_id: str) -> Document:
    return {
        # Without this nobody could ever change the key again; it hands the decision to the account's IAM policies.
        "Sid": "AdministerByAccount",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",  # In a key policy, "*" means this key.
    }


def account_key_policy(partition: str, account_id: str) -> Document:
    """A key that only principals of the account use, and services for them: Amazon ECR by a grant of who makes a repository."""
    return document(_administer(partition, account_id))


def key_policy(partition: str, account_id: str, region: str, prefix: str) -> Document:
    """The platform's key: CloudWatch Logs uses it for log groups that start with `prefix`; the rest is for IAM to say."""
    return document(
        _administer(partition, account_id),
        {
            "Sid": "EncryptLogGroups",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{region}.amazonaws.com"},
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            "Resource": "*",  # In a key policy, "*" means this key.
            "Condition": {
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": f"arn:{partition}:logs:{region}:{account_id}:log-group:{prefix}*"
                }
            },
        },
    )


def trust_ec2() -> Document:
    """Lets EC2 give the role to an instance."""
    return assumed_by("AssumeByHost", "ec2.amazonaws.com")


def trust_tasks(partition: str, account_id: str, region: str) -> Document:
    """Lets ECS give the role to tasks of this account and region, on EC2 and on-premises alike."""
    source = f"arn:{partition}:ecs:{region}:{account_id}:*"
    return assumed_by("AssumeByTask", "ecs-tasks.amazonaws.com", account_id, source)


def trust_schedules(partition: str, account_id: str, region: str, group: str) -> Document:
    """Lets EventBridge Scheduler assume the role for schedules of one group."""
    source = f"arn:{partition}:scheduler:{region}:{account_id}:schedule-group/{group}"
    return assumed_by("AssumeBySchedule", "scheduler.amazonaws.com", account_id, source)


def start_permissions(cluster_arn: str, definition_arn: str, role_arns: Sequence[str]) -> Document:
    """What starts one job in one cluster: its definition, of whatever revision, with its own roles."""
    return document(
        {
            "Sid": "StartTheJob",
            "Effect": "Allow",
            "Action": "ecs:RunTask",
            "Resource": f"{definition_arn.rsplit(':', 1)[0]}:*",
            "Condition": {"ArnEquals": {"ecs:cluster": cluster_arn}},
        },
        {
            "Sid": "TagWhatItStarts",
            "Effect": "Allow",
            "Action": "ecs:TagResource",
            "Resource": cluster_arn.replace(":cluster/", ":task/") + "/*",
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
        {
            "Sid": "PassTheRolesOfTheJob",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": sorted(role_arns),
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
    )


def trust_managed_nodes(partition: str, account_id: str, region: str) -> Document:
    """Lets Systems Manager give the role to on-premises servers that joined in this account and region."""
    source = f"arn:{partition}:ssm:{region}:{account_id}:*"
    return assumed_by("AssumeByManagedNode", "ssm.amazonaws.com", account_id, source)


def host_permissions(cluster_arn: str) -> Document:
    """What the ECS agent of a host needs for one cluster, on EC2 and on-premises alike.

    Less than the managed AmazonEC2ContainerServiceforEC2Role: no other cluster, no creation of clusters, no image and no log,
    since pulling and logging are done with the execution role of each task.
    """
    partition = cluster_arn.split(":")[1]
    instances = cluster_arn.replace(":cluster/", ":container-instance/") + "/*"
    tasks = cluster_arn.replace(":cluster/", ":task/") + "/*"
    return document(
        {
            # AmazonSSMManagedInstanceCore lets a host read every parameter of the account, those of workloads among them, which
            # only their execution roles should. Left are AWS's public ones.
            "Sid": "ReadNoParameterOfWorkloads",
            "Effect": "Deny",
            "Action": ["ssm:GetParameter", "ssm:GetParameters"],
            "NotResource": f"arn:{partition}:ssm:*::parameter/aws/*",
        },
        {
            "Sid": "JoinTheCluster",
            "Effect": "Allow",
            "Action": [
                "ecs:DeregisterContainerInstance",
                "ecs:RegisterContainerInstance",
                "ecs:SubmitAttachmentStateChanges",
                "ecs:SubmitContainerStateChange",
                "ecs:SubmitTaskStateChange",
            ],
            "Resource": cluster_arn,
        },
        {
            "Sid": "ServeTheCluster",
            "Effect": "Allow",
            "Action": ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"],
            "Resource": instances,
            "Condition": {"ArnEquals": {"ecs:cluster": cluster_arn}},
        },
        {
            "Sid": "TagItselfOnJoining",
            "Effect": "Allow",
            "Action": "ecs:TagResource",
            "Resource": [cluster_arn, instances],
            "Condition": {"StringEquals": {"ecs:CreateAction": "RegisterContainerInstance"}},
        },
        {
            "Sid": "ReadTagsForMetadata",
            "Effect": "Allow",
            "Action": "ecs:ListTagsForResource",
            "Resource": [instances, tasks],
        },
        {
            "Sid": "FindTheEndpoint",
            "Effect": "Allow",
            "Action": "ecs:DiscoverPollEndpoint",
            "Resource": "*",  # The action knows no resource.
        },
    )


def execution_permissions(
    log_group_arn: str,
    *,
    secret_arns: Sequence[str] = (),
    parameter_arns: Sequence[str] = (),
    key_arns: Sequence[str] = (),
    repository_arns: Sequence[str] = (),
    cache_arn: str | None = None,
) -> Document:
    """What ECS needs to start one workload: its log group, its secrets, its image, and nothing of the others."""
    statements: list[Document] = [
        {
            "Sid": "WriteItsLogs",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"{log_group_arn}:*",
        }
    ]
    if secret_arns:
        statements.append(_allow("ReadItsSecrets", ["secretsmanager:GetSecretValue"], secret_arns))
    if parameter_arns:
        statements.append(_allow("ReadItsParameters", ["ssm:GetParameters"], parameter_arns))
    if key_arns:
        statements.append(_allow("DecryptItsSecrets", ["kms:Decrypt"], key_arns))
    pulled = [*repository_arns, *([cache_arn] if cache_arn else [])]
    if pulled:
        statements.append(_allow("PullItsImage", PULL_ACTIONS, pulled))
        statements.append(_allow("LogInToTheRegistry", ["ecr:GetAuthorizationToken"], ["*"]))  # The action knows no resource.
    if cache_arn:
        # The first pull of an image through the cache makes its repository and fills it.
        statements.append(_allow("FillTheCache", ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"], [cache_arn]))
    return document(*statements)


def _allow(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Document:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": sorted(set(resources))}


def task_permissions(exec_log_group_arn: str, key_arn: str, *, tracing: bool) -> Document:
    """What a container itself may call: what ECS Exec needs to be audited, and to send traces if it is traced."""
    account = exec_log_group_arn.split(":log-group:", maxsplit=1)[0]
    statements = [
        _allow(
            "OpenExecChannels",
            [
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            ["*"],  # The actions know no resource.
        ),
        _allow("FindTheExecLog", ["logs:DescribeLogGroups"], [f"{account}:log-group:*"]),  # A list operation.
        _allow(
            "WriteTheExecLog",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [exec_log_group_arn, f"{exec_log_group_arn}:*"],
        ),
        _allow("DecryptExecSessions", ["kms:Decrypt"], [key_arn]),
    ]
    if tracing:
        statements.append(
            _allow(
                "SendTraces",
                [
                    "xray:GetSamplingRules",
                    "xray:GetSamplingStatisticSummaries",
                    "xray:GetSamplingTargets",
                    "xray:PutTelemetryRecords",
                    "xray:PutTraceSegments",
                ],
                ["*"],  # The actions know no resource but sampling rules and groups.
            )
        )
    return document(*statements)


def access_log_bucket_policy(account_id: str, bucket_arn: str) -> Document:
    """Elastic Load Balancing may deliver the account's logs into the bucket, and nobody may speak to it in the clear.

    The service's own principal holds for every region; the AWS accounts that regions older than August 2022 deliver from are
    its legacy
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).
    """
    return document(
        {
            "Sid": "DeliverAccessLogs",
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/AWSLogs/{account_id}/*",
        },
        {
            "Sid": "RefusePlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def repository_lifecycle(keep: int, untagged_days: int) -> Mapping[str, Any]:
    """Images without a tag go after some days, and of the rest the newest stay."""
    return {
        "rules": [
            {
                "rulePriority": 1,
                "description": f"Expire untagged images after {untagged_days} days",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": untagged_days,
                },
                "action": {"type": "expire"},
            },
            {
                "rulePriority": 2,
                "description": f"Keep the newest {keep} images",
                "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep},
                "action": {"type": "expire"},
            },
        ]
    }
