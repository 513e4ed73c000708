"""One answer of `hybridge watch`: stacks deployed and proved, and what is different from the last time when everything held."""

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from rehearsal.lines import say
from rehearsal.own import OwnError
from rehearsal.screen import shortened
from rehearsal.stackfile import StackFileError
from rehearsal.usage import UsageError

if TYPE_CHECKING:
    from rehearsal.emulator import Emulator
    from rehearsal.monitor import Node
    from rehearsal.stackfile import StackFile
    from report.collect import Evidence
    from report.since import Changes, Then

LINES = 12
"""Lines of one kind on a terminal whose height nobody knows."""
WORST = ("unaffected", "degraded", "down")
"""What a drill ends in, the worst last."""


@dataclass(frozen=True)
class Question:
    """What is to be answered."""

    names: Sequence[str]
    """The stacks, as on the command line."""
    root: Path
    build: Path
    """Where the documents of rehearsals go."""
    page: Path
    """Where the page goes."""
    green: Path | None
    """What was written down when everything held last; None if it never did."""
    keep: Path
    """Where to write that down, if it holds now."""
    changed: Sequence[str] = ()
    """The files that are not as they were."""


def answer(console: Console, question: Question, aws: "Emulator") -> bool:
    """Deploy, prove, and tell; returns whether everything holds. Whatever is wrong with a file is told too."""
    started = time.perf_counter()
    _head(console, question)
    try:
        return _answered(console, question, aws, started)
    except (StackFileError, OwnError, UsageError) as error:
        console.print(f"[red]error[/] {escape(str(error))}", highlight=False)
    except Exception as error:
        # An edit may leave any file of the program in any state: whoever saved it is told where.
        say(console, f"broken: {_place(error, question.root)}{type(error).__name__}: {error}", hanging=2, style="red")
    return False


def _answered(console: Console, question: Question, aws: "Emulator", started: float) -> bool:
    from cli.checked import checked  # noqa: PLC0415 - all that knows the components is read anew for each answer
    from report.collect import collect  # noqa: PLC0415
    from report.page import wrong  # noqa: PLC0415
    from report.since import changes, earlier  # noqa: PLC0415
    from report.written import write_page  # noqa: PLC0415

    files, _ = checked(console, question.names, question.root)
    evidence = collect(aws, question.root, files, _unseen)
    then = earlier(str(question.green), question.root, question.names) if question.green else None
    room = max((console.height - 12) // 3, 3) if console.is_terminal else LINES
    state = "[green]everything holds[/]" if evidence.good else "[red]something is wrong[/]"
    made = sum(node.fidelity != "component" for one in evidence.rehearsals for node in one.nodes)
    console.print(f"{state}: {made} resources, {time.perf_counter() - started:.1f} s", highlight=False)
    _block(console, "wrong", [f"{what}: {escape(where)}: {escape(text)}" for what, where, text in wrong(evidence)], room)
    if then and all(one.good for one in evidence.rehearsals):  # all that was not made would look as if removed
        found = changes(then, evidence)
        _block(console, "since everything held", [*_changed(found)], room)
        _block(console, "drills that got worse", [*worse(then, evidence)], room)
    _write(evidence, question, time.perf_counter() - started)
    console.print(f"[dim]{write_page(evidence, question.page)}.html[/]", highlight=False)
    return evidence.good


def worse(then: "Then", evidence: "Evidence") -> Iterator[str]:
    """The drills that end worse than they did, and what goes down that was not drilled."""
    before: dict[tuple[str, str, str], str] = {}
    for proofs in then.proofs.values():
        for one in (proofs.get("drills") or {}).get("results", ()):
            failure = f"{one['failure']['kind']} {one['failure']['subject']}".rstrip()
            before[one["stack"], failure, one["function"]] = one["outcome"]
    for result in evidence.drills.results if evidence.drills else ():
        stack, failure, function = result.function.stack, result.failure.name, result.function.name
        was = before.get((stack, failure, function))
        if was is None and result.outcome == "down":
            yield f"{stack}: {failure}: {function} goes down; it was not there before"
        elif was is not None and WORST.index(result.outcome) > WORST.index(was):
            yield f"{stack}: {failure}: {function} was {was}, is {result.outcome}"


def _head(console: Console, question: Question) -> None:
    if console.is_terminal:
        console.clear()
    changed = f": {', '.join(question.changed)}" if question.changed else ""
    told = f"{time.strftime('%H:%M:%S')} {' '.join(question.names)}{changed}"
    console.print(f"[bold]{escape(shortened(told))}[/]", highlight=False)


def _changed(changes: "Changes") -> Iterator[str]:
    for stack in changes.stacks:
        for line in stack.lines:
            names = ", ".join(line.names[:3]) + (f" and {len(line.names) - 3} more" if len(line.names) > 3 else "")
            edits = "; ".join(line.edits[:3])
            yield escape(f"{stack.stack}: {line.kind} {line.type} {names}{f' ({edits})' if edits else ''}")


def _block(console: Console, title: str, lines: Sequence[str], room: int) -> None:
    """Some lines, as many as there is room for."""
    if lines:
        console.print(f"{title} ({len(lines)}):", highlight=False)
        for line in lines[:room]:
            console.print(f"  {shortened(line)}", highlight=False)
        if len(lines) > room:
            console.print(f"  and {len(lines) - room} more", style="dim", highlight=False)


def _write(evidence: "Evidence", question: Question, seconds: float) -> None:
    """Write down what there is, and once more what held."""
    from proofs import run as proving  # noqa: PLC0415
    from rehearsal import documents  # noqa: PLC0415

    for folder in [question.build, *([question.keep] if evidence.good else [])]:
        for rehearsal in evidence.rehearsals:
            documents.write(rehearsal, seconds, folder)
        if evidence.drills:
            proving.write([one.proofs for one in evidence.stacks if one.proofs], evidence.drills, folder)


def _unseen(stack: "StackFile") -> "nullcontext[Callable[[Node], None]]":
    """No progress: the answer is one screen."""
    return nullcontext(lambda node: None)


def _place(error: Exception, root: Path) -> str:
    """Where in the project an error comes from; empty if it does not."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_within(error.filename, root)}:{error.lineno}: "
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(root)]
    own = [frame for frame in frames if ".venv" not in Path(frame.filename).parts]
    return f"{_within(own[-1].filename, root)}:{own[-1].lineno}: " if own else ""


def _within(path: str, root: Path) -> str:
    return str(Path(path).relative_to(root)) if Path(path).is_relative_to(root) else path
