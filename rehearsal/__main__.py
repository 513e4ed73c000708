"""`python -m rehearsal STACK [STACK ...]`: deploy stacks into one emulated AWS account. Exits 0 only when nothing is wrong."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from rehearsal.stackfile import StackFile, read
from rehearsal.usage import UsageError, guarded, stacks_of, writable

if TYPE_CHECKING:
    from collections.abc import Callable

    from rehearsal.emulator import Emulator
    from rehearsal.monitor import Node
    from rehearsal.run import Rehearsal

ROOT = Path.cwd()
DEFAULT_PORT = 5000
EPILOG = """examples:
  python -m rehearsal prod                            deploy prod
  python -m rehearsal prod dr                         prod, then dr, which reads prod's outputs
  python -m rehearsal dev+database.multiAz=true       dev with an edit of its config
  python -m rehearsal prod --serve                    prod, then up on loopback for any AWS tool until Ctrl-C
  python -m rehearsal --serve                         an empty account on loopback
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
    parser.add_argument("--without-proofs", action="store_true", help="deploy only: no reachability, policies, IAM, drills")
    parser.add_argument("--pairs", action="store_true", help="drill any two failures at once as well")
    parser.add_argument("--build", type=Path, default=Path("build/rehearsal"), help="where graph.json and summary.json go")
    parser.add_argument(
        "--serve",
        nargs="?",
        type=int,
        const=DEFAULT_PORT,
        metavar="PORT",
        help=f"keep the account up on 127.0.0.1 for any AWS tool; an empty one without STACK (default port {DEFAULT_PORT})",
    )
    options = parser.parse_args(arguments)
    if not options.stacks and not options.diff and options.serve is None:
        parser.error("name a stack, for example: python -m rehearsal dev")
    # ARNs hold words between colons, which would become pictures: `:secret:`.
    console = Console(soft_wrap=True, emoji=False)
    return guarded(console, lambda: _run(console, options))


def _run(console: Console, options: argparse.Namespace) -> int:
    stacks = stacks_of(options.stacks, ROOT)
    pair = [read(name, ROOT) for name in options.diff or ()]
    writable(options.build)
    if options.serve is not None:
        from rehearsal.serve import check  # noqa: PLC0415

        if pair:
            raise UsageError("--serve with --diff: a diff has two accounts, one after the other; serve either of the stacks")
        check(options.serve)
    if pair:
        return _diff(console, stacks, pair, options)
    if not stacks:
        return _serve_empty(console, options.serve)
    return _rehearse(console, stacks, options)


def _serve_empty(console: Console, port: int) -> int:
    """Serve an account with nothing in it: for Terraform, or `pulumi up` with the real plugins."""
    from rehearsal.emulator import Emulator  # noqa: PLC0415
    from rehearsal.serve import region_of_tools, serve  # noqa: PLC0415

    region = region_of_tools()
    with Emulator():
        serve(console, port, region)
    return 0


def _rehearse(console: Console, stacks: list[StackFile], options: argparse.Namespace) -> int:
    # moto takes a second to import: nobody waits for that to read a usage error.
    from rehearsal.emulator import Emulator  # noqa: PLC0415

    with Emulator() as aws:
        if options.without_proofs:
            done = _deploy(console, aws, stacks, options.build)
            proved = True
        else:
            done, proved = _prove(console, aws, stacks, options)
        good = proved and all(result.good for result in done.values())
        console.print("[green]everything holds[/]" if good else "[red]something is wrong: see above[/]", highlight=False)
        if options.serve is not None:
            from rehearsal.serve import serve  # noqa: PLC0415

            serve(console, options.serve, stacks[0].region)
    return 0 if good else 1


def _prove(
    console: Console, aws: "Emulator", stacks: list[StackFile], options: argparse.Namespace
) -> tuple[dict[str, "Rehearsal"], bool]:
    """Deploy stacks, and prove what was deployed; says whether everything holds. What is not there is not proved."""
    from proofs import run, screen  # noqa: PLC0415

    done: dict[str, Rehearsal] = {}
    proofs: list[run.StackProofs] = []
    for stack in stacks:
        with run.watching(stack) as watched:
            done |= _deploy(console, aws, [stack], options.build, others=done, see=watched.pack.see)
            if not all(result.good for result in done.values()):
                return done, False
            proofs.append(watched.prove(aws, done[stack.stack], stack))
            screen.show(console, proofs[-1], watched.seconds)
    drills = run.drilled(list(done.values()), stacks, pairs=options.pairs)
    run.write(proofs, drills, options.build)
    screen.show_all_drills(console, drills)
    return done, all(one.good for one in proofs) and not drills.failures


def _deploy(
    console: Console,
    aws: "Emulator",
    stacks: list[StackFile],
    build: Path,
    *,
    others: "dict[str, Rehearsal] | None" = None,
    see: "Callable[[Node], None] | None" = None,
) -> dict[str, "Rehearsal"]:
    """Deploy stacks one after the other; show and write each. `see` is told of each resource."""
    from rehearsal import documents, screen  # noqa: PLC0415
    from rehearsal.run import rehearse  # noqa: PLC0415

    done: dict[str, Rehearsal] = {}
    for stack in stacks:
        started = time.perf_counter()
        with screen.Live(console, stack.stack) as live:

            def step(node: "Node", live: screen.Live = live) -> None:
                live.step(node)
                if see:
                    see(node)

            result = rehearse(aws, ROOT, stack, others={**(others or {}), **done}, on_progress=step)
        seconds = time.perf_counter() - started
        done[stack.stack] = result
        documents.write(result, seconds, build)
        screen.show(console, result, seconds, build / stack.stack)
    return done


def _diff(console: Console, stacks: list[StackFile], pair: list[StackFile], options: argparse.Namespace) -> int:
    """Deploy each of the two after the same stacks, in an account of its own, and show how their graphs differ.

    One that is wrong is not compared: all that it lacks would look as if it were to be removed.
    """
    from rehearsal import diff, documents, screen  # noqa: PLC0415
    from rehearsal.emulator import Emulator  # noqa: PLC0415

    graphs = []
    for number, stack in enumerate(pair):
        with Emulator() as aws:
            done = _deploy(console, aws, [*stacks, stack], options.build / ("before", "after")[number])
        if not all(result.good for result in done.values()):
            console.print(f"[red]not compared[/]: {options.diff[number]} is wrong, see above", highlight=False)
            return 1
        graphs.append(documents.graph(done[stack.stack]))
    changes = diff.diff(graphs[0], graphs[1], ignored=done[stack.stack].ignored)
    console.print()
    screen.show_diff(console, f"{options.diff[0]} -> {options.diff[1]}", changes, diff.output_changes(graphs[0], graphs[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
