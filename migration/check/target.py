"""What the target has to be: version, extensions, rights, and empty tables with keys and without what slows a load."""

from collections.abc import Iterator

from migration.check.scope import schemas_of, with_scope
from migration.connect import Connection, rows, value
from migration.plan import Plan
from migration.words import Finding


def looked_at(source: Connection, target: Connection, plan: Plan) -> Iterator[Finding]:
    """Findings that need both servers."""
    old, new = (int(value(one, "SHOW server_version_num")) for one in (source, target))
    if new // 10_000 < old // 10_000:
        yield Finding(
            "stop",
            "target_version",
            f"{old // 10_000} to {new // 10_000}",
            "an older server may not take the schema",
            f'database.engineVersion: "{old // 10_000}" or later',
        )
    available = dict(rows(target, "SELECT name, default_version FROM pg_available_extensions"))
    for name, version in rows(source, "SELECT extname, extversion FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1"):
        if name not in available:
            yield Finding(
                "stop",
                "target_extension",
                f"{name} {version}",
                "AWS has no such extension",
                "DROP EXTENSION where nothing uses it, or leave what does behind",
            )
        elif _version(available[name]) < _version(version):
            yield Finding(
                "warn",
                "target_extension",
                f"{name} {version}",
                f"AWS has {available[name]}, which is older",
                "a later database.engineVersion",
            )
    yield from _rights(target, plan)
    yield from _shape(target, plan, source)


def _rights(target: Connection, plan: Plan) -> Iterator[Finding]:
    if not value(target, "SELECT has_database_privilege(current_database(), 'CREATE')"):
        yield Finding(
            "stop",
            "target_privileges",
            str(value(target, "SELECT current_user")),
            "may not create schemas in the target",
            "connect as its owner",
            "postgres-check-target-privileges",
        )
    if plan.way == "dms" and not value(
        target,
        """SELECT rolsuper OR EXISTS (SELECT FROM pg_roles g WHERE rolname = 'rds_superuser' AND pg_has_role(current_user,
        g.oid, 'MEMBER'))
           FROM pg_roles WHERE rolname = current_user""",
    ):
        yield Finding(
            "warn",
            "target_replication_role",
            str(value(target, "SELECT current_user")),
            "session_replication_role, which keeps foreign keys and triggers quiet, wants rds_superuser",
            "GRANT rds_superuser TO ...;",
            "postgres-check-session-replication-role",
        )


def _shape(target: Connection, plan: Plan, source: Connection) -> Iterator[Finding]:
    schemas = [plan.target(schema) for schema in schemas_of(source, plan)]
    have = {
        name
        for (name,) in rows(
            target,
            "SELECT nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind IN ('r', 'p') AND nspname = ANY (%(s)s)",
            {"s": schemas},
        )
    }
    if not have:
        yield Finding(
            "info", "target_empty", ", ".join(schemas), "the target has no tables yet", "hybridge migrate STACK tables"
        )
        return
    for (name,) in rows(
        target,
        """SELECT format('%%I.%%I on %%s', n.nspname, x.relname, i.indrelid::regclass) FROM pg_index i JOIN pg_class x ON
        x.oid = indexrelid
             JOIN pg_class c ON c.oid = indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = ANY (%(s)s) AND NOT indisprimary AND c.reltuples <= 0 AND c.relkind = 'r' AND NOT indisunique
           LIMIT 20""",
        {"s": schemas},
    ):
        yield Finding(
            "warn",
            "target_secondary_index",
            str(name),
            "an index on an empty table slows its load",
            "DROP INDEX; `indexes` makes it after the load",
            "postgres-check-target-secondary-indexes",
        )
    if plan.way == "dms":
        yield from _quick(source, target, plan)
        yield from _open_lobs(source, target, plan)


def _quick(source: Connection, target: Connection, plan: Plan) -> Iterator[Finding]:
    """Each change that DMS carries over looks for its row: without a key it reads the whole table."""
    keyed = """SELECT n.nspname, c.relname, EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisunique AND indisvalid)
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'"""
    there = {(schema, table): has for schema, table, has in rows(target, keyed)}
    for schema, table in rows(
        source,
        with_scope(
            "SELECT nspname, relname FROM moving m WHERE relkind = 'r' AND EXISTS (SELECT FROM keys WHERE indrelid = m.oid)"
        ),
    ):
        if there.get((plan.target(schema), table)) is False:
            yield Finding(
                "warn",
                "target_no_key",
                f"{plan.target(schema)}.{table}",
                "has no primary key and no unique constraint: every change that arrives reads the whole table",
                "hybridge migrate STACK schema, or the key that the source has",
                "target-table-has-unique-key-or-primary-key-for-cdc",
            )


def _open_lobs(source: Connection, target: Connection, plan: Plan) -> Iterator[Finding]:
    """In its inline mode DMS writes a row with NULL for its LOBs first."""
    if plan.lob_mode == "limited":
        return
    shut = set(
        rows(
            target,
            """SELECT n.nspname, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid AND relkind = 'r'
                 JOIN pg_namespace n ON n.oid = relnamespace WHERE attnotnull AND attnum > 0 AND NOT attisdropped""",
        )
    )
    for schema, table, column in rows(
        source,
        with_scope(
            """SELECT m.nspname, m.relname, c.attname FROM columns c JOIN moving m USING (oid)
               WHERE m.relkind = 'r' AND is_lob AND NOT in_key ORDER BY 1, 2, 3"""
        ),
    ):
        if (plan.target(schema), table, column) in shut:
            yield Finding(
                "stop",
                "target_lob_not_null",
                f"{plan.target(schema)}.{table}.{column}",
                "DMS writes a LOB as NULL first, which NOT NULL refuses",
                "ALTER TABLE ... ALTER COLUMN ... DROP NOT NULL;   `hybridge migrate STACK schema` does, until the cutover",
                "full-lob-not-nullable-at-target",
            )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.replace("-", ".").split(".") if part.isdigit())
