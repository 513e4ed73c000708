"""Names across the link: each side resolves the names of the other."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.arguments import arguments
from components.cidrs import cidr_suffix, resolver_reservation
from components.network.security_groups import DNS, Place, Rules, on_premises_places

LONGEST_KEY = 40


@arguments
class ForwardedDomainArgs(TypedDict):
    """A domain of on-premises."""

    domain: str
    """The domain, or a reverse zone."""
    servers: Sequence[str]
    """IPv4 addresses of its DNS servers, one to six."""


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
    inbound_addresses: Mapping[str, str]
    """Zone suffix to the address of the inbound endpoint in that subnet, which on-premises is told once and for all."""
    protected: bool
    """Whether the inbound endpoint is kept from being destroyed: another one would have to be told to every forwarder."""
    private_zone: str
    """Name of the private hosted zone."""
    private_zone_id: NotRequired[pulumi.Input[str]]
    """Joins the VPC to this zone of that name. Omitted: one is made."""
    shared: NotRequired[bool]
    """Whether VPCs of other regions join the zone, which then outlives this component. Default False."""
    on_premises_cidrs: Sequence[str]
    """Blocks of the data centre that may ask the inbound endpoint."""
    other_cidrs: Sequence[str]
    """Blocks of other VPCs that may ask it too."""
    domains: Sequence[ForwardedDomainArgs]
    """Domains whose names are asked on-premises, each once. Empty: none is, and there is no outbound endpoint."""
    query_log_retention_days: NotRequired[int]
    """Days for which it is logged which names the VPC asks for. Omitted: it is not."""
    log_key_arn: pulumi.Input[str]
    """KMS key that encrypts that log."""


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
    resolver_endpoint_ids: pulumi.Output[dict[str, str]]
    """Direction, `inbound` or `outbound`, to the id of the resolver endpoint."""

    def __init__(self, name: str, args: HybridDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:network:HybridDns", name, {**args}, opts)
        self._name, self._args = name, args

        self.private_zone_id = self._join(args["private_zone_id"]) if "private_zone_id" in args else self._zone()
        self.private_zone_name = pulumi.Output.from_input(args["private_zone"])

        reserved = self._reserve()
        inbound, its_rules = self._endpoint("inbound", args["inbound_addresses"], reserved)
        its_rules.admit(DNS, on_premises_places(args["on_premises_cidrs"]))
        its_rules.admit(DNS, [Place(f"other-{cidr_suffix(cidr)}", cidr) for cidr in args["other_cidrs"]])
        self.resolver_inbound_addresses = inbound.ip_addresses.apply(lambda found: [address.ip or "" for address in found])
        endpoint_ids: dict[str, Any] = {"inbound": inbound.id}

        if args["domains"]:
            outbound, its_rules = self._endpoint("outbound")
            servers = dict.fromkeys(server for one in args["domains"] for server in one["servers"])
            its_rules.let_out(DNS, [Place(server, f"{server}/32") for server in servers])
            for position, one in enumerate(args["domains"]):
                self._forward(one, outbound, first=position == 0)
            endpoint_ids["outbound"] = outbound.id
        self.resolver_endpoint_ids = pulumi.Output.from_input(endpoint_ids)
        if "query_log_retention_days" in args:
            self._log(args["query_log_retention_days"])
        self.register_outputs(
            {
                "private_zone_id": self.private_zone_id,
                "private_zone_name": self.private_zone_name,
                "resolver_inbound_addresses": self.resolver_inbound_addresses,
                "resolver_endpoint_ids": self.resolver_endpoint_ids,
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

    def _reserve(self) -> list[pulumi.Resource]:
        """Keep AWS from giving the addresses of the inbound endpoint to a network card of something else."""
        args = self._args
        return [
            aws.ec2.SubnetCidrReservation(
                f"{self._name}-{zone}",
                region=args["region"],
                subnet_id=subnet_id,
                cidr_block=resolver_reservation(args["inbound_addresses"][zone]),
                reservation_type="explicit",
                opts=pulumi.ResourceOptions(parent=self),
            )
            for zone, subnet_id in args["subnet_ids"].items()
        ]

    def _endpoint(
        self, direction: str, addresses: Mapping[str, str] | None = None, after: Sequence[pulumi.Resource] = ()
    ) -> tuple[aws.route53.ResolverEndpoint, Rules]:
        """A resolver endpoint with an address in each subnet, by zone suffix; AWS chooses where none is given."""
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
            ip_addresses=[
                aws.route53.ResolverEndpointIpAddressArgs(subnet_id=subnet_id, ip=addresses[zone] if addresses else None)
                for zone, subnet_id in args["subnet_ids"].items()
            ],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args["protected"] if addresses else None,
                # The one that would come after has the same addresses, which the old one still holds.
                delete_before_replace=bool(addresses) or None,
                # Their addresses are only theirs once they are held.
                depends_on=list(after) or None,
            ),
        )
        return endpoint, Rules(name, args["region"], args["tags"], group.id, self)

    def _forward(self, one: ForwardedDomainArgs, outbound: aws.route53.ResolverEndpoint, *, first: bool) -> None:
        args, name = self._args, f"{self._name}-{_key(one['domain'])}"
        # While there could be one domain only, its rule was called so.
        aliases = [pulumi.Alias(name=f"{self._name}-on-premises")] if first else None
        rule = aws.route53.ResolverRule(
            name,
            region=args["region"],
            rule_type="FORWARD",
            domain_name=one["domain"],
            resolver_endpoint_id=outbound.id,
            target_ips=[{"ip": server, "port": 53, "protocol": "Do53"} for server in one["servers"]],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self, aliases=aliases),
        )
        aws.route53.ResolverRuleAssociation(
            name,
            region=args["region"],
            resolver_rule_id=rule.id,
            vpc_id=args["vpc_id"],
            opts=pulumi.ResourceOptions(parent=self, aliases=aliases),
        )

    def _log(self, days: int) -> None:
        args, name = self._args, f"{self._name}-queries"
        group = aws.cloudwatch.LogGroup(
            name,
            # Log delivery writes a resource policy, limited to 5,120 characters in a region, that names every log group outside
            # this prefix.
            name_prefix=f"/aws/vendedlogs/{name}-",
            retention_in_days=days,
            kms_key_id=args["log_key_arn"],
            region=args["region"],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        config = aws.route53.ResolverQueryLogConfig(
            name,
            destination_arn=group.arn,
            region=args["region"],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.route53.ResolverQueryLogConfigAssociation(
            name,
            resolver_query_log_config_id=config.id,
            resource_id=args["vpc_id"],
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        )


def _key(domain: str) -> str:
    """A domain as part of the name of a rule, which has no dots and 64 characters with all that Pulumi adds."""
    plain = domain.replace(".", "_")
    return (
        plain if len(plain) <= LONGEST_KEY else f"{plain[: LONGEST_KEY - 7]}-{hashlib.sha256(domain.encode()).hexdigest()[:6]}"
    )
