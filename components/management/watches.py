"""What is watched of hosts, load balancer and ways out: one Watch for each alarm, with the reason for each threshold.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
"""

from collections.abc import Iterator

from components.management.args import ManagementArgs
from components.management.documents import AGENT_NAMESPACE, FLEET
from components.management.watch import BELOW, Metric, Watch
from components.names import ON_PREMISES


def egress(args: ManagementArgs) -> Iterator[Watch]:
    """NAT gateways."""
    for zone, gateway in (args.get("nat_gateway_ids") or {}).items():
        dimensions = {"NatGatewayId": gateway}
        yield Watch(
            f"nat-ports-{zone}",
            f"The NAT gateway of {zone} has no port left for one destination (55,000 each): see who opens so many connections.",
            Metric("AWS/NATGateway", "ErrorPortAllocation", dimensions, "Sum"),
            threshold=0,
            severity=2,
        )
        yield Watch(
            f"nat-drops-{zone}",
            f"The NAT gateway of {zone} drops packets: it is at its limit, or AWS has trouble.",
            Metric("AWS/NATGateway", "PacketsDropCount", dimensions, "Sum"),
            # Single packets are dropped at any time; AWS takes 0.01 % of the traffic for a sign.
            threshold=100,
            category="Performance",
        )


def load_balancer(args: ManagementArgs) -> Iterator[Watch]:
    """The internal load balancer and what is behind it. A period without requests has no data and no trouble."""
    suffix = args.get("load_balancer_arn_suffix")
    if suffix is None:
        return
    balancer = {"LoadBalancer": suffix}
    namespace = "AWS/ApplicationELB"
    yield Watch(
        "load-balancer-5xx",
        "The load balancer itself answers with 5XX: no healthy target, or targets that close connections.",
        Metric(namespace, "HTTPCode_ELB_5XX_Count", balancer, "Sum"),
        threshold=10,
        severity=2,
    )
    yield Watch(
        "load-balancer-rejected",
        "The load balancer rejects connections: it is at its limit.",
        Metric(namespace, "RejectedConnectionCount", balancer, "Sum"),
        threshold=0,
        category="Performance",
    )
    for workload, group in (args.get("target_group_arn_suffixes") or {}).items():
        target = {**balancer, "TargetGroup": group}
        if workload.endswith(ON_PREMISES):
            # All servers are behind it, and those without a copy are unhealthy at all times.
            yield Watch(
                f"unhealthy-{workload}",
                f"No server answers the load balancer for {workload}: see its service, and the link to the data centre.",
                Metric(namespace, "HealthyHostCount", target, "Minimum"),
                threshold=1,
                comparison=BELOW,
                severity=2,
            )
        else:
            yield Watch(
                f"unhealthy-{workload}",
                f"Tasks of {workload} fail the health check of the load balancer: read the logs of the workload.",
                Metric(namespace, "UnHealthyHostCount", target, "Maximum"),
                threshold=0,
                severity=2,
            )
        yield Watch(
            f"5xx-{workload}",
            f"{workload} answers with 5XX: read its logs.",
            Metric(namespace, "HTTPCode_Target_5XX_Count", target, "Sum"),
            threshold=10,
        )
        yield Watch(
            f"slow-{workload}",
            f"{workload} is slow: one in twenty answers takes longer than it should.",
            Metric(namespace, "TargetResponseTime", target, "p95"),
            threshold=args["alarms"]["response_seconds"],
            category="Performance",
        )


def capacity(args: ManagementArgs) -> Iterator[Watch]:
    """Room on the hosts of both sides, and tasks that find none."""
    percent = args["alarms"]["host_percent"]
    name, provider = args.get("cluster_name"), args.get("capacity_provider_name")
    hosts_group = args.get("auto_scaling_group_name")
    if name is not None:
        cluster = {"ClusterName": name}
        for resource in ("CPU", "Memory"):
            yield Watch(
                f"cluster-{resource.lower()}",
                f"Tasks have reserved nearly all {resource} of the cluster: raise containers.maxInstances or take larger ones.",
                Metric("AWS/ECS", f"{resource}Reservation", cluster),
                threshold=percent,
                periods=6,
                category="Performance",
            )
        if provider is not None:
            yield Watch(
                "capacity-provider",
                "The cluster needs more hosts than it gets: the group is at its maximum, or hosts do not come up.",
                Metric(
                    "AWS/ECS/ManagedScaling",
                    "CapacityProviderReservation",
                    {**cluster, "CapacityProviderName": provider},
                ),
                # Above 100 % the group is asked to grow, which takes some minutes; half an hour is too long.
                threshold=100,
                periods=6,
                severity=2,
            )
        for workload, service in (args.get("service_names") or {}).items():
            running = {**cluster, "ServiceName": service}
            yield Watch(
                f"tasks-{workload}",
                f"Fewer tasks of {workload} run than should: see the events of the service.",
                Metric("ECS/ContainerInsights", "DesiredTaskCount", running, "Maximum"),
                others={"running": Metric("ECS/ContainerInsights", "RunningTaskCount", running, "Minimum")},
                expression="first - FILL(running, 0)",
                threshold=0,
                # A deployment is over by then, or has been rolled back.
                periods=6,
                severity=2,
            )
    if hosts_group is not None:
        group = {"AutoScalingGroupName": hosts_group}
        yield Watch(
            "hosts-missing",
            "Fewer EC2 hosts are in service than should be: see the activity of the auto scaling group.",
            Metric("AWS/AutoScaling", "GroupDesiredCapacity", group, "Maximum"),
            others={"running": Metric("AWS/AutoScaling", "GroupInServiceInstances", group, "Minimum")},
            expression="first - FILL(running, 0)",
            threshold=0,
            periods=6,
            severity=2,
        )


def jobs(args: ManagementArgs) -> Iterator[Watch]:
    """Jobs that did not run: EventBridge Scheduler could not start them, or nothing was heard of them for too long.

    One that ran and failed is told by an event, see failures.py.
    """
    if (group := args.get("schedule_group_name")) is not None:
        for metric, what in (("TargetErrorCount", "ECS refuses to start"), ("InvocationDroppedCount", "Nobody has started")):
            yield Watch(
                f"jobs-{'refused' if metric.startswith('Target') else 'dropped'}",
                f"{what} a job at its time: see its schedule in EventBridge Scheduler, its role and its definition.",
                Metric("AWS/Scheduler", metric, {"ScheduleGroup": group}, "Sum"),
                threshold=0,
                periods=1,
                severity=2,
            )
    for name, job in (args.get("jobs") or {}).items():
        if hours := job.get("overdue_hours"):
            yield Watch(
                f"overdue-{name}",
                f"{name} has logged nothing for {hours} hours: it did not run, or found no host with room for it.",
                Metric("AWS/Logs", "IncomingLogEvents", {"LogGroupName": job["log_group_name"]}, "Sum"),
                threshold=1,
                comparison=BELOW,
                minutes=60,
                periods=hours,
                missing="breaching",
                severity=2,
            )


def hosts(args: ManagementArgs) -> Iterator[Watch]:
    """Every host of either side, through the CloudWatch agent; the fullest one counts."""
    fleet = {FLEET: args["patch_group"]}
    for metric, what in (("disk_used_percent", "A disk"), ("mem_used_percent", "The memory")):
        yield Watch(
            f"hosts-{metric.split('_', maxsplit=1)[0]}",
            f"{what} of a host, in AWS or on-premises, is nearly full: the dashboard tells of which.",
            Metric(AGENT_NAMESPACE, metric, fleet, "Maximum"),
            threshold=args["alarms"]["host_percent"],
            category="Performance",
        )
