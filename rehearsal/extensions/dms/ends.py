"""What goes only once nothing uses it: tasks, then endpoints and instances, then certificates and subnets."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.dms.common import moto_answer


def _in_use(what: str, by: str) -> Refuse:
    return Refuse("InvalidResourceStateFault", f"{what} is in use by {by}.")


@operation("dms", "DeleteReplicationTask")
def delete_task(call: Call) -> dict[str, Any]:
    """Not while it runs."""
    task = call.backend("dms").replication_tasks.get(call.params["ReplicationTaskArn"])
    if task is not None and task.status == "running":
        raise Refuse("InvalidResourceStateFault", f"Replication task {task.id} is running: stop it first.")
    return moto_answer(call)


@operation("dms", "DeleteEndpoint")
def delete_endpoint(call: Call) -> dict[str, Any]:
    """Not while a task uses it."""
    arn = call.params["EndpointArn"]
    for task in call.backend("dms").replication_tasks.values():
        if arn in (task.source_endpoint_arn, task.target_endpoint_arn):
            raise _in_use(f"Endpoint {arn}", f"task {task.id}")
    return moto_answer(call)


@operation("dms", "DeleteReplicationInstance")
def delete_instance(call: Call) -> dict[str, Any]:
    """Not while a task is on it."""
    arn = call.params["ReplicationInstanceArn"]
    for task in call.backend("dms").replication_tasks.values():
        if arn == task.replication_instance_arn:
            raise _in_use(f"Replication instance {arn}", f"task {task.id}")
    return moto_answer(call)


@operation("dms", "DeleteReplicationSubnetGroup")
def delete_subnet_group(call: Call) -> dict[str, Any]:
    """Not while an instance is in it."""
    name = call.params["ReplicationSubnetGroupIdentifier"].lower()
    if name not in call.state["subnet_groups"]:
        raise Refuse("ResourceNotFoundFault", f"The replication subnet group {name} does not exist.")
    for instance in call.backend("dms").replication_instances.values():
        if instance.replication_subnet_group_identifier == name:
            raise _in_use(f"Replication subnet group {name}", f"instance {instance.id}")
    del call.state["subnet_groups"][name]
    return {}


@operation("dms", "DeleteCertificate")
def delete_certificate(call: Call) -> dict[str, Any]:
    """Not while an endpoint trusts it."""
    arn = call.params["CertificateArn"]
    for name, certificate in call.state["certificates"].items():
        if certificate["CertificateArn"] == arn:
            for endpoint in call.backend("dms").endpoints.values():
                if endpoint.certificate_arn == arn:
                    raise _in_use(f"Certificate {name}", f"endpoint {endpoint.endpoint_identifier}")
            return {"Certificate": call.state["certificates"].pop(name)}
    raise Refuse("ResourceNotFoundFault", f"Certificate {arn} could not be found.")
