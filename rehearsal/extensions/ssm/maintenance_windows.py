"""Maintenance windows: what moto drops of them, and targets, documents and roles that it takes without looking."""

import json
from collections.abc import Iterable
from typing import Any

from moto.core.utils import camelcase_to_underscores

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


@operation("ssm", "UpdateMaintenanceWindow")
def update_maintenance_window(call: Call) -> dict[str, Any]:
    """What the call does not name stays as it is."""
    window, params = _window(call), call.params
    if params.get("Cutoff", window.cutoff) >= params.get("Duration", window.duration):
        raise Refuse("ValidationException", "The cutoff must be less than the duration of the maintenance window.")
    times = ("Schedule", "ScheduleTimezone", "ScheduleOffset", "StartDate", "EndDate", "Duration", "Cutoff")
    _set(window, params, ("Name", "Description", *times))
    if "AllowUnassociatedTargets" in params:
        call.state["windows"][window.id] = {"AllowUnassociatedTargets": params["AllowUnassociatedTargets"]}
    return get_maintenance_window(call)  # type: ignore[no-any-return]


@operation("ssm", "RegisterTargetWithMaintenanceWindow")
def register_target_with_maintenance_window(call: Call) -> Any:
    """The window is there, and hosts are named in a way that Systems Manager has."""
    _window(call)
    _check_targets(call)
    return call.moto()


@operation("ssm", "UpdateMaintenanceWindowTarget")
def update_maintenance_window_target(call: Call) -> dict[str, Any]:
    """What the call does not name stays as it is."""
    target = _window(call).targets.get(call.params["WindowTargetId"])
    if target is None:
        raise Refuse("DoesNotExistException", f"The target {call.params['WindowTargetId']} does not exist.")
    _check_targets(call)
    _set(target, call.params, ("Targets", "OwnerInformation", "Name", "Description"))
    return {**target.to_json(), "OwnerInformation": target.owner_information}


def _check_targets(call: Call) -> None:
    for target in call.params.get("Targets", []):
        key = target["Key"]
        if not (key in {"InstanceIds", "resource-groups:Name", "resource-groups:ResourceTypeFilters"} or key.startswith("tag")):
            raise Refuse("ValidationException", f"Targets cannot be chosen by {key}.")


@operation("ssm", "RegisterTaskWithMaintenanceWindow")
def register_task_with_maintenance_window(call: Call) -> Any:
    """Its targets are registered with the window, the role trusts Systems Manager, the document takes the parameters."""
    _check_task(call, call.params["TaskArn"], call.params["TaskType"])
    return call.moto()


@operation("ssm", "UpdateMaintenanceWindowTask")
def update_maintenance_window_task(call: Call) -> dict[str, Any]:
    """What the call does not name stays as it is."""
    task = _window(call).tasks.get(call.params["WindowTaskId"])
    if task is None:
        raise Refuse("DoesNotExistException", f"The task {call.params['WindowTaskId']} does not exist.")
    _check_task(call, call.params.get("TaskArn", task.task_arn), task.task_type)
    about = ("Targets", "TaskArn", "ServiceRoleArn", "TaskParameters", "TaskInvocationParameters", "LoggingInfo")
    _set(task, call.params, (*about, "Priority", "MaxConcurrency", "MaxErrors", "Name", "Description", "CutoffBehavior"))
    return {key: value for key, value in task.to_json().items() if value is not None}


def _check_task(call: Call, document: str, task_type: str) -> None:
    params, window = call.params, _window(call)
    for target in params.get("Targets", []):
        unknown = set(target["Values"]) - set(window.targets) if target["Key"] == "WindowTargetIds" else set()
        if unknown:
            raise Refuse("DoesNotExistException", f"Window targets {sorted(unknown)} do not exist in {window.id}.")
    role = params.get("ServiceRoleArn")
    if role and not _trusted(call, role):
        raise Refuse("ValidationException", f"The role {role} does not exist, or Systems Manager may not assume it.")
    if task_type == "AUTOMATION" and "TaskInvocationParameters" in params:
        given = params["TaskInvocationParameters"].get("Automation", {}).get("Parameters", {})
        # Systems Manager puts the host there before it runs.
        check_use(call, document, {key: values for key, values in given.items() if values != ["{{RESOURCE_ID}}"]}, given)
    if task_type == "RUN_COMMAND" and "TaskInvocationParameters" in params:
        command = params["TaskInvocationParameters"].get("RunCommand", {})
        check_use(call, document, command.get("Parameters", {}))
        output = command.get("CloudWatchOutputConfig", {})
        group = output.get("CloudWatchLogGroupName")
        if group and group not in call.backend("logs").groups:
            # AWS would make one by this name, unencrypted and for ever.
            raise Refuse("ValidationException", f"The log group {group} does not exist.")


@operation("ssm", "GetMaintenanceWindowTask")
def get_maintenance_window_task(call: Call) -> dict[str, Any]:
    """One task of a window."""
    task = _window(call).tasks.get(call.params["WindowTaskId"])
    if task is None:
        raise Refuse("DoesNotExistException", f"The task {call.params['WindowTaskId']} does not exist.")
    described = {**task.to_json(), "CutoffBehavior": task.cutoff_behavior}
    return {key: value for key, value in described.items() if value is not None}


TARGET_FILTERS = {"WindowTargetId": "WindowTargetId", "OwnerInformation": "OwnerInformation"}
TASK_FILTERS = {"WindowTaskId": "WindowTaskId", "TaskArn": "TaskArn", "Priority": "Priority", "TaskType": "Type"}
"""The filters that the API has, and the members that they are about. moto knows few of them and answers nothing to others."""


@operation("ssm", "DescribeMaintenanceWindowTargets")
def describe_maintenance_window_targets(call: Call) -> dict[str, Any]:
    """The targets of a window, by their ids for one. moto forgets whose they are."""
    targets = _window(call).targets.values()
    described = [{**one.to_json(), "OwnerInformation": one.owner_information} for one in targets]
    return {"Targets": _filtered(call, described, TARGET_FILTERS)}


@operation("ssm", "DescribeMaintenanceWindowTasks")
def describe_maintenance_window_tasks(call: Call) -> dict[str, Any]:
    """The tasks of a window."""
    return {
        "Tasks": _filtered(
            call, [{**one.to_json(), "Type": one.task_type} for one in _window(call).tasks.values()], TASK_FILTERS
        )
    }


def _filtered(call: Call, found: list[dict[str, Any]], members: dict[str, str]) -> list[dict[str, Any]]:
    for one in call.params.get("Filters", []):
        if one["Key"] not in members:
            raise Refuse("ValidationException", f"The filter {one['Key']} is not one of {', '.join(sorted(members))}.")
        found = [each for each in found if str(each.get(members[one["Key"]])) in one["Values"]]
    return found


@operation("ssm", "DeregisterTargetFromMaintenanceWindow")
def deregister_target_from_maintenance_window(call: Call) -> dict[str, Any]:
    """A task may still name it, unless the call wants that to be safe."""
    window, target = _window(call), call.params["WindowTargetId"]
    if target not in window.targets:
        raise Refuse("DoesNotExistException", f"The target {target} does not exist.")
    named = [one for task in window.tasks.values() for one in task.to_json().get("Targets") or [] if target in one["Values"]]
    if call.params.get("Safe") and named:
        raise Refuse("TargetInUseException", f"The target {target} is named by a task.")
    del window.targets[target]
    return {"WindowId": window.id, "WindowTargetId": target}


@operation("ssm", "DeregisterTaskFromMaintenanceWindow")
def deregister_task_from_maintenance_window(call: Call) -> dict[str, Any]:
    """It runs no more."""
    window, task = _window(call), call.params["WindowTaskId"]
    if window.tasks.pop(task, None) is None:
        raise Refuse("DoesNotExistException", f"The task {task} does not exist.")
    return {"WindowId": window.id, "WindowTaskId": task}


def _set(of: Any, params: dict[str, Any], members: Iterable[str]) -> None:
    for member in members:
        if member in params:
            setattr(of, camelcase_to_underscores(member), params[member])


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
