"""`hybridge diff`: what an edit does to what stands, like a preview, and to people while it is carried out."""

import json
from typing import Annotated

import typer
from rich.console import Console

from cli.checked import checked
from cli.shared import BUILD, STACK, Build, known, root, run
from rehearsal.usage import writable

Before = Annotated[str, typer.Argument(metavar="BEFORE", help=STACK, autocompletion=known)]
After = Annotated[str, typer.Argument(metavar="AFTER", help=STACK, autocompletion=known)]
First = Annotated[
    list[str] | None,
    typer.Option(
        "--after", metavar="STACK", help="Deployed first, before each of the two. May be repeated.", autocompletion=known
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the changes alone, as JSON.")]


def command(before: Before, after: After, first: First = None, as_json: Json = False, build: Build = BUILD) -> None:
    """Show what leads from one stack to another: hybridge diff dev dev+database.multiAz=true.

    Each is deployed in an account of its own. One that is wrong is not compared: all that it lacks would look as if removed.
    Exits 1 where something would stop the update.
    """

    def work(console: Console) -> int:
        writable(build)
        # What is not JSON goes beside it.
        told = Console(stderr=True, soft_wrap=True, emoji=False) if as_json else console
        stacks, (old, new) = checked(told, first or [], root(), also=(before, after))

        from cli.updating import Update, updated
        from proofs import edits
        from rehearsal.diff import rendering

        found = updated(told, Update(root(), build, stacks, old, new))
        if not found:
            return 1
        if as_json:
            print(json.dumps([change.as_json() for change in found.diff.changes], indent=1))
        else:
            console.print()
            rendering.show(console, f"{before} -> {after}", found.diff)
            edits.show(console, edits.drilled(found.diff, found.before, found.after))
        return 0 if found.diff.good else 1

    run(work)
