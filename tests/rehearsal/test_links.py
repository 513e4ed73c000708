"""The links to on-premises, made in the emulated account: what AWS's own tools read back."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.network.direct_connect import DirectConnect
from components.network.hub import Hub, HubKind
from components.network.site_to_site_vpn import SiteToSiteVpn
from rehearsal import wire
from rehearsal.emulator import Emulator, Refused
from tests.rehearsal.support import REGION, Result, rehearsed

TAGS = {"project": "hybridge"}
ZONES = ("ap-northeast-2a", "ap-northeast-2b")
ORDERED: dict[str, Any] = {"name": "seoul-1", "state": "ordered", "location": "Kinx1", "bandwidth": "10Gbps"}
UP: dict[str, Any] = {
    **ORDERED,
    "state": "available",
    "vlan": 101,
    "bgp_asn": 65010,
    "amazon_address": "169.254.255.1/30",
    "customer_address": "169.254.255.2/30",
}
ADOPTED: dict[str, Any] = {
    "name": "seoul-2",
    "state": "available",
    "connection_id": "dxcon-fgh12345",
    "vlan": 101,
    "bgp_asn": 65010,
    "amazon_address": "169.254.255.5/30",
    "customer_address": "169.254.255.6/30",
}


def links(kind: HubKind, circuits: list[dict[str, Any]], *, gateway_asn: int = 64513) -> None:
    """A VPC of two zones by hand, then the three components as Network composes them."""
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.20.0.0/16", region=REGION)
    subnets, tables = {}, {}
    for number, zone in enumerate(ZONES):
        block = f"10.20.{number}.0/24"
        subnets[zone] = aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=block, availability_zone=zone, region=REGION).id
        for tier in ("private", "isolated"):
            tables[f"{tier}-{zone[-2:]}"] = aws.ec2.RouteTable(f"{tier}-{zone[-2:]}", vpc_id=vpc.id, region=REGION).id
    common: dict[str, Any] = {"region": REGION, "tags": TAGS, "hub": kind}
    circuit_args: Any = {**common, "gateway_asn": gateway_asn, "connections": circuits}
    direct_connect = DirectConnect("network-direct-connect", circuit_args)
    hub_args: Any = {
        **common,
        "amazon_asn": 64512,
        "vpc_id": vpc.id,
        "subnet_ids": subnets,
        "route_table_ids": tables,
        "on_premises_cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
        "direct_connect": {"gateway_id": direct_connect.gateway_id, "allowed_prefixes": ["10.20.0.0/16"]},
    }
    hub = Hub("network-hub", hub_args)
    vpn_args: Any = {
        **common,
        "gateway_id": hub.gateway_id,
        "routers": [
            {"name": "router-1", "public_ip": "203.0.113.10", "asn": 65010},
            {"name": "router-2", "public_ip": "203.0.113.20", "asn": 4_200_000_100},
        ],
        "log_retention_days": 90,
    }
    vpn = SiteToSiteVpn("network-vpn", vpn_args)
    hub.lead_to_on_premises(vpn.connections)
    pulumi.export("tunnels", vpn.tunnel_addresses)
    pulumi.export("keys", vpn.preshared_key_arns)
    pulumi.export("interfaces", direct_connect.virtual_interface_ids)


def config(*circuits: dict[str, Any]) -> dict[str, Any]:
    """What the stack file says of the circuits, as far as the world outside cares."""
    keys = {"name": "name", "state": "state", "connection_id": "connectionId"}
    return {"hybridge:directConnect": {"connections": [{keys[k]: v for k, v in c.items() if k in keys} for c in circuits]}}


def read(result: Result, operation: str, service: str = "ec2", **params: Any) -> dict[str, Any]:
    return result.aws.call(service, operation, params, region=REGION)


def linked(kind: HubKind, *circuits: dict[str, Any], **more: Any) -> Any:
    return rehearsed(lambda: links(kind, list(circuits), **more), config(*circuits))


@pytest.mark.parametrize("kind", ["vpnGateway", "transitGateway"])
def test_all_links_are_made_and_nothing_asked_for_is_lost(kind: HubKind) -> None:
    with linked(kind, UP, ADOPTED) as result:
        assert result.good, result.report
        assert {node.name: node.gaps for node in result.nodes if node.gaps} == {}


def test_a_virtual_private_gateway_propagates_into_private_and_isolated_tables() -> None:
    with linked("vpnGateway", UP) as result:
        gateway = result.one("aws:ec2/vpnGateway:VpnGateway").id
        tables = [node.id for node in result.created("aws:ec2/routeTable:RouteTable")]
        found = read(result, "DescribeRouteTables", RouteTableIds=tables)["RouteTables"]
        assert [table["PropagatingVgws"] for table in found] == [[{"GatewayId": gateway}]] * 4


def test_the_gateway_of_the_vpc_is_associated_with_the_prefix_of_the_vpc() -> None:
    with linked("vpnGateway", UP) as result:
        gateway = result.one("aws:directconnect/gateway:Gateway").id
        (found,) = read(result, "DescribeDirectConnectGatewayAssociations", "directconnect", directConnectGatewayId=gateway)[
            "directConnectGatewayAssociations"
        ]
        assert found["associationState"] == "associated"
        assert found["associatedGateway"]["type"] == "virtualPrivateGateway"
        assert found["allowedPrefixesToDirectConnectGateway"] == [{"cidr": "10.20.0.0/16"}]


def test_an_ordered_circuit_waits_for_its_carrier() -> None:
    with linked("vpnGateway", ORDERED) as result:
        assert result.good, result.report
        (found,) = read(result, "DescribeConnections", "directconnect")["connections"]
        assert (found["connectionState"], found["bandwidth"]) == ("requested", "10Gbps")
        assert result.created("aws:directconnect/privateVirtualInterface:PrivateVirtualInterface") == []


@pytest.mark.parametrize(("kind", "type_", "mtu"), [("vpnGateway", "private", 1500), ("transitGateway", "transit", 8500)])
def test_circuits_ordered_and_adopted_carry_an_interface_of_the_right_type(kind: HubKind, type_: str, mtu: int) -> None:
    with linked(kind, UP, ADOPTED) as result:
        found = read(result, "DescribeVirtualInterfaces", "directconnect")["virtualInterfaces"]
        ordered = result.one("aws:directconnect/connection:Connection").id
        assert {(vif["connectionId"], vif["virtualInterfaceType"], vif["mtu"], vif["asnLong"]) for vif in found} == {
            (ordered, type_, mtu, 65010),
            ("dxcon-fgh12345", type_, mtu, 65010),
        }
        assert set(result.outputs["interfaces"]) == {"seoul-1", "seoul-2"}


@pytest.mark.parametrize(("kind", "type_"), [("vpnGateway", "private"), ("transitGateway", "transit")])
def test_the_key_that_aws_makes_for_a_session_is_kept_as_a_secret(kind: HubKind, type_: str) -> None:
    with linked(kind, UP) as result:
        (made,) = read(result, "DescribeVirtualInterfaces", "directconnect")["virtualInterfaces"]
        node = result.one(f"aws:directconnect/{type_}VirtualInterface:{type_.capitalize()}VirtualInterface")
        assert node.outputs["bgpAuthKey"] == wire.secret(made["authKey"])


def test_a_circuit_that_the_stack_file_does_not_call_available_takes_no_interface() -> None:
    with rehearsed(lambda: links("vpnGateway", [UP]), config(ORDERED)) as result:
        assert "Connection is requested, not available" in result.problems[0].message


def test_the_tunnels_have_the_options_asked_for_and_keys_that_only_secrets_manager_shows() -> None:
    with linked("vpnGateway", UP) as result:
        for connection in read(result, "DescribeVpnConnections")["VpnConnections"]:
            tunnels = connection["Options"]["TunnelOptions"]
            assert [tunnel["IkeVersions"] for tunnel in tunnels] == [[{"Value": "ikev2"}]] * 2
            assert [tunnel["StartupAction"] for tunnel in tunnels] == ["start", "start"]
            assert not any("PreSharedKey" in tunnel for tunnel in tunnels)
            secret = read(result, "GetSecretValue", "secretsmanager", SecretId=connection["PreSharedKeyArn"])
            assert '"psk2"' in secret["SecretString"]
            assert connection["PreSharedKeyArn"] in result.outputs["keys"].values()
        addresses = {address for pair in result.outputs["tunnels"].values() for address in pair}
        assert len(addresses) == 4


def test_a_transit_gateway_learns_the_routes_of_every_attachment_in_one_table() -> None:
    with linked("transitGateway", UP) as result:
        gateway = result.one("aws:ec2transitgateway/transitGateway:TransitGateway")
        attachments = read(result, "DescribeTransitGatewayAttachments")["TransitGatewayAttachments"]
        assert sorted(one["ResourceType"] for one in attachments) == ["direct-connect-gateway", "vpc", "vpn", "vpn"]
        table = gateway.outputs["propagationDefaultRouteTableId"]
        assert {one["Association"]["TransitGatewayRouteTableId"] for one in attachments} == {table}
        propagated = read(result, "GetTransitGatewayRouteTablePropagations", TransitGatewayRouteTableId=table)
        assert {one["TransitGatewayAttachmentId"] for one in propagated["TransitGatewayRouteTablePropagations"]} == {
            one["TransitGatewayAttachmentId"] for one in attachments
        }
        association = result.one("aws:directconnect/gatewayAssociation:GatewayAssociation")
        assert association.outputs["transitGatewayAttachmentId"] in {
            one["TransitGatewayAttachmentId"] for one in attachments if one["ResourceType"] == "direct-connect-gateway"
        }


def test_every_table_leads_to_on_premises_over_the_transit_gateway() -> None:
    with linked("transitGateway", UP) as result:
        gateway = result.one("aws:ec2transitgateway/transitGateway:TransitGateway").id
        tables = [node.id for node in result.created("aws:ec2/routeTable:RouteTable")]
        for table in read(result, "DescribeRouteTables", RouteTableIds=tables)["RouteTables"]:
            routes = {r["DestinationCidrBlock"] for r in table["Routes"] if r.get("TransitGatewayId") == gateway}
            assert routes == {"10.0.0.0/16", "192.168.0.0/16"}


def test_a_transit_gateway_of_the_same_asn_is_not_associated() -> None:
    with linked("transitGateway", UP, gateway_asn=64512) as result:
        assert "have the same ASN, 64512" in result.report


def test_two_circuits_on_one_connection_need_two_vlans() -> None:
    with linked("vpnGateway", {**ADOPTED, "name": "a"}, {**ADOPTED, "name": "b"}) as result:
        assert "VLAN 101 is in use on the connection" in result.report


def test_ids_are_the_same_in_every_rehearsal() -> None:
    seen = []
    for _ in range(2):
        with linked("transitGateway", UP, ADOPTED) as result:
            seen.append([(node.urn, node.id) for node in result.nodes])
    assert seen[0] == seen[1]


@pytest.fixture
def account() -> Any:
    with Emulator() as aws_:
        yield aws_


def call(account: Emulator, service: str = "ec2") -> Callable[..., dict[str, Any]]:
    return lambda operation, **params: account.call(service, operation, params, region=REGION)


def test_a_table_learns_routes_only_from_the_gateway_of_its_vpc(account: Emulator) -> None:
    ec2 = call(account)
    vpc = ec2("CreateVpc", CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    table = ec2("CreateRouteTable", VpcId=vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2("CreateVpnGateway", Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    with pytest.raises(Refused, match=r"Gateway\.NotAttached"):
        ec2("EnableVgwRoutePropagation", GatewayId=gateway, RouteTableId=table)
    ec2("AttachVpnGateway", VpnGatewayId=gateway, VpcId=vpc)
    ec2("EnableVgwRoutePropagation", GatewayId=gateway, RouteTableId=table)
    ec2("EnableVgwRoutePropagation", GatewayId=gateway, RouteTableId=table)
    assert ec2("DescribeRouteTables", RouteTableIds=[table])["RouteTables"][0]["PropagatingVgws"] == [{"GatewayId": gateway}]
    ec2("DisableVgwRoutePropagation", GatewayId=gateway, RouteTableId=table)
    assert ec2("DescribeRouteTables", RouteTableIds=[table])["RouteTables"][0].get("PropagatingVgws", []) == []
    with pytest.raises(Refused, match=r"InvalidRouteTableID\.NotFound"):
        ec2("EnableVgwRoutePropagation", GatewayId=gateway, RouteTableId="rtb-0")


def test_a_vpc_has_one_virtual_private_gateway_and_keeps_it(account: Emulator) -> None:
    ec2 = call(account)
    one, other = (ec2("CreateVpc", CidrBlock=f"10.{n}.0.0/16")["Vpc"]["VpcId"] for n in (20, 30))
    first, second = (ec2("CreateVpnGateway", Type="ipsec.1")["VpnGateway"]["VpnGatewayId"] for _ in range(2))
    ec2("AttachVpnGateway", VpnGatewayId=first, VpcId=one)
    for gateway, vpc in ((first, other), (second, one)):
        with pytest.raises(Refused, match="VpnGatewayAttachmentLimitExceeded"):
            ec2("AttachVpnGateway", VpnGatewayId=gateway, VpcId=vpc)


def test_a_customer_gateway_is_made_once_for_each_device(account: Emulator) -> None:
    def made(device: str, address: str = "203.0.113.10") -> str:
        asked = {"Type": "ipsec.1", "BgpAsn": 65010, "IpAddress": address, "DeviceName": device}
        return str(call(account)("CreateCustomerGateway", **asked)["CustomerGateway"]["CustomerGatewayId"])

    first = made("router-1.hybridge-prod")
    assert made("router-1.hybridge-prod") == first
    assert len({first, made("router-1.hybridge-dev"), made("router-1.hybridge-prod", "203.0.113.20")}) == 3
    assert len(call(account)("DescribeCustomerGateways")["CustomerGateways"]) == 3


def test_a_route_to_a_transit_gateway_needs_the_attachment_first(account: Emulator) -> None:
    ec2 = call(account)
    vpc = ec2("CreateVpc", CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    table = ec2("CreateRouteTable", VpcId=vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2("CreateTransitGateway")["TransitGateway"]["TransitGatewayId"]
    with pytest.raises(Refused, match=r"InvalidTransitGatewayID\.NotFound"):
        ec2("CreateRoute", RouteTableId=table, DestinationCidrBlock="10.0.0.0/16", TransitGatewayId=gateway)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("IKEVersions", [{"Value": "ikev3"}]),
        ("Phase1DHGroupNumbers", [{"Value": 5}]),
        ("Phase2EncryptionAlgorithms", [{"Value": "3DES"}]),
        ("Phase2LifetimeSeconds", 7200),
        ("DPDTimeoutAction", "reboot"),
        ("LogOptions", {"CloudWatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn:aws:logs:x:1:log-group:none"}}),
    ],
)
def test_a_tunnel_option_that_aws_does_not_know_is_refused(account: Emulator, option: str, value: Any) -> None:
    ec2 = call(account)
    router = ec2("CreateCustomerGateway", Type="ipsec.1", BgpAsn=65010, IpAddress="203.0.113.10")["CustomerGateway"]
    hub = ec2("CreateVpnGateway", Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    with pytest.raises(Refused, match="InvalidParameter"):
        ec2(
            "CreateVpnConnection",
            Type="ipsec.1",
            CustomerGatewayId=router["CustomerGatewayId"],
            VpnGatewayId=hub,
            Options={"TunnelOptions": [{option: value}]},
        )


def test_a_router_has_another_asn_than_the_gateway_that_it_connects_to(account: Emulator) -> None:
    ec2 = call(account)
    router = ec2("CreateCustomerGateway", Type="ipsec.1", BgpAsn=64512, IpAddress="203.0.113.10")["CustomerGateway"]
    same, another = (
        ec2("CreateVpnGateway", Type="ipsec.1", AmazonSideAsn=asn)["VpnGateway"]["VpnGatewayId"] for asn in (64512, 64513)
    )
    ends = {"Type": "ipsec.1", "CustomerGatewayId": router["CustomerGatewayId"]}
    with pytest.raises(Refused, match="AsnConflict"):
        ec2("CreateVpnConnection", **ends, VpnGatewayId=same)
    assert ec2("CreateVpnConnection", **ends, VpnGatewayId=another)["VpnConnection"]["VpnConnectionId"]


def test_a_direct_connect_gateway_does_not_mix_kinds_of_gateways(account: Emulator) -> None:
    ec2, dx = call(account), call(account, "directconnect")
    gateway = dx("CreateDirectConnectGateway", directConnectGatewayName="dx", amazonSideAsn=64513)["directConnectGateway"]
    vpc = ec2("CreateVpc", CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    private = ec2("CreateVpnGateway", Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    associate = {"directConnectGatewayId": gateway["directConnectGatewayId"]}
    with pytest.raises(Refused, match="not attached to a VPC"):
        dx("CreateDirectConnectGatewayAssociation", **associate, gatewayId=private)
    ec2("AttachVpnGateway", VpnGatewayId=private, VpcId=vpc)
    made = dx("CreateDirectConnectGatewayAssociation", **associate, gatewayId=private)["directConnectGatewayAssociation"]
    assert made["associationState"] == "associating"
    assert made["allowedPrefixesToDirectConnectGateway"] == [{"cidr": "10.20.0.0/16"}]
    transit = ec2("CreateTransitGateway")["TransitGateway"]["TransitGatewayId"]
    prefixes = [{"cidr": "10.20.0.0/16"}]
    with pytest.raises(Refused, match="cannot mix"):
        dx(
            "CreateDirectConnectGatewayAssociation",
            **associate,
            gatewayId=transit,
            addAllowedPrefixesToDirectConnectGateway=prefixes,
        )
