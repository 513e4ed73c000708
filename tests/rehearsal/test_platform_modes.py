"""One platform at rest, reduced and at work: what leads from one to another, and that nothing is made anew."""

import functools
from typing import Any

import pytest

from rehearsal.diff import Change, Standing, diff, standing
from tests.rehearsal.platform import platform
from tests.rehearsal.support import REGION, Result, rehearsed

SERVICE = "aws:ecs/service:Service"
SCALED: dict[str, Any] = {"cpu_percent": 60}


def workloads(most: int | None) -> list[dict[str, Any]]:
    """A scaled one, one of a fixed number and one on each side, of which at most so many copies run on AWS."""
    replicas = 3 if most is None else most
    highest = 0 if most == 0 else 8
    on_premises = 2 if most is None else 0
    port = [{"container_port": 8080}]
    return [
        {
            "name": "shop",
            "image": "nginx:1.27",
            "ports": port,
            "route": {"hosts": ["shop.corp.example"]},
            "replicas": replicas,
            "scaling": {**SCALED, "min_replicas": replicas, "max_replicas": highest},
        },
        {"name": "reports", "image": "nginx:1.27", "ports": port, "replicas": replicas},
        {
            "name": "api",
            "image": "nginx:1.27",
            "ports": port,
            "placement": "both",
            "replicas": replicas,
            "on_premises_replicas": on_premises,
        },
        {"name": "broker", "image": "nginx:1.27", "placement": "onPremises", "replicas": on_premises},
    ]


MODES: dict[str, tuple[int | None, int, int]] = {"rest": (0, 0, 0), "reduced": (1, 1, 6), "work": (None, 2, 6)}
"""Most copies, least and most hosts."""


def result_of(mode: str) -> Any:
    most, least_hosts, most_hosts = MODES[mode]
    return rehearsed(platform(*workloads(most), min_instances=least_hosts, max_instances=most_hosts))


@functools.cache
def deployed(mode: str) -> Standing:
    """What stands in a mode."""
    with result_of(mode) as result:
        assert result.good, result.report
        return standing(result)


def changes(before: str, after: str) -> list[Change]:
    return diff(deployed(before), deployed(after))


def fields(found: list[Change]) -> dict[tuple[str, str], dict[str, tuple[Any, Any]]]:
    return {
        (change.type.rsplit(":", 1)[-1], change.name): {field.path: (field.before, field.after) for field in change.fields}
        for change in found
    }


def test_from_rest_to_work_only_the_numbers_change() -> None:
    assert fields(changes("rest", "work")) == {
        ("Group", "platform-hosts"): {"minSize": (0, 2), "maxSize": (0, 6)},
        ("Target", "platform-shop"): {"minCapacity": (0, 3), "maxCapacity": (0, 8)},
        ("Service", "platform-reports-aws"): {"desiredCount": (0, 3)},
        ("Service", "platform-api-aws"): {"desiredCount": (0, 3)},
        # Half of them stay up while they are renewed, once there are two.
        ("Service", "platform-api-on-premises"): {"desiredCount": (0, 2), "deploymentMinimumHealthyPercent": (0, 50)},
        ("Service", "platform-broker-on-premises"): {"desiredCount": (0, 2), "deploymentMinimumHealthyPercent": (0, 50)},
    }


def test_from_rest_to_reduced_on_premises_stays_at_rest() -> None:
    assert fields(changes("rest", "reduced")) == {
        ("Group", "platform-hosts"): {"minSize": (0, 1), "maxSize": (0, 6)},
        ("Target", "platform-shop"): {"minCapacity": (0, 1), "maxCapacity": (0, 8)},
        ("Service", "platform-reports-aws"): {"desiredCount": (0, 1)},
        ("Service", "platform-api-aws"): {"desiredCount": (0, 1)},
    }


@pytest.mark.parametrize("before", MODES)
@pytest.mark.parametrize("after", MODES)
def test_no_change_adds_removes_or_replaces(before: str, after: str) -> None:
    found = changes(before, after)
    assert {change.kind for change in found} <= {"update"}
    assert not any(change.replaces for change in found)
    assert bool(found) == (before != after)


def test_the_number_of_a_scaled_service_is_left_to_its_bounds() -> None:
    before, after = deployed("rest"), deployed("work")
    (urn,) = (urn for urn, one in after.resources.items() if one.name == "platform-shop-aws")
    ignored = {one.name: one.options["ignoreChanges"] for one in after.resources.values() if "ignoreChanges" in one.options}
    assert ignored == {"platform-shop-aws": ["desiredCount"], "platform-hosts-template": ["imageId", "tagSpecifications"]}
    numbers = [one.resources[urn].inputs["desiredCount"] for one in (before, after)]
    assert numbers == [0, 3]


def test_at_rest_no_host_may_start_and_no_task_waits_for_one() -> None:
    with result_of("rest") as result:
        group = ask(result, "autoscaling", "DescribeAutoScalingGroups")["AutoScalingGroups"][0]
        assert (group["MinSize"], group["MaxSize"], group["DesiredCapacity"], group["Instances"]) == (0, 0, 0, [])
        assert set(desired(result).values()) == {0}


def test_a_scaled_service_has_the_copies_that_its_bounds_ask_for() -> None:
    """Its own number is ignored once it is there, so the bounds must do it: they bring it inside at once."""
    scaled = [{**workloads(None)[0], "replicas": 0}]
    with rehearsed(platform(*scaled)) as result:
        assert desired(result) == {"platform-shop-aws": 3}


def desired(result: Result) -> dict[str, int]:
    arns = [node.id for node in result.created(SERVICE)]
    cluster = result.one("aws:ecs/cluster:Cluster").id
    found = ask(result, "ecs", "DescribeServices", cluster=cluster, services=arns)["services"]
    names = {node.id: node.name for node in result.created(SERVICE)}
    return {names[service["serviceArn"]]: service["desiredCount"] for service in found}


def ask(result: Result, service: str, operation: str, **params: Any) -> dict[str, Any]:
    return result.aws.call(service, operation, params, region=REGION)
