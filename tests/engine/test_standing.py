"""A stack's later days by the real engine: edits, drift, what stands after a restart, and its end."""

from pathlib import Path

import pytest

from engine.run import Engine
from rehearsal.stackfile import read
from rehearsal.usage import UsageError
from tests.engine.conftest import NEEDS_CLI
from tests.rehearsal.support import ROOT

pytestmark = NEEDS_CLI
DEV = read("dev", ROOT)


@pytest.fixture(scope="module")
def standing(engine: Engine) -> Engine:
    outcome = engine.up(DEV)
    assert outcome.good, outcome.problems
    return engine


def test_an_edit_of_the_database_is_applied_in_place(standing: Engine) -> None:
    outcome = standing.up(read("dev+database.multiAz=true", ROOT))
    assert outcome.good, outcome.problems
    changed = {step.name: step for step in outcome.changed}
    assert changed["database"].kind == "update"
    assert changed["database"].fields == ("multiAz",)
    assert changed["database"].urn not in outcome.rebuilt
    (found,) = standing.account.aws.call("rds", "DescribeDBInstances", {}, region=DEV.region)["DBInstances"]
    assert found["MultiAZ"] is True


def test_the_edit_is_taken_back_by_bringing_up_the_file(standing: Engine) -> None:
    assert "database" in {step.name for step in standing.up(DEV).changed}
    assert standing.preview(DEV).changed == []


def test_what_somebody_deleted_is_found_by_a_refresh_and_made_again(standing: Engine) -> None:
    alarm = next(one.thing for one in standing.account.standing.values() if one.thing.type.endswith(":MetricAlarm"))
    standing.account.aws.call("cloudwatch", "DeleteAlarms", {"AlarmNames": [alarm.id]}, region=DEV.region)
    found = standing.refresh(DEV)
    assert [(step.kind, step.name) for step in found.changed] == [("delete", alarm.name)]
    again = standing.up(DEV)
    assert again.good, again.problems
    assert ("create", alarm.name) in [(step.kind, step.name) for step in again.changed]


def test_what_somebody_changed_is_found_by_a_refresh_and_put_right(standing: Engine) -> None:
    group = next(one.thing for one in standing.account.standing.values() if one.thing.type.startswith("aws:autoscaling/group"))
    change = {"AutoScalingGroupName": group.id, "MaxSize": 9}
    standing.account.aws.call("autoscaling", "UpdateAutoScalingGroup", change, region=DEV.region)
    found = standing.refresh(DEV)
    assert [(step.kind, step.name, step.fields) for step in found.changed] == [("update", group.name, ("maxSize",))]
    again = standing.up(DEV)
    assert [(step.kind, step.name, step.fields) for step in again.changed] == [("update", group.name, ("maxSize",))]
    assert again.rebuilt == {}
    assert standing.refresh(DEV).changed == []


def test_a_preview_changes_nothing(standing: Engine) -> None:
    before = standing.states["dev"]
    outcome = standing.preview(read("dev+network.flowLogRetentionDays=30", ROOT))
    assert "update" in {step.kind for step in outcome.changed}
    assert standing.states["dev"] == before
    assert standing.preview(DEV).changed == []


def test_two_commands_do_not_share_a_folder(standing: Engine, folder: Path) -> None:
    with pytest.raises(UsageError, match="another command is at work here"), Engine(ROOT, folder):
        pass


def test_a_wrong_setting_is_told_once_and_changes_nothing(standing: Engine) -> None:
    outcome = standing.up(read("dev+network.zones=[ap-northeast-2a]", ROOT))
    assert not outcome.good
    assert len([text for text in outcome.problems if "network.zones" in text or "zones" in text]) == 1
    assert not any("Traceback" in text for text in outcome.problems)


def test_everything_goes_in_the_order_in_which_aws_lets_go_of_it(standing: Engine) -> None:
    outcome = standing.destroy(DEV)
    assert outcome.good, outcome.problems
    assert not standing.standing
