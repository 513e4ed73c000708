"""Where nothing runs, nothing rings but what would be wrong even so."""

import operator
from typing import Any

import pytest

from tests.components.management.support import full, managed
from tests.recorder import Graph

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPARE = {
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}

AT_REST: dict[str, float | None] = {
    # What CloudWatch has of a cluster without hosts, a group of none and services of none. Of most metrics it has nothing.
    "DesiredTaskCount": 0,
    "RunningTaskCount": None,
    "GroupDesiredCapacity": 0,
    "GroupInServiceInstances": 0,
    # Nothing needed of nothing there: managed scaling takes it for just right.
    "CapacityProviderReservation": 100,
    "UnHealthyHostCount": 0,
    # The roll call is called all the same, and nobody is missing.
    "HostsLost": 0,
    "AgentsSilent": 0,
    "EcsAgentsDisconnected": 0,
}
STANDS: dict[str, float | None] = {"TunnelState": 1, "FreeStorageSpace": 200 * 1024**3, "ReplicaLag": 2}
"""What stands by as well as it does at work: the VPN, a replica of the database."""


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The second region at rest: no circuits of its own, no file gateway yet, no migration."""
    absent = ("connection_ids", "virtual_interface_ids", "gateway_arn", "gateway_name", "efs_file_system_id")
    migration = ("replication_instance_identifier", "migration_task_arns")
    none: dict[str, Any] = dict.fromkeys((*absent, *migration))
    return managed(full(**none, replica_identifiers={"standby": "database-replica-1"}))


def rings(alarm: dict[str, Any], values: dict[str, float | None]) -> bool:
    """Whether an alarm would ring, as CloudWatch reckons."""
    if "metricQueries" in alarm:
        metrics = {
            query["id"]: values.get(query["metric"]["metricName"]) for query in alarm["metricQueries"] if "metric" in query
        }
        (expression,) = (query["expression"] for query in alarm["metricQueries"] if "expression" in query)
        assert expression == "first - FILL(running, 0)", f"teach this test {expression!r}"
        value = None if metrics["first"] is None else metrics["first"] - (metrics["running"] or 0)
    else:
        value = values.get(alarm["metricName"])
    if value is None:
        return bool(alarm["treatMissingData"] == "breaching")
    return bool(COMPARE[alarm["comparisonOperator"]](value, alarm["threshold"]))


def ringing(graph: Graph, values: dict[str, float | None]) -> set[str]:
    return {one.name.removeprefix("management-alarms-") for one in graph.created(ALARM) if rings(one.inputs, values)}


def test_nothing_rings_where_nothing_should_run(graph: Graph) -> None:
    assert ringing(graph, {**AT_REST, **STANDS}) == set()


def test_what_stands_by_is_watched_all_the_same(graph: Graph) -> None:
    tunnels = {"vpn-router-1", "vpn-router-2", "tunnel-router-1", "tunnel-router-2"}
    assert ringing(graph, AT_REST) == {*tunnels, "database-storage", "replica-lag-standby"}
    assert ringing(graph, {**AT_REST, **STANDS, "ReplicaLag": 900}) == {"replica-lag-standby"}


def test_a_vpn_with_one_tunnel_of_two_is_not_called_down(graph: Graph) -> None:
    one_of_two = {**AT_REST, **STANDS, "TunnelState": 0.5}
    assert ringing(graph, one_of_two) == {"tunnel-router-1", "tunnel-router-2"}


def test_the_same_alarms_ring_once_something_should_run_and_does_not(graph: Graph) -> None:
    wanted = {"DesiredTaskCount": 3.0, "GroupDesiredCapacity": 3.0, "CapacityProviderReservation": 200.0}
    assert ringing(graph, {**AT_REST, **STANDS, **wanted}) == {
        "tasks-shop-aws",
        "tasks-shop-on-premises",
        "hosts-missing",
        "capacity-provider",
    }


def test_the_loss_of_every_vpn_is_not_called_the_loss_of_circuits_that_others_watch(graph: Graph) -> None:
    link = graph.one("aws:cloudwatch/compositeAlarm:CompositeAlarm").inputs["alarmDescription"]
    told = "Every VPN to the data centre is down. Circuits, if those of another region lead here, are watched there."
    assert link == f"{told} Runbook: docs/operations.md, When it rings, Links."
    circuits = managed().one("aws:cloudwatch/compositeAlarm:CompositeAlarm").inputs["alarmDescription"]
    assert "every circuit and every VPN is down" in circuits
