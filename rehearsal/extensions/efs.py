"""EFS: backup policies, which moto cannot set, and what AWS refuses where moto does not."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation


def _file_system(call: Call) -> Any:
    identifier = call.params["FileSystemId"]
    found = call.backend("efs").file_systems_by_id.get(identifier)
    if found is None:
        raise Refuse("FileSystemNotFound", f"File system {identifier} does not exist.")
    return found


@operation("efs", "PutBackupPolicy")
def put_backup_policy(call: Call) -> dict[str, Any]:
    """Turn automatic backups of a file system on or off."""
    identifier = _file_system(call).file_system_id
    call.state["backup_policies"][identifier] = call.params["BackupPolicy"]
    return {"BackupPolicy": call.params["BackupPolicy"]}


@operation("efs", "DescribeBackupPolicy")
def describe_backup_policy(call: Call) -> dict[str, Any]:
    """What was put; a file system that was never asked about has no policy."""
    identifier = _file_system(call).file_system_id
    if identifier not in call.state["backup_policies"]:
        raise Refuse("PolicyNotFound", "None")
    return {"BackupPolicy": call.state["backup_policies"][identifier]}


@operation("efs", "UpdateFileSystem")
def update_file_system(call: Call) -> dict[str, Any]:
    """How fast it is."""
    found, params = _file_system(call), call.params
    found.throughput_mode = params.get("ThroughputMode", found.throughput_mode)
    if found.throughput_mode != "provisioned":
        found.provisioned_throughput_in_mibps = None
    elif "ProvisionedThroughputInMibps" in params:
        found.provisioned_throughput_in_mibps = params["ProvisionedThroughputInMibps"]
    return dict(found.info_json())


@operation("efs", "CreateMountTarget")
def create_mount_target(call: Call) -> Any:
    """AWS knows the security groups of a mount target, and takes only those of its VPC."""
    ec2 = call.backend("ec2")
    subnet = next(
        (subnet for zone in ec2.subnets.values() for key, subnet in zone.items() if key == call.params["SubnetId"]), None
    )
    for group in call.params.get("SecurityGroups", []):
        if subnet is not None and group not in ec2.groups.get(subnet.vpc_id, {}):
            raise Refuse("SecurityGroupNotFound", f"One of the specified security groups does not exist: {group}.")
    return call.moto()


@operation("efs", "PutLifecycleConfiguration")
def put_lifecycle_configuration(call: Call) -> Any:
    """AWS takes one transition to a policy, and Archive only with elastic throughput and after Infrequent Access."""
    policies = call.params["LifecyclePolicies"]
    if any(len(policy) != 1 for policy in policies):
        raise Refuse("BadRequest", "Each LifecyclePolicy object can have only a single transition.")
    days = {key: int(value.split("_")[1]) for policy in policies for key, value in policy.items() if "AFTER" in value}
    if "TransitionToArchive" in days:
        if _file_system(call).throughput_mode != "elastic":
            raise Refuse("BadRequest", "Archive is supported on file systems with Elastic throughput only.")
        if days["TransitionToArchive"] <= days.get("TransitionToIA", 10_000):
            raise Refuse("BadRequest", "TransitionToArchive must be later than TransitionToIA, which it requires.")
    return call.moto()


@operation("efs", "DeleteFileSystemPolicy")
def delete_file_system_policy(call: Call) -> dict[str, Any]:
    """From then on everybody who reaches a mount target gets in."""
    _file_system(call).file_system_policy = None
    return {}
