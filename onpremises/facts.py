"""What both ends of the links have to agree on, as data: from the settings, and from the outputs of a deployment.

Every renderer says the same facts; one that cannot say one of them fails (see routers/told.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Interface, IPv4Network
from typing import Any

from components.settings import Settings

Secret = Callable[[str, str], dict[str, str]]
"""Reads a secret of Secrets Manager by ARN and region."""

BFD_MILLISECONDS, BFD_MULTIPLIER = 300, 3
"""What AWS's end of a virtual interface uses, not to be changed.
https://docs.aws.amazon.com/directconnect/latest/UserGuide/WorkingWithDX.html"""
VPN_HOLD_SECONDS = 30
"""AWS's end of a tunnel: keepalive 10 s, hold time 30 s. https://docs.aws.amazon.com/vpn/latest/s2svpn/your-cgw.html"""
MOST_PREFIXES = 100
"""Routes that AWS takes in one BGP session; with one more the session goes down.
https://docs.aws.amazon.com/directconnect/latest/UserGuide/limits.html"""
TUNNEL_MTU, TUNNEL_MSS = 1446, 1406
"""Of AES256-GCM-16 without NAT traversal. https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-best-practice.html"""
PREFER_CIRCUIT, PREFER_TUNNEL, STEP = 200, 100, 10
"""Local preference: circuits first, tunnels behind them. Of several at one site the first of the list goes first, each after it
a step less, so that question and answer take one way: firewalls that keep state drop what comes back by another."""
COMMUNITIES = ("7224:7300", "7224:7200", "7224:7100")
"""What AWS's end prefers a virtual interface by, in the same order: high, medium, low.
https://docs.aws.amazon.com/directconnect/latest/UserGuide/routing-and-bgp.html"""
BEHIND_OTHERS = 10
"""How much longer the path to a network is by a site that another one goes before: more than any site has routers."""
RECONNECT_SECONDS = 10
"""How long a router waits before it calls a lost neighbour again; two minutes where nobody says so."""


class Missing(Exception):
    """The facts do not say what a part needs; the text says what to do. Never shown as a traceback."""


@dataclass(frozen=True)
class Circuit:
    """A virtual interface, as the router sees it."""

    name: str
    region: str
    location: str
    """Code of the Direct Connect location; empty of a connection that was adopted without it."""
    vlan: int
    router_asn: int
    amazon_asn: int
    local: str
    """Address of the router's end, with its prefix length."""
    peer: str
    """Address of AWS's end."""
    key: str
    """MD5 key of the BGP session."""
    mtu: int
    rank: int = 0
    """0 carries; 1, 2, ... stand by in this order, of the circuits that lead from one site to one region."""

    @property
    def preference(self) -> int:
        """Local preference of what comes by it."""
        return PREFER_CIRCUIT - STEP * self.rank

    @property
    def community(self) -> str:
        """What AWS's end prefers it by."""
        return COMMUNITIES[min(self.rank, len(COMMUNITIES) - 1)]

    @property
    def local_address(self) -> str:
        """Without the prefix length."""
        return str(IPv4Interface(self.local).ip)

    @property
    def netmask(self) -> str:
        """Mask of the network that both ends are in."""
        return str(IPv4Interface(self.local).network.netmask)


@dataclass(frozen=True)
class Tunnel:
    """One tunnel of a VPN connection, as the router sees it."""

    name: str
    """`<region>-<number>`."""
    number: int
    """1, 2, ... over all regions: interfaces are called after it."""
    region: str
    outside_local: str
    outside_peer: str
    inside_local: str
    inside_peer: str
    amazon_asn: int
    key: str
    """The pre-shared key."""


@dataclass(frozen=True)
class Router:
    """Everything that one router has to be told."""

    name: str
    asn: int
    public_ip: str
    circuits: tuple[Circuit, ...]
    tunnels: tuple[Tunnel, ...]
    announced: tuple[str, ...]
    """Networks of the data centre, which AWS is told."""
    accepted: tuple[str, ...]
    """Networks in AWS, which are taken from it; nothing else is."""
    ike: Mapping[str, Any] = field(default_factory=dict)
    """What the stack's tunnels take, by the provider's names."""
    rank: int = 0
    """Among the routers of its site, as of circuits."""
    inside: tuple[str, ...] = ()
    """Who it exchanges routes with in the data centre, by BGP of its own ASN."""

    lent: tuple[str, ...] = ()
    """Those of `announced` that lie behind another site too, whose routers go before this one with them."""

    @property
    def tunnel_preference(self) -> int:
        """Local preference of what comes by its tunnels."""
        return PREFER_TUNNEL - STEP * self.rank

    @property
    def prepended(self) -> int:
        """How often it puts its ASN before what it tells AWS by its tunnels: once more than by a circuit, and for each router
        that goes before it."""
        return self.rank + 1

    @property
    def prepended_to_lent(self) -> int:
        """The same of networks that others go before with."""
        return self.prepended + BEHIND_OTHERS


@dataclass(frozen=True)
class Region:
    """What one stack says."""

    stack: str
    settings: Settings
    outputs: Mapping[str, Any]
    project: str = "hybridge"

    @property
    def backup_tag(self) -> str:
        """The value of the tag `Backup` of what the stack backs up."""
        return f"{self.project}-{self.stack}"

    @property
    def cidr(self) -> str:
        """The VPC's network."""
        return self.settings.network.cidr


@dataclass(frozen=True)
class Facts:
    """All of it, of a primary and, if there is one, its secondary."""

    regions: tuple[Region, ...]
    routers: tuple[Router, ...]

    @property
    def primary(self) -> Region:
        """The stack that was named first."""
        return self.regions[0]


def facts(regions: Sequence[Region], secret: Secret) -> Facts:
    """Gather them. Raises Missing for an output that a deployment of today has, and this one has not."""
    return Facts(tuple(regions), tuple(_routers(regions, secret)))


def _routers(regions: Sequence[Region], secret: Secret) -> list[Router]:
    from components.network.site_to_site_vpn import TUNNEL  # noqa: PLC0415

    first = regions[0].settings
    routers, announced = first.on_premises.routers, first.on_premises.announced
    sites = {router.name: site.name for site in first.on_premises.all_sites for router in site.routers}
    return [
        Router(
            router.name,
            router.asn,
            router.public_ip,
            tuple(_circuits(regions, position, secret)),
            tuple(_tunnels(regions, router, secret)),
            tuple(announced[sites[router.name]]),
            tuple(region.cidr for region in regions),
            TUNNEL,
            sum(sites[other.name] == sites[router.name] for other in routers[:position]),
            tuple(router.inside_peers),
            tuple(_lent(announced, sites[router.name])),
        )
        for position, router in enumerate(routers)
    ]


def _lent(announced: Mapping[str, Sequence[str]], site: str) -> list[str]:
    """Networks that a site announces after another one that stands before it in the stack file."""
    names = list(announced)
    before = {network for name in names[: names.index(site)] for network in announced[name]}
    return [network for network in announced[site] if network in before]


def _circuits(regions: Sequence[Region], position: int, secret: Secret) -> list[Circuit]:
    """Circuits of the router at a position: those of its site whose BGP ASN is its own; those of an ASN that several routers
    have are dealt out in the order of both lists."""
    found = []
    on_premises = regions[0].settings.on_premises
    routers = on_premises.routers
    sites = {circuit: site for site in on_premises.sites for circuit in site.circuits}
    for region in regions:
        settings = region.settings
        up = [one for one in settings.direct_connect.connections if one.state == "available"]
        for number, connection in enumerate(up):
            site = sites.get(connection.name)
            here = [at for at, router in enumerate(routers) if site is None or router in site.routers]
            owners = [at for at in here if routers[at].asn == connection.bgp_asn]
            alike = [one for one in up if one.bgp_asn == connection.bgp_asn and sites.get(one.name) is site]
            owner = owners[alike.index(connection) % len(owners)] if owners else here[number % len(here)] if here else None
            if owner != position:
                continue
            key = connection.bgp_key.get_secret_value() if connection.bgp_key else ""
            keys = region.outputs.get("directConnectBgpKeys") or {}
            jumbo = settings.network.hub == "transitGateway" and connection.jumbo_frames is not False
            found.append(
                Circuit(
                    connection.name,
                    settings.region,
                    connection.location or "",
                    int(connection.vlan or 0),
                    int(connection.bgp_asn or 0),
                    int(settings.direct_connect.gateway_asn),
                    str(connection.customer_address),
                    str(IPv4Interface(str(connection.amazon_address)).ip),
                    str(keys.get(connection.name) or key),
                    8500 if jumbo else 1500,
                    sum(sites.get(one.name) is site for one in up[:number]),
                )
            )
    return found


def _tunnels(regions: Sequence[Region], router: Any, secret: Secret) -> list[Tunnel]:
    found: list[Tunnel] = []
    for region in regions:
        if not any(one.name == router.name for one in region.settings.on_premises.routers):
            continue
        told = (region.outputs.get("vpnTunnels") or {}).get(router.name)
        if told is None:
            raise Missing(
                f"the outputs of {region.stack} have no vpnTunnels of {router.name}; deploy this version of the "
                f"program, then run it again"
            )
        arn = (region.outputs.get("vpnPresharedKeySecretArns") or {}).get(router.name)
        keys = secret(str(arn), region.settings.region) if arn else {}
        for number, tunnel in enumerate(told, 1):
            found.append(
                Tunnel(
                    f"{region.settings.region}-{number}",
                    len(found) + 1,
                    region.settings.region,
                    router.public_ip,
                    str(tunnel["outsideAddress"]),
                    str(tunnel["routerInsideAddress"]),
                    str(tunnel["insideAddress"]),
                    int(float(tunnel["asn"])),
                    keys.get(f"psk{number}") or "",
                )
            )
    return found


def networks(cidrs: Sequence[str]) -> list[IPv4Network]:
    """As networks, in their order."""
    return [IPv4Network(cidr) for cidr in cidrs]
