"""What every failure of the links costs: seconds of silence of the flow that is hit worst, and whether questions and answers
take one way before and after it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.lab.links import CIRCUITS, TUNNELS, Links
from tests.lab.networks import waited

ABOVE_HOLD_SECONDS = 40
"""How long a site is cut off: longer than the hold time of a tunnel, so that every session has to be made again."""
LONGEST_SECONDS = 100
SETTLED_SECONDS = 2.0
FIRST, OTHER = "seoul-1", "seoul-2"


@dataclass(frozen=True)
class Measured:
    """One failure, or its end."""

    failure: str
    seconds: float
    """The longest silence of the flow that was hit worst; of what was cut off on purpose, from its end on."""
    way: str
    """AWS's interface that everything takes afterwards; empty if questions and answers take different ones."""


@dataclass(frozen=True)
class Failure:
    """Something that fails, and what brings it back."""

    name: str
    cut: Callable[[Links], None]
    heal: Callable[[Links], None]
    left: str
    """AWS's interface that everything takes while it lasts."""
    needs: tuple[str, ...] = ()
    """What has failed already."""


def _dark(*pairs: tuple[str, tuple[str, ...]]) -> tuple[Callable[[Links], None], Callable[[Links], None]]:
    def cut(links: Links) -> None:
        for router, ends in pairs:
            links.silence(router, *ends)

    return cut, lambda links: links.heal(*(router for router, _ in pairs))


def _unplugged(count: int) -> tuple[Callable[[Links], None], Callable[[Links], None]]:
    def cut(links: Links) -> None:
        for one in CIRCUITS[:count]:
            links.unplug(one)

    def heal(links: Links) -> None:
        for one in CIRCUITS[:count]:
            links.unplug(one, back=True)

    return cut, heal


CIRCUIT, CIRCUIT_TOLD = "a circuit, silently", "a circuit, unplugged"
ROUTER = "a router with its circuit"
BOTH, BOTH_TOLD = "both circuits, silently", "both circuits, unplugged"
TUNNEL = "a tunnel while both circuits are out"
CONNECTION = "a router while both circuits are out"
SITE = "every link of the site"
ALL = (
    Failure(CIRCUIT, *_dark((FIRST, ("dx1",))), CIRCUITS[1].there),
    Failure(CIRCUIT_TOLD, *_unplugged(1), CIRCUITS[1].there),
    Failure(ROUTER, *_dark((FIRST, ())), CIRCUITS[1].there),
    Failure(BOTH, *_dark((FIRST, ("dx1",)), (OTHER, ("dx1",))), TUNNELS[0].there),
    Failure(BOTH_TOLD, *_unplugged(2), TUNNELS[0].there),
    Failure(TUNNEL, *_dark((FIRST, ("ipsec1",))), TUNNELS[1].there, (BOTH_TOLD,)),
    Failure(CONNECTION, *_dark((FIRST, ())), TUNNELS[2].there, (BOTH_TOLD,)),
)


def measured(links: Links, wanted: tuple[Failure, ...] = ALL) -> list[Measured]:
    """Every failure, and its end."""
    named = {one.name: one for one in ALL}
    found: list[Measured] = []
    for failure in wanted:
        before = [named[name] for name in failure.needs]
        for one in before:
            _done(links, one.name, one.cut, one.left)
        found.append(_done(links, failure.name, failure.cut, failure.left))
        found.append(_done(links, f"{failure.name}: its end", failure.heal, before[-1].left if before else CIRCUITS[0].there))
        for one in reversed(before):
            one.heal(links)
            waited(lambda: _way(links) == CIRCUITS[0].there and links.whole(), LONGEST_SECONDS, "the links are not whole again")
    return found


def cut_off(links: Links) -> Measured:
    """Everything cut for longer than any session lasts: how long until all flows are back once it ends."""
    cut, heal = _dark((FIRST, ("dx1", "ipsec1", "ipsec2")), (OTHER, ("dx1", "ipsec1", "ipsec2")))
    cut(links)
    time.sleep(ABOVE_HOLD_SECONDS)
    return _done(links, f"{SITE}: its end", heal, CIRCUITS[0].there)


def _done(links: Links, name: str, act: Callable[[Links], None], left: str) -> Measured:
    since = time.time()
    act(links)
    waited(lambda: links.back() and _way(links) == left, LONGEST_SECONDS, lambda: f"{name}: not by {left} but {links.ways()}")
    if name.endswith("its end"):
        # What comes back may knock something else over a moment later.
        waited(lambda: links.whole() or left != CIRCUITS[0].there, LONGEST_SECONDS, f"{name}: sessions are missing")
    time.sleep(SETTLED_SECONDS)
    worst = max(links.silences(since).values())
    return Measured(name, round(worst, 2), _way(links))


def _way(links: Links) -> str:
    came, left = links.ways()
    ends = {end for end, _ in came | left}
    return ends.pop() if came == left and len(ends) == 1 else ""
