"""The section `onPremises`: the data centre, as the VPC sees it."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from components.settings.addresses import (
    Asn,
    Domain,
    Ipv4,
    OnPremisesCidr,
    PublicIpv4,
    contained,
    overlap,
    overlapping,
    renamed,
    repeated,
)
from components.settings.base import Mistake, Section
from components.settings.direct_connect import router_mistakes
from components.settings.network import Network

MAX_CIDRS = 14
"""A security group holds 60 rules, and Storage Gateway's endpoint needs 4 for each block next to one for the VPC."""
MAX_DNS_SERVERS = 6
"""What a forwarding rule of Route 53 Resolver takes."""
MAX_ROUTERS = 10
"""VPN connections of one virtual private gateway."""


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


class OnPremises(Section):
    """The data centre: its networks, its names, its routers."""

    cidrs: list[OnPremisesCidr] = Field(min_length=1, max_length=MAX_CIDRS)
    """Networks of the data centre, private and apart from each other. They may call what is in AWS, and are routed to."""
    domain: Domain | None = None
    """Domain whose names the DNS servers on-premises know. Omitted: AWS resolves no names of on-premises."""
    dns_servers: list[Ipv4] = Field(default=[], max_length=MAX_DNS_SERVERS)
    """DNS servers of that domain, up to six; they answer queries from the VPC on port 53, UDP and TCP."""
    routers: list[Router] = Field(default=[], max_length=MAX_ROUTERS)
    """Routers that the backup VPN connects, each with two tunnels. Two routers survive the loss of one. Omitted: no VPN."""
    ssh_only_from: list[OnPremisesCidr] | None = Field(default=None, alias="sshCidrs", min_length=1, max_length=MAX_CIDRS)
    """Networks within `cidrs` from which hosts in AWS can be reached by ssh. Omitted: all of `cidrs`."""

    @property
    def ssh_cidrs(self) -> list[str]:
        """Networks from which hosts in AWS can be reached by ssh, whether they are given or follow from `cidrs`."""
        return self.ssh_only_from or self.cidrs

    def mistakes(self) -> Iterator[Mistake]:
        """Networks and routers that clash, and a domain without servers, or servers without a domain."""
        yield from overlapping("cidrs", self.cidrs)
        yield from overlapping("sshCidrs", self.ssh_only_from or [])
        for position, cidr in enumerate(self.ssh_only_from or []):
            if not contained(cidr, self.cidrs):
                fix = "Narrow it, or add its network to cidrs."
                yield Mistake(f"sshCidrs[{position}]", cidr, f"a network within cidrs, {', '.join(self.cidrs)}", fix)
        if self.domain and not self.dns_servers:
            yield Mistake(
                "dnsServers", self.dns_servers, "one to six servers of the domain", "Add dnsServers, or remove domain."
            )
        if self.dns_servers and not self.domain:
            yield Mistake("domain", self.domain, "the domain that dnsServers answer for", "Add domain, or remove dnsServers.")
        yield from repeated("dnsServers[{}]", self.dns_servers)
        for position, server in enumerate(self.dns_servers):
            if not contained(server, self.cidrs):
                fix = "Correct the address, or add its network to cidrs."
                yield Mistake(
                    f"dnsServers[{position}]",
                    server,
                    f"an address within cidrs, {', '.join(self.cidrs)}: others have no route",
                    fix,
                )
        yield from repeated("routers[{}].name", [router.name for router in self.routers])
        yield from renamed("routers", [(router.name, router.formerly) for router in self.routers])
        yield from repeated("routers[{}].publicIp", [router.public_ip for router in self.routers])

    def as_args(self) -> dict[str, Any]:
        """The section as component args. Who may ssh is for the hosts to know: `ssh_cidrs`."""
        args: dict[str, Any] = super().as_args()
        args.pop("ssh_only_from", None)
        return args


def mistakes_with(on_premises: OnPremises, network: Network) -> Iterator[Mistake]:
    """What `onPremises` must not be beside `network`: networks, domains and ASNs in common. Keys are seen from the root."""
    for position, cidr in enumerate(on_premises.cidrs):
        if overlap(cidr, network.cidr):
            allowed = f"a network apart from network.cidr, {network.cidr}: addresses in both could not be reached"
            fix = "Change network.cidr to a block that on-premises does not use."
            yield Mistake(f"onPremises.cidrs[{position}]", cidr, allowed, fix)
    if on_premises.domain == network.private_zone:
        allowed = "a name other than network.privateZone: the forwarding rule would hide the whole zone"
        yield Mistake("onPremises.domain", on_premises.domain, allowed, f"Set network.privateZone to aws.{on_premises.domain}.")
    routers = {f"onPremises.routers[{position}].asn": router.asn for position, router in enumerate(on_premises.routers)}
    yield from router_mistakes(routers, network.amazon_asn)
