"""S3: buckets, and what the provider treats as resources of their own though AWS keeps it with the bucket."""

from collections.abc import Mapping
from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table

SAME_BUCKET = {"bucket": "every read is of this very bucket"}


def _location(context: Context) -> dict[str, Any] | None:
    """AWS wants the region named everywhere but where S3 began."""
    return None if context.region == "us-east-1" else {"LocationConstraint": context.region}


def _arn(context: Context) -> str:
    return f"arn:aws:s3:::{context.id}"


def _tag_set(context: Context) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(context.inputs.get("tags", {}).items())]


def _of_bucket(
    create: str, delete: str | Call, read: str, path: str, *, inputs: Mapping[str, Any], fields: Mapping[str, str]
) -> Row:
    """A row for a part of a bucket: made by a put, found by a get, known by the bucket's name."""
    return Row(
        service="s3",
        create=create,
        id="$inputs.bucket",
        upsert=True,
        delete=(Call(delete, {"Bucket": "$id"}) if isinstance(delete, str) else delete,),
        inputs=inputs,
        read=(Read(read, {"Bucket": "$id"}, path, fields=fields),),
        unverified=SAME_BUCKET,
    )


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as the API takes it; a filter that names nothing means every object, which the API writes as an empty prefix."""
    names = {
        "id": "ID",
        "transitions": "Transitions",
        "noncurrentVersionTransitions": "NoncurrentVersionTransitions",
        "abortIncompleteMultipartUpload": "AbortIncompleteMultipartUpload",
    }
    result = {names.get(key, key[0].upper() + key[1:]): _capitalized(value) for key, value in rule.items() if key != "filter"}
    return result | {"Filter": _capitalized(rule.get("filter") or {}) or {"Prefix": ""}}


def _capitalized(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key[0].upper() + key[1:]: _capitalized(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_capitalized(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _lifecycle(rules: list[Mapping[str, Any]], context: Context) -> dict[str, Any]:
    return {"LifecycleConfiguration": {"Rules": [_lifecycle_rule(rule) for rule in rules]}}


def _replication(rules: list[Mapping[str, Any]], context: Context) -> dict[str, Any]:
    """The API's words are the provider's but for a few capitals; a filter that names nothing means every object."""
    sent = []
    for rule in rules:
        members = _capitalized({key: value for key, value in rule.items() if key not in ("id", "filter")})
        encryption = members["Destination"].get("EncryptionConfiguration", {})
        if "ReplicaKmsKeyId" in encryption:
            encryption["ReplicaKmsKeyID"] = encryption.pop("ReplicaKmsKeyId")
        members |= {"ID": rule["id"]} if "id" in rule else {}
        if "filter" in rule:
            members["Filter"] = _capitalized(rule["filter"]) or {"Prefix": ""}
        sent.append(members)
    return {"ReplicationConfiguration": {"Rules": sent}}


def _logging(member: str) -> str:
    return f"BucketLoggingStatus.LoggingEnabled.{member}"


def _empty(context: Context) -> None:
    """A bucket goes only once it is empty: with `forceDestroy` the provider deletes every version of every object."""
    if not context.inputs.get("forceDestroy"):
        return
    found = context.call("s3", "ListObjectVersions", {"Bucket": context.id})
    objects = [
        {"Key": one["Key"], "VersionId": one["VersionId"]}
        for kind in ("Versions", "DeleteMarkers")
        for one in found.get(kind, [])
    ]
    if objects:
        context.call("s3", "DeleteObjects", {"Bucket": context.id, "Delete": {"Objects": objects}})


ROWS: Table = {
    "aws:s3/bucket:Bucket": Row(
        service="s3",
        create="CreateBucket",
        id="$inputs.bucket",
        delete=(_empty, Call("DeleteBucket", {"Bucket": "$id"})),
        autoname="bucket",
        constant={"CreateBucketConfiguration": _location},
        local={"forceDestroy": "used at deletion only"},
        after=(Call("PutBucketTagging", {"Bucket": "$id", "Tagging": {"TagSet": _tag_set}}, when="tags"),),
        read=(
            Read("ListBuckets", {"Prefix": "$id", "MaxBuckets": 1}, "Buckets[0]", fields={"bucket": "Name"}),
            # S3 itself has no answer for a bucket without tags but an error.
            Read(
                "GetResources",
                {"ResourceARNList": [_arn]},
                "@",
                fields={"tags": "ResourceTagMappingList[0].Tags"},
                service="resourcegroupstaggingapi",
            ),
        ),
        outputs={
            "arn": _arn,
            "bucketDomainName": lambda c: f"{c.id}.s3.amazonaws.com",
            "bucketRegionalDomainName": lambda c: f"{c.id}.s3.{c.region}.amazonaws.com",
            "bucketRegion": "$region",
        },
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _of_bucket(
        "PutBucketVersioning",
        Call("PutBucketVersioning", {"Bucket": "$id", "VersioningConfiguration": {"Status": "Suspended"}}),
        "GetBucketVersioning",
        "@",
        inputs={},
        fields={"versioningConfiguration": "@"},
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _of_bucket(
        "PutPublicAccessBlock",
        "DeletePublicAccessBlock",
        "GetPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        inputs={
            "blockPublicAcls": "PublicAccessBlockConfiguration.BlockPublicAcls",
            "blockPublicPolicy": "PublicAccessBlockConfiguration.BlockPublicPolicy",
            "ignorePublicAcls": "PublicAccessBlockConfiguration.IgnorePublicAcls",
            "restrictPublicBuckets": "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        },
        fields={},
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _of_bucket(
        "PutBucketOwnershipControls",
        "DeleteBucketOwnershipControls",
        "GetBucketOwnershipControls",
        "OwnershipControls",
        inputs={"rule": "OwnershipControls.Rules"},
        fields={"rule": "Rules[0]"},
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _of_bucket(
        "PutBucketEncryption",
        "DeleteBucketEncryption",
        "GetBucketEncryption",
        "ServerSideEncryptionConfiguration",
        inputs={"rules": "ServerSideEncryptionConfiguration.Rules"},
        fields={},
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _of_bucket(
        "PutBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
        "GetBucketLifecycleConfiguration",
        "@",
        inputs={"rules": _lifecycle},
        fields={"rules": "Rules", "transitionDefaultMinimumObjectSize": "TransitionDefaultMinimumObjectSize"},
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _of_bucket(
        "PutObjectLockConfiguration",
        # A lock is for good; what can be taken away is how long new versions are kept by default.
        Call("PutObjectLockConfiguration", {"Bucket": "$id", "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}),
        "GetObjectLockConfiguration",
        "ObjectLockConfiguration",
        inputs={
            "objectLockEnabled": "ObjectLockConfiguration.ObjectLockEnabled",
            "rule": lambda given, _: {"ObjectLockConfiguration": {"Rule": _capitalized(given)}},
        },
        fields={
            "objectLockEnabled": "ObjectLockEnabled",
            "rule": "Rule.{defaultRetention: DefaultRetention.{mode: Mode, days: Days}}",
        },
    ),
    "aws:s3/bucketLogging:BucketLogging": _of_bucket(
        "PutBucketLogging",
        Call("PutBucketLogging", {"Bucket": "$id", "BucketLoggingStatus": {}}),
        "GetBucketLogging",
        "LoggingEnabled",
        inputs={
            "targetBucket": _logging("TargetBucket"),
            "targetPrefix": _logging("TargetPrefix"),
            "targetObjectKeyFormat": _logging("TargetObjectKeyFormat"),
        },
        fields={},
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": Row(
        service="s3",
        create="PutBucketReplication",
        id="$inputs.bucket",
        delete=(Call("DeleteBucketReplication", {"Bucket": "$id"}),),
        upsert=True,
        inputs={"role": "ReplicationConfiguration.Role", "rules": _replication},
        local={"token": "a header, for buckets with Object Lock"},
        read=(
            Read(
                "GetBucketReplication",
                {"Bucket": "$id"},
                "ReplicationConfiguration",
                fields={"role": "Role", "rules": "Rules"},
            ),
        ),
        unverified=SAME_BUCKET,
        extended=True,
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _of_bucket(
        "PutBucketPolicy", "DeleteBucketPolicy", "GetBucketPolicy", "@", inputs={}, fields={"policy": "Policy"}
    ),
}
