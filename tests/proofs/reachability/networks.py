"""Small random networks: two VPCs, everything that AWS has between them, and mistakes of every kind.

Most begin as somebody sensible would build them: what is entirely random lets nothing pass.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from hypothesis import strategies as st

from proofs.reachability.model import (
    AclEntry,
    Attachment,
    Link,
    NatGateway,
    Place,
    Route,
    Rule,
    Subnet,
    Target,
    TransitRoute,
    TransitTable,
    World,
)
from proofs.reachability.traffic import EVERYTHING, Traffic, TrafficSet, tcp, udp

VPCS = {"a": IPv4Network("10.0.0.0/16"), "b": IPv4Network("10.1.0.0/16")}
ZONES = ("z1", "z2")
SERVICE = IPv4Network("52.0.0.0/24")
ON_PREMISES = IPv4Network("10.9.0.0/16")
NETWORKS = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.0.0.0/16",
        "10.1.0.0/16",
        "10.9.0.0/16",
        "10.9.1.0/24",
        "8.8.8.0/24",
        "10.0.1.0/28",
    )
]
SETS = [
    EVERYTHING,
    tcp(),
    tcp(443),
    tcp(22, 443),
    tcp((1024, 65_535)),
    tcp((0, 1023)),
    udp(53),
    tcp((2000, 3000)),
    TrafficSet.of("icmp"),
]
ASKED = [Traffic("tcp", port) for port in (22, 443, 1024, 2500, 3001)]
ASKED += [Traffic("udp", 53), Traffic("icmp"), Traffic("other")]
GROUPS = ("g0", "g1", "g2")

networks = st.sampled_from(NETWORKS)
sets = st.sampled_from(SETS)
OPEN = (AclEntry(100, True, EVERYTHING, NETWORKS[0], True), AclEntry(100, False, EVERYTHING, NETWORKS[0], True))


@dataclass
class Scene:
    """A network, and who is in it and around it."""

    world: World
    places: list[Place]


def subnet_name(vpc: str, number: int) -> str:
    return f"subnet-{vpc}{number}"


def block(vpc: str, number: int) -> IPv4Network:
    return IPv4Network(f"10.{'ab'.index(vpc)}.{number}.0/28")


SUBNETS = [(vpc, number) for vpc in VPCS for number in range(3)]
TARGETS = ("igw", "nat", "vgw", "tgw", "pcx", "vpce", "gone", "eni")


def route_to(kind: str, vpc: str, number: int, destination: IPv4Network) -> Route:
    if kind == "vpce":
        return Route(SERVICE, "endpoint", f"vpce-{vpc}", prefix_list="pl-1")
    known: dict[str, tuple[Target, str]] = {
        "igw": ("internet", f"igw-{vpc}"),
        "nat": ("nat", f"nat-{vpc}{number % 2}"),
        "vgw": ("vpnGateway", "vgw-a"),
        "tgw": ("transitGateway", "tgw-1"),
        "pcx": ("peering", "pcx-1"),
        "gone": ("blackhole", "nat-gone"),
        "eni": ("unknown", "eni-1"),
    }
    return Route(destination, *known[kind])


OTHER_VPC = {"a": VPCS["b"], "b": VPCS["a"]}


WITHIN: frozenset[Target] = frozenset({"local", "nat", "unknown", "blackhole"})
"""What a route within the VPC may lead to: AWS takes a NAT gateway and a network interface, whether it is there yet or not."""


def admitted(route: Route, vpc: str) -> bool:
    """Whether AWS takes the route: one more specific than the local one has to be for a whole subnet, and to lead to some
    targets only. https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-table-routes"""
    within = route.destination != VPCS[vpc] and route.destination.subnet_of(VPCS[vpc])
    blocks = [block(vpc, number) for own, number in SUBNETS if own == vpc]
    return not within or (route.target in WITHIN and route.destination in blocks)


@st.composite
def tables(draw: st.DrawFn, vpc: str, number: int) -> tuple[Route, ...]:
    routes = {VPCS[vpc]: Route(VPCS[vpc], "local", "local")}
    if draw(st.integers(0, 3)):
        way_out, hub = ("igw" if number == 0 else "nat"), draw(st.sampled_from(["vgw", "tgw"]))
        sensible = [(NETWORKS[0], way_out), (ON_PREMISES, hub), (OTHER_VPC[vpc], draw(st.sampled_from(["pcx", "tgw"])))]
        routes |= {one: route_to(kind, vpc, number, one) for one, kind in sensible}
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(TARGETS))
        found = route_to(kind, vpc, draw(st.integers(0, 1)), draw(networks))
        if admitted(found, vpc):
            routes.setdefault(found.destination, found)
    return tuple(routes.values())


@st.composite
def acls(draw: st.DrawFn) -> tuple[AclEntry, ...]:
    if draw(st.integers(0, 4)):
        return OPEN
    entries = [
        AclEntry(number, draw(st.booleans()), draw(sets), draw(networks), draw(st.booleans()))
        for number in draw(st.lists(st.integers(1, 200), max_size=5, unique=True))
    ]
    return (*entries, *(OPEN if draw(st.booleans()) else ()))


@st.composite
def rules(draw: st.DrawFn, identifier: str) -> Rule:
    group = draw(st.sampled_from([None, None, *GROUPS]))
    return Rule(
        identifier,
        egress=draw(st.booleans()),
        traffic=draw(sets),
        networks=() if group else (draw(networks),),
        group=group,
    )


@st.composite
def links(draw: st.DrawFn) -> tuple[Link, ...]:
    found = []
    for identifier, kind, gateway, via in (
        ("dxvif-1", "directConnect", "vgw-a", "dxgw-1"),
        ("vpn-1", "vpn", "vgw-a", None),
        ("dxvif-2", "directConnect", "tgw-1", "dxgw-2"),
        ("vpn-2", "vpn", "tgw-1", None),
    ):
        if draw(st.integers(0, 3)):
            learned = draw(
                st.sampled_from(
                    [("10.9.0.0/16",), ("10.9.0.0/16",), ("10.9.1.0/24",), ("10.9.0.0/16", "10.9.1.0/24"), ("0.0.0.0/0",), ()]
                )
            )
            told = draw(st.sampled_from([("10.0.0.0/16",), ("10.0.0.0/16", "10.1.0.0/16"), ("10.0.1.0/28",), ()]))
            found.append(
                Link(
                    identifier,
                    identifier,
                    kind,  # type: ignore[arg-type]
                    gateway,
                    tuple(map(IPv4Network, told)),
                    tuple(map(IPv4Network, learned)),
                    static=kind == "vpn" and draw(st.booleans()),
                    via=via,
                    up=draw(st.integers(0, 3)) > 0,
                )
            )
    return tuple(found)


@st.composite
def transit(draw: st.DrawFn, world: World) -> None:
    """Two transit gateways, peered; the first is attached to whatever there is."""
    names = ["at-a", "at-b", "at-vpn", "at-dx", "at-peer"]
    kinds = {"at-a": ("vpc", "a"), "at-b": ("vpc", "b"), "at-vpn": ("vpn", "vpn-2"), "at-dx": ("directConnect", "dxgw-2")}
    found = []
    for name, (kind, resource) in kinds.items():
        if draw(st.integers(0, 3)):
            cards: tuple[str, ...] = ()
            if kind == "vpc":
                numbers = draw(st.sampled_from([(0, 1), (0, 1), (2, 1), (1,)]))
                cards = tuple(subnet_name(resource, number) for number in numbers)
            gateway = "tgw-2" if name == "at-b" and draw(st.booleans()) else "tgw-1"
            table = draw(st.sampled_from([*[f"rtb-{gateway}"] * 5, None]))
            found.append(Attachment(name, gateway, kind, resource, table, cards))  # type: ignore[arg-type]
    for gateway, other in (("tgw-1", "tgw-2"), ("tgw-2", "tgw-1")):
        found.append(Attachment("at-peer", gateway, "peering", other, f"rtb-{gateway}"))
    world.attachments = tuple(found)
    for gateway in ("tgw-1", "tgw-2"):
        own = [one.id for one in found if one.gateway == gateway]
        destinations = draw(st.lists(networks, max_size=2, unique=True))
        routes = tuple(TransitRoute(one, draw(st.sampled_from([*own, *own, None, "at-gone"]))) for one in destinations)
        every = draw(st.integers(0, 3)) > 0
        propagating = frozenset(names if every else draw(st.lists(st.sampled_from(names), unique=True, max_size=5)))
        world.transit_tables[f"rtb-{gateway}"] = TransitTable(gateway, routes, propagating)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    world = World(vpcs={vpc: (network,) for vpc, network in VPCS.items()}, on_premises=(ON_PREMISES,))
    for vpc, number in SUBNETS:
        name, table, acl = subnet_name(vpc, number), f"rtb-{vpc}{number}", f"acl-{vpc}{number}"
        world.subnets[name] = Subnet(name, block(vpc, number), ZONES[number % 2], vpc, table, acl)
        world.tables[table] = draw(tables(vpc, number))
        world.acls[acl] = draw(acls())
        if vpc == "a" and draw(st.booleans()):
            world.propagating[table] = frozenset({"vgw-a"})
    for group in GROUPS:
        world.groups[group] = tuple(draw(rules(f"sgr-{group}{number}")) for number in range(draw(st.integers(0, 4))))
    for vpc in VPCS:
        if draw(st.integers(0, 3)):
            world.internet_gateways[f"igw-{vpc}"] = vpc
        for number in range(2):
            if draw(st.integers(0, 3)):
                at = draw(st.sampled_from([0, 0, 0, 1, 2]))
                address = IPv4Address(int(block(vpc, at)[0]) + 10 + number)
                world.nat_gateways[f"nat-{vpc}{number}"] = NatGateway(
                    f"nat-{vpc}{number}", subnet_name(vpc, at), address, draw(st.integers(0, 3)) > 0
                )
    if draw(st.integers(0, 3)):
        world.vpn_gateways["vgw-a"] = "a"
    if draw(st.integers(0, 3)):
        world.peerings["pcx-1"] = ("a", "b")
    world.links = draw(links())
    draw(transit(world))
    places = [
        Place("internet", IPv4Address("8.8.8.8"), outside="internet"),
        Place("service", IPv4Address("52.0.0.1"), outside="internet"),
        Place("office", IPv4Address("10.9.0.1"), outside="onPremises"),
        Place("office within", IPv4Address("10.9.1.1"), outside="onPremises"),
    ]
    for number, (vpc, at) in enumerate([*SUBNETS, ("a", 0)]):
        groups = draw(
            st.sampled_from([None, None, frozenset({"g0"}), frozenset({"g1"}), frozenset({"g1", "g2"}), frozenset({"g2"})])
        )
        reaches = draw(st.sampled_from([None, None, None, None, None, (NETWORKS[4], NETWORKS[3])]))
        address = block(vpc, at)[4 + number // len(SUBNETS)]
        name = f"card {vpc}{at} {number}"
        places.append(Place(name, address, subnet_name(vpc, at), groups, draw(st.booleans()), reaches=reaches))
    return Scene(world, places)
