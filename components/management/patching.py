"""Patching: what is approved, and the windows in which it is looked for and installed."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.management import baselines, draining, policies
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
    cluster_name: pulumi.Input[str] | None
    """The ECS cluster off which servers are taken while they are patched."""


class Patching(pulumi.ComponentResource):
    """Hosts of the patch group, on either side, are scanned daily; servers on-premises are patched in a window, some at a time.

    Each is drained first. Hosts in AWS get patches with the next image: an instance refresh drains and replaces them.
    """

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
        runbook, runbook_role = self._runbook(f"{name}-server")
        role = self._role(f"{name}-role", runbook.arn, runbook.name, runbook_role)
        self.window_ids = {
            "scan": self._window(f"{name}-scan", "Scan", patching["scan_schedule"], role, self._scan(f"{name}-scan")),
            "install": self._window(
                f"{name}-install",
                "Install",
                patching["install_schedule"],
                role,
                {
                    "task_type": "AUTOMATION",
                    "task_arn": runbook.name,
                    "description": "Drains, patches and takes back each server on-premises",
                    "max_concurrency": patching["max_concurrency"],
                    "max_errors": patching["max_errors"],
                    "task_invocation_parameters": {
                        "automation_parameters": {
                            "document_version": "$DEFAULT",
                            "parameters": [
                                {"name": "AutomationAssumeRole", "values": [runbook_role]},
                                {"name": "InstanceId", "values": ["{{RESOURCE_ID}}"]},
                            ],
                        }
                    },
                },
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

    def _runbook(self, name: str) -> tuple[aws.ssm.Document, pulumi.Output[str]]:
        """The runbook for a server, and the role under which it runs."""
        args = self.args
        role = aws.iam.Role(
            f"{name}-role",
            description="Lets the runbook of patching drain, patch and take back servers",
            assume_role_policy=pulumi.Output.from_input(args["account"]).apply(
                lambda account: json.dumps(policies.automation_trust(account))
            ),
            tags={**args["tags"], "Name": f"{name}-role"},
            opts=self.child,
        )
        aws.iam.RolePolicy(
            f"{name}-role",
            role=role.name,
            policy=pulumi.Output.all(args["partition"], args["account"], args["cluster_name"]).apply(
                lambda given: json.dumps(
                    policies.draining_policy(
                        partition=given[0],
                        account=given[1],
                        region=args["region"],
                        patch_group=args["patch_group"],
                        cluster=given[2],
                    )
                )
            ),
            opts=self.child,
        )
        document = aws.ssm.Document(
            name,
            document_type="Automation",
            document_format="JSON",
            content=pulumi.Output.json_dumps(
                draining.runbook(
                    cluster=args["cluster_name"],
                    region=args["region"],
                    reboot=args["patching"]["reboot"],
                    log_group=args["log_group_name"],
                )
            ),
            tags={**args["tags"], "Name": name},
            region=args["region"],
            opts=self.child,
        )
        return document, role.arn

    def _scan(self, name: str) -> dict[str, Any]:
        """The task that only looks: at all hosts at once, without a restart."""
        return {
            "task_type": "RUN_COMMAND",
            "task_arn": "AWS-RunPatchBaseline",
            "description": "AWS-RunPatchBaseline, operation Scan",
            "max_concurrency": "100%",
            "max_errors": "100%",
            "task_invocation_parameters": {
                "run_command_parameters": {
                    "comment": f"Scan by maintenance window {name}",
                    "document_version": "$DEFAULT",
                    "timeout_seconds": 600,
                    "parameters": [
                        {"name": "Operation", "values": ["Scan"]},
                        {"name": "RebootOption", "values": ["NoReboot"]},
                    ],
                    "cloudwatch_config": {
                        "cloudwatch_output_enabled": True,
                        "cloudwatch_log_group_name": self.args["log_group_name"],
                    },
                }
            },
        }

    def _role(
        self,
        name: str,
        document_arn: pulumi.Output[str],
        document_name: pulumi.Output[str],
        runbook_role: pulumi.Output[str],
    ) -> pulumi.Output[str]:
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
            policy=pulumi.Output.all(args["partition"], args["account"], document_arn, document_name, runbook_role).apply(
                lambda given: json.dumps(
                    policies.maintenance_policy(
                        partition=given[0],
                        account=given[1],
                        region=args["region"],
                        patch_group=args["patch_group"],
                        further=policies.window_starts(
                            document_arn=given[2],
                            definition_arn=f"arn:{given[0]}:ssm:{args['region']}:{given[1]}:automation-definition/{given[3]}:*",
                            executions_arn=f"arn:{given[0]}:ssm:{args['region']}:{given[1]}:automation-execution/*",
                            role_arn=given[4],
                        ),
                    )
                )
            ),
            opts=self.child,
        )
        return role.arn

    def _window(
        self, name: str, operation: str, schedule: str, role: pulumi.Output[str], task: dict[str, Any]
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
            priority=1,
            cutoff_behavior="CANCEL_TASK",
            service_role_arn=role,
            targets=[{"key": "WindowTargetIds", "values": [hosts.id]}],
            region=args["region"],
            opts=self.child,
            **task,
        )
        return window.id


def patch_group_targets(patch_group: str) -> Sequence[aws.ssm.MaintenanceWindowTargetTargetArgsDict]:
    """Hosts of either side that carry the tag `PatchGroup` with this value."""
    return [{"key": "tag:PatchGroup", "values": [patch_group]}]
