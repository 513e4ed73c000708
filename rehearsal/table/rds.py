"""RDS: instances and replicas, subnet and parameter groups."""

from typing import Any

from rehearsal.row import Context, Read, Row, Table

PARAMETERS_PER_CALL = 20
"""What ModifyDBParameterGroup takes at once; the provider sends as many."""

INSTANCE_MEMBERS = {
    "backupWindow": "PreferredBackupWindow",
    "caCertIdentifier": "CACertificateIdentifier",
    "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
    "identifier": "DBInstanceIdentifier",
    "instanceClass": "DBInstanceClass",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "parameterGroupName": "DBParameterGroupName",
    "password": "MasterUserPassword",
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "username": "MasterUsername",
}
"""Inputs of an instance that the API calls otherwise."""
OF_REPLICAS = {
    **INSTANCE_MEMBERS,
    "multiAz": "MultiAZ",
    "replicateSourceDb": "SourceDBInstanceIdentifier",
    "dbSubnetGroupName": "DBSubnetGroupName",
}
AFTER_REPLICATION = ("backupRetentionPeriod", "backupWindow", "maintenanceWindow", "parameterGroupName")
"""What the provider sets on a replica by a modification, because creation in the same region does not take it."""
UNSENT = {
    "storageEncrypted": "a replica is encrypted as its source is",
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
    parameters = [
        {
            "ParameterName": each["name"],
            "ParameterValue": each["value"],
            "ApplyMethod": each.get("applyMethod", "immediate"),
        }
        for each in inputs.get("parameters", [])
    ]
    for start in range(0, len(parameters), PARAMETERS_PER_CALL):
        changed = {"DBParameterGroupName": inputs["name"], "Parameters": parameters[start : start + PARAMETERS_PER_CALL]}
        context.call("rds", "ModifyDBParameterGroup", changed)
    return response


def _instance(context: Context) -> dict[str, Any]:
    """Two operations make an instance: one from nothing, one from a source; the provider chooses by `replicateSourceDb`."""
    inputs = {key: value for key, value in context.inputs.items() if key not in {*UNSENT, "region", "tags"}}
    if "replicateSourceDb" not in inputs:
        if not inputs.get("maxAllocatedStorage"):
            inputs.pop("maxAllocatedStorage", None)  # the provider sends no zero
        request = _members(inputs, {**INSTANCE_MEMBERS, "multiAz": "MultiAZ", "dbName": "DBName"})
        request |= {"StorageEncrypted": context.inputs.get("storageEncrypted", False), "Tags": _tags(context)}
        return context.call("rds", "CreateDBInstance", request)
    later = {key: inputs.pop(key) for key in AFTER_REPLICATION if key in inputs}
    if not inputs.get("maxAllocatedStorage"):
        inputs.pop("maxAllocatedStorage", None)
    response = context.call("rds", "CreateDBInstanceReadReplica", {**_members(inputs, OF_REPLICAS), "Tags": _tags(context)})
    if later:
        modified = {"DBInstanceIdentifier": inputs["identifier"], "ApplyImmediately": True, **_members(later, OF_REPLICAS)}
        context.call("rds", "ModifyDBInstance", modified)
    return response


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


ROWS: Table = {
    "aws:rds/subnetGroup:SubnetGroup": Row(
        service="rds",
        create="CreateDBSubnetGroup",
        id="$response.DBSubnetGroup.DBSubnetGroupName",
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
        autoname="identifier",
        function=_instance,
        inputs=INSTANCE_MEMBERS,
        consumes=frozenset({"replicateSourceDb"}),
        local={key: reason for key, reason in UNSENT.items() if key != "storageEncrypted"},
        read=(
            Read(
                "DescribeDBInstances",
                {"DBInstanceIdentifier": "$inputs.identifier"},
                "DBInstances[0]",
                fields={
                    "dbSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
                    "enabledCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
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
}
