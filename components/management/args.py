"""What Management takes: the section `management` of the settings, and from the other components what to watch and keep."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NotRequired, TypedDict

import pulumi

from components.arguments import Default, arguments
from components.management.backup_args import BackupArgs


@arguments
class PatchingArgs(TypedDict):
    """When and how hosts on both sides are patched. Names and defaults are those of `management.patching`."""

    operating_systems: NotRequired[Annotated[Sequence[str], Default(["AMAZON_LINUX_2023"])]]
    """The operating systems of the hosts, in Systems Manager's words (AMAZON_LINUX_2023, UBUNTU, ...).
    Default AMAZON_LINUX_2023."""
    approve_after_days: NotRequired[Annotated[int, Default(7)]]
    """Days between the release of a patch and its approval. Ubuntu and Debian tell no release dates: there it has no effect.
    Default 7."""
    rejected_patches: NotRequired[Annotated[Sequence[str], Default([])]]
    """Patches that are never installed, by the name or pattern that Systems Manager takes. Default none."""
    scan_schedule: NotRequired[Annotated[str, Default("cron(0 3 ? * * *)")]]
    """cron or rate expression: when hosts are scanned for missing patches. Default cron(0 3 ? * * *)."""
    install_schedule: NotRequired[Annotated[str, Default("cron(0 4 ? * SUN *)")]]
    """cron or rate expression: when missing patches are installed. Default cron(0 4 ? * SUN *)."""
    duration_hours: NotRequired[Annotated[int, Default(3)]]
    """How long a window stays open. Default 3."""
    cutoff_hours: NotRequired[Annotated[int, Default(1)]]
    """How long before the end of a window no new host is begun. Default 1."""
    max_concurrency: NotRequired[Annotated[str, Default("1")]]
    """How many hosts are patched at once: a number, or a percentage such as 25%. Default 1."""
    max_errors: NotRequired[Annotated[str, Default("1")]]
    """After how many failed hosts the rest is left alone: a number, or a percentage. Default 1."""
    reboot: NotRequired[Annotated[Literal["RebootIfNeeded", "NoReboot"], Default("RebootIfNeeded")]]
    """Whether a host that needs it is restarted in the install window. Default RebootIfNeeded."""


@arguments
class SessionsArgs(TypedDict):
    """What holds for every shell opened through Session Manager, on either side: `management.sessions`."""

    idle_minutes: NotRequired[Annotated[int, Default(20)]]
    """Minutes without input after which a session ends. Default 20."""
    max_minutes: NotRequired[Annotated[int, Default(480)]]
    """Minutes after which a session ends in any case. Default 480."""
    run_as_user: NotRequired[str]
    """The operating system user of a session. Omitted: ssm-user, which the agent creates."""


@arguments
class SlackArgs(TypedDict):
    """A channel of Slack. Names are those of `management.alarms.slack`."""

    workspace_id: str
    """The workspace, which somebody has authorized in Amazon Q Developer in chat applications before."""
    channel_id: str
    """The channel."""


@arguments
class TeamsArgs(TypedDict):
    """A channel of Microsoft Teams. Names are those of `management.alarms.teams`."""

    tenant_id: str
    """The tenant."""
    team_id: str
    """The team, which somebody has authorized in Amazon Q Developer in chat applications before."""
    channel_id: str
    """The channel, as in its link, with %3A and %40."""


@arguments
class AlarmsArgs(TypedDict):
    """Who hears of trouble, and where trouble begins. Names and defaults are those of `management.alarms`."""

    emails: NotRequired[Annotated[Sequence[str], Default([])]]
    """Addresses that get every alarm; each must confirm the mail that AWS sends first. Default none."""
    urls: NotRequired[Annotated[Sequence[pulumi.Input[str]], Default([])]]
    """HTTPS endpoints that get every alarm, as JSON of SNS; each must confirm what AWS sends first. Secrets. Default none."""
    slack: NotRequired[SlackArgs]
    """A channel of Slack that gets every alarm. Default none."""
    teams: NotRequired[TeamsArgs]
    """A channel of Microsoft Teams that gets every alarm. Default none."""
    topic_arns: NotRequired[Annotated[Sequence[str], Default([])]]
    """SNS topics of the region that get every alarm too; their policies must let CloudWatch and EventBridge publish. Default
    none."""
    ops_items: NotRequired[Annotated[bool, Default(True)]]
    """Whether an alarm also opens an OpsItem in OpsCenter. Default True."""
    database_connections: NotRequired[Annotated[int, Default(1400)]]
    """Connections above which the database is close to refusing more. Default 1400."""
    database_free_storage_percent: NotRequired[Annotated[int, Default(8)]]
    """Free storage of the database, in percent of what it began with, below which there is an alarm. Default 8."""
    replica_lag_seconds: NotRequired[Annotated[int, Default(300)]]
    """Seconds that a read replica, or the migration, may be behind. RDS reports up to 300 while nothing is written.
    Default 300."""
    response_seconds: NotRequired[Annotated[float, Default(2.0)]]
    """The time in which nineteen of twenty answers of the load balancer must be given. Default 2.0."""
    host_percent: NotRequired[Annotated[int, Default(90)]]
    """Memory or disk of a host, and reservations of the cluster, in percent, above which there is an alarm. Default 90."""


@arguments
class TracesArgs(TypedDict):
    """How many requests are traced, and how many may fail. Names and defaults are those of `management.traces`."""

    per_second: NotRequired[Annotated[int, Default(1)]]
    """Requests a second, over all workloads, of which each is traced. Default 1."""
    share: NotRequired[Annotated[float, Default(0.05)]]
    """Which part of the others is traced, 0 to 1. Default 0.05."""
    faults: NotRequired[Annotated[int, Default(5)]]
    """Traces with a fault in 5 minutes above which there is an alarm. Default 5."""


@arguments
class DirectoryArgs(TypedDict):
    """An AD Connector: AWS asks the directory that is already on-premises. Names are those of `management.directory`."""

    name: str
    """The fully qualified name of the on-premises domain."""
    short_name: NotRequired[str]
    """Its NetBIOS name. Omitted: AWS takes the first part of the name."""
    size: NotRequired[Annotated[Literal["Small", "Large"], Default("Small")]]
    """Small serves up to about 500 users, Large 5,000. Default Small."""
    dns_servers: Sequence[str]
    """One or two addresses of domain controllers on-premises."""
    username: str
    """The service account with which the connector asks."""
    password: pulumi.Input[str]
    """Its password; a secret."""


@arguments
class FilesSourceArgs(TypedDict):
    """Where S3 replicates the files from, as CloudWatch tells one replication from another."""

    bucket_name: pulumi.Input[str]
    """The bucket in another region."""
    rule_id: str
    """The rule of its replication, which must have metrics."""


@arguments
class JobArgs(TypedDict):
    """A job of the container platform."""

    log_group_name: pulumi.Input[str]
    """Where its logs go."""
    family: pulumi.Input[str]
    """What all revisions of its task definition are called."""
    overdue_hours: NotRequired[int | None]
    """Hours after which a run that has logged nothing is missed. Default: it is not missed."""


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


@arguments
class ManagementArgs(TypedDict):
    """Everything Management needs. What is left out, or None, does not exist in this deployment and is not watched."""

    region: str
    """The AWS region."""
    tags: NotRequired[Annotated[dict[str, str], Default({})]]
    """Tags of every resource made here. Default none."""
    protected: NotRequired[Annotated[bool, Default(True)]]
    """Whether the vault and its key survive a destroy. Default True."""

    # From the section `management` of the settings
    account_settings: NotRequired[Annotated[Literal["create", "adopt"], Default("create")]]
    """create: this deployment makes what exists once per account and region (managed-node tier, Session Manager preferences,
    the types that AWS Backup covers). adopt: another deployment has made it. Default create."""
    time_zone: NotRequired[Annotated[str, Default("Etc/UTC")]]
    """IANA name of the zone in which schedules are read. Default Etc/UTC."""
    advanced_tier: NotRequired[Annotated[bool, Default(True)]]
    """Whether on-premises nodes are advanced instances (charged): Session Manager on them, and more than 1,000, need it.
    Default True."""
    log_retention_days: NotRequired[Annotated[int, Default(90)]]
    """Days for which the logs of sessions, commands and patching are kept. Default 90."""
    patching: NotRequired[Annotated[PatchingArgs, Default({})]]
    """When and how hosts are patched."""
    sessions: NotRequired[Annotated[SessionsArgs, Default({})]]
    """What holds for shells opened through Session Manager."""
    backup: NotRequired[Annotated[BackupArgs, Default({})]]
    """What is kept for how long."""
    backup_copies_region: NotRequired[str | None]
    """Another region, where a vault is made that gets copies as `backup.copies` says. Omitted: no copies."""
    backup_paused: NotRequired[bool]
    """Whether the plan selects nothing yet: what there is belongs to another region, whose own backups are copied. Default
    False."""
    alarms: NotRequired[Annotated[AlarmsArgs, Default({})]]
    """Who hears of trouble, and where trouble begins."""
    traces: NotRequired[Annotated[TracesArgs, Default({})]]
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
    lag_names: NotRequired[Sequence[str]]
    """Those of them that are link aggregation groups, which have no metrics of their own. Default: none."""
    port_gbits: NotRequired[Mapping[str, float]]
    """Speed of the ports, in Gbit/s, where it is known: it is watched how near their traffic comes. Default: none."""
    resolver_endpoint_ids: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The endpoints of Route 53 Resolver by direction, `inbound` and `outbound`."""
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
    """Its target groups (`targetgroup/name/id`), by workload; those of servers on-premises by `<workload>-on-premises`."""
    exec_key_arn: NotRequired[pulumi.Input[str] | None]
    """The key that sessions of ECS Exec are encrypted with: operators need it."""
    service_names: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """The ECS services, by workload (or workload and side)."""
    jobs: NotRequired[Mapping[str, JobArgs] | None]
    """What runs to its end, by workload."""
    schedule_group_name: NotRequired[pulumi.Input[str] | None]
    """The group of their schedules, if any has one."""
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
    database_memory_gib: NotRequired[int | None]
    """The memory of its instance class, from which the alarm on free memory is reckoned. Default: not known."""
    replica_identifiers: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """Its read replicas, by a name of their own."""
    set_aside_metric: NotRequired[pulumi.Input[str] | None]
    """The metric, in the namespace `Hybridge`, of tables that a migration has set aside. Default: none, and no alarm."""
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
    gateway_arns: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """Further File Gateways, by name. Default: none."""
    efs_file_system_id: NotRequired[pulumi.Input[str] | None]
    """The EFS file system."""
