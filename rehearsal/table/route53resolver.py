"""Route 53 Resolver: endpoints, forwarding rules, associations with VPCs."""

import hashlib
from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _addresses(context: Context) -> list[dict[str, Any]]:
    """The addresses as the provider gives them, those that AWS chose included."""
    found = context.call("route53resolver", "ListResolverEndpointIpAddresses", {"ResolverEndpointId": context.id})[
        "IpAddresses"
    ]
    order = [address["subnetId"] for address in context.inputs["ipAddresses"]]
    ordered = sorted(found, key=lambda one: (order.index(one["SubnetId"]), one["Ip"]))
    return [{"subnetId": one["SubnetId"], "ip": one["Ip"], "ipId": one["IpId"]} for one in ordered]


def _token(context: Context) -> str:
    """The provider draws one at random; a URN would be too long."""
    return hashlib.sha256(context.urn.encode()).hexdigest()


ROWS: Table = {
    "aws:route53/resolverEndpoint:ResolverEndpoint": Row(
        service="route53resolver",
        create="CreateResolverEndpoint",
        id="$response.ResolverEndpoint.Id",
        delete=(Call("DeleteResolverEndpoint", {"ResolverEndpointId": "$id"}),),
        update=(Update("UpdateResolverEndpoint", {"ResolverEndpointId": "$id"}),),
        constant={"CreatorRequestId": _token},
        autoname="name",
        read=(
            Read("GetResolverEndpoint", {"ResolverEndpointId": "$id"}, "ResolverEndpoint"),
            Read("ListResolverEndpointIpAddresses", {"ResolverEndpointId": "$id"}, "@", fields={"ipAddresses": "IpAddresses"}),
            Read(
                "ListTagsForResource",
                {"ResourceArn": "$response.ResolverEndpoint.Arn || outputs.arn"},
                "@",
                fields={"tags": "Tags"},
            ),
        ),
        extended=True,
        outputs={"arn": "$response.ResolverEndpoint.Arn", "hostVpcId": "$read.HostVPCId", "ipAddresses": _addresses},
    ),
    "aws:route53/resolverRule:ResolverRule": Row(
        service="route53resolver",
        create="CreateResolverRule",
        id="$response.ResolverRule.Id",
        delete=(Call("DeleteResolverRule", {"ResolverRuleId": "$id"}),),
        update=(
            Update(
                "UpdateResolverRule",
                {"ResolverRuleId": "$id"},
                inputs={
                    "targetIps": "Config.TargetIps",
                    "name": "Config.Name",
                    "resolverEndpointId": "Config.ResolverEndpointId",
                },
            ),
        ),
        constant={"CreatorRequestId": _token},
        autoname="name",
        read=(
            Read("GetResolverRule", {"ResolverRuleId": "$id"}, "ResolverRule"),
            Read(
                "ListTagsForResource",
                {"ResourceArn": "$response.ResolverRule.Arn || outputs.arn"},
                "@",
                fields={"tags": "Tags"},
            ),
        ),
        unverified={"domainName": "AWS adds the final dot"},
        extended=True,
        outputs={"arn": "$response.ResolverRule.Arn", "ownerId": "$read.OwnerId", "shareStatus": "$read.ShareStatus"},
    ),
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": Row(
        service="route53resolver",
        create="CreateResolverQueryLogConfig",
        id="$response.ResolverQueryLogConfig.Id",
        delete=(Call("DeleteResolverQueryLogConfig", {"ResolverQueryLogConfigId": "$id"}),),
        constant={"CreatorRequestId": _token},
        autoname="name",
        extended=True,
        read=(
            Read("GetResolverQueryLogConfig", {"ResolverQueryLogConfigId": "$id"}, "ResolverQueryLogConfig"),
            Read("ListTagsForResource", {"ResourceArn": "$response.ResolverQueryLogConfig.Arn"}, "@", fields={"tags": "Tags"}),
        ),
        outputs={"arn": "$response.ResolverQueryLogConfig.Arn", "ownerId": "$read.OwnerId", "shareStatus": "$read.ShareStatus"},
    ),
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": Row(
        service="route53resolver",
        create="AssociateResolverQueryLogConfig",
        id="$response.ResolverQueryLogConfigAssociation.Id",
        delete=(
            Call(
                "DisassociateResolverQueryLogConfig",
                {"ResolverQueryLogConfigId": "$inputs.resolverQueryLogConfigId", "ResourceId": "$inputs.resourceId"},
            ),
        ),
        read=(
            Read(
                "GetResolverQueryLogConfigAssociation",
                {"ResolverQueryLogConfigAssociationId": "$id"},
                "ResolverQueryLogConfigAssociation",
            ),
        ),
    ),
    "aws:route53/resolverRuleAssociation:ResolverRuleAssociation": Row(
        service="route53resolver",
        create="AssociateResolverRule",
        id="$response.ResolverRuleAssociation.Id",
        delete=(Call("DisassociateResolverRule", {"VPCId": "$inputs.vpcId", "ResolverRuleId": "$inputs.resolverRuleId"}),),
        autoname="name",
        read=(Read("GetResolverRuleAssociation", {"ResolverRuleAssociationId": "$id"}, "ResolverRuleAssociation"),),
    ),
}
