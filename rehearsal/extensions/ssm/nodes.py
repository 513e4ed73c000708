"""Managed nodes: none, for no host and no server runs here, so that whatever names one is told that it is not there."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation

INFORMATION = {
    "InstanceIds",
    "AgentVersion",
    "PingStatus",
    "PlatformTypes",
    "ActivationIds",
    "IamRole",
    "ResourceType",
    "AssociationStatus",
}
"""What nodes can be filtered by, besides tags."""


@operation("ssm", "DescribeInstanceInformation")
def describe_instance_information(call: Call) -> dict[str, Any]:
    """Nobody has registered."""
    for one in call.params.get("Filters", []):
        if one["Key"] not in INFORMATION and not one["Key"].startswith("tag"):
            raise Refuse("InvalidFilterKey", f"{one['Key']} is no filter of managed nodes.")
    return {"InstanceInformationList": []}


@operation("ssm", "GetInventory")
def get_inventory(call: Call) -> dict[str, Any]:
    """Nobody has reported."""
    return {"Entities": []}


@operation("ssm", "DescribeOpsItems")
def describe_ops_items(call: Call) -> dict[str, Any]:
    """No alarm has rung, so that none was opened."""
    return {"OpsItemSummaries": []}


@operation("ssm", "StartSession")
def start_session(call: Call) -> dict[str, Any]:
    """There is no agent to talk to."""
    raise Refuse("TargetNotConnected", f"{call.params['Target']} is not connected.")


@operation("ssm", "DeregisterManagedInstance")
def deregister_managed_instance(call: Call) -> dict[str, Any]:
    """Only a node that has registered can be taken away."""
    raise Refuse("InvalidInstanceId", f"Invalid instance id: {call.params['InstanceId']}")
