"""The drill: every failure against every function."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from proofs.drills import accepted, failures, figures, kinds
from proofs.drills.accepted import Accepted
from proofs.drills.derive import derive
from proofs.drills.failures import Failure
from proofs.drills.model import Function, Model
from proofs.drills.needs import FINE, Figure, Outcome, State, seconds
from proofs.drills.terms import Terms
from rehearsal.run import Rehearsal

COMES_BACK = {kinds.REGION: figures.REGION_REPAIR, kinds.SITE: figures.SITE_REPAIR}
"""Kind of failure -> what has to happen where nothing takes over."""

RESTORED_ELSEWHERE = {kinds.MACHINES}
"""Kinds of functions that need not wait for that: a person makes them anew somewhere else."""


@dataclass(frozen=True)
class Result:
    """What a failure does to a function."""

    failure: Failure
    function: Function
    outcome: Outcome
    figures: tuple[Figure, ...]
    """What takes over, or what puts it right; the reasons of an outcome that is not `unaffected`."""
    by: Accepted | None = None
    """What allows the function to be down; None if it may not, or is not."""

    @property
    def accepted(self) -> str | None:
        """Why the function may be down."""
        return self.by.reason if self.by else None

    @property
    def mechanism(self) -> str:
        """What takes over, or puts it right."""
        return "; ".join(figure.mechanism for figure in self.figures)

    @property
    def seconds(self) -> float | None:
        """Until it has: the longest of them. None where there is no figure: a person acts, or AWS publishes none."""
        return seconds(self.figures)

    @property
    def source(self) -> str:
        """Where the figures come from."""
        return "; ".join(dict.fromkeys(figure.source for figure in self.figures))

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "failure": {"kind": self.failure.kind, "subject": self.failure.subject},
            "stack": self.function.stack,
            "function": self.function.name,
            "outcome": self.outcome,
            "mechanism": self.mechanism,
            "seconds": self.seconds,
            "source": self.source,
            "accepted": self.accepted,
            "acceptedBy": (self.by.owner or None) if self.by else None,
            "acceptedOn": (self.by.date or None) if self.by else None,
        }


@dataclass
class DrillReport:
    """What every failure does to every function."""

    model: Model
    results: list[Result]
    """Singles, in reading order."""
    pairs: list[Result]
    """Two failures at once, where that is worse than either alone. Nothing is promised of them."""
    terms: Mapping[str, Terms] = field(default_factory=dict)
    """What is asked of each stack."""

    @property
    def promises(self) -> Mapping[str, bool]:
        """Stack -> whether it promises to survive every single failure."""
        return {stack: terms.promises for stack, terms in self.terms.items()}

    @property
    def failures(self) -> list[Result]:
        """The drills that break the promise: a function goes down, and it is not accepted."""
        return [one for one in self.results if one.outcome == "down" and not one.accepted and self.promises[one.function.stack]]

    def as_json(self) -> dict[str, Any]:
        """Plain data: parts of a report, and stable."""
        return {
            "promises": dict(sorted(self.promises.items())),
            "functions": [{"stack": one.stack, "kind": one.kind, "name": one.name} for one in self.model.functions],
            "results": [result.as_json() for result in self.results],
            "pairs": [result.as_json() for result in self.pairs],
            "broken": [result.as_json() for result in self.failures],
        }


def drill(rehearsals: list[Rehearsal], pairs: bool = False, *, terms: Mapping[str, Terms] | None = None) -> DrillReport:
    """Drill every single failure of these stacks, which share an account; with `pairs`, any two at once as well.

    `terms` says what is asked of each stack (see `terms_of`); one without is held to the promise, and accepts nothing itself.
    """
    several = len({one.deployment.region for one in rehearsals}) > 1
    asked = {one.deployment.stack: (terms or {}).get(one.deployment.stack, Terms()) for one in rehearsals}
    model = derive(rehearsals, {stack: one.sites for stack, one in asked.items()})
    looks_at = [frozenset(function.need.parts()) for function in model.functions]
    singles: dict[tuple[str, int], State] = {}
    results = []
    for failure in failures.failures(model):
        for position, (function, parts) in enumerate(zip(model.functions, looks_at, strict=True)):
            state = function.need.state(failure.dead) if parts & failure.dead else FINE
            singles[failure.name, position] = state
            results.append(_result(failure, function, state, asked[function.stack].accepted, several))
    return DrillReport(model, results, _pairs(model, looks_at, singles) if pairs else [], asked)


def _result(failure: Failure, function: Function, state: State, own: tuple[Accepted, ...], several_regions: bool) -> Result:
    down = state.outcome == "down"
    # When all of it is gone, no part is mended or made anew: it has to come back.
    back = down and failure.kind in COMES_BACK and function.kind not in RESTORED_ELSEWHERE
    found = (COMES_BACK[failure.kind],) if back else _told(state)
    by = accepted.find(failure, function, own, several_regions=several_regions) if down else None
    return Result(failure, function, state.outcome, found, by)


def _told(state: State) -> tuple[Figure, ...]:
    """The figures of a state. What is down for no reason of its own went with all zones that it had."""
    return (figures.ZONE_REPAIR,) if state.outcome == "down" and not state.figures else state.figures


def _pairs(model: Model, looks_at: list[frozenset[str]], singles: Mapping[tuple[str, int], State]) -> list[Result]:
    """Where two at once are worse than either alone."""
    found = []
    for first, second in failures.pairs(model):
        both = Failure("pair", f"{first.name} and {second.name}", first.dead | second.dead)
        for position, (function, parts) in enumerate(zip(model.functions, looks_at, strict=True)):
            # What one of them does not touch is no worse for it.
            if not (parts & first.dead and parts & second.dead):
                continue
            state = function.need.state(both.dead)
            alone = [singles.get((each.name, position), FINE).rank for each in (first, second)]
            if state.rank > max(alone):
                found.append(Result(both, function, state.outcome, _told(state)))
    return found
