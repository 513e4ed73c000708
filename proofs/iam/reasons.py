"""Why what looks too wide is right: each exception by name, with its reason. One that no component needs any more goes."""

from typing import NamedTuple


class Reason(NamedTuple):
    """An exception for the statements with a Sid, for these actions only."""

    actions: frozenset[str]
    """Nothing else in such a statement is excused."""
    why: str


STAR_RESOURCES: dict[str, Reason] = {
    "OwnPrincipalsOrNoCredentials": Reason(
        frozenset({"*"}),
        "an endpoint grants nothing; other accounts are kept out, and what has no credentials yet has no account to be told by",
    ),
    "TokensForRolesOfOurs": Reason(
        frozenset({"sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}),
        "an endpoint grants nothing; which of the account's roles takes which token is for the trust policies to say",
    ),
    "Look": Reason(
        frozenset(
            {
                *(
                    f"{service}:Describe*"
                    for service in ("backup", "cloudwatch", "directconnect", "dms", "ec2", "ecs", "health")
                ),
                *(f"{service}:Describe*" for service in ("rds", "ssm", "storagegateway")),
                *(f"{service}:List*" for service in ("ecs", "ssm", "storagegateway")),
                "backup:ListRecoveryPointsByBackupVault",
                "cloudwatch:GetDashboard",
                "ssm:GetAutomationExecution",
                "ssm:GetMaintenanceWindow*",
                "ssm:GetOpsItem",
                "ssm:GetOpsSummary",
            }
        ),
        "whoever looks for a cause sees how things are set in the whole account; nothing of it tells what is kept in them",
    ),
    "FollowRunbooks": Reason(
        frozenset({"ssm:GetAutomationExecution"}),
        "an execution is named as it begins, so that the window that began it cannot be told its name before",
    ),
    "SeeAnswersOfQueries": Reason(
        frozenset({"logs:DescribeLogGroups", "logs:GetQueryResults"}),
        "a query has no ARN of its own; which log groups it may ask is said where it is started",
    ),
    "RestoreOutOfTheVaults": Reason(
        frozenset(
            {
                "backup:DescribeRecoveryPoint",
                "backup:GetRecoveryPointRestoreMetadata",
                "backup:ListRecoveryPointsByBackupVault",
                "backup:StartRestoreJob",
            }
        ),
        "a recovery point has the ARN of whatever service keeps it; the role that restores confines it",
    ),
    "ServicesOfAws": Reason(
        frozenset({"storagegateway:*"}),
        "an endpoint grants nothing; a gateway is served by a service of AWS, which acts for no account that could be named",
    ),
}
"""Sid -> why its resource is `*` although the actions could be limited to some."""

DEPUTIES: dict[tuple[str, str, str], str] = {
    ("trust", "ec2.amazonaws.com", ""): "EC2 names no source when it gives a role to an instance; an instance profile, which "
    "IAM passes within the account only, stands between",
    ("trust", "backup.amazonaws.com", ""): "AWS Backup names no source when it assumes a role, which IAM passes to it within "
    "the account only",
    ("trust", "chatbot.amazonaws.com", ""): "Amazon Q Developer in chat applications documents no condition; the role may do "
    "nothing, and a guardrail denies the rest",
    ("trust", "backup-gateway.amazonaws.com", ""): "AWS Backup documents no condition for the role that reads tags of VMware",
    ("trust", "ssm.amazonaws.com", "AssumeRole"): "Systems Manager names no source when it runs the task of a maintenance "
    "window, as opposed to when it gives the role to an on-premises server",
    ("resource", "logdelivery.elasticloadbalancing.amazonaws.com", ""): "the service writes below AWSLogs/<account of the load "
    "balancer> only, and the statement names the account there; AWS's own policy has no condition either",
}
"""Kind of document, service and Sid (empty: any) -> why the service needs no condition on its source."""

SILENT: dict[str, str] = {
    "backup": "AWS Backup documents no key of its source with a message to a topic",
    "cloudwatch": "it shares a statement with AWS Backup; itself it names the account with every message",
    "dms": "DMS names the account with most calls, but its control plane not with all of them",
    "events": "EventBridge names no account with messages that another service of AWS sent it",
}
"""Beginning of a service's name -> why a condition on its source may hold where the service names none (`...IfExists`): it
still refuses a service that says that it acts for another account."""

READERS: frozenset[str] = frozenset({"AmazonSSMManagedInstanceCore"})
"""Managed policies of AWS that let whoever has them read every parameter of the account."""

STARTING: dict[str, str] = {
    "PassTheRoleOfTheRunbook": "a maintenance window starts one runbook under the one role made for it, which may drain and "
    "patch hosts of the patch group and nothing else",
    "PassTheRolesOfTheJob": "EventBridge Scheduler passes a task the roles of its own definition; ECS wants both permissions "
    "of whoever starts it, and both name the one job",
}
"""Sid -> why it may pass a role and start what acts with it."""

PERMISSIONS: dict[str, Reason] = {
    "ReadAndWriteFiles": Reason(
        frozenset({"s3:PutObjectAcl"}),
        "a File Gateway sets the ACL of each object that it writes, on the objects of its own shares",
    ),
}
"""Sid -> why its statement may change who has access to a resource."""

MANAGED: dict[str, str] = {
    "AmazonSSMManagedInstanceCore": "what the SSM Agent needs, kept up to date by AWS with the agent",
    "CloudWatchAgentServerPolicy": "what the CloudWatch agent needs, kept up to date by AWS with the agent",
    "service-role/AmazonRDSEnhancedMonitoringRole": "the one policy that RDS documents for enhanced monitoring",
    "service-role/AmazonDMSVPCManagementRole": "the role dms-vpc-role must have this very policy",
    "service-role/AmazonDMSCloudWatchLogsRole": "the role dms-cloudwatch-logs-role must have this very policy",
    "service-role/AWSBackupServiceRolePolicyForBackup": "what AWS Backup needs to take backups, of every kind that it knows",
    "service-role/AWSBackupServiceRolePolicyForRestores": "what AWS Backup needs to restore what it has kept",
    "service-role/AWSBackupGatewayServiceRolePolicyForVirtualMachineMetadataSync": "what reads tags of VMware for AWS Backup",
    "AWSBackupServiceRolePolicyForS3Backup": "what AWS Backup needs to take backups of buckets",
    "AWSBackupServiceRolePolicyForS3Restore": "what AWS Backup needs to restore buckets",
}
"""Managed policy of AWS -> why it is attached, although AWS decides what it holds."""

CONDITIONS: dict[tuple[str, str], str] = {}
"""Action and condition key, both in lower case -> why the key comes with the action although the reference does not say so."""

WITHOUT_POLICY: dict[str, str] = {
    "cloudformation": "its endpoint takes no policy: DescribeVpcEndpointServices says so",
}
"""Service -> why its endpoint may go without a policy."""

FOREIGN: dict[str, str] = {
    "CopySharedSnapshots": "database.snapshotsSharedWith names the accounts; through RDS alone",
    "LetRdsCopySharedSnapshots": "database.snapshotsSharedWith names the accounts; for RDS alone",
    "CopiesOfBackupsInTheOtherAccount": "management.backup.otherAccount names the account that keeps copies under this key",
    "CopiesIntoTheOtherAccount": "management.backup.otherAccount names the account that keeps copies of this vault",
}
"""Sid of a key's policy -> why it may grant to another account: the stack file says so."""
