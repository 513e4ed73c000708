"""What a premigration assessment of DMS needs: a bucket for what it finds, and a role that may write there."""

import json
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from components.database import iam


class AssessmentArgs(TypedDict):
    """What `Assessment` takes."""

    region: str
    """The AWS region."""
    tags: dict[str, str]
    """Tags of every resource that has tags, beside `Name`."""
    key_arn: pulumi.Input[str]
    """The key of the reports: they tell names of tables and columns."""


class Assessment(pulumi.ComponentResource):
    """A private bucket and a role, with which `aws dms start-replication-task-assessment-run` can be called for each task.

    Both are gone with the stage, and so are the reports; DMS itself keeps the outcome of each assessment with its task.
    """

    bucket_name: pulumi.Output[str]
    """The bucket."""
    role_arn: pulumi.Output[str]
    """The role."""

    def __init__(self, name: str, args: AssessmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # No inputs: children of a component wait for each of its inputs, whether they need it or not.
        super().__init__("hybridge:database:Assessment", name, {}, opts)
        region, tagged = args["region"], {**args["tags"], "Name": name}
        child = pulumi.ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(name, force_destroy=True, region=region, tags=tagged, opts=child)
        self._close(name, bucket, region, args["key_arn"])
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        role = aws.iam.Role(
            name,
            description="Lets DMS write premigration assessments into their bucket",
            assume_role_policy=account.apply(lambda account_id: json.dumps(iam.dms_trust("dms.amazonaws.com", account_id))),
            tags=tagged,
            opts=child,
        )
        aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.all(bucket.arn, args["key_arn"]).apply(
                lambda arns: json.dumps(iam.assessment_policy(arns[0], arns[1], region))
            ),
            opts=child,
        )
        self.bucket_name, self.role_arn = bucket.bucket, role.arn
        self.register_outputs({"bucket_name": self.bucket_name, "role_arn": self.role_arn})

    def _close(self, name: str, bucket: aws.s3.Bucket, region: str, key_arn: pulumi.Input[str]) -> None:
        common: dict[str, Any] = {"bucket": bucket.bucket, "region": region}
        child = pulumi.ResourceOptions(parent=self)
        aws.s3.BucketOwnershipControls(name, rule={"object_ownership": "BucketOwnerEnforced"}, **common, opts=child)
        block = aws.s3.BucketPublicAccessBlock(
            name,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            **common,
            opts=child,
        )
        aws.s3.BucketVersioning(name, versioning_configuration={"status": "Enabled"}, **common, opts=child)
        aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key_arn},
                    "bucket_key_enabled": True,
                }
            ],
            **common,
            opts=child,
        )
        aws.s3.BucketPolicy(
            name,
            policy=bucket.arn.apply(lambda arn: json.dumps(iam.tls_only(arn))),
            **common,
            # S3 refuses one of two changes of a bucket's policy status made at the same moment.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block]),
        )
