"""Run the policy pack of a folder as the engine's own launcher does, and answer what comes through pipes instead of gRPC.

    python pack_host.py ANSWERS FOLDER      (requests on standard input, answers to the file descriptor ANSWERS)

The pack is not told the difference: it is the same servicer, with the same requests in and answers out. gRPC takes a thread in
each process and half a millisecond for each of them, which is most of what the pack itself takes to think. See proofs/pipe.py.
"""

import os
import runpy
import struct
import sys
from types import SimpleNamespace
from typing import Any, BinaryIO

from pulumi_policy import policy

HEAD = struct.Struct(">BI")
"""Before each message: which method is asked (of an answer: whether it failed), and how many bytes follow."""
METHODS = ("GetAnalyzerInfo", "Configure", "Analyze", "AnalyzeStack")


class _Server:
    """What the pack takes for its gRPC server."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self.requests, self.answers = requests, answers
        self.methods: dict[str, Any] = {}

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        """Learn what the pack answers."""
        (handler,) = handlers
        for method in METHODS:
            details = SimpleNamespace(method=f"/pulumirpc.Analyzer/{method}", invocation_metadata=())
            self.methods[method] = handler.service(details)

    def add_insecure_port(self, address: str) -> int:
        """No port is needed."""
        return 0

    def start(self) -> None:
        """Answer until nothing more is asked."""
        self.answers.write(b"\n")
        self.answers.flush()
        while len(head := self.requests.read(HEAD.size)) == HEAD.size:
            number, size = HEAD.unpack(head)
            failed, answer = self._answer(METHODS[number], self.requests.read(size))
            self.answers.write(HEAD.pack(failed, len(answer)) + answer)
            self.answers.flush()
        raise SystemExit

    def _answer(self, method: str, request: bytes) -> tuple[bool, bytes]:
        handler = self.methods[method]
        try:
            answer = handler.unary_unary(handler.request_deserializer(request), None)
            return False, handler.response_serializer(answer)
        except Exception as error:
            return True, f"{type(error).__name__}: {error}".encode()


def main() -> None:
    """Run the pack."""
    answers, folder = int(sys.argv[1]), sys.argv[2]
    server = _Server(sys.stdin.buffer, os.fdopen(answers, "wb"))
    os.dup2(2, 1)  # what a policy prints is not read as an answer
    vars(policy)["grpc"] = SimpleNamespace(server=lambda *_, **__: server)
    # The address is that of the engine, which a pack written in Python never calls.
    sys.argv = ["pulumi.policy", "127.0.0.1:0", folder]
    runpy.run_module("pulumi.policy", run_name="__main__")


if __name__ == "__main__":
    main()
