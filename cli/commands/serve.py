"""`hybridge serve`: rehearse stacks, and keep the emulated account up for other processes."""

from typing import Annotated

import typer
from rich.console import Console

from cli.checked import checked
from cli.commands.rehearse import AllowUnknown, Pairs, WithoutProofs
from cli.shared import BUILD, Build, known, root, run
from rehearsal.usage import writable

DEFAULT_PORT = 5000
Stacks = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="STACK", help="What is rehearsed first, in this order. None: an empty account.", autocompletion=known
    ),
]
Port = Annotated[int, typer.Option(metavar="PORT", help="Where on 127.0.0.1; 0 takes any port that is free.")]


def command(
    stacks: Stacks = None,
    port: Port = DEFAULT_PORT,
    without_proofs: WithoutProofs = False,
    pairs: Pairs = False,
    *,
    allow_unknown: AllowUnknown = False,
    build: Build = BUILD,
) -> None:
    """Rehearse stacks, and keep the emulated account up on loopback for the AWS CLI, boto3 or any AWS tool.

    Without a stack the account is an empty one: for Terraform, or `pulumi up` with the real plugins.
    """

    def work(console: Console) -> int:
        writable(build)
        files, _ = checked(console, stacks or [], root())

        from rehearsal.serve import check, region_of_tools, serve

        check(port)
        region = files[0].region if files else region_of_tools()

        from cli.deploying import Way, rehearsed
        from rehearsal.emulator import Emulator

        with Emulator() as aws:
            way = Way(root(), build, proofs=not without_proofs, pairs=pairs, unknown=allow_unknown)
            good = not files or rehearsed(console, aws, files, way)
            serve(console, port, region)
        return 0 if good else 1

    run(work)
