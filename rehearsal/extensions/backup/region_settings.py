"""Which types AWS Backup covers in a region. moto has none of it."""

from typing import Any

from rehearsal.extend import Call, Refuse, operation

# https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html
TYPES = (
    "Aurora",
    "CloudFormation",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "EKS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "Redshift Serverless",
    "S3",
    "SAP HANA on Amazon EC2",
    "Storage Gateway",
    "Timestream",
    "VirtualMachine",
)
ASKED_FOR = frozenset({"S3", "SAP HANA on Amazon EC2", "Timestream", "CloudFormation", "Redshift"})
"""Those that are not covered until somebody says so."""


@operation("backup", "UpdateRegionSettings")
def update_region_settings(call: Call) -> dict[str, Any]:
    """Types that are not named keep their preference."""
    for member, kind in (("ResourceTypeOptInPreference", "opt_in"), ("ResourceTypeManagementPreference", "management")):
        given = call.params.get(member, {})
        if unknown := set(given) - set(TYPES):
            raise Refuse("InvalidParameterValueException", f"Invalid resource type: {sorted(unknown)}")
        call.state[kind].update(given)
    return {}


@operation("backup", "DescribeRegionSettings")
def describe_region_settings(call: Call) -> dict[str, Any]:
    """Every type: an account begins with all of them but S3, and those that must be asked for."""
    opt_in = {kind: kind not in ASKED_FOR for kind in TYPES} | dict(call.state["opt_in"])
    management = {"DynamoDB": False, "EFS": True} | dict(call.state["management"])
    return {"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management}
