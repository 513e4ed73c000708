"""The workloads of a compose file: https://github.com/compose-spec/compose-spec/blob/main/spec.md.

What a workload has no place for is told in a note and left out: volumes, networks, the order of starting.
"""

import math
import re
import shlex
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from components import routing
from rehearsal.usage import UsageError

TAKEN = {"image", "ports", "expose", "environment", "command", "deploy", "mem_limit", "cpus", "scale", "container_name"}
SILENT = {"restart", "networks", "depends_on", "hostname", "init", "pull_policy", "labels", "logging", "stop_grace_period"}
"""What ECS does in its own way, so that nobody has to be told."""
DATABASES = ("postgres", "postgis/postgis", "bitnami/postgresql")
"""Images that the managed database takes the place of."""
NOT_HTTP = {22, 25, 53, 389, 636, 1433, 1521, 1883, 2181, 3306, 4222, 5432, 5672, 6379, 8883, 9042, 9092, 11211, 27017}
"""Ports of other protocols: the load balancer speaks HTTP alone."""
UNITS = {"": 1, "b": 1, "k": 2**10, "kb": 2**10, "m": 2**20, "mb": 2**20, "g": 2**30, "gb": 2**30}
LONGEST_NAME = 20


def workloads_of(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """The services of a file as workloads, and what was left out, a note each. Raises UsageError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--compose {path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"--compose {path} is not valid YAML: {str(error).splitlines()[0]}") from error
    services = content.get("services") if isinstance(content, dict) else None
    if not isinstance(services, dict) or not services:
        raise UsageError(f"--compose {path}: there is no mapping `services` in it; name a compose file")
    workloads: list[dict[str, Any]] = []
    notes: list[str] = []
    for name, service in services.items():
        try:
            workload, said = _workload(str(name), service if isinstance(service, dict) else {})
        except ValueError as error:
            raise UsageError(f"--compose {path}: service {name}: {error}") from error
        workloads += [workload] if workload else []
        notes += [f"{name}: {one}" for one in said]
        notes += _named_apart(workloads) if workload else []
    _ordered_apart(workloads)
    return workloads, notes


def _named_apart(workloads: list[dict[str, Any]]) -> list[str]:
    """Give the last one another name, where its name is taken: names lose all but letters and digits, and end early."""
    *others, last = workloads
    taken, name = {one["name"] for one in others}, last["name"]
    if name not in taken:
        return []
    numbered = (f"{name[: LONGEST_NAME - len(end)].rstrip('-')}{end}" for end in (f"-{number}" for number in count(2)))
    last["name"] = next(one for one in numbered if one not in taken)
    return [
        f"the workload {last['name']} is another than {name}: names have at most {LONGEST_NAME} letters, digits and hyphens"
    ]


def _ordered_apart(workloads: list[dict[str, Any]]) -> None:
    """Choose a priority where two routes would derive the same from their names: by then the file would be refused."""
    routed = {one["name"]: one["route"] for one in workloads if "route" in one}
    derived = {name: routing.priority(name, by_host=True, by_path=False) for name in routed}
    taken = set(derived.values())
    seen: set[int] = set()
    for name, route in routed.items():
        if derived[name] in seen:
            # From the end of the band, and back: a workload that is added later is as likely to meet it as any other.
            route["priority"] = next(one for one in range(2 * routing.BAND, 0, -1) if one not in taken)
            taken.add(route["priority"])
        seen.add(derived[name])


def _workload(name: str, service: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    image = str(service.get("image") or "")
    if any(image.split(":", maxsplit=1)[0].removeprefix("docker.io/library/") == database for database in DATABASES):
        return {}, ["left out: the managed database takes its place, and `migration` brings its data"]
    if not image:
        return {}, ["left out: it has no image; build it, push it (containers.repositories) and add it by hand"]
    notes = [f"{key} is not taken over" for key in sorted(service.keys() - TAKEN - SILENT)]
    called = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_NAME].strip("-")
    if "${" in image:
        raise ValueError(f"the image {image} has a variable in it; write what it stands for")
    if ":" not in image.rsplit("/", 1)[-1] and "@" not in image:
        notes.append(f"{image} has no tag: `latest` would be another image every day, so write one")
        image += ":latest"
    result: dict[str, Any] = {"name": called, "image": image}
    ports = _ports(service)
    if ports:
        result["ports"] = ports
    if command := service.get("command"):
        result["command"] = shlex.split(command) if isinstance(command, str) else [str(part) for part in command]
    if environment := _environment(service.get("environment")):
        result["environment"] = environment
    result |= _sizes(service)
    if any(port not in NOT_HTTP for port in ports):
        result["route"] = {}
    elif ports:
        notes.append(f"port {ports[0]} speaks no HTTP, so that it has no route: the load balancer knows nothing else")
    return result, notes


def _ports(service: Mapping[str, Any]) -> list[int]:
    """The ports of the container that speak TCP, each once. Which port of the host they have is ECS's to choose."""
    found: dict[int, None] = {}
    for given in [*(service.get("ports") or []), *(service.get("expose") or [])]:
        target = str(given.get("target", "")) if isinstance(given, dict) else str(given)
        protocol = str(given.get("protocol", "tcp")) if isinstance(given, dict) else "tcp"
        inside, _, after = target.rpartition(":")[2].partition("/")
        if (after or protocol) != "tcp":
            continue
        if not inside.isdecimal():
            raise ValueError(f"port {target}: one number each; write ranges out")
        found[int(inside)] = None
    return list(found)


def _environment(given: Any) -> dict[str, str]:
    if isinstance(given, list):
        pairs = [str(item).partition("=") for item in given]
        return {key: value for key, equals, value in pairs if equals}
    return {str(key): _text(value) for key, value in (given or {}).items() if value is not None}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sizes(service: Mapping[str, Any]) -> dict[str, int]:
    deploy = service.get("deploy") or {}
    limits = (deploy.get("resources") or {}).get("limits") or {}
    result: dict[str, int] = {}
    if cpus := limits.get("cpus") or service.get("cpus"):
        result["cpu"] = max(2, round(float(cpus) * 1024))
    if memory := limits.get("memory") or service.get("mem_limit"):
        found = re.fullmatch(r"([0-9.]+)([a-z]*)", str(memory).lower())
        if not found or found[2] not in UNITS:
            raise ValueError(f"memory {memory}: write a number with a unit, as 512m")
        result["memory"] = max(6, math.ceil(float(found[1]) * UNITS[found[2]] / 2**20))
    replicas = deploy.get("replicas") or service.get("scale")
    if replicas and int(replicas) != 1:
        result["replicas"] = int(replicas)
    return result
