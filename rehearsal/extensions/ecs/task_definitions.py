"""Task definitions: moto knows no EXTERNAL, makes `awsvpc` of every network mode it does not expect, and looks up no role."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation

EXTERNAL_MODES = frozenset({None, "bridge", "host", "none"})
RESERVED_HOST_PORTS = frozenset({22, 2375, 2376, 51678, 51679, 51680})
DYNAMIC_PORTS = range(32_768, 65_536)


@operation("ecs", "RegisterTaskDefinition")
def register_task_definition(call: Call) -> dict[str, Any]:
    """What the definition says it is compatible with is what ECS checks it against."""
    params = call.params
    wanted = params.get("requiresCompatibilities", [])
    for key in ("executionRoleArn", "taskRoleArn"):
        if key in params and not _role_exists(call, params[key]):
            raise Refuse("ClientException", f"Role is not valid: {params[key]}")
    if "EXTERNAL" in wanted:
        _check_external(params)
    for container in params["containerDefinitions"]:
        _check_container(container, params)
    names = [container["name"] for container in params["containerDefinitions"]]
    if len(set(names)) < len(names):
        raise Refuse("ClientException", "Container names must be unique within a task definition.")
    members = {
        "volumes": "volumes",
        "tags": "tags",
        "placement_constraints": "placementConstraints",
        "requires_compatibilities": "requiresCompatibilities",
        "cpu": "cpu",
        "memory": "memory",
        "task_role_arn": "taskRoleArn",
        "execution_role_arn": "executionRoleArn",
        "network_mode": "networkMode",
        "runtime_platform": "runtimePlatform",
    }
    given = {name: params[member] for name, member in members.items() if member in params}
    made = call.backend("ecs").register_task_definition(params["family"], params["containerDefinitions"], **given)
    made.network_mode = params.get("networkMode", "awsvpc" if "FARGATE" in wanted else "bridge")
    made.compatibilities = sorted({"EC2", *wanted} if "EXTERNAL" not in wanted else set(wanted))
    return {"taskDefinition": made, "tags": params.get("tags", [])}


def _check_external(params: dict[str, Any]) -> None:
    """What ECS Anywhere has not got.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere.html#ecs-anywhere-considerations
    """
    if params.get("networkMode") not in EXTERNAL_MODES:
        raise Refuse("ClientException", f"Network mode {params['networkMode']} is not supported for the EXTERNAL launch type.")
    if any("efsVolumeConfiguration" in volume for volume in params.get("volumes", [])):
        raise Refuse("ClientException", "EFS volumes are not supported for the EXTERNAL launch type.")
    if "proxyConfiguration" in params:
        raise Refuse("ClientException", "A proxy configuration is not supported for the EXTERNAL launch type.")


def _check_container(container: dict[str, Any], params: dict[str, Any]) -> None:
    name, mode = container["name"], params.get("networkMode", "bridge")
    for port in container.get("portMappings", []):
        host = port.get("hostPort", 0)
        if host in RESERVED_HOST_PORTS or (mode == "bridge" and host in DYNAMIC_PORTS):
            raise Refuse("ClientException", f"Container {name}: host port {host} is reserved on the container instance.")
    volumes = {volume["name"] for volume in params.get("volumes", [])}
    for mount in container.get("mountPoints", []):
        if mount["sourceVolume"] not in volumes:
            raise Refuse("ClientException", f"Container {name}: unknown volume '{mount['sourceVolume']}'.")
    others = {other["name"] for other in params["containerDefinitions"]} - {name}
    linked = {link.split(":")[0] for link in container.get("links", [])}
    awaited = {one["containerName"] for one in container.get("dependsOn", [])}
    if unknown := sorted((linked | awaited) - others):
        raise Refuse("ClientException", f"Container {name} depends on '{unknown[0]}', which the task definition has not got.")
    if linked and mode != "bridge":
        raise Refuse("ClientException", "Links are not supported when networkMode is not bridge.")
    if (container.get("secrets") or container.get("repositoryCredentials")) and "executionRoleArn" not in params:
        raise Refuse(
            "ClientException",
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
        )


def _role_exists(call: Call, arn: str) -> bool:
    return any(role.arn == arn for role in call.backend("iam").roles.values())
