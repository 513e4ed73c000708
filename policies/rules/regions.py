"""Everything is in a region that was chosen."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import ResourceValidationArgs, Severity

from . import stack as settings
from .making import Options, resource_policy
from .reading import UNKNOWN, each, get, known

APPROVED: Options = {
    "regions": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Regions in which resources may be. Default: the stack's own (`aws:region`, `secondaryRegion`), and for "
        "what connects a secondary with its primary wherever that is.",
    }
}

ELSEWHERE = (
    "replicas.region",
    "destination.region",
    "crossRegionCopyTargets.region",
    "replicationConfiguration.rules.destinations.region",
)
"""Properties by which a resource puts copies of its data into other regions."""
CONNECTING = frozenset(
    {
        "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
        "aws:ec2transitgateway/route:Route",
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }
)
"""What a secondary makes in the region of its primary, which its configuration does not name. None of it keeps data there."""
EVERY_ZONE = "all"
"""Of an address that is behind a load balancer and in no zone: a server on-premises."""
ARNS = ("rules.copyActions.destinationVaultArn",)
"""The same, where the region is a part of an ARN."""


def _region(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Iterator[str]:
    own = [region for region in (settings.region(), settings.secondary_region()) if region]
    approved = options.get("regions") or own
    if not approved:
        return
    allowed = f"allowed: {', '.join(approved)}; place it there, or approve the region in the policy's options"
    at_primary = settings.is_secondary() and not options.get("regions") and resource.resource_type in CONNECTING
    for path in ELSEWHERE if at_primary else ("region", *ELSEWHERE):
        for region in each(resource, path):
            if region is not UNKNOWN and region not in approved:
                yield f"{path} is {region}; {allowed}"
    for path in ARNS:
        for region in {_of(arn) for arn in known(each(resource, path))} - {""}:
            if region not in approved:
                yield f"{path} is in {region}; {allowed}"
    zone = get(resource, "availabilityZone")
    if isinstance(zone, str) and zone != EVERY_ZONE and not any(zone.startswith(region) for region in approved):
        yield f"availabilityZone is {zone}; {allowed}"


def _of(arn: Any) -> str:
    """The region of an ARN; empty if it has none."""
    return str(arn).split(":", maxsplit=5)[3] if str(arn).count(":") > 4 else ""


POLICIES = [
    resource_policy(
        "approved-regions",
        "Resources and copies of data are in approved regions.",
        {"aws:": _region},
        severity=Severity.HIGH,
        options=APPROVED,
    )
]
