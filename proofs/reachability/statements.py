"""The proofs: statements over the whole network that must hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from proofs.reachability import exactly, requests, ways
from proofs.reachability.case import Case, Failure
from proofs.reachability.party import listed


@dataclass(frozen=True)
class Proof:
    """A statement, and what looks for whatever contradicts it."""

    name: str
    statement: str
    """What holds, for people."""
    find: Callable[[Case, str], Iterator[Failure]]
    """Finds what contradicts it; takes the name of the proof."""


def everything_is_followed(case: Case, proof: str) -> Iterator[Failure]:
    """Nothing that decides over packets is beyond the model."""
    for vpc, what in dict.fromkeys(case.account.unknown):
        if vpc in ("", *case.vpcs):
            yield Failure(proof, what)


def groups_admit_known_networks(case: Case, proof: str) -> Iterator[Failure]:
    """No security group of the VPC admits an address that is neither in a VPC of ours nor on-premises.

    Such a rule is a hole that only waits for a public address or a route.
    """
    world = case.world
    known = [*world.on_premises, *(block for blocks in world.vpcs.values() for block in blocks)]
    carried: dict[str, list[str]] = {}
    for party in case.parties:
        for group in {group for place in party.places for group in place.groups or ()}:
            carried.setdefault(group, []).append(party.name)
    for group, rules in world.groups.items():
        if world.group_vpcs.get(group) not in case.vpcs:
            continue
        for rule in rules:
            strange = [one for one in rule.networks if not any(one.subnet_of(block) for block in known)]
            if strange and not rule.egress:
                owners = listed(carried.get(group, [])) or "nobody"
                what = f"{world.named(group)} of {owners} admits {rule.traffic} from {listed(map(str, strange))}"
                yield Failure(proof, what, (world.named(rule.id),))


def every_card_has_an_owner(case: Case, proof: str) -> Iterator[Failure]:
    """No network card belongs to nobody known."""
    for party in case.parties:
        if party.role == "other":
            (place,) = party.places
            where = case.world.named(place.subnet or "")
            groups = ", ".join(case.world.named(group) for group in sorted(place.groups or ()))
            what = f"{party.name} in {where} belongs to nothing that a component makes"
            yield Failure(proof, what, (f"security groups: {groups}",))


PROOFS = (
    Proof("internet-reaches-nothing", "From the internet nothing can be reached.", exactly.internet_reaches_nothing),
    Proof(
        "on-premises-reaches-what-is-configured",
        "From on-premises exactly what the stack file asks for can be reached, and replies find their way back.",
        exactly.on_premises_reaches,
    ),
    Proof(
        "workloads-reach-what-is-configured",
        "Workloads on AWS reach exactly what the stack file asks for, from every zone.",
        exactly.workloads_reach,
    ),
    Proof(
        "others-reach-what-is-configured",
        "Databases, endpoints, resolvers, the migration and VPN clients reach exactly what the stack file asks for.",
        exactly.others_reach,
    ),
    Proof(
        "requests-reach-their-workload",
        "Requests to the load balancer reach the workloads that have a route, and no others.",
        requests.requests_reach_workloads,
    ),
    Proof(
        "private-subnets-leave-by-nat-or-endpoint",
        "Private subnets have no way out but through NAT gateways and endpoints.",
        ways.out_by_nat_or_endpoint,
    ),
    Proof(
        "isolated-subnets-have-no-way-out",
        "Isolated subnets have no way to the internet, but to services of AWS by endpoints.",
        ways.isolated_have_no_way_out,
    ),
    Proof(
        "public-subnets-hold-nat-gateways-alone",
        "Nothing but NAT gateways is in a public subnet.",
        ways.public_hold_nat_alone,
    ),
    Proof(
        "each-zone-leaves-by-its-own-nat",
        "Where there is a NAT gateway in each zone, each zone leaves by its own.",
        ways.nat_of_own_zone,
    ),
    Proof(
        "direct-connect-comes-first",
        "While a circuit is up, everything between the VPC and on-premises takes Direct Connect.",
        ways.circuits_first,
    ),
    Proof(
        "vpn-stands-behind",
        "With all circuits down, everything between the VPC and on-premises takes the VPN.",
        ways.vpn_behind,
    ),
    Proof(
        "security-groups-admit-known-networks-alone",
        "No security group admits an address that is neither of a VPC of ours nor on-premises.",
        groups_admit_known_networks,
    ),
    Proof(
        "every-network-card-has-an-owner",
        "Every network card belongs to something that a component makes.",
        every_card_has_an_owner,
    ),
    Proof(
        "everything-is-followed",
        "Nothing decides over packets that these proofs do not follow.",
        everything_is_followed,
    ),
)
