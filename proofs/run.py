"""All proofs over rehearsed stacks: reachability, policies, IAM, secrets, and the failure drills."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proofs import iam, own, secrets
from proofs.aside import aside
from proofs.drills import DrillReport, drill, terms_of
from proofs.iam.findings import Finding
from proofs.policies import Asked, Pack, PackError, PolicyInfo, Violation, start_pack
from proofs.reachability import ReachabilityReport, prove
from proofs.secrets import Leak
from rehearsal import written
from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal
from rehearsal.stackfile import StackFile


@dataclass
class StackProofs:
    """What was proved of one stack."""

    stack: str
    reachability: ReachabilityReport
    policies: list[PolicyInfo]
    violations: list[Violation]
    findings: list[Finding]
    leaks: list[Leak]
    pack_error: str = ""
    """Why the policy pack did not run; empty if it did."""

    @property
    def good(self) -> bool:
        """Whether every proof holds."""
        stopping = [one for one in self.violations if one.level == "mandatory"]
        return self.reachability.good and not (stopping or self.findings or self.leaks or self.pack_error)

    def failed(self) -> Iterator[tuple[str, str, str]]:
        """What does not hold: the proof, what it was found in, what was found."""
        for failure in self.reachability.failures:
            yield f"reachability: {failure.proof}", failure.what, "; ".join(failure.cite)
        if self.pack_error:
            yield "policies", "the policy pack", self.pack_error
        for violation in self.violations:
            yield f"policy {violation.policy} ({violation.level})", violation.urn, violation.message
        for finding in self.findings:
            yield f"IAM: {finding.rule}", f"{finding.urn} {finding.document} {finding.sid}".rstrip(), finding.message
        for leak in self.leaks:
            yield "secrets", f"{leak.urn} {leak.path}", leak.message

    def as_json(self) -> dict[str, Any]:
        """Plain values, the same for the same deployment."""
        return {
            "stack": self.stack,
            "reachability": self.reachability.as_json(),
            "policies": [vars(policy) for policy in self.policies],
            "violations": [vars(violation) for violation in self.violations],
            "iam": [vars(finding) for finding in self.findings],
            "secrets": [vars(leak) for leak in self.leaks],
            "policyPackError": self.pack_error,
        }


@dataclass
class Watched:
    """The policy pack of a stack that is being rehearsed: it thinks about resources while the program goes on."""

    pack: Pack
    seconds: float = field(default=0.0)

    def prove(self, aws: Emulator, rehearsal: Rehearsal, stack: StackFile) -> StackProofs:
        """Prove everything but the drills of a stack that was just rehearsed, while its account is open."""
        asked, reached = self.pack.ask(rehearsal), _reached(aws, rehearsal, stack)
        return self._proved(asked, lambda: reached, rehearsal, stack)

    def begin(self, aws: Emulator, rehearsal: Rehearsal, stack: StackFile) -> Callable[[], StackProofs]:
        """Begin to prove that of the last stack of an account, aside; call what is returned for what was found.

        Of the last one only: AWS's own things that a proof looks at come to be in its process, and would be others here.
        """
        asked = self.pack.ask(rehearsal)
        reached = aside(lambda: _reached(aws, rehearsal, stack))
        return lambda: self._proved(asked, reached, rehearsal, stack)

    def _proved(
        self, asked: Asked, reached: Callable[[], tuple[ReachabilityReport, float]], rehearsal: Rehearsal, stack: StackFile
    ) -> StackProofs:
        started = time.perf_counter()
        findings, leaks = iam.lint(rehearsal), secrets.leaks(rehearsal)
        linted = time.perf_counter()
        reachability, seconds = reached()
        result = StackProofs(stack.stack, reachability, [], [], findings, leaks)
        waited = time.perf_counter()
        try:
            result.violations = asked.violations()
            result.policies = self.pack.policies
        except PackError as error:
            result.pack_error = str(error)
        self.seconds = linted - started + seconds + time.perf_counter() - waited
        return result


def _reached(aws: Emulator, rehearsal: Rehearsal, stack: StackFile) -> tuple[ReachabilityReport, float]:
    """Who reaches whom, and the seconds it took to prove."""
    started = time.perf_counter()
    return prove(aws, rehearsal, stack), time.perf_counter() - started


@contextmanager
def watching(stack: StackFile) -> Iterator[Watched]:
    """Start the policy pack for a stack, as `pulumi up --policy-pack policies` does, with no options; pass `.pack.see` to the
    rehearsal as its progress."""
    with start_pack(stack) as pack:
        yield Watched(pack)


def drilled(rehearsals: list[Rehearsal], stacks: list[StackFile], *, pairs: bool = False) -> DrillReport:
    """The failure drills over all stacks together, with what own/accepted.yaml of the working directory accepts."""
    return drill(rehearsals, pairs, terms=terms_of(stacks, own.accepted(Path.cwd())))


def write(stacks: list[StackProofs], drills: DrillReport, folder: Path) -> None:
    """Write `proofs.json` next to each stack's graph; the drills, which are over all stacks, are in each."""
    for one in stacks:
        target = folder / one.stack
        target.mkdir(parents=True, exist_ok=True)
        content = one.as_json() | {"drills": drills.as_json()}
        (target / "proofs.json").write_text(written.text(content) + "\n", encoding="utf-8")
