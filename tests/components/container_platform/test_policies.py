from typing import Any

import pytest

from components.container_platform import policies

CLUSTER = "arn:aws:ecs:ap-northeast-2:123456789012:cluster/platform"
LOGS = "arn:aws:logs:ap-northeast-2:123456789012:log-group:web"
DOCUMENTS: dict[str, dict[str, Any]] = {
    "key": policies.key_policy("aws", "123456789012", "ap-northeast-2", "platform-"),
    "ec2": policies.trust_ec2(),
    "tasks": policies.trust_tasks("aws", "123456789012", "ap-northeast-2"),
    "nodes": policies.trust_managed_nodes("aws", "123456789012", "ap-northeast-2"),
    "host": policies.host_permissions(CLUSTER),
    "execution": policies.execution_permissions(
        LOGS, secret_arns=["s"], parameter_arns=["p"], key_arns=["k"], repository_arns=["r"], cache_arn="c"
    ),
    "task": policies.task_permissions(LOGS, "k", tracing=True),
    "bucket": policies.access_log_bucket_policy("123456789012", "arn:aws:s3:::logs"),
}
NO_RESOURCE = {
    "FindTheEndpoint",  # ecs:DiscoverPollEndpoint
    "LogInToTheRegistry",  # ecr:GetAuthorizationToken
    "OpenExecChannels",  # ssmmessages
    "SendTraces",  # xray
}
"""Statements over actions that know no resource."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_statement_says_what_it_is_for_and_no_two_say_the_same(name: str) -> None:
    sids = [statement["Sid"] for statement in DOCUMENTS[name]["Statement"]]
    assert len(set(sids)) == len(sids)
    assert all(sid.isalnum() for sid in sids), "IAM takes letters and digits alone"


@pytest.mark.parametrize("name", ["host", "execution", "task"])
def test_only_actions_that_know_no_resource_have_all_of_them(name: str) -> None:
    for statement in DOCUMENTS[name]["Statement"]:
        resources = statement.get("Resource", [])
        everything = "*" in ([resources] if isinstance(resources, str) else resources)
        assert everything is (statement["Sid"] in NO_RESOURCE), statement["Sid"]


@pytest.mark.parametrize("name", ["host", "execution", "task"])
def test_no_action_is_a_pattern(name: str) -> None:
    for statement in DOCUMENTS[name]["Statement"]:
        actions = statement["Action"]
        assert not any("*" in action for action in ([actions] if isinstance(actions, str) else actions))


def test_a_workload_without_secrets_and_own_images_may_only_write_its_log() -> None:
    assert policies.execution_permissions(LOGS)["Statement"] == [
        {
            "Sid": "WriteItsLogs",
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": f"{LOGS}:*",
        }
    ]


def test_tracing_adds_what_the_collector_sends_with() -> None:
    without = {statement["Sid"] for statement in policies.task_permissions(LOGS, "k", tracing=False)["Statement"]}
    assert {statement["Sid"] for statement in DOCUMENTS["task"]["Statement"]} - without == {"SendTraces"}
