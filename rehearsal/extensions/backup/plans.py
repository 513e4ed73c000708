"""Backup plans, whose rules must be possible, and selections of what is backed up, which moto lacks."""

import datetime
import re
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.backup.common import check_role, missing, moto_answer, vault_of

COLD_DAYS = 90
VAULT_ARN = re.compile(
    r"arn:aws:backup:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):backup-vault:(?P<name>[A-Za-z0-9_-]{2,50})"
)


@operation("backup", "CreateBackupPlan")
def create_backup_plan(call: Call) -> dict[str, Any]:
    """Rules and copies go to vaults that are there, and leave a backup in cold storage for as long as it is charged for."""
    _check_rules(call)
    return moto_answer(call)


@operation("backup", "UpdateBackupPlan")
def update_backup_plan(call: Call) -> dict[str, Any]:
    """The plan as a whole is another version of it."""
    backend, identifier = call.backend("backup"), call.params["BackupPlanId"]
    plan = backend.plans.get(identifier)
    if plan is None or plan.deletion_date:
        raise missing(f"Backup plan {identifier}")
    _check_rules(call)
    version = type(plan)(call.params["BackupPlan"], plan.creator_request_id, backend)
    plan.backup_plan, plan.version_id = version.backup_plan, version.version_id
    return {
        "BackupPlanId": identifier,
        "BackupPlanArn": plan.backup_plan_arn,
        "CreationDate": plan.creation_date,
        "VersionId": plan.version_id,
    }


def _check_rules(call: Call) -> None:
    for rule in call.params["BackupPlan"]["Rules"]:
        vault_of(call, rule["TargetBackupVaultName"])
        if rule.get("StartWindowMinutes", 60) < 60:
            raise Refuse("InvalidParameterValueException", "The start window must be 60 minutes or more.")
        if rule.get("CompletionWindowMinutes", 10_080) < rule.get("StartWindowMinutes", 480):
            raise Refuse("InvalidParameterValueException", "The completion window must not be shorter than the start window.")
        for kept in (rule, *rule.get("CopyActions", ())):
            _check_lifecycle(kept.get("Lifecycle", {}))
        for action in rule.get("CopyActions", ()):
            _check_destination(call, rule, action["DestinationBackupVaultArn"])


def _check_lifecycle(lifecycle: dict[str, Any]) -> None:
    cold, delete = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
    if cold is not None and delete is not None and delete < cold + COLD_DAYS:
        message = f"DeleteAfterDays cannot be less than {COLD_DAYS} days apart from MoveToColdStorageAfterDays"
        raise Refuse("InvalidParameterValueException", message)


def _check_destination(call: Call, rule: dict[str, Any], arn: str) -> None:
    """A copy job would fail every night, and nothing before it."""
    found = VAULT_ARN.fullmatch(arn)
    if found is None:
        raise Refuse("InvalidParameterValueException", f"{arn} is no backup vault.")
    if found["account"] != call.account:
        return  # whether its policy takes copies shows when one is made
    vault = call.backend("backup", found["region"]).vaults.get(found["name"])
    if vault is None or vault.backup_vault_arn == vault_of(call, rule["TargetBackupVaultName"]).backup_vault_arn:
        raise Refuse("InvalidParameterValueException", f"{arn} is no other backup vault to copy to.")


@operation("backup", "DeleteBackupPlan")
def delete_backup_plan(call: Call) -> Any:
    """Its selections have to go first."""
    plan = call.params["BackupPlanId"]
    if any(one["BackupPlanId"] == plan for one in call.state["selections"].values()):
        message = "Related backup plan selections must be deleted prior to backup plan deletion"
        raise Refuse("InvalidRequestException", message)
    return call.moto()


@operation("backup", "GetBackupPlan")
def get_backup_plan(call: Call) -> Any:
    """A plan that was deleted is gone at once; AWS shows it for some time, with the date."""
    plan = call.backend("backup").plans.get(call.params["BackupPlanId"])
    if plan is None or plan.deletion_date:
        raise missing(f"Backup plan {call.params['BackupPlanId']}")
    return call.moto()


@operation("backup", "CreateBackupSelection")
def create_backup_selection(call: Call) -> dict[str, Any]:
    """The plan is there, the role is one of AWS Backup, and something is selected."""
    plan, selection = call.params["BackupPlanId"], call.params["BackupSelection"]
    if plan not in call.backend("backup").plans:
        raise missing(f"Backup plan {plan}")
    check_role(call, selection["IamRoleArn"])
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
    return _selection(call)


@operation("backup", "DeleteBackupSelection")
def delete_backup_selection(call: Call) -> dict[str, Any]:
    """What it selected is backed up no more."""
    del call.state["selections"][_selection(call)["SelectionId"]]
    return {}


def _selection(call: Call) -> dict[str, Any]:
    selection: dict[str, Any] | None = call.state["selections"].get(call.params["SelectionId"])
    if selection is None or selection["BackupPlanId"] != call.params["BackupPlanId"]:
        raise missing(f"Backup selection {call.params['SelectionId']}")
    return selection


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
