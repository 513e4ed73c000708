"""Names across the link: each side resolves the names of the other."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.network.security_groups import DNS, Place, Rules, on_premises_places


class HybridDnsArgs(TypedDict):
    """What Network gives to its DNS."""

    region: str
    """Region of every resource that has one."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone suffix (`2a`) to the private subnet in it: each resolver endpoint takes an address in every one."""
    private_zone: str
    """Name of the private hosted zone."""
    private_zone_id: NotRequired[pulumi.Input[str]]
    """Joins the VPC to this zone of that name. Omitted: one is made."""
    shared: NotRequired[bool]
    """Whether VPCs of other regions join the zone, which then outlives this component. Default False."""
    on_premises_cidrs: Sequence[str]
    """Blocks of the data centre that may ask the inbound endpoint."""
    on_premises_domain: NotRequired[str]
    """Domain whose names are asked on-premises. Omitted: none is, and there is no outbound endpoint."""
    on_premises_dns_servers: Sequence[str]
    """IPv4 addresses of the DNS servers of that domain."""


class HybridDns(pulumi.ComponentResource):
    """Each side of the link resolves the names of the other, and a private hosted zone holds those of this environment.

    The zone is one for all regions: one makes it, the others join their VPCs to it.
    """

    private_zone_id: pulumi.Output[str]
    """Id of the private hosted zone."""
    private_zone_name: pulumi.Output[str]
    """Its name, without the final dot."""
    resolver_inbound_addresses: pulumi.Output[list[str]]
    """Addresses that DNS servers on-premises forward to."""

    def __init__(self, name: str, args: HybridDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:network:HybridDns", name, {**args}, opts)
        self._name, self._args = name, args

        self.private_zone_id = self._join(args["private_zone_id"]) if "private_zone_id" in args else self._zone()
        self.private_zone_name = pulumi.Output.from_input(args["private_zone"])

        inbound = self._endpoint("inbound")
        inbound[1].admit(DNS, on_premises_places(args["on_premises_cidrs"]))
        self.resolver_inbound_addresses = inbound[0].ip_addresses.apply(lambda found: [address.ip or "" for address in found])

        if "on_premises_domain" in args:
            outbound = self._endpoint("outbound")
            outbound[1].let_out(DNS, [Place(server, f"{server}/32") for server in args["on_premises_dns_servers"]])
            self._forward(args["on_premises_domain"], outbound[0])
        self.register_outputs(
            {
                "private_zone_id": self.private_zone_id,
                "private_zone_name": self.private_zone_name,
                "resolver_inbound_addresses": self.resolver_inbound_addresses,
            }
        )

    def _zone(self) -> pulumi.Output[str]:
        args = self._args
        return aws.route53.Zone(
            f"{self._name}-zone",
            name=args["private_zone"],
            comment="Names of the workloads, the load balancer and the database, for the VPC and on-premises",
            vpcs=[{"vpc_id": args["vpc_id"], "vpc_region": args["region"]}],
            tags={**args["tags"], "Name": args["private_zone"]},
            opts=pulumi.ResourceOptions(
                parent=self,
                # Other regions join their VPCs to the zone themselves; the next update here would take them out again.
                ignore_changes=["vpcs"],
                retain_on_delete=args.get("shared", False),
            ),
        ).id

    def _join(self, zone_id: pulumi.Input[str]) -> pulumi.Output[str]:
        args = self._args
        return aws.route53.ZoneAssociation(
            f"{self._name}-zone",
            zone_id=zone_id,
            vpc_id=args["vpc_id"],
            vpc_region=args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        ).zone_id

    def _endpoint(self, direction: str) -> tuple[aws.route53.ResolverEndpoint, Rules]:
        args, name = self._args, f"{self._name}-{direction}"
        group = aws.ec2.SecurityGroup(
            name,
            region=args["region"],
            vpc_id=args["vpc_id"],
            description=f"Route 53 Resolver, {direction}: DNS only",
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        endpoint = aws.route53.ResolverEndpoint(
            name,
            region=args["region"],
            direction=direction.upper(),
            resolver_endpoint_type="IPV4",
            protocols=["Do53"],
            security_group_ids=[group.id],
            ip_addresses=[{"subnet_id": subnet_id} for subnet_id in args["subnet_ids"].values()],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        return endpoint, Rules(name, args["region"], args["tags"], group.id, self)

    def _forward(self, domain: str, outbound: aws.route53.ResolverEndpoint) -> None:
        args, name = self._args, f"{self._name}-on-premises"
        rule = aws.route53.ResolverRule(
            name,
            region=args["region"],
            rule_type="FORWARD",
            domain_name=domain,
            resolver_endpoint_id=outbound.id,
            target_ips=[{"ip": server, "port": 53, "protocol": "Do53"} for server in args["on_premises_dns_servers"]],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.route53.ResolverRuleAssociation(
            name,
            region=args["region"],
            resolver_rule_id=rule.id,
            vpc_id=args["vpc_id"],
            opts=pulumi.ResourceOptions(parent=self),
        )
