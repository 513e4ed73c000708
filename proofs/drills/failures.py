"""Every single failure: each part that can fail, with all that stands in it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from proofs.drills import kinds
from proofs.drills.model import Model, Part


@dataclass(frozen=True)
class Failure:
    """Something that dies."""

    kind: str
    """One of `kinds.FAILURES`; `pair` for two at once."""
    subject: str
    """Which one."""
    dead: frozenset[str]
    """Ids of all parts that die with it."""

    @property
    def name(self) -> str:
        """Kind and subject."""
        return f"{self.kind} {self.subject}".rstrip()


def failures(model: Model) -> list[Failure]:
    """One failure for each part; of those that are alike, one for all."""
    held = _held(model)
    found = [_failure(part, held) for part in model.parts.values() if part.fails and not part.twin_of]
    return sorted(found, key=lambda failure: (kinds.FAILURES.index(failure.kind), failure.subject))


def pairs(model: Model) -> Iterator[tuple[Failure, Failure]]:
    """Any two at once, also of two that are alike; but not a part and what it stands in, which is the latter alone."""
    held = _held(model)
    for first, second in combinations(failures(model), 2):
        if not (first.dead <= second.dead or second.dead <= first.dead):
            yield first, second
    for part in model.parts.values():
        if part.twin_of:
            yield _failure(model.parts[part.twin_of], held), _failure(part, held)


def _failure(part: Part, held: dict[str, list[str]]) -> Failure:
    dead, open_ = {part.id}, [part.id]
    while open_:
        new = [each for each in held[open_.pop()] if each not in dead]
        dead.update(new)
        open_ += new
    subject = f"{part.name} (any of {part.alike})".lstrip() if part.alike > 1 else part.name
    return Failure(part.kind, subject, frozenset(dead))


def _held(model: Model) -> dict[str, list[str]]:
    """Part -> those that stand directly in it."""
    held: dict[str, list[str]] = defaultdict(list)
    for part in model.parts.values():
        for outer in part.within:
            held[outer].append(part.id)
    return held
