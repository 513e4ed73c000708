"""Maintenance windows: what moto drops of them, and targets, documents and roles that it takes without looking."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.ssm.documents import check_use


@operation("ssm", "CreateMaintenanceWindow")
def create_maintenance_window(call: Call) -> Any:
    """A window must not close to new hosts before it opens; moto forgets whether hosts must be registered first."""
    params = call.params
    if params["Cutoff"] >= params["Duration"]:
        raise Refuse("ValidationException", "The cutoff must be less than the duration of the maintenance window.")
    result = call.moto()
    window = result.result["WindowId"]
    call.state["windows"][window] = {"AllowUnassociatedTargets": params["AllowUnassociatedTargets"]}
    return result


@operation("ssm", "GetMaintenanceWindow")
def get_maintenance_window(call: Call) -> dict[str, Any]:
    """The window with what moto forgot."""
    window = _window(call)
    described = {key: value for key, value in window.to_json().items() if value is not None}
    return {**described, **call.state["windows"].get(window.id, {})}


@operation("ssm", "RegisterTargetWithMaintenanceWindow")
def register_target_with_maintenance_window(call: Call) -> Any:
    """The window is there, and hosts are named in a way that Systems Manager has."""
    _window(call)
    for target in call.params["Targets"]:
        key = target["Key"]
        if not (key in {"InstanceIds", "resource-groups:Name", "resource-groups:ResourceTypeFilters"} or key.startswith("tag")):
            raise Refuse("ValidationException", f"Targets cannot be chosen by {key}.")
    return call.moto()


@operation("ssm", "RegisterTaskWithMaintenanceWindow")
def register_task_with_maintenance_window(call: Call) -> Any:
    """Its targets are registered with the window, the role trusts Systems Manager, the document takes the parameters."""
    params, window = call.params, _window(call)
    for target in params.get("Targets", []):
        unknown = set(target["Values"]) - set(window.targets) if target["Key"] == "WindowTargetIds" else set()
        if unknown:
            raise Refuse("DoesNotExistException", f"Window targets {sorted(unknown)} do not exist in {window.id}.")
    role = params.get("ServiceRoleArn")
    if role and not _trusted(call, role):
        raise Refuse("ValidationException", f"The role {role} does not exist, or Systems Manager may not assume it.")
    if params["TaskType"] == "RUN_COMMAND":
        command = params.get("TaskInvocationParameters", {}).get("RunCommand", {})
        check_use(call, params["TaskArn"], command.get("Parameters", {}))
        output = command.get("CloudWatchOutputConfig", {})
        group = output.get("CloudWatchLogGroupName")
        if group and group not in call.backend("logs").groups:
            # AWS would make one by this name, unencrypted and for ever.
            raise Refuse("ValidationException", f"The log group {group} does not exist.")
    return call.moto()


@operation("ssm", "GetMaintenanceWindowTask")
def get_maintenance_window_task(call: Call) -> dict[str, Any]:
    """One task of a window."""
    task = _window(call).tasks.get(call.params["WindowTaskId"])
    if task is None:
        raise Refuse("DoesNotExistException", f"The task {call.params['WindowTaskId']} does not exist.")
    described = {**task.to_json(), "CutoffBehavior": task.cutoff_behavior}
    return {key: value for key, value in described.items() if value is not None}


def _window(call: Call) -> Any:
    window = call.backend("ssm").windows.get(call.params["WindowId"])
    if window is None:
        raise Refuse("DoesNotExistException", f"The maintenance window {call.params['WindowId']} does not exist.")
    return window


def _trusted(call: Call, arn: str) -> bool:
    role = next((role for role in call.backend("iam").roles.values() if role.arn == arn), None)
    if role is None:
        return False
    document = role.assume_role_policy_document
    return "ssm.amazonaws.com" in (document if isinstance(document, str) else json.dumps(document))
