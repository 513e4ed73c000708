"""An update of Hybridge on what the last release left standing: nothing that is protected or carries traffic goes."""

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from proofs.edits import drilled
from rehearsal.diff import Change, Diff, compare, standing
from rehearsal.run import Rehearsal
from rehearsal.usage import UsageError
from tests.edits.observed import REVISED, stands
from tests.upgrade.__main__ import dated
from tests.upgrade.released import STACKS, rehearsals, released

INTERFACE = "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"


@pytest.fixture(scope="module")
def before() -> list[Rehearsal]:
    return rehearsals(released())


def updated(before: list[Rehearsal], stack: str) -> Diff:
    """What today's program does to one of the stacks."""
    place = STACKS.index(stack)
    return compare(standing(before[place]), standing(stands("dr").all[place]))


def going(diff: Diff) -> list[Change]:
    """What it replaces or deletes, but for task definitions, which are only ever revised."""
    return [change for change in diff.changes if change.goes and change.type != REVISED]


def stopped(diff: Diff) -> list[str]:
    """What an update may never run into."""
    return [f"{change.name}: {change.refused or change.clash}" for change in diff.changes if change.refused or change.clash]


def missed(diff: Diff, before: list[Rehearsal]) -> list[str]:
    """The functions that notice what goes."""
    effects = drilled(Diff(going(diff)), before, stands("dr").all)
    return [
        f"{one.function.kind} {one.function.subject}: {', '.join(one.causes)}"
        for one in effects
        if one.outcome in ("down", "degraded", "gone")
    ]


def unnamed(diff: Diff) -> Iterator[str]:
    """What seems to be called otherwise, and is made a second time for the lack of an alias."""
    made = [change for change in diff.changes if change.kind == "create"]
    for gone in diff.changes:
        same = (one for one in made if gone.kind == "delete" and (one.type, _said(one)) == (gone.type, _said(gone)))
        yield from (f"{gone.type}: {gone.name} is {one.name} now" for one in same)


def _said(change: Change) -> Mapping[str, Any]:
    """What is asked of a resource beside its name."""
    return {key: value for key, value in change.resource.inputs.items() if key not in ("name", "tags")}


@pytest.mark.parametrize("stack", STACKS)
def test_an_update_runs_into_nothing(before: list[Rehearsal], stack: str) -> None:
    """Neither into what is protected, nor into what another holds."""
    assert stopped(updated(before, stack)) == []


@pytest.mark.parametrize("stack", STACKS)
def test_an_update_takes_nothing_away_that_carries_traffic(before: list[Rehearsal], stack: str) -> None:
    diff = updated(before, stack)
    assert missed(diff, before) == [], [change.name for change in going(diff)]


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_called_otherwise_now_carries_an_alias(before: list[Rehearsal], stack: str) -> None:
    assert list(unnamed(updated(before, stack))) == []


def changed(before: list[Rehearsal], stack: str, type_: str, **inputs: Any) -> list[Rehearsal]:
    """A release that had asked something else of the first resource of a type."""
    place = STACKS.index(stack)
    deployment = before[place].deployment
    node = next(node for node in deployment.nodes.values() if node.type == type_)
    nodes = {**deployment.nodes, node.urn: dataclasses.replace(node, inputs={**node.inputs, **inputs})}
    other = dataclasses.replace(before[place], deployment=dataclasses.replace(deployment, nodes=nodes))
    return [other if one is before[place] else one for one in before]


def test_a_circuit_made_anew_would_be_noticed(before: list[Rehearsal]) -> None:
    old = changed(before, "prod", INTERFACE, vlan=999)
    assert any("seoul" in text for text in missed(updated(old, "prod"), old))


def test_a_database_made_anew_would_be_noticed(before: list[Rehearsal]) -> None:
    old = changed(before, "prod", "aws:rds/instance:Instance", dbName="another")
    assert any("Pulumi refuses this: protected" in text for text in stopped(updated(old, "prod")))


def test_a_new_name_without_an_alias_would_be_noticed(before: list[Rehearsal]) -> None:
    deployment = before[0].deployment
    node = next(node for node in deployment.nodes.values() if node.type == INTERFACE)
    old = dataclasses.replace(node, urn=f"{node.urn}-before", name=f"{node.name}-before")
    nodes = {urn: one for urn, one in deployment.nodes.items() if urn != node.urn} | {old.urn: old}
    other = dataclasses.replace(before[0], deployment=dataclasses.replace(deployment, nodes=nodes))
    assert list(unnamed(updated([other, before[1]], "prod"))) == [f"{INTERFACE}: {old.name} is {node.name} now"]


def test_a_release_has_its_heading_dated() -> None:
    day = datetime.date(2027, 1, 2)
    text = "# Changes\n\n## 1.2.0 (not released yet)\n\n## 1.1.0 (2026-12-24)\n"
    assert "## 1.2.0 (2027-01-02)" in dated(text, "1.2.0", day)
    assert dated(dated(text, "1.2.0", day), "1.2.0", day) == dated(text, "1.2.0", day)
    with pytest.raises(UsageError, match=r"the newest heading is 1.2.0, hybridge/__init__.py says 1.3.0; write '## 1.3.0"):
        dated(text, "1.3.0", day)
