"""The gateway of the VPC that every link ends at, and the routes from the VPC to on-premises."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.cidrs import cidr_suffix

HubKind = Literal["vpnGateway", "transitGateway"]

ASSOCIATION_TIMEOUTS = pulumi.CustomTimeouts(create="90m", update="90m", delete="90m")
"""Associating a Direct Connect gateway takes 15 to 45 minutes; the provider gives up after 30."""


class HubDirectConnectArgs(TypedDict):
    """The Direct Connect gateway that the hub is associated with."""

    gateway_id: pulumi.Input[str]
    """Id of the Direct Connect gateway."""
    allowed_prefixes: Sequence[str]
    """CIDRs. A filter for `vpnGateway`, where one must equal or contain the VPC's CIDR; what is advertised to on-premises for
    `transitGateway`."""
    owner: NotRequired[str]
    """Id of the account that has the gateway, which gets a proposal to associate it. Default: this one."""
    accepted: NotRequired[bool]
    """Whether that account has accepted the proposal. Of no meaning without an owner. Default False."""


class HubArgs(TypedDict):
    """What Network gives to its hub."""

    region: str
    """Region of every resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    hub: HubKind
    """`vpnGateway`: a virtual private gateway, routes propagated by BGP. `transitGateway`: a transit gateway attached in every
    zone, with a static route to each on-premises CIDR."""
    amazon_asn: int
    """Private ASN of the AWS side of the VPN's BGP sessions. With a transit gateway, it differs from the Direct Connect
    gateway's."""
    vpc_id: pulumi.Input[str]
    """The VPC to attach."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone name to the private subnet in it: where a transit gateway puts its network interfaces."""
    route_table_ids: Mapping[str, pulumi.Input[str]]
    """Route tables that lead to on-premises, by a stable key such as `private-2a` or `isolated-2a`."""
    on_premises_cidrs: Sequence[str]
    """CIDRs of the data centre. Only a transit gateway needs them: a virtual private gateway learns them by BGP."""
    other_cidrs: NotRequired[Sequence[str]]
    """CIDRs of other VPCs that a transit gateway leads to, in this region or another. Default: none."""
    transit_gateway_id: NotRequired[pulumi.Input[str]]
    """Id of a transit gateway that is there already, whose route tables and links are its owner's. Default: one is made."""
    accepted: NotRequired[bool]
    """Whether the VPC's attachment to a transit gateway that is there already has been accepted, so that routes may lead to
    it. Of no meaning otherwise. Default False."""
    direct_connect: NotRequired[HubDirectConnectArgs]
    """The Direct Connect gateway to associate; without it the hub has no circuits, only VPN."""


class Hub(pulumi.ComponentResource):
    """A gateway is attached to the VPC and associated with the Direct Connect gateway; `lead_to_on_premises` routes to it.

    The association is made here, not by DirectConnect, since routes come last: a virtual private gateway whose routes propagate
    before it is associated may propagate wrong ones
    (https://docs.aws.amazon.com/directconnect/latest/UserGuide/virtualgateways.html).
    """

    gateway_id: pulumi.Output[str]
    """Id of the virtual private gateway or of the transit gateway, whichever is the hub. VPN connections take it."""
    vpn_gateway_id: pulumi.Output[str] | None
    """Id of the virtual private gateway; None with a transit gateway."""
    transit_gateway_id: pulumi.Output[str] | None
    """Id of the transit gateway; None with a virtual private gateway."""
    route_table_id: pulumi.Output[str] | None
    """Id of the default route table of the transit gateway that is made; None without one."""
    attachment_id: pulumi.Output[str] | None
    """Id of the transit gateway's VPC attachment; None with a virtual private gateway."""
    association_id: pulumi.Output[str] | None
    """Id of the association with the Direct Connect gateway; None without one, or where another account makes it."""

    def __init__(self, name: str, args: HubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if args["hub"] == "transitGateway" and not args["subnet_ids"]:
            raise ValueError(f"{name}: subnet_ids is empty; a transit gateway needs one subnet per zone; pass the private ones")
        super().__init__("hybridge:network:Hub", name, {**args}, opts)
        self.vpn_gateway_id = self.transit_gateway_id = self.attachment_id = self.association_id = self.route_table_id = None
        self._name, self._args = name, args
        self._links: list[pulumi.Resource] = []
        if args["hub"] == "vpnGateway":
            self._virtual_private_gateway(name, args)
        else:
            self._transit_gateway(name, args)
        self.register_outputs(
            {
                "gateway_id": self.gateway_id,
                "vpn_gateway_id": self.vpn_gateway_id,
                "transit_gateway_id": self.transit_gateway_id,
                "route_table_id": self.route_table_id,
                "attachment_id": self.attachment_id,
                "association_id": self.association_id,
            }
        )

    def _virtual_private_gateway(self, name: str, args: HubArgs) -> None:
        gateway = aws.ec2.VpnGateway(
            f"{name}-vpn-gateway",
            # Attached by this argument, not by a resource of its own: whoever has the id then has an attached gateway, without
            # which AWS refuses both association and route propagation.
            vpc_id=args["vpc_id"],
            amazon_side_asn=str(args["amazon_asn"]),
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-vpn-gateway"},
            opts=pulumi.ResourceOptions(
                parent=self,
                # Another ASN asks for another gateway, which AWS makes but does not attach, since a VPC takes one at a time: in
                # the state it would be there instead of the one that carries everything, which the next update would delete.
                ignore_changes=["amazon_side_asn"],
            ),
        )
        known = pulumi.Output.all(gateway.id, gateway.amazon_side_asn)
        gateway_id = known.apply(lambda made: _with_asn(name, made[0], made[1], args["amazon_asn"]))
        self.gateway_id = self.vpn_gateway_id = gateway_id
        self._association(name, args, gateway_id)

    def _transit_gateway(self, name: str, args: HubArgs) -> None:
        if "transit_gateway_id" in args:
            gateway_id = pulumi.Output.from_input(args["transit_gateway_id"])
        else:
            gateway = self._own_transit_gateway(name, args)
            gateway_id, self.route_table_id = gateway.id, gateway.association_default_route_table_id
        attachment = aws.ec2transitgateway.VpcAttachment(
            f"{name}-attachment",
            transit_gateway_id=gateway_id,
            vpc_id=args["vpc_id"],
            # Hosts reach a transit gateway only from zones that the attachment has a subnet in.
            subnet_ids=list(args["subnet_ids"].values()),
            dns_support="enable",
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-attachment"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.gateway_id = self.transit_gateway_id = gateway_id
        self.attachment_id = attachment.id
        # A route to a transit gateway is refused until the VPC is attached to it.
        self._links.append(attachment)
        self._association(name, args, gateway_id)

    def _own_transit_gateway(self, name: str, args: HubArgs) -> aws.ec2transitgateway.TransitGateway:
        return aws.ec2transitgateway.TransitGateway(
            f"{name}-transit-gateway",
            description=f"Hub between the VPC and on-premises of {name}",
            amazon_side_asn=args["amazon_asn"],
            # One routing domain: VPC, circuits and VPN all meet in the default route table, each attachment associated with it
            # and propagating into it by itself, the Direct Connect gateway's too, whose attachment AWS makes.
            default_route_table_association="enable",
            default_route_table_propagation="enable",
            # Both routers of the data centre, and both tunnels of each, carry traffic at once.
            vpn_ecmp_support="enable",
            dns_support="enable",
            auto_accept_shared_attachments="disable",
            multicast_support="disable",
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-transit-gateway"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def lead_to_on_premises(self, vpn: Sequence[pulumi.Resource]) -> None:
        """Route the tables to the gateway, once whatever leads on from it stands: the association, and these VPN connections.

        A static route to a transit gateway wins over what a virtual private gateway propagates. When one hub takes the place of
        the other, it must not be there before there is a way behind it. The other way round, AWS says not to enable propagation
        until the association stands, or routes may be propagated incorrectly.
        """
        name, args = self._name, self._args
        if self._waiting and not vpn:
            return
        if self.transit_gateway_id is None:
            for key, route_table_id in args["route_table_ids"].items():
                aws.ec2.VpnGatewayRoutePropagation(
                    f"{name}-{key}",
                    vpn_gateway_id=self.gateway_id,
                    route_table_id=route_table_id,
                    region=args["region"],
                    opts=pulumi.ResourceOptions(parent=self, depends_on=self._links),
                )
            return
        if "transit_gateway_id" in args and not args.get("accepted"):
            return
        beyond = args.get("other_cidrs", ())
        for key, route_table_id in args["route_table_ids"].items():
            for cidr in (*args["on_premises_cidrs"], *beyond):
                aws.ec2.Route(
                    f"{name}-{key}-{cidr_suffix(cidr)}",
                    route_table_id=route_table_id,
                    destination_cidr_block=cidr,
                    transit_gateway_id=self.transit_gateway_id,
                    region=args["region"],
                    opts=pulumi.ResourceOptions(parent=self, depends_on=[*self._links, *([] if cidr in beyond else vpn)]),
                )

    @property
    def _waiting(self) -> bool:
        """Whether the owner of the Direct Connect gateway has yet to let its circuits lead here."""
        direct_connect = self._args.get("direct_connect", {})
        return "owner" in direct_connect and not direct_connect.get("accepted", False)

    def _association(self, name: str, args: HubArgs, gateway_id: pulumi.Output[str]) -> None:
        direct_connect = args.get("direct_connect")
        if direct_connect is None:
            return
        if "owner" in direct_connect:
            proposal = aws.directconnect.GatewayAssociationProposal(
                f"{name}-association",
                dx_gateway_id=direct_connect["gateway_id"],
                dx_gateway_owner_account_id=direct_connect["owner"],
                associated_gateway_id=gateway_id,
                allowed_prefixes=list(direct_connect["allowed_prefixes"]),
                region=args["region"],
                # Two for the same pair of gateways would be two questions to its owner.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
            if direct_connect.get("accepted"):
                self._links.append(proposal)
            return
        association = aws.directconnect.GatewayAssociation(
            f"{name}-association",
            dx_gateway_id=direct_connect["gateway_id"],
            associated_gateway_id=gateway_id,
            allowed_prefixes=list(direct_connect["allowed_prefixes"]),
            region=args["region"],
            opts=pulumi.ResourceOptions(
                parent=self,
                custom_timeouts=ASSOCIATION_TIMEOUTS,
                # A Direct Connect gateway never has a virtual private and a transit gateway at once, as a change of `hub` would
                # otherwise ask for.
                delete_before_replace=True,
            ),
        )
        self.association_id = association.id
        self._links.append(association)


def _with_asn(name: str, gateway_id: str, kept: str, wanted: int) -> str:
    """The id of a virtual private gateway, if it has the ASN that it is asked for."""
    if int(kept) != wanted:
        raise pulumi.RunError(
            f"{name}: amazon_asn is {wanted}; allowed: {kept}, which {gateway_id} was made with and keeps; set it back "
            "(network.amazonAsn in the stack file)"
        )
    return gateway_id
