"""Client VPN, which moto lacks: endpoints, the subnets they are associated with, who may go where, and routes."""

from ipaddress import IPv4Network
from typing import Any

from rehearsal.extend import Call, Refuse, operation

AUTHENTICATION = {
    "certificate-authentication": ("MutualAuthentication", "ClientRootCertificateChainArn", "ClientRootCertificateChain"),
    "directory-service-authentication": ("ActiveDirectory", "DirectoryId", "DirectoryId"),
    "federated-authentication": ("FederatedAuthentication", "SAMLProviderArn", "SamlProviderArn"),
}
"""Type -> the structure it needs, the member of it that is required, and that member's name in the answer."""


@operation("ec2", "CreateClientVpnEndpoint")
def createendpoint_of(call: Call) -> dict[str, Any]:
    """Make an endpoint; it accepts clients once a subnet is associated."""
    params = call.params
    clients = IPv4Network(params["ClientCidrBlock"])
    if not 12 <= clients.prefixlen <= 22:
        raise Refuse("InvalidParameterValue", f"Client CIDR block {clients} must have a size between /22 and /12")
    vpc = _vpc(call, params["VpcId"])
    if clients.overlaps(IPv4Network(vpc.cidr_block)):
        raise Refuse("InvalidParameterValue", f"Client CIDR block {clients} overlaps with the CIDR of {vpc.id}")
    for group_id in params.get("SecurityGroupIds", []):
        group = call.backend("ec2").get_security_group_from_id(group_id)
        if group is None or group.vpc_id != vpc.id:
            raise Refuse("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist in {vpc.id}")
    _certificate(call, params["ServerCertificateArn"])
    authentication = [_authentication(call, option) for option in params.get("AuthenticationOptions", [])]
    if not authentication:
        raise Refuse("MissingParameter", "The request must contain at least one authentication option")
    _log(call, params["ConnectionLogOptions"])
    if len(params.get("DnsServers", [])) > 2:
        raise Refuse("InvalidParameterValue", "At most 2 DNS servers can be specified")
    if params.get("VpnPort", 443) not in (443, 1194):
        raise Refuse("InvalidParameterValue", "VPN port must be 443 or 1194")
    if params.get("SessionTimeoutHours", 24) not in (8, 10, 12, 24):
        raise Refuse("InvalidParameterValue", "Session timeout must be 8, 10, 12 or 24 hours")
    identifier = call.new_id("cvpn-endpoint-")
    portal = f"https://self-service.clientvpn.amazonaws.com/endpoints/{identifier}"
    made: dict[str, Any] = {
        "SplitTunnel": False,
        "TransportProtocol": "udp",
        "VpnPort": 443,
        "SessionTimeoutHours": 24,
        "DisconnectOnSessionTimeout": False,
        **{key: value for key, value in params.items() if key not in ("TagSpecifications", "AuthenticationOptions")},
        "ClientVpnEndpointId": identifier,
        "AuthenticationOptions": authentication,
        "VpnProtocol": "openvpn",
        "Status": {"Code": "pending-associate"},
        "DnsName": f"*.{identifier}.prod.clientvpn.{call.region}.amazonaws.com",
        "Tags": [tag for specification in params.get("TagSpecifications", []) for tag in specification["Tags"]],
        **({"SelfServicePortalUrl": portal} if params.get("SelfServicePortal") == "enabled" else {}),
    }
    call.state["client-vpn-endpoints"][identifier] = made
    return made


@operation("ec2", "DescribeClientVpnEndpoints")
def describe_endpoints(call: Call) -> dict[str, Any]:
    """All endpoints, or those asked for."""
    wanted = call.params.get("ClientVpnEndpointIds") or [*call.state["client-vpn-endpoints"]]
    return {"ClientVpnEndpoints": [endpoint_of(call, identifier) for identifier in wanted]}


@operation("ec2", "AssociateClientVpnTargetNetwork")
def associate(call: Call) -> dict[str, Any]:
    """Associate a subnet, which also makes the route to the VPC."""
    endpoint = endpoint_of(call)
    subnet_id = call.params["SubnetId"]
    subnets = call.backend("ec2").subnets.values()
    subnet = next((zone[subnet_id] for zone in subnets if subnet_id in zone), None)
    if subnet is None or subnet.vpc_id != endpoint["VpcId"]:
        raise Refuse("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist in {endpoint['VpcId']}")
    if IPv4Network(subnet.cidr_block).prefixlen > 27:
        raise Refuse("InvalidParameterValue", f"{subnet_id} is smaller than /27")
    for other in associations_of(call, endpoint):
        if other["AvailabilityZone"] == subnet.availability_zone:
            raise Refuse("InvalidClientVpnDuplicateAssociationException", f"{subnet.availability_zone} is associated already")
    identifier = call.new_id("cvpn-assoc-")
    call.state["client-vpn-associations"][identifier] = {
        "AssociationId": identifier,
        "VpcId": subnet.vpc_id,
        "TargetNetworkId": subnet_id,
        "ClientVpnEndpointId": endpoint["ClientVpnEndpointId"],
        "Status": {"Code": "associated"},
        "SecurityGroups": endpoint.get("SecurityGroupIds", []),
        "AvailabilityZone": subnet.availability_zone,
    }
    endpoint["Status"] = {"Code": "available"}
    _add_route(call, endpoint, _vpc(call, subnet.vpc_id).cidr_block, subnet_id, origin="associate", description="Default Route")
    return {"AssociationId": identifier, "Status": {"Code": "associated"}}


@operation("ec2", "DescribeClientVpnTargetNetworks")
def describe_associations(call: Call) -> dict[str, Any]:
    """The associations of an endpoint."""
    wanted = call.params.get("AssociationIds")
    found = associations_of(call, endpoint_of(call))
    if unknown := sorted(set(wanted or ()) - {one["AssociationId"] for one in found}):
        raise Refuse("InvalidClientVpnAssociationIdNotFound", f"Association {unknown[0]} does not exist")
    return {"ClientVpnTargetNetworks": [one for one in found if not wanted or one["AssociationId"] in wanted]}


@operation("ec2", "AuthorizeClientVpnIngress")
def authorize(call: Call) -> dict[str, Any]:
    """Let a group, or everybody, reach a network."""
    endpoint, params = endpoint_of(call), call.params
    group, everybody = params.get("AccessGroupId", ""), params.get("AuthorizeAllGroups", False)
    if bool(group) == bool(everybody):
        raise Refuse("InvalidParameterCombination", "Specify either AccessGroupId or AuthorizeAllGroups")
    if group and {option["Type"] for option in endpoint["AuthenticationOptions"]} == {"certificate-authentication"}:
        raise Refuse("InvalidParameterValue", "Clients that authenticate by certificate alone are in no group")
    cidr = str(IPv4Network(params["TargetNetworkCidr"]))
    key = " ".join((endpoint["ClientVpnEndpointId"], cidr, group))
    rules = call.state["client-vpn-rules"]
    if key in rules:
        raise Refuse("InvalidClientVpnDuplicateAuthorizationRule", f"There is a rule for {cidr} and this group already")
    rules[key] = {
        "ClientVpnEndpointId": endpoint["ClientVpnEndpointId"],
        "Description": params.get("Description"),
        "GroupId": group,
        "AccessAll": everybody,
        "DestinationCidr": cidr,
        "Status": {"Code": "active"},
    }
    return {"Status": {"Code": "authorizing"}}


@operation("ec2", "DescribeClientVpnAuthorizationRules")
def describe_rules(call: Call) -> dict[str, Any]:
    """The rules of an endpoint."""
    return {
        "AuthorizationRules": _filtered(
            call, "client-vpn-rules", {"destination-cidr": "DestinationCidr", "group-id": "GroupId"}
        )
    }


@operation("ec2", "CreateClientVpnRoute")
def create_route(call: Call) -> dict[str, Any]:
    """Route to a network through an associated subnet."""
    endpoint, params = endpoint_of(call), call.params
    subnet = params["TargetVpcSubnetId"]
    if subnet not in [one["TargetNetworkId"] for one in associations_of(call, endpoint)]:
        raise Refuse("InvalidParameterValue", f"{subnet} is not associated with {endpoint['ClientVpnEndpointId']}")
    destination = IPv4Network(params["DestinationCidrBlock"])
    if destination.overlaps(IPv4Network(endpoint["ClientCidrBlock"])):
        raise Refuse("InvalidParameterValue", f"{destination} overlaps with the addresses of clients")
    _add_route(call, endpoint, str(destination), subnet, origin="add-route", description=params.get("Description"))
    return {"Status": {"Code": "creating"}}


@operation("ec2", "DescribeClientVpnRoutes")
def describe_routes(call: Call) -> dict[str, Any]:
    """The routes of an endpoint."""
    names = {"destination-cidr": "DestinationCidr", "target-subnet": "TargetSubnet", "origin": "Origin"}
    return {"Routes": _filtered(call, "client-vpn-routes", names)}


def endpoint_of(call: Call, identifier: str = "") -> dict[str, Any]:
    """The endpoint of that id, or the one that the request names."""
    identifier = identifier or call.params["ClientVpnEndpointId"]
    found: dict[str, Any] | None = call.state["client-vpn-endpoints"].get(identifier)
    if found is None:
        raise Refuse("InvalidClientVpnEndpointId.NotFound", f"Endpoint {identifier} does not exist")
    return found


def associations_of(call: Call, endpoint: dict[str, Any]) -> list[dict[str, Any]]:
    """The subnets that are associated with an endpoint."""
    every = call.state["client-vpn-associations"].values()
    return [one for one in every if one["ClientVpnEndpointId"] == endpoint["ClientVpnEndpointId"]]


def _filtered(call: Call, kind: str, names: dict[str, str]) -> list[dict[str, Any]]:
    """What an endpoint has of a kind, narrowed down by the request's filters; `names` maps filters to members."""
    endpoint = endpoint_of(call)["ClientVpnEndpointId"]
    found = [one for one in call.state[kind].values() if one["ClientVpnEndpointId"] == endpoint]
    for asked in call.params.get("Filters", []):
        if asked["Name"] not in names:
            raise Refuse("InvalidParameterValue", f"The filter '{asked['Name']}' is invalid")
        found = [one for one in found if one[names[asked["Name"]]] in asked["Values"]]
    return found


def _add_route(
    call: Call, endpoint: dict[str, Any], destination: str, subnet: str, *, origin: str, description: str | None
) -> None:
    routes = call.state["client-vpn-routes"]
    key = " ".join((endpoint["ClientVpnEndpointId"], destination, subnet))
    if key in routes:
        raise Refuse("InvalidClientVpnDuplicateRoute", f"There is a route to {destination} through {subnet} already")
    routes[key] = {
        "ClientVpnEndpointId": endpoint["ClientVpnEndpointId"],
        "DestinationCidr": destination,
        "TargetSubnet": subnet,
        "Type": "Nat",
        "Origin": origin,
        "Status": {"Code": "active"},
        "Description": description,
    }


def _vpc(call: Call, identifier: str) -> Any:
    vpc = call.backend("ec2").vpcs.get(identifier)
    if vpc is None:
        raise Refuse("InvalidVpcID.NotFound", f"The vpc ID '{identifier}' does not exist")
    return vpc


def _certificate(call: Call, arn: str) -> None:
    if arn not in call.backend("acm")._certificates:
        raise Refuse("InvalidParameterValue", f"Certificate {arn} does not exist in {call.region}")


def _authentication(call: Call, option: dict[str, Any]) -> dict[str, Any]:
    """The answer's form of an option of the request, once what it names has been found."""
    kind = option["Type"]
    structure, asked, told = AUTHENTICATION[kind]
    value = option.get(structure, {}).get(asked)
    if not value:
        raise Refuse("MissingParameter", f"{kind} needs {structure}.{asked}")
    if kind == "certificate-authentication":
        _certificate(call, value)
    elif kind == "directory-service-authentication":
        if value not in call.backend("ds").directories:
            raise Refuse("InvalidParameterValue", f"Directory {value} does not exist")
    elif value not in [provider.arn for provider in call.backend("iam").saml_providers.values()]:
        raise Refuse("InvalidParameterValue", f"SAML provider {value} does not exist")
    return {"Type": kind, structure: {told: value}}


def _log(call: Call, options: dict[str, Any]) -> None:
    if not options.get("Enabled"):
        return
    group = call.backend("logs").groups.get(options.get("CloudwatchLogGroup"))
    if group is None:
        raise Refuse("InvalidParameterValue", f"Log group {options.get('CloudwatchLogGroup')} does not exist")
    stream = options.get("CloudwatchLogStream")
    if stream is not None and stream not in group.streams:
        raise Refuse("InvalidParameterValue", f"Log stream {stream} does not exist")
