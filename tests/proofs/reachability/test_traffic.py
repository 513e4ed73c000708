"""Sets of traffic against plain sets of ports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.reachability.traffic import EVERYTHING, NOTHING, PROTOCOLS, Interval, Traffic, TrafficSet, tcp, udp

SMALL = 40
"""Ports of a universe small enough to list."""

bounds = st.tuples(st.integers(0, SMALL), st.integers(0, SMALL)).map(lambda pair: (min(pair), max(pair)))


def united(found: list[TrafficSet]) -> TrafficSet:
    whole = NOTHING
    for one in found:
        whole |= one
    return whole


pieces = st.builds(TrafficSet.of, st.sampled_from(["tcp", "udp"]), bounds)
sets = st.lists(pieces, max_size=4).map(united)


def listed(found: TrafficSet) -> set[Traffic]:
    return {Traffic(protocol, port) for protocol in PROTOCOLS for port in range(SMALL + 2) if Traffic(protocol, port) in found}


@given(sets, sets)
def test_sets_of_traffic_are_sets(one: TrafficSet, other: TrafficSet) -> None:
    assert listed(one | other) == listed(one) | listed(other)
    assert listed(one & other) == listed(one) & listed(other)
    assert listed(one - other) == listed(one) - listed(other)
    assert (one <= other) is (listed(one) <= listed(other))
    assert bool(one) is bool(listed(one))


@given(sets, sets)
def test_equal_sets_are_written_alike(one: TrafficSet, other: TrafficSet) -> None:
    assert (one == other) is (listed(one) == listed(other))
    assert (one | other) - other == one - other
    assert set(one.pieces()) <= listed(one)


@given(sets)
def test_everything_contains_and_changes_nothing(one: TrafficSet) -> None:
    assert one <= EVERYTHING
    assert one & EVERYTHING == one
    assert one | EVERYTHING == EVERYTHING
    assert (EVERYTHING - one) | one == EVERYTHING


@pytest.mark.parametrize(
    ("found", "written"),
    [
        (EVERYTHING, "everything"),
        (NOTHING, "nothing"),
        (tcp(443), "tcp 443"),
        (tcp(443, 80, (1026, 1028)), "tcp 80, 443, 1026-1028"),
        (tcp(53) | udp(53), "tcp 53; udp 53"),
        (tcp() | udp(), "all tcp; all udp"),
        (EVERYTHING - tcp(), "all udp; icmp; other protocols"),
        (tcp((1, 10), (5, 20), 21), "tcp 1-21"),
    ],
)
def test_how_traffic_is_told(found: TrafficSet, written: str) -> None:
    assert str(found) == written


@pytest.mark.parametrize(
    ("protocol", "ports", "meant"),
    [
        ("-1", None, EVERYTHING),
        ("-1", (443, 443), EVERYTHING),
        ("tcp", (443, 443), tcp(443)),
        ("6", (443, 443), tcp(443)),
        ("17", None, udp()),
        ("icmp", (8, 0), TrafficSet.of("icmp")),
        ("50", None, TrafficSet.of("other")),
    ],
)
def test_how_aws_writes_traffic(protocol: str, ports: Interval | None, meant: TrafficSet) -> None:
    assert TrafficSet.rule(protocol, ports) == meant
