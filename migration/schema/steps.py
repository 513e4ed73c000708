"""The three steps of the schema. Each can be run again: what is there already is left as it is."""

import re
import time

import psycopg
from psycopg import sql

from migration.check import scope
from migration.connect import Connection, connected, rows, run
from migration.fence import reopened
from migration.job import Job
from migration.plan import Plan
from migration.schema import dump, quietly, strictness
from migration.schema.dump import Entry, carried_out
from migration.words import Stop

ORDER = (
    "CONSTRAINT",
    "INDEX",
    "INDEX ATTACH",
    "STATISTICS",
    "FK CONSTRAINT",
    "TRIGGER",
    "RULE",
    "POLICY",
    "ROW SECURITY",
    "COMMENT",
)
GRANTEE = re.compile(r"(?:TO|FROM) (\S+?)(?: WITH GRANT OPTION)?;?\s*$")
DEADLOCKS = 5
"""How often a foreign key is tried again when the replication was in its way."""
SQL_NOT_VALID = (psycopg.errors.FeatureNotSupported, psycopg.errors.WrongObjectType, psycopg.errors.SyntaxError)


def tables(job: Job) -> int:
    """First half: roles, extensions, every table with its primary key, functions, views; relaxed where DMS needs it."""
    said, plan, source, target, folder, ask = job.said, job.plan, job.source, job.target, job.folder, job.ask
    found = dump.taken(source, target, plan, folder)
    first = [entry for entry in found if not entry.later]
    with connected(source) as old, connected(target, writes=True) as new:
        wanted = dump.roles(old, plan)
        settings = dump.server_settings(old)
        if settings:
            (folder / "roles.sql").write_text("\n".join([*(f"{line};" for line in wanted), *settings]) + "\n")
            said.line(f"settings of databases and roles are not made by this step: review {folder / 'roles.sql'}")
        said.line(f"source {plan.name}: {len(wanted)} roles and memberships, {len(first)} entries of the schema", "bold")
        if not ask(f"make them in {dump.database_name(new)}?"):
            said.line("nothing was changed")
            return said.finish()
        reopened(new, said)
        made = sum(carried_out(new, line) for line in wanted)
        lacking = dump.make_extensions(old, new)
        for name in lacking:
            said.line(f"  left out: extension {name}, which the target does not have", "yellow")
        for schema in scope.schemas_of(old, plan):
            new.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(plan.target(schema))))
        made += sum(carried_out(new, part) for entry in first if entry.type != "SCHEMA" for part in _parts(new, entry, plan))
        loose = strictness.relaxed(old, new, plan)
        said.sql(loose)
        for line in loose:
            run(new, line)
        for line in dump.bodies_with(new, plan):
            said.line(f"  look at it: {line}", "yellow")
        keys = rows(
            new,
            "SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND connamespace = ANY (%(s)s::regnamespace[])",
            {"s": [f'"{plan.target(schema)}"' for schema in scope.schemas_of(old, plan)]},
        )[0][0]
        said.done(
            f"{made} made, {len(first) + len(wanted) - made} were there; {keys} primary keys; {len(loose)} relaxed for the load"
        )
        said.document |= {"source": plan.name, "made": made, "keys": keys, "relaxed": loose, "lacking": lacking}
    return said.finish()


def next_half(job: Job) -> int:
    """The half that is next: the first where AWS lacks the tables, else the second."""
    with connected(job.source) as old, connected(job.target) as new:
        schemas = [job.plan.target(schema) for schema in scope.schemas_of(old, job.plan)]
        wanted, here = (
            rows(
                one,
                "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text = ANY (%(s)s)",
                {"s": names},
            )[0][0]
            for one, names in ((old, scope.schemas_of(old, job.plan)), (new, schemas))
        )
    return tables(job) if here < wanted else indexes(job)


def indexes(job: Job) -> int:
    """Second half, after the load while changes flow: unique constraints and indexes CONCURRENTLY, foreign keys NOT VALID
    and then
    validated, triggers, rules, policies, ANALYZE. Nothing here keeps a writer waiting for long."""
    said, plan, source, target, folder, ask = job.said, job.plan, job.source, job.target, job.folder, job.ask
    later = [entry for entry in dump.taken(source, target, plan, folder) if entry.later]
    later.sort(key=lambda entry: ORDER.index(entry.type) if entry.type in ORDER else len(ORDER))
    with connected(source) as old, connected(target, writes=True) as new:
        schemas = [plan.target(schema) for schema in scope.schemas_of(old, plan)]
        said.line(f"source {plan.name}: {len(later)} entries: " + ", ".join(_counted(later)), "bold")
        if not ask(f"make them in {dump.database_name(new)}?"):
            said.line("nothing was changed")
            return said.finish()
        run(new, "SET lock_timeout = '60s'")
        _drop_broken(new, schemas)
        there = _existing(new, schemas)
        made = 0
        for number, entry in enumerate(later, 1):
            started = time.monotonic()
            if _make(new, entry, there):
                made += 1
                said.line(
                    f"  {number:>4} of {len(later)}  {entry.type.lower()} {entry.name}  {time.monotonic() - started:.1f} s"
                )
        for table, name in rows(
            new,
            """SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated
               AND connamespace = ANY (%(s)s::regnamespace[]) ORDER BY 1, 2""",
            {"s": [f'"{schema}"' for schema in schemas]},
        ):
            try:
                run(new, f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
            except psycopg.errors.ForeignKeyViolation as error:
                said.fails(f"{table} {name}: {error.diag.message_detail or error}; run again once the load has caught up")
        run(new, "ANALYZE")
        said.done(
            f"{made} made, {len(later) - made} were there; every foreign key validated; analyzed"
            if not said.stopped
            else f"{made} made"
        )
        said.document |= {"source": plan.name, "made": made, "entries": len(later)}
    return said.finish()


def tighten(job: Job) -> int:
    """At the cutover: NOT NULL, identity and triggers as the source has them; materialized views refreshed; ANALYZE."""
    said, plan, source, target, ask = job.said, job.plan, job.source, job.target, job.ask
    with connected(source) as old, connected(target, writes=True) as new:
        groups = list(strictness.tightened(old, new, plan))
        schemas = [plan.target(schema) for schema in scope.schemas_of(old, plan)]
        views = rows(
            new,
            """SELECT quote_ident(schemaname) || '.' || quote_ident(matviewname) FROM pg_matviews WHERE schemaname = ANY
            (%(s)s) ORDER BY 1""",
            {"s": schemas},
        )
        refresh = [f"REFRESH MATERIALIZED VIEW {view}" for (view,) in views]
        said.line(f"source {plan.name}: {len(groups)} to tighten, {len(refresh)} materialized views", "bold")
        said.sql([statement for group in groups for statement in group] + refresh)
        if (groups or refresh) and not ask(f"carry them out in {dump.database_name(new)}?"):
            said.line("nothing was changed")
            return said.finish()
        for group in groups:
            try:
                for statement in group:
                    run(new, statement)
            except psycopg.errors.CheckViolation as error:
                run(new, group[-1])
                said.fails(f"{error.diag.message_primary}: rows with NULL that the source does not have; compare finds them")
        for statement in refresh:
            run(new, statement)
        run(new, "ANALYZE")
        left = [] if said.stopped else list(strictness.tightened(old, new, plan))
        if left:
            raise Stop(f"still not as strict as the source: {left[0][0]}")
        if not said.stopped:
            said.done("as strict as the source, views refreshed, analyzed")
        said.document |= {"source": plan.name, "tightened": len(groups), "refreshed": [view for (view,) in views]}
    return said.finish()


def _parts(new: Connection, entry: Entry, plan: Plan) -> list[str]:
    """The statements of an entry; of grants those to roles that the target has, as the one that reads the source it has not."""
    if entry.type not in {"ACL", "DEFAULT ACL"}:
        return [entry.sql]
    roles = {str(name) for (name,) in rows(new, "SELECT rolname FROM pg_roles")} - {plan.role} | {"PUBLIC"}
    statements = [line for line in entry.sql.split(";\n") if line.strip()]
    return [line for line in statements if (to := GRANTEE.search(line)) is None or to[1].strip('"') in roles]


def _counted(later: list[Entry]) -> list[str]:
    counts: dict[str, int] = {}
    for entry in later:
        counts[entry.type.lower()] = counts.get(entry.type.lower(), 0) + 1
    return [f"{count} {kind}" for kind, count in counts.items()]


def _drop_broken(new: Connection, schemas: list[str]) -> None:
    """An index whose building was broken off is in the way and of no use."""
    for (name,) in rows(
        new,
        """SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON
        n.oid = relnamespace
           WHERE NOT indisvalid AND c.relkind = 'i' AND n.nspname = ANY (%(s)s)""",
        {"s": schemas},
    ):
        run(new, f"DROP INDEX CONCURRENTLY {name}")


def _existing(new: Connection, schemas: list[str]) -> set[tuple[str, str]]:
    return {
        (str(schema), str(name))
        for schema, name in rows(
            new,
            """SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('i',
            'I') AND nspname = ANY (%(s)s)
               UNION SELECT nspname, c.relname || ' ' || conname FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
                 JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = ANY (%(s)s)""",
            {"s": schemas},
        )
    }


def _make(new: Connection, entry: Entry, there: set[tuple[str, str]]) -> bool:
    """Carry out one entry in the way that keeps nobody waiting; False where it was there."""
    if (entry.schema, entry.name) in there:
        return False
    if entry.type == "INDEX":
        return carried_out(new, quietly.index(entry.sql))
    if entry.type == "CONSTRAINT" and (unique := quietly.unique(entry.sql)) and not _partitioned(new, unique.table):
        if (entry.schema, unique.name) not in there:
            run(new, unique.index)
        return carried_out(new, unique.constraint)
    if entry.type == "FK CONSTRAINT":
        return _foreign_key(new, entry.sql)
    if entry.type == "TRIGGER" and "ENABLE ALWAYS TRIGGER" in entry.sql + entry.sql.replace("ENABLE REPLICA", "ENABLE ALWAYS"):
        # It would fire for what the replication writes: off until the schema is tightened.
        return carried_out(new, re.sub(r"ENABLE (ALWAYS|REPLICA) TRIGGER", "DISABLE TRIGGER", entry.sql))
    return carried_out(new, entry.sql)


def _foreign_key(new: Connection, statement: str) -> bool:
    """Without a look at the rows, which comes afterwards. It locks two tables: what replicates into both in the other order may
    be waiting for it meanwhile, and PostgreSQL then ends one of the two, which tries again."""
    for _ in range(DEADLOCKS):
        try:
            return _foreign_key_once(new, statement)
        except psycopg.errors.DeadlockDetected:
            time.sleep(1)
    return _foreign_key_once(new, statement)


def _foreign_key_once(new: Connection, statement: str) -> bool:
    try:
        run(new, quietly.not_valid(statement))
    except SQL_NOT_VALID:
        return carried_out(new, statement)  # of a partitioned table, which takes none that is not valid
    except psycopg.errors.DuplicateObject:
        return False
    return True


def _partitioned(new: Connection, table: str) -> bool:
    return bool(rows(new, "SELECT 1 FROM pg_class WHERE oid = to_regclass(%(t)s) AND relkind = 'p'", {"t": table}))
