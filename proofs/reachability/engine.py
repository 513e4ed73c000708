"""Who can open a connection to whom, and what decided it: routes both ways, security groups, network ACLs both ways."""

from dataclasses import dataclass

from proofs.reachability.filters import acl_lets, acl_reason, group_reason, groups_let, groups_of
from proofs.reachability.model import EPHEMERAL, Place, World
from proofs.reachability.routing import Blocked, Crossing, Trace, trace
from proofs.reachability.traffic import EVERYTHING, NOTHING, TRANSLATED, Protocol, Traffic, TrafficSet


@dataclass(frozen=True)
class Answer:
    """The answer to one question, with the routes and rules that decide it, in the order of the packet's way."""

    reachable: bool
    way: str
    """What carries it: `VPC`, `internet gateway`, `NAT gateway ...`, `Direct Connect`, `VPN`, joined by ` then `; empty if
    blocked."""
    because: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """All that one place can open to another."""

    traffic: TrafficSet
    way: str
    """As in `Answer`; empty if nothing is let through."""
    blocked: str = ""
    """Why there is no way; empty if there is one, even if the rules then let nothing through."""


@dataclass(frozen=True)
class _Path:
    """There and back again."""

    there: Trace
    back: tuple[str, ...]
    """The route of the reply."""
    replies: tuple[Crossing, ...]
    """What replies cross."""


def flow(world: World, source: Place, target: Place) -> Flow:
    """All that `source` can open to `target`."""
    try:
        path = _path(world, source, target)
    except Blocked as blocked:
        return Flow(NOTHING, "", str(blocked))
    traffic = groups_let(world, source, target, egress=True, by_group=path.there.by_group)
    traffic &= groups_let(world, target, path.there.peer, egress=False, by_group=path.there.by_group)
    traffic &= _carried(path)
    for crossing in path.there.crossings if traffic else ():
        traffic &= acl_lets(world, crossing)
    for crossing in path.replies if traffic else ():
        lets = acl_lets(world, crossing)
        for protocol, _ in traffic.intervals:
            if not _replies(protocol) <= lets:
                traffic -= TrafficSet.of(protocol)
    return Flow(traffic, path.there.way if traffic else "")


def reach(world: World, source: Place, target: Place, traffic: Traffic) -> Answer:
    """Whether `source` can open a connection of `traffic` to `target`."""
    because: list[str] = []

    def asked(let: bool, reason: str) -> None:
        if not let:
            raise Blocked(reason)
        if reason and reason not in because:
            because.append(reason)

    try:
        path = _path(world, source, target)
        by_group = path.there.by_group
        asked(*group_reason(world, source, target, traffic, egress=True, by_group=by_group))
        because += path.there.because
        if traffic not in _carried(path):
            raise Blocked(f"{path.there.peer.name} carries TCP, UDP and ICMP alone, not {traffic}")
        for crossing in path.there.crossings:
            asked(*acl_reason(world, crossing, TrafficSet.of(traffic.protocol, traffic.port)))
        asked(*group_reason(world, target, path.there.peer, traffic, egress=False, by_group=by_group))
        because += path.back
        for crossing in path.replies:
            asked(*acl_reason(world, crossing, _replies(traffic.protocol), reply=True))
    except Blocked as blocked:
        return Answer(False, "", (*because, str(blocked)))
    return Answer(True, path.there.way, tuple(because))


def why_not(world: World, source: Place, target: Place, wanted: TrafficSet) -> str:
    """Why nothing of the wanted traffic gets through; empty if some does."""
    try:
        path = _path(world, source, target)
    except Blocked as blocked:
        return str(blocked)
    what = "nothing" if wanted == EVERYTHING else f"none of {wanted}"
    by_group = path.there.by_group
    lets = groups_let(world, source, target, egress=True, by_group=by_group)
    if not lets & wanted:
        return f"{groups_of(world, source)} of {source.name} lets {what} out to {target.name}"
    admitted = groups_let(world, target, path.there.peer, egress=False, by_group=by_group)
    if not admitted & wanted:
        return f"{groups_of(world, target)} of {target.name} admits {what} from {path.there.peer.name}"
    left = lets & admitted & wanted
    if not left:
        return f"{groups_of(world, source)} lets out {lets & wanted}, and {groups_of(world, target)} admits {admitted & wanted}"
    if flow(world, source, target).traffic & wanted:
        return ""
    return reach(world, source, target, next(left.pieces())).because[-1]


def _carried(path: _Path) -> TrafficSet:
    """What the gateways of a path carry at all."""
    return TRANSLATED if path.there.translated else EVERYTHING


def _replies(protocol: Protocol) -> TrafficSet:
    """What a reply may be: to any port that a client may have opened."""
    return TrafficSet.of(protocol, EPHEMERAL)


def _path(world: World, source: Place, target: Place) -> _Path:
    """The routes of a packet and of the reply to it. Raises Blocked."""
    if source.reaches is not None and not any(target.address in network for network in source.reaches):
        raise Blocked(f"{source.name} has no authorization rule and route for {target.address}")
    there = trace(world, source, target)
    if target.outside == "internet":
        # Whatever was sent to the internet comes back to the address that it was sent from.
        last = there.crossings[there.segment :]
        mirrored = [Crossing(one.subnet, one.other, not one.egress) for one in last]
        return _Path(there, (), (*there.replies, *mirrored))
    try:
        back = trace(world, target, there.peer)
    except Blocked as blocked:
        raise Blocked(f"the reply from {target.name} is lost: {blocked}") from None
    if back.translated:
        raise Blocked(f"the reply from {target.name} leaves under the address of {back.peer.name}, by {back.way}")
    if source.outside == "internet" and back.way != "internet gateway":
        raise Blocked(f"the reply from {target.name} does not leave by the internet gateway but by {back.way}")
    inside = world.vpc_of(source) is not None and world.vpc_of(source) == world.vpc_of(target)
    told = () if inside or not back.because else tuple(f"the reply: {reason}" for reason in back.because)
    return _Path(there, told, (*there.replies, *back.crossings))
