"""How far it is, in one screen: the replication, its tables, and what the slots of the source hold back."""

import time

from migration.connect import connected, rows
from migration.job import Job
from migration.plan import Plan
from migration.replication import Replication
from migration.words import Said, Stop


def status(job: Job, replication: Replication, *, every: float = 0.0) -> int:
    """The step; with `every` it is told anew that often (seconds) until Ctrl-C. Exit code 1 where something is wrong."""
    said, plan, source = job.said, job.plan, job.source
    while True:
        said.stopped = False
        _once(said, plan, source, replication)
        if not every or said.as_json:
            return said.finish()
        try:
            time.sleep(every)
        except KeyboardInterrupt:
            return said.finish()
        said.console.clear()


def _once(said: Said, plan: Plan, source: str, replication: Replication) -> None:
    said.line(f"{plan.name}, by way of {plan.way}, at {time.strftime('%H:%M:%S')}", "bold")
    try:
        state = replication.state()
    except Stop as stop:
        said.fails(str(stop))
    else:
        latency = "not known" if state.latency_seconds is None else f"{state.latency_seconds:.1f} s"
        said.line(f"  replication  {state.status}, {state.loaded_percent} % loaded, behind by {latency}")
        if state.waiting:
            said.line(
                f"  under way    {len(state.waiting)} tables: {', '.join(state.waiting[:6])}"
                + (" ..." if len(state.waiting) > 6 else "")
            )
        for wrong in state.wrong:
            said.fails(wrong)
        if not state.runs:
            said.fails(f"the replication is {state.status}")
        said.document["replication"] = vars(state)
    with connected(source) as old:
        slots = rows(
            old,
            """SELECT slot_name, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint, wal_status FROM
            pg_replication_slots
               WHERE database = current_database() ORDER BY 1""",
        )
    for name, active, behind, kept in slots:
        text = f"{name} holds {int(behind or 0) // 1024**2} MiB of the log back" + ("" if active else ", and nobody reads it")
        if kept == "lost":
            said.fails(f"slot {name} is lost: the load has to begin anew")
        elif active:
            said.line(f"  slot         {text}")
        else:
            said.line(f"  slot         {text}", "yellow")
    if not slots:
        said.line("  slot         none")
    said.document |= {
        "source": plan.name,
        "slots": [{"name": n, "active": a, "bytes": b, "walStatus": k} for n, a, b, k in slots],
    }
