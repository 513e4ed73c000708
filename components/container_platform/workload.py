"""One workload: its definition, roles and logs, a service on each side it is placed on, its route and its scaling."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform.args import WorkloadArgs
from components.container_platform.container_definition import Context, container_definitions, own_volumes, volume
from components.container_platform.daemon import make_daemon
from components.container_platform.job import Job, command, make_schedule
from components.container_platform.placement import PulledImage, database_secret, http_port, parts_of, pulled_image
from components.container_platform.route import Routed, make_route
from components.container_platform.scaling import scale
from components.container_platform.shared import PlatformArgs, tags
from components.container_platform.task_roles import execution_role, task_role
from components.images import DOCKER_HUB
from components.inputs import known

HALF, WHOLE = 50, 100
"""Percent of the copies that a deployment keeps up."""
COMPATIBILITIES = {"aws": ["EC2"], "onPremises": ["EXTERNAL"], "both": ["EC2", "EXTERNAL"]}
"""Placement to ECS's words for it: ECS checks the one definition against each."""


class WorkloadResourceArgs(TypedDict):
    """What ContainerPlatform gives to a workload."""

    workload: WorkloadArgs
    """The workload."""
    platform: PlatformArgs
    """What all of them share."""


class Workload(pulumi.ComponentResource):
    """A container runs in its number of copies on every side that it is placed on."""

    aws_service_name: pulumi.Output[str] | None
    """Its ECS service on AWS; None if it is not placed there."""
    on_premises_service_name: pulumi.Output[str] | None
    """Its ECS service on-premises; None if it is not placed there."""
    job_command: pulumi.Output[str] | None
    """What starts a job by hand; None for a service."""
    log_group_name: pulumi.Output[str]
    """Where its logs go."""
    family: pulumi.Output[str]
    """What all revisions of its task definition are called."""
    target_group_arn_suffix: pulumi.Output[str] | None
    """The end of its target group's ARN, by which CloudWatch knows it; None without a route to copies on AWS."""
    on_premises_target_group_arn_suffix: pulumi.Output[str] | None
    """The same of its target group of servers on-premises."""

    def __init__(self, name: str, args: WorkloadResourceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        workload, platform = args["workload"], args["platform"]
        placement = workload.get("placement", "aws")
        credentials = {DOCKER_HUB: platform["docker_hub_credentials_arn"], **platform["registries"]}
        images = [
            pulled_image(part["image"], platform["partition"], platform["repositories"], platform["cache"], credentials)
            for part in parts_of(workload)
        ]
        # What all workloads share would make up most of the inputs, many times over.
        super().__init__("hybridge:platform:Workload", name, known(workload), opts)
        child = pulumi.ResourceOptions(parent=self)
        log_group = aws.cloudwatch.LogGroup(
            name,
            kms_key_id=platform["key_arn"],
            retention_in_days=platform["log_retention_days"],
            # A workload that is removed or renamed leaves its logs, which empty themselves by their retention.
            skip_destroy=platform["protected"],
            region=platform["region"],
            tags=tags(platform, name),
            opts=child,
        )
        starter, starter_policy = execution_role(
            f"{name}-execution", workload=workload, platform=platform, log_group=log_group, images=images, opts=child
        )
        runner, runner_policies = task_role(f"{name}-task", workload, platform, child)
        definition = aws.ecs.TaskDefinition(
            name,
            # Unique in the account and region, as the name of the cluster is.
            family=pulumi.Output.concat(platform["cluster_name"], "-", workload["name"]),
            network_mode=workload.get("network_mode", "bridge"),
            requires_compatibilities=COMPATIBILITIES[placement],
            container_definitions=_definitions(workload, platform, log_group.name, images),
            volumes=_volumes(workload, platform),
            execution_role_arn=starter.arn,
            task_role_arn=runner.arn,
            # A failed deployment goes back to the revision before, which must still be there.
            skip_destroy=True,
            region=platform["region"],
            tags=tags(platform, name),
            opts=child,
        )
        # Tasks that start before their permissions are there fail, and enough of them fail the deployment.
        ready: list[pulumi.Resource] = [starter_policy, *runner_policies]
        self.aws_service_name = self.on_premises_service_name = None
        self.target_group_arn_suffix = self.on_premises_target_group_arn_suffix = None
        self.job_command = None
        if workload.get("kind") == "job":
            job = Job(name, definition, [starter.arn, runner.arn], ready)
            make_schedule(job, workload, platform, child)
            self.job_command = command(job, workload, platform)
        self.log_group_name, self.family = log_group.name, definition.family
        routed = make_route(name, workload, workload["route"], platform, child) if "route" in workload else None
        if routed and routed.target_group:
            self.target_group_arn_suffix = routed.target_group.arn_suffix
        if routed and routed.on_premises:
            self.on_premises_target_group_arn_suffix = routed.on_premises.arn_suffix
        if workload.get("kind") != "job" and placement != "onPremises":
            self._on_aws(name, args, definition, ready, routed)
        if workload.get("kind") != "job" and placement != "aws":
            self._on_premises(name, args, definition, ready)
        self.register_outputs(
            {
                "aws_service_name": self.aws_service_name,
                "on_premises_service_name": self.on_premises_service_name,
                "target_group_arn_suffix": self.target_group_arn_suffix,
                "on_premises_target_group_arn_suffix": self.on_premises_target_group_arn_suffix,
                "job_command": self.job_command,
            }
        )

    def _on_aws(
        self,
        name: str,
        args: WorkloadResourceArgs,
        definition: aws.ecs.TaskDefinition,
        ready: Sequence[pulumi.Resource],
        routed: Routed | None,
    ) -> None:
        workload, platform = args["workload"], args["platform"]
        child = pulumi.ResourceOptions(parent=self)
        if workload.get("kind") == "daemon":
            waiting = pulumi.ResourceOptions(parent=self, depends_on=[*ready])
            self.aws_service_name = make_daemon(f"{name}-aws", workload, platform, definition, waiting).name
            return
        scaling, target_group = workload.get("scaling"), routed.target_group if routed else None
        service = aws.ecs.Service(
            f"{name}-aws",
            cluster=platform["cluster_arn"],
            task_definition=definition.arn,
            desired_count=workload.get("replicas", 1),
            capacity_provider_strategies=[{"capacity_provider": platform["capacity_provider_name"], "weight": 1, "base": 0}],
            # Across zones first, so that none of them matters; then few hosts, so that managed scaling finds empty ones.
            ordered_placement_strategies=[
                {"type": "spread", "field": "attribute:ecs.availability-zone"},
                {"type": "binpack", "field": "memory"},
            ],
            availability_zone_rebalancing="ENABLED",
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            deployment_circuit_breaker={"enable": True, "rollback": True},
            alarms=_stopped_by(name, workload, platform, target_group, child),
            wait_for_steady_state=platform["wait_for_steady_state"],
            enable_execute_command=not workload.get("read_only_root", False),
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            load_balancers=[
                {
                    "target_group_arn": target_group.arn,
                    "container_name": workload["name"],
                    "container_port": http_port(workload),
                }
            ]
            if target_group
            else None,
            health_check_grace_period_seconds=workload.get("health_check", {}).get("start_seconds", 60) if routed else None,
            region=platform["region"],
            tags=tags(platform, f"{name}-aws"),
            opts=pulumi.ResourceOptions(
                parent=self,
                # ECS refuses a target group that no load balancer has yet; the rule is what gives it to one.
                depends_on=[*ready, *([routed.rule] if routed else [])],
                # Autoscaling decides the number; each deployment would set it back.
                ignore_changes=["desiredCount"] if scaling else None,
            ),
        )
        self.aws_service_name = service.name
        if scaling:
            scale(name, scaling=scaling, service=service, target_group=target_group, platform=platform, opts=child)

    def _on_premises(
        self,
        name: str,
        args: WorkloadResourceArgs,
        definition: aws.ecs.TaskDefinition,
        ready: Sequence[pulumi.Resource],
    ) -> None:
        workload, platform = args["workload"], args["platform"]
        if workload.get("kind") == "daemon":
            waiting = pulumi.ResourceOptions(parent=self, depends_on=[*ready])
            self.on_premises_service_name = make_daemon(f"{name}-on-premises", workload, platform, definition, waiting).name
            return
        copies = workload.get("on_premises_replicas", workload.get("replicas", 1))
        healthy = workload.get("on_premises_healthy_percent", HALF if copies > 1 else 0)
        constraints: list[aws.ecs.ServicePlacementConstraintArgsDict] = [
            {"type": "memberOf", "expression": expression} for expression in workload.get("servers", ())
        ]
        if workload.get("spread", False):
            constraints.append({"type": "distinctInstance"})
        service = aws.ecs.Service(
            f"{name}-on-premises",
            cluster=platform["cluster_arn"],
            task_definition=definition.arn,
            desired_count=copies,
            launch_type="EXTERNAL",
            placement_constraints=constraints or None,
            availability_zone_rebalancing="DISABLED",
            # Nobody adds a server for the time of a deployment: old copies stop before new ones start, half of them at a time.
            # A workload may say that there are servers to spare.
            deployment_minimum_healthy_percent=healthy,
            deployment_maximum_percent=200 if healthy == WHOLE else WHOLE,
            deployment_circuit_breaker={"enable": True, "rollback": True},
            wait_for_steady_state=platform["wait_for_steady_state"],
            enable_execute_command=not workload.get("read_only_root", False),
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            region=platform["region"],
            tags=tags(platform, f"{name}-on-premises"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*ready]),
        )
        self.on_premises_service_name = service.name


def _stopped_by(
    name: str,
    workload: WorkloadArgs,
    platform: PlatformArgs,
    target_group: aws.lb.TargetGroup | None,
    opts: pulumi.ResourceOptions,
) -> aws.ecs.ServiceAlarmsArgsDict | None:
    """The alarm that stops a deployment: its copies answer with errors, though they start and pass their health checks."""
    errors = workload.get("deployment_errors")
    if errors is None or target_group is None:
        return None
    alarm = aws.cloudwatch.MetricAlarm(
        f"{name}-deployment",
        alarm_description=f"{workload['name']} answers with 5XX: a deployment under way goes back to the version before.",
        namespace="AWS/ApplicationELB",
        metric_name="HTTPCode_Target_5XX_Count",
        dimensions={"LoadBalancer": platform["load_balancer"]["arn_suffix"], "TargetGroup": target_group.arn_suffix},
        statistic="Sum",
        period=60,
        evaluation_periods=1,
        threshold=errors,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="notBreaching",
        region=platform["region"],
        tags=tags(platform, f"{name}-deployment"),
        opts=opts,
    )
    return {"alarm_names": [alarm.name], "enable": True, "rollback": True}


def _volumes(workload: WorkloadArgs, platform: PlatformArgs) -> list[Any]:
    files = sorted({volume(mount, platform["shared_path"]) for mount in workload.get("files", ())})
    return [{"name": item.name, "host_path": item.host_path} for item in files] + own_volumes(workload)


def _definitions(
    workload: WorkloadArgs, platform: PlatformArgs, log_group_name: pulumi.Input[str], images: Sequence[PulledImage]
) -> pulumi.Output[str]:
    environment, database = workload.get("environment", {}), platform["database"]
    names = sorted(environment)
    # Who reads nothing of the database does not wait for it: minutes when it is promoted, longer when it is made.
    reads = any(source.startswith("database:") for part in parts_of(workload) for source in part.get("secrets", {}).values())

    def render(known: Mapping[str, Any]) -> str:
        context = Context(
            region=platform["region"],
            image=known["images"][0],
            log_group=known["log_group"],
            environment=dict(zip(names, known["values"], strict=True)),
            database_secret_arn=known["secret"],
            registry_credentials_arn=images[0].credentials_arn,
            beside=[
                (reference, image.credentials_arn) for reference, image in zip(known["images"][1:], images[1:], strict=True)
            ],
            shared_path=platform["shared_path"],
            tracing=platform["tracing"],
        )
        return json.dumps(container_definitions(workload, context))

    return pulumi.Output.all(
        images=[image.reference for image in images],
        log_group=log_group_name,
        values=[environment[key] for key in names],
        secret=database_secret(database, workload["name"]) if database and reads else None,
    ).apply(render)
