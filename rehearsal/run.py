"""Running a Pulumi program, unmodified, against an emulated account."""

import asyncio
import gc
import os
import runpy
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, settings
from pulumi.runtime.stack import run_pulumi_func

from rehearsal import outside, own, sdk, wire
from rehearsal.checks import Dangling, dangling_references
from rehearsal.emulator import Emulator
from rehearsal.monitor import Deployment, Monitor, Node, Problem
from rehearsal.stackfile import StackFile
from rehearsal.table import TABLE
from stackfiles import sharing

Progress = Callable[[Node], None]
PROGRAM = "program"
"""What a problem is with that stopped the program itself."""


@dataclass
class Rehearsal:
    """One rehearsed stack."""

    deployment: Deployment
    dangling: list[Dangling]
    seconds: dict[str, float] = field(default_factory=dict)
    """`program` and `checks`."""

    @property
    def nodes(self) -> list[Node]:
        """Every resource, sorted by URN."""
        return [self.deployment.nodes[urn] for urn in sorted(self.deployment.nodes)]

    @property
    def problems(self) -> list[Problem]:
        """Everything wrong, in the order in which it happened."""
        return self.deployment.problems

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets unwrapped."""
        return {key: wire.unwrap(value) for key, value in self.deployment.outputs.items()}

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and not self.dangling

    @property
    def stopped(self) -> str:
        """What the program said when it stopped; empty if it came to its end."""
        return next((problem.message for problem in self.problems if problem.urn == PROGRAM), "")

    @property
    def unknown(self) -> dict[str, list[str]]:
        """The types without a row, and the names of their resources: they are in the graph, and nothing was made of them."""
        found: dict[str, list[str]] = {}
        for node in self.nodes:
            if node.fidelity == "unknown":
                found.setdefault(node.type, []).append(node.name)
        return found

    @property
    def ignored(self) -> dict[str, tuple[str, ...]]:
        """The inputs whose changes the program ignores, by URN."""
        return {node.urn: node.ignore_changes for node in self.nodes if node.ignore_changes}

    def created(self, type_: str) -> list[Node]:
        """The resources of a type, sorted by URN."""
        return [node for node in self.nodes if node.type == type_]


class _Inline(asyncio.SelectorEventLoop):
    """Runs what the SDK hands to threads at once and in the caller's thread: the order of creation repeats, and moto is not
    meant for several threads. Nor does it wake itself for each, which takes a system call."""

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        future = self.create_future()
        try:
            result = func(*args)
        except BaseException as error:
            self.call_soon(_tell, future.set_exception, error)
        else:
            self.call_soon(_tell, future.set_result, result)
        return future


def _tell(set_: Callable[[Any], None], value: Any) -> None:
    with suppress(asyncio.InvalidStateError):  # cancelled in the meantime
        set_(value)


def rehearse(
    aws: Emulator,
    program: Callable[[], Any] | Path,
    stack: StackFile,
    *,
    others: "dict[str, Rehearsal] | None" = None,
    on_progress: Progress = lambda node: None,
    standing: "Rehearsal | None" = None,
) -> Rehearsal:
    """Deploy `program` (a function, or the folder that holds `__main__.py`) as `stack` into the emulated account.

    `others` are the stacks rehearsed into the same account before, which stack references read. `standing` is what stands of
    this stack, of which an update leaves what it is told to ignore. A program that fails is a problem of the result, not an
    exception.
    """
    started = time.perf_counter()
    deployment = Deployment(stack.project, stack.stack, stack.region)
    known = {name: other.deployment.outputs for name, other in (others or {}).items()}
    monitor = Monitor(
        aws,
        TABLE if callable(program) else own.table(program, TABLE),
        deployment,
        stacks=known,
        after_create=lambda emulator, node: outside.after_create(emulator, node, stack),
        on_progress=on_progress,
        standing=standing.deployment.nodes if standing else {},
    )
    problem = None
    with _event_loop() as loop, sdk.without_stack_traces():
        pulumi.runtime.set_all_config(dict(stack.config), list(stack.secret_keys))
        settings.ROOT.set(None)  # else the exports of the program before this one would be this one's too
        mocks.set_mocks(monitor.mocks, project=stack.project, stack=stack.stack, preview=False, monitor=monitor)
        settings.SETTINGS.rpc_manager.clear()
        settings.SETTINGS.outputs.clear()

        def run() -> None:
            if callable(program):
                program()
            else:
                with folder_of(program):
                    runpy.run_path(str(program / "__main__.py"), run_name="__main__")
            root = settings.get_root_resource()
            assert root is not None
            root.register_outputs(root.outputs)  # type: ignore[attr-defined]

        try:
            if stack.region:
                outside.before(aws, stack)
            with sharing.known({stack.primary.stack: stack.primary.given} if stack.primary else {}):
                loop.run_until_complete(run_pulumi_func(run))
        except pulumi.RunError as error:
            problem = str(error)
        except Exception as error:
            if os.environ.get("HYBRIDGE_DEBUG"):
                raise
            problem = f"the program stopped: {type(error).__name__}: {error}; HYBRIDGE_DEBUG=1 shows where"
    # Without the outputs of another stack whatever the program says is about their absence.
    if problem and not monitor.incomplete:
        deployment.problems.append(Problem(PROGRAM, problem))
    if not problem:
        # What a program that checks its config tells better, and one that does not would learn from the CLI alone.
        deployment.problems += [Problem(f"Pulumi.{stack.stack}.yaml", refused) for refused in stack.refused]
    ran = time.perf_counter()
    dangling = dangling_references(aws, deployment, [other.deployment for other in (others or {}).values()])
    done = time.perf_counter()
    return Rehearsal(deployment, dangling, {"program": ran - started, "checks": done - ran})


@contextmanager
def _event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop of its own, so that one program leaves nothing to the next; a collector that is not run between thousands of
    live objects."""
    loop = _Inline()
    asyncio.set_event_loop(loop)
    threshold = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(max(100_000, threshold[0]), 50, 50)
    try:
        yield loop
    finally:
        # What a program that failed leaves behind; else each would be complained about when it is collected.
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        gc.freeze()  # what is still alive will be for long: no later collection needs to look at it
        gc.set_threshold(*threshold)
        loop.close()


@contextmanager
def folder_of(directory: Path) -> Iterator[None]:
    """The program's folder as the Pulumi CLI would give it: the working directory, first on the import path."""
    before, path = Path.cwd(), list(sys.path)
    os.chdir(directory)
    sys.path.insert(0, str(directory.resolve()))
    try:
        yield
    finally:
        os.chdir(before)
        sys.path[:] = path
