"""Copies on-premises behind the load balancer."""

from typing import Any

import pytest

from tests.components.container_platform.support import platform, web
from tests.recorder import ACCOUNT, REGION, Graph

GROUP = "aws:lb/targetGroup:TargetGroup"
ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
RULE = "aws:lb/listenerRule:ListenerRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SERVERS = {"on_premises_servers": {"addresses": ["192.168.5.10", "192.168.5.11", "192.168.6.4"]}}
FIXED: list[dict[str, Any]] = [{"container_port": 8080, "host_port": 8090}]


def arn(name: str) -> str:
    return f"arn:aws:lb:{REGION}:{ACCOUNT}:TargetGroup/{name}"


def served(**changes: Any) -> Graph:
    return platform(web(ports=FIXED, **changes), **SERVERS)


def test_both_sides_share_the_requests_by_their_weights() -> None:
    graph = served(placement="both", route={"on_premises_percent": 30})
    (action,) = graph.one(RULE).inputs["actions"]
    assert action == {
        "type": "forward",
        "forward": {
            "targetGroups": [
                {"arn": arn("platform-web"), "weight": 70},
                {"arn": arn("platform-web-on-premises"), "weight": 30},
            ]
        },
    }
    kinds = {group.name: group.inputs["targetType"] for group in graph.created(GROUP)}
    assert kinds == {"platform-web": "instance", "platform-web-on-premises": "ip"}
    targets = {
        (one.inputs["targetId"], one.inputs["port"], one.inputs["availabilityZone"]) for one in graph.created(ATTACHMENT)
    }
    assert targets == {(address, 8090, "all") for address in ("192.168.5.10", "192.168.5.11", "192.168.6.4")}


def test_a_client_that_sticks_to_a_copy_sticks_to_its_side() -> None:
    graph = served(placement="both", route={"on_premises_percent": 0, "sticky_seconds": 60})
    (action,) = graph.one(RULE).inputs["actions"]
    assert action["forward"]["stickiness"] == {"enabled": True, "duration": 60}
    assert [group["weight"] for group in action["forward"]["targetGroups"]] == [100, 0]


def test_a_workload_that_is_on_premises_alone_has_its_servers_behind_its_name() -> None:
    graph = served(placement="onPremises", route={})
    (action,) = graph.one(RULE).inputs["actions"]
    assert action == {"type": "forward", "targetGroupArn": arn("platform-web-on-premises")}
    assert [group.inputs["targetType"] for group in graph.created(GROUP)] == ["ip"]
    assert graph.one("aws:route53/record:Record", "platform-web-name").inputs["name"] == "web.aws.corp.example"
    assert "loadBalancers" not in graph.one("aws:ecs/service:Service").inputs


def test_the_load_balancer_may_send_to_these_servers_and_ports_alone() -> None:
    graph = served(placement="both", route={"on_premises_percent": 30})
    rules = [one.inputs for one in graph.created(EGRESS) if "load-balancer-8090-to" in one.name]
    assert {(rule["cidrIpv4"], rule["fromPort"], rule["toPort"]) for rule in rules} == {
        ("192.168.5.10/31", 8090, 8090),
        ("192.168.6.4/32", 8090, 8090),
    }


@pytest.mark.parametrize("route", [{}, {"paths": ["/shop/*"]}])
def test_without_a_share_copies_on_premises_are_not_behind_it(route: dict[str, Any]) -> None:
    graph = served(placement="both", route=route)
    assert [group.inputs["targetType"] for group in graph.created(GROUP)] == ["instance"]
    assert graph.created(ATTACHMENT) == []
