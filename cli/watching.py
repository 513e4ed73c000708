"""Answering each edit at once: a process that has read everything slow forks for each answer, and so none has to read it again.

What people edit (components, `own/`, the program) is never read by the process that forks: each answer reads it as it is.
"""

import importlib
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from rich.console import Console

from cli.answering import Question, answer
from rehearsal.usage import INTERRUPTED
from stackfiles import ELSEWHERE

PATTERNS = ("Pulumi*.yaml", "__main__.py", "components/**/*.py", "policies/**/*.py", "own/**/*.py", "own/**/*.yaml")
"""What is waited for, below the folder of the program."""
PAUSE = 0.2
"""Seconds between two looks at the files. Looking at all takes a few milliseconds; an editor may replace what it saves."""
KEPT = ("rehearsal", "stackfiles")
"""Packages of this project that know nothing of what people edit."""

State = Mapping[str, tuple[int, int]]
_FORK = multiprocessing.get_context("fork")


def files(root: Path) -> State:
    """The files that are waited for, each with what tells whether it is as it was."""
    found: dict[str, tuple[int, int]] = {}
    elsewhere = root / os.environ[ELSEWHERE] if os.environ.get(ELSEWHERE) else None
    paths = [path for pattern in PATTERNS for path in root.glob(pattern)]
    for path in (*paths, *(elsewhere.glob("Pulumi.*.yaml") if elsewhere else ())):
        with suppress(FileNotFoundError):  # it may go between two looks
            seen = path.stat()
            found[os.path.relpath(path, root)] = (seen.st_mtime_ns, seen.st_size)
    return found


def changed(before: State, after: State) -> list[str]:
    """The names of files that are not as they were, or gone."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


@dataclass
class Asked:
    """An answer that is being made, or was made and serves its account."""

    process: Any
    told: Connection
    keep: Path

    def end(self) -> None:
        """End its process."""
        self.process.terminate()
        self.process.join()
        self.told.close()


@dataclass
class Watching:
    """Stacks that are watched."""

    console: Console
    names: list[str]
    root: Path
    build: Path
    page: Path
    listener: socket.socket | None
    """Where the account of the last answer that held is served."""
    green: Path | None = None
    holding: Asked | None = None
    answers: int = 0
    _scratch: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)

    def run(self) -> int:
        """Answer, and answer each edit anew, until interrupted."""
        asking: Asked | None = None
        try:
            seen, asking = files(self.root), self._ask([])
            while True:
                now = files(self.root)
                if now != seen:
                    settled = self._settled(now)
                    if asking:
                        asking.end()
                    asking, seen = self._ask(changed(seen, settled)), settled
                elif asking and asking.told.poll(PAUSE):
                    self._take(asking)
                    asking = None
                else:
                    time.sleep(0 if asking else PAUSE)
        except KeyboardInterrupt:
            self.console.print("\nstopped; nothing is left running", highlight=False)
            return INTERRUPTED
        finally:
            for one in (asking, self.holding):
                if one:
                    one.end()
            self._scratch.cleanup()

    def _settled(self, now: State) -> State:
        """The files once nobody is writing them."""
        while True:
            time.sleep(PAUSE)
            later = files(self.root)
            if later == now:
                return now
            now = later

    def _ask(self, edited: list[str]) -> Asked:
        self.answers += 1
        keep = Path(self._scratch.name) / str(self.answers)
        question = Question(self.names, self.root, self.build, self.page, self.green, keep, edited)
        told, tell = _FORK.Pipe(duplex=False)
        process = _FORK.Process(target=_answer, args=(self.console, question, tell, self.listener))
        process.start()
        tell.close()
        return Asked(process, told, keep)

    def _take(self, asked: Asked) -> None:
        """Take an answer: what it needed is read now for the next one, and what held is held against that."""
        try:
            good, needed, called = asked.told.recv()
        except EOFError:
            good, needed, called = False, [], []
            self.console.print("[red]the answer did not come to its end[/]; the next edit is answered again", highlight=False)
        if good:
            self.green = asked.keep
        if good and self.listener:
            if self.holding:
                self.holding.end()
            self.holding = asked
        else:
            asked.process.join()
            asked.told.close()
        if self.listener and self.holding:
            url = "http://{}:{}".format(*self.listener.getsockname())
            which = "this account" if good else "the account of when everything held"
            self.console.print(f"[dim]{which} answers on {url}[/]", highlight=False)
        self.console.print("[dim]waiting for an edit; Ctrl-C ends[/]", highlight=False)
        warm(needed)
        if called:
            from rehearsal.emulator import read_models  # noqa: PLC0415 - the answer needed it, and so it has been read

            read_models(called)


def warm(modules: Iterable[str]) -> None:
    """Read what an answer needed, so that the next one has it."""
    for name in modules:
        with suppress(Exception):  # what cannot be read here is read by the answer
            # The modules of Pulumi's packages are read when somebody looks into them.
            getattr(importlib.import_module(name), "__all__", None)


def unedited(root: Path) -> Iterator[str]:
    """The modules of this process that no edit changes: libraries, and what here knows nothing of components."""
    installed = Path(os.__file__).parent, Path(sys.prefix)
    for name, module in [*sys.modules.items()]:
        path, spec = getattr(module, "__file__", None), getattr(module, "__spec__", None)
        if not path or spec is None or spec.name != name or name == "__main__" or type(module) is not ModuleType:
            continue
        package = name.split(".")[0]
        library = any(Path(path).is_relative_to(one) for one in installed)
        if package in KEPT or (library and not Path(path).is_relative_to(root / "own")):
            yield name


def _answer(console: Console, question: Question, tell: Connection, listener: socket.socket | None) -> None:
    """In a process of its own: answer, tell how it went, and go on serving the account if asked to."""
    watching = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the process that watches; it ends this one
    from rehearsal.emulator import Emulator  # noqa: PLC0415 - takes long, and is read once an answer needed it

    with Emulator() as aws:
        good = answer(console, question, aws)
        tell.send((good, [*unedited(question.root)], aws.services))
        if good and listener:
            from rehearsal.serve import load_everything  # noqa: PLC0415
            from rehearsal.server import Server  # noqa: PLC0415

            load_everything()
            with Server(listener.getsockname()[1], descriptor=listener.fileno()):
                while os.getppid() == watching:  # whatever ends the process that watches, nothing is left running
                    time.sleep(PAUSE)
    sys.stdout.flush()
    os._exit(0)
