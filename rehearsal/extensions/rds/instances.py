"""RDS: groups and new instances, with the checks that AWS makes across services and between storage, IOPS and version."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.rds.checks import (
    check_keys,
    check_monitoring,
    check_network,
    check_password,
    check_storage,
    keep,
    name_resource,
    subnet_of,
)

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
DEFAULTS = {"log_autovacuum_min_duration": ("10000", 11), "rds.force_ssl": ("1", 15)}
"""Parameters of PostgreSQL that RDS itself sets: the value, and the first major version that has it."""
FAMILIES = frozenset(f"postgres{major}" for major in range(11, 19))
MOST_PARAMETERS = 20
LEAST_ZONES = 2


@operation("rds", "CreateDBSubnetGroup")
def create_subnet_group(call: Call) -> Any:
    """A group must span two zones of one VPC."""
    subnets = [subnet_of(call, identifier) for identifier in call.params["SubnetIds"]]
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
    """Static parameters cannot be applied at once, and what is the default stays listed as it was: pending-reboot."""
    parameters = call.params["Parameters"]
    if len(parameters) > MOST_PARAMETERS:
        raise Refuse("InvalidParameterValue", f"A maximum of {MOST_PARAMETERS} parameters can be modified in a single request.")
    for parameter in parameters:
        if parameter["ParameterName"] in STATIC_PARAMETERS and parameter.get("ApplyMethod") == "immediate":
            raise Refuse(
                "InvalidParameterCombination",
                f"cannot use immediate apply method for static parameter: {parameter['ParameterName']}",
            )
    result = call.moto()
    group = call.backend("rds").db_parameter_groups[call.params["DBParameterGroupName"]]
    major = int(group.family.removeprefix("postgres")) if group.family.startswith("postgres") else 0
    for name, (value, since) in DEFAULTS.items():
        if major >= since and group.parameters.get(name, {}).get("ParameterValue") == value:
            group.parameters[name]["ApplyMethod"] = "pending-reboot"
    for parameter in parameters:
        # By the source tools tell what was set from what the engine has by itself.
        group.parameters[parameter["ParameterName"]] |= {"Source": "user", "IsModifiable": True}
    return result


@operation("rds", "DescribeDBParameters")
def describe_parameters(call: Call) -> Any:
    """What was set; of the engine's own parameters none is known here."""
    answer = call.moto()
    wanted = call.params.get("Source", "user")
    answer.result["Parameters"] = [one for one in answer.result["Parameters"] if one.get("Source") == wanted]
    return answer


@operation("rds", "CreateDBInstance")
def create_instance(call: Call) -> Any:
    """Groups, keys and roles must exist and fit together, storage must be on offer, the parameters of the right version."""
    params = call.params
    check_network(call, params.get("DBSubnetGroupName"))
    check_keys(call)
    check_monitoring(call)
    check_storage(params, int(params["AllocatedStorage"]), params.get("StorageType", "gp2"))
    check_password(params)
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
    name_resource(call, instance)
    keep(call, instance)
    return result


@operation("rds", "ModifyDBInstance")
def modify_instance(call: Call) -> Any:
    """What is changed must be there, and reads back."""
    check_keys(call)
    check_monitoring(call)
    result = call.moto()
    identifier = call.params.get("NewDBInstanceIdentifier", call.params["DBInstanceIdentifier"])
    keep(call, call.backend("rds").databases[identifier])
    return result
