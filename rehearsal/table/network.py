"""What lies around a VPC: endpoints, flow logs, the default security group, Client VPN."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _arn(kind: str) -> Any:
    return lambda c: f"arn:aws:ec2:{c.region}:{c.account}:{kind}/{c.id}"


def _default_security_group(context: Context) -> dict[str, Any]:
    """AWS makes the group with the VPC; the provider adopts it and takes all its rules away."""
    filters = [{"Name": "vpc-id", "Values": [context.inputs["vpcId"]]}, {"Name": "group-name", "Values": ["default"]}]
    found: dict[str, Any] = context.call("ec2", "DescribeSecurityGroups", {"Filters": filters})["SecurityGroups"][0]
    for direction, rules in (("Ingress", found["IpPermissions"]), ("Egress", found["IpPermissionsEgress"])):
        if rules:
            context.call("ec2", f"RevokeSecurityGroup{direction}", {"GroupId": found["GroupId"], "IpPermissions": rules})
    tags = [{"Key": key, "Value": value} for key, value in sorted(context.inputs.get("tags", {}).items())]
    if tags:
        context.call("ec2", "CreateTags", {"Resources": [found["GroupId"]], "Tags": tags})
    return {"GroupId": found["GroupId"], "GroupName": found["GroupName"]}


def _authentication(options: list[dict[str, Any]], _: Context) -> dict[str, Any]:
    """The provider keeps flat what the API keeps in a structure per kind."""
    return {
        "AuthenticationOptions": [
            {
                "Type": option["type"],
                **({"ActiveDirectory": {"DirectoryId": value}} if (value := option.get("activeDirectoryId")) else {}),
                **(
                    {"MutualAuthentication": {"ClientRootCertificateChainArn": value}}
                    if (value := option.get("rootCertificateChainArn"))
                    else {}
                ),
                **({"FederatedAuthentication": {"SAMLProviderArn": value}} if (value := option.get("samlProviderArn")) else {}),
            }
            for option in options
        ]
    }


def _of_endpoint(names: dict[str, str]) -> dict[str, Any]:
    """Parameters that find something of a Client VPN endpoint; `names` maps filters to inputs."""
    return {
        "ClientVpnEndpointId": "$inputs.clientVpnEndpointId",
        "Filters": lambda c: [{"Name": name, "Values": [c.inputs[key]]} for name, key in names.items() if key in c.inputs],
    }


LISTS_OF_ENDPOINT = {"subnetIds": "SubnetIds", "routeTableIds": "RouteTableIds", "securityGroupIds": "SecurityGroupIds"}
"""Inputs of a VPC endpoint of which AWS is told only what comes and what goes."""


def _edit(member: str, key: str) -> Any:
    """What leads from the list that an input was to the one that it is."""

    def changes(value: list[str], context: Context) -> dict[str, Any]:
        before = context.old.get(key, [])
        found = {
            f"Add{member}": [one for one in value if one not in before],
            f"Remove{member}": [one for one in before if one not in value],
        }
        return {name: items for name, items in found.items() if items}

    return changes


ROWS: Table = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": Row(
        service="ec2",
        create="CreateVpcEndpoint",
        id="$response.VpcEndpoint.VpcEndpointId",
        delete=(Call("DeleteVpcEndpoints", {"VpcEndpointIds": ["$id"]}),),
        update=(
            Update(
                "ModifyVpcEndpoint",
                {"VpcEndpointId": "$id"},
                takes=frozenset(
                    {"policy", "privateDnsEnabled", "dnsOptions", "subnetIds", "routeTableIds", "securityGroupIds"}
                ),
                inputs={key: _edit(member, key) for key, member in LISTS_OF_ENDPOINT.items()},
            ),
        ),
        tag_resource="vpc-endpoint",
        inputs={"policy": "PolicyDocument"},
        local={"autoAccept": "only for services of the same account"},
        read=(
            Read(
                "DescribeVpcEndpoints",
                {"VpcEndpointIds": ["$id"]},
                "VpcEndpoints[0]",
                fields={"securityGroupIds": "Groups[].GroupId"},
            ),
        ),
        extended=True,
        outputs={
            "arn": _arn("vpc-endpoint"),
            "dnsEntries": "$read.DnsEntries[].{dnsName: DnsName, hostedZoneId: HostedZoneId}",
        },
    ),
    "aws:ec2/flowLog:FlowLog": Row(
        service="ec2",
        create="CreateFlowLogs",
        id="$response.FlowLogIds[0]",
        delete=(Call("DeleteFlowLogs", {"FlowLogIds": ["$id"]}),),
        tag_resource="vpc-flow-log",
        inputs={"iamRoleArn": "DeliverLogsPermissionArn"},
        constant={"ResourceIds": ["$inputs.vpcId"], "ResourceType": "VPC"},
        read=(
            Read(
                "DescribeFlowLogs",
                {"FlowLogIds": ["$id"]},
                "FlowLogs[?DeliverLogsStatus=='SUCCESS'] | [0]",
                fields={"vpcId": "ResourceId"},
            ),
        ),
        extended=True,
        outputs={"arn": _arn("vpc-flow-log")},
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Row(
        service="ec2",
        create="DescribeSecurityGroups",
        id="$response.GroupId",
        stays="AWS deletes it with its VPC: the provider lets go of it",
        function=_default_security_group,
        consumes=frozenset({"vpcId", "ingress", "egress", "tags"}),
        read=(
            Read(
                "DescribeSecurityGroups",
                {"GroupIds": ["$id"]},
                "SecurityGroups[0]",
                fields={"vpcId": "VpcId", "ingress": "IpPermissions", "egress": "IpPermissionsEgress"},
            ),
        ),
        outputs={"arn": _arn("security-group"), "name": "$response.GroupName"},
    ),
    "aws:ec2clientvpn/endpoint:Endpoint": Row(
        service="ec2",
        create="CreateClientVpnEndpoint",
        id="$response.ClientVpnEndpointId",
        delete=(Call("DeleteClientVpnEndpoint", {"ClientVpnEndpointId": "$id"}),),
        update=(Update("ModifyClientVpnEndpoint", {"ClientVpnEndpointId": "$id"}),),
        tag_resource="client-vpn-endpoint",
        inputs={"authenticationOptions": _authentication},
        read=(
            Read(
                "DescribeClientVpnEndpoints",
                {"ClientVpnEndpointIds": ["$id"]},
                "ClientVpnEndpoints[0]",
                fields={
                    "authenticationOptions": (
                        "AuthenticationOptions[].{type: Type, activeDirectoryId: ActiveDirectory.DirectoryId, "
                        "rootCertificateChainArn: MutualAuthentication.ClientRootCertificateChain, "
                        "samlProviderArn: FederatedAuthentication.SamlProviderArn}"
                    ),
                },
            ),
        ),
        unverified={"selfServicePortal": "AWS only gives the address of an enabled portal"},
        extended=True,
        outputs={"arn": _arn("client-vpn-endpoint")},
    ),
    "aws:ec2clientvpn/networkAssociation:NetworkAssociation": Row(
        service="ec2",
        create="AssociateClientVpnTargetNetwork",
        id="$response.AssociationId",
        delete=(
            Call(
                "DisassociateClientVpnTargetNetwork",
                {"ClientVpnEndpointId": "$inputs.clientVpnEndpointId", "AssociationId": "$id"},
            ),
        ),
        read=(
            Read(
                "DescribeClientVpnTargetNetworks",
                {"ClientVpnEndpointId": "$inputs.clientVpnEndpointId", "AssociationIds": ["$id"]},
                "ClientVpnTargetNetworks[0]",
                fields={"subnetId": "TargetNetworkId"},
            ),
        ),
        extended=True,
        outputs={"associationId": "$id", "vpcId": "$read.VpcId"},
    ),
    "aws:ec2clientvpn/authorizationRule:AuthorizationRule": Row(
        service="ec2",
        create="AuthorizeClientVpnIngress",
        id=lambda c: ",".join(
            c.inputs[key] for key in ("clientVpnEndpointId", "targetNetworkCidr", "accessGroupId") if key in c.inputs
        ),
        delete=(
            Call(
                "RevokeClientVpnIngress",
                {
                    "ClientVpnEndpointId": "$inputs.clientVpnEndpointId",
                    "TargetNetworkCidr": "$inputs.targetNetworkCidr",
                    "AccessGroupId": "$inputs.accessGroupId",
                    "RevokeAllGroups": "$inputs.authorizeAllGroups",
                },
            ),
        ),
        read=(
            Read(
                "DescribeClientVpnAuthorizationRules",
                _of_endpoint({"destination-cidr": "targetNetworkCidr", "group-id": "accessGroupId"}),
                "AuthorizationRules[0]",
                fields={
                    "targetNetworkCidr": "DestinationCidr",
                    "accessGroupId": "GroupId",
                    "authorizeAllGroups": "AccessAll",
                },
            ),
        ),
        extended=True,
    ),
    "aws:ec2clientvpn/route:Route": Row(
        service="ec2",
        create="CreateClientVpnRoute",
        id=lambda c: ",".join(c.inputs[key] for key in ("clientVpnEndpointId", "targetVpcSubnetId", "destinationCidrBlock")),
        delete=(
            Call(
                "DeleteClientVpnRoute",
                {
                    "ClientVpnEndpointId": "$inputs.clientVpnEndpointId",
                    "TargetVpcSubnetId": "$inputs.targetVpcSubnetId",
                    "DestinationCidrBlock": "$inputs.destinationCidrBlock",
                },
            ),
        ),
        read=(
            Read(
                "DescribeClientVpnRoutes",
                _of_endpoint({"destination-cidr": "destinationCidrBlock", "target-subnet": "targetVpcSubnetId"}),
                "Routes[0]",
                fields={"destinationCidrBlock": "DestinationCidr", "targetVpcSubnetId": "TargetSubnet"},
            ),
        ),
        extended=True,
    ),
}
