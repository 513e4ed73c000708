"""The dashboard over both sides, as the JSON that CloudWatch reads.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.management.args import ManagementArgs
from components.management.data_watches import files_behind, gateways
from components.management.documents import AGENT_NAMESPACE, FLEET

COLUMNS = 24
"""The width of the grid on which widgets lie."""
MOST_ALARMS = 100
"""What one alarm widget takes."""
HEIGHT = 6
MINUTES_5, DAY = 300, 86_400
"""Seconds between two points."""

Line = list[Any]
"""One entry of a widget's `metrics`: namespace, name, dimensions by twos, and options at the end."""


@dataclass(frozen=True)
class Graph:
    """One graph."""

    title: str
    lines: Sequence[Line]
    statistic: str = "Average"
    period: int = MINUTES_5
    start: str = ""
    """Where the graph begins, such as -P30D. Empty: where the dashboard does."""


def line(namespace: str, metric: pulumi.Input[str], dimensions: Mapping[str, pulumi.Input[str]], **options: Any) -> Line:
    """A line of one metric."""
    flat = [part for dimension in dimensions.items() for part in dimension]
    return [namespace, metric, *flat, *([options] if options else [])]


def found(
    namespace: str,
    dimensions: Sequence[str],
    where: Mapping[str, pulumi.Input[str]],
    metric: str,
    statistic: str,
    *,
    period: int = MINUTES_5,
) -> Line:
    """A line for each metric with these dimensions that matches: workloads and hosts come and go without a new dashboard."""
    names, values = list(where), list(where.values())
    schema = ",".join([namespace, *dimensions])
    expression = pulumi.Output.all(*values).apply(
        lambda given: (
            f'SEARCH(\'{{{schema}}} MetricName="{metric}"'
            + "".join(f' {name}="{value}"' for name, value in zip(names, given, strict=True))
            + f"', '{statistic}', {period})"
        )
    )
    return [{"expression": expression, "id": f"e{metric.lower().replace('_', '')}"}]


def between_the_sites(args: ManagementArgs) -> Iterator[Graph]:
    """Circuits and tunnels: whether they stand, and what they carry."""
    connections, interfaces = args.get("connection_ids") or {}, args.get("virtual_interface_ids") or {}
    vpns = args.get("vpn_connection_ids") or {}
    if not (interfaces or vpns):
        return
    yield Graph(
        "Paths that stand (1) or do not (0)",
        [
            *(
                line(
                    "AWS/DX",
                    "VirtualInterfaceBgpStatus",
                    {"ConnectionId": connections[name], "VirtualInterfaceId": interface, "IpAddressFamily": "ipv4"},
                    label=name,
                )
                for name, interface in interfaces.items()
            ),
            *(line("AWS/VPN", "TunnelState", {"VpnId": vpn}, label=f"VPN {name}") for name, vpn in vpns.items()),
        ],
        "Minimum",
    )
    if ports := [name for name in interfaces if name not in (args.get("lag_names") or ())]:
        yield Graph(
            "Direct Connect, bits per second",
            [
                line("AWS/DX", f"ConnectionBps{way}gress", {"ConnectionId": connections[name]}, label=f"{name} {label}")
                for name in ports
                for way, label in (("In", "to AWS"), ("E", "from AWS"))
            ],
        )
    if vpns:
        yield Graph(
            "VPN, bytes in 5 minutes",
            [
                line("AWS/VPN", f"TunnelData{way}", {"VpnId": vpn}, label=f"{name} {label}")
                for name, vpn in vpns.items()
                for way, label in (("In", "to AWS"), ("Out", "from AWS"))
            ],
            "Sum",
        )


def hosts(args: ManagementArgs) -> Iterator[Graph]:
    """Every host of both sides, by name."""
    fleet = {FLEET: args["patch_group"]}
    for title, metric, dimensions in (
        ("CPU of hosts, %", "cpu_usage_active", (FLEET, "cpu", "host")),
        ("Memory of hosts, %", "mem_used_percent", (FLEET, "host")),
        ("Disks of hosts, %", "disk_used_percent", (FLEET, "fstype", "host", "path")),
    ):
        yield Graph(title, [found(AGENT_NAMESPACE, dimensions, fleet, metric, "Average")])


def containers(args: ManagementArgs) -> Iterator[Graph]:
    """The cluster on both sides, and what the load balancer sees of it."""
    name, suffix = args.get("cluster_name"), args.get("load_balancer_arn_suffix")
    if name is not None:
        cluster = {"ClusterName": name}
        yield Graph(
            "Reserved in the cluster, %",
            [line("AWS/ECS", f"{resource}Reservation", cluster, label=resource) for resource in ("CPU", "Memory")],
        )
        yield Graph(
            "Tasks that run",
            [found("ECS/ContainerInsights", ("ClusterName", "ServiceName"), cluster, "RunningTaskCount", "Average")],
        )
    if suffix is not None:
        balancer = {"LoadBalancer": suffix}
        namespace = "AWS/ApplicationELB"
        yield Graph("Requests in 5 minutes", [line(namespace, "RequestCount", balancer)], "Sum")
        yield Graph(
            "Seconds to answer, 19 of 20",
            [found(namespace, ("LoadBalancer", "TargetGroup"), balancer, "TargetResponseTime", "p95")],
        )
        yield Graph(
            "Errors in 5 minutes",
            [
                line(namespace, "HTTPCode_ELB_5XX_Count", balancer, label="load balancer"),
                line(namespace, "HTTPCode_Target_5XX_Count", balancer, label="workloads"),
            ],
            "Sum",
        )


def data(args: ManagementArgs) -> Iterator[Graph]:
    """Database, migration, files."""
    identifier, replication = args.get("database_identifier"), args.get("replication_instance_identifier")
    bucket, file_system = args.get("bucket_name"), args.get("efs_file_system_id")
    if identifier is not None:
        instance = {"DBInstanceIdentifier": identifier}
        yield Graph("Database CPU, %", [line("AWS/RDS", "CPUUtilization", instance)])
        yield Graph("Database free storage, bytes", [line("AWS/RDS", "FreeStorageSpace", instance)], "Minimum")
        yield Graph("Database connections", [line("AWS/RDS", "DatabaseConnections", instance)], "Maximum")
    replicas = args.get("replica_identifiers") or {}
    if replicas:
        yield Graph(
            "Replicas behind, seconds",
            [
                line("AWS/RDS", "ReplicaLag", {"DBInstanceIdentifier": replica}, label=name)
                for name, replica in replicas.items()
            ],
            "Maximum",
        )
    if replication is not None:
        instance = {"ReplicationInstanceIdentifier": replication}
        dimensions = ("ReplicationInstanceIdentifier", "ReplicationTaskIdentifier")
        yield Graph(
            "Migration behind, seconds",
            [found("AWS/DMS", dimensions, instance, metric, "Maximum") for metric in ("CDCLatencySource", "CDCLatencyTarget")],
        )
    for name, gateway in gateways(args):
        yield Graph(
            f"Cache of the file gateway{' ' if name else ''}{name}, %",
            [
                line("AWS/StorageGateway", metric, gateway, label=label)
                for metric, label in (
                    ("CachePercentUsed", "used"),
                    ("CachePercentDirty", "not in S3 yet"),
                    ("CacheHitPercent", "hits"),
                )
            ],
        )
    if bucket is not None:
        yield Graph(
            "Files in S3, bytes by class",
            [
                found(
                    "AWS/S3",
                    ("BucketName", "StorageType"),
                    {"BucketName": bucket},
                    "BucketSizeBytes",
                    "Average",
                    period=DAY,
                )
            ],
            # S3 tells once a day how large a bucket is, so that the last hours would show nothing.
            period=DAY,
            start="-P30D",
        )
    behind = files_behind(args, "ReplicationLatency")
    if behind is not None:
        yield Graph(
            "Files behind the other region, seconds", [line(behind.namespace, behind.name, behind.dimensions)], "Maximum"
        )
    if file_system is not None:
        yield Graph(
            "Files in EFS, bytes by class",
            [found("AWS/EFS", ("FileSystemId", "StorageClass"), {"FileSystemId": file_system}, "StorageBytes", "Average")],
        )


def body(args: ManagementArgs, *, alarm_arns: Sequence[pulumi.Input[str]], trace_group: str | None) -> dict[str, Any]:
    """The whole dashboard: the alarms that ring, then a row or more for each part of what both sides are made of."""
    widgets: list[dict[str, Any]] = []
    top = 0
    if alarm_arns:
        widgets.append(
            {
                "type": "alarm",
                **_place(0, top, COLUMNS, HEIGHT),
                "properties": {"title": "Alarms", "alarms": list(alarm_arns)[:MOST_ALARMS]},
            }
        )
        top += HEIGHT
    traces = (
        [Graph("Traces in 5 minutes", [line("AWS/X-Ray", "ApproximateTraceCount", {"GroupName": trace_group})], "Sum")]
        if trace_group
        else []
    )
    for heading, graphs in (
        ("Between the data centre and AWS", list(between_the_sites(args))),
        ("Hosts on both sides", list(hosts(args))),
        ("Containers on both sides", [*containers(args), *traces]),
        ("Data", list(data(args))),
    ):
        if not graphs:
            continue
        widgets.append({"type": "text", **_place(0, top, COLUMNS, 1), "properties": {"markdown": f"## {heading}"}})
        top += 1
        width = COLUMNS // 3
        for position, graph in enumerate(graphs):
            row, column = divmod(position, 3)
            widgets.append(
                {
                    "type": "metric",
                    **_place(column * width, top + row * HEIGHT, width, HEIGHT),
                    "properties": {
                        "title": graph.title,
                        "view": "timeSeries",
                        "stacked": False,
                        "region": args["region"],
                        "stat": graph.statistic,
                        "period": graph.period,
                        "metrics": list(graph.lines),
                        **({"start": graph.start} if graph.start else {}),
                    },
                }
            )
        top += -(-len(graphs) // 3) * HEIGHT
    return {"widgets": widgets}


def _place(x: int, y: int, width: int, height: int) -> dict[str, int]:
    return {"x": x, "y": y, "width": width, "height": height}
