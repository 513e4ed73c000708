"""The proofs: statements over the whole network that must hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from proofs.reachability import exactly, requests, waiting, ways
from proofs.reachability.case import Case, Failure
from proofs.reachability.expected import is_meant


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


def every_card_has_an_owner(case: Case, proof: str) -> Iterator[Failure]:
    """No network card belongs to nobody known."""
    for party in case.parties:
        if party.role == "other" and not any(is_meant(name, party) for name in case.expected.owned):
            (place,) = party.places
            where = case.world.named(place.subnet or "")
            groups = ", ".join(case.world.named(group) for group in sorted(place.groups or ()))
            what = f"{party.name} in {where} belongs to nothing that a component makes, and own/statements.py does not name it"
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
        "services-are-reached-by-their-endpoint",
        "Where a service of AWS has a gateway endpoint, every host takes it, and none the NAT gateway.",
        ways.services_by_endpoint,
    ),
    Proof(
        "on-premises-is-told-of-the-vpcs-alone",
        "AWS announces nothing to on-premises but the VPCs.",
        waiting.told_of_vpcs,
    ),
    Proof(
        "nothing-has-a-public-address",
        "Nothing but NAT gateways has a public address, whatever its security groups admit.",
        waiting.nothing_is_public,
    ),
    Proof(
        "security-groups-admit-known-networks-alone",
        "No security group admits an address that is neither of a VPC of ours nor on-premises, or a group that nobody carries.",
        waiting.groups_admit_whom_we_know,
    ),
    Proof(
        "default-security-groups-are-empty",
        "What is made without a security group of its own can open nothing and admits nobody.",
        waiting.default_groups_are_empty,
    ),
    Proof(
        "every-network-card-has-an-owner",
        "Every network card belongs to something that a component makes, or that your team names.",
        every_card_has_an_owner,
    ),
    Proof(
        "everything-is-followed",
        "Nothing decides over packets that these proofs do not follow.",
        everything_is_followed,
    ),
)
