"""Management: one set of tools over both sides."""

import json
from collections.abc import Iterator
from typing import cast

import pulumi
import pulumi_aws as aws

from components.arguments import completed
from components.management import dashboard, data_watches, link_watches, needs, policies, rollcall, watches
from components.management.alarms import Alarms
from components.management.args import Common, ManagementArgs
from components.management.backup import Backup
from components.management.directory import DirectoryConnector
from components.management.failures import Failures
from components.management.groups import ResourceGroups
from components.management.operators import Operators
from components.management.patching import Patching
from components.management.systems_manager import SystemsManager
from components.management.topics import AlarmTopic, Chat, ChatArgs
from components.management.tracing import Tracing
from components.management.watch import Watch

__all__ = ["Management", "ManagementArgs"]

OF_ONE_WORKLOAD = ("unhealthy-", "5xx-", "slow-", "tasks-")
"""Alarms that are told by mail and OpsItem only: a dashboard shows a hundred alarms at most."""


class Management(pulumi.ComponentResource):
    """Hosts in AWS and on-premises are patched, entered and watched alike, data is backed up, and people hear of trouble."""

    alarm_topic_arn: pulumi.Output[str]
    """The SNS topic of every alarm."""
    key_arn: pulumi.Output[str]
    """The KMS key of sessions, logs and alarms: who opens an encrypted session needs kms:GenerateDataKey on it."""
    vault_arn: pulumi.Output[str | None]
    """The backup vault; None without backups."""
    vault_name: pulumi.Output[str | None]
    """Its name."""
    copies_vault_arn: pulumi.Output[str | None]
    """The vault in another region that holds copies of the backups; None without."""
    dashboard_name: pulumi.Output[str]
    """The CloudWatch dashboard."""
    patch_baseline_ids: dict[str, pulumi.Output[str]]
    """The patch baselines, by operating system."""
    maintenance_window_ids: dict[str, pulumi.Output[str]]
    """The maintenance windows: `scan` and `install`."""
    resource_group_arns: dict[str, pulumi.Output[str]]
    """The resource groups: `all`, `hosts`, `backups`."""
    diagnostics_document_name: pulumi.Output[str]
    """The Run Command document that tells what a host sees."""
    session_log_group_name: pulumi.Output[str]
    """Where sessions are recorded."""
    command_log_group_name: pulumi.Output[str]
    """Where the output of patching goes."""
    directory_id: pulumi.Output[str | None]
    """The AD Connector; None without one."""
    alarm_arns: dict[str, pulumi.Output[str]]
    """Every alarm, by what it watches."""

    operator_policy_arns: dict[str, pulumi.Output[str]]
    """Policies for people, by kind of work: `look`, `shell`, `run`, `restore` (with backups)."""
    backup_machines_role_arn: pulumi.Output[str] | None
    """The role by which the Backup gateway's service reads tags of VMware; None unless virtual machines are backed up."""

    def __init__(self, name: str, args: ManagementArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = completed(ManagementArgs, args, f"Management {name!r}", needs.mistakes)
        args = cast(ManagementArgs, {key: value for key, value in args.items() if value is not None})
        super().__init__("hybridge:index:Management", name, {**args}, opts)
        self.child = pulumi.ResourceOptions(parent=self)
        self.args = args
        self.account = aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=self)).account_id
        self.partition = aws.get_partition_output(opts=pulumi.InvokeOptions(parent=self)).partition
        self.common: Common = {
            "region": args["region"],
            "tags": args["tags"],
            "account": self.account,
            "partition": self.partition,
        }

        key = self._key(name)
        wanted = args["alarms"]
        topic = AlarmTopic(
            f"{name}-topic",
            {**self.common, "key_arn": key.arn, "emails": wanted["emails"], "urls": wanted["urls"]},
            self.child,
        )
        chat = None
        if "slack" in wanted or "teams" in wanted:
            channels: ChatArgs = {
                **self.common,
                "key_arn": key.arn,
                "slack": wanted.get("slack"),
                "teams": wanted.get("teams"),
            }
            chat = Chat(f"{name}-chat", channels, self.child)
        hosts = self._hosts(name, key.arn)
        if self._has_hosts():
            rollcall.RollCall(
                f"{name}-roll-call",
                {**self.common, "patch_group": args["patch_group"], "cluster_name": args.get("cluster_name")},
                self.child,
            )
        patching = Patching(
            f"{name}-patching",
            {
                **self.common,
                "time_zone": args["time_zone"],
                "patch_group": args["patch_group"],
                "patching": args["patching"],
                "log_group_name": hosts.command_log_group_name,
                "cluster_name": args.get("cluster_name"),
            },
            self.child,
        )
        backup = self._backup(name, topic.arn) if args["backup"]["enabled"] else None
        tracing = self._tracing(name) if args.get("tracing") else None
        alarms = Alarms(
            f"{name}-alarms",
            {
                **self.common,
                "topic_arns": [topic.arn, *wanted["topic_arns"], *([chat.topic_arn] if chat else [])],
                "ops_items": wanted["ops_items"],
            },
            self._watches(backup, tracing),
            self.child,
        )

        Failures(
            f"{name}-failures",
            {
                **self.common,
                "topic_arn": topic.arn,
                "window_ids": patching.window_ids,
                "migration_task_arns": args.get("migration_task_arns") or {},
                "cluster_name": args.get("cluster_name") if args.get("service_names") else None,
                "association_ids": hosts.association_ids,
                "database_identifiers": _databases(args),
                "other_topic_arns": wanted["topic_arns"],
                "chat_topic_arn": chat.topic_arn if chat else None,
                "job_families": {name: job["family"] for name, job in (args.get("jobs") or {}).items()},
            },
            self.child,
        )

        exec_key = args.get("exec_key_arn")
        operators = Operators(
            f"{name}-operators",
            {
                **self.common,
                "patch_group": args["patch_group"],
                "key_arns": [key.arn, *([exec_key] if exec_key is not None else [])],
                "log_group_names": [hosts.session_log_group_name, hosts.command_log_group_name],
                "document_names": [hosts.diagnostics_document_name],
                "cluster_name": args.get("cluster_name"),
                "restore_role_arn": backup.restore_role_arn if backup else None,
            },
            self.child,
        )

        self.operator_policy_arns = operators.policy_arns
        self.backup_machines_role_arn = backup.machines_role_arn if backup else None
        self.key_arn = key.arn
        self.alarm_topic_arn = topic.arn
        self.alarm_arns = alarms.arns
        self.vault_arn = backup.vault_arn if backup else pulumi.Output.from_input(None)
        self.vault_name = backup.vault_name if backup else pulumi.Output.from_input(None)
        copies = backup.copies_vault_arn if backup else None
        self.copies_vault_arn = copies if copies is not None else pulumi.Output.from_input(None)
        self.dashboard_name = self._dashboard(name, alarms, tracing)
        self.patch_baseline_ids = patching.baseline_ids
        self.maintenance_window_ids = patching.window_ids
        self.resource_group_arns = ResourceGroups(f"{name}-groups", args, self.child).arns
        self.diagnostics_document_name = hosts.diagnostics_document_name
        self.session_log_group_name = hosts.session_log_group_name
        self.command_log_group_name = hosts.command_log_group_name
        self.directory_id = self._directory(name)
        self.register_outputs(
            {
                "key_arn": self.key_arn,
                "alarm_topic_arn": self.alarm_topic_arn,
                "alarm_arns": self.alarm_arns,
                "vault_arn": self.vault_arn,
                "vault_name": self.vault_name,
                "copies_vault_arn": self.copies_vault_arn,
                "dashboard_name": self.dashboard_name,
                "patch_baseline_ids": self.patch_baseline_ids,
                "maintenance_window_ids": self.maintenance_window_ids,
                "resource_group_arns": self.resource_group_arns,
                "diagnostics_document_name": self.diagnostics_document_name,
                "session_log_group_name": self.session_log_group_name,
                "command_log_group_name": self.command_log_group_name,
                "directory_id": self.directory_id,
                "operator_policy_arns": self.operator_policy_arns,
                "backup_machines_role_arn": self.backup_machines_role_arn,
            }
        )

    def _key(self, name: str) -> aws.kms.Key:
        args = self.args
        key = aws.kms.Key(
            f"{name}-key",
            description="Sessions, logs and alarms of Management",
            policy=pulumi.Output.all(self.partition, self.account).apply(
                lambda given: json.dumps(
                    policies.operations_key_policy(
                        partition=given[0], account=given[1], region=args["region"], log_group_prefix=f"{name}-"
                    )
                )
            ),
            enable_key_rotation=True,
            deletion_window_in_days=30,
            tags={**args["tags"], "Name": f"{name}-key"},
            region=args["region"],
            opts=self.child,
        )
        aws.kms.Alias(f"{name}-key", target_key_id=key.key_id, region=args["region"], opts=self.child)
        return key

    def _has_hosts(self) -> bool:
        return any(self.args.get(role) is not None for role in ("instance_role_name", "on_premises_role_name"))

    def _hosts(self, name: str, key_arn: pulumi.Output[str]) -> SystemsManager:
        args = self.args
        sides = {"ec2": args.get("instance_role_name"), "on-premises": args.get("on_premises_role_name")}
        return SystemsManager(
            f"{name}-hosts",
            {
                **self.common,
                "account_settings": args["account_settings"],
                "advanced_tier": args["advanced_tier"],
                "sessions": args["sessions"],
                "log_retention_days": args["log_retention_days"],
                "key_arn": key_arn,
                "patch_group": args["patch_group"],
                "probes": args.get("probes") or {},
                "roles": {side: role for side, role in sides.items() if role is not None},
            },
            self.child,
        )

    def _backup(self, name: str, topic_arn: pulumi.Output[str]) -> Backup:
        args = self.args
        return Backup(
            f"{name}-backup",
            {
                **self.common,
                "protected": args["protected"],
                "account_settings": args["account_settings"],
                "time_zone": args["time_zone"],
                "backup": args["backup"],
                "backup_tag": args["backup_tag"],
                "copies_region": args.get("backup_copies_region"),
                "paused": args.get("backup_paused", False),
                "topic_arn": topic_arn,
                "database_subnet_group_name": args.get("database_subnet_group_name"),
            },
            self.child,
        )

    def _tracing(self, name: str) -> Tracing:
        args = self.args
        return Tracing(
            f"{name}-tracing",
            {
                "region": args["region"],
                "tags": args["tags"],
                "account_settings": args["account_settings"],
                "workloads": args.get("traced_workloads") or (),
                "traces": args["traces"],
            },
            self.child,
        )

    def _watches(self, backup: Backup | None, tracing: Tracing | None) -> Iterator[Watch]:
        """Every watch, those that concern most people first."""
        args = self.args
        for part in (link_watches.links, link_watches.tunnels, link_watches.names, watches.egress):
            yield from part(args)
        for part in (
            data_watches.database,
            data_watches.migration,
            data_watches.replicated_files,
            data_watches.copied_files,
            data_watches.file_gateways,
            data_watches.shared_files,
        ):
            yield from part(args)
        if backup:
            yield from data_watches.backups(backup.vault_name, backup.copies_vault_name)
        if tracing:
            yield tracing.watch(args["traces"]["faults"])
        if self._has_hosts():
            yield from rollcall.watches(args["patch_group"])
        for part in (watches.hosts, watches.capacity, watches.load_balancer, watches.jobs):
            yield from part(args)

    def _dashboard(self, name: str, alarms: Alarms, tracing: Tracing | None) -> pulumi.Output[str]:
        args = self.args
        shown = [arn for watch, arn in alarms.arns.items() if not watch.startswith(OF_ONE_WORKLOAD)]
        made = aws.cloudwatch.Dashboard(
            name,
            # People look for it by name.
            dashboard_name=f"{pulumi.get_project()}-{pulumi.get_stack()}",
            dashboard_body=pulumi.Output.json_dumps(
                dashboard.body(args, alarm_arns=shown, trace_group=tracing.group_name if tracing else None)
            ),
            region=args["region"],
            opts=self.child,
        )
        return made.dashboard_name

    def _directory(self, name: str) -> pulumi.Output[str | None]:
        args = self.args
        directory, vpc, subnets = args.get("directory"), args.get("vpc_id"), args.get("private_subnet_ids")
        if directory is None or vpc is None or subnets is None:
            return pulumi.Output.from_input(None)
        return DirectoryConnector(
            f"{name}-directory",
            {
                "region": args["region"],
                "tags": args["tags"],
                "protected": args["protected"],
                "vpc_id": vpc,
                "subnet_ids": subnets,
                "directory": directory,
            },
            self.child,
        ).directory_id


def _databases(args: ManagementArgs) -> list[pulumi.Input[str]]:
    identifier = args.get("database_identifier")
    return [*([identifier] if identifier is not None else []), *(args.get("replica_identifiers") or {}).values()]
