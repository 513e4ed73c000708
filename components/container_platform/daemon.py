"""A daemon: one copy on every host of a side, those that join later among them."""

import pulumi
import pulumi_aws as aws

from components.container_platform.args import WorkloadArgs
from components.container_platform.shared import PlatformArgs, tags

LAUNCH_TYPES = {"aws": "EC2", "on-premises": "EXTERNAL"}
"""Side to what ECS calls it. A capacity provider is for services whose number it may scale by."""


def make_daemon(
    name: str,
    workload: WorkloadArgs,
    platform: PlatformArgs,
    definition: aws.ecs.TaskDefinition,
    opts: pulumi.ResourceOptions,
) -> aws.ecs.Service:
    """Make the service of a daemon on the side that its name ends with."""
    side = next(side for side in LAUNCH_TYPES if name.endswith(side))
    constraints: list[aws.ecs.ServicePlacementConstraintArgsDict] = [
        {"type": "memberOf", "expression": expression}
        for expression in (workload.get("servers", ()) if side == "on-premises" else ())
    ]
    return aws.ecs.Service(
        name,
        cluster=platform["cluster_arn"],
        task_definition=definition.arn,
        scheduling_strategy="DAEMON",
        launch_type=LAUNCH_TYPES[side],
        placement_constraints=constraints or None,
        availability_zone_rebalancing="DISABLED",
        # A host has room and ports for one copy of a daemon: the old one stops before the new one starts.
        deployment_minimum_healthy_percent=0,
        deployment_maximum_percent=100,
        deployment_circuit_breaker={"enable": True, "rollback": True},
        wait_for_steady_state=platform["wait_for_steady_state"],
        enable_execute_command=not workload.get("read_only_root", False),
        enable_ecs_managed_tags=True,
        propagate_tags="SERVICE",
        region=platform["region"],
        tags=tags(platform, name),
        opts=opts,
    )
