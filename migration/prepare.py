"""What the source needs before anything moves: a role, its rights, the schema of the heartbeat, lines of pg_hba.conf."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql

from migration.check import scope
from migration.connect import Connection, connected, rows, run, value
from migration.job import Job
from migration.plan import Plan
from migration.words import Stop


def statements(source: Connection, plan: Plan) -> list[str]:
    """The SQL that is still missing, in order; none where the source is ready. Passwords are never in it: `\\password` sets
    one."""
    if not plan.role:
        raise Stop("the role is not known; run this step with a stack, whose migration.sources[].username names it")
    moving = scope.make(source, plan)
    have = rows(source, "SELECT rolsuper, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %(r)s", {"r": plan.role})
    role = sql.Identifier(plan.role)
    wanted: list[sql.Composable] = []
    if not have:
        wanted.append(sql.SQL("CREATE ROLE {} LOGIN REPLICATION BYPASSRLS").format(role))
    else:
        superuser, replication, bypass = have[0]
        if not (superuser or replication):
            wanted.append(sql.SQL("ALTER ROLE {} REPLICATION").format(role))
        if not (superuser or bypass) and _has_row_security(source, moving):
            wanted.append(sql.SQL("ALTER ROLE {} BYPASSRLS").format(role))
    wanted += _grants(source, plan, moving, superuser=bool(have and have[0][0]), exists=bool(have))
    wanted += _heartbeat(source, plan)
    return [one.as_string(source) for one in wanted]


def _has_row_security(source: Connection, moving: list[tuple[int, str, str]]) -> bool:
    oids = [oid for oid, _, _ in moving]
    return bool(value(source, "SELECT bool_or(relrowsecurity) FROM pg_class WHERE oid = ANY (%(o)s)", {"o": oids}))


def _grants(
    source: Connection, plan: Plan, moving: list[tuple[int, str, str]], *, superuser: bool, exists: bool
) -> list[sql.Composable]:
    if superuser:
        return []
    role, found = sql.Identifier(plan.role), list[sql.Composable]()
    for schema in scope.schemas_of(source, plan):
        if not exists or not value(source, "SELECT has_schema_privilege(%(r)s, %(s)s, 'USAGE')", {"r": plan.role, "s": schema}):
            found.append(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(schema), role))
        tables = [oid for oid, at, _ in moving if at == schema]
        unreadable = not exists or value(
            source,
            "SELECT bool_or(NOT has_table_privilege(%(r)s, oid, 'SELECT')) FROM unnest(%(o)s::oid[]) oid",
            {"r": plan.role, "o": tables},
        )
        if tables and unreadable:
            found.append(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}").format(sql.Identifier(schema), role))
            # The numbers that sequences stand at are read at the cutover.
            found.append(sql.SQL("GRANT SELECT ON ALL SEQUENCES IN SCHEMA {} TO {}").format(sql.Identifier(schema), role))
    return found


def _heartbeat(source: Connection, plan: Plan) -> list[sql.Composable]:
    if plan.way != "dms":
        return []
    schema, role = sql.Identifier(plan.heartbeat_schema), sql.Identifier(plan.role)
    if not value(source, "SELECT 1 FROM pg_namespace WHERE nspname = %(s)s", {"s": plan.heartbeat_schema}):
        return [sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(schema, role)]
    may = value(
        source,
        "SELECT has_schema_privilege(rolname, %(s)s, 'CREATE') FROM pg_roles WHERE rolname = %(r)s",
        {"r": plan.role, "s": plan.heartbeat_schema},
    )
    return [] if may else [sql.SQL("GRANT CREATE, USAGE ON SCHEMA {} TO {}").format(schema, role)]


def host_lines(plan: Plan, cidrs: Sequence[str]) -> list[str]:
    """The lines of pg_hba.conf that let the replication in, from each network; `replication` for the log itself."""
    database = str(plan.source.get("dbname", "all"))
    kind = "host" if plan.ssl_mode == "none" else "hostssl"
    return [
        f"{kind:8} {name:24} {plan.role:16} {cidr:20} scram-sha-256" for cidr in cidrs for name in (database, "replication")
    ]


def cidrs_of(outputs: Mapping[str, Any]) -> list[str]:
    """The networks that the replication comes from: the replication's own subnets, else the VPC's block; empty if not known."""
    found = outputs.get("replicationCidrs") or [outputs.get("vpcCidrBlock")]
    return [str(cidr) for cidr in found if cidr]


def prepare(job: Job, outputs: Mapping[str, Any], *, only_sql: bool = False) -> int:
    """The step: shows what is missing, and carries it out once it was agreed to."""
    said, plan, source, ask = job.said, job.plan, job.source, job.ask
    with connected(source, writes=not only_sql) as old:
        missing = statements(old, plan)
        lines = host_lines(plan, cidrs_of(outputs) or ["(the VPC's network)"])
        said.line(f"source {plan.name}: " + ("ready" if not missing else f"{len(missing)} statements"), "bold")
        said.sql(missing)
        said.line("lines for pg_hba.conf, before its others; then SELECT pg_reload_conf():")
        for line in lines:
            said.line(f"    {line}")
        new_role = any(one.startswith("CREATE ROLE") for one in missing)
        if new_role:
            said.line(
                f"the password is not in the SQL, where logs would keep it: \\password {plan.role} in psql, then "
                "pulumi config set --secret"
            )
        said.document |= {"source": plan.name, "sql": missing, "pg_hba": lines}
        if missing and not only_sql and ask(f"carry out {len(missing)} statements on {plan.name}?"):
            for one in missing:
                run(old, one)
                said.done(one)
        elif missing:
            said.line("nothing was changed")
    return said.finish()
