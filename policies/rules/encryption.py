"""Data is encrypted where it rests and where it moves."""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity

from .buckets import BUCKET, BUCKET_ENCRYPTION, log_targets
from .making import SIZES, Check, Stack, resource_policy, stack_policy
from .reading import UNKNOWN, document, each, elements, get, maybe_true
from .stack import RESILIENT_SIZES, size

Found = Iterator[str]


def _on(path: str) -> Check:
    """A check that a switch is on, in every element of the lists that the path leads through."""

    def check(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
        holder, _, last = path.rpartition(".")
        for part in each(resource, holder) if holder else [resource]:
            if part is not UNKNOWN and not maybe_true(get(part, last)):
                yield f"{path} is {get(part, last)!r}; allowed: true; turn it on"

    return check


def _given(*paths: str) -> Check:
    """A check that one of the properties is given: a key, or a switch that brings one."""

    def check(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
        if not any(value is UNKNOWN or value for value in (get(resource, path) for path in paths)):
            yield f"{' and '.join(paths)} are not set; allowed: one of them; give a KMS key"

    return check


def _algorithms(configuration: PolicyResource) -> list[Any]:
    return each(configuration, "rules.applyServerSideEncryptionByDefault.sseAlgorithm")


def _buckets(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    targets = log_targets(stack)
    for bucket in stack.of(BUCKET):
        found = [algorithm for part in stack.parts(BUCKET_ENCRYPTION, bucket, "bucket") for algorithm in _algorithms(part)]
        # Log delivery writes to buckets with S3's own keys only.
        allowed = {"AES256", "aws:kms", "aws:kms:dsse"} if bucket.urn in targets else {"aws:kms", "aws:kms:dsse"}
        if not found:
            yield bucket, "the bucket has no BucketServerSideEncryptionConfiguration; allowed: one with a KMS key; add it"
        for algorithm in found:
            if algorithm is not UNKNOWN and algorithm not in allowed:
                yield (
                    bucket,
                    f"sseAlgorithm is {algorithm}; allowed: {', '.join(sorted(allowed))} (AES256 in buckets of logs); "
                    "encrypt with a KMS key",
                )


def _listener(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    protocol, policy = get(resource, "protocol"), get(resource, "sslPolicy")
    actions = each(resource, "defaultActions.type")
    if protocol in ("HTTP", "TCP") and UNKNOWN not in actions and set(actions) != {"redirect"}:
        yield f"protocol is {protocol}; allowed: HTTPS, or a redirect to it; set containers.certificateArn"
    if isinstance(policy, str) and not policy.startswith(("ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-")):
        yield f"sslPolicy is {policy}, which admits old TLS; allowed: ELBSecurityPolicy-TLS13-1-2-*; choose one of them"


def _endpoint(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    # The source is the customer's to change: a trial may go without, a migration of real data may not.
    excused = get(resource, "endpointType") == "source" and size() not in RESILIENT_SIZES
    if get(resource, "sslMode") in (None, "none") and not excused:
        yield "sslMode is none; allowed: require, verify-ca, verify-full; choose one of them"


def _task_definition(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    for volume in each(resource, "volumes.efsVolumeConfiguration"):
        value = get(volume, "transitEncryption")
        if value is not UNKNOWN and value != "ENABLED":
            yield f"transitEncryption of an EFS volume is {value}; allowed: ENABLED; set it"


def _parameters(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    family = get(resource, "family")
    if not isinstance(family, str) or not family.startswith("postgres"):
        return
    values = {get(one, "name"): get(one, "value") for one in elements(get(resource, "parameters"))}
    if UNKNOWN not in values and values.get("rds.force_ssl") not in ("1", UNKNOWN):
        yield f"rds.force_ssl is {values.get('rds.force_ssl')}; allowed: 1; add the parameter"


TLS_ONLY = {
    BUCKET: ("aws:s3/bucketPolicy:BucketPolicy", "bucket"),
    "aws:efs/fileSystem:FileSystem": ("aws:efs/fileSystemPolicy:FileSystemPolicy", "fileSystemId"),
    "aws:sns/topic:Topic": ("aws:sns/topicPolicy:TopicPolicy", "arn"),
}
"""Type -> the type of its resource policy, and the property by which that names it."""


def _tls_only(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    for type_, (policy_type, path) in TLS_ONLY.items():
        for resource in stack.of(type_):
            documents = [document(get(part, "policy")) for part in stack.parts(policy_type, resource, path)]
            if UNKNOWN not in documents and not any(map(_refuses_plain, documents)):
                yield (
                    resource,
                    f"no {policy_type.rsplit(':', maxsplit=1)[-1]} denies requests without TLS; allowed: one that does; "
                    "deny everybody while aws:SecureTransport is false",
                )


def _refuses_plain(policy: Any) -> bool:
    return any(
        get(statement, "Effect") == "Deny"
        and elements(get(statement, "Principal.AWS") or get(statement, "Principal")) == ["*"]
        and get(statement, "Condition.Bool.aws:SecureTransport") in ("false", ["false"], False)
        for statement in elements(get(policy, "Statement"))
    )


def _key(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    if get(resource, "customerMasterKeySpec") in (None, "SYMMETRIC_DEFAULT") and not maybe_true(
        get(resource, "enableKeyRotation")
    ):
        yield "enableKeyRotation is off; allowed: on; turn it on"


POLICIES = [
    resource_policy(
        "encrypted-at-rest",
        "Whatever stores data encrypts it.",
        {
            "aws:ebs/volume:Volume": _on("encrypted"),
            "aws:ec2/instance:Instance": _on("rootBlockDevice.encrypted"),
            "aws:ec2/launchTemplate:LaunchTemplate": _on("blockDeviceMappings.ebs.encrypted"),
            "aws:efs/fileSystem:FileSystem": _on("encrypted"),
            "aws:rds/cluster:Cluster": _on("storageEncrypted"),
            "aws:rds/instance:Instance": _on("storageEncrypted"),
            "aws:sns/topic:Topic": _given("kmsMasterKeyId"),
            "aws:sqs/queue:Queue": _given("kmsMasterKeyId", "sqsManagedSseEnabled"),
            # Else the gateway asks for S3's own keys with every object, whatever the bucket's default is.
            "aws:storagegateway/nfsFileShare:NfsFileShare": _on("kmsEncrypted"),
            "aws:storagegateway/smbFileShare:SmbFileShare": _on("kmsEncrypted"),
        },
        severity=Severity.HIGH,
    ),
    stack_policy(
        "buckets-encrypted", "Every bucket encrypts its objects, with a KMS key but for logs.", _buckets, severity=Severity.HIGH
    ),
    resource_policy(
        "encrypted-in-transit",
        "Connections to the database and the file system are encrypted.",
        {
            "aws:dms/endpoint:Endpoint": _endpoint,
            "aws:ecs/taskDefinition:TaskDefinition": _task_definition,
            "aws:rds/parameterGroup:ParameterGroup": _parameters,
        },
        severity=Severity.HIGH,
    ),
    resource_policy(
        "listeners-use-tls",
        "Load balancers speak TLS. Only a small stack may do without a certificate.",
        {"aws:lb/listener:Listener": _listener},
        severity=Severity.HIGH,
        options=SIZES,
    ),
    stack_policy(
        "tls-only",
        "Buckets, file systems and topics refuse whoever comes without TLS.",
        _tls_only,
        severity=Severity.HIGH,
    ),
    resource_policy("keys-rotate", "KMS rotates its keys every year.", {"aws:kms/key:Key": _key}, severity=Severity.MEDIUM),
]
