"""Route 53 Resolver: moto drops the protocols and the kind of addresses of an endpoint, and lets any endpoint forward."""

import json
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("route53resolver", "CreateResolverEndpoint")
def create_endpoint(call: Call) -> dict[str, Any]:
    """Keep what moto drops; refuse subnets of two VPCs and groups of another."""
    params, ec2 = call.params, call.backend("ec2")
    subnets = {subnet_id: subnet for zone in ec2.subnets.values() for subnet_id, subnet in zone.items()}
    wanted = [address["SubnetId"] for address in params["IpAddresses"]]
    vpcs = {subnets[subnet_id].vpc_id for subnet_id in wanted if subnet_id in subnets}
    vpcs |= {group.vpc_id for group in map(ec2.get_security_group_from_id, params["SecurityGroupIds"]) if group}
    if len(vpcs) > 1:
        raise Refuse("InvalidRequestException", f"Subnets and security groups are of several VPCs: {', '.join(sorted(vpcs))}")
    addresses = [
        {"SubnetId": one["SubnetId"], "Ip": one.get("Ip") or _free_address(call, subnets.get(one["SubnetId"]))}
        for one in params["IpAddresses"]
    ]
    for one in params["IpAddresses"]:
        if given := one.get("Ip"):
            _check_address(call, given, subnets[one["SubnetId"]])
    endpoint = call.backend("route53resolver").create_resolver_endpoint(
        region=call.region,
        creator_request_id=params["CreatorRequestId"],
        name=params.get("Name"),
        security_group_ids=params["SecurityGroupIds"],
        direction=params["Direction"],
        ip_addresses=addresses,
        tags=params.get("Tags", []),
    )
    call.state["endpoints"][endpoint.id] = {
        "ResolverEndpointType": params.get("ResolverEndpointType", "IPV4"),
        "Protocols": params.get("Protocols", ["Do53"]),
    }
    return {"ResolverEndpoint": endpoint.description() | call.state["endpoints"][endpoint.id]}


def _check_address(call: Call, given: str, subnet: Any) -> None:
    """Refuse an address that is not of the subnet, that AWS keeps for itself, or that another endpoint has."""
    network = IPv4Network(subnet.cidr_block)
    if IPv4Address(given) not in network or IPv4Address(given) in {*list(network)[:4], network[-1]}:
        raise Refuse("InvalidParameterException", f"{given} is not an address of {subnet.id}, {network}, that can be given")
    endpoints = call.backend("route53resolver").resolver_endpoints.values()
    if any(given == one["Ip"] for endpoint in endpoints for one in endpoint.ip_addresses):
        raise Refuse("ResourceExistsException", f"{given} is in use")


def _free_address(call: Call, subnet: Any) -> str:
    """An address that follows from the endpoint alone: moto's next free one would depend on what else was made before."""
    if subnet is None:
        return ""
    network = IPv4Network(subnet.cidr_block)
    # AWS keeps the first four addresses of a subnet and the last one for itself.
    position = int(call.new_id(length=8, of=subnet.id), 16) % (network.num_addresses - 5)
    while str(network[4 + position]) in subnet._subnet_ips:
        position = (position + 1) % (network.num_addresses - 5)
    return str(network[4 + position])


@operation("route53resolver", "GetResolverEndpoint")
def get_endpoint(call: Call) -> dict[str, Any]:
    """moto's answer and what we kept."""
    endpoint = json.loads(call.moto())["ResolverEndpoint"]
    return {"ResolverEndpoint": endpoint | call.state["endpoints"].get(endpoint["Id"], {})}


@operation("route53resolver", "CreateResolverRule")
def create_rule(call: Call) -> Any:
    """moto lets an inbound endpoint forward."""
    endpoint = call.backend("route53resolver").resolver_endpoints.get(call.params.get("ResolverEndpointId"))
    if call.params["RuleType"] == "FORWARD":
        if not call.params.get("TargetIps"):
            raise Refuse("InvalidRequestException", "A FORWARD rule needs TargetIps")
        if endpoint is not None and endpoint.direction != "OUTBOUND":
            raise Refuse("InvalidRequestException", f"{endpoint.id} is no outbound endpoint")
    return json.loads(call.moto())


@operation("route53resolver", "CreateResolverQueryLogConfig")
def create_query_log_config(call: Call) -> Any:
    """moto takes any destination, and does not know the tags again."""
    destination = call.params["DestinationArn"]
    _, _, group = destination.partition(":log-group:")
    if group and group.removesuffix(":*") not in call.backend("logs").groups:
        raise Refuse("InvalidRequestException", f"The log group {destination} does not exist in this region")
    answer = json.loads(call.moto())
    call.state["query logs"][answer["ResolverQueryLogConfig"]["Arn"]] = call.params.get("Tags", [])
    return answer


@operation("route53resolver", "DisassociateResolverQueryLogConfig")
def disassociate_query_log_config(call: Call) -> dict[str, Any]:
    """The questions of a VPC are written down no more."""
    backend, config, vpc = call.backend("route53resolver"), call.params["ResolverQueryLogConfigId"], call.params["ResourceId"]
    associations = backend.resolver_query_log_config_associations
    for identifier, one in associations.items():
        if (one.resolver_query_log_config_id, one.resource_id) == (config, vpc):
            del associations[identifier]
            backend.resolver_query_log_configs[config].association_count -= 1
            return {"ResolverQueryLogConfigAssociation": {**one.description(), "Status": "DELETING"}}
    raise Refuse("ResourceNotFoundException", f"Resolver query log config {config} is not associated with {vpc}")


@operation("route53resolver", "DeleteResolverQueryLogConfig")
def delete_query_log_config(call: Call) -> dict[str, Any]:
    """Its VPCs have to be disassociated first."""
    configs, identifier = call.backend("route53resolver").resolver_query_log_configs, call.params["ResolverQueryLogConfigId"]
    if identifier not in configs:
        raise Refuse("ResourceNotFoundException", f"Resolver query log config with ID '{identifier}' does not exist")
    if configs[identifier].association_count:
        raise Refuse("InvalidRequestException", f"Disassociate every VPC from {identifier} before you delete it")
    gone = configs.pop(identifier)
    call.state["query logs"].pop(gone.arn, None)
    return {"ResolverQueryLogConfig": {**gone.description(), "Status": "DELETING"}}


@operation("route53resolver", "ListTagsForResource")
def list_tags(call: Call) -> Any:
    """moto's answer, and the tags of what it does not know."""
    tags = call.state["query logs"].get(call.params["ResourceArn"])
    return json.loads(call.moto()) if tags is None else {"Tags": tags}
