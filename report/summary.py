"""What whoever signs reads first: whether it holds, what each function survives and loses, which risks were accepted."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from proofs.drills import DrillReport, figures, kinds
from proofs.drills.drill import Result
from proofs.drills.failures import Failure
from proofs.drills.graph import Graphs
from proofs.drills.model import Function
from proofs.drills.needs import RANK
from proofs.drills.render import duration
from report.collect import Evidence
from report.picture.region import counted
from report.recovery import NO_DATA, Failover, Loss, Losses, failovers, losses

Grade = Literal["good", "warn", "bad"]
STYLES: dict[Grade, str] = {"good": "green", "warn": "yellow", "bad": "red"}
"""How a terminal shows a grade."""
SCENARIOS = {"A part or a zone": (), "The region": (kinds.REGION,), "The data centre": (kinds.SITE,)}
"""Heading -> kinds of failures; none: all the others."""
KEEP_NOTHING = (kinds.IN_AWS, kinds.ON_PREMISES)


@dataclass(frozen=True)
class Toll:
    """What the failures of all stacks come to."""

    survived: int
    accepted: int
    """Take something down that may go down."""
    lost: int
    """Take something down that may not."""
    promised: bool = True
    """Whether a stack promises to survive anything: one of size `small` does not."""

    @property
    def drilled(self) -> int:
        """All of them."""
        return self.survived + self.accepted + self.lost

    @property
    def text(self) -> str:
        """The figures, in words."""
        parts = [f"{self.survived} survived"]
        word = "accepted" if self.promised else "not, as small stacks may"
        parts += [f"{self.accepted} {word}"] if self.accepted else []
        parts += [f"{self.lost} not accepted"] if self.lost else []
        return ", ".join(parts)


def toll(report: DrillReport) -> Toll:
    """How many failures are survived, how many are not. What a stack that promises nothing loses counts as accepted."""
    worst: dict[Failure, int] = defaultdict(int)
    broken = {id(one) for one in report.failures}
    for result in report.results:
        mark = 0 if result.outcome != "down" else 2 if id(result) in broken else 1
        worst[result.failure] = max(worst[result.failure], mark)
    survived, accepted, lost = (list(worst.values()).count(mark) for mark in range(3))
    return Toll(survived, accepted, lost, any(report.promises.values()) or not report.promises)


@dataclass(frozen=True)
class Verdict:
    """The first line."""

    grade: Grade
    text: str


def verdict(evidence: Evidence, wrong: int) -> Verdict:
    """What all of it comes to."""
    if not evidence.good or wrong:
        return Verdict("bad", f"{counted(wrong, 'thing does', 'things do')} not hold")
    assert evidence.drills
    found = toll(evidence.drills)
    if found.accepted:
        return Verdict("warn", f"{counted(found.survived, 'failure')} {found.text.partition(' ')[2]}; all else holds")
    return Verdict("good", f"Everything holds; {counted(found.survived, 'failure')} survived")


@dataclass(frozen=True)
class Cell:
    """What a scenario does to a function at worst."""

    outcome: str
    time: str
    what: str
    """What takes over, or what puts it right."""
    accepted: bool = False
    """Whether it may be down."""


@dataclass(frozen=True)
class Promise:
    """A function, or several that fare the same."""

    name: str
    cells: list[Cell]
    here: Loss
    region: Loss


@dataclass(frozen=True)
class Signed:
    """What a stack promises."""

    stack: str
    promised: bool
    scenarios: list[str]
    promises: list[Promise]
    failovers: list[Failover]


def signed(evidence: Evidence) -> Iterator[Signed]:
    """What each stack that has functions of its own promises."""
    report = evidence.drills
    if report is None:
        return
    graphs = Graphs(evidence.rehearsals)
    for one in evidence.stacks:
        stack = one.stack.stack
        results = [result for result in report.results if result.function.stack == stack]
        if results:
            scenarios = [name for name, of in SCENARIOS.items() if _of_scenario(results, of)]
            others = failovers(graphs, stack)
            told = _promises(results, scenarios, losses(graphs, stack), [other.stack for other in others])
            yield Signed(stack, report.promises.get(stack, True), scenarios, told, others)


def _promises(
    results: Sequence[Result], scenarios: Sequence[str], lost: dict[str, Losses], others: Sequence[str]
) -> list[Promise]:
    """Functions of a kind that fare the same are told together."""
    by_function: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_function[result.function.name].append(result)
    alike: dict[tuple[object, ...], list[Function]] = defaultdict(list)
    cells: dict[tuple[object, ...], list[Cell]] = {}
    for own in by_function.values():
        function = own[0].function
        found = [_worst(_of_scenario(own, SCENARIOS[name]), others) for name in scenarios]
        key = (function.kind, *found)
        alike[key].append(function)
        cells[key] = found
    of_kind = Counter(own[0].function.kind for own in by_function.values())
    return [Promise(_name(same, of_kind[same[0].kind]), cells[key], *_lost(same[0], lost)) for key, same in alike.items()]


MOST_NAMED = 4
"""Functions of a kind that are named one by one."""


def _name(same: Sequence[Function], of_kind: int) -> str:
    kind = same[0].kind
    if len(same) == of_kind:
        return kind if of_kind == 1 and not same[0].subject else f"{kind}: all {of_kind}" if of_kind > 1 else same[0].name
    names = [one.subject for one in same]
    shown = ", ".join(names) if len(names) <= MOST_NAMED else f"{', '.join(names[:2])} and {len(names) - 2} more"
    return f"{kind}: {shown}"


def _lost(function: Function, lost: dict[str, Losses]) -> tuple[Loss, Loss]:
    if function.kind in KEEP_NOTHING:
        return Loss("what it keeps in itself"), Loss("what it keeps in itself")
    found = lost.get(function.name) or lost.get(function.kind)
    return (found.here, found.region) if found else (NO_DATA, NO_DATA)


def _of_scenario(results: Sequence[Result], failures: tuple[str, ...]) -> list[Result]:
    others = (kinds.REGION, kinds.SITE)
    return [one for one in results if (one.failure.kind in failures if failures else one.failure.kind not in others)]


def _worst(results: Sequence[Result], others: Sequence[str]) -> Cell:
    worst = max(
        results, key=lambda one: (RANK[one.outcome], float("inf") if one.seconds is None else one.seconds), default=None
    )
    if worst is None or worst.outcome == "unaffected":
        return Cell("unaffected", "", "")
    if worst.outcome == "down":
        return Cell("down", duration(worst), worst.mechanism, worst.by is not None)
    over = figures.FAILOVER in worst.figures and others
    return Cell("degraded", duration(worst), f"fails over to {' or '.join(others)}" if over else worst.mechanism)
