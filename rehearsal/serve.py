"""Keeping the emulated account up on loopback, so that the AWS CLI, boto3 or any AWS tool can look at it."""

import logging
import os
import pkgutil
import socket
import threading

from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from rich.console import Console

from rehearsal import extensions
from rehearsal.emulator import CREDENTIALS, load_extension
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


def serve(console: Console, port: int, region: str) -> None:
    """Answer on 127.0.0.1:`port` until interrupted; 0 takes any free port. `region` is where tools are told to look."""
    for module in pkgutil.iter_modules(extensions.__path__):
        load_extension(module.name.replace("_", "-"))
    check(port)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line per request would bury what is said below
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    host, bound = server.get_host_and_port()
    console.print(f"the emulated account answers on http://{host}:{bound} until Ctrl-C; in another shell:", highlight=False)
    told = {**CREDENTIALS, "AWS_DEFAULT_REGION": region, "AWS_ENDPOINT_URL": f"http://{host}:{bound}"}
    for key, value in told.items():
        console.print(f"  export {key}={value}", highlight=False)
    console.print("  aws directconnect describe-virtual-interfaces", highlight=False)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("stopped")
    finally:
        server.stop()
