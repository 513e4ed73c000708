"""`hybridge rehearse`: deploy stacks into an emulated account, and prove what was deployed."""

from typing import Annotated

import typer
from rich.console import Console

from cli.checked import checked
from cli.shared import BUILD, Build, Stacks, root, run
from rehearsal.usage import writable

WithoutProofs = Annotated[bool, typer.Option("--without-proofs", help="Deploy only: no reachability, policies, IAM, drills.")]
AllowUnknown = Annotated[
    bool, typer.Option("--allow-unknown", help="Let types without a row be: they are not made, and the rest is proved.")
]
Pairs = Annotated[bool, typer.Option("--pairs", help="Drill any two failures at once as well.")]


def command(
    stacks: Stacks,
    without_proofs: WithoutProofs = False,
    pairs: Pairs = False,
    allow_unknown: AllowUnknown = False,
    build: Build = BUILD,
) -> None:
    """Deploy stacks into an AWS account emulated in this process, and prove what was deployed.

    No account, no Docker, no Pulumi CLI. Exits 0 only when nothing is wrong.
    """

    def work(console: Console) -> int:
        writable(build)
        files, _ = checked(console, stacks, root())

        from cli.deploying import Way, rehearsed
        from rehearsal.emulator import Emulator

        with Emulator() as aws:
            good = rehearsed(
                console, aws, files, Way(root(), build, proofs=not without_proofs, pairs=pairs, unknown=allow_unknown)
            )
        return 0 if good else 1

    run(work)
