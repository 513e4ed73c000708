"""What the load balancers do with requests: which listener and rule leads to which workload."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from proofs.reachability.case import Case, Failure
from proofs.reachability.engine import flow
from proofs.reachability.model import Place
from proofs.reachability.party import Party, Role
from proofs.reachability.reader import Item, Reader
from proofs.reachability.traffic import Traffic, TrafficSet

SIDES: dict[Role, str] = {"workload": "", "workloadOnPremises": " on-premises"}
"""What tells a workload's two sides apart, for people."""


@dataclass(frozen=True)
class Forward:
    """A rule of a listener that sends requests to a workload."""

    balancer: Party
    listener: Traffic
    rule: str
    """The rule, for people: what it asks for and its priority."""
    workload: Party
    ports: TrafficSet
    """Where on the workload's hosts."""
    hosts: tuple[Place, ...]
    """These hosts: all that it may be on, or the addresses that are behind the load balancer."""


def forwards(readers: Sequence[Reader], parties: Sequence[Party]) -> list[Forward]:
    """Every way by which requests get to a workload."""
    found = []
    for reader in readers:
        for balancer in (party for party in parties if party.role == "loadBalancer" and f":{reader.region}:" in party.key):
            for listener in reader.all("elbv2", "DescribeListeners", "Listeners", LoadBalancerArn=balancer.key):
                for rule in reader.all("elbv2", "DescribeRules", "Rules", ListenerArn=listener["ListenerArn"]):
                    told = f"{listener['Protocol']} {listener['Port']}, {_told(rule)}"
                    for group in _groups(rule):
                        for party, ports, hosts in _behind(reader, group, parties):
                            found.append(Forward(balancer, Traffic("tcp", listener["Port"]), told, party, ports, hosts))
    return found


def _behind(reader: Reader, group: str, parties: Sequence[Party]) -> Iterator[tuple[Party, TrafficSet, tuple[Place, ...]]]:
    """Who is behind a target group, with which ports of which hosts."""
    servers: dict[int, list[str]] = {}
    described = reader.all("elbv2", "DescribeTargetGroups", "TargetGroups", TargetGroupArns=[group])
    if described[0]["TargetType"] == "ip":
        for one in reader.all("elbv2", "DescribeTargetHealth", "TargetHealthDescriptions", TargetGroupArn=group):
            servers.setdefault(one["Target"]["Port"], []).append(one["Target"]["Id"])
    for party in parties:
        for behind, ports in party.behind:
            if behind == group:
                yield party, ports, party.places
        if party.role == "workloadOnPremises":
            # ECS tells no load balancer of these: a fixed port is what they are known by.
            for port, addresses in servers.items():
                if (ports := TrafficSet.of("tcp", port)) <= party.serves:
                    networks = map(IPv4Network, addresses)
                    hosts = (Place(f"server {one[0]}", one[0], outside="onPremises", network=one) for one in networks)
                    yield party, ports, tuple(hosts)


def requests_reach_workloads(case: Case, proof: str) -> Iterator[Failure]:
    """Whoever reaches the load balancer reaches each workload with a route, in every zone, and no other."""
    found = forwards(case.account.readers, case.parties)
    linked = case.expected.linked
    forwarded = {(forward.workload.role, forward.workload.key) for forward in found}
    for role, workload in sorted(case.expected.routed - forwarded):
        yield Failure(proof, f"workload {workload}{SIDES[role]} has a route, and no rule of a load balancer leads to it")
    for role, workload in sorted(forwarded - case.expected.routed):
        cite = tuple(one.rule for one in found if (one.workload.role, one.workload.key) == (role, workload))
        what = f"workload {workload}{SIDES[role]} has no route, and a rule of a load balancer leads to it"
        yield Failure(proof, what, cite)
    for forward in found:
        if forward.workload.role == "workloadOnPremises" and not linked:
            continue  # Nothing leads there yet.
        for place in forward.balancer.places:
            for host in forward.hosts:
                lets = flow(case.world, place, host)
                if not forward.ports <= lets.traffic:
                    lacking = forward.ports - lets.traffic
                    what = f"{place.name} cannot send requests to {forward.workload.name} on {host.name}: {lacking}"
                    yield Failure(proof, what, (forward.rule, *([lets.blocked] if lets.blocked else [])))
        if not linked:
            continue
        listeners = [cell for cell in case.cells if cell.source.role == "onPremises" and cell.target is forward.balancer]
        if listeners and not any(forward.listener in cell.flow.traffic for cell in listeners):
            what = f"nobody on-premises reaches {forward.listener} of {forward.balancer.name}, behind which is"
            yield Failure(proof, f"{what} {forward.workload.name}", (forward.rule,))


def _groups(rule: Item) -> list[str]:
    """The target groups that a rule forwards to."""
    found = []
    for action in rule["Actions"]:
        if action["Type"] == "forward":
            several = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
            found += [one["TargetGroupArn"] for one in several] or [action["TargetGroupArn"]]
    return list(dict.fromkeys(found))


def _told(rule: Item) -> str:
    """What a rule asks for."""
    conditions = []
    for condition in rule.get("Conditions", []):
        for values in (value["Values"] for key, value in sorted(condition.items()) if key.endswith("Config")):
            conditions.append(f"{condition['Field']} {' or '.join(values)}")
    priority = "by default" if rule.get("IsDefault") else f"by the rule of priority {rule['Priority']}"
    return f"{' and '.join(conditions) or 'whatever is asked'} {priority}"
