"""The generated configuration of a router on FRR itself, between a data centre and stand-ins of AWS's ends."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from onpremises.routers.render import PLATFORMS, rendered
from tests.lab.networks import Lab, lab, lacking, silence, waited
from tests.onpremises.support import of_prod

WHY = lacking("bgpd", "vtysh", "ping", "nft")
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "it can")
ROUTER = replace(of_prod().routers[0], announced=("10.10.0.0/24",))
CIRCUIT, TUNNEL = ROUTER.circuits[0], ROUTER.tunnels[0]
VPC, INSTANCE = "10.64.0.0/16", "10.64.0.10"
DIRECT_CONNECT = f"""
ip prefix-list ALL seq 5 permit any
router bgp {CIRCUIT.amazon_asn}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {CIRCUIT.local_address} remote-as {ROUTER.asn}
 neighbor {CIRCUIT.local_address} password {CIRCUIT.key}
 neighbor {CIRCUIT.local_address} bfd
 address-family ipv4 unicast
  network {VPC}
  network 0.0.0.0/0
  network 10.99.0.0/16
 exit-address-family
bfd
 peer {CIRCUIT.local_address}
  receive-interval 300
  transmit-interval 300
  detect-multiplier 3
"""
GATEWAY = f"""
router bgp {TUNNEL.amazon_asn}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {TUNNEL.inside_local} remote-as {ROUTER.asn}
 neighbor {TUNNEL.inside_local} timers 10 30
 address-family ipv4 unicast
  network {VPC}
 exit-address-family
"""


@pytest.fixture(name="wires", scope="module")
def _wires() -> Iterator[Lab]:
    with lab("hl-") as made:
        for name in ("server", "router", "dx", "vgw"):
            made.host(name)
        made.cable(("server", "eth0", "10.10.0.10/24"), ("router", "lan", "10.10.0.1/24"))
        made.cable(("router", "dx1", CIRCUIT.local), ("dx", "cust", f"{CIRCUIT.peer}/{CIRCUIT.netmask}"))
        made.cable(("router", "ipsec1", f"{TUNNEL.inside_local}/30"), ("vgw", "cust", f"{TUNNEL.inside_peer}/30"))
        made.cable(("dx", "vpc", "10.255.0.1/30"), ("vgw", "vpc", "10.255.0.2/30"))
        made.run("vgw", "ip", "addr", "add", f"{INSTANCE}/32", "dev", "lo")
        made.run("dx", "ip", "route", "add", VPC, "via", "10.255.0.2")
        made.run("server", "ip", "route", "add", "default", "via", "10.10.0.1")
        made.frr("router", rendered(ROUTER, PLATFORMS["frr"])["frr.conf"])
        made.frr("dx", DIRECT_CONNECT)
        made.frr("vgw", GATEWAY)
        # AWS's end takes the circuit's routes first; here a route of the kernel stands for that.
        made.run("vgw", "ip", "route", "add", "10.10.0.0/24", "via", "10.255.0.1", "metric", "5")
        waited(lambda: _way(made) == "dx1", 40, "the session of the circuit has not come up")
        waited(
            lambda: "Established" in made.vtysh("router", f"show bgp neighbors {TUNNEL.inside_peer}"),
            40,
            "nor that of the tunnel",
        )
        yield made


def _way(made: Lab) -> str:
    words = made.run("router", "ip", "route", "show", VPC).split()
    return words[words.index("dev") + 1] if "dev" in words else ""


def test_the_circuit_goes_before_the_tunnel(wires: Lab) -> None:
    assert _way(wires) == "dx1"
    table = wires.vtysh("router", f"show bgp ipv4 unicast {VPC}")
    assert "localpref 200" in table
    assert "localpref 100" in table


def test_neither_a_default_route_nor_a_strange_network_is_taken_from_aws(wires: Lab) -> None:
    routes = wires.run("router", "ip", "route", "show", "proto", "bgp")
    assert [line.split()[0] for line in routes.splitlines()] == [VPC]


def test_aws_is_told_of_the_data_centre_alone_and_prefers_the_circuit(wires: Lab) -> None:
    told = wires.vtysh("dx", "show bgp ipv4 unicast neighbors " + CIRCUIT.local_address + " routes")
    assert "10.10.0.0/24" in told
    assert "Displayed  1 routes" in told
    assert "7224:7300" in wires.vtysh("dx", "show bgp ipv4 unicast 10.10.0.0/24")


def test_a_silently_cut_circuit_is_left_within_seconds_and_taken_again(wires: Lab) -> None:
    answers = wires.folder / "ping.txt"
    ping = wires.start("server", "ping", "-D", "-i", "0.05", "-W", "1", "-c", "200", INSTANCE, out=answers)
    waited(lambda: answers.read_text().count("64 bytes") > 10, 10, "nothing answers")
    cut = "add table inet cut; " + "; ".join(
        f'add chain inet cut {hook} {{ type filter hook {hook} priority -300; }}; add rule inet cut {hook} {side} "dx1" drop'
        for hook, side in (("input", "iifname"), ("output", "oifname"), ("forward", "oifname"))
    )
    wires.run("router", "nft", cut)
    # The way back within AWS follows its own end of the session.
    waited(
        lambda: "10.10.0.0/24" not in wires.run("dx", "ip", "route", "show", "proto", "bgp"), 20, "AWS's end has not noticed"
    )
    wires.run("vgw", "ip", "route", "del", "10.10.0.0/24", "via", "10.255.0.1", "metric", "5")
    waited(lambda: _way(wires) == "ipsec1", 20, "the tunnel was not taken")
    assert ping.wait(60) is not None
    # BFD notices within 0.9 s; the bound leaves room for a busy machine. The hold timer alone would take 90.
    assert silence(answers) < 10
    wires.run("router", "nft", "delete table inet cut")
    waited(lambda: _way(wires) == "dx1", 60, "the circuit was not taken again")
