"""What a person can do about a function that a failure takes down: the key to change, and where to accept it."""

from proofs.drills import kinds
from proofs.drills.failures import Failure
from proofs.drills.model import Function
from proofs.drills.terms import Terms

PLACES = {kinds.ZONE, kinds.HOST, kinds.BALANCER}
LINKS = {kinds.CIRCUIT, kinds.LOCATION, kinds.ROUTER, kinds.TUNNEL}
A_SECOND_WAY = "give directConnect.connections a circuit at another location, or onPremises.routers two routers"
BY_FUNCTION: dict[str, tuple[frozenset[str] | None, str]] = {
    kinds.EGRESS: (None, "set network.natGateways to OnePerAz"),
    kinds.WRITES: (frozenset({kinds.ZONE, kinds.PRIMARY}), "set database.multiAz to true"),
    kinds.READS: (frozenset({kinds.ZONE, kinds.REPLICA, kinds.PRIMARY}), "set database.readReplicas.count to 2 or more"),
    kinds.MIGRATION: (frozenset({kinds.ZONE, kinds.DMS}), "set migration.multiAz to true"),
    kinds.ON_PREMISES_NAMES: (frozenset({kinds.DNS_SERVER}), "give onPremises.dnsServers a second server"),
}
"""Kind of function -> the kinds of failures that one key helps against (None: all of one region), and that key."""
ACCEPT = "add it to own/accepted.yaml, with reason, owner and date"


def remedy(failure: Failure, function: Function, terms: Terms) -> str:
    """What to change, or where to accept the loss, as an imperative sentence without its full stop."""
    workload = function.kind in {kinds.IN_AWS, kinds.ON_PREMISES}
    accept = ACCEPT
    if workload and function.subject in terms.positions:
        accept = f"give workloads[{terms.positions[function.subject]}] ({function.subject}) an acceptDowntime "
        accept += "with reason, owner and date"
    change = _change(failure.kind, function, terms)
    return f"{change}; or accept it: {accept}" if change else f"accept it, or change what fails: {accept}"


def _change(failure: str, function: Function, terms: Terms) -> str:
    at = f"workloads[{terms.positions[function.subject]}]" if function.subject in terms.positions else "its workload"
    if failure == kinds.REGION:
        return "set secondaryRegion, and rehearse the stack of the second region along with this one"
    if failure == kinds.SITE and function.kind == kinds.ON_PREMISES:
        return f"set {at}.placement to both"
    if function.kind == kinds.IN_AWS and failure in PLACES:
        return f"set {at}.replicas to 2 or more"
    if function.kind == kinds.ON_PREMISES and failure == kinds.SERVER:
        return f"set {at}.onPremisesReplicas (or replicas) and containers.onPremisesServers.count to 2 or more"
    if failure in LINKS:
        return A_SECOND_WAY
    helps, change = BY_FUNCTION.get(function.kind, (frozenset(), ""))
    return change if helps is None or failure in helps else ""
