"""The database over two regions: each way in which the second one gets the data, before and after it takes over."""

import json
from contextlib import AbstractContextManager
from typing import Any

import pulumi
import pytest

from components.database import Database
from components.settings.database import Database as DatabaseSettings
from components.settings.migration import Migration as MigrationSettings
from components.settings.sizes import SIZES
from rehearsal.adopters.databases import database as adopted_database
from rehearsal.diff import diff, of_graph
from rehearsal.emulator import Emulator
from tests.rehearsal.regions import BLOCKS, HERE, THERE, Program, both, deploy, graph_of, surroundings
from tests.rehearsal.support import Result

INSTANCE = "aws:rds/instance:Instance"
TASK = "aws:dms/replicationTask:ReplicationTask"
RECORD = "aws:route53/record:Record"
READ = (
    "databaseArn",
    "databaseSecretArn",
    "databaseSecurityGroupId",
    "databaseCopiesKeyArn",
    "databaseBackupsReplicationArn",
)


def section(**settings: Any) -> Any:
    return DatabaseSettings.model_validate({**SIZES["medium"]["database"], **settings}).as_args()


def migration(**settings: Any) -> Any:
    return MigrationSettings.model_validate({**SIZES["medium"]["migration"], **settings}).as_args()


def primary(way: str = "replica", standby: dict[str, Any] | None = None, **settings: Any) -> Program:
    def program() -> dict[str, Any]:
        args: Any = {
            **surroundings(HERE),
            **section(**settings),
            "names": {"set_identifier": HERE, "weight": 0},
            "migration": migration(),
            "copies": {"region": THERE, "backups": way == "backups", "dms_roles": way == "dms"},
            **({"standby_for": standby} if standby else {}),
        }
        made = Database("database", args)
        values = (
            made.instance_arn,
            made.secret_arn,
            made.security_group_id,
            made.copies_key_arn,
            made.automated_backups_arn,
        )
        return {key: value for key, value in zip(READ, values, strict=True) if value is not None}

    return program


def secondary(way: str = "replica", promoted: bool = False, generation: int = 1, **settings: Any) -> Program:
    def program() -> dict[str, Any]:
        prod = pulumi.StackReference("prod")
        network = surroundings(THERE)
        standby: dict[str, Any] = {
            "way": way,
            "promoted": promoted,
            "generation": generation,
            "region": HERE,
            "secret_arn": prod.require_output("databaseSecretArn"),
        }
        if way == "replica":
            standby["instance_arn"] = prod.require_output("databaseArn")
        elif way == "backups":
            standby["automated_backups_arn"] = prod.require_output("databaseBackupsReplicationArn")
        else:
            standby |= {
                "secret_key_arn": prod.require_output("databaseCopiesKeyArn"),
                "security_group_id": prod.require_output("databaseSecurityGroupId"),
                "cidr": f"{BLOCKS[HERE]}.0.0/16",
                "own_cidr": f"{BLOCKS[THERE]}.0.0/16",
                "tested": True,
            }
        args: Any = {
            **network,
            **section(**settings),
            "names": {"set_identifier": THERE, "weight": 255} if promoted else None,
            "migration": migration(roles="adopt"),
            "standby_for": standby,
        }
        made = Database("database", args)
        return {"databaseArn": made.instance_arn} if made.instance_arn else {}

    return program


def regions(way: str = "replica", promoted: bool = False, **settings: Any) -> AbstractContextManager[tuple[Result, Result]]:
    return both(primary(way), secondary(way, promoted, **settings))


def described(result: Result, identifier: str, region: str = THERE) -> dict[str, Any]:
    found = result.aws.call("rds", "DescribeDBInstances", {"DBInstanceIdentifier": identifier}, region=region)
    instance: dict[str, Any] = found["DBInstances"][0]
    return instance


def opened(result: Result) -> dict[str, Any]:
    """What is in the secret of the stack."""
    arn = result.one("aws:secretsmanager/secret:Secret").id
    value = result.aws.call("secretsmanager", "GetSecretValue", {"SecretId": arn}, region=arn.split(":")[3])["SecretString"]
    found: dict[str, Any] = json.loads(value)
    return found


def gaps(result: Result) -> dict[str, list[str]]:
    nodes = result.deployment.nodes.values()
    return {node.name: node.gaps for node in nodes if node.gaps and not node.type.startswith("aws:vpc/")}


def changes(way: str, **settings: Any) -> dict[str, tuple[str, set[str]]]:
    """What taking over changes in the secondary: resource -> what happens to it, and the inputs that differ."""
    graphs = []
    for promoted in (False, True):
        with regions(way, promoted, **settings) as (_, standby):
            assert standby.good, standby.report
            graphs.append(graph_of(standby))
    found = diff(*map(of_graph, graphs))
    assert not any(change.replaces for change in found)
    kinds = {change.type: change.type.split("/")[1].split(":")[0] for change in found}
    return {f"{kinds[change.type]} {change.name}": (change.kind, {field.path for field in change.fields}) for change in found}


def test_a_replica_follows_the_primary_under_a_key_and_in_groups_of_its_own_region() -> None:
    with regions() as (prod, dr):
        assert prod.good and dr.good, prod.report + dr.report
        assert gaps(prod) == gaps(dr) == {}
        source, replica = described(prod, "hybridge-prod-database", HERE), described(dr, "hybridge-dr-database-replica-1")
        assert replica["ReadReplicaSourceDBInstanceIdentifier"] == source["DBInstanceArn"]
        assert source["ReadReplicaDBInstanceIdentifiers"] == [replica["DBInstanceArn"]]
        assert replica["KmsKeyId"] == dr.one("aws:kms/key:Key").outputs["arn"] != source["KmsKeyId"]
        assert replica["BackupRetentionPeriod"] == 14
        assert replica["DBParameterGroups"][0]["DBParameterGroupName"] == dr.one("aws:rds/parameterGroup:ParameterGroup").id
        assert replica["DBSubnetGroup"]["VpcId"] == dr.one("aws:ec2/vpc:Vpc").id


def test_a_standby_keeps_user_and_password_and_has_a_host_of_its_own() -> None:
    with regions() as (prod, dr):
        before, after = opened(prod), opened(dr)
        assert {key for key in before if before[key] != after[key]} == {"host"}
        assert after["host"] == described(dr, "hybridge-dr-database-replica-1")["Endpoint"]["Address"]
        assert dr.created("random:index/randomPassword:RandomPassword") == []


def test_the_secret_is_replicated_under_a_key_of_the_other_region() -> None:
    with regions() as (prod, _):
        arn = prod.one("aws:secretsmanager/secret:Secret").id
        (status,) = prod.aws.call("secretsmanager", "DescribeSecret", {"SecretId": arn}, region=HERE)["ReplicationStatus"]
        key = prod.one("aws:kms/key:Key", "database-copies")
        assert (status["Region"], status["KmsKeyId"]) == (THERE, key.outputs["arn"])
        assert key.region == THERE


def test_promotion_takes_the_source_away_and_gives_the_instance_what_is_its_own() -> None:
    own = {"engineVersion", "allocatedStorage", "allowMajorVersionUpgrade", "applyImmediately"}
    gone = {"replicateSourceDb", "skipFinalSnapshot", "finalSnapshotIdentifier"}
    assert changes("replica") == {
        "instance database-replica-1": ("update", gone | own),
        "randomId database-replica-1-final-snapshot": ("create", set()),
        "record database": ("create", set()),
        "record database-reader": ("create", set()),
    }


def test_a_promoted_replica_follows_nobody_and_its_readers_follow_it() -> None:
    with regions(promoted=True, readReplicas={"count": 1}) as (prod, dr):
        assert dr.good, dr.report
        assert gaps(dr) == {}
        instance = described(dr, "hybridge-dr-database-replica-1")
        assert "ReadReplicaSourceDBInstanceIdentifier" not in instance
        assert instance["ReadReplicaDBInstanceIdentifiers"] == ["hybridge-dr-database-reader-1"]
        assert described(prod, "hybridge-prod-database", HERE)["ReadReplicaDBInstanceIdentifiers"] == []


def test_readers_of_a_replica_stay_as_they_are_when_it_is_promoted() -> None:
    found = changes("replica", readReplicas={"count": 1})
    assert "record database-reader-1" in found
    assert not any(name.startswith("instance database-reader") for name in found)


def test_dms_fills_an_instance_of_its_own_from_the_other_region() -> None:
    with regions("dms") as (prod, dr):
        assert prod.good and dr.good, prod.report + dr.report
        assert gaps(dr) == {}
        (task,) = dr.aws.call("dms", "DescribeReplicationTasks", {}, region=THERE)["ReplicationTasks"]
        assert (task["Status"], task["MigrationType"]) == ("running", "full-load-and-cdc")
        rule = dr.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "database-standby-into-primary")
        assert rule.region == HERE
        assert rule.inputs["cidrIpv4"] == f"{BLOCKS[THERE]}.0.0/16"
        # The primary has the roles, though it migrates nothing.
        assert {node.inputs["name"] for node in prod.created("aws:iam/role:Role") if "dms" in node.name} == {
            "dms-vpc-role",
            "dms-cloudwatch-logs-role",
        }
        assert [node.name for node in dr.created("aws:iam/role:Role") if "roles" in node.name] == []


def test_dms_stops_writing_into_a_database_that_took_over() -> None:
    assert changes("dms") == {
        "replicationTask database-standby-primary-1": ("delete", set()),
        "record database": ("create", set()),
        "record database-reader": ("create", set()),
    }


def test_backups_wait_without_an_instance() -> None:
    with regions("backups") as (prod, dr):
        assert prod.good and dr.good, prod.report + dr.report
        assert dr.created(INSTANCE) == dr.created("aws:secretsmanager/secretVersion:SecretVersion") == []
        replication = prod.one("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication")
        assert (replication.region, replication.gaps) == (THERE, [])


def test_backups_become_an_instance_when_it_takes_over() -> None:
    assert changes("backups") == {
        "instance database-restored-1": ("create", set()),
        "randomId database-restored-1-final-snapshot": ("create", set()),
        "secretVersion database-credentials": ("create", set()),
        "record database": ("create", set()),
        "record database-reader": ("create", set()),
    }


def test_a_restored_instance_keeps_the_key_of_the_backups() -> None:
    with regions("backups", promoted=True) as (prod, dr):
        assert gaps(dr) == {}
        instance = described(dr, "hybridge-dr-database-restored-1")
        assert instance["KmsKeyId"] == prod.one("aws:kms/key:Key", "database-copies").outputs["arn"]
        assert instance["BackupRetentionPeriod"] == 14 and instance["PerformanceInsightsEnabled"]
        assert opened(dr)["password"] == opened(prod)["password"]


@pytest.mark.parametrize("promoted", [False, True])
def test_the_way_back_makes_the_primary_a_replica_of_the_secondary(promoted: bool) -> None:
    source = f"arn:aws:rds:{THERE}:123456789012:db:hybridge-dr-database-replica-1"
    standby = {"way": "replica", "promoted": promoted, "generation": 2, "region": THERE, "instance_arn": source}
    back = primary(standby=standby)
    with both(back, secondary(promoted=True), disasterRecovery={"restoreFrom": source}) as (prod, dr):
        assert prod.good and dr.good, prod.report + dr.report
        assert gaps(prod) == {}
        instance = described(prod, "hybridge-prod-database-replica-2", HERE)
        assert instance.get("ReadReplicaSourceDBInstanceIdentifier") == (None if promoted else source)
        assert instance["KmsKeyId"] == prod.one("aws:kms/key:Key", "database").outputs["arn"]
        # The password is the one that this stack generated in the beginning and the secondary has kept.
        assert opened(prod)["host"] == instance["Endpoint"]["Address"]
        assert "ReadReplicaSourceDBInstanceIdentifier" not in described(dr, "hybridge-dr-database-replica-1")


def test_another_generation_is_another_instance() -> None:
    with both(primary(), secondary(generation=2, readReplicas={"count": 1})) as (_, dr):
        assert dr.good, dr.report
        assert {node.name for node in dr.created(INSTANCE)} == {"database-replica-2", "database-reader-1-of-2"}
        assert described(dr, "hybridge-dr-database-reader-1-of-2")["ReadReplicaSourceDBInstanceIdentifier"] == (
            "hybridge-dr-database-replica-2"
        )


def test_names_lead_to_the_region_that_took_over() -> None:
    with regions(promoted=True) as (prod, dr):
        weights = {
            (node.inputs["name"], node.inputs["setIdentifier"]): node.inputs["weightedRoutingPolicies"]
            for result in (prod, dr)
            for node in result.created(RECORD)
        }
        assert weights == {
            ("database.aws.corp.example", HERE): [{"weight": 0}],
            ("database.aws.corp.example", THERE): [{"weight": 255}],
            # The primary has no readers; in the secondary its one instance answers for them.
            ("database-reader.aws.corp.example", f"{THERE}-reader"): [{"weight": 255}],
        }


def test_the_same_program_gives_the_same_graph_twice() -> None:
    graphs = []
    for _ in range(2):
        with regions() as (_, dr):
            graphs.append(graph_of(dr))
    assert graphs[0] == graphs[1]


def test_either_stack_is_rehearsed_without_the_other() -> None:
    with Emulator() as aws:
        assert deploy(aws, "prod", HERE, primary(), {}).good


def test_the_database_of_the_other_region_that_a_stack_file_names_can_be_proved_shut() -> None:
    """As AWS does, it says whether it is public; the proofs ask that of every database of the account."""
    with Emulator() as aws:
        adopted_database(aws, f"arn:aws:rds:{THERE}:123456789012:db:hybridge-dr-database-replica-1", HERE)
        (found,) = aws.call("rds", "DescribeDBInstances", {}, region=THERE)["DBInstances"]
        assert found["PubliclyAccessible"] is False
