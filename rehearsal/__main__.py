"""`python -m rehearsal STACK [STACK ...]`: deploy stacks into one emulated AWS account. Exits 0 only when nothing is wrong."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from rehearsal.stackfile import StackFile, StackFileError, read

if TYPE_CHECKING:
    from rehearsal.emulator import Emulator
    from rehearsal.run import Rehearsal

ROOT = Path.cwd()
DEFAULT_PORT = 5000
EPILOG = """examples:
  python -m rehearsal prod                            deploy prod
  python -m rehearsal prod dr                         prod, then dr, which reads prod's outputs
  python -m rehearsal dev+database.multiAz=true       dev with an edit of its config
  python -m rehearsal prod --diff dr dr+mode=active   what an edit of dr adds, changes and removes, after prod
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal",
        description="Deploy stacks into an AWS account emulated in this process: no account, no Docker, no Pulumi CLI.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stacks", nargs="*", metavar="STACK", help="a stack (dev: Pulumi.dev.yaml) or a stack file, in order")
    parser.add_argument(
        "--diff",
        nargs=2,
        metavar=("BEFORE", "AFTER"),
        help="show what leads from one stack to another, each deployed after STACKs",
    )
    parser.add_argument("--build", type=Path, default=Path("build/rehearsal"), help="where graph.json and summary.json go")
    parser.add_argument(
        "--serve",
        nargs="?",
        type=int,
        const=DEFAULT_PORT,
        metavar="PORT",
        help=f"keep the emulated account up on 127.0.0.1 for any AWS tool (default port {DEFAULT_PORT})",
    )
    options = parser.parse_args(arguments)
    if not options.stacks and not options.diff:
        parser.error("name a stack, for example: python -m rehearsal dev")
    console = Console(soft_wrap=True)
    try:
        stacks = [read(name, ROOT) for name in options.stacks]
        pair = [read(name, ROOT) for name in options.diff or ()]
    except StackFileError as error:
        console.print(f"[red]error[/] {error}", highlight=False)
        return 1
    if len({stack.stack for stack in stacks}) < len(stacks):
        console.print(f"[red]error[/] stacks {' '.join(options.stacks)}: each stack can be named once", highlight=False)
        return 1
    if pair:
        return _diff(console, stacks, pair, options)
    return _rehearse(console, stacks, options)


def _rehearse(console: Console, stacks: list[StackFile], options: argparse.Namespace) -> int:
    from rehearsal import screen  # noqa: PLC0415 - moto takes a second to import: nobody waits for that to read a usage error
    from rehearsal.emulator import Emulator  # noqa: PLC0415

    with Emulator() as aws:
        done = _deploy(console, aws, stacks, options.build)
        screen.legend(console)
        if options.serve is not None:
            from rehearsal.serve import serve  # noqa: PLC0415

            serve(console, options.serve)
    return 0 if all(result.good for result in done.values()) else 1


def _deploy(console: Console, aws: "Emulator", stacks: list[StackFile], build: Path) -> dict[str, "Rehearsal"]:
    """Deploy stacks one after the other; show and write each."""
    from rehearsal import documents, screen  # noqa: PLC0415
    from rehearsal.run import rehearse  # noqa: PLC0415

    done: dict[str, Rehearsal] = {}
    for stack in stacks:
        started = time.perf_counter()
        with screen.Live(console, stack.stack) as live:
            result = rehearse(aws, ROOT, stack, others=done, on_progress=live.step)
        seconds = time.perf_counter() - started
        done[stack.stack] = result
        documents.write(result, seconds, build)
        screen.show(console, result, seconds, build / stack.stack)
    return done


def _diff(console: Console, stacks: list[StackFile], pair: list[StackFile], options: argparse.Namespace) -> int:
    """Deploy each of the two after the same stacks, in an account of its own, and show how their graphs differ."""
    from rehearsal import diff, documents, screen  # noqa: PLC0415
    from rehearsal.emulator import Emulator  # noqa: PLC0415

    graphs, good = [], True
    for number, stack in enumerate(pair):
        with Emulator() as aws:
            done = _deploy(console, aws, [*stacks, stack], options.build / ("before", "after")[number])
        good = good and all(result.good for result in done.values())
        graphs.append(documents.graph(done[stack.stack]))
    changes = diff.diff(*graphs)
    console.print()
    screen.show_diff(console, f"{options.diff[0]} -> {options.diff[1]}", changes, diff.output_changes(*graphs))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
