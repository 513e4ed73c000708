"""A shell in which `aws` and `pulumi` are those of a rehearsal: code blocks of the documentation run in it as they stand."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from tests.rehearsal.served.cli import command
from tests.rehearsal.served.support import Account

SHIM = """#!{python} -IS
import json, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({path!r})
    line.sendall(json.dumps([{name!r}, *sys.argv[1:]]).encode() + b"\\n")
    code, out, err = json.loads(line.makefile().readline())
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
"""
OTHERS = ("dig", "hybridge")
"""What else the blocks call, and what need not be tried here."""


class Shell:
    """Runs scripts, and remembers what they asked for."""

    def __init__(self, folder: Path, account: Account, outputs: Mapping[str, Mapping[str, Any]]) -> None:
        self.folder, self.account, self.outputs = folder, account, outputs
        self.asked: list[list[str]] = []
        self.lenient: Callable[[list[str]], bool] = lambda _: False
        """Which commands may find nobody who answers them; what they print is then empty."""
        self.refused: list[str] = []

    def run(self, script: str) -> str:
        """What the script printed; it must not fail."""
        environment = {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout

    def answer(self, words: list[str]) -> tuple[int, str, str]:
        """Exit code, output and errors of one command."""
        program, *arguments = words
        if program == "pulumi":
            return self._pulumi(arguments)
        if program != "aws":
            return 0, "", ""
        self.asked.append(arguments)
        try:
            return 0, command(self.account, arguments) + "\n", ""
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotImplemented" and self.lenient(arguments):
                return 0, "{}\n", ""
            self.refused.append(str(error))
            return 254, "", f"{error}\n"
        except Exception as error:
            return 252, "", f"aws {' '.join(arguments)}: {type(error).__name__}: {error}\n"

    def _pulumi(self, arguments: list[str]) -> tuple[int, str, str]:
        """`pulumi stack output`; of everything else only that it was called."""
        if arguments[:2] != ["stack", "output"]:
            return 0, "", ""
        stack = arguments[arguments.index("-s") + 1] if "-s" in arguments else "prod"
        names = [word for word in arguments[2:] if not word.startswith("-") and word != stack]
        if not names:
            return 0, json.dumps(self.outputs[stack]) + "\n", ""
        if names[0] not in self.outputs[stack]:
            return 255, "", f"error: current stack does not have output property '{names[0]}'\n"
        value = self.outputs[stack][names[0]]
        return 0, (value if isinstance(value, str) and "--json" not in arguments else json.dumps(value)) + "\n", ""


@contextmanager
def shell(folder: Path, account: Account, outputs: Mapping[str, Mapping[str, Any]]) -> Iterator[Shell]:
    """A shell in a folder of its own."""
    made = Shell(folder, account, outputs)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(json.dumps(made.answer(json.loads(self.rfile.readline()))).encode() + b"\n")

    path = str(folder / "line")
    (folder / "bin").mkdir()
    for name in ("aws", "pulumi", *OTHERS):
        shim = folder / "bin" / name
        shim.write_text(SHIM.format(python=sys.executable, path=path, name=name), encoding="utf-8")
        shim.chmod(0o755)
    with socketserver.ThreadingUnixStreamServer(path, Handler) as server:
        listening: Callable[[], None] = server.serve_forever
        threading.Thread(target=listening, daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
