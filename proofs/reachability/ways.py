"""Proofs over the ways that routes open: out of each subnet, to on-premises and back, with the circuits up and down."""

from collections.abc import Collection, Iterator
from ipaddress import IPv4Network

from proofs.reachability import choices
from proofs.reachability.case import Case, Failure
from proofs.reachability.engine import reach
from proofs.reachability.evaluation import Cell
from proofs.reachability.model import Place, Route, Subnet, Target, World
from proofs.reachability.party import described, listed
from proofs.reachability.routing import Blocked, Trace, trace

ONWARD: dict[Target, str] = {
    "peering": "peering",
    "transitGateway": "transit gateway",
    "vpnGateway": "virtual private gateway",
}
"""What leads to other networks, which may have a way to the internet of their own."""


def out_by_nat_or_endpoint(case: Case, proof: str) -> Iterator[Failure]:
    """No subnet but the public and the isolated ones, which have a statement of their own, has a route to an internet gateway;
    what they send to the internet goes to NAT gateways and endpoints alone.
    """
    for subnet in case.subnets:
        if subnet.tier not in {"Public", "Isolated"}:
            yield from _by_internet_gateway(case, proof, subnet)
            yield from _elsewhere(case, proof, subnet)


def isolated_have_no_way_out(case: Case, proof: str) -> Iterator[Failure]:
    """Nothing of the internet can be reached from an isolated subnet, but services by endpoints, nor is anything for it sent on
    to another network, whatever that does with it today, or to an internet gateway, even one that is attached to nothing.
    """
    for subnet in case.subnets:
        if subnet.tier == "Isolated":
            yield from _by_internet_gateway(case, proof, subnet)
            yield from _elsewhere(case, proof, subnet)
            for place, found in _to_internet(case, subnet):
                if not found.ways[0].startswith(("endpoint", "internet gateway", *ONWARD.values())):
                    what = f"{case.world.named(subnet.id)}, which is isolated, reaches {place.name} by {found.way}"
                    yield Failure(proof, what, tuple(found.because))


def _by_internet_gateway(case: Case, proof: str, subnet: Subnet) -> Iterator[Failure]:
    """Routes to an internet gateway, whether anybody has an address for it or not."""
    for route in choices.routes(case.world, subnet.table):
        if route.target == "internet":
            cite = f"{case.world.named(subnet.table)}: {route.destination} -> {case.world.named(route.target_id)}"
            yield Failure(proof, f"{case.world.named(subnet.id)} has a route to an internet gateway", (cite,))


def _elsewhere(case: Case, proof: str, subnet: Subnet) -> Iterator[Failure]:
    """Routes by which what is for the internet goes to another network."""
    found: dict[Route, list[str]] = {}
    for one in case.internet:
        route = choices.route(case.world, subnet.table, one.address)
        if route and route.target in ONWARD:
            found.setdefault(route, []).append(str(one.network))
    for route, networks in found.items():
        what = f"{case.world.named(subnet.id)} sends the internet's {listed(networks)} to a {ONWARD[route.target]}"
        cite = f"{case.world.named(subnet.table)}: {route.destination} -> {case.world.named(route.target_id)}"
        yield Failure(proof, what, (cite,))


def services_by_endpoint(case: Case, proof: str) -> Iterator[Failure]:
    """Whoever is to reach a service that has a gateway endpoint takes that: else a route table lacks it, its policy is passed
    by, and every byte of a file is paid for at a NAT gateway.
    """
    found: dict[tuple[str, str, str], list[Cell]] = {}
    for cell in case.cells:
        asked = cell.target.role == "service" and any(one.covers(cell.source, cell.target) for one in case.expected.intents)
        if asked and cell.flow.traffic and not cell.flow.way.startswith("endpoint"):
            found.setdefault((cell.source.name, cell.target.name, cell.flow.way), []).append(cell)
    for (_, _, way), cells in found.items():
        first = cells[0]
        source = described(case.world, first.source, {cell.from_place for cell in cells})
        because = reach(case.world, first.from_place, first.to_place, next(first.flow.traffic.pieces())).because
        yield Failure(proof, f"{source} reaches {first.target.name} by {way}, not by its endpoint", because)


def public_hold_nat_alone(case: Case, proof: str) -> Iterator[Failure]:
    """Nobody is in a public subnet: NAT gateways, which admit no connections, are no parties."""
    public = {subnet.id for subnet in case.subnets if subnet.tier == "Public"}
    for party in case.parties:
        for place in party.places:
            if place.subnet in public:
                named = case.world.named(place.subnet)
                yield Failure(proof, f"{place.name} of {party.name} is in the public subnet {named}")


def nat_of_own_zone(case: Case, proof: str) -> Iterator[Failure]:
    """With a NAT gateway in each zone, no zone sends through that of another: it would fall with it, and pay for it."""
    if not case.expected.nat_per_zone:
        return
    world = case.world
    for subnet in case.subnets:
        if subnet.tier in {"Public", "Isolated"}:
            continue
        for one in case.internet:
            route = choices.route(world, subnet.table, one.address)
            nat = world.nat_gateways.get(route.target_id) if route else None
            if route is None or (route.target == "nat" and nat is None):
                yield Failure(proof, f"{world.named(subnet.id)} has no NAT gateway on its way to {one.network}")
            elif nat and world.subnets[nat.subnet].zone != subnet.zone:
                zone = world.subnets[nat.subnet].zone
                what = f"{world.named(subnet.id)} in {subnet.zone} leaves by {world.named(nat.id)} in {zone}"
                yield Failure(proof, what, (f"{world.named(subnet.table)}: {route.destination} -> {world.named(nat.id)}",))


def circuits_first(case: Case, proof: str) -> Iterator[Failure]:
    """With a circuit up, every packet to on-premises and back takes a circuit."""
    if case.expected.circuits:
        yield from _by(case, proof, case.world, "Direct Connect", "", apart_from=case.expected.without_circuit)


def vpn_behind(case: Case, proof: str) -> Iterator[Failure]:
    """Walked again with all circuits down: every packet to on-premises and back takes the VPN."""
    if case.expected.routers:
        without = case.expected.without_router
        yield from _by(case, proof, case.world.without("directConnect"), "VPN", ", with all circuits down,", apart_from=without)


def _by(case: Case, proof: str, world: World, way: str, when: str, *, apart_from: Collection[IPv4Network]) -> Iterator[Failure]:
    """What does not take a way, in either direction, apart from networks that have no such way."""
    found: dict[tuple[str, str, str], tuple[list[str], tuple[str, ...]]] = {}
    for subnet in case.subnets:
        if subnet.tier == "Public":
            continue
        inside = case.anybody(subnet)
        for one in case.on_premises:
            if any(one.address in network for network in apart_from):
                continue
            there = Place(f"on-premises {one.network}", one.address, outside="onPremises")
            for source, target in ((inside, there), (there, inside)):
                taken, because = _taken(world, source, target)
                if taken is None or way not in taken.split(" then "):
                    gets = f"takes {taken}" if taken else "finds no way"
                    key = (world.named(subnet.id), f"{'to' if source is inside else 'from'} on-premises", gets)
                    found.setdefault(key, ([], because))[0].append(str(one.network))
    for (subnet_name, direction, gets), (networks, because) in found.items():
        what = f"what goes {direction} {', '.join(networks)} and is of {subnet_name}{when} {gets}, not {way}"
        yield Failure(proof, what, because)


def _taken(world: World, source: Place, target: Place) -> tuple[str | None, tuple[str, ...]]:
    try:
        found = trace(world, source, target)
    except Blocked as blocked:
        return None, (str(blocked),)
    return found.way, tuple(found.because)


def _to_internet(case: Case, subnet: Subnet) -> Iterator[tuple[Place, Trace]]:
    """What of the internet the routes of a subnet lead to."""
    for one in case.internet:
        place = Place(f"the internet {one.network}", one.address, outside="internet")
        try:
            yield place, trace(case.world, case.anybody(subnet), place)
        except Blocked:
            continue
