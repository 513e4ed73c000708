"""VPC endpoints: the APIs of AWS from private hosts and from on-premises, without the internet."""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.network import perimeter
from components.network.security_groups import HTTPS, Place, Ports, Rules, on_premises_places

STORAGE_GATEWAY = "storagegateway"
STORAGE_GATEWAY_PORTS = (
    HTTPS,
    Ports("control", "tcp", 1026, 1028),
    Ports("data", "tcp", 1031),
    Ports("support", "tcp", 2222),
)
"""What a gateway on-premises needs to reach.

Source: https://docs.aws.amazon.com/filegateway/latest/files3/gateway-private-link.html
"""


class EndpointsArgs(TypedDict):
    """What Network gives to its endpoints."""

    region: str
    """Region of every resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    vpc_cidr: str
    """Its IPv4 block, admitted to every interface endpoint."""
    on_premises_cidrs: Sequence[str]
    """Blocks of the data centre, admitted too."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone to the private subnet in it: each interface endpoint takes an address in every one where its service is."""
    route_table_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Tables that lead to S3 by the gateway endpoint."""
    services: Sequence[str]
    """Interface endpoints by the end of their service name: `ecr.api`, `storagegateway`. S3's is always made."""
    readable_buckets: Sequence[str]
    """ARNs of buckets of other accounts that may be read through the S3 endpoints."""
    writable_buckets: Sequence[str]
    """ARNs of buckets of other accounts that may be read and written through them."""
    trusted_accounts: Sequence[str]
    """Ids of other accounts whose principals and buckets may pass too."""
    partition: pulumi.Input[str]
    """AWS partition of the account."""
    account_id: pulumi.Input[str]
    """Id of the account whose principals and buckets may pass."""


class Endpoints(pulumi.ComponentResource):
    """Private hosts and on-premises reach S3 and the given services of AWS by private addresses."""

    security_group_id: pulumi.Output[str]
    """Security group of every interface endpoint but Storage Gateway's, which has its own."""
    s3_gateway_endpoint_id: pulumi.Output[str]
    """Id of the gateway endpoint that hosts in the VPC reach S3 by."""
    s3_interface_endpoint_id: pulumi.Output[str]
    """Id of the interface endpoint that on-premises reaches S3 by."""
    s3_interface_endpoint_dns_name: pulumi.Output[str]
    """Regional name of the S3 interface endpoint, starting with `*.`: replace it by `bucket.`, `accesspoint.` or `control.`."""
    storage_gateway_endpoint_id: pulumi.Output[str] | None
    """Id of Storage Gateway's endpoint; None unless it is one of the services."""
    storage_gateway_endpoint_dns_name: pulumi.Output[str] | None
    """Regional name of Storage Gateway's endpoint, which a gateway is activated with; None unless it is one of the services."""
    private_names: pulumi.Output[list[str]]
    """The domains that the interface endpoints answer for, S3's among them, without `*.`: what on-premises is to ask here."""

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:network:Endpoints", name, {**args}, opts)
        self._name, self._args = name, args
        self._accounts: pulumi.Output[list[str]] = pulumi.Output.from_input(args["account_id"]).apply(
            lambda own: [own, *(account for account in args["trusted_accounts"] if account != own)]
        )
        self._names: list[pulumi.Output[list[str]]] = []
        on_premises = on_premises_places(args["on_premises_cidrs"])
        vpc = Place("vpc", args["vpc_cidr"])

        group = self._group(name, "Interface endpoints: HTTPS from the VPC and from on-premises")
        self._rules(name, group).admit([HTTPS], [vpc, *on_premises])
        self.security_group_id = group.id
        self._make_s3(group)

        self.storage_gateway_endpoint_id = None
        self.storage_gateway_endpoint_dns_name = None
        for service in args["services"]:
            if service == STORAGE_GATEWAY:
                own = f"{name}-{STORAGE_GATEWAY}"
                its_group = self._group(own, "Endpoint of Storage Gateway: HTTPS from the VPC, all it needs from on-premises")
                rules = self._rules(own, its_group)
                rules.admit([HTTPS], [vpc])
                rules.admit(STORAGE_GATEWAY_PORTS, on_premises)
                endpoint = self._interface(service, its_group)
                self.storage_gateway_endpoint_id = endpoint.id
                self.storage_gateway_endpoint_dns_name = _dns_name(endpoint)
            else:
                self._interface(service, group)
        self.private_names = pulumi.Output.all(*self._names).apply(
            lambda names: sorted({one for found in names for one in found})
        )
        self.register_outputs(
            {
                "security_group_id": self.security_group_id,
                "s3_gateway_endpoint_id": self.s3_gateway_endpoint_id,
                "s3_interface_endpoint_id": self.s3_interface_endpoint_id,
                "s3_interface_endpoint_dns_name": self.s3_interface_endpoint_dns_name,
                "storage_gateway_endpoint_id": self.storage_gateway_endpoint_id,
                "storage_gateway_endpoint_dns_name": self.storage_gateway_endpoint_dns_name,
                "private_names": self.private_names,
            }
        )

    def _group(self, name: str, description: str) -> aws.ec2.SecurityGroup:
        # No egress: an endpoint answers, it never calls.
        return aws.ec2.SecurityGroup(
            name,
            region=self._args["region"],
            vpc_id=self._args["vpc_id"],
            description=description,
            tags={**self._args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _rules(self, name: str, group: aws.ec2.SecurityGroup) -> Rules:
        return Rules(name, self._args["region"], self._args["tags"], group.id, self)

    def _make_s3(self, group: aws.ec2.SecurityGroup) -> None:
        name, args = self._name, self._args
        region, service = args["region"], self._offered("s3")
        policy = pulumi.Output.all(args["partition"], self._accounts).apply(
            lambda known: json.dumps(
                perimeter.s3_endpoint_policy(known[0], known[1], region, args["readable_buckets"], args["writable_buckets"])
            )
        )
        gateway = aws.ec2.VpcEndpoint(
            f"{name}-s3-gateway",
            region=region,
            vpc_id=args["vpc_id"],
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=args["route_table_ids"],
            policy=policy,
            tags={**args["tags"], "Name": f"{name}-s3-gateway"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        interface = aws.ec2.VpcEndpoint(
            f"{name}-s3",
            region=region,
            vpc_id=args["vpc_id"],
            service_name=f"com.amazonaws.{region}.s3",
            vpc_endpoint_type="Interface",
            subnet_ids=self._subnets("s3", service),
            security_group_ids=[group.id],
            private_dns_enabled=True,
            # Hosts in the VPC keep to the gateway endpoint, which costs nothing; only names asked through the inbound resolver,
            # that is from on-premises, lead here.
            dns_options={"private_dns_only_for_inbound_resolver_endpoint": True},
            policy=policy,
            tags={**args["tags"], "Name": f"{name}-s3"},
            # AWS refuses that DNS option in a VPC without a gateway endpoint for S3.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[gateway]),
        )
        self.s3_gateway_endpoint_id = gateway.id
        self.s3_interface_endpoint_id = interface.id
        self.s3_interface_endpoint_dns_name = _dns_name(interface)

    def _interface(self, service: str, group: aws.ec2.SecurityGroup) -> aws.ec2.VpcEndpoint:
        args = self._args
        name = f"{self._name}-{service.replace('.', '-')}"
        offered = self._offered(service)
        policy = pulumi.Output.all(args["partition"], self._accounts, offered.vpc_endpoint_policy_supported).apply(
            lambda known: (
                json.dumps(perimeter.endpoint_policy(service, known[0], known[1], args["region"])) if known[2] else None
            )
        )
        return aws.ec2.VpcEndpoint(
            name,
            region=args["region"],
            vpc_id=args["vpc_id"],
            service_name=f"com.amazonaws.{args['region']}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=self._subnets(service, offered),
            security_group_ids=[group.id],
            private_dns_enabled=True,
            policy=policy,
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _offered(self, service: str) -> pulumi.Output[aws.ec2.GetVpcEndpointServiceResult]:
        """What AWS says of a service in this region: in which zones it is, what names it has, whether it takes a policy.

        Asked in a preview already, which fails where the region has no such service. It is asked of the provider's own region,
        for the function takes no other.
        """
        offered = aws.ec2.get_vpc_endpoint_service_output(
            service_name=f"com.amazonaws.{self._args['region']}.{service}",
            service_type="Interface",
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        self._names.append(offered.apply(_domains))
        return offered

    def _subnets(self, service: str, offered: pulumi.Output[aws.ec2.GetVpcEndpointServiceResult]) -> pulumi.Output[list[str]]:
        """Those in zones where the service is: AWS refuses an endpoint that asks for an address in another one."""
        return pulumi.Output.all(offered.availability_zones, dict(self._args["subnet_ids"])).apply(
            lambda known: _in_zones(service, known[0], known[1])
        )


def _in_zones(service: str, zones: Sequence[str], subnet_ids: Mapping[str, str]) -> list[str]:
    found = [subnet_id for zone, subnet_id in subnet_ids.items() if zone in zones]
    if not found:
        raise pulumi.RunError(
            f"the endpoint {service} is asked for in {', '.join(subnet_ids)}; allowed: zones where AWS has the service, "
            f"{', '.join(sorted(zones))}; take it out of network.endpoints, or name one of these in network.zones"
        )
    return found


def _domains(offered: aws.ec2.GetVpcEndpointServiceResult) -> list[str]:
    """A forwarding rule covers what is below its domain, so that no wildcard is needed."""
    names = [*offered.private_dns_names, offered.private_dns_name]
    return sorted({name.removeprefix("*.") for name in names if name})


def _dns_name(endpoint: aws.ec2.VpcEndpoint) -> pulumi.Output[str]:
    """The regional name of an interface endpoint: AWS lists it first, before those of its zones."""
    return endpoint.dns_entries.apply(lambda entries: entries[0].dns_name or "")
