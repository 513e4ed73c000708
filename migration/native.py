"""PostgreSQL's own way: a publication at the source, a parallel copy within its snapshot by pgcopydb, a subscription in AWS.

It carries every type, every digit and every LOB as it is, and TRUNCATE, which DMS does not; it renames nothing.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from psycopg import conninfo, sql

from migration import pgcopydb
from migration.check import scope
from migration.connect import Connection, connected, rows, run, value
from migration.fence import reopened
from migration.job import Job
from migration.plan import Plan
from migration.words import Said, Stop

ROOT_OF_PARTITIONS = 130_000
"""The first server_version_num whose publications can publish partitions as their root."""
SECONDS_FOR_SLOT = 300
"""How long transactions that were open before the slot get to end."""


def published(source: Connection, plan: Plan) -> list[tuple[str, str]]:
    """What the publication holds: the tables that move, partitions by their root."""
    roots = {
        oid
        for (oid,) in rows(
            source, "SELECT inhrelid::bigint FROM pg_inherits i JOIN pg_class c ON c.oid = inhparent AND c.relkind = 'p'"
        )
    }
    return [
        (schema, name)
        for oid, schema, name in scope.make(source, plan)
        if oid not in roots and value(source, "SELECT relpersistence FROM pg_class WHERE oid = %(o)s", {"o": oid}) == "p"
    ]


def publication(source: Connection, plan: Plan) -> list[str]:
    """The statements that make it as the plan wants it; none where it is so."""
    name, tables = plan.identifier("to_aws"), published(source, plan)
    if not tables:
        raise Stop(f"{plan.name}: no table moves; see `check`")
    listed = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
    if not value(source, "SELECT 1 FROM pg_publication WHERE pubname = %(n)s", {"n": name}):
        root = (
            "publish_via_partition_root = true" if int(value(source, "SHOW server_version_num")) >= ROOT_OF_PARTITIONS else ""
        )
        make = sql.SQL("CREATE PUBLICATION {} FOR TABLE {}").format(sql.Identifier(name), listed).as_string(source)
        return [make + (f" WITH ({root})" if root else "")]
    have = {
        tuple(row)
        for row in rows(source, "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = %(n)s", {"n": name})
    }
    if have == set(tables):
        return []
    return [sql.SQL("ALTER PUBLICATION {} SET TABLE {}").format(sql.Identifier(name), listed).as_string(source)]


def refused(plan: Plan) -> None:
    """Raise Stop for what PostgreSQL's own replication cannot do."""
    renamed = {old: new for old, new in plan.target_schemas.items() if old != new}
    if renamed:
        raise Stop(
            f"{plan.name}: targetSchemas {', '.join(f'{old} to {new}' for old, new in renamed.items())}: logical "
            f"replication keeps names. "
            "Rename after the cutover (ALTER SCHEMA), give each source a targetDatabase, or set migration.way to dms"
        )


def native(job: Job, *, jobs: int = 4) -> int:
    """Start it: publication, slot, copy, subscription. Run again after a break it goes on: a copy that was not through begins
    anew with a new slot, for its snapshot is gone."""
    said, plan, source, target, ask = job.said, job.plan, job.source, job.target, job.ask
    refused(plan)
    slot = plan.identifier("to_aws")
    with connected(source, writes=True) as old, connected(target, writes=True) as new:
        if value(new, "SELECT 1 FROM pg_subscription WHERE subname = %(n)s AND subenabled", {"n": slot}):
            said.done("the subscription stands; `status` tells how far it is")
            return said.finish()
        wanted = publication(old, plan)
        tables = published(old, plan)
        said.line(f"source {plan.name}: {len(tables)} tables by publication {slot}, {jobs} copied at once", "bold")
        said.sql(wanted)
        if not ask(f"copy them into {value(new, 'SELECT current_database()')} and follow every change?"):
            said.line("nothing was changed")
            return said.finish()
        for one in wanted:
            run(old, one)
        reopened(new, said)
        if pgcopydb.end(job.folder):
            said.line("  what an earlier copy had left running was ended", "yellow")
        _broken_off(old, new, plan, tables, said)
        with _slot(source, slot, old) as snapshot:
            _copy(job, leaves(old, plan), snapshot, jobs)
        said.done(f"{len(tables)} tables copied within snapshot {snapshot}")
        statement = sql.SQL(
            "CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {} WITH (create_slot = false, slot_name = {}, copy_data "
            "= false, enabled = true)"
        ).format(sql.Identifier(slot), sql.Literal(_for_subscription(source)), sql.Identifier(slot), sql.Literal(slot))
        new.execute(statement)
        said.done("the subscription follows every change; next: indexes, then status")
        said.document |= {"source": plan.name, "tables": [".".join(table) for table in tables], "slot": slot}
    return said.finish()


def _for_subscription(source: str) -> str:
    """The source as the target reaches it: by host, never by this machine's service file. HYBRIDGE_SOURCE_FROM_TARGET
    overrides."""
    return os.environ.get("HYBRIDGE_SOURCE_FROM_TARGET") or conninfo.make_conninfo(source)


def _broken_off(old: Connection, new: Connection, plan: Plan, tables: list[tuple[str, str]], said: Said) -> None:
    """Clear what an earlier try that did not come through has left: its slot, and the rows that it had copied."""
    slot = plan.identifier("to_aws")
    active = rows(old, "SELECT active FROM pg_replication_slots WHERE slot_name = %(n)s", {"n": slot})
    if active and active[0][0]:
        raise Stop(f"{plan.name}: an earlier copy still holds the slot {slot}; it ends by itself, then run this step again")
    if active:
        said.line("  an earlier copy was broken off: its rows in AWS go, and it begins anew", "yellow")
        run(new, "SET session_replication_role = replica")
        new.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(sql.Identifier(*table) for table in tables)))
        run(new, "RESET session_replication_role")
        # Last: as long as the slot is there, whoever runs this step again knows whose rows these were.
        old.execute("SELECT pg_drop_replication_slot(%s)", (slot,))
    full = [
        f"{schema}.{name}"
        for schema, name in tables
        if new.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(schema, name))).fetchone()
    ]
    if full:
        raise Stop(
            f"{', '.join(full[:5])}: not empty in AWS; what is there would be doubled. TRUNCATE it, or drop the "
            f"tables and run `tables`"
        )


@contextmanager
def _slot(source: str, name: str, old: Connection) -> Iterator[str]:
    """Make the logical slot that the subscription will read, and keep its snapshot for as long as the block.

    Raises Stop when transactions that are open do not end: the slot begins once all of them have.
    """
    options = f"-c lock_timeout={SECONDS_FOR_SLOT}s"
    where = conninfo.make_conninfo(source, replication="database", options=options)
    with psycopg.connect(where, autocommit=True) as connection:
        make = sql.SQL("CREATE_REPLICATION_SLOT {} LOGICAL pgoutput EXPORT_SNAPSHOT").format(sql.Identifier(name))
        try:
            cursor = connection.execute(make)
        except psycopg.errors.LockNotAvailable:
            raise Stop(_waiting_for(old)) from None
        yield str((cursor.fetchone() or ())[2])


def _waiting_for(old: Connection) -> str:
    open_ = rows(
        old,
        "SELECT pid, application_name, state, date_trunc('second', now() - xact_start)::text FROM pg_stat_activity "
        "WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 5",
    )
    told = ", ".join(
        f"pid {pid} ({application or 'no name'}, {state}, for {since})" for pid, application, state, since in open_
    )
    return (
        f"the slot waits for transactions that were open before it, for {SECONDS_FOR_SLOT} s by now: "
        f"{told or 'they just ended'}; let them end, or end them (SELECT pg_terminate_backend(PID)), and run this step again"
    )


def _copy(job: Job, leaves: list[tuple[str, str]], snapshot: str, jobs: int) -> None:
    """Let pgcopydb copy the tables within a snapshot. Raises Stop with the end of what it said."""
    source, target, folder = job.source, job.target, job.folder
    if not shutil.which("pgcopydb"):
        raise Stop("pgcopydb is not installed; Debian and PGDG have it as a package, https://pgcopydb.readthedocs.io")
    folder.mkdir(parents=True, exist_ok=True)
    filters, work = folder / "pgcopydb.ini", folder / "pgcopydb"
    filters.write_text("[include-only-table]\n" + "".join(f"{_quoted(schema)}.{_quoted(name)}\n" for schema, name in leaves))
    command = ["pgcopydb", "copy", "table-data", "--source", _uri(source), "--target", _uri(target), "--dir", str(work)]
    command += ["--table-jobs", str(jobs), "--filters", str(filters), "--snapshot", snapshot, "--restart"]
    pgcopydb.copy(command, folder)


def _quoted(name: str) -> str:
    return sql.Identifier(name).as_string(None)


def _uri(where: str) -> str:
    """A DSN in the form that pgcopydb takes."""
    parts = {key: str(text) for key, text in conninfo.conninfo_to_dict(where).items() if text is not None}
    service = parts.get("service")
    if service:
        return f"postgresql:///?service={quote(service)}"
    return "postgresql:///?" + "&".join(f"{key}={quote(text, safe='')}" for key, text in parts.items())


def leaves(source: Connection, plan: Plan) -> list[tuple[str, str]]:
    """The tables that hold the rows of those that are published: partitions in place of their roots."""
    return [
        (schema, name)
        for oid, schema, name in scope.make(source, plan)
        if rows(source, "SELECT 1 FROM pg_class WHERE oid = %(o)s AND relkind = 'r' AND relpersistence = 'p'", {"o": oid})
    ]
