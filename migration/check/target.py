"""What the target has to be: version, extensions, rights, and empty tables with keys and without what slows a load."""

from collections.abc import Iterator

from migration.check.scope import schemas_of
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


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.replace("-", ".").split(".") if part.isdigit())
