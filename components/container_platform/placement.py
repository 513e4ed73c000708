"""What a workload's args decide before anything is made: its image, its ports, and what ECS would refuse."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pulumi

from components import images
from components.container_platform.args import ContainerPlatformArgs, DatabaseAccessArgs, SidecarArgs, WorkloadArgs
from components.container_platform.container_definition import secret_reference, volume


class PulledImage(NamedTuple):
    """An image as servers pull it, and what pulling needs."""

    reference: pulumi.Input[str]
    """What the container definition names."""
    repository_arns: Sequence[pulumi.Input[str]] = ()
    """Repositories of Amazon ECR to read."""
    cache_arn: pulumi.Input[str] | None = None
    """Repositories of the cache, to read and to fill."""
    credentials_arn: str | None = None
    """Secret with a user of the registry."""


def pulled_image(
    image: str,
    partition: pulumi.Input[str],
    repositories: Mapping[str, tuple[pulumi.Input[str], pulumi.Input[str]]],
    cache: tuple[pulumi.Input[str], pulumi.Input[str]] | None,
    credentials: Mapping[str, str | None],
) -> PulledImage:
    """Where the image comes from; repositories and cache are pairs of URL and ARN, credentials go by the host of a registry.

    Raises ValueError for an image without a version, or of a repository that is not there.
    """
    parsed = images.parse(image)
    if parsed.origin == "repository":
        if parsed.repository not in repositories:
            known = ", ".join(sorted(repositories)) or "none"
            raise ValueError(f"image {image!r} is of no repository of the platform ({known}); add it to repositories")
        url, arn = repositories[parsed.repository]
        return PulledImage(pulumi.Output.format("{}{}", url, parsed.version), [arn])
    if parsed.origin == "docker-hub" and cache:
        url, arn = cache
        return PulledImage(pulumi.Output.concat(url, "/", parsed.repository, parsed.version), cache_arn=arn)
    if found := images.PRIVATE_REGISTRY.fullmatch(parsed.registry):
        arn = f":ecr:{found['region']}:{found['account']}:repository/{parsed.repository}"
        return PulledImage(image, [pulumi.Output.concat("arn:", partition, arn)])
    return PulledImage(image, credentials_arn=credentials.get(parsed.registry))


def parts_of(workload: WorkloadArgs) -> list[WorkloadArgs | SidecarArgs]:
    """Its containers: its own, and those beside it."""
    return [workload, *workload.get("sidecars", ())]


def http_port(workload: WorkloadArgs) -> int:
    """The container port behind the route. Raises ValueError if the workload has none."""
    ports = [port["container_port"] for port in workload.get("ports", ()) if port.get("protocol", "tcp") == "tcp"]
    chosen = workload.get("route", {}).get("port")
    if not ports or (chosen and chosen not in ports):
        raise ValueError(
            f"{workload['name']}: route.port is {chosen}; allowed: a TCP port of ports, which are {ports}; add it to ports"
        )
    return chosen or ports[0]


def server_port(workload: WorkloadArgs) -> int:
    """The port of a server on-premises behind the route. Raises ValueError if the workload has none that is fixed."""
    chosen = http_port(workload)
    fixed = next((port.get("host_port", 0) for port in workload.get("ports", ()) if port["container_port"] == chosen), 0)
    if not fixed:
        raise ValueError(
            f"{workload['name']}: the port {chosen} of the route has no host_port; allowed: a fixed one, as nothing else leads "
            "to copies on-premises; add it"
        )
    return fixed


def cannot_run(args: ContainerPlatformArgs) -> Iterator[str]:
    """What of the workloads could not run, a text each."""
    for workload in args["workloads"]:
        try:
            _refuse_what_cannot_run(workload, args)
        except ValueError as error:
            yield str(error)


def _refuse_what_cannot_run(workload: WorkloadArgs, args: ContainerPlatformArgs) -> None:
    """Raise ValueError for what ECS, or the platform as it was asked for, has not got for a workload."""
    name, placement = workload["name"], workload.get("placement", "aws")
    if "schedule" in workload and workload.get("kind") != "job":
        raise ValueError(f"{name}: schedule with kind {workload.get('kind')}; allowed: with kind job; remove it, or set kind")
    for key in ("route", "scaling") if "kind" in workload else ():
        if key in workload:
            raise ValueError(
                f"{name}: {key} with kind {workload.get('kind')}; allowed: for services alone; remove one of the two"
            )
    if placement == "onPremises" and "scaling" in workload:
        raise ValueError(
            f"{name}: scaling with placement onPremises; ECS Anywhere has no service autoscaling; remove one of the two"
        )
    for part in parts_of(workload):
        _refuse_image_and_secrets(part, args)
    files = args.get("files")
    for mount in workload.get("files", ()):
        volume(mount, files["mount_path"] if files else None)
        if mount.get("source") == "efs" and (placement != "aws" or not files or not files.get("efs_file_system_id")):
            raise ValueError(
                f"{name}: {mount['path']} comes from efs; allowed: with placement aws, where the platform has EFS; use shared"
            )
    if "deployment_errors" in workload and ("route" not in workload or placement == "onPremises"):
        raise ValueError(
            f"{name}: deployment_errors without a route to copies on AWS; allowed: with one; remove it, or add route"
        )
    if "route" in workload:
        http_port(workload)
        route = workload["route"]
        if not (args.get("private_zone_id") or route.get("hosts") or route.get("paths")):
            raise ValueError(f"{name}: route has neither hosts nor paths; name some, or pass private_zone_id")
        if placement == "onPremises" or "on_premises_percent" in route:
            server_port(workload)
            if placement == "aws" or not args.get("on_premises_servers", {}).get("addresses"):
                raise ValueError(
                    f"{name}: its route leads to copies on-premises; allowed: with copies there, and with addresses in "
                    "on_premises_servers; add them, or take on_premises_percent out"
                )


def _refuse_image_and_secrets(part: WorkloadArgs | SidecarArgs, args: ContainerPlatformArgs) -> None:
    pulled_image(part["image"], "", dict.fromkeys(args.get("repositories", ()), ("", "")), None, {})
    for source in part.get("secrets", {}).values():
        secret_reference(source, "" if args.get("database") else None)


def database_secret(database: DatabaseAccessArgs, workload: str) -> pulumi.Input[str]:
    """The secret with which a workload signs in to the database: its user's, or that of all."""
    return database.get("user_secret_arns", {}).get(workload, database["secret_arn"])


def without_key(arn: str) -> str:
    """The ARN of a secret itself, without the key, stage and version that ECS takes behind it."""
    return ":".join(arn.split(":")[:7])
