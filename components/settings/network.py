"""The section `network`: the VPC, its hub, its endpoints and its private names."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from components.cidrs import subnet_blocks
from components.settings.addresses import Domain, Ipv4, PrivateAsn, VpcCidr, repeated
from components.settings.base import Mistake, Section
from components.settings.joining import OtherNetworks, TransitGateway, hub_mistakes

EndpointService = Literal[
    "acm-pca",
    "application-autoscaling",
    "athena",
    "autoscaling",
    "backup",
    "backup-gateway",
    "cloudformation",
    "cloudtrail",
    "codebuild",
    "config",
    "dms",
    "ebs",
    "ec2",
    "ec2messages",
    "ecr.api",
    "ecr.dkr",
    "ecs",
    "ecs-agent",
    "ecs-telemetry",
    "elasticfilesystem",
    "elasticloadbalancing",
    "events",
    "execute-api",
    "glue",
    "guardduty-data",
    "inspector2",
    "kinesis-firehose",
    "kinesis-streams",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "rds",
    "rds-data",
    "secretsmanager",
    "servicediscovery",
    "sns",
    "sqs",
    "ssm",
    "ssm-contacts",
    "ssm-incidents",
    "ssmmessages",
    "states",
    "storagegateway",
    "sts",
    "synthetics",
    "transfer",
    "xray",
]
"""The end of `com.amazonaws.REGION.SERVICE` for the interface endpoints with private DNS names that a platform such as this
one has a use for. Source: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""

PRIVATE_HOST_SERVICES: tuple[EndpointService, ...] = (
    "ecs",
    "ecs-agent",
    "ecs-telemetry",
    "ecr.api",
    "ecr.dkr",
    "logs",
    "monitoring",
    "ssm",
    "ssmmessages",
    "secretsmanager",
    "kms",
    "sts",
)
"""What a container host calls: without a NAT gateway it reaches none of them but by an endpoint.

Not `ec2messages`, which not every region has: the agent takes it only where it does not get through to `ssmmessages`.
Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
"""

NEW_REGIONS = ("ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "mx-central-1")
"""Regions that AWS has opened since 2024, in which Systems Manager has no `ec2messages`: agents take `ssmmessages` there.

https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
"""

ZONES = {
    "ap-northeast-1": "abcd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
    "us-east-1": "abcdef",
    "us-west-2": "abcd",
}
"""Region -> letters of its zones, where they are not a, b and c. An account may see fewer.

https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
"""

AccountId = Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["210987654321"])]

BucketArn = Annotated[
    str,
    Field(pattern=r"^arn:aws(-[a-z]+)*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", examples=["arn:aws:s3:::theirs"]),
]

RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]  # fmt: skip
"""Days that CloudWatch Logs can keep a log group for."""


class Network(Section):
    """The network in AWS, and what of it on-premises sees."""

    cidr: VpcCidr
    """IPv4 block of the VPC: private, /16 to /23, apart from every network on-premises. It cannot be changed later."""
    zones: list[Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9][a-f]$", examples=["ap-northeast-2a"])]] = Field(
        min_length=2, max_length=3
    )
    """Two or three availability zones of the region. A third may be appended later; the order must stay, since subnets are cut
    in it. None can be exchanged for another: its subnets would be made anew in blocks that are still taken."""
    nat_gateways: Literal["OnePerAz", "Single", "None"] = "OnePerAz"
    """The way from private subnets to the internet: a NAT gateway in every zone, a single one in the first, or none, in which
    case images of Docker Hub cannot be pulled."""
    hub: Literal["vpnGateway", "transitGateway"] = "vpnGateway"
    """Where circuits and VPN connections end: a virtual private gateway, for this one VPC, or a transit gateway, which other
    VPCs, accounts and regions can join and which spreads traffic over all tunnels. To change it takes an outage of all links,
    and is refused while a circuit is available: see docs/links.md."""
    amazon_asn: PrivateAsn = 64512
    """Private ASN of the AWS side of the VPN connections. It cannot be changed later: a VPC takes one virtual private gateway
    at a time, and AWS keeps the ASN of a transit gateway while anything but VPCs is attached to it."""
    transit_gateway: TransitGateway | None = None
    """A transit gateway that is there already, to attach the VPC to in place of making one. Circuits, VPN and routes behind it
    are its owner's. Needs hub transitGateway."""
    other_networks: OtherNetworks = []
    """Networks of other VPCs behind the transit gateway, private and apart from all others. Hosts reach them, and they reach
    the load balancer, fixed ports and the inbound resolver, as on-premises does; not ssh, the database or the files."""
    flow_log_retention_days: RetentionDays = 90
    """Days for which the logs of the network are kept: flow logs, VPN tunnels, Client VPN connections."""
    dns_log_retention_days: RetentionDays | None = None
    """Days for which it is logged which names hosts and containers in the VPC ask for. Omitted: it is not logged."""
    resolver_addresses: list[Ipv4] | None = Field(default=None, min_length=2, max_length=3)
    """Addresses of the inbound resolver, which DNS servers on-premises forward to: one in the private subnet of each zone, in
    the order of zones. Omitted: the seventeenth address of each, `10.64.0.16` in a VPC 10.64.0.0/16. They stay when anything
    else changes."""
    private_zone: Domain = "aws.internal"
    """Private hosted zone for the names of the database, the load balancer and the workloads, for example `aws.corp.example`.
    DNS servers on-premises forward it to the inbound resolver. Changing it replaces the zone with every name in it."""
    endpoints: list[EndpointService] = [*PRIVATE_HOST_SERVICES, "storagegateway"]
    """AWS services that the VPC and on-premises reach by a private address, as they stand in `com.amazonaws.REGION.SERVICE`,
    in each zone where the service is. Each costs by the hour in every zone. S3 is not listed: it always has its two endpoints.
    They serve principals of this account and of trustedAccounts only."""
    trusted_accounts: list[AccountId] = Field(default=[], max_length=20)
    """Other AWS accounts, by id in quotes, whose principals may use the endpoints, and whose buckets may be reached there:
    those of other teams, say, whose traffic the DNS servers on-premises send here as well."""
    readable_buckets: list[BucketArn] = Field(default=[], max_length=50)
    """ARNs of S3 buckets of other accounts that may be read through the S3 endpoints. Buckets of this account and those of AWS
    that hosts need (ECR layers, Systems Manager, Amazon Linux) always may; everything else is refused there."""
    writable_buckets: list[BucketArn] = Field(default=[], max_length=50)
    """ARNs of S3 buckets of other accounts that may be read and written there, by whoever they let: those of a vendor, say."""

    def mistakes(self) -> Iterator[Mistake]:
        """What is listed twice, zones of two regions, and services without which hosts could not start."""
        yield from repeated("zones[{}]", self.zones)
        yield from repeated("endpoints[{}]", list(self.endpoints))
        yield from repeated("readableBuckets[{}]", self.readable_buckets)
        yield from repeated("writableBuckets[{}]", self.writable_buckets)
        yield from repeated("trustedAccounts[{}]", self.trusted_accounts)
        for position, bucket in enumerate(self.writable_buckets):
            if bucket in self.readable_buckets:
                allowed = "a bucket that is not in readableBuckets as well: what may be written may be read"
                yield Mistake(f"writableBuckets[{position}]", bucket, allowed, "Remove it from readableBuckets.")
        yield from self._resolver()
        missing = [service for service in PRIVATE_HOST_SERVICES if service not in self.endpoints]
        if self.nat_gateways == "None" and missing:
            allowed = f"a list with {', '.join(missing)} as well: without a NAT gateway hosts reach no AWS service otherwise"
            yield Mistake("endpoints", self.endpoints, allowed, "Add what is missing, or set natGateways to Single.")

    def _resolver(self) -> Iterator[Mistake]:
        """Addresses of the inbound resolver that are not in the subnets that they would be in."""
        if self.resolver_addresses is None:
            return
        blocks = subnet_blocks(self.cidr, len(self.zones)).private
        if len(self.resolver_addresses) != len(blocks):
            allowed = f"{len(blocks)} addresses: one for each of zones, in their order"
            yield Mistake("resolverAddresses", self.resolver_addresses, allowed, "Give each zone its address.")
            return
        for position, (address, block) in enumerate(zip(self.resolver_addresses, blocks, strict=True)):
            network = IPv4Network(block)
            if IPv4Address(address) not in list(network)[4:-1]:
                allowed = f"an address from {network[4]} to {network[-2]}, of the private subnet in {self.zones[position]}"
                yield Mistake(f"resolverAddresses[{position}]", address, allowed, "Choose one that nothing else has.")


def mistakes_with(network: Network, *, region: str) -> Iterator[Mistake]:
    """Zones, and endpoints, of another region than that of the stack, and what its hub does not do. Keys are seen from the
    root."""
    yield from hub_mistakes(network.hub, network.transit_gateway, network.other_networks)
    if region in NEW_REGIONS and "ec2messages" in network.endpoints:
        allowed = f"nothing in {region}: AWS has no such endpoint in regions opened since 2024, and agents use ssmmessages"
        key = f"network.endpoints[{network.endpoints.index('ec2messages')}]"
        yield Mistake(key, "ec2messages", allowed, "Remove it.")
    for position, zone in enumerate(network.zones):
        if zone[:-1] != region:
            allowed = f"a zone of the region {region}, such as {region}a"
            yield Mistake(f"network.zones[{position}]", zone, allowed, "Name a zone of the region, or change aws:region.")
        elif zone[-1] not in (letters := ZONES.get(region, "abc")):
            allowed = f"one of {', '.join(region + letter for letter in letters)}: the region has no other"
            yield Mistake(f"network.zones[{position}]", zone, allowed, "Name a zone that is there.")


def endpoint_mistakes(
    network: Network, *, file_gateway: bool, tracing: bool, virtual_machines: bool = False
) -> Iterator[Mistake]:
    """Endpoints that other sections need and `network.endpoints` lacks. Keys are seen from the root.

    `file_gateway`: a gateway on-premises is configured, which is activated through the endpoint of its service.
    `virtual_machines`: a Backup gateway on-premises is reached by the endpoint of its service.
    `tracing`: collectors send traces to X-Ray, which takes the endpoint where there is no NAT gateway.
    """
    if file_gateway and "storagegateway" not in network.endpoints:
        allowed = "a list with storagegateway, since a gateway of storage has an activation key"
        yield Mistake("network.endpoints", network.endpoints, allowed, "Add storagegateway, or remove the activationKey.")
    if virtual_machines and "backup-gateway" not in network.endpoints:
        allowed = "a list with backup-gateway, since management.backup.resourceTypes has VirtualMachine"
        yield Mistake("network.endpoints", network.endpoints, allowed, "Add backup-gateway, or remove VirtualMachine.")
    if tracing and network.nat_gateways == "None" and "xray" not in network.endpoints:
        allowed = "a list with xray: traces are on and there is no NAT gateway"
        yield Mistake("network.endpoints", network.endpoints, allowed, "Add xray, or set natGateways to Single.")
