"""What the load balancers do with requests: which listener and rule leads to which workload."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proofs.reachability.case import Case, Failure
from proofs.reachability.engine import flow
from proofs.reachability.party import Party
from proofs.reachability.reader import Item, Reader
from proofs.reachability.traffic import Traffic, TrafficSet


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


def forwards(readers: Sequence[Reader], parties: Sequence[Party]) -> list[Forward]:
    """Every way by which requests get to a workload."""
    found = []
    for reader in readers:
        for balancer in (party for party in parties if party.role == "loadBalancer" and f":{reader.region}:" in party.key):
            for listener in reader.all("elbv2", "DescribeListeners", "Listeners", LoadBalancerArn=balancer.key):
                for rule in reader.all("elbv2", "DescribeRules", "Rules", ListenerArn=listener["ListenerArn"]):
                    for group in _groups(rule):
                        for party in parties:
                            for behind, ports in party.behind:
                                if behind == group:
                                    told = f"{listener['Protocol']} {listener['Port']}, {_told(rule)}"
                                    found.append(Forward(balancer, Traffic("tcp", listener["Port"]), told, party, ports))
    return found


def requests_reach_workloads(case: Case, proof: str) -> Iterator[Failure]:
    """Whoever reaches the load balancer reaches each workload with a route, in every zone, and no other."""
    found = forwards(case.account.readers, case.parties)
    forwarded = {forward.workload.key for forward in found}
    for workload in sorted(case.expected.routed - forwarded):
        yield Failure(proof, f"workload {workload} has a route, and no rule of a load balancer leads to it")
    for workload in sorted(forwarded - case.expected.routed):
        cite = tuple(forward.rule for forward in found if forward.workload.key == workload)
        yield Failure(proof, f"workload {workload} has no route, and a rule of a load balancer leads to it", cite)
    for forward in found:
        for place in forward.balancer.places:
            for host in forward.workload.places:
                lets = flow(case.world, place, host)
                if not forward.ports <= lets.traffic:
                    lacking = forward.ports - lets.traffic
                    what = f"{place.name} cannot send requests to {forward.workload.name} on {host.name}: {lacking}"
                    yield Failure(proof, what, (forward.rule, *([lets.blocked] if lets.blocked else [])))
        if not (case.expected.circuits or case.expected.routers):
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
