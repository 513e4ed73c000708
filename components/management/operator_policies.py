"""The policies of operators, as plain data. `given` is what `Operators` knows, with every output resolved."""

from typing import Any

from components.policy_documents import Document, document


def _arn(given: dict[str, Any], service: str, resource: str) -> str:
    return f"arn:{given['partition']}:{service}:{given['region']}:{given['account']}:{resource}"


def _hosts(given: dict[str, Any]) -> list[str]:
    return [_arn(given, "ec2", "instance/*"), _arn(given, "ssm", "managed-instance/*")]


def _logs(given: dict[str, Any], *actions: str) -> Document:
    groups = [_arn(given, "logs", f"log-group:{name}") for name in given["log_group_names"]]
    return {
        "Sid": "ReadLogs",
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": [resource for group in groups for resource in (group, f"{group}:*")],
    }


def _decrypt(given: dict[str, Any]) -> Document:
    """Logs are decrypted by CloudWatch Logs itself; messages and sessions by whoever reads them."""
    return {"Sid": "Decrypt", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": given["key_arns"]}


def look(given: dict[str, Any]) -> Document:
    """Read what the runbooks tell people to look at; no secret, no file, no row of the database."""
    return document(
        {
            "Sid": "Look",
            "Effect": "Allow",
            "Action": [
                "autoscaling:Describe*",
                "backup:Describe*",
                "backup:ListBackupJobs",
                "backup:ListBackupPlans",
                "backup:ListBackupVaults",
                "backup:ListCopyJobs",
                "backup:ListRecoveryPointsByBackupVault",
                "backup:ListRestoreJobs",
                "cloudwatch:Describe*",
                "cloudwatch:GetDashboard",
                "cloudwatch:GetMetricData",
                "cloudwatch:GetMetricStatistics",
                "cloudwatch:ListDashboards",
                "cloudwatch:ListMetrics",
                "directconnect:Describe*",
                "dms:Describe*",
                "ec2:Describe*",
                "ecs:Describe*",
                "ecs:List*",
                "elasticloadbalancing:Describe*",
                "health:Describe*",
                "rds:Describe*",
                "ssm:Describe*",
                "ssm:GetAutomationExecution",
                "ssm:GetMaintenanceWindow*",
                "ssm:GetOpsItem",
                "ssm:GetOpsSummary",
                "ssm:List*",
                "storagegateway:Describe*",
                "storagegateway:List*",
                "tag:GetResources",
                "xray:BatchGetTraces",
                "xray:GetTraceSummaries",
            ],
            "Resource": "*",  # most of these take no resource; none gives away what is kept
        },
        _logs(given, "logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"),
        {
            "Sid": "SeeAnswersOfQueries",
            "Effect": "Allow",
            "Action": ["logs:DescribeLogGroups", "logs:GetQueryResults", "logs:StopQuery"],
            "Resource": "*",  # queries have no resource to name
        },
        _decrypt(given),
    )


def shell(given: dict[str, Any]) -> Document:
    """Sessions on hosts of the patch group, and in containers of the cluster: both are encrypted with a key, and recorded.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
    """
    cluster = given["cluster"]
    containers = {
        "Sid": "OpenShellsInContainers",
        "Effect": "Allow",
        "Action": "ecs:ExecuteCommand",
        "Resource": [_arn(given, "ecs", f"cluster/{cluster}"), _arn(given, "ecs", f"task/{cluster}/*")],
    }
    return document(
        {
            "Sid": "OpenShellsOnHosts",
            "Effect": "Allow",
            "Action": "ssm:StartSession",
            "Resource": _hosts(given),
            "Condition": {"StringEquals": {"ssm:resourceTag/PatchGroup": given["patch_group"]}},
        },
        {
            "Sid": "AsThePreferencesSay",
            "Effect": "Allow",
            "Action": "ssm:StartSession",
            "Resource": _arn(given, "ssm", "document/SSM-SessionManagerRunShell"),
            # Else whoever names no document is not asked for one, and preferences of others would do.
            "Condition": {"BoolIfExists": {"ssm:SessionDocumentAccessCheck": "true"}},
        },
        {
            "Sid": "EndOwnSessions",
            "Effect": "Allow",
            "Action": ["ssm:ResumeSession", "ssm:TerminateSession"],
            "Resource": _arn(given, "ssm", "session/${aws:userid}-*"),
        },
        {"Sid": "Encrypt", "Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": given["key_arns"]},
        {
            "Sid": "FindHosts",
            "Effect": "Allow",
            "Action": ["ec2:DescribeInstances", "ssm:DescribeInstanceInformation", "ssm:DescribeSessions"],
            "Resource": "*",  # lists take no resource
        },
        *([containers] if cluster else []),
    )


def run(given: dict[str, Any]) -> Document:
    """The documents that come with the platform, on hosts of the patch group."""
    return document(
        {
            "Sid": "RunDocuments",
            "Effect": "Allow",
            "Action": "ssm:SendCommand",
            "Resource": [_arn(given, "ssm", f"document/{name}") for name in given["document_names"]],
        },
        {
            "Sid": "OnHostsOfThePatchGroup",
            "Effect": "Allow",
            "Action": "ssm:SendCommand",
            "Resource": _hosts(given),
            "Condition": {"StringEquals": {"ssm:resourceTag/PatchGroup": given["patch_group"]}},
        },
        {
            # These have no resource to name: commands belong to the account.
            "Sid": "FollowCommands",
            "Effect": "Allow",
            "Action": [
                "ssm:CancelCommand",
                "ssm:DescribeInstanceInformation",
                "ssm:GetCommandInvocation",
                "ssm:ListCommandInvocations",
                "ssm:ListCommands",
            ],
            "Resource": "*",
        },
        _logs(given, "logs:DescribeLogStreams", "logs:GetLogEvents"),
    )


def restore(given: dict[str, Any]) -> Document:
    """Backups of the vaults, restored with the role that AWS Backup has for it; what there is, is not overwritten by that."""
    return document(
        {
            "Sid": "RestoreOutOfTheVaults",
            "Effect": "Allow",
            "Action": [
                "backup:DescribeRecoveryPoint",
                "backup:GetRecoveryPointRestoreMetadata",
                "backup:ListRecoveryPointsByBackupVault",
                "backup:StartRestoreJob",
            ],
            # A recovery point has the ARN of whatever service keeps it, so that it cannot be named; the role confines it.
            "Resource": "*",
        },
        {
            "Sid": "FollowRestores",
            "Effect": "Allow",
            "Action": ["backup:DescribeRestoreJob", "backup:ListBackupVaults", "backup:ListRestoreJobs"],
            "Resource": "*",  # jobs belong to the account
        },
        {
            "Sid": "RestoreWithItsRole",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": given["restore_role_arn"],
            "Condition": {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}},
        },
    )
