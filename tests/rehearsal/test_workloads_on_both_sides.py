"""Workloads on AWS, on-premises and both, as the emulated account tells them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rehearsal.platform import API, BATCH, ON_PREMISES, POLICY, VPC_CIDR, WEB, platform
from tests.rehearsal.support import REGION, Result, rehearsed

SERVICE = "aws:ecs/service:Service"


@pytest.fixture(scope="module")
def result() -> Iterator[Result]:
    """A platform with a workload on both sides, one on-premises and one on AWS, rehearsed once."""
    adopted = {"hybridge:workloads": [{"secrets": API["secrets"], "policyArns": [POLICY]}]}
    with rehearsed(platform(WEB, BATCH, API, repositories=["team/api"]), adopted) as result:
        yield result


def described(result: Result, name: str) -> dict[str, Any]:
    """A service as ECS tells it."""
    node = result.one(SERVICE, name)
    request = {"cluster": node.inputs["cluster"], "services": [node.id], "include": ["TAGS"]}
    found: dict[str, Any] = result.aws.call("ecs", "DescribeServices", request, region=REGION)["services"][0]
    return found


def test_a_workload_runs_on_both_sides_from_one_definition(result: Result) -> None:
    assert result.good, result.report
    here, there = described(result, "platform-web-aws"), described(result, "platform-web-on-premises")
    assert here["taskDefinition"] == there["taskDefinition"]
    assert here["capacityProviderStrategy"][0]["weight"] == 1
    assert "launchType" not in here
    assert there["launchType"] == "EXTERNAL"
    assert there["deploymentConfiguration"]["minimumHealthyPercent"] == 50
    assert here["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    names = result.aws.call("ecs", "ListServices", {"cluster": here["clusterArn"]}, region=REGION)["serviceArns"]
    assert len(names) == 4


def test_nothing_that_was_asked_for_is_dropped(result: Result) -> None:
    assert {node.name: node.gaps for node in result.deployment.nodes.values() if node.gaps} == {}


def test_nobody_but_the_vpc_and_on_premises_gets_in(result: Result) -> None:
    rules = result.aws.call("ec2", "DescribeSecurityGroupRules", {}, region=REGION)["SecurityGroupRules"]
    made = {node.id for node in result.created("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")}
    networks = {rule["CidrIpv4"] for rule in rules if rule["SecurityGroupRuleId"] in made and "CidrIpv4" in rule}
    assert networks == {VPC_CIDR, ON_PREMISES, "192.168.10.0/24"}
