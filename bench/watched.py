"""How long `hybridge watch` takes from an edit to its answer."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from bench.processes import ROOT, environment
from stackfiles import ELSEWHERE

ANSWERED = "everything holds|something is wrong"
WAITING = "waiting for an edit"
NAME = "watched"


def answers(stack: str, runs: int, folder: Path) -> list[float]:
    """The seconds from each of so many edits of a copy of a stack file until all proofs are told anew."""
    file = folder / f"Pulumi.{NAME}.yaml"
    content = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    file.write_text(content, encoding="utf-8")
    command = [sys.executable, "-m", "hybridge", "watch", NAME, "--build", str(folder / "b"), "--report", str(folder / "r")]
    seconds = []
    with subprocess.Popen(
        command, cwd=ROOT, env={**environment(), ELSEWHERE: str(folder)}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            _until(WAITING, process.stdout)
            for number in range(runs + 1):
                started = time.perf_counter()
                file.write_text(f"{content}# edit {number}\n", encoding="utf-8")
                _until(ANSWERED, process.stdout)
                seconds.append(time.perf_counter() - started)
                _until(WAITING, process.stdout)
        finally:
            process.terminate()
    return seconds[1:]


def _until(words: str, said: IO[str]) -> None:
    for line in said:
        if re.search(words, line):
            return
    raise SystemExit("hybridge watch has ended by itself")
