"""What RDS checks across services before it makes an instance, from whatever source."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse

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


def keep(call: Call, instance: Any) -> None:
    """What moto drops is read back from the instance."""
    for member, attribute in KEPT.items():
        if member in call.params:
            setattr(instance, attribute, call.params[member])


def name_resource(call: Call, instance: Any) -> None:
    """Each instance has a resource id of its own."""
    instance.dbi_resource_id = "db-" + call.new_id(length=26).upper()


def subnet_of(call: Call, identifier: str) -> Any:
    """The subnet, in whatever zone it is."""
    for zone in call.backend("ec2").subnets.values():
        if identifier in zone:
            return zone[identifier]
    raise Refuse("InvalidSubnet", f"The requested subnet is invalid: {identifier}")


def check_network(call: Call, subnet_group: str | None) -> None:
    """The subnet group and the security groups must be there and share a VPC."""
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


def check_keys(call: Call) -> None:
    """Keys must be there, in the region of the request."""
    for member in ("KmsKeyId", "PerformanceInsightsKMSKeyId"):
        arn = call.params.get(member)
        if not arn:
            continue
        elsewhere = arn.startswith("arn:") and arn.split(":")[3] != call.region
        if elsewhere or arn.rsplit("/", maxsplit=1)[-1] not in call.backend("kms").keys:
            message = f"The specified KMS key [{arn}] does not exist in {call.region}, is not enabled or is not accessible."
            raise Refuse("KMSKeyNotAccessibleFault", message)


def check_monitoring(call: Call) -> None:
    """The role of enhanced monitoring must be there, trust RDS and have its policy."""
    arn = call.params.get("MonitoringRoleArn")
    if not arn:
        return
    role = next((role for role in call.backend("iam").roles.values() if role.arn == arn), None)
    trusted = role is not None and "monitoring.rds.amazonaws.com" in json.dumps(role.assume_role_policy_document)
    if role is None or not trusted or not any(MONITORING_POLICY in policy for policy in role.managed_policies):
        message = "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING"
        raise Refuse("InvalidParameterValue", message)


def check_storage(params: dict[str, Any], storage: int, kind: str) -> None:
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


def check_password(params: dict[str, Any]) -> None:
    """RDS takes any printable ASCII but four characters."""
    password = params.get("MasterUserPassword", "")
    if not 8 <= len(password) <= 128 or set(password) & set('/"@ ') or not password.isascii():
        message = "The parameter MasterUserPassword is not a valid password."
        raise Refuse(
            "InvalidParameterValue", f"{message} Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."
        )
