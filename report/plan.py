"""The network plan: VPCs, zones, subnets, and how many addresses are left."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses
from math import ceil

from proofs.drills.graph import Graphs, Resource

SUBNET, VPC = "aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc"
RESERVED = 5
"""Addresses of each subnet that AWS keeps. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""
BALANCER = 8
"""Free addresses that a load balancer wants in each of its subnets, to grow.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#availability-zones"""
DIRECTORY = 2
"""Cards of a directory, one in each of its subnets."""


@dataclass(frozen=True)
class SubnetPlan:
    """A subnet."""

    tier: str
    zone: str
    block: str
    usable: int
    taken: int
    """At most: with all hosts that may be there."""

    @property
    def free(self) -> int:
        """What is left at most."""
        return self.usable - self.taken


@dataclass(frozen=True)
class VpcPlan:
    """A VPC."""

    stack: str
    region: str
    block: str
    zones: list[str]
    subnets: list[SubnetPlan]
    unallocated: list[str]
    """Blocks that no subnet has."""
    addresses: int
    """How many these are."""
    advertised: list[str]
    """Networks on-premises that it has routes to."""


def plans(graphs: Graphs) -> list[VpcPlan]:
    """Every VPC."""
    return [_plan(graphs, vpc) for vpc in graphs.of(VPC)]


def _plan(graphs: Graphs, vpc: Resource) -> VpcPlan:
    own = [one for one in graphs.of(SUBNET) if one.get("vpcId") == vpc.id]
    taken = _taken(graphs, own)
    block = IPv4Network(str(vpc.get("cidrBlock")))
    left = _left(block, [IPv4Network(str(one.get("cidrBlock"))) for one in own])
    subnets = [
        SubnetPlan(
            str((one.get("tags") or {}).get("SubnetType", "")),
            str(one.get("availabilityZone")),
            str(one.get("cidrBlock")),
            IPv4Network(str(one.get("cidrBlock"))).num_addresses - RESERVED,
            taken[one.id],
        )
        for one in own
    ]
    return VpcPlan(
        vpc.stack,
        vpc.region,
        str(block),
        sorted({one.zone for one in subnets}),
        sorted(subnets, key=lambda one: (one.tier, one.zone, one.block)),
        [str(one) for one in left],
        sum(one.num_addresses for one in left),
        sorted({str(rule.get("cidrIpv4")) for rule in _from_outside(graphs, vpc)}),
    )


def _from_outside(graphs: Graphs, vpc: Resource) -> Iterator[Resource]:
    """Rules that admit networks that are in no VPC."""
    inside = [IPv4Network(str(one.get("cidrBlock"))) for one in graphs.of(VPC)]
    groups = {one.id for one in graphs.of("aws:ec2/securityGroup:SecurityGroup") if one.get("vpcId") == vpc.id}
    for rule in graphs.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"):
        network = rule.get("cidrIpv4")
        if rule.get("securityGroupId") in groups and network and not any(IPv4Network(network).subnet_of(one) for one in inside):
            yield rule


def _left(block: IPv4Network, used: Sequence[IPv4Network]) -> list[IPv4Network]:
    left = [block]
    for one in used:
        left = [
            part
            for free in left
            for part in (free.address_exclude(one) if one.subnet_of(free) else [free] if not free.subnet_of(one) else [])
        ]
    return sorted(collapse_addresses(left))


def _taken(graphs: Graphs, subnets: Sequence[Resource]) -> Counter[str]:
    """Subnet -> addresses that are taken at most."""
    known = {one.id for one in subnets}
    taken: Counter[str] = Counter()

    def take(ids: object, each: float = 1) -> None:
        for one in ids if isinstance(ids, list | tuple) else ():
            if one in known:
                taken[one] += ceil(each)

    for one in graphs.of("aws:ec2/natGateway:NatGateway"):
        take([one.get("subnetId")])
    for one in graphs.of("aws:ec2/vpcEndpoint:VpcEndpoint", "aws:directoryservice/directory:Directory"):
        take(one.get("subnetIds") or (one.get("connectSettings") or {}).get("subnetIds"))
    for one in graphs.of("aws:route53/resolverEndpoint:ResolverEndpoint"):
        take([address.get("subnetId") for address in one.get("ipAddresses") or ()])
    for one in graphs.of("aws:lb/loadBalancer:LoadBalancer"):
        take(one.get("subnets"), BALANCER)
    for one in graphs.of("aws:efs/mountTarget:MountTarget"):
        take([one.get("subnetId")])
    for one in graphs.of("aws:ec2clientvpn/networkAssociation:NetworkAssociation"):
        take([one.get("subnetId")])
    for one in graphs.of("aws:ec2transitgateway/vpcAttachment:VpcAttachment"):
        take(one.get("subnetIds"))
    for one in graphs.of("aws:autoscaling/group:Group"):
        zones = one.get("vpcZoneIdentifiers") or ()
        # Auto Scaling keeps zones even, but for the one that has the odd host.
        take(zones, int(one.get("maxSize") or 0) / max(len(zones), 1))
    for group in graphs.of("aws:rds/subnetGroup:SubnetGroup"):
        # Each instance and its standby may come to stand in any zone.
        served = [one for one in graphs.of("aws:rds/instance:Instance") if _in_group(graphs, one, group)]
        take(group.get("subnetIds"), len(served))
    for group in graphs.of("aws:dms/replicationSubnetGroup:ReplicationSubnetGroup"):
        name = group.get("replicationSubnetGroupId")
        instances = graphs.of("aws:dms/replicationInstance:ReplicationInstance")
        take(group.get("subnetIds"), sum(one.get("replicationSubnetGroupId") == name for one in instances))
    return taken


def _in_group(graphs: Graphs, instance: Resource, group: Resource) -> bool:
    """Whether an instance stands in the subnets of a group: a replica of the same region in those of its primary."""
    name = instance.get("dbSubnetGroupName")
    if name is None:
        for primary in graphs.of("aws:rds/instance:Instance"):
            if instance.get("replicateSourceDb") in {*primary.names()} and primary.region == instance.region:
                name = primary.get("dbSubnetGroupName")
    return name in {*group.names()} and group.region == instance.region
