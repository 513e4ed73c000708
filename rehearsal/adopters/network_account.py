"""A network account: the gateways that a stack file joins, the links that those have, and other VPCs behind them."""

from typing import Any

from rehearsal.adopters.routers import announced, tunnels_up
from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extend import backend
from rehearsal.extensions import directconnect
from rehearsal.extensions.ec2 import learned_routes
from rehearsal.monitor import Node
from rehearsal.outside import AFTER, adopted, adopted_at
from rehearsal.stackfile import StackFile

NAME = "network-account"
"""What everything of it is called."""
ROUTER = "203.0.113.254"
"""Its router on-premises, where that has no other way to be reached by."""


@adopted(r"tgw-[0-9a-f]{8,17}")
def transit_gateway(aws: Emulator, identifier: str, region: str) -> None:
    """It is there, with the one route table that its owner has for all."""
    kept = backend("ec2", ACCOUNT, region)
    if identifier in kept.transit_gateways:
        return
    made = aws.call("ec2", "CreateTransitGateway", {"Description": NAME}, region=region, seed=identifier)
    gateway = kept.transit_gateways.pop(made["TransitGateway"]["TransitGatewayId"])
    gateway.id = gateway.default_route_table.transit_gateway_id = identifier
    kept.transit_gateways[identifier] = gateway
    gateway.add_tags({"Name": NAME})


@adopted_at("directConnect.gatewayId")
def direct_connect_gateway(_: Emulator, identifier: str, __: str) -> None:
    """It is there, with nothing on it yet that anybody sees."""
    directconnect.adopt_gateway(ACCOUNT, identifier, NAME)


@adopted_at("directConnect.gatewayOwner.account")
def owner_of_gateway(_: Emulator, account: str, __: str) -> None:
    """It is that account's."""
    directconnect.give_adopted(ACCOUNT, account)


def leads_on(aws: Emulator, node: Node, stack: StackFile) -> None:
    """What a route of a VPC leads to, once there is one: another VPC behind the transit gateway, or the owner's links."""
    gateway, destination = node.inputs.get("transitGatewayId"), str(node.inputs.get("destinationCidrBlock"))
    section = stack.values.get(f"{stack.project}:network")
    network = section if isinstance(section, dict) else {}
    if gateway is None:
        return
    if destination in (network.get("otherNetworks") or []):
        _other_vpc(aws, node, gateway, destination)
    elif network.get("transitGateway"):
        _link(aws, node, stack, gateway)


def _other_vpc(aws: Emulator, node: Node, gateway: str, block: str) -> None:
    """A VPC with a subnet, attached, and with a way back for all that is private."""
    vpcs = aws.call("ec2", "DescribeVpcs", {}, region=node.region)["Vpcs"]
    if any(vpc["CidrBlock"] == block for vpc in vpcs):
        return

    def make(operation: str, **params: Any) -> Any:
        return aws.call("ec2", operation, params, region=node.region, seed=f"{gateway} {block}")

    def named(kind: str) -> list[dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": f"other {block}"}]}]

    vpc = make("CreateVpc", CidrBlock=block, TagSpecifications=named("vpc"))["Vpc"]["VpcId"]
    subnet = make("CreateSubnet", VpcId=vpc, CidrBlock=block)["Subnet"]["SubnetId"]
    make("CreateTransitGatewayVpcAttachment", TransitGatewayId=gateway, VpcId=vpc, SubnetIds=[subnet])
    table = make("CreateRouteTable", VpcId=vpc)["RouteTable"]["RouteTableId"]
    make("AssociateRouteTable", RouteTableId=table, SubnetId=subnet)
    make("CreateRoute", RouteTableId=table, DestinationCidrBlock="10.0.0.0/8", TransitGatewayId=gateway)


def _link(aws: Emulator, node: Node, stack: StackFile, gateway: str) -> None:
    """A VPN of the owner, for any link will do: what it is, the stack does not know."""
    found = aws.call("ec2", "DescribeVpnConnections", {}, region=node.region)["VpnConnections"]
    if any(one.get("TransitGatewayId") == gateway for one in found):
        return
    router = {"Type": "ipsec.1", "PublicIp": ROUTER, "BgpAsn": 65000}
    made = aws.call("ec2", "CreateCustomerGateway", router, region=node.region, seed=gateway)
    connection = {
        "Type": "ipsec.1",
        "CustomerGatewayId": made["CustomerGateway"]["CustomerGatewayId"],
        "TransitGatewayId": gateway,
        "TagSpecifications": [{"ResourceType": "vpn-connection", "Tags": [{"Key": "Name", "Value": NAME}]}],
    }
    vpn = aws.call("ec2", "CreateVpnConnection", connection, region=node.region, seed=gateway)["VpnConnection"]
    tunnels_up(node.region, vpn["VpnConnectionId"], announced(stack))


def circuit_of_gateway(aws: Emulator, node: Node, stack: StackFile) -> None:
    """A Direct Connect gateway that was there already has a circuit, whose routers announce what is on-premises."""
    gateway = node.inputs["dxGatewayId"]
    if not directconnect.is_adopted(ACCOUNT, gateway):
        return
    order = {"location": "Kinx1", "bandwidth": "10Gbps", "connectionName": NAME}
    made = aws.call("directconnect", "CreateConnection", order, region=node.region, seed=gateway)
    directconnect.complete(ACCOUNT, node.region, made["connectionId"])
    kind = "Transit" if str(node.inputs["associatedGatewayId"]).startswith("tgw-") else "Private"
    interface = {
        "virtualInterfaceName": NAME,
        "vlan": 4000,
        "asn": 65000,
        "amazonAddress": "169.254.254.1/30",
        "customerAddress": "169.254.254.2/30",
        "directConnectGatewayId": gateway,
    }
    asked = {"connectionId": made["connectionId"], f"new{kind}VirtualInterface": interface}
    aws.call("directconnect", f"Create{kind}VirtualInterface", asked, region=node.region, seed=gateway)
    learned_routes.announce(ACCOUNT, node.region, gateway, announced(stack))


def accepted(aws: Emulator, node: Node, stack: StackFile) -> None:
    """The owner of a Direct Connect gateway has accepted the proposal, if the stack file says so."""
    section = stack.values.get(f"{stack.project}:directConnect")
    owner = section.get("gatewayOwner") if isinstance(section, dict) else None
    if not isinstance(owner, dict) or owner.get("state") != "accepted":
        return
    gateway = node.inputs["dxGatewayId"]
    with directconnect.as_owner(ACCOUNT, gateway):
        association = {
            "directConnectGatewayId": gateway,
            "gatewayId": node.inputs["associatedGatewayId"],
            "addAllowedPrefixesToDirectConnectGateway": [{"cidr": cidr} for cidr in node.inputs["allowedPrefixes"]],
        }
        aws.call("directconnect", "CreateDirectConnectGatewayAssociation", association, region=node.region, seed=node.id)
        circuit_of_gateway(aws, node, stack)
    directconnect.proposals.accept(ACCOUNT, node.id)


AFTER["aws:ec2/route:Route"] = leads_on
AFTER["aws:directconnect/gatewayAssociationProposal:GatewayAssociationProposal"] = accepted
AFTER["aws:directconnect/gatewayAssociation:GatewayAssociation"] = circuit_of_gateway
