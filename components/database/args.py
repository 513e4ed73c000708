"""What the Database component takes: plain dicts of these shapes, which cross from one program to another."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NotRequired, TypedDict

import pulumi

from components.arguments import Default, arguments
from components.database.migration_args import MigrationArgs
from components.names import NamesArgs

Way = Literal["replica", "dms", "backups"]


@arguments
class ReadReplicasArgs(TypedDict):
    """Read replicas for reports and BI, in the same region."""

    count: NotRequired[Annotated[int, Default(0)]]
    """How many, 0 to 15. Needs `backup_retention_days` above 0. Default 0."""
    instance_class: NotRequired[str]
    """Their DB instance class; left out, that of the primary."""


@arguments
class StandbyArgs(TypedDict):
    """A database of another region that this one stands in for, and how its data get here."""

    way: Way
    """How far behind the data may be (recovery point), and how long it takes to go on with them (recovery time):

    `replica`: a cross-region read replica. Behind by the replica lag, seconds as a rule; RDS reports up to five minutes while
    the source is idle. Promotion takes minutes, a reboot among them, and longer the larger the replica is. RDS makes the way
    between the regions itself. Its class must not have less memory than the source's, from which PostgreSQL reckons
    `max_connections`: a standby with a smaller number stops.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html

    `dms`: an instance of its own, of any class and a version of its own, into which DMS replicates. Behind by the CDC latency
    of the task, seconds to minutes. Going on takes minutes of a person's time: sequences are set by hand, for DMS carries over
    neither them nor users, nor changes of tables without a primary key. The replication instance connects to the source itself:
    that needs a route between the two VPCs, which is a peering of two transit gateways; a virtual private gateway or a Direct
    Connect gateway carries no traffic between VPCs.
    https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html
    https://docs.aws.amazon.com/directconnect/latest/UserGuide/direct-connect-gateways-intro.html

    `backups`: no instance until `promoted`, then one restored to the latest moment of the automated backups that the other
    region copies here. Behind by 5 to 30 minutes; the restore takes up to a few hours. Not every pair of regions has it.
    https://docs.aws.amazon.com/prescriptive-guidance/latest/dr-standard-edition-amazon-rds/rds-pitr-snapshot.html
    """
    promoted: bool
    """Whether this database takes writes of its own. It cannot be taken back: a promoted instance never follows again."""
    generation: int
    """Which instance it is, part of its name: a higher number makes a new one and takes the old one out of the program, where
    it is protected (`pulumi state unprotect`) and kept in AWS."""
    region: pulumi.Input[str]
    """The other region."""
    instance_arn: NotRequired[pulumi.Input[str]]
    """The instance that is replicated, for `replica`."""
    automated_backups_arn: NotRequired[pulumi.Input[str]]
    """Its automated backups as they are replicated to this region, for `backups`."""
    secret_arn: NotRequired[pulumi.Input[str]]
    """Its secret in the other region, which has a replica in this one: username and password of the data that come along.
    Before the other region is taken down for good, `aws secretsmanager stop-replication-to-replica` makes the replica a secret
    of its own. Left out, they are those that this database already has. Needed for `dms`."""
    user_secret_arns: NotRequired[pulumi.Input[Mapping[str, str]]]
    """The same of its users, by name."""
    secret_key_arn: NotRequired[pulumi.Input[str]]
    """The key of the secret's replica in this region, for `dms`."""
    security_group_id: NotRequired[pulumi.Input[str]]
    """The group of the other instance, which is opened to `own_cidr`, for `dms`."""
    cidr: NotRequired[str]
    """The VPC of the other instance, for `dms`."""
    own_cidr: NotRequired[pulumi.Input[str]]
    """This VPC, for `dms`."""
    tested: NotRequired[bool]
    """Whether a person has made the tables and tested both endpoints of this generation, for `dms`; left out, or False: there
    is everything but the task, which DMS would not start."""


@arguments
class RestoreArgs(TypedDict):
    """What an instance is restored from: the latest restorable moment of `source` unless a time or a snapshot is given."""

    generation: int
    """Which restore it is, part of the instance's name: another number makes another instance."""
    source: NotRequired[str]
    """Identifier of the instance whose backups are restored; needed unless a snapshot is given."""
    time: NotRequired[str]
    """The moment, in UTC: `2026-11-30T10:15:00Z`."""
    snapshot: NotRequired[str]
    """A snapshot of this account and region by its name; one of another by its ARN, which is copied first."""


@arguments
class UserArgs(TypedDict):
    """A user of the database: a role of PostgreSQL with a login, whose secret is here, and which a person makes."""

    name: str
    """The role's name. Its logins are this with `_1` and `_2`, in turn."""
    password_generation: NotRequired[Annotated[int, Default(1)]]
    """Another number, another password, and the other login. Default 1."""


@arguments
class CopiesArgs(TypedDict):
    """What is kept in another region, so that it is there whether or not that region has a stack."""

    region: str
    """The other region. It gets the secret, and a key for what is copied."""
    backups: bool
    """Whether it gets the automated backups too, snapshots and transaction logs."""
    dms_roles: NotRequired[bool]
    """Whether a stack of the other region needs the account-wide roles of DMS, which are then here even without a migration."""


@arguments
class DatabaseArgs(TypedDict):
    """What `Database` takes."""

    region: str
    """The AWS region."""
    tags: NotRequired[Annotated[dict[str, str], Default({})]]
    """Tags of every resource that has tags, beside `Name`. Default none."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    isolated_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the database, without a route to the internet, in two zones or more."""
    private_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the replication instance, in two zones or more."""
    on_premises_cidrs: Sequence[str]
    """Who may connect from on-premises, and where DMS may connect to."""
    client_vpn_security_group_id: NotRequired[pulumi.Input[str] | None]
    """The group that Client VPN users act in, who may connect too. Default: they may not."""
    endpoint_security_group_id: NotRequired[pulumi.Input[str]]
    """The group of the VPC endpoints, through which DMS reaches Secrets Manager. Needed while a migration runs."""
    private_zone_id: pulumi.Input[str]
    """The private hosted zone in which the database gets its name."""
    private_zone_name: pulumi.Input[str]
    """That zone's name: the database is `database.<zone>`, the replicas together are `database-reader.<zone>`."""
    names: NotRequired[NamesArgs | None]
    """How these names are shared with another region; left out, they are this database's alone; None: they do not lead here."""
    protected: NotRequired[Annotated[bool, Default(True)]]
    """Whether the data outlives a mistake: instance, key and secret are protected, and kept when removed from the program.
    Default True."""
    backup_tag: NotRequired[str]
    """Value of the tag `Backup` of the primary, by which a backup plan selects it; left out, it has no such tag."""
    backup_account: NotRequired[str | None]
    """Another account that copies of backups go to, which may therefore use the key. Default: none."""
    engine_version: NotRequired[Annotated[str, Default("17")]]
    """PostgreSQL's version: `17`, or `17.4` with `auto_minor_version_upgrade` off. Default 17."""
    instance_class: NotRequired[Annotated[str, Default("db.m6g.xlarge")]]
    """The DB instance class of the primary. Default db.m6g.xlarge."""
    multi_az: NotRequired[Annotated[bool, Default(True)]]
    """Whether a synchronous standby waits in another zone. Default True."""
    storage_type: NotRequired[Annotated[Literal["gp3", "io2"], Default("gp3")]]
    """The kind of volume. Default gp3."""
    storage_gib: NotRequired[Annotated[int, Default(400)]]
    """Storage to begin with, in GiB. Default 400."""
    slot_wal_gib: NotRequired[int]
    """Log that is kept for a slot that nobody reads, in GiB; left out, a fifth of the storage."""
    max_storage_gib: NotRequired[Annotated[int, Default(2000)]]
    """Where storage autoscaling stops, in GiB; 0 turns it off. Default 2000."""
    iops: NotRequired[int]
    """Provisioned IOPS; left out, what the volume comes with."""
    throughput: NotRequired[int]
    """Provisioned throughput in MiB/s (gp3); left out, what the volume comes with."""
    name: NotRequired[Annotated[str, Default("hybridge")]]
    """The database made with the instance. Default hybridge."""
    username: NotRequired[Annotated[str, Default("dbadmin")]]
    """The master user. Default dbadmin."""
    restore_instead: NotRequired[RestoreArgs]
    """What this database is restored from, in place of the instance that was there, which is kept; left out, it is what it
    began as."""
    restore_beside: NotRequired[RestoreArgs]
    """What another instance beside this one is restored from, to look at and to copy from; left out, there is none."""
    snapshots_shared_with: NotRequired[Sequence[str]]
    """Accounts that may use the key to copy snapshots which are shared with them. Default: none."""
    password_generation: NotRequired[Annotated[int, Default(1)]]
    """Another number, another password of the master user. Default 1."""
    users: NotRequired[Annotated[Sequence[UserArgs], Default([])]]
    """Users beside the master. Default none."""
    backup_retention_days: NotRequired[Annotated[int, Default(14)]]
    """How long automated backups are kept; 0 turns them off. Default 14."""
    backup_window: NotRequired[Annotated[str, Default("17:00-18:00")]]
    """When the daily backup is taken, in UTC: `17:00-18:00`. Default 17:00-18:00."""
    maintenance_window: NotRequired[Annotated[str, Default("sun:18:30-sun:19:30")]]
    """When RDS may maintain the instance, in UTC: `sun:18:30-sun:19:30`. Default sun:18:30-sun:19:30."""
    deletion_protection: NotRequired[Annotated[bool, Default(True)]]
    """Whether RDS refuses to delete the instance. Default True."""
    final_snapshot: NotRequired[Annotated[bool, Default(True)]]
    """Whether a last snapshot is taken when it is deleted all the same. Default True."""
    auto_minor_version_upgrade: NotRequired[Annotated[bool, Default(True)]]
    """Whether RDS installs minor versions in the maintenance window. Default True."""
    apply_immediately: NotRequired[bool]
    """Whether changes come into effect at once instead of in the maintenance window. Default False."""
    parameters: NotRequired[Mapping[str, str]]
    """Parameters of PostgreSQL by name, over those that the platform sets. Default: none."""
    preload_libraries: NotRequired[Sequence[str]]
    """Libraries beside pg_stat_statements that are loaded with the server. Default: none."""
    force_tls: NotRequired[bool]
    """Whether connections without TLS are refused. Default True."""
    iam_authentication: NotRequired[bool]
    """Whether a token of IAM is taken in place of a password. Default False."""
    extended_support: NotRequired[bool]
    """Whether RDS keeps the instance on a major version past its standard support, at a charge. Default True."""
    allow_major_version_upgrade: NotRequired[Annotated[bool, Default(False)]]
    """Whether a new major version in `engine_version` is an upgrade, not an error. While it is, every change of the instance is
    applied at once, not in the maintenance window. Default False."""
    ca_certificate: NotRequired[Annotated[str, Default("rds-ca-rsa2048-g1")]]
    """Which RDS certificate authority signs the server's certificate. Default rds-ca-rsa2048-g1."""
    monitoring_interval_seconds: NotRequired[Annotated[int, Default(60)]]
    """The interval of enhanced monitoring; 0 turns it off. Default 60."""
    insights: NotRequired[Annotated[Literal["standard", "advanced"], Default("standard")]]
    """The mode of Database Insights: a week of history, or fifteen months. Default standard."""
    slow_statement_milliseconds: NotRequired[Annotated[int, Default(1000)]]
    """Statements that run longer are logged; -1 logs none. Default 1000."""
    log_retention_days: NotRequired[Annotated[int, Default(30)]]
    """How long the exported logs are kept. Default 30."""
    read_replicas: NotRequired[Annotated[ReadReplicasArgs, Default({})]]
    """Read replicas."""
    migration: NotRequired[MigrationArgs]
    """The migration; left out, there is none. The replication instance of a standby `dms` is like that of a migration."""
    standby_for: NotRequired[StandbyArgs]
    """The database of another region that this one stands in for; left out, it begins empty and stands for itself."""
    copies: NotRequired[CopiesArgs]
    """What another region keeps of it; left out, nothing."""
