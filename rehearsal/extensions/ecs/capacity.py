"""Capacity providers: moto takes any auto scaling group, and any provider for a cluster."""

import re
from typing import Any

from rehearsal.extend import Call, Refuse, operation

NAME = re.compile(r"(?!aws|ecs|fargate)[A-Za-z0-9_-]{1,255}")
MANAGED = frozenset({"FARGATE", "FARGATE_SPOT"})
"""Providers that every account has."""


@operation("ecs", "CreateCapacityProvider")
def create_capacity_provider(call: Call) -> dict[str, Any]:
    """The group exists, no other provider has it, and it protects its instances if the provider is to manage that."""
    params, backend = call.params, call.backend("ecs")
    name, details = params["name"], params.get("autoScalingGroupProvider", {})
    if not NAME.fullmatch(name):
        raise Refuse("ClientException", f"Invalid capacity provider name {name}: it must not begin with aws, ecs or fargate.")
    if name in backend.capacity_providers:
        raise Refuse("ClientException", f"A capacity provider with the name {name} already exists.")
    groups = call.backend("autoscaling").autoscaling_groups.values()
    group = next((one for one in groups if one.arn == details.get("autoScalingGroupArn")), None)
    if group is None:
        message = f"The specified Auto Scaling group ARN is not valid: {details.get('autoScalingGroupArn')}"
        raise Refuse("ClientException", message)
    for other in backend.capacity_providers.values():
        if other.auto_scaling_group_provider["autoScalingGroupArn"] == group.arn:
            raise Refuse("ClientException", f"The Auto Scaling group {group.name} is used by {other.name} already.")
    if details.get("managedTerminationProtection") == "ENABLED":
        _check_protection(details, group)
    provider = backend.create_capacity_provider(name, details, params.get("tags"))
    provider.auto_scaling_group_provider.setdefault("managedDraining", "ENABLED")
    return {"capacityProvider": provider}


def _check_protection(details: dict[str, Any], group: Any) -> None:
    message = "The managed termination protection setting for the capacity provider is invalid. "
    if details.get("managedScaling", {}).get("status") != "ENABLED":
        raise Refuse("ClientException", f"{message}It works only with managed scaling.")
    if not group.new_instances_protected_from_scale_in:
        raise Refuse("ClientException", f"{message}The Auto Scaling group must have instance protection from scale in enabled.")


@operation("ecs", "DescribeCapacityProviders")
def describe_capacity_providers(call: Call) -> Any:
    """Without names all of them, at which moto fails."""
    params, backend = call.params, call.backend("ecs")
    if "capacityProviders" in params:
        return call.moto()
    return {"capacityProviders": list(backend.capacity_providers.values()), "failures": []}


@operation("ecs", "PutClusterCapacityProviders")
def put_cluster_capacity_providers(call: Call) -> dict[str, Any]:
    """Every provider exists, and the default strategy names only those of the cluster."""
    params, backend = call.params, call.backend("ecs")
    names = params["capacityProviders"]
    known = MANAGED | set(backend.capacity_providers)
    if unknown := sorted(set(names) - known):
        raise Refuse("InvalidParameterException", f"The specified capacity provider {unknown[0]} was not found.")
    strategy = params["defaultCapacityProviderStrategy"]
    check_strategy(strategy, names)
    return {"cluster": backend.put_cluster_capacity_providers(params["cluster"], names, strategy)}


def check_strategy(strategy: list[dict[str, Any]], associated: list[str]) -> None:
    """Refuse a strategy with a provider that the cluster has not got, or with more than one base."""
    for one in strategy:
        if one["capacityProvider"] not in associated:
            name = one["capacityProvider"]
            raise Refuse(
                "InvalidParameterException", f"The specified capacity provider {name} is not associated with the cluster."
            )
    if sum(1 for one in strategy if one.get("base")) > 1:
        raise Refuse("InvalidParameterException", "Only one capacity provider of a strategy can have a base.")
