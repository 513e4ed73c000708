"""What load balancers lead to containers on either side, and who goes on when one side is gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proofs.drills import figures, kinds
from proofs.drills.graph import Resource
from proofs.drills.model import Part
from proofs.drills.needs import AllOf, AnyOf, Need, One, Option, Soft
from proofs.drills.place import Place

RULES = ("aws:lb/listenerRule:ListenerRule", "aws:lb/listener:Listener")
GROUP = "aws:lb/targetGroup:TargetGroup"
ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"


@dataclass(frozen=True)
class Beside:
    """Servers on-premises that share the requests of copies in AWS."""

    port: int
    """Their port, by which their service is known: ECS tells no load balancer of it."""
    weight: int
    """Their share. 0: they stand by."""


def target_groups(place: Place, service: Resource) -> list[Resource]:
    """Where a service registers its copies."""
    found = (place.graph.find(one.get("targetGroupArn"), GROUP) for one in service.get("loadBalancers") or [])
    return [group for group in found if group]


def host_ports(containers: list[dict[str, Any]]) -> set[int]:
    """The fixed ports of containers."""
    return {int(port["hostPort"]) for one in containers for port in one.get("portMappings") or [] if port.get("hostPort")}


def routes(place: Place, targets: list[Resource]) -> Iterator[str]:
    """URNs of what leads to a service: its target groups, and the rules and listeners that forward to them."""
    arns = {target.get("arn", target.id) for target in targets}
    yield from (target.node.urn for target in targets)
    for one in place.graph.of(*RULES):
        if arns & _forwards(one):
            yield one.node.urn


def balancers(place: Place, targets: list[Resource]) -> Iterator[Need]:
    """The load balancers that lead to the target groups, by rule or by default."""
    arns = {target.get("arn", target.id) for target in targets}
    listeners = {listener.get("listenerArn", listener.id) for listener in place.graph.of(*RULES) if arns & _forwards(listener)}
    for balancer in place.graph.of("aws:lb/loadBalancer:LoadBalancer"):
        own = [one for one in place.graph.of("aws:lb/listener:Listener") if one.get("loadBalancerArn") in balancer.names()]
        if any({*one.names()} & listeners for one in own):
            zones = place.graphs.zones(balancer.get("subnets"))
            yield place.zonal(kinds.BALANCER, balancer, zones, figures.REGION_REPAIR, figures.BALANCER_ZONE)


def beside(place: Place, targets: list[Resource]) -> Beside | None:
    """Who shares the requests of these target groups."""
    arns = {target.get("arn", target.id) for target in targets}
    for rule in place.graph.of(*RULES):
        weights = _weights(rule)
        if arns & weights.keys():
            for group in weights.keys() - arns:
                if port := _server_port(place, group):
                    return Beside(port, weights[group])
    return None


def before_servers(place: Place, containers: list[dict[str, Any]]) -> tuple[Need, ...]:
    """What a load balancer needs that leads to these containers on-premises alone; empty if none does."""
    for rule in place.graph.of(*RULES):
        groups = _forwards(rule)
        if len(groups) == 1 and _server_port(place, next(iter(groups))) in host_ports(containers):
            found = [group for group in place.graph.of(GROUP) if group.get("arn", group.id) in groups]
            return (*balancers(place, found), *([place.link] if place.link else []))
    return ()


def shared(place: Place, workload: str, here: Need, there: Need, beside: Beside) -> Need:
    """Requests that both sides share, also when all copies in AWS are gone at once, as with a version that does not start."""
    part = Part(f"copies:{place.graph.stack}:{workload}", kinds.COPIES, place.named(workload), (place.region(),))
    here = AllOf((One(place.model.part(part), figures.COPIES_BACK), here))
    either = AnyOf((Option(here, figures.COPIES_BACK), Option(there, figures.SHARE_RAISED)))
    return AllOf((either, Soft(there, figures.SHARE_LOST))) if beside.weight else either


def _server_port(place: Place, group: Any) -> int:
    """The port of the servers in a target group; 0 if there are none."""
    found = (int(one.get("port", 0)) for one in place.graph.of(ATTACHMENT) if one.get("targetGroupArn") == group)
    return next(found, 0)


def _weights(rule: Resource) -> dict[Any, int]:
    actions = rule.get("actions") or []
    groups = [group for action in actions for group in (action.get("forward") or {}).get("targetGroups") or []]
    return {group.get("arn"): int(group.get("weight", 1)) for group in groups}


def _forwards(listener: Resource) -> set[Any]:
    actions = [*(listener.get("actions") or []), *(listener.get("defaultActions") or [])]
    weighted = (group for action in actions for group in (action.get("forward") or {}).get("targetGroups") or [])
    return {action["targetGroupArn"] for action in actions if action.get("targetGroupArn")} | {
        group.get("arn") for group in weighted
    }
