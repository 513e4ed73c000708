"""EventBridge Scheduler: moto takes targets, roles and groups that do not exist, and any expression."""

import json
import re
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.utils import get_service_model

from rehearsal import api_model
from rehearsal.extend import Call, Refuse, operation

CALLED = re.compile(r"arn:aws[a-z-]*:scheduler:::aws-sdk:(?P<service>[a-z0-9]+):(?P<operation>[A-Za-z0-9]+)")
"""A target that is an operation of AWS. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html"""
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
    if called := CALLED.fullmatch(target["Arn"]):
        _check_request(called["service"], called["operation"], target.get("Input", "{}"))


def _check_request(service: str, operation: str, text: str) -> None:
    """What a schedule asks of an operation by itself: AWS tells only when the time comes, and then nobody."""
    try:
        model = get_service_model(service)
    except UnknownServiceError:
        raise Refuse("ValidationException", f"{service} is not a service that a schedule can call.") from None
    name = operation[:1].upper() + operation[1:]
    if name not in model.operation_names:
        raise Refuse("ValidationException", f"{service} has no operation {operation}.")
    wrong = [*api_model.violations(json.loads(text), model.operation_model(name).input_shape)]
    if wrong:
        raise Refuse("ValidationException", f"The input of {service}:{operation} is not valid: {'; '.join(wrong)}")


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
