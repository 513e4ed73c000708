"""Read replicas for reports and BI, and the one name under which they are found."""

import pulumi
import pulumi_aws as aws

from components.database.args import DatabaseArgs
from components.database.instance import (
    ADVANCED_INSIGHTS_DAYS,
    EXPORTED_LOGS,
    PORT,
    STANDARD_INSIGHTS_DAYS,
    make_log_groups,
)
from components.database.names import identifier
from components.database.origin import reader_suffix


def reader_name(name: str, args: DatabaseArgs, number: int) -> str:
    """The logical name of a replica."""
    return f"{name}-{number}{reader_suffix(args)}"


class ReplicasArgs(DatabaseArgs):
    """What `ReadReplicas` takes beside what `Database` does."""

    key_arn: pulumi.Input[str]
    """The key of Performance Insights and logs; storage takes the primary's."""
    security_group_id: pulumi.Input[str]
    """The group of the replicas."""
    source: pulumi.Input[str]
    """Identifier of the primary."""
    parameter_group_name: pulumi.Input[str]
    """The parameters of the primary."""
    monitoring_role_arn: pulumi.Input[str] | None
    """The role of enhanced monitoring; None without it."""


class ReadReplicas(pulumi.ComponentResource):
    """Read replicas of the primary in its own subnets and security group, encrypted with its key."""

    instances: list[aws.rds.Instance]
    """The replicas, in the order of their numbers."""

    def __init__(self, name: str, args: ReplicasArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # No inputs: children of a component wait for each of its inputs, whether they need it or not.
        super().__init__("hybridge:database:ReadReplicas", name, {}, opts)
        numbers = range(1, args["read_replicas"]["count"] + 1)
        self.instances = [self._replica(reader_name(name, args, number), args) for number in numbers]
        self.register_outputs({"identifiers": [instance.identifier for instance in self.instances]})

    def _replica(self, name: str, args: ReplicasArgs) -> aws.rds.Instance:
        instance_id = identifier(pulumi.get_project(), pulumi.get_stack(), name)
        log_groups = make_log_groups(name, instance_id, args, args["key_arn"], self)
        advanced = args["insights"] == "advanced"
        provisioned = args.get("iops") is not None
        return aws.rds.Instance(
            name,
            identifier=instance_id,
            # The identifier, not the ARN, which goes with a subnet group of its own: without one the replica is placed in the
            # primary's. A replica whose source is taken away is promoted, so it is never left out on a condition.
            replicate_source_db=args["source"],
            instance_class=args["read_replicas"].get("instance_class", args["instance_class"]),
            port=PORT,
            vpc_security_group_ids=[args["security_group_id"]],
            publicly_accessible=False,
            iam_database_authentication_enabled=args.get("iam_authentication") or None,
            parameter_group_name=args["parameter_group_name"],
            # Left to themselves replicas are gp3 with what it comes with; asked for by name, RDS wants IOPS as well.
            storage_type=args["storage_type"] if provisioned else None,
            iops=args.get("iops"),
            storage_throughput=args.get("throughput"),
            max_allocated_storage=args["max_storage_gib"],
            # The primary's key is taken in the same region; without the flag the provider sees a difference and replaces.
            storage_encrypted=True,
            ca_cert_identifier=args["ca_certificate"],
            maintenance_window=args["maintenance_window"],
            copy_tags_to_snapshot=True,
            # A copy: it may go when the number in the stack file does, and RDS takes no last snapshot of a replica.
            deletion_protection=False,
            skip_final_snapshot=True,
            auto_minor_version_upgrade=args["auto_minor_version_upgrade"],
            enabled_cloudwatch_logs_exports=list(EXPORTED_LOGS),
            monitoring_interval=args["monitoring_interval_seconds"],
            monitoring_role_arn=args["monitoring_role_arn"],
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args["key_arn"],
            performance_insights_retention_period=ADVANCED_INSIGHTS_DAYS if advanced else STANDARD_INSIGHTS_DAYS,
            database_insights_mode=args["insights"],
            region=args["region"],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(
                parent=self,
                # RDS would make the log groups itself.
                depends_on=log_groups,
                # The identifier is fixed, so a replica that has to be replaced must go first.
                delete_before_replace=True,
                # It begins with a copy of the whole primary.
                custom_timeouts=pulumi.CustomTimeouts(create="4h", update="3h", delete="90m"),
            ),
        )
