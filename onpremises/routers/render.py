"""The three renderers: FRR with strongSwan, Cisco IOS-XE, Juniper Junos. Templates are to be read beside the vendor's
manual."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from onpremises import facts as known
from onpremises.facts import Router
from onpremises.routers.told import Fact, Says, demand, every, some
from onpremises.text import environment

TEMPLATES = Path(__file__).parent / "templates"
ECP = {19: "ecp256", 20: "ecp384", 21: "ecp521"}
"""Diffie-Hellman groups in strongSwan's words. RFC 5903."""
PRF = {"SHA2-384": "prfsha384", "SHA2-512": "prfsha512"}


def proposals(router: Router) -> dict[str, str]:
    """strongSwan's proposals for what the tunnels of the stack take: nothing wider, for both ends must agree."""
    ike = router.ike
    groups = [ECP[group] for group in ike["phase1_dh_group_numbers"]]
    prfs = [PRF[name] for name in ike["phase1_integrity_algorithms"]]
    return {
        "ike": "-".join(["aes256gcm16", *prfs, *groups]),
        "esp": "-".join(["aes256gcm16", *[ECP[group] for group in ike["phase2_dh_group_numbers"]]]),
    }


@dataclass(frozen=True)
class Platform:
    """One kind of router."""

    key: str
    title: str
    templates: dict[str, str]
    """File name -> template."""
    says: Says
    tested: str
    """What stands behind it, told in the README of the folder."""


def _both(first: str, second: str) -> Callable[[Fact, str], bool]:
    return lambda fact, text: first.format(*fact.values) in text and second.format(*fact.values) in text


def _lent(fact: Fact, text: str) -> bool:
    listed = any("prefix-list LENT seq" in line and f" permit {fact.values[0]} " in line for line in text.splitlines())
    # To circuits as well as to tunnels, before what is the site's own.
    return (
        listed and text.count("match ip address prefix-list LENT\n") > 1 and f"set as-path prepend {fact.values[1]}\n" in text
    )


def _rekeyed(fact: Fact, text: str) -> bool:
    # strongSwan begins anew before the time is over, and gives up once it is.
    seconds = int(fact.values[0])
    early = int(seconds * 0.9)
    return f"rekey_time = {early}s" in text and f"over_time = {seconds - early}s" in text


COMMON: dict[str, Callable[[Fact, str], bool]] = {
    "announced": some,
    "accepted": some,
    "circuit-address": some,
    "circuit-key": every,
    "circuit-mtu": every,
    "tunnel-outside": every,
    "tunnel-inside": every,
    "preshared-key": every,
    "mss": every,
    "community": every,
}
FRR = Platform(
    "frr",
    "FRR with strongSwan (Debian, Ubuntu, RHEL and their kin)",
    {
        "frr.conf": "frr.conf.j2",
        "swanctl.conf": "swanctl.conf.j2",
        "interfaces.sh": "interfaces.sh.j2",
        "mss.nft": "mss.nft.j2",
    },
    {
        **COMMON,
        "most-prefixes": lambda fact, text: f"maximum-prefix {fact.values[0]} " in text,
        "own-asn": lambda fact, text: f"router bgp {fact.values[0]}" in text,
        "lent": _lent,
        "prepended": lambda fact, text: f"set as-path prepend {fact.values[0]}\n" in text,
        "inside-peer": _both("neighbor {0} remote-as {1}", "neighbor {0} bfd"),
        "vlan": lambda fact, text: f"id {fact.values[0]}" in text,
        "circuit-peer": lambda fact, text: f"neighbor {fact.values[0]} remote-as {fact.values[1]}" in text,
        "tunnel-peer": lambda fact, text: f"neighbor {fact.values[0]} remote-as {fact.values[1]}" in text,
        "bfd": _both("receive-interval {0}", "neighbor {2} bfd"),
        "circuit-preference": lambda fact, text: f"set local-preference {fact.values[0]}" in text,
        "tunnel-preference": lambda fact, text: f"set local-preference {fact.values[0]}" in text,
        "hold-time": lambda fact, text: f"timers 10 {fact.values[0]}" in text,
        "dh-group": lambda fact, text: ECP[int(fact.values[0])] in text,
        "encryption": lambda fact, text: "aes256gcm16" in text,
        "ike-lifetime": _rekeyed,
        "esp-lifetime": lambda fact, text: f"life_time = {fact.values[0]}s" in text,
        "dead-peer-detection": lambda fact, text: "dpd_delay = 10s" in text and "dpd_timeout" not in text,
    },
    "both are run in the tests of this project: sessions, filters and failover by FRR, IKE and packets by strongSwan",
)
IOS_XE = Platform(
    "ios-xe",
    "Cisco IOS-XE",
    {"ios-xe.cfg": "ios-xe.cfg.j2"},
    {
        **COMMON,
        "most-prefixes": lambda fact, text: f"maximum-prefix {fact.values[0]} " in text,
        "own-asn": lambda fact, text: f"router bgp {fact.values[0]}" in text,
        "lent": _lent,
        "prepended": lambda fact, text: f"set as-path prepend {fact.values[0]}\n" in text,
        "inside-peer": _both("neighbor {0} remote-as {1}", "neighbor {0} fall-over bfd"),
        "vlan": lambda fact, text: f"encapsulation dot1Q {fact.values[0]}" in text,
        "circuit-peer": lambda fact, text: f"neighbor {fact.values[0]} remote-as {fact.values[1]}" in text,
        "tunnel-peer": lambda fact, text: f"neighbor {fact.values[0]} remote-as {fact.values[1]}" in text,
        "bfd": _both("bfd interval {0} min_rx {0} multiplier {1}", "neighbor {2} fall-over bfd"),
        "circuit-preference": lambda fact, text: f"set local-preference {fact.values[0]}" in text,
        "tunnel-preference": lambda fact, text: f"set local-preference {fact.values[0]}" in text,
        "hold-time": lambda fact, text: f"timers 10 {fact.values[0]}" in text,
        "dh-group": lambda fact, text: any(
            line.split()[:1] == ["group"] and fact.values[0] in line.split() for line in text.splitlines()
        ),
        "encryption": lambda fact, text: "encryption aes-gcm-256" in text and "esp-gcm 256" in text,
        "ike-lifetime": lambda fact, text: f"\n lifetime {fact.values[0]}\n" in text,
        "esp-lifetime": lambda fact, text: f"lifetime seconds {fact.values[0]}\n" in text,
        "dead-peer-detection": lambda fact, text: "dpd 10 3 periodic" in text,
    },
    "rendered from the same facts as FRR's, and tested fact by fact against that; no IOS-XE could be run here",
)
JUNOS = Platform(
    "junos",
    "Juniper Junos (SRX)",
    {"junos.conf": "junos.conf.j2"},
    {
        **COMMON,
        "most-prefixes": lambda fact, text: f"maximum {fact.values[0]};" in text,
        "ike-lifetime": lambda fact, text: f"lifetime-seconds {fact.values[0]};" in text,
        "esp-lifetime": lambda fact, text: f"lifetime-seconds {fact.values[0]};" in text,
        "own-asn": lambda fact, text: f"autonomous-system {fact.values[0]};" in text,
        "lent": lambda fact, text: (
            fact.values[0] in text.partition("prefix-list LENT {")[2].partition("}")[0]
            and text.count(f'as-path-prepend "{fact.values[1]}";') > 1
            and text.count("prefix-list-filter LENT orlonger;") > 1
        ),
        "prepended": lambda fact, text: f'as-path-prepend "{fact.values[0]}";' in text,
        "inside-peer": lambda fact, text: f"neighbor {fact.values[0]};" in text and "type internal;" in text,
        "vlan": lambda fact, text: f"vlan-id {fact.values[0]};" in text,
        "circuit-peer": lambda fact, text: f"neighbor {fact.values[0]} {{" in text and f"peer-as {fact.values[1]};" in text,
        "tunnel-peer": lambda fact, text: f"neighbor {fact.values[0]} {{" in text and f"peer-as {fact.values[1]};" in text,
        "bfd": _both("minimum-interval {0};", "multiplier {1};"),
        "circuit-preference": lambda fact, text: f"local-preference {fact.values[0]};" in text,
        "tunnel-preference": lambda fact, text: f"local-preference {fact.values[0]};" in text,
        "hold-time": lambda fact, text: f"hold-time {fact.values[0]};" in text,
        # Junos takes one group a proposal: as many proposals as groups.
        "dh-group": lambda fact, text: f"dh-group group{fact.values[0]};" in text and f"keys group{fact.values[0]};" in text,
        "encryption": lambda fact, text: text.count("encryption-algorithm aes-256-gcm;") > 1,
        "dead-peer-detection": _both("interval 10;", "threshold 3;"),
    },
    "rendered from the same facts as FRR's, and tested fact by fact against that; no Junos could be run here",
)
PLATFORMS = {platform.key: platform for platform in (FRR, IOS_XE, JUNOS)}


def rendered(router: Router, platform: Platform) -> dict[str, str]:
    """File name -> text, once every fact is said in them."""
    env = environment(TEMPLATES)
    told = {name: getattr(known, name) for name in dir(known) if name.isupper()}
    texts = {
        name: env.get_template(template).render(router=router, proposals=proposals(router), **told)
        for name, template in platform.templates.items()
    }
    demand(router, "\n".join(texts.values()), platform.says, platform.title)
    return texts


def files(of: known.Facts) -> dict[str, str]:
    """Every file of the folder `routers/`."""
    readme = environment(TEMPLATES).get_template("README.md.j2").render(routers=of.routers, platforms=list(PLATFORMS.values()))
    found: dict[str, str] = {"README.md": readme}
    for router in of.routers:
        for platform in PLATFORMS.values():
            for name, text in rendered(router, platform).items():
                found[f"{router.name}/{platform.key}/{name}"] = text
    return found
