"""Replication tasks: documents that DMS can read, and a start that is possible."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.dms.common import LOGS_POLICY, LOGS_ROLE, check_role, moto_answer, rename, resource_id


@operation("dms", "CreateReplicationTask")
def create_task(call: Call) -> dict[str, Any]:
    """Both endpoints and the instance must exist, and the documents must be what DMS can read."""
    params = call.params
    backend = call.backend("dms")
    kinds = {endpoint.endpoint_arn: endpoint.endpoint_type for endpoint in backend.endpoints.values()}
    for member, kind in (("SourceEndpointArn", "source"), ("TargetEndpointArn", "target")):
        if kinds.get(params[member]) != kind:
            raise Refuse("ResourceNotFoundFault", f"Endpoint {params[member]} could not be found as a {kind}.")
    if params["ReplicationInstanceArn"] not in backend.replication_instances:
        raise Refuse("ResourceNotFoundFault", f"Replication instance {params['ReplicationInstanceArn']} could not be found.")
    _check_documents(params)
    _check_start(call, params)
    if any(task.id == params["ReplicationTaskIdentifier"] for task in backend.replication_tasks.values()):
        raise Refuse("ResourceAlreadyExistsFault", "The resource you are attempting to create already exists.")
    made = moto_answer(call)["ReplicationTask"]
    task = backend.replication_tasks.pop(made["ReplicationTaskArn"])
    rename(call, task, call.arn(f"task:{resource_id(call)}"))
    backend.replication_tasks[task.arn] = task
    task.ready()
    call.state["starts"][task.arn] = params.get("CdcStartPosition")
    return {"ReplicationTask": _task(call, task)}


@operation("dms", "DescribeReplicationTasks")
def describe_tasks(call: Call) -> dict[str, Any]:
    """moto's answer with the start position that it drops."""
    described = moto_answer(call)
    tasks = call.backend("dms").replication_tasks
    return {
        **described,
        "ReplicationTasks": [_task(call, tasks[one["ReplicationTaskArn"]]) for one in described["ReplicationTasks"]],
    }


@operation("dms", "StartReplicationTask")
def start_task(call: Call) -> dict[str, Any]:
    """Both endpoints must have passed a test of their connection, and the logs must have somewhere to go."""
    task = call.backend("dms").replication_tasks.get(call.params["ReplicationTaskArn"])
    if task is None:
        raise Refuse("ResourceNotFoundFault", "Replication task could not be found.")
    if task.status == "running":
        raise Refuse("InvalidResourceStateFault", "Replication task is running already.")
    tested = {
        (connection.replication_instance_arn, connection.endpoint_arn)
        for connection in call.backend("dms").connections
        if connection.status == "successful"
    }
    for endpoint in (task.source_endpoint_arn, task.target_endpoint_arn):
        if (task.replication_instance_arn, endpoint) not in tested:
            message = (
                "Test connection for replication instance and endpoint should be successful for starting the replication task"
            )
            raise Refuse("InvalidResourceStateFault", message)
    if json.loads(task.replication_task_settings or "{}").get("Logging", {}).get("EnableLogging"):
        check_role(call, LOGS_ROLE, LOGS_POLICY)
    return moto_answer(call)


def _task(call: Call, task: Any) -> dict[str, Any]:
    start = call.state["starts"].get(task.arn)
    return {**task.to_dict(), **({"CdcStartPosition": start} if start else {})}


def _check_documents(params: dict[str, Any]) -> None:
    mappings = json.loads(params["TableMappings"])
    rules = mappings.get("rules", [])
    included = [rule for rule in rules if rule.get("rule-type") == "selection" and rule.get("rule-action") == "include"]
    if not included:
        raise Refuse("InvalidParameterValueException", "No tables are included by the table mappings.")
    for key in ("rule-id", "rule-name"):
        if len({rule[key] for rule in rules}) != len(rules):
            raise Refuse("InvalidParameterValueException", f"Every {key} of the table mappings must be unique.")
    logging = json.loads(params.get("ReplicationTaskSettings") or "{}").get("Logging", {})
    if {"CloudWatchLogGroup", "CloudWatchLogStream"} & logging.keys():
        raise Refuse("InvalidParameterValueException", "CloudWatchLogGroup and CloudWatchLogStream are read-only.")


def _check_start(call: Call, params: dict[str, Any]) -> None:
    """A slot made by hand and the position to start at belong together, and with changes only."""
    source = next(one for one in call.backend("dms").endpoints.values() if one.endpoint_arn == params["SourceEndpointArn"])
    slot, position = (source.postgre_sql_settings or {}).get("SlotName"), params.get("CdcStartPosition")
    if slot and (not position or params["MigrationType"] != "cdc"):
        raise Refuse("InvalidParameterCombinationException", "A slot needs a CdcStartPosition and the migration type cdc.")
    if position and params["MigrationType"] == "full-load-and-cdc":
        raise Refuse("InvalidParameterCombinationException", "A CdcStartPosition is for the migration type cdc.")
