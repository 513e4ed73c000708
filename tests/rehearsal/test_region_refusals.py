"""What moto would let through between two regions, and AWS does not."""

from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.emulator import Emulator, Refused

SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"


class Account:
    """Two regions with a VPC and a hub each, made by hand."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws

    def ec2(self, region: str, operation: str, **params: Any) -> dict[str, Any]:
        return self.aws.call("ec2", operation, params, region=region)

    def vpc(self, region: str, cidr: str = "10.20.0.0/16") -> str:
        return str(self.ec2(region, "CreateVpc", CidrBlock=cidr)["Vpc"]["VpcId"])

    def transit_gateway(self, region: str, asn: int) -> str:
        made = self.ec2(region, "CreateTransitGateway", Options={"AmazonSideAsn": asn})["TransitGateway"]
        return str(made["TransitGatewayId"])

    def vpn_gateway(self, region: str, vpc: str) -> str:
        gateway = str(self.ec2(region, "CreateVpnGateway", Type="ipsec.1")["VpnGateway"]["VpnGatewayId"])
        self.ec2(region, "AttachVpnGateway", VpnGatewayId=gateway, VpcId=vpc)
        return gateway

    def table(self, region: str, gateway: str) -> str:
        (found,) = self.ec2(region, "DescribeTransitGateways", TransitGatewayIds=[gateway])["TransitGateways"]
        return str(found["Options"]["AssociationDefaultRouteTableId"])

    def peering(self, ours: str, theirs: str) -> str:
        params = {
            "TransitGatewayId": ours,
            "PeerTransitGatewayId": theirs,
            "PeerRegion": SEOUL,
            "PeerAccountId": "123456789012",
        }
        made = self.ec2(TOKYO, "CreateTransitGatewayPeeringAttachment", **params)["TransitGatewayPeeringAttachment"]
        assert made["State"] == "pendingAcceptance"
        return str(made["TransitGatewayAttachmentId"])

    def accept(self, region: str, attachment: str) -> str:
        params = {"TransitGatewayAttachmentId": attachment}
        made = self.ec2(region, "AcceptTransitGatewayPeeringAttachment", **params)["TransitGatewayPeeringAttachment"]
        return str(made["State"])

    def route(self, region: str, table: str, attachment: str, cidr: str = "10.99.0.0/16") -> str:
        params = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": attachment, "DestinationCidrBlock": cidr}
        return str(self.ec2(region, "CreateTransitGatewayRoute", **params)["Route"]["State"])

    def associate(self, region: str, gateway: str, hub: str, prefix: str) -> None:
        params = {"directConnectGatewayId": gateway, "gatewayId": hub}
        prefixes = {"addAllowedPrefixesToDirectConnectGateway": [{"cidr": prefix}]}
        self.aws.call("directconnect", "CreateDirectConnectGatewayAssociation", {**params, **prefixes}, region=region)

    def direct_connect_gateway(self) -> str:
        params = {"directConnectGatewayName": "g", "amazonSideAsn": 64513}
        made = self.aws.call("directconnect", "CreateDirectConnectGateway", params, region=SEOUL)["directConnectGateway"]
        return str(made["directConnectGatewayId"])

    def zone(self, region: str, vpc: str, name: str = "aws.corp.example") -> str:
        params = {"Name": name, "CallerReference": f"{vpc}-{name}", "VPC": {"VPCId": vpc, "VPCRegion": region}}
        config = {"HostedZoneConfig": {"PrivateZone": True}}
        made = self.aws.call("route53", "CreateHostedZone", {**params, **config}, region=region)["HostedZone"]
        return str(made["Id"]).removeprefix("/hostedzone/")

    def join(self, zone: str, region: str, vpc: str) -> None:
        params = {"HostedZoneId": zone, "VPC": {"VPCId": vpc, "VPCRegion": region}}
        self.aws.call("route53", "AssociateVPCWithHostedZone", params, region=region)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as aws:
        yield aws


@pytest.fixture
def account(emulator: Emulator) -> Account:
    return Account(emulator)


def test_a_zone_begins_with_a_vpc_of_the_region_that_is_named(account: Account) -> None:
    with pytest.raises(Refused, match="InvalidVPCId"):
        account.zone(TOKYO, account.vpc(SEOUL))


def test_a_zone_is_joined_by_vpcs_that_exist_where_they_are_said_to_be(account: Account) -> None:
    zone, tokyo = account.zone(SEOUL, account.vpc(SEOUL)), account.vpc(TOKYO)
    with pytest.raises(Refused, match="InvalidVPCId"):
        account.join(zone, SEOUL, tokyo)
    account.join(zone, TOKYO, tokyo)


def test_a_vpc_has_each_name_once(account: Account) -> None:
    seoul, tokyo = account.vpc(SEOUL), account.vpc(TOKYO)
    zone = account.zone(SEOUL, seoul, "once.example")
    with pytest.raises(Refused, match="ConflictingDomainExists"):
        account.join(zone, SEOUL, seoul)
    account.zone(TOKYO, tokyo, "once.example")
    with pytest.raises(Refused, match="ConflictingDomainExists"):
        account.join(zone, TOKYO, tokyo)


def test_a_peering_is_between_two_transit_gateways_that_exist_and_once(account: Account) -> None:
    ours, theirs = account.transit_gateway(TOKYO, 64530), account.transit_gateway(SEOUL, 64520)
    with pytest.raises(Refused, match=r"InvalidTransitGatewayID\.NotFound"):
        account.peering(ours, ours)
    with pytest.raises(Refused, match=r"InvalidTransitGatewayID\.NotFound"):
        account.peering(theirs, theirs)
    account.peering(ours, theirs)
    with pytest.raises(Refused, match="DuplicateTransitGatewayAttachment"):
        account.peering(ours, theirs)


def test_a_peering_is_accepted_by_the_other_side_and_once(account: Account) -> None:
    attachment = account.peering(account.transit_gateway(TOKYO, 64530), account.transit_gateway(SEOUL, 64520))
    with pytest.raises(Refused, match="InvalidParameterValue"):
        account.accept(TOKYO, attachment)
    with pytest.raises(Refused, match=r"InvalidTransitGatewayAttachmentID\.NotFound"):
        account.accept("us-east-1", attachment)
    assert account.accept(SEOUL, attachment) == "available"
    with pytest.raises(Refused, match="IncorrectState"):
        account.accept(SEOUL, attachment)


def test_a_route_waits_for_the_peering_and_stays_with_its_own_transit_gateway(account: Account) -> None:
    ours, theirs, third = (
        account.transit_gateway(TOKYO, 1),
        account.transit_gateway(SEOUL, 2),
        account.transit_gateway(SEOUL, 3),
    )
    attachment = account.peering(ours, theirs)
    with pytest.raises(Refused, match="IncorrectState"):
        account.route(SEOUL, account.table(SEOUL, theirs), attachment)
    account.accept(SEOUL, attachment)
    with pytest.raises(Refused, match=r"InvalidTransitGatewayAttachmentID\.NotFound"):
        account.route(SEOUL, account.table(SEOUL, third), attachment)
    with pytest.raises(Refused, match=r"InvalidRouteTableID\.NotFound"):
        account.route(TOKYO, account.table(SEOUL, theirs), attachment)
    assert account.route(SEOUL, account.table(SEOUL, theirs), attachment) == "active"
    with pytest.raises(Refused, match="RouteAlreadyExists"):
        account.route(SEOUL, account.table(SEOUL, theirs), attachment)
    assert account.route(TOKYO, account.table(TOKYO, ours), attachment) == "active"


def test_a_direct_connect_gateway_tells_vpcs_of_two_regions_by_their_addresses(account: Account) -> None:
    gateway = account.direct_connect_gateway()
    account.associate(SEOUL, gateway, account.vpn_gateway(SEOUL, account.vpc(SEOUL, "10.20.0.0/16")), "10.20.0.0/16")
    with pytest.raises(Refused, match=r"10\.20\.128\.0/20 overlaps 10\.20\.0\.0/16"):
        account.associate(TOKYO, gateway, account.vpn_gateway(TOKYO, account.vpc(TOKYO, "10.20.128.0/20")), "10.20.128.0/20")
    account.associate(TOKYO, gateway, account.vpn_gateway(TOKYO, account.vpc(TOKYO, "10.21.0.0/16")), "10.21.0.0/16")


def test_a_direct_connect_gateway_tells_transit_gateways_of_two_regions_by_their_asns(account: Account) -> None:
    gateway = account.direct_connect_gateway()
    account.associate(SEOUL, gateway, account.transit_gateway(SEOUL, 64520), "10.20.0.0/16")
    with pytest.raises(Refused, match="each needs its own"):
        account.associate(TOKYO, gateway, account.transit_gateway(TOKYO, 64520), "10.21.0.0/16")
    account.associate(TOKYO, gateway, account.transit_gateway(TOKYO, 64530), "10.21.0.0/16")


def test_a_direct_connect_gateway_takes_six_transit_gateways(account: Account) -> None:
    gateway = account.direct_connect_gateway()
    for number in range(6):
        hub = account.transit_gateway(SEOUL, 64600 + number)
        account.associate(SEOUL, gateway, hub, f"10.{number}.0.0/16")
    with pytest.raises(Refused, match="takes 6 gateways"):
        account.associate(TOKYO, gateway, account.transit_gateway(TOKYO, 64620), "10.7.0.0/16")
