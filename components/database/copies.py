"""What another region keeps of the database, whether or not it has a stack: a key, the secret, the automated backups."""

import json

import pulumi
import pulumi_aws as aws

from components.database import iam
from components.database.args import CopiesArgs, DatabaseArgs
from components.database.names import identifier


class Copies(pulumi.ComponentResource):
    """A key in another region for what is copied there, under which the secret is replicated, and the backups if asked to.

    The backups can be restored there, as far as their retention reaches back, when this region and its database are gone. They
    stay for that long even if they are not copied any more, and need the key, which a destroy leaves. So it does the secret
    (see `Postgres`): a database that stands in for this one reads the replica for as long as it lives.
    """

    key_arn: pulumi.Output[str]
    """The key in the other region."""
    automated_backups_arn: pulumi.Output[str] | None
    """The automated backups in the other region; None unless they are replicated."""

    def __init__(self, name: str, args: DatabaseArgs, copies: CopiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # No inputs: children of a component wait for each of its inputs, whether they need it or not.
        super().__init__("hybridge:database:Copies", name, {}, opts)
        self._name, self._args, self._copies = name, args, copies
        invoke = pulumi.InvokeOutputOptions(parent=self)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition
        key = aws.kms.Key(
            name,
            description=f"Copies of the database of {args['region']}: credentials and backups",
            policy=pulumi.Output.all(partition, account).apply(
                lambda own: json.dumps(iam.key_policy(own[0], own[1], copies["region"], []))
            ),
            enable_key_rotation=True,
            deletion_window_in_days=30 if args["protected"] else 7,
            region=copies["region"],
            tags={**args["tags"], "Name": name},
            # Without it the copies are lost: that they are elsewhere is of no use then. It goes with them, not with this stack.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=True),
        )
        aws.kms.Alias(
            name,
            name=f"alias/{identifier(pulumi.get_project(), pulumi.get_stack(), name)}",
            target_key_id=key.key_id,
            region=copies["region"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.key_arn, self.automated_backups_arn = key.arn, None
        self.register_outputs({"key_arn": self.key_arn})

    def replicate_backups(self, instance_arn: pulumi.Input[str]) -> None:
        """Have RDS copy snapshots and transaction logs of an instance into the other region as soon as they are ready."""
        if not self._copies["backups"]:
            return
        replication = aws.rds.InstanceAutomatedBackupsReplication(
            self._name,
            source_db_instance_arn=instance_arn,
            kms_key_id=self.key_arn,
            retention_period=self._args["backup_retention_days"],
            # It is made where the copies go.
            region=self._copies["region"],
            # RDS copies an instance to a region once, so that another retention means to stop first; what is there stays there.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.automated_backups_arn = replication.id
