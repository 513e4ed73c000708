"""Hub, DirectConnect and SiteToSiteVpn, the pieces of Network that reach on-premises."""

from typing import Any, cast

import pulumi
import pytest

from components.network.direct_connect import ConnectionArgs, DirectConnect, DirectConnectArgs
from components.network.hub import Hub, HubArgs, HubKind
from components.network.site_to_site_vpn import RouterArgs, SiteToSiteVpn, SiteToSiteVpnArgs
from tests.recorder import REGION, Graph, Registered, deploy

TAGS = {"project": "hybridge"}
TABLES = {"private-2a": "rtb-1", "private-2b": "rtb-2", "isolated-2a": "rtb-3", "isolated-2b": "rtb-4"}
GATEWAY = "aws:directconnect/gateway:Gateway"
ASSOCIATION = "aws:directconnect/gatewayAssociation:GatewayAssociation"
PROPAGATION = "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation"
ROUTE = "aws:ec2/route:Route"
PRIVATE = "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"
TRANSIT = "aws:directconnect/transitVirtualInterface:TransitVirtualInterface"
CONNECTION = "aws:directconnect/connection:Connection"
VPN = "aws:ec2/vpnConnection:VpnConnection"
CUSTOMER_GATEWAY = "aws:ec2/customerGateway:CustomerGateway"


def hub(kind: HubKind, *, associated: bool = True, made_with: int = 64512, **changed: Any) -> Graph:
    args: HubArgs = {
        "region": REGION,
        "tags": TAGS,
        "hub": kind,
        "amazon_asn": 64512,
        "vpc_id": "vpc-1",
        "subnet_ids": {"ap-northeast-2a": "subnet-1", "ap-northeast-2b": "subnet-2"},
        "route_table_ids": TABLES,
        "on_premises_cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
    }
    args |= cast("HubArgs", changed)
    if associated:
        args["direct_connect"] = {"gateway_id": "dxgw-1", "allowed_prefixes": ["10.20.0.0/16"]}
    return deploy(
        lambda: Hub("network-hub", args).lead_to_on_premises([]),
        outputs=lambda type_, *_: {"amazonSideAsn": str(made_with)},
    )


def outputs(graph: Graph, type_: str) -> dict[str, Any]:
    component = next(resource for resource in graph.resources if resource.type == type_)
    found: dict[str, Any] = graph.outputs[component.urn]
    return found


def test_a_virtual_private_gateway_is_attached_by_being_made() -> None:
    graph = hub("vpnGateway")
    gateway = graph.one("aws:ec2/vpnGateway:VpnGateway")
    assert gateway.inputs == {
        "vpcId": "vpc-1",
        "amazonSideAsn": "64512",
        "region": REGION,
        "tags": {**TAGS, "Name": "network-hub-vpn-gateway"},
    }
    assert graph.created("aws:ec2transitgateway/transitGateway:TransitGateway") == []


def test_another_asn_leaves_the_gateway_as_it_is_and_is_refused() -> None:
    assert hub("vpnGateway").one("aws:ec2/vpnGateway:VpnGateway").ignore_changes == ("amazonSideAsn",)
    with pytest.raises(pulumi.RunError, match="amazon_asn is 64512; allowed: 64600, which network-hub-vpn-gateway-id was made"):
        hub("vpnGateway", made_with=64600)


def test_private_and_isolated_tables_learn_routes_once_the_gateway_is_associated() -> None:
    graph = hub("vpnGateway")
    association = graph.one(ASSOCIATION)
    assert {r.name: r.inputs for r in graph.created(PROPAGATION)} == {
        f"network-hub-{key}": {"vpnGatewayId": "network-hub-vpn-gateway-id", "routeTableId": table, "region": REGION}
        for key, table in TABLES.items()
    }
    assert all(association.urn in r.dependencies for r in graph.created(PROPAGATION))
    assert graph.created(ROUTE) == []


def test_without_direct_connect_there_is_no_association_to_wait_for() -> None:
    graph = hub("vpnGateway", associated=False)
    assert graph.created(ASSOCIATION) == []
    assert len(graph.created(PROPAGATION)) == 4


def test_the_association_has_the_time_that_aws_takes_and_is_deleted_before_another_hub_is_associated() -> None:
    association = hub("vpnGateway").one(ASSOCIATION)
    assert association.inputs == {
        "dxGatewayId": "dxgw-1",
        "associatedGatewayId": "network-hub-vpn-gateway-id",
        "allowedPrefixes": ["10.20.0.0/16"],
        "region": REGION,
    }
    assert association.custom_timeouts == {"create": "90m", "update": "90m", "delete": "90m"}


def test_a_transit_gateway_is_attached_in_every_zone_and_keeps_one_routing_domain() -> None:
    graph = hub("transitGateway")
    assert graph.one("aws:ec2transitgateway/transitGateway:TransitGateway").inputs == {
        "description": "Hub between the VPC and on-premises of network-hub",
        "amazonSideAsn": 64512,
        "defaultRouteTableAssociation": "enable",
        "defaultRouteTablePropagation": "enable",
        "vpnEcmpSupport": "enable",
        "dnsSupport": "enable",
        "autoAcceptSharedAttachments": "disable",
        "multicastSupport": "disable",
        "region": REGION,
        "tags": {**TAGS, "Name": "network-hub-transit-gateway"},
    }
    assert graph.one("aws:ec2transitgateway/vpcAttachment:VpcAttachment").inputs == {
        "transitGatewayId": "network-hub-transit-gateway-id",
        "vpcId": "vpc-1",
        "subnetIds": ["subnet-1", "subnet-2"],
        "dnsSupport": "enable",
        "region": REGION,
        "tags": {**TAGS, "Name": "network-hub-attachment"},
    }
    assert graph.one(ASSOCIATION).inputs["associatedGatewayId"] == "network-hub-transit-gateway-id"


def test_every_table_has_a_route_to_every_on_premises_network_once_the_vpc_is_attached() -> None:
    graph = hub("transitGateway")
    attachment = graph.one("aws:ec2transitgateway/vpcAttachment:VpcAttachment")
    assert {r.name: r.inputs for r in graph.created(ROUTE)} == {
        f"network-hub-{key}-{cidr.replace('/', '-')}": {
            "routeTableId": table,
            "destinationCidrBlock": cidr,
            "transitGatewayId": "network-hub-transit-gateway-id",
            "region": REGION,
        }
        for key, table in TABLES.items()
        for cidr in ("10.0.0.0/16", "192.168.0.0/16")
    }
    assert all(attachment.urn in r.dependencies for r in graph.created(ROUTE))
    assert graph.created(PROPAGATION) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("vpnGateway", {"gateway_id": "network-hub-vpn-gateway-id", "vpn_gateway_id": "network-hub-vpn-gateway-id"}),
        (
            "transitGateway",
            {
                "gateway_id": "network-hub-transit-gateway-id",
                "transit_gateway_id": "network-hub-transit-gateway-id",
                "route_table_id": "network-hub-transit-gateway-associationDefaultRouteTableId",
                "attachment_id": "network-hub-attachment-id",
            },
        ),
    ],
)
def test_the_hub_tells_which_gateway_it_is(kind: HubKind, expected: dict[str, str]) -> None:
    told = outputs(hub(kind), "hybridge:network:Hub")
    assert {key: value for key, value in told.items() if value is not None} == {
        **expected,
        "association_id": "network-hub-association-id",
    }


def test_a_transit_gateway_without_subnets_is_refused_before_anything_is_made() -> None:
    args: HubArgs = {
        "region": REGION,
        "tags": TAGS,
        "hub": "transitGateway",
        "amazon_asn": 64512,
        "vpc_id": "vpc-1",
        "subnet_ids": {},
        "route_table_ids": TABLES,
        "on_premises_cidrs": ["10.0.0.0/16"],
    }
    with pytest.raises(ValueError, match="subnet_ids is empty"):
        deploy(lambda: Hub("network-hub", args))


def circuit(**more: Any) -> ConnectionArgs:
    plain: Any = {"name": "seoul-1", "state": "ordered", "location": "Kinx1", "bandwidth": "10Gbps", **more}
    result: ConnectionArgs = plain
    return result


def up(**more: Any) -> ConnectionArgs:
    return circuit(
        **{
            "state": "available",
            "vlan": 101,
            "bgp_asn": 4_200_000_100,
            "amazon_address": "169.254.255.1/30",
            "customer_address": "169.254.255.2/30",
            **more,
        }
    )


def direct_connect(*circuits: ConnectionArgs, kind: HubKind = "vpnGateway", protected: bool | None = None) -> Graph:
    args: DirectConnectArgs = {"region": REGION, "tags": TAGS, "hub": kind, "gateway_asn": 64513, "connections": circuits}
    if protected is not None:
        args["protected"] = protected

    def program() -> None:
        # As the settings pass it on: an output belongs to the event loop that it is made in.
        for connection in args["connections"]:
            if "bgp_key" in connection:
                connection["bgp_key"] = pulumi.Output.secret(connection["bgp_key"])
        DirectConnect("network-direct-connect", args)

    return deploy(program)


def test_the_direct_connect_gateway_is_global() -> None:
    assert direct_connect(circuit()).one(GATEWAY).inputs == {
        "amazonSideAsn": "64513",
        "tags": {**TAGS, "Name": "network-direct-connect-gateway", "Hub": "vpnGateway"},
    }


def test_an_ordered_connection_outlives_the_stack_and_has_nothing_attached() -> None:
    graph = direct_connect(circuit(provider="KINX"))
    connection = graph.one(CONNECTION)
    assert connection.inputs == {
        "location": "Kinx1",
        "bandwidth": "10Gbps",
        "providerName": "KINX",
        "skipDestroy": True,
        "region": REGION,
        "tags": {**TAGS, "Name": "network-direct-connect-seoul-1"},
    }
    assert connection.protect
    assert graph.created(PRIVATE) == graph.created(TRANSIT) == []
    assert outputs(graph, "hybridge:network:DirectConnect") == {
        "gateway_id": "network-direct-connect-gateway-id",
        "connection_ids": {"seoul-1": "network-direct-connect-seoul-1-id"},
        "virtual_interface_ids": {},
        "bgp_keys": {},
    }


def test_protection_can_be_lifted_to_cancel_an_order() -> None:
    connection = direct_connect(circuit(), protected=False).one(CONNECTION)
    assert (connection.protect, connection.inputs["skipDestroy"]) == (False, False)


@pytest.mark.parametrize(
    ("kept", "circuits", "refused"),
    [
        ("transitGateway", [up()], True),
        ("transitGateway", [circuit()], False),
        ("vpnGateway", [up()], False),
        # Made before the gateway remembered its hub.
        (None, [up()], False),
    ],
)
def test_another_hub_is_refused_while_a_circuit_is_available(
    kept: str | None, circuits: list[ConnectionArgs], refused: bool
) -> None:
    def remembered(type_: str, _name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        # What the engine keeps of an input whose changes are ignored.
        return {"tags": {**TAGS, **({"Hub": kept} if kept else {})}} if type_ == GATEWAY else {}

    def change() -> Graph:
        args: Any = {"region": REGION, "tags": TAGS, "hub": "vpnGateway", "gateway_asn": 64513, "connections": circuits}
        return deploy(lambda: DirectConnect("network-direct-connect", args), outputs=remembered)

    if refused:
        with pytest.raises(pulumi.RunError, match="hub is vpnGateway; allowed: transitGateway while seoul-1 is available"):
            change()
    else:
        change()


def test_the_gateway_remembers_its_hub_only_while_interfaces_depend_on_it() -> None:
    assert direct_connect(up()).one(GATEWAY).ignore_changes == ("tags.Hub",)
    assert direct_connect(circuit()).one(GATEWAY).ignore_changes == ()


def test_a_circuit_that_is_up_gets_a_private_virtual_interface_with_an_mtu_that_always_works() -> None:
    graph = direct_connect(up(bgp_key="correct horse"))
    interface = graph.one(PRIVATE)
    assert interface.inputs == {
        "connectionId": "network-direct-connect-seoul-1-id",
        "dxGatewayId": "network-direct-connect-gateway-id",
        "vlan": 101,
        "addressFamily": "ipv4",
        "bgpAsnLong": "4200000100",
        "bgpAuthKey": "correct horse",
        "amazonAddress": "169.254.255.1/30",
        "customerAddress": "169.254.255.2/30",
        "mtu": 1500,
        "region": REGION,
        "tags": {**TAGS, "Name": "network-direct-connect-seoul-1"},
    }
    assert interface.secrets == {"bgpAuthKey"}
    assert graph.created(TRANSIT) == []


def test_a_transit_gateway_takes_transit_virtual_interfaces_with_their_own_jumbo_mtu() -> None:
    graph = direct_connect(up(), kind="transitGateway")
    assert graph.one(TRANSIT).inputs["mtu"] == 8500
    assert graph.created(PRIVATE) == []


@pytest.mark.parametrize("kind", ["vpnGateway", "transitGateway"])
def test_without_jumbo_frames_the_mtu_is_that_of_ethernet(kind: HubKind) -> None:
    graph = direct_connect(up(jumbo_frames=False), kind=kind)
    assert [r.inputs["mtu"] for r in graph.created(PRIVATE) + graph.created(TRANSIT)] == [1500]


def test_an_adopted_connection_is_used_but_not_made() -> None:
    adopted: Any = {key: value for key, value in up().items() if key not in {"location", "bandwidth"}}
    adopted["connection_id"] = "dxcon-fgh12345"
    graph = direct_connect(adopted)
    assert graph.created(CONNECTION) == []
    assert graph.one(PRIVATE).inputs["connectionId"] == "dxcon-fgh12345"
    assert outputs(graph, "hybridge:network:DirectConnect")["connection_ids"] == {"seoul-1": "dxcon-fgh12345"}


def test_an_ordered_connection_that_is_adopted_later_keeps_its_interface_as_it_is() -> None:
    ordered = direct_connect(up())
    adopted: Any = {key: value for key, value in up().items() if key not in {"location", "bandwidth"}}
    adopted["connection_id"] = ordered.one(CONNECTION).id
    assert direct_connect(adopted).one(PRIVATE).inputs == ordered.one(PRIVATE).inputs


def test_circuits_are_attached_each_by_itself() -> None:
    graph = direct_connect(up(), circuit(name="seoul-2", location="LGU57"))
    assert graph.names(CONNECTION) == ["network-direct-connect-seoul-1", "network-direct-connect-seoul-2"]
    assert graph.names(PRIVATE) == ["network-direct-connect-seoul-1"]


ROUTERS: list[RouterArgs] = [
    {"name": "router-1", "public_ip": "203.0.113.10", "asn": 65010},
    {"name": "router-2", "public_ip": "203.0.113.20", "asn": 4_200_000_100},
]


def computed(type_: str, name: str, _inputs: dict[str, Any]) -> dict[str, Any]:
    if type_ != VPN:
        return {}
    return {"tunnel1Address": f"{name}-1", "tunnel2Address": f"{name}-2", "presharedKeyArn": f"arn:{name}"}


def vpn(kind: HubKind = "vpnGateway", key: str | None = None) -> Graph:
    args: SiteToSiteVpnArgs = {
        "region": REGION,
        "tags": TAGS,
        "hub": kind,
        "gateway_id": "gateway-1",
        "routers": ROUTERS,
        "log_retention_days": 90,
    }
    if key:
        args["log_key_arn"] = key
    return deploy(lambda: SiteToSiteVpn("network-vpn", args), outputs=computed)


def test_every_router_is_a_customer_gateway_with_its_asn_where_the_provider_wants_it() -> None:
    found = {r.name: r.inputs for r in vpn().created(CUSTOMER_GATEWAY)}
    common = {"type": "ipsec.1", "region": REGION}
    assert found == {
        "network-vpn-router-1": {
            **common,
            "bgpAsn": "65010",
            "ipAddress": "203.0.113.10",
            "deviceName": "router-1.hybridge-test",
            "tags": {**TAGS, "Name": "network-vpn-router-1"},
        },
        "network-vpn-router-2": {
            **common,
            "bgpAsnExtended": "4200000100",
            "ipAddress": "203.0.113.20",
            "deviceName": "router-2.hybridge-test",
            "tags": {**TAGS, "Name": "network-vpn-router-2"},
        },
    }


def tunnel(connection: Registered, number: int) -> dict[str, Any]:
    prefix = f"tunnel{number}"
    return {key.removeprefix(prefix): value for key, value in connection.inputs.items() if key.startswith(prefix)}


def test_both_tunnels_speak_only_ikev2_with_strong_ciphers_and_are_dialled_by_aws() -> None:
    for connection in vpn().created(VPN):
        assert tunnel(connection, 1) == tunnel(connection, 2)
        options = tunnel(connection, 1)
        logs = options.pop("LogOptions")["cloudwatchLogOptions"]
        assert options == {
            "IkeVersions": ["ikev2"],
            "Phase1EncryptionAlgorithms": ["AES256-GCM-16"],
            "Phase1IntegrityAlgorithms": ["SHA2-384", "SHA2-512"],
            "Phase1DhGroupNumbers": [19, 20, 21],
            "Phase1LifetimeSeconds": 28800,
            "Phase2EncryptionAlgorithms": ["AES256-GCM-16"],
            "Phase2IntegrityAlgorithms": ["SHA2-384", "SHA2-512"],
            "Phase2DhGroupNumbers": [19, 20, 21],
            "Phase2LifetimeSeconds": 3600,
            "DpdTimeoutAction": "restart",
            "DpdTimeoutSeconds": 30,
            "StartupAction": "start",
        }
        arn = "arn:aws:cloudwatch:ap-northeast-2:123456789012:LogGroup/network-vpn-logs"
        assert logs == {
            "logEnabled": True,
            "logGroupArn": arn,
            "logOutputFormat": "json",
            "bgpLogEnabled": True,
            "bgpLogGroupArn": arn,
            "bgpLogOutputFormat": "json",
        }


@pytest.mark.parametrize(("kind", "key"), [("vpnGateway", "vpnGatewayId"), ("transitGateway", "transitGatewayId")])
def test_a_connection_is_bgp_and_keeps_its_keys_in_secrets_manager(kind: HubKind, key: str) -> None:
    for connection in vpn(kind).created(VPN):
        assert {k: v for k, v in connection.inputs.items() if not k.startswith("tunnel")} == {
            "type": "ipsec.1",
            "customerGatewayId": f"{connection.name}-id",
            key: "gateway-1",
            "staticRoutesOnly": False,
            "presharedKeyStorage": "SecretsManager",
            "region": REGION,
            "tags": {**TAGS, "Name": connection.name},
        }


def test_tunnel_logs_are_kept_under_the_prefix_of_vended_logs() -> None:
    assert vpn().one("aws:cloudwatch/logGroup:LogGroup").inputs == {
        "namePrefix": "/aws/vendedlogs/network-vpn-",
        "retentionInDays": 90,
        "region": REGION,
        "tags": {**TAGS, "Name": "network-vpn-logs"},
    }


def test_tunnel_logs_are_encrypted_with_the_key_that_is_given() -> None:
    assert vpn(key="arn:aws:kms:key-1").one("aws:cloudwatch/logGroup:LogGroup").inputs["kmsKeyId"] == "arn:aws:kms:key-1"


def test_the_vpn_tells_what_the_routers_must_be_given() -> None:
    told = outputs(vpn(), "hybridge:network:SiteToSiteVpn")
    assert told == {
        "connection_ids": {"router-1": "network-vpn-router-1-id", "router-2": "network-vpn-router-2-id"},
        "tunnel_addresses": {
            "router-1": ["network-vpn-router-1-1", "network-vpn-router-1-2"],
            "router-2": ["network-vpn-router-2-1", "network-vpn-router-2-2"],
        },
        "tunnels": {
            router: [
                {
                    "outsideAddress": f"network-vpn-{router}-{number}",
                    "insideAddress": f"network-vpn-{router}-tunnel{number}VgwInsideAddress",
                    "routerInsideAddress": f"network-vpn-{router}-tunnel{number}CgwInsideAddress",
                    "asn": f"network-vpn-{router}-tunnel{number}BgpAsn",
                }
                for number in (1, 2)
            ]
            for router in ("router-1", "router-2")
        },
        "preshared_key_arns": {"router-1": "arn:network-vpn-router-1", "router-2": "arn:network-vpn-router-2"},
        "log_group_name": "network-vpn-logs",
    }


@pytest.mark.parametrize("graph", [hub("vpnGateway"), hub("transitGateway"), direct_connect(up()), vpn()])
def test_every_child_has_the_component_for_a_parent(graph: Graph) -> None:
    component, *children = graph.resources
    assert {child.parent for child in children} == {component.urn}


def test_a_transit_gateway_that_is_there_is_routed_to_only_once_its_owner_has_accepted() -> None:
    for accepted, destinations in ((False, set()), (True, {"10.0.0.0/16", "192.168.0.0/16", "10.99.0.0/16"})):
        graph = hub("transitGateway", transit_gateway_id="tgw-theirs", accepted=accepted, other_cidrs=["10.99.0.0/16"])
        assert graph.created("aws:ec2transitgateway/transitGateway:TransitGateway") == []
        assert graph.one("aws:ec2transitgateway/vpcAttachment:VpcAttachment").inputs["transitGatewayId"] == "tgw-theirs"
        assert {one.inputs["destinationCidrBlock"] for one in graph.created("aws:ec2/route:Route")} == destinations
