"""What the values themselves say: the longest LOB, the widest numeric, times that DMS clips; and how much there is to move."""

from collections.abc import Iterator

from psycopg import sql

from migration.check.scope import with_scope
from migration.connect import Connection, rows, value
from migration.plan import Plan
from migration.words import Finding

WHOLE = 32 * 1024**2
"""Bytes of a table up to which every row is looked at; of a larger one as many pages, evenly spread."""
DIGITS_OF_DMS = 28
TOO_MANY_DIGITS = (
    f"more than the {DIGITS_OF_DMS} digits that DMS keeps while changes flow",
    "migration.way: native, or a narrower column",
)
BEYOND_TIME = ("infinite times and those before the year 1 are clipped by DMS", "UPDATE them first, or migration.way: native")
NOT_AS_IT_IS = (TOO_MANY_DIGITS, BEYOND_TIME)
"""Values that DMS does not carry over as they are, and what is done about it."""
"""Digits of a numeric that DMS keeps while changes flow. CHAP_Source.PostgreSQL, Limitations."""
KIB = 1024
LARGEST = 5
MOST_TABLES = 2000
STATISTICS_OF_WAL = 140_000
"""The first server_version_num that has pg_stat_wal."""


def sizes(connection: Connection) -> list[tuple[str, int, int]]:
    """The tables that move, largest first: name, bytes with their LOBs, estimated rows."""
    return [
        (str(name), int(size), int(count))
        for name, size, count in rows(
            connection,
            with_scope(
                """SELECT q, coalesce(pg_table_size(m.oid), 0), greatest(c.reltuples, 0)::bigint FROM moving m JOIN pg_class
                c ON c.oid = m.oid
                   WHERE m.relkind = 'r' ORDER BY 2 DESC, 1"""
            ),
        )
    ]


def looked_into(connection: Connection, plan: Plan, *, whole: bool = False) -> Iterator[Finding]:
    """Findings from the values of LOBs, numerics and times. Tables over WHOLE are sampled unless `whole`; the text says so."""
    wanted: dict[tuple[int, str, int], list[tuple[str, str]]] = {}
    for oid, q, size, column, kind in rows(
        connection,
        with_scope(
            """SELECT c.oid::bigint, c.q, pg_relation_size(c.oid), c.attname,
                 CASE WHEN is_lob THEN 'lob' WHEN base = 'numeric' THEN 'numeric' ELSE 'time' END
               FROM columns c JOIN moving m ON m.oid = c.oid AND m.relkind = 'r'
               WHERE has_table_privilege(c.oid, 'SELECT')
                 AND ((is_lob AND base IN ('text', 'bytea', 'json', 'varchar', 'xml', 'citext')) OR (base = 'numeric' AND
                 atttypmod = -1 AND attgenerated = '')
                   OR base IN ('timestamp', 'timestamptz', 'date')) ORDER BY 3 DESC, 2, c.attnum"""
        ),
    ):
        wanted.setdefault((oid, q, size), []).append((column, kind))
    for (_, q, size), columns in list(wanted.items())[:MOST_TABLES]:
        yield from _table(connection, plan, q, size, columns, whole=whole)


MEASURES = {
    "lob": "max(octet_length(({0})::text))",
    # Digits of the widest value; NaN and the infinities have none.
    "numeric": "max(length(regexp_replace(({0})::text, '[^0-9]', '', 'g')))",
    "time": "count(*) FILTER (WHERE NOT isfinite({0}) OR {0} < '0001-01-01')",
}
BYTES = "max(octet_length({0}))"


def _table(
    connection: Connection, plan: Plan, q: str, size: int, columns: list[tuple[str, str]], *, whole: bool
) -> Iterator[Finding]:
    sampled = size > WHOLE and not whole
    percent = 100 * WHOLE / size if sampled else 100
    parts = [
        sql.SQL(BYTES if kind == "lob" and _is_plain(connection, q, name) else MEASURES[kind]).format(sql.Identifier(name))
        for name, kind in columns
    ]
    schema, table = _split(connection, q)
    statement = sql.SQL("SELECT {} FROM ONLY {}").format(sql.SQL(", ").join(parts), sql.Identifier(schema, table))
    if sampled:
        statement += sql.SQL(" TABLESAMPLE SYSTEM ({}) REPEATABLE (0)").format(sql.Literal(round(percent, 4)))
    found = connection.execute(statement).fetchone() or ()
    how = f" (of {percent:.1f} % of the table; --whole looks at all)" if sampled else ""
    for (name, kind), measured in zip(columns, found, strict=False):
        finding = _meaning(plan, f"{q}.{name}", kind, measured, how)
        if finding:
            yield finding


def _meaning(plan: Plan, column: str, kind: str, measured: int | None, how: str) -> Finding | None:
    if not measured:
        return None
    if kind == "lob" and measured > plan.lob_max_kib * KIB and plan.way == "dms":
        kib = -(-measured // KIB)
        if plan.lob_mode == "limited":
            why = f"a LOB longer than lobs.maxKiB ({plan.lob_max_kib}) fails the task"
            return Finding(
                "stop", "lob_size", f"{column}: {kib} KiB{how}", why, f"lobs.maxKiB: {kib}", "postgres-check-limited-lob-size"
            )
        why = f"a LOB longer than lobs.maxKiB ({plan.lob_max_kib}) is fetched by itself, which is slow"
        return Finding(
            "info", "lob_size", f"{column}: {kib} KiB{how}", why, f"lobs.maxKiB: {kib}", "postgres-check-limited-lob-size"
        )
    if kind == "numeric" and measured > DIGITS_OF_DMS and plan.way == "dms":
        return Finding("stop", "numeric_digits", f"{column}: {measured} digits{how}", *TOO_MANY_DIGITS)
    if kind == "time" and plan.way == "dms":
        return Finding("stop", "time_range", f"{column}: {measured} rows{how}", *BEYOND_TIME)
    return None


def _is_plain(connection: Connection, q: str, column: str) -> bool:
    """Whether its length can be had without reading it: of text and bytea PostgreSQL keeps it beside the value."""
    schema, table = _split(connection, q)
    return bool(
        rows(
            connection,
            """SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
               WHERE nspname = %(schema)s AND relname = %(table)s AND attname = %(column)s
                 AND atttypid IN ('text'::regtype, 'bytea'::regtype, 'varchar'::regtype)""",
            {"schema": schema, "table": table, "column": column},
        )
    )


def _split(connection: Connection, q: str) -> tuple[str, str]:
    schema, table = rows(connection, "SELECT parse_ident(%(q)s)", {"q": q})[0][0]
    return str(schema), str(table)


def volume(connection: Connection) -> Iterator[Finding]:
    """How much moves, and what the log grows by, which is what a slot holds back while nobody reads it."""
    found = sizes(connection)
    if found:
        total = sum(size for _, size, _ in found)
        largest = ", ".join(f"{name} {_human(size)}" for name, size, _ in found[:LARGEST])
        yield Finding(
            "info",
            "volume",
            f"{len(found)} tables, {_human(total)}",
            f"the largest: {largest}",
            "migration.parallelTables loads several at once",
        )
    if int(value(connection, "SHOW server_version_num")) >= STATISTICS_OF_WAL:
        (written, hours), *_ = rows(
            connection, "SELECT wal_bytes, extract(epoch FROM now() - stats_reset) / 3600 FROM pg_stat_wal"
        )
        per_hour = int(written / max(hours, 1))
        yield Finding(
            "info",
            "wal",
            f"{_human(per_hour)} an hour, on average of {float(hours):.0f} hours",
            "what a slot keeps in pg_wal while the link or the task is down: the source's disk must hold it for the "
            "longest outage",
            "watch `hybridge migrate STACK status`, or set max_slot_wal_keep_size to what the disk can spare",
        )


def _human(size: int) -> str:
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < KIB:
            return f"{size} {unit}"
        size //= KIB
    return f"{size} TiB"
