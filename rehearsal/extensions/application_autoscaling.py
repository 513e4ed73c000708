"""Application Auto Scaling: tags that moto drops, policies of targets that do not exist, names that it does not filter by.

moto leaves the service alone that is registered.
"""

import json
import re
from typing import Any

from rehearsal.extend import Call, Refuse, operation

LABEL = re.compile(r"(?P<balancer>app/[^/]+/[0-9a-f]+)/(?P<group>targetgroup/[^/]+/[0-9a-f]+)")
SERVICE = "application-autoscaling"


@operation(SERVICE, "RegisterScalableTarget")
def register_target(call: Call) -> Any:
    """The bounds are a range; ECS services on-premises do not scale, and one outside the bounds is brought inside at once."""
    params = call.params
    if params.get("MinCapacity", 0) > params.get("MaxCapacity", 0):
        raise Refuse("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    if params["ServiceNamespace"] == "ecs":
        _, cluster, name = params["ResourceId"].split("/")
        service = call.backend("ecs").services.get(f"{cluster}:{name}")
        if service is not None and service.launch_type == "EXTERNAL":
            raise Refuse("ValidationException", "ECS services with the EXTERNAL launch type do not support auto scaling")
        if service is not None:
            # https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
            wanted = max(service.desired_count, params.get("MinCapacity", 0))
            service.desired_count = min(wanted, params.get("MaxCapacity", wanted))
    made = json.loads(call.moto())
    call.state["tags"][made["ScalableTargetARN"]] = params.get("Tags", {})
    return made


@operation(SERVICE, "ListTagsForResource")
def list_tags(call: Call) -> dict[str, Any]:
    """The tags of a scalable target."""
    arn = call.params["ResourceARN"]
    if arn not in call.state["tags"]:
        raise Refuse("ResourceNotFoundException", f"The scalable target '{arn}' does not exist.")
    return {"Tags": call.state["tags"][arn]}


@operation(SERVICE, "PutScalingPolicy")
def put_policy(call: Call) -> Any:
    """The target is registered, and requests are counted for a target group behind that load balancer."""
    params = call.params
    targets = call.backend("applicationautoscaling").targets
    if params["ResourceId"] not in targets.get(params["ScalableDimension"], {}):
        message = f"No scalable target registered for namespace {params['ServiceNamespace']} and {params['ResourceId']}"
        raise Refuse("ObjectNotFoundException", message)
    tracking = params.get("TargetTrackingScalingPolicyConfiguration", {})
    metric = tracking.get("PredefinedMetricSpecification", {})
    counts = metric.get("PredefinedMetricType") == "ALBRequestCountPerTarget"
    if counts != ("ResourceLabel" in metric):
        raise Refuse("ValidationException", "A resource label goes with ALBRequestCountPerTarget, and with nothing else")
    if counts:
        _check_label(call, metric["ResourceLabel"])
    return call.moto()


def _check_label(call: Call, label: str) -> None:
    found = LABEL.fullmatch(label)
    backend = call.backend("elbv2")
    groups = backend.target_groups.values() if found else ()
    group = next((one for one in groups if found and one.arn.endswith(f":{found['group']}")), None)
    balancers = group.load_balancer_arns if group else []
    if not found or not any(arn.endswith(f":loadbalancer/{found['balancer']}") for arn in balancers):
        raise Refuse(
            "ValidationException", f"The resource label {label} is not of a load balancer and a target group behind it"
        )


@operation(SERVICE, "DescribeScalingPolicies")
def describe_policies(call: Call) -> Any:
    """All, or those of the given names."""
    names, found = call.params.get("PolicyNames"), json.loads(call.moto())
    if names:
        found["ScalingPolicies"] = [one for one in found["ScalingPolicies"] if one["PolicyName"] in names]
    return {key: value for key, value in found.items() if value is not None}
