"""EventBridge Scheduler: moto takes targets, roles and groups that do not exist, and any expression."""

import json
import re
from typing import Any

from rehearsal.extend import Call, Refuse, operation

EXPRESSION = re.compile(r"(cron\(\S+ \S+ \S+ \S+ \S+ \S+\)|rate\([1-9][0-9]* (minute|hour|day)s?\)|at\(\S+\))")


@operation("scheduler", "CreateSchedule")
def create_schedule(call: Call) -> Any:
    """The target is there, and the scheduler may assume the role with which it starts it."""
    _check(call)
    return call.moto()


@operation("scheduler", "UpdateSchedule")
def update_schedule(call: Call) -> Any:
    """The same of what it becomes."""
    _check(call)
    return call.moto()


def _check(call: Call) -> None:
    params = call.params
    if not EXPRESSION.fullmatch(params["ScheduleExpression"]):
        raise Refuse("ValidationException", f"Invalid Schedule Expression {params['ScheduleExpression']}.")
    target = params["Target"]
    role = next((one for one in call.backend("iam").roles.values() if one.arn == target["RoleArn"]), None)
    trusted = json.loads(role.assume_role_policy_document)["Statement"] if role else []
    if not any(one.get("Principal", {}).get("Service") == "scheduler.amazonaws.com" for one in trusted):
        message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        raise Refuse("ValidationException", message)
    if parameters := target.get("EcsParameters"):
        _check_task(call, target["Arn"], parameters)


def _check_task(call: Call, cluster_arn: str, parameters: dict[str, Any]) -> None:
    backend = call.backend("ecs")
    cluster = next((one for one in backend.clusters.values() if one.arn == cluster_arn), None)
    if cluster is None:
        raise Refuse("ValidationException", f"The cluster {cluster_arn} does not exist.")
    strategy = parameters.get("CapacityProviderStrategy", [])
    if strategy and "LaunchType" in parameters:
        raise Refuse("ValidationException", "LaunchType and CapacityProviderStrategy exclude each other.")
    for one in strategy:
        if one["capacityProvider"] not in (cluster.capacity_providers or []):
            raise Refuse("ValidationException", f"The cluster has no capacity provider {one['capacityProvider']}.")
    definition = backend.describe_task_definition(parameters["TaskDefinitionArn"])
    side = "EXTERNAL" if parameters.get("LaunchType") == "EXTERNAL" else "EC2"
    if side not in definition.compatibilities:
        raise Refuse("ValidationException", f"Task definition does not support launch_type {side}.")
