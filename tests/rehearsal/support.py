"""Rehearsing a program or a stack file from a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from proofs.reachability import prove
from rehearsal.emulator import Emulator
from rehearsal.monitor import Node
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import StackFile, read

ROOT = Path(__file__).parents[2]
REGION = "ap-northeast-2"


class Result(Rehearsal):
    """A rehearsal with its account still open."""

    aws: Emulator
    stack: StackFile

    @property
    def report(self) -> str:
        """Everything wrong, one a line: the message of a failed assertion."""
        return "\n".join([f"{p.urn}: {p.message}" for p in self.problems] + [str(d) for d in self.dangling])

    @property
    def reachability(self) -> list[str]:
        """What the proofs of who reaches whom find, one a line."""
        return [f"{one.proof}: {one.what}" for one in prove(self.aws, self, self.stack).failures]

    def one(self, type_: str, name: str | None = None) -> Node:
        """The only resource of a type, by name if there are several."""
        found = [node for node in self.created(type_) if name in (None, node.name)]
        assert len(found) == 1, f"{len(found)} of {type_} {name or ''}: {[node.name for node in self.created(type_)]}"
        return found[0]


@contextmanager
def rehearsed(program: Callable[[], Any], config: dict[str, Any] | None = None) -> Iterator[Result]:
    """Deploy a function into an emulated account that stays open within the block. `config`: what a stack file would hold."""
    values = {"aws:region": REGION, **(config or {})}
    stack = StackFile("hybridge", "test", {"aws:region": REGION}, (), values)
    with Emulator() as aws:
        yield _result(aws, rehearse(aws, program, stack), stack)


@contextmanager
def rehearsed_stack(path: str | Path) -> Iterator[Result]:
    """Deploy the project as a stack: the path of a stack file, or a stack's name."""
    with Emulator() as aws:
        stack = read(str(path), ROOT)
        yield _result(aws, rehearse(aws, ROOT, stack), stack)


@contextmanager
def rehearsed_stacks(*paths: str | Path) -> Iterator[list[Result]]:
    """Deploy the project as several stacks into one account, in this order; each may read the outputs of those before it."""
    with Emulator() as aws:
        done: dict[str, Rehearsal] = {}
        stacks = [read(str(path), ROOT) for path in paths]
        for stack in stacks:
            done[stack.stack] = rehearse(aws, ROOT, stack, others=done)
        yield [_result(aws, done[stack.stack], stack) for stack in stacks]


def _result(aws: Emulator, done: Rehearsal, stack: StackFile) -> Result:
    result = Result(done.deployment, done.dangling, done.seconds)
    result.aws, result.stack = aws, stack
    return result
