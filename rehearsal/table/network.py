"""What lies around a VPC: endpoints, flow logs, the default security group, Client VPN."""

from typing import Any

from rehearsal.row import Context, Read, Row, Table


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


ROWS: Table = {
    "aws:ec2/vpcEndpoint:VpcEndpoint": Row(
        service="ec2",
        create="CreateVpcEndpoint",
        id="$response.VpcEndpoint.VpcEndpointId",
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
