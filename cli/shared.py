"""What the commands have in common: their console, their exit codes, the arguments that several of them take."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from rehearsal.usage import guarded
from stackfiles import stacks_in

STACK = "dev (Pulumi.dev.yaml), a stack file, or either with edits: prod+mode=active."


def known(incomplete: str) -> list[str]:
    """The stacks that a shell completes: those of the folder that the command is run in."""
    return [name for name in stacks_in(root()) if name.startswith(incomplete)]


Stacks = Annotated[
    list[str],
    typer.Argument(metavar="STACK", help=f"In this order: {STACK}", autocompletion=known, show_default=False),
]
Build = Annotated[Path, typer.Option(metavar="FOLDER", help="Where graph.json, summary.json and proofs.json go.")]
BUILD = Path("build/rehearsal")


def run(work: Callable[[Console], int]) -> NoReturn:
    """Do what a command does, and exit with what it returns; a wrong call and Ctrl-C are told in a line."""
    # ARNs hold words between colons, which would become pictures: `:secret:`.
    console = Console(soft_wrap=True, emoji=False)
    raise typer.Exit(guarded(console, lambda: work(console)))


def root() -> Path:
    """The folder of the program: the one that the command is run in, as with the Pulumi CLI."""
    return Path.cwd()
