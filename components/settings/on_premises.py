"""The section `onPremises`: the data centre, or several sites, as the VPC sees them."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any, Literal, NamedTuple

from pydantic import Field

from components.cidrs import lookup_zones
from components.settings.addresses import (
    Domain,
    Ipv4,
    OnPremisesCidr,
    contained,
    overlap,
    overlapping,
    renamed,
    repeated,
)
from components.settings.base import Mistake, Section
from components.settings.direct_connect import DirectConnect, router_mistakes
from components.settings.errors import NOT_SET
from components.settings.network import Network
from components.settings.sites import (
    MAX_CIDRS,
    MAX_DNS_SERVERS,
    MAX_ROUTERS,
    MAX_SITES,
    ForwardedDomain,
    Router,
    Site,
    no_route,
    outside,
)

MAX_SERVERS = 25
"""A security group holds 60 rules; the outbound resolver's needs two for each DNS server."""


class Forwarded(NamedTuple):
    """A domain whose names are asked on-premises."""

    domain: str
    servers: list[str]


class OnPremises(Section):
    """The data centre: its networks, its names, its routers. Or several sites, each with its own, under `sites`."""

    given_cidrs: list[OnPremisesCidr] | None = Field(default=None, alias="cidrs", min_length=1, max_length=MAX_CIDRS)
    """Networks of the data centre, private and apart from each other. They may call what is in AWS, and are routed to. Needed
    unless there are sites."""
    domain: Domain | None = None
    """Domain whose names the DNS servers on-premises know. Omitted: AWS resolves no names of on-premises."""
    dns_servers: list[Ipv4] = Field(default=[], max_length=MAX_DNS_SERVERS)
    """DNS servers of that domain, up to six; they answer queries from the VPC on port 53, UDP and TCP."""
    domains: list[ForwardedDomain] = Field(default=[], max_length=20)
    """Further domains with servers of their own: another forest, a legacy zone, a reverse zone that others answer for."""
    reverse_lookups: bool = True
    """Whether names of addresses on-premises are looked up there too: dnsServers, in each site the servers of its domains, are
    asked for the reverse zones of cidrs that domains does not list."""
    given_routers: list[Router] = Field(default=[], alias="routers", max_length=MAX_ROUTERS)
    """Routers that the backup VPN connects, each with two tunnels. Two routers survive the loss of one. Omitted: no VPN."""
    tunnel_bandwidth: Literal["standard", "large"] = "standard"
    """What each VPN tunnel carries: 1.25 Gbit/s, or 5 Gbit/s as a backup worthy of a circuit, which takes a transit gateway.
    Choose when the VPN is made: a change takes its tunnels down."""
    ssh_only_from: list[OnPremisesCidr] | None = Field(default=None, alias="sshCidrs", min_length=1, max_length=MAX_CIDRS)
    """Networks within `cidrs` from which hosts in AWS can be reached by ssh. Omitted: all of `cidrs`."""
    sites: list[Site] = Field(default=[], max_length=MAX_SITES)
    """Several data centres, each with its networks, domains, routers and circuits; cidrs, domain, dnsServers, domains and
    routers then stand there and not here. The failure drills take each down by itself."""

    @property
    def all_sites(self) -> list[Site]:
        """The sites; a single data centre is one called `on-premises`."""
        if self.sites or self.given_cidrs is None:
            return self.sites
        return [
            Site.model_construct(
                name="on-premises",
                cidrs=self.given_cidrs,
                domains=self._domains,
                routers=self.given_routers,
                circuits=[],
            )
        ]

    @property
    def _domains(self) -> list[ForwardedDomain]:
        first = ForwardedDomain.model_construct(domain=self.domain, servers=self.dns_servers) if self.domain else None
        return [*([first] if first else []), *self.domains]

    @property
    def cidrs(self) -> list[str]:
        """Networks of all sites."""
        return list(self.cidrs_by_key.values())

    @property
    def cidrs_by_key(self) -> dict[str, str]:
        """The networks by where they stand, seen from the section."""
        if not self.sites:
            return {f"cidrs[{position}]": cidr for position, cidr in enumerate(self.given_cidrs or [])}
        return {
            f"sites[{number}].cidrs[{position}]": cidr
            for number, site in enumerate(self.sites)
            for position, cidr in enumerate(site.cidrs)
        }

    @property
    def routers(self) -> list[Router]:
        """Routers of all sites."""
        return list(self.routers_by_key.values())

    @property
    def routers_by_key(self) -> dict[str, Router]:
        """The routers by where they stand, seen from the section."""
        if not self.sites:
            return {f"routers[{position}]": router for position, router in enumerate(self.given_routers)}
        return {
            f"sites[{number}].routers[{position}]": router
            for number, site in enumerate(self.sites)
            for position, router in enumerate(site.routers)
        }

    @property
    def domains_by_key(self) -> dict[str, str]:
        """The domains by where they stand, seen from the section."""
        if not self.sites:
            first = {"domain": self.domain} if self.domain else {}
            return first | {f"domains[{position}].domain": one.domain for position, one in enumerate(self.domains)}
        return {
            f"sites[{number}].domains[{position}].domain": one.domain
            for number, site in enumerate(self.sites)
            for position, one in enumerate(site.domains)
        }

    @property
    def forwarded(self) -> list[Forwarded]:
        """What is asked on-premises, each domain once: those that are given, then reverse zones that follow from networks."""
        found: dict[str, list[str]] = {}
        for site in self.all_sites:
            for one in site.domains:
                found.setdefault(one.domain, []).extend(one.servers)
        reverse: dict[str, list[list[str]]] = {}
        for site in self.all_sites if self.reverse_lookups else ():
            servers = list(dict.fromkeys(server for one in site.domains for server in one.servers))
            if not self.sites:
                # Those of the main domain know the data centre; those of others may know nothing but theirs.
                servers = self.dns_servers
            for zone in dict.fromkeys(zone for cidr in site.cidrs for zone in lookup_zones(cidr)):
                if servers and zone not in found:
                    reverse.setdefault(zone, []).append(servers[:MAX_DNS_SERVERS])
        # A zone that networks of two sites share has no servers that know all of it; whoever needs it lists it.
        found |= {zone: servers[0] for zone, servers in reverse.items() if all(one == servers[0] for one in servers)}
        return [Forwarded(domain, list(dict.fromkeys(servers))) for domain, servers in found.items()]

    @property
    def announced(self) -> dict[str, list[str]]:
        """By the name of the site: what its routers announce, which is its networks, and those of sites without a way of their
        own. Of such a site nothing."""
        behind = [cidr for site in self.sites if not site.linked for cidr in site.cidrs]
        return {site.name: [*site.cidrs, *behind] for site in self.all_sites if site.linked or not self.sites}

    @property
    def ssh_cidrs(self) -> list[str]:
        """Networks from which hosts in AWS can be reached by ssh, whether they are given or follow from `cidrs`."""
        return self.ssh_only_from or self.cidrs

    def mistakes(self) -> Iterator[Mistake]:
        """Networks, routers and names that clash, and a data centre that is written in both ways, or in neither."""
        yield from self._one_way()
        yield from overlapping("sshCidrs", self.ssh_only_from or [])
        for position, cidr in enumerate(self.ssh_only_from or []):
            if not contained(cidr, self.cidrs):
                fix = "Narrow it, or add its network to cidrs."
                yield Mistake(f"sshCidrs[{position}]", cidr, f"a network within cidrs, {', '.join(self.cidrs)}", fix)
        yield from self._networks()
        yield from self._names()
        for what in ("name", "public_ip"):
            key = {"name": "name", "public_ip": "publicIp"}[what]
            yield from _repeated_by_key({f"{at}.{key}": getattr(router, what) for at, router in self.routers_by_key.items()})
        for at, router in self.routers_by_key.items():
            yield from repeated(f"{at}.insidePeers[{{}}]", router.inside_peers)
            for position, peer in enumerate(router.inside_peers):
                if not contained(peer, self.cidrs):
                    yield Mistake(f"{at}.insidePeers[{position}]", peer, *no_route(self.cidrs))
        yield from renamed({key: (router.name, router.formerly) for key, router in self.routers_by_key.items()})

    def _one_way(self) -> Iterator[Mistake]:
        if not self.sites:
            if self.given_cidrs is None:
                yield Mistake("cidrs", NOT_SET, "the networks of the data centre, or sites that have their own", "Add cidrs.")
            return
        given = {
            "cidrs": self.given_cidrs,
            "domain": self.domain,
            "dnsServers": self.dns_servers,
            "domains": [one.domain for one in self.domains],
            "routers": [router.name for router in self.given_routers],
        }
        for key, value in given.items():
            if value:
                yield Mistake(key, value, "nothing beside sites: each site has its own", f"Move {key} into one of the sites.")
        yield from repeated("sites[{}].name", [site.name for site in self.sites])

    def _networks(self) -> Iterator[Mistake]:
        if len(self.cidrs) > MAX_CIDRS:
            allowed = f"{MAX_CIDRS} networks over all sites: a security group takes no more rules"
            yield Mistake("sites", len(self.cidrs), allowed, "Summarize neighbouring networks.")
        if not self.sites:
            yield from overlapping("cidrs", self.given_cidrs or [])
            return
        seen: dict[str, str] = {}
        for key, cidr in self.cidrs_by_key.items():
            for other, before in seen.items():
                # Those of one site are that site's to tell.
                if other.split("]")[0] != key.split("]")[0] and overlap(cidr, before):
                    yield Mistake(key, cidr, f"a network apart from {other}, {before}", "Give each site its own networks.")
            seen[key] = cidr

    def _names(self) -> Iterator[Mistake]:
        if self.domain and not self.dns_servers:
            yield Mistake(
                "dnsServers", self.dns_servers, "one to six servers of the domain", "Add dnsServers, or remove domain."
            )
        if self.dns_servers and not self.domain:
            yield Mistake("domain", self.domain, "the domain that dnsServers answer for", "Add domain, or remove dnsServers.")
        yield from repeated("dnsServers[{}]", self.dns_servers)
        for position, server in enumerate(self.dns_servers if self.given_cidrs else []):
            if not contained(server, self.cidrs):
                yield Mistake(f"dnsServers[{position}]", server, *no_route(self.cidrs))
        if not self.sites:
            yield from outside(self.domains, self.cidrs)
            yield from _repeated_by_key(self.domains_by_key)
        for one in self.forwarded:
            if len(one.servers) > MAX_DNS_SERVERS:
                allowed = f"up to {MAX_DNS_SERVERS} servers of {one.domain} over all sites: a forwarding rule takes no more"
                yield Mistake("sites", len(one.servers), allowed, f"List fewer servers of {one.domain}.")
        if (count := len({server for one in self.forwarded for server in one.servers})) > MAX_SERVERS:
            allowed = f"up to {MAX_SERVERS} DNS servers in all: a security group takes no more rules"
            yield Mistake("domains", count, allowed, "List fewer servers.")

    def as_args(self) -> dict[str, Any]:
        """The section as component args: every network, domain and router of all sites, each router with its site.

        Who may ssh is for the hosts to know: `ssh_cidrs`.
        """
        sited = {router.name: site.name for site in self.sites for router in site.routers}
        return {
            "cidrs": self.cidrs,
            "domains": [{"domain": one.domain, "servers": one.servers} for one in self.forwarded],
            "routers": [
                # Whom a router knows inside is nothing to AWS.
                {key: value for key, value in router.as_args().items() if key != "inside_peers"}
                | ({"site": sited[router.name]} if router.name in sited else {})
                for router in self.routers
            ],
            "tunnel_bandwidth": self.tunnel_bandwidth,
        }


def _repeated_by_key(values: dict[str, str]) -> Iterator[Mistake]:
    """The values that stand before under another key."""
    seen: set[str] = set()
    for key, value in values.items():
        if value in seen:
            yield Mistake(key, value, "a value that is not in the list yet", "Remove it, or change it.")
        seen.add(value)


def mistakes_with(on_premises: OnPremises, network: Network) -> Iterator[Mistake]:
    """What `onPremises` must not be beside `network`: networks, domains and ASNs in common. Keys are seen from the root."""
    for key, cidr in on_premises.cidrs_by_key.items():
        if overlap(cidr, network.cidr):
            allowed = f"a network apart from network.cidr, {network.cidr}: addresses in both could not be reached"
            fix = "Change network.cidr to a block that on-premises does not use"
            wider = cidr != network.cidr and IPv4Network(network.cidr).subnet_of(IPv4Network(cidr))
            fix += f", or list the parts of {cidr} that are in use there." if wider else "."
            yield Mistake(f"onPremises.{key}", cidr, allowed, fix)
    for key, domain in on_premises.domains_by_key.items():
        if domain == network.private_zone:
            allowed = "a name other than network.privateZone: the forwarding rule would hide the whole zone"
            yield Mistake(f"onPremises.{key}", domain, allowed, f"Set network.privateZone to aws.{domain}.")
    if on_premises.tunnel_bandwidth == "large" and network.hub == "vpnGateway":
        allowed = "standard with network.hub vpnGateway: AWS has larger tunnels on a transit gateway only"
        yield Mistake("onPremises.tunnelBandwidth", "large", allowed, "Remove it, or set network.hub to transitGateway.")
    routers = {f"onPremises.{key}.asn": router.asn for key, router in on_premises.routers_by_key.items()}
    yield from router_mistakes(routers, network.amazon_asn)


def circuits_of_sites(on_premises: OnPremises, direct_connect: DirectConnect, role: str) -> Iterator[Mistake]:
    """Circuits that no site, or more than one, has, and sites with circuits that are not there. Keys are seen from the root."""
    known = [connection.name for connection in direct_connect.connections]
    taken: dict[str, str] = {}
    for number, site in enumerate(on_premises.sites):
        for position, circuit in enumerate(site.circuits):
            key = f"onPremises.sites[{number}].circuits[{position}]"
            if circuit in taken:
                allowed = f"a circuit that no other site has: {taken[circuit]} has it already"
                yield Mistake(key, circuit, allowed, "Let it stand where it ends.")
            elif circuit not in known and role == "primary":
                # A secondary may name those of its primary, which serve it too.
                allowed = f"the name of one of directConnect.connections, {', '.join(known) or 'of which there are none'}"
                yield Mistake(key, circuit, allowed, "Correct the name, or remove it.")
            taken[circuit] = site.name
    for position, circuit in enumerate(known if on_premises.sites else []):
        if circuit not in taken:
            allowed = "a name that stands in circuits of one of onPremises.sites: a circuit ends somewhere"
            yield Mistake(f"directConnect.connections[{position}].name", circuit, allowed, "Add it to the site where it ends.")
