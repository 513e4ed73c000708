from typing import Any

import pytest

from tests.components.management.support import full, managed
from tests.recorder import REGION, Graph

OTHER = "ap-northeast-1"
PLAN, VAULT = "aws:backup/plan:Plan", "aws:backup/vault:Vault"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
COPIES: dict[str, Any] = {"daily_retention_days": 14, "weekly_retention_days": 60, "monthly_retention_days": 365}


def copied(copies: dict[str, Any] | None = None, **others: Any) -> Graph:
    backup = {**full()["backup"], "copies": {**COPIES, **(copies or {})}}
    return managed(full(backup=backup, backup_copies_region=OTHER, **others))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return copied()


def actions(graph: Graph) -> dict[str, Any]:
    return {rule["ruleName"]: rule.get("copyActions") for rule in graph.one(PLAN).inputs["rules"]}


def test_each_backup_is_copied_and_its_copy_kept_for_as_long_as_copies_of_its_kind(graph: Graph) -> None:
    vault = f"arn:aws:backup:{REGION}:123456789012:Vault/management-backup-copies"
    assert actions(graph) == {
        rule: [{"destinationVaultArn": vault, "lifecycle": {"deleteAfter": days}}]
        for rule, days in (("daily", 14), ("weekly", 60), ("monthly", 365))
    }


def test_the_copies_lie_in_the_other_region_under_a_key_of_it_and_nobody_deletes_them_by_hand(graph: Graph) -> None:
    vault, key = graph.one(VAULT, "management-backup-copies"), graph.one("aws:kms/key:Key", "management-backup-copies-key")
    assert (vault.inputs["region"], key.inputs["region"]) == (OTHER, OTHER)
    assert vault.inputs["kmsKeyArn"].endswith("management-backup-copies-key")
    assert vault.protect and vault.retain_on_delete and key.protect and key.retain_on_delete
    policies = {one.name: one.inputs for one in graph.created("aws:backup/vaultPolicy:VaultPolicy")}
    assert policies["management-backup-copies"]["region"] == OTHER
    assert policies["management-backup-copies"]["policy"] == policies["management-backup"]["policy"]


def test_the_copies_outlive_the_stack_that_made_them_protected_or_not() -> None:
    made = copied(protected=False)
    assert {(one.type, one.name) for one in made.resources if one.retain_on_delete} == {
        (VAULT, "management-backup-copies"),
        ("aws:kms/key:Key", "management-backup-copies-key"),
        ("aws:backup/vaultPolicy:VaultPolicy", "management-backup-copies"),
        ("aws:ebs/encryptionByDefault:EncryptionByDefault", "management-hosts-volumes"),
    }
    assert not any(one.protect for one in made.resources)


def test_what_is_not_kept_is_not_copied() -> None:
    made = actions(copied({"daily_retention_days": 0, "monthly_retention_days": 0}))
    assert {rule: bool(action) for rule, action in made.items()} == {"daily": False, "weekly": True, "monthly": False}


def test_each_vault_has_the_lock_that_it_was_given() -> None:
    lock = {"mode": "compliance", "min_retention_days": 14, "grace_days": 7}
    made = copied({"vault_lock": lock}).one(LOCK)
    assert made.name == "management-backup-copies"
    assert made.inputs["region"] == OTHER
    assert (made.inputs["minRetentionDays"], made.inputs["changeableForDays"]) == (14, 7)


def test_a_copy_that_fails_is_told_by_the_vault_it_was_to_be_made_from(graph: Graph) -> None:
    notifications = graph.one("aws:backup/vaultNotifications:VaultNotifications").inputs
    assert notifications["backupVaultName"] == "management-backup"
    assert "COPY_JOB_FAILED" in notifications["backupVaultEvents"]
    alarm = graph.one("aws:cloudwatch/metricAlarm:MetricAlarm", "management-alarms-copy-failed").inputs
    assert (alarm["namespace"], alarm["metricName"]) == ("AWS/Backup", "NumberOfCopyJobsFailed")
    assert alarm["dimensions"] == {"BackupVaultName": "management-backup-copies"}, "CloudWatch counts copies where they go"
    assert (alarm["threshold"], alarm["region"]) == (0, REGION)


def test_the_component_tells_where_the_copies_are(graph: Graph) -> None:
    found = next(made for urn, made in graph.outputs.items() if urn.endswith("Management::management"))
    assert found["copies_vault_arn"].endswith("management-backup-copies")


def test_without_another_region_nothing_is_copied() -> None:
    graph = managed(full(backup={**full()["backup"], "copies": COPIES}))
    assert set(actions(graph).values()) == {None}
    assert graph.names(VAULT) == ["management-backup"]
    assert "management-alarms-copy-failed" not in graph.names("aws:cloudwatch/metricAlarm:MetricAlarm")
    found = next(made for urn, made in graph.outputs.items() if urn.endswith("Management::management"))
    assert found.get("copies_vault_arn") is None


def test_copies_need_to_be_described_and_to_go_elsewhere() -> None:
    with pytest.raises(ValueError, match="needs backup\\.copies"):
        managed(full(backup_copies_region=OTHER))
    with pytest.raises(ValueError, match=f"backup_copies_region is {REGION}, which is region"):
        managed(full(backup_copies_region=REGION))
