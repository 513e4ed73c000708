"""Kinds of traffic and sets of them: what a rule lets through, and what is left when several rules have had their say."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

Protocol = Literal["tcp", "udp", "icmp", "other"]
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
PORTS = (0, 65_535)

NUMBERS: dict[str, Protocol] = {"1": "icmp", "6": "tcp", "17": "udp", "icmp": "icmp", "tcp": "tcp", "udp": "udp"}
"""What AWS calls a protocol, by IANA's number or by name; all the rest is `other`."""

WHOLE: dict[Protocol, str] = {"tcp": "all tcp", "udp": "all udp", "icmp": "icmp", "other": "other protocols"}
"""What all of a protocol is called."""

Interval = tuple[int, int]
"""The lowest and the highest port."""


@dataclass(frozen=True)
class Traffic:
    """A protocol and the port that a client connects to; the port is 0 for protocols without ports."""

    protocol: Protocol
    port: int = 0

    def __str__(self) -> str:
        return f"{self.protocol} {self.port}" if self.protocol in {"tcp", "udp"} else self.protocol


@dataclass(frozen=True)
class TrafficSet:
    """A set of traffic: for each protocol ports in ascending intervals that do not touch."""

    intervals: tuple[tuple[Protocol, tuple[Interval, ...]], ...] = ()

    @classmethod
    def of(cls, protocol: Protocol, *ports: int | Interval) -> "TrafficSet":
        """Single ports and intervals of one protocol; every port if none is given."""
        given = [(port, port) if isinstance(port, int) else port for port in ports] or [PORTS]
        return cls._from({protocol: given if protocol in {"tcp", "udp"} else [PORTS]})

    @classmethod
    def rule(cls, protocol: str, ports: Interval | None) -> "TrafficSet":
        """What a rule means that names a protocol as AWS does; -1 is every protocol.

        A rule for some kinds of ICMP counts for all of them: nothing here rests on the difference.
        """
        if protocol == "-1":
            return EVERYTHING
        known = NUMBERS.get(protocol, "other")
        return cls.of(known, *([ports] if ports and known in {"tcp", "udp"} else []))

    @classmethod
    def _from(cls, ports: dict[Protocol, Iterable[Interval]]) -> "TrafficSet":
        merged = ((protocol, _merged(ports[protocol])) for protocol in PROTOCOLS if protocol in ports)
        return cls(tuple((protocol, found) for protocol, found in merged if found))

    def ports(self, protocol: Protocol) -> tuple[Interval, ...]:
        """The ports of a protocol."""
        return next((found for own, found in self.intervals if own == protocol), ())

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, traffic: Traffic) -> bool:
        return any(low <= traffic.port <= high for low, high in self.ports(traffic.protocol))

    def __or__(self, other: "TrafficSet") -> "TrafficSet":
        if not other or self == other:
            return self
        return TrafficSet._from({protocol: (*self.ports(protocol), *other.ports(protocol)) for protocol in PROTOCOLS})

    def __and__(self, other: "TrafficSet") -> "TrafficSet":
        return _shared(self, other)

    def __sub__(self, other: "TrafficSet") -> "TrafficSet":
        if not other:
            return self
        return TrafficSet._from({protocol: _without(self.ports(protocol), other.ports(protocol)) for protocol in PROTOCOLS})

    def __le__(self, other: "TrafficSet") -> bool:
        return not self - other

    def pieces(self) -> Iterator[Traffic]:
        """One of each interval, which stands for the others."""
        for protocol, found in self.intervals:
            for low, _ in found:
                yield Traffic(protocol, low)

    def __str__(self) -> str:
        if self == EVERYTHING:
            return "everything"
        texts = []
        for protocol, found in self.intervals:
            if found == (PORTS,):
                texts.append(WHOLE[protocol])
            else:
                texts.append(f"{protocol} " + ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in found))
        return "; ".join(texts) or "nothing"


@functools.lru_cache(maxsize=100_000)  # there are few sets, but each pair of parties asks
def _shared(first: TrafficSet, second: TrafficSet) -> TrafficSet:
    if first in (EVERYTHING, second):
        return second
    if second == EVERYTHING:
        return first
    return TrafficSet._from({protocol: _common(first.ports(protocol), second.ports(protocol)) for protocol in PROTOCOLS})


EVERYTHING = TrafficSet(tuple((protocol, (PORTS,)) for protocol in PROTOCOLS))
NOTHING = TrafficSet()
TRANSLATED = TrafficSet(tuple((protocol, (PORTS,)) for protocol in PROTOCOLS if protocol != "other"))
"""What a NAT gateway carries. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"""


def tcp(*ports: int | Interval) -> TrafficSet:
    """TCP ports and intervals."""
    return TrafficSet.of("tcp", *ports)


def udp(*ports: int | Interval) -> TrafficSet:
    """UDP ports and intervals."""
    return TrafficSet.of("udp", *ports)


def _merged(found: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for low, high in sorted(found):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _common(first: Iterable[Interval], second: tuple[Interval, ...]) -> Iterator[Interval]:
    for low, high in first:
        for other_low, other_high in second:
            if max(low, other_low) <= min(high, other_high):
                yield max(low, other_low), min(high, other_high)


def _without(first: Iterable[Interval], second: tuple[Interval, ...]) -> Iterator[Interval]:
    for low, high in first:
        start = low
        for other_low, other_high in second:
            if other_high < start or high < other_low:
                continue
            if start < other_low:
                yield start, other_low - 1
            start = other_high + 1
        if start <= high:
            yield start, high
