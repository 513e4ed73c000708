"""Keeping the emulated account up on loopback, so that the AWS CLI, boto3 or any AWS tool can look at it."""

import logging
import pkgutil
import socket
import threading

from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from rich.console import Console

from rehearsal import extensions
from rehearsal.emulator import CREDENTIALS, load_extension


def serve(console: Console, port: int) -> None:
    """Answer on 127.0.0.1:`port` until interrupted; 0 takes any free port."""
    for module in pkgutil.iter_modules(extensions.__path__):
        load_extension(module.name.replace("_", "-"))
    try:
        # moto's server would fail in a thread of its own and leave us waiting for it.
        with socket.create_server(("127.0.0.1", port)):
            pass
    except (OSError, OverflowError) as error:
        console.print(f"[red]error[/] port {port} cannot be used: {error}; choose another with --serve PORT", highlight=False)
        raise SystemExit(1) from error
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line per request would bury what is said below
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    host, bound = server.get_host_and_port()
    console.print(f"the emulated account answers on http://{host}:{bound} until Ctrl-C; in another shell:", highlight=False)
    for key, value in {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://{host}:{bound}"}.items():
        if key != "AWS_DEFAULT_REGION":
            console.print(f"  export {key}={value}", highlight=False)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("stopped")
    finally:
        server.stop()
