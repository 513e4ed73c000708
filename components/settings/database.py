"""The section `database`: RDS for PostgreSQL, its storage, its protection and its read replicas."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from components.database_classes import connections
from components.postgresql import problem_with
from components.settings.base import Mistake, Section
from components.settings.database_restore import Restore
from components.settings.database_users import DatabaseUser, mistakes_among
from components.settings.errors import NOT_SET
from components.settings.machines import DatabaseClass
from components.settings.network import RetentionDays
from components.settings.windows import DAILY, SHORTEST, WEEKLY, length, overlap

_RESERVED_WORDS = (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column "
    "concurrently constraint create cross current_catalog current_date current_role current_schema current_time "
    "current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from "
    "full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit "
    "localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references "
    "returning right select session_user similar some symmetric system_user table tablesample then to trailing true union "
    "unique user using variadic verbose when where window with"
)
RESERVED = frozenset(_RESERVED_WORDS.split())
"""The words that PostgreSQL reserves, none of which names a database or a user without quotes."""
RESERVED_DATABASES = RESERVED | {"postgres", "rdsadmin", "template0", "template1"}
RESERVED_USERS = RESERVED | {"admin", "public", "rds_superuser", "rdsadmin", "rdsrepladmin", "rdstopmgr"}

OWN_PARAMETERS = {
    "rds.logical_replication": "logical replication is what migrations and their way back stand on",
    "rds.force_ssl": "database.forceTls",
    "shared_preload_libraries": "database.preloadLibraries",
    "log_min_duration_statement": "database.slowStatementMilliseconds",
    "max_slot_wal_keep_size": "database.slotWalGiB",
    "log_statement": "passwords in CREATE ROLE and ALTER ROLE would stand in the logs; preload pgaudit instead",
}
"""Parameters that are not set by hand -> what sets them."""

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
LARGEST_GIB = 65_536
GP3_STRIPED_GIB = 400
"""From here RDS stripes gp3 over four volumes, and only then may IOPS and throughput be chosen."""
GP3_SMALLEST_GIB, IO2_SMALLEST_GIB = 20, 100
GP3_IOPS = (12_000, 64_000)
GP3_IOPS_PER_GIB = 500
GP3_THROUGHPUT = (500, 4_000)
GP3_IOPS_PER_MIB = 4
IO2_IOPS = (1_000, 256_000)
IO2_IOPS_PER_GIB = (0.5, 1_000)


def _not_in(reserved: frozenset[str], text: str) -> str:
    if text.lower() in reserved or text.lower().startswith("pg_"):
        raise ValueError("a name that PostgreSQL and RDS do not reserve; choose another one")
    return text


def _long_enough(window: str) -> str:
    if length(window) < SHORTEST:
        raise ValueError(f"a window of {SHORTEST} minutes or more; move its end")
    return window


DatabaseName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$"), AfterValidator(lambda n: _not_in(RESERVED_DATABASES, n))
]
Username = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,15}$"), AfterValidator(lambda n: _not_in(RESERVED_USERS, n))]
ParameterName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}(\.[a-z][a-z0-9_]{0,62})?$")]
Library = Literal[
    "auto_explain",
    "pg_bigm",
    "pg_cron",
    "pg_hint_plan",
    "pg_partman_bgw",
    "pg_prewarm",
    "pg_similarity",
    "pg_tle",
    "pgaudit",
    "pglogical",
    "plrust",
]
"""What RDS lists for rds.extensions and shared_preload_libraries.
https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html"""
DailyWindow = Annotated[str, Field(pattern=DAILY), AfterValidator(_long_enough)]
WeeklyWindow = Annotated[str, Field(pattern=WEEKLY), AfterValidator(_long_enough)]


class ReadReplicas(Section):
    """Read replicas for reports and BI, found together as `database-reader.<private zone>`."""

    count: int = Field(default=0, ge=0, le=15)
    """How many. They need automated backups of the primary."""
    instance_class: DatabaseClass | None = None
    """Their DB instance class. If omitted, that of the primary."""


class Database(Section):
    """RDS for PostgreSQL in the isolated subnets, named `database.<private zone>`."""

    engine_version: str = Field(default="17", pattern=r"^1[4-8](\.\d{1,2})?$")
    """PostgreSQL's version: the major alone, so that minor versions come by themselves, or with a minor (`17.7`), which then
    stays and wants autoMinorVersionUpgrade off. The parameter group follows the major version. DMS knows versions up to 17."""
    allow_major_version_upgrade: bool = False
    """Whether a higher major version in engineVersion upgrades the instance and its readers, which means a downtime; while it
    is on, every change of the instance is applied at once and not in the maintenance window. If off, it is an error."""
    apply_immediately: bool = False
    """Whether changes of class, storage or version come into effect at once, with the interruption that they bring, instead
    of in
    the maintenance window. To be set for one deployment, in an emergency."""
    parameters: dict[ParameterName, str] = {}
    """Parameters of PostgreSQL, over those that the platform sets: `timezone: Asia/Seoul` as the source had it, `work_mem:
    16MB`
    as RDS wants it (`"16384"`, in kB). Static ones wait for a reboot (`aws rds reboot-db-instance`)."""
    preload_libraries: list[Library] = Field(default=[], max_length=10)
    """Libraries loaded with the server beside pg_stat_statements: pgaudit, pg_cron, auto_explain. They wait for a reboot."""
    force_tls: bool = True
    """Whether connections without TLS are refused. Off only for as long as clients with `sslmode=disable` exist."""
    iam_authentication: bool = False
    """Whether people and workloads may sign in with a token of AWS IAM in place of a password, once an administrator has said
    `GRANT rds_iam TO role` and a policy allows `rds-db:connect`. A role with rds_iam takes no password any more."""
    extended_support: bool = True
    """Whether RDS keeps an instance on a major version that the community has left, at a charge for every vCPU and hour. If
    off, RDS upgrades it at the end of standard support. Decide it before the first deployment: it is told to RDS when an
    instance is made."""
    auto_minor_version_upgrade: bool = True
    """Whether RDS installs minor versions in the maintenance window."""
    instance_class: DatabaseClass
    """DB instance class of the primary."""
    multi_az: bool
    """Whether a synchronous standby waits in another zone, to take over within a minute or two."""
    storage_type: Literal["gp3", "io2"] = "gp3"
    """Kind of volume. io2 holds its latency under any load, and wants iops."""
    storage_gib: int = Field(alias="storageGiB", ge=GP3_SMALLEST_GIB, le=LARGEST_GIB)
    """Storage to begin with, in GiB. It grows by itself, but never shrinks: `hybridge diff` refuses a smaller number. Once it
    has grown, write down what there is (a deployment says so): alarms and the limit of slots are reckoned from this."""
    slot_wal_gib: int | None = Field(default=None, alias="slotWalGiB", ge=1, le=LARGEST_GIB)
    """How much of its log the database keeps for a replication slot that nobody reads, in GiB, before it gives the slot up. If
    omitted, a fifth of storageGiB."""
    max_storage_gib: int = Field(alias="maxStorageGiB", ge=0, le=LARGEST_GIB)
    """Where growing by itself ends, in GiB: at least 10 % above storageGiB, better 26 %. 0 turns it off."""
    iops: int | None = Field(default=None, ge=IO2_IOPS[0], le=IO2_IOPS[1])
    """Provisioned IOPS. io2 needs them; gp3 takes them from 400 GiB. If omitted, gp3 has 3000, from 400 GiB 12000."""
    throughput: int | None = Field(default=None, ge=GP3_THROUGHPUT[0], le=GP3_THROUGHPUT[1])
    """Provisioned throughput in MiB/s, for gp3 from 400 GiB and together with iops. If omitted, 125, from 400 GiB 500."""
    name: DatabaseName = "hybridge"
    """The database made along with the instance: a letter, then lower-case letters, digits and underscores."""
    username: Username = "dbadmin"
    """The master user, whose generated password is in Secrets Manager: for operations. Changing it replaces the instance."""
    password_generation: int = Field(default=1, ge=1, le=999)
    """Raise it for another password of the master user. It is changed at once, in the database and in the secret."""
    users: list[DatabaseUser] = Field(default=[], max_length=50)
    """Who signs in beside the master user. Without any, workloads get the master's secret."""
    snapshots_shared_with: list[Annotated[str, Field(pattern=r"^[0-9]{12}$")]] = Field(default=[], max_length=20)
    """Accounts, by their ids in quotes, that may copy snapshots of this database which a person has shared with them: those of
    developers, for example. It lets them use the key for that and for nothing else."""
    restore_instead: Restore | None = None
    """Puts a restored instance in the place of the one that is there, which stays in AWS until a person deletes it; keep the
    section from then on. docs/operations.md has the runbook."""
    restore_beside: Restore | None = None
    """Restores an instance beside the one that is there, to look at and to copy from: small changes of clients' DSN reach it
    (`databaseRestoredAddress`), nothing else does. Remove the section, and it is gone."""
    backup_retention_days: int = Field(default=14, ge=0, le=35)
    """How long automated backups are kept, any second of which can be restored. 0 turns them off."""
    backup_window: DailyWindow = "17:00-18:00"
    """When the daily backup is taken, in UTC. Omitted: from 2:00 to 3:00 in management.timeZone, in winter."""
    maintenance_window: WeeklyWindow = "sun:18:30-sun:19:30"
    """When RDS may install versions and apply what a change to the stack file left pending, in UTC. Omitted: Mondays from 3:30
    to 4:30 in management.timeZone, in winter."""
    deletion_protection: bool = True
    """Whether RDS refuses to delete the instance, whoever asks."""
    final_snapshot: bool = True
    """Whether a last snapshot is taken when the instance is deleted all the same."""
    ca_certificate: Literal["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"] = "rds-ca-rsa2048-g1"
    """The certificate authority of the server's certificate. Clients must have its root."""
    monitoring_interval_seconds: Literal[0, 1, 5, 10, 15, 30, 60] = 60
    """Interval of enhanced monitoring, the view from inside the operating system. 0 turns it off."""
    insights: Literal["standard", "advanced"] = "standard"
    """Mode of Database Insights: `standard` keeps a week of history and costs nothing, `advanced` keeps fifteen months."""
    slow_statement_milliseconds: int = Field(default=1000, ge=-1, le=2_147_483_647)
    """Statements that take longer are logged with their text. -1 logs none, 0 all."""
    log_retention_days: RetentionDays = 30
    """How long the exported logs (postgresql, upgrade) are kept."""
    read_replicas: ReadReplicas = ReadReplicas()
    """Read replicas. None if omitted."""

    def mistakes(self) -> Iterator[Mistake]:
        """Storage that RDS does not offer, windows that overlap, replicas without backups, a minor that would not stay."""
        yield from self._storage_mistakes()
        yield from self._parameter_mistakes()
        yield from mistakes_among(self.users, self.username)
        yield from self._gp3_mistakes() if self.storage_type == "gp3" else self._io2_mistakes()
        if self.read_replicas.count and not self.backup_retention_days:
            yield Mistake(
                "readReplicas.count",
                self.read_replicas.count,
                "0 while backupRetentionDays is 0",
                "Set backupRetentionDays to 1 or more: RDS makes a replica from a backup.",
            )
        yield from self._small_readers()
        if self.auto_minor_version_upgrade and "." in self.engine_version:
            yield Mistake(
                "engineVersion",
                self.engine_version,
                "a major version alone while autoMinorVersionUpgrade is on",
                f"Write {self.engine_version.split('.')[0]}, or turn autoMinorVersionUpgrade off.",
            )
        if overlap(self.backup_window, self.maintenance_window):
            yield Mistake(
                "maintenanceWindow",
                self.maintenance_window,
                f"a window that does not meet backupWindow {self.backup_window}",
                "Move one of the two windows.",
            )

    def _small_readers(self) -> Iterator[Mistake]:
        """Readers that would stop replicating: theirs may not be fewer connections than those of their source."""
        smaller, own = self.read_replicas.instance_class, connections(self.instance_class)
        least = connections(smaller) if smaller else None
        if not self.read_replicas.count or smaller is None or least is None or own is None:
            return
        if least < own and "max_connections" not in self.parameters:
            yield Mistake(
                "readReplicas.instanceClass",
                smaller,
                f"a class with the memory of {self.instance_class} or more: max_connections follows memory, and a replica with "
                "fewer than its source stops replicating",
                f"Choose another class, or set parameters.max_connections to {least} or less for all of them.",
            )

    def _parameter_mistakes(self) -> Iterator[Mistake]:
        """Parameters that have a key of their own, that PostgreSQL does not know, or whose value it does not take."""
        for name, value in self.parameters.items():
            key = f"parameters.{name}"
            if name in OWN_PARAMETERS:
                allowed = f"nothing here: the platform sets it ({OWN_PARAMETERS[name]})"
                yield Mistake(key, value, allowed, "Remove it.")
            elif problem := problem_with(name, value, int(self.engine_version.split(".")[0])):
                yield Mistake(key, value, problem, "Correct it; `SELECT * FROM pg_settings` tells names, units and ranges.")

    def _storage_mistakes(self) -> Iterator[Mistake]:
        least = -(-self.storage_gib * 110 // 100)
        if 0 < self.max_storage_gib < least:
            highest = f"0, or {least} to {LARGEST_GIB}" if least <= LARGEST_GIB else "0"
            yield Mistake(
                "maxStorageGiB",
                self.max_storage_gib,
                f"{highest} while storageGiB is {self.storage_gib}",
                "Raise it to at least 10 % above storageGiB, better 26 %, or set it to 0.",
            )

    def _gp3_mistakes(self) -> Iterator[Mistake]:
        striped = self.storage_gib >= GP3_STRIPED_GIB
        for key, value in (("iops", self.iops), ("throughput", self.throughput)):
            if value is not None and not striped:
                yield Mistake(
                    key,
                    value,
                    f"nothing for gp3 below {GP3_STRIPED_GIB} GiB, which has 3000 IOPS and 125 MiB/s",
                    f"Remove it, or set storageGiB to {GP3_STRIPED_GIB} or more.",
                )
        if not striped:
            return
        lowest, highest = GP3_IOPS[0], min(GP3_IOPS[1], self.storage_gib * GP3_IOPS_PER_GIB)
        if self.iops is not None and not lowest <= self.iops <= highest:
            yield Mistake("iops", self.iops, f"{lowest} to {highest} for gp3", "Choose a number in this range.")
        if self.throughput is not None and self.iops is None:
            yield Mistake("throughput", self.throughput, "nothing while iops is omitted", "Set iops as well.")
        elif self.throughput is not None and self.iops is not None and self.throughput * GP3_IOPS_PER_MIB > self.iops:
            yield Mistake(
                "throughput",
                self.throughput,
                f"up to {self.iops // GP3_IOPS_PER_MIB}, a quarter of iops",
                "Lower it, or raise iops.",
            )

    def _io2_mistakes(self) -> Iterator[Mistake]:
        if self.storage_gib < IO2_SMALLEST_GIB:
            yield Mistake("storageGiB", self.storage_gib, f"{IO2_SMALLEST_GIB} to {LARGEST_GIB} for io2", "Raise it.")
        if self.throughput is not None:
            yield Mistake("throughput", self.throughput, "nothing for io2, whose throughput follows iops", "Remove it.")
        # What storage may grow to counts as well: RDS refuses a maximum that the IOPS would not reach any more.
        lowest = max(IO2_IOPS[0], -(-max(self.storage_gib, self.max_storage_gib) // 2))
        highest = min(IO2_IOPS[1], self.storage_gib * IO2_IOPS_PER_GIB[1])
        if self.iops is None or not lowest <= self.iops <= highest:
            yield Mistake(
                "iops",
                NOT_SET if self.iops is None else self.iops,
                f"{lowest} to {highest} for io2 of this size, half an IOPS per GiB of maxStorageGiB at least",
                "Set iops to a number in this range.",
            )
