"""What becomes of a file as it ages: the lifecycle rules of the bucket and of EFS, as data."""

import pulumi_aws as aws

from components.hybrid_storage.args import ArchiveClass, TierClass

SMALLEST_TRANSITION = "all_storage_classes_128K"
"""Smaller objects stay where they are: moving them costs more than it saves, and it is what S3 does by default."""


def bucket_rules(
    *,
    hot_days: int,
    tier_class: TierClass,
    archive_days: int,
    archive_class: ArchiveClass,
    noncurrent_days: int,
    abort_upload_days: int,
) -> list[aws.s3.BucketLifecycleConfigurationRuleArgsDict]:
    """Rules for every object of the files bucket.

    All days count from the creation of an object (of a noncurrent version: from when it was replaced). Reading an object
    does not start the count again.
    """
    return [
        {
            "id": "tier-then-archive",
            "status": "Enabled",
            "filter": {},
            "transitions": [
                {"days": hot_days, "storage_class": tier_class},
                {"days": archive_days, "storage_class": archive_class},
            ],
        },
        {
            # Every file written through the gateway leaves a version behind: its data is uploaded first, its metadata next.
            "id": "expire-old-versions",
            "status": "Enabled",
            "filter": {},
            "noncurrent_version_expiration": {"noncurrent_days": noncurrent_days},
            "expiration": {"expired_object_delete_marker": True},
        },
        broken_uploads(abort_upload_days),
    ]


def log_rules(*, retention_days: int, abort_upload_days: int) -> list[aws.s3.BucketLifecycleConfigurationRuleArgsDict]:
    """Rules for the bucket of the access logs."""
    return [
        {"id": "expire-logs", "status": "Enabled", "filter": {}, "expiration": {"days": retention_days}},
        broken_uploads(abort_upload_days),
    ]


def broken_uploads(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    """The rule that drops the parts of multipart uploads that were never completed: they are invisible, and paid for."""
    return {
        "id": "abort-broken-uploads",
        "status": "Enabled",
        "filter": {},
        "abort_incomplete_multipart_upload": {"days_after_initiation": days},
    }


def efs_policies(*, ia_days: int, archive_days: int) -> list[aws.efs.FileSystemLifecyclePolicyArgsDict]:
    """Lifecycle of EFS, one transition to a policy as its API demands. Days count from the last access of a file."""
    return [
        {"transition_to_ia": after(ia_days)},
        {"transition_to_archive": after(archive_days)},
        {"transition_to_primary_storage_class": "AFTER_1_ACCESS"},
    ]


def after(days: int) -> str:
    """EFS's word for a number of days."""
    return "AFTER_1_DAY" if days == 1 else f"AFTER_{days}_DAYS"
