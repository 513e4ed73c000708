"""The section `directConnect`: the gateway and the circuits between the data centre and AWS."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Interface, IPv4Network, collapse_addresses
from itertools import combinations
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from components.settings.addresses import PRIVATE, SHARED, Asn, PrivateAsn, renamed, repeated
from components.settings.base import Mistake, Section
from components.settings.errors import NOT_SET

# https://docs.aws.amazon.com/directconnect/latest/UserGuide/limits.html
MAX_PREFIXES = 200
"""What AWS advertises over a transit virtual interface for one transit gateway; cannot be raised."""
MAX_VIRTUAL_INTERFACES = 30
"""What one Direct Connect gateway takes."""

PEERING_RANGES = (*PRIVATE, SHARED, IPv4Network("169.254.0.0/16"))
"""Where both ends of a circuit may lie: private, shared and link-local addresses."""


def _prefix(text: str) -> str:
    fix = "correct the address or its length"
    try:
        return str(IPv4Network(text))
    except ValueError:
        raise ValueError(f"an IPv4 network without host bits, such as 10.0.0.0/16; {fix}") from None


def _peer_address(text: str) -> str:
    fix = "use an end of a private or link-local point-to-point network"
    try:
        address = IPv4Interface(text)
    except ValueError:
        raise ValueError(f"an IPv4 address with its prefix length, such as 169.254.255.1/30; {fix}") from None
    network = address.network
    if "/" not in text or network.prefixlen not in {30, 31}:
        raise ValueError(f"an address in a /30 or /31 network; {fix}")
    if not any(network.subnet_of(range_) for range_ in PEERING_RANGES):
        raise ValueError(f"an address in {', '.join(map(str, PEERING_RANGES))}; {fix}")
    if network.prefixlen == 30 and address.ip in {network.network_address, network.broadcast_address}:
        raise ValueError(f"{network[1]} or {network[2]} in {network}: the other two are not for hosts; {fix}")
    return str(address)


Prefix = Annotated[str, Field(json_schema_extra={"format": "ipv4network"}), AfterValidator(_prefix)]
PeerAddress = Annotated[str, Field(examples=["169.254.255.1/30"]), AfterValidator(_peer_address)]


CircuitName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")]


class Connection(Section):
    """A circuit, either ordered here or adopted by its id."""

    name: CircuitName
    """What the circuit is called in resource names and outputs: 1 to 32 lower-case letters, digits and hyphens. A new name is a
    new circuit, unless formerly tells the old one."""
    formerly: CircuitName | None = None
    """What this circuit was called before: it is renamed, nothing of it made anew. To be removed once that is deployed."""
    state: Literal["ordered", "available"] = "ordered"
    """`ordered`: the connection exists at AWS, but the carrier has not built it, which takes days to weeks; nothing is attached
    to it. `available`: AWS shows it as available, so the virtual interface is made and traffic may flow."""
    connection_id: str | None = Field(default=None, pattern=r"^dx(con|lag)-[a-z0-9]{4,32}$")
    """Id of an existing connection or link aggregation group to use, which is then neither changed nor deleted. Hosted
    connections are always adopted: the partner makes them. If omitted, a dedicated connection is ordered."""
    location: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}$")
    """Code of the Direct Connect location, as `aws directconnect describe-locations` lists it. Needed to order."""
    bandwidth: Literal["1Gbps", "10Gbps", "100Gbps", "400Gbps"] | None = None
    """Port speed of the dedicated connection. Needed to order."""
    provider: str | None = Field(default=None, min_length=1, max_length=200)
    """Name of the carrier that leads to the location, as AWS lists it. If omitted, the customer's own equipment is there."""
    vlan: int | None = Field(default=None, ge=1, le=4094)
    """802.1Q tag of the virtual interface. Needed once available."""
    bgp_asn: Asn | None = None
    """ASN of the on-premises router. Needed once available."""
    amazon_address: PeerAddress | None = None
    """Address of the AWS end of the BGP session, with prefix length: `169.254.255.1/30`. Needed once available."""
    customer_address: PeerAddress | None = None
    """Address of the on-premises end, in the same network. Needed once available."""
    bgp_key: SecretStr | None = Field(default=None, min_length=6, max_length=80)
    """MD5 key of the BGP session, 6 to 80 characters. If omitted, AWS makes one, to be read from the router configuration."""
    jumbo_frames: bool | None = None
    """An MTU of 8500 bytes instead of 1500, which the connection must be capable of. Omitted: true with a transit gateway. With
    a virtual private gateway it stays at 1500: AWS takes 8500 there, the provider sends only 9001. AWS falls back to 1500 for
    a route that is also advertised over the VPN or over an interface without jumbo frames."""

    def mistakes(self) -> Iterator[Mistake]:
        """What ordering, adopting and attaching need and exclude."""
        ordering = {"location": self.location, "bandwidth": self.bandwidth, "provider": self.provider}
        if self.connection_id is None:
            for key in ("location", "bandwidth"):
                if ordering[key] is None:
                    fix = f"Add {key}, or connectionId to adopt a connection that exists."
                    yield Mistake(key, NOT_SET, f"a {key} for every connection that is ordered here", fix)
        else:
            for key, value in ordering.items():
                if value is not None:
                    fix = f"Remove {key}, or remove connectionId to order a new connection."
                    yield Mistake(
                        key, value, "nothing for a connection that is adopted: it was settled when that was ordered", fix
                    )
        if self.state == "available":
            attaching = {
                "vlan": self.vlan,
                "bgpAsn": self.bgp_asn,
                "amazonAddress": self.amazon_address,
                "customerAddress": self.customer_address,
            }
            for key, needed in attaching.items():
                if needed is None:
                    fix = f"Add {key}, or set state back to ordered."
                    yield Mistake(key, NOT_SET, "a value once the state is available: the virtual interface needs it", fix)
        if self.amazon_address and self.customer_address:
            amazon, customer = IPv4Interface(self.amazon_address), IPv4Interface(self.customer_address)
            if amazon.network != customer.network:
                fix = "Give both ends the same network."
                yield Mistake("customerAddress", self.customer_address, f"the other address of {amazon.network}", fix)
            elif amazon.ip == customer.ip:
                fix = "Give the two ends different addresses."
                yield Mistake("customerAddress", self.customer_address, f"an address other than amazonAddress {amazon}", fix)

    def peering(self) -> IPv4Network | None:
        """The point-to-point network of the circuit, if it is known yet."""
        address = self.amazon_address or self.customer_address
        return IPv4Interface(address).network if address else None


class DirectConnect(Section):
    """One Direct Connect gateway and its circuits.

    One circuit is never enough for production: AWS calls it highly resilient with a connection at each of two locations.
    """

    gateway_asn: PrivateAsn = 64513
    """Private ASN of the AWS side of every circuit. Changing it replaces the gateway and all virtual interfaces."""
    allowed_prefixes: list[Prefix] | None = Field(default=None, min_length=1, max_length=MAX_PREFIXES)
    """Networks that AWS may advertise to on-premises. With a virtual private gateway a filter, in which one must equal or
    contain the VPC's CIDR; with a transit gateway exactly what is advertised, so that none may be wider than what the VPN
    announces, which would win. If omitted: `network.cidr`."""
    connections: list[Connection] = Field(default=[], max_length=MAX_VIRTUAL_INTERFACES)
    """The circuits. Empty: no gateway either, and on-premises is reached over VPN alone."""

    def mistakes(self) -> Iterator[Mistake]:
        """What circuits must not share."""
        yield from repeated("allowedPrefixes[{}]", self.allowed_prefixes or [])
        yield from repeated("connections[{}].name", [connection.name for connection in self.connections])
        yield from renamed("connections", [(one.name, one.formerly) for one in self.connections])
        tags = {
            position: (connection.connection_id, connection.vlan)
            for position, connection in enumerate(self.connections)
            if connection.connection_id and connection.vlan
        }
        for (_, one), (position, other) in combinations(tags.items(), 2):
            if one == other:
                allowed = f"a VLAN that no other virtual interface of {other[0]} has"
                yield Mistake(
                    f"connections[{position}].vlan", other[1], allowed, "Give each its own VLAN, or its own connection."
                )
        for (_, first), (position, second) in combinations(enumerate(self.connections), 2):
            ours, theirs = first.peering(), second.peering()
            if ours and theirs and ours.overlaps(theirs):
                key = f"connections[{position}].{'amazonAddress' if second.amazon_address else 'customerAddress'}"
                allowed = f"a network apart from that of {first.name}, {ours}"
                yield Mistake(
                    key, second.amazon_address or second.customer_address, allowed, "Give each circuit its own network."
                )
        for position, connection in enumerate(self.connections):
            if connection.bgp_asn == self.gateway_asn:
                allowed = f"an ASN other than gatewayAsn, {self.gateway_asn}: the session is between two autonomous systems"
                fix = "Give the ASN of the on-premises router, or change gatewayAsn."
                yield Mistake(f"connections[{position}].bgpAsn", connection.bgp_asn, allowed, fix)


def mistakes_with(
    direct_connect: DirectConnect, *, cidr: str, hub: str, amazon_asn: int, on_premises_cidrs: Iterable[str], routers: bool
) -> Iterator[Mistake]:
    """What `directConnect` must not be beside `network` and `onPremises`. Keys are seen from the root.

    `cidr`, `hub` and `amazon_asn` are those of `network`, `on_premises_cidrs` is `onPremises.cidrs`; `routers`: there is a VPN.
    """
    vpc = IPv4Network(cidr)
    prefixes = [IPv4Network(prefix) for prefix in direct_connect.allowed_prefixes or [cidr]]
    given = [str(prefix) for prefix in prefixes]
    fix = f"Add {cidr} to allowedPrefixes, or leave the key out."
    if hub == "vpnGateway" and not any(vpc.subnet_of(prefix) for prefix in prefixes):
        allowed = f"a list with one network that equals or contains network.cidr, {cidr}: narrower ones filter the VPC out"
        yield Mistake("directConnect.allowedPrefixes", given, allowed, fix)
    if hub == "transitGateway":
        if not any(vpc.subnet_of(prefix) for prefix in collapse_addresses(prefixes)):
            allowed = f"networks that together cover network.cidr, {cidr}: only they are advertised to on-premises"
            yield Mistake("directConnect.allowedPrefixes", given, allowed, fix)
        for position, prefix in enumerate(prefixes if routers else []):
            if vpc != prefix and vpc.subnet_of(prefix):
                allowed = (
                    f"{cidr} itself or narrower networks: the VPN announces {cidr}, and what is narrower wins over circuits"
                )
                fix = f"Write {cidr}; add the other networks of the transit gateway beside it."
                yield Mistake(f"directConnect.allowedPrefixes[{position}]", str(prefix), allowed, fix)
        for theirs in map(IPv4Network, on_premises_cidrs):
            for prefix in prefixes:
                if prefix.subnet_of(theirs):
                    allowed = f"networks outside onPremises.cidrs, {theirs}: a transit gateway would draw its traffic to AWS"
                    fix = "Advertise only what lies in AWS."
                    yield Mistake("directConnect.allowedPrefixes", str(prefix), allowed, fix)
        if direct_connect.gateway_asn == amazon_asn:
            allowed = f"an ASN other than network.amazonAsn, {amazon_asn}: AWS refuses to associate gateways of the same ASN"
            yield Mistake("directConnect.gatewayAsn", amazon_asn, allowed, "Change one of the two.")
    for position, connection in enumerate(direct_connect.connections):
        if hub == "vpnGateway" and connection.jumbo_frames:
            allowed = (
                "false with network.hub vpnGateway: AWS takes an MTU of 1500 or 8500 there, and the provider sends only 9001"
            )
            fix = "Remove it: 1500 always works, and is what AWS falls back to for a network that the VPN announces as well."
            yield Mistake(f"directConnect.connections[{position}].jumboFrames", True, allowed, fix)
        peering = connection.peering()
        if peering and peering.overlaps(vpc):
            key = "amazonAddress" if connection.amazon_address else "customerAddress"
            yield Mistake(
                f"directConnect.connections[{position}].{key}",
                connection.amazon_address or connection.customer_address,
                f"a network outside network.cidr, {cidr}",
                "Use a link-local network such as 169.254.255.0/30.",
            )


def router_mistakes(router_asns: Mapping[str, int], amazon_asn: int) -> Iterator[Mistake]:
    """Routers of `onPremises.routers` with the ASN of the AWS side of the VPN. `router_asns` is keyed by the full key."""
    for key, asn in router_asns.items():
        if asn == amazon_asn:
            allowed = f"an ASN other than network.amazonAsn, {amazon_asn}: the session is between two autonomous systems"
            yield Mistake(key, asn, allowed, "Give the ASN of the router, or change network.amazonAsn.")
