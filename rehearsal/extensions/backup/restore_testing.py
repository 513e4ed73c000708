"""Restore testing, which moto lacks: plans, and selections of what is restored for a try."""

import datetime
import re
from typing import Any

from moto.moto_api._internal import mock_random

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.backup.common import check_role, missing
from rehearsal.extensions.backup.region_settings import TYPES

NAME = re.compile(r"[A-Za-z0-9_]{1,50}")


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
        raise missing(f"Restore testing plan {name}")
    plan: dict[str, Any] = call.state["restore_testing_plans"][name]
    return plan


@operation("backup", "ListRestoreTestingPlans")
def list_restore_testing_plans(call: Call) -> dict[str, Any]:
    """All of the region."""
    return {"RestoreTestingPlans": list(call.state["restore_testing_plans"].values())}


@operation("backup", "UpdateRestoreTestingPlan")
def update_restore_testing_plan(call: Call) -> dict[str, Any]:
    """All but its name."""
    plan = _restore_testing_plan(call)
    plan.update(call.params["RestoreTestingPlan"])
    plan["LastUpdateTime"] = datetime.datetime.now(datetime.UTC)
    return plan


@operation("backup", "DeleteRestoreTestingPlan")
def delete_restore_testing_plan(call: Call) -> dict[str, Any]:
    """Its selections have to go first."""
    name = _restore_testing_plan(call)["RestoreTestingPlanName"]
    if _selections(call, name):
        raise Refuse("InvalidRequestException", f"Restore testing plan {name} has selections: delete them first.")
    del call.state["restore_testing_plans"][name]
    return {}


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
    check_role(call, selection["IamRoleArn"])
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
    return {"RestoreTestingSelection": call.state["restore_testing_selections"][_key(call)]}


@operation("backup", "ListRestoreTestingSelections")
def list_restore_testing_selections(call: Call) -> dict[str, Any]:
    """Those of a plan."""
    return {"RestoreTestingSelections": _selections(call, _restore_testing_plan(call)["RestoreTestingPlanName"])}


@operation("backup", "UpdateRestoreTestingSelection")
def update_restore_testing_selection(call: Call) -> dict[str, Any]:
    """Role, what is restored, and how."""
    selection = call.state["restore_testing_selections"][_key(call)]
    if role := call.params["RestoreTestingSelection"].get("IamRoleArn"):
        check_role(call, role)
    selection.update(call.params["RestoreTestingSelection"])
    return {**selection, "UpdateTime": datetime.datetime.now(datetime.UTC)}


@operation("backup", "DeleteRestoreTestingSelection")
def delete_restore_testing_selection(call: Call) -> dict[str, Any]:
    """It is restored no more."""
    del call.state["restore_testing_selections"][_key(call)]
    return {}


def _key(call: Call) -> str:
    key = f"{call.params['RestoreTestingPlanName']}:{call.params['RestoreTestingSelectionName']}"
    if key not in call.state["restore_testing_selections"]:
        raise missing(f"Restore testing selection {key}")
    return key


def _selections(call: Call, plan: str) -> list[dict[str, Any]]:
    every = call.state["restore_testing_selections"].values()
    return [one for one in every if one["RestoreTestingPlanName"] == plan]
