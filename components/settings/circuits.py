"""A circuit of `directConnect.connections`: ordered here or adopted, and how it is attached."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from components.settings.addresses import Asn
from components.settings.base import Mistake, Section
from components.settings.errors import NOT_SET

NO_PEERS = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3")))
"""Where neither end of a circuit can lie. Any other address may: link-local, private, or public ones of one's own."""


def _peer_address(text: str) -> str:
    fix = "use an end of a link-local, private or own point-to-point network"
    try:
        address = IPv4Interface(text)
    except ValueError:
        raise ValueError(f"an IPv4 address with its prefix length, such as 169.254.255.1/30; {fix}") from None
    network = address.network
    if "/" not in text or network.prefixlen not in {30, 31}:
        raise ValueError(f"an address in a /30 or /31 network; {fix}")
    if any(network.overlaps(range_) for range_ in NO_PEERS):
        raise ValueError(f"an address outside {', '.join(map(str, NO_PEERS))}, which no router has; {fix}")
    if network.prefixlen == 30 and address.ip in {network.network_address, network.broadcast_address}:
        raise ValueError(f"{network[1]} or {network[2]} in {network}: the other two are not for hosts; {fix}")
    return str(address)


PeerAddress = Annotated[str, Field(examples=["169.254.255.1/30"]), AfterValidator(_peer_address)]
CircuitName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")]


DEDICATED = ("1Gbps", "10Gbps", "100Gbps", "400Gbps")
"""What can be ordered of AWS; the other speeds are those of partners' hosted connections."""
Hosted = Literal["50Mbps", "100Mbps", "200Mbps", "300Mbps", "400Mbps", "500Mbps", "2Gbps", "5Gbps", "25Gbps"]
Bandwidth = Literal["1Gbps", "10Gbps", "100Gbps", "400Gbps", Hosted]


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
    bandwidth: Bandwidth | None = None
    """Port speed. Needed to order, where 1Gbps, 10Gbps, 100Gbps or 400Gbps can be. Of a connection that is adopted it may be
    told, so that traffic near it is watched."""
    macsec: bool = False
    """Whether to order a port that can encrypt (MACsec), of 10Gbps and more, at a location that has such ports. A port ordered
    without it never can, and without it nothing encrypts what a circuit carries: see docs/links.md."""
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
        yield from self._ordered() if self.connection_id is None else self._adopted()
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
            yield from self._ends(IPv4Interface(self.amazon_address), IPv4Interface(self.customer_address))

    def _ordered(self) -> Iterator[Mistake]:
        for key, needed in (("location", self.location), ("bandwidth", self.bandwidth)):
            if needed is None:
                fix = f"Add {key}, or connectionId to adopt a connection that exists."
                yield Mistake(key, NOT_SET, f"a {key} for every connection that is ordered here", fix)
        if self.bandwidth and self.bandwidth not in DEDICATED:
            allowed = f"one of {', '.join(DEDICATED)} for a connection that is ordered here: others are partners' to host"
            yield Mistake("bandwidth", self.bandwidth, allowed, "Change it, or give the connectionId of the partner's.")
        if self.macsec and self.bandwidth == "1Gbps":
            allowed = "false with a bandwidth of 1Gbps: ports that encrypt have 10 Gbit/s and more"
            yield Mistake("macsec", True, allowed, "Remove it, or order a faster port.")

    def _adopted(self) -> Iterator[Mistake]:
        for key, value in (("location", self.location), ("provider", self.provider), ("macsec", self.macsec or None)):
            if value is not None:
                fix = f"Remove {key}, or remove connectionId to order a new connection."
                yield Mistake(key, value, "nothing for a connection that is adopted: it was settled when that was ordered", fix)

    @staticmethod
    def _ends(amazon: IPv4Interface, customer: IPv4Interface) -> Iterator[Mistake]:
        if amazon.network != customer.network:
            fix = "Give both ends the same network."
            yield Mistake("customerAddress", str(customer), f"the other address of {amazon.network}", fix)
        elif amazon.ip == customer.ip:
            fix = "Give the two ends different addresses."
            yield Mistake("customerAddress", str(customer), f"an address other than amazonAddress {amazon}", fix)

    @property
    def gbits(self) -> float | None:
        """The port speed in Gbit/s, if it is known."""
        if self.bandwidth is None:
            return None
        number = float(re.sub("[A-Za-z]", "", self.bandwidth))
        return number / 1000 if self.bandwidth.endswith("Mbps") else number

    def peering(self) -> IPv4Network | None:
        """The point-to-point network of the circuit, if it is known yet."""
        address = self.amazon_address or self.customer_address
        return IPv4Interface(address).network if address else None
