"""`python -m report STACK [STACK ...]`: rehearse stacks, prove what was deployed, and write one page about it.

Exits 0 only when everything holds. The page is written all the same: it says what does not.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from rehearsal.stackfile import StackFile
from rehearsal.usage import UsageError, guarded, stacks_of, writable

if TYPE_CHECKING:
    from rehearsal.monitor import Node
    from report.collect import Evidence, Watch
    from report.picture import Picture

ROOT = Path.cwd()
DOCUMENT = Path("docs/architecture")
"""The picture in the README, as .svg, and what it shows, as .json."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m report",
        description="Rehearse stacks, prove what was deployed, and write one page about it: build/report/STACKS.html.",
    )
    parser.add_argument("stacks", nargs="+", metavar="STACK", help="a stack (dev: Pulumi.dev.yaml) or a stack file, in order")
    parser.add_argument("--build", type=Path, default=Path("build/report"), help="where the page and the picture go")
    parser.add_argument(
        "--picture-only",
        action="store_true",
        help=f"no page: write the picture of the README, {DOCUMENT}.svg, and what it shows, {DOCUMENT}.json",
    )
    options = parser.parse_args(arguments)
    console = Console(soft_wrap=True, emoji=False)
    return guarded(console, lambda: _run(console, options))


def _run(console: Console, options: argparse.Namespace) -> int:
    stacks = stacks_of(options.stacks, ROOT)
    # moto takes a second to import: nobody waits for that to read a usage error.
    from report.picture.draw import DrawingError  # noqa: PLC0415

    try:
        return _picture(console, stacks) if options.picture_only else _report(console, stacks, writable(options.build))
    except DrawingError as error:
        raise UsageError(str(error)) from error


def _report(console: Console, stacks: Sequence[StackFile], build: Path) -> int:
    from rehearsal.screen import show_wrong  # noqa: PLC0415
    from report import picture  # noqa: PLC0415
    from report.page import page  # noqa: PLC0415
    from report.picture import svg  # noqa: PLC0415

    started = time.perf_counter()
    evidence = _collect(console, stacks)
    for rehearsal in evidence.rehearsals:
        show_wrong(console, rehearsal)
    name = "-".join(stack.stack for stack in stacks)
    drawing = picture.derive(evidence.rehearsals)
    (build / f"{name}.html").write_text(page(evidence, drawing, datetime.now(UTC)), encoding="utf-8")
    (build / f"{name}.svg").write_text(svg.drawn(drawing, f"Architecture of {name}"), encoding="utf-8")
    state = "[green]everything holds[/]" if evidence.good else "[red]not everything holds: the page says what does not[/]"
    seconds = time.perf_counter() - started
    console.print(f"{' '.join(stack.stack for stack in stacks)}: {state}; {seconds:.1f} s", highlight=False)
    console.print(f"{build / name}.html and .svg", highlight=False)
    return 0 if evidence.good else 1


def _picture(console: Console, stacks: Sequence[StackFile]) -> int:
    from rehearsal.emulator import Emulator  # noqa: PLC0415
    from rehearsal.run import Rehearsal, rehearse  # noqa: PLC0415
    from rehearsal.screen import show_wrong  # noqa: PLC0415
    from report import picture  # noqa: PLC0415

    done: dict[str, Rehearsal] = {}
    with Emulator() as aws:
        for stack in stacks:
            with _live(console)(stack) as step:
                done[stack.stack] = rehearse(aws, ROOT, stack, others=done, on_progress=step)
            show_wrong(console, done[stack.stack])
    if not all(one.good for one in done.values()):
        console.print("nothing was drawn, for not everything was deployed", highlight=False)
        return 1
    write_picture(picture.derive([*done.values()]), ROOT / DOCUMENT, " and ".join(done))
    console.print(f"{DOCUMENT}.svg and .json", highlight=False)
    return 0


def write_picture(drawing: "Picture", path: Path, names: str) -> None:
    """Write a picture as `path`.svg, and what it shows as `path`.json, by which a test can tell whether it is current."""
    from report.picture import svg  # noqa: PLC0415

    path.with_suffix(".svg").write_text(svg.drawn(drawing, f"Architecture of {names}") + "\n", encoding="utf-8")
    path.with_suffix(".json").write_text(json.dumps(drawing.as_json(), indent=1) + "\n", encoding="utf-8")


def _collect(console: Console, stacks: Sequence[StackFile]) -> "Evidence":
    from rehearsal.emulator import Emulator  # noqa: PLC0415
    from report.collect import collect  # noqa: PLC0415

    with Emulator() as aws:
        return collect(aws, ROOT, stacks, _live(console))


def _live(console: Console) -> "Watch":
    from rehearsal.screen import Live  # noqa: PLC0415

    @contextmanager
    def watch(stack: StackFile) -> "Iterator[Callable[[Node], None]]":
        with Live(console, stack.stack) as live:
            yield live.step

    return watch


if __name__ == "__main__":
    sys.exit(main())
