"""The VPC: subnets and route tables from awsx, an empty default security group, flow logs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from components.cidrs import subnet_blocks
from components.network import policies

NatGateways = Literal["OnePerAz", "Single", "None"]


class VpcArgs(TypedDict):
    """What Network gives to its VPC."""

    region: str
    """Region of every resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    cidr: str
    """IPv4 block of the VPC, /16 to /24."""
    zones: Sequence[str]
    """Two or three zones. Subnets are cut in this order, so that a zone may be appended but not moved."""
    nat_gateways: NatGateways
    """`OnePerAz`, `Single` in the first zone, or `None`, with which private subnets cannot reach the internet."""
    flow_log_retention_days: int
    """Days for which flow logs are kept."""
    log_key_arn: pulumi.Input[str]
    """KMS key that encrypts the flow logs."""
    partition: pulumi.Input[str]
    """AWS partition of the account."""
    account_id: pulumi.Input[str]
    """Id of the account."""


class Vpc(pulumi.ComponentResource):
    """A VPC has a public, a private and an isolated subnet in every zone, and tells CloudWatch who talks to whom."""

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets that hold the NAT gateways, in zone order."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets for workloads and endpoints, in zone order."""
    isolated_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets without a way to the internet, in zone order."""
    private_route_table_ids: pulumi.Output[list[str]]
    """Ids of the route tables of the private subnets, in zone order."""
    isolated_route_table_ids: pulumi.Output[list[str]]
    """Ids of the route tables of the isolated subnets, in zone order."""
    nat_gateway_ids: pulumi.Output[list[str]]
    """Ids of the NAT gateways, in zone order; as many as there are."""

    def __init__(self, name: str, args: VpcArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        blocks = subnet_blocks(args["cidr"], len(args["zones"]))
        super().__init__("hybridge:network:Vpc", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        tags = dict(args["tags"])

        # awsx names what it makes after itself and adds tier and zone, so that it takes the name of this component as it is.
        vpc = awsx.ec2.Vpc(
            name,
            awsx.ec2.VpcArgs(
                region=args["region"],
                cidr_block=args["cidr"],
                availability_zone_names=list(args["zones"]),
                # The other strategies ignore explicit blocks, or refuse the gaps that are left for growth.
                subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
                subnet_specs=[
                    awsx.ec2.SubnetSpecArgs(type=awsx.ec2.SubnetType.PUBLIC, cidr_blocks=blocks.public),
                    awsx.ec2.SubnetSpecArgs(type=awsx.ec2.SubnetType.PRIVATE, cidr_blocks=blocks.private),
                    awsx.ec2.SubnetSpecArgs(type=awsx.ec2.SubnetType.ISOLATED, cidr_blocks=blocks.isolated),
                ],
                nat_gateways=awsx.ec2.NatGatewayConfigurationArgs(strategy=awsx.ec2.NatGatewayStrategy(args["nat_gateways"])),
                enable_dns_support=True,
                enable_dns_hostnames=True,  # Private names of interface endpoints need both.
                tags=tags,
            ),
            opts=child,
        )
        self.vpc_id = vpc.vpc_id
        self.public_subnet_ids = vpc.public_subnet_ids.apply(list)
        self.private_subnet_ids = vpc.private_subnet_ids.apply(list)
        self.isolated_subnet_ids = vpc.isolated_subnet_ids.apply(list)
        self.private_route_table_ids = self._route_tables(vpc, "Private")
        self.isolated_route_table_ids = self._route_tables(vpc, "Isolated")
        self.routing = pulumi.Output.all(vpc.routes, vpc.route_table_associations).apply(lambda known: [*known[0], *known[1]])
        self.nat_gateway_ids = vpc.nat_gateways.apply(lambda gateways: pulumi.Output.all(*(gateway.id for gateway in gateways)))

        aws.ec2.DefaultSecurityGroup(
            f"{name}-default",
            region=args["region"],
            vpc_id=self.vpc_id,
            # Whatever is made without a group of its own gets this one: nothing passes.
            ingress=[],
            egress=[],
            tags={**tags, "Name": f"{name}-default"},
            opts=child,
        )
        self._log_flows(name, args)
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "public_subnet_ids": self.public_subnet_ids,
                "private_subnet_ids": self.private_subnet_ids,
                "isolated_subnet_ids": self.isolated_subnet_ids,
                "private_route_table_ids": self.private_route_table_ids,
                "isolated_route_table_ids": self.isolated_route_table_ids,
                "nat_gateway_ids": self.nat_gateway_ids,
            }
        )

    @staticmethod
    def _route_tables(vpc: awsx.ec2.Vpc, tier: str) -> pulumi.Output[list[str]]:
        # awsx puts the tables of all tiers into one list, zone by zone; only their tag tells the tier.
        def of_tier(tables: Sequence[aws.ec2.RouteTable]) -> pulumi.Output[list[str]]:
            known: pulumi.Output[list[Any]] = pulumi.Output.all(*(pulumi.Output.all(table.id, table.tags) for table in tables))
            return known.apply(lambda pairs: [id_ for id_, tags in pairs if tags["SubnetType"] == tier])

        ids: pulumi.Output[list[str]] = vpc.route_tables.apply(of_tier)
        return ids

    def _log_flows(self, name: str, args: VpcArgs) -> None:
        child = pulumi.ResourceOptions(parent=self)
        region, tags = args["region"], args["tags"]
        group = aws.cloudwatch.LogGroup(
            f"{name}-flow-logs",
            region=region,
            retention_in_days=args["flow_log_retention_days"],
            kms_key_id=args["log_key_arn"],
            tags={**tags, "Name": f"{name}-flow-logs"},
            opts=child,
        )
        account = pulumi.Output.all(args["partition"], args["account_id"])
        role = aws.iam.Role(
            f"{name}-flow-logs",
            description="Lets VPC Flow Logs write to its log group",
            assume_role_policy=account.apply(lambda known: json.dumps(policies.flow_logs_trust(known[0], known[1], region))),
            tags={**tags, "Name": f"{name}-flow-logs"},
            opts=child,
        )
        permissions = aws.iam.RolePolicy(
            f"{name}-flow-logs",
            role=role.name,
            policy=group.arn.apply(lambda arn: json.dumps(policies.flow_logs_permissions(arn))),
            opts=child,
        )
        aws.ec2.FlowLog(
            f"{name}-flow-logs",
            region=region,
            vpc_id=self.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,  # Seconds. With the default of ten minutes a link is long down before it shows.
            tags={**tags, "Name": f"{name}-flow-logs"},
            opts=pulumi.ResourceOptions(
                parent=self,
                # The first delivery fails, and is retried only later, as long as the role may not write.
                depends_on=[permissions],
                # Almost each argument makes it anew, and AWS takes no second one of the same traffic to the same place.
                delete_before_replace=True,
            ),
        )
