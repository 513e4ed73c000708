"""Stacks as a command takes them: every file read, every setting parsed, each pair compared, before anything is deployed."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from rehearsal import own
from rehearsal.lines import say
from rehearsal.stackfile import StackFile, read
from rehearsal.usage import UsageError, stacks_of

if TYPE_CHECKING:
    from components.settings import Settings


def checked(
    console: Console, names: Sequence[str], root: Path, also: Iterable[str] = ()
) -> tuple[list[StackFile], list[StackFile]]:
    """The stacks of these names, and those of `also`, each of which is deployed after the former and apart from one another.

    Raises StackFileError, OwnError and UsageError with whatever is wrong with any of them.
    """
    own.unknown(root)
    stacks = stacks_of(names, root)
    after = [read(name, root, stacks) for name in also]
    for note in _check(stacks, after):
        say(console, f"note: {note}", hanging=2, style="yellow")
    from proofs.own import accepted  # noqa: PLC0415 - with all that proves, which is heavy: last

    accepted(root)
    return stacks, after


def _check(stacks: Sequence[StackFile], after: Sequence[StackFile]) -> list[str]:
    # Pulumi's SDK takes a second to import: nobody waits for that to read a usage error.
    from components import settings  # noqa: PLC0415
    from components.pair import differences, impossible  # noqa: PLC0415
    from components.settings.errors import entries  # noqa: PLC0415
    from proofs.settings_of import is_hybridge, settings_of  # noqa: PLC0415

    wrong: list[str] = []
    notes: list[str] = []
    parsed: dict[str, Settings] = {}
    failed: set[str] = set()
    named = {stack.stack for stack in stacks}
    for number, stack in enumerate([*stacks, *after]):
        if not is_hybridge(stack):
            continue
        try:
            parsed[stack.called] = found = settings_of(stack)
        except settings.SettingsError as error:
            # What was taken from a file that is wrong itself has been told of that one.
            told = stack.primary is not None and stack.primary.called in failed
            failed.add(stack.called)
            if not (told and all(_taken(mistake.key, stack) for mistake in error.mistakes)):
                wrong.append(str(error))
            continue
        before = {one.stack for one in stacks[:number]}
        if found.role == "secondary" and not found.disaster_recovery.primary_outputs:
            wrong += _unordered(stack, found, before, named)
        if stack.primary is None:
            continue
        try:
            theirs = parsed.get(stack.primary.called) or settings_of(stack.primary)
        except settings.SettingsError as error:
            wrong += [] if stack.primary.called in failed else [str(error)]
            continue
        mistakes = [*impossible(theirs, found, stack.primary.stack, stack.project)]
        others = [*differences(theirs, found, stack.primary.stack, stack.project)]
        if found.disaster_recovery.accept_differences is None:
            mistakes += others
        else:
            keys = ", ".join(dict.fromkeys(one.key for one in others)) or "nothing any more"
            notes.append(
                f"Pulumi.{stack.stack}.yaml differs from its primary's in {keys}, which is accepted: "
                f"{found.disaster_recovery.accept_differences}"
            )
        if mistakes:
            head = f"Pulumi.{stack.stack}.yaml does not fit Pulumi.{stack.primary.stack}.yaml; nothing was created."
            wrong.append("\n\n".join([head, *entries(mistakes, {})]))
    if wrong:
        raise UsageError("\n\n".join(wrong))
    return notes


def _taken(key: str, stack: StackFile) -> bool:
    """Whether a key lies in what the stack takes from its primary's file."""
    name = key.removeprefix(f"{stack.project}:")
    return any(name == taken or name.startswith((f"{taken}.", f"{taken}[")) for taken in stack.origin)


def _unordered(stack: StackFile, settings: "Settings", before: set[str], named: set[str]) -> list[str]:
    """What is wrong with the order, for a secondary that reads the outputs of its primary."""
    primary = str(settings.primary_stack).rsplit("/", 1)[-1]
    if primary in before:
        return []
    fix = f"name it first: {primary} {stack.stack}" if primary in named else f"name it too, first: {primary} {stack.stack}"
    return [f"{stack.stack} is the secondary of {primary}, whose outputs it reads; {fix}"]
