"""Stacks rehearsed into one account, with all that was proved of them: what a report tells."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from proofs import iam, run
from proofs.drills import DrillReport
from rehearsal.emulator import Emulator
from rehearsal.monitor import Node
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import StackFile

Watch = Callable[[StackFile], AbstractContextManager[Callable[[Node], None]]]
"""Opens what shows a person the progress of a stack."""


@dataclass(frozen=True)
class StackEvidence:
    """What is known of one stack."""

    stack: StackFile
    rehearsal: Rehearsal
    proofs: run.StackProofs | None
    """None if the rehearsal failed: what is not there is not proved."""
    documents: Mapping[str, int]
    """Kind of IAM policy document -> how many of it there are."""

    @property
    def good(self) -> bool:
        """Whether all that concerns this stack alone holds."""
        return self.rehearsal.good and self.proofs is not None and self.proofs.good


@dataclass(frozen=True)
class Evidence:
    """What is known of stacks that share an account."""

    stacks: list[StackEvidence]
    drills: DrillReport | None
    """None if a rehearsal failed."""

    @property
    def good(self) -> bool:
        """Whether everything holds."""
        return all(one.good for one in self.stacks) and self.drills is not None and not self.drills.failures

    @property
    def rehearsals(self) -> list[Rehearsal]:
        """The rehearsals, in the order of the stacks."""
        return [one.rehearsal for one in self.stacks]


def collect(aws: Emulator, root: Path, stacks: Sequence[StackFile], watch: Watch) -> Evidence:
    """Rehearse the program in `root` as each stack, one after the other, and prove what was deployed."""
    done: dict[str, Rehearsal] = {}
    found: list[StackEvidence] = []
    drills: DrillReport | None = None
    for stack in stacks:
        with run.watching(stack) as watched, watch(stack) as step:

            def both(node: Node, step: Callable[[Node], None] = step, watched: run.Watched = watched) -> None:
                step(node)
                watched.pack.see(node)

            done[stack.stack] = rehearsal = rehearse(aws, root, stack, others=done, on_progress=both)
            proofs: run.StackProofs | None = None
            if stack is stacks[-1] and all(one.good for one in done.values()):
                proved = watched.begin(aws, rehearsal, stack)
                drills = run.drilled([*done.values()], [*stacks])
                proofs = proved()
            elif rehearsal.good:
                proofs = watched.prove(aws, rehearsal, stack)
        documents = Counter(str(document.kind) for document in iam.documents(rehearsal))
        found.append(StackEvidence(stack, rehearsal, proofs, documents))
    return Evidence(found, drills)
