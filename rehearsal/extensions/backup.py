"""AWS Backup: selections, access policies, notifications, region settings and restore testing, which moto lacks."""

import datetime
import json
import re
from typing import Any

from moto.moto_api._internal import mock_random

from rehearsal.extend import Call, Refuse, operation

# https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
TYPES = (
    "Aurora",
    "CloudFormation",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "EKS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "Redshift Serverless",
    "S3",
    "SAP HANA on Amazon EC2",
    "Storage Gateway",
    "Timestream",
    "VirtualMachine",
)
EVENTS_SENT = {
    "BACKUP_JOB_STARTED",
    "BACKUP_JOB_COMPLETED",
    "COPY_JOB_STARTED",
    "COPY_JOB_SUCCESSFUL",
    "COPY_JOB_FAILED",
    "RESTORE_JOB_STARTED",
    "RESTORE_JOB_COMPLETED",
    "RECOVERY_POINT_MODIFIED",
    "RECOVERY_POINT_INDEX_COMPLETED",
    "RECOVERY_POINT_INDEX_DELETED",
    "RECOVERY_POINT_INDEXING_FAILED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
}
COLD_DAYS = 90
VAULT_ARN = re.compile(
    r"arn:aws:backup:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):backup-vault:(?P<name>[A-Za-z0-9_-]{2,50})"
)
NAME = re.compile(r"[A-Za-z0-9_]{1,50}")


def _moto(call: Call) -> dict[str, Any]:
    """moto's own answer, which for this service is text."""
    answer: dict[str, Any] = json.loads(call.moto())
    return answer


def _vault(call: Call, name: str) -> Any:
    vault = call.backend("backup").vaults.get(name)
    if vault is None:
        raise Refuse("ResourceNotFoundException", f"Backup vault {name} does not exist.")
    return vault


def _check_role(call: Call, arn: str) -> None:
    role = next((role for role in call.backend("iam").roles.values() if role.arn == arn), None)
    document = getattr(role, "assume_role_policy_document", "")
    if "backup.amazonaws.com" not in (document if isinstance(document, str) else json.dumps(document)):
        raise Refuse("InvalidParameterValueException", f"IAM Role {arn} cannot be assumed by AWS Backup")


@operation("backup", "CreateBackupVault")
def create_backup_vault(call: Call) -> dict[str, Any]:
    """The key is there."""
    key = call.params.get("EncryptionKeyArn")
    if key and key.rsplit("/", maxsplit=1)[-1] not in call.backend("kms").keys:
        raise Refuse("InvalidParameterValueException", f"The KMS key {key} does not exist.")
    return _moto(call)


@operation("backup", "CreateBackupPlan")
def create_backup_plan(call: Call) -> dict[str, Any]:
    """Rules and copies go to vaults that are there, and leave a backup in cold storage for as long as it is charged for."""
    for rule in call.params["BackupPlan"]["Rules"]:
        _vault(call, rule["TargetBackupVaultName"])
        if rule.get("StartWindowMinutes", 60) < 60:
            raise Refuse("InvalidParameterValueException", "The start window must be 60 minutes or more.")
        if rule.get("CompletionWindowMinutes", 10_080) < rule.get("StartWindowMinutes", 480):
            raise Refuse("InvalidParameterValueException", "The completion window must not be shorter than the start window.")
        for kept in (rule, *rule.get("CopyActions", ())):
            _check_lifecycle(kept.get("Lifecycle", {}))
        for action in rule.get("CopyActions", ()):
            _check_destination(call, rule, action["DestinationBackupVaultArn"])
    return _moto(call)


def _check_lifecycle(lifecycle: dict[str, Any]) -> None:
    cold, delete = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
    if cold is not None and delete is not None and delete < cold + COLD_DAYS:
        message = f"DeleteAfterDays cannot be less than {COLD_DAYS} days apart from MoveToColdStorageAfterDays"
        raise Refuse("InvalidParameterValueException", message)


def _check_destination(call: Call, rule: dict[str, Any], arn: str) -> None:
    """A copy job would fail every night, and nothing before it."""
    found = VAULT_ARN.fullmatch(arn)
    if found is None or found["account"] != call.account:
        raise Refuse("InvalidParameterValueException", f"{arn} is no backup vault of this account.")
    vault = call.backend("backup", found["region"]).vaults.get(found["name"])
    if vault is None or vault.backup_vault_arn == _vault(call, rule["TargetBackupVaultName"]).backup_vault_arn:
        raise Refuse("InvalidParameterValueException", f"{arn} is no other backup vault to copy to.")


@operation("backup", "CreateBackupSelection")
def create_backup_selection(call: Call) -> dict[str, Any]:
    """The plan is there, the role is one of AWS Backup, and something is selected."""
    plan, selection = call.params["BackupPlanId"], call.params["BackupSelection"]
    if plan not in call.backend("backup").plans:
        raise Refuse("ResourceNotFoundException", f"Backup plan {plan} does not exist.")
    _check_role(call, selection["IamRoleArn"])
    if not (selection.get("Resources") or selection.get("ListOfTags")):
        raise Refuse("InvalidParameterValueException", "A selection needs resources or tags.")
    identifier = call.new_id(length=32)
    identifier = "-".join(identifier[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    created = datetime.datetime.now(datetime.UTC)
    call.state["selections"][identifier] = {
        "BackupPlanId": plan,
        "SelectionId": identifier,
        "BackupSelection": selection,
        "CreationDate": created,
        "CreatorRequestId": call.params.get("CreatorRequestId"),
    }
    return {"SelectionId": identifier, "BackupPlanId": plan, "CreationDate": created}


@operation("backup", "GetBackupSelection")
def get_backup_selection(call: Call) -> dict[str, Any]:
    """One selection of a plan."""
    selection = call.state["selections"].get(call.params["SelectionId"])
    if selection is None or selection["BackupPlanId"] != call.params["BackupPlanId"]:
        raise Refuse("ResourceNotFoundException", f"Backup selection {call.params['SelectionId']} does not exist.")
    found: dict[str, Any] = selection
    return found


@operation("backup", "ListBackupSelections")
def list_backup_selections(call: Call) -> dict[str, Any]:
    """The selections of a plan."""
    found = [one for one in call.state["selections"].values() if one["BackupPlanId"] == call.params["BackupPlanId"]]
    return {
        "BackupSelectionsList": [
            {
                **one,
                "SelectionName": one["BackupSelection"]["SelectionName"],
                "IamRoleArn": one["BackupSelection"]["IamRoleArn"],
            }
            for one in found
        ]
    }


@operation("backup", "PutBackupVaultAccessPolicy")
def put_backup_vault_access_policy(call: Call) -> dict[str, Any]:
    """A policy of the vault."""
    vault = _vault(call, call.params["BackupVaultName"])
    try:
        statements = json.loads(call.params["Policy"])["Statement"]
    except (ValueError, KeyError) as error:
        raise Refuse("InvalidParameterValueException", "The policy is no policy document.") from error
    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if "Principal" not in statement or not all(action.startswith("backup:") for action in actions):
            raise Refuse("InvalidParameterValueException", "Statements have a principal and actions of AWS Backup.")
    call.state["policies"][vault.backup_vault_name] = call.params["Policy"]
    return {}


@operation("backup", "GetBackupVaultAccessPolicy")
def get_backup_vault_access_policy(call: Call) -> dict[str, Any]:
    """The policy that was put."""
    vault = _vault(call, call.params["BackupVaultName"])
    policy = call.state["policies"].get(vault.backup_vault_name)
    if policy is None:
        raise Refuse("ResourceNotFoundException", f"Backup vault {vault.backup_vault_name} has no access policy.")
    return {"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn, "Policy": policy}


@operation("backup", "PutBackupVaultNotifications")
def put_backup_vault_notifications(call: Call) -> dict[str, Any]:
    """To a topic that is there, of events that are still sent."""
    vault, topic = _vault(call, call.params["BackupVaultName"]), call.params["SNSTopicArn"]
    if topic not in call.backend("sns").topics:
        raise Refuse("InvalidParameterValueException", f"The topic {topic} does not exist.")
    if never := set(call.params["BackupVaultEvents"]) - EVENTS_SENT:
        raise Refuse("InvalidParameterValueException", f"Events {sorted(never)} are no longer sent.")
    call.state["notifications"][vault.backup_vault_name] = {
        "SNSTopicArn": topic,
        "BackupVaultEvents": call.params["BackupVaultEvents"],
    }
    return {}


@operation("backup", "GetBackupVaultNotifications")
def get_backup_vault_notifications(call: Call) -> dict[str, Any]:
    """Where the vault tells what."""
    vault = _vault(call, call.params["BackupVaultName"])
    if vault.backup_vault_name not in call.state["notifications"]:
        raise Refuse("ResourceNotFoundException", f"Backup vault {vault.backup_vault_name} has no notifications.")
    return {
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        **call.state["notifications"][vault.backup_vault_name],
    }


@operation("backup", "UpdateRegionSettings")
def update_region_settings(call: Call) -> dict[str, Any]:
    """Types that are not named keep their preference."""
    for member, kind in (("ResourceTypeOptInPreference", "opt_in"), ("ResourceTypeManagementPreference", "management")):
        given = call.params.get(member, {})
        if unknown := set(given) - set(TYPES):
            raise Refuse("InvalidParameterValueException", f"Invalid resource type: {sorted(unknown)}")
        call.state[kind].update(given)
    return {}


@operation("backup", "DescribeRegionSettings")
def describe_region_settings(call: Call) -> dict[str, Any]:
    """Every type: an account begins with all of them but S3, and those that must be asked for."""
    asked_for = {"S3", "SAP HANA on Amazon EC2", "Timestream", "CloudFormation", "Redshift"}
    opt_in = {kind: kind not in asked_for for kind in TYPES} | dict(call.state["opt_in"])
    management = {"DynamoDB": False, "EFS": True} | dict(call.state["management"])
    return {"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management}


@operation("backup", "CreateRestoreTestingPlan")
def create_restore_testing_plan(call: Call) -> dict[str, Any]:
    """Its vaults are there, its name has no hyphen."""
    plan = call.params["RestoreTestingPlan"]
    name, selection = plan["RestoreTestingPlanName"], plan["RecoveryPointSelection"]
    if not NAME.fullmatch(name):
        raise Refuse("InvalidParameterValueException", f"{name}: names have 1 to 50 letters, digits and underscores.")
    if name in call.state["restore_testing_plans"]:
        raise Refuse("AlreadyExistsException", f"Restore testing plan {name} already exists.")
    if not {"Algorithm", "IncludeVaults", "RecoveryPointTypes"} <= set(selection):
        raise Refuse("InvalidParameterValueException", "A selection of recovery points needs algorithm, vaults and types.")
    known = {vault.backup_vault_arn for vault in call.backend("backup").vaults.values()}
    for vault in selection["IncludeVaults"]:
        if vault != "*" and vault not in known:
            raise Refuse("InvalidParameterValueException", f"Backup vault {vault} does not exist.")
    if not plan["ScheduleExpression"].startswith("cron("):
        raise Refuse("InvalidParameterValueException", "The schedule is a cron expression.")
    if not 1 <= plan.get("StartWindowHours", 24) <= 168 or not 1 <= selection.get("SelectionWindowDays", 30) <= 365:
        raise Refuse("InvalidParameterValueException", "Windows are 1 to 168 hours and 1 to 365 days.")
    now = datetime.datetime.now(datetime.UTC)
    arn = call.arn(f"restore-testing-plan:{name}-{mock_random.uuid4()}")
    call.state["restore_testing_plans"][name] = {**plan, "RestoreTestingPlanArn": arn, "CreationTime": now}
    call.backend("backup").tag_resource(arn, call.params.get("Tags", {}))
    return {"RestoreTestingPlanArn": arn, "RestoreTestingPlanName": name, "CreationTime": now}


@operation("backup", "GetRestoreTestingPlan")
def get_restore_testing_plan(call: Call) -> dict[str, Any]:
    """One plan."""
    return {"RestoreTestingPlan": _restore_testing_plan(call)}


def _restore_testing_plan(call: Call) -> dict[str, Any]:
    name = call.params["RestoreTestingPlanName"]
    if name not in call.state["restore_testing_plans"]:
        raise Refuse("ResourceNotFoundException", f"Restore testing plan {name} does not exist.")
    plan: dict[str, Any] = call.state["restore_testing_plans"][name]
    return plan


OVERRIDES = {
    "RDS": {
        "allocatedstorage",
        "autominorversionupgrade",
        "availabilityzone",
        "copytagstosnapshot",
        "dbinstanceclass",
        "dbinstanceidentifier",
        "dbname",
        "dbparametergroupname",
        "dbsubnetgroupname",
        "deletionprotection",
        "domain",
        "domainiamrolename",
        "enablecloudwatchlogsexports",
        "enableiamdatabaseauthentication",
        "iops",
        "licensemodel",
        "multiaz",
        "optiongroupname",
        "port",
        "processorfeatures",
        "publiclyaccessible",
        "storagetype",
        "vpcsecuritygroupids",
    },
    "EFS": {"kmskeyid", "encrypted", "performancemode", "newfilesystem"},
    "S3": {"kmskey", "encryptiontype"},
}
"""What may be said otherwise than AWS Backup infers, in lower case; keys are not case sensitive."""


@operation("backup", "CreateRestoreTestingSelection")
def create_restore_testing_selection(call: Call) -> dict[str, Any]:
    """The plan is there, the role is one of AWS Backup, and something is to be restored in a way that there is."""
    plan, selection = _restore_testing_plan(call), call.params["RestoreTestingSelection"]
    name, kind = selection["RestoreTestingSelectionName"], selection["ProtectedResourceType"]
    if not NAME.fullmatch(name):
        raise Refuse("InvalidParameterValueException", f"{name}: names have 1 to 50 letters, digits and underscores.")
    if kind not in TYPES:
        raise Refuse("InvalidParameterValueException", f"{kind} is no type of AWS Backup.")
    if not (selection.get("ProtectedResourceArns") or selection.get("ProtectedResourceConditions")):
        raise Refuse("InvalidParameterValueException", "A selection needs ARNs or conditions.")
    for condition in selection.get("ProtectedResourceConditions", {}).get("StringEquals", []):
        if not condition["Key"].startswith("aws:ResourceTag/"):
            raise Refuse("InvalidParameterValueException", f"Conditions are on tags: {condition['Key']}")
    unknown = {
        key for key in selection.get("RestoreMetadataOverrides", {}) if key.lower() not in OVERRIDES.get(kind, {key.lower()})
    }
    if unknown:
        raise Refuse("InvalidParameterValueException", f"{sorted(unknown)} cannot be overridden for {kind}.")
    if not 1 <= selection.get("ValidationWindowHours", 1) <= 168:
        raise Refuse("InvalidParameterValueException", "The validation window is 1 to 168 hours.")
    _check_role(call, selection["IamRoleArn"])
    now = datetime.datetime.now(datetime.UTC)
    plan_name = plan["RestoreTestingPlanName"]
    call.state["restore_testing_selections"][f"{plan_name}:{name}"] = {
        **selection,
        "RestoreTestingPlanName": plan_name,
        "CreationTime": now,
    }
    return {
        "RestoreTestingPlanArn": plan["RestoreTestingPlanArn"],
        "RestoreTestingPlanName": plan_name,
        "RestoreTestingSelectionName": name,
        "CreationTime": now,
    }


@operation("backup", "GetRestoreTestingSelection")
def get_restore_testing_selection(call: Call) -> dict[str, Any]:
    """One selection."""
    key = f"{call.params['RestoreTestingPlanName']}:{call.params['RestoreTestingSelectionName']}"
    if key not in call.state["restore_testing_selections"]:
        raise Refuse("ResourceNotFoundException", f"Restore testing selection {key} does not exist.")
    return {"RestoreTestingSelection": call.state["restore_testing_selections"][key]}
