"""Client VPN: a way in for developers and administrators who are neither on-premises nor in the VPC."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.cidrs import cidr_suffix, resolver_address
from components.network.security_groups import EVERYTHING, Place, Rules, on_premises_places

CHANGE_TIMEOUTS = pulumi.CustomTimeouts(create="30m", delete="30m")
"""For a change of an endpoint: each takes AWS two to three minutes, it works on few at once, and the others wait. The provider
gives up on a route after 4 minutes, on an authorization rule after 10.

Sources: https://github.com/hashicorp/terraform-provider-aws/pull/30552 and
https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/limits.html
"""


class AuthenticationArgs(TypedDict):
    """How clients prove who they are: at least one of these, and all that are given."""

    client_certificate_arn: NotRequired[str]
    """Certificate in ACM whose authority signs the clients'."""
    directory_id: NotRequired[str]
    """Directory whose users may connect; not together with `saml_provider_arn`."""
    saml_provider_arn: NotRequired[str]
    """IAM SAML provider whose users may connect; not together with `directory_id`."""


class ClientVpnArgs(TypedDict):
    """What Network gives to its Client VPN."""

    region: str
    """Region of every resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    cidr: str
    """Block that clients get addresses from, /12 to /22; it cannot be changed later."""
    server_certificate_arn: str
    """Certificate of the endpoint in ACM, of the same region."""
    authentication: AuthenticationArgs
    """How clients prove who they are."""
    access_groups: Sequence[str]
    """Groups of the directory (SIDs) or of the SAML provider that may reach the networks. Empty: everybody."""
    session_hours: int
    """Hours after which a user signs in again: 8, 10, 12 or 24."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    vpc_cidr: str
    """Its IPv4 block, which clients may reach."""
    on_premises_cidrs: Sequence[str]
    """Blocks of the data centre, which clients may reach too."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone suffix (`2a`) to the private subnet in it."""
    log_retention_days: int
    """Days for which connections are logged."""
    log_key_arn: pulumi.Input[str]
    """KMS key that encrypts the log."""


class ClientVpn(pulumi.ComponentResource):
    """Authenticated clients reach the VPC and, through it, on-premises; nothing else of theirs takes the tunnel."""

    endpoint_id: pulumi.Output[str]
    """Id of the Client VPN endpoint."""
    security_group_id: pulumi.Output[str]
    """Security group that clients act in, whatever address they have: admit it to what they are to reach."""

    def __init__(self, name: str, args: ClientVpnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        authentication = _authentication(args["authentication"])
        super().__init__("hybridge:network:ClientVpn", name, {**args}, opts)
        self._name, self._args = name, args
        child = pulumi.ResourceOptions(parent=self)
        region, tags = args["region"], args["tags"]

        logs = aws.cloudwatch.LogGroup(
            f"{name}-connections",
            region=region,
            retention_in_days=args["log_retention_days"],
            kms_key_id=args["log_key_arn"],
            tags={**tags, "Name": f"{name}-connections"},
            opts=child,
        )
        stream = aws.cloudwatch.LogStream(f"{name}-connections", region=region, log_group_name=logs.name, opts=child)
        group = aws.ec2.SecurityGroup(
            name,
            region=region,
            vpc_id=args["vpc_id"],
            description="Client VPN: out to the VPC and to on-premises",
            tags={**tags, "Name": name},
            opts=child,
        )
        networks = [Place("vpc", args["vpc_cidr"]), *on_premises_places(args["on_premises_cidrs"])]
        Rules(name, region, tags, group.id, self).let_out([EVERYTHING], networks)

        endpoint = aws.ec2clientvpn.Endpoint(
            name,
            region=region,
            description="Developers and administrators",
            client_cidr_block=args["cidr"],
            vpc_id=args["vpc_id"],
            security_group_ids=[group.id],
            server_certificate_arn=args["server_certificate_arn"],
            authentication_options=authentication,
            # The VPC's own resolver knows the private zone and forwards the on-premises domain.
            dns_servers=[resolver_address(args["vpc_cidr"])],
            split_tunnel=True,
            transport_protocol="udp",
            vpn_port=443,
            self_service_portal="disabled",
            session_timeout_hours=args["session_hours"],
            disconnect_on_session_timeout=True,
            connection_log_options=aws.ec2clientvpn.EndpointConnectionLogOptionsArgs(
                enabled=True, cloudwatch_log_group=logs.name, cloudwatch_log_stream=stream.name
            ),
            tags={**tags, "Name": name},
            opts=child,
        )
        self.endpoint_id = endpoint.id
        self.security_group_id = group.id
        self._route(endpoint, self._associate(endpoint))
        self._authorize(endpoint, networks)
        self.register_outputs({"endpoint_id": self.endpoint_id, "security_group_id": self.security_group_id})

    def _associate(self, endpoint: aws.ec2clientvpn.Endpoint) -> dict[str, aws.ec2clientvpn.NetworkAssociation]:
        return {
            zone: aws.ec2clientvpn.NetworkAssociation(
                f"{self._name}-{zone}",
                region=self._args["region"],
                client_vpn_endpoint_id=endpoint.id,
                subnet_id=subnet_id,
                # One subnet in a zone: another one there is taken only once this one is out.
                opts=pulumi.ResourceOptions(parent=self, custom_timeouts=CHANGE_TIMEOUTS, delete_before_replace=True),
            )
            for zone, subnet_id in self._args["subnet_ids"].items()
        }

    def _route(
        self, endpoint: aws.ec2clientvpn.Endpoint, associations: Mapping[str, aws.ec2clientvpn.NetworkAssociation]
    ) -> None:
        # The route to the VPC comes with the association.
        for zone, association in associations.items():
            for cidr in self._args["on_premises_cidrs"]:
                aws.ec2clientvpn.Route(
                    f"{self._name}-{zone}-{cidr_suffix(cidr)}",
                    region=self._args["region"],
                    client_vpn_endpoint_id=endpoint.id,
                    destination_cidr_block=cidr,
                    # Taken from the association, since AWS refuses a route through a subnet that is not associated yet.
                    target_vpc_subnet_id=association.subnet_id,
                    description=f"on-premises by {zone}",
                    opts=pulumi.ResourceOptions(parent=self, custom_timeouts=CHANGE_TIMEOUTS),
                )

    def _authorize(self, endpoint: aws.ec2clientvpn.Endpoint, networks: Sequence[Place]) -> None:
        who: dict[str, dict[str, Any]] = {group: {"access_group_id": group} for group in self._args["access_groups"]} or {
            "everybody": {"authorize_all_groups": True}
        }
        for network in networks:
            for group, rule in who.items():
                aws.ec2clientvpn.AuthorizationRule(
                    f"{self._name}-{group}-{network.name}",
                    region=self._args["region"],
                    client_vpn_endpoint_id=endpoint.id,
                    target_network_cidr=network.cidr,
                    description=f"{group} to {network.name}",
                    **rule,
                    opts=pulumi.ResourceOptions(parent=self, custom_timeouts=CHANGE_TIMEOUTS),
                )


def _authentication(args: AuthenticationArgs) -> list[aws.ec2clientvpn.EndpointAuthenticationOptionArgsDict]:
    options: list[aws.ec2clientvpn.EndpointAuthenticationOptionArgsDict] = []
    if "client_certificate_arn" in args:
        options.append({"type": "certificate-authentication", "root_certificate_chain_arn": args["client_certificate_arn"]})
    if "directory_id" in args:
        options.append({"type": "directory-service-authentication", "active_directory_id": args["directory_id"]})
    if "saml_provider_arn" in args:
        options.append({"type": "federated-authentication", "saml_provider_arn": args["saml_provider_arn"]})
    if not options:
        raise ValueError(
            "Client VPN without authentication; allowed: client_certificate_arn, directory_id or saml_provider_arn; give one"
        )
    return options
