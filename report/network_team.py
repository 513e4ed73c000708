"""What the network team reads: the facts that `hybridge kit` writes configurations of, without a key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onpremises import names
from onpremises.facts import MOST_PREFIXES, Facts, Missing, Region, facts
from onpremises.firewall import Opening, openings
from onpremises.shown import without_keys
from proofs.settings_of import is_hybridge, settings_of
from report.collect import Evidence, StackEvidence
from report.people import Waiting

PARTS = ("routers", "names", "firewall")
"""Folders of the kit that are theirs."""


@dataclass(frozen=True)
class Ordered:
    """A circuit that the carrier builds: nothing is attached to it yet."""

    stack: str
    name: str
    location: str
    bandwidth: str
    carrier: str


@dataclass(frozen=True)
class Prefixes:
    """Networks that one end tells the other, or takes of it."""

    who: str
    by: str
    networks: tuple[str, ...]
    bound: str


@dataclass(frozen=True)
class Links:
    """The links of a stack, along with those of its second region."""

    stacks: list[str]
    command: str
    """What writes the files."""
    facts: Facts
    ordered: list[Ordered]
    prefixes: list[Prefixes]
    forwarded: dict[str, list[str]]
    """Domain -> who in AWS answers for it."""
    asked: list[tuple[str, list[str]]]
    """Domain -> who on-premises AWS asks for it."""
    openings: list[Opening]

    @property
    def vpcs(self) -> list[str]:
        """The networks in AWS."""
        return [region.cidr for region in self.facts.regions]


def links(evidence: Evidence) -> list[Links]:
    """Of each stack with a data centre; a secondary's are told with its primary's, whose routers they end at."""
    named = {one.stack.stack for one in evidence.stacks}
    found = []
    for one in evidence.stacks:
        primary = one.stack.primary
        if not is_hybridge(one.stack) or (primary and primary.stack in named):
            continue
        own = [other for other in evidence.stacks if other.stack.primary and other.stack.primary.stack == one.stack.stack]
        try:
            found.append(_links([one, *own]))
        except Missing:
            # The program exports none of what the kit is made of: somebody has taken the outputs out of it.
            continue
    return found


def _links(stacks: Sequence[StackEvidence]) -> Links:
    regions = [Region(one.stack.stack, settings_of(one.stack), one.rehearsal.outputs, one.stack.project) for one in stacks]
    known = without_keys(facts(regions, lambda _, __: {}))
    first, *others = [one.stack.called for one in stacks]
    outputs = [f"--outputs {one.stack.stack}.json" for one in stacks]
    return Links(
        [one.stack.stack for one in stacks],
        " ".join([f"hybridge kit {first}", *(f"--with {other}" for other in others), *outputs]),
        known,
        [*_ordered(regions)],
        [*_prefixes(known)],
        names.forwarded(known),
        [*names.own_domains(known.primary.settings)],
        openings(known),
    )


def _ordered(regions: Sequence[Region]) -> Iterator[Ordered]:
    for region in regions:
        for one in region.settings.direct_connect.connections:
            if one.state == "ordered":
                yield Ordered(
                    region.stack, one.name, one.location or "", one.bandwidth or "", one.provider or "your own equipment"
                )


def _prefixes(known: Facts) -> Iterator[Prefixes]:
    told: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for router in known.routers:
        told.setdefault((router.announced, router.lent), []).append(router.name)
    most = f"{MOST_PREFIXES} at most: with one more AWS shuts the session"
    for (announced, lent), who in told.items():
        after = f"; {', '.join(lent)} with a longer path, behind the other sites" if lent else ""
        yield Prefixes(f"{', '.join(who)} announce" + ("s" if len(who) == 1 else ""), "every session", announced, most + after)
    for region in known.regions:
        direct_connect = region.settings.direct_connect
        if direct_connect.used:
            exactly = region.settings.network.hub == "transitGateway"
            allowed = tuple(direct_connect.allowed_prefixes or [region.cidr])
            bound = "exactly these" if exactly else "what the VPC has within these"
            yield Prefixes(f"AWS in {region.settings.region} announces", "circuits", allowed, bound)
        if region.settings.on_premises.routers:
            yield Prefixes(f"AWS in {region.settings.region} announces", "tunnels", (region.cidr,), "")
    taken = tuple(dict.fromkeys(network for router in known.routers for network in router.accepted))
    if taken:
        yield Prefixes("Routers take", "every session", taken, "nothing else, and no default route")


def to_do(waiting: Sequence[Waiting], of: Links) -> list[Waiting]:
    """What the network team, its carriers and its name servers' owners have to order and to type."""
    return [one for one in waiting if one.kit in PARTS and one.stack in of.stacks]


def ike(of: Facts) -> str:
    """What the tunnels negotiate."""
    told = next(router.ike for router in of.routers if router.tunnels)
    versions, ciphers, prfs = (
        "/".join(map(str, told[key])) for key in ("ike_versions", "phase1_encryption_algorithms", "phase1_integrity_algorithms")
    )
    groups = ", ".join(map(str, told["phase1_dh_group_numbers"]))
    return f"{versions.replace('ikev', 'IKEv')}, {ciphers}, {prfs}, groups {groups}"
