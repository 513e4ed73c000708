"""What of one source moves, where to, and by which way: the settings of the stack, as every step reads them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from migration.words import Stop

Way = Literal["dms", "native"]


@dataclass(frozen=True)
class Plan:
    """One source database and what becomes of it."""

    name: str
    """The source's name in the stack file."""
    way: Way = "dms"
    """Who moves the rows."""
    schemas: tuple[str, ...] = ()
    """Schemas that move; empty: every one that is not PostgreSQL's."""
    target_schemas: Mapping[str, str] = field(default_factory=dict)
    """Those that get another name in AWS."""
    include: tuple[str, ...] = ()
    """Only these tables, as `schema.table` with `*`; empty: all."""
    exclude: tuple[str, ...] = ()
    """But not these."""
    remove_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns that stay behind, by table."""
    role: str = ""
    """The role that reads the source."""
    heartbeat_schema: str = "dms"
    """Where DMS keeps its heartbeat."""
    slot: str = ""
    """A slot made by hand, if there is one."""
    lob_mode: Literal["inline", "limited"] = "inline"
    lob_max_kib: int = 64
    ssl_mode: str = "require"
    plugin: str = "test-decoding"
    validation: bool = True
    source: Mapping[str, Any] = field(default_factory=dict)
    """How the settings say the source is reached: host, port, dbname, user."""
    source_version: str | None = None
    """PostgreSQL's version at the source as the settings have it: `9.6`, `15`."""
    target_database: str = "hybridge"
    target_major: int | None = None
    """PostgreSQL's major version in AWS."""

    def moves(self, schema: str, table: str) -> bool:
        """Whether a table's rows are carried over."""
        name = f"{schema}.{table}"
        if (self.schemas and schema not in self.schemas) or table.startswith("awsdms_"):
            return False
        if self.include and not any(fnmatchcase(name, pattern) for pattern in self.include):
            return False
        return not any(fnmatchcase(name, pattern) for pattern in self.exclude)

    def leaves(self, schema: str, table: str) -> frozenset[str]:
        """The columns of a table that stay behind."""
        name = f"{schema}.{table}"
        return frozenset(
            column for pattern, columns in self.remove_columns.items() if fnmatchcase(name, pattern) for column in columns
        )

    def target(self, schema: str) -> str:
        """What a schema is called in AWS."""
        return self.target_schemas.get(schema, schema)

    def identifier(self, purpose: str) -> str:
        """The name of a publication, subscription or slot of this kit: lower-case letters, digits and underscores."""
        return re.sub(r"[^a-z0-9_]", "_", f"hybridge_{purpose}_{self.name}".lower())[:63]


def settings_of(stack: str, root: Path = Path()) -> Any:
    """The settings of a stack file. Raises Stop where it is wrong."""
    from components.settings import SettingsError, of_config  # noqa: PLC0415
    from rehearsal.stackfile import StackFileError, read  # noqa: PLC0415

    try:
        file = read(stack, root)
        return of_config(file.config, file.region, project=file.project, stack=file.stack)
    except (StackFileError, SettingsError) as error:
        raise Stop(str(error)) from None


def plans(stack: str, root: Path = Path()) -> list[Plan]:
    """The sources of a stack file, in its order. Raises Stop where it has none, or is wrong."""
    found = of_settings(settings_of(stack, root))
    if not found:
        raise Stop(f"{stack} has no migration.sources; describe the databases that move there, or give --source-dsn")
    return found


def of_settings(settings: Any) -> list[Plan]:
    """The same, of settings."""
    return [_plan(source, settings.migration, settings.database) for source in settings.migration.sources]


def chosen(of: list[Plan], name: str | None) -> Plan:
    """The plan of a source; its name may be left out where there is one only."""
    if name is None and len(of) == 1:
        return of[0]
    for plan in of:
        if plan.name == name:
            return plan
    raise Stop(f"source {name or '(not given)'}: name one of {', '.join(plan.name for plan in of)}")


def _plan(source: Any, migration: Any, database: Any) -> Plan:
    return Plan(
        name=source.name,
        way=migration.way,
        schemas=tuple(source.schemas),
        target_schemas=dict(source.target_schemas),
        include=tuple(source.include_tables),
        exclude=tuple(source.exclude_tables),
        remove_columns={table: tuple(columns) for table, columns in source.remove_columns.items()},
        role=source.username,
        heartbeat_schema=source.heartbeat_schema,
        slot=source.slot.name if source.slot else "",
        lob_mode=migration.lobs.mode,
        lob_max_kib=migration.lobs.max_kib,
        ssl_mode=source.ssl_mode,
        plugin=source.plugin,
        validation=migration.validation,
        source={"host": source.host, "port": source.port, "dbname": source.database, "user": source.username},
        source_version=source.engine_version,
        target_database=source.target_database or database.name,
        target_major=int(database.engine_version.split(".")[0]),
    )


def patterns(names: list[tuple[str, str]]) -> Iterator[str]:
    """Tables as the stack file names them; a name that it cannot spell becomes a pattern."""
    for schema, table in names:
        yield f"{schema}.{re.sub(r'[^A-Za-z0-9_$-]', '*', table)}"
