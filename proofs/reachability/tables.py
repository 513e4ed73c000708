"""Route tables as AWS's APIs show them."""

from ipaddress import IPv4Network

from proofs.reachability.model import Route, Target, World
from proofs.reachability.reader import Item, Reader, name_of, networks, prefix_list

TARGETS: tuple[tuple[str, str, Target], ...] = (
    ("GatewayId", "local", "local"),
    ("GatewayId", "igw-", "internet"),
    ("GatewayId", "vgw-", "vpnGateway"),
    ("GatewayId", "vpce-", "endpoint"),
    ("NatGatewayId", "nat-", "nat"),
    ("TransitGatewayId", "tgw-", "transitGateway"),
    ("VpcPeeringConnectionId", "pcx-", "peering"),
)
"""Member of a route, beginning of the id in it, and what that is."""


def read_tables(world: World, reader: Reader, unknown: list[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """The route tables; returns which one each subnet has, and which one the other subnets of each VPC have.

    What cannot be followed is added to `unknown`.
    """
    for endpoint in reader.all("ec2", "DescribeVpcEndpoints", "VpcEndpoints"):
        world.names[endpoint["VpcEndpointId"]] = name_of(endpoint)
    for one in reader.all("ec2", "DescribeManagedPrefixLists", "PrefixLists"):
        world.names[one["PrefixListId"]] = one["PrefixListName"]
    table_of: dict[str, str] = {}
    main: dict[str, str] = {}
    for table in reader.all("ec2", "DescribeRouteTables", "RouteTables"):
        identifier = table["RouteTableId"]
        world.names[identifier] = name_of(table)
        for association in table["Associations"]:
            if association.get("SubnetId"):
                table_of[association["SubnetId"]] = identifier
            elif association.get("GatewayId"):
                what = f"{world.named(identifier)} routes what enters by {association['GatewayId']}"
                unknown.append((table["VpcId"], f"{what}; route tables of gateways are not followed"))
            if association.get("Main"):
                main[table["VpcId"]] = identifier
        world.propagating[identifier] = frozenset(one["GatewayId"] for one in table.get("PropagatingVgws") or ())
        # Learned routes follow from the links, and from which of them are up.
        own = [route for route in table["Routes"] if route.get("Origin") != "EnableVgwRoutePropagation"]
        world.tables[identifier] = tuple(made for route in own for made in _routes(reader, route))
        strange = [
            f"sends {route.destination} to {route.target_id}, which is not followed"
            for route in world.tables[identifier]
            if route.target == "unknown"
        ]
        ipv6 = [route["DestinationIpv6CidrBlock"] for route in own if route.get("DestinationIpv6CidrBlock")]
        strange += [f"has the IPv6 route {destination}" for destination in ipv6]
        unknown += [(table["VpcId"], f"{world.named(identifier)} {what}") for what in strange]
    return table_of, main


def _routes(reader: Reader, route: Item) -> list[Route]:
    """A route, or one for each network of the prefix list that it names."""
    target, target_id = _target(route)
    named = route.get("DestinationPrefixListId")
    destinations: tuple[IPv4Network, ...] = networks(route.get("DestinationCidrBlock"))
    if named:
        destinations = prefix_list(reader, named)
    if target == "endpoint":
        kinds = {
            one["VpcEndpointId"]: one.get("VpcEndpointType", "Gateway")
            for one in reader.all("ec2", "DescribeVpcEndpoints", "VpcEndpoints")
        }
        target = "endpoint" if kinds.get(target_id) == "Gateway" else "unknown"
    return [Route(one, target, target_id, named) for one in destinations]


def _target(route: Item) -> tuple[Target, str]:
    """What a route leads to, and its id."""
    identifiers = [str(value) for member, value in sorted(route.items()) if member.endswith("Id") and value]
    found: tuple[Target, str] = "unknown", next((one for one in identifiers if not one.startswith("pl-")), "nothing")
    for member, beginning, target in TARGETS:
        if str(route.get(member) or "").startswith(beginning):
            found = target, str(route[member])
    return ("blackhole", found[1]) if route.get("State") == "blackhole" else found
