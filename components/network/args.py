"""What Network takes: the sections `network`, `onPremises`, `directConnect` and `clientVpn` of the settings."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NotRequired, TypedDict

import pulumi

from components.arguments import Default, arguments
from components.network.direct_connect import ConnectionArgs
from components.network.dns import ForwardedDomainArgs
from components.network.hub import HubKind
from components.network.peering import PeerArgs
from components.network.site_to_site_vpn import RouterArgs, TunnelBandwidth
from components.network.vpc import NatGateways

USUAL_ENDPOINTS = (
    *("ecs", "ecs-agent", "ecs-telemetry", "ecr.api", "ecr.dkr", "logs", "monitoring", "ssm", "ssmmessages"),
    *("secretsmanager", "kms", "sts", "storagegateway"),
)
"""What hosts and servers need that reach AWS by private addresses alone."""


@arguments
class TransitGatewayArgs(TypedDict):
    """A transit gateway that is there already."""

    id: pulumi.Input[str]
    """Its id."""
    state: NotRequired[Literal["requested", "accepted"]]
    """`requested`: the attachment waits for its owner, and no route leads there yet. `accepted`: routes do. Default
    `requested`."""


@arguments
class NetworkOnPremisesArgs(TypedDict):
    """The data centre, or several."""

    cidrs: Sequence[str]
    """IPv4 blocks of the data centre: routed to, and admitted to endpoints and resolver."""
    domains: NotRequired[Sequence[ForwardedDomainArgs]]
    """Domains whose names are asked on-premises, reverse zones among them. Default: none is."""
    routers: NotRequired[Sequence[RouterArgs]]
    """Routers that the backup VPN connects. Omitted or empty: no VPN."""
    tunnel_bandwidth: NotRequired[TunnelBandwidth]
    """What each VPN tunnel carries: `standard`, 1.25 Gbit/s, or `large`, 5 Gbit/s, on a transit gateway only. Default:
    `standard`."""


@arguments
class GatewayOwnerArgs(TypedDict):
    """Another account that has the Direct Connect gateway."""

    account: str
    """Id of the account."""
    state: NotRequired[Annotated[Literal["requested", "accepted"], Default("requested")]]
    """`requested`: its owner has not accepted the proposal yet, so that only a VPN leads on-premises. Default requested."""


@arguments
class NetworkDirectConnectArgs(TypedDict):
    """The circuits."""

    gateway_asn: NotRequired[Annotated[int, Default(64513)]]
    """Private ASN of the AWS side of every circuit. Default 64513."""
    allowed_prefixes: NotRequired[Sequence[str]]
    """Networks that AWS may advertise to on-premises. Default: the VPC's block."""
    connections: NotRequired[Annotated[Sequence[ConnectionArgs], Default([])]]
    """The circuits. Empty: no Direct Connect gateway is made either. Default none."""
    gateway_id: NotRequired[pulumi.Input[str]]
    """Adopts this Direct Connect gateway, that of another region, which serves the hub here too. Omitted: one is made if there
    are circuits."""
    gateway_owner: NotRequired[GatewayOwnerArgs]
    """Whose the adopted gateway is, if it is another account's, which gets a proposal. Default: it is this account's."""
    protected: NotRequired[bool]
    """Whether ordered connections are kept from being destroyed. Default True."""


@arguments
class NetworkClientVpnArgs(TypedDict):
    """The way in for developers and administrators. Every field but `enabled` matters only if that is True."""

    enabled: NotRequired[Annotated[bool, Default(False)]]
    """Whether there is a Client VPN endpoint. Default False."""
    cidr: NotRequired[str]
    """Block that clients get addresses from, /12 to /22. Needed if enabled."""
    server_certificate_arn: NotRequired[str]
    """Certificate of the endpoint in ACM, of the same region. Needed if enabled."""
    client_certificate_arn: NotRequired[str]
    """Certificate in ACM whose authority signs the clients'. One of this and the next two is needed if enabled."""
    directory_id: NotRequired[str]
    """Directory whose users may connect; not together with `saml_provider_arn`."""
    saml_provider_arn: NotRequired[str]
    """IAM SAML provider whose users may connect; not together with `directory_id`."""
    access_groups: NotRequired[Sequence[str]]
    """Groups of either that may reach the networks. Default: everybody who may connect."""
    session_hours: NotRequired[int]
    """Hours after which a user signs in again: 8, 10, 12 or 24. Default 12."""


@arguments
class OtherRegionArgs(TypedDict):
    """The VPC of another region that the transit gateways connect with this one."""

    cidr: str
    """Its block, apart from all others: private and isolated subnets send it to the transit gateway."""
    peer: NotRequired[PeerArgs]
    """The transit gateway there. Omitted: the peering is made from that side."""


@arguments
class NetworkArgs(TypedDict):
    """What Network takes."""

    region: str
    """Region of everything that has one."""
    tags: NotRequired[Annotated[Mapping[str, str], Default({})]]
    """Tags of every taggable resource, next to `Name`. Default none."""
    cidr: str
    """Private IPv4 block of the VPC, /16 to /24, apart from all others. Changing it replaces the VPC."""
    zones: Sequence[str]
    """Two or three availability zones. A third may be appended later; the order stays, since subnets are cut in it."""
    nat_gateways: NotRequired[Annotated[NatGateways, Default("OnePerAz")]]
    """`OnePerAz`, `Single` or `None`. Default OnePerAz."""
    hub: NotRequired[Annotated[HubKind, Default("vpnGateway")]]
    """`vpnGateway` or `transitGateway`: where circuits and VPN connections end. Default vpnGateway."""
    amazon_asn: NotRequired[Annotated[int, Default(64512)]]
    """Private ASN of the AWS side of the VPN. It cannot be changed later. Default 64512."""
    flow_log_retention_days: NotRequired[Annotated[int, Default(90)]]
    """Days for which the logs of the network are kept. Default 90."""
    private_zone: NotRequired[Annotated[str, Default("aws.internal")]]
    """Name of the private hosted zone. Default aws.internal."""
    private_zone_id: NotRequired[pulumi.Input[str]]
    """Adopts this private hosted zone of that name, which another region has made, and joins the VPC to it. Omitted: one is
    made."""
    endpoints: NotRequired[Annotated[Sequence[str], Default(USUAL_ENDPOINTS)]]
    """Interface endpoints by the end of their service name, such as `ecr.api`. S3's are always made. Default: those that hosts
    without a way to the internet need, ecs to storagegateway."""
    readable_buckets: NotRequired[Sequence[str]]
    """ARNs of S3 buckets of other accounts that may be read through the S3 endpoints. Default: none."""
    writable_buckets: NotRequired[Sequence[str]]
    """ARNs of S3 buckets of other accounts that may be read and written through them. Default: none."""
    trusted_accounts: NotRequired[Sequence[str]]
    """Ids of other accounts whose principals and buckets may pass the endpoints too. Default: none."""
    on_premises: NetworkOnPremisesArgs
    """The data centre."""
    direct_connect: NotRequired[NetworkDirectConnectArgs]
    """The circuits. Omitted: no Direct Connect."""
    transit_gateway: NotRequired[TransitGatewayArgs]
    """A transit gateway to attach the VPC to, whose owner has all links behind it. Omitted: with `hub` `transitGateway` one is
    made."""
    other_networks: NotRequired[Sequence[str]]
    """IPv4 blocks of other VPCs behind the transit gateway: routed to, and admitted to the inbound resolver. Default: none."""
    shared: NotRequired[bool]
    """Whether another region uses the private zone and the Direct Connect gateway that are made here: they are then left behind
    when this component goes. Default False."""
    resolver_addresses: NotRequired[Sequence[str]]
    """Addresses of the inbound resolver, one in the private subnet of each zone, in their order. Default: the seventeenth of
    each."""
    dns_log_retention_days: NotRequired[int]
    """Days for which it is logged which names the VPC asks for. Omitted: it is not."""
    protected: NotRequired[bool]
    """Whether the inbound resolver, whose addresses on-premises know, is kept from being destroyed. Default True."""
    client_vpn: NotRequired[NetworkClientVpnArgs]
    """Client VPN. Omitted: none."""
    other_region: NotRequired[OtherRegionArgs]
    """Another region to reach by transit gateway. Omitted: none."""
