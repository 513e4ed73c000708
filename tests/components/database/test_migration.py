import json
import re
from typing import Any

import pulumi_aws as aws
import pytest

from components import rds_roots
from components.database import Database
from tests.components.database.support import CERTIFICATE, ORDERS, TAGS, made, migration, outputs, section, wiring
from tests.recorder import ACCOUNT, REGION, Graph, deploy

ENDPOINT = "aws:dms/endpoint:Endpoint"
TASK = "aws:dms/replicationTask:ReplicationTask"
INSTANCE = "aws:dms/replicationInstance:ReplicationInstance"
SUBNETS = "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup"
ROLE = "aws:iam/role:Role"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
BILLING = {
    **ORDERS,
    "name": "billing",
    "host": "10.0.4.9",
    "port": 5433,
    "database": "billing",
    "targetSchemas": {"public": "billing"},
}


def moving(graph: Graph) -> list[str]:
    """Every resource of the migration but the component itself."""
    return sorted(r.name for r in graph.resources if r.custom and "migration" in r.name)


def test_off_makes_nothing() -> None:
    assert moving(made(migration("off", ORDERS))) == []
    assert moving(made()) == []


def test_prepare_makes_everything_but_the_tasks() -> None:
    graph = made(migration("prepare", ORDERS))
    assert graph.names(ENDPOINT) == ["database-migration-orders-source", "database-migration-orders-target"]
    assert len(graph.created(INSTANCE)) == 1
    assert graph.created(TASK) == []
    assert outputs(graph)["migration_task_arns"] == {}
    assert outputs(graph)["replication_instance_identifier"] == "hybridge-test-database-migration"


def test_replicate_adds_a_started_task_to_what_prepare_made() -> None:
    before, after = made(migration("prepare", ORDERS)), made(migration("replicate", ORDERS))
    assert sorted({r.urn for r in after.resources} - {r.urn for r in before.resources}) == [after.one(TASK).urn]
    assert {r.urn for r in before.resources} <= {r.urn for r in after.resources}
    assert after.one(TASK).inputs["startReplicationTask"] is True


def test_done_leaves_the_account_wide_roles_alone_and_their_urns_as_they_were() -> None:
    replicating, done = made(migration("replicate", ORDERS)), made(migration("done", ORDERS))
    roles = ["database-migration-roles-dms-cloudwatch-logs-role", "database-migration-roles-dms-vpc-role"]
    assert moving(done) == sorted(roles * 2)
    assert {r.urn for r in done.resources} < {r.urn for r in replicating.resources}
    assert "replication_instance_identifier" not in outputs(done)


def test_done_with_adopted_roles_leaves_nothing() -> None:
    assert moving(made(migration("done", roles="adopt"))) == []


def test_the_account_wide_roles_have_the_names_dms_looks_for_and_its_policies() -> None:
    graph = made(migration("prepare", ORDERS))
    names = {r.inputs["name"] for r in graph.created(ROLE) if "name" in r.inputs}
    assert names == {"dms-vpc-role", "dms-cloudwatch-logs-role"}
    attached = {
        r.inputs["role"]: r.inputs["policyArn"]
        for r in graph.created("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if "migration" in r.name
    }
    assert attached == {
        "dms-vpc-role": "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole",
        "dms-cloudwatch-logs-role": "arn:aws:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole",
    }


def test_the_subnet_group_waits_for_the_policies_of_the_roles() -> None:
    graph = made(migration("prepare", ORDERS))
    attachments = {r.urn for r in graph.created("aws:iam/rolePolicyAttachment:RolePolicyAttachment") if "migration" in r.name}
    assert len(attachments) == 2
    assert attachments <= graph.one(SUBNETS).dependencies


def test_adopted_roles_are_looked_up_and_not_made() -> None:
    graph = made(migration("prepare", ORDERS, roles="adopt"))
    looked_up = {args["name"] for token, args in graph.calls if token == "aws:iam/getRole:getRole"}
    assert looked_up == {"dms-vpc-role", "dms-cloudwatch-logs-role"}
    assert [r.name for r in graph.created(ROLE) if "dms" in r.name] == []


def test_the_replication_instance_is_private_encrypted_and_fixed_in_its_version() -> None:
    graph = made(migration("prepare", ORDERS))
    assert graph.one(INSTANCE).inputs == {
        "replicationInstanceId": "hybridge-test-database-migration",
        "replicationInstanceClass": "dms.r6i.large",
        "engineVersion": "3.6.1",
        "autoMinorVersionUpgrade": False,
        "allowMajorVersionUpgrade": True,
        "applyImmediately": True,
        "multiAz": True,
        "allocatedStorage": 200,
        "kmsKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database",
        "replicationSubnetGroupId": "hybridge-test-database-migration-subnets",
        "vpcSecurityGroupIds": ["database-migration-id"],
        "publiclyAccessible": False,
        "preferredMaintenanceWindow": "sun:20:00-sun:21:00",
        "region": REGION,
        "tags": {**TAGS, "Name": "database-migration"},
    }
    assert graph.one(SUBNETS).inputs["subnetIds"] == ["subnet-3", "subnet-4"]


def test_the_replication_instance_reaches_sources_database_and_secrets_and_nobody_reaches_it() -> None:
    graph = made(migration("prepare", ORDERS, BILLING))
    out = {
        r.name: (r.inputs.get("cidrIpv4") or r.inputs["referencedSecurityGroupId"], r.inputs["fromPort"], r.inputs["toPort"])
        for r in graph.created(EGRESS)
    }
    assert out == {
        "database-migration-to-10.0.0.0-16-5432": ("10.0.0.0/16", 5432, 5432),
        "database-migration-to-192.168.0.0-16-5432": ("192.168.0.0/16", 5432, 5432),
        "database-migration-to-10.0.4.9-32-5433": ("10.0.4.9/32", 5433, 5433),
        "database-migration-to-database": ("database-id", 5432, 5432),
        "database-migration-to-endpoints": ("sg-endpoints", 443, 443),
    }
    assert [r.name for r in graph.created(INGRESS, securityGroupId="database-migration-id")] == []
    into = graph.one(INGRESS, "database-migration-into-database")
    assert (into.inputs["securityGroupId"], into.inputs["referencedSecurityGroupId"]) == (
        "database-id",
        "database-migration-id",
    )


def test_credentials_of_a_source_are_a_secret_in_the_layout_of_dms() -> None:
    version = made(migration("prepare", ORDERS)).one(
        "aws:secretsmanager/secretVersion:SecretVersion", "database-migration-orders"
    )
    assert json.loads(version.inputs["secretString"]) == {
        "username": "dms",
        "password": "hidden",
        "host": "db1.corp.example",
        "port": 5432,
        "dbname": "orders",
        "engine": "postgres",
    }
    assert "secretString" in version.secrets


def test_endpoints_take_their_credentials_from_secrets_alone() -> None:
    graph = made(migration("prepare", ORDERS))
    source, target = (graph.one(ENDPOINT, f"database-migration-orders-{kind}").inputs for kind in ("source", "target"))
    for inputs in (source, target):
        assert not {"username", "password", "serverName", "port"} & inputs.keys()
        assert inputs["secretsManagerAccessRoleArn"] == f"arn:aws:iam:{REGION}:{ACCOUNT}:Role/database-migration-secrets"
        assert inputs["sslMode"] == {"source": "require", "target": "verify-full"}[inputs["endpointType"]]
        assert inputs["pauseReplicationTasks"] is True
    prefix = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
    assert (source["secretsManagerArn"], source["databaseName"]) == (f"{prefix}database-migration-orders", "orders")
    assert (target["secretsManagerArn"], target["databaseName"]) == (f"{prefix}database-user-hybridge-dms", "hybridge")
    assert source["postgresSettings"] == {
        "captureDdls": False,
        "pluginName": "test-decoding",
        "heartbeatEnable": True,
        "heartbeatSchema": "dms",
        "heartbeatFrequency": 5,
        "maxFileSize": 131_072,
        "executeTimeout": 600,
        "failTasksOnLobTruncation": True,
        "mapBooleanAsBoolean": True,
    }
    assert target["postgresSettings"] == {
        "afterConnectScript": "SET session_replication_role='replica'",
        "mapBooleanAsBoolean": True,
        "maxFileSize": 131_072,
        "executeTimeout": 600,
        "heartbeatFrequency": 5,
    }


@pytest.mark.parametrize("kind", ["source", "target"])
def test_no_number_that_the_provider_would_send_as_zero_is_left_out(kind: str) -> None:
    endpoint = made(migration("prepare", ORDERS)).one(ENDPOINT, f"database-migration-orders-{kind}")
    given = aws.dms.EndpointPostgresSettingsArgsDict.__annotations__
    numbers = {name for name, type_ in given.items() if "[int" in str(type_)}
    sent = {re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name) for name in endpoint.inputs["postgresSettings"]}
    assert numbers
    assert numbers <= sent


@pytest.mark.parametrize("kind", ["source", "target"])
def test_numerics_without_precision_keep_their_digits_on_both_ends(kind: str) -> None:
    endpoint = made(migration("prepare", ORDERS)).one(ENDPOINT, f"database-migration-orders-{kind}")
    assert endpoint.inputs["extraConnectionAttributes"] == "MapUnboundedNumericAsString=true"


def test_the_native_way_opens_the_database_to_its_sources_and_makes_nothing_else() -> None:
    graph = made(migration("replicate", ORDERS, BILLING, way="native"))
    assert moving(graph) == []
    ways = {(rule.inputs["cidrIpv4"], rule.inputs["fromPort"]) for rule in graph.created(EGRESS)}
    assert ways == {("10.0.0.0/16", 5432), ("10.0.4.9/32", 5433), ("192.168.0.0/16", 5432)}
    assert [rule.name for rule in made(migration("done", ORDERS, way="native")).created(EGRESS)] == []


def test_the_access_role_may_read_these_secrets_only_and_trusts_the_regional_service() -> None:
    graph = made(migration("prepare", ORDERS))
    trust = json.loads(graph.one(ROLE, "database-migration-secrets").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": f"dms.{REGION}.amazonaws.com"}
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    read, decrypt = policy["Statement"]
    prefix = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
    assert read["Resource"] == [f"{prefix}database-user-hybridge-dms", f"{prefix}database-migration-orders"]
    assert decrypt["Resource"] == [f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database"]
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}}


def test_endpoints_wait_until_the_role_may_read() -> None:
    graph = made(migration("prepare", ORDERS))
    policy = graph.one("aws:iam/rolePolicy:RolePolicy").urn
    assert all(policy in endpoint.dependencies for endpoint in graph.created(ENDPOINT))


def test_a_task_starts_only_when_every_way_is_open_and_its_log_group_exists() -> None:
    graph = made(migration("replicate", ORDERS))
    ways = {r.urn for r in (*graph.created(EGRESS), graph.one(INGRESS, "database-migration-into-database"))}
    log = graph.one("aws:cloudwatch/logGroup:LogGroup", "database-migration-log")
    assert log.inputs["name"] == "dms-tasks-hybridge-test-database-migration"
    assert ways | {log.urn} <= graph.one(TASK).dependencies


def test_a_task_loads_everything_and_then_follows() -> None:
    inputs = made(migration("replicate", ORDERS)).one(TASK).inputs
    assert inputs["migrationType"] == "full-load-and-cdc"
    assert "cdcStartPosition" not in inputs
    assert inputs["replicationTaskId"] == "hybridge-test-database-migration-orders"
    settings = json.loads(inputs["replicationTaskSettings"])
    assert settings["ValidationSettings"]["EnableValidation"] is True
    assert settings["Logging"]["EnableLogging"] is True
    assert settings["FullLoadSettings"]["TargetTablePrepMode"] == "DO_NOTHING"


def test_a_slot_made_by_hand_means_changes_only_from_its_position() -> None:
    graph = made(migration("replicate", {**ORDERS, "slot": {"name": "by_hand", "startPosition": "16/B374D848"}}))
    inputs = graph.one(TASK).inputs
    assert (inputs["migrationType"], inputs["cdcStartPosition"]) == ("cdc", "16/B374D848")
    assert graph.one(ENDPOINT, "database-migration-orders-source").inputs["postgresSettings"]["slotName"] == "by_hand"


def test_several_sources_are_consolidated_each_with_its_own_endpoints_and_task() -> None:
    graph = made(migration("replicate", ORDERS, {**BILLING, "targetDatabase": "billing"}))
    assert graph.names(TASK) == ["database-migration-billing", "database-migration-orders"]
    assert len(graph.created(ENDPOINT)) == 4
    assert graph.one(ENDPOINT, "database-migration-billing-target").inputs["databaseName"] == "billing"
    tasks = f"arn:aws:dms:{REGION}:{ACCOUNT}:task:DATABASE-MIGRATION-"
    assert outputs(graph)["migration_task_arns"] == {"billing": f"{tasks}BILLING", "orders": f"{tasks}ORDERS"}
    assert outputs(graph)["migration_task_ids"] == {
        "billing": "DATABASE-MIGRATION-BILLING",
        "orders": "DATABASE-MIGRATION-ORDERS",
    }


def test_certificates_are_imported_and_verified_in_full() -> None:
    source = {**ORDERS, "sslMode": "verify-full", "certificatePem": CERTIFICATE}
    graph = made(migration("prepare", source, targetCertificatePem=CERTIFICATE))
    for kind, certificate in (("source", "orders-source"), ("target", "target")):
        inputs = graph.one(ENDPOINT, f"database-migration-orders-{kind}").inputs
        assert inputs["sslMode"] == "verify-full"
        assert inputs["certificateArn"] == f"arn:aws:dms:{REGION}:{ACCOUNT}:cert:database-migration-{certificate}"


def test_another_certificate_stands_beside_the_one_that_an_endpoint_uses() -> None:
    """DMS changes no certificate, has one of an id, and deletes none that is in use."""

    def ids(certificate: str) -> list[str]:
        source = {**ORDERS, "sslMode": "verify-full", "certificatePem": certificate}
        graph = made(migration("prepare", source, targetCertificatePem=certificate))
        return [one.inputs["certificateId"] for one in graph.created("aws:dms/certificate:Certificate")]

    first, second = ids(CERTIFICATE), ids(CERTIFICATE.replace("MIIB", "MIIC"))
    assert not set(first) & set(second)
    assert all(re.fullmatch("hybridge-.*-(source|target)-[0-9a-f]{8}", one) for one in first + second), first


def test_the_target_is_verified_with_the_roots_of_rds_in_the_region() -> None:
    graph = made(migration("prepare", ORDERS))
    (certificate,) = graph.created("aws:dms/certificate:Certificate")
    assert certificate.inputs["certificatePem"] == rds_roots.of(REGION)
    assert certificate.inputs["certificatePem"].count("BEGIN CERTIFICATE") == 3

    def elsewhere() -> None:
        args: Any = {**wiring(), **section(), "migration": migration("prepare", ORDERS).as_args()}
        Database("database", args | {"region": "ap-southeast-7"})

    with pytest.raises(ValueError, match="no roots of RDS in ap-southeast-7 come along"):
        deploy(elsewhere)


def test_tasks_are_there_from_assess_on_and_run_in_load_and_replicate_only() -> None:
    stages = {
        stage: [
            (
                task.inputs["startReplicationTask"],
                json.loads(task.inputs["replicationTaskSettings"])["FullLoadSettings"]["StopTaskCachedChangesNotApplied"],
            )
            for task in made(migration(stage, ORDERS)).created(TASK)
        ]
        for stage in ("prepare", "assess", "load", "replicate", "cutover", "done")
    }
    assert stages == {
        "prepare": [],
        "assess": [(False, False)],
        "load": [(True, True)],
        "replicate": [(True, False)],
        "cutover": [(False, False)],
        "done": [],
    }


def test_a_table_that_dms_sets_aside_is_counted_out_of_its_log() -> None:
    graph = made(migration("replicate", ORDERS))
    (counted,) = graph.created("aws:cloudwatch/logMetricFilter:LogMetricFilter")
    assert (counted.inputs["logGroupName"], counted.inputs["pattern"]) == (
        "dms-tasks-hybridge-test-database-migration",
        '"is suspended"',
    )
    metric = counted.inputs["metricTransformation"]["name"]
    assert metric == outputs(graph)["set_aside_metric"] == "TablesSetAside-hybridge-test-database-migration"
    assert "set_aside_metric" not in outputs(made(migration("done", ORDERS)))


def test_assessments_have_a_closed_bucket_and_a_role_that_writes_there_alone() -> None:
    graph = made(migration("assess", ORDERS))
    (bucket,) = graph.created("aws:s3/bucket:Bucket")
    assert bucket.inputs["forceDestroy"]
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", "database-migration-assessment").inputs["policy"])
    assert {statement["Sid"]: statement["Resource"] for statement in policy["Statement"]}.keys() == {
        "FindBucket",
        "WriteReports",
        "EncryptReports",
    }
    assert not any(resource == "*" for statement in policy["Statement"] for resource in statement["Resource"])
    assert outputs(graph)["assessment"].keys() == {"bucket", "role_arn"}
    assert "assessment" not in outputs(made(migration("replicate", ORDERS)))


@pytest.mark.parametrize("stage", ["prepare", "replicate"])
def test_without_the_group_of_the_vpc_endpoints_there_is_no_way_to_the_secrets(stage: str) -> None:
    def program() -> None:
        bare: Any = {**wiring(), **section(), "migration": migration(stage, ORDERS).as_args()}
        del bare["endpoint_security_group_id"]
        Database("database", bare)

    with pytest.raises(ValueError, match=f"endpoint_security_group_id is not set while migration.stage is '{stage}'"):
        deploy(program)
