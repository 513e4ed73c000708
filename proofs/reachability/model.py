"""A network as AWS describes it: what decides whether a packet passes, and nothing else.

Everything is plain data with ids, so that an answer can cite what decided it. Addresses are IPv4.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Literal, TypeVar

from proofs.reachability.traffic import TrafficSet

ANYWHERE = IPv4Network("0.0.0.0/0")
EPHEMERAL = (1024, 65_535)
"""Ports that a reply may go to. https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports"""

Target = Literal[
    "local", "internet", "nat", "vpnGateway", "transitGateway", "peering", "endpoint", "blackhole", "unknown"
]  # fmt: skip
"""What a route leads to. `unknown` is what this model cannot follow, such as an appliance's network interface."""
LinkKind = Literal["directConnect", "vpn"]
AttachmentKind = Literal["vpc", "vpn", "directConnect", "peering", "unknown"]


@dataclass(frozen=True)
class Rule:
    """One rule of a security group: it can only allow."""

    id: str
    egress: bool
    traffic: TrafficSet
    networks: tuple[IPv4Network, ...] = ()
    """The one network that it names, or those of its prefix list."""
    group: str | None = None
    """Instead of networks: whoever carries this security group."""
    prefix_list: str | None = None
    """The prefix list that the networks come from."""
    ipv6: tuple[str, ...] = ()
    """The IPv6 networks that it names, or those of its prefix list. No packet of theirs is followed."""


@dataclass(frozen=True)
class AclEntry:
    """One entry of a network ACL; the lowest number that matches decides."""

    number: int
    egress: bool
    traffic: TrafficSet
    network: IPv4Network
    allow: bool


@dataclass(frozen=True)
class Route:
    """One route of a VPC's route table."""

    destination: IPv4Network
    target: Target
    target_id: str
    prefix_list: str | None = None
    """The prefix list that the destination comes from."""
    propagated: bool = False
    """Learned from a virtual private gateway."""


@dataclass(frozen=True)
class Subnet:
    """A subnet with the route table and the network ACL that hold for it."""

    id: str
    network: IPv4Network
    zone: str
    vpc: str
    table: str
    acl: str
    tier: str = ""
    """`Public`, `Private` or `Isolated`, as its tag says; empty without the tag."""
    public_addresses: bool = False
    """Whether whatever starts in it gets a public address by default."""


@dataclass(frozen=True)
class Place:
    """Where packets begin or end: a network card in a subnet, or addresses outside of AWS that are all treated alike."""

    name: str
    address: IPv4Address
    subnet: str | None = None
    """None: outside of AWS."""
    groups: frozenset[str] | None = None
    """Its security groups. None: it has none, so nothing is held back here."""
    public: bool = False
    """Whether it has a public address of its own."""
    outside: Literal["internet", "onPremises"] | None = None
    network: IPv4Network | None = None
    """Outside of AWS: the network that its addresses are of, without networks within it that are places of their own."""
    reaches: tuple[IPv4Network, ...] | None = None
    """The only networks that it may send to, as with a Client VPN endpoint. None: no such limit."""


@dataclass(frozen=True)
class NatGateway:
    """A NAT gateway, which sends on what it gets under its own address."""

    id: str
    subnet: str
    address: IPv4Address
    public: bool
    """Whether it has an Elastic IP; one without reaches private networks only."""


@dataclass(frozen=True)
class Link:
    """A way between on-premises and a gateway of AWS: a circuit's virtual interface, or a VPN connection."""

    id: str
    name: str
    kind: LinkKind
    gateway: str
    """Id of the virtual private gateway or transit gateway that it leads to."""
    advertised: tuple[IPv4Network, ...]
    """What AWS tells on-premises to send over it."""
    learned: tuple[IPv4Network, ...]
    """What AWS is told to send over it."""
    static: bool = False
    """Whether that was written down in AWS instead of learned by BGP."""
    via: str | None = None
    """The Direct Connect gateway between the circuit and the gateway."""
    serves: tuple[IPv4Network, ...] | None = None
    """The networks on-premises that can take it, where there are several sites. None: all."""
    up: bool = True


@dataclass(frozen=True)
class Attachment:
    """What a transit gateway is attached to. A peering has one attachment at each end, both with the same id."""

    id: str
    gateway: str
    kind: AttachmentKind
    resource: str
    """Id of the VPC, VPN connection, Direct Connect gateway, or of the transit gateway at the other end."""
    table: str | None
    """The transit gateway route table that decides where packets from here go on to."""
    subnets: tuple[str, ...] = ()
    """Of a VPC: where the transit gateway has its network cards, one to a zone."""


@dataclass(frozen=True)
class TransitRoute:
    """A static route of a transit gateway route table."""

    destination: IPv4Network
    attachment: str | None
    """None: a blackhole."""


@dataclass(frozen=True)
class TransitTable:
    """A route table of a transit gateway."""

    gateway: str
    routes: tuple[TransitRoute, ...] = ()
    """The static ones; the others follow from VPCs and links."""
    propagating: frozenset[str] = frozenset()
    """The attachments that it learns routes from."""


Known = TypeVar("Known")


@dataclass
class World:
    """Everything of the account that decides over packets."""

    vpcs: dict[str, tuple[IPv4Network, ...]] = field(default_factory=dict)
    """Id -> its blocks."""
    subnets: dict[str, Subnet] = field(default_factory=dict)
    tables: dict[str, tuple[Route, ...]] = field(default_factory=dict)
    """Id -> its routes without the propagated ones, which follow from the links."""
    propagating: dict[str, frozenset[str]] = field(default_factory=dict)
    """Route table -> the virtual private gateways that it learns routes from."""
    acls: dict[str, tuple[AclEntry, ...]] = field(default_factory=dict)
    groups: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    group_vpcs: dict[str, str] = field(default_factory=dict)
    """Security group -> its VPC."""
    default_groups: frozenset[str] = frozenset()
    """Those that whatever is made without a security group gets, one to a VPC."""
    internet_gateways: dict[str, str] = field(default_factory=dict)
    """Id -> the VPC it is attached to."""
    vpn_gateways: dict[str, str] = field(default_factory=dict)
    """Id -> the VPC it is attached to."""
    nat_gateways: dict[str, NatGateway] = field(default_factory=dict)
    peerings: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id of an active VPC peering -> its two VPCs."""
    attachments: tuple[Attachment, ...] = ()
    transit_tables: dict[str, TransitTable] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    on_premises: tuple[IPv4Network, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    """Id -> the value of its Name tag, for people."""
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out before."""

    def called(self, identifier: str) -> str:
        """The name, or the id of what has none, for people."""
        return self.names.get(identifier) or identifier

    def named(self, identifier: str) -> str:
        """The id with its name, for people."""
        name = self.names.get(identifier)
        return f"{name} ({identifier})" if name else identifier

    def vpc_of(self, place: Place) -> str | None:
        """The VPC of a place; None outside of AWS."""
        return self.subnets[place.subnet].vpc if place.subnet else None

    def without(self, kind: LinkKind) -> "World":
        """The same world with all links of a kind down."""
        links = tuple(replace(link, up=False) if link.kind == kind else link for link in self.links)
        return replace(self, links=links, known={})

    def remembered(self, key: Any, work: Callable[[], Known]) -> Known:
        """What `work` gives, worked out once."""
        if key not in self.known:
            self.known[key] = work()
        found: Known = self.known[key]
        return found
