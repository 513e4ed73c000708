"""What leads requests to a workload: target groups of either side, a rule of the listener, a name in the private zone."""

from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from components import routing
from components.container_platform.args import RouteArgs, WorkloadArgs
from components.container_platform.placement import server_port
from components.container_platform.shared import PlatformArgs, ZoneArgs, tags
from components.names import fit

DAY = 86_400
"""Seconds that AWS's cookie holds by default."""


class Routed(NamedTuple):
    """A route as it was made."""

    rule: aws.lb.ListenerRule
    target_group: aws.lb.TargetGroup | None
    """The copies on AWS; None if there are none."""
    on_premises: aws.lb.TargetGroup | None
    """The copies on-premises; None if the load balancer does not lead to them."""


def make_route(
    name: str, workload: WorkloadArgs, route: RouteArgs, platform: PlatformArgs, opts: pulumi.ResourceOptions
) -> Routed:
    """Make the route of a workload."""
    target_group = _target_group(name, "instance", workload, platform, opts) if on_aws(workload) else None
    servers = _servers(f"{name}-on-premises", workload, platform, opts) if behind_balancer(workload) else None
    balancer = platform["load_balancer"]
    hosts, paths = _hosts(workload, route, platform), list(dict.fromkeys(route.get("paths", ())))
    priority = route.get("priority") or routing.priority(workload["name"], by_host=bool(hosts), by_path=bool(paths))
    rule = aws.lb.ListenerRule(
        # By its priority, which AWS gives once: a workload that is renamed, or two that swap theirs, leave each rule where it
        # is and lead it elsewhere. By the workload's name they would ask for a number that is not free yet.
        f"{platform['name']}-rule-{priority}",
        listener_arn=balancer["listener_arn"],
        priority=priority,
        conditions=_conditions(hosts, paths),
        actions=[_action(route, target_group, servers)],
        region=platform["region"],
        tags=tags(platform, name),
        opts=pulumi.ResourceOptions(parent=opts.parent, aliases=[pulumi.Alias(name=name)]),
    )
    if (zone := platform["zone"]) and zone["routing"] is not None:
        aws.route53.Record(
            f"{name}-name",
            zone_id=zone["id"],
            name=_own_name(workload, zone),
            type="A",
            # As for `apps`: the health of targets never moves a name to another region, only a person does.
            aliases=[{"name": balancer["dns_name"], "zone_id": balancer["zone_id"], "evaluate_target_health": False}],
            **zone["routing"],
            opts=pulumi.ResourceOptions(parent=opts.parent, delete_before_replace=True),
        )
    return Routed(rule, target_group, servers)


def on_aws(workload: WorkloadArgs) -> bool:
    """Whether it has copies on AWS."""
    return workload.get("placement", "aws") != "onPremises"


def behind_balancer(workload: WorkloadArgs) -> bool:
    """Whether the load balancer leads to its copies on-premises: with copies there alone, or a share of the requests."""
    route = workload.get("route")
    return route is not None and (not on_aws(workload) or "on_premises_percent" in route)


def _action(
    route: RouteArgs, target_group: aws.lb.TargetGroup | None, servers: aws.lb.TargetGroup | None
) -> aws.lb.ListenerRuleActionArgsDict:
    share = route.get("on_premises_percent", 0)
    shares = [(group, percent) for group, percent in ((target_group, 100 - share), (servers, share)) if group is not None]
    if len(shares) == 1:
        return {"type": "forward", "target_group_arn": shares[0][0].arn}
    forward: aws.lb.ListenerRuleActionForwardArgsDict = {
        "target_groups": [{"arn": group.arn, "weight": percent} for group, percent in shares]
    }
    if sticky := route.get("sticky_seconds"):
        # A cookie of a target group keeps a client to a copy of it only where another keeps it to the target group.
        forward["stickiness"] = {"enabled": True, "duration": sticky}
    return {"type": "forward", "forward": forward}


def _servers(name: str, workload: WorkloadArgs, platform: PlatformArgs, opts: pulumi.ResourceOptions) -> aws.lb.TargetGroup:
    """All servers, of which those answer the health check that have a copy just now."""
    group = _target_group(name, "ip", workload, platform, opts)
    for address in platform["server_addresses"]:
        aws.lb.TargetGroupAttachment(
            f"{name}-{address}",
            target_group_arn=group.arn,
            target_id=address,
            port=server_port(workload),
            # AWS wants it of an address outside of the VPC.
            availability_zone="all",
            region=platform["region"],
            opts=opts,
        )
    return group


def _target_group(
    name: str, kind: str, workload: WorkloadArgs, platform: PlatformArgs, opts: pulumi.ResourceOptions
) -> aws.lb.TargetGroup:
    route = workload.get("route", {})
    check, sticky = workload.get("health_check", {}), route.get("sticky_seconds")
    return aws.lb.TargetGroup(
        fit(name),
        # Each copy registers with the port that its host gave it; this one is never used. It is none of the workload's: another
        # would mean another target group, and requests would find no copy until the copies are in that.
        port=80,
        protocol="HTTP",
        target_type=kind,
        vpc_id=platform["vpc_id"],
        deregistration_delay=route.get("deregistration_seconds", 30),
        health_check={
            "enabled": True,
            "protocol": "HTTP",
            "port": "traffic-port",
            "path": check.get("path", "/"),
            "matcher": check.get("codes", "200-399"),
            "interval": check.get("interval_seconds", 30),
            "timeout": check.get("timeout_seconds", 5),
            "healthy_threshold": 2,
            "unhealthy_threshold": check.get("retries", 3),
        },
        # Said even when off: the provider leaves it on if it is no longer said.
        stickiness={"type": "lb_cookie", "enabled": sticky is not None, "cookie_duration": sticky or DAY},
        region=platform["region"],
        tags=tags(platform, name),
        opts=opts,
    )


def _own_name(workload: WorkloadArgs, zone: ZoneArgs) -> pulumi.Output[str]:
    return pulumi.Output.concat(workload["name"], ".", zone["name"])


def _hosts(workload: WorkloadArgs, route: RouteArgs, platform: PlatformArgs) -> list[pulumi.Input[str]]:
    hosts, zone = route.get("hosts", ()), platform["zone"]
    own = zone and routing.has_own_name(hosts, route.get("paths", ()))
    return [*([_own_name(workload, zone)] if own and zone else []), *hosts]


def _conditions(hosts: list[pulumi.Input[str]], paths: list[str]) -> list[aws.lb.ListenerRuleConditionArgsDict]:
    conditions: list[aws.lb.ListenerRuleConditionArgsDict] = []
    if hosts:
        # Once each: somebody may have named the workload's own name as well.
        values = pulumi.Output.all(*hosts).apply(lambda known: list(dict.fromkeys(known)))
        conditions.append({"host_header": {"values": values}})
    if paths:
        conditions.append({"path_pattern": {"values": [*paths]}})
    return conditions
