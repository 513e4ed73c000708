"""RDS: instances and replicas, subnet and parameter groups."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rehearsal.emulator import Refused
from rehearsal.row import Call, Context, Read, Row, Table, Update

PARAMETERS_PER_CALL = 20
"""What ModifyDBParameterGroup takes at once; the provider sends as many."""

INSTANCE_MEMBERS = {
    "backupWindow": "PreferredBackupWindow",
    "caCertIdentifier": "CACertificateIdentifier",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
    "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "multiAz": "MultiAZ",
    "parameterGroupName": "DBParameterGroupName",
    "password": "MasterUserPassword",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "username": "MasterUsername",
    "newIdentifier": "NewDBInstanceIdentifier",
}
"""Inputs of an instance that the API calls otherwise."""
OF_ITS_OWN = ("engineVersion", "allocatedStorage", "allowMajorVersionUpgrade", "password")
"""What RDS takes of an instance once it was promoted, by a modification."""
OF_REPLICAS = {**INSTANCE_MEMBERS, "replicateSourceDb": "SourceDBInstanceIdentifier"}
AFTER_REPLICATION = ("backupRetentionPeriod", "backupWindow", "maintenanceWindow", "parameterGroupName")
"""What the provider sets on a replica by a modification, because creation in the same region does not take it."""
RESTORE_SOURCE = {
    "sourceDbInstanceAutomatedBackupsArn": "SourceDBInstanceAutomatedBackupsArn",
    "sourceDbInstanceIdentifier": "SourceDBInstanceIdentifier",
    "sourceDbiResourceId": "SourceDbiResourceId",
}
OF_RESTORED = {**INSTANCE_MEMBERS, "identifier": "TargetDBInstanceIdentifier"}
AFTER_RESTORE = (
    "backupRetentionPeriod",
    "backupWindow",
    "caCertIdentifier",
    "databaseInsightsMode",
    "engineVersion",
    "maintenanceWindow",
    "monitoringInterval",
    "monitoringRoleArn",
    "password",
    "performanceInsightsEnabled",
    "performanceInsightsKmsKeyId",
    "performanceInsightsRetentionPeriod",
)
"""What the provider sets on a restored instance by a modification; the mode of Database Insights by its next update only."""
UNSENT = {
    "storageEncrypted": "a copy is encrypted as its source is",
    "applyImmediately": "of modifications only",
    "allowMajorVersionUpgrade": "of modifications only",
    "deleteAutomatedBackups": "used at deletion only",
    "finalSnapshotIdentifier": "used at deletion only",
    "skipFinalSnapshot": "used at deletion only",
}


def _parameter_group(context: Context) -> dict[str, Any]:
    inputs = context.inputs
    request = {
        "DBParameterGroupName": inputs["name"],
        "DBParameterGroupFamily": inputs["family"],
        "Description": inputs.get("description", "Managed by Pulumi"),
        "Tags": _tags(context),
    }
    response = context.call("rds", "CreateDBParameterGroup", request)
    _set_parameters(context, inputs.get("parameters", []))
    return response


def _set_parameters(context: Context, given: list[dict[str, Any]]) -> None:
    parameters = [
        {
            "ParameterName": each["name"],
            "ParameterValue": each["value"],
            "ApplyMethod": each.get("applyMethod", "immediate"),
        }
        for each in given
    ]
    for start in range(0, len(parameters), PARAMETERS_PER_CALL):
        changed = {
            "DBParameterGroupName": context.inputs["name"],
            "Parameters": parameters[start : start + PARAMETERS_PER_CALL],
        }
        context.call("rds", "ModifyDBParameterGroup", changed)


def _parameters(context: Context) -> None:
    """Set what is new or other, and give what is not named any more its default back."""
    before, after = (values.get("parameters", []) for values in (context.old, context.inputs))
    gone = {each["name"] for each in before} - {each["name"] for each in after}
    _set_parameters(context, [each for each in after if each not in before])
    if gone:
        reset = [{"ParameterName": name, "ApplyMethod": "pending-reboot"} for name in sorted(gone)]
        context.call("rds", "ResetDBParameterGroup", {"DBParameterGroupName": context.inputs["name"], "Parameters": reset})


def _instance(context: Context) -> dict[str, Any]:
    """Three operations make an instance: from nothing, from a source, from backups; the provider chooses by the inputs."""
    inputs = {key: value for key, value in context.inputs.items() if key not in {*UNSENT, "region", "tags"}}
    if not inputs.get("maxAllocatedStorage"):
        inputs.pop("maxAllocatedStorage", None)  # the provider sends no zero
    if "restoreToPointInTime" in inputs:
        return _restored(context, inputs)
    if "snapshotIdentifier" in inputs:
        return _from_snapshot(context, inputs)
    if "replicateSourceDb" in inputs:
        return _replica(context, inputs)
    if "engine" not in inputs:
        return _promoted(context, inputs)
    request = _members(inputs, {**INSTANCE_MEMBERS, "dbName": "DBName"})
    request |= {"StorageEncrypted": context.inputs.get("storageEncrypted", False), "Tags": _tags(context)}
    return context.call("rds", "CreateDBInstance", request)


def _replica(context: Context, inputs: dict[str, Any]) -> dict[str, Any]:
    later = {key: inputs.pop(key) for key in AFTER_REPLICATION if key in inputs}
    request = {**_members(inputs, OF_REPLICAS), "Tags": _tags(context)}
    response = context.call("rds", "CreateDBInstanceReadReplica", request)
    _modify(context, inputs["identifier"], later)
    return response


def _promoted(context: Context, inputs: dict[str, Any]) -> dict[str, Any]:
    """An instance of no engine, source or backups is a replica that was promoted. Here, where every account begins empty, it is
    made and promoted at once: from the one instance in another region that follows none, or from the one of its own name that a
    stack file already named, as the source of another replica."""
    from rehearsal.extensions.rds.replicas import standalone  # noqa: PLC0415 - extensions are loaded with their service

    own, identifier = f"arn:aws:rds:{context.region}:{context.account}:db:{inputs['identifier']}", inputs["identifier"]
    standing = standalone()
    others = [arn for arn in standing if arn.split(":")[3] != context.region]
    if own in standing:
        named = {"DBInstanceIdentifier": identifier, "NewDBInstanceIdentifier": f"{identifier}-before"}
        context.call("rds", "ModifyDBInstance", named)
        source = f"{own}-before"
    elif len(others) == 1:
        source = others[0]
    else:
        raise Refused(
            "rds.CreateDBInstance: InvalidParameterValue: Engine is needed, unless this is a promoted read replica; as its "
            f"source there would have to be one instance in another region, and there are {', '.join(others) or 'none'}"
        )
    # A replica has its source's; a database of its own is modified.
    own_inputs = {key: inputs.pop(key) for key in OF_ITS_OWN if key in inputs}
    response = _replica(context, {**inputs, "replicateSourceDb": source})
    promotion = {"DBInstanceIdentifier": identifier, "BackupRetentionPeriod": _whole(inputs["backupRetentionPeriod"])}
    context.call("rds", "PromoteReadReplica", promotion)
    _modify(context, identifier, own_inputs)
    if source.endswith("-before"):
        gone = {"DBInstanceIdentifier": f"{identifier}-before", "SkipFinalSnapshot": True}
        context.call("rds", "DeleteDBInstance", gone)
    return response


def _restored(context: Context, inputs: dict[str, Any]) -> dict[str, Any]:
    source = inputs.pop("restoreToPointInTime")
    later = {key: inputs.pop(key) for key in AFTER_RESTORE if key in inputs}
    request = {**_members(inputs, OF_RESTORED), **_members(source, RESTORE_SOURCE), "Tags": _tags(context)}
    with _stand_in(context, source.get("sourceDbInstanceIdentifier")):
        response = context.call("rds", "RestoreDBInstanceToPointInTime", request)
    _modify(context, inputs["identifier"], later)
    return response


def _from_snapshot(context: Context, inputs: dict[str, Any]) -> dict[str, Any]:
    snapshot = inputs.pop("snapshotIdentifier")
    later = {key: inputs.pop(key) for key in (*AFTER_RESTORE, "maxAllocatedStorage") if key in inputs}
    request = {**_members(inputs, INSTANCE_MEMBERS), "DBSnapshotIdentifier": snapshot, "Tags": _tags(context)}
    _snapshot(context, snapshot)
    response = context.call("rds", "RestoreDBInstanceFromDBSnapshot", request)
    _modify(context, inputs["identifier"], later)
    return response


def _copied(context: Context) -> dict[str, Any]:
    inputs = context.inputs
    name = inputs["sourceDbSnapshotIdentifier"].rpartition(":snapshot:")[2]
    _snapshot(context, name)
    request = {
        # The emulator knows one account and one region.
        "SourceDBSnapshotIdentifier": name,
        "TargetDBSnapshotIdentifier": inputs["targetDbSnapshotIdentifier"],
        "KmsKeyId": inputs["kmsKeyId"],
        "Tags": _tags(context),
    }
    return context.call("rds", "CopyDBSnapshot", request)


def _snapshot(context: Context, name: str) -> None:
    """A snapshot that a stack file names is there: where the account has none, one is made of an instance that is gone
    again."""
    try:
        context.call("rds", "DescribeDBSnapshots", {"DBSnapshotIdentifier": name})
    except Refused:
        with _stand_in(context, "gone-again"):
            context.call("rds", "CreateDBSnapshot", {"DBInstanceIdentifier": "gone-again", "DBSnapshotIdentifier": name})


@contextmanager
def _stand_in(context: Context, identifier: str | None) -> Iterator[None]:
    """The instance that is restored from is there. An account of a rehearsal begins empty: where it is not, one of its name is
    made, and is gone afterwards."""
    from rehearsal.adopters.databases import stand_in  # noqa: PLC0415 - adopters load extensions

    made = identifier is not None and stand_in(context.region, identifier)
    yield
    if made:
        context.call("rds", "DeleteDBInstance", {"DBInstanceIdentifier": identifier, "SkipFinalSnapshot": True})


def _modified(context: Context) -> None:
    """A source that is named no more promotes the replica, for good; all else is one modification."""
    inputs, old = context.inputs, context.old
    changed = {
        key: inputs[key]
        for key in inputs
        if inputs[key] != old.get(key) and key not in {*UNSENT, "region", "tags", "engine", "replicateSourceDb"}
    }
    identifier = old.get("identifier", inputs["identifier"])
    if "replicateSourceDb" in old and "replicateSourceDb" not in inputs:
        # Without backups of its own it could not be a source again.
        promotion = {"DBInstanceIdentifier": identifier}
        promotion |= {"BackupRetentionPeriod": _whole(inputs["backupRetentionPeriod"])}
        context.call("rds", "PromoteReadReplica", promotion)
        changed.pop("backupRetentionPeriod", None)
    if new_name := changed.pop("identifier", None):
        changed["newIdentifier"] = new_name
    _modify(context, identifier, changed)


def _modify(context: Context, identifier: str, inputs: dict[str, Any]) -> None:
    if inputs:
        request = {"DBInstanceIdentifier": identifier, "ApplyImmediately": True, **_members(inputs, INSTANCE_MEMBERS)}
        context.call("rds", "ModifyDBInstance", request)


def _members(inputs: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, _member(key)): _whole(value) for key, value in inputs.items()}


def _member(key: str) -> str:
    return "DB" + key[2:] if key.startswith("db") else key[0].upper() + key[1:]


def _whole(value: Any) -> Any:
    """Pulumi's numbers arrive as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _tags(context: Context) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(context.inputs.get("tags", {}).items())]


def _tags_of(arn: str) -> Read:
    return Read("ListTagsForResource", {"ResourceName": arn}, "@", fields={"tags": "TagList"})


def _final_snapshot(context: Context) -> str | None:
    """AWS wants a name for the snapshot that it makes at the end, unless it is to make none."""
    return None if context.inputs.get("skipFinalSnapshot") else context.inputs.get("finalSnapshotIdentifier")


ROWS: Table = {
    "aws:rds/subnetGroup:SubnetGroup": Row(
        service="rds",
        create="CreateDBSubnetGroup",
        id="$response.DBSubnetGroup.DBSubnetGroupName",
        delete=(Call("DeleteDBSubnetGroup", {"DBSubnetGroupName": "$id"}),),
        update=(Update("ModifyDBSubnetGroup", {"DBSubnetGroupName": "$id"}, whole=True),),
        autoname="name",
        inputs={"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription"},
        read=(
            Read(
                "DescribeDBSubnetGroups",
                {"DBSubnetGroupName": "$id"},
                "DBSubnetGroups[0]",
                fields={"subnetIds": "Subnets[].SubnetIdentifier"},
            ),
            _tags_of("$read.DBSubnetGroupArn"),
        ),
        outputs={"arn": "$read.DBSubnetGroupArn", "vpcId": "$read.VpcId"},
    ),
    "aws:rds/parameterGroup:ParameterGroup": Row(
        service="rds",
        create="CreateDBParameterGroup",
        id="$inputs.name",
        delete=(Call("DeleteDBParameterGroup", {"DBParameterGroupName": "$id"}, unless="skipDestroy"),),
        updated_by=_parameters,
        autoname="name",
        function=_parameter_group,
        inputs={"name": "DBParameterGroupName", "family": "DBParameterGroupFamily"},
        local={"skipDestroy": "used at deletion only"},
        consumes=frozenset({"parameters"}),
        read=(
            Read("DescribeDBParameterGroups", {"DBParameterGroupName": "$id"}, "DBParameterGroups[0]"),
            Read(
                "DescribeDBParameters",
                {"DBParameterGroupName": "$id"},
                "@",
                fields={"parameters": "Parameters[].{name: ParameterName, value: ParameterValue, applyMethod: ApplyMethod}"},
            ),
            _tags_of("$read.DBParameterGroupArn"),
        ),
        outputs={"arn": "$read.DBParameterGroupArn"},
    ),
    "aws:rds/instance:Instance": Row(
        service="rds",
        create="CreateDBInstance",
        # The provider's id is the resource id, which outlives a change of the identifier.
        id=lambda c: c.call("rds", "DescribeDBInstances", {"DBInstanceIdentifier": c.inputs["identifier"]})["DBInstances"][0][
            "DbiResourceId"
        ],
        delete=(
            Call(
                "DeleteDBInstance",
                {
                    "DBInstanceIdentifier": "$inputs.identifier",
                    "SkipFinalSnapshot": "$inputs.skipFinalSnapshot || `false`",
                    "FinalDBSnapshotIdentifier": _final_snapshot,
                    "DeleteAutomatedBackups": "$inputs.deleteAutomatedBackups",
                },
            ),
        ),
        updated_by=_modified,
        autoname="identifier",
        function=_instance,
        inputs=INSTANCE_MEMBERS,
        consumes=frozenset({"replicateSourceDb", "restoreToPointInTime", "snapshotIdentifier"}),
        local={key: reason for key, reason in UNSENT.items() if key != "storageEncrypted"},
        read=(
            Read(
                "DescribeDBInstances",
                {"DBInstanceIdentifier": "$inputs.identifier"},
                "DBInstances[0]",
                fields={
                    "dbSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
                    "enabledCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
                    "iamDatabaseAuthenticationEnabled": "IAMDatabaseAuthenticationEnabled",
                    "maxAllocatedStorage": "MaxAllocatedStorage",
                    "parameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
                    "performanceInsightsEnabled": "PerformanceInsightsEnabled",
                    "port": "Endpoint.Port",
                    "replicateSourceDb": "ReadReplicaSourceDBInstanceIdentifier",
                    "vpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
                },
            ),
            _tags_of("$read.DBInstanceArn"),
        ),
        write_only=frozenset({"password"}),
        unverified={
            "restoreToPointInTime": "the request names the backups, whose engine and key read back",
            "snapshotIdentifier": "the request names the snapshot, whose engine and key read back",
        },
        outputs={
            "arn": "$read.DBInstanceArn",
            "address": "$read.Endpoint.Address",
            "endpoint": lambda c: f"{c.read['Endpoint']['Address']}:{c.read['Endpoint']['Port']}",
            "hostedZoneId": "$read.Endpoint.HostedZoneId",
            "resourceId": "$read.DbiResourceId",
            "status": "$read.DBInstanceStatus",
            "engineVersionActual": "$read.EngineVersion",
        },
        extended=True,
    ),
    "aws:rds/snapshotCopy:SnapshotCopy": Row(
        service="rds",
        create="CopyDBSnapshot",
        id="$inputs.targetDbSnapshotIdentifier",
        delete=(Call("DeleteDBSnapshot", {"DBSnapshotIdentifier": "$id"}),),
        function=_copied,
        inputs={
            "sourceDbSnapshotIdentifier": "SourceDBSnapshotIdentifier",
            "targetDbSnapshotIdentifier": "TargetDBSnapshotIdentifier",
        },
        read=(
            Read(
                "DescribeDBSnapshots",
                {"DBSnapshotIdentifier": "$id"},
                "DBSnapshots[0]",
                fields={"targetDbSnapshotIdentifier": "DBSnapshotIdentifier"},
            ),
            _tags_of("$read.DBSnapshotArn"),
        ),
        unverified={"sourceDbSnapshotIdentifier": "a snapshot of another account cannot be looked at from this one"},
        outputs={"dbSnapshotArn": "$read.DBSnapshotArn"},
    ),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": Row(
        service="rds",
        create="StartDBInstanceAutomatedBackupsReplication",
        id="$response.DBInstanceAutomatedBackup.DBInstanceAutomatedBackupsArn",
        delete=(Call("StopDBInstanceAutomatedBackupsReplication", {"SourceDBInstanceArn": "$inputs.sourceDbInstanceArn"}),),
        inputs={"retentionPeriod": "BackupRetentionPeriod"},
        read=(
            Read(
                "DescribeDBInstanceAutomatedBackups",
                {"DBInstanceAutomatedBackupsArn": "$id"},
                "DBInstanceAutomatedBackups[0]",
                fields={"sourceDbInstanceArn": "DBInstanceArn", "retentionPeriod": "BackupRetentionPeriod"},
            ),
        ),
        extended=True,
    ),
}
