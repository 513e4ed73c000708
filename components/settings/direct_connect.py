"""The section `directConnect`: the gateway and the circuits between the data centre and AWS."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, collapse_addresses
from itertools import combinations
from typing import Annotated

from pydantic import AfterValidator, Field

from components.settings.addresses import PrivateAsn, renamed, repeated
from components.settings.base import Mistake, Section
from components.settings.circuits import Connection
from components.settings.joining import GatewayOwner

# https://docs.aws.amazon.com/directconnect/latest/UserGuide/limits.html
MAX_PREFIXES = 200
"""What AWS advertises over a transit virtual interface for one transit gateway; cannot be raised."""
MAX_VIRTUAL_INTERFACES = 30
"""What one Direct Connect gateway takes."""


def _prefix(text: str) -> str:
    fix = "correct the address or its length"
    try:
        return str(IPv4Network(text))
    except ValueError:
        raise ValueError(f"an IPv4 network without host bits, such as 10.0.0.0/16; {fix}") from None


Prefix = Annotated[str, Field(json_schema_extra={"format": "ipv4network"}), AfterValidator(_prefix)]


class DirectConnect(Section):
    """One Direct Connect gateway and its circuits.

    One circuit is never enough for production: AWS calls it highly resilient with a connection at each of two locations.
    """

    gateway_asn: PrivateAsn = 64513
    """Private ASN of the AWS side of every circuit. Changing it replaces the gateway and all virtual interfaces."""
    gateway_id: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        examples=["a1b2c3d4-5678-90ab-cdef-0123456789ab"],
    )
    """Id of a Direct Connect gateway to use in place of making one; its ASN is then given as gatewayAsn. Its circuits lead here
    as soon as it is associated; if it is this account's, connections may add to them, or be left out."""
    gateway_owner: GatewayOwner | None = None
    """Whose gatewayId is, if it is another account's: what its circuits are is for its owner to say, so that there are no
    connections beside it. Omitted: it is this account's."""
    allowed_prefixes: list[Prefix] | None = Field(default=None, min_length=1, max_length=MAX_PREFIXES)
    """Networks that AWS may advertise to on-premises. With a virtual private gateway a filter, in which one must equal or
    contain the VPC's CIDR; with a transit gateway exactly what is advertised, so that none may be wider than what the VPN
    announces, which would win. If omitted: `network.cidr`."""
    connections: list[Connection] = Field(default=[], max_length=MAX_VIRTUAL_INTERFACES)
    """The circuits. Empty without gatewayId: no gateway either, and on-premises is reached over VPN alone."""

    @property
    def used(self) -> bool:
        """Whether there is a Direct Connect gateway."""
        return bool(self.connections or self.gateway_id)

    def mistakes(self) -> Iterator[Mistake]:
        """What circuits must not share."""
        yield from repeated("allowedPrefixes[{}]", self.allowed_prefixes or [])
        yield from self._of_another()
        yield from repeated("connections[{}].name", [connection.name for connection in self.connections])
        yield from renamed({f"connections[{at}]": (one.name, one.formerly) for at, one in enumerate(self.connections)})
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

    def _of_another(self) -> Iterator[Mistake]:
        if self.gateway_owner and not self.gateway_id:
            allowed = "nothing without gatewayId, the gateway that the account has"
            yield Mistake("gatewayOwner", self.gateway_owner.account, allowed, "Give gatewayId, or remove it.")
        if self.gateway_owner and self.connections:
            names = [connection.name for connection in self.connections]
            allowed = "none beside gatewayOwner: only that account leads virtual interfaces to its gateway"
            fix = f"Let account {self.gateway_owner.account} have the circuits, or use a gateway of your own."
            yield Mistake("connections", names, allowed, fix)


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
            # The default is network.cidr, which onPremises.cidrs answers for by itself.
            for prefix in prefixes if direct_connect.allowed_prefixes else []:
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
