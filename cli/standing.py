"""Stacks that the real engine brought up: what it did is shown as it happens, and what stands then is proved."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from engine import screen
from engine.run import Engine
from engine.steps import Outcome
from proofs import run as proving
from proofs import screen as proofs_screen
from rehearsal import documents
from rehearsal import screen as rehearsal_screen
from rehearsal.stackfile import StackFile


@dataclass
class Way:
    """One command on one folder of states."""

    console: Console
    root: Path
    """The folder of the program."""
    build: Path
    """Where the states are kept."""
    stacks: list[StackFile]

    def carried_out(self, operation: str, work: Callable[["Way"], bool], port: int | None) -> bool:
        """Do the work in the account of what stands; with a port, serve it then. Returns whether nothing is wrong."""
        with screen.Live(self.console) as self.live:
            self.live.begin("recalling", "what stands")
            with Engine(self.root, self.build, self.live.step) as self.engine:
                good = work(self)
                self.live.bar.stop()
                if port is not None:
                    self.engine.serve(self.console, port, self.stacks[0].region)
        return good

    def up(self, *, policies: bool, proofs: bool, pairs: bool) -> bool:
        """Bring each stack up, then prove everything that stands."""
        pack = self.root / "policies" if policies else None
        if not self._each("up", lambda stack: self.engine.up(stack, policies=pack)):
            return False
        good = not proofs or self._proved(pairs)
        held = "everything holds" if proofs else "brought up; nothing was proved"
        self.console.print(f"[green]{held}[/]" if good else "[red]something is wrong: see above[/]", highlight=False)
        return good

    def preview(self, *, policies: bool) -> bool:
        """Show what would be done to each stack."""
        pack = self.root / "policies" if policies else None
        return self._each("preview", lambda stack: self.engine.preview(stack, policies=pack))

    def refresh(self, port: int | None) -> bool:
        """Compare each stack with the account; with a port, serve it first, so that somebody may change it."""
        if port is not None:
            self.live.bar.stop()
            self.engine.serve(self.console, port, self.stacks[0].region)
        return self._each("refresh", self.engine.refresh)

    def destroy(self) -> bool:
        """Delete each stack, the last named first."""
        self.stacks.reverse()
        return self._each("destroy", self.engine.destroy)

    def _each(self, operation: str, command: Callable[[StackFile], Outcome]) -> bool:
        for stack in self.stacks:
            self.live.begin(operation, stack.called)
            outcome = command(stack)
            screen.show(self.console, outcome)
            if not outcome.good:
                return False
        return True

    def _proved(self, pairs: bool) -> bool:
        """Prove everything that stands: what one stack does to another shows there."""
        standing = self.engine.standing
        done = self.engine.rehearsals()
        proofs: list[proving.StackProofs] = []
        for name, rehearsal in done.items():
            started = time.perf_counter()
            rehearsal_screen.show_wrong(self.console, rehearsal)
            with proving.watching(standing[name]) as watched:
                proofs.append(watched.prove(self.engine.account.aws, rehearsal, standing[name]))
            proofs_screen.show(self.console, proofs[-1], watched.seconds)
            documents.write(rehearsal, time.perf_counter() - started, self.build)
        drills = proving.drilled(list(done.values()), list(standing.values()), pairs=pairs)
        proving.write(proofs, drills, self.build)
        proofs_screen.show_all_drills(self.console, drills)
        return all(one.good for one in proofs) and not drills.failures and all(one.good for one in done.values())
