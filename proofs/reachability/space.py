"""Addresses that nothing tells apart: one of each class stands for all, so that an answer holds for every address there is."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from proofs.reachability.model import ANYWHERE, World

NOT_INTERNET = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
        ),
    )
)
"""What nobody has on the internet. https://www.iana.org/assignments/iana-ipv4-special-registry"""


@dataclass(frozen=True)
class AddressClass:
    """All addresses of some networks but of those within them that are named apart."""

    network: IPv4Network
    """The smallest network named anywhere that holds them all."""
    address: IPv4Address
    """One of them."""


def classes(world: World, within: Sequence[IPv4Network], apart: Iterable[IPv4Network] = ()) -> list[AddressClass]:
    """The classes of the addresses in `within` that are not in `apart`, by all networks that the world names anywhere."""
    left_out = list(apart)
    named = {*mentioned(world), *within, *left_out}
    relevant = sorted(
        (network for network in named if any(network.overlaps(part) for part in within)), key=lambda network: network.prefixlen
    )
    cuts = sorted({cut for network in relevant for cut in (int(network[0]), int(network[-1]) + 1)})
    smallest: list[IPv4Network | None] = [None] * len(cuts)
    for network in relevant:  # the large ones first: what is written last is the smallest
        first, last = bisect_right(cuts, int(network[0])) - 1, bisect_right(cuts, int(network[-1]))
        smallest[first:last] = [network] * (last - first)
    found: dict[IPv4Network, AddressClass] = {}
    for cut, owner in zip(cuts, smallest, strict=True):
        if owner is None or owner in found:
            continue  # Of nobody, as what is behind the last address, or of a class that has its address.
        address = IPv4Address(cut)
        if any(address in part for part in within) and not any(address in part for part in left_out):
            found[owner] = AddressClass(owner, address)
    return [found[network] for network in sorted(found)]


def internet(world: World) -> list[AddressClass]:
    """The classes of the addresses that are somewhere on the internet."""
    blocks = (block for blocks in world.vpcs.values() for block in blocks)
    return classes(world, [ANYWHERE], [*NOT_INTERNET, *world.on_premises, *blocks])


def mentioned(world: World) -> frozenset[IPv4Network]:
    """Every network that a rule, an entry or a route names."""

    def work() -> frozenset[IPv4Network]:
        return frozenset(
            {
                *(network for rules in world.groups.values() for rule in rules for network in rule.networks),
                *(entry.network for entries in world.acls.values() for entry in entries),
                *(route.destination for routes in world.tables.values() for route in routes),
                *(route.destination for table in world.transit_tables.values() for route in table.routes),
                *(prefix for link in world.links for prefix in (*link.advertised, *link.learned)),
                *(block for blocks in world.vpcs.values() for block in blocks),
                *(subnet.network for subnet in world.subnets.values()),
                *world.on_premises,
            }
        )

    return world.remembered("mentioned", work)
