"""What operators may do, and that it is no more than their kind of work takes."""

import json
from typing import Any

import pytest

from tests.components.management.support import bare, full, managed
from tests.recorder import ACCOUNT, REGION

POLICY = "aws:iam/policy:Policy"


@pytest.fixture(scope="module")
def statements() -> dict[str, dict[str, Any]]:
    graph = managed(full(exec_key_arn=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/exec"))
    return {
        policy.name.removeprefix("management-operators-"): {
            one["Sid"]: one for one in json.loads(policy.inputs["policy"])["Statement"]
        }
        for policy in graph.created(POLICY)
        if policy.name.startswith("management-operators-")
    }


def test_there_is_a_policy_for_each_kind_of_work(statements: dict[str, dict[str, Any]]) -> None:
    assert set(statements) == {"look", "shell", "run", "restore"}


def test_a_shell_opens_on_hosts_of_the_platform_only_and_is_encrypted(statements: dict[str, dict[str, Any]]) -> None:
    shell = statements["shell"]
    hosts = shell["OpenShellsOnHosts"]
    assert hosts["Condition"] == {"StringEquals": {"ssm:resourceTag/PatchGroup": "hybridge-test"}}
    assert hosts["Resource"] == [
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*",
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:managed-instance/*",
    ]
    # The keys of Session Manager and of ECS Exec: without them no session begins.
    assert [key.rsplit("/", 1)[-1] for key in shell["Encrypt"]["Resource"]] == ["management-key", "exec"]
    assert shell["EndOwnSessions"]["Resource"] == f"arn:aws:ssm:{REGION}:{ACCOUNT}:session/${{aws:userid}}-*"
    assert shell["OpenShellsInContainers"]["Resource"][1] == f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/platform-cluster/*"


def test_only_shipped_documents_run_and_only_on_hosts_of_the_platform(statements: dict[str, dict[str, Any]]) -> None:
    run = statements["run"]
    assert run["RunDocuments"]["Resource"][0] == f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/management-hosts-diagnostics"
    assert run["OnHostsOfThePatchGroup"]["Condition"] == {"StringEquals": {"ssm:resourceTag/PatchGroup": "hybridge-test"}}


def test_a_restore_takes_the_role_of_aws_backup_and_hands_it_to_nobody_else(statements: dict[str, dict[str, Any]]) -> None:
    role = statements["restore"]["RestoreWithItsRole"]
    assert role["Resource"].endswith("/management-backup-restores-role")
    assert role["Condition"] == {"StringEquals": {"iam:PassedToService": "backup.amazonaws.com"}}


def test_who_looks_changes_nothing_and_reads_no_secret(statements: dict[str, dict[str, Any]]) -> None:
    for statement in statements["look"].values():
        for action in [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]:
            verb = action.split(":", 1)[1]
            assert verb.startswith(("Describe", "List", "Get", "BatchGet", "Filter", "Start", "Stop", "Decrypt")), action
            assert not action.startswith(("secretsmanager:", "s3:", "ssm:GetParameter")), action
    assert "ssm:Get*" not in statements["look"]["Look"]["Action"]


def test_without_backups_nobody_restores() -> None:
    assert "management-operators-restore" not in managed(bare()).names(POLICY)


def test_new_volumes_are_encrypted_and_stay_so() -> None:
    setting = managed(full()).one("aws:ebs/encryptionByDefault:EncryptionByDefault")
    assert setting.inputs["enabled"] is True and setting.retain_on_delete
    assert managed(full(account_settings="adopt")).created("aws:ebs/encryptionByDefault:EncryptionByDefault") == []
