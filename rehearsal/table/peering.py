"""What connects regions: peered transit gateways and the routes between them."""

from rehearsal.row import Call, Read, Row, Table

ROWS: Table = {
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": Row(
        service="ec2",
        create="CreateTransitGatewayPeeringAttachment",
        id="$response.TransitGatewayPeeringAttachment.TransitGatewayAttachmentId",
        delete=(Call("DeleteTransitGatewayPeeringAttachment", {"TransitGatewayAttachmentId": "$id"}),),
        tag_resource="transit-gateway-attachment",
        # The provider takes the account of the caller, if none is given.
        constant={"PeerAccountId": lambda c: c.inputs.get("peerAccountId", c.account)},
        consumes=frozenset({"peerAccountId"}),
        read=(
            Read(
                "DescribeTransitGatewayPeeringAttachments",
                {"TransitGatewayAttachmentIds": ["$id"]},
                "TransitGatewayPeeringAttachments[0]",
                fields={
                    "transitGatewayId": "RequesterTgwInfo.TransitGatewayId",
                    "peerTransitGatewayId": "AccepterTgwInfo.TransitGatewayId",
                    "peerRegion": "AccepterTgwInfo.Region",
                    "peerAccountId": "AccepterTgwInfo.OwnerId",
                },
            ),
        ),
        outputs={
            "arn": lambda c: f"arn:aws:ec2:{c.region}:{c.account}:transit-gateway-attachment/{c.id}",
            "peerAccountId": "$read.AccepterTgwInfo.OwnerId",
        },
        extended=True,
    ),
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": Row(
        service="ec2",
        create="AcceptTransitGatewayPeeringAttachment",
        id="$inputs.transitGatewayAttachmentId",
        delete=(Call("DeleteTransitGatewayPeeringAttachment", {"TransitGatewayAttachmentId": "$id"}),),
        # Accepting takes no tags; those of this side are its own.
        inputs={"tags": lambda _value, _context: {}},
        after=(Call("CreateTags", {"Resources": ["$id"], "Tags": "$inputs.tags"}, when="tags"),),
        read=(
            Read(
                "DescribeTransitGatewayPeeringAttachments",
                {"TransitGatewayAttachmentIds": ["$id"]},
                "TransitGatewayPeeringAttachments[0]",
            ),
        ),
        outputs={
            "transitGatewayId": "$read.AccepterTgwInfo.TransitGatewayId",
            "peerTransitGatewayId": "$read.RequesterTgwInfo.TransitGatewayId",
            "peerRegion": "$read.RequesterTgwInfo.Region",
            "peerAccountId": "$read.RequesterTgwInfo.OwnerId",
        },
        extended=True,
    ),
    "aws:ec2transitgateway/route:Route": Row(
        service="ec2",
        create="CreateTransitGatewayRoute",
        # The provider's own form.
        id=lambda c: f"{c.inputs['transitGatewayRouteTableId']}_{c.inputs['destinationCidrBlock']}",
        delete=(
            Call(
                "DeleteTransitGatewayRoute",
                {
                    "TransitGatewayRouteTableId": "$inputs.transitGatewayRouteTableId",
                    "DestinationCidrBlock": "$inputs.destinationCidrBlock",
                },
            ),
        ),
        read=(
            Read(
                "SearchTransitGatewayRoutes",
                {
                    "TransitGatewayRouteTableId": "$inputs.transitGatewayRouteTableId",
                    "Filters": [{"Name": "route-search.exact-match", "Values": ["$inputs.destinationCidrBlock"]}],
                },
                "Routes[0]",
                fields={"transitGatewayAttachmentId": "TransitGatewayAttachments[0].TransitGatewayAttachmentId"},
            ),
        ),
        unverified={"transitGatewayRouteTableId": "the search is of this very table"},
        extended=True,
    ),
}
