"""An edit, rehearsed on what already stands."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from cli.deploying import Way, deploy
from rehearsal.diff import Diff, compare, standing
from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal
from rehearsal.stackfile import StackFile


@dataclass(frozen=True)
class Update:
    """What is to be compared."""

    root: Path
    """The folder of the program."""
    build: Path
    stacks: list[StackFile]
    """Deployed first, before each of the two."""
    before: StackFile
    after: StackFile


@dataclass(frozen=True)
class Updated:
    """What was found, and what was deployed, in the order of the stacks; the accounts are closed."""

    diff: Diff
    before: list[Rehearsal]
    after: list[Rehearsal]


def updated(console: Console, update: Update) -> Updated | None:
    """Deploy the one and the other, as an update of it, and compare them. None where one is wrong, which is told."""
    old = _deployed(console, update, "before")
    if not _good(old):
        _not_compared(console, update.before)
        return None
    stands = old[-1]
    new, refused = _deployed(console, update, "after", stands), ""
    if not _good(new) and new[-1].stopped:
        # Would it be made as it is? Then what stands is in its way.
        refused, new = new[-1].stopped, _deployed(console, update, "after")
    if not _good(new):
        _not_compared(console, update.after)
        return None
    return Updated(compare(standing(stands), standing(new[-1]), refused), old, new)


def _deployed(console: Console, update: Update, folder: str, stands: Rehearsal | None = None) -> list[Rehearsal]:
    stack = getattr(update, folder)
    with Emulator() as aws:
        way = Way(update.root, update.build / folder)
        return [*deploy(console, aws, [*update.stacks, stack], way, standing=stands).values()]


def _good(rehearsals: list[Rehearsal]) -> bool:
    return all(one.good for one in rehearsals)


def _not_compared(console: Console, stack: StackFile) -> None:
    console.print(f"[red]not compared[/]: {stack.called} is wrong, see above", highlight=False)
