"""Backup: what is kept for how long, who may delete it, and whether it can be restored."""

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.management import policies
from components.management.args import Common
from components.management.backup_args import BackupArgs, BackupCopiesArgs, OtherAccountArgs, VaultLockArgs
from components.management.restores import RESTORE_POLICIES, RestoreTesting, backup_role
from components.management.vaults import VaultArgs, make_vault

BACKUP_POLICIES = ("service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup")

MACHINES_POLICY = "service-role/AWSBackupGatewayServiceRolePolicyForVirtualMachineMetadataSync"

VAULT_EVENTS = (
    "BACKUP_JOB_COMPLETED",  # in whatever state: a message attribute says which
    "RESTORE_JOB_COMPLETED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
)
"""The events that AWS Backup still sends to a topic; those named after a failed backup or restore are no longer sent."""
COPY_EVENT = "COPY_JOB_FAILED"
"""Sent by the vault that is copied from. Other than for backups, each outcome of a copy has an event of its own."""

RESOURCES: Mapping[str, str] = {
    "RDS": ":rds:*:*:db:*",
    "EFS": ":elasticfilesystem:*:*:file-system/*",
    "S3": ":s3:::*",
    "VirtualMachine": ":backup-gateway:*:*:vm/*",
}
"""What follows the partition in the ARN of any resource of a type. With the tag as a condition, both must hold."""


class BackupPlanArgs(Common):
    """What Backup takes."""

    protected: bool
    """Whether the vault and its key survive a destroy."""
    account_settings: str
    """`create`: this deployment opts the types in for the account and region."""
    time_zone: str
    """IANA name of the zone in which schedules are read."""
    backup: BackupArgs
    """What is kept for how long."""
    backup_tag: str
    """The value of the tag `Backup` of what is backed up."""
    copies_region: str | None
    """Another region that gets copies; None: no copies."""
    paused: bool
    """Whether nothing is selected."""
    topic_arn: pulumi.Input[str]
    """The topic that hears how jobs end."""
    database_subnet_group_name: pulumi.Input[str] | None
    """Where restores of RDS are tried; None: they are not."""


class Backup(pulumi.ComponentResource):
    """What carries the tag is backed up daily, weekly and monthly into an encrypted vault that nobody empties by hand.

    Each backup is copied into a like vault of another region, if there is one.
    """

    vault_arn: pulumi.Output[str]
    """The vault."""
    vault_name: pulumi.Output[str]
    """Its name."""
    copies_vault_arn: pulumi.Output[str] | None
    """The vault of the copies in the other region; None without."""
    copies_vault_name: pulumi.Output[str] | None
    """Its name."""
    plan_id: pulumi.Output[str]
    """The backup plan."""
    restore_role_arn: pulumi.Output[str]
    """The role with which anything is restored."""
    machines_role_arn: pulumi.Output[str] | None
    """The role by which the Backup gateway's service reads tags of VMware; None unless virtual machines are backed up."""

    def __init__(self, name: str, args: BackupPlanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:Backup", name, {**args}, opts)
        self.child = pulumi.ResourceOptions(parent=self)
        self.args = args
        backup = args["backup"]

        vault, copies = self._vault(name), self._copies(f"{name}-copies")
        self.copies_vault_arn = copies.arn if copies else None
        self.copies_vault_name = copies.name if copies else None
        opted_in = self._opt_in(name)
        plan = aws.backup.Plan(
            name,
            rules=plan_rules(
                backup, time_zone=args["time_zone"], vault_name=vault.name, copies_vault_arn=self.copies_vault_arn
            ),
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=self.child,
        )
        role = backup_role(f"{name}-role", BACKUP_POLICIES, args, self.child)
        # It was the restore tests' own once.
        tests = pulumi.create_urn(f"{name}-restores", "hybridge:index:RestoreTesting", parent=self.urn)
        restoring = pulumi.ResourceOptions(parent=self, aliases=[pulumi.Alias(parent=tests)])
        self.restore_role_arn = backup_role(f"{name}-restores-role", RESTORE_POLICIES, args, restoring)
        self.machines_role_arn = self._machines(f"{name}-machines") if "VirtualMachine" in backup["resource_types"] else None
        if not args["paused"]:
            aws.backup.Selection(
                name,
                plan_id=plan.id,
                iam_role_arn=role,
                resources=[
                    pulumi.Output.concat("arn:", args["partition"], RESOURCES[kind]) for kind in backup["resource_types"]
                ],
                conditions=[{"string_equals": [{"key": "aws:ResourceTag/Backup", "value": args["backup_tag"]}]}],
                region=args["region"],
                # A type that the region has not opted in is skipped without a word.
                opts=pulumi.ResourceOptions(parent=self, depends_on=opted_in),
            )
        if "restore_testing" in backup:
            RestoreTesting(
                f"{name}-restores",
                {
                    "region": args["region"],
                    "tags": args["tags"],
                    "account": args["account"],
                    "partition": args["partition"],
                    "time_zone": args["time_zone"],
                    "restore_testing": backup["restore_testing"],
                    "backup_tag": args["backup_tag"],
                    "vault_arn": vault.arn,
                    "role_arn": self.restore_role_arn,
                    "database_subnet_group_name": args["database_subnet_group_name"],
                },
                self.child,
            )

        self.vault_arn = vault.arn
        self.vault_name = vault.name
        self.plan_id = plan.id
        self.register_outputs(
            {
                "vault_arn": self.vault_arn,
                "vault_name": self.vault_name,
                "copies_vault_arn": self.copies_vault_arn,
                "copies_vault_name": self.copies_vault_name,
                "plan_id": self.plan_id,
                "restore_role_arn": self.restore_role_arn,
                "machines_role_arn": self.machines_role_arn,
            }
        )

    def _machines(self, name: str) -> pulumi.Output[str]:
        """What a person gives the hypervisor's connection, so that tags of VMware become tags of AWS."""
        args = self.args
        role = aws.iam.Role(
            name,
            description="Lets the Backup gateway's service tag virtual machines as the hypervisor does",
            assume_role_policy=json.dumps(policies.trust("backup-gateway.amazonaws.com")),
            tags={**args["tags"], "Name": name},
            opts=self.child,
        )
        aws.iam.RolePolicyAttachment(
            name,
            role=role.name,
            policy_arn=pulumi.Output.concat("arn:", args["partition"], f":iam::aws:policy/{MACHINES_POLICY}"),
            opts=self.child,
        )
        return role.arn

    def _vault(self, name: str) -> aws.backup.Vault:
        args = self.args
        vault = self._made_vault(name, args["region"], "Backups in the vault", args["backup"].get("vault_lock"))
        aws.backup.VaultNotifications(
            name,
            backup_vault_name=vault.name,
            backup_vault_events=[*VAULT_EVENTS, *([COPY_EVENT] if args["copies_region"] else [])],
            sns_topic_arn=args["topic_arn"],
            region=args["region"],
            # Each argument makes them anew, and both are the vault's one list: deleted last, the old takes the new with it.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        return vault

    def _copies(self, name: str) -> aws.backup.Vault | None:
        """The vault of the copies in the other region, if there shall be copies."""
        region, copies = self.args["copies_region"], self.args["backup"].get("copies")
        if region is None or copies is None:
            return None
        return self._made_vault(name, region, "Copies of backups from another region", copies.get("vault_lock"))

    def _made_vault(self, name: str, region: str, description: str, lock: VaultLockArgs | None) -> aws.backup.Vault:
        args = self.args
        place: VaultArgs = {
            "region": region,
            "tags": args["tags"],
            "account": args["account"],
            "partition": args["partition"],
            "description": description,
            "lock": lock,
            "protected": args["protected"],
            "other_account": other_account(args["backup"]) if region == args["region"] else None,
            "outlives": region != args["region"],
        }
        return make_vault(name, place, self)

    def _opt_in(self, name: str) -> list[pulumi.Resource]:
        if self.args["account_settings"] != "create":
            return []
        types = self.args["backup"]["resource_types"]
        return [
            aws.backup.RegionSettings(
                # Other types make it another resource, since changes are ignored below; to delete one changes nothing in AWS.
                "-".join([name, *sorted(kind.lower() for kind in types)]),
                # Types that are not named keep what the account has chosen for them.
                resource_type_opt_in_preference=dict.fromkeys(types, True),
                region=self.args["region"],
                # The provider reads every type back, so that each update would show those that are not named as removed.
                opts=pulumi.ResourceOptions(parent=self, ignore_changes=["resourceTypeOptInPreference"]),
            )
        ]


def plan_rules(
    backup: BackupArgs,
    *,
    time_zone: str,
    vault_name: pulumi.Input[str],
    copies_vault_arn: pulumi.Input[str] | None = None,
) -> list[aws.backup.PlanRuleArgsDict]:
    """The rules of the plan: daily always; weekly and monthly if their backups are kept at all; copies where they are kept."""
    hour = backup["start_hour"]
    monthly: aws.backup.PlanRuleLifecycleArgsDict = {"delete_after": backup["monthly_retention_days"]}
    if "monthly_cold_after_days" in backup:
        monthly["cold_storage_after"] = backup["monthly_cold_after_days"]
    rules: dict[str, tuple[str, aws.backup.PlanRuleLifecycleArgsDict]] = {
        "daily": (f"cron(0 {hour} * * ? *)", {"delete_after": backup["daily_retention_days"]}),
        "weekly": (f"cron(0 {hour} ? * SUN *)", {"delete_after": backup["weekly_retention_days"]}),
        "monthly": (f"cron(0 {hour} 1 * ? *)", monthly),
    }
    destinations: list[tuple[pulumi.Input[str], dict[str, int]]] = []
    if copies_vault_arn is not None and "copies" in backup:
        destinations.append((copies_vault_arn, _copied_days(backup["copies"])))
    if "other_account" in backup:
        destinations.append((backup["other_account"]["vault_arn"], _copied_days(backup["other_account"])))
    made: list[aws.backup.PlanRuleArgsDict] = []
    for rule, (schedule, lifecycle) in rules.items():
        if not lifecycle["delete_after"]:
            continue
        planned: aws.backup.PlanRuleArgsDict = {
            "rule_name": rule,
            "target_vault_name": vault_name,
            "schedule": schedule,
            "schedule_expression_timezone": time_zone,
            # Begun within the hour, so that it does not meet the windows of RDS, which would make it fail.
            "start_window": 60,
            "completion_window": backup["completion_hours"] * 60,
            "lifecycle": lifecycle,
            # Point-in-time recovery stays with RDS: AWS Backup would take its automated backups over. Nor would it help the
            # copies: what is copied is a snapshot in any case.
            "enable_continuous_backup": False,
            "recovery_point_tags": {"Rule": rule},
        }
        # No cold storage: AWS Backup copies nothing that lies there, nor does a copy need it.
        copies: list[aws.backup.PlanRuleCopyActionArgsDict] = [
            {"destination_vault_arn": vault, "lifecycle": {"delete_after": days[rule]}}
            for vault, days in destinations
            if days[rule]
        ]
        if copies:
            planned["copy_actions"] = copies
        made.append(planned)
    return made


def _copied_days(copies: BackupCopiesArgs | OtherAccountArgs) -> dict[str, int]:
    """How long the copies of each rule are kept."""
    return {
        "daily": copies["daily_retention_days"],
        "weekly": copies["weekly_retention_days"],
        "monthly": copies["monthly_retention_days"],
    }


def other_account(backup: BackupArgs) -> str | None:
    """The account that backups are copied to; None without."""
    return backup["other_account"]["vault_arn"].split(":")[4] if "other_account" in backup else None
