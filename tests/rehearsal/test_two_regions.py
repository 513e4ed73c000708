"""Whole stacks of two regions: each way to the data, and what taking over and coming back change of them."""

import functools
from typing import Any

import pytest

from rehearsal.diff import Change, of_graph
from rehearsal.diff import diff as compared
from rehearsal.documents import graph
from tests.rehearsal.support import Result, rehearsed_stacks

STACKS = "tests/rehearsal/stacks/two-regions-"
HERE, THERE = "ap-northeast-2", "ap-northeast-1"
ACTIVE = "+mode=active+primaryState=stopped+disasterRecovery.promoted=true"
CONFIG = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
DATA = ("database", "storage")
ITS_OWN = ["allocatedStorage", "allowMajorVersionUpgrade", "applyImmediately", "engineVersion"]


def way(name: str) -> str:
    return "" if name == "replica" else f"+disasterRecovery.database={name}"


def fed(name: str) -> str:
    """The way in the secondary, where somebody has tested the endpoints of DMS."""
    return way(name) + ("+disasterRecovery.testedGeneration=1+disasterRecovery.indexedGeneration=1" if name == "dms" else "")


REPLICATIONS: dict[tuple[str, str], dict[str, Any]] = {}
"""The rule by which files leave the primary's bucket, as S3 has it, by the edits of both stacks."""


@functools.cache
def graphs(primary: str, secondary: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The graphs of both stacks with these edits, once nothing is wrong with either."""
    with rehearsed_stacks(f"{STACKS}primary.yaml{primary}", f"{STACKS}secondary.yaml{secondary}") as done:
        for result in done:
            assert result.good, result.report
        REPLICATIONS[primary, secondary] = replication(done[1], done[0].outputs["bucketName"], HERE)
        return graph(done[0]), graph(done[1])


def diff(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    return compared(of_graph(before), of_graph(after))


def changed(before: tuple[str, str], after: tuple[str, str]) -> set[tuple[str, str, str]]:
    """What an edit changes of the secondary's database and files: kind, type and name."""
    return {
        (change.kind, change.type.rsplit(":", maxsplit=1)[-1], change.name)
        for change in diff(graphs(*before)[1], graphs(*after)[1])
        if _of_data(change)
    }


def _of_data(change: Change) -> bool:
    return change.name.startswith(DATA)


NAMES = {("create", "Record", "database"), ("create", "Record", "database-reader-1")}
SHARE = {("update", "NfsFileShare", "storage-gateway-nfs")}


@pytest.mark.parametrize(
    ("name", "promotion"),
    [
        ("replica", {("update", "Instance", "database-replica-1")}),
        ("dms", {("delete", "ReplicationTask", "database-standby-primary-1")}),
        (
            "backups",
            {
                ("create", "Instance", "database-restored-1"),
                ("create", "SecretVersion", "database-credentials"),
                # Readers come with what they read.
                ("update", "Key", "database"),
                ("update", "Role", "database-monitoring"),
                ("create", "Instance", "database-reader-1"),
                ("create", "LogGroup", "database-reader-1-postgresql-log"),
                ("create", "LogGroup", "database-reader-1-upgrade-log"),
            },
        ),
    ],
)
def test_taking_over_promotes_the_database_opens_the_files_and_moves_the_names(name: str, promotion: set[Any]) -> None:
    assert changed((way(name), fed(name)), (way(name), fed(name) + ACTIVE)) == promotion | NAMES | SHARE


def test_a_promotion_is_the_source_taken_away() -> None:
    promoted = [one for one in diff(graphs("", "")[1], graphs("", ACTIVE)[1]) if one.name == "database-replica-1"]
    assert [[field.path for field in one.fields] for one in promoted] == [[*ITS_OWN, "replicateSourceDb"]]
    assert not any(change.replaces for change in diff(graphs("", "")[1], graphs("", ACTIVE)[1]))


def test_unchanged_stacks_give_the_same_graphs_again() -> None:
    dms = way("dms"), fed("dms")
    assert graphs.__wrapped__(*dms) == graphs(*dms)


@pytest.mark.parametrize(
    ("name", "alarms"),
    [
        ("replica", {"replica-lag-reader-1", "replica-lag-standby"}),
        (
            "dms",
            {
                "migration-source-primary-1",
                "migration-storage",
                "migration-tables",
                "migration-target-primary-1",
                "replica-lag-reader-1",
            },
        ),
    ],
)
def test_how_far_the_standby_is_behind_is_watched(name: str, alarms: set[str]) -> None:
    made = {node["name"].removeprefix("management-alarms-") for node in graphs(way(name), fed(name))[1]["nodes"]}
    assert alarms <= made


@pytest.mark.parametrize("name", ["replica", "dms", "backups"])
def test_failover_asks_nothing_of_the_primary(name: str) -> None:
    before, after = graphs(way(name), fed(name)), graphs(way(name), fed(name) + ACTIVE)
    assert before[0] == after[0]
    # Nor of its region: whatever the secondary has there stays as it is.
    regions = {node["urn"]: node["region"] for one in (before, after) for node in one[1]["nodes"]}
    assert HERE in regions.values()
    assert [change.urn for change in diff(before[1], after[1]) if regions[change.urn] == HERE] == []


def test_the_way_back() -> None:
    """The primary follows, then takes the writes; the files come back; the secondary follows again with another instance."""
    source = f"arn:aws:rds:{THERE}:123456789012:db:hybridge-two-regions-secondary-database-replica-1"
    follows = f"+disasterRecovery.restoreFrom={source}+disasterRecovery.generation=2"
    leads = f"{follows}+disasterRecovery.secondaryState=stopped+disasterRecovery.promoted=true"
    back = f"{ACTIVE}+disasterRecovery.reverseReplication=true"
    following, leading = graphs(follows, back), graphs(leads, back)
    assert [
        (change.kind, change.name, [field.path for field in change.fields])
        for change in diff(following[0], leading[0])
        if _of_data(change)
    ] == [("update", "database-replica-2", [*ITS_OWN, "password", "replicateSourceDb"])], (
        "its password is this stack's own again"
    )
    assert following[1] == leading[1]
    assert changed(("", ACTIVE), (follows, back)) == {
        ("create", "Role", "storage-reverse"),
        ("create", "RolePolicy", "storage-reverse"),
        ("create", "BucketReplicationConfig", "storage-reverse"),
    }
    # The instance that was promoted is no part of the program any more; a new one follows the primary's new one.
    again = changed((leads, back), (leads, "+disasterRecovery.generation=2"))
    assert {("delete", "Instance", "database-replica-1"), ("create", "Instance", "database-replica-2")} <= again


def test_files_are_replicated_out_of_the_primary_in_its_own_region() -> None:
    secondary = {(node["type"], node["name"]): node for node in graphs("", "")[1]["nodes"]}
    rule = REPLICATIONS["", ""]
    destination = rule["Destination"]
    assert destination["Bucket"] == secondary["aws:s3/bucket:Bucket", "storage-files"]["outputs"]["arn"]
    assert destination["EncryptionConfiguration"] == {
        "ReplicaKmsKeyID": secondary["aws:kms/key:Key", "storage-key"]["outputs"]["arn"]
    }
    assert destination["ReplicationTime"] == {"Status": "Enabled", "Time": {"Minutes": 15}}
    assert (rule["Filter"], rule["DeleteMarkerReplication"]) == ({"Prefix": ""}, {"Status": "Disabled"})
    (node,) = (node for (type_, _), node in secondary.items() if type_ == CONFIG)
    assert node["region"] == HERE and not node.get("gaps")
    # The secondary serves its own bucket.
    share = secondary["aws:storagegateway/nfsFileShare:NfsFileShare", "storage-gateway-nfs"]["inputs"]
    assert share["locationArn"] == destination["Bucket"] and share["readOnly"] is True


def replication(result: Result, bucket: str, region: str) -> dict[str, Any]:
    found = result.aws.call("s3", "GetBucketReplication", {"Bucket": bucket}, region=region)["ReplicationConfiguration"]
    (rule,) = found["Rules"]
    return dict(rule)


def test_stacks_that_mean_different_ways_contradict_each_other() -> None:
    with rehearsed_stacks(f"{STACKS}primary.yaml", f"{STACKS}secondary.yaml{way('backups')}") as (_, secondary):
        assert "the same as the output databaseWay of two-regions-primary, replica" in " ".join(secondary.report.split())


def test_dms_is_refused_where_no_transit_gateways_are_peered() -> None:
    edit = f"{way('dms')}+network.hub=vpnGateway"
    with rehearsed_stacks(f"{STACKS}primary.yaml{edit}") as (primary,):
        assert "replica or backups while network.hub is vpnGateway" in primary.report
