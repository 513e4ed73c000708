"""RDS: automated backups that are replicated to another region, and instances that are restored from them."""

import copy
from typing import Any

from moto.core.responses import ActionResult

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.rds.checks import check_keys, check_network, check_storage, keep, name_resource
from rehearsal.extensions.rds.replicas import copied, find

LONGEST_DAYS = 35
SOURCES = ("SourceDBInstanceAutomatedBackupsArn", "SourceDBInstanceIdentifier", "SourceDbiResourceId")


@operation("rds", "StartDBInstanceAutomatedBackupsReplication")
def start_replication(call: Call) -> Any:
    """Made in the region that gets the backups, of an instance in another one that has backups, under a key of this region."""
    params = call.params
    source = find(call, params["SourceDBInstanceArn"])
    if source.region == call.region:
        raise Refuse("InvalidParameterValue", "The source DB instance must be in a different AWS Region.")
    if not source.backup_retention_period:
        raise Refuse("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.")
    if source.storage_encrypted and "KmsKeyId" not in params:
        raise Refuse("InvalidParameterCombination", "A KMS key of the destination Region is needed for an encrypted instance.")
    check_keys(call)
    days = int(params.get("BackupRetentionPeriod", 7))
    if not 1 <= days <= LONGEST_DAYS:
        raise Refuse("InvalidParameterValue", f"Invalid backup retention period: {days}. Must be between 1 and {LONGEST_DAYS}.")
    if any(one["DBInstanceArn"] == source.db_instance_arn for one in call.state["automated_backups"].values()):
        raise Refuse("InvalidDBInstanceState", f"Backups of {source.db_instance_arn} are replicated to {call.region} already.")
    arn = call.arn("auto-backup:ab-" + call.new_id(length=39))
    backup = {
        "DBInstanceArn": source.db_instance_arn,
        "DBInstanceIdentifier": source.db_instance_identifier,
        "DbiResourceId": source.dbi_resource_id,
        "DBInstanceAutomatedBackupsArn": arn,
        "Region": source.region,
        "Status": "replicating",
        "Encrypted": source.storage_encrypted,
        "KmsKeyId": params.get("KmsKeyId"),
        "BackupRetentionPeriod": days,
        "Engine": source.engine,
        "EngineVersion": source.engine_version,
        "AllocatedStorage": source.allocated_storage,
    }
    call.state["automated_backups"][arn] = backup
    # They outlive the instance.
    call.state["backed_up"][arn] = copy.copy(source)
    return {"DBInstanceAutomatedBackup": backup}


@operation("rds", "DescribeDBInstanceAutomatedBackups")
def describe_backups(call: Call) -> Any:
    """That which was replicated to this region, by its ARN; left out, moto's own of the instances of this region."""
    arn = call.params.get("DBInstanceAutomatedBackupsArn")
    if arn is None:
        return call.moto()
    if arn not in call.state["automated_backups"]:
        raise Refuse("DBInstanceAutomatedBackupNotFound", f"Automated backup {arn} not found.")
    return {"DBInstanceAutomatedBackups": [call.state["automated_backups"][arn]]}


@operation("rds", "StopDBInstanceAutomatedBackupsReplication")
def stop_replication(call: Call) -> Any:
    """What was copied is kept for as long as it was to be; for whoever looks for the replication there is none."""
    source = call.params["SourceDBInstanceArn"]
    for arn, backup in call.state["automated_backups"].items():
        if backup["DBInstanceArn"] == source and backup["Status"] == "replicating":
            backup["Status"] = "retained"
            call.state["stopped"][arn] = True
            return {"DBInstanceAutomatedBackup": backup}
    raise Refuse("InvalidDBInstanceState", f"Backups of {source} are not replicated to {call.region}.")


@operation("rds", "DeleteDBInstanceAutomatedBackup")
def delete_backup(call: Call) -> Any:
    """Only of what is replicated no more."""
    arn = call.params.get("DBInstanceAutomatedBackupsArn", "")
    backup = call.state["automated_backups"].get(arn)
    if backup is None:
        raise Refuse("DBInstanceAutomatedBackupNotFound", f"Automated backup {arn} not found.")
    if backup["Status"] == "replicating":
        raise Refuse("InvalidDBInstanceAutomatedBackupState", f"Automated backup {arn} is replicating.")
    return {"DBInstanceAutomatedBackup": call.state["automated_backups"].pop(arn)}


@operation("rds", "RestoreDBInstanceToPointInTime")
def restore(call: Call) -> Any:
    """From exactly one source, to exactly one moment. The instance is encrypted with the key of the backups."""
    params = call.params
    given = [member for member in SOURCES if member in params]
    if len(given) != 1:
        raise Refuse("InvalidParameterCombination", f"Exactly one of {', '.join(SOURCES)} is needed; given: {given}")
    if ("RestoreTime" in params) == bool(params.get("UseLatestRestorableTime")):
        raise Refuse("InvalidParameterCombination", "Exactly one of RestoreTime and UseLatestRestorableTime is needed.")
    if given != ["SourceDBInstanceAutomatedBackupsArn"]:
        check_network(call, params.get("DBSubnetGroupName"))
        return _made(call, params["TargetDBInstanceIdentifier"])
    arn = params["SourceDBInstanceAutomatedBackupsArn"]
    source, backup = call.state["backed_up"].get(arn), call.state["automated_backups"].get(arn)
    if source is None or backup is None:
        raise Refuse("DBInstanceAutomatedBackupNotFound", f"Automated backup {arn} not found in {call.region}.")
    if params["TargetDBInstanceIdentifier"] in call.backend("rds").databases:
        raise Refuse("DBInstanceAlreadyExists", "DB instance already exists")
    check_network(call, params.get("DBSubnetGroupName"))
    check_storage(params, source.allocated_storage, params.get("StorageType", "gp3"))
    instance = copied(call, source, params["TargetDBInstanceIdentifier"])
    instance.kms_key_id, instance.backup_retention_period = backup["KmsKeyId"], 1
    return ActionResult({"DBInstance": instance})


@operation("rds", "RestoreDBInstanceFromDBSnapshot")
def restore_snapshot(call: Call) -> Any:
    """From a snapshot of this account and region."""
    check_network(call, call.params.get("DBSubnetGroupName"))
    return _made(call, call.params["DBInstanceIdentifier"])


def _made(call: Call, identifier: str) -> Any:
    """moto's answer; the instance is another one than its source, and what moto drops reads back."""
    result = call.moto()
    instance = call.backend("rds").databases[identifier]
    # moto takes the source of a restore for that of a replica.
    instance.replicas, instance.is_replica, instance.source_db_instance_identifier = [], False, None
    name_resource(call, instance)
    keep(call, instance)
    return result
