"""Whole processes, timed as the operating system accounts for them."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAID = 2_000
"""Letters of what a command said that are told if it failed."""


@dataclass(frozen=True)
class Run:
    """One process."""

    seconds: float
    mib: float
    """The most memory that it, or one that it waited for, has held."""


@dataclass(frozen=True)
class Runs:
    """Several runs of one command."""

    all: Sequence[Run]

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(run.seconds for run in self.all)

    @property
    def mib(self) -> float:
        """The median."""
        return statistics.median(run.mib for run in self.all)

    @property
    def spread(self) -> str:
        """The fastest and the slowest."""
        seconds = [run.seconds for run in self.all]
        return f"{min(seconds):.1f}-{max(seconds):.1f}"


def environment() -> dict[str, str]:
    """The environment, with Python's byte code cache: without it a small rehearsal takes twice as long."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def run(command: Sequence[str], folder: Path = ROOT) -> Run:
    """Run a command. Raises SystemExit if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    with process.stderr as pipe:
        said = pipe.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said.decode(errors='replace')[-SAID:]}")
    return Run(time.perf_counter() - started, used.ru_maxrss / 1024)


def in_turn(commands: Sequence[Callable[[], Run]], runs: int) -> list[Runs]:
    """The runs of several commands, one after the other, so that what else the machine does falls on all alike; each once
    more before, for the disk's caches."""
    found: list[list[Run]] = [[] for _ in commands]
    for number in range(runs + 1):
        for command, into in zip(commands, found, strict=True):
            one = command()
            if number:
                into.append(one)
    return [Runs(each) for each in found]


def ratio(ours: Runs, theirs: Runs) -> float:
    """How much longer ours take, pair by pair: the median."""
    return statistics.median(one.seconds / other.seconds for one, other in zip(ours.all, theirs.all, strict=True))
