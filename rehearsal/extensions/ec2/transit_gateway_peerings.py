"""Peerings of transit gateways: each region sees an attachment of its own, and a route goes nowhere until it is accepted."""

import copy
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.ec2.transit_gateways import associate

OVER = ("deleted", "deleting", "failed", "rejected")


@operation("ec2", "CreateTransitGatewayPeeringAttachment")
def create_peering(call: Call) -> Any:
    """moto takes any gateways, drops the tags, and shows both regions the view of the one that asked."""
    params, here = call.params, call.backend("ec2")
    there = call.backend("ec2", params["PeerRegion"])
    ours, theirs = params["TransitGatewayId"], params["PeerTransitGatewayId"]
    for backend, gateway in ((here, ours), (there, theirs)):
        if gateway not in backend.transit_gateways:
            raise Refuse("InvalidTransitGatewayID.NotFound", f"Transit Gateway {gateway} was deleted or does not exist.")
    if ours == theirs:
        raise Refuse("InvalidParameterValue", f"Transit Gateway {ours} cannot peer with itself.")
    for attachment in here.transit_gateway_attachments.values():
        beside = {attachment.transit_gateway_id, attachment.resource_id}
        if attachment.resource_type == "peering" and beside == {ours, theirs} and attachment.state not in OVER:
            raise Refuse(
                "DuplicateTransitGatewayAttachment", f"{ours} has non-deleted Transit Gateway Attachments with {theirs}."
            )
    answer = call.moto()
    attachment = answer.result["TransitGatewayPeeringAttachment"]
    attachment.transit_gateway_route_table = None
    mirrored = copy.copy(attachment)
    mirrored.ec2_backend, mirrored.transit_gateway_id, mirrored.resource_id = there, theirs, ours
    there.transit_gateway_attachments[attachment.id] = mirrored
    for specification in params.get("TagSpecifications", []):
        attachment.add_tags({tag["Key"]: tag["Value"] for tag in specification["Tags"]})
    return answer


@operation("ec2", "AcceptTransitGatewayPeeringAttachment")
def accept_peering(call: Call) -> Any:
    """moto accepts what was accepted before, and associates nothing."""
    here, attachment_id = call.backend("ec2"), call.params["TransitGatewayAttachmentId"]
    attachment = here.transit_gateway_attachments.get(attachment_id)
    if attachment is None or attachment.resource_type != "peering":
        raise Refuse(
            "InvalidTransitGatewayAttachmentID.NotFound", f"Transit Gateway Attachment {attachment_id} does not exist."
        )
    if attachment.state != "pendingAcceptance":
        raise Refuse("IncorrectState", f"{attachment_id} is in state {attachment.state}.")
    answer = call.moto()
    asked = call.backend("ec2", attachment.requester_tgw_info["Region"])
    asked.transit_gateway_attachments[attachment_id].state = "available"
    for backend in (here, asked):
        # Peers tell each other no routes, whatever the options for propagation are.
        associate(backend, backend.transit_gateway_attachments[attachment_id])
    return answer


@operation("ec2", "CreateTransitGatewayRoute")
def create_route(call: Call) -> Any:
    """moto takes routes to attachments of other gateways, to peerings that wait, and the same route twice."""
    backend, params = call.backend("ec2"), call.params
    table = backend.transit_gateways_route_tables.get(params["TransitGatewayRouteTableId"])
    if table is None:
        raise Refuse(
            "InvalidRouteTableID.NotFound",
            f"Transit Gateway Route Table {params['TransitGatewayRouteTableId']} was deleted or does not exist.",
        )
    if params["DestinationCidrBlock"] in table.routes:
        raise Refuse("RouteAlreadyExists", f"{params['DestinationCidrBlock']} already exists in {table.id}.")
    attachment_id = params.get("TransitGatewayAttachmentId")
    attachment = backend.transit_gateway_attachments.get(attachment_id)
    if attachment_id and (attachment is None or attachment.transit_gateway_id != table.transit_gateway_id):
        message = f"Transit Gateway Attachment {attachment_id} was deleted or does not exist."
        raise Refuse("InvalidTransitGatewayAttachmentID.NotFound", message)
    if attachment and attachment.state != "available":
        raise Refuse("IncorrectState", f"{attachment_id} is in invalid state {attachment.state}.")
    answer = call.moto()
    if attachment:
        # moto keeps one attachment where the API has a list, so that none is ever answered.
        target = {
            "TransitGatewayAttachmentId": attachment_id,
            "ResourceId": attachment.resource_id,
            "ResourceType": attachment.resource_type,
        }
        route = table.routes[params["DestinationCidrBlock"]]
        route.pop("transitGatewayAttachments")
        route["TransitGatewayAttachments"] = [target]
    return answer
