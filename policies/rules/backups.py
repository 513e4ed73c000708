"""What was there yesterday can be had back."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity

from .buckets import BUCKET, log_targets
from .making import Options, Stack, resource_policy, stack_policy
from .reading import UNKNOWN, each, elements, get, known
from .stack import RESILIENT_SIZES, size

Found = Iterator[str]
Wrong = Iterator[tuple[PolicyResource | None, str]]

RETENTION: Options = {
    "minimumDays": {
        "type": "integer",
        "minimum": 1,
        "maximum": 35,
        "default": 7,
        "description": "Days for which a database keeps its automated backups at least. A small stack: a day.",
    }
}


def _database(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    # Backups of a replica would be backups of the same data again.
    if get(resource, "replicateSourceDb") is not None:
        return
    days, least = get(resource, "backupRetentionPeriod"), options["minimumDays"] if size() in RESILIENT_SIZES else 1
    if days is not UNKNOWN and (days or 0) < least:
        yield (f"backupRetentionPeriod is {days or 0:g} days; allowed: {least:g} or more; raise database.backupRetentionDays")


def _buckets(stack: Stack) -> Wrong:
    targets = log_targets(stack)
    for bucket in stack.of(BUCKET):
        versionings = stack.parts("aws:s3/bucketVersioning:BucketVersioning", bucket, "bucket")
        states = [get(part, "versioningConfiguration.status") for part in versionings]
        # Logs are written once, by AWS, and nobody may overwrite them.
        if bucket.urn not in targets and not any(state is UNKNOWN or state == "Enabled" for state in states):
            yield (
                bucket,
                f"versioning is {', '.join(map(str, states)) or 'absent'}; allowed: Enabled, so that an overwritten or deleted "
                "object can be had back; add a BucketVersioning",
            )


def _file_systems(stack: Stack) -> Wrong:
    for system in stack.of("aws:efs/fileSystem:FileSystem"):
        policies = stack.parts("aws:efs/backupPolicy:BackupPolicy", system, "fileSystemId")
        states = [get(part, "backupPolicy.status") for part in policies]
        if not any(state is UNKNOWN or state == "ENABLED" for state in states) and not _selected(stack, system):
            yield (
                system,
                "neither a BackupPolicy nor a backup selection keeps it; allowed: one of them; enable its backups",
            )


def _selected(stack: Stack, resource: PolicyResource) -> bool:
    """Whether a plan of AWS Backup selects a resource: by its ARN, or by a tag."""
    tags, arn = get(resource, "tags"), get(resource, "arn")
    for selection in stack.of("aws:backup/selection:Selection"):
        named = each(selection, "resources")
        if UNKNOWN in named or (arn is not UNKNOWN and arn in named):
            return True
        wanted = [
            *((get(tag, "key"), get(tag, "value")) for tag in known(elements(get(selection, "selectionTags")))),
            *(
                (str(get(tag, "key")).removeprefix("aws:ResourceTag/"), get(tag, "value"))
                for tag in known(each(selection, "conditions.stringEquals"))
            ),
        ]
        if any(tags is UNKNOWN or UNKNOWN in (key, value) or get(tags, key) == value for key, value in wanted):
            return True
    return False


POLICIES = [
    resource_policy(
        "database-backups",
        "Databases keep automated backups, from which any second can be restored.",
        {"aws:rds/instance:Instance": _database, "aws:rds/cluster:Cluster": _database},
        severity=Severity.HIGH,
        options=RETENTION,
    ),
    stack_policy("buckets-versioned", "Buckets keep what is overwritten or deleted.", _buckets, severity=Severity.HIGH),
    stack_policy("file-systems-backed-up", "File systems are backed up.", _file_systems, severity=Severity.HIGH),
]
