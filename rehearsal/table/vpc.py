"""VPC: networks, subnets, routes, gateways, security groups."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _security_group(context: Context) -> dict[str, Any]:
    """AWS gives a new group an egress rule to everywhere; the provider removes it."""
    inputs = context.inputs
    request = {
        "GroupName": inputs["name"],
        "Description": inputs.get("description", "Managed by Pulumi"),
        "VpcId": inputs["vpcId"],
    }
    tags = [{"Key": key, "Value": value} for key, value in sorted(inputs.get("tags", {}).items())]
    if tags:
        request["TagSpecifications"] = [{"ResourceType": "security-group", "Tags": tags}]
    response = context.call("ec2", "CreateSecurityGroup", request)
    context.call(
        "ec2",
        "RevokeSecurityGroupEgress",
        {"GroupId": response["GroupId"], "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]},
    )
    return response


RULE_MEMBERS = {
    "description": "Description",
    "ipProtocol": "IpProtocol",
    "fromPort": "FromPort",
    "toPort": "ToPort",
    "cidrIpv4": "CidrIpv4",
    "referencedSecurityGroupId": "ReferencedGroupId",
    "prefixListId": "PrefixListId",
}
"""Inputs of a rule, as AWS takes them when it is modified."""


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

    def modified(context: Context) -> None:
        inputs = context.inputs
        rule = {RULE_MEMBERS[key]: inputs[key] for key in RULE_MEMBERS if key in inputs}
        rule |= {key: int(rule[key]) for key in ("FromPort", "ToPort") if key in rule} | {
            "IpProtocol": str(inputs["ipProtocol"])
        }
        request = {"SecurityGroupRuleId": context.id, "SecurityGroupRule": rule}
        group = {"GroupId": inputs["securityGroupId"], "SecurityGroupRules": [request]}
        context.call("ec2", "ModifySecurityGroupRules", group)

    return Row(
        service="ec2",
        create=f"AuthorizeSecurityGroup{direction}",
        id="$response.SecurityGroupRules[0].SecurityGroupRuleId",
        delete=(
            Call(
                f"RevokeSecurityGroup{direction}",
                {"GroupId": "$inputs.securityGroupId", "SecurityGroupRuleIds": ["$id"]},
            ),
        ),
        updated_by=modified,
        inputs={"securityGroupId": "GroupId"},
        constant={"IpPermissions": [permission]},
        consumes=frozenset(RULE_MEMBERS),
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


def _destination(context: Context) -> str:
    """The condition that finds a route in its table."""
    key = "destinationCidrBlock" if "destinationCidrBlock" in context.inputs else "destinationPrefixListId"
    return f"{key[0].upper()}{key[1:]}=='{context.inputs[key]}'"


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
        delete=(Call("DeleteVpc", {"VpcId": "$id"}),),
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
        # What the provider answers of a VPC without IPv6: left out, it would be unknown in each preview.
        outputs={"arn": _arn("vpc"), "ipv6CidrBlock": "", "ipv6AssociationId": "", "ipv6CidrBlockNetworkBorderGroup": ""},
    ),
    "aws:ec2/internetGateway:InternetGateway": Row(
        service="ec2",
        create="CreateInternetGateway",
        id="$response.InternetGateway.InternetGatewayId",
        delete=(
            Call("DetachInternetGateway", {"InternetGatewayId": "$id", "VpcId": "$inputs.vpcId"}, when="vpcId"),
            Call("DeleteInternetGateway", {"InternetGatewayId": "$id"}),
        ),
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
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": Row(
        service="ec2",
        create="CreateSubnetCidrReservation",
        id="$response.SubnetCidrReservation.SubnetCidrReservationId",
        delete=(Call("DeleteSubnetCidrReservation", {"SubnetCidrReservationId": "$id"}),),
        inputs={"cidrBlock": "Cidr"},
        read=(
            Read(
                "GetSubnetCidrReservations",
                {"SubnetId": "$inputs.subnetId"},
                lambda c: f"SubnetIpv4CidrReservations[?SubnetCidrReservationId=='{c.id}'] | [0]",
            ),
        ),
        outputs={"ownerId": "$account"},
    ),
    "aws:ec2/subnet:Subnet": Row(
        service="ec2",
        create="CreateSubnet",
        id="$response.Subnet.SubnetId",
        delete=(Call("DeleteSubnet", {"SubnetId": "$id"}),),
        tag_resource="subnet",
        after=(
            Call(
                "ModifySubnetAttribute",
                {"SubnetId": "$id", "MapPublicIpOnLaunch": {"Value": "$inputs.mapPublicIpOnLaunch"}},
                when="mapPublicIpOnLaunch",
            ),
            # A subnet begins without it: the provider asks for it only where it is wanted.
            Call(
                "ModifySubnetAttribute",
                {"SubnetId": "$id", "AssignIpv6AddressOnCreation": {"Value": "$inputs.assignIpv6AddressOnCreation"}},
                each="[inputs.assignIpv6AddressOnCreation][?@]",
            ),
        ),
        read=(
            Read(
                "DescribeSubnets",
                {"SubnetIds": ["$id"]},
                "Subnets[0]",
                fields={
                    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
                    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
                },
            ),
        ),
        outputs={"arn": _arn("subnet")},
    ),
    "aws:ec2/routeTable:RouteTable": Row(
        service="ec2",
        create="CreateRouteTable",
        id="$response.RouteTable.RouteTableId",
        delete=(Call("DeleteRouteTable", {"RouteTableId": "$id"}),),
        tag_resource="route-table",
        read=(Read("DescribeRouteTables", {"RouteTableIds": ["$id"]}, "RouteTables[0]"),),
        outputs={"arn": _arn("route-table")},
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Row(
        service="ec2",
        create="AssociateRouteTable",
        id="$response.AssociationId",
        delete=(Call("DisassociateRouteTable", {"AssociationId": "$id"}),),
        read=(
            Read(
                "DescribeRouteTables",
                {"RouteTableIds": ["$inputs.routeTableId"]},
                lambda c: f"RouteTables[0].Associations[?RouteTableAssociationId=='{c.id}'] | [0]",
            ),
        ),
    ),
    "aws:ec2/route:Route": Row(
        service="ec2",
        create="CreateRoute",
        id=lambda c: (
            f"r-{c.inputs['routeTableId']}_{c.inputs.get('destinationCidrBlock') or c.inputs.get('destinationPrefixListId')}"
        ),
        delete=(
            Call(
                "DeleteRoute",
                {
                    "RouteTableId": "$inputs.routeTableId",
                    "DestinationCidrBlock": "$inputs.destinationCidrBlock",
                    "DestinationPrefixListId": "$inputs.destinationPrefixListId",
                },
            ),
        ),
        update=(
            Update(
                "ReplaceRoute",
                {
                    "RouteTableId": "$inputs.routeTableId",
                    "DestinationCidrBlock": "$inputs.destinationCidrBlock",
                    "DestinationPrefixListId": "$inputs.destinationPrefixListId",
                },
            ),
        ),
        read=(
            Read(
                "DescribeRouteTables",
                {"RouteTableIds": ["$inputs.routeTableId"]},
                lambda c: f"RouteTables[0].Routes[?{_destination(c)}] | [0]",
            ),
        ),
        unverified={"routeTableId": "the read is of this very table"},
    ),
    "aws:ec2/eip:Eip": Row(
        service="ec2",
        create="AllocateAddress",
        id="$response.AllocationId",
        delete=(Call("ReleaseAddress", {"AllocationId": "$id"}),),
        tag_resource="elastic-ip",
        constant={"Domain": lambda c: c.inputs.get("domain", "vpc")},
        read=(Read("DescribeAddresses", {"AllocationIds": ["$id"]}, "Addresses[0]"),),
        outputs={"arn": _arn("elastic-ip"), "publicIp": "$response.PublicIp"},
    ),
    "aws:ec2/natGateway:NatGateway": Row(
        service="ec2",
        create="CreateNatGateway",
        id="$response.NatGateway.NatGatewayId",
        delete=(Call("DeleteNatGateway", {"NatGatewayId": "$id"}),),
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
        delete=(Call("DeleteSecurityGroup", {"GroupId": "$id"}),),
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
