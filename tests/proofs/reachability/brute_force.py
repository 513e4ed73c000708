"""An independent opinion on who reaches whom: packets that really travel, one hop after the other, there and back.

Nothing is worked out in advance and nothing is shared with the engine but the description of the network: addresses are plain
numbers, rules are asked port by port, every reply is a packet of its own, to every client port at which an answer could differ.
"""

from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from proofs.reachability.model import EPHEMERAL, AclEntry, Attachment, Link, Place, Route, Rule, World
from proofs.reachability.traffic import Protocol, Traffic

MOST_HOPS = 40


@dataclass(frozen=True)
class Packet:
    source: int
    target: int
    protocol: Protocol
    port: int
    """The port that it goes to."""

    @property
    def kind(self) -> Traffic:
        return Traffic(self.protocol, self.port)


class Dropped(Exception):
    """The packet is gone."""


def inside(address: int, network: IPv4Network) -> bool:
    size: int = 2 ** (32 - network.prefixlen)
    first: int = int(network.network_address)
    return first <= address < first + size


@dataclass
class Journey:
    """Where a packet was."""

    packet: Packet
    owner: Place
    """Who has the address that the packet comes from."""
    translations: list[tuple[str, Packet, Place]]
    """NAT gateways passed, with the packet and its sender before."""
    estranged: bool = False
    """Whether it passed something behind which nobody knows the sender's security groups."""
    last: str = ""
    """The kind of the last thing passed."""
    hops: int = 0


class PacketWalk:
    """A world in which packets can be sent."""

    def __init__(self, world: World) -> None:
        self.world = world

    def connects(self, source: Place, target: Place, traffic: Traffic) -> bool:
        """Whether a connection comes about, whichever port the client has."""
        return all(self._connects(source, target, traffic, port) for port in self._client_ports())

    def _client_ports(self) -> list[int]:
        low, high = EPHEMERAL
        edges = {low, high}
        for entries in self.world.acls.values():
            for entry in entries:
                for _, intervals in entry.traffic.intervals:
                    for first, last in intervals:
                        edges |= {first - 1, first, last, last + 1}
        return sorted(port for port in edges if low <= port <= high)

    def _connects(self, source: Place, target: Place, traffic: Traffic, client_port: int) -> bool:
        there = Packet(int(source.address), int(target.address), traffic.protocol, traffic.port)
        try:
            if source.reaches is not None and not any(inside(there.target, network) for network in source.reaches):
                raise Dropped
            journey = self._travel(source, target, Journey(there, source, []))
            self._security_groups(source, target, there, journey)
            self._answer(source, target, journey, replace(there, port=client_port))
        except Dropped:
            return False
        return True

    def _security_groups(self, source: Place, target: Place, sent: Packet, journey: Journey) -> None:
        known = not journey.estranged
        if not self._admitted(source, target, sent.target, sent, known, egress=True):
            raise Dropped
        if not self._admitted(target, journey.owner, journey.packet.source, sent, known, egress=False):
            raise Dropped

    def _admitted(self, place: Place, other: Place, address: int, packet: Packet, known: bool, *, egress: bool) -> bool:
        if place.groups is None:
            return True
        for group in place.groups:
            for rule in self.world.groups.get(group, ()):
                covers = rule.egress is egress and packet.kind in rule.traffic
                if covers and self._meant(rule, other, address, known):
                    return True
        return False

    def _meant(self, rule: Rule, other: Place, address: int, known: bool) -> bool:
        if rule.group is not None:
            return known and other.groups is not None and rule.group in other.groups
        return any(inside(address, network) for network in rule.networks)

    def _answer(self, source: Place, target: Place, journey: Journey, sent: Packet) -> None:
        """The reply, back through every translation."""
        reply = Packet(sent.target, journey.packet.source, sent.protocol, sent.port)
        if target.outside == "internet" and journey.last not in {"internet gateway", "endpoint"}:
            raise AssertionError("nothing else leads to the internet")
        receiver = journey.owner
        back = Journey(reply, target, [])
        if target.outside == "internet":
            self._enter_subnet(receiver.subnet, reply)
        else:
            self._travel(target, receiver, back)
            if back.translations:
                raise Dropped  # Nobody waits for an answer from the address of a NAT gateway.
            if source.outside == "internet" and back.last != "internet gateway":
                raise Dropped
        for _, before, sender in reversed(journey.translations):
            gateway = receiver
            onward = Packet(sent.target, before.source, sent.protocol, sent.port)
            returning = Place("reply", target.address, gateway.subnet)
            again = Journey(onward, returning, [])
            self._travel(returning, sender, again)
            if again.translations:
                raise Dropped
            receiver = sender

    def _travel(self, source: Place, target: Place, journey: Journey) -> Journey:
        """Moves the packet until it arrives. Raises Dropped."""
        if source.subnet is not None and source.subnet == target.subnet:
            return journey
        if source.subnet is not None:
            return self._route(source.subnet, target, journey)
        if target.subnet is None:
            raise Dropped
        vpc = self.world.subnets[target.subnet].vpc
        if source.outside == "internet":
            if vpc not in self.world.internet_gateways.values() or not target.public:
                raise Dropped
            self._enter_subnet(target.subnet, journey.packet)
            journey.last, journey.estranged = "internet gateway", True
            return journey
        return self._from_on_premises(target, journey)

    def _route(self, here: str, target: Place, journey: Journey) -> Journey:
        """One decision of a VPC's router."""
        journey.hops += 1
        if journey.hops > MOST_HOPS:
            raise Dropped
        subnet = self.world.subnets[here]
        route = self._look_up(subnet.table, journey.packet.target)
        if route is None:
            raise Dropped
        nat = self.world.nat_gateways.get(route.target_id)
        if nat is None or nat.subnet != here:
            self._leave_subnet(here, journey.packet)
        follow = getattr(self, f"_by_{route.target}")
        arrived: Journey = follow(here, route.target_id, target, journey)
        return arrived

    def _by_local(self, here: str, gateway: str, target: Place, journey: Journey) -> Journey:
        return self._into_vpc(self.world.subnets[here].vpc, target, journey)

    def _by_peering(self, here: str, gateway: str, target: Place, journey: Journey) -> Journey:
        vpc, ends = self.world.subnets[here].vpc, self.world.peerings.get(gateway)
        if ends is None or vpc not in ends:
            raise Dropped
        journey.last = "peering"
        return self._into_vpc(ends[0] if ends[1] == vpc else ends[1], target, journey)

    def _by_internet(self, here: str, gateway: str, target: Place, journey: Journey) -> Journey:
        vpc, owner = self.world.subnets[here].vpc, journey.owner
        at_home = owner.subnet is not None and self.world.subnets[owner.subnet].vpc == vpc
        if self.world.internet_gateways.get(gateway) != vpc or target.outside != "internet":
            raise Dropped
        if not owner.public or not at_home:
            raise Dropped
        journey.last = "internet gateway"
        return journey

    def _by_endpoint(self, here: str, gateway: str, target: Place, journey: Journey) -> Journey:
        if target.outside != "internet":
            raise Dropped
        journey.last = "endpoint"
        return journey

    def _by_vpnGateway(self, here: str, gateway: str, target: Place, journey: Journey) -> Journey:
        if self.world.vpn_gateways.get(gateway) != self.world.subnets[here].vpc:
            raise Dropped
        journey.estranged = True
        return self._to_on_premises(gateway, target, journey)

    def _by_transitGateway(self, here: str, gateway: str, target: Place, journey: Journey) -> Journey:
        subnet = self.world.subnets[here]
        ends = [one for one in self.world.attachments if one.gateway == gateway and one.resource == subnet.vpc]
        cards = [card for end in ends for card in end.subnets if self.world.subnets[card].zone == subnet.zone]
        if not cards:
            raise Dropped
        self._enter_subnet(cards[0], journey.packet)
        journey.estranged = True
        return self._across(ends[0], target, journey)

    def _by_nat(self, here: str, gateway: str, target: Place, journey: Journey) -> Journey:
        nat = self.world.nat_gateways.get(gateway)
        if nat is None or self.world.subnets[nat.subnet].vpc != self.world.subnets[here].vpc:
            raise Dropped
        if journey.packet.protocol not in ("tcp", "udp", "icmp"):
            raise Dropped  # It has no ports to translate by, and AWS supports no more.
        if nat.subnet != here:
            self._enter_subnet(nat.subnet, journey.packet)
        journey.translations.append((gateway, journey.packet, journey.owner))
        journey.owner = Place(gateway, nat.address, nat.subnet, public=nat.public)
        journey.packet = replace(journey.packet, source=int(nat.address))
        journey.estranged = True
        return self._route(nat.subnet, target, journey)

    def _by_blackhole(self, here: str, gateway: str, target: Place, journey: Journey) -> Journey:
        raise Dropped

    _by_unknown = _by_blackhole

    def _into_vpc(self, vpc: str, target: Place, journey: Journey) -> Journey:
        if target.subnet is None or self.world.subnets[target.subnet].vpc != vpc:
            raise Dropped
        if journey.owner.subnet != target.subnet:
            self._enter_subnet(target.subnet, journey.packet)
        return journey

    def _leave_subnet(self, subnet: str | None, packet: Packet) -> None:
        self._acl(subnet, packet.target, packet, egress=True)

    def _enter_subnet(self, subnet: str | None, packet: Packet) -> None:
        self._acl(subnet, packet.source, packet, egress=False)

    def _acl(self, subnet: str | None, other: int, packet: Packet, *, egress: bool) -> None:
        assert subnet is not None
        entries: list[AclEntry] = [*self.world.acls.get(self.world.subnets[subnet].acl, ())]
        while entries:
            lowest = min(entries, key=lambda entry: entry.number)
            entries.remove(lowest)
            if lowest.egress is egress and inside(other, lowest.network) and packet.kind in lowest.traffic:
                if lowest.allow:
                    return
                raise Dropped
        raise Dropped

    def _look_up(self, table: str, address: int) -> Route | None:
        own = self.world.tables[table]
        candidates = [route for route in own if inside(address, route.destination)]
        for link in self.world.links:
            if link.up and link.gateway in self.world.propagating.get(table, ()):
                for prefix in link.learned:
                    covered = any(route.target == "local" and prefix.subnet_of(route.destination) for route in own)
                    if inside(address, prefix) and not covered:
                        candidates.append(Route(prefix, "vpnGateway", link.gateway, propagated=True))
        best: Route | None = None
        for route in candidates:
            if best is None or self._better(route, best):
                best = route
        return best

    @staticmethod
    def _better(one: Route, other: Route) -> bool:
        if one.destination.prefixlen != other.destination.prefixlen:
            return one.destination.prefixlen > other.destination.prefixlen
        order = ["local", "static", "prefix list", "propagated"]

        def kind(route: Route) -> int:
            if route.target == "local":
                return order.index("local")
            if route.propagated:
                return order.index("propagated")
            return order.index("prefix list" if route.prefix_list else "static")

        return kind(one) < kind(other)

    def _to_on_premises(self, gateway: str, target: Place, journey: Journey) -> Journey:
        links = [link for link in self.world.links if link.up and link.gateway == gateway]
        if target.outside != "onPremises" or not any(
            inside(journey.packet.target, prefix) for link in links for prefix in link.learned
        ):
            raise Dropped
        journey.last = "link"
        return journey

    def _from_on_premises(self, target: Place, journey: Journey) -> Journey:
        assert target.subnet is not None
        vpc = self.world.subnets[target.subnet].vpc
        best: tuple[int, bool, bool, Link] | None = None
        for link in self.world.links:
            for prefix in link.advertised if link.up else ():
                if inside(journey.packet.target, prefix):
                    near = self.world.vpn_gateways.get(link.gateway) == vpc
                    near = near or any(one.gateway == link.gateway and one.resource == vpc for one in self.world.attachments)
                    rank = (prefix.prefixlen, link.kind == "directConnect", near, link)
                    if best is None or rank[:3] > best[:3]:
                        best = rank
        if best is None:
            raise Dropped
        journey.estranged, journey.last = True, "link"
        link = best[3]
        if link.gateway in self.world.vpn_gateways:
            return self._into_vpc(self.world.vpn_gateways[link.gateway], target, journey)
        for attachment in self.world.attachments:
            if attachment.gateway == link.gateway and attachment.resource in (link.id, link.via):
                return self._across(attachment, target, journey)
        raise Dropped

    def _across(self, came_by: Attachment, target: Place, journey: Journey) -> Journey:
        journey.hops += 1
        if journey.hops > MOST_HOPS or came_by.table is None:
            raise Dropped
        gateway = self.world.transit_tables[came_by.table].gateway
        chosen = self._next_attachment(came_by.table, journey.packet.target)
        attachment = next((one for one in self.world.attachments if (one.id, one.gateway) == (chosen, gateway)), None)
        if attachment is None:
            raise Dropped
        if attachment.kind == "vpc":
            return self._off_transit(attachment, target, journey)
        if attachment.kind == "peering":
            for other in self.world.attachments:
                if other.id == attachment.id and other.gateway != attachment.gateway:
                    return self._across(other, target, journey)
        if target.outside != "onPremises" or not any(link.up for link in self._behind(attachment)):
            raise Dropped
        journey.last = "link"
        return journey

    def _next_attachment(self, name: str, address: int) -> str | None:
        table = self.world.transit_tables[name]
        candidates: list[tuple[int, int, str | None]] = []
        for route in table.routes:
            if inside(address, route.destination):
                candidates.append((route.destination.prefixlen, 3, route.attachment))
        for attachment in self.world.attachments:
            if attachment.gateway != table.gateway or attachment.id not in table.propagating:
                continue
            for block in self.world.vpcs.get(attachment.resource, ()):
                if inside(address, block):
                    candidates.append((block.prefixlen, 2, attachment.id))
            for link in self._behind(attachment):
                rank = 1 if link.kind == "directConnect" else 0
                told = link.learned if link.up and not link.static else ()
                candidates += [(prefix.prefixlen, rank, attachment.id) for prefix in told if inside(address, prefix)]
        if not candidates:
            raise Dropped
        best = max(candidate[:2] for candidate in candidates)
        return next(candidate[2] for candidate in candidates if candidate[:2] == best)

    def _behind(self, attachment: Attachment) -> list[Link]:
        links = [link for link in self.world.links if link.gateway == attachment.gateway]
        return [link for link in links if attachment.resource in (link.id, link.via)]

    def _off_transit(self, attachment: Attachment, target: Place, journey: Journey) -> Journey:
        if target.subnet is None or self.world.subnets[target.subnet].vpc != attachment.resource:
            return self._route(attachment.subnets[0], target, journey)
        zone = self.world.subnets[target.subnet].zone
        in_zone = [card for card in attachment.subnets if self.world.subnets[card].zone == zone]
        card = (in_zone or [*attachment.subnets])[0]
        if card != target.subnet:
            self._leave_subnet(card, journey.packet)
            self._enter_subnet(target.subnet, journey.packet)
        return journey
