"""Which of several routes or links is taken: AWS's order of preference, gateway by gateway."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import NamedTuple

from proofs.reachability.model import Attachment, Link, Route, World


class TransitChoice(NamedTuple):
    """The route that a transit gateway takes."""

    prefix: IPv4Network
    attachment: Attachment | None
    """None: a blackhole."""
    origin: str
    """`static` or `propagated`."""
    links: tuple[Link, ...] = ()
    """The links behind the attachment that carry it, if it leads to on-premises."""


def route(world: World, table: str, address: IPv4Address) -> Route | None:
    """The route that a VPC takes: the longest prefix; between equals the local one, a static one, one by prefix list, a
    propagated one. A blackhole is a route like any other: what takes it is dropped.

    https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
    """

    def work() -> Route | None:
        return max(
            (one for one in routes(world, table) if address in one.destination),
            key=lambda one: (one.destination.prefixlen, one.target == "local", not one.propagated, one.prefix_list is None),
            default=None,
        )

    return world.remembered(("route", table, address), work)


def routes(world: World, table: str) -> tuple[Route, ...]:
    """The routes of a VPC's route table, with those that it learns from links that are up."""

    def work() -> tuple[Route, ...]:
        own = world.tables[table]
        local = [one.destination for one in own if one.target == "local"]
        learned = {
            (prefix, link.gateway)
            for link in world.links
            if link.up and link.gateway in world.propagating.get(table, ())
            for prefix in link.learned
            # AWS: the local route is preferred to a propagated one even if that is more specific.
            if not any(prefix.subnet_of(block) for block in local)
        }
        return (*own, *(Route(prefix, "vpnGateway", gateway, propagated=True) for prefix, gateway in sorted(learned)))

    return world.remembered(("routes", table), work)


def to_aws(world: World, address: IPv4Address, source: IPv4Address) -> tuple[Link, ...]:
    """The links that an address on-premises takes, of those of its site: the longest prefix, a circuit before a VPN, as AWS
    advises by the AS path, and the gateway of the VPC itself before one that is peered with it."""
    vpcs = {vpc for vpc, blocks in world.vpcs.items() if any(address in block for block in blocks)}
    home = {gateway for gateway, vpc in world.vpn_gateways.items() if vpc in vpcs}
    home |= {one.gateway for one in world.attachments if one.resource in vpcs}
    return _best(
        ((prefix.prefixlen, link.kind == "directConnect", link.gateway in home), link)
        for link in world.links
        if link.up and (link.serves is None or any(source in network for network in link.serves))
        for prefix in link.advertised
        if address in prefix
    )


def to_on_premises(world: World, gateway: str, address: IPv4Address) -> tuple[Link, ...]:
    """The links that a virtual private gateway takes: the longest prefix, then circuits, a static VPN, a VPN with BGP.

    https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNRoutingTypes.html#vpn-route-priority
    """
    return _best(
        ((prefix.prefixlen, link.kind == "directConnect", link.static), link)
        for link in world.links
        if link.up and link.gateway == gateway
        for prefix in link.learned
        if address in prefix
    )


def _best(candidates: Iterable[tuple[tuple[int, ...], Link]]) -> tuple[Link, ...]:
    """All that nothing else is preferred to."""
    ranked = list(candidates)
    best = max((rank for rank, _ in ranked), default=None)
    return tuple(dict.fromkeys(link for rank, link in ranked if rank == best))


def across_transit(world: World, table: str, address: IPv4Address) -> TransitChoice | None:
    """The route that a transit gateway takes: the longest prefix; between equals a static one, then what VPCs, circuits and
    VPNs propagate, in this order.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview
    """
    own = world.transit_tables[table]
    attached = {one.id: one for one in world.attachments if one.gateway == own.gateway}
    candidates: list[tuple[tuple[int, int], TransitChoice]] = []
    for static in own.routes:
        if address in static.destination:
            attachment = attached.get(static.attachment or "")
            behind = tuple(links(world, attachment)) if attachment else ()
            rank = (static.destination.prefixlen, 3)
            candidates.append((rank, TransitChoice(static.destination, attachment, "static", behind)))
    for attachment in (attached[identifier] for identifier in sorted(own.propagating & attached.keys())):
        for block in world.vpcs.get(attachment.resource, ()):
            if address in block:
                candidates.append(((block.prefixlen, 2), TransitChoice(block, attachment, "propagated")))
        # A VPN without BGP has nothing to propagate.
        told = [link for link in links(world, attachment) if link.up and not link.static]
        for prefix in {prefix for link in told for prefix in link.learned if address in prefix}:
            fitting = tuple(link for link in told if prefix in link.learned)
            rank = (prefix.prefixlen, 1 if attachment.kind == "directConnect" else 0)
            candidates.append((rank, TransitChoice(prefix, attachment, "propagated", fitting)))
    return max(candidates, key=lambda one: one[0], default=(None, None))[1]


def links(world: World, attachment: Attachment) -> list[Link]:
    """The links behind an attachment of a transit gateway."""
    return [one for one in world.links if one.gateway == attachment.gateway and attachment.resource in (one.id, one.via)]
