"""What each failure does, as a page shows it: a grid, what goes down, what takes over."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from proofs.drills import DrillReport, Result
from proofs.drills.accepted import Accepted
from proofs.drills.needs import Figure
from proofs.drills.render import MARKS, cell, columns, duration, period, rows, takeovers

OUTCOMES = {mark: outcome for outcome, mark in MARKS.items()}


@dataclass(frozen=True)
class Cell:
    """What a failure does to functions of a kind."""

    outcome: str
    text: str
    """How many of them, and for how long."""


@dataclass(frozen=True)
class Line:
    """Failures of a kind that do the same."""

    failure: str
    cells: list[Cell]


@dataclass(frozen=True)
class Loss:
    """Functions that go down with failures."""

    failures: str
    functions: str
    time: str
    why: str
    accepted: bool
    owner: str = ""
    """Who accepted it."""
    date: str = ""
    """On which day; of what is as old as the design, where it is told."""


ARCHITECTURE = "the architecture"
"""Who accepted what nobody who uses it did."""
TOLD = "docs/resilience.md, What is promised"
"""Where that is told, in place of a day."""


@dataclass(frozen=True)
class Takeover:
    """What takes over."""

    mechanism: str
    time: str
    source: str


@dataclass(frozen=True)
class Drills:
    """The drills of one stack."""

    stack: str
    promised: bool
    """Whether it promises to survive every single failure but the accepted ones."""
    failures: int
    count: int
    broken: int
    columns: list[str]
    lines: list[Line]
    unmoved: int
    """Failures that affect nothing."""
    losses: list[Loss]
    takeovers: list[Takeover]
    pairs: list[str]


def of_stack(report: DrillReport, stack: str) -> Drills:
    """What the drills of all stacks say of one."""
    results = [result for result in report.results if result.function.stack == stack]
    headings = columns(results)
    promised = report.promises.get(stack, True)
    return Drills(
        stack=stack,
        promised=promised,
        failures=len({result.failure for result in results}),
        count=len(results),
        broken=sum(result.function.stack == stack for result in report.failures),
        columns=headings,
        lines=[Line(label, [_cell(cells[heading]) for heading in headings]) for label, cells in rows(results)],
        unmoved=_unmoved(results),
        losses=_losses(results, promised),
        takeovers=[_takeover(figure) for figure in takeovers(results)],
        pairs=[
            f"{result.function.name}: {result.failure.subject}"
            for result in report.pairs
            if result.outcome == "down" and result.function.stack == stack
        ],
    )


def _cell(results: list[Result]) -> Cell:
    if not results:
        return Cell("unaffected", "")
    mark, _, text = cell(results).partition(" ")
    return Cell(OUTCOMES[mark], text)


def _owner(by: Accepted) -> str:
    return by.owner or ARCHITECTURE


def _unmoved(results: Sequence[Result]) -> int:
    moving = {result.failure for result in results if result.outcome != "unaffected"}
    return len({result.failure for result in results} - moving)


def _takeover(figure: Figure) -> Takeover:
    return Takeover(figure.mechanism, period(figure), figure.source)


def _losses(results: Sequence[Result], promised: bool) -> list[Loss]:
    """Failures that take the same functions down for the same reason are told together."""
    of_kind = Counter({result.function.name: result.function.kind for result in results}.values())
    by_failure: dict[tuple[str, str, str, str, Accepted | None], list[Result]] = defaultdict(list)
    for result in results:
        if result.outcome == "down":
            by = result.by if promised else None
            why = by.reason if by else result.mechanism
            by_failure[result.failure.kind, result.failure.subject, duration(result), why, by].append(result)
    told: dict[tuple[str, str, str, Accepted | None], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (kind, subject, time, why, by), found in by_failure.items():
        lost = Counter(result.function.kind for result in found)
        names = dict.fromkeys(
            result.function.kind if lost[result.function.kind] == of_kind[result.function.kind] else result.function.name
            for result in found
        )
        told[", ".join(names), time, why, by][kind].append(subject)
    return [
        Loss(
            "; ".join(f"{kind} {', '.join(subjects)}".strip() for kind, subjects in failures.items()),
            functions,
            time,
            why,
            by is not None,
            _owner(by) if by else "",
            (by.date if by.owner else TOLD) if by else "",
        )
        for (functions, time, why, by), failures in told.items()
    ]
