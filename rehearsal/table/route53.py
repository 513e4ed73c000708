"""Route 53: hosted zones. Global: no region."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _vpc(vpcs: list[dict[str, Any]], context: Context) -> dict[str, Any]:
    """The zone is made with its first VPC; with one it is private."""
    return {"VPC": _located(vpcs[0], context), "HostedZoneConfig": {"PrivateZone": True}}


def _located(vpc: dict[str, Any], context: Context) -> dict[str, Any]:
    """A VPC with its region: the provider's own, where none is given, for the zone has none."""
    return {"VPCId": vpc["vpcId"], "VPCRegion": vpc.get("vpcRegion") or context.region}


def _further(context: Context) -> dict[str, Any]:
    return _located(context.item, context)


ROWS: Table = {
    "aws:route53/zone:Zone": Row(
        service="route53",
        create="CreateHostedZone",
        id=lambda c: c.response["HostedZone"]["Id"].removeprefix("/hostedzone/"),
        delete=(Call("DeleteHostedZone", {"Id": "$id"}),),
        update=(Update("UpdateHostedZoneComment", {"Id": "$id"}, takes=frozenset({"comment"}), inputs={"comment": "Comment"}),),
        inputs={"comment": "HostedZoneConfig.Comment", "vpcs": _vpc},
        constant={"CallerReference": lambda c: c.urn[-128:]},  # as long as AWS lets it be
        local={"forceDestroy": "used at deletion only"},
        after=(
            Call(
                "ChangeTagsForResource",
                {"ResourceType": "hostedzone", "ResourceId": "$id", "AddTags": "$inputs.tags"},
                when="tags",
            ),
            Call(
                "AssociateVPCWithHostedZone",
                {"HostedZoneId": "$id", "VPC": _further},
                each="inputs.vpcs[1:]",
            ),
        ),
        read=(
            Read("GetHostedZone", {"Id": "$id"}, "@", fields={"comment": "HostedZone.Config.Comment", "vpcs": "VPCs"}),
            Read(
                "ListTagsForResource",
                {"ResourceType": "hostedzone", "ResourceId": "$id"},
                "ResourceTagSet",
                fields={"tags": "Tags"},
            ),
        ),
        unverified={"name": "Route 53 adds the final dot"},
        outputs={
            "arn": lambda c: f"arn:aws:route53:::hostedzone/{c.id}",
            "zoneId": "$id",
            "nameServers": "$response.DelegationSet.NameServers",
        },
    ),
    "aws:route53/zoneAssociation:ZoneAssociation": Row(
        service="route53",
        create="AssociateVPCWithHostedZone",
        id=lambda c: f"{c.inputs['zoneId']}:{c.inputs['vpcId']}:{c.inputs.get('vpcRegion', c.region)}",
        delete=(
            Call(
                "DisassociateVPCFromHostedZone",
                {
                    "HostedZoneId": "$inputs.zoneId",
                    "VPC": {"VPCId": "$inputs.vpcId", "VPCRegion": "$inputs.vpcRegion || region"},
                },
            ),
        ),
        inputs={"zoneId": "HostedZoneId", "vpcId": "VPC.VPCId", "vpcRegion": "VPC.VPCRegion"},
        constant={"VPC": {"VPCRegion": lambda c: c.inputs.get("vpcRegion") or c.region}},
        read=(
            Read(
                "GetHostedZone",
                {"Id": "$inputs.zoneId"},
                lambda c: f"VPCs[?VPCId=='{c.inputs['vpcId']}'] | [0]",
                fields={"vpcId": "VPCId", "vpcRegion": "VPCRegion"},
            ),
        ),
        unverified={"zoneId": "the read is of this very zone"},
        outputs={"owningAccount": "$account"},
    ),
}
