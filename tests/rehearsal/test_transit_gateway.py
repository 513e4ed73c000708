"""The whole program with a transit gateway for a hub, which neither dev nor prod has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACK = Path(__file__).parent / "stacks" / "transit-gateway.yaml"
ON_PREMISES = {"10.0.0.0/16", "192.168.0.0/16"}


@pytest.fixture(scope="module")
def result() -> Iterator[Result]:
    with rehearsed_stack(STACK) as done:
        yield done


def test_the_stack_is_made_with_nothing_wrong(result: Result) -> None:
    assert result.good, result.report


def test_the_hub_is_attached_in_every_zone(result: Result) -> None:
    attachment = result.one("aws:ec2transitgateway/vpcAttachment:VpcAttachment")
    found = result.aws.call("ec2", "DescribeSubnets", {"SubnetIds": attachment.inputs["subnetIds"]}, region=REGION)
    assert sorted(subnet["AvailabilityZone"] for subnet in found["Subnets"]) == [f"{REGION}{zone}" for zone in "abc"]
    assert result.created("aws:ec2/vpnGateway:VpnGateway") == []


def test_private_and_isolated_subnets_reach_on_premises_and_public_ones_do_not(result: Result) -> None:
    gateway = result.one("aws:ec2transitgateway/transitGateway:TransitGateway").id
    tables = {node.id: node.inputs["tags"]["SubnetType"] for node in result.created("aws:ec2/routeTable:RouteTable")}
    found = result.aws.call("ec2", "DescribeRouteTables", {"RouteTableIds": list(tables)}, region=REGION)
    for table in found["RouteTables"]:
        routes = {route["DestinationCidrBlock"] for route in table["Routes"] if route.get("TransitGatewayId") == gateway}
        assert routes == (set() if tables[table["RouteTableId"]] == "Public" else ON_PREMISES)


def test_circuits_that_are_up_have_transit_virtual_interfaces(result: Result) -> None:
    found = result.aws.call("directconnect", "DescribeVirtualInterfaces", {}, region=REGION)["virtualInterfaces"]
    assert sorted((vif["virtualInterfaceType"], vif["mtu"]) for vif in found) == [("transit", 1500), ("transit", 8500)]
    connections = result.aws.call("directconnect", "DescribeConnections", {}, region=REGION)["connections"]
    assert sorted(connection["connectionState"] for connection in connections) == ["available", "available", "requested"]


def test_the_prefix_of_the_vpc_is_advertised_to_on_premises(result: Result) -> None:
    associations = result.aws.call("directconnect", "DescribeDirectConnectGatewayAssociations", {}, region=REGION)
    (association,) = associations["directConnectGatewayAssociations"]
    assert association["associatedGateway"]["type"] == "transitGateway"
    assert association["allowedPrefixesToDirectConnectGateway"] == [{"cidr": "10.20.0.0/16"}]


def test_every_router_has_two_tunnels_to_the_transit_gateway(result: Result) -> None:
    gateway = result.one("aws:ec2transitgateway/transitGateway:TransitGateway")
    assert gateway.inputs["vpnEcmpSupport"] == "enable"
    connections = result.aws.call("ec2", "DescribeVpnConnections", {}, region=REGION)["VpnConnections"]
    assert [(one["TransitGatewayId"], len(one["VgwTelemetry"])) for one in connections] == [(gateway.id, 2)] * 2
    assert [one["Options"]["TunnelBandwidth"] for one in connections] == ["large", "large"]
