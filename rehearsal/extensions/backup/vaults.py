"""Vaults with their policies and notifications, and what is in them: nothing, for no backup is ever made here."""

import json
import urllib.parse
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.backup.common import missing, moto_answer, vault_of

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


@operation("backup", "CreateBackupVault")
def create_backupvault_of(call: Call) -> dict[str, Any]:
    """The key is there."""
    key = call.params.get("EncryptionKeyArn")
    if key and key.rsplit("/", maxsplit=1)[-1] not in call.backend("kms").keys:
        raise Refuse("InvalidParameterValueException", f"The KMS key {key} does not exist.")
    return moto_answer(call)


@operation("backup", "DeleteBackupVault")
def delete_backup_vault(call: Call) -> Any:
    """What was put on the vault goes with it."""
    vault = vault_of(call, call.params["BackupVaultName"])
    for kind in ("policies", "notifications"):
        call.state[kind].pop(vault.backup_vault_name, None)
    call.backend("backup").vaults.pop(vault.backup_vault_name)
    return {}


@operation("backup", "PutBackupVaultAccessPolicy")
def put_backup_vault_access_policy(call: Call) -> dict[str, Any]:
    """A policy of the vault."""
    vault = vault_of(call, call.params["BackupVaultName"])
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
    vault = vault_of(call, call.params["BackupVaultName"])
    policy = call.state["policies"].get(vault.backup_vault_name)
    if policy is None:
        raise Refuse("ResourceNotFoundException", f"Backup vault {vault.backup_vault_name} has no access policy.")
    return {"BackupVaultName": vault.backup_vault_name, "BackupVaultArn": vault.backup_vault_arn, "Policy": policy}


@operation("backup", "PutBackupVaultNotifications")
def put_backup_vault_notifications(call: Call) -> dict[str, Any]:
    """To a topic that is there, of events that are still sent."""
    vault, topic = vault_of(call, call.params["BackupVaultName"]), call.params["SNSTopicArn"]
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
    vault = vault_of(call, call.params["BackupVaultName"])
    if vault.backup_vault_name not in call.state["notifications"]:
        raise Refuse("ResourceNotFoundException", f"Backup vault {vault.backup_vault_name} has no notifications.")
    return {
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        **call.state["notifications"][vault.backup_vault_name],
    }


@operation("backup", "DeleteBackupVaultAccessPolicy")
def delete_backup_vault_access_policy(call: Call) -> dict[str, Any]:
    """Nothing is said when there is none."""
    call.state["policies"].pop(vault_of(call, call.params["BackupVaultName"]).backup_vault_name, None)
    return {}


@operation("backup", "DeleteBackupVaultNotifications")
def delete_backup_vault_notifications(call: Call) -> dict[str, Any]:
    """Nothing is said when there are none."""
    call.state["notifications"].pop(vault_of(call, call.params["BackupVaultName"]).backup_vault_name, None)
    return {}


@operation("backup", "ListTags")
def list_tags(call: Call) -> dict[str, Any]:
    """moto looks for the ARN as it stands in the path, which some SDKs write with `%3A` and some with colons."""
    arn = urllib.parse.unquote(call.params["ResourceArn"])
    return {"Tags": call.backend("backup").tagger.get_tag_dict_for_resource(arn)}


@operation("backup", "ListRecoveryPointsByBackupVault")
def list_recovery_points_by_backup_vault(call: Call) -> dict[str, Any]:
    """None: no time passes in which a backup would be made."""
    vault_of(call, call.params["BackupVaultName"])
    return {"RecoveryPoints": []}


@operation("backup", "ListRecoveryPointsByResource")
def list_recovery_points_by_resource(call: Call) -> dict[str, Any]:
    """None, see above."""
    return {"RecoveryPoints": []}


@operation("backup", "StartRestoreJob")
def start_restore_job(call: Call) -> dict[str, Any]:
    """There is nothing to restore."""
    raise missing(f"Recovery point {call.params['RecoveryPointArn']}")


@operation("backup", "ListBackupJobs")
def list_backup_jobs(call: Call) -> dict[str, Any]:
    """None has run."""
    return {"BackupJobs": []}


@operation("backup", "ListCopyJobs")
def list_copy_jobs(call: Call) -> dict[str, Any]:
    """None has run."""
    return {"CopyJobs": []}


@operation("backup", "ListRestoreJobs")
def list_restore_jobs(call: Call) -> dict[str, Any]:
    """None has run."""
    return {"RestoreJobs": []}
