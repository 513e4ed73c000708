"""`hybridge watch`: rehearse and prove stacks again after each edit."""

import socket
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.shared import BUILD, Build, Stacks, root, run
from rehearsal.usage import UsageError, writable

Page = Annotated[Path, typer.Option("--report", metavar="FOLDER", help="Where the page about the stacks goes.")]
Port = Annotated[
    int | None,
    typer.Option("--serve", metavar="PORT", help="Serve the account on 127.0.0.1 too; 0 takes any port that is free."),
]


def command(stacks: Stacks, serve: Port = None, build: Build = BUILD, report: Page = Path("build/report")) -> None:
    """Rehearse stacks, prove them, and do so again whenever a stack file, a component, a policy or own/ is edited.

    Each answer is one screen: what is wrong, what changed since everything held, which drills got worse. Ctrl-C ends it.
    """

    def work(console: Console) -> int:
        writable(build)
        writable(report)
        from cli.watching import Watching

        return Watching(console, stacks, root(), build, report, _listening(serve)).run()

    run(work)


def _listening(port: int | None) -> socket.socket | None:
    """The port, open from here on: one account after the other answers on it."""
    if port is None:
        return None
    from rehearsal.serve import check

    check(port)
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(f"--serve {port}: {error.strerror}; name another port, or 0 for any that is free") from error
