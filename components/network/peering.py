"""The transit gateways of two regions as peers: made from one side, for both."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.arguments import arguments


@arguments
class PeerArgs(TypedDict):
    """The transit gateway of the other region, of the same account."""

    region: pulumi.Input[str]
    """Its region."""
    transit_gateway_id: pulumi.Input[str]
    """Its id."""
    route_table_id: pulumi.Input[str]
    """Its default route table."""


class PeeringArgs(TypedDict):
    """What Network gives to the peering."""

    region: str
    """Region that asks for the peering."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    cidr: str
    """Block of the VPC on this side, which the other one is told the way to."""
    transit_gateway_id: pulumi.Input[str]
    """The transit gateway on this side."""
    route_table_id: pulumi.Input[str]
    """Its default route table."""
    peer: PeerArgs
    """The transit gateway on the other side."""
    peer_cidr: str
    """Block of the VPC on the other side."""


class Peering(pulumi.ComponentResource):
    """Two transit gateways are peers, each with a route to the other's VPC; traffic between the regions stays on AWS's network.

    Everything belongs to the stack that makes it, what lies in the other region too, so that it goes without a trace there.
    """

    attachment_id: pulumi.Output[str]
    """Id of the attachment, the same in both regions."""

    def __init__(self, name: str, args: PeeringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:network:Peering", name, {**args}, opts)
        region, peer = args["region"], args["peer"]
        attachment = aws.ec2transitgateway.PeeringAttachment(
            f"{name}-attachment",
            transit_gateway_id=args["transit_gateway_id"],
            peer_transit_gateway_id=peer["transit_gateway_id"],
            peer_region=peer["region"],
            region=region,
            tags={**args["tags"], "Name": f"{name}-attachment"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        accepted = aws.ec2transitgateway.PeeringAttachmentAccepter(
            f"{name}-accepter",
            transit_gateway_attachment_id=attachment.id,
            region=peer["region"],
            tags={**args["tags"], "Name": f"{name}-accepter"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Peers tell each other no routes by themselves.
        for side, table, destination, where in (
            ("here", args["route_table_id"], args["peer_cidr"], region),
            ("there", peer["route_table_id"], args["cidr"], peer["region"]),
        ):
            aws.ec2transitgateway.Route(
                f"{name}-{side}",
                transit_gateway_route_table_id=table,
                destination_cidr_block=destination,
                # A route to a peering is refused until that is accepted.
                transit_gateway_attachment_id=accepted.id,
                region=where,
                # A table has one route to a block, whichever attachment it leads to.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        self.attachment_id = accepted.id
        self.register_outputs({"attachment_id": self.attachment_id})
