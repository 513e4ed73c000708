"""Tests of connections between replication instances and endpoints, which succeed, as nothing is there to fail."""

from typing import Any

from moto.dms.models import FakeConnection

from rehearsal.extend import Call, Refuse, operation

FILTERS = {"endpoint-arn": "endpoint_arn", "replication-instance-arn": "replication_instance_arn"}


@operation("dms", "TestConnection")
def test_connection(call: Call) -> dict[str, Any]:
    """Begin a test; one of a pair that was tested before begins anew, where moto fails."""
    backend, params = call.backend("dms"), call.params
    instance = backend.replication_instances.get(params["ReplicationInstanceArn"])
    endpoint = next((one for one in backend.endpoints.values() if one.endpoint_arn == params["EndpointArn"]), None)
    if instance is None or endpoint is None:
        missing = "EndpointArn" if instance else "ReplicationInstanceArn"
        raise Refuse("ResourceNotFoundFault", f"{missing} {params[missing]} could not be found.")
    pair = (instance.arn, endpoint.endpoint_arn)
    backend.connections = [one for one in backend.connections if _pair(one) != pair]
    connection = FakeConnection(*pair, instance.id, endpoint.endpoint_identifier)
    connection.status = "testing"
    backend.connections.append(connection)
    return {"Connection": connection.to_dict()}


@operation("dms", "DescribeConnections")
def describe_connections(call: Call) -> dict[str, Any]:
    """Those that every filter lets through, of which moto heeds the last; a test is over once somebody has looked at it."""
    found = list(call.backend("dms").connections)
    for one in call.params.get("Filters", []):
        if one["Name"] not in FILTERS:
            raise Refuse("InvalidParameterValueException", f"Invalid filter name: {one['Name']}")
        found = [connection for connection in found if getattr(connection, FILTERS[one["Name"]]) in one["Values"]]
    described = [connection.to_dict() for connection in found]
    for connection in found:
        connection.status = "successful"
    return {"Connections": described}


@operation("dms", "DeleteConnection")
def delete_connection(call: Call) -> dict[str, Any]:
    """Forget the test of a pair."""
    backend = call.backend("dms")
    pair = (call.params["ReplicationInstanceArn"], call.params["EndpointArn"])
    gone = next((one for one in backend.connections if _pair(one) == pair), None)
    if gone is None:
        raise Refuse("ResourceNotFoundFault", "The connection could not be found.")
    backend.connections.remove(gone)
    return {"Connection": {**gone.to_dict(), "Status": "deleting"}}


def _pair(connection: Any) -> tuple[str, str]:
    return connection.replication_instance_arn, connection.endpoint_arn


def connect(account_backend: Any) -> None:
    """What people do in stage `prepare`: test every endpoint from every replication instance."""
    tested = {(one.replication_instance_arn, one.endpoint_arn) for one in account_backend.connections}
    for instance in account_backend.replication_instances.values():
        for endpoint in account_backend.endpoints.values():
            if (instance.arn, endpoint.endpoint_arn) not in tested:
                connection = FakeConnection(instance.arn, endpoint.endpoint_arn, instance.id, endpoint.endpoint_identifier)
                connection.status = "successful"
                account_backend.connections.append(connection)
