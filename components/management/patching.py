"""Patching: what is approved, and the windows in which it is looked for and installed."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.management import baselines, policies
from components.management.args import Common, PatchingArgs


class PatchArgs(Common):
    """What Patching takes."""

    time_zone: str
    """IANA name of the zone in which schedules are read."""
    patch_group: str
    """The value of the tag `PatchGroup` of the hosts."""
    patching: PatchingArgs
    """When and how."""
    log_group_name: pulumi.Input[str]
    """Where the output of the commands goes."""


class Patching(pulumi.ComponentResource):
    """Hosts of the patch group, on either side, are scanned daily and patched in a window, some at a time."""

    baseline_ids: dict[str, pulumi.Output[str]]
    """The patch baselines, by operating system."""
    window_ids: dict[str, pulumi.Output[str]]
    """The maintenance windows: `scan` and `install`."""

    def __init__(self, name: str, args: PatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:Patching", name, {**args}, opts)
        self.child = pulumi.ResourceOptions(parent=self)
        self.args = args
        patching = args["patching"]

        self.baseline_ids = {system: self._baseline(name, system) for system in patching["operating_systems"]}
        role = self._role(f"{name}-role")
        self.window_ids = {
            "scan": self._window(
                f"{name}-scan", patching["scan_schedule"], role, "Scan", reboot="NoReboot", concurrency="100%", errors="100%"
            ),
            "install": self._window(
                f"{name}-install",
                patching["install_schedule"],
                role,
                "Install",
                reboot=patching["reboot"],
                concurrency=patching["max_concurrency"],
                errors=patching["max_errors"],
            ),
        }
        self.register_outputs({"baseline_ids": self.baseline_ids, "window_ids": self.window_ids})

    def _baseline(self, name: str, system: str) -> pulumi.Output[str]:
        args, patching = self.args, self.args["patching"]
        short = system.lower().replace("_", "-")
        baseline = aws.ssm.PatchBaseline(
            f"{name}-{short}",
            description=f"Approved patches of {system}",
            operating_system=system,
            approval_rules=baselines.approval_rules(system, patching["approve_after_days"]),
            rejected_patches=list(patching["rejected_patches"]) or None,
            # Without this a rejected patch would still come as a dependency of another one.
            rejected_patches_action="BLOCK" if patching["rejected_patches"] else None,
            tags={**args["tags"], "Name": f"{name}-{short}"},
            region=args["region"],
            opts=self.child,
        )
        aws.ssm.PatchGroup(
            f"{name}-{short}",
            baseline_id=baseline.id,
            patch_group=args["patch_group"],
            region=args["region"],
            # A patch group has one baseline for an operating system.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        return baseline.id

    def _role(self, name: str) -> pulumi.Output[str]:
        args = self.args
        role = aws.iam.Role(
            name,
            description="Lets maintenance windows run AWS-RunPatchBaseline on the hosts of one patch group",
            assume_role_policy=json.dumps(policies.trust("ssm.amazonaws.com")),
            tags={**args["tags"], "Name": name},
            opts=self.child,
        )
        aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.all(args["partition"], args["account"]).apply(
                lambda given: json.dumps(
                    policies.maintenance_policy(
                        partition=given[0], account=given[1], region=args["region"], patch_group=args["patch_group"]
                    )
                )
            ),
            opts=self.child,
        )
        return role.arn

    def _window(
        self,
        name: str,
        schedule: str,
        role: pulumi.Output[str],
        operation: str,
        *,
        reboot: str,
        concurrency: str,
        errors: str,
    ) -> pulumi.Output[str]:
        args, patching = self.args, self.args["patching"]
        window = aws.ssm.MaintenanceWindow(
            name,
            description=f"{operation} patches on the hosts of {args['patch_group']}",
            schedule=schedule,
            schedule_timezone=args["time_zone"],
            duration=patching["duration_hours"],
            cutoff=patching["cutoff_hours"],
            allow_unassociated_targets=False,
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=self.child,
        )
        hosts = aws.ssm.MaintenanceWindowTarget(
            name,
            window_id=window.id,
            name="hosts",
            description="EC2 instances and on-premises nodes of the patch group",
            resource_type="INSTANCE",
            targets=patch_group_targets(args["patch_group"]),
            region=args["region"],
            opts=self.child,
        )
        aws.ssm.MaintenanceWindowTask(
            name,
            window_id=window.id,
            name=operation.lower(),
            description=f"AWS-RunPatchBaseline, operation {operation}",
            task_type="RUN_COMMAND",
            task_arn="AWS-RunPatchBaseline",
            priority=1,
            max_concurrency=concurrency,
            max_errors=errors,
            cutoff_behavior="CANCEL_TASK",
            service_role_arn=role,
            targets=[{"key": "WindowTargetIds", "values": [hosts.id]}],
            task_invocation_parameters={
                "run_command_parameters": {
                    "comment": f"{operation} by maintenance window {name}",
                    "document_version": "$DEFAULT",
                    "timeout_seconds": 600,
                    "parameters": [
                        {"name": "Operation", "values": [operation]},
                        {"name": "RebootOption", "values": [reboot]},
                    ],
                    "cloudwatch_config": {
                        "cloudwatch_output_enabled": True,
                        "cloudwatch_log_group_name": args["log_group_name"],
                    },
                }
            },
            region=args["region"],
            opts=self.child,
        )
        return window.id


def patch_group_targets(patch_group: str) -> Sequence[aws.ssm.MaintenanceWindowTargetTargetArgsDict]:
    """Hosts of either side that carry the tag `PatchGroup` with this value."""
    return [{"key": "tag:PatchGroup", "values": [patch_group]}]
