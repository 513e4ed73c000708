"""Two regions whose hubs are transit gateways: peers, with a way to each other's VPC and one Direct Connect gateway."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rehearsal.support import Result, rehearsed_stacks

STACKS = Path(__file__).parent / "stacks"
SEOUL, OREGON = "ap-northeast-2", "us-west-2"
CIDRS = {SEOUL: "10.20.0.0/16", OREGON: "10.30.0.0/16"}
TRANSIT = "aws:ec2transitgateway/transitGateway:TransitGateway"


@pytest.fixture(scope="module")
def stacks() -> Iterator[dict[str, Result]]:
    with rehearsed_stacks(STACKS / "transit-primary.yaml", STACKS / "transit-secondary.yaml") as (primary, secondary):
        yield {SEOUL: primary, OREGON: secondary}


def test_both_regions_are_made_with_nothing_wrong(stacks: dict[str, Result]) -> None:
    for result in stacks.values():
        assert result.good, result.report


def test_the_peering_is_asked_for_in_one_region_and_accepted_in_the_other_by_one_stack(stacks: dict[str, Result]) -> None:
    secondary = stacks[OREGON]
    attachment = secondary.one("aws:ec2transitgateway/peeringAttachment:PeeringAttachment")
    accepter = secondary.one("aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter")
    assert (attachment.region, accepter.region, accepter.id) == (OREGON, SEOUL, attachment.id)
    assert not [node for node in stacks[SEOUL].nodes if "eering" in node.type]
    for region, tag in ((OREGON, "network-peering-attachment"), (SEOUL, "network-peering-accepter")):
        (found,) = secondary.aws.call(
            "ec2",
            "DescribeTransitGatewayPeeringAttachments",
            {"TransitGatewayAttachmentIds": [attachment.id]},
            region=region,
        )["TransitGatewayPeeringAttachments"]
        assert found["State"] == "available"
        assert {one["Key"]: one["Value"] for one in found["Tags"]}["Name"] == tag


@pytest.mark.parametrize(("region", "other"), [(SEOUL, OREGON), (OREGON, SEOUL)])
def test_the_way_to_the_other_region_leads_over_both_transit_gateways(
    stacks: dict[str, Result], region: str, other: str
) -> None:
    result = stacks[region]
    gateway = result.one(TRANSIT)
    attachment = stacks[OREGON].one("aws:ec2transitgateway/peeringAttachment:PeeringAttachment").id
    (route,) = result.aws.call(
        "ec2",
        "SearchTransitGatewayRoutes",
        {
            "TransitGatewayRouteTableId": gateway.outputs["associationDefaultRouteTableId"],
            "Filters": [{"Name": "type", "Values": ["static"]}],
        },
        region=region,
    )["Routes"]
    assert (route["DestinationCidrBlock"], route["State"]) == (CIDRS[other], "active")
    assert [one["TransitGatewayAttachmentId"] for one in route["TransitGatewayAttachments"]] == [attachment]
    (association,) = result.aws.call(
        "ec2",
        "GetTransitGatewayRouteTableAssociations",
        {
            "TransitGatewayRouteTableId": gateway.outputs["associationDefaultRouteTableId"],
            "Filters": [{"Name": "transit-gateway-attachment-id", "Values": [attachment]}],
        },
        region=region,
    )["Associations"]
    assert association["State"] == "associated"

    tables = {node.id: node.inputs["tags"]["SubnetType"] for node in result.created("aws:ec2/routeTable:RouteTable")}
    found = result.aws.call("ec2", "DescribeRouteTables", {"RouteTableIds": list(tables)}, region=region)["RouteTables"]
    for table in found:
        targets = {one.get("DestinationCidrBlock"): one.get("TransitGatewayId") for one in table["Routes"]}
        assert targets.get(CIDRS[other]) == (None if tables[table["RouteTableId"]] == "Public" else gateway.id)


def test_each_stack_leads_its_own_subnets_so_that_either_can_add_a_zone_alone(stacks: dict[str, Result]) -> None:
    for region, result in stacks.items():
        assert {node.region for node in result.created("aws:ec2/route:Route")} == {region}


def test_circuits_of_both_continents_end_at_one_direct_connect_gateway(stacks: dict[str, Result]) -> None:
    (gateway,) = stacks[SEOUL].created("aws:directconnect/gateway:Gateway")
    assert stacks[OREGON].created("aws:directconnect/gateway:Gateway") == []
    interfaces = [
        node
        for result in stacks.values()
        for node in result.created("aws:directconnect/transitVirtualInterface:TransitVirtualInterface")
    ]
    assert [(node.region, node.inputs["dxGatewayId"]) for node in interfaces] == [(SEOUL, gateway.id), (OREGON, gateway.id)]
    associations = stacks[SEOUL].aws.call(
        "directconnect", "DescribeDirectConnectGatewayAssociations", {"directConnectGatewayId": gateway.id}, region=SEOUL
    )["directConnectGatewayAssociations"]
    assert {one["associatedGateway"]["region"]: one["allowedPrefixesToDirectConnectGateway"] for one in associations} == {
        region: [{"cidr": cidr}] for region, cidr in CIDRS.items()
    }
