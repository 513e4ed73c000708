"""The drill of an edit: all that it takes along at once, against every function of what stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from proofs.drills.derive import derive
from proofs.drills.graph import Graphs
from proofs.drills.model import Function, Model
from proofs.drills.needs import FINE, AllOf, AnyOf, Copies, Elsewhere, Figure, InZone, Need, One, Shared, Soft, State, seconds
from proofs.edits.hits import Hit, hits
from rehearsal.diff import Diff
from rehearsal.run import Rehearsal

Outcome = Literal["unaffected", "degraded", "down", "gone", "new"]


@dataclass(frozen=True)
class Effect:
    """What an edit does to a function while it is carried out; `gone` and `new` are for good."""

    function: Function
    outcome: Outcome
    figures: tuple[Figure, ...] = ()
    """How it goes on, or what brings it back."""
    by: tuple[str, ...] = ()
    """What it goes on by, where something stands by for what is away."""
    causes: tuple[str, ...] = ()
    """Names of the resources whose change it is."""

    @property
    def seconds(self) -> float | None:
        """How long at most; None where nobody knows, or a person has to act."""
        return seconds(self.figures)


def drilled(diff: Diff, before: Sequence[Rehearsal], after: Sequence[Rehearsal]) -> list[Effect]:
    """What the edit does to each function, in reading order. `before`, `after`: all stacks of the account."""
    model, later = derive(before), derive(after)
    graphs = Graphs(before)
    hit = list(hits(diff.changes, graphs))
    effects = [
        _effect(function, hit, model) if _among(function, later.functions) else Effect(function, "gone")
        for function in model.functions
    ]
    return effects + [Effect(one, "new") for one in later.functions if not _among(one, model.functions)]


def _among(function: Function, others: Sequence[Function]) -> bool:
    """Whether it is one of these. The only one of its kind has no subject, and is still the same beside a further one."""
    alike = [other.subject for other in others if (other.stack, other.kind) == (function.stack, function.kind)]
    return function.subject in alike or "" in alike or (not function.subject and bool(alike))


def _effect(function: Function, hit: list[Hit], model: Model) -> Effect:
    gaps = [one for one in hit if not one.goes_on]
    directly = [one for one in gaps if _old(one) in function.made_by]
    if directly:
        again = (function.again,) if function.again else ()
        return Effect(function, "down", (*_until(directly), *again), causes=_causes(directly))
    dead = frozenset(part for one in gaps for part in _parts(one, model))
    touching = [one for one in gaps if _parts(one, model) & {*function.need.parts()}]
    state = function.need.state(dead)
    # An instance and its standby are one part: a failure takes one of the two, an edit may take both.
    wholly = [one for one in touching if one.wholly and function.need.state(_parts(one, model)) != FINE]
    both = [one for one in wholly if _is_pair(function.need, _parts(one, model))]
    if both or state.outcome == "down":
        return Effect(function, "down", _until(both or touching), causes=_causes(both or touching))
    if state.outcome == "degraded":
        return Effect(function, "degraded", _how(state, touching), tuple(_left(function.need, dead, model)), _causes(touching))
    smooth = [one for one in hit if one.goes_on and _concerns(one, function, model)]
    if smooth:
        return Effect(function, "degraded", _until(smooth), causes=_causes(smooth))
    return Effect(function, "unaffected")


def _until(hit: list[Hit]) -> tuple[Figure, ...]:
    return tuple(dict.fromkeys(one.until for one in hit))


def _how(state: State, touching: list[Hit]) -> tuple[Figure, ...]:
    """A standby that takes over while its twin is changed is told by the change itself."""
    return _until([one for one in touching if one.change.kind == "update"]) or state.figures


def _concerns(hit: Hit, function: Function, model: Model) -> bool:
    return bool(_old(hit) in function.made_by or _parts(hit, model) & {*function.need.parts()})


def _old(hit: Hit) -> str:
    """The URN of what stands."""
    return hit.change.before.urn if hit.change.before else ""


def _parts(hit: Hit, model: Model) -> frozenset[str]:
    """The parts that go, with those that have an address in each zone."""
    return frozenset(
        part
        for part in model.parts
        if any(part == identifier or part.startswith(f"{identifier}/") for identifier in hit.identifiers)
    )


def _causes(hit: list[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.change.name for one in hit))


def _is_pair(need: Need, dead: frozenset[str]) -> bool:
    """Whether a need is met by copies that are one part, and lost with it."""
    match need:
        case Copies():
            return need.state(dead) != FINE
        case AllOf():
            return any(_is_pair(each, dead) for each in need.needs)
        case Elsewhere() | InZone():
            return _is_pair(need.need, dead)
    return False


def _left(need: Need, dead: frozenset[str], model: Model) -> Iterator[str]:
    """The names of what a degraded need is met by, where something stands by."""
    match need:
        case AllOf():
            for each in need.needs:
                if each.state(dead).outcome == "degraded":
                    yield from _left(each, dead, model)
        case Shared():
            for each in need.needs:
                if each.state(dead).outcome != "down":
                    yield from _named(each, model)
        case AnyOf():
            working = next((one.need for one in need.options if one.need.state(dead).outcome != "down"), None)
            if working is need.options[0].need:
                yield from _left(working, dead, model)
            elif working:
                yield from _named(working, model)
        case Elsewhere() | InZone():
            yield from _left(need.need, dead, model)


def _named(need: Need, model: Model) -> Iterator[str]:
    """What people call the first parts of a need."""
    match need:
        case One():
            part = model.parts[need.part]
            yield f"{part.kind} {part.name}"
        case AllOf():
            yield from _named(need.needs[0], model)
        case Shared():
            for each in need.needs:
                yield from _named(each, model)
        case AnyOf():
            yield from _named(need.options[0].need, model)
        case Soft() | InZone() | Elsewhere():
            yield from _named(need.need, model)
