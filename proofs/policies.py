"""The policy pack, run without the Pulumi CLI: the unmodified pack in a process of its own, asked as the engine asks it.

What the engine does is done here: the pack gets the stack's configuration in its environment, sees every resource's inputs by
itself (`Analyze`) and then all resources' outputs together (`AnalyzeStack`), secrets wrapped as on the wire.
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/analyzer_plugin.go
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2

from proofs.pipe import Pipe, PipeError
from proofs.shown import Resource, alone, among_others, resource_of, resources_of
from rehearsal.monitor import Node
from rehearsal.run import Rehearsal
from rehearsal.stackfile import StackFile

FOLDER = Path(__file__).parents[1] / "policies"

_LEVELS = {analyzer_pb2.ADVISORY: "advisory", analyzer_pb2.MANDATORY: "mandatory", analyzer_pb2.REMEDIATE: "mandatory"}


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

    pipe: Pipe
    errors: IO[bytes]
    _seen: dict[str, int] = field(default_factory=dict)
    """The answers about resources as they were made, by URN."""
    options: int = 0
    """The answer about its options; 0 if it was given none, or took them."""

    def __enter__(self) -> "Pack":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the pack's process."""
        self.pipe.close()
        self.errors.close()

    def see(self, node: Node) -> None:
        """Ask about a resource that was just made, without waiting: the pack thinks while the program goes on."""
        self._seen[node.urn] = self.pipe.ask("Analyze", alone(resource_of(node)))

    def ask(self, rehearsal: Rehearsal) -> "Asked":
        """Ask about a rehearsed stack, without waiting: first about resources that were not seen yet, then about the whole."""
        return self.ask_about(resources_of(rehearsal))

    def ask_about(self, resources: Sequence[Resource]) -> "Asked":
        """Ask about a stack of these resources, the last of which is the stack itself, without waiting."""
        single = [
            (resource.urn, self._seen.pop(resource.urn, 0) or self.pipe.ask("Analyze", alone(resource)))
            for resource in resources
        ]
        whole = analyzer_pb2.AnalyzeStackRequest(resources=[among_others(resource) for resource in resources])
        last = self.pipe.ask("AnalyzeStack", whole)
        self.pipe.send()
        return Asked([*single, (resources[-1].urn, last)], self)

    def check(self, rehearsal: Rehearsal) -> list[Violation]:
        """Every violation in a rehearsed stack, sorted. Raises PackError."""
        return self.ask(rehearsal).violations()

    def analyze(self, resources: Sequence[Resource]) -> list[Violation]:
        """Every violation in a stack of these resources, the last of which is the stack itself, sorted. Raises PackError."""
        return self.ask_about(resources).violations()

    @cached_property
    def policies(self) -> list[PolicyInfo]:
        """The policies of the pack, in its order. Raises PackError."""
        info = analyzer_pb2.AnalyzerInfo.FromString(self.answer(self.pipe.ask("GetAnalyzerInfo", empty_pb2.Empty())))
        return [PolicyInfo(one.name, one.description, _LEVELS.get(one.enforcementLevel, "disabled")) for one in info.policies]

    def answer(self, number: int) -> bytes:
        """Wait for an answer. Raises PackError."""
        options, self.options = self.options, 0
        try:
            if options:
                self.pipe.answer(options)
            return self.pipe.answer(number)
        except PipeError as error:
            raise PackError(f"the policy pack in {FOLDER} {error}{self.said()}") from error

    def said(self) -> str:
        """What the pack wrote to its standard error."""
        self.errors.flush()
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip()
        return f":\n{said}" if said else ""


@dataclass(frozen=True)
class Asked:
    """What a pack was asked and has not told yet."""

    answers: Sequence[tuple[str, int]]
    pack: Pack

    def violations(self) -> list[Violation]:
        """Wait for the answers: every violation, sorted. Raises PackError."""
        told = ((urn, analyzer_pb2.AnalyzeResponse.FromString(self.pack.answer(number))) for urn, number in self.answers)
        return sorted(_violation(one, urn) for urn, answer in told for one in answer.diagnostics)


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
    # As with the engine's own launcher, nothing that stands beside the program is imported in place of a library.
    pack = Pack(Pipe([sys.executable, "-uP"], folder, environment, errors), errors)
    if options:
        configured = analyzer_pb2.ConfigureAnalyzerRequest()
        for policy, values in options.items():
            configured.policyConfig[policy].enforcementLevel = analyzer_pb2.MANDATORY
            configured.policyConfig[policy].properties.update(values)
        pack.options = pack.pipe.ask("Configure", configured)
    return pack


def _violation(diagnostic: Any, urn: str) -> Violation:
    message = diagnostic.message.removeprefix(diagnostic.description).strip()
    level = _LEVELS.get(diagnostic.enforcementLevel, "disabled")
    return Violation(diagnostic.policyName, diagnostic.urn or urn, message or diagnostic.description, level)
