"""What `__main__` hands from one component to another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast

import pulumi

from components.database_classes import memory_gib
from components.names import NamesArgs
from components.settings import Section, Settings, recovery
from components.stages import RUNNING

if TYPE_CHECKING:
    from components.container_platform import ContainerPlatform
    from components.database import Database
    from components.hybrid_storage import HybridStorage
    from components.network import Network

T = TypeVar("T")


class Common(TypedDict):
    """What every component takes."""

    region: str
    tags: dict[str, str]


class Inside(TypedDict):
    """Where in the network a component is."""

    vpc_id: pulumi.Output[str]
    private_subnet_ids: pulumi.Output[list[str]]


class Named(TypedDict):
    """The zone that names are made in, and how they lead here."""

    private_zone_id: pulumi.Output[str]
    private_zone_name: str
    names: NamesArgs | None


def taken(shape: type[T], *parts: Section | Mapping[str, Any]) -> T:
    """The arguments of a component, put together of sections of the settings and of what others give; a later part wins.

    The component refuses what does not fit its arguments, and tells it; see components/arguments.py.
    """
    args: dict[str, Any] = {}
    for part in parts:
        args |= part.as_args() if isinstance(part, Section) else part
    return cast(T, args)


@dataclass(frozen=True)
class Names:
    """What the settings make exist, by the names that people gave: plain, for they shape the graph."""

    circuits: list[str]
    """Direct Connect connections."""
    circuits_up: list[str]
    """Those of them that are up, and so have a virtual interface."""
    lags: list[str]
    """Those of the circuits that are link aggregation groups, adopted by id."""
    port_gbits: dict[str, float]
    """Speed of their ports in Gbit/s, where it is known."""
    resolvers: list[str]
    """Directions of the resolver endpoints."""
    routers: list[str]
    """On-premises routers, each with a VPN connection."""
    nat_zones: list[str]
    """Zones that have a NAT gateway."""
    replicas: list[str]
    """Read replicas."""
    migrating: list[str]
    """Databases out of which DMS replicates into this one: migration sources, the database of the primary."""
    gateways: list[str]
    """Further File Gateways that are activated."""
    following: bool
    """Whether the database is a read replica of another region's."""


def names_of(settings: Settings) -> Names:
    """The names of everything that the settings make exist."""
    zones = list(settings.network.zones)
    connections = settings.direct_connect.connections
    return Names(
        circuits=[connection.name for connection in connections],
        circuits_up=[connection.name for connection in connections if connection.state == "available"],
        lags=[one.name for one in connections if (one.connection_id or "").startswith("dxlag-")],
        port_gbits={one.name: one.gbits for one in connections if one.gbits},
        resolvers=["inbound", *(["outbound"] if settings.on_premises.forwarded else [])],
        routers=[router.name for router in settings.on_premises.routers],
        nat_zones={"OnePerAz": zones, "Single": zones[:1], "None": []}[settings.network.nat_gateways],
        replicas=[f"reader-{number + 1}" for number in range(settings.database.read_replicas.count)],
        migrating=_migrating(settings),
        gateways=[one.name for one in settings.storage.file_gateways if one.activation_key],
        following=recovery.standby_way(settings) == "replica" and not settings.disaster_recovery.promoted,
    )


def _by_dms(settings: Settings) -> bool:
    return settings.migration.stage in RUNNING and settings.migration.way == "dms"


def _migrating(settings: Settings) -> list[str]:
    sources = [source.name for source in settings.migration.sources] if _by_dms(settings) else []
    recovering = settings.disaster_recovery
    fed = recovery.standby_way(settings) == "dms" and recovering.fed and not recovering.promoted
    return [*sources, f"primary-{recovering.generation}"] if fed else sources


def by_name(output: pulumi.Output[dict[str, str]], names: Iterable[str]) -> dict[str, pulumi.Output[str]]:
    """A map of outputs from an output that is a map, for names known beforehand."""
    return {name: output[name] for name in names}


def by_position(output: pulumi.Output[list[str]], names: Sequence[str]) -> dict[str, pulumi.Output[str]]:
    """A map of outputs from an output that is a list in the order of `names`."""
    return {name: output[position] for position, name in enumerate(names)}


def watched(
    settings: Settings, network: "Network", database: "Database", storage: "HybridStorage", platform: "ContainerPlatform"
) -> dict[str, Any]:
    """What Management gets of the others, to watch and to keep."""
    names = names_of(settings)
    replicas = by_position(database.replica_identifiers, names.replicas if database.address else [])
    if names.following and database.instance_identifier:
        replicas["standby"] = database.instance_identifier
    return {
        "tracing": settings.containers.tracing,
        "traced_workloads": [workload.name for workload in settings.workloads],
        "probes": {"database": pulumi.Output.format("{}:{}", database.address, database.port)} if database.address else None,
        "connection_ids": by_name(network.connection_ids, names.circuits),
        "virtual_interface_ids": by_name(network.virtual_interface_ids, names.circuits_up),
        "lag_names": names.lags,
        "port_gbits": names.port_gbits,
        "resolver_endpoint_ids": by_name(network.resolver_endpoint_ids, names.resolvers),
        "vpn_connection_ids": by_name(network.vpn_connection_ids, names.routers),
        "nat_gateway_ids": by_position(network.nat_gateway_ids, names.nat_zones),
        "cluster_name": platform.cluster_name,
        "auto_scaling_group_name": platform.auto_scaling_group_name,
        "capacity_provider_name": platform.capacity_provider_name,
        "load_balancer_arn_suffix": platform.load_balancer_arn_suffix,
        "target_group_arn_suffixes": platform.target_groups,
        "exec_key_arn": platform.kms_key_arn,
        "service_names": platform.services,
        "schedule_group_name": platform.schedule_group_name,
        "jobs": {
            workload.name: {
                "log_group_name": platform.jobs[workload.name].log_group_name,
                "family": platform.jobs[workload.name].family,
                # Where nothing is started, nothing is missed.
                "overdue_hours": workload.schedule.overdue if workload.schedule and not recovery.stands_by(settings) else None,
            }
            for workload in settings.workloads
            if workload.kind == "job"
        },
        "instance_role_name": platform.instance_role_name,
        "on_premises_role_name": platform.on_premises_role_name,
        "database_identifier": database.instance_identifier,
        "database_subnet_group_name": database.subnet_group_name,
        "database_storage_gib": settings.database.storage_gib,
        "database_memory_gib": memory_gib(settings.database.instance_class),
        "replica_identifiers": replicas,
        "replication_instance_identifier": database.replication_instance_identifier if names.migrating else None,
        "set_aside_metric": database.set_aside_metric if names.migrating else None,
        "migration_task_arns": by_name(database.migration_task_arns, names.migrating),
        "bucket_name": storage.bucket_name,
        "gateway_arn": storage.gateway_arn,
        "gateway_name": storage.gateway_name,
        "gateway_arns": by_name(storage.gateway_arns, names.gateways),
        "efs_file_system_id": storage.efs_file_system_id,
    }
