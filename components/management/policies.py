"""Every policy document of Management, as plain data."""

from collections.abc import Sequence

from components.policy_documents import Document, assumed_by, document

EVERY_KEY = "*"
"""In a key policy, "*" means the key that the policy belongs to."""


def trust(service: str) -> Document:
    """Lets a service assume the role.

    Neither Systems Manager's maintenance windows nor AWS Backup name a source when they do, so there is no condition to make;
    only who may pass a role within the account can hand it to them.
    """
    return assumed_by("AssumeRole", service)


def _account_decides(partition: str, account: str) -> Document:
    return {
        # Without this nobody could change the key again; it hands the decision to the IAM policies of the account.
        "Sid": "LetIamPoliciesOfTheAccountDecide",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
        "Action": "kms:*",
        "Resource": EVERY_KEY,
    }


PUBLISHERS = ["cloudwatch.amazonaws.com", "backup.amazonaws.com", "events.amazonaws.com"]
"""Who tells the topic of something."""


def from_this_account(account: str) -> Document:
    """Refuses a service that says it acts for another account.

    IfExists: CloudWatch names the account with every message, while AWS Backup documents no such key, nor does EventBridge for
    every event, and a message that is refused is lost without a word (https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html).
    """
    return {"StringEqualsIfExists": {"aws:SourceAccount": account}}


def operations_key_policy(*, partition: str, account: str, region: str, log_group_prefix: str) -> Document:
    """Who may use the key of logs, sessions and alarms: the account, CloudWatch Logs, and who publishes alarms."""
    log_groups = f"arn:{partition}:logs:{region}:{account}:log-group:{log_group_prefix}*"
    return document(
        _account_decides(partition, account),
        {
            "Sid": "EncryptLogGroups",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{region}.amazonaws.com"},
            "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            "Resource": EVERY_KEY,
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
        },
        {
            # An alarm whose message cannot be encrypted is lost without a word.
            "Sid": "PublishEncryptedAlarms",
            "Effect": "Allow",
            "Principal": {"Service": PUBLISHERS},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": EVERY_KEY,
            "Condition": from_this_account(account),
        },
    )


def backup_key_policy(*, partition: str, account: str, other_account: str | None = None) -> Document:
    """Who may use the key of the vault: whom IAM policies of the account allow, which AWS Backup's own role is among.

    And another account, if copies go there. https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
    """
    shared = {
        "Sid": "CopiesIntoTheOtherAccount",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{other_account}:root"},
        "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey", "kms:CreateGrant"],
        "Resource": EVERY_KEY,
    }
    return document(_account_decides(partition, account), *([shared] if other_account else []))


def topic_policy(topic_arn: str, account: str) -> Document:
    """CloudWatch, AWS Backup and EventBridge of this account publish; nobody does so without TLS."""
    return document(
        {
            "Sid": "PublishFromThisAccount",
            "Effect": "Allow",
            "Principal": {"Service": PUBLISHERS},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": from_this_account(account),
        },
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )


def vault_policy() -> Document:
    """Nobody deletes a backup or shortens its life by hand, only its lifecycle does; else this policy must be changed first."""
    return document(
        {
            "Sid": "DenyDeletionByHand",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
            "Resource": "*",  # in a vault policy this means what the vault holds
        }
    )


# https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html
# https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-operations-s3-buckets.html
AGENT_BUCKETS: Sequence[str] = (
    "aws-ssm-{region}",
    "amazon-ssm-{region}",
    "{region}-birdwatcher-prod",
    "aws-ssm-distributor-file-{region}",
    "aws-ssm-document-attachments-{region}",
    "aws-patch-manager-{region}-*",  # the suffix differs by region
    "patch-baseline-snapshot-{region}",
    "patch-baseline-snapshot-{region}-*",  # some regions have a suffix
)
"""Where the SSM Agent gets documents, packages and patch baselines from: buckets of AWS, read through a VPC endpoint."""


def node_policy(*, partition: str, account: str, region: str, key_arn: str, log_group_arns: Sequence[str]) -> Document:
    """What a host on either side needs beyond AmazonSSMManagedInstanceCore: packages, encrypted sessions, logs."""
    return document(
        {
            "Sid": "ReadAgentPackages",
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": [f"arn:{partition}:s3:::{bucket.format(region=region)}/*" for bucket in AGENT_BUCKETS],
        },
        {"Sid": "DecryptSessions", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": key_arn},
        {
            "Sid": "WriteLogs",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": [resource for arn in log_group_arns for resource in (arn, f"{arn}:*")],
        },
        {
            # The agent looks whether the log group of sessions is encrypted before it writes; the call lists, so it takes no
            # narrower resource than the log groups of the region.
            "Sid": "SeeWhetherLogsAreEncrypted",
            "Effect": "Allow",
            "Action": "logs:DescribeLogGroups",
            "Resource": f"arn:{partition}:logs:{region}:{account}:log-group:*",
        },
    )


def draining_policy(*, partition: str, account: str, region: str, patch_group: str, cluster: str | None) -> Document:
    """Lets the runbook of patching drain hosts, patch them, and see how it went."""
    members = {
        "Sid": "DrainMembersOfTheCluster",
        "Effect": "Allow",
        "Action": [
            "ecs:DescribeContainerInstances",
            "ecs:ListContainerInstances",
            "ecs:UpdateContainerInstancesState",
        ],
        "Resource": [
            f"arn:{partition}:ecs:{region}:{account}:cluster/{cluster}",
            f"arn:{partition}:ecs:{region}:{account}:container-instance/{cluster}/*",
        ],
    }
    patching = maintenance_policy(partition=partition, account=account, region=region, patch_group=patch_group)
    return document(
        *patching["Statement"],
        {
            "Sid": "SeeHosts",
            "Effect": "Allow",
            "Action": "ssm:DescribeInstanceInformation",
            "Resource": "*",  # a list takes no resource
        },
        *([members] if cluster else []),
    )


def window_starts(*, document_arn: str, role_arn: str, definition_arn: str, executions_arn: str) -> list[Document]:
    """Statements that let a maintenance window run a runbook under a role of its own."""
    return [
        {
            "Sid": "RunTheRunbook",
            "Effect": "Allow",
            "Action": "ssm:StartAutomationExecution",
            "Resource": [document_arn, definition_arn],
        },
        {
            "Sid": "FollowRunbooks",
            "Effect": "Allow",
            "Action": "ssm:GetAutomationExecution",
            "Resource": executions_arn,
        },
        {
            "Sid": "PassTheRoleOfTheRunbook",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role_arn,
            "Condition": {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}},
        },
    ]


def maintenance_policy(
    *, partition: str, account: str, region: str, patch_group: str, further: Sequence[Document] = ()
) -> Document:
    """Lets a maintenance window run AWS-RunPatchBaseline on hosts of the patch group, and see how it went; and `further`."""
    return document(
        *further,
        {
            "Sid": "RunPatchBaseline",
            "Effect": "Allow",
            "Action": "ssm:SendCommand",
            "Resource": f"arn:{partition}:ssm:{region}::document/AWS-RunPatchBaseline",
        },
        {
            "Sid": "OnHostsOfThePatchGroup",
            "Effect": "Allow",
            "Action": "ssm:SendCommand",
            "Resource": [
                f"arn:{partition}:ec2:{region}:{account}:instance/*",
                f"arn:{partition}:ssm:{region}:{account}:managed-instance/*",
            ],
            "Condition": {"StringEquals": {"ssm:resourceTag/PatchGroup": patch_group}},
        },
        {
            # These have no resource to name: commands belong to the account.
            "Sid": "FollowCommands",
            "Effect": "Allow",
            "Action": ["ssm:CancelCommand", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations", "ssm:ListCommands"],
            "Resource": "*",
        },
    )


def automation_trust(account: str) -> Document:
    """Lets runbooks of this account assume the role.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
    """
    return assumed_by("AssumedByAutomation", "ssm.amazonaws.com", account)


def roll_call_policy(*, partition: str, account: str, region: str, cluster: str | None) -> Document:
    """Lets the roll call see who is there, and tell how many are not."""
    members = {
        "Sid": "SeeMembersOfTheCluster",
        "Effect": "Allow",
        "Action": ["ecs:ListContainerInstances", "ecs:DescribeContainerInstances"],
        "Resource": [
            f"arn:{partition}:ecs:{region}:{account}:cluster/{cluster}",
            f"arn:{partition}:ecs:{region}:{account}:container-instance/{cluster}/*",
        ],
    }
    return document(
        {
            "Sid": "SeeHosts",
            "Effect": "Allow",
            "Action": ["ssm:DescribeInstanceInformation", "ec2:DescribeInstances", "cloudwatch:ListMetrics"],
            "Resource": "*",  # lists take no resource
        },
        {
            "Sid": "TellHowMany",
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",  # metrics are no resources; the namespace confines it
            "Condition": {"StringEquals": {"cloudwatch:namespace": "Hybridge"}},
        },
        *([members] if cluster else []),
    )
