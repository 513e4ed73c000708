import json
from typing import Any

import pytest

from tests.components.management.support import bare, full, managed
from tests.recorder import REGION, Graph

NOT_MADE = (
    "aws:backup/vault:Vault",
    "aws:backup/plan:Plan",
    "aws:backup/selection:Selection",
    "aws:backup/regionSettings:RegionSettings",
    "aws:backup/restoreTestingPlan:RestoreTestingPlan",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return managed()


def backup(**others: Any) -> dict[str, Any]:
    merged = {**full()["backup"], **others}
    return {key: value for key, value in merged.items() if value is not None}


def test_backups_are_kept_daily_weekly_and_monthly(graph: Graph) -> None:
    rules = graph.one("aws:backup/plan:Plan").inputs["rules"]
    assert [(rule["ruleName"], rule["schedule"], rule["lifecycle"]) for rule in rules] == [
        ("daily", "cron(0 5 * * ? *)", {"deleteAfter": 35}),
        ("weekly", "cron(0 5 ? * SUN *)", {"deleteAfter": 90}),
        ("monthly", "cron(0 5 1 * ? *)", {"deleteAfter": 365, "coldStorageAfter": 30}),
    ]
    for rule in rules:
        assert rule["targetVaultName"] == "management-backup"
        assert rule["scheduleExpressionTimezone"] == "Asia/Seoul"
        assert (rule["startWindow"], rule["completionWindow"]) == (60, 168 * 60)
        assert rule["enableContinuousBackup"] is False


def test_a_retention_of_zero_makes_no_rule() -> None:
    graph = managed(full(backup=backup(weekly_retention_days=0, monthly_retention_days=0, monthly_cold_after_days=None)))
    assert [rule["ruleName"] for rule in graph.one("aws:backup/plan:Plan").inputs["rules"]] == ["daily"]


def test_what_carries_the_tag_is_backed_up_once_its_type_is_opted_in(graph: Graph) -> None:
    selection = graph.one("aws:backup/selection:Selection")
    assert selection.inputs["resources"] == [
        "arn:aws:rds:*:*:db:*",
        "arn:aws:s3:::*",
        "arn:aws:elasticfilesystem:*:*:file-system/*",
    ]
    assert selection.inputs["conditions"] == [{"stringEquals": [{"key": "aws:ResourceTag/Backup", "value": "hybridge-test"}]}]
    settings = graph.one("aws:backup/regionSettings:RegionSettings")
    assert settings.inputs["resourceTypeOptInPreference"] == {"RDS": True, "S3": True, "EFS": True}
    assert settings.urn in selection.dependencies


def test_types_that_are_not_named_show_no_difference_and_another_one_is_opted_in_all_the_same(graph: Graph) -> None:
    settings = graph.one("aws:backup/regionSettings:RegionSettings")
    assert settings.ignore_changes == ("resourceTypeOptInPreference",)
    fewer = managed(full(backup=backup(resource_types=["RDS"], restore_testing=None)))
    other = fewer.one("aws:backup/regionSettings:RegionSettings")
    assert (settings.name, other.name) == ("management-backup-efs-rds-s3", "management-backup-rds")


def test_a_plan_that_is_paused_stands_ready_and_selects_nothing() -> None:
    """A snapshot of a replica would put off its promotion, and what it is of is backed up where it is written."""
    graph = managed(full(backup_paused=True))
    assert graph.created("aws:backup/selection:Selection") == []
    assert len(graph.one("aws:backup/plan:Plan").inputs["rules"]) == 3
    assert graph.one("aws:iam/role:Role", "management-backup-role")


def test_the_vault_is_encrypted_with_a_key_of_its_own_and_protected(graph: Graph) -> None:
    vault, key = graph.one("aws:backup/vault:Vault"), graph.one("aws:kms/key:Key", name="management-backup-key")
    assert vault.inputs["kmsKeyArn"].endswith("management-backup-key")
    assert key.inputs["enableKeyRotation"] is True
    assert vault.protect and vault.retain_on_delete and key.protect and key.retain_on_delete
    assert vault.inputs["forceDestroy"] is False
    vault = managed(full(protected=False)).one("aws:backup/vault:Vault")
    assert not (vault.protect or vault.retain_on_delete)
    assert vault.inputs["forceDestroy"] is True, "a vault with backups in it would stop the destroy"


def test_nobody_deletes_a_backup_by_hand(graph: Graph) -> None:
    (statement,) = json.loads(graph.one("aws:backup/vaultPolicy:VaultPolicy").inputs["policy"])["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Principal"] == "*"
    assert statement["Action"] == ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]


def test_the_vault_tells_the_topic_how_jobs_end(graph: Graph) -> None:
    notifications = graph.one("aws:backup/vaultNotifications:VaultNotifications").inputs
    assert notifications["backupVaultEvents"] == [
        "BACKUP_JOB_COMPLETED",
        "RESTORE_JOB_COMPLETED",
        "S3_BACKUP_OBJECT_FAILED",
        "S3_RESTORE_OBJECT_FAILED",
    ]
    policy = graph.one("aws:sns/topicPolicy:TopicPolicy")
    assert notifications["snsTopicArn"] == policy.inputs["arn"]
    assert policy.urn in graph.one("aws:backup/vaultNotifications:VaultNotifications").dependencies


def test_there_is_no_lock_unless_asked_for(graph: Graph) -> None:
    assert graph.created("aws:backup/vaultLockConfiguration:VaultLockConfiguration") == []


@pytest.mark.parametrize(("mode", "days"), [("governance", None), ("compliance", 7)])
def test_only_a_lock_of_compliance_has_days_of_grace(mode: str, days: int | None) -> None:
    lock = {"mode": mode, "min_retention_days": 7, "max_retention_days": 400, "grace_days": 7}
    made = managed(full(backup=backup(vault_lock=lock))).one("aws:backup/vaultLockConfiguration:VaultLockConfiguration")
    assert made.inputs.get("changeableForDays") == days
    assert (made.inputs["minRetentionDays"], made.inputs["maxRetentionDays"]) == (7, 400)


def test_restores_are_tried_into_the_subnets_of_the_database(graph: Graph) -> None:
    plan = graph.one("aws:backup/restoreTestingPlan:RestoreTestingPlan").inputs
    assert plan["name"] == "hybridge_test"
    assert plan["recoveryPointSelection"]["includeVaults"] == [
        graph.one("aws:backup/vault:Vault").inputs.get("arn", _vault_arn())
    ]
    rds = graph.one("aws:backup/restoreTestingSelection:RestoreTestingSelection", name="management-backup-restores-rds").inputs
    assert rds["name"] == "hybridge_test_rds"
    assert rds["restoreMetadataOverrides"] == {
        "dbSubnetGroupName": "database-subnets",
        "multiAz": "false",
        "publiclyAccessible": "false",
    }
    assert rds["protectedResourceConditions"] == {"stringEquals": [{"key": "aws:ResourceTag/Backup", "value": "hybridge-test"}]}
    efs = graph.one("aws:backup/restoreTestingSelection:RestoreTestingSelection", name="management-backup-restores-efs").inputs
    assert "restoreMetadataOverrides" not in efs


def _vault_arn() -> str:
    return f"arn:aws:backup:{REGION}:123456789012:Vault/management-backup"


def test_databases_are_not_restored_without_subnets_to_restore_them_into() -> None:
    graph = managed(full(database_subnet_group_name=None))
    selections = graph.created("aws:backup/restoreTestingSelection:RestoreTestingSelection")
    assert [selection.inputs["protectedResourceType"] for selection in selections] == ["EFS"]


def test_backing_up_and_restoring_are_roles_apart(graph: Graph) -> None:
    attached: dict[str, set[str]] = {}
    for attachment in graph.created("aws:iam/rolePolicyAttachment:RolePolicyAttachment"):
        policy = attachment.inputs["policyArn"].rsplit("/", maxsplit=1)[-1]
        attached.setdefault(attachment.inputs["role"], set()).add(policy)
    assert attached["management-backup-role"] == {
        "AWSBackupServiceRolePolicyForBackup",
        "AWSBackupServiceRolePolicyForS3Backup",
    }
    assert attached["management-backup-restores-role"] == {
        "AWSBackupServiceRolePolicyForRestores",
        "AWSBackupServiceRolePolicyForS3Restore",
    }


def test_backup_can_be_off() -> None:
    graph = managed(bare())
    for type_ in NOT_MADE:
        assert graph.created(type_) == []


def test_virtual_machines_are_selected_by_the_tag_and_what_reads_tags_of_vmware_has_a_role() -> None:
    args = full()
    args["backup"] = {**args["backup"], "resource_types": ["RDS", "VirtualMachine"]}
    graph = managed(args)
    assert graph.one("aws:backup/selection:Selection").inputs["resources"] == [
        "arn:aws:rds:*:*:db:*",
        "arn:aws:backup-gateway:*:*:vm/*",
    ]
    role = json.loads(graph.one("aws:iam/role:Role", name="management-backup-machines").inputs["assumeRolePolicy"])
    assert role["Statement"][0]["Principal"] == {"Service": "backup-gateway.amazonaws.com"}
    assert managed().created("aws:iam/role:Role", name="management-backup-machines") == []


def test_copies_go_into_another_account_and_the_key_lets_it_take_them() -> None:
    args = full()
    vault = f"arn:aws:backup:{REGION}:210987654321:backup-vault:kept"
    other = {"vault_arn": vault, "weekly_retention_days": 30, "monthly_retention_days": 0}
    args["backup"] = {**args["backup"], "other_account": other}  # type: ignore[typeddict-item]
    graph = managed(args)
    rules = {rule["ruleName"]: rule for rule in graph.one("aws:backup/plan:Plan").inputs["rules"]}
    assert {name: rule.get("copyActions") for name, rule in rules.items()} == {
        "daily": None,
        "weekly": [{"destinationVaultArn": vault, "lifecycle": {"deleteAfter": 30}}],
        "monthly": None,
    }
    policy = json.loads(graph.one("aws:kms/key:Key", name="management-backup-key").inputs["policy"])
    shared = next(one for one in policy["Statement"] if one["Sid"] == "CopiesIntoTheOtherAccount")
    assert shared["Principal"] == {"AWS": "arn:aws:iam::210987654321:root"}


def test_backups_that_were_stopped_or_hold_only_a_part_ring() -> None:
    graph = managed()
    for name, metric in (
        ("backup-aborted", "NumberOfBackupJobsAborted"),
        ("recovery-points-partial", "NumberOfRecoveryPointsPartial"),
    ):
        alarm = graph.one("aws:cloudwatch/metricAlarm:MetricAlarm", name=f"management-alarms-{name}").inputs
        assert (alarm["namespace"], alarm["metricName"]) == ("AWS/Backup", metric)
        assert alarm["dimensions"] == {"BackupVaultName": "management-backup"}
