"""IPv4 blocks, addresses and domain names as stack files give them: what AWS and a private network can take."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from itertools import combinations
from typing import Annotated

from pydantic import AfterValidator, Field

from components.settings.base import Mistake

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918."""
SHARED = IPv4Network("100.64.0.0/10")
"""RFC 6598: carriers use it, some companies do too."""
DOCKER = IPv4Network("172.17.0.0/16")
"""The bridge of Docker on every host: what lies in it elsewhere cannot be reached from there."""
NOT_PUBLIC = (
    *PRIVATE,
    SHARED,
    *map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")),
)
"""Where no router of a public network can be."""

DOMAIN = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))+")
AWS_DOMAINS = ("amazonaws.com", "amazonaws.com.cn", "api.aws", "aws.dev", "on.aws")
"""Domains of AWS itself. One of ours in their place would hide its APIs."""


def _listed(networks: Iterable[IPv4Network]) -> str:
    return ", ".join(map(str, networks))


def _parsed(text: str, example: str) -> IPv4Network:
    if "/" not in text:
        raise ValueError(f"an IPv4 network such as {example}; add the prefix length")
    try:
        return IPv4Network(text)
    except ValueError:
        try:
            meant = IPv4Network(text, strict=False)
        except ValueError:
            raise ValueError(f"an IPv4 network such as {example}; write it as an address, a slash and a length") from None
        raise ValueError(f"a network without host bits; did you mean {meant}?") from None


def _vpc_cidr(text: str) -> str:
    network = _parsed(text, "10.20.0.0/16")
    if not any(network.subnet_of(private) for private in PRIVATE):
        raise ValueError(f"a private network within {_listed(PRIVATE)}; choose one that nothing else uses")
    if network.overlaps(DOCKER):
        raise ValueError(f"a network apart from {DOCKER}, which Docker uses on every host; choose another")
    # AWS takes /16 to /28; below /23 the private subnets are too small for endpoints, resolvers, load balancer and hosts.
    if not 16 <= network.prefixlen <= 23:
        raise ValueError("a prefix length from /16, the largest that AWS takes, to /23, which just fits; change the length")
    return str(network)


def _on_premises_cidr(text: str) -> str:
    network = _parsed(text, "192.168.0.0/16")
    if not any(network.subnet_of(private) for private in (*PRIVATE, SHARED)):
        raise ValueError(f"a private network within {_listed((*PRIVATE, SHARED))}; list only what lies behind the routers")
    if network.subnet_of(DOCKER):
        raise ValueError(f"a network apart from {DOCKER}, which Docker uses on every host; renumber it, or leave it out")
    return str(network)


def _client_cidr(text: str) -> str:
    network = _parsed(text, "10.254.0.0/22")
    if not any(network.subnet_of(private) for private in (*PRIVATE, SHARED)):
        raise ValueError(f"a private network within {_listed((*PRIVATE, SHARED))}; choose one that nothing else uses")
    if network.overlaps(DOCKER):
        raise ValueError(f"a network apart from {DOCKER}, which Docker uses on every host; choose another")
    if not 12 <= network.prefixlen <= 22:
        raise ValueError("a prefix length from /12 to /22, which is what Client VPN takes; change the length")
    return str(network)


def _address(text: str) -> IPv4Address:
    try:
        return IPv4Address(text)
    except AddressValueError:
        raise ValueError("an IPv4 address such as 10.0.0.10; write four numbers from 0 to 255 with dots between") from None


def _ipv4(text: str) -> str:
    return str(_address(text))


def _public_ipv4(text: str) -> str:
    address = _address(text)
    if any(address in network for network in NOT_PUBLIC):
        raise ValueError("a public IPv4 address; give the outside address of the router, or of the NAT in front of it")
    return str(address)


def _domain(text: str) -> str:
    fix = "write it as corp.example, in lower case and without a final dot"
    # AWS keeps the final dot, which counts too: 255 in all.
    if len(text) > 254 or not DOMAIN.fullmatch(text):
        raise ValueError(f"a domain name of two labels or more, each of 1 to 63 letters, digits and inner hyphens; {fix}")
    if any(text == domain or text.endswith(f".{domain}") for domain in AWS_DOMAINS):
        raise ValueError("a domain of your own: in the place of one of AWS's it would hide their APIs; choose another")
    return text


def _asn(number: int) -> int:
    if number == 23456:
        raise ValueError("an ASN other than 23456, which stands for ASNs of four bytes; give the router's own")
    # https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html
    if number in {7224, 9059, 10124, 17943}:
        raise ValueError("an ASN other than 7224, 9059, 10124 and 17943, which AWS keeps for itself; give the router's own")
    return number


def _private_asn(number: int) -> int:
    if 64512 <= number <= 65534 or 4_200_000_000 <= number <= 4_294_967_294:
        return number
    raise ValueError("a private ASN, 64512 to 65534 or 4200000000 to 4294967294; choose one that nothing else uses")


_NETWORK = Field(json_schema_extra={"format": "ipv4network"})
_ADDRESS = Field(json_schema_extra={"format": "ipv4"})

VpcCidr = Annotated[str, _NETWORK, AfterValidator(_vpc_cidr)]
"""A block that a VPC of three tiers fits in."""
OnPremisesCidr = Annotated[str, _NETWORK, AfterValidator(_on_premises_cidr)]
"""A block of the data centre."""
ClientCidr = Annotated[str, _NETWORK, AfterValidator(_client_cidr)]
"""A block that Client VPN hands out."""
Ipv4 = Annotated[str, _ADDRESS, AfterValidator(_ipv4)]
"""An IPv4 address."""
PublicIpv4 = Annotated[str, _ADDRESS, AfterValidator(_public_ipv4)]
"""An IPv4 address of the internet."""
Domain = Annotated[str, Field(examples=["corp.example"]), AfterValidator(_domain)]
"""A domain name."""
Asn = Annotated[int, Field(ge=1, le=4_294_967_294), AfterValidator(_asn)]
"""An autonomous system number that a customer gateway takes."""
PrivateAsn = Annotated[int, AfterValidator(_private_asn)]
"""An autonomous system number that the AWS side of a BGP session takes."""


def contained(inner: str, outer: Iterable[str]) -> bool:
    """Whether a block or an address lies within one of the blocks."""
    return any(IPv4Network(inner).subnet_of(IPv4Network(block)) for block in outer)


def overlap(one: str, other: str) -> bool:
    """Whether two blocks share an address."""
    return IPv4Network(one).overlaps(IPv4Network(other))


def overlapping(key: str, blocks: list[str]) -> Iterator[Mistake]:
    """The blocks of one list that share addresses with an earlier one."""
    for (first, one), (second, other) in combinations(enumerate(blocks), 2):
        if overlap(one, other):
            allowed = f"a network apart from {key}[{first}], {one}"
            yield Mistake(f"{key}[{second}]", other, allowed, "Remove the one that lies within the other.")


def renamed(names: dict[str, tuple[str, str | None]]) -> Iterator[Mistake]:
    """Former names that something still has, or that two had. `names`: by key, what each is called, and was."""
    now = [name for name, _ in names.values()]
    before: list[str] = []
    for key, (_, former) in names.items():
        if former is None:
            continue
        if former in now:
            allowed = "a name that nothing of its kind has any more: what has a name keeps what was made for it"
            yield Mistake(f"{key}.formerly", former, allowed, "Remove it, or rename both in two steps.")
        elif former in before:
            yield Mistake(f"{key}.formerly", former, "a name that only one had", "Say of one only what it was called.")
        before.append(former)


def repeated(key: str, values: list[str]) -> Iterator[Mistake]:
    """The values of one list that stand in it before. `key` holds `{}` for the position."""
    for position, value in enumerate(values):
        if value in values[:position]:
            yield Mistake(key.format(position), value, "a value that is not in the list yet", "Remove it, or change it.")
