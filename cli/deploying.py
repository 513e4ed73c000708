"""Deploying stacks into an emulated account and proving what was deployed, shown as it happens."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from proofs import run as proving
from proofs import screen as proofs_screen
from rehearsal import documents, own, screen
from rehearsal.emulator import Emulator
from rehearsal.lines import say
from rehearsal.monitor import Node
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import StackFile
from rehearsal.usage import UsageError

MANY = 4
"""Resources of an unknown type that are named."""


@dataclass(frozen=True)
class Way:
    """How stacks are deployed."""

    root: Path
    """The folder of the program."""
    build: Path
    """Where the documents go."""
    proofs: bool = True
    pairs: bool = False
    """Whether any two failures at once are drilled as well."""
    unknown: bool = False
    """Whether types without a row are allowed."""


def rehearsed(console: Console, aws: Emulator, stacks: list[StackFile], way: Way) -> bool:
    """Deploy stacks, prove them unless told not to, and say the verdict; returns whether nothing is wrong."""
    if way.proofs:
        done, proved = prove(console, aws, stacks, way)
        held = "[green]everything holds[/]"
    else:
        done, proved = deploy(console, aws, stacks, way), True
        held = "[yellow]deployed; nothing was proved[/]"
    allowed = known(console, done.values(), way)
    good = proved and allowed and all(result.good for result in done.values())
    console.print(held if good else "[red]something is wrong: see above[/]", highlight=False)
    return good


def known(console: Console, done: Iterable[Rehearsal], way: Way) -> bool:
    """Whether every type has a row, or is allowed to have none; tells of those that have not."""
    allowed = {one.type: one.reason for one in own.unknown(way.root)}
    names: dict[str, list[str]] = defaultdict(list)
    for result in done:
        for type_, made in result.unknown.items():
            names[type_] += made
    good = True
    for type_, made in sorted(names.items()):
        told = f"{type_} ({', '.join(made[:MANY])}{f' and {len(made) - MANY} more' if len(made) > MANY else ''})"
        if way.unknown or type_ in allowed:
            reason = f": {allowed[type_]}" if type_ in allowed else ", as --allow-unknown says"
            say(console, f"unknown: {told}: not made, and allowed{reason}", hanging=2, style="yellow")
        else:
            good = False
            fix = "add one (docs/rehearsal-rows.md), or allow it: --allow-unknown, or `unknown` in own/accepted.yaml"
            say(console, f"unknown: {told}: its type has no row, so that nothing was made of it; {fix}", hanging=2, style="red")
    return good


def prove(console: Console, aws: Emulator, stacks: list[StackFile], way: Way) -> tuple[dict[str, Rehearsal], bool]:
    """Deploy stacks, and prove what was deployed; says whether everything holds. What is not there is not proved."""
    done: dict[str, Rehearsal] = {}
    proofs: list[proving.StackProofs] = []
    *before, last = stacks
    for stack in before:
        with proving.watching(stack) as watched:
            done |= deploy(console, aws, [stack], way, others=done, see=watched.pack.see)
            if not done[stack.stack].good:
                return done, False
            proofs.append(watched.prove(aws, done[stack.stack], stack))
            proofs_screen.show(console, proofs[-1], watched.seconds)
    with proving.watching(last) as watched:
        done |= deploy(console, aws, [last], way, others=done, see=watched.pack.see)
        if not done[last.stack].good:
            return done, False
        proved = watched.begin(aws, done[last.stack], last)
        drills = proving.drilled(list(done.values()), stacks, pairs=way.pairs)
        proofs.append(proved())
        proofs_screen.show(console, proofs[-1], watched.seconds)
    proving.write(proofs, drills, way.build)
    proofs_screen.show_all_drills(console, drills)
    return done, all(one.good for one in proofs) and not drills.failures


def quietly(console: Console, aws: Emulator, stacks: list[StackFile], root: Path) -> dict[str, Rehearsal]:
    """Deploy stacks one after the other for what comes out of them: progress and what is wrong are shown, nothing is written.

    Raises UsageError where a stack is wrong, since nothing can be made of it.
    """
    done: dict[str, Rehearsal] = {}
    for stack in stacks:
        with screen.Live(console, stack.stack) as live:
            done[stack.stack] = rehearse(aws, root, stack, others=done, on_progress=live.step)
        screen.show_wrong(console, done[stack.stack])
        if not done[stack.stack].good:
            raise UsageError(f"{stack.stack} is wrong, see above")
    return done


def deploy(
    console: Console,
    aws: Emulator,
    stacks: list[StackFile],
    way: Way,
    *,
    others: dict[str, Rehearsal] | None = None,
    see: Callable[[Node], None] | None = None,
    standing: Rehearsal | None = None,
) -> dict[str, Rehearsal]:
    """Deploy stacks one after the other; show and write each.

    `others` are in the account already; `see` is told of each resource; `standing` is what stands of the last of them, which is
    to be updated.
    """
    done: dict[str, Rehearsal] = {}
    for stack in stacks:
        screen.show_notes(console, stack)
        started = time.perf_counter()
        with screen.Live(console, stack.stack) as live:

            def step(node: Node, live: screen.Live = live) -> None:
                live.step(node)
                if see:
                    see(node)

            known = {**(others or {}), **done}
            stands = standing if stack is stacks[-1] else None
            result = rehearse(aws, way.root, stack, others=known, on_progress=step, standing=stands)
        seconds = time.perf_counter() - started
        done[stack.stack] = result
        documents.write(result, seconds, way.build)
        screen.show(console, result, seconds, way.build / stack.stack)
    return done
