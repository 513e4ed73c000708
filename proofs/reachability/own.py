"""What a team says in `own/statements.py` of who reaches whom: ways that are asked for, and statements of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from proofs.reachability.case import Case, Failure
from proofs.reachability.expected import Expected, Intent
from proofs.reachability.party import Role
from proofs.reachability.statements import Proof
from proofs.reachability.traffic import TrafficSet, tcp, udp
from rehearsal import own
from rehearsal.own import OwnError

__all__ = ["Case", "Failure", "Proof", "Way", "tcp", "udp"]

FILE = "own/statements.py"


@dataclass(frozen=True)
class Way:
    """One thing that is to be possible beside what the stack file asks for."""

    source: str
    """Who: a role (`hosts`, `onPremises`, `loadBalancer`, ...), or the tag Name of network cards or instances of your own, in
    which `*` stands for anything."""
    target: str
    """Whom, in the same words."""
    traffic: TrafficSet
    """With what: `tcp(443)`, `udp(53) | tcp(53)`."""
    why: str
    """What it is for."""
    required: bool = True
    """Whether it has to be possible; false for what may be, and need not."""


def extended(expected: Expected, ways: Iterable[Way]) -> Expected:
    """What a stack file asks for, and these ways."""
    listed = list(ways)
    intents = tuple(_intent(way) for way in listed)
    names = [end for way in listed for end in (way.source, way.target) if end not in get_args(Role)]
    return replace(expected, intents=(*expected.intents, *intents), owned=tuple(dict.fromkeys(names)))


def _intent(way: Way) -> Intent:
    (source, of), (target, key) = _end(way.source), _end(way.target)
    return Intent(source, target, way.traffic, FILE, key, of=of, optional=not way.required, why=way.why)


def _end(who: str) -> tuple[Role, str]:
    if who in get_args(Role):
        role: Role = who  # type: ignore[assignment]
        return role, ""
    return "other", who


def said(root: Path) -> tuple[list[Way], list[Proof]]:
    """The ways and the statements of a project's team. Raises OwnError."""
    module = own.module(root, "statements")
    ways, proofs = list(getattr(module, "WAYS", ())), list(getattr(module, "PROOFS", ()))
    for kind, found in ((Way, ways), (Proof, proofs)):
        if strange := [one for one in found if not isinstance(one, kind)]:
            raise OwnError(f"{FILE}: {strange[0]!r} is no {kind.__name__}; import it from proofs.reachability.own")
    return ways, proofs
