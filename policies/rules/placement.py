"""What runs, runs in private subnets; what holds the database, in isolated ones."""

from collections.abc import Iterator

from pulumi_policy import PolicyResource, Severity

from .making import Stack, stack_policy
from .reading import UNKNOWN, each, get, known

INSIDE = frozenset({"Private", "Isolated"})

PLACES: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "aws:autoscaling/group:Group": (("vpcZoneIdentifiers",), INSIDE),
    "aws:directoryservice/directory:Directory": (("connectSettings.subnetIds", "vpcSettings.subnetIds"), INSIDE),
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": (("subnetIds",), INSIDE),
    "aws:ec2/instance:Instance": (("subnetId",), INSIDE),
    "aws:ec2/networkInterface:NetworkInterface": (("subnetId",), INSIDE),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (("subnetIds",), INSIDE),
    "aws:ec2clientvpn/networkAssociation:NetworkAssociation": (("subnetId",), INSIDE),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": (("subnetIds",), INSIDE),
    "aws:ecs/service:Service": (("networkConfiguration.subnets",), INSIDE),
    "aws:efs/mountTarget:MountTarget": (("subnetId",), INSIDE),
    "aws:lb/loadBalancer:LoadBalancer": (("subnets", "subnetMappings.subnetId"), INSIDE),
    # The database has no business with the internet, not even outwards.
    "aws:rds/subnetGroup:SubnetGroup": (("subnetIds",), frozenset({"Isolated"})),
    "aws:route53/resolverEndpoint:ResolverEndpoint": (("ipAddresses.subnetId",), INSIDE),
    # The one thing that a public subnet is for.
    "aws:ec2/natGateway:NatGateway": (("subnetId",), frozenset({"Public"})),
}
"""Type -> the properties that name its subnets, and the tiers these may be of (the tag `SubnetType` of a subnet)."""

SUBNET = "aws:ec2/subnet:Subnet"


def _placed(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    tiers = {get(subnet, "id"): get(subnet, "tags.SubnetType") for subnet in stack.of(SUBNET)}
    # While a subnet of this stack has no id yet, one that is not known may be it.
    elsewhere = UNKNOWN if UNKNOWN in tiers else "of another stack"
    for resource in stack.of(*PLACES):
        paths, allowed = PLACES[resource.resource_type]
        for path in paths:
            for subnet in known(each(resource, path)):
                tier = tiers.get(subnet, elsewhere)
                if tier is not UNKNOWN and tier not in allowed:
                    found = f"is {tier}" if tier else "has no tag SubnetType"
                    yield (
                        resource,
                        f"{path} names {subnet}, which {found}; allowed: {' or '.join(sorted(allowed))}; "
                        "name a subnet of that SubnetType",
                    )


POLICIES = [
    stack_policy(
        "private-subnets",
        "Whatever runs is in a private or isolated subnet; public subnets hold NAT gateways only.",
        _placed,
        severity=Severity.CRITICAL,
    )
]
