"""The whole program with a database and a migration as dev and prod do not have them, a stack file for each way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACKS = Path(__file__).parent / "stacks"


@contextmanager
def stack(name: str) -> Iterator[Result]:
    with rehearsed_stack(STACKS / f"{name}.yaml") as result:
        assert result.good, result.report
        yield result


def listed(result: Result, operation: str, member: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result.aws.call("dms", operation, {}, region=REGION)[member]
    return found


def identifiers(stack_name: str, *ends: str) -> list[str]:
    return [f"hybridge-{stack_name}-database{end}" for end in ends]


def test_prepare_has_two_verified_endpoints_and_nothing_that_moves() -> None:
    with stack("migration-prepare") as result:
        endpoints = listed(result, "DescribeEndpoints", "Endpoints")
        assert sorted((endpoint["EndpointType"], endpoint["SslMode"]) for endpoint in endpoints) == [
            ("source", "verify-full"),
            ("target", "verify-full"),
        ]
        assert len({endpoint["CertificateArn"] for endpoint in endpoints}) == 2
        assert listed(result, "DescribeReplicationTasks", "ReplicationTasks") == []
        group = result.one("aws:ec2/securityGroup:SecurityGroup", "database-migration")
        wanted = {"Filters": [{"Name": "group-id", "Values": [group.id]}]}
        rules = result.aws.call("ec2", "DescribeSecurityGroupRules", wanted, region=REGION)["SecurityGroupRules"]
        assert sorted((rule.get("CidrIpv4", "group"), rule["FromPort"]) for rule in rules) == [
            ("10.0.4.20/32", 5433),
            ("group", 443),
            ("group", 5432),
        ]
        assert all(rule["IsEgress"] for rule in rules)


def test_assess_has_a_task_that_does_not_run_and_a_bucket_for_its_assessment() -> None:
    with stack("migration-assess") as result:
        (task,) = listed(result, "DescribeReplicationTasks", "ReplicationTasks")
        assert task["Status"] == "ready"
        told = result.deployment.outputs["migrationAssessment"]
        assert told["bucket"] in {
            bucket["Name"] for bucket in result.aws.call("s3", "ListBuckets", {}, region=REGION)["Buckets"]
        }
        assert [arn for arn in told.values() if ":role/" in arn]


def test_a_second_stack_adopts_the_roles_and_its_tasks_are_watched() -> None:
    with stack("migration-adopt") as result:
        tasks = {
            task["ReplicationTaskIdentifier"]: task for task in listed(result, "DescribeReplicationTasks", "ReplicationTasks")
        }
        billing, erp = (tasks[name] for name in identifiers("migration-adopt", "-migration-billing", "-migration-erp"))
        assert (erp["MigrationType"], erp["CdcStartPosition"], erp["Status"]) == ("cdc", "16/B374D848", "running")
        assert (billing["MigrationType"], billing["Status"]) == ("full-load-and-cdc", "running")
        assert not [node.name for node in result.created("aws:iam/role:Role") if "dms" in node.name]
        watched = {
            dimension["Value"]
            for alarm in result.aws.call("cloudwatch", "DescribeAlarms", {}, region=REGION)["MetricAlarms"]
            for dimension in alarm.get("Dimensions", [])
            if dimension["Name"] == "ReplicationTaskIdentifier"
        }
        assert watched == {task["ReplicationTaskArn"].split(":")[-1] for task in tasks.values()}


def test_done_leaves_the_database_and_the_roles() -> None:
    with stack("migration-done") as result:
        assert [node.type for node in result.deployment.nodes.values() if node.type.startswith("aws:dms/")] == []
        secrets = [node.name for node in result.created("aws:secretsmanager/secret:Secret") if "database" in node.name]
        assert secrets == ["database-credentials"]
        roles = {node.inputs["name"] for node in result.created("aws:iam/role:Role") if "dms" in node.name}
        assert roles == {"dms-vpc-role", "dms-cloudwatch-logs-role"}
        assert len(result.created("aws:rds/instance:Instance")) == 1


def test_users_have_secrets_that_hold_what_they_sign_in_with() -> None:
    with stack("database-users") as result:
        arns = result.deployment.outputs["databaseUserSecretArns"]
        held = {
            user: json.loads(
                result.aws.call("secretsmanager", "GetSecretValue", {"SecretId": arn}, region=REGION)["SecretString"]
            )
            for user, arn in arns.items()
        }
        assert {user: value["username"] for user, value in held.items()} == {
            "shop": "shop_2",
            "deploy": "deploy_1",
            "hybridge_dms": "hybridge_dms_2",
        }
        assert len({value["password"] for value in held.values()}) == 3
        (definition,) = result.created("aws:ecs/taskDefinition:TaskDefinition")
        assert arns["shop"] in definition.inputs["containerDefinitions"]


def test_a_restored_database_stands_in_the_place_of_the_other_with_another_moment_beside() -> None:
    with stack("database-restored") as result:
        found = result.aws.call("rds", "DescribeDBInstances", {}, region=REGION)["DBInstances"]
        instances = {one["DBInstanceIdentifier"]: one for one in found}
        ends = ("-restored-instead-2", "-beside-1", "-reader-1-of-restored-2")
        assert sorted(instances) == sorted(identifiers("database-restored", *ends))
        primary, beside, reader = (instances[name] for name in identifiers("database-restored", *ends))
        assert reader["ReadReplicaSourceDBInstanceIdentifier"] == primary["DBInstanceIdentifier"]
        assert beside["Endpoint"]["Address"] == result.deployment.outputs["databaseRestoredAddress"]
        assert primary["DBParameterGroups"] == beside["DBParameterGroups"]


def test_a_shared_snapshot_is_copied_and_restored() -> None:
    with stack("database-from-snapshot") as result:
        found = result.aws.call("rds", "DescribeDBSnapshots", {}, region=REGION)["DBSnapshots"]
        names = {one["DBSnapshotIdentifier"]: one for one in found}
        copy = result.one("aws:rds/snapshotCopy:SnapshotCopy").inputs["targetDbSnapshotIdentifier"]
        assert names[copy]["KmsKeyId"] == result.one("aws:kms/key:Key", "database").outputs["arn"]
        restored = result.one("aws:rds/instance:Instance", "database-restored-instead-7")
        assert restored.inputs["snapshotIdentifier"] == copy


def test_io2_holds_for_primary_and_replica() -> None:
    with stack("database-io2") as result:
        primary, replica = (
            result.aws.call("rds", "DescribeDBInstances", {"DBInstanceIdentifier": name}, region=REGION)["DBInstances"][0]
            for name in identifiers("database-io2", "", "-reader-1")
        )
        assert (primary["EngineVersion"], primary["CACertificateIdentifier"]) == ("16.4", "rds-ca-rsa4096-g1")
        for instance in (primary, replica):
            assert (instance["StorageType"], instance["Iops"], instance["DBInstanceClass"]) == ("io2", 40000, "db.r6g.4xlarge")
            assert instance["DatabaseInsightsMode"] == "advanced"
            assert instance["IAMDatabaseAuthenticationEnabled"]
        assert result.one("aws:rds/parameterGroup:ParameterGroup").inputs["family"] == "postgres16"


def test_the_native_way_makes_nothing_of_dms_and_lets_the_database_reach_its_source() -> None:
    with stack("migration-native") as result:
        assert listed(result, "DescribeReplicationInstances", "ReplicationInstances") == []
        assert listed(result, "DescribeEndpoints", "Endpoints") == []
        group = result.one("aws:ec2/securityGroup:SecurityGroup", "database")
        wanted = {"Filters": [{"Name": "group-id", "Values": [group.id]}]}
        rules = result.aws.call("ec2", "DescribeSecurityGroupRules", wanted, region=REGION)["SecurityGroupRules"]
        assert [(rule["CidrIpv4"], rule["FromPort"]) for rule in rules if rule["IsEgress"]] == [("10.0.4.9/32", 5432)]
