"""RDS: the checks that AWS makes across services and between storage, IOPS and version, and the fields that moto drops."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse, operation

STATIC_PARAMETERS = frozenset(
    {
        "autovacuum_max_workers",
        "logging_collector",
        "max_connections",
        "max_locks_per_transaction",
        "max_logical_replication_workers",
        "max_prepared_transactions",
        "max_replication_slots",
        "max_wal_senders",
        "max_worker_processes",
        "rds.logical_replication",
        "shared_buffers",
        "shared_preload_libraries",
        "wal_buffers",
    }
)
"""Parameters of PostgreSQL that take effect at a reboot only."""
FAMILIES = frozenset(f"postgres{major}" for major in range(11, 19))
MOST_PARAMETERS = 20
LEAST_ZONES = 2
STRIPED_GIB = 400
MONITORING_POLICY = "AmazonRDSEnhancedMonitoringRole"
KEPT = {
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "PerformanceInsightsRetentionPeriod": "performance_insights_retention_period",
    "DatabaseInsightsMode": "database_insights_mode",
    "StorageThroughput": "storage_throughput",
    "MonitoringInterval": "monitoring_interval",
    "MonitoringRoleArn": "monitoring_role_arn",
    "CACertificateIdentifier": "ca_certificate_identifier",
}
"""Members of a request -> what the serializer reads them back from."""


@operation("rds", "CreateDBSubnetGroup")
def create_subnet_group(call: Call) -> Any:
    """A group must span two zones of one VPC."""
    subnets = [_subnet(call, identifier) for identifier in call.params["SubnetIds"]]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise Refuse("InvalidSubnet", "The DB subnet group contains subnets of more than one VPC.")
    if len({subnet.availability_zone for subnet in subnets}) < LEAST_ZONES:
        message = (
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs."
        )
        raise Refuse("DBSubnetGroupDoesNotCoverEnoughAZs", message)
    return call.moto()


@operation("rds", "CreateDBParameterGroup")
def create_parameter_group(call: Call) -> Any:
    """The family must be one that RDS has."""
    family = call.params["DBParameterGroupFamily"]
    if family.startswith("postgres") and family not in FAMILIES:
        raise Refuse("InvalidParameterValue", f"ParameterGroupFamily {family} is not a valid parameter group family")
    return call.moto()


@operation("rds", "ModifyDBParameterGroup")
def modify_parameter_group(call: Call) -> Any:
    """Static parameters cannot be applied at once."""
    parameters = call.params["Parameters"]
    if len(parameters) > MOST_PARAMETERS:
        raise Refuse("InvalidParameterValue", f"A maximum of {MOST_PARAMETERS} parameters can be modified in a single request.")
    for parameter in parameters:
        if parameter["ParameterName"] in STATIC_PARAMETERS and parameter.get("ApplyMethod") == "immediate":
            raise Refuse(
                "InvalidParameterCombination",
                f"cannot use immediate apply method for static parameter: {parameter['ParameterName']}",
            )
    return call.moto()


@operation("rds", "CreateDBInstance")
def create_instance(call: Call) -> Any:
    """Groups, keys and roles must exist and fit together, storage must be on offer, the parameters of the right version."""
    params = call.params
    _check_network(call, params.get("DBSubnetGroupName"))
    _check_keys(call)
    _check_monitoring(call)
    _check_storage(params, int(params["AllocatedStorage"]), params.get("StorageType", "gp2"))
    _check_password(params)
    if group := call.backend("rds").db_parameter_groups.get(params.get("DBParameterGroupName", "")):
        wanted = f"{params['Engine']}{str(params['EngineVersion']).split('.')[0]}"
        if group.family != wanted:
            message = (
                f"The parameter group {group.name} with DBParameterGroupFamily {group.family} can't be used for this instance."
            )
            raise Refuse(
                "InvalidParameterCombination", f"{message} Use a parameter group with DBParameterGroupFamily {wanted}."
            )
    result = call.moto()
    instance = call.backend("rds").databases[params["DBInstanceIdentifier"]]
    _keep(call, instance)
    return result


@operation("rds", "CreateDBInstanceReadReplica")
def create_replica(call: Call) -> Any:
    """The source must have backups; the replica is placed beside it, and may not have what only a source has."""
    params = call.params
    source = call.backend("rds").databases.get(params["SourceDBInstanceIdentifier"].split(":")[-1])
    if source is None:
        raise Refuse("DBInstanceNotFound", f"DBInstance {params['SourceDBInstanceIdentifier']} not found.")
    if not source.backup_retention_period:
        raise Refuse("InvalidDBInstanceState", "Automated backups are not enabled for this database instance.")
    if getattr(source, "manage_master_user_password", False):
        raise Refuse(
            "InvalidParameterCombination", "Can't create a read replica of an instance with a managed master password."
        )
    if params["DBInstanceIdentifier"] in call.backend("rds").databases:
        raise Refuse("DBInstanceAlreadyExists", "DB instance already exists")
    _check_network(call, params.get("DBSubnetGroupName") or source.db_subnet_group.name)
    _check_keys(call)
    _check_monitoring(call)
    _check_storage(params, source.allocated_storage, params.get("StorageType", "gp3"))
    result = call.moto()
    replica = call.backend("rds").databases[params["DBInstanceIdentifier"]]
    replica.backup_retention_period = int(params.get("BackupRetentionPeriod", 0))
    replica.multi_az = params.get("MultiAZ", False)
    replica.deletion_protection = params.get("DeletionProtection", False)
    replica.tags = params.get("Tags", [])
    replica.replicas = []
    _keep(call, replica)
    return result


def _keep(call: Call, instance: Any) -> None:
    """What moto drops is read back from the instance; each has a resource id of its own."""
    instance.dbi_resource_id = "db-" + call.new_id(length=26).upper()
    for member, attribute in KEPT.items():
        if member in call.params:
            setattr(instance, attribute, call.params[member])


def _subnet(call: Call, identifier: str) -> Any:
    for zone in call.backend("ec2").subnets.values():
        if identifier in zone:
            return zone[identifier]
    raise Refuse("InvalidSubnet", f"The requested subnet is invalid: {identifier}")


def _check_network(call: Call, subnet_group: str | None) -> None:
    group = call.backend("rds").subnet_groups.get(subnet_group or "default")
    if group is None:
        raise Refuse("DBSubnetGroupNotFoundFault", f"Subnet Group {subnet_group} not found.")
    known = call.backend("ec2").groups
    for identifier in call.params.get("VpcSecurityGroupIds", []):
        if not any(identifier in groups for groups in known.values()):
            raise Refuse("InvalidParameterValue", f"Invalid security group , groupId= {identifier}, groupName=")
        if identifier not in known.get(group.vpc_id, {}):
            message = "The DB instance and EC2 security group are in different VPCs."
            raise Refuse("InvalidVPCNetworkStateFault", f"{message} {identifier} is not in {group.vpc_id}")


def _check_keys(call: Call) -> None:
    for member in ("KmsKeyId", "PerformanceInsightsKMSKeyId"):
        arn = call.params.get(member)
        if arn and arn.rsplit("/", maxsplit=1)[-1] not in call.backend("kms").keys:
            raise Refuse("KMSKeyNotAccessibleFault", f"The specified KMS key [{arn}] does not exist or is not accessible.")


def _check_monitoring(call: Call) -> None:
    arn = call.params.get("MonitoringRoleArn")
    if not arn:
        return
    role = next((role for role in call.backend("iam").roles.values() if role.arn == arn), None)
    trusted = role is not None and "monitoring.rds.amazonaws.com" in json.dumps(role.assume_role_policy_document)
    if role is None or not trusted or not any(MONITORING_POLICY in policy for policy in role.managed_policies):
        message = "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING"
        raise Refuse("InvalidParameterValue", message)


def _check_storage(params: dict[str, Any], storage: int, kind: str) -> None:
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html"""
    iops, throughput = params.get("Iops"), params.get("StorageThroughput")
    if kind == "gp3" and storage < STRIPED_GIB and (iops or throughput):
        message = (
            f"You can't specify IOPS or storage throughput for engine postgres and a storage size less than {STRIPED_GIB}."
        )
        raise Refuse("InvalidParameterCombination", message)
    if kind == "gp3" and iops and not 12_000 <= int(iops) <= 64_000:
        raise Refuse("InvalidParameterCombination", f"Invalid iops value: {iops} for gp3 of {storage} GiB.")
    if kind == "io2" and (not iops or not max(1_000, storage / 2) <= int(iops) <= min(256_000, storage * 1_000)):
        raise Refuse(
            "InvalidParameterCombination", f"The IOPS to GiB ratio must be between 0.5 and 1000: {iops}, {storage} GiB."
        )
    maximum = params.get("MaxAllocatedStorage")
    if maximum and int(maximum) < storage * 1.1:
        raise Refuse("InvalidParameterCombination", "Max storage size must be greater than storage size by 10 % at least.")


def _check_password(params: dict[str, Any]) -> None:
    password = params.get("MasterUserPassword", "")
    if not 8 <= len(password) <= 128 or set(password) & set('/"@ ') or not password.isascii():
        message = "The parameter MasterUserPassword is not a valid password."
        raise Refuse(
            "InvalidParameterValue", f"{message} Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."
        )
