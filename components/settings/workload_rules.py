"""Rules between workloads, and between them and other sections. The parameters are named like the sections they look at."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network, collapse_addresses
from itertools import combinations
from typing import Protocol

from components import collector, images, instance_types, routing
from components.settings.base import Mistake
from components.settings.client_vpn import ClientVpn
from components.settings.containers import Containers
from components.settings.errors import Unshown
from components.settings.on_premises import OnPremises
from components.settings.workload_parts import written
from components.settings.workloads import Workload

RULES_OF_A_GROUP = 60


class _Network(Protocol):
    @property
    def private_zone(self) -> str | None: ...


class _Efs(Protocol):
    @property
    def enabled(self) -> bool: ...


class _Storage(Protocol):
    @property
    def efs(self) -> _Efs: ...

    @property
    def aws_writes(self) -> bool: ...


@dataclass(frozen=True)
class _Routed:
    position: int
    name: str
    chosen: int | None
    route: routing.Route

    @cached_property
    def band(self) -> int:
        return routing.band(by_host=bool(self.route.hosts), by_path=bool(self.route.paths))

    @cached_property
    def priority(self) -> int:
        derived = routing.priority(self.name, by_host=bool(self.route.hosts), by_path=bool(self.route.paths))
        return self.chosen or derived


def distinct_workloads(workloads: Sequence[Workload]) -> Iterator[Mistake]:
    """Workloads are told apart by name, and two cannot have the same port of a server."""
    named: dict[str, int] = {}
    for position, workload in enumerate(workloads):
        if workload.name in named:
            yield Mistake(
                f"workloads[{position}].name",
                workload.name,
                f"a name of its own; workloads[{named[workload.name]}] has this one",
                "Rename one of the two.",
            )
        named.setdefault(workload.name, position)
    taken: dict[tuple[str, int, str], int] = {}
    for position, workload in enumerate(workloads):
        sides = ("aws", "onPremises") if workload.placement == "both" else (workload.placement,)
        clashes: dict[str, Mistake] = {}
        for index, port in enumerate(workload.ports):
            for side in sides if port.host_port else ():
                first = taken.setdefault((side, port.host_port, port.protocol), position)
                if first != position:
                    key = f"workloads[{position}].ports[{index}].hostPort"
                    clashes[key] = Mistake(
                        key,
                        port.host_port,
                        f"a port that no other workload has there; {workloads[first].name} has it",
                        "Choose another hostPort.",
                    )
        yield from clashes.values()


def routes_of_workloads(workloads: Sequence[Workload], network: _Network) -> Iterator[Mistake]:
    """Each request has one workload to go to, and the load balancer's quotas hold."""
    zone = network.private_zone
    routed = [
        _Routed(position, workload.name, workload.route.priority, route)
        for position, workload in enumerate(workloads)
        if workload.route
        for route in [routing.route_of(workload.name, workload.route.hosts, workload.route.paths, zone)]
    ]
    # A workload that shares its requests between both sides counts twice.
    groups = len(routed) + sum(bool(one.route and one.route.on_premises_percent is not None) for one in workloads)
    if groups > routing.TARGET_GROUPS_PER_LOAD_BALANCER:
        yield Mistake(
            "workloads",
            Unshown(f"({groups} workloads with a route)"),
            f"at most {routing.TARGET_GROUPS_PER_LOAD_BALANCER} with a route: a load balancer forwards to no more",
            "Take the route from some, or put them behind one that forwards.",
        )
    own = next((one.route.hosts[0] for one in routed if one.route.hosts and one.route.hosts[0].endswith(f".{zone}")), None)
    if own and not (re.fullmatch(routing.HOST_PATTERN, own) and len(own) <= routing.LONGEST_PATTERN):
        yield Mistake(
            "network.privateZone",
            zone,
            "letters, digits, hyphens and dots, and letters alone after the last dot: listener rules take no other hosts",
            "Rename the zone, or give every route paths alone.",
        )
    for one in routed:
        yield from _route_mistakes(f"workloads[{one.position}].route", one.route, zone)
    for one, other in combinations(routed, 2):
        if one.priority == other.priority:
            yield Mistake(
                f"workloads[{other.position}].route.priority",
                other.priority,
                f"a priority of its own, 1 to {routing.HIGHEST_PRIORITY}; {one.name} has this one",
                "Give one of the two a priority.",
            )
        elif (
            one.chosen is None
            and other.chosen is None
            and one.band == other.band
            and routing.routes_overlap(one.route, other.route)
        ):
            yield Mistake(
                f"workloads[{other.position}].route",
                list(other.route.values),
                f"hosts and paths that {one.name} does not take too, or a priority that says which of the two goes first",
                "Give both a priority, the narrower the lower one.",
            )


def routes_to_servers(workloads: Sequence[Workload], containers: Containers) -> Iterator[Mistake]:
    """Routes to copies on-premises know the servers."""
    for position, workload in enumerate(workloads):
        if workload.server_port and workload.route and not containers.on_premises_servers.addresses:
            allowed = "nothing while containers.onPremisesServers.addresses is empty: the load balancer knows no server"
            fix = "Add containers.onPremisesServers.addresses, or remove it."
            share = workload.route.on_premises_percent
            key, value = ("route", written(workload.route)) if share is None else ("route.onPremisesPercent", share)
            yield Mistake(f"workloads[{position}].{key}", value, allowed, fix)


def rules_of_security_groups(
    workloads: Sequence[Workload], containers: Containers, on_premises: OnPremises, client_vpn: ClientVpn
) -> Iterator[Mistake]:
    """A security group has 60 rules each way, a quota: fixed ports times networks are counted before AWS counts them.

    A prefix list would save none: it counts as many rules as it may have entries.
    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
    """
    here = [workload for workload in workloads if workload.placement != "onPremises"]
    fixed = {(port.protocol, port.host_port) for workload in here for port in workload.ports if port.host_port}
    networks, ssh = 1 + len(on_premises.cidrs), len(on_premises.ssh_cidrs) + client_vpn.reaches("ssh")
    rules = 1 + ssh + len(fixed) * networks
    if rules > RULES_OF_A_GROUP:
        yield Mistake(
            "workloads",
            Unshown(f"({len(fixed)} fixed ports on AWS for {networks} networks)"),
            f"at most {RULES_OF_A_GROUP} rules of the hosts' security group, which would have {rules}: one for each port and "
            "network",
            "Leave hostPort out where a route leads to the workload, or widen onPremises.cidrs to fewer networks.",
        )
    servers = [IPv4Network(address) for address in containers.on_premises_servers.addresses or []]
    ports = {workload.server_port for workload in workloads if workload.server_port}
    leaving = 1 + sum(protocol == "tcp" for protocol, _ in fixed) + len(ports) * len(list(collapse_addresses(servers)))
    if leaving > RULES_OF_A_GROUP:
        yield Mistake(
            "containers.onPremisesServers.addresses",
            Unshown(f"({len(servers)} servers, {len(ports)} ports with a route)"),
            f"at most {RULES_OF_A_GROUP} rules of the load balancer's security group, which would have {leaving}: one for each "
            "port and each network of neighbouring addresses",
            "Name fewer servers, or give them addresses next to each other.",
        )


def _route_mistakes(key: str, route: routing.Route, zone: str | None) -> Iterator[Mistake]:
    if not route.values:
        yield Mistake(key, {}, "hosts or paths, as there is no network.privateZone", "Name hosts or paths, or a private zone.")
    if len(route.values) > routing.VALUES_PER_RULE:
        own = f", {route.hosts[0]} among them" if zone and route.hosts else ""
        yield Mistake(
            key,
            list(route.values),
            f"at most {routing.VALUES_PER_RULE} hosts and paths in all{own}: a rule has no more",
            "Use wildcards, or leave some out.",
        )
    if route.wildcards > routing.WILDCARDS_PER_RULE:
        yield Mistake(
            key,
            list(route.values),
            f"at most {routing.WILDCARDS_PER_RULE} wildcards in all: a rule has no more",
            "Name some in full.",
        )


def workloads_on_hosts(workloads: Sequence[Workload], containers: Containers) -> Iterator[Mistake]:
    """What is placed on AWS fits the hosts, and own images come from repositories that exist."""
    room = instance_types.capacity(containers.instance_type)
    traced = (collector.CPU, collector.MEMORY) if containers.tracing else (0, 0)
    for position, workload in enumerate(workloads):
        others = workload.sidecars or []
        beside = (traced[0] + sum(one.cpu for one in others), traced[1] + sum(one.memory for one in others))
        if room and workload.placement != "onPremises":
            for key, wanted, extra, available, unit in (
                ("cpu", workload.cpu, beside[0], room.cpu, "CPU units"),
                ("memory", workload.memory, beside[1], room.memory, "MiB"),
            ):
                if wanted + extra > available:
                    yield Mistake(
                        f"workloads[{position}].{key}",
                        wanted,
                        f"at most {available - extra} {unit}, what a {containers.instance_type} has for one copy",
                        f"Lower {key}, or choose a larger containers.instanceType.",
                    )
        if workload.placement != "onPremises":
            yield from _fixed_port_mistakes(f"workloads[{position}]", workload, containers.max_instances)
        for key, text in images_of(workload):
            image = images.parse(text)
            if image.origin == "repository" and image.repository not in containers.repositories:
                known = ", ".join(containers.repositories) or "none"
                yield Mistake(
                    f"workloads[{position}].{key}",
                    text,
                    f"a repository of containers.repositories after ecr: ({known})",
                    "Add the repository there, or correct the name.",
                )


def images_of(workload: Workload) -> list[tuple[str, str]]:
    """The images of a workload's containers, each with its key."""
    beside = [(f"sidecars[{position}].image", sidecar.image) for position, sidecar in enumerate(workload.sidecars or [])]
    return [("image", workload.image), *beside]


def _fixed_port_mistakes(key: str, workload: Workload, hosts: int) -> Iterator[Mistake]:
    """Copies that find no host whose fixed port is free would wait for ever, and their deployment with them."""
    fixed = next((port.host_port for port in workload.ports if port.host_port), None)
    most = workload.scaling.max_replicas if workload.scaling else workload.replicas
    if workload.kind is None and fixed and most >= hosts:
        yield Mistake(
            f"{key}.scaling.maxReplicas" if workload.scaling else f"{key}.replicas",
            most,
            f"fewer than containers.maxInstances ({hosts}) with hostPort {fixed}: each host has the port once, and a new copy "
            "starts before an old one stops",
            "Lower it, raise containers.maxInstances, or leave hostPort out for a free port.",
        )


def files_of_workloads(workloads: Sequence[Workload], storage: _Storage) -> Iterator[Mistake]:
    """Files that a workload mounts exist, and may be written if it means to."""
    for position, workload in enumerate(workloads):
        for index, mount in enumerate(workload.files):
            key = f"workloads[{position}].files[{index}]"
            if mount.source == "efs" and workload.placement == "aws" and not storage.efs.enabled:
                yield Mistake(
                    f"{key}.source",
                    mount.source,
                    "shared, as storage.efs is not enabled",
                    "Enable storage.efs, or take the files from shared.",
                )
            if mount.source == "shared" and workload.placement != "onPremises" and not (mount.read_only or storage.aws_writes):
                yield Mistake(
                    f"{key}.readOnly",
                    mount.read_only,
                    "true for what runs on AWS, as storage.awsWrites is false",
                    "Set storage.awsWrites, or leave readOnly out.",
                )
