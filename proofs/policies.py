"""The policy pack, run without the Pulumi CLI: the unmodified pack in a process of its own, asked over its own gRPC interface.

What the engine does is done here: the pack gets the stack's configuration in its environment, sees every resource's inputs by
itself (`Analyze`) and then all resources' outputs together (`AnalyzeStack`), secrets wrapped as on the wire.
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/analyzer_plugin.go
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from proofs.shown import Resource, alone, among_others, resource_of, resources_of
from rehearsal.monitor import Node
from rehearsal.run import Rehearsal
from rehearsal.stackfile import StackFile

FOLDER = Path(__file__).parents[1] / "policies"
START_SECONDS = 20.0
"""Time that the pack has to start. It takes half a second; an import that hangs must not hang the rehearsal."""
ANSWER_SECONDS = 60.0
"""Time that the pack has for one answer."""

_LEVELS = {analyzer_pb2.ADVISORY: "advisory", analyzer_pb2.MANDATORY: "mandatory", analyzer_pb2.REMEDIATE: "mandatory"}
_NO_LIMIT = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class PackError(Exception):
    """The pack does not run; the text says why, in its own words."""


@dataclass(frozen=True, order=True)
class Violation:
    """A policy that does not hold."""

    policy: str
    urn: str
    """The resource; the stack's own URN where it is the stack as a whole."""
    message: str
    """What was found, what is allowed, what to do."""
    level: str
    """`mandatory` stops a deployment; `advisory` is only told."""


@dataclass(frozen=True)
class PolicyInfo:
    """A policy of the pack."""

    name: str
    description: str
    level: str


@dataclass
class Pack:
    """A pack that was started. It runs until it is closed; use it as a context manager."""

    process: "subprocess.Popen[bytes]"
    errors: IO[bytes]
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _asked: dict[str, Any] = field(default_factory=dict)
    """What was asked about resources as they were made, by URN."""

    def __enter__(self) -> "Pack":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the pack's process."""
        if "_channel" in vars(self):
            self._channel.close()
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.errors.close()

    def see(self, node: Node) -> None:
        """Ask about a resource that was just made, without waiting: the pack thinks while the program goes on."""
        self._asked[node.urn] = self._stub.Analyze.future(alone(resource_of(node)), timeout=ANSWER_SECONDS)

    def ask(self, rehearsal: Rehearsal) -> "Asked":
        """Ask about a rehearsed stack, without waiting: first about resources that were not seen yet, then about the whole."""
        return self.ask_about(resources_of(rehearsal))

    def ask_about(self, resources: Sequence[Resource]) -> "Asked":
        """Ask about a stack of these resources, the last of which is the stack itself, without waiting."""
        single = [
            (
                resource.urn,
                self._asked.pop(resource.urn, None) or self._stub.Analyze.future(alone(resource), timeout=ANSWER_SECONDS),
            )
            for resource in resources
        ]
        whole = analyzer_pb2.AnalyzeStackRequest(resources=[among_others(resource) for resource in resources])
        return Asked([*single, (resources[-1].urn, self._stub.AnalyzeStack.future(whole, timeout=ANSWER_SECONDS))], self)

    def check(self, rehearsal: Rehearsal) -> list[Violation]:
        """Every violation in a rehearsed stack, sorted. Raises PackError."""
        return self.ask(rehearsal).violations()

    def analyze(self, resources: Sequence[Resource]) -> list[Violation]:
        """Every violation in a stack of these resources, the last of which is the stack itself, sorted. Raises PackError."""
        return self.ask_about(resources).violations()

    @cached_property
    def policies(self) -> list[PolicyInfo]:
        """The policies of the pack, in its order."""
        info = self._stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=ANSWER_SECONDS)
        return [PolicyInfo(one.name, one.description, _LEVELS.get(one.enforcementLevel, "disabled")) for one in info.policies]

    @cached_property
    def _channel(self) -> grpc.Channel:
        # The pack writes the port it listens on as its first line. A pack that never does is ended.
        overdue = threading.Timer(START_SECONDS, self.process.kill)
        overdue.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        overdue.cancel()
        if not line.strip().isdigit():
            raise PackError(f"the policy pack in {FOLDER} does not start{self.said()}")
        return grpc.insecure_channel(f"127.0.0.1:{line.decode().strip()}", options=_NO_LIMIT)

    @cached_property
    def _stub(self) -> Any:
        stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        if self.options:
            configured = analyzer_pb2.ConfigureAnalyzerRequest()
            for policy, values in self.options.items():
                configured.policyConfig[policy].enforcementLevel = analyzer_pb2.MANDATORY
                configured.policyConfig[policy].properties.update(values)
            stub.Configure(configured, timeout=ANSWER_SECONDS)
        return stub

    def said(self) -> str:
        """What the pack wrote to its standard error."""
        self.errors.flush()
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip()
        return f":\n{said}" if said else ""


@dataclass(frozen=True)
class Asked:
    """What a pack was asked and has not told yet."""

    answers: Sequence[tuple[str, Any]]
    pack: Pack

    def violations(self) -> list[Violation]:
        """Wait for the answers: every violation, sorted. Raises PackError."""
        try:
            return sorted(_violation(one, urn) for urn, answer in self.answers for one in answer.result().diagnostics)
        except grpc.RpcError as error:
            raise PackError(f"the policy pack failed: {error.details()}{self.pack.said()}") from error


def start_pack(stack: StackFile, *, folder: Path = FOLDER, options: Mapping[str, Mapping[str, Any]] | None = None) -> Pack:
    """Start the policy pack for a stack, as the engine would; returns at once, while the pack is still starting.

    `options` maps policies to their options, as a file given to `pulumi up --policy-pack-config` does.
    """
    environment = {
        **os.environ,
        "PULUMI_CONFIG": json.dumps(stack.effective),
        "HYBRIDGE_ROOT": str(Path.cwd()),
        "PULUMI_PROJECT": stack.project,
        "PULUMI_STACK": stack.stack,
        "PULUMI_DRY_RUN": "false",
    }
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the pack
    process = subprocess.Popen(
        # What the engine's own launcher runs; the address is that of the engine, which a pack written in Python never calls.
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", "."],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
    )
    return Pack(process, errors, options or {})


def _violation(diagnostic: Any, urn: str) -> Violation:
    message = diagnostic.message.removeprefix(diagnostic.description).strip()
    level = _LEVELS.get(diagnostic.enforcementLevel, "disabled")
    return Violation(diagnostic.policyName, diagnostic.urn or urn, message or diagnostic.description, level)
