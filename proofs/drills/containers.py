"""What containers need, on either side."""

import json
from collections.abc import Iterator
from math import ceil
from typing import Any

from proofs.drills import balancing, figures, kinds
from proofs.drills.graph import Resource
from proofs.drills.model import Function, Part
from proofs.drills.needs import AllOf, Copies, Figure, Need, One, Soft
from proofs.drills.place import Place

SERVICE = "aws:ecs/service:Service"
DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
GROUP = "aws:autoscaling/group:Group"
ACTIVATION = "aws:ssm/activation:Activation"
TASK = "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask"
WHOLE = 100
"""Percent."""
CONTROL = ("ecs", "ecs-agent", "ecs-telemetry", "ecr.api", "ecr.dkr")
"""Services of AWS without which ECS starts no container."""


def functions(place: Place, standby: bool) -> Iterator[Function]:
    """A function for each ECS service. A stack that stands by is counted as what it will be: one copy at least."""
    for service in place.graph.of(SERVICE):
        if service.get("schedulingStrategy") == "DAEMON":
            continue  # What hosts want of one is theirs.
        containers = _containers(place, service)
        subject = str(containers[0].get("name")) if containers else service.called
        targets = balancing.target_groups(place, service)
        if service.get("launchType") == "EXTERNAL":
            need, kind, again = _on_premises(place, service, containers), kinds.ON_PREMISES, figures.COPIES_START
            if need and (ways := balancing.before_servers(place, containers)):
                need = AllOf((need, Soft(AllOf(ways), figures.CALLED_DIRECTLY)))
        else:
            need, kind = _in_aws(place, service, containers, standby), kinds.IN_AWS
            again = figures.routed_start(targets[0].inputs, _start_seconds(service)) if targets else figures.COPIES_START
        if need:
            need = _while_patched(place, service, _while_rolling_out(place, service, need))
            made_by = (service.node.urn, *balancing.routes(place, targets))
            yield Function(place.graph.stack, kind, subject, need, made_by, again)


def _while_rolling_out(place: Place, service: Resource, need: Need) -> Need:
    """A new version of every workload is an event of its own: nothing dies, but copies stop to make room for others."""
    event = Part(f"rollout:{place.graph.stack}", kinds.ROLLOUT, place.named("of every workload"))
    rolling = place.model.part(event)
    count = max(_count(place, service), 1)
    kept = _kept(service, count)
    if kept >= count:
        return need
    if kept:
        return AllOf((need, Soft(One(rolling, figures.ROLLS), figures.ROLLS_ON)))
    return AllOf((need, One(rolling, figures.ROLLS)))


def _while_patched(place: Place, service: Resource, need: Need) -> Need:
    """Servers on-premises leave the cluster to be patched, so many at a time, and what ran there starts on the others."""
    tasks = [one for one in place.graph.of(TASK) if one.get("taskType") == "AUTOMATION"]
    servers = sum(int(one.get("registrationLimit", 1)) for one in place.graph.of(ACTIVATION))
    if service.get("launchType") != "EXTERNAL" or not tasks or not servers:
        return need
    event = Part(f"patching:{place.graph.stack}", kinds.PATCHING, place.named("of servers on-premises"))
    patched, count = place.model.part(event), max(_count(place, service), 1)
    at_once = _of(str(tasks[0].get("maxConcurrency", "1")), servers)
    if at_once >= servers:
        return AllOf((need, One(patched, figures.PATCHED)))
    # A server that is drained keeps its copies while fewer than these would be left.
    kept = _kept(service, count)
    if kept >= count:
        return need
    on_others = at_once * (ceil(count / servers) if _apart(place, service) else count) < count
    return AllOf(
        (need, Soft(One(patched, figures.PATCHED), figures.PATCHED_ON) if kept or on_others else One(patched, figures.PATCHED))
    )


def _kept(service: Resource, count: int) -> int:
    """Copies that ECS leaves running whatever it replaces."""
    return ceil(count * float(service.get("deploymentMinimumHealthyPercent", WHOLE)) / WHOLE)


def _of(share: str, whole: int) -> int:
    """So many, or so many percent of all: at least one."""
    return max(whole * int(share[:-1]) // WHOLE, 1) if share.endswith("%") else int(share)


def _in_aws(place: Place, service: Resource, containers: list[dict[str, Any]], standby: bool) -> Need | None:
    group = _group(place, service)
    count = max(_count(place, service), 1 if standby else 0)
    if not group or not count:
        return None
    zones, hosts = place.graphs.zones(group.get("vpcZoneIdentifiers")), max(int(group.get("minSize", 0)), 1)
    used = max(min(len(zones), hosts), 1)
    strategies = service.get("orderedPlacementStrategies") or []
    spread = any(one.get("type") == "spread" and one.get("field") == "attribute:ecs.availability-zone" for one in strategies)
    in_zone = ceil(count / used) if spread else count
    # Within a zone, nothing keeps the copies of a service apart but a port that only one of them can have.
    on_host = 1 if _alone(containers) and hosts > 1 else in_zone
    machines = place.alike(kinds.HOST, group, group.called, place.region(), hosts)
    targets = balancing.target_groups(place, service)
    warmup, control = _warmup(place, group), place.reach(*CONTROL)
    copies: Need = Copies(
        count,
        (*((place.zone(zone), in_zone) for zone in zones), *((one, on_host) for one in machines), (place.region(), count)),
        _noticed(targets, warmup),
        _restarted(targets, _start_seconds(service), warmup),
        control,
        figures.NOTHING_STARTS,
    )
    if beside := balancing.beside(place, targets):
        there = next((one for one in place.graph.of(SERVICE) if _serves(place, one, beside.port)), None)
        if there and (copies_there := _on_premises(place, there, _containers(place, there))) and place.link:
            copies = balancing.shared(place, str(containers[0].get("name")), copies, AllOf((copies_there, place.link)), beside)
    return AllOf((copies, *balancing.balancers(place, targets), *([Soft(control, figures.NO_NEW_COPIES)] if control else [])))


def _on_premises(place: Place, service: Resource, containers: list[dict[str, Any]]) -> Need | None:
    activations = place.graph.of(ACTIVATION)
    servers = sum(int(one.get("registrationLimit", 1)) for one in activations)
    count = int(service.get("desiredCount", 0))
    if not servers or not count:
        return None
    on_server = ceil(count / servers) if _apart(place, service) else count
    # Where they stand nothing tells: in a site each, all of them in the one that is gone.
    machines = place.alike(kinds.SERVER, activations[0], "", place.every_site[0], servers)
    places = (*((one, on_server) for one in machines), *((site, count) for site in place.every_site))
    copies = Copies(count, places, figures.COPIES_LEFT, figures.SERVER_REPLACED)
    control = AllOf((place.managed(_cluster(place, service)), *place.reach_from_site(*CONTROL)))
    return AllOf((copies, Soft(control, figures.DISCONNECTED)))


def _apart(place: Place, service: Resource) -> bool:
    """Whether the copies of a service on-premises are on as many servers as there are."""
    strategies = service.get("orderedPlacementStrategies") or []
    spread = any(one.get("type") == "spread" and one.get("field") == "instanceId" for one in strategies)
    return spread or _alone(_containers(place, service))


def _containers(place: Place, service: Resource) -> list[dict[str, Any]]:
    definition = place.graph.find(service.get("taskDefinition"), DEFINITION)
    return list(json.loads(definition.get("containerDefinitions", "[]"))) if definition else []


def _alone(containers: list[dict[str, Any]]) -> bool:
    """Whether a host can run only one copy, because of a port that is fixed."""
    return bool(balancing.host_ports(containers))


def _serves(place: Place, service: Resource, port: int) -> bool:
    """Whether a service runs on-premises under this fixed port."""
    if service.get("launchType") != "EXTERNAL":
        return False
    return port in balancing.host_ports(_containers(place, service))


def _cluster(place: Place, service: Resource) -> Resource:
    return place.graph.find(service.get("cluster"), "aws:ecs/cluster:Cluster") or service


def _group(place: Place, service: Resource) -> Resource | None:
    """The hosts: by the capacity provider of the service, or the default one of its cluster."""
    strategies = service.get("capacityProviderStrategies")
    if not strategies:
        defaults = place.graph.of("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders")
        strategies = [one for default in defaults for one in default.get("defaultCapacityProviderStrategies") or []]
    names = [one.get("capacityProvider") for one in strategies]
    provider = place.graph.find(names[0] if names else None, "aws:ecs/capacityProvider:CapacityProvider")
    arn = (provider.get("autoScalingGroupProvider") or {}).get("autoScalingGroupArn") if provider else None
    return place.graph.find(arn, GROUP)


def _count(place: Place, service: Resource) -> int:
    """Copies that always run: autoscaling may lower the number to its minimum."""
    name = f"/{service.get('name', service.node.name)}"
    scaled = [one for one in place.graph.of("aws:appautoscaling/target:Target") if str(one.get("resourceId")).endswith(name)]
    return int(scaled[0].get("minCapacity", 0)) if scaled else int(service.get("desiredCount", 0))


def _warmup(place: Place, group: Resource) -> float | None:
    """Seconds that a new host is given to join, as configured."""
    found = group.get("defaultInstanceWarmup")
    for provider in place.graph.of("aws:ecs/capacityProvider:CapacityProvider"):
        settings = provider.get("autoScalingGroupProvider") or {}
        if settings.get("autoScalingGroupArn") in {*group.names()}:
            found = (settings.get("managedScaling") or {}).get("instanceWarmupPeriod") or found
    return float(found) if found else None


def _start_seconds(service: Resource) -> float:
    return float(service.get("healthCheckGracePeriodSeconds", 0))


def _noticed(targets: list[Resource], warmup: float | None) -> Figure:
    if not targets:
        return figures.COPIES_LEFT
    return max(
        (figures.routed_copies_left(target.inputs, warmup) for target in targets), key=lambda figure: figure.seconds or 0
    )


def _restarted(targets: list[Resource], start_seconds: float, warmup: float | None) -> Figure:
    if not targets:
        return figures.TASK_RESTART
    slowest = max(targets, key=lambda target: sum(figures.health_check(target.inputs)[:2]))
    return figures.routed_restart(slowest.inputs, start_seconds, warmup)
