"""Site-to-Site VPN: the backup path, one connection of two tunnels for every on-premises router."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.arguments import arguments
from components.network.hub import HubKind

# What AWS would otherwise offer includes IKEv1, SHA-1 and 1024-bit groups. Left are authenticated encryption of 256 bits, SHA-2
# and elliptic curves of 256 bits and more, which routers of the last ten years speak.
TUNNEL: dict[str, Any] = {
    "ike_versions": ["ikev2"],
    "phase1_encryption_algorithms": ["AES256-GCM-16"],
    "phase1_integrity_algorithms": ["SHA2-384", "SHA2-512"],
    "phase1_dh_group_numbers": [19, 20, 21],
    "phase1_lifetime_seconds": 28800,
    "phase2_encryption_algorithms": ["AES256-GCM-16"],
    "phase2_integrity_algorithms": ["SHA2-384", "SHA2-512"],
    "phase2_dh_group_numbers": [19, 20, 21],
    "phase2_lifetime_seconds": 3600,
    # A dead peer is dialled again by AWS, and AWS dials first: the backup must not wait for traffic from on-premises.
    "dpd_timeout_action": "restart",
    "dpd_timeout_seconds": 30,
    "startup_action": "start",
}
"""The options of every tunnel, by the provider's names without `tunnel1_` and `tunnel2_`."""

LARGEST_SHORT_ASN = 2_147_483_647
"""The provider takes larger ASNs of a customer gateway in an argument of their own."""


TunnelBandwidth = Literal["standard", "large"]


@arguments
class RouterArgs(TypedDict):
    """An on-premises router, as AWS sees it."""

    name: str
    """What its resources are called; also the key of the outputs."""
    formerly: NotRequired[str]
    """What they were called before: nothing is made anew under the new name. Default: the same."""
    site: NotRequired[str]
    """Where it stands, for the tag `Site`. Default: there is one place only."""
    public_ip: str
    """IPv4 address of its outside interface. A change makes a new customer gateway, which the connection moves to."""
    asn: int
    """BGP autonomous system number of the router."""


class SiteToSiteVpnArgs(TypedDict):
    """What Network gives to its VPN."""

    region: str
    """Region of every resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    hub: HubKind
    """What `gateway_id` is."""
    gateway_id: pulumi.Input[str]
    """Id of the virtual private gateway or transit gateway that the connections end at."""
    routers: Sequence[RouterArgs]
    """One connection is made for each; names are unique."""
    tunnel_bandwidth: NotRequired[TunnelBandwidth]
    """What each tunnel carries: 1.25 or 5 Gbit/s; `large` on a transit gateway only. Default `standard`."""
    log_retention_days: int
    """Days that tunnel and BGP logs are kept."""
    log_key_arn: NotRequired[pulumi.Input[str]]
    """KMS key of the logs, whose policy lets CloudWatch Logs use it for names under `/aws/vendedlogs/`. Default: the service's
    own key."""


class SiteToSiteVpn(pulumi.ComponentResource):
    """Every on-premises router has a BGP VPN connection of two IKEv2 tunnels to the hub, logged to CloudWatch."""

    connection_ids: pulumi.Output[dict[str, str]]
    """Router name to the id of its VPN connection."""
    tunnel_addresses: pulumi.Output[dict[str, list[str]]]
    """Router name to the outside addresses of its two tunnels on the AWS side."""
    tunnels: pulumi.Output[dict[str, list[dict[str, str]]]]
    """Router name to what its two tunnels want to be told: addresses of both ends outside and inside, ASN of AWS. No keys."""
    preshared_key_arns: pulumi.Output[dict[str, str]]
    """Router name to the ARN of the secret that holds the pre-shared keys of its tunnels."""
    log_group_name: pulumi.Output[str]
    """Name of the log group with the tunnel and BGP logs."""

    def __init__(self, name: str, args: SiteToSiteVpnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:network:SiteToSiteVpn", name, {**args}, opts)
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            # Log delivery writes a resource policy, limited to 5,120 characters in a region, that names every log group outside
            # this prefix.
            name_prefix=f"/aws/vendedlogs/{name}-",
            retention_in_days=args["log_retention_days"],
            kms_key_id=args.get("log_key_arn"),
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-logs"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        connections = {router["name"]: self._connection(name, args, router, log_group) for router in args["routers"]}
        # Resources to depend on, so no output of the component.
        self.connections = list(connections.values())
        ids: dict[str, Any] = {key: connection.id for key, connection in connections.items()}
        addresses: dict[str, Any] = {key: [one.tunnel1_address, one.tunnel2_address] for key, one in connections.items()}
        keys: dict[str, Any] = {key: connection.preshared_key_arn for key, connection in connections.items()}
        tunnels: dict[str, Any] = {key: [_tunnel(one, 1), _tunnel(one, 2)] for key, one in connections.items()}
        self.tunnels = pulumi.Output.from_input(tunnels)
        self.connection_ids = pulumi.Output.from_input(ids)
        self.tunnel_addresses = pulumi.Output.from_input(addresses)
        self.preshared_key_arns = pulumi.Output.from_input(keys)
        self.log_group_name = log_group.name
        self.register_outputs(
            {
                "connection_ids": self.connection_ids,
                "tunnel_addresses": self.tunnel_addresses,
                "tunnels": self.tunnels,
                "preshared_key_arns": self.preshared_key_arns,
                "log_group_name": self.log_group_name,
            }
        )

    def _connection(
        self, name: str, args: SiteToSiteVpnArgs, router: RouterArgs, log_group: aws.cloudwatch.LogGroup
    ) -> aws.ec2.VpnConnection:
        tags = {
            **args["tags"],
            "Name": f"{name}-{router['name']}",
            **({"Site": router["site"]} if "site" in router else {}),
        }
        aliases = [pulumi.Alias(name=f"{name}-{router['formerly']}")] if "formerly" in router else None
        asn = "bgp_asn" if router["asn"] <= LARGEST_SHORT_ASN else "bgp_asn_extended"
        customer_gateway = aws.ec2.CustomerGateway(
            f"{name}-{router['name']}",
            type="ipsec.1",
            ip_address=router["public_ip"],
            # AWS answers a request that repeats type, address, ASN and device with the gateway that is there: two stacks that
            # name one router would share it, and neither could be destroyed before the other.
            device_name=f"{router['name']}.{pulumi.get_project()}-{pulumi.get_stack()}",
            region=args["region"],
            tags=tags,
            # Another name of the device would make another gateway: the name is only there to tell apart what is made.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["device_name"], aliases=aliases),
            **{asn: str(router["asn"])},
        )
        logs = {
            "cloudwatch_log_options": {
                "log_enabled": True,
                "log_group_arn": log_group.arn,
                "log_output_format": "json",
                "bgp_log_enabled": True,
                "bgp_log_group_arn": log_group.arn,
                "bgp_log_output_format": "json",
            }
        }
        tunnel = {**TUNNEL, "log_options": logs}
        gateway = "vpn_gateway_id" if args["hub"] == "vpnGateway" else "transit_gateway_id"
        varying: dict[str, Any] = {
            gateway: args["gateway_id"],
            # Left out where it says what AWS does anyway: a virtual private gateway refuses it.
            **({"tunnel_bandwidth": "large"} if args.get("tunnel_bandwidth") == "large" else {}),
            **{f"tunnel{number}_{key}": value for number in (1, 2) for key, value in tunnel.items()},
        }
        return aws.ec2.VpnConnection(
            f"{name}-{router['name']}",
            type="ipsec.1",
            customer_gateway_id=customer_gateway.id,
            # BGP: with a transit gateway a static VPN route would win over Direct Connect, and only BGP routes share the load.
            static_routes_only=False,
            preshared_key_storage="SecretsManager",
            region=args["region"],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, aliases=aliases),
            **varying,
        )


def _tunnel(connection: aws.ec2.VpnConnection, number: int) -> dict[str, pulumi.Output[str]]:
    told = {
        "outsideAddress": "address",
        "insideAddress": "vgw_inside_address",
        "routerInsideAddress": "cgw_inside_address",
        "asn": "bgp_asn",
    }
    return {name: getattr(connection, f"tunnel{number}_{attribute}") for name, attribute in told.items()}
