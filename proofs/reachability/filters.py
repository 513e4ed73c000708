"""What security groups and network ACLs let through, and by which rule."""

from ipaddress import IPv4Address

from proofs.reachability.model import ANYWHERE, AclEntry, Place, Rule, World
from proofs.reachability.routing import Crossing
from proofs.reachability.traffic import EVERYTHING, NOTHING, Traffic, TrafficSet


def groups_let(world: World, place: Place, other: Place, *, egress: bool, by_group: bool) -> TrafficSet:
    """All that the security groups of a place let out to another, or in from it."""
    if place.groups is None:
        return EVERYTHING
    known = other.groups if by_group else None

    def work() -> TrafficSet:
        lets = NOTHING
        for _, rule in _rules(world, place, egress):
            if _names(rule, other.address, known):
                lets |= rule.traffic
        return lets

    return world.remembered(("groups", place.groups, other.address, known, egress), work)


def group_reason(
    world: World, place: Place, other: Place, traffic: Traffic, *, egress: bool, by_group: bool
) -> tuple[bool, str]:
    """Whether the security groups of a place let traffic pass, and by which rule."""
    if place.groups is None:
        return True, ""
    known = other.groups if by_group else None
    for group, rule in _rules(world, place, egress):
        if traffic in rule.traffic and _names(rule, other.address, known):
            verb, preposition = ("lets out", "to") if egress else ("admits", "from")
            return (
                True,
                f"{world.named(group)} {verb} {rule.traffic} {preposition} {peer(world, rule)} by {world.named(rule.id)}",
            )
    direction = "out to" if egress else "in from"
    return (
        False,
        f"{groups_of(world, place)} of {place.name} has no rule for {traffic} {direction} {other.name} ({other.address})",
    )


def groups_of(world: World, place: Place) -> str:
    """The security groups of a place, for people."""
    return ", ".join(world.named(group) for group in sorted(place.groups or ())) or "no security group"


def peer(world: World, rule: Rule) -> str:
    """Whom a rule names, for people."""
    if rule.group is not None:
        return world.named(rule.group)
    return f"prefix list {rule.prefix_list}" if rule.prefix_list else ", ".join(map(str, rule.networks))


def _rules(world: World, place: Place, egress: bool) -> list[tuple[str, Rule]]:
    groups = sorted(place.groups or ())
    return [(group, rule) for group in groups for rule in world.groups.get(group, ()) if rule.egress == egress]


def _names(rule: Rule, address: IPv4Address, groups: frozenset[str] | None) -> bool:
    if rule.group is not None:
        return groups is not None and rule.group in groups
    return any(address in network for network in rule.networks)


def acl_lets(world: World, crossing: Crossing) -> TrafficSet:
    """All that the network ACL of a subnet lets across its border."""

    def work() -> TrafficSet:
        lets, open_question = NOTHING, EVERYTHING
        for entry in _entries(world, crossing):
            if entry.allow:
                lets |= entry.traffic & open_question
            open_question -= entry.traffic
        return lets

    return world.remembered(("acl", crossing), work)


def acl_reason(world: World, crossing: Crossing, traffic: TrafficSet, *, reply: bool = False) -> tuple[bool, str]:
    """Whether the network ACL lets all of the traffic across, and by which entries; no reason if by one that lets all pass."""
    acl, open_question = world.named(world.subnets[crossing.subnet].acl), traffic
    deciding: list[str] = []
    what = f"{'the reply, ' if reply else ''}{traffic} {'out to' if crossing.egress else 'in from'} {crossing.other}"
    for entry in _entries(world, crossing):
        if not entry.traffic & open_question:
            continue
        if not entry.allow:
            return False, f"network ACL {acl} of {world.named(crossing.subnet)} denies {what} by entry {entry.number}"
        deciding += [str(entry.number)] if (entry.traffic, entry.network) != (EVERYTHING, ANYWHERE) else []
        open_question -= entry.traffic
    if open_question:
        return False, f"network ACL {acl} of {world.named(crossing.subnet)} has no entry for {what}"
    return True, f"network ACL {acl} lets {what} by entry {', '.join(deciding)}" if deciding else ""


def _entries(world: World, crossing: Crossing) -> list[AclEntry]:
    """The entries that the address matches, in the order in which AWS asks them."""
    entries = world.acls.get(world.subnets[crossing.subnet].acl, ())
    return [
        entry
        for entry in sorted(entries, key=lambda entry: entry.number)
        if entry.egress == crossing.egress and crossing.other in entry.network
    ]
