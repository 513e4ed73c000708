import json
from typing import Any

import pytest

from tests.components.management.support import bare, full, managed
from tests.recorder import REGION, Graph


@pytest.fixture(scope="module")
def graph() -> Graph:
    return managed(full(tracing=True, traced_workloads=["shop"]))


def body(graph: Graph) -> dict[str, Any]:
    dashboard = graph.one("aws:cloudwatch/dashboard:Dashboard").inputs
    assert dashboard["dashboardName"] == "hybridge-test"
    parsed: dict[str, Any] = json.loads(dashboard["dashboardBody"])
    return parsed


def test_widgets_lie_within_the_grid_and_not_on_each_other(graph: Graph) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in body(graph)["widgets"]:
        cells = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not cells & taken
        assert all(0 <= x < 24 for x, _ in cells)
        taken |= cells


def test_every_line_is_a_metric_of_this_region_or_a_search(graph: Graph) -> None:
    metrics = [widget["properties"] for widget in body(graph)["widgets"] if widget["type"] == "metric"]
    assert metrics
    for properties in metrics:
        assert properties["region"] == REGION
        assert properties["view"] == "timeSeries"
        ids = [line[0]["id"] for line in properties["metrics"] if isinstance(line[0], dict)]
        assert len(ids) == len(set(ids))
        for line in properties["metrics"]:
            if isinstance(line[0], dict):
                assert line[0]["expression"].startswith("SEARCH('{")
            else:
                names = [part for part in line if isinstance(part, str)]
                assert len(names) % 2 == 0, "namespace and metric, then dimensions by twos"


def test_both_sides_are_on_it(graph: Graph) -> None:
    text = json.dumps(body(graph))
    for part in (
        '"AWS/DX", "VirtualInterfaceBgpStatus", "ConnectionId", "dxcon-east"',
        '"AWS/VPN", "TunnelState", "VpnId", "vpn-1"',
        "{CWAgent,Fleet,host}",
        "{ECS/ContainerInsights,ClusterName,ServiceName}",
        '"AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", "database-1"',
        '"GatewayId", "sgw-12A3456B", "GatewayName", "files"',
        '"AWS/X-Ray", "ApproximateTraceCount"',
    ):
        assert part in text


def test_hosts_are_found_by_fleet_not_listed(graph: Graph) -> None:
    expressions = [
        line[0]["expression"]
        for widget in body(graph)["widgets"]
        if widget["type"] == "metric"
        for line in widget["properties"]["metrics"]
        if isinstance(line[0], dict)
    ]
    assert (
        "SEARCH('{CWAgent,Fleet,host} MetricName=\"mem_used_percent\" Fleet=\"hybridge-test\"', 'Average', 300)" in expressions
    )


def test_what_s3_tells_once_a_day_is_shown_over_days(graph: Graph) -> None:
    (widget,) = [one for one in body(graph)["widgets"] if one["properties"].get("title") == "Files in S3, bytes by class"]
    assert (widget["properties"]["period"], widget["properties"]["start"]) == (86_400, "-P30D")
    assert widget["properties"]["metrics"][0][0]["expression"].endswith("'Average', 86400)")


def test_alarms_of_single_workloads_do_not_crowd_it(graph: Graph) -> None:
    (alarms,) = [widget["properties"]["alarms"] for widget in body(graph)["widgets"] if widget["type"] == "alarm"]
    assert len(alarms) <= 100
    assert [arn for arn in alarms if "shop" in arn] == []
    assert any(arn.endswith("management-alarms-link") for arn in alarms)


def test_what_does_not_exist_has_no_heading() -> None:
    headings = [widget["properties"]["markdown"] for widget in body(managed(bare()))["widgets"] if widget["type"] == "text"]
    assert headings == ["## Hosts on both sides"]
