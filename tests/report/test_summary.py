"""What is signed says of each function what it survives and what it loses, by what was deployed."""

import re
from dataclasses import replace

import pytest

from proofs.drills import drill, kinds
from proofs.drills.graph import Graphs
from proofs.drills.terms import Terms
from rehearsal.run import Rehearsal
from report import drills, recovery, summary
from report.collect import Evidence
from report.recovery import failovers, losses
from report.summary import Promise, signed
from tests.report.conftest import ROOT
from tests.report.pictures import changed, without

INSTANCE = "aws:rds/instance:Instance"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"


def promise(evidence: Evidence, name: str) -> Promise:
    (one,) = [one for one in signed(evidence) if one.stack == "prod"]
    (found,) = [promise for promise in one.promises if promise.name == name]
    return found


def test_every_function_is_told_once(evidence: Evidence) -> None:
    assert evidence.drills
    (one,) = signed(evidence)  # the functions of a secondary are those of its primary
    told = " ".join(promise.name for promise in one.promises)
    kinds_told = {function.kind for function in evidence.drills.model.functions}
    assert [kind for kind in kinds_told if kind not in told] == []
    assert one.scenarios == ["A part or a zone", "The region", "The data centre"]
    assert all(len(promise.cells) == 3 for promise in one.promises)


def test_a_function_is_told_by_its_worst_failure(evidence: Evidence) -> None:
    writes = promise(evidence, "database writes")
    assert [(cell.outcome, cell.time) for cell in writes.cells] == [
        ("degraded", "120 s"),
        ("degraded", "hand"),
        ("unaffected", ""),
    ]
    assert writes.cells[0].what.startswith("RDS fails over to the standby")
    assert writes.cells[1].what == "fails over to dr"
    reports = promise(evidence, "containers in AWS: reports")
    assert (reports.cells[0].outcome, reports.cells[0].time, reports.cells[0].accepted) == ("down", "6 min", True)


def test_functions_that_fare_the_same_are_told_together(evidence: Evidence) -> None:
    assert promise(evidence, "containers in AWS: api, storefront")
    assert promise(evidence, "containers on-premises: all 2")


def test_what_is_lost_follows_from_how_the_data_are_kept(evidence: Evidence) -> None:
    writes, read = promise(evidence, "database writes"), promise(evidence, "files read in AWS")
    assert (writes.here, writes.region) == (recovery.STANDBY, recovery.REPLICA)
    assert (read.here, read.region) == (recovery.IN_ZONES, recovery.IN_TIME)
    assert promise(evidence, "files written on-premises").here == recovery.CACHE
    assert promise(evidence, "egress").region == recovery.NO_DATA


def lost(rehearsals: list[Rehearsal]) -> dict[str, recovery.Losses]:
    return losses(Graphs(rehearsals), "prod")


def test_a_database_in_one_zone_loses_what_its_backup_lacks(prod: Rehearsal) -> None:
    assert lost([changed(prod, INSTANCE, multiAz=False)])[kinds.WRITES].here == recovery.POINT_IN_TIME
    assert lost([changed(prod, INSTANCE, multiAz=False, backupRetentionPeriod=0)])[kinds.WRITES].here == recovery.EVERYTHING


def test_without_the_other_region_the_copies_of_backups_are_left(prod: Rehearsal) -> None:
    copied = lost([prod])[kinds.WRITES].region
    assert copied.text == "a day, and the time of backup and copy"
    none = without(prod, lambda node: node.type == "aws:backup/plan:Plan")
    assert lost([none])[kinds.WRITES].region == recovery.EVERYTHING


def test_a_machine_on_premises_loses_what_it_has_written_since_its_last_backup(prod: Rehearsal) -> None:
    assert kinds.MACHINES not in lost([prod])
    arns = ["arn:aws:rds:*:*:db:*", "arn:aws:backup-gateway:*:*:vm/*"]
    found = lost([changed(prod, "aws:backup/selection:Selection", resources=arns)])
    assert found[kinds.MACHINES].here.text == "a day, and the time of backup"
    assert found[kinds.MACHINES].region == recovery.NOTHING
    assert found[kinds.MACHINES_KEPT].region.text == "what was not copied yet"


@pytest.mark.parametrize(
    ("time", "loss"),
    [({"status": "Disabled"}, recovery.REPLICATED), (None, recovery.REPLICATED), ({"status": "Enabled"}, recovery.IN_TIME)],
)
def test_files_are_as_old_as_their_replication_lets_them_be(
    evidence: Evidence, time: dict[str, str] | None, loss: recovery.Loss
) -> None:
    prod, dr = evidence.rehearsals
    (config,) = dr.created(REPLICATION)
    rule = {**config.inputs["rules"][0]}
    rule["destination"] = {**rule["destination"], "replicationTime": time}
    assert lost([prod, changed(dr, REPLICATION, rules=[rule])])[kinds.FILES_READ].region == loss
    off = changed(dr, REPLICATION, rules=[rule | {"status": "Disabled"}])
    assert lost([prod, off])[kinds.FILES_READ].region.text.startswith("a day"), "the copies of backups are left"


def test_how_long_a_failover_takes_goes_by_what_runs_already(evidence: Evidence) -> None:
    prod, dr = evidence.rehearsals
    (cold,) = failovers(Graphs([prod, dr]), "prod")
    assert (cold.stack, cold.region) == ("dr", "ap-northeast-1")
    assert cold.takes.startswith("15 to 30 minutes")
    (warm,) = failovers(Graphs([prod, changed(dr, "aws:autoscaling/group:Group", minSize=2)]), "prod")
    assert warm.takes.startswith("10 to 20 minutes")
    assert failovers(Graphs([prod, dr]), "dr") == []


def test_small_stacks_promise_nothing_and_say_so(evidence: Evidence) -> None:
    report = drill(evidence.rehearsals, terms={"prod": Terms(size="small"), "dr": Terms(size="small")})
    found = summary.toll(report)
    assert not found.promised and found.lost == 0
    assert found.text.endswith("not, as small stacks may")
    (one,) = signed(replace(evidence, drills=report))
    assert not one.promised


def test_who_accepted_a_loss_and_when_is_told(evidence: Evidence) -> None:
    assert evidence.drills
    told = drills.of_stack(evidence.drills, "prod").losses
    by = {loss.functions: (loss.owner, loss.date) for loss in told}
    assert by["files written on-premises"] == (drills.ARCHITECTURE, drills.TOLD)
    page, _, heading = drills.TOLD.partition(", ")
    assert f"\n## {heading}\n" in (ROOT / page).read_text(encoding="utf-8")
    assert [loss for loss in told if not (loss.owner and loss.date)] == []
    assert by["containers in AWS: reports"] == ("platform-team", "2026-11-02")
    owner, date = by["containers in AWS: documents"]
    assert owner == "platform-team" and re.fullmatch(r"\d{4}-\d\d-\d\d", date)
