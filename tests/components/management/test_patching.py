import json
from typing import Any

import boto3
import pytest

from components.management import draining_script
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


def test_servers_are_drained_patched_and_taken_back_one_at_a_time(graph: Graph) -> None:
    window = graph.one("aws:ssm/maintenanceWindow:MaintenanceWindow", name="management-patching-install").inputs
    assert (window["duration"], window["cutoff"], window["allowUnassociatedTargets"]) == (3, 1, False)
    target = graph.one("aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget", name="management-patching-install")
    assert target.inputs["targets"] == [{"key": "tag:PatchGroup", "values": ["hybridge-test"]}]
    task = graph.one("aws:ssm/maintenanceWindowTask:MaintenanceWindowTask", name="management-patching-install").inputs
    assert (task["taskType"], task["taskArn"]) == ("AUTOMATION", "management-patching-server")
    assert (task["maxConcurrency"], task["maxErrors"], task["cutoffBehavior"]) == ("1", "1", "CANCEL_TASK")
    assert task["targets"] == [{"key": "WindowTargetIds", "values": [target.id]}]
    assert task["taskInvocationParameters"]["automationParameters"]["parameters"] == [
        {"name": "AutomationAssumeRole", "values": [f"arn:aws:iam:{REGION}:{ACCOUNT}:Role/management-patching-server-role"]},
        {"name": "InstanceId", "values": ["{{RESOURCE_ID}}"]},
    ]


def test_the_runbook_passes_hosts_in_aws_over_and_takes_a_server_back_whatever_happened(graph: Graph) -> None:
    content = json.loads(graph.one("aws:ssm/document:Document", name="management-patching-server").inputs["content"])
    steps = {step["name"]: step for step in content["mainSteps"]}
    branch = steps["onPremisesOnly"]
    assert branch["inputs"]["Choices"] == [{"NextStep": "drain", "Variable": "{{ InstanceId }}", "StartsWith": "mi-"}]
    assert branch["isEnd"]  # for whoever makes no choice
    assert (steps["drain"]["nextStep"], steps["drain"]["onFailure"]) == ("patch", "step:takeBack")
    assert (steps["patch"]["nextStep"], steps["patch"]["onFailure"]) == ("takeBack", "step:takeBack")
    assert steps["patch"]["inputs"]["Parameters"] == {"Operation": "Install", "RebootOption": "RebootIfNeeded"}
    assert steps["takeBack"]["isEnd"]
    for step in ("drain", "takeBack"):
        inputs = steps[step]["inputs"]
        assert inputs["InputPayload"] == {"cluster": "platform-cluster", "instance": "{{ InstanceId }}", "region": REGION}
        assert f"def {inputs['Handler']}(" in inputs["Script"]
        assert "{{" not in inputs["Script"]  # which Systems Manager would take for a parameter
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", name="management-patching-server-role").inputs["policy"])
    members = next(one for one in policy["Statement"] if one["Sid"] == "DrainMembersOfTheCluster")
    assert "ecs:UpdateContainerInstancesState" in members["Action"]


class Ecs:
    """A host whose tasks go one by one, as ECS tells of it."""

    def __init__(self, member: bool, tasks: int) -> None:
        self.member, self.tasks, self.states = member, tasks, list[str]()

    def get_paginator(self, _: str) -> "Ecs":
        return self

    def paginate(self, **given: Any) -> list[dict[str, Any]]:
        assert given["filter"] == "ec2InstanceId == mi-0123456789abcdef0"
        return [{"containerInstanceArns": ["arn:aws:ecs:::container-instance/1"] if self.member else []}]

    def update_container_instances_state(self, **given: Any) -> None:
        self.states.append(given["status"])

    def describe_container_instances(self, **_: Any) -> dict[str, Any]:
        self.tasks = max(self.tasks - 1, 0)
        return {"containerInstances": [{"runningTasksCount": self.tasks, "pendingTasksCount": 0}]}


@pytest.mark.parametrize(
    ("member", "tasks", "told", "states"),
    [
        (True, 3, {"drained": True, "left": 0}, ["DRAINING", "ACTIVE"]),
        (True, 1000, {"drained": False, "left": 1}, ["DRAINING", "ACTIVE"]),
        (False, 0, {"drained": False, "left": 0}, []),
    ],
)
def test_a_server_is_drained_for_as_long_as_there_is_and_taken_back(
    monkeypatch: pytest.MonkeyPatch, *, member: bool, tasks: int, told: dict[str, Any], states: list[str]
) -> None:
    ecs, clock = Ecs(member, tasks), [0.0]
    monkeypatch.setattr(boto3, "client", lambda *_, **__: ecs)
    monkeypatch.setattr("time.sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    events = {"cluster": "platform", "instance": "mi-0123456789abcdef0", "region": REGION}
    drained = draining_script.drain(events, None)
    draining_script.take_back(events, None)
    assert drained["drained"] == told["drained"] and (drained["left"] > 0) == (told["left"] > 0)
    assert ecs.states == states


def test_windows_may_run_the_patch_document_on_the_patch_group_and_nothing_else(graph: Graph) -> None:
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", name="management-patching-role").inputs["policy"])
    sends = [statement for statement in policy["Statement"] if statement["Action"] == "ssm:SendCommand"]
    assert sends[0]["Resource"] == f"arn:aws:ssm:{REGION}::document/AWS-RunPatchBaseline"
    assert sends[1]["Resource"] == [
        f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/*",
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:managed-instance/*",
    ]
    assert sends[1]["Condition"] == {"StringEquals": {"ssm:resourceTag/PatchGroup": "hybridge-test"}}
