"""Where a packet goes: route tables, gateways, transit gateways and links, one hop after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address

from proofs.reachability import choices
from proofs.reachability.model import Attachment, Link, Place, Subnet, World

MAX_HOPS = 16
"""No packet of a sane network crosses more gateways; a loop ends here."""
WORDS = {"directConnect": "Direct Connect", "vpn": "VPN"}


class Blocked(Exception):
    """The packet stops here; the text says at what."""


@dataclass(frozen=True)
class Crossing:
    """A border of a subnet that a packet crosses, where the network ACL is asked."""

    subnet: str
    other: IPv4Address
    """The address beyond: where a packet goes to that leaves, where one comes from that enters."""
    egress: bool


@dataclass
class Trace:
    """The way of a packet from one place to another."""

    peer: Place
    """As whom it arrives: the sender, or the last NAT gateway."""
    ways: list[str] = field(default_factory=list)
    because: list[str] = field(default_factory=list)
    """The routes that decided, in order."""
    crossings: list[Crossing] = field(default_factory=list)
    replies: list[Crossing] = field(default_factory=list)
    """What replies cross between NAT gateways and the sender."""
    segment: int = 0
    """The first of the crossings behind the last NAT gateway."""
    translated: bool = False
    """Whether there was a NAT gateway."""
    by_group: bool = True
    """Whether the receiver's security groups can tell the sender by its own: not behind NAT, a gateway or a link."""
    hops: int = 0

    @property
    def way(self) -> str:
        """What carries the packet, for people."""
        ways = list(dict.fromkeys(self.ways))
        return " then ".join([way for way in ways if way != "VPC"] or ways)


def trace(world: World, source: Place, target: Place, *, hops: int = 0) -> Trace:
    """The way from `source` to `target` by routes alone; `hops` are those behind it. Raises Blocked."""
    found = Trace(source, hops=hops)
    if source.subnet is None:
        if target.subnet is None:
            raise Blocked(f"{source.name} and {target.name} are both outside of AWS")
        _enter(world, source, target, found)
    elif source.subnet == target.subnet:
        found.ways.append("VPC")
        found.because.append(f"both are in {world.named(source.subnet)}")
    else:
        _leave(world, world.subnets[source.subnet], target, found)
    return found


def _leave(world: World, subnet: Subnet, target: Place, found: Trace) -> None:
    """From a subnet towards the target, as the subnet's route table says."""
    _hop(found, target)
    chosen = choices.route(world, subnet.table, target.address)
    if chosen is None:
        raise Blocked(
            f"{world.named(subnet.table)} of {world.named(subnet.id)} has no route to {target.name} ({target.address})"
        )
    gateway = world.named(chosen.target_id)
    origin = f" by prefix list {chosen.prefix_list}" if chosen.prefix_list else ", learned" if chosen.propagated else ""
    found.because.append(f"{world.named(subnet.table)}: {chosen.destination}{origin} -> {gateway}")
    nat = world.nat_gateways.get(chosen.target_id)
    if nat is None or nat.subnet != subnet.id:
        found.crossings.append(Crossing(subnet.id, target.address, egress=True))
    match chosen.target:
        case "local":
            _arrive(world, subnet.vpc, target, found)
        case "internet":
            _by_internet_gateway(world, subnet, chosen.target_id, target, found)
        case "endpoint":
            if target.outside != "internet":
                raise Blocked(f"{gateway} leads to an AWS service, and {target.name} is none")
            found.ways.append(f"endpoint {world.called(chosen.target_id)}")
        case "nat":
            _translate(world, subnet, chosen.target_id, target, found)
        case "vpnGateway":
            _over_link(world, subnet, chosen.target_id, target, found)
        case "peering":
            _by_peering(world, subnet, chosen.target_id, target, found)
        case "transitGateway":
            _into_transit(world, subnet, chosen.target_id, target, found)
        case _:
            raise Blocked(f"{world.named(subnet.table)} sends {chosen.destination} to {gateway}, which leads nowhere known")


def _named(links: Sequence[Link]) -> str:
    return " or ".join(link.name for link in links)


def _hop(found: Trace, target: Place) -> None:
    found.hops += 1
    if found.hops > MAX_HOPS:
        raise Blocked(f"more than {MAX_HOPS} gateways on the way to {target.name}")


def _arrive(world: World, vpc: str, target: Place, found: Trace) -> None:
    """At the network card of the target, if the VPC has it."""
    if target.subnet is None or world.subnets[target.subnet].vpc != vpc:
        raise Blocked(f"{world.named(vpc)} has no network card with {target.address}")
    if target.subnet != found.peer.subnet:
        found.crossings.append(Crossing(target.subnet, found.peer.address, egress=False))
    found.ways.append("VPC")


def _by_internet_gateway(world: World, subnet: Subnet, gateway: str, target: Place, found: Trace) -> None:
    name = world.named(gateway)
    if world.internet_gateways.get(gateway) != subnet.vpc:
        raise Blocked(f"{name} is not attached to {world.named(subnet.vpc)}")
    if target.outside != "internet":
        raise Blocked(f"{name} leads to the internet, and {target.name} is not there")
    if not found.peer.public or world.vpc_of(found.peer) != subnet.vpc:
        raise Blocked(f"{found.peer.name} has no public address for {name}")
    found.ways.append("internet gateway")


def _by_peering(world: World, subnet: Subnet, peering: str, target: Place, found: Trace) -> None:
    ends = world.peerings.get(peering, ())
    if subnet.vpc not in ends:
        raise Blocked(f"{world.named(peering)} is no active peering of {world.named(subnet.vpc)}")
    found.ways.append(f"peering {world.named(peering)}")
    _arrive(world, next(vpc for vpc in ends if vpc != subnet.vpc), target, found)


def _translate(world: World, subnet: Subnet, identifier: str, target: Place, found: Trace) -> None:
    """Through a NAT gateway, which must know the way back to the sender as well."""
    nat, sender, name = world.nat_gateways.get(identifier), found.peer, world.named(identifier)
    if nat is None or world.subnets[nat.subnet].vpc != subnet.vpc:
        raise Blocked(f"{name} is no NAT gateway that works in {world.named(subnet.vpc)}")
    _hop(found, target)
    place = Place(name, nat.address, nat.subnet, public=nat.public)
    if nat.subnet != subnet.id:
        found.crossings.append(Crossing(nat.subnet, sender.address, egress=False))
    try:
        # On the way back from the gateway to the sender, the packet comes from the target.
        back = trace(world, replace(place, address=target.address), sender, hops=found.hops)
    except Blocked as blocked:
        raise Blocked(f"the reply from {name} is lost: {blocked}") from None
    if back.translated:
        raise Blocked(f"the reply from {name} leaves under the address of {back.peer.name}")
    found.replies += back.crossings
    found.ways.append(f"NAT gateway {world.called(identifier)}")
    found.peer, found.by_group, found.translated, found.segment = place, False, True, len(found.crossings)
    _leave(world, world.subnets[nat.subnet], target, found)


def _over_link(world: World, subnet: Subnet, gateway: str, target: Place, found: Trace) -> None:
    """From a virtual private gateway to on-premises."""
    name = world.named(gateway)
    if world.vpn_gateways.get(gateway) != subnet.vpc:
        raise Blocked(f"{name} is not attached to {world.named(subnet.vpc)}")
    if target.outside != "onPremises":
        raise Blocked(f"{name} leads to on-premises, and {target.name} is not there")
    chosen = choices.to_on_premises(world, gateway, target.address)
    if not chosen:
        raise Blocked(f"{name} has no circuit and no VPN to {target.name} ({target.address})")
    found.by_group = False
    found.because.append(f"{name}: {target.address} over {_named(chosen)}")
    found.ways.append(WORDS[chosen[0].kind])


def _enter(world: World, source: Place, target: Place, found: Trace) -> None:
    """From outside of AWS towards a network card in a subnet."""
    vpc = world.vpc_of(target)
    assert vpc is not None
    found.by_group = False
    if source.outside == "internet":
        gateways = [gateway for gateway, attached in world.internet_gateways.items() if attached == vpc]
        if not gateways:
            raise Blocked(f"{world.named(vpc)} has no internet gateway")
        if not target.public:
            raise Blocked(f"{target.name} has no public address")
        found.because.append(f"{target.name} has a public address, and {world.named(gateways[0])} is attached")
        found.ways.append("internet gateway")
        _arrive(world, vpc, target, found)
        return
    chosen = choices.to_aws(world, target.address, source.address)
    if not chosen:
        raise Blocked(f"no circuit and no VPN advertises {target.address} of {target.name} to on-premises")
    link = chosen[0]
    found.because.append(f"on-premises: {target.address} over {_named(chosen)}")
    found.ways.append(WORDS[link.kind])
    attached = world.vpn_gateways.get(link.gateway)
    if attached is not None:
        _arrive(world, attached, target, found)
        return
    ends = [one for one in world.attachments if one.gateway == link.gateway and one.resource in (link.id, link.via)]
    if not ends:
        raise Blocked(f"{link.name} leads to {world.named(link.gateway)}, which is attached to nothing")
    _across_transit(world, ends[0], target, found)


def _into_transit(world: World, subnet: Subnet, gateway: str, target: Place, found: Trace) -> None:
    attachment = next((one for one in world.attachments if (one.gateway, one.resource) == (gateway, subnet.vpc)), None)
    if attachment is None:
        raise Blocked(f"{world.named(subnet.vpc)} is not attached to {world.named(gateway)}")
    card = next((one for one in attachment.subnets if world.subnets[one].zone == subnet.zone), None)
    if card is None:
        raise Blocked(f"{world.named(gateway)} has no network card in {subnet.zone}, the zone of {world.named(subnet.id)}")
    # AWS asks the ACL for the way in to the transit gateway's card even within one subnet; for the way out of it only
    # between subnets. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
    found.crossings.append(Crossing(card, found.peer.address, egress=False))
    found.by_group = False
    found.ways.append(f"transit gateway {world.called(gateway)}")
    _across_transit(world, attachment, target, found)


def _across_transit(world: World, came_by: Attachment, target: Place, found: Trace) -> None:
    """From one attachment of a transit gateway to another, as the route table says that the first is associated with."""
    _hop(found, target)
    gateway = world.named(came_by.gateway)
    if came_by.table is None:
        raise Blocked(f"{came_by.id} of {gateway} is associated with no route table")
    chosen = choices.across_transit(world, came_by.table, target.address)
    if chosen is None:
        raise Blocked(f"{world.named(came_by.table)} of {gateway} has no route to {target.name} ({target.address})")
    attachment, links = chosen.attachment, [link for link in chosen.links if link.up]
    table = f"{world.named(came_by.table)} of {gateway}: {chosen.prefix}, {chosen.origin}"
    if attachment is None:
        raise Blocked(f"{table} -> nowhere")
    found.because.append(f"{table} -> {_named(links) or world.named(attachment.resource)}")
    match attachment.kind:
        case "vpc":
            _out_of_transit(world, attachment, target, found)
        case "vpn" | "directConnect":
            if not links:
                raise Blocked(f"{table} -> {world.named(attachment.resource)}, which is down")
            if target.outside != "onPremises":
                raise Blocked(f"{links[0].name} leads to on-premises, and {target.name} is not there")
            found.ways.append(WORDS[links[0].kind])
        case "peering":
            others = [one for one in world.attachments if one.id == attachment.id and one.gateway != attachment.gateway]
            if not others:
                raise Blocked(f"{attachment.id} of {gateway} leads to a transit gateway that is not here")
            found.ways.append(f"transit gateway {world.called(others[0].gateway)}")
            _across_transit(world, others[0], target, found)
        case _:
            raise Blocked(f"{attachment.id} of {gateway} is nothing that can be followed")


def _out_of_transit(world: World, attachment: Attachment, target: Place, found: Trace) -> None:
    if target.subnet is None or world.subnets[target.subnet].vpc != attachment.resource:
        # On through the VPC, by the routes of the subnet that the transit gateway's card is in.
        _leave(world, world.subnets[attachment.subnets[0]], target, found)
        return
    zone = world.subnets[target.subnet].zone
    card = min(attachment.subnets, key=lambda one: world.subnets[one].zone != zone)
    if card != target.subnet:
        found.crossings.append(Crossing(card, target.address, egress=True))
        found.crossings.append(Crossing(target.subnet, found.peer.address, egress=False))
    found.ways.append("VPC")
