"""Whether both sides hold the same rows: a checksum of each table that no order matters to, and the rows that differ by key."""

import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from psycopg import sql

from migration.check import scope
from migration.connect import Connection, connected, rows, value
from migration.job import Job
from migration.plan import Plan

BUCKETS = 256
"""Parts that a table that differs is cut into, by the hash of its key, so that few rows are fetched."""
MOST_ROWS = 5
"""Rows that differ, told of each table."""
PARTS_PER_MILLE = 1_000
NO_VALUE = f"NULL {secrets.token_hex(8)}"
"""What stands for NULL, which no text of a database can be by chance."""


@dataclass(frozen=True)
class Table:
    """A table as both sides know it."""

    schema: str
    name: str
    target_schema: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    """Columns of the primary key; empty where there is none."""
    size: int
    """Bytes at the source."""
    only: bool
    """Whether rows of tables that inherit from it are left out."""

    @property
    def title(self) -> str:
        """As people write it."""
        return f"{self.schema}.{self.name}"


@dataclass
class Result:
    """What comparing a table came to."""

    table: str
    source_rows: int = 0
    target_rows: int = 0
    equal: bool = False
    seconds: float = 0.0
    differing: list[str] = field(default_factory=list)
    """The first rows that differ: key, and how."""
    problem: str = ""


def tables_of(source: Connection, target: Connection, plan: Plan) -> list[Table]:
    """The tables that move, largest first, with the columns that both sides can be asked for: generated ones are computed
    anew and
    columns that stay behind are not there."""
    moving = scope.make(source, plan)
    found = []
    for oid, schema, name in moving:
        kind, size = rows(source, "SELECT relkind::text, pg_table_size(oid) FROM pg_class WHERE oid = %(o)s", {"o": oid})[0]
        if kind == "p" and any(_is_partition_of(source, oid, other) for other, _, _ in moving):
            continue  # its partitions are compared, each by itself
        columns = [
            column
            for (column,) in rows(
                source,
                """SELECT attname FROM pg_attribute WHERE attrelid = %(o)s AND attnum > 0 AND NOT attisdropped AND
                attgenerated = '' ORDER BY attname""",
                {"o": oid},
            )
            if column not in plan.leaves(schema, name)
        ]
        key = rows(
            source,
            """SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(n, at) JOIN pg_attribute a ON a.attnum = k.n
               WHERE i.indrelid = %(o)s AND a.attrelid = %(o)s AND indisprimary ORDER BY k.at""",
            {"o": oid},
        )
        found.append(Table(schema, name, plan.target(schema), tuple(columns), tuple(k for (k,) in key), int(size), kind != "p"))
    return sorted(found, key=lambda table: (-table.size, table.title))


def _is_partition_of(source: Connection, parent: int, child: int) -> bool:
    return bool(
        rows(source, "SELECT 1 FROM pg_inherits WHERE inhparent = %(p)s AND inhrelid = %(c)s", {"p": parent, "c": child})
    )


def _rows_of(table: Table, schema: str, sample: int) -> sql.Composed:
    """SELECT of the hash of each row and its key. A sample is by the hash of the key, so that both sides take the same
    rows."""
    where: sql.Composable = sql.SQL("")
    if sample < PARTS_PER_MILLE:
        where = sql.SQL(" WHERE mod(abs(hashtextextended({}, 1) / 2), 1000) < {}").format(_key(table), sql.Literal(sample))
    only = sql.SQL("ONLY ") if table.only else sql.SQL("")
    return sql.SQL("SELECT {} AS h, {} AS k FROM {}{}{}").format(
        _hash(table), _key(table), only, sql.Identifier(schema, table.name), where
    )


def _hash(table: Table) -> sql.Composable:
    """A 64-bit hash of a row: of each column's text, begun with the hash of the columns before it.

    That tells an exchange of values between columns or rows, and takes half the time of a row written as one text, whose every
    letter PostgreSQL looks at for what it has to quote.
    """
    # Flat, for psycopg goes into what is composed of parts by recursion, and a table may have 1,600 columns.
    opened = [
        sql.SQL('hashtextextended(coalesce({}::text, {}) COLLATE "C", ').format(sql.Identifier(column), sql.Literal(NO_VALUE))
        for column in reversed(table.columns)
    ]
    return sql.Composed([*opened, sql.SQL("0"), sql.SQL(")" * len(opened))])


def _key(table: Table) -> sql.Composable:
    if not table.key:
        return sql.SQL("ROW({})::text").format(sql.SQL(", ").join(map(sql.Identifier, table.columns)))
    return sql.SQL("ROW({})::text").format(sql.SQL(", ").join(map(sql.Identifier, table.key)))


def checksum(connection: Connection, table: Table, schema: str, sample: int) -> tuple[int, int]:
    """Rows, and the sum of a 64-bit hash of each."""
    statement = sql.SQL("SELECT count(*), coalesce(sum(h), 0) FROM ({}) t").format(_rows_of(table, schema, sample))
    count, total = connection.execute(statement).fetchone() or (0, 0)
    return int(count), int(total)


def differing(source: Connection, target: Connection, table: Table, sample: int) -> list[str]:
    """The first rows that differ, by key: in AWS only, missing there, or other values."""
    buckets: list[dict[int, tuple[int, int]]] = []
    for connection, schema in ((source, table.schema), (target, table.target_schema)):
        statement = sql.SQL(
            "SELECT mod(abs(hashtextextended(k, 2) / 2), {}) AS b, count(*), sum(h) FROM ({}) t GROUP BY 1"
        ).format(sql.Literal(BUCKETS), _rows_of(table, schema, sample))
        buckets.append({int(b): (int(n), int(total)) for b, n, total in connection.execute(statement)})
    wrong = [b for b in sorted(buckets[0].keys() | buckets[1].keys()) if buckets[0].get(b) != buckets[1].get(b)]
    told: list[str] = []
    for bucket in wrong:
        sides: list[dict[tuple[str, int], int]] = []
        for connection, schema in ((source, table.schema), (target, table.target_schema)):
            statement = sql.SQL(
                "SELECT k, h, count(*) FROM ({}) t WHERE mod(abs(hashtextextended(k, 2) / 2), {}) = {} GROUP BY 1, 2"
            ).format(_rows_of(table, schema, sample), sql.Literal(BUCKETS), sql.Literal(bucket))
            sides.append({(str(k), int(h)): int(n) for k, h, n in connection.execute(statement)})
        here, there = ({key for key, _ in side} for side in sides)
        for key in sorted(
            {key for key, h in sides[0].keys() ^ sides[1].keys()}
            | {key for key, h in sides[0].keys() & sides[1].keys() if sides[0][key, h] != sides[1][key, h]}
        ):
            how = "missing in AWS" if key not in there else "in AWS only" if key not in here else "differs"
            told.append(f"{_short(key)} {how}")
            if len(told) >= MOST_ROWS:
                return told
    return told


def _short(key: str) -> str:
    return key if len(key) < 60 else key[:57] + "..."


def compared(
    source: str, target: str, plan: Plan, *, workers: int = 4, sample: int = PARTS_PER_MILLE, names: Sequence[str] = ()
) -> Iterator[tuple[Table, Result]]:
    """Compare the tables, several at once, each side within one snapshot; results as they come, the largest table begun
    first."""
    with ExitStack() as stack:
        old, new = stack.enter_context(connected(source)), stack.enter_context(connected(target))
        chosen = [table for table in tables_of(old, new, plan) if not names or table.title in names]
        pairs: list[tuple[Connection, Connection]] = [(old, new)]
        snapshots = []
        for connection in (old, new):
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # A standby exports no snapshot; it is asked by one worker.
            standby = value(connection, "SELECT pg_is_in_recovery()")
            snapshots.append(None if standby else str(value(connection, "SELECT pg_export_snapshot()")))
        for _ in range(0 if None in snapshots else workers - 1):
            pair = (stack.enter_context(connected(source)), stack.enter_context(connected(target)))
            for connection, snapshot in zip(pair, snapshots, strict=True):
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
            pairs.append(pair)
        free = list(pairs)
        with ThreadPoolExecutor(len(pairs)) as tables, ThreadPoolExecutor(len(pairs)) as others:

            def one(table: Table) -> tuple[Table, Result]:
                pair = free.pop()
                try:
                    return table, _one(pair, table, sample, others)
                finally:
                    free.append(pair)

            yield from tables.map(one, chosen)


def _one(pair: tuple[Connection, Connection], table: Table, sample: int, others: ThreadPoolExecutor) -> Result:
    import psycopg  # noqa: PLC0415

    result, started = Result(table.title), time.monotonic()
    source, target = pair
    try:
        # A savepoint, so that a table that is not there does not end the snapshot.
        target.execute("SAVEPOINT table_")
        there = others.submit(checksum, target, table, table.target_schema, sample)
        here = checksum(source, table, table.schema, sample)
        found = there.result()
        result.source_rows, result.target_rows, result.equal = here[0], found[0], here == found
        if not result.equal:
            result.differing = differing(source, target, table, sample)
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.InvalidSchemaName) as error:
        target.execute("ROLLBACK TO table_")
        result.problem = str(error).splitlines()[0]
    result.seconds = time.monotonic() - started
    return result


def compare(job: Job, *, workers: int = 4, percent: float = 100.0, names: Sequence[str] = ()) -> int:
    """The step: exit code 1 where a table differs. While changes flow a row may still be on its way: run it again, or at the
    cutover, when nobody writes."""
    said, plan, source, target = job.said, job.plan, job.source, job.target
    results = []
    total, done = 0, 0
    with connected(source) as old, connected(target) as new:
        total = sum(table.size for table in tables_of(old, new, plan) if not names or table.title in names) or 1
    started = time.monotonic()
    for table, result in compared(source, target, plan, workers=workers, sample=max(1, round(percent * 10)), names=names):
        done += table.size
        results.append(result)
        spent = time.monotonic() - started
        left = f"{done * 100 // total:3} %, {spent * (total - done) / max(done, 1):.0f} s left"
        if result.equal:
            said.line(f"  equal   {result.table:40} {result.source_rows:>12} rows   {left}")
        else:
            said.fails(f"{result.table}: {result.problem or f'{result.source_rows} rows here, {result.target_rows} in AWS'}")
            for row in result.differing:
                said.line(f"          {row}")
    how = "" if percent >= 100 else f", {percent} % of the rows of each"
    equal = sum(result.equal for result in results)
    said.line(f"{equal} of {len(results)} tables equal{how}, in {time.monotonic() - started:.1f} s", "bold")
    said.document |= {"source": plan.name, "percent": percent, "tables": [vars(result) for result in results]}
    if not results:
        said.fails("no table was compared")
    return said.finish()
