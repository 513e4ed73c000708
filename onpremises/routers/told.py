"""Which facts a configuration has to say, and whether it does: a renderer that leaves one out fails."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

from onpremises.facts import (
    BFD_MILLISECONDS,
    BFD_MULTIPLIER,
    MOST_PREFIXES,
    TUNNEL_MSS,
    VPN_HOLD_SECONDS,
    Router,
)


@dataclass(frozen=True)
class Fact:
    """One thing that both ends have to agree on."""

    kind: str
    subject: str
    """The circuit, tunnel or network that it is about."""
    values: tuple[str, ...]


class Untold(Exception):
    """A renderer has not said a fact. A fault of the template, found by a test."""


def facts_of(router: Router) -> Iterator[Fact]:
    """Every fact of a router."""
    yield Fact("own-asn", router.name, (str(router.asn),))
    for network in router.announced:
        yield Fact("announced", network, _spelled(network))
    for network in router.lent:
        yield Fact("lent", network, (network, " ".join([str(router.asn)] * router.prepended_to_lent)))
    for network in router.accepted:
        yield Fact("accepted", network, _spelled(network))
    yield Fact("most-prefixes", router.name, (str(MOST_PREFIXES),))
    for circuit in router.circuits:
        yield Fact("vlan", circuit.name, (str(circuit.vlan),))
        yield Fact("circuit-address", circuit.name, (circuit.local_address, circuit.local, circuit.netmask))
        yield Fact("circuit-peer", circuit.name, (circuit.peer, str(circuit.amazon_asn)))
        yield Fact("circuit-key", circuit.name, (circuit.key,))
        yield Fact("circuit-mtu", circuit.name, (str(circuit.mtu),))
        yield Fact("bfd", circuit.name, (str(BFD_MILLISECONDS), str(BFD_MULTIPLIER), circuit.peer))
        yield Fact("circuit-preference", circuit.name, (str(circuit.preference),))
        yield Fact("community", circuit.name, (circuit.community,))
    for tunnel in router.tunnels:
        yield Fact("tunnel-outside", tunnel.name, (tunnel.outside_peer, tunnel.outside_local))
        yield Fact("tunnel-inside", tunnel.name, (tunnel.inside_local, tunnel.inside_peer))
        yield Fact("tunnel-peer", tunnel.name, (tunnel.inside_peer, str(tunnel.amazon_asn)))
        yield Fact("preshared-key", tunnel.name, (tunnel.key,))
        yield Fact("tunnel-preference", tunnel.name, (str(router.tunnel_preference),))
        yield Fact("hold-time", tunnel.name, (str(VPN_HOLD_SECONDS),))
    for peer in router.inside:
        yield Fact("inside-peer", peer, (peer, str(router.asn)))
    if router.tunnels:
        yield Fact("prepended", router.name, (" ".join([str(router.asn)] * router.prepended),))
        yield Fact("mss", router.name, (str(TUNNEL_MSS),))
        yield Fact("ike-lifetime", router.name, (str(router.ike["phase1_lifetime_seconds"]),))
        yield Fact("esp-lifetime", router.name, (str(router.ike["phase2_lifetime_seconds"]),))
        for group in router.ike["phase1_dh_group_numbers"]:
            yield Fact("dh-group", str(group), (str(group),))
        yield Fact("encryption", router.name, tuple(router.ike["phase1_encryption_algorithms"]))
        yield Fact("dead-peer-detection", router.name, (str(router.ike["dpd_timeout_seconds"]),))


def _spelled(network: str) -> tuple[str, ...]:
    one = IPv4Network(network)
    return network, f"{one.network_address} {one.netmask}", f"{one.network_address}/{one.prefixlen}"


Says = Mapping[str, Callable[[Fact, str], bool]]
"""For each kind of fact, whether a configuration says one of them."""


def bare(text: str) -> str:
    """A configuration without its comments: what is said there alone, no router does."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(^|\s)[!#](?![!/]).*$", "", text, flags=re.MULTILINE)


def demand(router: Router, text: str, says: Says, platform: str) -> None:
    """Raise Untold for the first fact that the text does not say but in comments, or that the renderer does not know."""
    text = bare(text)
    for fact in facts_of(router):
        check = says.get(fact.kind)
        if check is None:
            raise Untold(f"{platform} has no way to say {fact.kind}")
        if not check(fact, text):
            raise Untold(f"{platform} does not say {fact.kind} of {fact.subject}")


def every(fact: Fact, text: str) -> bool:
    """All the values stand in it."""
    return all(value in text for value in fact.values)


def some(fact: Fact, text: str) -> bool:
    """One of the spellings stands in it."""
    return any(value in text for value in fact.values if value)
