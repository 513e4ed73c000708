import json
from typing import Any

import pytest

from components.management.baselines import BY_PRIORITY, OPERATING_SYSTEMS, approval_rules
from components.settings.management import OperatingSystem
from tests.components.management.support import full, managed
from tests.recorder import ACCOUNT, REGION, Graph


@pytest.fixture(scope="module")
def graph() -> Graph:
    return managed()


def test_one_patch_group_has_a_baseline_for_each_operating_system(graph: Graph) -> None:
    baselines = graph.created("aws:ssm/patchBaseline:PatchBaseline")
    assert {baseline.inputs["operatingSystem"] for baseline in baselines} == {"AMAZON_LINUX_2023", "UBUNTU"}
    assert {group.inputs["baselineId"] for group in graph.created("aws:ssm/patchGroup:PatchGroup")} == {
        baseline.id for baseline in baselines
    }
    assert {group.inputs["patchGroup"] for group in graph.created("aws:ssm/patchGroup:PatchGroup")} == {"hybridge-test"}


def test_rejected_patches_do_not_come_as_dependencies(graph: Graph) -> None:
    for baseline in graph.created("aws:ssm/patchBaseline:PatchBaseline"):
        assert baseline.inputs["rejectedPatches"] == ["kernel*"]
        assert baseline.inputs["rejectedPatchesAction"] == "BLOCK"
    graph = managed(full(patching={**full()["patching"], "rejected_patches": []}))
    for baseline in graph.created("aws:ssm/patchBaseline:PatchBaseline"):
        assert "rejectedPatches" not in baseline.inputs
        assert "rejectedPatchesAction" not in baseline.inputs


@pytest.mark.parametrize("system", OPERATING_SYSTEMS)
def test_security_patches_are_the_severest_omission(system: str) -> None:
    rules: list[Any] = [*approval_rules(system, 7)]
    assert rules[0]["compliance_level"] == "CRITICAL"
    for rule in rules:
        assert ("approve_after_days" in rule) == (system not in BY_PRIORITY)
        assert rule["patch_filters"][0] == {"key": "PRODUCT", "values": ["*"]}


def test_centos_is_patched_though_its_repositories_do_not_classify() -> None:
    assert approval_rules("CENTOS", 7) == [
        {
            "approve_after_days": 7,
            "compliance_level": "CRITICAL",
            "enable_non_security": True,
            "patch_filters": [{"key": "PRODUCT", "values": ["*"]}],
        }
    ]


def test_every_operating_system_of_the_settings_has_rules() -> None:
    assert set(OperatingSystem.__args__) == set(OPERATING_SYSTEMS)  # type: ignore[attr-defined]


def test_hosts_are_scanned_all_at_once_without_a_restart(graph: Graph) -> None:
    window = graph.one("aws:ssm/maintenanceWindow:MaintenanceWindow", name="management-patching-scan").inputs
    assert (window["schedule"], window["scheduleTimezone"]) == ("cron(0 3 ? * * *)", "Asia/Seoul")
    task = graph.one("aws:ssm/maintenanceWindowTask:MaintenanceWindowTask", name="management-patching-scan").inputs
    assert (task["maxConcurrency"], task["maxErrors"]) == ("100%", "100%")
    assert task["taskInvocationParameters"]["runCommandParameters"]["parameters"] == [
        {"name": "Operation", "values": ["Scan"]},
        {"name": "RebootOption", "values": ["NoReboot"]},
    ]


def test_patches_are_installed_on_one_host_at_a_time(graph: Graph) -> None:
    window = graph.one("aws:ssm/maintenanceWindow:MaintenanceWindow", name="management-patching-install").inputs
    assert (window["duration"], window["cutoff"], window["allowUnassociatedTargets"]) == (3, 1, False)
    target = graph.one("aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget", name="management-patching-install")
    assert target.inputs["targets"] == [{"key": "tag:PatchGroup", "values": ["hybridge-test"]}]
    task = graph.one("aws:ssm/maintenanceWindowTask:MaintenanceWindowTask", name="management-patching-install").inputs
    assert task["taskArn"] == "AWS-RunPatchBaseline"
    assert task["taskType"] == "RUN_COMMAND"
    assert (task["maxConcurrency"], task["maxErrors"], task["cutoffBehavior"]) == ("1", "1", "CANCEL_TASK")
    assert task["targets"] == [{"key": "WindowTargetIds", "values": [target.id]}]
    assert task["taskInvocationParameters"]["runCommandParameters"] == {
        "comment": "Install by maintenance window management-patching-install",
        "documentVersion": "$DEFAULT",
        "timeoutSeconds": 600,
        "parameters": [
            {"name": "Operation", "values": ["Install"]},
            {"name": "RebootOption", "values": ["RebootIfNeeded"]},
        ],
        "cloudwatchConfig": {
            "cloudwatchOutputEnabled": True,
            "cloudwatchLogGroupName": "management-hosts-commands",
        },
    }


def test_windows_may_run_the_patch_document_on_the_patch_group_and_nothing_else(graph: Graph) -> None:
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", name="management-patching-role").inputs["policy"])
    sends = [statement for statement in policy["Statement"] if statement["Action"] == "ssm:SendCommand"]
    assert sends[0]["Resource"] == f"arn:aws:ssm:{REGION}::document/AWS-RunPatchBaseline"
    assert sends[1]["Resource"] == [
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*",
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:managed-instance/*",
    ]
    assert sends[1]["Condition"] == {"StringEquals": {"ssm:resourceTag/PatchGroup": "hybridge-test"}}
