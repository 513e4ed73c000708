"""The IAM and KMS documents of the database and its migration, as plain dicts; an ARN may be an output."""

from collections.abc import Sequence

import pulumi

from components.policy_documents import Document, assumed_by, document


def key_policy(
    partition: str,
    account: str,
    region: str,
    log_groups: Sequence[str],
    *,
    backup_account: str | None = None,
    copiers: Sequence[str] = (),
) -> Document:
    """The policy of a key of the database: the account's IAM decides who uses it, CloudWatch Logs may for these log groups.

    `copiers` may copy snapshots that are shared with them. An account that copies of backups go to uses it too: a snapshot of
    RDS stays under the key of its instance.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html
    """
    shared = {
        "Sid": "CopiesOfBackupsInTheOtherAccount",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{partition}:iam::{backup_account}:root"},
        "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey", "kms:CreateGrant"],
        # In a key policy "*" is the key itself.
        "Resource": "*",
    }
    others = {"AWS": [f"arn:{partition}:iam::{other}:root" for other in copiers]}
    through_rds = {"StringEquals": {"kms:ViaService": f"rds.{region}.amazonaws.com"}}
    copying = [
        {
            "Sid": "CopySharedSnapshots",
            "Effect": "Allow",
            "Principal": others,
            "Action": ["kms:Decrypt", "kms:DescribeKey"],
            # In a key policy "*" is the key itself.
            "Resource": "*",
            "Condition": through_rds,
        },
        {
            "Sid": "LetRdsCopySharedSnapshots",
            "Effect": "Allow",
            "Principal": others,
            "Action": "kms:CreateGrant",
            # In a key policy "*" is the key itself.
            "Resource": "*",
            "Condition": {**through_rds, "Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]
    logs = {
        "Sid": "LogsOfTheDatabase",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region}.amazonaws.com"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        # In a key policy "*" is the key itself.
        "Resource": "*",
        "Condition": {
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": [
                    f"arn:{partition}:logs:{region}:{account}:log-group:{name}" for name in log_groups
                ]
            }
        },
    }
    return document(
        {
            # Without it no IAM policy has any effect on the key, and nobody could ever change this document again.
            "Sid": "AccountDecidesThroughIam",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
            "Action": "kms:*",
            # In a key policy "*" is the key itself.
            "Resource": "*",
        },
        *([logs] if log_groups else []),
        *([shared] if backup_account else []),
        *(copying if copiers else []),
    )


def monitoring_trust(partition: str, account: str, region: str, identifiers: Sequence[str]) -> Document:
    """Who may take the enhanced monitoring role: RDS, on behalf of these instances of this account."""
    instances = [f"arn:{partition}:rds:{region}:{account}:db:{name}" for name in identifiers]
    return assumed_by("EnhancedMonitoring", "monitoring.rds.amazonaws.com", account, instances)


def dms_trust(service: str, account: str) -> Document:
    """Who may take a DMS role: `dms.amazonaws.com` the account-wide two, `dms.REGION.amazonaws.com` that of the secrets."""
    return document(
        {
            "Sid": "DatabaseMigrationService",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            # IfExists: replication engines send the source account since 3.4.7, the control plane not with every call.
            "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": account}},
        }
    )


def assessment_policy(bucket_arn: str, key_arn: str, region: str) -> Document:
    """What the role of premigration assessments may do: write what they find into one bucket.

    https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.AssessmentReport.Prerequisites.html
    """
    return document(
        {"Sid": "FindBucket", "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": [bucket_arn]},
        {
            "Sid": "WriteReports",
            "Effect": "Allow",
            "Action": ["s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:PutObjectTagging"],
            "Resource": [f"{bucket_arn}/*"],
        },
        {
            "Sid": "EncryptReports",
            "Effect": "Allow",
            "Action": ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"],
            "Resource": [key_arn],
            "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
        },
    )


def tls_only(bucket_arn: str) -> Document:
    """The policy of a bucket that refuses whoever comes without TLS."""
    return document(
        {
            "Sid": "DenyWithoutTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "DenyOldTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
            "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        },
    )


def secrets_policy(secret_arns: Sequence[pulumi.Input[str]], key_arns: Sequence[pulumi.Input[str]], region: str) -> Document:
    """What the role of the DMS endpoints may do: read these secrets, and decrypt them through Secrets Manager only."""
    return document(
        {
            "Sid": "ReadEndpointSecrets",
            "Effect": "Allow",
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            "Resource": list(secret_arns),
        },
        {
            "Sid": "DecryptEndpointSecrets",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:DescribeKey"],
            "Resource": list(key_arns),
            "Condition": {"StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"}},
        },
    )
