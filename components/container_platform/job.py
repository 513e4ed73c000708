"""Work that is not a service: what runs to its end by a schedule, or when somebody starts it."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from components.container_platform import policies
from components.container_platform.args import WorkloadArgs
from components.container_platform.shared import PlatformArgs, tags

RETRIES, RETRY_SECONDS = 3, 900
"""How often EventBridge Scheduler asks ECS again, and for how long: a run that is late by more is not what was asked for."""


class Job(NamedTuple):
    """A job as it was made, and what it takes to start it."""

    name: str
    """The name of its resources."""
    definition: aws.ecs.TaskDefinition
    roles: Sequence[pulumi.Input[str]]
    """ARNs of the roles of its task definition."""
    ready: Sequence[pulumi.Resource]
    """What a run finds missing if it begins before."""


def sides(workload: WorkloadArgs) -> list[str]:
    """`aws`, `onPremises`: where a workload runs."""
    placement = workload.get("placement", "aws")
    return ["aws", "onPremises"] if placement == "both" else [placement]


def schedule_group(
    name: str, region: str, tags: Mapping[str, str], opts: pulumi.ResourceOptions
) -> aws.scheduler.ScheduleGroup:
    """Where the schedules of a platform are, by which CloudWatch counts what they could not start."""
    return aws.scheduler.ScheduleGroup(name, region=region, tags={**tags, "Name": name}, opts=opts)


def make_schedule(job: Job, workload: WorkloadArgs, platform: PlatformArgs, opts: pulumi.ResourceOptions) -> None:
    """Let EventBridge Scheduler start the job, on each side that it is placed on."""
    schedule = workload.get("schedule")
    if schedule is None:
        return
    name = job.name
    role = aws.iam.Role(
        f"{name}-schedule",
        description=f"EventBridge Scheduler starts {workload['name']}",
        assume_role_policy=platform["schedule_trust"],
        tags=tags(platform, f"{name}-schedule"),
        opts=opts,
    )
    permissions = aws.iam.RolePolicy(
        f"{name}-schedule",
        role=role.name,
        policy=pulumi.Output.all(platform["cluster_arn"], job.definition.arn, *job.roles).apply(
            lambda known: json.dumps(policies.start_permissions(known[0], known[1], known[2:]))
        ),
        opts=opts,
    )
    for side in sides(workload):
        aws.scheduler.Schedule(
            f"{name}-{'aws' if side == 'aws' else 'on-premises'}",
            description=f"{workload['name']}: {schedule['expression']}",
            group_name=platform["schedule_group_name"],
            schedule_expression=schedule["expression"],
            schedule_expression_timezone=schedule.get("time_zone", "Etc/UTC"),
            flexible_time_window={"mode": "OFF"},
            state="ENABLED" if schedule.get("enabled", True) else "DISABLED",
            target={
                "arn": platform["cluster_arn"],
                "role_arn": role.arn,
                "ecs_parameters": _task(side, job, workload, platform),
                "retry_policy": {"maximum_retry_attempts": RETRIES, "maximum_event_age_in_seconds": RETRY_SECONDS},
            },
            region=platform["region"],
            opts=pulumi.ResourceOptions(parent=opts.parent, depends_on=[permissions, *job.ready]),
        )


def _task(
    side: str, job: Job, workload: WorkloadArgs, platform: PlatformArgs
) -> aws.scheduler.ScheduleTargetEcsParametersArgsDict:
    task: aws.scheduler.ScheduleTargetEcsParametersArgsDict = {
        "task_definition_arn": job.definition.arn,
        "task_count": 1,
        "propagate_tags": "TASK_DEFINITION",
        "enable_ecs_managed_tags": True,
    }
    if side == "aws":
        strategy: aws.scheduler.ScheduleTargetEcsParametersCapacityProviderStrategyArgsDict = {
            "capacity_provider": platform["capacity_provider_name"],
            "weight": 1,
            "base": 0,
        }
        return {**task, "capacity_provider_strategies": [strategy]}
    constraints: list[pulumi.Input[aws.scheduler.ScheduleTargetEcsParametersPlacementConstraintArgsDict]] = [
        {"type": "memberOf", "expression": expression} for expression in workload.get("servers", ())
    ]
    return {**task, "launch_type": "EXTERNAL", "placement_constraints": constraints or None}


def command(job: Job, workload: WorkloadArgs, platform: PlatformArgs) -> pulumi.Output[str]:
    """What starts the job by hand, once, on the first side that it is placed on."""
    where = (
        pulumi.Output.concat("--capacity-provider-strategy capacityProvider=", platform["capacity_provider_name"])
        if sides(workload)[0] == "aws"
        else pulumi.Output.from_input("--launch-type EXTERNAL")
    )
    return pulumi.Output.format(
        "aws ecs run-task --region {} --cluster {} --task-definition {} --propagate-tags TASK_DEFINITION "
        "--enable-ecs-managed-tags {}",
        platform["region"],
        platform["cluster_name"],
        job.definition.family,
        where,
    )
