"""Keeping the emulated account up on loopback, so that the AWS CLI, boto3 or any AWS tool can look at it."""

import os
import pkgutil
import socket
import threading
import warnings

from rich.console import Console
from rich.markup import escape

from rehearsal import extensions
from rehearsal.emulator import CREDENTIALS, load_extension
from rehearsal.server import Server
from rehearsal.usage import UsageError


def check(port: int) -> None:
    """Whether a port can be served on, before anybody waits for what is to be served. Raises UsageError."""
    try:
        # moto's server would fail in a thread of its own and leave us waiting for it.
        with socket.create_server(("127.0.0.1", port)):
            pass
    except OverflowError as error:
        raise UsageError(f"--serve {port}: ports are numbers from 1 to 65535; 0 takes any that is free") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise UsageError(f"--serve {port}: {reason}; name another port, or 0 for any that is free") from error


def region_of_tools() -> str:
    """Where AWS tools look that are told nothing else; call it before an account is open."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or CREDENTIALS["AWS_DEFAULT_REGION"]


def load_everything() -> None:
    """Load every operation that was added to moto: whoever asks, nobody has made a client for it in this process."""
    for module in pkgutil.iter_modules(extensions.__path__):
        load_extension(module.name.replace("_", "-"))


def serve(console: Console, port: int, region: str) -> None:
    """Answer on 127.0.0.1:`port` until interrupted; 0 takes any free port. `region` is where tools are told to look."""
    load_everything()
    check(port)
    # moto warns of errors that AWS's API model does not list, which AWS itself gives all the same.
    warnings.filterwarnings("ignore", module="moto")

    def tell(text: str) -> None:
        console.print(f"[yellow]not answered[/] {escape(text)}", highlight=False)

    with Server(port, tell) as server:
        console.print(f"the emulated account answers on {server.url} until Ctrl-C; in another shell:", highlight=False)
        told = {**CREDENTIALS, "AWS_DEFAULT_REGION": region, "AWS_ENDPOINT_URL": server.url}
        for key, value in told.items():
            console.print(f"  export {key}={value}", highlight=False)
        console.print("  aws directconnect describe-virtual-interfaces", highlight=False)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            console.print("stopped")
