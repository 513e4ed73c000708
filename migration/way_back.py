"""The way back: once AWS takes the writes, PostgreSQL's own replication carries each of them to the old server, until it is not
needed any more. Reverse of `native`: a publication in AWS, a subscription on-premises, nothing copied."""

import os
import time

from psycopg import conninfo, sql

from migration import sequences
from migration.check import scope
from migration.connect import APPLICATION, Connection, connected, rows, run, value
from migration.fence import fence, fenced, unfence, writers
from migration.job import Job
from migration.native import published
from migration.plan import Plan
from migration.words import Stop

PATIENCE = 60.0
"""Seconds that are waited for the last change to arrive."""


def impossible(plan: Plan) -> str:
    """Why there can be no way back; empty if there can."""
    renamed = [f"{old} to {new}" for old, new in plan.target_schemas.items() if old != new]
    return f"schemas were renamed ({', '.join(renamed)}), and logical replication keeps names" if renamed else ""


def stands(source: Connection, plan: Plan) -> bool:
    """Whether the old server follows AWS."""
    return bool(
        value(source, "SELECT 1 FROM pg_subscription WHERE subname = %(n)s AND subenabled", {"n": plan.identifier("back")})
    )


def build(source: str, target: str, plan: Plan) -> str:
    """Make it, or leave it as it stands; returns what was done. Nothing may write on either side meanwhile."""
    name = plan.identifier("back")
    with connected(source, writes=True) as old, connected(target, writes=True) as new:
        tables = [(plan.target(schema), table) for schema, table in published(old, plan)]
        for schema, table in tables:
            keyed = rows(
                new,
                "SELECT 1 FROM pg_index WHERE indrelid = to_regclass(%(t)s) AND indisprimary",
                {"t": sql.Identifier(schema, table).as_string(None)},
            )
            if not keyed:
                new.execute(sql.SQL("ALTER TABLE {} REPLICA IDENTITY FULL").format(sql.Identifier(schema, table)))
        if not _published(new, name):
            listed = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
            new.execute(
                sql.SQL("CREATE PUBLICATION {} FOR TABLE {} WITH (publish_via_partition_root = true)").format(
                    sql.Identifier(name), listed
                )
            )
        if not stands(old, plan):
            if not value(new, "SELECT 1 FROM pg_replication_slots WHERE slot_name = %(n)s", {"n": name}):
                new.execute("SELECT pg_create_logical_replication_slot(%s, 'pgoutput')", (name,))
            old.execute(
                sql.SQL(
                    "CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {} WITH (create_slot = false, slot_name = {}, "
                    "copy_data = false)"
                ).format(sql.Identifier(name), sql.Literal(_for_subscription(target)), sql.Identifier(name), sql.Literal(name))
            )
    return f"{len(tables)} tables flow back by subscription {name}"


def _for_subscription(target: str) -> str:
    return os.environ.get("HYBRIDGE_TARGET_FROM_SOURCE") or conninfo.make_conninfo(target)


def reached(connection: Connection, slot: str, lsn: str, patience: float = PATIENCE) -> bool:
    """Wait until whoever reads a slot has confirmed a position of the log. A message is put behind it, so that an idle database
    has something to confirm."""
    run(connection, "SELECT pg_logical_emit_message(false, 'hybridge', 'cutover')")
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if value(
            connection,
            "SELECT confirmed_flush_lsn >= %(l)s::pg_lsn FROM pg_replication_slots WHERE slot_name = %(s)s",
            {"l": lsn, "s": slot},
        ):
            return True
        time.sleep(0.2)
    return False


def _published(target: Connection, name: str) -> bool:
    return bool(value(target, "SELECT 1 FROM pg_publication WHERE pubname = %(n)s", {"n": name}))


def _finish(old: Connection, new: Connection, back: str) -> None:
    """Open the old server. The publication goes last: while it is there, a run after a break knows that all has come back."""
    unfence(old)
    new.execute(sql.SQL("DROP PUBLICATION IF EXISTS {}").format(sql.Identifier(back)))


def rollback(job: Job) -> int:
    """The step: AWS becomes read-only, its last change arrives on-premises, sequences follow, the old server takes writes
    again."""
    said, plan, source, target, ask = job.said, job.plan, job.source, job.target, job.ask
    reason = impossible(plan)
    if reason:
        raise Stop(f"there is no way back for {plan.name}: {reason}; dump what was written in AWS by hand")
    back = plan.identifier("back")
    started = time.monotonic()
    with connected(source, writes=True) as old, connected(target, writes=True) as new:
        if not stands(old, plan):
            if fenced(old) and fenced(new) and _published(new, back):
                _finish(old, new, back)
                said.done(
                    "the old server takes writes again: an earlier run had brought everything back; point the clients at it"
                )
                return said.finish()
            if fenced(old):
                raise Stop(
                    f"{plan.name} does not follow AWS: was there a cutover? `hybridge migrate STACK cutover` builds "
                    f"the way back"
                )
            said.done("the source takes writes already")
            return said.finish()
        said.line(f"source {plan.name}: back to the old server. AWS becomes read-only, sessions there are ended", "bold")
        if not ask("go back now?"):
            said.line("nothing was changed")
            return said.finish()
        said.done(f"AWS read-only, {fence(new, APPLICATION)} sessions ended")
        left = writers(new, APPLICATION)
        if left:
            raise Stop(f"still writing in AWS: {'; '.join(left)}; end them, then run this step again")
        lsn = str(value(new, "SELECT pg_current_wal_lsn()"))
        if not reached(new, back, lsn):
            raise Stop(
                f"the last change of AWS ({lsn}) has not arrived within {PATIENCE:.0f} s; see `status`, then run this "
                f"step again"
            )
        said.done(f"everything that was written in AWS has arrived, up to {lsn}")
        names = scope.schemas_of(old, plan)
        here = Plan(plan.name)
        calls, _ = sequences.statements(sequences.read(new, names), sequences.read(old, names), here, sequences.MARGIN)
        for call in calls:
            run(old, call)
        said.done(f"{len(calls)} sequences follow")
        old.execute(sql.SQL("DROP SUBSCRIPTION {}").format(sql.Identifier(back)))
        _finish(old, new, back)
        seconds = time.monotonic() - started
        said.done(f"the old server takes writes again, {seconds:.1f} s after AWS stopped; point the clients at it")
        said.document |= {"source": plan.name, "lsn": lsn, "seconds": round(seconds, 1)}
    return said.finish()
