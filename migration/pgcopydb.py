"""pgcopydb as a process of its own, of which nothing is left when it has ended, however it ended."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from migration.words import Stop

NAME = "pgcopydb"
GROUP = "pgcopydb.group"
"""The file that has the process group of a copy for as long as that runs."""
SECONDS_TO_END = 10


def copy(command: Sequence[str], folder: Path) -> None:
    """Let it copy. Raises Stop with the end of what it said."""
    log = folder / "pgcopydb.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        (folder / GROUP).write_text(str(process.pid))
        try:
            process.wait()
        finally:
            end(folder)
            process.wait()
    if process.returncode:
        said = [line for line in log.read_text(errors="replace").splitlines() if " ERROR " in line or " FATAL " in line]
        # Behind the time, the number of the process and the level.
        why = " ".join(said[-1].split()[3:]) if said else _ended(process.returncode)
        raise Stop(f"pgcopydb: {why}; all of it is in {log}; run this step again")


def end(folder: Path) -> bool:
    """End what a copy has left running; whether there was anything.

    Its workers outlive it when it is killed, and so does all of it when whoever started it is: they hold transactions on both
    servers, which whatever comes next would wait for.
    """
    file = folder / GROUP
    try:
        group = int(file.read_text())
    except (OSError, ValueError):
        return False
    found = _alive(group)
    for how in (signal.SIGTERM, signal.SIGKILL):
        if _alive(group):
            with suppress(ProcessLookupError):
                os.killpg(group, how)
            until = time.monotonic() + SECONDS_TO_END
            while _alive(group) and time.monotonic() < until:
                time.sleep(0.05)
    file.unlink(missing_ok=True)
    return found


def _alive(group: int) -> bool:
    """Whether a process of pgcopydb is in the group: its number may be another's by now."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            head, _, tail = stat.read_text(errors="replace").rpartition(")")
            state, _, of, *_ = tail.split()
            if int(of) == group and state != "Z" and head.partition("(")[2].startswith(NAME):
                return True
    return False


def _ended(code: int) -> str:
    return f"it was ended by {signal.Signals(-code).name}" if code < 0 else f"it ended with {code}, and gave no reason"
