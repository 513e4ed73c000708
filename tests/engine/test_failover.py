"""The worst day by the real engine, and the way back: the second region takes over, then the first, and what stands holds."""

import pytest

from engine import state
from engine.run import Engine
from proofs import run as proving
from rehearsal.stackfile import read
from tests.engine.conftest import NEEDS_CLI
from tests.rehearsal.support import ROOT

pytestmark = NEEDS_CLI
INSTANCE = "aws:rds/instance:Instance"
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
    (database,) = [step for step in outcome.changed if step.type == INSTANCE]
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


BACK = "disasterRecovery.generation=2+disasterRecovery.restoreFrom="
STOPPED = "dr+mode=pilot-light+primaryState=stopped+disasterRecovery.promoted=true"


def database(engine: Engine, stack: str) -> state.Resource:
    """The instance of a stack that is no reader of another of it."""
    (found,) = [one for one in engine.states[stack] if one.type == INSTANCE and "reader" not in one.name]
    return found


def unprotect(engine: Engine, stack: str) -> None:
    """What a person does who means it: the instances of a stack may go."""
    for one in engine.states[stack]:
        if one.type == INSTANCE and one.options.get("protect"):
            engine.workspace._run_pulumi_cmd_sync(["state", "unprotect", one.urn, "--stack", stack, "--yes"])


def test_the_file_from_before_the_failover_is_refused(both: Engine) -> None:
    before = database(both, "dr").id
    outcome = both.up(read("dr", ROOT))
    assert not outcome.good
    assert any("follows another again" in text for text in outcome.problems), outcome.problems
    assert database(both, "dr").id == before
    again = both.up(read(FAILOVER, ROOT))
    assert again.good, again.problems


def test_the_first_region_follows_once_its_instance_is_let_go_of_which_stays(both: Engine) -> None:
    old, source = database(both, "prod"), database(both, "dr")
    edit = read(f"prod+migration.stage=prepare+{BACK}{source.outputs['arn']}", ROOT)
    refused = both.up(edit)
    assert any("protected" in text for text in refused.problems), refused.problems
    unprotect(both, "prod")
    outcome = both.up(edit)
    assert outcome.good, outcome.problems
    new = database(both, "prod")
    assert (new.urn != old.urn, new.inputs["replicateSourceDb"]) == (True, source.outputs["arn"])
    assert old.options["retainOnDelete"]


def test_the_first_region_serves_again_and_the_second_follows(both: Engine) -> None:
    source = database(both, "dr").outputs["arn"]
    stopped = both.up(read(STOPPED, ROOT))
    assert stopped.good, stopped.problems
    serving = both.up(read(f"prod+{BACK}{source}+disasterRecovery.promoted=true+disasterRecovery.secondaryState=stopped", ROOT))
    assert serving.good, serving.problems
    assert not database(both, "prod").inputs.get("replicateSourceDb")
    unprotect(both, "dr")
    follows = both.up(read("dr+disasterRecovery.generation=2", ROOT))
    assert follows.good, follows.problems
    assert database(both, "dr").inputs["replicateSourceDb"] == database(both, "prod").outputs["arn"]
    done = both.rehearsals()
    for name, standing in both.standing.items():
        with proving.watching(standing) as watched:
            assert list(watched.prove(both.account.aws, done[name], standing).failed()) == []


def test_what_stands_is_the_same_after_a_restart(both: Engine) -> None:
    # What was let go of and stays in AWS is in no state: a restart knows it no more.
    known = {one.seed: one.id for stack in both.states.values() for one in stack if one.made}
    assert both.account.rebuild(both.states) == []
    assert {seed: one.thing.id for seed, one in both.account.standing.items()} == known
    assert both.preview(read("dr+disasterRecovery.generation=2", ROOT)).changed == []
