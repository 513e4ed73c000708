"""RDS: read replicas, in the region of their source or in another one, and their promotion."""

import copy
from typing import Any

import moto.backends
from moto.core.responses import ActionResult

from rehearsal.emulator import ACCOUNT
from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.rds.checks import check_keys, check_monitoring, check_network, check_storage, keep, name_resource

ATTRIBUTES = {
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "CopyTagsToSnapshot": "copy_tags_to_snapshot",
    "DBInstanceClass": "db_instance_class",
    "DBParameterGroupName": "db_parameter_group_name",
    "DeletionProtection": "deletion_protection",
    "EnableCloudwatchLogsExports": "enabled_cloudwatch_logs_exports",
    "Iops": "iops",
    "KmsKeyId": "kms_key_id",
    "MaxAllocatedStorage": "max_allocated_storage",
    "MultiAZ": "multi_az",
    "Port": "port",
    "PubliclyAccessible": "publicly_accessible",
    "SourceDBInstanceIdentifier": "source_db_instance_identifier",
    "StorageType": "storage_type",
    "Tags": "tags",
    "VpcSecurityGroupIds": "vpc_security_group_ids",
}
"""Members of a request -> moto's attributes of an instance."""


@operation("rds", "CreateDBInstanceReadReplica")
def create_replica(call: Call) -> Any:
    """The source must have backups; the replica may not have what only a source has. Beside the source it is placed like it; in
    another region it needs a key of that region, for none leaves its own."""
    params = call.params
    source = find(call, params["SourceDBInstanceIdentifier"])
    if not source.backup_retention_period:
        raise Refuse("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.")
    if getattr(source, "manage_master_user_password", False):
        raise Refuse(
            "InvalidParameterCombination", "Can't create a read replica of an instance with a managed master password."
        )
    if params["DBInstanceIdentifier"] in call.backend("rds").databases:
        raise Refuse("DBInstanceAlreadyExists", "DB instance already exists")
    elsewhere = source.region != call.region
    if elsewhere and source.storage_encrypted and "KmsKeyId" not in params:
        raise Refuse(
            "InvalidParameterCombination", "Cannot create a cross region unencrypted read replica from encrypted source."
        )
    check_network(call, params.get("DBSubnetGroupName") or (None if elsewhere else source.db_subnet_group.name))
    check_keys(call)
    check_monitoring(call)
    check_storage(params, source.allocated_storage, params.get("StorageType", "gp3"))
    replica = copied(call, source, params["DBInstanceIdentifier"])
    replica.backup_retention_period = int(params.get("BackupRetentionPeriod", 0))
    replica.set_as_replica()
    source.add_replica(replica)
    return ActionResult({"DBInstance": replica})


@operation("rds", "PromoteReadReplica")
def promote(call: Call) -> Any:
    """The replica ends its replication for good; its own replicas stay its own."""
    replica = find(call, call.params["DBInstanceIdentifier"])
    if not replica.is_replica:
        message = f"DB instance {replica.db_instance_identifier} is not a read replica."
        raise Refuse("InvalidDBInstanceState", message)
    _leave(call, replica)
    replica.backup_retention_period = int(call.params.get("BackupRetentionPeriod", replica.backup_retention_period or 1))
    replica.preferred_backup_window = call.params.get("PreferredBackupWindow", replica.preferred_backup_window)
    return ActionResult({"DBInstance": replica})


@operation("rds", "DeleteDBInstance")
def delete_instance(call: Call) -> Any:
    """A replica leaves its source, wherever that is, and leaves no snapshot; replicas that lose their source stand alone."""
    params, instance = call.params, find(call, call.params["DBInstanceIdentifier"])
    skipped, final = params.get("SkipFinalSnapshot", False), params.get("FinalDBSnapshotIdentifier")
    if instance.is_replica and final:
        message = "FinalDBSnapshotIdentifier can not be specified when deleting a replica instance"
        raise Refuse("InvalidParameterCombination", message)
    if not instance.is_replica and skipped == bool(final):
        message = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified, and excludes it."
        raise Refuse("InvalidParameterCombination", message)
    if not instance.deletion_protection:
        if instance.is_replica:
            _leave(call, instance)
        for reference in instance.replicas:
            replica = find(call, reference)
            if str(replica.source_db_instance_identifier).rsplit(":", maxsplit=1)[-1] == instance.db_instance_identifier:
                replica.is_replica, replica.source_db_instance_identifier = False, None
        instance.replicas = []
    return call.moto()


def _leave(call: Call, replica: Any) -> None:
    """End a replication on both sides."""
    source = find(call, replica.source_db_instance_identifier)
    source.replicas = [one for one in source.replicas if one.rsplit(":", maxsplit=1)[-1] != replica.db_instance_identifier]
    replica.is_replica, replica.source_db_instance_identifier = False, None


def find(call: Call, reference: str) -> Any:
    """An instance by its identifier, in another region by its ARN. Raises Refuse if it is not there."""
    region = reference.split(":")[3] if reference.startswith("arn:") else call.region
    instance = call.backend("rds", region).databases.get(reference.rsplit(":", maxsplit=1)[-1])
    if instance is None:
        raise Refuse("DBInstanceNotFound", f"DBInstance {reference} not found.")
    return instance


def copied(call: Call, source: Any, identifier: str) -> Any:
    """A new instance with the data of `source`, and everything else as the request says or, left out, as RDS has it."""
    params, own = call.params, call.backend("rds")
    instance = copy.copy(source)
    instance.backend, instance.db_instance_identifier = own, identifier
    instance.replicas, instance.is_replica, instance.source_db_instance_identifier = [], False, None
    # These are not the source's but those of every new instance.
    instance.multi_az, instance.deletion_protection, instance.tags = False, False, []
    instance.enabled_cloudwatch_logs_exports = []
    if source.region != call.region:
        # Groups are of a region: the default ones, unless the request names others.
        instance.db_parameter_group_name, instance.vpc_security_group_ids = None, []
    for member, attribute in ATTRIBUTES.items():
        if member in params:
            setattr(instance, attribute, params[member])
    if "DBSubnetGroupName" in params:
        instance.db_subnet_group_name = params["DBSubnetGroupName"]
    own.databases[identifier] = instance
    name_resource(call, instance)
    keep(call, instance)
    return instance


def standalone() -> list[str]:
    """ARNs of the instances of the account, in whatever region, that follow no other."""
    regions = moto.backends.get_backend("rds")[ACCOUNT]
    instances = [instance for region in list(regions) for instance in regions[region].databases.values()]
    return sorted(instance.db_instance_arn for instance in instances if not instance.is_replica)
