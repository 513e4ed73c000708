"""What is asked for while another resource still has it: a number, a name, a block, or the very object.

Pulumi makes what is new, and changes what stays, before it deletes what goes; what it changes in one update it changes all at
once, in no order but that of the dependencies.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from rehearsal.diff.cascade import Cascade
from rehearsal.diff.change import Change
from rehearsal.diff.standing import Resource
from rehearsal.scarce import SCARCE, held

Held = tuple[str, ...]
SUBNET = "aws:ec2/subnet:Subnet"
FAMILIES = {
    f"aws:directconnect/{kind[0].lower()}{kind[1:]}:{kind}": "virtual interface"
    for kind in ("PrivateVirtualInterface", "TransitVirtualInterface")
}
"""Type -> what it shares with others what it holds: a VLAN carries one interface, of whichever kind."""
SECRET = "aws:secretsmanager/secret:Secret"


@dataclass(frozen=True)
class Holder:
    """What has something before the update, and until when."""

    resource: Resource
    change: Change | None
    """What the update does to it; None: nothing."""

    @property
    def stays(self) -> bool:
        """Whether it is still held in AWS once Pulumi has deleted it."""
        if self.change and self.change.retained:
            return True
        return self.resource.type == SECRET and self.resource.inputs.get("recoveryWindowInDays", 30) != 0


def clashing(changes: list[Change], cascade: Cascade) -> list[Change]:
    """The same changes, with the clashes of each."""
    by_old = {change.before.urn: change for change in changes if change.before}
    holders: dict[tuple[str, Held], list[Holder]] = defaultdict(list)
    for urn, resource in cascade.before.resources.items():
        if what := held(resource.type, resource.inputs):
            holders[_family(resource.type), what].append(Holder(resource, by_old.get(urn)))
    waits = _Waiting(cascade)
    return [replace(change, clash=_clash(change, cascade, holders, waits)) for change in changes]


def _clash(change: Change, cascade: Cascade, holders: Mapping[tuple[str, Held], list[Holder]], waits: "_Waiting") -> str:
    if change.after is None or not change.in_aws:
        return ""
    what = held(change.type, cascade.inputs(change.after.urn))
    kept = change.kind == "update" and change.before and held(change.type, change.before.inputs) == what
    if what is None or kept:
        return ""
    found = [*holders.get((_family(change.type), what), ()), *_overlapping(change, what, holders)]
    told = _same_object if SCARCE[change.type].same_object else _refused
    return next((text for holder in found if (text := told(change, holder, waits))), "")


def _family(type_: str) -> str:
    return FAMILIES.get(type_, type_)


def _overlapping(change: Change, what: Held, holders: Mapping[tuple[str, Held], list[Holder]]) -> Iterator[Holder]:
    """Subnets whose blocks overlap without being the same."""
    if change.type != SUBNET:
        return
    *vpc, block = what
    for (type_, (*other_vpc, other)), found in holders.items():
        if type_ == SUBNET and other_vpc == vpc and other != block and IPv4Network(block).overlaps(IPv4Network(other)):
            yield from found


def _same_object(change: Change, holder: Holder, _: "_Waiting") -> str:
    """Making it succeeds, for it is writing over; what matters is whether the old one is deleted after that."""
    own = _own(change, holder)
    if not (holder.change and holder.change.goes) or holder.stays or (own and change.delete_first):
        return ""
    other = "the old one" if own else holder.resource.name
    return (
        f"{SCARCE[change.type].says}: what is made is the same object as {other}, which is deleted last, so that nothing is "
        f"left of either. {_way_out(change, holder)}"
    )


def _refused(change: Change, holder: Holder, waits: "_Waiting") -> str:
    """Making it is refused as long as somebody has the same."""
    says, has = SCARCE[change.type].says, holder.resource.name
    if holder.change is None:
        return ""  # two that both stay: the rehearsal itself has refused that
    if holder.change.goes and holder.stays:
        why = "it is retained in AWS" if holder.change.retained else "AWS keeps the name until its recovery window is over"
        return f"{says}, and {has} keeps it: {why}. Give the new one another, or delete the old one by hand first."
    if _own(change, holder):
        if change.kind == "update" or change.delete_first:
            return ""
        return f"{says}, and the old one has it until the new one is made. {_way_out(change, holder)}"
    moves = holder.change.kind == "update" or holder.change.delete_first
    if moves and waits.on(change.urn, holder.change.urn):
        return ""
    until = "it is changed in the same update, in no certain order" if moves else "it is deleted, which is last"
    return f"{says}, and {has} has it until {until}. {_way_out(change, holder)}"


def _own(change: Change, holder: Holder) -> bool:
    """Whether it is what is changed itself that has it."""
    return bool(change.before and change.before.urn == holder.resource.urn)


def _way_out(change: Change, holder: Holder) -> str:
    if _own(change, holder):
        return "In two updates: take it out, then add it again; or let the program delete it first (delete_before_replace)."
    if change.kind == "update" or (holder.change and holder.change.kind == "update"):
        return f"In two updates: give {holder.resource.name} one that nobody has, then this one what it had."
    return f"In two updates: take {holder.resource.name} out, then add {change.name}; or leave its name as it is."


class _Waiting:
    """Who waits for whom."""

    def __init__(self, cascade: Cascade) -> None:
        self._resources = cascade.after.resources
        self._all = functools.cache(self._find)

    def on(self, urn: str, other: str) -> bool:
        """Whether a resource is made after another, since it depends on it."""
        return other in self._all(urn)

    def _find(self, urn: str) -> frozenset[str]:
        found, open_ = set[str](), [urn]
        while open_:
            resource = self._resources.get(open_.pop())
            new = set(resource.depends_on) - found if resource else set()
            found |= new
            open_ += new
        return frozenset(found)
