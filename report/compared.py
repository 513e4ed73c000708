"""The same question asked of several stacks: one line, a result for each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from report.collect import Evidence, StackEvidence


@dataclass(frozen=True)
class Asked:
    """A question, and what each stack answers; None: it was not asked there."""

    name: str
    text: str
    level: str
    holds: list[bool | None]
    found: list[tuple[str, str, str]]
    """Where it does not hold: stack, resource, what is wrong."""


@dataclass(frozen=True)
class Counts:
    """How many of a kind each stack has."""

    name: str
    numbers: list[int]


def statements(evidence: Evidence) -> list[Asked]:
    """The statements over reachability."""
    reports = [one.proofs.reachability.as_json() if one.proofs else None for one in evidence.stacks]
    names = {proof["name"]: proof["statement"] for report in reports if report for proof in report["proofs"]}
    holding = [{proof["name"]: proof["holds"] for proof in report["proofs"]} if report else {} for report in reports]
    return [Asked(name, text, "", [answers.get(name) for answers in holding], []) for name, text in names.items()]


def policies(evidence: Evidence) -> list[Asked]:
    """The policies of the pack."""
    known = {policy.name: policy for one in evidence.stacks for policy in (one.proofs.policies if one.proofs else ())}
    return [
        Asked(
            name,
            policy.description,
            policy.level,
            [_holds(one, name) for one in evidence.stacks],
            [
                (one.stack.stack, violation.urn, violation.message)
                for one in evidence.stacks
                for violation in (one.proofs.violations if one.proofs else ())
                if violation.policy == name
            ],
        )
        for name, policy in known.items()
    ]


def _holds(one: StackEvidence, policy: str) -> bool | None:
    if one.proofs is None or policy not in {known.name for known in one.proofs.policies}:
        return None
    return not any(violation.policy == policy for violation in one.proofs.violations)


def documents(evidence: Evidence) -> list[Counts]:
    """The policy documents of IAM, by kind."""
    kinds: Sequence[Counter[str]] = [Counter(one.documents) for one in evidence.stacks]
    return [Counts(kind, [one[kind] for one in kinds]) for kind in sorted({kind for one in kinds for kind in one})]
