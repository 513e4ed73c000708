"""The section `migration`: on-premises PostgreSQL databases that move into the one of AWS, with DMS."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from components import rds_roots
from components.settings.addresses import contained
from components.settings.base import Mistake, Section
from components.settings.database import Database, WeeklyWindow
from components.settings.disaster_recovery import DisasterRecovery
from components.settings.errors import NOT_SET, SECRET
from components.settings.machines import ReplicationClass
from components.settings.network import Network, RetentionDays
from components.settings.on_premises import OnPremises
from components.stages import STANDING, Stage

LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*")
LONGEST_HOST = 253
ONLY_DIGITS_AND_DOTS = re.compile(r"[0-9.]+")
REFUSED_IN_PASSWORDS = ";:.+"
"""Characters that DMS cannot take in a password: it builds a connection string of it.
https://docs.aws.amazon.com/dms/latest/userguide/security_iam_secretsmanager.html"""
NAME = r"^[A-Za-z_][A-Za-z0-9_$]{0,62}$"
"""A database, schema or user of PostgreSQL, as far as DMS takes it without escapes."""
FIRST_ENGINE_FOR = {14: (3, 4, 7), 15: (3, 5, 1), 16: (3, 5, 3), 17: (3, 6, 1)}
"""PostgreSQL's major version -> the first version of DMS that knows it.
https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html"""
FIRST_PUBLISHED = 10
"""The first major version of PostgreSQL that can publish its changes."""
PEM = re.compile(r"\s*(-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+")


def _host(text: str) -> str:
    if ONLY_DIGITS_AND_DOTS.fullmatch(text):
        try:
            return str(IPv4Address(text))
        except ValueError:
            raise ValueError("a host name or an IPv4 address; correct the address") from None
    if len(text) > LONGEST_HOST or not HOST.fullmatch(text):
        raise ValueError("a host name such as db1.corp.example or an IPv4 address; correct it, without a port or a scheme")
    return text


def _pem(text: str) -> str:
    if not PEM.fullmatch(text):
        raise ValueError(
            "a certificate in PEM, from BEGIN CERTIFICATE to END CERTIFICATE; paste it with its line breaks (YAML: |)"
        )
    return text


def _unquoted(value: Any) -> Any:
    """YAML 1.1 reads `off` without quotes as false."""
    return "off" if value is False else value


def _schema(text: str) -> str:
    if text.startswith("pg_") or text == "information_schema":
        raise ValueError("a schema that is not PostgreSQL's own; name one of the application")
    return text


Host = Annotated[str, AfterValidator(_host)]
Pem = Annotated[str, AfterValidator(_pem)]
Schema = Annotated[str, Field(pattern=NAME), AfterValidator(_schema)]
Heartbeat = Annotated[str, Field(pattern=NAME)]
TABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_$]{0,62})\.([A-Za-z0-9_$*-]{1,63})")
"""A table by schema and name, in the name's own case; `*` stands for any letters of the name of the table."""


def _table(text: str) -> str:
    if not TABLE.fullmatch(text):
        raise ValueError("a table as schema.table, where * stands for any letters, such as public.cache_*; write both parts")
    return text


Table = Annotated[str, AfterValidator(_table)]
Column = Annotated[str, Field(min_length=1, max_length=63)]
Columns = Annotated[list[Column], Field(min_length=1, max_length=100)]


class Slot(Section):
    """A logical replication slot made by hand on the source, whose snapshot was loaded by hand (`pg_dump --snapshot`)."""

    name: str = Field(pattern=r"^[a-z0-9_]{1,63}$")
    """Name of the slot."""
    start_position: str = Field(pattern=r"^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$")
    """The log sequence number that pg_create_logical_replication_slot gave, such as `16/B374D848`."""


class Lobs(Section):
    """How large objects (text, bytea, json, xml, ...) are carried over."""

    mode: Literal["inline", "limited"] = "inline"
    """`inline`: those up to maxKiB with their row, larger ones one by one; nothing is cut. `limited`: faster, but a larger one
    fails the task."""
    max_kib: int = Field(default=64, alias="maxKiB", ge=1, le=102_400)
    """Size in KiB, see mode."""


class Source(Section):
    """One PostgreSQL database on-premises."""

    name: str = Field(max_length=24, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    """What it is called in resource names and outputs: up to 24 lower-case letters, digits and single hyphens."""
    host: Host
    """Host name, which the VPC must resolve (onPremises.domain is forwarded), or IPv4 address."""
    port: int = Field(default=5432, ge=1, le=65_535)
    """TCP port."""
    database: str = Field(pattern=NAME)
    """The database on that server."""
    engine_version: str | None = Field(default=None, pattern=r"^(9\.[4-6]|1[0-8])$")
    """Its version of PostgreSQL: `9.6`, or the major alone from 10 on. With it, versions of DMS and of the database that do not
    know it are refused before anything is made; `hybridge migrate STACK check` prints it, and holds it against the server."""
    username: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_$.@-]{0,62}$")
    """A role with LOGIN and REPLICATION that may read every column of the schemas, whatever row security says (BYPASSRLS), and
    owns heartbeatSchema. `hybridge migrate STACK prepare` writes the SQL for it."""
    password: SecretStr = Field(min_length=1, max_length=128)
    """Its password, without semicolons, colons, full stops and plus signs, which DMS refuses."""
    schemas: list[Schema] = Field(default=["public"], min_length=1, max_length=100)
    """The schemas that are carried over, every table of each but those that the next keys leave out. Changes are carried over
    for tables with a primary key only; never carried over are TRUNCATE, changes of a key's own columns, large objects
    (pg_largeobject), sequences, materialized views, and DDL made while the migration runs."""
    include_tables: list[Table] = Field(default=[], max_length=1000)
    """The only tables that are carried over, each as schema.table, where `*` stands for any letters. If omitted, all."""
    exclude_tables: list[Table] = Field(default=[], max_length=1000)
    """Tables that stay behind, written likewise: parents of partitions (or every row arrives twice) and of inheritance, caches,
    queues. `hybridge migrate STACK check` prints the list."""
    remove_columns: dict[Table, Columns] = Field(default={}, max_length=500)
    """Columns that stay behind, by table: generated ones, which the target computes itself."""
    target_schemas: dict[str, Schema] = {}
    """Schemas that get another name in AWS, source to target, so that several sources fit into one database."""
    target_database: str | None = Field(default=None, pattern=NAME)
    """The database in AWS that receives the data. If omitted, database.name; any other must have been created by hand."""
    ssl_mode: Literal["none", "require", "verify-ca", "verify-full"] = "require"
    """How the connection to the source is protected: not at all, encrypted, certificate checked, host name checked as well."""
    certificate_pem: Pem | None = None
    """The CA certificate of the source, for verify-ca and verify-full."""
    plugin: Literal["test-decoding", "pglogical"] = "test-decoding"
    """Logical decoding plugin: test-decoding comes with PostgreSQL, pglogical must be installed but sends less."""
    heartbeat_schema: Heartbeat = "dms"
    """The schema of the source in which DMS keeps a table of its own, which it writes so that an idle source frees its log. It
    must exist and belong to username: since PostgreSQL 15 nobody but the owner may create in `public`."""
    heartbeat_minutes: int = Field(default=5, ge=1, le=1_440)
    """How often it does."""
    slot: Slot | None = None
    """Carry over changes from this slot on, without a full load. If omitted, DMS makes a slot and loads everything first."""

    def mistakes(self) -> Iterator[Mistake]:
        """A password DMS cannot take, certificates without need or missing, targets of schemas that are not carried over."""
        if set(REFUSED_IN_PASSWORDS) & set(self.password.get_secret_value()):
            allowed = f"a password without any of {' '.join(REFUSED_IN_PASSWORDS)}"
            yield Mistake("password", SECRET, allowed, "Give the role of the migration another password.")
        verifies = self.ssl_mode.startswith("verify")
        if verifies and self.certificate_pem is None:
            fix = "Paste the certificate of the authority that signed the source's, or choose sslMode require."
            yield Mistake("certificatePem", NOT_SET, f"a certificate while sslMode is {self.ssl_mode}", fix)
        if self.certificate_pem is not None and not verifies:
            allowed = f"nothing while sslMode is {self.ssl_mode}, which checks no certificate"
            yield Mistake("certificatePem", "a certificate", allowed, "Choose sslMode verify-full, or remove it.")
        for schema in self.target_schemas:
            if schema not in self.schemas:
                yield Mistake(
                    f"targetSchemas.{schema}", schema, f"one of schemas: {', '.join(self.schemas)}", "Add it to schemas."
                )
        for position, schema in enumerate(self.schemas):
            if schema in self.schemas[:position]:
                yield Mistake(f"schemas[{position}]", schema, "each schema once", "Remove one of the two.")
        yield from self._tables_elsewhere()

    def _tables_elsewhere(self) -> Iterator[Mistake]:
        """Tables of schemas that are not carried over, and those that are both included and excluded."""
        named = [(f"includeTables[{at}]", table) for at, table in enumerate(self.include_tables)]
        named += [(f"excludeTables[{at}]", table) for at, table in enumerate(self.exclude_tables)]
        named += [(f'removeColumns["{table}"]', table) for table in self.remove_columns]
        for key, table in named:
            if table.split(".")[0] not in self.schemas:
                allowed = f"a table of one of schemas: {', '.join(self.schemas)}"
                yield Mistake(key, table, allowed, "Add its schema to schemas, or remove it.")
        for position, table in enumerate(self.exclude_tables):
            if table in self.include_tables:
                yield Mistake(
                    f"excludeTables[{position}]", table, "a table that is not in includeTables", "Remove one of the two."
                )

    def targets(self, default_database: str) -> Iterator[tuple[str, str]]:
        """Where its tables land: database and schema."""
        for schema in self.schemas:
            yield self.target_database or default_database, self.target_schemas.get(schema, schema)


class Migration(Section):
    """The migration of on-premises PostgreSQL into the database, one stage after the other."""

    stage: Annotated[Stage, BeforeValidator(_unquoted)] = "off"
    """`off`: nothing. `prepare`: roles, replication instance, endpoints and secrets, so that people can test the connections
    and create the tables; nothing moves. `assess`: a task for each source that does not run yet, and a bucket for what the
    premigration assessment of DMS finds. `load`: full load, after which the task stops with the changes since then still to be
    applied, so that indexes can be made in peace. `replicate`: every change as well (and the load, if there was none),
    validated and logged. `cutover`: the tasks are stopped and stay so, whatever else is deployed; set it before `hybridge
    migrate STACK rollback` could be needed. `done`: all of it is gone again; the database stays, and the account-wide roles if
    they were created here. docs/migration.md has the way back from each."""
    way: Literal["dms", "native"] = "dms"
    """Who moves the rows. `dms`: a managed task, with schemas renamed and validation of each row. `native`: PostgreSQL's own
    logical
    replication, which the subscription in RDS reads from the source: every type and digit as it is, no replication instance;
    schemas keep their names. docs/migration.md says when which is better."""
    roles: Literal["create", "adopt"] = "create"
    """The roles dms-vpc-role and dms-cloudwatch-logs-role, of which an account has one each: create them, or use those that
    another stack or a person has made."""
    instance_class: ReplicationClass
    """Class of the replication instance."""
    engine_version: str = Field(default="3.6.1", pattern=r"^3\.(5\.[4-9]|[6-9]\.\d)$")
    """Version of DMS: 3.5.4 or later, for PostgreSQL 17 3.6.1 or later. A change stops the tasks, installs it at once, and lets
    them go on. AWS retires versions: `aws dms describe-orderable-replication-instances --query
    'OrderableReplicationInstances[].EngineVersion'` tells those that it still makes."""
    multi_az: bool
    """Whether a standby replication instance waits in another zone."""
    storage_gib: int = Field(alias="storageGiB", ge=5, le=6_144)
    """Storage of the replication instance in GiB, for logs and changes that wait during the full load."""
    maintenance_window: WeeklyWindow = "sun:20:00-sun:21:00"
    """When DMS may maintain the replication instance, in UTC. Omitted: Mondays from 5:00 to 6:00 in management.timeZone, in
    winter."""
    sources: list[Source] = Field(default=[], max_length=50)
    """The databases that are migrated."""
    target_certificate_pem: Pem | None = None
    """What DMS checks the target's certificate and name with. If omitted, the roots of RDS in the region, which come with
    Hybridge; a region that was opened after 2023 needs its own (truststore.pki.rds.amazonaws.com/REGION/REGION-bundle.pem)."""
    password_generation: int = Field(default=1, ge=1, le=999)
    """Raise it for another password of the role that DMS writes with, which then signs in with the other of its two logins."""
    validation: bool = True
    """Whether every row is compared after it was carried over."""
    table_preparation: Literal["DO_NOTHING", "TRUNCATE_BEFORE_LOAD", "DROP_AND_CREATE"] = "DO_NOTHING"
    """What happens to a table in AWS before its full load. The last two fail on tables that foreign keys refer to, and the
    last leaves out indexes, defaults and sequences."""
    parallel_tables: int = Field(default=8, ge=1, le=49)
    """How many tables of a source are loaded at once."""
    lobs: Lobs = Lobs()
    """How large objects are carried over."""
    log_retention_days: RetentionDays = 30
    """How long the logs of the tasks are kept."""

    def mistakes(self) -> Iterator[Mistake]:
        """A stage that runs without sources, and sources of one name."""
        if self.stage in STANDING and not self.sources:
            fix = "Describe the databases to migrate, or set stage to off."
            yield Mistake("sources", [], f"at least one source while stage is {self.stage}", fix)
        if self.way == "native" and self.stage in {"assess", "load"}:
            allowed = "prepare, replicate or cutover while way is native: DMS alone assesses, and stops after a load"
            yield Mistake("stage", self.stage, allowed, "Set it to prepare or replicate.")
        for position, source in enumerate(self.sources):
            if self.stage == "load" and source.slot is not None:
                allowed = "nothing while stage is load: from a slot DMS reads changes alone, and loads nothing"
                yield Mistake(f"sources[{position}].slot", source.slot.name, allowed, "Set stage to replicate, or remove it.")
        names = [source.name for source in self.sources]
        for position, name in enumerate(names):
            if name in names[:position]:
                fix = "Give it a name of its own."
                yield Mistake(f"sources[{position}].name", name, "a name that no other source has", fix)


def migration_into_database(migration: Migration, database: Database) -> Iterator[Mistake]:
    """Two schemas that would land in one place, and an engine too old for the database's version."""
    if migration.stage not in STANDING:
        return
    if migration.way == "native":
        yield from _keeps_names(migration)
    taken: dict[tuple[str, str], str] = {}
    for position, source in enumerate(migration.sources):
        for target in source.targets(database.name):
            if target in taken:
                place = f"schema {target[1]} of database {target[0]}"
                yield Mistake(
                    f"migration.sources[{position}].targetSchemas",
                    dict(source.target_schemas),
                    f"no schema that lands in {place}, where one of {taken[target]} does",
                    "Name another schema in targetSchemas, or set targetDatabase.",
                )
            taken.setdefault(target, source.name)
    yield from _knows_sources(migration, database)
    if migration.way == "native":
        return
    yield from engine_for_database(migration, database, f"while migration.stage is {migration.stage}: DMS knows no other")


def _knows_sources(migration: Migration, database: Database) -> Iterator[Mistake]:
    """Sources newer than the database, and those that the engine of DMS does not know."""
    for position, source in enumerate(migration.sources):
        if source.engine_version is None:
            continue
        key, major = f"migration.sources[{position}].engineVersion", int(source.engine_version.split(".")[0])
        if major > _major(database):
            allowed = f"up to {_major(database)}, database.engineVersion: a schema does not go back a version"
            yield Mistake(key, source.engine_version, allowed, f"Set database.engineVersion to {major}.")
        if migration.way == "native" and major < FIRST_PUBLISHED:
            allowed = f"{FIRST_PUBLISHED} or later while migration.way is native: earlier ones have no publications"
            yield Mistake(key, source.engine_version, allowed, "Set migration.way to dms.")
        if migration.way == "dms" and major > max(FIRST_ENGINE_FOR):
            allowed = f"up to {max(FIRST_ENGINE_FOR)}, which DMS knows"
            yield Mistake(key, source.engine_version, allowed, "Set migration.way to native.")
        elif migration.way == "dms":
            needed = FIRST_ENGINE_FOR.get(major, (0,))
            if tuple(map(int, migration.engine_version.split("."))) < needed:
                least = ".".join(map(str, needed))
                allowed = f"{least} or later for the source {source.name} of PostgreSQL {major}"
                yield Mistake("migration.engineVersion", migration.engine_version, allowed, f"Set it to {least} or later.")


def target_verified(migration: Migration, role: str, disaster_recovery: DisasterRecovery, region: str) -> Iterator[Mistake]:
    """A region whose roots of RDS do not come along, so that DMS could not verify what it writes into."""
    by_dms = migration.stage in STANDING and migration.way == "dms"
    by_dms |= role == "secondary" and disaster_recovery.database == "dms"
    if by_dms and migration.target_certificate_pem is None and rds_roots.of(region) is None:
        url = f"https://truststore.pki.rds.amazonaws.com/{region}/{region}-bundle.pem"
        allowed = f"the roots of RDS in {region}, which do not come with Hybridge"
        yield Mistake("migration.targetCertificatePem", NOT_SET, allowed, f"Paste what {url} has.")


def _keeps_names(migration: Migration) -> Iterator[Mistake]:
    """Schemas that were to get another name, which PostgreSQL's own replication cannot give."""
    for position, source in enumerate(migration.sources):
        if any(old != new for old, new in source.target_schemas.items()):
            fix = "Remove it and rename after the cutover (ALTER SCHEMA), set targetDatabase, or set migration.way to dms."
            allowed = "nothing while migration.way is native, which keeps names"
            yield Mistake(f"migration.sources[{position}].targetSchemas", dict(source.target_schemas), allowed, fix)


def known_to_dms(database: Database, while_: str) -> Iterator[Mistake]:
    """A version of the database that no version of DMS knows."""
    oldest, newest = min(FIRST_ENGINE_FOR), max(FIRST_ENGINE_FOR)
    if _major(database) not in FIRST_ENGINE_FOR:
        fix = f"Set it to {newest}; the database can be upgraded once DMS has done its work."
        yield Mistake("database.engineVersion", database.engine_version, f"{oldest} to {newest} {while_}", fix)


def engine_for_database(migration: Migration, database: Database, while_: str) -> Iterator[Mistake]:
    """A version of the database that DMS does not know, or not in the version of its engine."""
    yield from known_to_dms(database, while_)
    needed = FIRST_ENGINE_FOR.get(_major(database), (0,))
    if tuple(map(int, migration.engine_version.split("."))) < needed:
        least = ".".join(map(str, needed))
        yield Mistake(
            "migration.engineVersion",
            migration.engine_version,
            f"{least} or later for PostgreSQL {_major(database)} (database.engineVersion)",
            f"Set it to {least} or later.",
        )


def _major(database: Database) -> int:
    return int(database.engine_version.split(".", maxsplit=1)[0])


def migration_through_network(migration: Migration, network: Network) -> Iterator[Mistake]:
    """A VPC in which the replication instance could not read its secrets."""
    if migration.stage in STANDING and migration.way == "dms":
        yield from secrets_within_reach(network, f"while migration.stage is {migration.stage}")


def secrets_within_reach(network: Network, while_: str) -> Iterator[Mistake]:
    """A VPC without a way to Secrets Manager, which the replication instance asks from within."""
    if "secretsmanager" not in network.endpoints:
        fix = "Add secretsmanager: DMS reads the credentials of its endpoints through it."
        yield Mistake("network.endpoints", list(network.endpoints), f"secretsmanager among them {while_}", fix)


def migration_from_on_premises(migration: Migration, on_premises: OnPremises) -> Iterator[Mistake]:
    """Sources at addresses that are not on-premises, to which there is no route."""
    for position, source in enumerate(migration.sources):
        if ONLY_DIGITS_AND_DOTS.fullmatch(source.host) and not contained(f"{source.host}/32", on_premises.cidrs):
            yield Mistake(
                f"migration.sources[{position}].host",
                source.host,
                f"an address in onPremises.cidrs: {', '.join(map(str, on_premises.cidrs))}",
                "Correct the address, or add its network to onPremises.cidrs.",
            )
