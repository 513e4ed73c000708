"""The generated configuration of both routers on FRR itself: what goes first, what is told and taken, and what a failure costs.

The bounds are those that a busy machine does not break; `make lab` measures how long it really takes.
"""

import time
from collections.abc import Iterator

import pytest

from proofs.drills.figures import DIRECT_CONNECT_HOLD_SECONDS, VPN_HOLD_SECONDS, measurements
from tests.lab.links import CIRCUITS, ROUTERS, STRANGE, TUNNELS, VPC, Links, links
from tests.lab.measure import ALL, BOTH, CIRCUIT, CIRCUIT_TOLD, ROUTER, SITE, TUNNEL, Failure, Measured, measured
from tests.lab.networks import lacking, waited

WHY = lacking("bgpd", "vtysh", "ping", "nft")
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "it can")
SOON = 10
"""Seconds: BFD notices within one, the hold timer of a circuit only within 90."""
QUICK = [one for one in ALL if one.name in {CIRCUIT, CIRCUIT_TOLD, ROUTER, BOTH}]


@pytest.fixture(name="wires", scope="module")
def _wires() -> Iterator[Links]:
    with links() as made:
        yield made


def test_neither_a_default_route_nor_a_strange_network_is_taken_from_aws(wires: Links) -> None:
    assert all(one in wires.lab.vtysh("aws", "show bgp ipv4 unicast") for one in STRANGE)
    for router in ROUTERS:
        routes = wires.lab.run(router.name, "ip", "route", "show", "proto", "bgp").splitlines()
        assert {line.split()[0] for line in routes} == {VPC, *router.announced}


def test_aws_is_told_of_the_data_centre_alone_and_of_the_order_of_circuits(wires: Links) -> None:
    for link, community in zip(CIRCUITS, ("7224:7300", "7224:7200"), strict=True):
        told = wires.lab.vtysh("aws", f"show bgp ipv4 unicast neighbors {link.local} routes")
        assert f"Displayed  {len(ROUTERS[0].announced)} routes" in told
        assert community in wires.lab.vtysh("aws", f"show bgp ipv4 unicast {ROUTERS[0].announced[0]}")


def test_circuits_go_first_then_tunnels_in_one_order_on_both_sides(wires: Links) -> None:
    assert wires.ways()[0] == wires.ways()[1] == {(CIRCUITS[0].there, "10.10.5.10"), (CIRCUITS[0].there, "10.11.5.10")}
    preferred = [wires.lab.vtysh(router.name, f"show bgp ipv4 unicast {VPC}") for router in ROUTERS]
    assert ["localpref 200" in preferred[0], "localpref 100" in preferred[0]] == [True, True]
    assert ["localpref 190" in preferred[1], "localpref 90" in preferred[1]] == [True, True]


def test_maintenance_leads_both_sides_to_the_other_router_before_anything_is_unplugged(wires: Links) -> None:
    first = ROUTERS[0]

    def told(no: str, community: str) -> None:
        session = f"router bgp {first.asn}", f"{no}bgp graceful-shutdown", "exit"
        way = "route-map TO-CIRCUIT-1 permit 10", f"set community {community} additive"
        wires.lab.vtysh(first.name, "configure terminal", *session, *way)

    for no, community, end in (("", "7224:7100", CIRCUITS[1].there), ("no ", "7224:7300", CIRCUITS[0].there)):
        since = time.time()
        told(no, community)
        waited(lambda end=end: {one for one, _ in wires.ways()[0] | wires.ways()[1]} == {end}, 20, lambda: str(wires.ways()))  # type: ignore[misc]
        assert max(wires.silences(since).values()) < SOON / 5


@pytest.mark.parametrize("failure", QUICK, ids=lambda failure: failure.name)
def test_a_failure_is_left_within_seconds_by_one_way_and_its_end_costs_less(wires: Links, failure: Failure) -> None:
    failed, ended = measured(wires, (failure,))
    assert failed == Measured(failure.name, failed.seconds, failure.left)
    assert ended == Measured(f"{failure.name}: its end", ended.seconds, CIRCUITS[0].there)
    assert failed.seconds < SOON < DIRECT_CONNECT_HOLD_SECONDS
    assert ended.seconds < SOON


def test_a_dead_tunnel_is_left_for_the_other_once_its_hold_time_is_over(wires: Links) -> None:
    (tunnel,) = [one for one in ALL if one.name == TUNNEL]
    failed, ended = measured(wires, (tunnel,))
    assert (failed.way, ended.way) == (TUNNELS[1].there, TUNNELS[0].there)
    # Its last sign of life is up to ten seconds old when it dies.
    assert VPN_HOLD_SECONDS - 10 - SOON / 2 < failed.seconds < VPN_HOLD_SECONDS + SOON
    assert ended.seconds < SOON


def test_what_was_measured_last_is_every_failure_of_the_lab() -> None:
    names = {name for one in ALL for name in (one.name, f"{one.name}: its end")}
    assert set(measurements()[1]) == {*names, f"{SITE}: its end"}
