"""The database that stands in for another region's, and what another region keeps of this one."""

import json
from typing import Any

import pytest

from components.database.credentials import replica_arn
from tests.components.database.support import ORDERS, TAGS, made, migration, outputs
from tests.recorder import ACCOUNT, REGION, Graph, Registered

INSTANCE = "aws:rds/instance:Instance"
KEY = "aws:kms/key:Key"
RECORD = "aws:route53/record:Record"
SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
TASK = "aws:dms/replicationTask:ReplicationTask"
OTHER = "eu-west-1"
SOURCE = f"arn:aws:rds:{OTHER}:{ACCOUNT}:db:hybridge-prod-database"
SECRET_THERE = f"arn:aws:secretsmanager:{OTHER}:{ACCOUNT}:secret:database-credentials-1a2b3c4-AbCdEf"
SECRET_HERE = SECRET_THERE.replace(OTHER, REGION)
BACKUPS = f"arn:aws:rds:{REGION}:{ACCOUNT}:auto-backup:ab-1234"
WAYS: dict[str, dict[str, Any]] = {
    "replica": {"instance_arn": SOURCE},
    "backups": {"automated_backups_arn": BACKUPS},
    "dms": {
        "secret_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/copies",
        "security_group_id": "sg-primary",
        "cidr": "10.64.0.0/16",
        "own_cidr": "10.80.0.0/16",
        "tested": True,
    },
}


def standby(way: str = "replica", *, promoted: bool = False, generation: int = 1, **more: Any) -> dict[str, Any]:
    common = {"way": way, "promoted": promoted, "generation": generation, "region": OTHER, "secret_arn": SECRET_THERE}
    return {"standby_for": {**common, **WAYS[way], **more}}


def standing(way: str = "replica", *, promoted: bool = False, generation: int = 1, **settings: Any) -> Graph:
    wired = {**standby(way, promoted=promoted, generation=generation), **settings.pop("wired", {})}
    return made(migration("off", roles="adopt"), wired=wired, **settings)


def instance(graph: Graph) -> Registered:
    return next(one for one in graph.created(INSTANCE) if "-reader-" not in one.name)


def test_a_replica_asks_for_what_rds_lets_a_replica_of_another_region_have() -> None:
    made_here = instance(standing())
    assert made_here.name == "database-replica-1"
    inputs = made_here.inputs
    assert inputs["identifier"] == "hybridge-test-database-replica-1"
    assert inputs["replicateSourceDb"] == SOURCE
    assert inputs["kmsKeyId"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database"
    assert inputs["dbSubnetGroupName"] == "database-subnets"
    assert inputs["parameterGroupName"] == "database-parameters"
    assert (inputs["backupRetentionPeriod"], inputs["storageEncrypted"], inputs["deletionProtection"]) == (14, True, True)
    # These are the source's: RDS refuses them, or the storage of a replica could not be chosen.
    for refused in ("engine", "engineVersion", "username", "password", "dbName", "allocatedStorage", "storageType", "iops"):
        assert refused not in inputs, refused
    assert inputs["skipFinalSnapshot"] is True and "finalSnapshotIdentifier" not in inputs
    assert made_here.protect and made_here.retain_on_delete
    assert made_here.custom_timeouts["create"] == "4h"


def test_promotion_gives_the_instance_a_version_and_storage_of_its_own_and_leaves_the_rest() -> None:
    before, after = instance(standing()).inputs, instance(standing(promoted=True)).inputs
    assert {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == {
        "replicateSourceDb",
        # While it follows these are its source's; from then on the stack file's take effect.
        "engineVersion",
        "allocatedStorage",
        "allowMajorVersionUpgrade",
        "applyImmediately",
        "skipFinalSnapshot",
        "finalSnapshotIdentifier",
    }
    assert "replicateSourceDb" not in after


def test_a_replica_with_provisioned_iops_asks_for_the_storage_that_they_need() -> None:
    inputs = instance(standing(storageType="io2", iops=8000)).inputs
    assert (inputs["storageType"], inputs["iops"]) == ("io2", 8000)


def test_log_groups_and_the_key_know_the_name_of_the_instance() -> None:
    graph = standing(generation=3)
    names = {f"/aws/rds/instance/hybridge-test-database-replica-3/{log}" for log in ("postgresql", "upgrade")}
    assert {group.inputs["name"] for group in graph.created("aws:cloudwatch/logGroup:LogGroup")} == names
    assert all(name in graph.one(KEY).inputs["policy"] for name in names)


def test_user_and_password_come_from_the_replica_of_the_secret() -> None:
    graph = standing()
    (asked,) = [args for token, args in graph.calls if token.endswith(":getSecretVersion")]
    assert asked == {"secretId": SECRET_HERE, "region": REGION}
    version = graph.one(VERSION)
    assert json.loads(version.inputs["secretString"]) == {
        "username": "dbadmin",
        "password": "of-the-primary",
        "host": "hybridge-test-database-replica-1.rds.amazonaws.com",
        "port": 5432,
        "dbname": "hybridge",
        "engine": "postgres",
    }
    assert "secretString" in version.secrets
    assert graph.created("random:index/randomPassword:RandomPassword") == []


def test_without_a_secret_of_the_other_region_the_password_stays_the_own_one() -> None:
    given = standby(generation=2)
    del given["standby_for"]["secret_arn"]
    graph = made(wired=given)
    assert instance(graph).name == "database-replica-2"
    assert json.loads(graph.one(VERSION).inputs["secretString"])["password"] == "generated-password"


def test_the_arn_of_a_replica_of_a_secret_differs_in_the_region() -> None:
    assert replica_arn(SECRET_THERE, REGION) == SECRET_HERE


def test_readers_of_a_later_generation_are_others() -> None:
    names = {generation: standing(generation=generation, readReplicas={"count": 1}).names(INSTANCE) for generation in (1, 2)}
    assert names == {
        1: ["database-reader-1", "database-replica-1"],
        2: ["database-reader-1-of-2", "database-replica-2"],
    }


def test_backups_have_everything_but_the_instance_until_it_is_needed() -> None:
    graph = standing("backups", readReplicas={"count": 2})
    assert graph.created(INSTANCE) == graph.created(VERSION) == graph.created(RECORD) == []
    registered = outputs(graph)
    assert {"instance_arn", "instance_identifier", "address"}.isdisjoint(registered)
    assert registered["secret_arn"].endswith(":Secret/database-credentials")
    # What takes time to work everywhere is there beforehand.
    assert graph.one("aws:iam/role:Role", "database-monitoring")


def test_backups_that_begin_anew_elsewhere_do_not_replace_what_was_restored() -> None:
    """The primary's replicated backups have another ARN after its failback, or once they are kept for longer."""
    assert instance(standing("backups", promoted=True)).ignore_changes == ("restoreToPointInTime",)
    assert instance(standing(promoted=True)).ignore_changes == ()


def test_backups_are_restored_to_their_latest_moment() -> None:
    inputs = instance(standing("backups", promoted=True)).inputs
    assert inputs["identifier"] == "hybridge-test-database-restored-1"
    assert inputs["restoreToPointInTime"] == {
        "sourceDbInstanceAutomatedBackupsArn": BACKUPS,
        "useLatestRestorableTime": True,
    }
    for refused in ("engine", "username", "password", "dbName", "kmsKeyId", "allocatedStorage", "replicateSourceDb"):
        assert refused not in inputs, refused
    assert inputs["storageEncrypted"] is True
    assert inputs["finalSnapshotIdentifier"] == "hybridge-test-database-restored-1-final-0badcafe"


def test_dms_fills_an_instance_with_the_login_of_the_other_region() -> None:
    graph = standing("dms")
    inputs = instance(graph).inputs
    assert (inputs["identifier"], inputs["engine"]) == ("hybridge-test-database-standby-1", "postgres")
    assert (inputs["username"], inputs["password"]) == ("dbadmin", "of-the-primary")
    source = graph.one("aws:dms/endpoint:Endpoint", "database-standby-primary-1-source").inputs
    assert source["secretsManagerArn"] == SECRET_HERE
    assert source["postgresSettings"]["captureDdls"] is True
    task = graph.one(TASK)
    assert (task.inputs["migrationType"], task.inputs["startReplicationTask"]) == ("full-load-and-cdc", True)
    rules = json.loads(task.inputs["tableMappings"])["rules"]
    assert [(rule["rule-name"], rule["object-locator"]) for rule in rules] == [
        ("include-all", {"schema-name": "%", "table-name": "%"}),
        ("exclude-own-all", {"schema-name": "%", "table-name": "awsdms[_]%"}),
    ]
    assert outputs(graph)["replication_instance_identifier"] == "hybridge-test-database-standby"


def test_before_somebody_has_tested_the_endpoints_there_is_everything_but_the_task() -> None:
    untested, tested = standing("dms", wired=standby("dms", tested=False)), standing("dms")
    assert {one.urn for one in tested.resources} - {one.urn for one in untested.resources} == {tested.one(TASK).urn}
    assert untested.names("aws:dms/endpoint:Endpoint") == [
        "database-standby-primary-1-source",
        "database-standby-primary-1-target",
    ]
    left_out = standby("dms")
    del left_out["standby_for"]["tested"]
    assert standing("dms", wired=left_out).created(TASK) == []


def test_the_other_database_admits_this_vpc_before_the_task_starts() -> None:
    graph = standing("dms")
    rule = graph.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "database-standby-into-primary")
    assert (rule.inputs["securityGroupId"], rule.inputs["cidrIpv4"], rule.inputs["region"]) == (
        "sg-primary",
        "10.80.0.0/16",
        OTHER,
    )
    out = graph.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "database-standby-to-10.64.0.0-16-5432")
    assert {rule.urn, out.urn} <= graph.one(TASK).dependencies


def test_dms_may_read_both_secrets_with_both_keys() -> None:
    policy = json.loads(standing("dms").one("aws:iam/rolePolicy:RolePolicy", "database-standby-secrets").inputs["policy"])
    read, decrypt = policy["Statement"]
    assert SECRET_HERE in read["Resource"] and len(read["Resource"]) == 2
    assert decrypt["Resource"] == [
        f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database",
        f"arn:aws:kms:{REGION}:{ACCOUNT}:key/copies",
    ]


def test_no_task_writes_into_a_promoted_database() -> None:
    before, after = standing("dms"), standing("dms", promoted=True)
    assert {one.urn for one in before.resources} - {one.urn for one in after.resources} == {before.one(TASK).urn}
    assert instance(before).inputs == instance(after).inputs


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"way": "backups"}, "needs automated_backups_arn"),
        ({"way": "dms"}, "needs secret_key_arn, security_group_id, cidr, own_cidr"),
        ({"region": REGION}, "allowed: another region"),
    ],
)
def test_a_standby_that_cannot_work_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        made(wired={"standby_for": {**standby()["standby_for"], **given}})


def test_another_region_keeps_the_secret_and_the_backups_under_a_key_of_its_own() -> None:
    graph = made(wired={"copies": {"region": OTHER, "backups": True}})
    key = graph.one(KEY, "database-copies")
    assert key.inputs["region"] == OTHER and key.protect and key.retain_on_delete
    assert [statement["Sid"] for statement in json.loads(key.inputs["policy"])["Statement"]] == ["AccountDecidesThroughIam"]
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/database-copies"
    assert graph.one(SECRET).inputs["replicas"] == [{"region": OTHER, "kmsKeyId": arn}]
    kind = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
    assert graph.one(kind).inputs == {
        "sourceDbInstanceArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:Instance/database",
        "kmsKeyId": arn,
        "retentionPeriod": 14,
        "region": OTHER,
    }
    assert outputs(graph)["automated_backups_arn"] == "database-copies-id"


def test_what_another_region_keeps_outlives_the_stack_that_copies_it() -> None:
    """A database of another region, once promoted, reads its login from the replica at every update."""
    graph = made(wired={"copies": {"region": OTHER, "backups": True}, "protected": False})
    assert {(one.type, one.name) for one in graph.resources if one.retain_on_delete} == {
        (KEY, "database-copies"),
        (SECRET, "database-credentials"),
    }
    assert not any(one.protect for one in graph.resources)


def test_backups_are_not_replicated_unless_asked_for() -> None:
    graph = made(wired={"copies": {"region": OTHER, "backups": False}})
    assert [one.type for one in graph.resources if "AutomatedBackups" in one.type] == []
    assert "automated_backups_arn" not in outputs(graph)


def test_the_roles_of_dms_are_there_for_another_region_without_a_migration() -> None:
    copies = {"copies": {"region": OTHER, "backups": False, "dms_roles": True}}
    asked, migrating = made(migration("off"), wired=copies), made(migration("replicate", ORDERS), wired=copies)
    names = {"dms-vpc-role", "dms-cloudwatch-logs-role"}
    for graph in (asked, migrating):
        assert {one.inputs.get("name") for one in graph.created("aws:iam/role:Role") if "roles" in one.name} == names
    # They are the same resources once a migration begins.
    roles = {one.urn for one in asked.created("aws:iam/role:Role") if "roles" in one.name}
    assert roles <= {one.urn for one in migrating.resources}
    kept = {
        resource.type
        for resource in graph.resources
        if resource.parent.endswith("migration-roles") and resource.retain_on_delete
    }
    assert kept == {"aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"}, "the second region uses them on"


def test_names_are_shared_by_weight_or_not_made() -> None:
    shared = made(wired={"names": {"set_identifier": REGION, "weight": 0}}, readReplicas={"count": 1})
    routing = {
        record.name: (record.inputs["setIdentifier"], record.inputs["weightedRoutingPolicies"])
        for record in shared.created(RECORD)
    }
    assert routing == {
        "database": (REGION, [{"weight": 0}]),
        "database-reader-1": (f"{REGION}-reader-1", [{"weight": 0}]),
    }
    assert made(wired={"names": None}, readReplicas={"count": 1}).created(RECORD) == []


def test_a_region_that_draws_the_names_answers_for_its_readers() -> None:
    graph = made(wired={"names": {"set_identifier": REGION, "weight": 255}})
    assert graph.one(RECORD, "database-reader").inputs["records"] == ["hybridge-test-database.rds.amazonaws.com"]
    assert outputs(graph)["reader_dns_name"] == "database-reader.aws.corp.example"


def test_every_child_has_the_tags_and_a_region() -> None:
    graph = standing("dms", wired={"copies": {"region": OTHER, "backups": True}})
    untagged = {
        RECORD,
        VERSION,
        "aws:kms/alias:Alias",
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    }
    for resource in graph.resources:
        if resource.custom and resource.type.startswith("aws:"):
            assert resource.type in untagged or resource.inputs["tags"].items() > TAGS.items(), resource.name
            if not resource.type.startswith(("aws:iam/", "aws:route53/")):
                assert resource.inputs["region"] in (REGION, OTHER), resource.name
