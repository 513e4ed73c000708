"""Proofs that everybody reaches exactly what the stack file asks for: not more, which is a hole, and not less."""

from collections.abc import Iterator

from proofs.reachability.case import Case, Failure
from proofs.reachability.engine import reach, why_not
from proofs.reachability.evaluation import Cell
from proofs.reachability.expected import is_meant
from proofs.reachability.party import Party, Role, described, listed
from proofs.reachability.traffic import TrafficSet

IN_EVERY_ZONE: frozenset[Role] = frozenset(
    {"hosts", "loadBalancer", "database", "files", "endpoint", "resolverInbound", "resolverOutbound"}
)
"""Who is to be found in every zone of the stack."""
WORKLOADS: frozenset[Role] = frozenset({"hosts", "workload"})


def internet_reaches_nothing(case: Case, proof: str) -> Iterator[Failure]:
    """No address of the internet can open anything, to anybody."""
    yield from _compare(case, proof, [cell for cell in case.cells if cell.source.role == "internet"])


def on_premises_reaches(case: Case, proof: str) -> Iterator[Failure]:
    """From every address of the data centre exactly what the stack file says, and it is there."""
    yield from _compare(case, proof, [cell for cell in case.cells if cell.source.role == "onPremises"])
    yield from _absent(case, proof, frozenset({"onPremises"}))


def workloads_reach(case: Case, proof: str) -> Iterator[Failure]:
    """From every host, and so from every container on it, exactly what the stack file says, in every zone."""
    yield from _compare(case, proof, [cell for cell in case.cells if cell.source.role in WORKLOADS])
    yield from _absent(case, proof, WORKLOADS)
    yield from _zones(case, proof)


def others_reach(case: Case, proof: str) -> Iterator[Failure]:
    """Whoever else there is: databases, endpoints, resolvers, VPN clients, neighbours, network cards of nobody."""
    those = {"internet", "onPremises", *WORKLOADS}
    yield from _compare(case, proof, [cell for cell in case.cells if cell.source.role not in those])
    yield from _absent(case, proof, frozenset({intent.source for intent in case.expected.intents} - those))
    yield from _into_other_region(case, proof)


def _compare(case: Case, proof: str, cells: list[Cell]) -> Iterator[Failure]:
    """What is possible against what is asked for; the same finding in several places is one failure."""
    found: dict[tuple[str, str, str, TrafficSet], list[Cell]] = {}
    for cell in cells:
        if cell.target.role == "neighbour":
            continue  # What it admits is for the proofs of its own stack.
        asked, allowed = case.expected.traffic(cell.source, cell.target, cell.from_place.address, cell.to_place.address)
        for kind, traffic in (("more", cell.flow.traffic - allowed), ("less", asked - cell.flow.traffic)):
            if traffic:
                found.setdefault((kind, cell.source.name, cell.target.name, traffic), []).append(cell)
    for (kind, _, _, traffic), same in found.items():
        first = same[0]
        decided = reach(case.world, first.from_place, first.to_place, next(traffic.pieces()))
        sources = described(case.world, first.source, {cell.from_place for cell in same})
        targets = described(case.world, first.target, {cell.to_place for cell in same})
        if kind == "more":
            what = f"{sources} can reach {targets} with {traffic}, which the stack file does not ask for"
        else:
            settings = listed(one.setting for one in case.expected.intents if one.covers(first.source, first.target))
            what = f"{sources} cannot reach {targets} with {traffic}, which {settings} asks for"
        yield Failure(proof, what, decided.because)


def _absent(case: Case, proof: str, roles: frozenset[Role]) -> Iterator[Failure]:
    """Who is asked for, and is not there at all."""
    missing = {}
    for intent in case.expected.intents:
        if intent.source in roles and not intent.optional:
            for role, key in ((intent.source, intent.of), (intent.target, intent.key)):
                if not any(party.role == role and is_meant(key, party) for party in case.parties):
                    missing[f"{role} {key}".strip()] = intent.setting
    for who, setting in missing.items():
        yield Failure(proof, f"{setting} asks for {who}, and there is none in the account")


def _into_other_region(case: Case, proof: str) -> Iterator[Failure]:
    """What is to be reached in the VPC of another region: somewhere in it, for where exactly is for its own stack to say."""
    for intent in case.expected.intents:
        if intent.target == "neighbour":
            lets: dict[str, list[Cell]] = {}
            for cell in case.cells:
                if intent.covers(cell.source, cell.target) and intent.applies(cell.to_place.address):
                    lets.setdefault(cell.from_place.name, []).append(cell)
            for name, cells in lets.items():
                if not any(intent.traffic <= cell.flow.traffic for cell in cells):
                    there = f"{cells[0].target.name} with {intent.traffic}"
                    what = f"{name} reaches nothing in {there}, which {intent.setting} asks for"
                    because = why_not(case.world, cells[0].from_place, cells[0].to_place, intent.traffic)
                    yield Failure(proof, what, (because,))


def _zones(case: Case, proof: str) -> Iterator[Failure]:
    """Who is missing in a zone."""
    for party in case.parties:
        if party.role in IN_EVERY_ZONE and (lacking := sorted(set(case.expected.zones) - _zones_of(case, party))):
            yield Failure(proof, f"{party.name} has no network card in {listed(lacking)}, a zone of network.zones")


def _zones_of(case: Case, party: Party) -> set[str]:
    return {case.world.subnets[place.subnet].zone for place in party.places if place.subnet}
