"""What a team adds in `own/` holds in the real engine too: rows, extensions, types that may stay unknown."""

import shutil
from pathlib import Path

import pytest

from engine.run import Engine
from rehearsal.own import WITHOUT
from tests.engine.conftest import NEEDS_CLI, small
from tests.rehearsal.support import ROOT

pytestmark = NEEDS_CLI
PROGRAM = """
import pulumi
import pulumi_aws as aws

delay = pulumi.Config().get_int("delay") or 30
queue = aws.sqs.Queue("orders", visibility_timeout_seconds=delay)
aws.schemas.Registry("schemas", tags={"Owner": "us"})
aws.quicksight.Group("readers", group_name="readers", description=f"read {delay}")
pulumi.export("queue", queue.arn)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(WITHOUT, raising=False)
    folder = tmp_path / "project"
    small(folder, PROGRAM, "one")
    shutil.copytree(ROOT / "examples" / "own", folder / "own")
    return folder


def test_own_types_live_and_end_in_the_engine(project: Path, tmp_path: Path) -> None:
    (project / "own" / "accepted.yaml").write_text(
        "unknown:\n  - {type: 'aws:quicksight/group:Group', reason: nothing needs it}\n"
    )
    read = small(project, PROGRAM, "one")
    with Engine(project, tmp_path / "build") as engine:
        outcome = engine.up(read("one"))
        assert outcome.good, outcome.problems
        fidelity = {one.thing.name: one.fidelity for one in engine.account.standing.values()}
        assert fidelity == {"orders": "emulated", "schemas": "extended", "readers": "unknown"}
        assert engine.preview(read("one")).changed == []
    with Engine(project, tmp_path / "build") as engine:
        edited = engine.up(read("one+delay=60"))
        assert edited.good, edited.problems
        assert {(step.kind, step.name) for step in edited.changed} == {("update", "orders"), ("update", "readers")}
        assert engine.destroy(read("one+delay=60")).good


def test_a_type_that_nobody_allowed_is_refused_at_the_preview(project: Path, tmp_path: Path) -> None:
    (project / "own" / "accepted.yaml").unlink()
    with Engine(project, tmp_path / "build") as engine:
        outcome = engine.up(small(project, PROGRAM, "one")("one"))
        assert any("aws:quicksight/group:Group has no row" in text for text in outcome.problems)
        assert not engine.standing
