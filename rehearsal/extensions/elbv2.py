"""Elastic Load Balancing: what moto lets through, from zones and groups to log buckets and the quotas of rules."""

import fnmatch
import json
from ipaddress import ip_address, ip_network
from typing import Any

from rehearsal.extend import Call, Refuse, operation

LEAST_ZONES = 2
VALUES_PER_RULE = 5
WILDCARDS_PER_RULE = 6
TARGET_GROUPS_PER_BALANCER = 100
TARGET_NETWORKS = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
"""Where targets of type ip may be. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html"""
DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com"


@operation("elbv2", "CreateLoadBalancer")
def create_load_balancer(call: Call) -> Any:
    """An Application Load Balancer has subnets in two zones of one VPC and security groups of that VPC."""
    params = call.params
    name = params["Name"]
    if len(name) > 32 or name.startswith("internal-"):
        raise Refuse("ValidationError", f"The load balancer name '{name}' is too long, or begins with internal-.")
    subnets = [call.backend("ec2").get_subnet(identifier) for identifier in params.get("Subnets", [])]
    if len({subnet.availability_zone for subnet in subnets}) < LEAST_ZONES:
        raise Refuse("ValidationError", "At least two subnets in two different Availability Zones must be specified")
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise Refuse("InvalidConfigurationRequest", "The subnets are not all in the same VPC.")
    groups = call.backend("ec2").groups.get(subnets[0].vpc_id, {})
    for group in params.get("SecurityGroups", []):
        if group not in groups:
            raise Refuse("InvalidSecurityGroup", f"One or more security groups are invalid: {group}")
    return call.moto()


@operation("elbv2", "ModifyLoadBalancerAttributes")
def modify_load_balancer_attributes(call: Call) -> Any:
    """Turning access logs on tries the bucket: it must be there, in the region, and let the service write."""
    attributes = {one["Key"]: one.get("Value", "") for one in call.params["Attributes"]}
    if attributes.get("access_logs.s3.enabled") == "true":
        _check_log_bucket(call, attributes.get("access_logs.s3.bucket", ""), attributes.get("access_logs.s3.prefix", ""))
    return call.moto()


def _check_log_bucket(call: Call, name: str, prefix: str) -> None:
    bucket = call.backend("s3").buckets.get(name)
    if bucket is None or bucket.region_name != call.region:
        raise Refuse("InvalidConfigurationRequest", f"The bucket {name} does not exist in {call.region}.")
    path = "/".join(part for part in (prefix, "AWSLogs", call.account, "ELBAccessLogTestFile") if part)
    target = f"arn:aws:s3:::{name}/{path}"
    policy = json.loads(bucket.policy) if bucket.policy else {"Statement": []}
    for statement in policy["Statement"]:
        principal = statement.get("Principal", {})
        service = principal.get("Service") if isinstance(principal, dict) else None
        actions, resources = _listed(statement.get("Action")), _listed(statement.get("Resource"))
        if (
            statement["Effect"] == "Allow"
            and DELIVERY in _listed(service)
            and any(fnmatch.fnmatchcase("s3:PutObject", action) for action in actions)
            and any(fnmatch.fnmatchcase(target, resource) for resource in resources)
        ):
            return
    raise Refuse("InvalidConfigurationRequest", f"Access Denied for bucket: {name}. Please check S3bucket permission")


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


@operation("elbv2", "CreateListener")
def create_listener(call: Call) -> Any:
    """HTTPS has a certificate that exists in the region; HTTP has none."""
    params = call.params
    arns = [one["CertificateArn"] for one in params.get("Certificates", [])]
    if (params.get("Protocol") == "HTTPS") != bool(arns):
        raise Refuse("ValidationError", "A certificate must be specified for HTTPS listeners, and for no others.")
    for arn in arns:
        if ":acm:" in arn and (arn.split(":")[3] != call.region or arn not in call.backend("acm")._certificates):
            raise Refuse("CertificateNotFound", f"Certificate '{arn}' not found")
    balancer = call.backend("elbv2").load_balancers.get(params["LoadBalancerArn"])
    if balancer and any(str(one.port) == str(params["Port"]) for one in balancer.listeners.values()):
        raise Refuse("DuplicateListener", f"A listener already exists on port {params['Port']}.")
    return call.moto()


@operation("elbv2", "CreateRule")
def create_rule(call: Call) -> Any:
    """A rule has few values and wildcards, and a load balancer forwards to few target groups, all of its own VPC."""
    conditions = call.params["Conditions"]
    values = [
        value
        for condition in conditions
        for key in ("HostHeaderConfig", "PathPatternConfig")
        for value in condition.get(key, {}).get("Values", [])
    ]
    if len(values) > VALUES_PER_RULE:
        raise Refuse("TooManyConditionValues", f"A rule has at most {VALUES_PER_RULE} condition values, not {len(values)}.")
    if sum(value.count("*") + value.count("?") for value in values) > WILDCARDS_PER_RULE:
        raise Refuse("InvalidParameterValue", f"A rule has at most {WILDCARDS_PER_RULE} wildcards.")
    if len(set(values)) < len(values):
        raise Refuse("InvalidParameterValue", "A condition value was given twice.")
    arn = call.params["ListenerArn"].rsplit("/", 1)[0].replace(":listener/", ":loadbalancer/")
    backend = call.backend("elbv2")
    balancer = backend.load_balancers.get(arn)
    forwarded = {arn for action in call.params["Actions"] for arn in _forwarded(action)}
    for target in forwarded:
        group = backend.target_groups.get(target)
        if group and balancer and group.vpc_id != balancer.vpc_id:
            raise Refuse("InvalidConfigurationRequest", f"The target group {target} is not in the VPC of the load balancer.")
    used = {group.arn for group in backend.target_groups.values() if arn in group.load_balancer_arns}
    if len(used | forwarded) > TARGET_GROUPS_PER_BALANCER:
        message = f"A load balancer forwards to at most {TARGET_GROUPS_PER_BALANCER} target groups."
        raise Refuse("TooManyUniqueTargetGroupsPerLoadBalancer", message)
    return call.moto()


@operation("elbv2", "ModifyRule")
def modify_rule(call: Call) -> Any:
    """What a rule leads to now is behind its load balancer, and what it led to before is not."""
    return _led_anew(call)


@operation("elbv2", "DeleteRule")
def delete_rule(call: Call) -> Any:
    """What the rule led to is behind the load balancer no longer."""
    return _led_anew(call)


@operation("elbv2", "ModifyListener")
def modify_listener(call: Call) -> Any:
    """As with a rule."""
    return _led_anew(call)


@operation("elbv2", "DeleteListener")
def delete_listener(call: Call) -> Any:
    """As with a rule, and its rules go too."""
    return _led_anew(call)


def _led_anew(call: Call) -> Any:
    """Make the call; then every target group knows the load balancers that lead to it. moto only ever adds some."""
    result = call.moto()
    backend = call.backend("elbv2")
    for group in backend.target_groups.values():
        group.load_balancer_arns = []
    for balancer in backend.load_balancers.values():
        for listener in balancer.listeners.values():
            actions = [*listener.default_actions, *(action for rule in listener.rules.values() for action in rule.actions)]
            for action in actions:
                for arn in backend._get_target_group_arns_from(action_data=action.data) if action.type == "forward" else ():
                    backend.target_groups[arn].load_balancer_arns.append(balancer.arn)
    return result


def _forwarded(action: dict[str, Any]) -> list[str]:
    several = action.get("ForwardConfig", {}).get("TargetGroups", [])
    if several and not any(one.get("Weight", 1) for one in several):
        raise Refuse("ValidationError", "At least one target group must have a weight above 0.")
    return [one["TargetGroupArn"] for one in several] or [action[key] for key in ("TargetGroupArn",) if key in action]


@operation("elbv2", "RegisterTargets")
def register_targets(call: Call) -> Any:
    """Addresses are private; those outside of the VPC say that they serve every zone. moto keeps no zone."""
    group = call.backend("elbv2").target_groups.get(call.params["TargetGroupArn"])
    if group is None or group.target_type != "ip":
        return call.moto()
    network = ip_network(call.backend("ec2").vpcs[group.vpc_id].cidr_block)
    kept = call.state["addresses"].setdefault(call.params["TargetGroupArn"], {})
    for target in call.params["Targets"]:
        address = ip_address(target["Id"])
        if not any(address in one for one in TARGET_NETWORKS) and address not in network:
            raise Refuse("InvalidTarget", f"The IP address '{address}' is not within the VPC, RFC 1918 or 100.64.0.0/10.")
        if address not in network and target.get("AvailabilityZone") != "all":
            raise Refuse("ValidationError", f"You must specify an Availability Zone for the target '{address}'.")
        kept[target["Id"], target.get("Port", group.port)] = target
    return {}


@operation("elbv2", "DeregisterTargets")
def deregister_targets(call: Call) -> Any:
    """What is not there need not go."""
    group = call.backend("elbv2").target_groups.get(call.params["TargetGroupArn"])
    if group is None or group.target_type != "ip":
        return call.moto()
    kept = call.state["addresses"].get(call.params["TargetGroupArn"], {})
    for target in call.params["Targets"]:
        kept.pop((target["Id"], target.get("Port", group.port)), None)
    return {}


@operation("elbv2", "DescribeTargetHealth")
def describe_target_health(call: Call) -> Any:
    """Nobody answers here: addresses stay at their first health check."""
    group = call.backend("elbv2").target_groups.get(call.params["TargetGroupArn"])
    if group is None or group.target_type != "ip":
        return call.moto()
    asked = {(one["Id"], one.get("Port", group.port)) for one in call.params.get("Targets", [])}
    found = call.state["addresses"].get(call.params["TargetGroupArn"], {})
    return {
        "TargetHealthDescriptions": [
            {"Target": target, "HealthCheckPort": str(key[1]), "TargetHealth": {"State": "initial"}}
            for key, target in found.items()
            if key in asked or not asked
        ]
    }
