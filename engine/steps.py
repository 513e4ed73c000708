"""What the engine did or would do, from the events it tells while it works."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pulumi.automation import EngineEvent

from engine import state

SHUT_DOWN = "resource monitor shut down"
"""How the program ends whose resources the engine takes no longer."""
ENDINGS = ("preview failed", "update failed", "refresh failed", "destroy failed")
CHANGING = ("create", "update", "replace", "delete")
"""What the summary counts, in its order."""


@dataclass(frozen=True)
class Step:
    """One resource, and what happens to it."""

    kind: str
    """`create`, `update`, `replace`, `delete`, `same` and the like, in the engine's own words."""
    urn: str
    type: str
    fields: tuple[str, ...] = ()
    """The inputs that differ, by their paths."""
    because: tuple[str, ...] = ()
    """Those of them that make it anew."""

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return state.name_of(self.urn)

    @property
    def custom(self) -> bool:
        """Whether it is a resource of a provider: no component, no stack."""
        return bool(re.match(r"(aws|random):", self.type))


@dataclass(frozen=True)
class Violation:
    """What a policy said of a resource."""

    policy: str
    urn: str
    message: str
    level: str


@dataclass
class Outcome:
    """What became of one command."""

    operation: str
    stack: str
    steps: list[Step] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Why it failed, in the words of the engine, the program, or AWS."""
    violations: list[Violation] = field(default_factory=list)
    rebuilt: dict[str, list[str]] = field(default_factory=dict)
    """By URN, the changed inputs that no call could change: for these the account was made anew from the state."""
    untold: dict[str, list[str]] = field(default_factory=dict)
    """By URN, inputs that a refresh found changed, and of which the state cannot keep how."""
    failed: bool = False
    previewed: bool = False
    """Whether nothing was done yet: what it would do."""
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether the engine finished."""
        return not self.failed and not self.problems

    @property
    def changed(self) -> list[Step]:
        """The resources of providers that are made, changed, made anew or removed, in the engine's order."""
        return [step for step in self.steps if step.custom and step.kind in CHANGING]

    @property
    def counts(self) -> Counter[str]:
        """How many of each kind, components included, as the CLI counts."""
        return Counter(step.kind for step in self.steps if step.kind in (*CHANGING, "same"))


class Watch:
    """Collects the events of one command."""

    def __init__(self, on_step: Callable[[str], None]) -> None:
        self.on_step = on_step
        self.refreshing: set[str] = set()
        self.steps: dict[tuple[str, str], Step] = {}
        self.problems: list[str] = []
        self.violations: list[Violation] = []

    def see(self, event: EngineEvent) -> None:
        """Take in one event."""
        if event.resource_pre_event:
            self._step(event.resource_pre_event.metadata)
        elif event.res_outputs_event and event.res_outputs_event.metadata.urn in self.refreshing:
            # What a refresh found is told once it is known: the resource is the same, differs, or is gone.
            self._step(event.res_outputs_event.metadata)
        elif event.policy_event:
            one = event.policy_event
            self.violations.append(
                Violation(one.policy_name, one.resource_urn or "", _plain(one.message), one.enforcement_level)
            )
        elif event.diagnostic_event and event.diagnostic_event.severity == "error":
            text = _plain(event.diagnostic_event.message)
            urn = event.diagnostic_event.urn
            self.problems.append(f"{urn}: {text}" if urn and "pulumi:pulumi:Stack" not in urn else text)

    def _step(self, of: Any) -> None:
        kind = _word(of.op)
        if kind == "refresh":
            self.refreshing.add(of.urn)
            self.on_step(state.name_of(of.urn))
            return
        detailed = of.detailed_diff or {}
        because = sorted(
            path for path, one in detailed.items() if str(getattr(one.diff_kind, "value", one.diff_kind)).endswith("-replace")
        )
        fields = sorted(detailed) or sorted(of.diffs or ())
        self.steps[(of.urn, kind)] = Step(kind, of.urn, of.type, tuple(fields), tuple(because))
        self.on_step(state.name_of(of.urn))

    def outcome(self, operation: str, stack: str, failed: str, previewed: bool) -> Outcome:
        """What became of it; `failed` is what the CLI wrote, if it ended with an error."""
        told = dict.fromkeys(text.removeprefix("an unhandled error occurred: ") for text in self.problems)
        # The engine ends with a line that only says that there was an error before it.
        problems = [text for text in told if text not in ENDINGS and not text.endswith(SHUT_DOWN)] or list(told)
        if failed and not problems and not self.violations:
            problems = [failed]
        return Outcome(
            operation, stack, list(self.steps.values()), problems, self.violations, failed=bool(failed), previewed=previewed
        )


def _word(one: Any) -> str:
    """An operation or a kind of difference; the SDK leaves as text what it has no name for."""
    return str(getattr(one, "value", one))


def _plain(text: str) -> str:
    """Without the marks for colours and the empty lines around."""
    return re.sub(r"<\{%[^%]*%\}>", "", text).strip()
