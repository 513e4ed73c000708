"""Who reaches whom, with what, by which way, and what decides it: one row for all places that fare the same."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from proofs.reachability.case import Case
from proofs.reachability.engine import Flow, reach, why_not
from proofs.reachability.evaluation import Cell, pairs
from proofs.reachability.expected import Intent
from proofs.reachability.party import Party, described
from proofs.reachability.requests import Forward, forwards
from proofs.reachability.traffic import Traffic, TrafficSet


@dataclass(frozen=True)
class Row:
    """One line of the matrix."""

    source: str
    target: str
    traffic: str
    """What gets through; `anything` in a row that says that nothing does."""
    reachable: bool
    way: str
    """What carries it, as in `Answer`."""
    because: tuple[str, ...]
    """The routes and rules that decide it, in the order of the packet's way."""
    asked: tuple[str, ...] = ()
    """The keys of the stack file that ask for it."""
    why: str = ""
    """Why it is as wide as it is, where whoever reads it would ask."""


Listening = dict[tuple[int, int, Traffic], list[Row]]
"""How a party reaches a listener of a load balancer, which hundreds of workloads may be behind."""


def matrix(case: Case) -> list[Row]:
    """The whole matrix, in the order of the parties."""
    parties = gathered(case)
    found: dict[int, list[Forward]] = defaultdict(list)
    for one in forwards(case.account.readers, case.parties):
        found[id(one.workload)].append(one)
    listening: Listening = {}
    rows: list[Row] = []
    for source, target in pairs(parties):
        if source.role == "workloadOnPremises" or _same_cards(source, target):
            continue  # On-premises stands for it; whoever shares a host shares its network cards.
        cells = [_served(cell) for cell in case.evaluation.cells(source, target)]
        if cells:
            direct = [*_reachable(case, source, target, cells)]
            behind = [row for one in found.get(id(target), ()) for row in _requests(case, source, one, listening)]
            rows += direct + behind or [_blocked(case, source, target, cells[0])]
    return rows


def gathered(case: Case) -> list[Party]:
    """The parties, with those that fare the same as one: most endpoints have the same subnets and groups."""
    found: dict[object, list[Party]] = {}
    for party in case.parties:
        alike = [(place.subnet, place.groups) for place in party.places]
        found.setdefault((party.role, tuple(alike)) if party.role == "endpoint" else party.name, []).append(party)
    return [
        same[0] if len(same) == 1 else replace(same[0], name=f"endpoints {', '.join(sorted(one.key for one in same))}", key="")
        for same in found.values()
    ]


def _same_cards(source: Party, target: Party) -> bool:
    roles = {source.role, target.role}
    return (
        roles <= {"hosts", "workload"}
        and roles != {"hosts"}
        and source.places == target.places
        and source.borrows != target.borrows
    )


def _served(cell: Cell) -> Cell:
    """A cell with what belongs to the target of all that its hosts get."""
    traffic = cell.flow.traffic & cell.target.serves
    if traffic == cell.flow.traffic:
        return cell
    return replace(cell, flow=replace(cell.flow, traffic=traffic, way=cell.flow.way if traffic else ""))


def _reachable(case: Case, source: Party, target: Party, cells: Sequence[Cell]) -> Iterator[Row]:
    alike: dict[tuple[TrafficSet, str], list[Cell]] = {}
    for cell in cells:
        if cell.flow.traffic:
            alike.setdefault((cell.flow.traffic, cell.flow.way), []).append(cell)
    for (traffic, way), same in alike.items():
        first = same[0]
        decided = reach(case.world, first.from_place, first.to_place, next(traffic.pieces()))
        asking = _asking(case, source, target)
        yield Row(
            described(case.world, source, {cell.from_place for cell in same}),
            described(case.world, target, {cell.to_place for cell in same}),
            str(traffic),
            True,
            way,
            decided.because,
            tuple(dict.fromkeys(one.setting for one in asking)),
            "; ".join(dict.fromkeys(one.why for one in asking if one.why)),
        )


def _asking(case: Case, source: Party, target: Party) -> list[Intent]:
    """What the stack file asks of these two. Whoever runs on hosts is asked about as they are."""
    own, others = (replace(one, role="hosts") if one.role == "workload" else one for one in (source, target))
    return [one for one in case.expected.intents if one.covers(own, others)]


def _requests(case: Case, source: Party, forward: Forward, known: Listening) -> Iterator[Row]:
    """By the load balancer, if one can be reached."""
    key = id(source), id(forward.balancer), forward.listener
    if key not in known:
        own = TrafficSet.of(forward.listener.protocol, forward.listener.port)
        cells = [
            replace(cell, flow=Flow(cell.flow.traffic & own, cell.flow.way))
            for cell in case.evaluation.cells(source, forward.balancer)
        ]
        known[key] = [*_reachable(case, source, forward.balancer, cells)]
    for row in known[key]:
        way = f"{row.way} then {forward.balancer.name}" if row.way != "VPC" else forward.balancer.name
        yield replace(
            row,
            target=forward.workload.name,
            traffic=forward.rule,
            way=way,
            because=(*row.because, f"{forward.rule} to {forward.ports}"),
            asked=("workloads[].route",),
        )


def _blocked(case: Case, source: Party, target: Party, cell: Cell) -> Row:
    because = why_not(case.world, cell.from_place, cell.to_place, target.serves)
    return Row(source.name, target.name, "anything", False, "", (because,))
