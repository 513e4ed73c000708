"""What the loss of a zone must not stop, where the size of the stack demands it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity

from .making import SIZES, Stack, resource_policy, stack_policy
from .placement import PLACES, SUBNET
from .reading import UNKNOWN, each, get, known, maybe_true

Found = Iterator[str]
Wrong = Iterator[tuple[PolicyResource | None, str]]

ENOUGH = 2
"""Zones and hosts of which one may be lost."""


def _database(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    # A replica is a copy already, and what it is a copy of has its standby.
    if get(resource, "replicateSourceDb") is None:
        yield from _standby(resource, options)


def _standby(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    if not maybe_true(get(resource, "multiAz")):
        yield f"multiAz is {get(resource, 'multiAz')!r}; allowed: true at this size; turn it on, or make the stack small"


def _file_system(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    if (zone := get(resource, "availabilityZoneName")) is not None:
        yield f"availabilityZoneName is {zone}; allowed: none, so that files are kept in all zones; leave it out"


def _lifecycle(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    if "ONEZONE_IA" in each(resource, "rules.transitions.storageClass"):
        yield "objects move to ONEZONE_IA, which the loss of a zone destroys; allowed: any other class; choose STANDARD_IA"


def _hosts(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    least = get(resource, "minSize")
    if get(resource, "maxSize") == 0:
        # A standby at rest: what runs nothing loses nothing.
        return
    if isinstance(least, (int, float)) and least < ENOUGH:
        yield f"minSize is {least:g}; allowed: {ENOUGH} or more, so that one can be lost; raise containers.minInstances"


def _spread(stack: Stack) -> Wrong:
    zones = {get(subnet, "id"): get(subnet, "availabilityZone") for subnet in stack.of(SUBNET)}
    for resource in stack.of(*PLACES):
        paths, _ = PLACES[resource.resource_type]
        named = [subnet for path in paths for subnet in each(resource, path)]
        # What names one subnet by its nature is made once per zone.
        if not named or UNKNOWN in named or paths == ("subnetId",):
            continue
        covered = {zones[subnet] for subnet in named if subnet in zones}
        if UNKNOWN not in covered and len(covered) < ENOUGH:
            yield (
                resource,
                f"it is in {', '.join(sorted(covered)) or 'no zone of this stack'} only; allowed: {ENOUGH} zones or more at "
                "this size; name a subnet of another zone as well",
            )
    yield from _file_systems(stack, zones)
    yield from _nat(stack, zones)


def _file_systems(stack: Stack, zones: Mapping[Any, Any]) -> Wrong:
    """Every zone with hosts has a mount target of its own: another zone's would go down with that zone."""
    hosts = {zone for group in stack.of("aws:autoscaling/group:Group") for zone in _zones(group, "vpcZoneIdentifiers", zones)}
    for system in stack.of("aws:efs/fileSystem:FileSystem"):
        targets = stack.parts("aws:efs/mountTarget:MountTarget", system, "fileSystemId")
        covered = {zone for target in targets for zone in _zones(target, "subnetId", zones)}
        if UNKNOWN not in hosts | covered and (missing := hosts - covered):
            yield (
                system,
                f"no mount target in {', '.join(sorted(missing))}; allowed: one in each zone with hosts at this size; add it",
            )


def _nat(stack: Stack, zones: Mapping[Any, Any]) -> Wrong:
    """Every zone leaves through its own NAT gateway, or none does."""
    gateways: dict[Any, set[Any]] = defaultdict(set)
    vpc_of = {get(subnet, "id"): get(subnet, "vpcId") for subnet in stack.of(SUBNET)}
    for gateway in stack.of("aws:ec2/natGateway:NatGateway"):
        subnet = get(gateway, "subnetId")
        if subnet is UNKNOWN:
            return
        gateways[vpc_of.get(subnet)].add(zones.get(subnet))
    for vpc, covered in gateways.items():
        private = [
            subnet for subnet in stack.of(SUBNET) if get(subnet, "tags.SubnetType") == "Private" and get(subnet, "vpcId") == vpc
        ]
        needed = {get(subnet, "availabilityZone") for subnet in private}
        if UNKNOWN not in needed | covered and (missing := needed - covered):
            yield (
                None,
                f"no NAT gateway in {', '.join(sorted(missing))}; allowed: one in each zone with private subnets at this size; "
                "set network.natGateways to OnePerAz",
            )


def _zones(resource: PolicyResource, path: str, zones: Mapping[Any, Any]) -> set[Any]:
    named = each(resource, path)
    return {UNKNOWN} if UNKNOWN in named else {zones[subnet] for subnet in known(named) if subnet in zones}


POLICIES = [
    resource_policy(
        "multi-az",
        "From medium size on, what keeps data is in several zones and what runs, runs twice.",
        {
            "aws:autoscaling/group:Group": _hosts,
            "aws:dms/replicationInstance:ReplicationInstance": _standby,
            "aws:efs/fileSystem:FileSystem": _file_system,
            "aws:rds/instance:Instance": _database,
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _lifecycle,
        },
        severity=Severity.HIGH,
        options=SIZES,
    ),
    stack_policy(
        "several-zones",
        "From medium size on, no zone is the only one: subnets named, mount targets, NAT gateways.",
        _spread,
        severity=Severity.HIGH,
        options=SIZES,
    ),
]
