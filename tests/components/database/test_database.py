import json
from typing import Any

import pytest

from tests.components.database import support
from tests.components.database.support import ORDERS, TAGS, made, migration, outputs
from tests.recorder import ACCOUNT, REGION, Graph, Registered

INSTANCE = "aws:rds/instance:Instance"
RECORD = "aws:route53/record:Record"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def primary(graph: Graph) -> Registered:
    return graph.one(INSTANCE, "database")


def test_iam_and_the_end_of_support_are_said_where_they_are_not_what_rds_does_by_itself() -> None:
    def said(**settings: Any) -> list[tuple[Any, ...]]:
        graph = made(readReplicas={"count": 1}, **settings)
        keys = ("iamDatabaseAuthenticationEnabled", "engineLifecycleSupport")
        return [tuple(one.inputs.get(key) for key in keys) for one in graph.created("aws:rds/instance:Instance")]

    assert said() == [(None, None)] * 2
    disabled = "open-source-rds-extended-support-disabled"
    assert sorted(said(iamAuthentication=True, extendedSupport=False), key=str) == [(True, disabled), (True, None)]


def test_a_slot_may_hold_a_fifth_of_the_storage_or_what_is_said() -> None:
    def limit(**settings: Any) -> str:
        (group,) = made(storageGiB=100, maxStorageGiB=200, **settings).created("aws:rds/parameterGroup:ParameterGroup")
        (found,) = [one["value"] for one in group.inputs["parameters"] if one["name"] == "max_slot_wal_keep_size"]
        return str(found)

    assert (limit(), limit(slotWalGiB=50)) == (str(20 * 1024), str(50 * 1024))


def test_the_primary_asks_for_what_the_settings_say_and_nothing_public() -> None:
    inputs = primary(made()).inputs
    assert inputs == {
        "identifier": "hybridge-test-database",
        "engine": "postgres",
        "engineVersion": "17",
        "instanceClass": "db.m6g.xlarge",
        "licenseModel": "postgresql-license",
        "multiAz": True,
        "dbName": "hybridge",
        "username": "dbadmin",
        "password": "generated-password",
        "port": 5432,
        "dbSubnetGroupName": "database-subnets",
        "vpcSecurityGroupIds": ["database-id"],
        "publiclyAccessible": False,
        "parameterGroupName": "database-parameters",
        "storageType": "gp3",
        "allocatedStorage": 400,
        # Said, though gp3 of this size comes with them: the provider would send those of a smaller volume.
        "iops": 12000,
        "storageThroughput": 500,
        "maxAllocatedStorage": 2000,
        "storageEncrypted": True,
        "kmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database",
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "backupRetentionPeriod": 14,
        "backupWindow": "17:00-18:00",
        "maintenanceWindow": "sun:18:30-sun:19:30",
        "copyTagsToSnapshot": True,
        "deleteAutomatedBackups": False,
        "deletionProtection": True,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "hybridge-test-database-final-0badcafe",
        "autoMinorVersionUpgrade": True,
        "allowMajorVersionUpgrade": False,
        "applyImmediately": False,
        "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
        "monitoringInterval": 60,
        "monitoringRoleArn": f"arn:aws:iam:{REGION}:{ACCOUNT}:Role/database-monitoring",
        "performanceInsightsEnabled": True,
        "performanceInsightsKmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database",
        "performanceInsightsRetentionPeriod": 7,
        "databaseInsightsMode": "standard",
        "region": REGION,
        "tags": {**TAGS, "Name": "database"},
    }


def test_the_primary_alone_is_selected_by_the_backup_plan() -> None:
    graph = made(wired={"backup_tag": "hybridge-test"}, readReplicas={"count": 1})
    assert primary(graph).inputs["tags"] == {**TAGS, "Name": "database", "Backup": "hybridge-test"}
    assert [r.name for r in graph.resources if "Backup" in r.inputs.get("tags", {})] == ["database"]


def test_the_password_is_secret_wherever_it_goes() -> None:
    graph = made()
    assert "password" in primary(graph).secrets
    assert "secretString" in graph.one("aws:secretsmanager/secretVersion:SecretVersion").secrets


def test_the_password_has_no_character_that_rds_or_dms_refuses_or_a_uri_escapes() -> None:
    inputs = made().one("random:index/randomPassword:RandomPassword").inputs
    assert not set(inputs["overrideSpecial"]) & set("/\"'@ ;:.+%&?#")
    assert inputs["length"] == 32


def test_the_secret_is_laid_out_as_rds_dms_and_ecs_read_it() -> None:
    graph = made()
    assert json.loads(graph.one("aws:secretsmanager/secretVersion:SecretVersion").inputs["secretString"]) == {
        "username": "dbadmin",
        "password": "generated-password",
        "host": "hybridge-test-database.rds.amazonaws.com",
        "port": 5432,
        "dbname": "hybridge",
        "engine": "postgres",
    }
    secret = graph.one("aws:secretsmanager/secret:Secret")
    assert secret.inputs["kmsKeyId"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database"
    assert secret.inputs["recoveryWindowInDays"] == 30


def test_data_that_is_protected_survives_its_removal_from_the_program() -> None:
    graph = made()
    kept = [primary(graph), graph.one("aws:kms/key:Key"), graph.one("aws:secretsmanager/secret:Secret")]
    assert all(resource.protect and resource.retain_on_delete for resource in kept)


def test_data_that_is_not_protected_leaves_no_trace() -> None:
    graph = made(size="small", wired={"protected": False})
    assert not any(resource.protect or resource.retain_on_delete for resource in graph.resources)
    assert graph.one("aws:kms/key:Key").inputs["deletionWindowInDays"] == 7
    assert graph.one("aws:secretsmanager/secret:Secret").inputs["recoveryWindowInDays"] == 7
    inputs = primary(graph).inputs
    assert inputs["deleteAutomatedBackups"] and inputs["skipFinalSnapshot"] and not inputs["deletionProtection"]
    assert "finalSnapshotIdentifier" not in inputs
    assert graph.created("random:index/randomId:RandomId") == []


def test_the_instance_waits_for_its_log_groups_and_for_the_monitoring_policy() -> None:
    graph = made()
    waited = {
        *(group.urn for group in graph.created(LOG_GROUP)),
        graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").urn,
    }
    assert len(waited) == 3
    assert waited <= primary(graph).dependencies


def test_log_groups_have_the_names_rds_has_fixed_a_retention_and_the_key() -> None:
    groups = made(logRetentionDays=7).created(LOG_GROUP)
    assert {group.inputs["name"] for group in groups} == {
        "/aws/rds/instance/hybridge-test-database/postgresql",
        "/aws/rds/instance/hybridge-test-database/upgrade",
    }
    assert {group.inputs["retentionInDays"] for group in groups} == {7}
    assert {group.inputs["kmsKeyId"] for group in groups} == {f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database"}


def test_without_enhanced_monitoring_there_is_no_role() -> None:
    graph = made(monitoringIntervalSeconds=0)
    assert graph.created("aws:iam/role:Role") == []
    assert primary(graph).inputs["monitoringInterval"] == 0
    assert "monitoringRoleArn" not in primary(graph).inputs


def test_advanced_insights_keep_fifteen_months() -> None:
    inputs = primary(made(insights="advanced")).inputs
    assert (inputs["databaseInsightsMode"], inputs["performanceInsightsRetentionPeriod"]) == ("advanced", 465)


def test_io2_asks_for_its_iops_and_no_throughput() -> None:
    inputs = primary(made(storageType="io2", iops=20000)).inputs
    assert (inputs["storageType"], inputs["iops"]) == ("io2", 20000)
    assert "storageThroughput" not in inputs


def test_the_parameter_group_follows_the_major_version() -> None:
    graph = made(engineVersion="16.4", autoMinorVersionUpgrade=False)
    assert graph.one("aws:rds/parameterGroup:ParameterGroup").inputs["family"] == "postgres16"


def test_a_major_version_is_installed_at_once_along_with_its_parameter_group() -> None:
    graph = made(engineVersion="18", allowMajorVersionUpgrade=True, readReplicas={"count": 1})
    inputs = primary(graph).inputs
    assert (inputs["engineVersion"], inputs["allowMajorVersionUpgrade"], inputs["applyImmediately"]) == ("18", True, True)
    assert graph.one("aws:rds/parameterGroup:ParameterGroup").inputs["family"] == "postgres18"
    # Its readers are upgraded along with it, and take the group only then: they come after it.
    assert primary(graph).urn in graph.one(INSTANCE, "database-reader-1").dependencies


def test_only_what_the_stack_file_can_change_is_applied_at_once() -> None:
    """Static parameters cannot be, and AWS lists its own defaults, such as rds.force_ssl=1, as pending-reboot for ever."""
    parameters = {each["name"]: each for each in made().one("aws:rds/parameterGroup:ParameterGroup").inputs["parameters"]}
    at_once = {name for name, each in parameters.items() if each["applyMethod"] == "immediate"}
    assert at_once == {"log_min_duration_statement", "max_slot_wal_keep_size"}
    assert {each["applyMethod"] for name, each in parameters.items() if name not in at_once} == {"pending-reboot"}
    assert (parameters["rds.force_ssl"]["value"], parameters["rds.logical_replication"]["value"]) == ("1", "1")


def test_only_on_premises_may_connect_each_block_by_a_rule_of_its_own() -> None:
    graph = made()
    group = graph.one("aws:ec2/securityGroup:SecurityGroup")
    assert "ingress" not in group.inputs and "egress" not in group.inputs
    rules = graph.created(INGRESS)
    assert {rule.name: rule.inputs["cidrIpv4"] for rule in rules} == {
        "database-from-10.0.0.0-16": "10.0.0.0/16",
        "database-from-192.168.0.0-16": "192.168.0.0/16",
    }
    assert {(rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) for rule in rules} == {
        (5432, 5432, "tcp")
    }
    assert {rule.inputs["securityGroupId"] for rule in rules} == {group.id}


def test_the_database_is_named_in_the_private_zone() -> None:
    record = made().one(RECORD)
    assert record.inputs == {
        "zoneId": "Z1",
        "name": "database.aws.corp.example",
        "type": "CNAME",
        "ttl": 60,
        "records": ["hybridge-test-database.rds.amazonaws.com"],
    }


def test_no_replicas_no_reader_name() -> None:
    graph = made()
    assert len(graph.created(INSTANCE)) == 1
    assert "reader_dns_name" not in outputs(graph)
    assert outputs(graph)["replica_identifiers"] == []


def test_replicas_name_their_source_by_identifier_and_take_its_place_and_parameters() -> None:
    replica = made(readReplicas={"count": 2, "instanceClass": "db.r6g.large"}).one(INSTANCE, "database-reader-2")
    inputs = replica.inputs
    assert inputs["replicateSourceDb"] == "hybridge-test-database"
    assert inputs["identifier"] == "hybridge-test-database-reader-2"
    assert inputs["instanceClass"] == "db.r6g.large"
    assert inputs["vpcSecurityGroupIds"] == ["database-id"]
    assert inputs["parameterGroupName"] == "database-parameters"
    assert inputs["storageEncrypted"] is True
    # RDS refuses all of these for a replica of the same region, or takes them from the primary.
    for refused in (
        "username",
        "password",
        "dbName",
        "engine",
        "engineVersion",
        "dbSubnetGroupName",
        "kmsKeyId",
        "finalSnapshotIdentifier",
    ):
        assert refused not in inputs, refused
    assert inputs["skipFinalSnapshot"] is True
    assert not replica.protect


def test_replicas_have_the_class_and_the_provisioned_iops_of_the_primary() -> None:
    inputs = made(storageType="io2", iops=8000, readReplicas={"count": 1}).one(INSTANCE, "database-reader-1").inputs
    assert (inputs["instanceClass"], inputs["storageType"], inputs["iops"]) == ("db.m6g.xlarge", "io2", 8000)


def test_replicas_without_provisioned_iops_name_no_storage_type() -> None:
    assert "storageType" not in made(readReplicas={"count": 1}).one(INSTANCE, "database-reader-1").inputs


def test_replicas_share_one_name_with_equal_weights() -> None:
    graph = made(readReplicas={"count": 2})
    readers = [record for record in graph.created(RECORD) if record.name != "database"]
    assert [(record.inputs["name"], record.inputs["setIdentifier"]) for record in sorted(readers, key=lambda r: r.name)] == [
        ("database-reader.aws.corp.example", "reader-1"),
        ("database-reader.aws.corp.example", "reader-2"),
    ]
    assert all(record.inputs["weightedRoutingPolicies"] == [{"weight": 1}] for record in readers)
    assert outputs(graph)["replica_identifiers"] == ["hybridge-test-database-reader-1", "hybridge-test-database-reader-2"]


def test_the_key_admits_the_logs_of_every_instance_and_of_a_running_migration() -> None:
    graph = made(migration("prepare", ORDERS), readReplicas={"count": 1})
    policy = json.loads(graph.one("aws:kms/key:Key").inputs["policy"])
    logs = next(statement for statement in policy["Statement"] if statement["Sid"] == "LogsOfTheDatabase")
    assert logs["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
    prefix = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:"
    assert logs["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"] == [
        f"{prefix}/aws/rds/instance/hybridge-test-database/postgresql",
        f"{prefix}/aws/rds/instance/hybridge-test-database/upgrade",
        f"{prefix}/aws/rds/instance/hybridge-test-database-reader-1/postgresql",
        f"{prefix}/aws/rds/instance/hybridge-test-database-reader-1/upgrade",
        f"{prefix}dms-tasks-hybridge-test-database-migration",
    ]


def test_the_key_admits_no_logs_of_a_migration_that_does_not_run() -> None:
    assert "dms-tasks" not in made(migration("done")).one("aws:kms/key:Key").inputs["policy"]


def test_outputs_are_what_later_components_ask_for() -> None:
    graph = made()
    assert outputs(graph) == {
        "instance_arn": f"arn:aws:rds:{REGION}:{ACCOUNT}:Instance/database",
        "instance_identifier": "hybridge-test-database",
        "address": "hybridge-test-database.rds.amazonaws.com",
        "port": 5432,
        "dns_name": "database.aws.corp.example",
        "security_group_id": "database-id",
        "secret_arn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:database-credentials",
        "user_secret_arns": {},
        "kms_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database",
        "subnet_group_name": "database-subnets",
        "replica_addresses": [],
        "replica_identifiers": [],
        "log_group_names": [
            "/aws/rds/instance/hybridge-test-database/postgresql",
            "/aws/rds/instance/hybridge-test-database/upgrade",
        ],
        "migration_task_arns": {},
        "migration_task_ids": {},
    }


def test_every_child_has_region_tags_and_a_parent() -> None:
    graph = made(readReplicas={"count": 1})
    untagged = {RECORD, "aws:kms/alias:Alias", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"}
    untagged |= {"aws:secretsmanager/secretVersion:SecretVersion"}
    for resource in graph.resources:
        if not resource.type.startswith("aws:"):
            continue
        assert "hybridge:" in resource.parent, resource.name
        assert resource.type in untagged or resource.inputs["tags"].items() > TAGS.items(), resource.name
        if not resource.type.startswith(("aws:iam/", "aws:route53/")):
            assert resource.inputs["region"] == REGION, resource.name


@pytest.mark.parametrize(("maximum", "warned"), [(440, True), (503, True), (504, False), (0, False)])
def test_little_headroom_is_warned_of(maximum: int, warned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setattr("pulumi.log.warn", lambda message, *_: said.append(message))
    made(maxStorageGiB=maximum)
    assert bool(said) is warned


@pytest.mark.parametrize(("there", "warned"), [(400, []), (1000, ["there are 1000 GiB"])])
def test_storage_that_the_config_does_not_know_of_is_told(
    there: int, warned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", lambda message, *_: said.append(message))
    answer = support.answer
    monkeypatch.setattr(
        support,
        "answer",
        lambda type_, *rest: answer(type_, *rest) | ({"allocatedStorage": there} if type_ == INSTANCE else {}),
    )
    made()
    assert [part for part in warned if part in " ".join(said)] == warned
    assert len(said) == len(warned)
