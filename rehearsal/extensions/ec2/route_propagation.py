"""Virtual private gateways: one per VPC, and the route tables that learn routes from them."""

from typing import Any

from moto.ec2.models.route_tables import RouteTable

from rehearsal.extend import Call, Refuse, operation

setattr(RouteTable, "propagating_vgws", [])  # noqa: B010 - AWS tells of none, too, which moto does not


@operation("ec2", "AttachVpnGateway")
def attach_vpn_gateway(call: Call) -> Any:
    """moto moves a gateway from one VPC to another without a word, and gives a VPC as many as asked for."""
    vpc, wanted = call.params["VpcId"], call.params["VpnGatewayId"]
    for gateway in call.backend("ec2").vpn_gateways.values():
        for attachment in gateway.attachments.values():
            if attachment.state == "attached" and (gateway.id == wanted) != (attachment.vpc_id == vpc):
                raise Refuse(
                    "VpnGatewayAttachmentLimitExceeded",
                    f"{gateway.id} is attached to {attachment.vpc_id}: a gateway has one VPC and a VPC one gateway",
                )
    return call.moto()


@operation("ec2", "EnableVgwRoutePropagation")
def enable_route_propagation(call: Call) -> None:
    """Let a route table learn the routes of the virtual private gateway of its VPC."""
    table = _route_table(call)
    gateway = call.backend("ec2").vpn_gateways.get(call.params["GatewayId"])
    if gateway is None:
        raise Refuse("InvalidVpnGatewayID.NotFound", f"The vpnGateway ID '{call.params['GatewayId']}' does not exist")
    attachment = gateway.attachments.get(table.vpc_id)
    if attachment is None or attachment.state != "attached":
        raise Refuse("Gateway.NotAttached", f"resource {gateway.id} is not attached to network {table.vpc_id}")
    _disable(table, gateway.id)
    table.propagating_vgws = [*_propagating(table), {"GatewayId": gateway.id}]


@operation("ec2", "DisableVgwRoutePropagation")
def disable_route_propagation(call: Call) -> None:
    """Stop a route table from learning routes."""
    _disable(_route_table(call), call.params["GatewayId"])


def _route_table(call: Call) -> Any:
    table = call.backend("ec2").route_tables.get(call.params["RouteTableId"])
    if table is None:
        raise Refuse("InvalidRouteTableID.NotFound", f"The routeTable ID '{call.params['RouteTableId']}' does not exist")
    return table


def _propagating(table: Any) -> list[dict[str, str]]:
    return list(getattr(table, "propagating_vgws", []))


def _disable(table: Any, gateway: str) -> None:
    table.propagating_vgws = [entry for entry in _propagating(table) if entry["GatewayId"] != gateway]
