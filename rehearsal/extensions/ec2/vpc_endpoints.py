"""VPC endpoints: what moto drops (DNS options) and lets through (foreign subnets, a second gateway, conflicting names)."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.ec2.cards import place_endpoint

SIZE_OF_POLICY = 20_480


@operation("ec2", "CreateVpcEndpoint")
def create_endpoint(call: Call) -> Any:
    """Check the request as AWS does, and keep the DNS options and the names that AWS would give."""
    params, backend = call.params, call.backend("ec2")
    vpc = backend.vpcs.get(params["VpcId"])
    if vpc is None:
        raise Refuse("InvalidVpcID.NotFound", f"The vpc ID '{params['VpcId']}' does not exist")
    service, kind = params["ServiceName"], params.get("VpcEndpointType", "Gateway")
    if not service.startswith(f"com.amazonaws.{call.region}."):
        raise Refuse("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    _check_policy(params.get("PolicyDocument"))
    if kind == "Interface":
        _check_interface(call, vpc)
    else:
        _check_gateway(call, vpc)
    answer = call.moto()
    endpoint = answer.result["VpcEndpoint"]
    endpoint.ip_address_type = "ipv4"
    endpoint.requester_managed = False
    if kind == "Interface":
        # moto takes True for what is left out; AWS takes False.
        endpoint.private_dns_enabled = params.get("PrivateDnsEnabled", False)
        endpoint.dns_options = {
            "DnsRecordIpType": "ipv4",
            "PrivateDnsOnlyForInboundResolverEndpoint": False,
            **params.get("DnsOptions", {}),
        }
        endpoint.dns_entries = _names(call, endpoint)
        place_endpoint(call, endpoint)
    return answer


def _check_policy(policy: str | None) -> None:
    if policy is None:
        return
    try:
        document = json.loads(policy)
    except ValueError:
        raise Refuse("InvalidPolicyDocument", "The policy is not valid JSON") from None
    if len(policy) > SIZE_OF_POLICY:
        raise Refuse("InvalidPolicyDocument", f"The policy has more than {SIZE_OF_POLICY} characters")
    statements = document.get("Statement", [])
    if any("Principal" not in statement for statement in ([statements] if isinstance(statements, dict) else statements)):
        raise Refuse("InvalidPolicyDocument", "Each statement of an endpoint policy needs a Principal")


def _check_interface(call: Call, vpc: Any) -> None:
    params, backend = call.params, call.backend("ec2")
    zones: dict[str, str] = {}
    for subnet_id in params.get("SubnetIds", []):
        subnet = next((zone[subnet_id] for zone in backend.subnets.values() if subnet_id in zone), None)
        if subnet is None or subnet.vpc_id != vpc.id:
            raise Refuse("InvalidSubnetId.NotFound", f"The subnet ID '{subnet_id}' does not exist in {vpc.id}")
        if zones.setdefault(subnet.availability_zone, subnet_id) != subnet_id:
            raise Refuse(
                "DuplicateSubnetsInSameZone", f"{zones[subnet.availability_zone]} and {subnet_id} are in the same zone"
            )
    for group_id in params.get("SecurityGroupIds", []):
        group = backend.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != vpc.id:
            raise Refuse("InvalidSecurityGroupId.NotFound", f"The security group '{group_id}' does not exist in {vpc.id}")
    inbound_only = params.get("DnsOptions", {}).get("PrivateDnsOnlyForInboundResolverEndpoint", False)
    if not params.get("PrivateDnsEnabled", False):
        if inbound_only:
            raise Refuse("InvalidParameter", "PrivateDnsOnlyForInboundResolverEndpoint needs PrivateDnsEnabled")
        return
    if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
        raise Refuse(
            "InvalidParameter", "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames of the VPC"
        )
    others = [
        one for one in backend.vpc_end_points.values() if (one.vpc_id, one.service_name) == (vpc.id, params["ServiceName"])
    ]
    if inbound_only and not any(one.vpc_endpoint_type == "Gateway" for one in others):
        raise Refuse(
            "InvalidParameter",
            f"To set PrivateDnsOnlyForInboundResolverEndpoint to true, {vpc.id} must have a Gateway endpoint for the service",
        )
    if any(one.vpc_endpoint_type == "Interface" and one.private_dns_enabled for one in others):
        raise Refuse("InvalidParameter", f"private-dns-enabled conflicts with a DNS domain that {vpc.id} has already")


def _check_gateway(call: Call, vpc: Any) -> None:
    params, backend = call.params, call.backend("ec2")
    for table_id in params.get("RouteTableIds", []):
        table = backend.route_tables.get(table_id)
        if table is None or table.vpc_id != vpc.id:
            raise Refuse("InvalidRouteTableId.NotFound", f"The routeTable ID '{table_id}' does not exist in {vpc.id}")
        for other in backend.vpc_end_points.values():
            if other.service_name == params["ServiceName"] and table_id in (other.route_table_ids or []):
                raise Refuse("RouteAlreadyExists", f"{table_id} already has a route to {params['ServiceName']} by {other.id}")


def _names(call: Call, endpoint: Any) -> list[dict[str, str]]:
    """The regional name, one per zone, then the private one: in the order and of the form that AWS gives them."""
    suffix = endpoint.service_name.removeprefix(f"com.amazonaws.{call.region}.").split(".")
    service = ".".join(reversed(suffix))
    hosted_zone = endpoint.dns_entries[0]["hosted_zone_id"]
    wildcard = "*." if service == "s3" else ""
    label = f"{endpoint.id}-{call.new_id(length=8)}"
    subnets = {subnet: zone for zone, found in call.backend("ec2").subnets.items() for subnet in found}
    zones = sorted(subnets[subnet] for subnet in endpoint.subnet_ids or [])
    names = [f"{wildcard}{label}.{service}.{call.region}.vpce.amazonaws.com"]
    names += [f"{wildcard}{label}-{zone}.{service}.{call.region}.vpce.amazonaws.com" for zone in zones]
    names += [f"{service}.{call.region}.amazonaws.com"] if endpoint.private_dns_enabled else []
    return [{"DnsName": name, "HostedZoneId": hosted_zone} for name in names]
