"""Everybody against everybody: what each can open to each, worked out once for all who fare the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from proofs.reachability.engine import Flow, flow
from proofs.reachability.model import Place, World
from proofs.reachability.party import Party, Role
from proofs.reachability.space import mentioned


@dataclass(frozen=True)
class Cell:
    """What one place of a party can open to one place of another."""

    source: Party
    target: Party
    from_place: Place
    to_place: Place
    flow: Flow


ELSEWHERE: frozenset[Role] = frozenset({"internet", "service", "onPremises", "workloadOnPremises", "neighbour"})
"""Who is not in the VPC of the stack."""


class Evaluation:
    """The flows between places of a world; places that nothing tells apart are looked at once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._flows: dict[tuple[int, int], Flow] = {}
        self._kinds: dict[int, tuple[Place, int]] = {}
        self._numbers: dict[Any, int] = {}
        """The number of each kind: a network takes longer to be looked up by than all else, and each pair of places asks."""

    def flow(self, source: Place, target: Place) -> Flow:
        """What `source` can open to `target`; the reason of a blocked flow may name another place of the same kind."""
        key = self._kind(source), self._kind(target)
        if key not in self._flows:
            self._flows[key] = flow(self.world, source, target)
        return self._flows[key]

    def cells(self, source: Party, target: Party) -> Iterator[Cell]:
        """What a party can open to another, place by place; of two places outside of AWS nothing is known."""
        for from_place in source.places:
            for to_place in target.places:
                if from_place.subnet or to_place.subnet:
                    yield Cell(source, target, from_place, to_place, self.flow(from_place, to_place))

    def _kind(self, place: Place) -> int:
        if id(place) not in self._kinds:
            smallest = self.world.remembered(("smallest", place.address), lambda: self._smallest(place.address))
            kind = (place.subnet, place.groups, place.public, place.reaches, place.outside, smallest)
            self._kinds[id(place)] = (place, self._numbers.setdefault(kind, len(self._numbers)))
        return self._kinds[id(place)][1]

    def _smallest(self, address: IPv4Address) -> IPv4Network | None:
        fitting = [network for network in mentioned(self.world) if address in network]
        return max(fitting, key=lambda network: network.prefixlen, default=None)


def pairs(parties: Sequence[Party]) -> Iterator[tuple[Party, Party]]:
    """Who can be asked about whom: of any two one is of the stack. Hosts are many, so that they reach each other too."""
    for source in parties:
        for target in parties:
            of_stack = source.role not in ELSEWHERE or target.role not in ELSEWHERE
            if of_stack and (source is not target or source.role == "hosts"):
                yield source, target
