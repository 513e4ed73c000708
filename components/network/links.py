"""The links to on-premises in the order that AWS needs: circuits, the hub that they end at, the VPN behind them."""

from collections.abc import Mapping
from typing import NamedTuple

import pulumi

from components.network.args import NetworkArgs
from components.network.direct_connect import DirectConnect, DirectConnectArgs
from components.network.hub import Hub, HubArgs
from components.network.peering import Peering
from components.network.site_to_site_vpn import SiteToSiteVpn


class Links(NamedTuple):
    """What was made; None for what the args leave out."""

    hub: Hub
    """The gateway that every link ends at."""
    direct_connect: DirectConnect | None
    """The circuits."""
    vpn: SiteToSiteVpn | None
    """The backup."""
    gateway_id: pulumi.Input[str] | None
    """The Direct Connect gateway, made or adopted."""


def link(
    name: str,
    args: NetworkArgs,
    *,
    vpc_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    route_table_ids: Mapping[str, pulumi.Input[str]],
    log_key_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> Links:
    """Make the links of a Network. `subnet_ids` is keyed by zone, `route_table_ids` by tier and zone suffix (`private-2a`).

    Raises ValueError for a peering without a transit gateway.
    """
    on_premises = args["on_premises"]
    hub_args: HubArgs = {
        "region": args["region"],
        "tags": args["tags"],
        "hub": args["hub"],
        "amazon_asn": args["amazon_asn"],
        "vpc_id": vpc_id,
        "subnet_ids": subnet_ids,
        "route_table_ids": route_table_ids,
        "on_premises_cidrs": on_premises["cidrs"],
        "other_cidrs": [*([args["other_region"]["cidr"]] if "other_region" in args else []), *args.get("other_networks", [])],
    }
    if "transit_gateway" in args:
        joined = args["transit_gateway"]
        hub_args |= {"transit_gateway_id": joined["id"], "accepted": joined.get("state") == "accepted"}
    section = args.get("direct_connect")
    direct_connect = _direct_connect(name, args, opts)
    gateway_id = direct_connect.gateway_id if direct_connect else section.get("gateway_id") if section else None
    if section and gateway_id is not None:
        hub_args["direct_connect"] = {
            "gateway_id": gateway_id,
            "allowed_prefixes": section.get("allowed_prefixes", [args["cidr"]]),
        }
        if "gateway_owner" in section:
            owner = section["gateway_owner"]
            hub_args["direct_connect"] |= {"owner": owner["account"], "accepted": owner.get("state") == "accepted"}
    hub = Hub(f"{name}-hub", hub_args, opts)
    _peer(name, args, hub, opts)
    vpn = None
    if routers := on_premises.get("routers"):
        vpn = SiteToSiteVpn(
            f"{name}-vpn",
            {
                "region": args["region"],
                "tags": args["tags"],
                "hub": args["hub"],
                "gateway_id": hub.gateway_id,
                "routers": routers,
                "tunnel_bandwidth": on_premises.get("tunnel_bandwidth", "standard"),
                "log_retention_days": args["flow_log_retention_days"],
                "log_key_arn": log_key_arn,
            },
            opts,
        )
    hub.lead_to_on_premises(vpn.connections if vpn else [])
    return Links(hub, direct_connect, vpn, gateway_id)


def _peer(name: str, args: NetworkArgs, hub: Hub, opts: pulumi.ResourceOptions) -> None:
    other = args.get("other_region")
    if other is None or "peer" not in other:
        return
    if hub.transit_gateway_id is None or hub.route_table_id is None:
        raise ValueError(f"{name}: other_region.peer is set while hub is {args['hub']!r}; only a transitGateway peers")
    Peering(
        f"{name}-peering",
        {
            "region": args["region"],
            "tags": args["tags"],
            "cidr": args["cidr"],
            "transit_gateway_id": hub.transit_gateway_id,
            "route_table_id": hub.route_table_id,
            "peer": other["peer"],
            "peer_cidr": other["cidr"],
        },
        opts,
    )


def _direct_connect(name: str, args: NetworkArgs, opts: pulumi.ResourceOptions) -> DirectConnect | None:
    section = args.get("direct_connect")
    if not section or not section["connections"]:
        return None
    wanted: DirectConnectArgs = {
        "region": args["region"],
        "tags": args["tags"],
        "hub": args["hub"],
        "gateway_asn": section["gateway_asn"],
        "connections": section["connections"],
    }
    if "gateway_id" in section:
        wanted["gateway_id"] = section["gateway_id"]
    if "shared" in args:
        wanted["shared"] = args["shared"]
    if "protected" in section:
        wanted["protected"] = section["protected"]
    return DirectConnect(f"{name}-direct-connect", wanted, opts)
