"""What a migration with DMS takes, and what the databases are that it reads: plain dicts."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NotRequired, TypedDict, final

import pulumi

from components.arguments import Default, arguments
from components.stages import Stage


@arguments
class LobsArgs(TypedDict):
    """How large objects (text, bytea, json, ...) are carried over."""

    mode: NotRequired[Annotated[Literal["inline", "limited"], Default("inline")]]
    """`inline`: nothing is cut, larger ones are fetched one by one; `limited`: faster, and a larger one fails the task.
    Default inline."""
    max_kib: NotRequired[Annotated[int, Default(64)]]
    """The size in KiB up to which an object travels with its row (`inline`), or may be (`limited`). Default 64."""


@arguments
class SlotArgs(TypedDict):
    """A logical replication slot made by hand on the source, from which changes are read without a full load."""

    name: str
    """The slot's name."""
    start_position: str
    """The log sequence number to begin at, such as `16/B374D848`."""


@arguments
class SourceArgs(TypedDict):
    """One PostgreSQL database on-premises that is migrated."""

    name: str
    """What it is called here: part of resource names."""
    host: str
    """Its host name, resolved by the VPC, or IPv4 address."""
    username: pulumi.Input[str]
    """A role with LOGIN and REPLICATION that may read the schemas."""
    password: pulumi.Input[str]
    """Its password."""
    port: NotRequired[Annotated[int, Default(5432)]]
    """Its TCP port. Default 5432."""
    database: str
    """The database on that server."""
    schemas: NotRequired[Annotated[Sequence[str], Default(["public"])]]
    """The schemas that are carried over, every table of each; `%` stands for all. Default public."""
    include_tables: NotRequired[Sequence[str]]
    """The only tables that are carried over, as `schema.table`, `*` for any letters; left out or empty, all."""
    exclude_tables: NotRequired[Sequence[str]]
    """Tables that stay behind, written likewise."""
    remove_columns: NotRequired[Mapping[str, Sequence[str]]]
    """Columns that stay behind, by table written likewise: those that the target computes itself."""
    target_schemas: NotRequired[Annotated[Mapping[str, str], Default({})]]
    """Schemas that get another name in RDS: source to target. Default none."""
    target_database: NotRequired[str]
    """The database in RDS that receives the data, which must exist; left out, the one that RDS made."""
    ssl_mode: NotRequired[Annotated[Literal["none", "require", "verify-ca", "verify-full"], Default("require")]]
    """How the connection to the source is protected. Default require."""
    certificate_pem: NotRequired[str]
    """The CA certificate of the source, for `verify-ca` and `verify-full`."""
    plugin: NotRequired[Annotated[Literal["test-decoding", "pglogical"], Default("test-decoding")]]
    """The logical decoding plugin of the source. Default test-decoding."""
    heartbeat_schema: NotRequired[Annotated[str, Default("dms")]]
    """The schema in which DMS keeps its heartbeat table, which moves the slot on while the source is idle. Default dms."""
    engine_version: NotRequired[str]
    """Its major version of PostgreSQL, for whoever reads the settings; DMS finds it out."""
    heartbeat_minutes: NotRequired[Annotated[int, Default(5)]]
    """How often it beats. Default 5."""
    slot: NotRequired[SlotArgs]
    """Read changes from this slot only; left out, DMS makes a slot and loads everything first."""
    capture_ddls: NotRequired[bool]
    """Whether changes of tables are carried over as well, for which DMS installs a trigger in the source; left out, they are
    not, and nothing is installed."""


@final
class ElsewhereArgs(TypedDict):
    """A PostgreSQL database in another region, which already has a secret."""

    secret_arn: pulumi.Output[str]
    """Its secret in this region: username, password, host, port."""
    secret_key_arn: pulumi.Input[str]
    """The key of that secret."""
    cidr: str
    """The network that it is in."""

    # As in SourceArgs: whoever reads a database takes either.
    name: str
    port: int
    database: str
    schemas: Sequence[str]
    include_tables: NotRequired[Sequence[str]]
    exclude_tables: NotRequired[Sequence[str]]
    remove_columns: NotRequired[Mapping[str, Sequence[str]]]
    target_schemas: Mapping[str, str]
    target_database: NotRequired[str]
    ssl_mode: Literal["none", "require", "verify-ca", "verify-full"]
    certificate_pem: NotRequired[str]
    plugin: Literal["test-decoding", "pglogical"]
    heartbeat_schema: str
    heartbeat_minutes: int
    slot: NotRequired[SlotArgs]
    capture_ddls: NotRequired[bool]


@arguments
class MigrationArgs(TypedDict):
    """The migration from on-premises with DMS."""

    stage: NotRequired[Annotated[Stage, Default("off")]]
    """How far it is; see `Migration`. Default off."""
    way: NotRequired[Literal["dms", "native"]]
    """Who moves the rows: DMS, or the database itself by a subscription, which takes a way out to the sources only; left out,
    DMS."""
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
    """The CA certificate of RDS that the target is verified with; left out, the roots of the region, which come along for
    regions that were there by 2024."""
    validation: NotRequired[bool]
    """Whether each row is compared after it was carried over."""
    table_preparation: NotRequired[Literal["DO_NOTHING", "TRUNCATE_BEFORE_LOAD", "DROP_AND_CREATE"]]
    """What happens to a table of the target before its full load."""
    password_generation: NotRequired[Annotated[int, Default(1)]]
    """Another number, another password and the other login of the role that DMS writes with. Default 1."""
    parallel_tables: NotRequired[int]
    """How many tables are loaded at once."""
    lobs: NotRequired[LobsArgs]
    """How large objects are carried over."""
    log_retention_days: NotRequired[int]
    """How long the logs of the tasks are kept."""
