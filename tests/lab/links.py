"""The links of prod as they stand: the generated configuration on both routers, a core and servers behind them, AWS's ends.

AWS's ends are one FRR with AWS's behaviour: its ASNs and timers, BFD on circuits, no more networks than it takes, the longest
prefix, then circuits in the order of their communities, then tunnels by the shortest path, one of them at a time.
"""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from onpremises.facts import BFD_MILLISECONDS, BFD_MULTIPLIER, COMMUNITIES, MOST_PREFIXES, Router
from onpremises.routers.render import PLATFORMS, rendered
from tests.lab.networks import Lab, lab, waited
from tests.onpremises.support import of_prod

ROUTERS = of_prod().routers
VPC, INSTANCE = "10.64.0.0/16", "10.64.0.10"
SERVERS = {"server-1": "10.10.5.10", "server-2": "10.11.5.10"}
CORE, AT = "10.10.0.1", {"seoul-1": "10.10.0.2", "seoul-2": "10.10.0.3"}
"""The addresses that `insidePeers` of prod names."""
DIRECT_CONNECT_HOLD_SECONDS = 90
FLOWS = tuple((server, INSTANCE) for server in SERVERS) + tuple(("instance", address) for address in SERVERS.values())
EVERY_SECONDS = 0.02
"""How often each flow asks: what the figures are exact to."""
STRANGE = ("0.0.0.0/0", "10.99.0.0/16")
"""What AWS's end announces beside the VPC, and no router may take."""
WATCHED = """
table inet ways {
    set came { type ifname . ipv4_addr; flags dynamic; }
    set left { type ifname . ipv4_addr; flags dynamic; }
    chain pre {
        type filter hook prerouting priority 0;
        iifname != "vpc" meta l4proto icmp add @came { iifname . ip saddr }
    }
    chain post {
        type filter hook postrouting priority 0;
        oifname != "vpc" meta l4proto icmp add @left { oifname . ip daddr }
    }
}
"""


@dataclass(frozen=True)
class Link:
    """A circuit or a tunnel."""

    router: str
    end: str
    """The router's interface."""
    there: str
    """AWS's interface."""
    local: str
    peer: str
    asn: int
    key: str


def circuits(router: Router, position: int) -> list[Link]:
    """Those of a router."""
    return [
        Link(router.name, f"dx{number}", f"c{position}{number}", one.local_address, one.peer, one.amazon_asn, one.key)
        for number, one in enumerate(router.circuits, 1)
    ]


def tunnels(router: Router, position: int) -> list[Link]:
    """Those of a router, their insides: what carries them is tried by itself."""
    return [
        Link(
            router.name,
            f"ipsec{one.number}",
            f"t{position}{one.number}",
            one.inside_local,
            one.inside_peer,
            one.amazon_asn,
            "",
        )
        for one in router.tunnels
    ]


CIRCUITS = [link for position, router in enumerate(ROUTERS) for link in circuits(router, position)]
TUNNELS = [link for position, router in enumerate(ROUTERS) for link in tunnels(router, position)]


def amazon() -> str:
    """AWS's ends."""
    asn = TUNNELS[0].asn
    lines = ["frr defaults traditional", "hostname aws"]
    for preference, community in zip((300, 250, 220), COMMUNITIES, strict=True):
        lines += [
            f"bgp community-list standard C{preference} permit {community}",
            f"route-map CIRCUIT permit {400 - preference}",
        ]
        lines += [f" match community C{preference}", f" set local-preference {preference}"]
    lines += ["route-map CIRCUIT permit 500", " set local-preference 240"]
    # One tunnel of a connection goes before the other, and AWS tells the router so.
    for number in (1, 2):
        lines += [f"route-map TUNNEL-{number}-IN permit 10", f" set metric {100 * number}"]
        lines += [f"route-map TUNNEL-{number}-OUT permit 10", f" set metric {100 * number}"]
    lines += [f"router bgp {asn}", " no bgp ebgp-requires-policy", " no bgp network import-check"]
    for link in [*CIRCUITS, *TUNNELS]:
        lines.append(f" neighbor {link.local} remote-as {ROUTERS[0].asn}")
        if link in CIRCUITS:
            lines += [f" neighbor {link.local} local-as {link.asn} no-prepend replace-as", f" neighbor {link.local} bfd"]
            hold = DIRECT_CONNECT_HOLD_SECONDS
            lines += [f" neighbor {link.local} timers {hold // 3} {hold}", f" neighbor {link.local} password {link.key}"]
        else:
            lines.append(f" neighbor {link.local} timers 10 30")
    lines += [" address-family ipv4 unicast", *(f"  network {one}" for one in (VPC, *STRANGE))]
    for link in [*CIRCUITS, *TUNNELS]:
        lines.append(f"  neighbor {link.local} maximum-prefix {MOST_PREFIXES}")
        if link in CIRCUITS:
            lines.append(f"  neighbor {link.local} route-map CIRCUIT in")
        else:
            number = TUNNELS.index(link) % 2 + 1
            lines += [f"  neighbor {link.local} route-map TUNNEL-{number}-{way.upper()} {way}" for way in ("in", "out")]
    lines += [" exit-address-family", *_bfd(link.local for link in CIRCUITS)]
    return "\n".join(lines) + "\n"


def core() -> str:
    """What stands for the data centre's own network: a switch that speaks BGP, and tells of its networks."""
    own = ROUTERS[0]
    lines = ["frr defaults traditional", "hostname core", f"router bgp {own.asn}", " no bgp network import-check"]
    for address in AT.values():
        lines += [
            f" neighbor {address} remote-as {own.asn}",
            f" neighbor {address} bfd",
            f" neighbor {address} timers connect 10",
        ]
    lines += [" address-family ipv4 unicast", *(f"  network {one}" for one in own.announced), " exit-address-family"]
    return "\n".join([*lines, *_bfd(AT.values())]) + "\n"


def _bfd(peers: Iterable[str]) -> list[str]:
    lines = ["bfd"]
    for peer in peers:
        lines += [f" peer {peer}", f"  receive-interval {BFD_MILLISECONDS}", f"  transmit-interval {BFD_MILLISECONDS}"]
        lines.append(f"  detect-multiplier {BFD_MULTIPLIER}")
    return lines


class Links:
    """The links of prod in a lab, and every flow across them."""

    def __init__(self, made: Lab) -> None:
        self.lab = made
        for name in ("core", "aws", "instance", *SERVERS, *AT):
            made.host(name)
        inside = [("core", "lan", f"{CORE}/24"), *((name, "lan", f"{address}/24") for name, address in AT.items())]
        made.switch("lan", inside)
        for number, (name, address) in enumerate(SERVERS.items(), 1):
            gateway = address.rsplit(".", 1)[0] + ".1"
            made.cable((name, "eth0", f"{address}/24"), ("core", f"servers{number}", f"{gateway}/24"))
            made.run(name, "ip", "route", "add", "default", "via", gateway)
        made.cable(("instance", "eth0", f"{INSTANCE}/24"), ("aws", "vpc", "10.64.0.1/24"))
        made.run("instance", "ip", "route", "add", "default", "via", "10.64.0.1")
        for link in [*CIRCUITS, *TUNNELS]:
            made.cable((link.router, link.end, f"{link.local}/30"), ("aws", link.there, f"{link.peer}/30"))
        for router in ROUTERS:
            made.frr(router.name, rendered(router, PLATFORMS["frr"])["frr.conf"])
        made.frr("core", core())
        made.frr("aws", amazon())
        made.run("aws", "nft", WATCHED)
        waited(self.whole, 60, lambda: made.vtysh("aws", "show bgp summary"))
        waited(lambda: CORE in made.vtysh("seoul-2", "show bgp ipv4 unicast 10.10.0.0/16"), 60, "the core tells of no network")
        self.files: dict[tuple[str, str], Path] = {}
        for number, (source, target) in enumerate(FLOWS):
            file = made.folder / f"flow{number}"
            # -O is left out: a question without an answer says nothing, so that silence is what is seen.
            made.start(source, "ping", "-D", "-n", "-i", str(EVERY_SECONDS), target, out=file)
            self.files[source, target] = file

    def up(self) -> int:
        """How many sessions AWS's end has."""
        return len(re.findall(r"^\S+ +4 .* \d+ +\d+ N/A$", self.lab.vtysh("aws", "show bgp summary"), re.MULTILINE))

    def whole(self) -> bool:
        """Whether that is all of them."""
        return self.up() == len(CIRCUITS) + len(TUNNELS)

    def silences(self, since: float) -> dict[tuple[str, str], float]:
        """Of each flow the longest time between two answers from a moment on, in seconds."""
        now = time.time()
        return {flow: _longest(file, since, now) for flow, file in self.files.items()}

    def back(self) -> bool:
        """Whether every flow has had an answer in the last tenth of a second."""
        return max(self.silences(time.time() - 0.3).values()) < 0.2

    def ways(self) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        """By which of AWS's interfaces each server's packets come now, and by which its answers leave."""
        for name in ("came", "left"):
            self.lab.run("aws", "nft", "flush", "set", "inet", "ways", name)
        time.sleep(0.5)
        came, left = (
            {
                (end, server)
                for end, server in re.findall(
                    r'"(\w+)" \. ([\d.]+)', self.lab.run("aws", "nft", "list", "set", "inet", "ways", name)
                )
                if server in SERVERS.values()
            }
            for name in ("came", "left")
        )
        return came, left

    def silence(self, router: str, *ends: str) -> None:
        """Cut interfaces of a router so that nobody is told: they stay up, and nothing passes. None named: all of them."""
        rules = ["add table inet cut"]
        for hook, side in (("prerouting", "iifname"), ("postrouting", "oifname")):
            rules.append(f"add chain inet cut {hook} {{ type filter hook {hook} priority -400; }}")
            rules += [f'add rule inet cut {hook} {side} "{end}" drop' for end in ends]
            rules += [] if ends else [f"add rule inet cut {hook} drop"]
        self.lab.run(router, "nft", "; ".join(rules))

    def heal(self, *routers: str) -> None:
        """Undo what was cut silently."""
        for router in routers:
            self.lab.run(router, "nft", "delete table inet cut")

    def unplug(self, link: Link, *, back: bool = False) -> None:
        """Cut a circuit so that both ends see it at once, or plug it in again."""
        self.lab.run(link.router, "ip", "link", "set", link.end, "up" if back else "down")


def _longest(file: Path, since: float, until: float) -> float:
    found = (float(one) for one in re.findall(r"^\[([\d.]+)\] \d+ bytes", file.read_text(), re.MULTILINE))
    times = [since, *(one for one in found if since < one < until), until]
    return max(after - before for before, after in pairwise(times))


@contextmanager
def links() -> Iterator[Links]:
    """The links of prod, up and in use."""
    with lab() as made:
        yield Links(made)
