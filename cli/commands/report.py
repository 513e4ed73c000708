"""`hybridge report`: rehearse stacks, prove what was deployed, and write one page about it."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli.checked import checked
from cli.shared import Stacks, root, run
from hybridge import __version__
from rehearsal.stackfile import StackFile
from rehearsal.usage import UsageError, writable

if TYPE_CHECKING:
    from rehearsal.monitor import Node
    from report.collect import Watch

Folder = Annotated[Path, typer.Option("--build", metavar="FOLDER", help="Where the page and the picture go.")]
PictureOnly = Annotated[
    bool,
    typer.Option(
        "--picture-only", help="No page: write the README's picture and what it shows, docs/architecture.svg and .json."
    ),
]

Since = Annotated[
    str | None,
    typer.Option(
        metavar="THEN",
        help="Say what changed: since a graph.json, since the folder of an earlier rehearsal, or since a revision of git.",
    ),
]


def command(
    stacks: Stacks, build: Folder = Path("build/report"), since: Since = None, picture_only: PictureOnly = False
) -> None:
    """Rehearse stacks, prove what was deployed, and write one page about it: build/report/STACKS.html.

    Exits 0 only when everything holds. The page is written all the same: it says what does not.
    """

    def work(console: Console) -> int:
        files, _ = checked(console, stacks, root())

        from report.picture.draw import DrawingError

        try:
            return _picture(console, files) if picture_only else _report(console, files, stacks, writable(build), since)
        except DrawingError as error:
            raise UsageError(str(error)) from error

    run(work)


def _report(console: Console, stacks: Sequence[StackFile], named: Sequence[str], build: Path, since: str | None) -> int:
    from rehearsal.emulator import Emulator
    from rehearsal.screen import show_wrong
    from report.collect import collect
    from report.page import wrong
    from report.provenance import provenance
    from report.since import changes, earlier
    from report.summary import STYLES, verdict
    from report.written import write_page

    started = time.perf_counter()
    then = None
    if since is not None:
        console.print(f"looking up what was there: {since}", highlight=False, markup=False)
        then = earlier(since, root(), named)
    with Emulator() as aws:
        evidence = collect(aws, root(), stacks, _live(console))
    for rehearsal in evidence.rehearsals:
        show_wrong(console, rehearsal)
    about = provenance(root(), named, __version__)
    written = write_page(evidence, build, about, changes(then, evidence) if then else None)
    judged = verdict(evidence, len([*wrong(evidence)]))
    state = f"[{STYLES[judged.grade]}]{judged.text}[/]" + ("" if evidence.good else ": the page says what")
    seconds = time.perf_counter() - started
    console.print(f"{' '.join(stack.stack for stack in stacks)}: {state}; {seconds:.1f} s", highlight=False)
    console.print(f"{written}.html and .svg", highlight=False)
    return 0 if evidence.good else 1


def _picture(console: Console, stacks: Sequence[StackFile]) -> int:
    from rehearsal.emulator import Emulator
    from rehearsal.run import Rehearsal, rehearse
    from rehearsal.screen import show_wrong
    from report import picture
    from report.written import DOCUMENT, write_picture

    done: dict[str, Rehearsal] = {}
    with Emulator() as aws:
        for stack in stacks:
            with _live(console)(stack) as step:
                done[stack.stack] = rehearse(aws, root(), stack, others=done, on_progress=step)
            show_wrong(console, done[stack.stack])
    if not all(one.good for one in done.values()):
        console.print("nothing was drawn, for not everything was deployed", highlight=False)
        return 1
    write_picture(picture.derive([*done.values()]), root() / DOCUMENT, " and ".join(done))
    console.print(f"{DOCUMENT}.svg and .json", highlight=False)
    return 0


def _live(console: Console) -> "Watch":
    from rehearsal.screen import Live

    @contextmanager
    def watch(stack: StackFile) -> "Iterator[Callable[[Node], None]]":
        with Live(console, stack.stack) as live:
            yield live.step

    return watch
