"""Network as one of two regions: what it adopts of the other, what it makes for both."""

from typing import Any

import pytest

from tests.components.network.test_network import ZONES, arguments, deployed, outputs
from tests.recorder import REGION, Graph

ROUTE = "aws:ec2/route:Route"
PEERING = "aws:ec2transitgateway/peeringAttachment:PeeringAttachment"
ACCEPTER = "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
TRANSIT_ROUTE = "aws:ec2transitgateway/route:Route"
ASSOCIATION = "aws:directconnect/gatewayAssociation:GatewayAssociation"
OTHER = "us-west-2"
PEER = {"region": OTHER, "transit_gateway_id": "tgw-0other", "route_table_id": "tgw-rtb-0other"}
CIRCUIT: dict[str, Any] = {
    "name": "kinx",
    "state": "available",
    "connection_id": "dxcon-abcd1234",
    "vlan": 101,
    "bgp_asn": 65010,
    "amazon_address": "169.254.255.1/30",
    "customer_address": "169.254.255.2/30",
}


def adopting(**changes: Any) -> Graph:
    direct_connect = {"gateway_asn": 64513, "connections": [], "gateway_id": "dxgw-other"}
    return deployed(**{"direct_connect": direct_connect, "private_zone_id": "Z0OTHER", **changes})


def test_a_direct_connect_gateway_of_another_region_is_adopted_and_told_the_way_here() -> None:
    graph = adopting()
    assert graph.created("aws:directconnect/gateway:Gateway") == []
    assert graph.created("hybridge:network:DirectConnect") == []
    association = graph.one(ASSOCIATION)
    assert association.inputs == {
        "dxGatewayId": "dxgw-other",
        "associatedGatewayId": "network-hub-vpn-gateway-id",
        "allowedPrefixes": ["10.20.0.0/16"],
        "region": REGION,
    }
    assert outputs(graph)["direct_connect_gateway_id"] == "dxgw-other"


def test_circuits_of_this_region_end_at_the_adopted_gateway() -> None:
    section = {"gateway_asn": 64513, "connections": [CIRCUIT], "gateway_id": "dxgw-other", "allowed_prefixes": ["10.0.0.0/8"]}
    graph = adopting(direct_connect=section)
    assert graph.created("aws:directconnect/gateway:Gateway") == []
    interface = graph.one("aws:directconnect/privateVirtualInterface:PrivateVirtualInterface")
    assert interface.inputs["dxGatewayId"] == "dxgw-other"
    assert graph.one(ASSOCIATION).inputs["allowedPrefixes"] == ["10.0.0.0/8"]


def test_the_zone_of_another_region_is_joined_by_the_vpc() -> None:
    graph = adopting()
    assert graph.created("aws:route53/zone:Zone") == []
    assert graph.one("aws:route53/zoneAssociation:ZoneAssociation").inputs == {
        "zoneId": "Z0OTHER",
        "vpcId": "Vpc-network-vpc-id",
        "vpcRegion": REGION,
    }
    found = outputs(graph)
    assert (found["private_zone_id"], found["private_zone_name"]) == ("Z0OTHER", "aws.corp.example")


def test_a_zone_that_is_made_here_lets_other_regions_join_it() -> None:
    zone = deployed().one("aws:route53/zone:Zone")
    assert zone.inputs["vpcs"] == [{"vpcId": "Vpc-network-vpc-id", "vpcRegion": REGION}]
    assert zone.ignore_changes == ("vpcs",)


@pytest.mark.parametrize("shared", [False, True])
def test_what_two_regions_share_outlives_the_one_that_made_it(shared: bool) -> None:
    graph = deployed(shared=shared)
    for type_ in ("aws:route53/zone:Zone", "aws:directconnect/gateway:Gateway"):
        assert graph.one(type_).retain_on_delete is shared
    assert graph.one("aws:ec2/vpc:Vpc").retain_on_delete is False


def transit(**other_region: Any) -> Graph:
    return deployed(hub="transitGateway", zones=ZONES[:2], other_region={"cidr": "10.30.0.0/16", **other_region})


def routes(graph: Graph) -> set[tuple[str, str]]:
    return {(r.name, r.inputs["transitGatewayId"]) for r in graph.created(ROUTE, destinationCidrBlock="10.30.0.0/16")}


def test_private_and_isolated_subnets_lead_to_the_other_region_whoever_makes_the_peering() -> None:
    expected = {
        (f"network-hub-{tier}-{zone}-10.30.0.0-16", "network-hub-transit-gateway-id")
        for tier in ("private", "isolated")
        for zone in ("2a", "2b")
    }
    alone, both = transit(), transit(peer=PEER)
    assert routes(alone) == routes(both) == expected
    assert alone.created(PEERING) == alone.created(TRANSIT_ROUTE) == []


def test_the_peering_and_the_routes_on_both_sides_are_made_here() -> None:
    graph = transit(peer=PEER)
    attachment = graph.one(PEERING)
    assert attachment.inputs == {
        "transitGatewayId": "network-hub-transit-gateway-id",
        "peerTransitGatewayId": "tgw-0other",
        "peerRegion": OTHER,
        "region": REGION,
        "tags": {"project": "hybridge", "Name": "network-peering-attachment"},
    }
    accepter = graph.one(ACCEPTER)
    assert (accepter.inputs["transitGatewayAttachmentId"], accepter.inputs["region"]) == (
        "network-peering-attachment-id",
        OTHER,
    )
    assert {
        route.name: (
            route.inputs["transitGatewayRouteTableId"],
            route.inputs["destinationCidrBlock"],
            route.inputs["transitGatewayAttachmentId"],
            route.inputs["region"],
        )
        for route in graph.created(TRANSIT_ROUTE)
    } == {
        "network-peering-here": (
            "network-hub-transit-gateway-associationDefaultRouteTableId",
            "10.30.0.0/16",
            "network-peering-accepter-id",
            REGION,
        ),
        "network-peering-there": ("tgw-rtb-0other", "10.20.0.0/16", "network-peering-accepter-id", OTHER),
    }


def test_a_route_to_a_peering_waits_until_it_is_accepted() -> None:
    graph = transit(peer=PEER)
    for route in graph.created(TRANSIT_ROUTE):
        assert graph.one(ACCEPTER).urn in route.dependencies


def test_the_other_region_is_told_of_the_transit_gateway_and_its_table() -> None:
    found = outputs(transit())
    assert found["transit_gateway_id"] == "network-hub-transit-gateway-id"
    assert found["transit_gateway_route_table_id"] == "network-hub-transit-gateway-associationDefaultRouteTableId"
    assert "transit_gateway_route_table_id" not in outputs(deployed())


def test_only_transit_gateways_peer() -> None:
    with pytest.raises(ValueError, match=r"other_region\.peer is set while hub is 'vpnGateway'; only a transitGateway peers"):
        deployed(other_region={"cidr": "10.30.0.0/16", "peer": PEER})


def test_the_arguments_of_one_region_alone_make_nothing_of_another() -> None:
    graph = deployed()
    assert "other_region" not in arguments()
    for type_ in (PEERING, ACCEPTER, TRANSIT_ROUTE, "aws:route53/zoneAssociation:ZoneAssociation"):
        assert graph.created(type_) == []
