"""A database that is restored: in the place of the one that was there, and beside it."""

import json
from typing import Any

import pytest

from tests.components.database.support import made, outputs
from tests.components.database.test_standby import standby
from tests.recorder import ACCOUNT, REGION

INSTANCE, COPY = "aws:rds/instance:Instance", "aws:rds/snapshotCopy:SnapshotCopy"
SOURCE = "hybridge-prod-database"
SHARED = f"arn:aws:rds:{REGION}:999988887777:snapshot:shared"


def test_instead_is_a_new_instance_under_the_same_name_with_readers_of_its_own() -> None:
    graph = made(restoreInstead={"generation": 3, "source": SOURCE, "time": "2026-11-30T10:15:00Z"}, readReplicas={"count": 1})
    primary, reader = sorted(graph.created(INSTANCE), key=lambda one: "reader" in one.name)
    assert (primary.name, reader.name) == ("database-restored-instead-3", "database-reader-1-of-restored-3")
    assert primary.inputs["restoreToPointInTime"] == {
        "sourceDbInstanceIdentifier": SOURCE,
        "restoreTime": "2026-11-30T10:15:00Z",
    }
    # These are the source's; RDS takes none of them.
    assert not {"engine", "username", "dbName", "kmsKeyId", "allocatedStorage", "replicateSourceDb"} & primary.inputs.keys()
    assert primary.inputs["password"] == "generated-password"
    assert primary.protect
    assert reader.inputs["replicateSourceDb"] == primary.inputs["identifier"]
    (record,) = (one for one in graph.created("aws:route53/record:Record") if one.inputs["name"] == "database.aws.corp.example")
    assert record.inputs["records"] == [f"{primary.inputs['identifier']}.rds.amazonaws.com"]


def test_beside_is_one_more_instance_that_nothing_leads_to_and_that_goes_with_its_section() -> None:
    graph = made(restoreBeside={"generation": 1, "source": SOURCE})
    beside = graph.one(INSTANCE, "database-beside-1")
    assert beside.inputs["restoreToPointInTime"]["useLatestRestorableTime"]
    assert (beside.inputs["skipFinalSnapshot"], beside.inputs["deletionProtection"]) == (True, False)
    assert "Backup" not in beside.inputs["tags"]
    assert not beside.protect
    assert outputs(graph)["restored_address"] == "hybridge-test-database-beside-1.rds.amazonaws.com"
    assert graph.one(INSTANCE, "database").inputs == made().one(INSTANCE, "database").inputs


@pytest.mark.parametrize(("snapshot", "copied"), [("nightly", False), (SHARED, True)])
def test_a_snapshot_of_another_account_is_copied_under_the_own_key_first(snapshot: str, copied: bool) -> None:
    graph = made(restoreInstead={"generation": 1, "snapshot": snapshot})
    (instance,) = graph.created(INSTANCE)
    copies = graph.created(COPY)
    assert len(copies) == copied
    if copied:
        assert copies[0].inputs["sourceDbSnapshotIdentifier"] == SHARED
        assert copies[0].inputs["kmsKeyId"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database"
        assert instance.inputs["snapshotIdentifier"] == copies[0].inputs["targetDbSnapshotIdentifier"]
    else:
        assert instance.inputs["snapshotIdentifier"] == snapshot


@pytest.mark.parametrize(
    ("restore", "wired", "message"),
    [
        ({"generation": 1}, {}, "restore_instead has neither source and snapshot"),
        ({"generation": 1, "source": SOURCE, "snapshot": "nightly"}, {}, "restore_instead has both source and snapshot"),
        ({"generation": 1, "source": SOURCE}, standby(), "restore_instead is set while the database follows another one"),
    ],
)
def test_what_cannot_be_restored_is_refused(restore: dict[str, Any], wired: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        made(wired={**wired, "restore_instead": restore})


def test_other_accounts_may_use_the_key_to_copy_snapshots_and_for_nothing_else() -> None:
    def statements(**settings: Any) -> dict[str, Any]:
        key = made(**settings).one("aws:kms/key:Key")
        return {one["Sid"]: one for one in json.loads(key.inputs["policy"])["Statement"]}

    shared = statements(snapshotsSharedWith=["999988887777"])
    added = {sid: shared[sid] for sid in shared.keys() - statements().keys()}
    assert added.keys() == {"CopySharedSnapshots", "LetRdsCopySharedSnapshots"}
    for one in added.values():
        assert one["Principal"] == {"AWS": ["arn:aws:iam::999988887777:root"]}
        assert one["Condition"]["StringEquals"] == {"kms:ViaService": f"rds.{REGION}.amazonaws.com"}
    assert added["LetRdsCopySharedSnapshots"]["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_a_promoted_standby_can_be_restored() -> None:
    graph = made(wired=standby(promoted=True), restoreInstead={"generation": 1, "source": "hybridge-dr-database-replica-1"})
    (instance,) = graph.created(INSTANCE)
    assert instance.name == "database-restored-instead-1"
    assert instance.inputs["password"] == "of-the-primary"
