"""The roll call: what its script makes of the answers of AWS, and that its counts are those that ring."""

import datetime
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from components.management import rollcall, rollcall_script
from tests.components.management.support import bare, full, managed
from tests.recorder import ACCOUNT, REGION

NOW = datetime.datetime.now(datetime.UTC)
LONG_AGO, JUST_NOW = NOW - datetime.timedelta(days=9), NOW - datetime.timedelta(minutes=5)


def node(identifier: str, ping: str = "Online", since: datetime.datetime = LONG_AGO) -> dict[str, Any]:
    return {
        "InstanceId": identifier,
        "PingStatus": ping,
        "ComputerName": f"{identifier}.corp.example",
        "RegistrationDate": since,
    }


ANSWERS: dict[str, list[dict[str, Any]]] = {
    "describe_instance_information": [
        {"InstanceInformationList": [node("mi-1"), node("mi-dead", "ConnectionLost"), node("mi-silent")]},
        {"InstanceInformationList": [node("mi-new", since=JUST_NOW), node("i-1"), node("i-terminated", "ConnectionLost")]},
    ],
    "describe_instances": [
        {
            "Reservations": [
                {
                    "Instances": [
                        {"InstanceId": "i-1", "LaunchTime": LONG_AGO},
                        {"InstanceId": "i-never-came", "LaunchTime": LONG_AGO},
                        {"InstanceId": "i-booting", "LaunchTime": JUST_NOW},
                    ]
                }
            ]
        }
    ],
    "list_metrics": [
        {
            "Metrics": [
                {"Dimensions": [{"Name": "Fleet", "Value": "hybridge-test"}, {"Name": "host", "Value": host}]}
                for host in ("mi-1", "i-1.corp.example")
            ]
        }
    ],
    "list_container_instances": [{"containerInstanceArns": [f"arn:aws:ecs:::{number}" for number in range(120)]}],
}


class Client:
    """As much of boto3 as the script asks."""

    told: list[dict[str, Any]]

    def get_paginator(self, operation: str) -> "Client":
        self.operation = operation
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        yield from ANSWERS[self.operation]

    def describe_container_instances(self, **given: Any) -> dict[str, Any]:
        assert len(given["containerInstances"]) <= 100
        return {
            "containerInstances": [
                {"ec2InstanceId": f"mi-{arn.rsplit(':', 1)[-1]}", "agentConnected": not arn.endswith(":117")}
                for arn in given["containerInstances"]
            ]
        }

    def put_metric_data(self, **given: Any) -> None:
        self.told.append(given)


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "client", lambda *_, **__: Client())
    monkeypatch.setattr(Client, "told", [], raising=False)


def test_hosts_that_do_not_answer_are_counted_and_named() -> None:
    found = rollcall_script.call_roll({"cluster": "platform", "fleet": "hybridge-test", "region": REGION}, None)
    assert found == {
        "HostsLost": ["i-never-came", "mi-dead"],
        "AgentsSilent": ["mi-silent"],
        "EcsAgentsDisconnected": ["mi-117"],
    }
    [told] = Client.told
    assert told["Namespace"] == rollcall.NAMESPACE
    counts = {metric["MetricName"]: metric["Value"] for metric in told["MetricData"]}
    assert counts == {"HostsLost": 2, "AgentsSilent": 1, "EcsAgentsDisconnected": 1}


def test_without_a_cluster_only_the_hosts_are_counted() -> None:
    found = rollcall_script.call_roll({"cluster": None, "fleet": "hybridge-test", "region": REGION}, None)
    assert found["EcsAgentsDisconnected"] == []


def test_each_count_has_an_alarm_and_silence_rings_too() -> None:
    graph = managed(full())
    for name, metric in (
        ("hosts-lost", "HostsLost"),
        ("hosts-silent", "AgentsSilent"),
        ("hosts-disconnected", "EcsAgentsDisconnected"),
    ):
        alarm = graph.one("aws:cloudwatch/metricAlarm:MetricAlarm", name=f"management-alarms-{name}").inputs
        assert (alarm["namespace"], alarm["metricName"], alarm["treatMissingData"]) == ("Hybridge", metric, "breaching")
        assert alarm["dimensions"] == {"Fleet": "hybridge-test"}
    association = graph.one("aws:ssm/association:Association", name="management-roll-call").inputs
    assert association["scheduleExpression"] == "rate(30 minutes)"
    content = json.loads(graph.one("aws:ssm/document:Document", name="management-roll-call").inputs["content"])
    [step] = content["mainSteps"]
    assert step["inputs"]["InputPayload"] == {"fleet": "hybridge-test", "cluster": "platform-cluster", "region": REGION}
    compile(step["inputs"]["Script"], "roll call", "exec")
    policy = json.loads(graph.one("aws:iam/rolePolicy:RolePolicy", name="management-roll-call-role").inputs["policy"])
    members = next(one for one in policy["Statement"] if one["Sid"] == "SeeMembersOfTheCluster")
    assert members["Resource"][0] == f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/platform-cluster"


def test_where_there_are_no_hosts_nobody_calls_the_roll() -> None:
    graph = managed(bare())
    assert "management-roll-call" not in graph.names("aws:ssm/association:Association")
    assert "management-alarms-hosts-lost" not in graph.names("aws:cloudwatch/metricAlarm:MetricAlarm")
