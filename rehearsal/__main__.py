"""`python -m rehearsal STACK [STACK ...]`: deploy stacks into one emulated AWS account. Exits 0 only when nothing is wrong."""

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console

from rehearsal.stackfile import StackFile, StackFileError, read

ROOT = Path.cwd()
DEFAULT_PORT = 5000


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal",
        description="Deploy stacks into an AWS account emulated in this process: no account, no Docker, no Pulumi CLI.",
    )
    parser.add_argument("stacks", nargs="+", metavar="STACK", help="a stack (dev: Pulumi.dev.yaml) or a stack file, in order")
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
    console = Console(soft_wrap=True)
    try:
        stacks = [read(name, ROOT) for name in options.stacks]
    except StackFileError as error:
        console.print(f"[red]error[/] {error}", highlight=False)
        return 1
    if len({stack.stack for stack in stacks}) < len(stacks):
        console.print(f"[red]error[/] stacks {' '.join(options.stacks)}: each stack can be named once", highlight=False)
        return 1
    return _rehearse(console, stacks, options.build, options.serve)


def _rehearse(console: Console, stacks: list[StackFile], build: Path, port: int | None) -> int:
    # moto and the SDKs take a second to import: nobody waits for that to read a usage error.
    from rehearsal import documents, screen  # noqa: PLC0415
    from rehearsal.emulator import Emulator  # noqa: PLC0415
    from rehearsal.run import Rehearsal, rehearse  # noqa: PLC0415

    done: dict[str, Rehearsal] = {}
    with Emulator() as aws:
        for stack in stacks:
            started = time.perf_counter()
            with screen.Live(console, stack.stack) as live:
                result = rehearse(aws, ROOT, stack, others=done, on_progress=live.step)
            seconds = time.perf_counter() - started
            done[stack.stack] = result
            documents.write(result, seconds, build)
            screen.show(console, result, seconds, build / stack.stack)
        screen.legend(console)
        if port is not None:
            from rehearsal.serve import serve  # noqa: PLC0415

            serve(console, port)
    return 0 if all(result.good for result in done.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
