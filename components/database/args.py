"""What the Database component takes: plain dicts of these shapes, so that any Pulumi language can pass them."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

import pulumi

Stage = Literal["off", "prepare", "replicate", "done"]


class ReadReplicasArgs(TypedDict):
    """Read replicas for reports and BI, in the same region."""

    count: int
    """How many, 0 to 15. Needs `backup_retention_days` above 0."""
    instance_class: NotRequired[str]
    """Their DB instance class; left out, that of the primary."""


class LobsArgs(TypedDict):
    """How large objects (text, bytea, json, ...) are carried over."""

    mode: Literal["inline", "limited"]
    """`inline`: nothing is cut, larger ones are fetched one by one; `limited`: faster, and a larger one fails the task."""
    max_kib: int
    """The size in KiB up to which an object travels with its row (`inline`), or may be (`limited`)."""


class SlotArgs(TypedDict):
    """A logical replication slot made by hand on the source, from which changes are read without a full load."""

    name: str
    """The slot's name."""
    start_position: str
    """The log sequence number to begin at, such as `16/B374D848`."""


class SourceArgs(TypedDict):
    """One PostgreSQL database on-premises that is migrated."""

    name: str
    """What it is called here: part of resource names."""
    host: str
    """Its host name, resolved by the VPC, or IPv4 address."""
    port: int
    """Its TCP port."""
    database: str
    """The database on that server."""
    username: pulumi.Input[str]
    """A role with LOGIN and REPLICATION that may read the schemas."""
    password: pulumi.Input[str]
    """Its password."""
    schemas: Sequence[str]
    """The schemas that are carried over, every table of each."""
    target_schemas: Mapping[str, str]
    """Schemas that get another name in RDS: source to target."""
    target_database: NotRequired[str]
    """The database in RDS that receives the data, which must exist; left out, the one that RDS made."""
    ssl_mode: Literal["none", "require", "verify-ca", "verify-full"]
    """How the connection to the source is protected."""
    certificate_pem: NotRequired[str]
    """The CA certificate of the source, for `verify-ca` and `verify-full`."""
    plugin: Literal["test-decoding", "pglogical"]
    """The logical decoding plugin of the source."""
    heartbeat_schema: str
    """The schema in which DMS keeps its heartbeat table, which moves the slot on while the source is idle."""
    heartbeat_minutes: int
    """How often it beats."""
    slot: NotRequired[SlotArgs]
    """Read changes from this slot only; left out, DMS makes a slot and loads everything first."""


class MigrationArgs(TypedDict):
    """The migration from on-premises with DMS."""

    stage: Stage
    """How far it is; see `Migration`."""
    roles: NotRequired[Literal["create", "adopt"]]
    """Whether the two account-wide DMS roles are made here, or made elsewhere and only checked."""
    instance_class: NotRequired[str]
    """The replication instance class."""
    engine_version: NotRequired[str]
    """The version of the replication engine."""
    multi_az: NotRequired[bool]
    """Whether a standby replication instance waits in another zone."""
    storage_gib: NotRequired[int]
    """Storage of the replication instance, for logs and cached changes."""
    maintenance_window: NotRequired[str]
    """When DMS may maintain the instance, in UTC."""
    sources: NotRequired[Sequence[SourceArgs]]
    """The databases that are migrated."""
    target_certificate_pem: NotRequired[str]
    """The RDS CA certificate of the region: with it the target is verified in full, else only encrypted."""
    validation: NotRequired[bool]
    """Whether each row is compared after it was carried over."""
    table_preparation: NotRequired[Literal["DO_NOTHING", "TRUNCATE_BEFORE_LOAD", "DROP_AND_CREATE"]]
    """What happens to a table of the target before its full load."""
    parallel_tables: NotRequired[int]
    """How many tables are loaded at once."""
    lobs: NotRequired[LobsArgs]
    """How large objects are carried over."""
    log_retention_days: NotRequired[int]
    """How long the logs of the tasks are kept."""


class DatabaseArgs(TypedDict):
    """What `Database` takes."""

    region: str
    """The AWS region."""
    tags: dict[str, str]
    """Tags of every resource that has tags, beside `Name`."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    isolated_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the database, without a route to the internet, in two zones or more."""
    private_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the replication instance, in two zones or more."""
    on_premises_cidrs: Sequence[str]
    """Who may connect from on-premises, and where DMS may connect to."""
    endpoint_security_group_id: NotRequired[pulumi.Input[str]]
    """The group of the VPC endpoints, through which DMS reaches Secrets Manager. Needed while a migration runs."""
    private_zone_id: pulumi.Input[str]
    """The private hosted zone in which the database gets its name."""
    private_zone_name: pulumi.Input[str]
    """That zone's name: the database is `database.<zone>`, the replicas together are `database-reader.<zone>`."""
    protected: bool
    """Whether the data outlives a mistake: instance, key and secret are protected, and kept when removed from the program."""
    backup_tag: NotRequired[str]
    """Value of the tag `Backup` of the primary, by which a backup plan selects it; left out, it has no such tag."""
    engine_version: str
    """PostgreSQL's version: `17`, or `17.4` with `auto_minor_version_upgrade` off."""
    instance_class: str
    """The DB instance class of the primary."""
    multi_az: bool
    """Whether a synchronous standby waits in another zone."""
    storage_type: Literal["gp3", "io2"]
    """The kind of volume."""
    storage_gib: int
    """Storage to begin with, in GiB."""
    max_storage_gib: int
    """Where storage autoscaling stops, in GiB; 0 turns it off."""
    iops: NotRequired[int]
    """Provisioned IOPS; left out, what the volume comes with."""
    throughput: NotRequired[int]
    """Provisioned throughput in MiB/s (gp3); left out, what the volume comes with."""
    name: str
    """The database made with the instance."""
    username: str
    """The master user."""
    backup_retention_days: int
    """How long automated backups are kept; 0 turns them off."""
    backup_window: str
    """When the daily backup is taken, in UTC: `17:00-18:00`."""
    maintenance_window: str
    """When RDS may maintain the instance, in UTC: `sun:18:30-sun:19:30`."""
    deletion_protection: bool
    """Whether RDS refuses to delete the instance."""
    final_snapshot: bool
    """Whether a last snapshot is taken when it is deleted all the same."""
    auto_minor_version_upgrade: bool
    """Whether RDS installs minor versions in the maintenance window."""
    allow_major_version_upgrade: bool
    """Whether a new major version in `engine_version` is an upgrade, not an error."""
    ca_certificate: str
    """Which RDS certificate authority signs the server's certificate."""
    monitoring_interval_seconds: int
    """The interval of enhanced monitoring; 0 turns it off."""
    insights: Literal["standard", "advanced"]
    """The mode of Database Insights: a week of history, or fifteen months."""
    slow_statement_milliseconds: int
    """Statements that run longer are logged; -1 logs none."""
    log_retention_days: int
    """How long the exported logs are kept."""
    read_replicas: ReadReplicasArgs
    """Read replicas."""
    migration: NotRequired[MigrationArgs]
    """The migration; left out, there is none."""
