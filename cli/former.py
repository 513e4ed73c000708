"""The names that the commands had before there was one: `python -m rehearsal` and `python -m report`."""

import argparse
import sys

from cli.app import main
from cli.commands.serve import DEFAULT_PORT


def report() -> int:
    """`python -m report ...` is `hybridge report ...`."""
    return main(["report", *sys.argv[1:]])


def rehearsal(arguments: list[str] | None = None) -> int:
    """`python -m rehearsal ...` is `hybridge rehearse ...`; with `--serve` `hybridge serve`, with `--diff` `hybridge diff`."""
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m rehearsal", add_help=False)
    parser.add_argument("--diff", nargs=2)
    parser.add_argument("--serve", nargs="?", type=int, const=DEFAULT_PORT)
    parser.add_argument("--build")
    given, others = parser.parse_known_args(arguments)
    build = ["--build", given.build] if given.build else []
    if given.serve is not None and given.diff:
        parser.error("--serve with --diff: a diff has two accounts, one after the other; serve either of the stacks")
    if given.serve is not None:
        return main(["serve", "--port", str(given.serve), *build, *others])
    if given.diff:
        return main(["diff", *given.diff, *build, *(part for stack in others for part in ("--after", stack))])
    return main(["rehearse", *build, *others])
