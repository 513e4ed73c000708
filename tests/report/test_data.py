"""Where data lie, under which key, how long and for whom, is what was deployed."""

import pytest

from proofs.drills.graph import Graphs
from rehearsal.run import Rehearsal
from report.collect import Evidence
from report.data import Datum, data
from report.principals import UNUSED, principals, roles
from tests.report.pictures import changed, without


def told(*rehearsals: Rehearsal) -> list[Datum]:
    graphs = Graphs(rehearsals)
    return data(graphs, principals(graphs))


def of(found: list[Datum], kind: str, name: str = "") -> Datum:
    (one,) = [one for one in found if one.kind == kind and any(name in own for own in one.names)]
    return one


def test_every_store_of_the_stacks_is_told(evidence: Evidence) -> None:
    graphs = Graphs(evidence.rehearsals)
    names = [name for one in told(*evidence.rehearsals) for name in one.names]
    stores = graphs.of(
        "aws:s3/bucket:Bucket",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:secretsmanager/secret:Secret",
        "aws:backup/vault:Vault",
        "aws:ecr/repository:Repository",
    )
    assert [one.node.name for one in stores if one.node.name not in names] == []
    assert {one.get("identifier") for one in graphs.of("aws:rds/instance:Instance")} <= {*names}


def test_the_database_says_its_key_its_backups_and_who_has_its_password(prod: Rehearsal) -> None:
    one, readers = [one for one in told(prod) if one.kind == "PostgreSQL"]
    assert one.names == ("hybridge-prod-database",) and len(readers.names) == 2
    assert (one.key.name, one.key.changed) == ("own: database", "changed yearly")
    assert one.keeping[:3] == ("protected against deletion", "any moment of 35 days", "backup of each day 35 days")
    assert one.readers == ("by password: database-migration-secrets, platform-api-execution, platform-reports-execution",)
    assert readers.keeping == ("not protected against deletion",)


def test_files_say_how_they_age_and_who_reads_them(prod: Rehearsal) -> None:
    one = of(told(prod), "files")
    assert one.region == "ap-northeast-2" and one.key.name == "own: storage-key"
    assert one.keeping[:4] == (
        "until somebody deletes them",
        "Intelligent tiering after 7 days",
        "Glacier after 365 days",
        "old versions 30 days more",
    )
    assert "backup of each month 730 days" in one.keeping
    assert {"platform-hosts-role", "storage-gateway-shares"} <= {*one.readers}
    assert not {"platform-api-task", "platform-on-premises-role"} & {*one.readers}


def test_who_loses_a_policy_reads_no_more(prod: Rehearsal) -> None:
    policies = "aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"
    changed_ = without(prod, lambda node: node.type in policies and node.name == "storage-access")
    assert "platform-hosts-role" not in of(told(changed_), "files").readers


def test_a_log_group_without_key_and_bound_says_so(prod: Rehearsal) -> None:
    type_ = "aws:cloudwatch/logGroup:LogGroup"
    logs = [one for one in told(changed(prod, type_, kmsKeyId=None, retentionInDays=0)) if one.kind == "logs"]
    assert {(one.key.name, one.keeping) for one in logs} == {("AWS's own of CloudWatch Logs", ("for ever",))}


@pytest.mark.parametrize(("days", "locked"), [(3, "for good"), (None, "unless somebody with the permission lifts it")])
def test_a_vault_says_how_long_it_keeps_and_how_it_is_locked(prod: Rehearsal, days: int | None, locked: str) -> None:
    found = told(changed(prod, "aws:backup/vaultLockConfiguration:VaultLockConfiguration", changeableForDays=days))
    vault = of(found, "backups", "management-backup-copies")
    assert vault.region == "ap-northeast-1"
    assert vault.keeping == ("14, 60, 365 days by rule", f"locked: at least 7 days, {locked}")


def test_what_a_backup_does_not_take_is_not_said_to_be_kept(prod: Rehearsal) -> None:
    untagged = changed(prod, "aws:s3/bucket:Bucket", tags={}, tagsAll={})
    assert not [line for line in of(told(untagged), "files").keeping if line.startswith("backup")]


def test_roles_are_told_by_what_they_may_do(prod: Rehearsal) -> None:
    found = roles(principals(Graphs([prod])))
    assert sum(len(role.names) for role in found if role.assumed_by != UNUSED) == len(prod.created("aws:iam/role:Role"))
    (execution,) = [role for role in found if "platform-api-execution" in role.names]
    assert execution.names == ["platform-api-execution", "platform-reports-execution"]
    assert execution.assumed_by == "ecs-tasks.amazonaws.com"
    assert execution.may == ["write its logs", "read its secrets", "decrypt its secrets"]
    (backup,) = [role for role in found if "management-backup-role" in role.names]
    assert "AWSBackupServiceRolePolicyForBackup" in backup.managed


def test_a_policy_that_no_role_has_is_for_people(prod: Rehearsal) -> None:
    loose = without(prod, lambda node: node.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    found = {name for role in roles(principals(Graphs([loose]))) if role.assumed_by == UNUSED for name in role.names}
    operators = {f"management-operators-{may}" for may in ("look", "restore", "run", "shell")}
    assert found == {"storage-access", *operators}


def test_policies_of_aws_count_too(prod: Rehearsal) -> None:
    (restores,) = [one for one in principals(Graphs([prod])) if one.name == "management-backup-restores-role"]
    assert restores.may("arn:aws:s3:::any/file", "s3:PutObject") and not restores.may("arn:aws:s3:::any", "s3:DeleteBucket")
