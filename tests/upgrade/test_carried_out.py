"""The update of Hybridge on what the last release left standing, carried out by the real Pulumi engine."""

from collections.abc import Iterator

import pytest

from engine.run import Engine
from proofs import run as proving
from rehearsal.diff import compare, standing
from rehearsal.stackfile import read
from tests.edits.observed import stands
from tests.engine.conftest import NEEDS_CLI
from tests.rehearsal.support import ROOT
from tests.upgrade.released import STACKS, rehearsals, released, restore

pytestmark = NEEDS_CLI


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("released")
    restore(folder)
    with Engine(ROOT, folder) as engine:
        yield engine


@pytest.fixture(scope="module")
def told() -> dict[str, set[tuple[str, str]]]:
    """What the diff says that goes, by stack."""
    before = rehearsals(released())
    diffs = {name: compare(standing(before[place]), standing(stands("dr").all[place])) for place, name in enumerate(STACKS)}
    return {name: {(one.kind, one.name) for one in diff.changes if one.goes} for name, diff in diffs.items()}


@pytest.mark.parametrize("stack", STACKS)
def test_the_engine_takes_away_what_the_diff_says_and_nothing_else(
    told: dict[str, set[tuple[str, str]]], engine: Engine, stack: str
) -> None:
    outcome = engine.up(read(stack, ROOT), policies=ROOT / "policies")
    assert outcome.good, (outcome.problems, outcome.violations[:3])
    assert {(step.kind, step.name) for step in outcome.changed if step.kind in ("replace", "delete")} == told[stack]


def test_what_stands_after_the_update_holds_and_is_made_again(engine: Engine) -> None:
    done = engine.rehearsals()
    for name, file in engine.standing.items():
        with proving.watching(file) as watched:
            assert list(watched.prove(engine.account.aws, done[name], file).failed()) == []
    assert engine.account.rebuild(engine.states) == []
