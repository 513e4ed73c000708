"""EC2 Auto Scaling: groups of templates and subnets that do not exist, and the warmup that moto drops."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("autoscaling", "CreateAutoScalingGroup")
def create_group(call: Call) -> Any:
    """The name is free, the bounds are a range, the launch template has that version, the subnets are there."""
    params, groups = call.params, call.backend("autoscaling").autoscaling_groups
    name = params["AutoScalingGroupName"]
    if name in groups:
        raise Refuse("AlreadyExists", f"AutoScalingGroup by this name already exists - {name}")
    low, high = int(params["MinSize"]), int(params["MaxSize"])
    if not low <= int(params.get("DesiredCapacity", low)) <= high:
        raise Refuse("ValidationError", f"Desired capacity must lie between min size {low} and max size {high}.")
    if "LaunchTemplate" in params:
        _check_template(call, params["LaunchTemplate"])
    subnets = call.backend("ec2").subnets
    known = {identifier for zone in subnets.values() for identifier in zone}
    for subnet in filter(None, params.get("VPCZoneIdentifier", "").split(",")):
        if subnet not in known:
            raise Refuse("ValidationError", f"The subnet ID '{subnet}' does not exist")
    result = call.moto()
    if "DefaultInstanceWarmup" in params:
        groups[name].default_instance_warmup = int(params["DefaultInstanceWarmup"])
    return result


def _check_template(call: Call, given: dict[str, Any]) -> None:
    template = call.backend("ec2").launch_templates.get(given.get("LaunchTemplateId"))
    if template is None:
        message = "You must use a valid fully-formed launch template. The launch template does not exist: "
        raise Refuse("ValidationError", f"{message}{given.get('LaunchTemplateId')}")
    version = given.get("Version", "$Default")
    if not version.startswith("$") and not any(str(one.number) == version for one in template.versions):
        raise Refuse("ValidationError", f"The launch template {template.id} has no version {version}.")
