"""Service autoscaling: the number of a workload's copies on AWS follows its load, apart from the number of hosts."""

import pulumi
import pulumi_aws as aws

from components.container_platform.args import ScalingArgs
from components.container_platform.shared import PlatformArgs, tags

Specification = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgsDict


def scale(
    name: str,
    *,
    scaling: ScalingArgs,
    service: aws.ecs.Service,
    target_group: aws.lb.TargetGroup | None,
    platform: PlatformArgs,
    opts: pulumi.ResourceOptions,
) -> None:
    """Scale the service between its bounds, by whichever of CPU, memory and requests are given; the most demanding wins."""
    target = aws.appautoscaling.Target(
        name,
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=pulumi.Output.concat("service/", platform["cluster_name"], "/", service.name),
        min_capacity=scaling["min_replicas"],
        max_capacity=scaling["max_replicas"],
        region=platform["region"],
        tags=tags(platform, name),
        opts=opts,
    )
    metrics: dict[str, tuple[str, int | None, pulumi.Input[str] | None]] = {
        "cpu": ("ECSServiceAverageCPUUtilization", scaling.get("cpu_percent"), None),
        "memory": ("ECSServiceAverageMemoryUtilization", scaling.get("memory_percent"), None),
    }
    if target_group:
        label = pulumi.Output.format("{}/{}", platform["load_balancer"]["arn_suffix"], target_group.arn_suffix)
        metrics["requests"] = ("ALBRequestCountPerTarget", scaling.get("requests_per_replica"), label)
    for purpose, (metric, value, resource_label) in metrics.items():
        if value is None:
            continue
        specification: Specification = {"predefined_metric_type": metric}
        if resource_label:
            specification["resource_label"] = resource_label
        aws.appautoscaling.Policy(
            f"{name}-{purpose}",
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "predefined_metric_specification": specification,
                "target_value": value,
                "scale_out_cooldown": scaling.get("scale_out_seconds", 60),
                "scale_in_cooldown": scaling.get("scale_in_seconds", 300),
            },
            region=platform["region"],
            opts=opts,
        )
