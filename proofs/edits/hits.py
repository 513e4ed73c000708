"""What dies, for a while or for good, with a resource that an edit replaces, removes, or changes where it stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from proofs.drills import figures
from proofs.drills.graph import Graphs, Resource
from proofs.drills.needs import Figure
from proofs.drills.place import CIRCUITS, HUBS, INTERFACES
from rehearsal.diff import Change

ROUTERS = "aws:ec2/customerGateway:CustomerGateway"
CONNECTIONS = "aws:ec2/vpnConnection:VpnConnection"
INSTANCES = "aws:rds/instance:Instance"
SERVICES = "aws:ecs/service:Service"
BALANCERS = "aws:lb/loadBalancer:LoadBalancer"


@dataclass(frozen=True)
class Hit:
    """What a change takes along."""

    change: Change
    identifiers: frozenset[str]
    """Ids of parts; of what has an address in each zone, what its parts' ids begin with."""
    until: Figure
    """What brings it back."""
    goes_on: bool = False
    """Whether what takes over is there before it goes, so that nothing is ever missing."""
    wholly: bool = False
    """Whether a standby goes with it."""


def hits(changes: Sequence[Change], graphs: Graphs) -> Iterator[Hit]:
    """Of changes of one stack: what each takes along. `graphs`: what stands."""
    standing = {one.node.urn: one for one in graphs.every()}
    succeeded = frozenset(change.type for change in changes if _succeeds(change))
    for change in changes:
        resource = standing.get(change.before.urn) if change.before else None
        if resource is None or not change.in_aws or change.retained or change.refused:
            continue
        if change.goes:
            identifiers = frozenset(BEHIND.get(resource.node.type, _nothing)(resource, graphs))
            first = MADE_FIRST.get(resource.node.type) if change.kind == "replace" and not change.delete_first else None
            yield Hit(change, identifiers, first or _back(change, succeeded), goes_on=first is not None, wholly=True)
        else:
            yield from IN_PLACE.get(resource.node.type, _harmless)(change, resource)


def _succeeds(change: Change) -> bool:
    """Whether what is new may take the place of what goes under another name. What follows another is no such thing."""
    return change.kind == "create" and change.type in SUCCEEDED and not change.resource.inputs.get("replicateSourceDb")


def _back(change: Change, succeeded: frozenset[str]) -> Figure:
    """What brings it back. A replacement takes no longer than Pulumi waits for it."""
    if change.kind == "delete":
        nothing = Figure("nothing brings it back", None, "the edit")
        return SUCCEEDED[change.type] if change.type in succeeded else nothing
    times = change.resource.options.get("customTimeouts", {})
    known = [seconds for key in ("delete", "create") if (seconds := _seconds(times.get(key, "")))]
    if len(known) < 2:
        return Figure("until Pulumi has made it again", None, "the edit")
    return Figure("until Pulumi has made it again", sum(known), "the timeouts that the program gives it")


def _seconds(text: str) -> float:
    """`1h30m` in seconds; 0 for nothing."""
    total, number = 0.0, ""
    for letter in text:
        if letter in "hms":
            total += float(number or 0) * {"h": 3600, "m": 60, "s": 1}[letter]
            number = ""
        else:
            number += letter
    return total


Behind = Callable[[Resource, Graphs], Iterable[str]]


def _nothing(resource: Resource, graphs: Graphs) -> Iterable[str]:
    return ()


def _itself(resource: Resource, graphs: Graphs) -> Iterable[str]:
    return (resource.id,)


def _input(key: str) -> Behind:
    """The part that an input leads to."""
    return lambda resource, _: [str(resource.get(key, ""))]


def _circuits(resource: Resource, graphs: Graphs) -> Iterator[str]:
    """The circuits whose interfaces are on a Direct Connect gateway."""
    gateway = resource.get("dxGatewayId", resource.id)
    for interface in graphs.of(*INTERFACES):
        if interface.get("dxGatewayId") == gateway:
            yield str(interface.get("connectionId"))


def _router(resource: Resource, _: Graphs) -> Iterator[str]:
    yield f"router:{resource.get('ipAddress')}"


def _nat_of_address(resource: Resource, graphs: Graphs) -> Iterator[str]:
    for gateway in graphs.of("aws:ec2/natGateway:NatGateway"):
        if gateway.get("allocationId") == resource.id:
            yield gateway.id


def _balancer(resource: Resource, graphs: Graphs) -> Iterator[str]:
    for balancer in graphs.of(BALANCERS):
        if resource.get("loadBalancerArn") in balancer.names():
            yield balancer.id


def _association(resource: Resource, graphs: Graphs) -> Iterator[str]:
    yield f"{resource.get('clientVpnEndpointId')}/{graphs.zone_of.get(resource.get('subnetId'), '')}"


def _records(resource: Resource, graphs: Graphs) -> Iterator[str]:
    """The databases that a name leads to."""
    for instance in graphs.of(INSTANCES):
        if instance.get("address") in (resource.get("records") or ()):
            yield instance.id


PARTS = (
    *HUBS,
    CIRCUITS,
    CONNECTIONS,
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:route53/resolverEndpoint:ResolverEndpoint",
    "aws:ec2clientvpn/endpoint:Endpoint",
    "aws:directoryservice/directory:Directory",
    "aws:autoscaling/group:Group",
    "aws:ecs/cluster:Cluster",
    BALANCERS,
    INSTANCES,
    "aws:dms/replicationInstance:ReplicationInstance",
    "aws:storagegateway/gateway:Gateway",
    "aws:efs/fileSystem:FileSystem",
    "aws:efs/mountTarget:MountTarget",
    "aws:s3/bucket:Bucket",
    "aws:backup/vault:Vault",
)
"""Types that the drills know as parts by their ids."""

BEHIND: dict[str, Behind] = {
    **dict.fromkeys(PARTS, _itself),
    **dict.fromkeys(INTERFACES, _input("connectionId")),
    "aws:directconnect/gateway:Gateway": _circuits,
    "aws:directconnect/gatewayAssociation:GatewayAssociation": _circuits,
    ROUTERS: _router,
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": _input("transitGatewayId"),
    "aws:ec2/eip:Eip": _nat_of_address,
    "aws:ec2/route:Route": _input("natGatewayId"),
    "aws:lb/listener:Listener": _balancer,
    "aws:ec2clientvpn/networkAssociation:NetworkAssociation": _association,
    "aws:ec2clientvpn/authorizationRule:AuthorizationRule": _input("clientVpnEndpointId"),
    "aws:storagegateway/cache:Cache": _input("gatewayArn"),
    "aws:route53/record:Record": _records,
}
"""Type -> parts that are gone with it, or of no use without it."""

MADE_FIRST: dict[str, Figure] = {
    "aws:ec2/natGateway:NatGateway": Figure(
        "the routes lead to the new gateway before the old one goes; open connections break",
        0,
        f"{figures.AWS}/vpc/latest/userguide/nat-gateway-basics.html",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Figure(
        "the new endpoint answers before the old one goes", 0, "Pulumi: the replacement is made first"
    ),
    SERVICES: Figure("the new service stands before the old one goes", 0, "Pulumi: the replacement is made first"),
    "aws:lb/targetGroup:TargetGroup": Figure("rules lead to the new one first", 0, "Pulumi: the replacement is made first"),
    "aws:lb/listenerRule:ListenerRule": Figure("the new rule stands before the old one goes", 0, "Pulumi: made first"),
    BALANCERS: Figure(
        "the names lead to the new load balancer, once what clients remember has expired",
        figures.LOAD_BALANCER_TTL_SECONDS,
        f"{figures.AWS}/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html",
    ),
    "aws:autoscaling/group:Group": Figure(
        "new hosts stand before the old ones go", None, "Pulumi: the replacement is made first"
    ),
    "aws:route53/resolverRule:ResolverRule": Figure("the new rule stands first", 0, "Pulumi: made first"),
}
"""Type -> why nothing is missed where the new one is made before the old one goes, and all that refers to it follows."""

SUCCEEDED: dict[str, Figure] = {
    INSTANCES: Figure(
        "until the instance that is made in its place serves, and its clients have asked for the new address", None, "the edit"
    ),
    **dict.fromkeys(
        (ROUTERS, CONNECTIONS),
        Figure("until a person has set the router up for the connection that is made in its place", None, "the edit"),
    ),
}
"""Type -> what brings one back that is taken out in the same update in which another one is new."""

OPTIONS = ("localIpv4NetworkCidr", "remoteIpv4NetworkCidr", "tunnelBandwidth")
"""Inputs of a VPN connection that ModifyVpnConnectionOptions changes, both tunnels at once."""

InPlace = Callable[[Change, Resource], Iterator[Hit]]


def _harmless(change: Change, resource: Resource) -> Iterator[Hit]:
    yield from ()


def _tunnels(change: Change, resource: Resource) -> Iterator[Hit]:
    wholly = {"customerGatewayId", "vpnGatewayId", "transitGatewayId", *OPTIONS} & _roots(change)
    options = {root for root in _roots(change) if root.startswith(("tunnel1", "tunnel2"))}
    until = Figure(
        "AWS replaces the ends of the tunnels, and is unavailable until they are there",
        None,
        f"{figures.AWS}/vpn/latest/s2svpn/endpoint-replacements.html",
    )
    if wholly:
        yield Hit(change, frozenset([resource.id]), until)
    elif options:
        # One after the other.
        yield Hit(change, frozenset([f"{resource.id}/{max(options)[:7]}"]), until)


def _database(change: Change, resource: Resource) -> Iterator[Hit]:
    roots, after = _roots(change), change.after.inputs if change.after else {}
    major = "engineVersion" in roots and _major(change.before) != _major(change.after)
    if not (major or roots & {"instanceClass", "engineVersion"}):
        return
    now = after.get("applyImmediately")
    when = "at once" if now else "in its maintenance window"
    if major:
        how = f"RDS upgrades it {when}, its standby too"
        until = Figure(how, None, f"{figures.AWS}/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html")
    elif resource.get("multiAz"):
        until = Figure(f"RDS changes the standby, then fails over to it, {when}", 120, figures.STANDBY.source)
    else:
        until = Figure(
            f"RDS restarts it {when}", None, f"{figures.AWS}/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html"
        )
    yield Hit(change, frozenset([resource.id]), until, wholly=major)


def _major(resource: Any) -> str:
    return str(resource.inputs.get("engineVersion")).split(".")[0]


def _deployment(change: Change, resource: Resource) -> Iterator[Hit]:
    """A new version of what a service runs: how many copies stay up meanwhile is the service's own choice."""
    if "taskDefinition" not in _roots(change) or not change.after:
        return
    after = change.after.inputs
    copies, percent = int(after.get("desiredCount", 1)), float(after.get("deploymentMinimumHealthyPercent", 100))
    if copies and not ceil(copies * percent / 100):
        until = Figure("all copies stop before ECS starts the new version", None, figures.COPIES_START.source)
        yield Hit(change, frozenset(), until)


def _hosts(change: Change, resource: Resource) -> Iterator[Hit]:
    if "launchTemplate" in _roots(change) and resource.get("instanceRefresh"):
        how = "the hosts are replaced one after another; ECS moves what runs on each before it goes"
        source = f"{figures.AWS}/autoscaling/ec2/userguide/asg-instance-refresh.html"
        yield Hit(change, frozenset([resource.id]), Figure(how, None, source), goes_on=True)


def _roots(change: Change) -> set[str]:
    return {field.path.split(".")[0].split("[")[0] for field in change.fields}


IN_PLACE: Mapping[str, InPlace] = {
    CONNECTIONS: _tunnels,
    INSTANCES: _database,
    SERVICES: _deployment,
    "aws:autoscaling/group:Group": _hosts,
}
"""Type -> what goes on hold while it is changed where it stands."""
