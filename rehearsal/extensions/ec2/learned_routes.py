"""Routes that routers on-premises announce, and that gateways pass on: nobody makes them, and moto has none.

`announce` is what a router does once its link is up.
"""

from ipaddress import IPv4Network
from types import SimpleNamespace
from typing import Any

from moto.ec2.models.route_tables import RouteTable

from rehearsal.extend import Call, operation, state

_own = RouteTable.routes.fget  # type: ignore[attr-defined]
OVER = ("deleted", "deleting")
RANKS = ("vpc", "direct-connect-gateway", "vpn", "connect", "peering")
"""Whose routes to the same network are taken first.
https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview"""


def announce(account: str, region: str, link: str, prefixes: list[str]) -> None:
    """What a VPN connection of the region hears, or one of the virtual interfaces of a Direct Connect gateway: `link` is the id
    of the connection or of the gateway, which passes on what it hears by any of them."""
    kept = state("directconnect", account, "us-east-1") if not link.startswith("vpn-") else state("ec2", account, region)
    kept["announced"][link] = list(dict.fromkeys([*kept["announced"].get(link, ()), *prefixes]))


def _by_direct_connect(account: str, hub: str) -> list[str]:
    """What a virtual private or transit gateway hears by its Direct Connect gateway."""
    kept = state("directconnect", account, "us-east-1")
    gateways = {one["directConnectGatewayId"] for one in kept["associations"].values() if one["associatedGateway"]["id"] == hub}
    return [prefix for gateway in gateways for prefix in kept["announced"].get(gateway, ())]


def _by_vpn(backend: Any, hub: str) -> list[str]:
    announced = state("ec2", backend.account_id, backend.region_name)["announced"]
    return [
        prefix
        for connection in backend.vpn_connections.values()
        if hub in (connection.vpn_gateway_id, connection.transit_gateway_id) and connection.state not in OVER
        for prefix in announced.get(connection.id, ())
    ]


def _routes(self: RouteTable) -> list[Any]:
    """Those of the table, and those that it learns."""
    found = list(_own(self))
    for entry in getattr(self, "propagating_vgws", ()):
        hub, backend = entry["GatewayId"], self.ec2_backend
        heard = {*_by_direct_connect(backend.account_id, hub), *_by_vpn(backend, hub)}
        found += [
            SimpleNamespace(
                destination_cidr_block=prefix, gateway_id=hub, origin="EnableVgwRoutePropagation", state="active", local=False
            )
            for prefix in sorted(heard, key=IPv4Network)
        ]
    return found


RouteTable.routes = property(_routes)  # type: ignore[method-assign,assignment]


@operation("ec2", "SearchTransitGatewayRoutes")
def search_transit_gateway_routes(call: Call) -> Any:
    """The routes that were made, and those that attachments propagate to the table."""
    answer = call.moto()
    filters = {one["Name"]: one["Values"] for one in call.params["Filters"]}
    if "propagated" not in filters.get("type", ["propagated"]) or "active" not in filters.get("state", ["active"]):
        return answer
    backend = call.backend("ec2")
    table = backend.transit_gateways_route_tables.get(call.params["TransitGatewayRouteTableId"])
    named = [one.transitGatewayAttachmentId for one in table.route_table_propagation] if table else []
    attachments = [backend.transit_gateway_attachments[one] for one in named if one in backend.transit_gateway_attachments]
    heard: dict[str, list[Any]] = {}
    for attachment in sorted(attachments, key=lambda one: RANKS.index(one.resource_type)):
        for prefix in _propagated(backend, attachment):
            better = heard.setdefault(prefix, [])
            if not better or better[0].resource_type == attachment.resource_type:
                better.append(attachment)
    exact = filters.get("route-search.exact-match")
    answer.result["routeSet"] += [
        {
            "DestinationCidrBlock": prefix,
            "Type": "propagated",
            "State": "active",
            "TransitGatewayAttachments": [
                {"ResourceId": one.resource_id, "TransitGatewayAttachmentId": one.id, "ResourceType": one.resource_type}
                for one in chosen
            ],
        }
        for prefix, chosen in sorted(heard.items(), key=lambda one: IPv4Network(one[0]))
        if exact in (None, [prefix]) and prefix not in table.routes
    ]
    return answer


def _propagated(backend: Any, attachment: Any) -> list[str]:
    match attachment.resource_type:
        case "vpc":
            return [backend.vpcs[attachment.resource_id].cidr_block] if attachment.resource_id in backend.vpcs else []
        case "vpn":
            announced = state("ec2", backend.account_id, backend.region_name)["announced"]
            return sorted(announced.get(attachment.resource_id, ()), key=IPv4Network)
        case "direct-connect-gateway":
            announced = state("directconnect", backend.account_id, "us-east-1")["announced"]
            return sorted(announced.get(attachment.resource_id, ()), key=IPv4Network)
        case _:
            return []
