"""An edit rehearsed on what stands: what comes of it."""

import functools
import re
from dataclasses import dataclass

from proofs import run as proving
from proofs.edits import drilled, told
from rehearsal.diff import Change, Diff, compare, standing
from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import read
from tests.edits.table import Edit, Outcome
from tests.rehearsal.support import ROOT

BESIDE = {"dr": "prod"}
"""Stack -> the one that is deployed before it into the same account."""
REVISED = "aws:ecs/taskDefinition:TaskDefinition"
"""Never changed: what is new of it is a further revision, which a service takes in place."""

FRAME = re.compile(r"^Pulumi\.\S+ has \d+ mistakes?; nothing was created\. | Correct Pulumi\.\S+ and run again; .*$")
"""What the settings say around every mistake."""


@dataclass(frozen=True)
class Observed:
    """What comes of an edit."""

    outcome: Outcome
    of: tuple[str, ...] = ()
    """`Type name` of what is made anew, is refused or clashes; empty where no resource tells it."""
    words: str = ""
    """Why it is refused, or clashes."""
    people: tuple[tuple[str, str], ...] = ()
    """What people notice while it is carried out, the worst first: how they fare, and the sentence."""
    fails: tuple[str, ...] = ()
    """The proofs that do not hold afterwards."""
    changes: int = 0
    """How many resources something happens to at AWS."""


@dataclass(frozen=True)
class Deployed:
    """A stack, and what stands beside it in its account, which is closed."""

    all: list[Rehearsal]
    fails: tuple[str, ...] = ()

    @property
    def one(self) -> Rehearsal:
        """The stack itself."""
        return self.all[-1]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with any of them."""
        return all(one.good for one in self.all)


@functools.lru_cache(maxsize=6)
def stands(name: str) -> Deployed:
    """What stands, deployed once for all the edits of it."""
    found = deployed(name)
    assert found.good, [problem.message for problem in found.one.problems]
    return found


def deployed(name: str, before: Rehearsal | None = None, *, proved: bool = False) -> Deployed:
    """Deploy a stack into an account of its own, as an update of what stands if that is given."""
    stack = read(name, ROOT)
    beside = [read(BESIDE[stack.stack], ROOT)] if stack.stack in BESIDE else []
    with Emulator() as aws, proving.watching(stack) as watched:
        done = {one.stack: rehearse(aws, ROOT, one) for one in beside}
        done[stack.stack] = rehearse(aws, ROOT, stack, others=done, standing=before, on_progress=watched.pack.see)
        found = [*done.values()]
        if not (proved and Deployed(found).good):
            return Deployed(found)
        failed = {proof for proof, _, _ in watched.prove(aws, found[-1], stack).failed()}
        drills = proving.drilled(found, [*beside, stack]).failures
    return Deployed(found, (*sorted(failed), *sorted({f"drill: {one.failure.kind}" for one in drills})))


def observe(edit: Edit) -> Observed:
    """Rehearse an edit on what stands."""
    before = stands(edit.stack)
    after, refused = deployed(edit.after, before.one, proved=True), ""
    if not after.good and after.one.stopped:
        # Would it be made as it is? Then what stands is in its way.
        refused, after = after.one.stopped, deployed(edit.after, proved=True)
    if not after.good:
        # What follows from the first problem says less.
        return Observed("refused", words=FRAME.sub("", " ".join(after.one.problems[0].message.split())))
    diff = compare(standing(before.one), standing(after.one), refused)
    outcome, found, words = _outcome(diff)
    people = tuple(told(drilled(diff, before.all, after.all)))
    changes = sum(change.in_aws for change in diff.changes)
    return Observed(outcome, tuple(map(_called, found)), " ".join(words.split()), people, after.fails, changes)


def _outcome(diff: Diff) -> tuple[Outcome, list[Change], str]:
    """The worst of it, and why: of several reasons the first."""
    refused = [change for change in diff.changes if change.refused]
    clashing = [change for change in diff.changes if change.clash]
    anew = [change for change in diff.changes if change.replaces and change.type != REVISED]
    if refused or diff.refused:
        return "refused", refused, diff.refused or refused[0].refused
    if clashing:
        return "clash", clashing, clashing[0].clash
    return ("made anew", anew, "") if anew else ("in place", [], "")


def _called(change: Change) -> str:
    return f"{change.type.rsplit(':', 1)[-1]} {change.name}"
