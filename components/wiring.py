"""Names that `__main__` hands from one component to another: which keys a map of outputs has is plain, for it shapes the graph."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.settings import Settings


@dataclass(frozen=True)
class Names:
    """What the settings make exist, by the names that people gave."""

    circuits: list[str]
    """Direct Connect connections."""
    circuits_up: list[str]
    """Those of them that are up, and so have a virtual interface."""
    routers: list[str]
    """On-premises routers, each with a VPN connection."""
    nat_zones: list[str]
    """Zones that have a NAT gateway."""
    routed: list[str]
    """Workloads behind the load balancer."""
    services: list[str]
    """ECS services, as ContainerPlatform names them: a workload on both sides has two."""
    replicas: list[str]
    """Read replicas."""
    migrating: list[str]
    """Migration sources whose task runs."""


def names_of(settings: Settings) -> Names:
    """The names of everything that the settings make exist."""
    zones = list(settings.network.zones)
    connections = settings.direct_connect.connections
    sides = [(workload.name, workload.placement) for workload in settings.workloads]
    return Names(
        circuits=[connection.name for connection in connections],
        circuits_up=[connection.name for connection in connections if connection.state == "available"],
        routers=[router.name for router in settings.on_premises.routers],
        nat_zones={"OnePerAz": zones, "Single": zones[:1], "None": []}[settings.network.nat_gateways],
        routed=[workload.name for workload in settings.workloads if workload.route is not None],
        services=[name for name, placement in sides if placement != "onPremises"]
        + [f"{name}-on-premises" for name, placement in sides if placement != "aws"],
        replicas=[f"reader-{number + 1}" for number in range(settings.database.read_replicas.count)],
        migrating=[source.name for source in settings.migration.sources] if settings.migration.stage == "replicate" else [],
    )


def by_name(output: pulumi.Output[dict[str, str]], names: Iterable[str]) -> dict[str, pulumi.Output[str]]:
    """A map of outputs from an output that is a map, for names known beforehand."""
    return {name: output[name] for name in names}


def by_position(output: pulumi.Output[list[str]], names: Sequence[str]) -> dict[str, pulumi.Output[str]]:
    """A map of outputs from an output that is a list in the order of `names`."""
    return {name: output[position] for position, name in enumerate(names)}


def export(outputs: dict[str, Any]) -> None:
    """Stack outputs: what this stack has; what it has not is left out."""
    for name, value in outputs.items():
        if value is not None:
            pulumi.export(name, value)
