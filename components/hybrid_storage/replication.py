"""Replication of one bucket into another, in two regions of one account."""

import json
from collections.abc import Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.hybrid_storage import policies
from components.hybrid_storage.args import HybridStorageArgs

RULE = "every-file"
"""The id of the one rule, a dimension of its CloudWatch metrics."""
MINUTES = 15
"""What S3 undertakes with replication time control; it offers no other number."""


class Side(TypedDict):
    """One of the two buckets."""

    bucket_name: pulumi.Input[str]
    """Its name."""
    bucket_arn: pulumi.Input[str]
    """Its ARN."""
    key_arn: pulumi.Input[str]
    """The key that encrypts it."""
    region: pulumi.Input[str]
    """Its region."""


class ReplicationArgs(TypedDict):
    """Arguments of Replication."""

    tags: dict[str, str]
    """Tags of the role, next to `Name`."""
    account: pulumi.Input[str]
    """Account id."""
    source: Side
    """Where the objects are written."""
    destination: Side
    """Where the replicas go."""
    storage_class: str | None
    """Storage class of the replicas; None: that of the original."""
    delete_markers: bool
    """Whether deletions are replicated."""
    replica_modifications: bool
    """Whether changes to the metadata of objects that are replicas themselves are replicated."""
    locked: bool
    """Whether versions are locked, on both sides."""
    replication_time_control: bool
    """Whether S3 undertakes to be done within 15 minutes."""
    needed: Sequence[pulumi.Resource]
    """What must be there first: both buckets have to keep versions."""


def replicate(
    name: str,
    args: HybridStorageArgs,
    here: Side,
    account: pulumi.Input[str],
    *,
    needed: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> None:
    """Replicate the bucket that `replicate_from` says into the one that is here, and back if asked to."""
    other = args["replicate_from"]
    there: Side = {
        "bucket_name": other["bucket_name"],
        "bucket_arn": other["bucket_arn"],
        "key_arn": other["kms_key_arn"],
        "region": other["region"],
    }
    choices: ReplicationArgs = {
        "tags": args["tags"],
        "account": account,
        "source": there,
        "destination": here,
        # Nobody reads the replicas yet: they skip the class for files in use.
        "storage_class": args["tier_class"],
        "delete_markers": other["delete_markers"],
        "replica_modifications": other["replica_modifications"],
        "locked": "object_lock" in args,
        "replication_time_control": other["replication_time_control"],
        "needed": needed,
    }
    child = pulumi.ResourceOptions(parent=parent)
    Replication(f"{name}-replication", choices, child)
    if other["reverse"]:
        Replication(f"{name}-reverse", {**choices, "source": here, "destination": there, "storage_class": None}, child)


class Replication(pulumi.ComponentResource):
    """A replication configuration on the source bucket, in its region, with metrics, and the role that S3 replicates with.

    It is the only one of that bucket. New versions of objects are replicated from then on, most of them within 15 minutes; what
    was there before is not: S3 Batch Replication does that once, as a job that a person starts. Nor are archived objects, and
    what a lifecycle rule does.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnt-replicated.html

    Neither S3 nor KMS is asked to know of the role: both buckets are in the account, and the keys leave it to IAM.
    """

    def __init__(self, name: str, args: ReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # No inputs: children of a component wait for each of its inputs, whether they need it or not.
        super().__init__("hybridge:index:FilesReplication", name, {}, opts)
        source, destination = args["source"], args["destination"]
        role = aws.iam.Role(
            name,
            description="Replicates files between two regions",
            assume_role_policy=pulumi.Output.all(source["bucket_arn"], args["account"]).apply(
                lambda known: json.dumps(policies.replication_trust(source_arn=known[0], account=known[1]))
            ),
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        access = aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.all(_known(source), _known(destination)).apply(
                lambda sides: json.dumps(
                    policies.replication_access(
                        source=sides[0],
                        destination=sides[1],
                        delete_markers=args["delete_markers"],
                        locked=args["locked"],
                    )
                )
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.s3.BucketReplicationConfig(
            name,
            bucket=source["bucket_name"],
            role=role.arn,
            rules=[_rule(args)],
            region=source["region"],
            # S3 tries what is written from now on once: a role without its rights would leave it out for good.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[access, *args["needed"]]),
        )
        self.register_outputs({"role_arn": role.arn})


def _known(side: Side) -> pulumi.Output[dict[str, str]]:
    return pulumi.Output.all(bucket_arn=side["bucket_arn"], key_arn=side["key_arn"], region=side["region"])


def _rule(args: ReplicationArgs) -> aws.s3.BucketReplicationConfigRuleArgsDict:
    """The one rule, for every object."""
    timed = args["replication_time_control"]
    destination: aws.s3.BucketReplicationConfigRuleDestinationArgsDict = {
        "bucket": args["destination"]["bucket_arn"],
        "encryption_configuration": {"replica_kms_key_id": args["destination"]["key_arn"]},
        # How far behind the replicas are is known by these alone.
        "metrics": {"status": "Enabled"},
    }
    if args["storage_class"] is not None:
        destination["storage_class"] = args["storage_class"]
    if timed:
        destination["replication_time"] = {"status": "Enabled", "time": {"minutes": MINUTES}}
        destination["metrics"] = {"status": "Enabled", "event_threshold": {"minutes": MINUTES}}
    return {
        "id": RULE,
        "priority": 1,
        "status": "Enabled",
        "filter": {},
        "delete_marker_replication": {"status": _status(args["delete_markers"])},
        # Without the first nothing here would be replicated: every object is encrypted with KMS.
        "source_selection_criteria": {
            "sse_kms_encrypted_objects": {"status": "Enabled"},
            "replica_modifications": {"status": _status(args["replica_modifications"])},
        },
        "destination": destination,
    }


def _status(on: bool) -> str:
    return "Enabled" if on else "Disabled"
