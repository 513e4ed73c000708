"""A site of `onPremises`: its networks, the names that its DNS servers know, its routers, the circuits that end there."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from components.settings.addresses import (
    Asn,
    Domain,
    Ipv4,
    OnPremisesCidr,
    PublicIpv4,
    contained,
    overlapping,
    repeated,
)
from components.settings.base import Mistake, Section
from components.settings.circuits import CircuitName

MAX_CIDRS = 14
"""A security group holds 60 rules, and Storage Gateway's endpoint needs 4 for each block next to one for the VPC."""
MAX_DNS_SERVERS = 6
"""What a forwarding rule of Route 53 Resolver takes."""
MAX_ROUTERS = 10
"""VPN connections of one virtual private gateway."""
MAX_SITES = 7

RouterName = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", examples=["seoul-1"])]


class Router(Section):
    """A router on-premises that VPN tunnels end at."""

    name: RouterName
    """What the router is called in resource names and outputs: 1 to 32 lower-case letters, digits and hyphens. A new name is a
    new VPN connection with new addresses and keys, unless formerly tells the old one."""
    formerly: RouterName | None = None
    """What this router was called before: it is renamed, and its VPN stays. To be removed once that is deployed."""
    public_ip: PublicIpv4
    """Outside IPv4 address of the router, fixed and public. Changing it moves the VPN connection there: its keys and the
    addresses of AWS stay, its tunnels are down meanwhile."""
    asn: Asn
    """BGP autonomous system number of the router."""
    inside_peers: list[Ipv4] = Field(default=[], max_length=10, examples=[["10.10.0.3"]])
    """Who the router exchanges routes with inside of the data centre, by BGP of its own ASN: the other routers, so that one
    that loses its circuit leads to theirs, and switches that speak BGP. AWS is not told; `hybridge kit` tells the router.
    Omitted: the data centre finds its way to a router that is up by itself."""


class ForwardedDomain(Section):
    """A domain of on-premises, and who answers for it."""

    domain: Domain
    """The domain, such as `ad.corp.example`, or a reverse zone, such as `10.10.in-addr.arpa`."""
    servers: list[Ipv4] = Field(min_length=1, max_length=MAX_DNS_SERVERS)
    """Its DNS servers, up to six; they answer queries from the VPC on port 53, UDP and TCP."""

    def mistakes(self) -> Iterator[Mistake]:
        """A server that is listed twice."""
        yield from repeated("servers[{}]", self.servers)


class Site(Section):
    """One of several data centres or offices. What fails there fails together."""

    name: Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", examples=["pangyo"])]
    """What the site is called: 1 to 32 lower-case letters, digits and hyphens."""
    cidrs: list[OnPremisesCidr] = Field(min_length=1, max_length=MAX_CIDRS)
    """Networks of the site, private and apart from all others."""
    domains: list[ForwardedDomain] = Field(default=[], max_length=20)
    """Domains that DNS servers of this site know. A domain may stand in several sites: then all of its servers are asked."""
    routers: list[Router] = Field(default=[], max_length=MAX_ROUTERS)
    """Routers of the site that the backup VPN connects. A site with neither routers nor circuits is reached by way of the
    others, over lines of your own."""
    circuits: list[CircuitName] = Field(default=[], max_length=30)
    """Names of the `directConnect.connections` that end here."""

    @property
    def linked(self) -> bool:
        """Whether a router or a circuit of its own leads to AWS."""
        return bool(self.routers or self.circuits)

    def mistakes(self) -> Iterator[Mistake]:
        """Networks that clash, servers outside of the site, and what is listed twice."""
        yield from overlapping("cidrs", self.cidrs)
        yield from repeated("domains[{}].domain", [one.domain for one in self.domains])
        yield from repeated("circuits[{}]", self.circuits)
        yield from outside(self.domains, self.cidrs)


def outside(domains: list[ForwardedDomain], cidrs: list[str]) -> Iterator[Mistake]:
    """DNS servers outside of the networks that they are to be in."""
    for position, domain in enumerate(domains):
        for number, server in enumerate(domain.servers):
            if not contained(server, cidrs):
                yield Mistake(f"domains[{position}].servers[{number}]", server, *no_route(cidrs))


def no_route(cidrs: list[str]) -> tuple[str, str]:
    """What is allowed of a DNS server, and what to do about one elsewhere."""
    allowed = f"an address within cidrs, {', '.join(cidrs)}: others have no route"
    return allowed, "Correct the address, or add its network to cidrs."
