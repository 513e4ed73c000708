"""The ways to on-premises as AWS's APIs show them: circuits, VPN connections, and the transit gateway between them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv4Network

from proofs.reachability.model import ANYWHERE, Attachment, AttachmentKind, Link, TransitRoute, TransitTable, World
from proofs.reachability.reader import Item, Reader, name_of, networks

Sites = Mapping[str, Sequence[IPv4Network]]
"""Name of a site on-premises -> the networks that its routers announce. Empty: there is one data centre."""
Announced = Callable[[Iterable[Item]], tuple[IPv4Network, ...]]
"""The tags of a link -> the networks that the router behind it announces, and that can take it."""
ATTACHMENT_KINDS: dict[str, AttachmentKind] = {
    "vpc": "vpc",
    "vpn": "vpn",
    "direct-connect-gateway": "directConnect",
    "peering": "peering",
}
"""AWS's word for what a transit gateway is attached to, and ours."""
GONE = frozenset({"deleted", "deleting", "rejected", "failed"})
"""States of what is there only to be seen."""


def peer_regions(reader: Reader) -> set[str]:
    """The regions that transit gateways of this one are peered with."""
    peerings = reader.all("ec2", "DescribeTransitGatewayPeeringAttachments", "TransitGatewayPeeringAttachments")
    ends = [one.get(end) or {} for one in peerings for end in ("RequesterTgwInfo", "AccepterTgwInfo")]
    return {end["Region"] for end in ends if end.get("Region")}


def read_transit(world: World, reader: Reader, unknown: list[tuple[str, str]]) -> None:
    """Transit gateways, what they are attached to, and their route tables. What cannot be followed is added to `unknown`."""
    vpcs = [
        one
        for one in reader.all("ec2", "DescribeTransitGatewayVpcAttachments", "TransitGatewayVpcAttachments")
        if one.get("SubnetIds")
    ]
    cards = {one["TransitGatewayAttachmentId"]: tuple(one["SubnetIds"]) for one in vpcs}
    for gateway in reader.all("ec2", "DescribeTransitGateways", "TransitGateways"):
        world.names[gateway["TransitGatewayId"]] = name_of(gateway)
        if _refers(gateway):
            what = f"{world.named(gateway['TransitGatewayId'])} lets security groups refer to those of other VPCs"
            attached = [one for one in vpcs if one["TransitGatewayId"] == gateway["TransitGatewayId"] and _refers(one)]
            unknown += [
                (one["VpcId"], f"{what}, which is not followed: by address alone they are told apart") for one in attached
            ]
    found = []
    for one in reader.all("ec2", "DescribeTransitGatewayAttachments", "TransitGatewayAttachments"):
        if one["State"] in GONE:
            continue
        association = one.get("Association") or {}
        found.append(
            Attachment(
                id=one["TransitGatewayAttachmentId"],
                gateway=one["TransitGatewayId"],
                kind=ATTACHMENT_KINDS.get(one["ResourceType"], "unknown"),
                resource=one["ResourceId"],
                table=association.get("TransitGatewayRouteTableId"),
                subnets=cards.get(one["TransitGatewayAttachmentId"], ()),
            )
        )
    world.attachments += tuple(found)
    for table in reader.all("ec2", "DescribeTransitGatewayRouteTables", "TransitGatewayRouteTables"):
        identifier = table["TransitGatewayRouteTableId"]
        world.names[identifier] = name_of(table)
        world.transit_tables[identifier] = TransitTable(
            table["TransitGatewayId"], _static_routes(reader, identifier), _propagating(reader, identifier)
        )


def _refers(item: Item) -> bool:
    """Whether security group referencing is on. A transit gateway and its attachment have to agree; AWS's default is off for
    the first and on for the second. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html#vpc-attachment-security
    """
    return bool((item.get("Options") or {}).get("SecurityGroupReferencingSupport") == "enable")


def _static_routes(reader: Reader, table: str) -> tuple[TransitRoute, ...]:
    wanted = [{"Name": "type", "Values": ["static"]}]
    routes: list[TransitRoute] = []
    asked = {"TransitGatewayRouteTableId": table, "Filters": wanted}
    for route in reader.all("ec2", "SearchTransitGatewayRoutes", "Routes", **asked):
        attachments = route.get("TransitGatewayAttachments") or [{}]
        gone = route.get("State") == "blackhole"
        identifier = None if gone else attachments[0].get("TransitGatewayAttachmentId")
        routes += [TransitRoute(block, identifier) for block in networks(route.get("DestinationCidrBlock"))]
    return tuple(routes)


def _propagating(reader: Reader, table: str) -> frozenset[str]:
    found = reader.all(
        "ec2",
        "GetTransitGatewayRouteTablePropagations",
        "TransitGatewayRouteTablePropagations",
        TransitGatewayRouteTableId=table,
    )
    return frozenset(one["TransitGatewayAttachmentId"] for one in found if one.get("State") == "enabled")


def announced(on_premises: Sequence[IPv4Network], sites: Sites, tags: Iterable[Item]) -> tuple[IPv4Network, ...]:
    """What the router behind a link tells AWS of: all of on-premises, or the networks of its site."""
    site = next((tag.get("Value", tag.get("value")) for tag in tags if tag.get("Key", tag.get("key")) == "Site"), None)
    return tuple(sites.get(site, ()) if site and sites else on_premises)


def vpn_links(world: World, reader: Reader, told: Announced) -> tuple[Link, ...]:
    """Each VPN connection, with all its tunnels, as one link."""
    links = []
    for connection in reader.all("ec2", "DescribeVpnConnections", "VpnConnections"):
        if connection["State"] in GONE:
            continue
        identifier = connection["VpnConnectionId"]
        gateway = connection.get("VpnGatewayId") or connection.get("TransitGatewayId") or ""
        static = bool((connection.get("Options") or {}).get("StaticRoutesOnly"))
        routes = networks(*(route.get("DestinationCidrBlock") for route in connection.get("Routes") or ()))
        world.names[identifier] = name_of(connection)
        own = told(connection.get("Tags") or ())
        links.append(
            Link(
                id=identifier,
                name=f"VPN {world.named(identifier)}",
                kind="vpn",
                gateway=gateway,
                advertised=_told_by(world, gateway, identifier),
                learned=routes if static else own,
                static=static,
                serves=own,
            )
        )
    return tuple(links)


def _told_by(world: World, gateway: str, connection: str) -> tuple[IPv4Network, ...]:
    """What a gateway tells on-premises over a VPN: the VPC's blocks, or what its route table holds."""
    if gateway in world.vpn_gateways:
        return world.vpcs[world.vpn_gateways[gateway]]
    ends = [one for one in world.attachments if (one.gateway, one.resource) == (gateway, connection)]
    table = world.transit_tables.get(ends[0].table or "") if ends else None
    if table is None:
        return ()
    attached = {one.id: one for one in world.attachments if one.gateway == gateway}
    propagated = [attached[one].resource for one in sorted(table.propagating & attached.keys())]
    return (
        *(block for vpc in propagated for block in world.vpcs.get(vpc, ())),
        *(route.destination for route in table.routes if route.attachment and route.destination != ANYWHERE),
    )


def direct_connect_links(world: World, reader: Reader, told: Announced) -> tuple[Link, ...]:
    """The circuits behind each gateway of the region: virtual interfaces, of whatever region, by a Direct Connect gateway."""
    gateways = [one["VpnGatewayId"] for one in reader.all("ec2", "DescribeVpnGateways", "VpnGateways")]
    gateways += [one["TransitGatewayId"] for one in reader.all("ec2", "DescribeTransitGateways", "TransitGateways")]
    for one in reader.all("directconnect", "DescribeDirectConnectGateways", "directConnectGateways"):
        world.names[one["directConnectGatewayId"]] = one["directConnectGatewayName"]
    links: list[Link] = []
    for gateway in gateways:
        wanted = {"associatedGatewayId": gateway}
        for association in reader.all(
            "directconnect",
            "DescribeDirectConnectGatewayAssociations",
            "directConnectGatewayAssociations",
            **wanted,
        ):
            if association["associationState"] == "associated":
                via = association["directConnectGatewayId"]
                links += [
                    Link(
                        id=interface["virtualInterfaceId"],
                        name=f"circuit {world.named(interface['virtualInterfaceId'])}",
                        kind="directConnect",
                        gateway=gateway,
                        advertised=_told_by_circuit(world, gateway, association),
                        learned=told(interface.get("tags") or ()),
                        via=via,
                        serves=told(interface.get("tags") or ()),
                    )
                    for interface in _interfaces(world, reader, via)
                ]
    return tuple(links)


def _interfaces(world: World, reader: Reader, via: str) -> list[Item]:
    """The virtual interfaces of a Direct Connect gateway, on circuits that the carrier has built."""
    attachments = reader.all(
        "directconnect",
        "DescribeDirectConnectGatewayAttachments",
        "directConnectGatewayAttachments",
        directConnectGatewayId=via,
    )
    found = []
    for region in sorted({one["virtualInterfaceRegion"] for one in attachments}):
        there = reader.elsewhere(region)
        connections = there.all("directconnect", "DescribeConnections", "connections")
        available = {one["connectionId"] for one in connections if one["connectionState"] == "available"}
        for interface in there.all("directconnect", "DescribeVirtualInterfaces", "virtualInterfaces"):
            # Up or down is for the router on-premises to say, which is taken to be up.
            up = interface["virtualInterfaceState"] not in GONE and interface["connectionId"] in available
            if interface.get("directConnectGatewayId") == via and up:
                world.names[interface["virtualInterfaceId"]] = name_of(interface) or interface["virtualInterfaceName"]
                found.append(interface)
    return found


def _told_by_circuit(world: World, gateway: str, association: Item) -> tuple[IPv4Network, ...]:
    """For a transit gateway the allowed prefixes themselves; for a virtual private gateway the VPC's blocks that one of them
    equals or contains.

    https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html
    """
    allowed = networks(*(one.get("cidr") for one in association["allowedPrefixesToDirectConnectGateway"]))
    if gateway not in world.vpn_gateways:
        return allowed
    blocks = world.vpcs[world.vpn_gateways[gateway]]
    return tuple(block for block in blocks if any(block.subnet_of(prefix) for prefix in allowed))
