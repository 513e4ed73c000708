"""Every policy document of HybridStorage, as plain data."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.policy_documents import Document, assumed_by, document

SMALLEST_TLS = "1.2"


def key_policy(*, partition: str, account: str, region: str, log_group_prefix: str | None) -> Document:
    """Who may use the key: whom IAM policies of the account allow, and CloudWatch Logs for log groups with that prefix.

    S3 and EFS need no statement of their own: they act with the permissions of whoever calls them.
    """
    logs = {
        "Sid": "EncryptLogGroups",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",  # in a key policy this means the key itself
        "Condition": {
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": (f"arn:{partition}:logs:{region}:{account}:log-group:{log_group_prefix}*")
            }
        },
    }
    return document(
        {
            "Sid": "LetIamPoliciesOfTheAccountDecide",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        *([logs] if log_group_prefix else []),
    )


def tls_only(bucket_arn: str) -> list[Document]:
    """Statements that refuse whoever comes without TLS, or with an old one.

    A request in which the version of TLS is unknown is not refused by the second: the condition needs the key to be there.
    """
    resources = [bucket_arn, f"{bucket_arn}/*"]
    return [
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": resources,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "DenyOldTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": resources,
            "Condition": {"NumericLessThan": {"s3:TlsVersion": SMALLEST_TLS}},
        },
    ]


def files_bucket_policy(*, bucket_arn: str) -> Document:
    """The policy of the files bucket. Access itself is granted by IAM policies."""
    return document(*tls_only(bucket_arn))


def log_bucket_policy(*, bucket_arn: str, source_arn: str, account: str) -> Document:
    """The policy of the log bucket: S3's log delivery may write there, for one source bucket of this account.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    return document(
        {
            "Sid": "WriteServerAccessLogs",
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/*",
            "Condition": {"ArnLike": {"aws:SourceArn": source_arn}, "StringEquals": {"aws:SourceAccount": account}},
        },
        *tls_only(bucket_arn),
    )


def gateway_trust(*, gateway_arn: str, account: str) -> Document:
    """Who may assume the role of the file shares: Storage Gateway, on behalf of this very gateway."""
    return assumed_by("AssumedByTheGateway", "storagegateway.amazonaws.com", account, gateway_arn)


def gateway_access(*, bucket_arn: str, prefixes: Sequence[str], key_arn: str) -> Document:
    """What the file shares may do, as https://docs.aws.amazon.com/filegateway/latest/files3/grant-access-s3.html lists it."""
    return document(
        {
            "Sid": "SeeTheBucket",
            "Effect": "Allow",
            "Action": [
                "s3:GetAccelerateConfiguration",
                "s3:GetBucketLocation",
                "s3:GetBucketVersioning",
                "s3:ListBucket",
                "s3:ListBucketMultipartUploads",
                "s3:ListBucketVersions",
            ],
            "Resource": bucket_arn,
        },
        {
            "Sid": "ReadAndWriteFiles",
            "Effect": "Allow",
            "Action": [
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:DeleteObjectVersion",
                "s3:GetObject",
                "s3:GetObjectAcl",
                "s3:GetObjectVersion",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
                # The gateway sends an ACL (private) with each object, for which S3 asks this even where ACLs have no effect.
                "s3:PutObjectAcl",
            ],
            "Resource": [f"{bucket_arn}/{prefix}*" for prefix in prefixes],
        },
        {
            "Sid": "UseTheKey",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncrypt*"],
            "Resource": key_arn,
        },
    )


def scheduler_trust(*, partition: str, account: str, region: str) -> Document:
    """Who may assume the role of such a schedule: schedules of this account that are in no group of their own.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    group = f"arn:{partition}:scheduler:{region}:{account}:schedule-group/default"
    return assumed_by("AssumedByTheSchedule", "scheduler.amazonaws.com", account, group)


def one_operation(operation: str, arn: str) -> Document:
    """What a schedule may do with one gateway or share: this."""
    return document({"Sid": operation, "Effect": "Allow", "Action": f"storagegateway:{operation}", "Resource": arn})


def host_access(*, bucket_arn: str, prefix: str, key_arn: str, region: str, writes: bool) -> Document:
    """What a host needs to mount the files below a prefix with Mountpoint for Amazon S3, and to write them if it may.

    https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md#iam-permissions
    """
    objects = ["s3:GetObject", *(["s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"] if writes else [])]
    below = {"Condition": {"StringLike": {"s3:prefix": f"{prefix}*"}}} if prefix else {}
    return document(
        {"Sid": "ListFiles", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket_arn, **below},
        {
            "Sid": "ReadAndWriteFiles" if writes else "ReadFiles",
            "Effect": "Allow",
            "Action": objects,
            "Resource": f"{bucket_arn}/{prefix}*",
        },
        {
            "Sid": "UseTheKeyThroughS3",
            "Effect": "Allow",
            # Decrypt for writers too: a multipart upload reads back its own parts.
            "Action": ["kms:Decrypt", *(["kms:GenerateDataKey"] if writes else [])],
            "Resource": key_arn,
            "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        },
    )


def replication_trust(*, source_arn: str, account: str) -> Document:
    """Who may assume the role of the replication: S3, on behalf of this very source bucket."""
    return assumed_by("AssumedByS3", "s3.amazonaws.com", account, source_arn)


def replication_access(
    *, source: Mapping[str, str], destination: Mapping[str, str], delete_markers: bool, locked: bool = False
) -> Document:
    """What S3 needs to replicate one bucket into another, both of one account, with keys of their own and bucket keys.

    `source` and `destination` have `bucket_arn`, `key_arn` and `region`. Nothing changes the owner: in buckets whose owner
    enforces ownership the replicas are the account's as the originals are.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """

    def through_s3(side: Mapping[str, str]) -> dict[str, Any]:
        # With a bucket key the encryption context is the bucket, without one the object.
        arns = [side["bucket_arn"], f"{side['bucket_arn']}/*"]
        return {
            "StringEquals": {"kms:ViaService": f"s3.{side['region']}.amazonaws.com"},
            # As AWS's own example: what an encryption context says is text, though it looks like an ARN.
            "StringLike": {"kms:EncryptionContext:aws:s3:arn": arns},
        }

    deletions = ["s3:ReplicateDelete"] if delete_markers else []
    return document(
        {
            "Sid": "SeeTheSource",
            "Effect": "Allow",
            "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
            "Resource": source["bucket_arn"],
        },
        {
            "Sid": "ReadVersions",
            "Effect": "Allow",
            "Action": [
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
                # Of locked objects the lock is replicated too; without these they are not replicated at all.
                *(["s3:GetObjectRetention", "s3:GetObjectLegalHold"] if locked else []),
            ],
            "Resource": f"{source['bucket_arn']}/*",
        },
        {
            "Sid": "WriteReplicas",
            "Effect": "Allow",
            "Action": ["s3:ReplicateObject", *deletions, "s3:ReplicateTags"],
            "Resource": f"{destination['bucket_arn']}/*",
        },
        {
            "Sid": "DecryptTheSource",
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": source["key_arn"],
            "Condition": through_s3(source),
        },
        {
            "Sid": "EncryptReplicas",
            "Effect": "Allow",
            # Decrypt, for S3 checks a bucket key by opening it.
            "Action": ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"],
            "Resource": destination["key_arn"],
            "Condition": through_s3(destination),
        },
    )


def file_system_policy(*, file_system_arn: str, access_point_arn: str) -> Document:
    """Who may mount EFS: whoever reaches a mount target (its security group decides that), over TLS, by the access point.

    `AccessedViaMountTarget` keeps the star principal inside the VPC and the networks connected to it. Root is never granted.
    https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
    """
    return document(
        {
            "Sid": "MountByTheAccessPoint",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            "Resource": file_system_arn,
            "Condition": {
                "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
                "StringEquals": {"elasticfilesystem:AccessPointArn": access_point_arn},
            },
        },
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "*",
            "Resource": file_system_arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    )
