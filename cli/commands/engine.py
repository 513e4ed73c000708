"""`hybridge up`, `preview`, `refresh`, `destroy`: the real Pulumi engine on an emulated account that its state keeps."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.commands.rehearse import Pairs, WithoutProofs
from cli.commands.serve import DEFAULT_PORT
from cli.shared import Stacks, root, run
from rehearsal.usage import stacks_of, writable

Folder = Annotated[Path, typer.Option("--build", metavar="FOLDER", help="Where the states are kept.")]
FOLDER = Path("build/engine")
WithoutPolicies = Annotated[bool, typer.Option("--without-policies", help="Leave the policy pack out.")]
Serve = Annotated[bool, typer.Option("--serve", help="Keep the account up on loopback afterwards, as hybridge serve does.")]
Port = Annotated[int, typer.Option(metavar="PORT", help="Where on 127.0.0.1 with --serve; 0 takes any port that is free.")]


def up(
    stacks: Stacks,
    *,
    without_policies: WithoutPolicies = False,
    without_proofs: WithoutProofs = False,
    pairs: Pairs = False,
    serve: Serve = False,
    port: Port = DEFAULT_PORT,
    build: Folder = FOLDER,
) -> None:
    """Bring stacks up by the real Pulumi engine on an emulated account, and prove the account as it then is.

    What stands stays until `hybridge destroy`: bring it up again, with edits, to see what they do to it.
    """
    _run(
        "up",
        stacks,
        build,
        lambda way: way.up(policies=not without_policies, proofs=not without_proofs, pairs=pairs),
        port if serve else None,
    )


def preview(stacks: Stacks, without_policies: WithoutPolicies = False, build: Folder = FOLDER) -> None:
    """Show what `hybridge up` would do to what stands."""
    _run("preview", stacks, build, lambda way: way.preview(policies=not without_policies))


def refresh(
    stacks: Stacks,
    *,
    serve: Annotated[bool, typer.Option("--serve", help="Serve the account first: what was changed there is found.")] = False,
    port: Port = DEFAULT_PORT,
    build: Folder = FOLDER,
) -> None:
    """Compare what stands with the account: what is gone is forgotten, what was changed is kept as it is now.

    Whoever changes something by hand does it in an account that is served; the next `hybridge up` puts it right.
    """
    _run("refresh", stacks, build, lambda way: way.refresh(port if serve else None), checked=port if serve else None)


def destroy(stacks: Stacks, build: Folder = FOLDER) -> None:
    """Delete what stands, in the order in which AWS lets go of it; what is protected stops it before anything is deleted."""
    _run("destroy", stacks, build, lambda way: way.destroy())


def _run(
    operation: str,
    stacks: list[str],
    build: Path,
    work: Callable[..., bool],
    port: int | None = None,
    *,
    checked: int | None = None,
) -> None:
    """Carry out a command on what stands; with a port, serve it then. `checked` is a port that the command serves on itself."""

    def command(console: Console) -> int:
        files = stacks_of(stacks, root())
        writable(build)

        from engine import home

        home.check(operation)
        if (served := port if checked is None else checked) is not None:
            from rehearsal.serve import check

            check(served)

        from cli.standing import Way

        return 0 if Way(console, root(), build, files).carried_out(operation, work, port) else 1

    run(command)
