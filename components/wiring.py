"""What `__main__` hands from one component, or one stack, to another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pydantic.alias_generators import to_camel

from components.settings import Mistake, Settings, recovery
from components.settings.errors import NOT_SET, entries


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
    routed: list[str]
    """Workloads behind the load balancer."""
    services: list[str]
    """ECS services, as ContainerPlatform names them: a workload on both sides has two."""
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
        migrating=_migrating(settings),
        following=recovery.standby_way(settings) == "replica" and not settings.disaster_recovery.promoted,
        transit=settings.network.hub == "transitGateway",
    )


def _migrating(settings: Settings) -> list[str]:
    sources = [source.name for source in settings.migration.sources] if settings.migration.stage == "replicate" else []
    fed = recovery.standby_way(settings) == "dms" and not settings.disaster_recovery.promoted
    return [*sources, f"primary-{settings.disaster_recovery.generation}"] if fed else sources


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


class Contradiction(pulumi.RunError):
    """A secondary whose stack file does not fit what the primary's stack has exported."""


class Primary:
    """What the stack of the primary has exported, for the stack of a secondary.

    Each attribute is the stack output of its name in camelCase. To use one that the primary does not have stops the program, as
    does using any of them while the two stacks contradict each other; in a preview already, for their outputs are known there.
    """

    region: pulumi.Output[str]
    """Its region."""
    vpc_cidr_block: pulumi.Output[str]
    """Block of its VPC."""
    private_zone_id: pulumi.Output[str]
    """The private hosted zone that both regions share."""
    private_zone_name: pulumi.Output[str]
    """Name of that zone."""
    direct_connect_gateway_id: pulumi.Output[str]
    """The Direct Connect gateway that both regions share."""
    transit_gateway_id: pulumi.Output[str]
    """Its transit gateway."""
    transit_gateway_route_table_id: pulumi.Output[str]
    """The default route table of that."""
    database_arn: pulumi.Output[str]
    """Its database."""
    database_secret_arn: pulumi.Output[str]
    """The secret of that, which has a replica in this region."""
    database_security_group_id: pulumi.Output[str]
    """The security group of that."""
    database_copies_key_arn: pulumi.Output[str]
    """The key, in this region, of what the primary copies here of its database."""
    database_backups_replication_arn: pulumi.Output[str]
    """The automated backups of its database, in this region."""
    bucket_name: pulumi.Output[str]
    """Name of its bucket of files."""
    bucket_arn: pulumi.Output[str]
    """ARN of that."""
    bucket_kms_key_arn: pulumi.Output[str]
    """The key of that."""

    def __init__(self, settings: Settings) -> None:
        if settings.primary_stack is None:
            raise ValueError("primary_stack is not set; only the stack of a secondary has a primary")
        self._name, self._kept, self._stack = settings.primary_stack, settings.disaster_recovery.primary_outputs, None
        if not self._kept:
            self._stack = pulumi.StackReference("primary", stack_name=self._name)
        # One by one, so that a secret among the outputs does not make secrets of all.
        known: Any = {key: self._output(key) for key in AGREED}
        self._agreed = pulumi.Output.all(**known).apply(lambda outputs: self._agree(settings, outputs))

    def __getattr__(self, attribute: str) -> pulumi.Output[Any]:
        if attribute not in Primary.__annotations__:
            raise AttributeError(f"the primary has no output for {attribute!r}; declare it in {__name__}.Primary")
        key = to_camel(attribute)
        return pulumi.Output.all(self._agreed, self._output(key)).apply(lambda known: self._present(key, known[1]))

    def _output(self, key: str) -> pulumi.Output[Any]:
        return self._stack.get_output(key) if self._stack else pulumi.Output.from_input(self._kept.get(key))

    def _present(self, key: str, value: Any) -> Any:
        if value is None:
            fix = f"bring the stack file of {self._name} in line with this one's, and deploy it first"
            if not self._stack:
                fix = f"add it to hybridge:disasterRecovery.primaryOutputs, as `pulumi stack output -s {self._name}` told it"
            raise Contradiction(
                f"the stack {self._name} has no output {key}, which the stack {pulumi.get_stack()} needs; {fix}"
            )
        return value

    def _agree(self, settings: Settings, outputs: Mapping[str, Any]) -> bool:
        if mistakes := list(contradictions(settings, outputs, self._name)):
            head = f"Pulumi.{pulumi.get_stack()}.yaml and the stack {self._name} contradict each other."
            raise Contradiction("\n\n".join([head, *entries(mistakes, {})]))
        return True


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
            }
    return args | {"standby_for": standby}


def files_between_regions(settings: Settings, primary: Primary | None) -> dict[str, Any]:
    """What HybridStorage gets to be one of two: the files of the primary, which nobody writes here until it takes over."""
    args: dict[str, Any] = {"read_only": recovery.stands_by(settings)}
    if primary is None:
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


AGREED = (
    *("region", "secondaryRegion", "secondaryCidr", "vpcCidrBlock", "privateZoneName"),
    *("transitGatewayId", "transitGatewayAsn", "directConnectGatewayAsn"),
    *("databaseWay", "databaseName", "databaseMajorVersion"),
)
"""The outputs of the primary that a secondary's stack file has to agree with."""


def contradictions(settings: Settings, outputs: Mapping[str, Any], stack: str) -> Iterator[Mistake]:
    """Where the stack file of a secondary and the outputs of the primary's stack differ."""
    fix = f"Set it so in the stack file of {stack} and deploy that first, or change this stack."
    if outputs.get("region") == settings.region:
        allowed = f"a region other than that of {stack}"
        yield Mistake("aws:region", settings.region, allowed, "Deploy the secondary to another region.")
    recovery, network = settings.disaster_recovery, settings.network
    for key, value, output in (
        ("aws:region", settings.region, "secondaryRegion"),
        ("hybridge:network.cidr", network.cidr, "secondaryCidr"),
        ("hybridge:network.privateZone", network.private_zone, "privateZoneName"),
        ("hybridge:disasterRecovery.primaryCidr", recovery.primary_cidr, "vpcCidrBlock"),
        ("hybridge:disasterRecovery.database", recovery.database, "databaseWay"),
        ("hybridge:database.name", settings.database.name, "databaseName"),
    ):
        found = outputs.get(output)
        if found != value:
            yield Mistake(key, value, f"the same as the output {output} of {stack}, {found or NOT_SET}", fix)
    major, version = outputs.get("databaseMajorVersion"), settings.database.engine_version
    if recovery.database != "dms" and version.split(".")[0] != major:
        allowed = f"PostgreSQL {major or NOT_SET}, as {stack} has: a copy is of the version of its original"
        yield Mistake("hybridge:database.engineVersion", version, allowed, fix)
    hub = "transitGateway" if outputs.get("transitGatewayId") else "vpnGateway"
    if network.hub != hub:
        allowed = f"{hub}, as {stack} has: a Direct Connect gateway takes one kind of hub, and only transit gateways peer"
        yield Mistake("hybridge:network.hub", network.hub, allowed, fix)
    # As text, which is what the stack file keeps of a primary that is gone.
    asns = {str(outputs.get("transitGatewayAsn")), str(outputs.get("directConnectGatewayAsn"))}
    if hub == "transitGateway" and str(network.amazon_asn) in asns:
        allowed = f"an ASN that neither the transit gateway nor the Direct Connect gateway of {stack} has"
        yield Mistake("hybridge:network.amazonAsn", network.amazon_asn, allowed, "Choose another private ASN.")
