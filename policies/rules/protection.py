"""A careless destroy does not take data along."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity

from .buckets import BUCKET, BUCKET_ENCRYPTION
from .making import SIZES, Check, Stack, refers, resource_policy, stack_policy
from .reading import UNKNOWN, get, is_true, maybe_true

Found = Iterator[str]

SHORTEST_KEY_DELETION = 7
"""Days. The shortest waiting period of KMS, in which the deletion of a key can be taken back."""


def _stateful(*rules: Check) -> Check:
    """A check that Pulumi itself refuses the destroy, and then that the given rules hold."""

    def check(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
        if not resource.opts.protect:
            yield "the option protect is off; allowed: on at this size; protect it (`protect` in the stack file)"
        for rule in rules:
            yield from rule(resource, options)

    return check


def _switch(name: str, wanted: bool) -> Check:
    def check(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
        value = get(resource, name)
        if not maybe_true(value) if wanted else is_true(value):
            yield f"{name} is {value!r}; allowed: {str(wanted).lower()} at this size; turn it {'on' if wanted else 'off'}"

    return check


def _at_least(name: str, days: int) -> Check:
    def check(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
        value = get(resource, name)
        if value is not UNKNOWN and value is not None and value < days:
            yield f"{name} is {value:g} days; allowed: {days} or more; raise it"

    return check


def _database(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    # A replica can be made again from what it is a copy of.
    if get(resource, "replicateSourceDb") is None:
        rules = _stateful(_switch("deletionProtection", True), _switch("skipFinalSnapshot", False))
        yield from rules(resource, options)


KEY_PATHS = ("kmsKeyId", "kmsKeyArn", "kmsMasterKeyId", "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId")
"""The properties by which resources name the key that encrypts them."""


def _keys(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    protected = [resource for resource in stack.resources if resource.opts.protect]
    for bucket in stack.of(BUCKET):
        if bucket.opts.protect:
            protected += stack.parts(BUCKET_ENCRYPTION, bucket, "bucket")
    for key in stack.of("aws:kms/key:Key"):
        holder = next((one for one in protected if any(refers(one, path, key) for path in KEY_PATHS)), None)
        if holder is not None and not key.opts.protect:
            yield key, f"the option protect is off, though {holder.name} is encrypted with it; allowed: on; protect it"


POLICIES = [
    resource_policy(
        "deletion-protection",
        "From medium size on, nothing that keeps data can be destroyed without lifting a protection first.",
        {
            "aws:backup/vault:Vault": _stateful(_switch("forceDestroy", False)),
            "aws:directconnect/connection:Connection": _stateful(),
            "aws:ecr/repository:Repository": _switch("forceDelete", False),
            "aws:efs/fileSystem:FileSystem": _stateful(),
            "aws:kms/key:Key": _at_least("deletionWindowInDays", SHORTEST_KEY_DELETION),
            "aws:lb/loadBalancer:LoadBalancer": _switch("enableDeletionProtection", True),
            "aws:rds/instance:Instance": _database,
            "aws:s3/bucket:Bucket": _stateful(_switch("forceDestroy", False)),
            "aws:secretsmanager/secret:Secret": _at_least("recoveryWindowInDays", 7),
            "aws:storagegateway/gateway:Gateway": _stateful(),
        },
        severity=Severity.HIGH,
        options=SIZES,
    ),
    stack_policy(
        "protected-data-keeps-its-key",
        "The key of whatever is protected is protected itself: without the key the data is gone.",
        _keys,
        severity=Severity.HIGH,
    ),
]
