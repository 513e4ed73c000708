"""The whole program behind the transit gateway of a network account, with other VPCs behind it as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proofs.drills import drill, kinds, terms_of
from report.picture import derive
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACK = Path(__file__).parent / "stacks" / "joined-hub.yaml"
THEIRS = "tgw-0123456789abcdef0"
ROUTES = "aws:ec2/route:Route"
RULES = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


@pytest.fixture(scope="module")
def hub() -> Iterator[Result]:
    with rehearsed_stack(STACK) as done:
        yield done


def test_nothing_is_wrong_and_everybody_reaches_whom_they_should(hub: Result) -> None:
    assert hub.good, hub.report
    assert hub.reachability == []


def test_the_vpc_is_attached_to_the_transit_gateway_of_the_network_account_and_none_is_made(hub: Result) -> None:
    assert hub.created("aws:ec2transitgateway/transitGateway:TransitGateway") == []
    assert hub.one("aws:ec2transitgateway/vpcAttachment:VpcAttachment").inputs["transitGatewayId"] == THEIRS


def test_routes_lead_to_on_premises_and_to_the_other_vpcs(hub: Result) -> None:
    led = {node.inputs["destinationCidrBlock"] for node in hub.created(ROUTES) if node.inputs.get("transitGatewayId") == THEIRS}
    assert led == {"10.0.0.0/16", "10.30.0.0/16", "10.31.0.0/16"}


def test_other_vpcs_are_admitted_to_names_load_balancer_and_fixed_ports_and_to_nothing_else(hub: Result) -> None:
    admitted = {
        (node.inputs["ipProtocol"], node.inputs["fromPort"])
        for node in hub.created(RULES)
        if node.inputs.get("cidrIpv4") == "10.30.0.0/16"
    }
    assert admitted == {("udp", 53), ("tcp", 53), ("tcp", 80), ("tcp", 1883)}


def test_the_drills_take_the_link_for_its_owners_and_lose_it_with_the_data_centre(hub: Result) -> None:
    report = drill([hub], terms=terms_of([hub.stack]))
    lost = {
        one.failure.kind
        for one in report.results
        if one.function.kind == kinds.LINK and one.outcome == "down" and one.failure.kind != kinds.REGION
    }
    assert lost == {kinds.SITE}


def test_the_picture_shows_whose_hub_it_is(hub: Result) -> None:
    picture = derive([hub])
    assert picture.shape(f"{REGION}/hub").detail == ("that was there already",)
    assert ("site/routers", f"{REGION}/hub") in {(edge.source, edge.target) for edge in picture.edges}
