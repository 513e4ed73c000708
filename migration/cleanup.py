"""When nobody goes back any more: slots, subscriptions, publications and tables that the migration has left on either side."""

from psycopg import sql

from migration.connect import Connection, connected, rows, run
from migration.job import Job
from migration.plan import Plan

OF_DMS = "c.relname ~ '^awsdms_' AND c.relkind = 'r'"


def leftovers(connection: Connection, plan: Plan, *, source: bool) -> list[str]:
    """The statements that remove them, those that hold the log back first."""
    names = [plan.identifier("to_aws"), plan.identifier("back")]
    found = [
        part
        for (name,) in rows(
            connection,
            """SELECT subname FROM pg_subscription WHERE subname = ANY (%(n)s) AND subdbid = (SELECT oid FROM pg_database
            WHERE datname = current_database())""",
            {"n": names},
        )
        for part in (f'DROP SUBSCRIPTION "{name}"',)
    ]
    slots = [*names, *([plan.slot] if plan.slot else [])]
    for (name,) in rows(
        connection,
        """SELECT slot_name FROM pg_replication_slots WHERE NOT active AND database = current_database() AND (slot_name = ANY
        (%(n)s) OR plugin IN ('test_decoding', 'pglogical_output'))""",
        {"n": slots},
    ):
        found.append(f"SELECT pg_drop_replication_slot({sql.Literal(name).as_string(None)})")
    found += [
        f'DROP PUBLICATION "{name}"'
        for (name,) in rows(connection, "SELECT pubname FROM pg_publication WHERE pubname = ANY (%(n)s)", {"n": names})
    ]
    found += [
        f'DROP EVENT TRIGGER "{name}"'
        for (name,) in rows(connection, "SELECT evtname FROM pg_event_trigger WHERE evtname ~ '^awsdms_'")
    ]
    found += [
        sql.SQL("DROP TABLE {}").format(sql.Identifier(schema, name)).as_string(None)
        for schema, name in rows(
            connection,
            f"SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE {OF_DMS} ORDER BY 1, 2",
        )
    ]
    if (
        source
        and plan.way == "dms"
        and rows(connection, "SELECT 1 FROM pg_namespace WHERE nspname = %(s)s", {"s": plan.heartbeat_schema})
        and plan.heartbeat_schema != "public"
    ):
        found.append(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(plan.heartbeat_schema)).as_string(None))
    return found


def cleanup(job: Job) -> int:
    """The step. After it there is no way back; the role that read the source stays for its owner to drop."""
    said, plan, source, target, ask = job.said, job.plan, job.source, job.target, job.ask
    # The subscriber's side first: its subscription takes its slot at the other end along.
    for title, where, at_source in (("source", source, True), ("target", target, False), ("source", source, True)):
        with connected(where, writes=True) as connection:
            wanted = leftovers(connection, plan, source=at_source)
            if not wanted:
                continue
            said.line(f"{title} of {plan.name}: {len(wanted)} left over", "bold")
            said.sql(wanted)
            if not ask(f"remove them from the {title}? There is no way back afterwards."):
                said.line("nothing was changed")
                return said.finish()
            for one in wanted:
                run(connection, one)
                said.done(one)
            said.document.setdefault("removed", []).extend(wanted)
    if plan.role:
        said.line(f"left for its owner: REASSIGN OWNED BY and DROP ROLE {plan.role}, where nothing else uses it")
    return said.finish()
