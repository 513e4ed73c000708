"""Proofs over what is open although nothing comes by it today: it only waits for an address, a route or a network card."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from proofs.reachability import choices
from proofs.reachability.case import Case, Failure
from proofs.reachability.filters import peer
from proofs.reachability.model import Place, Rule
from proofs.reachability.party import described, listed


def groups_admit_whom_we_know(case: Case, proof: str) -> Iterator[Failure]:
    """No security group of the VPC admits an address that is neither in a VPC of ours nor on-premises, by IPv4 or IPv6, nor a
    security group that nobody carries: whoever gets it next is let in.
    """
    world, carried = case.world, _carried(case)
    for group, rules in world.groups.items():
        if world.group_vpcs.get(group) not in case.vpcs or group in world.default_groups:
            continue
        for rule in rules:
            strange = _strange(case, rule, carried) if not rule.egress else []
            if strange:
                owners = listed(carried.get(group, [])) or "nobody"
                what = f"{world.named(group)} of {owners} admits {rule.traffic} from {listed(strange)}"
                yield Failure(proof, what, (world.named(rule.id),))


def default_groups_are_empty(case: Case, proof: str) -> Iterator[Failure]:
    """The default security group, which whatever is made without another gets, has no rules."""
    world = case.world
    for group in sorted(world.default_groups):
        if world.group_vpcs[group] in case.vpcs:
            for rule in world.groups[group]:
                verb = "lets out" if rule.egress else "admits"
                whom = ", ".join(rule.ipv6) or peer(world, rule)
                what = f"{world.named(group)} of {world.named(world.group_vpcs[group])} {verb} {rule.traffic}: {whom}"
                yield Failure(proof, what, (world.named(rule.id),))


def nothing_is_public(case: Case, proof: str) -> Iterator[Failure]:
    """Nobody has a public address: NAT gateways, which admit no connections, are no parties."""
    for party in case.parties:
        public = [place for place in party.places if place.public and place.subnet]
        if public and not party.borrows:
            what = f"{described(case.world, party, public)} has a public address"
            yield Failure(proof, what, tuple(dict.fromkeys(_way_out(case, place) for place in public)))


def told_of_vpcs(case: Case, proof: str) -> Iterator[Failure]:
    """No link announces more than the VPCs, or what the stack file lists beside them, and never the internet: on-premises would
    send into AWS what is for somebody else.
    """
    world, known = case.world, _known(case)
    known += [one for one in case.expected.told if not any(there.address in one for there in case.internet)]
    gateways = {gateway for gateway, vpc in world.vpn_gateways.items() if vpc in case.vpcs}
    gateways |= {one.gateway for one in world.attachments if one.resource in case.vpcs}
    for link in world.links:
        strange = [str(one) for one in link.advertised if not any(one.subnet_of(block) for block in known)]
        if strange and link.gateway in gateways:
            told = f"{world.named(link.via or link.gateway)} announces {', '.join(map(str, link.advertised))}"
            yield Failure(proof, f"{link.name} tells on-premises of {listed(strange)}, which no VPC has", (told,))


def _known(case: Case) -> list[IPv4Network]:
    """The networks of on-premises, of the VPCs of the stack and of those that are connected with them."""
    places = [place for party in case.parties if party.role == "neighbour" for place in party.places]
    vpcs = {*case.vpcs, *(vpc for place in places if (vpc := case.world.vpc_of(place)))}
    return [*case.world.on_premises, *(block for vpc in sorted(vpcs) for block in case.world.vpcs[vpc])]


def _carried(case: Case) -> dict[str, list[str]]:
    """Security group -> who carries it."""
    carried: dict[str, list[str]] = {}
    for party in case.parties:
        for group in {group for place in party.places for group in place.groups or ()}:
            carried.setdefault(group, []).append(party.name)
    return carried


def _strange(case: Case, rule: Rule, carried: dict[str, list[str]]) -> list[str]:
    """Whom a rule names that is nobody known."""
    known = case.world.remembered(("known networks", *sorted(case.vpcs)), lambda: _known(case))
    strange = [str(one) for one in rule.networks if not any(one.subnet_of(block) for block in known)]
    if rule.group and rule.group not in carried:
        strange.append(f"{case.world.named(rule.group)}, which nobody carries")
    return [*strange, *rule.ipv6]


def _way_out(case: Case, place: Place) -> str:
    """The route that packets of a place for the internet take."""
    subnet = case.world.subnets[place.subnet or ""]
    table = case.world.named(subnet.table)
    chosen = choices.route(case.world, subnet.table, case.internet[0].address) if case.internet else None
    return f"{table}: {chosen.destination} -> {case.world.named(chosen.target_id)}" if chosen else f"{table}: no way out"
