"""Stacks brought up, previewed, refreshed, destroyed by the real Pulumi engine, in an account that their state keeps."""

import contextlib
import fcntl
import functools
import gc
import logging
import os
import runpy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi import automation
from pulumi.automation._stack import StackInitMode
from rich.console import Console

from engine import home, state
from engine.account import Account, ordered
from engine.graph import rehearsals_of
from engine.provider import served
from engine.steps import Outcome, Watch
from rehearsal import own, sdk, stackfile
from rehearsal.run import Rehearsal, folder_of
from rehearsal.serve import serve
from rehearsal.stackfile import StackFile
from rehearsal.table import TABLE
from rehearsal.usage import UsageError
from stackfiles import document

Progress = Callable[[str], None]
"""Told the name of each resource as it is worked on."""


class _Stack(automation.Stack):
    """What stands is read from the state, once: not by three more commands after each."""

    def outputs(self) -> Any:
        """Not asked for."""
        return {}

    def info(self, show_secrets: bool = True) -> Any:
        """Not asked for."""
        return automation.UpdateSummary("update", None, "", {}, {}, "succeeded")  # type: ignore[arg-type]


@dataclass
class Engine:
    """The real engine over one folder: the states of its stacks and their account. Use it as a context manager.

    Raises UsageError where another command is at work in the folder.
    """

    root: Path
    """The project: Pulumi.yaml and __main__.py."""
    folder: Path
    """Where the states are kept, and everything else that the CLI writes."""
    on_step: Progress = lambda name: None
    states: dict[str, list[state.Resource]] = field(default_factory=dict)
    """What stands, by stack."""

    def __enter__(self) -> "Engine":
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._alone())
            home.prepare(self.folder / "home")
            self.work.mkdir(parents=True, exist_ok=True)
            (self.folder / "state").mkdir(exist_ok=True)
            own_types = frozenset(one.type for one in own.unknown(self.root))
            self.account = stack.enter_context(Account(table=own.table(self.root, TABLE), allowed=own_types))
            self.ports = stack.enter_context(served(self.account))
            self._recall()
            self._exits = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    @property
    def work(self) -> Path:
        """Where the CLI runs: a project file, and a copy of each stack's values."""
        return self.folder.resolve() / "work"

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Two commands in one folder would each change an account of their own."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UsageError(f"{self.folder}: another command is at work here; wait for it, or end it") from error
            yield

    def _recall(self) -> None:
        """Replay what stands."""
        kept = self.folder / "state" / ".pulumi" / "stacks" / self._project
        for file in sorted(kept.glob("*.json")):
            name = file.stem
            self.states[name] = self._exported(name)
            if any(resource.made for resource in self.states[name]):
                self.account.adopt(stackfile.read(str(self.work / f"Pulumi.{name}.yaml"), self.root))
        wrong = self.account.replay(self.states, self.on_step)
        if wrong:
            raise UsageError(
                f"{self.folder}: what stands cannot be made again; remove the folder to begin anew, or go back to the version "
                f"of Hybridge that made it:\n  " + "\n  ".join(wrong)
            )

    @functools.cached_property
    def _project(self) -> str:
        return str(document(self.root / "Pulumi.yaml")["name"])

    # The four commands.

    def up(self, stack: StackFile, *, policies: Path | None = None) -> Outcome:
        """Bring a stack to what its file says; previewed first, so that what a preview refuses changes nothing."""
        outcome = self.preview(stack, policies=policies)
        if not outcome.good:
            return outcome
        return self._run("up", stack, lambda run, options: run.up(**options), policies=policies)

    def preview(self, stack: StackFile, *, policies: Path | None = None) -> Outcome:
        """What `up` would do."""
        return self._run("preview", stack, lambda run, options: run.preview(**options), policies=policies, previewed=True)

    def refresh(self, stack: StackFile) -> Outcome:
        """Compare what stands with the account, and keep what differs."""
        return self._run("refresh", stack, lambda run, options: run.refresh(**options))

    def destroy(self, stack: StackFile) -> Outcome:
        """Delete what stands: previewed first, so that what is protected stops it before anything is deleted."""
        outcome = self._run("destroy", stack, lambda run, options: run.preview_destroy(**options), previewed=True)
        if not outcome.good:
            return outcome
        return self._run("destroy", stack, lambda run, options: run.destroy(**options))

    @property
    def standing(self) -> dict[str, StackFile]:
        """The stacks of which anything stands, each after those whose outputs it reads."""
        names = ordered(self.states)
        return {name: self.account.files[name] for name in names if any(one.made for one in self.states[name])}

    def rehearsals(self) -> dict[str, Rehearsal]:
        """What stands, as the rehearsal would leave it: for proofs and documents."""
        return rehearsals_of(self.account, {name: self.states[name] for name in self.standing})

    def serve(self, console: Console, port: int, region: str) -> None:
        """Answer on 127.0.0.1:`port` until interrupted."""
        serve(console, port, region)

    # How.

    def _run(
        self,
        operation: str,
        stack: StackFile,
        command: Callable[[_Stack, dict[str, Any]], Any],
        policies: Path | None = None,
        previewed: bool = False,
    ) -> Outcome:
        started = time.perf_counter()
        self.account.left.clear()
        self.account.untold.clear()
        selected = self._select(stack)
        self.account.adopt(stack)
        watch = Watch(self.on_step)
        options: dict[str, Any] = {"on_event": watch.see, "color": "never", "suppress_outputs": True}
        if policies:
            options["policy_packs"] = [str(home.policy_pack(self.folder.resolve() / "home", policies, stack))]
        failed = ""
        try:
            with sdk.without_stack_traces(), _without_shutdown_noise(), _quiet_collector():
                command(selected, options)
        except automation.CommandError as error:
            failed = str(error)
        outcome = watch.outcome(operation, stack.stack, failed, previewed)
        if not previewed:
            self.states[stack.stack] = self._exported(stack.stack)
            outcome.rebuilt = dict(self.account.left)
            outcome.untold = dict(self.account.untold)
            if self.account.left:
                outcome.problems += self.account.rebuild(self.states)
        outcome.seconds = time.perf_counter() - started
        return outcome

    def _select(self, stack: StackFile) -> _Stack:
        """The stack in the private backend, with the values it is to have now."""
        workspace = self.workspace
        workspace.program = functools.partial(_program, self.root, stack)
        # The Automation API cannot read a stack file in which true or a number stands alone.
        file = self.work / f"Pulumi.{stack.stack}.yaml"
        kept = yaml.safe_load(file.read_text(encoding="utf-8")) if file.is_file() else {}
        file.write_text(yaml.safe_dump({**kept, "config": dict(stack.values)}, allow_unicode=True), encoding="utf-8")
        mode = StackInitMode.SELECT if stack.stack in self.states else StackInitMode.CREATE
        found = _Stack(stack.stack, workspace, mode)
        self.states.setdefault(stack.stack, [])
        return found

    @functools.cached_property
    def workspace(self) -> automation.LocalWorkspace:
        """Where the CLI is run."""
        folder = self.folder.resolve()
        return automation.LocalWorkspace(
            work_dir=str(self.work),
            pulumi_home=str(folder / "home"),
            env_vars=home.environment(folder / "home", folder / "state", self.ports),
            project_settings=automation.ProjectSettings(name=self._project, runtime="python"),
            secrets_provider="passphrase",
        )

    def _exported(self, name: str) -> list[state.Resource]:
        return state.resources(self.workspace.export_stack(name).deployment or {})


@contextlib.contextmanager
def _without_shutdown_noise() -> Iterator[None]:
    """When a step fails, the engine goes away while the program still registers resources: gRPC logs that with stack traces, in
    front of the error that says what failed."""
    logger = logging.getLogger("grpc._server")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


@contextlib.contextmanager
def _quiet_collector() -> Iterator[None]:
    """A collector that is not run between thousands of live objects."""
    threshold = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(max(100_000, threshold[0]), 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        gc.unfreeze()


def _program(root: Path, stack: StackFile) -> None:
    """Run the unmodified `__main__.py`, as the CLI's language host does."""
    # The CLI hands the values over; which of them are secret in the stack file it cannot tell, for they are placeholders there.
    pulumi.runtime.set_all_config(dict(pulumi.runtime.config.CONFIG.get()), list(stack.secret_keys))
    try:
        with folder_of(root):
            runpy.run_path(str(root / "__main__.py"), run_name="__main__")
    except pulumi.RunError:
        raise
    except Exception as error:
        if os.environ.get("HYBRIDGE_DEBUG"):
            raise
        raise pulumi.RunError(f"the program stopped: {type(error).__name__}: {error}; HYBRIDGE_DEBUG=1 shows where") from error
