"""Replication instances, and the subnets that they are in."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.dms.common import (
    VPC_POLICY,
    VPC_ROLE,
    check_key,
    check_role,
    chosen,
    moto_answer,
    rename,
    resource_id,
)

LEAST_ZONES = 2


@operation("dms", "CreateReplicationSubnetGroup")
def create_subnet_group(call: Call) -> dict[str, Any]:
    """DMS looks at the subnets as dms-vpc-role, which must be there by name with its policy attached."""
    params = call.params
    check_role(call, VPC_ROLE, VPC_POLICY)
    name = params["ReplicationSubnetGroupIdentifier"].lower()
    if name in call.state["subnet_groups"]:
        raise Refuse("ResourceAlreadyExistsFault", f"The resource {name} you are attempting to create already exists.")
    subnets = [_subnet(call, identifier) for identifier in params["SubnetIds"]]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise Refuse("InvalidSubnet", "The subnets are not all in the same VPC.")
    if len({subnet.availability_zone for subnet in subnets}) < LEAST_ZONES:
        message = "The replication subnet group does not cover enough Availability Zones (AZs). Edit it and add more AZs."
        raise Refuse("ReplicationSubnetGroupDoesNotCoverEnoughAZs", message)
    group = {
        "ReplicationSubnetGroupIdentifier": name,
        "ReplicationSubnetGroupDescription": params["ReplicationSubnetGroupDescription"],
        "VpcId": subnets[0].vpc_id,
        "SubnetGroupStatus": "Complete",
        "Subnets": [
            {
                "SubnetIdentifier": subnet.id,
                "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
                "SubnetStatus": "Active",
            }
            for subnet in subnets
        ],
        "SupportedNetworkTypes": ["IPV4"],
    }
    call.state["subnet_groups"][name] = group
    call.backend("dms").tagger.tag_resource(call.arn(f"subgrp:{name}"), params.get("Tags", []))
    return {"ReplicationSubnetGroup": group}


@operation("dms", "DescribeReplicationSubnetGroups")
def describe_subnet_groups(call: Call) -> dict[str, Any]:
    """All, or those of the given identifiers."""
    return {"ReplicationSubnetGroups": chosen(call, "subnet_groups")}


@operation("dms", "CreateReplicationInstance")
def create_instance(call: Call) -> dict[str, Any]:
    """Roles, subnet group, security groups and key must exist, the groups in the VPC of the subnets."""
    params = call.params
    check_role(call, VPC_ROLE, VPC_POLICY)
    check_key(call, params.get("KmsKeyId"))
    name = params.get("ReplicationSubnetGroupIdentifier", "default")
    subnets = call.state["subnet_groups"].get(name)
    if subnets is None:
        raise Refuse("ResourceNotFoundFault", f"The replication subnet group {name} does not exist.")
    groups = call.backend("ec2").groups.get(subnets["VpcId"], {})
    for identifier in params.get("VpcSecurityGroupIds", []):
        if identifier not in groups:
            raise Refuse("InvalidParameterValueException", f"Security group {identifier} is not in {subnets['VpcId']}.")
    instances = call.backend("dms").replication_instances
    if any(instance.id == params["ReplicationInstanceIdentifier"].lower() for instance in instances.values()):
        raise Refuse("ResourceAlreadyExistsFault", "Replication Instance already exists.")
    made = moto_answer(call)["ReplicationInstance"]
    # The end of a real ARN is random; the metrics of tasks are found by it.
    instance = instances.pop(made["ReplicationInstanceArn"])
    instance.id = instance.id.lower()
    rename(call, instance, call.arn(f"rep:{resource_id(call)}"))
    instances[instance.arn] = instance
    instance.status = "available"
    return {"ReplicationInstance": _instance(call, instance)}


@operation("dms", "DescribeReplicationInstances")
def describe_instances(call: Call) -> dict[str, Any]:
    """moto's answer with the real subnets."""
    described = moto_answer(call)
    instances = call.backend("dms").replication_instances
    found = [_instance(call, instances[one["ReplicationInstanceArn"]]) for one in described["ReplicationInstances"]]
    return {**described, "ReplicationInstances": found}


def _instance(call: Call, instance: Any) -> dict[str, Any]:
    described: dict[str, Any] = instance.to_dict()
    subnets = call.state["subnet_groups"].get(instance.replication_subnet_group_identifier)
    zones = [subnet["SubnetAvailabilityZone"]["Name"] for subnet in subnets["Subnets"]] if subnets else []
    described |= {
        "ReplicationSubnetGroup": subnets,
        "AvailabilityZone": described["AvailabilityZone"] or next(iter(zones), None),
    }
    described["SecondaryAvailabilityZone"] = zones[1] if described["MultiAZ"] and zones[1:] else None
    return described


def _subnet(call: Call, identifier: str) -> Any:
    for zone in call.backend("ec2").subnets.values():
        if identifier in zone:
            return zone[identifier]
    raise Refuse("InvalidSubnet", f"The subnet {identifier} does not exist.")
