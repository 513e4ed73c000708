"""Which part of the VPC each subnet gets: pure arithmetic, so that it can be tested without a resource.

The VPC is cut into four equal quarters. Each zone takes one, in the order of the list, whether there are two zones or three:
a third zone that is added later takes the third quarter and moves nothing. The fourth is never handed out.
Inside a quarter, half is private (hosts, tasks, endpoints), a quarter isolated (databases), and at the start of the last
quarter lies the public subnet, small because it holds nothing but a NAT gateway.
"""

from ipaddress import IPv4Network
from typing import NamedTuple

QUARTERS = 4
MAX_ZONES = 3
SMALLEST_SUBNET = 28
"""Prefix length of the smallest subnet that AWS makes."""
SMALLEST_VPC = 24
"""Prefix length of the smallest VPC in which every zone gets three subnets."""


class SubnetBlocks(NamedTuple):
    """CIDR blocks of the subnets, each list in the order of the zones."""

    public: list[str]
    private: list[str]
    isolated: list[str]


def subnet_blocks(vpc_cidr: str, zones: int) -> SubnetBlocks:
    """The blocks of the three subnets of each of `zones` zones.

    Raises ValueError for a block with host bits, one smaller than /24 and for more zones than three.
    """
    vpc = IPv4Network(vpc_cidr)
    if vpc.prefixlen > SMALLEST_VPC:
        raise ValueError(f"cidr {vpc_cidr} is too small for three subnets per zone; allowed: /{SMALLEST_VPC} or larger")
    if not 1 <= zones <= MAX_ZONES:
        raise ValueError(f"{zones} zones; allowed: 1 to {MAX_ZONES}")
    blocks = SubnetBlocks([], [], [])
    for quarter in list(vpc.subnets(new_prefix=vpc.prefixlen + 2))[:zones]:
        private, rest = quarter.subnets()
        isolated, last = rest.subnets()
        public = next(last.subnets(new_prefix=min(vpc.prefixlen + 8, SMALLEST_SUBNET)))
        for tier, block in zip(blocks, (public, private, isolated), strict=True):
            tier.append(str(block))
    return blocks


def resolver_address(vpc_cidr: str) -> str:
    """The address of Amazon's own DNS server in a VPC: the network address plus two.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    return str(IPv4Network(vpc_cidr)[2])


def reverse_zones(cidr: str) -> list[str]:
    """The domains under in-addr.arpa that hold the reverse names of a block: `64.10.in-addr.arpa` for 10.64.0.0/16.

    A domain ends at a dot, so that a block between two lengths takes several: 10.8.0.0/14 is four of them. What is smaller than
    a /24 shares the domain of its neighbours.
    """
    network = IPv4Network(cidr)
    if network.prefixlen > 24:
        network = network.supernet(new_prefix=24)
    octets = max(1, -(-network.prefixlen // 8))
    return [
        ".".join([*reversed(str(block.network_address).split(".")[:octets]), "in-addr.arpa"])
        for block in network.subnets(new_prefix=octets * 8)
    ]


def lookup_zones(cidr: str) -> list[str]:
    """The reverse zones that servers of a network are asked for, each as wide as needed and no more of them than sixteen or so.

    The zone of the VPC's own addresses is narrower wherever it lies within one of these, and wins.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html
    """
    network = IPv4Network(cidr)
    if network.prefixlen < 12 and network.subnet_of(IPv4Network("10.0.0.0/8")):
        return ["10.in-addr.arpa"]
    octets = min(3, max(2, network.prefixlen // 8))
    wide = network if network.prefixlen <= octets * 8 else network.supernet(new_prefix=octets * 8)
    return [
        ".".join([*reversed(str(block.network_address).split(".")[:octets]), "in-addr.arpa"])
        for block in wide.subnets(new_prefix=octets * 8)
    ]


def resolver_addresses(vpc_cidr: str, zones: int) -> list[str]:
    """Where the inbound resolver is in the private subnet of each zone: at the start of the second sixteen addresses, of which
    AWS gives none away by itself once `resolver_reservation` holds them."""
    return [str(IPv4Network(block)[16]) for block in subnet_blocks(vpc_cidr, zones).private]


def resolver_reservation(address: str) -> str:
    """The sixteen addresses around one, as a block."""
    return str(IPv4Network((address, 28), strict=False))


def zone_suffix(zone: str) -> str:
    """The end of a zone's name that tells it from its neighbours: `2a` for `ap-northeast-2a`."""
    return zone.rsplit("-", 1)[-1]


def cidr_suffix(cidr: str) -> str:
    """A CIDR block as the end of a resource's name: `10.0.0.0-8` for `10.0.0.0/8`."""
    return cidr.replace("/", "-")
