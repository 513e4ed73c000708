"""Sequences, which nobody carries over: set in AWS from the source, with a margin, and checked against what the tables hold."""

from dataclasses import dataclass

from psycopg import sql

from migration.check import scope
from migration.connect import Connection, connected, rows, run
from migration.job import Job
from migration.plan import Plan

MARGIN = 1_000
"""Steps that are left out above the source's value: what a session there has cached is then never given twice."""


@dataclass(frozen=True)
class Sequence:
    """Where a sequence stands."""

    schema: str
    name: str
    last: int | None
    """None: never used."""
    start: int
    increment: int
    least: int
    most: int
    cycles: bool


def read(connection: Connection, schemas: list[str]) -> list[Sequence]:
    """The sequences of schemas, identity columns' among them, by name."""
    return [
        Sequence(*row)
        for row in rows(
            connection,
            """SELECT schemaname, sequencename, last_value, start_value, increment_by, min_value, max_value, cycle FROM
            pg_sequences
               WHERE schemaname = ANY (%(s)s) ORDER BY 1, 2""",
            {"s": schemas},
        )
    ]


def advanced(sequence: Sequence, margin: int) -> tuple[int, bool]:
    """What to set it to: value, and whether that was given out. Never beyond its own end, never behind where it stands."""
    if sequence.last is None:
        return sequence.start, False
    wanted = sequence.last + margin * sequence.increment
    return (min(wanted, sequence.most) if sequence.increment > 0 else max(wanted, sequence.least)), True


def statements(source: list[Sequence], target: list[Sequence], plan: Plan, margin: int) -> tuple[list[str], list[str]]:
    """The `setval` calls for the target, and the sequences that it has not. A sequence that stands further is left alone."""
    there = {(one.schema, one.name): one for one in target}
    calls, missing = [], []
    for sequence in source:
        schema = plan.target(sequence.schema)
        found = there.get((schema, sequence.name))
        if found is None:
            missing.append(f"{schema}.{sequence.name}")
            continue
        number, used = advanced(sequence, margin)
        beyond = found.last is not None and (found.last - number) * sequence.increment >= 0
        if beyond or (not used and found.last is None):
            continue
        name = sql.Identifier(schema, sequence.name).as_string(None)
        calls.append(f"SELECT pg_catalog.setval({sql.Literal(name).as_string(None)}, {number}, {str(used).lower()})")
    return calls, missing


def behind(connection: Connection, schemas: list[str]) -> list[str]:
    """Columns whose sequence would give out a number that the table has already."""
    owned = rows(
        connection,
        """SELECT n.nspname, t.relname, a.attname, sn.nspname, s.relname FROM pg_class s
             JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
             AND d.deptype IN ('a', 'i')
             JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid JOIN pg_class t ON t.oid = d.refobjid
             JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_namespace sn ON sn.oid = s.relnamespace
           WHERE s.relkind = 'S' AND n.nspname = ANY (%(s)s)
           UNION SELECT n.nspname, t.relname, a.attname, sn.nspname, s.relname FROM pg_attrdef f
             JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
             JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S' JOIN pg_attribute a ON a.attrelid = f.adrelid AND
             a.attnum = f.adnum
             JOIN pg_class t ON t.oid = f.adrelid JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_namespace sn ON
             sn.oid = s.relnamespace
           WHERE n.nspname = ANY (%(s)s) ORDER BY 1, 2, 3""",
        {"s": schemas},
    )
    wrong = []
    for schema, table, column, sequence_schema, sequence in owned:
        statement = sql.SQL(
            """SELECT m.most, s.last_value, s.is_called, q.increment_by FROM (SELECT max({column})::bigint AS most,
            min({column})::bigint AS least FROM {table}) m,
               {sequence} s, pg_sequences q WHERE q.schemaname = {sn} AND q.sequencename = {qn}
                 AND CASE WHEN q.increment_by > 0 THEN m.most >= s.last_value + CASE WHEN s.is_called THEN q.increment_by
                 ELSE 0 END
                     ELSE m.least <= s.last_value + CASE WHEN s.is_called THEN q.increment_by ELSE 0 END END"""
        ).format(
            column=sql.Identifier(column),
            table=sql.Identifier(schema, table),
            sequence=sql.Identifier(sequence_schema, sequence),
            sn=sql.Literal(sequence_schema),
            qn=sql.Literal(sequence),
        )
        for most, last, _, _ in connection.execute(statement):
            wrong.append(f"{schema}.{table}.{column} holds {most}, its sequence {sequence} is at {last}")
    return wrong


def sequences(job: Job, *, margin: int = MARGIN) -> int:
    """The step: set them, and see that none is behind. Can be repeated; a sequence never goes backwards."""
    said, plan, source, target, ask = job.said, job.plan, job.source, job.target, job.ask
    with connected(source) as old, connected(target, writes=True) as new:
        schemas = scope.schemas_of(old, plan)
        here = [plan.target(schema) for schema in schemas]
        calls, missing = statements(read(old, schemas), read(new, here), plan, margin)
        said.line(f"source {plan.name}: {len(calls)} sequences to set", "bold")
        said.sql(calls)
        for name in missing:
            said.fails(f"{name} is not in AWS; run `tables` first")
        if calls and not said.stopped and ask(f"set {len(calls)} sequences in AWS?"):
            for call in calls:
                run(new, call)
            said.done(f"{len(calls)} sequences set, {margin} steps ahead")
        for wrong in behind(new, here):
            said.fails(f"{wrong}: the next insert would clash")
        if not said.stopped:
            said.done("no sequence is behind its column")
        said.document |= {"source": plan.name, "set": calls, "missing": missing}
    return said.finish()
