"""Transit gateways: attachments that are checked, tagged and routed as the gateway's options say."""

from typing import Any

from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachment

from rehearsal.extend import Call, Refuse, operation


@operation("ec2", "CreateTransitGatewayVpcAttachment")
def create_vpc_attachment(call: Call) -> Any:
    """moto takes any VPC and subnets, drops the tags and propagates no routes."""
    backend, vpc = call.backend("ec2"), call.params["VpcId"]
    if vpc not in backend.vpcs:
        raise Refuse("InvalidVpcID.NotFound", f"The vpc ID '{vpc}' does not exist")
    zones: dict[str, str] = {}
    for subnet_id in call.params["SubnetIds"]:
        subnet = next((subnets[subnet_id] for subnets in backend.subnets.values() if subnet_id in subnets), None)
        if subnet is None or subnet.vpc_id != vpc:
            raise Refuse("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist in {vpc}")
        other = zones.setdefault(subnet.availability_zone, subnet_id)
        if other != subnet_id:
            raise Refuse("DuplicateSubnetsInSameZone", f"{other} and {subnet_id} are both in {subnet.availability_zone}")
    answer = call.moto()
    attachment = answer.result["TransitGatewayVpcAttachment"]
    for specification in call.params.get("TagSpecifications", []):
        attachment.add_tags({tag["Key"]: tag["Value"] for tag in specification["Tags"]})
    route(backend, attachment)
    return answer


@operation("ec2", "DescribeTransitGatewayVpcAttachments")
def describe_vpc_attachments(call: Call) -> Any:
    """Those of VPCs alone: moto tells of VPNs and Direct Connect gateways too, without what every VPC has."""
    answer = call.moto()
    found = answer.result["TransitGatewayVpcAttachments"]
    answer.result["TransitGatewayVpcAttachments"] = [one for one in found if one.resource_type == "vpc"]
    return answer


@operation("ec2", "CreateRoute")
def create_route(call: Call) -> Any:
    """moto takes a route to a transit gateway that the VPC is not attached to, or that does not exist."""
    backend, gateway = call.backend("ec2"), call.params.get("TransitGatewayId")
    if gateway:
        table = backend.route_tables.get(call.params["RouteTableId"])
        attached = {
            attachment.resource_id
            for attachment in backend.transit_gateway_attachments.values()
            if attachment.transit_gateway_id == gateway and attachment.resource_type == "vpc"
        }
        if table is not None and table.vpc_id not in attached:
            raise Refuse("InvalidTransitGatewayID.NotFound", f"The transitGateway ID '{gateway}' does not exist")
    return call.moto()


def attach_direct_connect(backend: Any, transit_gateway: str, direct_connect_gateway: str) -> str:
    """The attachment that AWS makes when a Direct Connect gateway is associated; returns its id."""
    gateway = backend.transit_gateways[transit_gateway]
    attachment = TransitGatewayAttachment(backend, direct_connect_gateway, "direct-connect-gateway", gateway)
    backend.transit_gateway_attachments[attachment.id] = attachment
    route(backend, attachment)
    return str(attachment.id)


def detach_direct_connect(backend: Any, transit_gateway: str, direct_connect_gateway: str) -> None:
    """The attachment goes with the association of the Direct Connect gateway."""
    attachments = backend.transit_gateway_attachments
    for identifier, attachment in list(attachments.items()):
        if (attachment.transit_gateway_id, attachment.resource_id) == (transit_gateway, direct_connect_gateway):
            del attachments[identifier]


def route(backend: Any, attachment: Any) -> None:
    """Associate an attachment with the default route table and propagate its routes there, if the gateway's options say so."""
    associate(backend, attachment)
    options = backend.transit_gateways[attachment.transit_gateway_id].options
    if options["DefaultRouteTablePropagation"] == "enable":
        backend.enable_transit_gateway_route_table_propagation(attachment.id, options["PropagationDefaultRouteTableId"])


def associate(backend: Any, attachment: Any) -> None:
    """Associate an attachment with the default route table, if the gateway's options say so."""
    gateway = backend.transit_gateways[attachment.transit_gateway_id]
    attachment.transit_gateway_route_table = None
    if gateway.options["DefaultRouteTableAssociation"] == "enable":
        table = gateway.options["AssociationDefaultRouteTableId"]
        backend.associate_transit_gateway_route_table(attachment.id, table)
        attachment.transit_gateway_route_table = backend.transit_gateways_route_tables[table]
