"""What a party is: somebody who can be asked about."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from proofs.reachability.model import Place, World
from proofs.reachability.traffic import EVERYTHING, TrafficSet

Role = Literal[
    "internet",
    "service",
    "onPremises",
    "clientVpn",
    "loadBalancer",
    "workload",
    "workloadOnPremises",
    "hosts",
    "database",
    "replica",
    "migration",
    "files",
    "endpoint",
    "resolverInbound",
    "resolverOutbound",
    "directory",
    "other",
    "neighbour",
]
"""What somebody is for; `other` is a network card that belongs to nothing known, `neighbour` another VPC."""


@dataclass(frozen=True)
class Party:
    """Somebody, wherever he may be: a database has a place in every zone that it may fail over to."""

    role: Role
    name: str
    """For people, such as `database hybridge-prod-database`."""
    places: tuple[Place, ...]
    key: str = ""
    """By what the settings know it, where a role has several: the name of a workload, the service of an endpoint."""
    serves: TrafficSet = EVERYTHING
    """What belongs to it of what its places get: containers share the network cards of their hosts."""
    borrows: bool = False
    """Whether its places are those of its hosts, so that what it sends and gets counts as theirs."""
    behind: tuple[tuple[str, TrafficSet], ...] = ()
    """Target groups that send it requests, and to what."""
    cards: frozenset[str] = frozenset()
    """Ids of its network cards, as far as they are known."""


def described(world: World, party: Party, places: Collection[Place]) -> str:
    """The party, or those of its places that are meant: by zone, or by network outside of AWS."""
    meant = [place for place in party.places if place in places]
    if len(meant) == len(party.places):
        return party.name
    if meant[0].subnet:
        return f"{party.name} in {listed(sorted({world.subnets[place.subnet].zone for place in meant if place.subnet}))}"
    networks = {place.network for place in party.places if place.network}
    here = {place.network for place in meant if place.network}
    # What is within a network that is meant as well need not be named; what is within and not meant must be.
    whole = sorted(one for one in here if not any(one != other and one.subnet_of(other) for other in here))
    apart = sorted(one for one in networks - here if any(one.subnet_of(other) for other in whole))
    without = f" without {listed(map(str, apart))}" if apart else ""
    return f"{party.name} {listed(map(str, whole))}{without}"


def listed(names: Iterable[str]) -> str:
    """Names, each once, as a sentence has them."""
    once = list(dict.fromkeys(names))
    return f"{', '.join(once[:-1])} and {once[-1]}" if len(once) > 1 else "".join(once)
