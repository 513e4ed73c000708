"""What the backup plans take, how often, and how long it is kept."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proofs.drills.graph import Graphs, Resource

PLAN, SELECTION = "aws:backup/plan:Plan", "aws:backup/selection:Selection"
EVERY = re.compile(r"cron\(\S+ \S+ (?P<day>\S+) (?P<month>\S+) (?P<weekday>\S+) \S+\)")
DAYS = {"*", "?"}


@dataclass(frozen=True)
class Rule:
    """A rule of a plan."""

    name: str
    every: str
    """`day`, `week`, `month`, or the schedule itself."""
    days: int | None
    """How long a recovery point is kept; None: for ever."""
    vault: str
    """Name of the vault that it fills."""
    copies: tuple[tuple[str, int | None], ...]
    """ARN of each vault that it is copied to, and for how many days."""


def rules(graphs: Graphs, resource: Resource) -> list[Rule]:
    """The rules of the plans that take a resource, by its tags: an empty list means that none does."""
    taking = {one.get("planId") for one in graphs.of(SELECTION) if one.stack == resource.stack and _takes(one, resource)}
    plans = [plan for plan in graphs.of(PLAN) if taking & {*plan.names()}]
    return [rule for plan in plans for rule in rules_of(plan)]


def rules_of(plan: Resource) -> list[Rule]:
    """The rules of a plan."""
    return [_rule(rule) for rule in plan.get("rules") or ()]


def _takes(selection: Resource, resource: Resource) -> bool:
    """Whether a selection means a resource: by the kinds of ARN that it lists, and then by every tag that it asks for."""
    arn = str(resource.get("arn"))
    listed = selection.get("resources") or ()
    if listed and not any(_matches(pattern, arn) for pattern in listed):
        return False
    tags = resource.get("tagsAll") or resource.get("tags") or {}
    wanted = [
        (str(one.get("key")).removeprefix("aws:ResourceTag/"), one.get("value"))
        for condition in selection.get("conditions") or ()
        for one in condition.get("stringEquals") or ()
    ]
    return bool(listed or wanted) and all(tags.get(key) == value for key, value in wanted)


def _matches(pattern: Any, arn: str) -> bool:
    return bool(re.fullmatch(re.escape(str(pattern)).replace(r"\*", ".*"), arn))


def _rule(rule: dict[str, Any]) -> Rule:
    copies = tuple((str(one.get("destinationVaultArn")), _days(one.get("lifecycle"))) for one in rule.get("copyActions") or ())
    every, vault = _every(str(rule.get("schedule"))), str(rule.get("targetVaultName"))
    return Rule(str(rule.get("ruleName")), every, _days(rule.get("lifecycle")), vault, copies)


def _days(lifecycle: Any) -> int | None:
    days = (lifecycle or {}).get("deleteAfter")
    return None if days is None else int(days)


def _every(schedule: str) -> str:
    found = EVERY.fullmatch(schedule)
    if not found:
        return schedule
    if found["weekday"] not in DAYS:
        return "week"
    return "day" if found["day"] in DAYS else "month" if found["month"] in DAYS else schedule


def elsewhere(found: Sequence[Rule], region: str) -> Iterator[tuple[Rule, str]]:
    """The rules that copy into another region, and which."""
    for rule in found:
        for arn, _ in rule.copies:
            if (there := arn.split(":")[3]) != region:
                yield rule, there
