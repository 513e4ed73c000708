"""Trees of all-of and any-of over parts that can fail, and what is left of them when some do."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["unaffected", "degraded", "down"]
RANK: dict[Outcome, int] = {"unaffected": 0, "degraded": 1, "down": 2}
"""How bad an outcome is."""


@dataclass(frozen=True)
class Figure:
    """What takes over or puts right, how long that takes at most, and who says so."""

    mechanism: str
    seconds: float | None
    """None: nobody has published a figure, or a person has to act."""
    source: str
    """An address of documentation, or the configuration that the figure follows from."""

    @property
    def by_hand(self) -> bool:
        """Whether it waits for somebody."""
        return self.seconds is None and "a person" in self.mechanism


@dataclass(frozen=True)
class State:
    """What is left of a need."""

    outcome: Outcome = "unaffected"
    figures: tuple[Figure, ...] = ()
    """Why it is no worse, or how it comes back."""

    @property
    def rank(self) -> int:
        """How bad it is."""
        return RANK[self.outcome]


FINE = State()


class Need:
    """A node of the tree. More dead parts never leave more, but for Elsewhere, which is about what people do."""

    def state(self, dead: frozenset[str]) -> State:
        """What is left when these parts are dead."""
        raise NotImplementedError

    def parts(self) -> Iterator[str]:
        """The ids of all parts that it looks at."""
        raise NotImplementedError


@dataclass(frozen=True)
class One(Need):
    """One part, with nothing in its place."""

    part: str
    repair: Figure

    def state(self, dead: frozenset[str]) -> State:
        """Down with the part."""
        return State("down", (self.repair,)) if self.part in dead else FINE

    def parts(self) -> Iterator[str]:
        """The part."""
        yield self.part


@dataclass(frozen=True)
class AllOf(Need):
    """All of these."""

    needs: tuple[Need, ...]

    def state(self, dead: frozenset[str]) -> State:
        """As bad as the worst of them."""
        states = [need.state(dead) for need in self.needs]
        worst = max((state.rank for state in states), default=0)
        return _joined([state for state in states if state.rank == worst]) if worst else FINE

    def parts(self) -> Iterator[str]:
        """Theirs."""
        for need in self.needs:
            yield from need.parts()


@dataclass(frozen=True)
class Option:
    """A way among several, and what it takes to change over to it."""

    need: Need
    takeover: Figure


@dataclass(frozen=True)
class AnyOf(Need):
    """The first of these that works; the others stand by."""

    options: tuple[Option, ...]

    def state(self, dead: frozenset[str]) -> State:
        """Unaffected as long as the first works; degraded on any other; down without any."""
        states = [option.need.state(dead) for option in self.options]
        for position, (option, state) in enumerate(zip(self.options, states, strict=True)):
            if state.outcome != "down":
                return State("degraded", (option.takeover, *state.figures)) if position else state
        return _soonest(states)

    def parts(self) -> Iterator[str]:
        """Theirs."""
        for option in self.options:
            yield from option.need.parts()


@dataclass(frozen=True)
class Shared(Need):
    """Several that work at once: the loss of some leaves less, or makes clients try again."""

    needs: tuple[Need, ...]
    takeover: Figure | None
    """None: what those that are lost say of themselves."""

    def state(self, dead: frozenset[str]) -> State:
        """Unaffected with all, degraded with some, down with none."""
        states = [need.state(dead) for need in self.needs]
        left = [state for state in states if state.outcome != "down"]
        if not left:
            return _soonest(states)
        hurt = [figure for state in (left if self.takeover else states) for figure in state.figures]
        if self.takeover and len(left) < len(states):
            hurt.insert(0, self.takeover)
        return State("degraded", _unique(hurt)) if hurt else FINE

    def parts(self) -> Iterator[str]:
        """Theirs."""
        for need in self.needs:
            yield from need.parts()


@dataclass(frozen=True)
class Copies(Need):
    """Alike copies that AWS puts where it likes. Of each failure the worst is assumed: that it hits where most of them are."""

    count: int
    places: tuple[tuple[str, int], ...]
    """Ids of parts, each with the copies that it takes along at most."""
    takeover: Figure
    repair: Figure
    starts: Need | None = None
    """What it takes to start another copy, if anything."""
    stuck: Figure | None = None
    """Why none is started while `starts` is down."""

    def state(self, dead: frozenset[str]) -> State:
        """Down when every copy may be lost."""
        lost = sum(copies for part, copies in self.places if part in dead)
        if not lost:
            return FINE
        if lost < self.count:
            return State("degraded", (self.takeover,))
        waiting = (self.stuck,) if self.stuck and self.starts and self.starts.state(dead).outcome == "down" else ()
        return State("down", (self.repair, *waiting))

    def parts(self) -> Iterator[str]:
        """Where the copies are, and what starts them."""
        yield from (part for part, _ in self.places)
        if self.starts:
            yield from self.starts.parts()


@dataclass(frozen=True)
class Soft(Need):
    """Something that is missed, but that the function goes on without."""

    need: Need
    without: Figure

    def state(self, dead: frozenset[str]) -> State:
        """Never worse than degraded; a need that is only degraded is not missed."""
        return State("degraded", (self.without,)) if self.need.state(dead).outcome == "down" else FINE

    def parts(self) -> Iterator[str]:
        """Those of the need."""
        return self.need.parts()


@dataclass(frozen=True)
class Elsewhere(Need):
    """A need that another region can meet: people fail over when the region is gone, and for nothing less."""

    region: str
    need: Need
    others: tuple[Need, ...]
    failover: Figure

    def state(self, dead: frozenset[str]) -> State:
        """As here while the region stands; else as in the other one, once somebody has failed over."""
        if self.region not in dead:
            return self.need.state(dead)
        return AnyOf(tuple(Option(need, self.failover) for need in (self.need, *self.others))).state(dead)

    def parts(self) -> Iterator[str]:
        """The region, and those of every need."""
        yield self.region
        for need in (self.need, *self.others):
            yield from need.parts()


@dataclass(frozen=True)
class InZone(Need):
    """A need of what stands in a zone: once the zone is gone, there is nobody to miss it, and nothing to be put right."""

    zone: str
    need: Need

    def state(self, dead: frozenset[str]) -> State:
        """Down with the zone, for no reason of its own."""
        return State("down") if self.zone in dead else self.need.state(dead)

    def parts(self) -> Iterator[str]:
        """The zone and those of the need."""
        yield self.zone
        yield from self.need.parts()


def _joined(states: list[State]) -> State:
    return State(states[0].outcome, _unique([figure for state in states for figure in state.figures]))


def _unique(figures: list[Figure]) -> tuple[Figure, ...]:
    return tuple(dict.fromkeys(figures))


def _soonest(states: list[State]) -> State:
    """Of several that are down, the one that comes back first, which is enough. Among equals the first."""
    known = [state for state in states if state.figures]
    return min(known, key=lambda state: math.inf if (time := seconds(state.figures)) is None else time, default=State("down"))


def seconds(figures: tuple[Figure, ...]) -> float | None:
    """How long until the last of them is done; None if one of them has no figure."""
    known = [figure.seconds for figure in figures]
    return None if None in known else max((each for each in known if each is not None), default=0.0)
