"""What of AWS's networks a stack file has no keys for, and why: told to whoever writes one, and in docs/links.md."""

from typing import NamedTuple


class LeftOut(NamedTuple):
    """Something that AWS has and this program leaves out on purpose."""

    what: str
    """What it is called."""
    why: str
    """The reason, as the end of a sentence."""
    instead: str
    """What to do, as a sentence."""
    names: tuple[str, ...]
    """Keys that people write for it, in lower case without underscores."""


LEFT_OUT = (
    LeftOut(
        "IPv6",
        "security groups, routes, the proofs and the kit for on-premises speak IPv4, and a second protocol that is half proved "
        "would be a hole",
        "Use IPv4: nothing in the VPC gets an IPv6 address.",
        ("ipv6", "ipv6cidr", "ipv6cidrs", "ipv6cidrblock", "assignipv6", "enableipv6", "dualstack", "addressfamily"),
    ),
    LeftOut(
        "a hosted virtual interface",
        "it is another account's, which chose its VLAN, addresses and key, and it cannot be changed or watched from here",
        "Take a hosted connection, whose connectionId can be adopted.",
        ("virtualinterface", "virtualinterfaceid", "virtualinterfaces", "hostedvirtualinterface", "hostedvif", "vif", "vifid"),
    ),
    LeftOut(
        "a link aggregation group of its own making",
        "its ports end on one device of AWS, so that it makes a circuit faster and no safer, and a port that joins it is cut",
        "Make it at AWS and give its id, dxlag-..., as connectionId.",
        ("lag", "lags", "lagid", "linkaggregation", "numberofconnections", "minimumlinks"),
    ),
    LeftOut(
        "SiteLink",
        "it leads traffic between sites past the VPC, where no proof sees it, and is paid by the hour and the gigabyte",
        "Let sites talk over lines of your own, or turn it on at AWS for virtual interfaces of other accounts.",
        ("sitelink", "sitelinkenabled", "enablesitelink"),
    ),
    LeftOut(
        "an accelerated VPN",
        "it helps routers that are far from the region, while the VPN here stands behind circuits to it, and a connection "
        "that stands cannot be given it",
        "Leave it out; with a transit gateway, onPremises.tunnelBandwidth: large makes tunnels faster.",
        ("acceleration", "accelerated", "enableacceleration", "globalaccelerator"),
    ),
    LeftOut(
        "a VPN over private addresses",
        "it runs over the circuit, and so is gone with it: it encrypts, but is no backup",
        "Order the circuit with macsec: true to encrypt it; a router of the backup has its publicIp.",
        ("privateip", "privateipvpn", "outsideipaddresstype", "transporttransitgatewayattachmentid"),
    ),
    LeftOut(
        "route tables of a transit gateway's own",
        "one routing domain holds this VPC, its links and its peers, and the proofs follow that; segments between VPCs are for "
        "whoever has several",
        "Join a transit gateway whose owner has such tables, by network.transitGateway.",
        ("routetables", "transitgatewayroutetables", "transitgatewayroutetableid", "segments", "segmentation"),
    ),
    LeftOut(
        "flow logs of the transit gateway",
        "the VPC's flow logs have the same packets, with the network card that they are of",
        "Read the flow logs of the VPC, or turn them on at AWS for a hub that several VPCs share.",
        ("transitgatewayflowlogs", "transitgatewayflowlogretentiondays", "hubflowlogs"),
    ),
    LeftOut(
        "a second block of the VPC",
        "subnets, routes, filters and prefixes are cut from one block, of which a quarter is kept free for a third zone",
        "Choose network.cidr large enough, up to a /16, before anything is in it.",
        ("secondarycidr", "secondarycidrs", "secondarycidrblocks", "additionalcidrs"),
    ),
)


def left_out(name: str) -> LeftOut | None:
    """What somebody means by a key, if that is left out."""
    plain = name.lower().replace("_", "").replace("-", "")
    return next((one for one in LEFT_OUT if plain in one.names), None)
