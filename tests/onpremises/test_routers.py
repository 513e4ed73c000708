"""The three renderings: each says every fact, FRR's to the daemons themselves."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from onpremises import names
from onpremises.facts import Missing, Router, facts
from onpremises.names import own_domains
from onpremises.routers.render import ECP, PLATFORMS, rendered
from onpremises.routers.told import Fact, Untold, bare, demand, facts_of
from tests.onpremises.support import of_prod, region, secret

ROUTERS = of_prod().routers
ALL: dict[str, Callable[[Fact, str], bool]] = {kind: lambda _fact, _text: True for kind in PLATFORMS["frr"].says}
"""Says everything."""


@pytest.mark.parametrize("router", ROUTERS, ids=lambda router: router.name)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_fact_of_a_router_is_said_on_every_platform(router: Router, platform: str) -> None:
    assert set(rendered(router, PLATFORMS[platform]))


WORDS: dict[tuple[str, str], Callable[[str], str]] = {
    ("frr", "dh-group"): lambda value: ECP[int(value)],
    ("frr", "encryption"): lambda _: "aes256gcm16",
    ("frr", "dead-peer-detection"): lambda _: "dpd_delay",
    ("frr", "ike-lifetime"): lambda _: "over_time",
    ("frr", "esp-lifetime"): lambda value: f"{value}s",
    ("frr", "hold-time"): lambda value: f"timers 10 {value}",
    ("ios-xe", "encryption"): lambda _: "esp-gcm",
    ("ios-xe", "dead-peer-detection"): lambda _: "dpd",
    ("junos", "dh-group"): lambda value: f"group{value}",
    ("junos", "encryption"): lambda _: "encryption-algorithm",
    ("junos", "dead-peer-detection"): lambda _: "threshold",
}
"""How a platform spells what stands otherwise in the fact."""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_renderer_that_leaves_a_fact_out_or_says_it_in_a_comment_only_fails(platform: str) -> None:
    router = ROUTERS[0]
    lines = bare("\n".join(rendered(router, PLATFORMS[platform]).values())).splitlines()
    assert {fact.kind for fact in facts_of(router)} | {"lent"} == set(PLATFORMS[platform].says)
    for fact in facts_of(router):
        spelled = WORDS.get((platform, fact.kind), str)
        words = re.compile("|".join(rf"(?<![\w.]){re.escape(spelled(value))}(?![\w.])" for value in fact.values))
        others = [line for line in lines if not words.search(line)]
        assert len(others) < len(lines), fact
        with pytest.raises(Untold):
            demand(router, "\n".join(others), ALL | {fact.kind: PLATFORMS[platform].says[fact.kind]}, platform)
        comments = [f"! {line}" for line in lines if words.search(line)]
        with pytest.raises(Untold):
            demand(router, "\n".join([*others, *comments]), ALL | {fact.kind: PLATFORMS[platform].says[fact.kind]}, platform)


def test_a_fact_that_a_renderer_does_not_know_of_is_not_passed_over() -> None:
    with pytest.raises(Untold, match="no way to say own-asn"):
        demand(ROUTERS[0], "", {}, "nothing")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_neither_direction_lets_a_default_route_through(platform: str) -> None:
    text = "\n".join(rendered(ROUTERS[0], PLATFORMS[platform]).values())
    allowed = re.findall(r"permit (\S+) le 32|^\s+(\d+\.\d+\.\d+\.\d+/\d+);$", text, re.MULTILINE)
    networks = {one or other for one, other in allowed}
    assert networks == set(ROUTERS[0].announced) | set(ROUTERS[0].accepted)
    assert not any(network.endswith("/0") for network in networks)


def test_circuits_go_to_the_routers_of_their_asn_in_their_order() -> None:
    assert [[circuit.name for circuit in router.circuits] for router in ROUTERS] == [["seoul-kinx"], ["seoul-icn10"]]


def test_circuits_and_tunnels_of_a_site_go_in_one_order_on_both_sides() -> None:
    (first,), (second,) = (router.circuits for router in ROUTERS)
    assert [(one.preference, one.community) for one in (first, second)] == [(200, "7224:7300"), (190, "7224:7200")]
    assert [(router.tunnel_preference, router.prepended) for router in ROUTERS] == [(100, 1), (90, 2)]
    # Each region, and each site, has an order of its own.
    both = facts([region("prod"), region("dr")], secret)
    assert [one.rank for router in both.routers for one in router.circuits] == [0, 1]
    of_sites = facts([region("tests/rehearsal/stacks/sites.yaml")], secret)
    assert [(router.rank, [one.rank for one in router.circuits]) for router in of_sites.routers] == [(0, [0]), (0, [0])]


def test_frames_are_jumbo_by_a_transit_gateway_alone_and_only_where_a_circuit_takes_them() -> None:
    def mtus(edit: str) -> list[int]:
        return [one.mtu for router in facts([region(f"prod{edit}")], secret).routers for one in router.circuits]

    transit = "+network.hub=transitGateway"
    assert mtus("") == [1500, 1500]
    assert mtus(transit) == [8500, 8500]
    assert mtus(f"{transit}+directConnect.connections[1].jumboFrames=false") == [8500, 1500]


def test_routers_exchange_routes_with_whom_the_stack_file_names_inside() -> None:
    assert [router.inside for router in ROUTERS] == [("10.10.0.1", "10.10.0.3"), ("10.10.0.1", "10.10.0.2")]
    for platform in PLATFORMS.values():
        text = "\n".join(rendered(replace(ROUTERS[0], inside=()), platform).values())
        assert "INSIDE" not in text


def test_the_tunnels_of_both_regions_end_at_the_same_routers() -> None:
    both = facts([region("prod"), region("dr")], secret)
    assert [tunnel.number for tunnel in both.routers[0].tunnels] == [1, 2, 3, 4]
    assert {tunnel.region for tunnel in both.routers[0].tunnels} == {"ap-northeast-2", "ap-northeast-1"}
    assert len(both.routers[0].accepted) == 2


def test_outputs_of_a_program_that_was_deployed_earlier_are_told_in_words() -> None:
    with pytest.raises(Missing, match=r"outputs of prod have no vpnTunnels of seoul-1; deploy this version"):
        facts([region("prod", vpnTunnels=None)], secret)


def test_a_router_with_many_networks_stays_below_what_aws_takes() -> None:
    router = replace(ROUTERS[0], announced=("10.0.0.0/8",))
    assert "permit 10.0.0.0/8 le 32" in rendered(router, PLATFORMS["frr"])["frr.conf"]


@pytest.mark.skipif(not shutil.which("vtysh"), reason="FRR is not installed (Debian: frr)")
@pytest.mark.parametrize("router", ROUTERS, ids=lambda router: router.name)
def test_frr_takes_its_configuration_as_a_whole(router: Router, tmp_path: Path) -> None:
    path = tmp_path / "frr.conf"
    path.write_text(rendered(router, PLATFORMS["frr"])["frr.conf"])
    done = subprocess.run(["vtysh", "-C", "-f", str(path)], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("nft"), reason="nftables is not installed (Debian: nftables)")
def test_nftables_takes_the_clamping_of_segments(tmp_path: Path) -> None:
    path = tmp_path / "mss.nft"
    path.write_text(rendered(ROUTERS[0], PLATFORMS["frr"])["mss.nft"])
    done = subprocess.run(["nft", "-c", "-f", str(path)], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


def test_braces_of_junos_are_closed() -> None:
    text = re.sub(r"/\*.*?\*/", "", rendered(ROUTERS[0], PLATFORMS["junos"])["junos.conf"], flags=re.DOTALL)
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    assert all(line.rstrip().endswith((";", "{", "}")) for line in text.splitlines() if line.strip())


def test_a_router_of_one_of_several_sites_has_its_circuits_and_announces_its_networks_and_those_behind() -> None:
    of_sites = facts([region("tests/rehearsal/stacks/sites.yaml")], secret)
    assert {router.name: ([circuit.name for circuit in router.circuits], router.announced) for router in of_sites.routers} == {
        "pangyo-1": (["kinx"], ("10.10.0.0/16", "10.12.0.0/24")),
        "busan-1": (["hosted"], ("10.11.0.0/16", "192.168.0.0/17", "10.12.0.0/24")),
    }


@pytest.mark.parametrize("platform", PLATFORMS)
def test_of_a_network_behind_two_sites_the_first_one_goes_first(platform: str) -> None:
    first, second = facts([region("tests/rehearsal/stacks/sites.yaml")], secret).routers
    assert (first.lent, second.lent) == ((), ("10.12.0.0/24",))
    texts = ["\n".join(rendered(one, PLATFORMS[platform]).values()) for one in (first, second)]
    assert ["LENT" in text for text in texts] == [False, True]
    for fact in facts_of(second):
        if fact.kind == "lent":
            with pytest.raises(Untold):
                demand(second, texts[1].replace("LENT", "TO-AWS"), ALL | {"lent": PLATFORMS[platform].says["lent"]}, platform)


@pytest.mark.skipif(not shutil.which("vtysh"), reason="FRR is not installed (Debian: frr)")
def test_frr_takes_what_a_second_site_says(tmp_path: Path) -> None:
    (_, second) = facts([region("tests/rehearsal/stacks/sites.yaml")], secret).routers
    path = tmp_path / "frr.conf"
    path.write_text(rendered(second, PLATFORMS["frr"])["frr.conf"])
    done = subprocess.run(["vtysh", "-C", "-f", str(path)], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr


def test_a_key_that_aws_has_made_comes_from_the_outputs() -> None:
    told = region("tests/rehearsal/stacks/sites.yaml", directConnectBgpKeys={"kinx": "key-that-aws-made"})
    (circuit,) = facts([told], secret).routers[0].circuits
    assert circuit.key == "key-that-aws-made"


def test_what_aws_asks_each_site_for_is_told_to_its_name_servers() -> None:
    asked = dict(own_domains(region("tests/rehearsal/stacks/sites.yaml").settings))
    assert asked["corp.example"] == ["10.10.0.53", "10.11.0.53", "10.11.0.54"]
    assert asked["10.10.in-addr.arpa"] == ["10.10.0.53", "10.10.0.54", "10.10.0.55"]
    page = names.files(facts([region("tests/rehearsal/stacks/sites.yaml")], secret))["README.md"]
    assert "from 10.20.0.0/16, by UDP and TCP on port 53" in page
    assert "| `corp.example` | 10.10.0.53, 10.11.0.53, 10.11.0.54 |" in page
