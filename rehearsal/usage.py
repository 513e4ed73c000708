"""What the commands have in common with people: a mistake in how they are called is told in one line, and Ctrl-C stops them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from rehearsal.own import OwnError
from rehearsal.stackfile import StackFile, StackFileError, read

INTERRUPTED = 130
"""The exit code of shells for a program that Ctrl-C stopped."""


class UsageError(Exception):
    """A command that cannot be done as it was called; the text says what to do."""


def guarded(console: Console, command: Callable[[], int]) -> int:
    """Run a command; returns its exit code, 1 when it was called wrongly."""
    try:
        return command()
    except (StackFileError, OwnError, UsageError) as error:
        console.print(f"[red]error[/] {escape(str(error))}", highlight=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nstopped; nothing is left running", highlight=False)
        return INTERRUPTED


def stacks_of(names: Sequence[str], directory: Path) -> list[StackFile]:
    """The stacks of these names. Raises StackFileError and UsageError."""
    stacks: list[StackFile] = []
    for name in names:
        stacks.append(read(name, directory, stacks))
    if len({stack.stack for stack in stacks}) < len(stacks):
        raise UsageError(f"stacks {' '.join(names)}: each stack can be named once")
    return stacks


def writable(folder: Path) -> Path:
    """The folder, made if it is not there, before anybody waits for what is to be written into it. Raises UsageError."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"--build {folder}: {error.strerror}; name a folder that can be written to") from error
    return folder
