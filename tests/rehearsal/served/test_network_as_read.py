"""Whoever works out from a served account who reaches whom, with tools of their own, finds a network as AWS tells of it."""

from collections.abc import Iterator
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Any

import pytest

from tests.rehearsal.served.support import Account, served
from tests.rehearsal.support import ROOT, rehearsed_stack

STACKS = ("everything", "transit-gateway")


@pytest.fixture(scope="module", params=STACKS)
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    path = ROOT / "tests" / "rehearsal" / "stacks" / f"{request.param}.yaml"
    with rehearsed_stack(path) as result, served() as account:
        assert result.good, result.report
        yield account


def all_of(account: Account, method: str, member: str, service: str = "ec2", **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = getattr(account.client(service), method)(**params)[member]
    return found


def test_every_card_has_an_address_of_its_subnet_that_no_other_has(account: Account) -> None:
    subnets = {one["SubnetId"]: IPv4Network(one["CidrBlock"]) for one in all_of(account, "describe_subnets", "Subnets")}
    cards = all_of(account, "describe_network_interfaces", "NetworkInterfaces")
    assert {"nat_gateway", "vpc_endpoint"} <= {card["InterfaceType"] for card in cards}
    for card in cards:
        network = subnets[card["SubnetId"]]
        assert ip_address(card["PrivateIpAddress"]) in list(network)[4:-1]
    addresses = [(card["SubnetId"], card["PrivateIpAddress"]) for card in cards]
    assert len(set(addresses)) == len(addresses)


def test_cards_have_the_groups_of_what_they_belong_to(account: Account) -> None:
    cards = {card["NetworkInterfaceId"]: card for card in all_of(account, "describe_network_interfaces", "NetworkInterfaces")}
    endpoints = [
        one for one in all_of(account, "describe_vpc_endpoints", "VpcEndpoints") if one["VpcEndpointType"] == "Interface"
    ]
    assert endpoints
    for endpoint in endpoints:
        for card in endpoint["NetworkInterfaceIds"]:
            asked = {group["GroupId"] for group in endpoint["Groups"]}
            assert {group["GroupId"] for group in cards[card]["Groups"]} == asked
    for gateway in all_of(account, "describe_nat_gateways", "NatGateways"):
        (address,) = gateway["NatGatewayAddresses"]
        card = cards[address["NetworkInterfaceId"]]
        assert (card["Groups"], card["PrivateIpAddress"]) == ([], address["PrivateIp"])


def test_public_addresses_are_public(account: Account) -> None:
    addresses = all_of(account, "describe_addresses", "Addresses")
    assert addresses
    assert all(ip_address(one["PublicIp"]).is_global for one in addresses)


def test_links_are_up_and_tables_have_what_routers_announce(account: Account) -> None:
    (interface,) = {
        (one["virtualInterfaceState"], one["bgpPeers"][0]["bgpStatus"])
        for one in all_of(account, "describe_virtual_interfaces", "virtualInterfaces", "directconnect")
    }
    assert interface == ("available", "up")
    tunnels = [
        tunnel["Status"]
        for one in all_of(account, "describe_vpn_connections", "VpnConnections")
        for tunnel in one["VgwTelemetry"]
    ]
    assert set(tunnels) == {"UP"}
    learned = learned_by_tables(account) or learned_by_transit(account)
    assert learned == {ip_network("10.0.0.0/16"), ip_network("192.168.0.0/16")}


def learned_by_tables(account: Account) -> set[Any]:
    """By the route tables that learn from a virtual private gateway."""
    found: set[Any] = set()
    for table in all_of(account, "describe_route_tables", "RouteTables"):
        gateways = {one["GatewayId"] for one in table["PropagatingVgws"]}
        routes = [one for one in table["Routes"] if one.get("Origin") == "EnableVgwRoutePropagation"]
        assert {one["GatewayId"] for one in routes} == gateways
        found |= {ip_network(one["DestinationCidrBlock"]) for one in routes}
    return found


def learned_by_transit(account: Account) -> set[Any]:
    """By the route tables of transit gateways, beside the networks of the VPCs themselves. Circuits come before VPNs."""
    found: set[Any] = set()
    for table in all_of(account, "describe_transit_gateway_route_tables", "TransitGatewayRouteTables"):
        routes = all_of(
            account,
            "search_transit_gateway_routes",
            "Routes",
            TransitGatewayRouteTableId=table["TransitGatewayRouteTableId"],
            Filters=[{"Name": "type", "Values": ["propagated"]}],
        )
        kinds = {ip_network(one["DestinationCidrBlock"]): one["TransitGatewayAttachments"][0]["ResourceType"] for one in routes}
        assert set(kinds.values()) == {"vpc", "direct-connect-gateway"}
        found |= {network for network, kind in kinds.items() if kind != "vpc"}
    return found


def test_attachments_of_vpcs_are_those_alone(account: Account) -> None:
    for one in all_of(account, "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments"):
        assert one["VpcId"].startswith("vpc-") and one["SubnetIds"]
