"""Restores on trial: a backup that nobody has restored is a hope."""

import json
import re
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.management import policies
from components.management.args import Common
from components.management.backup_args import RestoreTestingArgs

RESTORE_POLICIES = ("service-role/AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore")


class RestoresArgs(Common):
    """What RestoreTesting takes."""

    time_zone: str
    """IANA name of the zone in which the schedule is read."""
    restore_testing: RestoreTestingArgs
    """What is tried, and when."""
    backup_tag: str
    """The value of the tag `Backup` of what is restored."""
    role_arn: pulumi.Input[str]
    """The role with which it is restored."""
    vault_arn: pulumi.Input[str]
    """The vault whose backups are tried."""
    database_subnet_group_name: pulumi.Input[str] | None
    """Where databases are restored; None: they are not."""


class RestoreTesting(pulumi.ComponentResource):
    """Every now and then a backup of each kind is restored beside the original, and removed when its time is over."""

    def __init__(self, name: str, args: RestoresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:RestoreTesting", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        wanted, subnets = args["restore_testing"], args["database_subnet_group_name"]
        # Not named by Pulumi, whose hyphens AWS refuses here.
        physical = re.sub(r"[^A-Za-z0-9]", "_", f"{pulumi.get_project()}_{pulumi.get_stack()}")[:40]
        plan = aws.backup.RestoreTestingPlan(
            name,
            name=physical,
            schedule_expression=wanted["schedule"],
            schedule_expression_timezone=args["time_zone"],
            start_window_hours=1,
            recovery_point_selection={
                "algorithm": "RANDOM_WITHIN_WINDOW",
                "include_vaults": [args["vault_arn"]],
                "recovery_point_types": ["SNAPSHOT"],
                "selection_window_days": wanted["window_days"],
            },
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=child,
        )
        for kind in wanted["resource_types"]:
            if kind == "RDS" and subnets is None:
                continue
            aws.backup.RestoreTestingSelection(
                f"{name}-{kind.lower()}",
                name=f"{physical}_{kind.lower()}",
                restore_testing_plan_name=plan.name,
                protected_resource_type=kind,
                iam_role_arn=args["role_arn"],
                protected_resource_conditions={
                    "string_equals": [{"key": "aws:ResourceTag/Backup", "value": args["backup_tag"]}],
                },
                # AWS Backup would guess the default VPC, and restore a database as large as it was.
                restore_metadata_overrides=(
                    {"dbSubnetGroupName": subnets, "multiAz": "false", "publiclyAccessible": "false"}
                    if kind == "RDS" and subnets is not None
                    else None
                ),
                validation_window_hours=wanted["keep_hours"],
                region=args["region"],
                opts=child,
            )
        self.register_outputs({})


def backup_role(name: str, managed: Sequence[str], args: Common, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """A role for AWS Backup with these managed policies, and its ARN."""
    role = aws.iam.Role(
        name,
        description="Lets AWS Backup act on what it backs up or restores",
        assume_role_policy=json.dumps(policies.trust("backup.amazonaws.com")),
        tags={**args["tags"], "Name": name},
        opts=opts,
    )
    for path in managed:
        aws.iam.RolePolicyAttachment(
            f"{name}-{'s3' if 'S3' in path else 'all'}",
            role=role.name,
            policy_arn=pulumi.Output.concat("arn:", args["partition"], f":iam::aws:policy/{path}"),
            opts=opts,
        )
    return role.arn
