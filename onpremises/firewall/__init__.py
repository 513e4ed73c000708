"""What must be open at the edge of the data centre, derived from what the reachability proof holds the stack to: a table for
people,
CSV, and rules for nftables."""

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple
from ipaddress import IPv4Network, collapse_addresses
from pathlib import Path

from onpremises.facts import Facts, Region, Router
from onpremises.firewall.beside import beside
from onpremises.firewall.opening import Opening
from onpremises.text import environment
from proofs.reachability.expected import expected
from proofs.reachability.traffic import EVERYTHING, TrafficSet

__all__ = ["Opening", "as_csv", "files", "openings", "spelled"]
NAMES = {
    "hosts": "hosts and containers",
    "loadBalancer": "the load balancer",
    "endpoint": "endpoints of AWS's services",
    "database": "the database",
    "replica": "the read replicas",
    "files": "the file system",
    "resolverInbound": "the inbound resolver",
    "resolverOutbound": "the outbound resolver",
    "migration": "the replication instance",
    "directory": "the AD Connector",
    "clientVpn": "users of the Client VPN",
}
"""What the proof calls a party -> what the owner of a firewall calls it."""
WHOLE = (0, 65_535)
README = """# Firewall

`matrix.md` to read, `matrix.csv` for spreadsheets and firewall managers, `hybridge.nft` for routers that speak nftables.
Derived from what the reachability proof holds the stack to.
"""


def openings(of: Facts) -> list[Opening]:
    """All of them, sorted, each once."""
    found = set(_of_routers(of))
    for region in of.regions:
        found |= set(_of_stack(region))
    return sorted(found)


IPSEC = (("udp", "500", "IKE"), ("esp", "", "ESP"), ("udp", "4500", "both behind a translated address"))
BGP, BFD = ("tcp", "179", "BGP"), ("udp", "3784-3785", "BFD")


def _of_routers(of: Facts) -> Iterator[Opening]:
    for router in of.routers:
        for tunnel in router.tunnels:
            yield from _link(router, f"tunnel {tunnel.name}", (tunnel.outside_local, tunnel.outside_peer), *IPSEC)
            yield from _link(router, f"tunnel {tunnel.name}", (tunnel.inside_local, tunnel.inside_peer), BGP)
        for circuit in router.circuits:
            yield from _link(router, f"circuit {circuit.name}", (circuit.local_address, circuit.peer), BGP, BFD)


def _link(router: Router, way: str, ends: tuple[str, str], *spoken: tuple[str, str, str]) -> Iterator[Opening]:
    local, peer = ends
    for protocol, ports, why in spoken:
        # Either end may begin: AWS dials first.
        yield Opening("both ways", router.name, (local,), way, (peer,), protocol, ports, why, "always")


def _of_stack(region: Region) -> Iterator[Opening]:
    settings, vpc = region.settings, (region.cidr,)
    inside = tuple(settings.on_premises.cidrs)
    for intent in expected(settings).intents:
        if "onPremises" not in (intent.source, intent.target) or intent.source == intent.target:
            continue
        outward = intent.source == "onPremises"
        part = tuple(map(str, collapse_addresses(intent.networks))) if intent.networks else inside
        party = intent.target if outward else intent.source
        other = NAMES.get(party, party)
        needed = "during the migration" if intent.setting.startswith("migration") else "always"
        for protocol, ports in spelled(intent.traffic):
            if outward:
                yield Opening("to AWS", "on-premises", part, other, vpc, protocol, ports, intent.setting, needed)
            else:
                yield Opening("from AWS", other, vpc, "on-premises", part, protocol, ports, intent.setting, needed)
    yield from beside(settings)


def spelled(traffic: TrafficSet) -> Iterator[tuple[str, str]]:
    """Protocol and ports of a set of traffic, a pair for each run of ports."""
    if traffic == EVERYTHING:
        yield "any", ""
        return
    for protocol, intervals in traffic.intervals:
        for low, high in intervals:
            yield str(protocol), "" if (low, high) == WHOLE else str(low) if low == high else f"{low}-{high}"


def as_csv(lines: list[Opening]) -> str:
    """For spreadsheets and firewall managers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["direction", "who", "from", "to whom", "to", "protocol", "ports", "why", "needed"])
    for line in lines:
        writer.writerow([" ".join(part) if isinstance(part, tuple) else part for part in astuple(line)])
    return out.getvalue()


def files(of: Facts) -> dict[str, str]:
    """The matrix three times: for people, for spreadsheets, for nftables."""
    lines = openings(of)
    env = environment(Path(__file__).parent / "templates")
    judged = [line for line in lines if line.direction in {"from AWS", "to AWS"}]
    vpcs = [str(one) for one in collapse_addresses(IPv4Network(region.cidr) for region in of.regions)]
    return {
        "README.md": README,
        "matrix.csv": as_csv(lines),
        "matrix.md": env.get_template("matrix.md.j2").render(lines=lines),
        "hybridge.nft": env.get_template("nftables.j2").render(
            lines=judged, vpcs=vpcs, inside=of.primary.settings.on_premises.cidrs
        ),
    }
