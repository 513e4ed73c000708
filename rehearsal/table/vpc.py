"""VPC: networks, subnets, routes, gateways, security groups."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table


def _security_group(context: Context) -> dict[str, Any]:
    """AWS gives a new group an egress rule to everywhere; the provider removes it."""
    inputs = context.inputs
    response = context.call(
        "ec2",
        "CreateSecurityGroup",
        {
            "GroupName": inputs["name"],
            "Description": inputs.get("description", "Managed by Pulumi"),
            "VpcId": inputs["vpcId"],
            "TagSpecifications": [
                {
                    "ResourceType": "security-group",
                    "Tags": [{"Key": key, "Value": value} for key, value in sorted(inputs.get("tags", {}).items())],
                }
            ],
        },
    )
    context.call(
        "ec2",
        "RevokeSecurityGroupEgress",
        {"GroupId": response["GroupId"], "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]},
    )
    return response


def _rule(direction: str) -> Row:
    """A single rule; `direction` is Ingress or Egress."""

    def permission(context: Context) -> dict[str, Any]:
        inputs = context.inputs
        described = {"Description": inputs["description"]} if "description" in inputs else {}
        result: dict[str, Any] = {"IpProtocol": str(inputs["ipProtocol"])}
        if "fromPort" in inputs:
            result |= {"FromPort": int(inputs["fromPort"]), "ToPort": int(inputs["toPort"])}
        if "cidrIpv4" in inputs:
            result["IpRanges"] = [{"CidrIp": inputs["cidrIpv4"], **described}]
        if "referencedSecurityGroupId" in inputs:
            result["UserIdGroupPairs"] = [{"GroupId": inputs["referencedSecurityGroupId"], **described}]
        if "prefixListId" in inputs:
            result["PrefixListIds"] = [{"PrefixListId": inputs["prefixListId"], **described}]
        return result

    return Row(
        service="ec2",
        create=f"AuthorizeSecurityGroup{direction}",
        id="$response.SecurityGroupRules[0].SecurityGroupRuleId",
        inputs={"securityGroupId": "GroupId"},
        constant={"IpPermissions": [permission]},
        consumes=frozenset(
            {
                "description",
                "ipProtocol",
                "fromPort",
                "toPort",
                "cidrIpv4",
                "referencedSecurityGroupId",
                "prefixListId",
            }
        ),
        tag_resource="security-group-rule",
        read=(
            Read(
                "DescribeSecurityGroupRules",
                {"SecurityGroupRuleIds": ["$id"]},
                "SecurityGroupRules[0]",
                fields={
                    "securityGroupId": "GroupId",
                    "description": "Description",
                    "ipProtocol": "IpProtocol",
                    "fromPort": "FromPort",
                    "toPort": "ToPort",
                    "cidrIpv4": "CidrIpv4",
                    "referencedSecurityGroupId": "ReferencedGroupInfo.GroupId",
                    "prefixListId": "PrefixListId",
                },
            ),
        ),
        outputs={
            "securityGroupRuleId": "$id",
            "arn": lambda c: f"arn:aws:ec2:{c.region}:{c.account}:security-group-rule/{c.id}",
        },
    )


def _attribute(name: str) -> Read:
    lower = name[0].lower() + name[1:]
    return Read("DescribeVpcAttribute", {"VpcId": "$id", "Attribute": lower}, "@", fields={lower: f"{name}.Value"})


def _arn(kind: str) -> Any:
    return lambda c: f"arn:aws:ec2:{c.region}:{c.account}:{kind}/{c.id}"


ROWS: Table = {
    "aws:ec2/vpc:Vpc": Row(
        service="ec2",
        create="CreateVpc",
        id="$response.Vpc.VpcId",
        tag_resource="vpc",
        after=(
            # One attribute a call: AWS refuses two in one ModifyVpcAttribute.
            Call(
                "ModifyVpcAttribute",
                {"VpcId": "$id", "EnableDnsSupport": {"Value": "$inputs.enableDnsSupport"}},
                when="enableDnsSupport",
            ),
            Call(
                "ModifyVpcAttribute",
                {"VpcId": "$id", "EnableDnsHostnames": {"Value": "$inputs.enableDnsHostnames"}},
                when="enableDnsHostnames",
            ),
        ),
        read=(
            Read("DescribeVpcs", {"VpcIds": ["$id"]}, "Vpcs[0]"),
            _attribute("EnableDnsSupport"),
            _attribute("EnableDnsHostnames"),
        ),
        outputs={"arn": _arn("vpc")},
    ),
    "aws:ec2/internetGateway:InternetGateway": Row(
        service="ec2",
        create="CreateInternetGateway",
        id="$response.InternetGateway.InternetGatewayId",
        tag_resource="internet-gateway",
        after=(Call("AttachInternetGateway", {"InternetGatewayId": "$id", "VpcId": "$inputs.vpcId"}, when="vpcId"),),
        read=(
            Read(
                "DescribeInternetGateways",
                {"InternetGatewayIds": ["$id"]},
                "InternetGateways[0]",
                fields={"vpcId": "Attachments[0].VpcId"},
            ),
        ),
        outputs={"arn": _arn("internet-gateway")},
    ),
    "aws:ec2/subnet:Subnet": Row(
        service="ec2",
        create="CreateSubnet",
        id="$response.Subnet.SubnetId",
        tag_resource="subnet",
        after=(
            Call(
                "ModifySubnetAttribute",
                {"SubnetId": "$id", "MapPublicIpOnLaunch": {"Value": "$inputs.mapPublicIpOnLaunch"}},
                when="mapPublicIpOnLaunch",
            ),
        ),
        read=(
            Read(
                "DescribeSubnets",
                {"SubnetIds": ["$id"]},
                "Subnets[0]",
                fields={"mapPublicIpOnLaunch": "MapPublicIpOnLaunch"},
            ),
        ),
        outputs={"arn": _arn("subnet")},
    ),
    "aws:ec2/routeTable:RouteTable": Row(
        service="ec2",
        create="CreateRouteTable",
        id="$response.RouteTable.RouteTableId",
        tag_resource="route-table",
        read=(Read("DescribeRouteTables", {"RouteTableIds": ["$id"]}, "RouteTables[0]"),),
        outputs={"arn": _arn("route-table")},
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Row(
        service="ec2",
        create="AssociateRouteTable",
        id="$response.AssociationId",
        read=(
            Read(
                "DescribeRouteTables",
                {"RouteTableIds": ["$inputs.routeTableId"]},
                "RouteTables[0].Associations[-1]",
            ),
        ),
    ),
    "aws:ec2/route:Route": Row(
        service="ec2",
        create="CreateRoute",
        id=lambda c: (
            f"r-{c.inputs['routeTableId']}_{c.inputs.get('destinationCidrBlock') or c.inputs.get('destinationPrefixListId')}"
        ),
        read=(
            Read(
                "DescribeRouteTables",
                {"RouteTableIds": ["$inputs.routeTableId"]},
                "RouteTables[0]",
                fields={
                    "routeTableId": "RouteTableId",
                    "destinationCidrBlock": "Routes[-1].DestinationCidrBlock",
                    "gatewayId": "Routes[-1].GatewayId",
                    "natGatewayId": "Routes[-1].NatGatewayId",
                    "transitGatewayId": "Routes[-1].TransitGatewayId",
                },
            ),
        ),
    ),
    "aws:ec2/eip:Eip": Row(
        service="ec2",
        create="AllocateAddress",
        id="$response.AllocationId",
        tag_resource="elastic-ip",
        read=(Read("DescribeAddresses", {"AllocationIds": ["$id"]}, "Addresses[0]"),),
        outputs={"arn": _arn("elastic-ip"), "publicIp": "$response.PublicIp"},
    ),
    "aws:ec2/natGateway:NatGateway": Row(
        service="ec2",
        create="CreateNatGateway",
        id="$response.NatGateway.NatGatewayId",
        tag_resource="natgateway",
        read=(
            Read(
                "DescribeNatGateways",
                {"NatGatewayIds": ["$id"]},
                "NatGateways[0]",
                fields={"allocationId": "NatGatewayAddresses[0].AllocationId"},
            ),
        ),
        outputs={"publicIp": "$read.NatGatewayAddresses[0].PublicIp"},
    ),
    "aws:ec2/securityGroup:SecurityGroup": Row(
        service="ec2",
        create="CreateSecurityGroup",
        id="$response.GroupId",
        autoname="name",
        inputs={"name": "GroupName", "description": "Description"},
        tag_resource="security-group",
        function=_security_group,
        read=(Read("DescribeSecurityGroups", {"GroupIds": ["$id"]}, "SecurityGroups[0]"),),
        local={"revokeRulesOnDelete": "used at deletion only"},
        outputs={"arn": _arn("security-group")},
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule("Ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule("Egress"),
}
