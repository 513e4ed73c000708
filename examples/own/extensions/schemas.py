"""EventBridge schemas: registries, of which there is one of a name in an account and region."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("schemas", "CreateRegistry")
def create_registry(call: Call) -> dict[str, Any]:
    """Make a registry."""
    name, registries = call.params["RegistryName"], call.state["registries"]
    if name in registries:
        raise Refuse("ConflictException", f"Registry with name {name} already exists.")
    registries[name] = {
        "RegistryName": name,
        "RegistryArn": call.arn(f"registry/{name}"),
        "Description": call.params.get("Description"),
        "Tags": call.params.get("tags", {}),
    }
    return registries[name]


@operation("schemas", "DescribeRegistry")
def describe_registry(call: Call) -> dict[str, Any]:
    """Tell of a registry."""
    found = call.state["registries"].get(call.params["RegistryName"])
    if found is None:
        raise Refuse("NotFoundException", f"Registry with name {call.params['RegistryName']} does not exist.")
    return found
