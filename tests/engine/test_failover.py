"""The worst day by the real engine: the second region takes over, and what stands then holds."""

import pytest

from engine.run import Engine
from proofs import run as proving
from rehearsal.stackfile import read
from tests.engine.conftest import NEEDS_CLI
from tests.rehearsal.support import ROOT

pytestmark = NEEDS_CLI
FAILOVER = "dr+mode=active+primaryState=stopped+disasterRecovery.promoted=true"


@pytest.fixture(scope="module")
def both(engine: Engine) -> Engine:
    for name in ("prod", "dr"):
        outcome = engine.up(read(name, ROOT))
        assert outcome.good, outcome.problems
    return engine


def test_the_failover_replaces_nothing_and_promotes_the_replica(both: Engine) -> None:
    outcome = both.up(read(FAILOVER, ROOT))
    assert outcome.good, outcome.problems
    assert outcome.rebuilt == {}
    kinds = {step.kind for step in outcome.changed}
    assert kinds == {"create", "update", "delete"}
    assert [step.type for step in outcome.changed if step.kind == "delete"] == ["aws:cloudwatch/metricAlarm:MetricAlarm"]
    (database,) = [step for step in outcome.changed if step.type == "aws:rds/instance:Instance"]
    assert "replicateSourceDb" in database.fields


def test_what_stands_after_the_failover_is_proved(both: Engine) -> None:
    done = both.rehearsals()
    with proving.watching(both.standing["dr"]) as watched:
        proofs = watched.prove(both.account.aws, done["dr"], both.standing["dr"])
    assert list(proofs.failed()) == []


def test_what_is_protected_stops_the_end_before_it_begins(both: Engine) -> None:
    before = both.states["dr"]
    outcome = both.destroy(read(FAILOVER, ROOT))
    assert not outcome.good
    assert any("cannot be deleted" in text and "protected" in text for text in outcome.problems)
    assert both.states["dr"] == before


def test_what_stands_is_the_same_after_a_restart(both: Engine) -> None:
    before = {seed: one.thing.id for seed, one in both.account.standing.items()}
    assert both.account.rebuild(both.states) == []
    assert {seed: one.thing.id for seed, one in both.account.standing.items()} == before
    assert both.preview(read(FAILOVER, ROOT)).changed == []
