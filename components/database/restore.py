"""A database that begins with what this one, or another one, was: at a point in time, or in a snapshot."""

from typing import Any

import pulumi
import pulumi_aws as aws

from components.database.args import DatabaseArgs, RestoreArgs
from components.database.names import identifier

BESIDE, INSTEAD = "beside", "restored-instead"
"""What instances are called: beside the living one, and in its place."""


class Restored:
    """What an instance is restored from."""

    def __init__(
        self, name: str, args: DatabaseArgs, restore: RestoreArgs, key_arn: pulumi.Input[str], parent: pulumi.Resource
    ):
        self._name, self._args, self._restore = name, args, restore
        self._key_arn, self._parent = key_arn, parent

    def inputs(self) -> dict[str, Any]:
        """The inputs of the instance that say so. RDS keeps the key of the source, or of the snapshot."""
        restore = self._restore
        if "snapshot" in restore:
            return {"snapshot_identifier": self._snapshot(restore["snapshot"])}
        moment: dict[str, Any] = (
            {"restore_time": restore["time"]} if "time" in restore else {"use_latest_restorable_time": True}
        )
        return {"restore_to_point_in_time": {"source_db_instance_identifier": restore["source"], **moment}}

    def _snapshot(self, snapshot: str) -> pulumi.Input[str]:
        """A snapshot by its name; one by its ARN is another account's or region's, and is copied under the key of this one
        first: RDS restores none that is encrypted with somebody else's.
        https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html"""
        if not snapshot.startswith("arn:"):
            return snapshot
        child, region = f"{self._name}-snapshot", self._args["region"]
        return aws.rds.SnapshotCopy(
            child,
            source_db_snapshot_identifier=snapshot,
            target_db_snapshot_identifier=identifier(pulumi.get_project(), pulumi.get_stack(), child),
            kms_key_id=self._key_arn,
            region=region,
            tags={**self._args["tags"], "Name": child},
            opts=pulumi.ResourceOptions(
                parent=self._parent, custom_timeouts=pulumi.CustomTimeouts(create="4h"), delete_before_replace=True
            ),
        ).target_db_snapshot_identifier
