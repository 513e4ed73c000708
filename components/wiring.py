"""What `__main__` hands from one component, or one stack, to another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.primary import Primary
from components.settings import Settings, recovery


@dataclass(frozen=True)
class Names:
    """What the settings make exist, by the names that people gave: plain, for they shape the graph."""

    circuits: list[str]
    """Direct Connect connections."""
    circuits_up: list[str]
    """Those of them that are up, and so have a virtual interface."""
    routers: list[str]
    """On-premises routers, each with a VPN connection."""
    nat_zones: list[str]
    """Zones that have a NAT gateway."""
    replicas: list[str]
    """Read replicas."""
    migrating: list[str]
    """Databases out of which DMS replicates into this one: migration sources, the database of the primary."""
    following: bool
    """Whether the database is a read replica of another region's."""
    transit: bool
    """Whether the hub is a transit gateway."""


def names_of(settings: Settings) -> Names:
    """The names of everything that the settings make exist."""
    zones = list(settings.network.zones)
    connections = settings.direct_connect.connections
    return Names(
        circuits=[connection.name for connection in connections],
        circuits_up=[connection.name for connection in connections if connection.state == "available"],
        routers=[router.name for router in settings.on_premises.routers],
        nat_zones={"OnePerAz": zones, "Single": zones[:1], "None": []}[settings.network.nat_gateways],
        replicas=[f"reader-{number + 1}" for number in range(settings.database.read_replicas.count)],
        migrating=_migrating(settings),
        following=recovery.standby_way(settings) == "replica" and not settings.disaster_recovery.promoted,
        transit=settings.network.hub == "transitGateway",
    )


def _by_dms(settings: Settings) -> bool:
    return settings.migration.stage == "replicate" and settings.migration.way == "dms"


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


def export(outputs: dict[str, Any]) -> None:
    """Stack outputs: what this stack has; what it has not is left out."""
    for name, value in outputs.items():
        if value is not None:
            pulumi.export(name, value)


def between_regions(settings: Settings, primary: Primary | None) -> dict[str, Any]:
    """What Network gets to be one of two regions: private zone and circuits of the primary, a peer for its transit gateway."""
    direct_connect = settings.direct_connect.as_args() | {"protected": settings.protect}
    args: dict[str, Any] = {"direct_connect": direct_connect, "shared": settings.secondary_region is not None}
    cidr = recovery.other_cidr(settings)
    if cidr is not None and settings.network.hub == "transitGateway" and settings.disaster_recovery.peering:
        # Each side leads its own subnets to its own transit gateway; the secondary makes what lies between the two.
        args["other_region"] = {"cidr": cidr}
    if primary is None:
        return args
    args["private_zone_id"] = primary.private_zone_id
    if settings.disaster_recovery.direct_connect:
        direct_connect["gateway_id"] = primary.direct_connect_gateway_id
    if "other_region" in args:
        args["other_region"]["peer"] = {
            "region": primary.region,
            "transit_gateway_id": primary.transit_gateway_id,
            "route_table_id": primary.transit_gateway_route_table_id,
        }
    return args


def database_between_regions(settings: Settings, primary: Primary | None, cidr: pulumi.Input[str]) -> dict[str, Any]:
    """What Database gets to be one of two: copies for the other region, and whose data it stands by with, in `cidr`."""
    recovering, way = settings.disaster_recovery, recovery.standby_way(settings)
    args: dict[str, Any] = {}
    if settings.secondary_region is not None:
        args["copies"] = {
            "region": settings.secondary_region,
            "backups": recovering.database == "backups",
            "dms_roles": recovering.database == "dms",
        }
    if way is None:
        return args
    standby: dict[str, Any] = {"way": way, "promoted": recovering.promoted, "generation": recovering.generation}
    if primary is None:
        # The way back: user and password are still those that this stack has made.
        standby |= {"region": str(recovering.restore_from).split(":")[3], "instance_arn": recovering.restore_from}
    else:
        standby |= {"region": primary.region, "secret_arn": primary.database_secret_arn}
        if way == "replica":
            standby["instance_arn"] = primary.database_arn
        elif way == "backups":
            standby["automated_backups_arn"] = primary.database_backups_replication_arn
        else:
            standby |= {
                "secret_key_arn": primary.database_copies_key_arn,
                "security_group_id": primary.database_security_group_id,
                "cidr": recovering.primary_cidr,
                "own_cidr": cidr,
                "tested": recovering.fed,
            }
    return args | {"standby_for": standby}


def files_between_regions(settings: Settings, primary: Primary | None) -> dict[str, Any]:
    """What HybridStorage gets to be one of two: the files of the primary, which nobody writes here until it takes over.

    Once the primary has been taken down for good, there is no bucket left to replicate.
    """
    args: dict[str, Any] = {"read_only": recovery.stands_by(settings)}
    if primary is None or settings.disaster_recovery.primary_outputs:
        return args
    recovering = settings.disaster_recovery
    return args | {
        "replicate_from": {
            "bucket_name": primary.bucket_name,
            "bucket_arn": primary.bucket_arn,
            "kms_key_arn": primary.bucket_kms_key_arn,
            "region": primary.region,
            "delete_markers": recovering.delete_markers,
            "replica_modifications": recovering.replica_modifications,
            "replication_time_control": recovering.replication_time_control,
            "reverse": recovering.reverse_replication,
        },
    }
