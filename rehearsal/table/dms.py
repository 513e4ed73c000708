"""DMS: replication instances, endpoints, certificates and tasks."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Template, Update

SENT_AS_ZERO = ("MaxFileSize", "ExecuteTimeout", "HeartbeatFrequency")
"""Numbers that the provider sends whenever there is a block of settings, as 0 where the block has none.
https://github.com/hashicorp/terraform-provider-aws/issues/47884"""


def _postgres_settings(value: dict[str, Any], _: Context) -> dict[str, Any]:
    members = {key[0].upper() + key[1:]: item for key, item in value.items()}
    return {"PostgreSQLSettings": members | {name: int(members.get(name, 0)) for name in SENT_AS_ZERO}}


def _settings_read_back(*names: str) -> str:
    """JMESPath that gives `postgresSettings` as Pulumi has them."""
    pairs = ", ".join(f"{name}: PostgreSQLSettings.{name[0].upper()}{name[1:]}" for name in names)
    return f"{{{pairs}}}"


def _subnet_group_arn(context: Context) -> str:
    return f"arn:aws:dms:{context.region}:{context.account}:subgrp:{context.id}"


def _tags_of(arn: Template) -> Read:
    return Read("ListTagsForResource", {"ResourceArn": arn}, "@", fields={"tags": "TagList"})


ROWS: Table = {
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": Row(
        service="dms",
        create="CreateReplicationSubnetGroup",
        id="$inputs.replicationSubnetGroupId",
        delete=(Call("DeleteReplicationSubnetGroup", {"ReplicationSubnetGroupIdentifier": "$id"}),),
        update=(Update("ModifyReplicationSubnetGroup", {"ReplicationSubnetGroupIdentifier": "$id"}, whole=True),),
        inputs={"replicationSubnetGroupId": "ReplicationSubnetGroupIdentifier"},
        read=(
            Read(
                "DescribeReplicationSubnetGroups",
                {"Filters": [{"Name": "replication-subnet-group-id", "Values": ["$id"]}]},
                "ReplicationSubnetGroups[0]",
                fields={"subnetIds": "Subnets[].SubnetIdentifier"},
            ),
            _tags_of(_subnet_group_arn),
        ),
        outputs={
            "replicationSubnetGroupArn": _subnet_group_arn,
            "vpcId": "$read.VpcId",
        },
        extended=True,
    ),
    "aws:dms/replicationInstance:ReplicationInstance": Row(
        service="dms",
        create="CreateReplicationInstance",
        id="$inputs.replicationInstanceId",
        delete=(Call("DeleteReplicationInstance", {"ReplicationInstanceArn": "$read.ReplicationInstanceArn"}),),
        update=(
            Update(
                "ModifyReplicationInstance",
                {"ReplicationInstanceArn": "$outputs.replicationInstanceArn", "ApplyImmediately": "$inputs.applyImmediately"},
            ),
        ),
        inputs={
            "replicationInstanceId": "ReplicationInstanceIdentifier",
            "replicationSubnetGroupId": "ReplicationSubnetGroupIdentifier",
            "kmsKeyArn": "KmsKeyId",
        },
        local={"allowMajorVersionUpgrade": "of modifications only", "applyImmediately": "of modifications only"},
        read=(
            Read(
                "DescribeReplicationInstances",
                {"Filters": [{"Name": "replication-instance-id", "Values": ["$id"]}]},
                "ReplicationInstances[0]",
                fields={
                    "vpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
                    "replicationSubnetGroupId": "ReplicationSubnetGroup.ReplicationSubnetGroupIdentifier",
                },
            ),
            _tags_of("$read.ReplicationInstanceArn"),
        ),
        outputs={
            "replicationInstanceArn": "$read.ReplicationInstanceArn",
            "replicationInstancePrivateIps": "$read.ReplicationInstancePrivateIpAddresses",
        },
        extended=True,
    ),
    "aws:dms/certificate:Certificate": Row(
        service="dms",
        create="ImportCertificate",
        id="$inputs.certificateId",
        delete=(Call("DeleteCertificate", {"CertificateArn": "$read.CertificateArn"}),),
        inputs={"certificateId": "CertificateIdentifier"},
        read=(
            Read("DescribeCertificates", {"Filters": [{"Name": "certificate-id", "Values": ["$id"]}]}, "Certificates[0]"),
            _tags_of("$read.CertificateArn"),
        ),
        outputs={"certificateArn": "$read.CertificateArn"},
        extended=True,
    ),
    "aws:dms/endpoint:Endpoint": Row(
        service="dms",
        create="CreateEndpoint",
        id="$inputs.endpointId",
        delete=(Call("DeleteEndpoint", {"EndpointArn": "$read.EndpointArn"}),),
        update=(Update("ModifyEndpoint", {"EndpointArn": "$outputs.endpointArn"}),),
        inputs={
            "endpointId": "EndpointIdentifier",
            "kmsKeyArn": "KmsKeyId",
            # With credentials from Secrets Manager the provider sends these in the settings of the engine only.
            "databaseName": "PostgreSQLSettings.DatabaseName",
            "secretsManagerArn": "PostgreSQLSettings.SecretsManagerSecretId",
            "secretsManagerAccessRoleArn": "PostgreSQLSettings.SecretsManagerAccessRoleArn",
            "postgresSettings": _postgres_settings,
        },
        local={"pauseReplicationTasks": "what the provider does before it modifies an endpoint"},
        read=(
            Read(
                "DescribeEndpoints",
                {"Filters": [{"Name": "endpoint-id", "Values": ["$id"]}]},
                "Endpoints[0]",
                fields={
                    "databaseName": "PostgreSQLSettings.DatabaseName",
                    "secretsManagerArn": "PostgreSQLSettings.SecretsManagerSecretId",
                    "secretsManagerAccessRoleArn": "PostgreSQLSettings.SecretsManagerAccessRoleArn",
                    "postgresSettings": _settings_read_back(
                        "afterConnectScript",
                        "captureDdls",
                        "executeTimeout",
                        "failTasksOnLobTruncation",
                        "heartbeatEnable",
                        "heartbeatFrequency",
                        "heartbeatSchema",
                        "mapBooleanAsBoolean",
                        "maxFileSize",
                        "pluginName",
                        "slotName",
                    ),
                },
            ),
            _tags_of("$read.EndpointArn"),
        ),
        outputs={"endpointArn": "$read.EndpointArn"},
    ),
    "aws:dms/replicationTask:ReplicationTask": Row(
        service="dms",
        create="CreateReplicationTask",
        id="$inputs.replicationTaskId",
        delete=(
            Call(
                "StopReplicationTask",
                {"ReplicationTaskArn": "$item"},
                each="read.Status == 'running' && [read.ReplicationTaskArn] || `[]`",
            ),
            Call("DeleteReplicationTask", {"ReplicationTaskArn": "$read.ReplicationTaskArn"}),
        ),
        inputs={"replicationTaskId": "ReplicationTaskIdentifier"},
        after=(
            Call(
                "StartReplicationTask",
                {"ReplicationTaskArn": "$item", "StartReplicationTaskType": "start-replication"},
                when="startReplicationTask",
                each="inputs.startReplicationTask && [response.ReplicationTask.ReplicationTaskArn] || `[]`",
            ),
        ),
        read=(
            Read(
                "DescribeReplicationTasks",
                {"Filters": [{"Name": "replication-task-id", "Values": ["$id"]}]},
                "ReplicationTasks[0]",
                fields={"startReplicationTask": "Status == 'running'"},
            ),
            _tags_of("$read.ReplicationTaskArn"),
        ),
        outputs={"replicationTaskArn": "$read.ReplicationTaskArn", "status": "$read.Status"},
        extended=True,
    ),
}
