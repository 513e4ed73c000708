"""`hybridge diff`: what leads from one stack to another, like a preview."""

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


def command(before: Before, after: After, first: First = None, build: Build = BUILD) -> None:
    """Show what leads from one stack to another: hybridge diff dev dev+database.multiAz=true.

    Each is deployed in an account of its own. One that is wrong is not compared: all that it lacks would look as if removed.
    """

    def work(console: Console) -> int:
        writable(build)
        stacks, pair = checked(console, first or [], root(), also=(before, after))

        from cli.deploying import Way, deploy
        from rehearsal import diff, documents, screen
        from rehearsal.emulator import Emulator

        graphs = []
        for folder, name, stack in zip(("before", "after"), (before, after), pair, strict=True):
            with Emulator() as aws:
                done = deploy(console, aws, [*stacks, stack], Way(root(), build / folder))
            if not all(result.good for result in done.values()):
                console.print(f"[red]not compared[/]: {name} is wrong, see above", highlight=False)
                return 1
            graphs.append(documents.graph(done[stack.stack]))
        changes = diff.diff(graphs[0], graphs[1], ignored=done[stack.stack].ignored)
        console.print()
        screen.show_diff(console, f"{before} -> {after}", changes, diff.output_changes(graphs[0], graphs[1]))
        return 0

    run(work)
