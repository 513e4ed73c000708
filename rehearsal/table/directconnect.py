"""Direct Connect: circuits, the global gateway, its associations, virtual interfaces."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _arn(kind: str) -> Any:
    return lambda c: f"arn:aws:directconnect:{c.region}:{c.account}:{kind}/{c.id}"


def _direct_connect_attachment(context: Context) -> str | None:
    """The attachment that AWS makes for an association with a transit gateway."""
    if not context.inputs["associatedGatewayId"].startswith("tgw-"):
        return None
    filters = [
        {"Name": "resource-id", "Values": [context.inputs["dxGatewayId"]]},
        {"Name": "transit-gateway-id", "Values": [context.inputs["associatedGatewayId"]]},
    ]
    found = context.call("ec2", "DescribeTransitGatewayAttachments", {"Filters": filters})["TransitGatewayAttachments"]
    return str(found[0]["TransitGatewayAttachmentId"])


def _allowed(prefixes: Any, _context: Context) -> dict[str, Any]:
    return {"addAllowedPrefixesToDirectConnectGateway": [{"cidr": cidr} for cidr in prefixes]}


def _virtual_interface(kind: str, response: str) -> Row:
    """`kind` is Private or Transit; `response` is the JMESPath to the interface in the answer."""
    new = f"new{kind}VirtualInterface"
    members = {
        "name": "virtualInterfaceName",
        "vlan": "vlan",
        "bgpAsn": "asn",
        "bgpAsnLong": "asnLong",
        "bgpAuthKey": "authKey",
        "amazonAddress": "amazonAddress",
        "customerAddress": "customerAddress",
        "addressFamily": "addressFamily",
        "dxGatewayId": "directConnectGatewayId",
        "mtu": "mtu",
        "sitelinkEnabled": "enableSiteLink",
        "tags": "tags",
    }
    return Row(
        service="directconnect",
        create=f"Create{kind}VirtualInterface",
        id=f"${response}.virtualInterfaceId",
        delete=(Call("DeleteVirtualInterface", {"virtualInterfaceId": "$id"}),),
        autoname="name",
        inputs={key: f"{new}.{member}" for key, member in members.items()},
        read=(
            Read(
                "DescribeVirtualInterfaces",
                {"virtualInterfaceId": "$id"},
                "virtualInterfaces[0]",
                fields={**members, "sitelinkEnabled": "siteLinkEnabled", "tags": "tags", "connectionId": "connectionId"},
            ),
        ),
        outputs={
            "arn": _arn("dxvif"),
            "awsDevice": "$read.awsDeviceV2",
            "bgpAuthKey": "$read.authKey",
            "amazonSideAsn": lambda c: str(c.read["amazonSideAsn"]),
        },
        extended=True,
    )


ROWS: Table = {
    "aws:directconnect/connection:Connection": Row(
        service="directconnect",
        create="CreateConnection",
        id="$response.connectionId",
        delete=(Call("DeleteConnection", {"connectionId": "$id"}, unless="skipDestroy"),),
        autoname="name",
        inputs={"name": "connectionName", "requestMacsec": "requestMACSec"},
        local={"skipDestroy": "used at deletion only"},
        read=(
            Read(
                "DescribeConnections",
                {"connectionId": "$id"},
                "connections[0]",
                fields={"requestMacsec": "macSecCapable"},
            ),
        ),
        outputs={
            "arn": _arn("dxcon"),
            "state": "$read.connectionState",
            "ownerAccountId": "$account",
            "jumboFrameCapable": "$read.jumboFrameCapable",
            "hasLogicalRedundancy": "$read.hasLogicalRedundancy",
        },
        extended=True,
    ),
    "aws:directconnect/gateway:Gateway": Row(
        service="directconnect",
        create="CreateDirectConnectGateway",
        id="$response.directConnectGateway.directConnectGatewayId",
        delete=(Call("DeleteDirectConnectGateway", {"directConnectGatewayId": "$id"}),),
        update=(
            Update(
                "UpdateDirectConnectGateway", {"directConnectGatewayId": "$id"}, inputs={"name": "newDirectConnectGatewayName"}
            ),
        ),
        autoname="name",
        inputs={"name": "directConnectGatewayName"},
        read=(Read("DescribeDirectConnectGateways", {"directConnectGatewayId": "$id"}, "directConnectGateways[0]"),),
        outputs={
            # The provider's own form: the gateway is global.
            "arn": lambda c: f"arn:aws:directconnect::{c.account}:dx-gateway/{c.id}",
            "ownerAccountId": "$account",
        },
        extended=True,
    ),
    "aws:directconnect/gatewayAssociation:GatewayAssociation": Row(
        service="directconnect",
        create="CreateDirectConnectGatewayAssociation",
        # The provider's own form: the API's id of an association is the output `dxGatewayAssociationId`.
        id=lambda c: f"ga-{c.inputs['dxGatewayId']}{c.inputs['associatedGatewayId']}",
        delete=(Call("DeleteDirectConnectGatewayAssociation", {"associationId": "$outputs.dxGatewayAssociationId"}),),
        inputs={
            "dxGatewayId": "directConnectGatewayId",
            "associatedGatewayId": "gatewayId",
            "allowedPrefixes": _allowed,
        },
        read=(
            Read(
                "DescribeDirectConnectGatewayAssociations",
                {"associationId": "$response.directConnectGatewayAssociation.associationId || outputs.dxGatewayAssociationId"},
                "directConnectGatewayAssociations[0]",
                fields={
                    "dxGatewayId": "directConnectGatewayId",
                    "associatedGatewayId": "associatedGateway.id",
                    "allowedPrefixes": "allowedPrefixesToDirectConnectGateway[].cidr",
                },
            ),
        ),
        outputs={
            "dxGatewayAssociationId": "$read.associationId",
            "associatedGatewayType": "$read.associatedGateway.type",
            "associatedGatewayOwnerAccountId": "$read.associatedGateway.ownerAccount",
            "dxGatewayOwnerAccountId": "$read.directConnectGatewayOwnerAccount",
            "transitGatewayAttachmentId": _direct_connect_attachment,
        },
        extended=True,
    ),
    "aws:directconnect/gatewayAssociationProposal:GatewayAssociationProposal": Row(
        service="directconnect",
        create="CreateDirectConnectGatewayAssociationProposal",
        id="$response.directConnectGatewayAssociationProposal.proposalId",
        delete=(Call("DeleteDirectConnectGatewayAssociationProposal", {"proposalId": "$id"}),),
        inputs={
            "dxGatewayId": "directConnectGatewayId",
            "dxGatewayOwnerAccountId": "directConnectGatewayOwnerAccount",
            "associatedGatewayId": "gatewayId",
            "allowedPrefixes": _allowed,
        },
        read=(
            Read(
                "DescribeDirectConnectGatewayAssociationProposals",
                {"proposalId": "$id"},
                "directConnectGatewayAssociationProposals[0]",
                fields={
                    "dxGatewayId": "directConnectGatewayId",
                    "dxGatewayOwnerAccountId": "directConnectGatewayOwnerAccount",
                    "associatedGatewayId": "associatedGateway.id",
                    "allowedPrefixes": "requestedAllowedPrefixesToDirectConnectGateway[].cidr",
                },
            ),
        ),
        outputs={
            "associatedGatewayType": "$read.associatedGateway.type",
            "associatedGatewayOwnerAccountId": "$read.associatedGateway.ownerAccount",
        },
        extended=True,
    ),
    "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface": _virtual_interface("Private", "response"),
    "aws:directconnect/transitVirtualInterface:TransitVirtualInterface": _virtual_interface(
        "Transit", "response.virtualInterface"
    ),
}
