"""Work that is not a service: jobs and daemons."""

import json
from typing import Any

import pytest

from tests.components.container_platform.support import definitions, platform, statements, web
from tests.recorder import ACCOUNT, REGION, Graph

SCHEDULE = "aws:scheduler/schedule:Schedule"
SERVICE = "aws:ecs/service:Service"
NIGHTLY = {"expression": "cron(0 3 * * ? *)", "time_zone": "Asia/Seoul"}


def job(**changes: Any) -> Graph:
    return platform(web(**{"kind": "job", "ports": [], "schedule": NIGHTLY, **changes}))


def test_a_job_runs_at_its_time_on_the_hosts_and_is_no_service() -> None:
    graph = job()
    assert graph.created(SERVICE) == []
    schedule = graph.one(SCHEDULE, "platform-web-aws").inputs
    assert (schedule["scheduleExpression"], schedule["scheduleExpressionTimezone"]) == ("cron(0 3 * * ? *)", "Asia/Seoul")
    assert schedule["state"] == "ENABLED"
    assert schedule["flexibleTimeWindow"] == {"mode": "OFF"}
    task = schedule["target"]["ecsParameters"]
    assert task["capacityProviderStrategies"][0]["weight"] == 1
    assert "launchType" not in task
    assert task["taskDefinitionArn"].endswith("platform-web")


def test_a_job_on_both_sides_runs_once_on_each() -> None:
    graph = job(placement="both", servers=["attribute:site == seoul"])
    assert {one.name for one in graph.created(SCHEDULE)} == {"platform-web-aws", "platform-web-on-premises"}
    there = graph.one(SCHEDULE, "platform-web-on-premises").inputs["target"]["ecsParameters"]
    assert there["launchType"] == "EXTERNAL"
    assert there["placementConstraints"] == [{"type": "memberOf", "expression": "attribute:site == seoul"}]
    here = graph.one(SCHEDULE, "platform-web-aws").inputs["target"]["ecsParameters"]
    assert "placementConstraints" not in here


def test_a_job_that_has_ended_is_not_started_again_by_the_agent() -> None:
    assert "restartPolicy" not in definitions(job())[0]
    assert definitions(platform(web()))[0]["restartPolicy"]["enabled"]


def test_the_scheduler_may_start_this_job_in_this_cluster_with_its_own_roles_alone() -> None:
    graph = job()
    found = statements(graph, "platform-web-schedule")
    assert found["StartTheJob"]["Action"] == "ecs:RunTask"
    assert found["StartTheJob"]["Resource"].endswith(":*")
    assert "ecs:cluster" in found["StartTheJob"]["Condition"]["ArnEquals"]
    roles = [f"arn:aws:iam:{REGION}:{ACCOUNT}:Role/platform-web-{kind}" for kind in ("execution", "task")]
    assert found["PassTheRolesOfTheJob"]["Resource"] == roles
    (trust,) = json.loads(graph.one("aws:iam/role:Role", "platform-web-schedule").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Condition"]["ArnLike"]["aws:SourceArn"].startswith(f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/")


def test_a_job_without_a_schedule_is_started_by_its_command_alone() -> None:
    graph = platform(web(kind="job", ports=[]))
    assert graph.created(SCHEDULE) == []
    assert graph.created("aws:scheduler/scheduleGroup:ScheduleGroup") == []


@pytest.mark.parametrize(("placement", "names"), [("aws", {"aws"}), ("both", {"aws", "on-premises"})])
def test_a_daemon_is_on_every_host_of_its_sides(placement: str, names: set[str]) -> None:
    graph = platform(web(kind="daemon", placement=placement, ports=[{"container_port": 1, "host_port": 2020}]))
    services = {one.name.removeprefix("platform-web-"): one.inputs for one in graph.created(SERVICE)}
    assert services.keys() == names
    for side, service in services.items():
        assert service["schedulingStrategy"] == "DAEMON"
        assert service["launchType"] == {"aws": "EC2", "on-premises": "EXTERNAL"}[side]
        assert (service["deploymentMinimumHealthyPercent"], service["deploymentMaximumPercent"]) == (0, 100)
        assert not {"desiredCount", "capacityProviderStrategies", "orderedPlacementStrategies"} & service.keys()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "daemon", "schedule": NIGHTLY}, "schedule with kind daemon; allowed: with kind job"),
        ({"schedule": NIGHTLY}, "schedule with kind None"),
        ({"kind": "job", "route": {}}, "route with kind job; allowed: for services alone"),
    ],
)
def test_what_belongs_to_services_or_jobs_alone_is_refused_elsewhere(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        platform(web(**changes))
