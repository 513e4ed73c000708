"""What Management takes: the section `management` of the settings, and from the other components what to watch and keep."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

import pulumi

from components.management.backup_args import BackupArgs


class PatchingArgs(TypedDict):
    """When and how hosts on both sides are patched. Names and defaults are those of `management.patching`."""

    operating_systems: Sequence[str]
    """The operating systems of the hosts, in Systems Manager's words (AMAZON_LINUX_2023, UBUNTU, ...)."""
    approve_after_days: int
    """Days between the release of a patch and its approval. Ubuntu and Debian tell no release dates: there it has no effect."""
    rejected_patches: Sequence[str]
    """Patches that are never installed, by the name or pattern that Systems Manager takes."""
    scan_schedule: str
    """cron or rate expression: when hosts are scanned for missing patches."""
    install_schedule: str
    """cron or rate expression: when missing patches are installed."""
    duration_hours: int
    """How long a window stays open."""
    cutoff_hours: int
    """How long before the end of a window no new host is begun."""
    max_concurrency: str
    """How many hosts are patched at once: a number, or a percentage such as 25%."""
    max_errors: str
    """After how many failed hosts the rest is left alone: a number, or a percentage."""
    reboot: Literal["RebootIfNeeded", "NoReboot"]
    """Whether a host that needs it is restarted in the install window."""


class SessionsArgs(TypedDict):
    """What holds for every shell opened through Session Manager, on either side: `management.sessions`."""

    idle_minutes: int
    """Minutes without input after which a session ends."""
    max_minutes: int
    """Minutes after which a session ends in any case."""
    run_as_user: NotRequired[str]
    """The operating system user of a session. Omitted: ssm-user, which the agent creates."""


class AlarmsArgs(TypedDict):
    """Who hears of trouble, and where trouble begins. Names and defaults are those of `management.alarms`."""

    emails: Sequence[str]
    """Addresses that get every alarm; each must confirm the mail that AWS sends first."""
    ops_items: bool
    """Whether an alarm also opens an OpsItem in OpsCenter."""
    database_connections: int
    """Connections above which the database is close to refusing more."""
    database_free_storage_percent: int
    """Free storage of the database, in percent of what it began with, below which there is an alarm."""
    replica_lag_seconds: int
    """Seconds that a read replica, or the migration, may be behind. RDS reports up to 300 while nothing is written."""
    response_seconds: float
    """The time in which nineteen of twenty answers of the load balancer must be given."""
    host_percent: int
    """Memory or disk of a host, and reservations of the cluster, in percent, above which there is an alarm."""


class TracesArgs(TypedDict):
    """How many requests are traced, and how many may fail. Names and defaults are those of `management.traces`."""

    per_second: int
    """Requests a second, over all workloads, of which each is traced."""
    share: float
    """Which part of the others is traced, 0 to 1."""
    faults: int
    """Traces with a fault in 5 minutes above which there is an alarm."""


class DirectoryArgs(TypedDict):
    """An AD Connector: AWS asks the directory that is already on-premises. Names are those of `management.directory`."""

    name: str
    """The fully qualified name of the on-premises domain."""
    short_name: NotRequired[str]
    """Its NetBIOS name. Omitted: AWS takes the first part of the name."""
    size: Literal["Small", "Large"]
    """Small serves up to about 500 users, Large 5,000."""
    dns_servers: Sequence[str]
    """One or two addresses of domain controllers on-premises."""
    username: str
    """The service account with which the connector asks."""
    password: pulumi.Input[str]
    """Its password; a secret."""


class FilesSourceArgs(TypedDict):
    """Where S3 replicates the files from, as CloudWatch tells one replication from another."""

    bucket_name: pulumi.Input[str]
    """The bucket in another region."""
    rule_id: str
    """The rule of its replication, which must have metrics."""


class Common(TypedDict):
    """What each part of Management takes."""

    region: str
    """The AWS region."""
    tags: dict[str, str]
    """Tags of every resource."""
    account: pulumi.Input[str]
    """The account id."""
    partition: pulumi.Input[str]
    """The partition of ARNs."""


class ManagementArgs(TypedDict):
    """Everything Management needs. What is left out, or None, does not exist in this deployment and is not watched."""

    region: str
    """The AWS region."""
    tags: dict[str, str]
    """Tags of every resource made here."""
    protected: bool
    """Whether the vault and its key survive a destroy."""

    # From the section `management` of the settings
    account_settings: Literal["create", "adopt"]
    """create: this deployment makes what exists once per account and region (managed-node tier, Session Manager preferences,
    the types that AWS Backup covers). adopt: another deployment has made it."""
    time_zone: str
    """IANA name of the zone in which schedules are read."""
    advanced_tier: bool
    """Whether on-premises nodes are advanced instances (charged): Session Manager on them, and more than 1,000, need it."""
    log_retention_days: int
    """Days for which the logs of sessions, commands and patching are kept."""
    patching: PatchingArgs
    """When and how hosts are patched."""
    sessions: SessionsArgs
    """What holds for shells opened through Session Manager."""
    backup: BackupArgs
    """What is kept for how long."""
    backup_copies_region: NotRequired[str | None]
    """Another region, where a vault is made that gets copies as `backup.copies` says. Omitted: no copies."""
    backup_paused: NotRequired[bool]
    """Whether the plan selects nothing yet: what there is belongs to another region, whose own backups are copied. Default
    False."""
    alarms: AlarmsArgs
    """Who hears of trouble, and where trouble begins."""
    traces: TracesArgs
    """How many requests are traced, once `tracing` is on."""
    directory: NotRequired[DirectoryArgs | None]
    """Omitted: no AD Connector."""

    # From the section `containers`
    tracing: NotRequired[bool]
    """Whether workloads send traces, so that they are sampled, grouped and watched. Default: no."""
    traced_workloads: NotRequired[Sequence[str]]
    """The names under which workloads send traces; needed with `tracing`."""

    # Which resources belong: plain, for targets and selections are made of them
    patch_group: str
    """The value of the tag `PatchGroup` that the hosts on both sides carry: EC2 through the auto scaling group, on-premises
    nodes through the tags of their activation."""
    backup_tag: str
    """The value of the tag `Backup` that everything to be backed up carries (the database, the bucket, the EFS file system)."""
    probes: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """What every host should reach, `host:port` by name: the diagnostics document tries them."""

    # From Network
    vpc_id: NotRequired[pulumi.Input[str] | None]
    """The VPC of the AD Connector; needed with `directory`."""
    private_subnet_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]] | None]
    """Its first two take the AD Connector; needed with `directory`."""
    connection_ids: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The Direct Connect connections, by name."""
    virtual_interface_ids: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The virtual interfaces of those connections that are up, by the name of the connection."""
    vpn_connection_ids: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The Site-to-Site VPN connections, by the name of the router."""
    nat_gateway_ids: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The NAT gateways, by zone."""

    # From ContainerPlatform
    cluster_name: NotRequired[pulumi.Input[str] | None]
    """The ECS cluster."""
    auto_scaling_group_name: NotRequired[pulumi.Input[str] | None]
    """The group of its EC2 hosts."""
    capacity_provider_name: NotRequired[pulumi.Input[str] | None]
    """The capacity provider over that group."""
    load_balancer_arn_suffix: NotRequired[pulumi.Input[str] | None]
    """The internal Application Load Balancer, as CloudWatch names it (`app/name/id`)."""
    target_group_arn_suffixes: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """Its target groups (`targetgroup/name/id`), by workload."""
    service_names: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The ECS services, by workload (or workload and side)."""
    instance_role_name: NotRequired[pulumi.Input[str] | None]
    """The role of the EC2 hosts: gets what agent, sessions and patching need."""
    on_premises_role_name: NotRequired[pulumi.Input[str] | None]
    """The role of the on-premises nodes: gets the same."""

    # From Database
    database_identifier: NotRequired[pulumi.Input[str] | None]
    """The DB instance."""
    database_subnet_group_name: NotRequired[pulumi.Input[str] | None]
    """Its subnet group, into which restores are tried; needed to try those of RDS."""
    database_storage_gib: NotRequired[int | None]
    """The storage it began with, from which the alarm on free storage is reckoned; needed with `database_identifier`."""
    replica_identifiers: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """Its read replicas, by a name of their own."""
    replication_instance_identifier: NotRequired[pulumi.Input[str] | None]
    """The DMS replication instance; needed with `migration_task_arns`."""
    migration_task_arns: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The DMS tasks, by source."""

    # From HybridStorage
    bucket_name: NotRequired[pulumi.Input[str] | None]
    """The bucket of the files."""
    files_source: NotRequired[FilesSourceArgs | None]
    """What is replicated into that bucket, so that it is watched how far behind the replicas are. Default: nothing."""
    files_copied: NotRequired[bool]
    """Whether that bucket is replicated into another region, so that it is watched what could not be. Default: no."""
    gateway_arn: NotRequired[pulumi.Input[str] | None]
    """The S3 File Gateway; needed with `gateway_name`."""
    gateway_name: NotRequired[pulumi.Input[str] | None]
    """Its name, by which CloudWatch also knows it."""
    efs_file_system_id: NotRequired[pulumi.Input[str] | None]
    """The EFS file system."""
