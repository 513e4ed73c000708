"""The database and its migration in an emulated account, one stack file for each option that `dev` and `prod` leave off."""

from contextlib import AbstractContextManager
from typing import Any

import pulumi_aws as aws
import pulumi_awsx as awsx
import pytest
import yaml

from components.database import Database
from components.settings.base import all_mistakes
from components.settings.database import Database as DatabaseSettings
from components.settings.migration import Migration as MigrationSettings
from components.settings.sizes import SIZES
from tests.rehearsal.support import REGION, Result, rehearsed

DMS_TYPES = (
    "aws:dms/endpoint:Endpoint",
    "aws:dms/replicationTask:ReplicationTask",
    "aws:dms/replicationInstance:ReplicationInstance",
)
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

SOURCES = """
    - name: orders
      host: db1.corp.example
      database: orders
      username: dms
      password: hidden-orders
    - name: billing
      host: 10.0.4.9
      port: 5433
      database: billing
      username: dms
      password: hidden-billing
      schemas: [public, audit_log]
      targetSchemas: {public: billing}
"""


def surroundings() -> dict[str, Any]:
    """What the network gives."""
    zones = [f"{REGION}{letter}" for letter in "abc"]
    tiers = (awsx.ec2.SubnetType.PUBLIC, awsx.ec2.SubnetType.PRIVATE, awsx.ec2.SubnetType.ISOLATED)
    vpc = awsx.ec2.Vpc(
        "network",
        cidr_block="10.20.0.0/16",
        availability_zone_names=zones,
        enable_dns_hostnames=True,
        subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
        subnet_specs=[
            awsx.ec2.SubnetSpecArgs(
                type=tier, cidr_blocks=[f"10.20.{16 * position + number}.0/24" for number in range(len(zones))]
            )
            for position, tier in enumerate(tiers)
        ],
        region=REGION,
    )
    group = aws.ec2.SecurityGroup(
        "endpoints", description="VPC endpoints", vpc_id=vpc.vpc_id, region=REGION, tags={"Name": "endpoints"}
    )
    zone = aws.route53.Zone("private", name="aws.corp.example", vpcs=[{"vpc_id": vpc.vpc_id, "vpc_region": REGION}])
    return {
        "region": REGION,
        "tags": {"Environment": "test"},
        "vpc_id": vpc.vpc_id,
        "isolated_subnet_ids": vpc.isolated_subnet_ids,
        "private_subnet_ids": vpc.private_subnet_ids,
        "on_premises_cidrs": ["10.0.0.0/16"],
        "endpoint_security_group_id": group.id,
        "private_zone_id": zone.zone_id,
        "private_zone_name": zone.name,
        "protected": True,
    }


def deployed(stack_file: str) -> AbstractContextManager[Result]:
    """Rehearse the sections `database` and `migration` of a stack file, of size medium."""
    values = yaml.safe_load(stack_file) or {}
    database = DatabaseSettings.model_validate({**SIZES["medium"]["database"], **values.get("database", {})})
    migration = MigrationSettings.model_validate({**SIZES["medium"]["migration"], **values.get("migration", {})})
    assert [*all_mistakes(database), *all_mistakes(migration)] == []

    def program() -> None:
        args: Any = {**surroundings(), **database.as_args(), "migration": migration.as_args()}
        Database("database", args)

    return rehearsed(program, {f"hybridge:{key}": value for key, value in values.items()})


def described(result: Result, identifier: str = "hybridge-test-database") -> dict[str, Any]:
    found = result.aws.call("rds", "DescribeDBInstances", {"DBInstanceIdentifier": identifier}, region=REGION)
    instance: dict[str, Any] = found["DBInstances"][0]
    return instance


def tasks(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result.aws.call("dms", "DescribeReplicationTasks", {}, region=REGION)["ReplicationTasks"]
    return sorted(found, key=lambda task: str(task["ReplicationTaskIdentifier"]))


def gaps(result: Result) -> dict[str, list[str]]:
    """What moto dropped, but for the descriptions of security group rules that name a group."""
    nodes = result.deployment.nodes.values()
    return {node.name: node.gaps for node in nodes if node.gaps and not node.type.startswith("aws:vpc/")}


def test_the_primary_is_multi_az_encrypted_and_reads_back_as_asked() -> None:
    with deployed("") as result:
        assert result.good, result.report
        node = result.one("aws:rds/instance:Instance")
        assert node.gaps == []
        instance = described(result)
        assert instance["MultiAZ"] and instance["StorageEncrypted"] and instance["DeletionProtection"]
        assert instance["PerformanceInsightsEnabled"] and instance["MonitoringInterval"] == 60
        assert len(instance["DBSubnetGroup"]["Subnets"]) == 3
        assert node.id == instance["DbiResourceId"]


def test_off_leaves_no_trace_of_dms() -> None:
    with deployed(f"migration:\n  stage: off\n  sources:{SOURCES}") as result:
        assert result.good, result.report
        assert [node for node in result.deployment.nodes.values() if node.type.startswith("aws:dms/")] == []


def test_prepare_stands_ready_without_moving_anything() -> None:
    with deployed(f"migration:\n  stage: prepare\n  sources:{SOURCES}") as result:
        assert result.good, result.report
        assert [len(result.created(type_)) for type_ in DMS_TYPES] == [4, 0, 1]
        assert gaps(result) == {}


def test_replicate_runs_a_task_for_each_source() -> None:
    with deployed(f"migration:\n  stage: replicate\n  sources:{SOURCES}") as result:
        assert result.good, result.report
        assert [(task["ReplicationTaskIdentifier"], task["Status"], task["MigrationType"]) for task in tasks(result)] == [
            ("hybridge-test-database-migration-billing", "running", "full-load-and-cdc"),
            ("hybridge-test-database-migration-orders", "running", "full-load-and-cdc"),
        ]
        assert gaps(result) == {}


def test_done_keeps_the_database_and_the_roles_it_created() -> None:
    with deployed(f"migration:\n  stage: done\n  sources:{SOURCES}") as result:
        assert result.good, result.report
        assert [len(result.created(type_)) for type_ in DMS_TYPES] == [0, 0, 0]
        for role in ("dms-vpc-role", "dms-cloudwatch-logs-role"):
            result.aws.call("iam", "GetRole", {"RoleName": role}, region=REGION)
        assert described(result)["DBInstanceStatus"] == "available"


@pytest.mark.parametrize("stage", ["prepare", "replicate", "done"])
def test_adopted_roles_are_those_of_the_account(stage: str) -> None:
    with deployed(f"migration:\n  stage: {stage}\n  roles: adopt\n  sources:{SOURCES}") as result:
        assert result.good, result.report
        assert [node.name for node in result.created("aws:iam/role:Role") if "dms" in node.name] == []


def test_a_certificate_and_a_slot_of_a_source_reach_dms() -> None:
    source = {
        "name": "orders",
        "host": "db1.corp.example",
        "database": "orders",
        "username": "dms",
        "password": "hidden",
        "sslMode": "verify-full",
        "certificatePem": CERTIFICATE,
        "plugin": "pglogical",
        "slot": {"name": "by_hand", "startPosition": "16/B374D848"},
    }
    stack_file = {"migration": {"stage": "replicate", "sources": [source], "targetCertificatePem": CERTIFICATE}}
    with deployed(yaml.safe_dump(stack_file)) as result:
        assert result.good, result.report
        assert gaps(result) == {}
        (task,) = tasks(result)
        assert (task["MigrationType"], task["CdcStartPosition"]) == ("cdc", "16/B374D848")


def test_io2_with_provisioned_iops_and_advanced_insights() -> None:
    with deployed("database: {storageType: io2, iops: 20000, insights: advanced, monitoringIntervalSeconds: 15}") as result:
        assert result.good, result.report
        instance = described(result)
        assert (instance["StorageType"], instance["Iops"]) == ("io2", 20000)
        assert (instance["DatabaseInsightsMode"], instance["PerformanceInsightsRetentionPeriod"]) == ("advanced", 465)
        assert gaps(result) == {}


def test_small_gp3_without_monitoring_autoscaling_or_backups() -> None:
    options = "storageGiB: 20, maxStorageGiB: 0, monitoringIntervalSeconds: 0, backupRetentionDays: 0, finalSnapshot: false"
    with deployed(f"database: {{{options}}}") as result:
        assert result.good, result.report
        assert gaps(result) == {}


def test_provisioned_gp3_and_a_fixed_minor_version() -> None:
    options = "iops: 20000, throughput: 1000, engineVersion: '18.1', autoMinorVersionUpgrade: false"
    with deployed(f"database: {{{options}}}") as result:
        assert result.good, result.report
        assert described(result)["StorageThroughput"] == 1000
        assert gaps(result) == {}


@pytest.mark.parametrize("storage", ["", "storageType: io2, iops: 8000,"])
def test_replicas_follow_the_primary(storage: str) -> None:
    with deployed(f"database: {{{storage} readReplicas: {{count: 2, instanceClass: db.r6g.large}}}}") as result:
        assert result.good, result.report
        replica = described(result, "hybridge-test-database-reader-2")
        assert replica["ReadReplicaSourceDBInstanceIdentifier"] == "hybridge-test-database"
        assert replica["DBInstanceClass"] == "db.r6g.large"
        assert not replica["MultiAZ"] and not replica["DeletionProtection"]
        assert (
            len({described(result, f"hybridge-test-database{end}")["DbiResourceId"] for end in ("", "-reader-1", "-reader-2")})
            == 3
        )
        assert gaps(result) == {}
