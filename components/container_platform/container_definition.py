"""The container definitions of a workload: pure functions, the same result for EC2 hosts and on-premises servers."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from components import collector
from components.container_platform.args import FileMountArgs, HealthCheckArgs, PortArgs, SidecarArgs, WorkloadArgs
from components.container_platform.user_data import EFS_PATH

Definition = dict[str, Any]


class Volume(NamedTuple):
    """A folder of the server, mounted in the way that both sides have: ECS Anywhere knows no volume drivers of AWS."""

    name: str
    host_path: str


def volume(mount: FileMountArgs, shared_path: str | None) -> Volume:
    """The folder behind a mount. Raises ValueError if there are no shared files."""
    source = mount.get("source", "shared")
    if source == "shared" and shared_path is None:
        raise ValueError(f"{mount['path']}: there are no shared files to mount; pass files, or take the mount out")
    root = EFS_PATH if source == "efs" else shared_path
    folder = mount.get("sub_path")
    if not folder:
        return Volume(source, str(root))
    # Named after what it is, not after its position, which changes with the mounts before it.
    return Volume(f"{source}-{hashlib.sha256(folder.encode()).hexdigest()[:8]}", f"{root}/{folder}")


def own_volumes(workload: WorkloadArgs) -> list[Definition]:
    """The volumes of a workload beside the platform's files: folders of the server, or volumes that Docker keeps under a
    name."""
    found: list[Definition] = []
    for mount in workload.get("volumes", ()):
        if "host_path" in mount:
            found.append({"name": mount["name"], "host_path": mount["host_path"]})
        else:
            kept = {"scope": "shared", "autoprovision": True, "driver": "local"}
            found.append({"name": mount["name"], "docker_volume_configuration": kept})
    return found


def hardening(workload: WorkloadArgs) -> Definition:
    """What differs from Docker's defaults within the container: who it runs as, what it may, what it is limited to."""
    found: Definition = {}
    for key, name in PLAIN.items():
        if workload.get(key):
            found[name] = workload[key]  # type: ignore[literal-required]
    if ulimits := workload.get("ulimits"):
        found["ulimits"] = [
            {"name": name, "softLimit": limit["soft"], "hardLimit": limit["hard"]} for name, limit in sorted(ulimits.items())
        ]
    if hosts := workload.get("extra_hosts"):
        found["extraHosts"] = [{"hostname": host, "ipAddress": ip} for host, ip in sorted(hosts.items())]
    linux: Definition = {"initProcessEnabled": True}
    if given := workload.get("capabilities"):
        linux["capabilities"] = {"add": list(given.get("add", ())), "drop": list(given.get("drop", ()))}
    if megabytes := workload.get("shared_memory_mib"):
        linux["sharedMemorySize"] = megabytes
    return {**found, "linuxParameters": linux}


PLAIN = {
    "entry_point": "entryPoint",
    "user": "user",
    "working_directory": "workingDirectory",
    "stop_seconds": "stopTimeout",
    "memory_reservation": "memoryReservation",
    "read_only_root": "readonlyRootFilesystem",
}
"""Arguments that ECS takes as they are, by its names."""
RESTART = {"enabled": True, "restartAttemptPeriod": 60}
"""The agent on the server starts a container again that has ended, also while the link to AWS is down; one that does not
live for
a minute is left to ECS. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-restart-policy.html"""


def port_mapping(port: PortArgs) -> Definition:
    """A port of the container; host port 0 lets the server choose one."""
    return {
        "containerPort": port["container_port"],
        "hostPort": port.get("host_port", 0),
        "protocol": port.get("protocol", "tcp"),
    }


def health_check(check: HealthCheckArgs) -> Definition | None:
    """The check that the server runs in the container; None without a command."""
    command = check.get("command")
    if not command:
        return None
    return {
        "command": list(command),
        "interval": check.get("interval_seconds", 30),
        "timeout": check.get("timeout_seconds", 5),
        "retries": check.get("retries", 3),
        "startPeriod": check.get("start_seconds", 60),
    }


def secret_reference(source: str, database_secret_arn: str | None) -> str:
    """What ECS reads a variable from: a key of a Secrets Manager secret as `arn:key::`, or an ARN as it was given.

    Raises ValueError for a key of the database's secret if there is no database.
    """
    if not source.startswith("database:"):
        return source
    if database_secret_arn is None:
        raise ValueError(f"{source}: there is no database; pass database, or name a secret by its ARN")
    return f"{database_secret_arn}:{source.removeprefix('database:')}::"


def log_configuration(log_group: str, region: str, stream: str) -> Definition:
    """Logs to CloudWatch, without ever making the container wait: on-premises the link to AWS may be down for a while."""
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": log_group,
            "awslogs-region": region,
            "awslogs-stream-prefix": stream,
            "mode": "non-blocking",
            "max-buffer-size": "25m",
        },
    }


def _secrets(secrets: Mapping[str, str], database_secret_arn: str | None) -> Definition:
    if not secrets:
        return {}
    return {
        "secrets": [{"name": key, "valueFrom": secret_reference(secrets[key], database_secret_arn)} for key in sorted(secrets)]
    }


class Context(NamedTuple):
    """What a definition needs to know of the platform."""

    region: str
    image: str
    """The image as servers pull it."""
    log_group: str
    environment: Mapping[str, str]
    """The variables of the workload, resolved."""
    database_secret_arn: str | None = None
    registry_credentials_arn: str | None = None
    """Secret with the user and password of the registry; None: the registry asks for none, or is Amazon ECR."""
    shared_path: str | None = None
    tracing: bool = False
    beside: Sequence[tuple[str, str | None]] = ()
    """Images of the containers beside it, as servers pull them, each with the secret of its registry."""


def container_definitions(workload: WorkloadArgs, context: Context) -> list[Definition]:
    """The workload's container and, if it is traced, the collector that it is linked to.

    Nothing in it belongs to one side: bridge networking, folders of the server, logs to CloudWatch and secrets by the execution
    role are what ECS has both on EC2 and on-premises.
    """
    name = workload["name"]
    traced = collector.environment(name) if context.tracing else {}
    # AWS SDKs would ask the instance metadata service for the region, which containers cannot reach.
    environment = {"AWS_REGION": context.region, **traced, **context.environment}
    main: Definition = {
        "name": name,
        "image": context.image,
        "essential": True,
        "cpu": workload.get("cpu", 256),
        "memory": workload.get("memory", 512),
        "environment": [{"name": key, "value": environment[key]} for key in sorted(environment)],
        "portMappings": [port_mapping(port) for port in workload.get("ports", ())],
        # What would be empty is said all the same, as AWS gives it back.
        "volumesFrom": [],
        "mountPoints": [
            {
                "sourceVolume": volume(mount, context.shared_path).name,
                "containerPath": mount["path"],
                "readOnly": mount.get("read_only", True),
            }
            for mount in workload.get("files", ())
        ]
        + [
            {"sourceVolume": mount["name"], "containerPath": mount["path"], "readOnly": mount.get("read_only", False)}
            for mount in workload.get("volumes", ())
        ],
        "logConfiguration": log_configuration(context.log_group, context.region, name),
        # A job has ended once it has.
        **({} if workload.get("kind") == "job" else {"restartPolicy": RESTART}),
        # Its init process collects the children that ECS Exec leaves behind.
        **hardening(workload),
    }
    main |= _secrets(workload.get("secrets", {}), context.database_secret_arn)
    if command := workload.get("command"):
        main["command"] = list(command)
    if check := health_check(workload.get("health_check", {})):
        main["healthCheck"] = check
    if context.registry_credentials_arn:
        main["repositoryCredentials"] = {"credentialsParameter": context.registry_credentials_arn}
    sidecars = workload.get("sidecars", ())
    # Bridge networking has no common localhost: the link gives what runs beside it a name in the container.
    awaited = {sidecar["name"]: sidecar.get("until", "START") for sidecar in sidecars}
    awaited |= {collector.NAME: "START"} if context.tracing else {}
    if awaited:
        main["dependsOn"] = [{"containerName": other, "condition": until} for other, until in awaited.items()]
    if linked := [other for other, until in awaited.items() if until != "SUCCESS"]:
        main["links"] = linked
    beside = [_sidecar(sidecar, *pulled, context) for sidecar, pulled in zip(sidecars, context.beside, strict=True)]
    return [main, *beside, *([_collector(context)] if context.tracing else [])]


def _sidecar(sidecar: SidecarArgs, image: str, credentials_arn: str | None, context: Context) -> Definition:
    """What ends well before the workload begins must not take the task with it; what runs beside it is missed like itself."""
    runs = sidecar.get("until", "START") != "SUCCESS"
    environment = {"AWS_REGION": context.region, **sidecar.get("environment", {})}
    found: Definition = {
        "name": sidecar["name"],
        "image": image,
        "essential": runs,
        "cpu": sidecar.get("cpu", 64),
        "memory": sidecar.get("memory", 128),
        "environment": [{"name": key, "value": environment[key]} for key in sorted(environment)],
        "portMappings": [],
        "volumesFrom": [],
        "mountPoints": [],
        "logConfiguration": log_configuration(context.log_group, context.region, sidecar["name"]),
        "linuxParameters": {"initProcessEnabled": True},
        **({"restartPolicy": RESTART} if runs else {}),
        **_secrets(sidecar.get("secrets", {}), context.database_secret_arn),
    }
    if command := sidecar.get("command"):
        found["command"] = list(command)
    if check := health_check(sidecar.get("health_check", {})):
        found["healthCheck"] = check
    if credentials_arn:
        found["repositoryCredentials"] = {"credentialsParameter": credentials_arn}
    return found


def _collector(context: Context) -> Definition:
    return {
        "name": collector.NAME,
        "image": collector.IMAGE,
        # A workload outlives its collector: traces are worth less than what is traced.
        "essential": False,
        "cpu": collector.CPU,
        "memory": collector.MEMORY,
        "portMappings": [],
        "mountPoints": [],
        "volumesFrom": [],
        # Its configuration comes by environment, and nobody opens a session in it.
        "readonlyRootFilesystem": True,
        "restartPolicy": RESTART,
        "environment": [
            {"name": "AOT_CONFIG_CONTENT", "value": collector.configuration(context.region)},
            {"name": "AWS_REGION", "value": context.region},
        ],
        "healthCheck": {"command": ["CMD", "/healthcheck"], "interval": 30, "timeout": 5, "retries": 3, "startPeriod": 10},
        "logConfiguration": log_configuration(context.log_group, context.region, collector.NAME),
    }
