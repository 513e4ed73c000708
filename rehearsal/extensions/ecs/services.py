"""Services: moto refuses EXTERNAL, drops half of what is asked, and takes target groups that do not exist."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.ecs.capacity import check_strategy

KEPT = {
    "capacityProviderStrategy": "capacity_provider_strategy",
    "deploymentConfiguration": "deployment_configuration",
    "placementStrategy": "placement_strategy",
    "placementConstraints": "placement_constraints",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
}
"""What moto drops: member of the API to the attribute of moto's service that its answers are made of."""
ZONE = "attribute:ecs.availability-zone"


@operation("ecs", "CreateService")
def create_service(call: Call) -> dict[str, Any]:
    """Everything that the service names exists and fits together, and ECS has it on the side where it is to run."""
    params, backend = call.params, call.backend("ecs")
    cluster = backend._get_cluster(params.get("cluster", "default"))
    name, strategy = params["serviceName"], params.get("capacityProviderStrategy", [])
    if f"{cluster.name}:{name}" in backend.services:
        raise Refuse("InvalidParameterException", "Creation of service was not idempotent.")
    _check_daemon(params)
    if "launchType" in params and strategy:
        raise Refuse(
            "InvalidParameterException", "Specifying both a launch type and capacity provider strategy is not supported."
        )
    check_strategy(strategy, cluster.capacity_providers or [])
    launch_type = params.get("launchType", None if strategy else "EC2")
    definition = backend.describe_task_definition(params["taskDefinition"])
    side = "EXTERNAL" if launch_type == "EXTERNAL" else "EC2"
    if side not in definition.compatibilities:
        raise Refuse("InvalidParameterException", f"Task definition does not support launch_type {side}.")
    if launch_type == "EXTERNAL":
        _check_external(params)
    _check_rebalancing(params)
    if params.get("enableExecuteCommand") and not getattr(definition, "task_role_arn", None):
        message = "The service couldn't be created because a valid taskRoleArn is not being used."
        raise Refuse("InvalidParameterException", message)
    _check_alarms(call)
    for balancer in params.get("loadBalancers", []):
        _check_load_balancer(call, balancer, definition)
    if params.get("healthCheckGracePeriodSeconds") is not None and not params.get("loadBalancers"):
        message = "Health check grace period is only valid for services configured to use load balancers."
        raise Refuse("InvalidParameterException", message)
    service = backend.create_service(
        cluster.name,
        name,
        params.get("desiredCount", 0),
        params["taskDefinition"],
        load_balancers=params.get("loadBalancers"),
        scheduling_strategy=params.get("schedulingStrategy"),
        tags=params.get("tags"),
        propagate_tags=params.get("propagateTags", "NONE"),
        network_configuration=params.get("networkConfiguration"),
    )
    service.launch_type = launch_type
    # moto makes an empty one of it, into which tools look for subnets.
    service.network_configuration = params.get("networkConfiguration")
    for member, attribute in KEPT.items():
        if member in params:
            setattr(service, attribute, params[member])
    for deployment in service.deployments:
        deployment["launchType"] = launch_type
        deployment["capacityProviderStrategy"] = strategy
        del deployment["platformFamily"]
    return {"service": service}


def _check_external(params: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere.html#ecs-anywhere-considerations"""
    for member, what in (
        ("loadBalancers", "load balancers"),
        ("serviceRegistries", "service discovery"),
        ("networkConfiguration", "a network configuration"),
        ("placementStrategy", "a placement strategy"),
    ):
        if params.get(member):
            raise Refuse("InvalidParameterException", f"The EXTERNAL launch type does not support {what}.")


def _check_daemon(params: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon"""
    if params.get("schedulingStrategy") != "DAEMON":
        return
    for member, what in (
        ("desiredCount", "a desired count"),
        ("placementStrategy", "a placement strategy"),
        ("capacityProviderStrategy", "a capacity provider strategy"),
    ):
        if params.get(member):
            raise Refuse("InvalidParameterException", f"The daemon scheduling strategy does not support {what}.")
    if params.get("deploymentConfiguration", {}).get("maximumPercent", 100) != 100:
        raise Refuse("InvalidParameterException", "The daemon scheduling strategy takes a maximumPercent of 100 alone.")


def _check_alarms(call: Call) -> None:
    """Alarms that stop a deployment are there."""
    for alarm in call.params.get("deploymentConfiguration", {}).get("alarms", {}).get("alarmNames", []):
        if alarm not in call.backend("cloudwatch").alarms:
            raise Refuse("InvalidParameterException", f"The alarm {alarm} does not exist.")


def _check_rebalancing(params: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html"""
    if params.get("availabilityZoneRebalancing") != "ENABLED":
        return
    strategies = params.get("placementStrategy", [])
    maximum = params.get("deploymentConfiguration", {}).get("maximumPercent", 200)
    if params.get("launchType") == "EXTERNAL" or params.get("schedulingStrategy") == "DAEMON":
        raise Refuse("InvalidParameterException", "Availability Zone rebalancing is not supported for EXTERNAL or DAEMON.")
    if maximum <= 100:
        raise Refuse("InvalidParameterException", "Availability Zone rebalancing needs a maximumPercent above 100.")
    if strategies and (strategies[0]["type"], strategies[0].get("field")) != ("spread", ZONE):
        raise Refuse(
            "InvalidParameterException", "Availability Zone rebalancing needs a spread over zones as the first strategy."
        )


def _check_load_balancer(call: Call, balancer: dict[str, Any], definition: Any) -> None:
    arn = balancer["targetGroupArn"]
    group = call.backend("elbv2").target_groups.get(arn)
    if group is None:
        raise Refuse("InvalidParameterException", f"Unable to assume role or target group {arn} does not exist.")
    if not group.load_balancer_arns:
        message = f"The target group with targetGroupArn {arn} does not have an associated load balancer."
        raise Refuse("InvalidParameterException", message)
    name, port = balancer["containerName"], balancer["containerPort"]
    containers = {container["name"]: container for container in definition.container_definitions}
    if name not in containers:
        raise Refuse("InvalidParameterException", f"The container {name} does not exist in the task definition.")
    if port not in [mapping["containerPort"] for mapping in containers[name].get("portMappings", [])]:
        raise Refuse("InvalidParameterException", f"The container {name} did not have a container port {port} defined.")
    wanted = "ip" if definition.network_mode == "awsvpc" else "instance"
    if group.target_type != wanted:
        message = f"The provided target group {arn} has target type {group.target_type}, which is incompatible with the "
        raise Refuse(
            "InvalidParameterException", f"{message}{definition.network_mode} network mode specified in the task definition."
        )


@operation("ecs", "ExecuteCommand")
def execute_command(call: Call) -> dict[str, Any]:
    """No container runs here."""
    call.backend("ecs")._get_cluster(call.params.get("cluster", "default"))
    raise Refuse("InvalidParameterException", f"The task {call.params['task']} was not found.")


@operation("ecs", "DeregisterContainerInstance")
def deregister_container_instance(call: Call) -> Any:
    """Only of one that has registered: of a cluster without any, moto does not know that it has none."""
    cluster = call.backend("ecs")._get_cluster(call.params.get("cluster", "default"))
    if not call.backend("ecs").container_instances.get(cluster.name):
        raise Refuse("InvalidParameterException", "Referenced container instance was not found.")
    return call.moto()
