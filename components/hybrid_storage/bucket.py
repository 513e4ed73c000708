"""The bucket that holds the files, and the bucket that holds the log of who touched them."""

import json
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.hybrid_storage import lifecycle, policies
from components.hybrid_storage.args import ArchiveClass, ObjectLockArgs, TierClass
from components.policy_documents import Document


class FilesBucketArgs(TypedDict):
    """Arguments of FilesBucket; those without a word here mean what they mean in HybridStorageArgs."""

    region: str
    """Region of every regional resource."""
    tags: dict[str, str]
    """Tags of both buckets, next to `Name`."""
    protected: bool
    """Whether the buckets survive a destroy. If not, they are deleted with everything in them."""
    backup_tag: NotRequired[str]
    """Value of the tag `Backup` of the files bucket."""
    account: pulumi.Input[str]
    """Account id, the only account for which S3 may deliver logs."""
    key_arn: pulumi.Input[str]
    """KMS key that encrypts the files."""
    bucket_name: NotRequired[str]
    """Name of the files bucket."""
    hot_days: int
    """Days in S3 Standard."""
    tier_class: TierClass
    """Class after that."""
    archive_days: int
    """Days to the archive."""
    archive_class: ArchiveClass
    """Class of the archive."""
    noncurrent_days: int
    """Days that old versions are kept."""
    abort_upload_days: int
    """Days that broken uploads are kept."""
    access_log_retention_days: int
    """Days that access logs are kept."""
    object_lock: NotRequired[ObjectLockArgs]
    """How long nobody can delete a version."""


class FilesBucket(pulumi.ComponentResource):
    """A private, versioned, encrypted bucket that tiers and archives its files, and a bucket with its access logs.

    EventBridge notifications are left as they are: nothing here listens, and AWS Backup switches them on for itself.
    """

    name: pulumi.Output[str]
    """Name of the files bucket."""
    arn: pulumi.Output[str]
    """ARN of the files bucket."""
    versioning: aws.s3.BucketVersioning
    """What has to be there before anything is replicated into or out of the files bucket."""

    def __init__(self, name: str, args: FilesBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:FilesBucket", name, {**args}, opts)
        backup = {"Backup": args["backup_tag"]} if "backup_tag" in args else {}
        files = self._bucket(name, args, tags=backup, physical_name=args.get("bucket_name"))
        logs = self._bucket(f"{name}-logs", args)

        self.versioning = aws.s3.BucketVersioning(
            name,
            bucket=files.bucket,
            versioning_configuration={"status": "Enabled"},
            region=args["region"],
            # To delete this would be to suspend it, which S3 refuses while another region's stack replicates out of the bucket,
            # and which a bucket that is kept would be the worse for.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        if lock := args.get("object_lock"):
            aws.s3.BucketObjectLockConfiguration(
                name,
                bucket=files.bucket,
                object_lock_enabled="Enabled",
                rule={"default_retention": {"mode": lock["mode"].upper(), "days": lock["days"]}},
                region=args["region"],
                # What has no versions cannot be locked. A bucket has one lock: deleted last, the old would end the new one.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[self.versioning], delete_before_replace=True),
            )
        self._encryption(
            name,
            args,
            files,
            # With a bucket key S3 asks KMS once per while instead of once per file.
            {
                "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": args["key_arn"]},
                "bucket_key_enabled": True,
            },
        )
        # S3 delivers access logs only to a bucket that is encrypted with S3's own keys.
        self._encryption(f"{name}-logs", args, logs, {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}})

        self._lifecycle(
            name,
            args,
            files,
            lifecycle.bucket_rules(
                hot_days=args["hot_days"],
                tier_class=args["tier_class"],
                archive_days=args["archive_days"],
                archive_class=args["archive_class"],
                noncurrent_days=args["noncurrent_days"],
                abort_upload_days=args["abort_upload_days"],
            ),
            # Rules over old versions mean something only once there are versions.
            depends_on=[self.versioning],
        )
        self._lifecycle(
            f"{name}-logs",
            args,
            logs,
            lifecycle.log_rules(retention_days=args["access_log_retention_days"], abort_upload_days=args["abort_upload_days"]),
        )

        self._policy(name, args, files, files.arn.apply(lambda arn: policies.files_bucket_policy(bucket_arn=arn)))
        log_policy = self._policy(
            f"{name}-logs",
            args,
            logs,
            pulumi.Output.all(logs.arn, files.arn, args["account"]).apply(
                lambda known: policies.log_bucket_policy(bucket_arn=known[0], source_arn=known[1], account=known[2])
            ),
        )
        aws.s3.BucketLogging(
            name,
            bucket=files.bucket,
            target_bucket=logs.bucket,
            target_prefix="",
            # Logs in folders by day of the event: a query over a day reads that day.
            target_object_key_format={"partitioned_prefix": {"partition_date_source": "EventTime"}},
            region=args["region"],
            # S3 refuses a target that it may not write to yet.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log_policy]),
        )

        self.name = files.bucket
        self.arn = files.arn
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _bucket(
        self, name: str, args: FilesBucketArgs, *, tags: dict[str, str] | None = None, physical_name: str | None = None
    ) -> aws.s3.Bucket:
        """A bucket that no one outside the account can be let into, and in which ACLs have no effect."""
        bucket = aws.s3.Bucket(
            name,
            bucket=physical_name,
            force_destroy=not args["protected"],
            tags={**args["tags"], **(tags or {}), "Name": name},
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=args["protected"]),
        )
        child = pulumi.ResourceOptions(parent=self)
        aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            region=args["region"],
            opts=child,
        )
        aws.s3.BucketOwnershipControls(
            name,
            bucket=bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            region=args["region"],
            opts=child,
        )
        return bucket

    def _encryption(
        self,
        name: str,
        args: FilesBucketArgs,
        bucket: aws.s3.Bucket,
        rule: aws.s3.BucketServerSideEncryptionConfigurationRuleArgsDict,
    ) -> None:
        aws.s3.BucketServerSideEncryptionConfiguration(
            name, bucket=bucket.bucket, rules=[rule], region=args["region"], opts=pulumi.ResourceOptions(parent=self)
        )

    def _lifecycle(
        self,
        name: str,
        args: FilesBucketArgs,
        bucket: aws.s3.Bucket,
        rules: Sequence[aws.s3.BucketLifecycleConfigurationRuleArgsDict],
        depends_on: Sequence[pulumi.Resource] = (),
    ) -> None:
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            rules=rules,
            transition_default_minimum_object_size=lifecycle.SMALLEST_TRANSITION,
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self, depends_on=depends_on),
        )

    def _policy(
        self, name: str, args: FilesBucketArgs, bucket: aws.s3.Bucket, policy: pulumi.Output[Document]
    ) -> aws.s3.BucketPolicy:
        return aws.s3.BucketPolicy(
            name,
            bucket=bucket.bucket,
            policy=policy.apply(json.dumps),
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        )
