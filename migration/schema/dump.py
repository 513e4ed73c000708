"""The schema as pg_dump writes it, cut into the entries of its table of contents, under the names that it gets in AWS."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql

from migration.check import scope
from migration.connect import Connection, connected, rows, run, value
from migration.plan import Plan
from migration.words import Stop

HEADER = re.compile(
    r"^--\n-- Name: (?P<name>.*?); Type: (?P<type>[A-Z ]+); Schema: (?P<schema>.*?); Owner: .*?\n--\n", re.MULTILINE
)
LEFT_OUT = frozenset(
    [
        "PUBLICATION",
        "PUBLICATION TABLE",
        "PUBLICATION TABLES IN SCHEMA",
        "SUBSCRIPTION",
        "EVENT TRIGGER",
        "FOREIGN TABLE",
        "SERVER",
        "FOREIGN DATA WRAPPER",
        "USER MAPPING",
        "EXTENSION",
        "MATERIALIZED VIEW DATA",
        "BLOB",
    ]
)
"""Kinds of entries that do not move: what belongs to the server, and what `check` tells of."""
LATER = frozenset(["INDEX", "INDEX ATTACH", "FK CONSTRAINT", "TRIGGER", "RULE", "POLICY", "ROW SECURITY", "STATISTICS"])
"""Kinds of the second half, beside constraints that are no primary key."""
SECONDS = 600


@dataclass(frozen=True)
class Entry:
    """One entry of the table of contents."""

    type: str
    name: str
    schema: str
    sql: str

    @property
    def is_key(self) -> bool:
        """Whether it is a primary key, without which no change is carried over."""
        return self.type == "CONSTRAINT" and "PRIMARY KEY" in self.sql

    @property
    def later(self) -> bool:
        """Whether it belongs to the second half."""
        about = self.name.split(" ", 1)[0] if self.type == "COMMENT" else self.type
        return about in LATER or (about == "CONSTRAINT" and not self.is_key)


def entries(text: str) -> list[Entry]:
    """Cut a script of pg_restore into its entries, without what does not move and what is said about that."""
    found = []
    heads = list(HEADER.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)]
        body = "\n".join(line for line in body.splitlines() if not line.startswith(("SET default_t", "\\"))).strip()
        found.append(Entry(head["type"], head["name"], head["schema"], body))
    gone = {(one.schema, one.name) for one in found if one.type in LEFT_OUT}
    return [one for one in found if one.type not in LEFT_OUT and not _about(one, gone)]


def _about(entry: Entry, gone: set[tuple[str, str]]) -> bool:
    """Whether it is a comment on, or a right to, something that does not move."""
    if entry.type not in {"COMMENT", "ACL"}:
        return False
    kind, _, rest = entry.name.partition(" ")
    subject = rest.split(".")[0] if kind == "COLUMN" else rest
    return (
        kind in {"EXTENSION", "PUBLICATION", "SERVER", "EVENT"}
        or (entry.schema, subject) in gone
        or (entry.schema, entry.name.removeprefix("TABLE ")) in gone
    )


def taken(source: str, target: str, plan: Plan, folder: Path) -> list[Entry]:
    """Dump the source's schemas; where some get another name, by way of a scratch database beside the target."""
    folder.mkdir(parents=True, exist_ok=True)
    with connected(source) as old:
        schemas = scope.schemas_of(old, plan)
        if not schemas:
            raise Stop(f"{plan.name} has none of the schemas {', '.join(plan.schemas)}")
        path = _dumped(source, schemas, folder / "schema.dump")
        if any(plan.target(schema) != schema for schema in schemas):
            path = _renamed(old, target, plan, schemas, path)
    return entries(_program("pg_restore", "--no-owner", "-f", "-", str(path)))


def _dumped(where: str, schemas: list[str], path: Path) -> Path:
    named = [argument for schema in schemas for argument in ("-n", f'"{schema}"')]
    _program("pg_dump", "-Fc", "--schema-only", "--no-publications", "--no-subscriptions", *named, "-f", str(path), "-d", where)
    return path


def _program(name: str, *arguments: str) -> str:
    """Run a program of PostgreSQL's. Raises Stop with what it said."""
    if not shutil.which(name):
        raise Stop(
            f"{name} is not installed; install PostgreSQL's client programs (Debian: postgresql-client), as new as "
            f"the newer server"
        )
    done = subprocess.run([name, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise Stop(f"{name}: {' '.join(done.stderr.split())}")
    return done.stdout


def _renamed(old: Connection, target: str, plan: Plan, schemas: list[str], path: Path) -> Path:
    """The dump under the names of AWS: restored into a scratch database, renamed there, dumped again.

    Extensions stay in the schema of the source's name, so that several sources share them; one that cannot be moved stops this.
    """
    scratch = plan.identifier("scratch")
    with connected(target, writes=True) as new:
        run(new, f"DROP DATABASE IF EXISTS {scratch}")
        run(new, f"CREATE DATABASE {scratch} TEMPLATE template0")
    try:
        with connected(target, writes=True, database=scratch) as new:
            make_extensions(old, new)
            for entry in entries(_program("pg_restore", "--no-owner", "--no-privileges", "-f", "-", str(path))):
                carried_out(new, entry.sql)
            for schema in schemas:
                if plan.target(schema) != schema:
                    _rename(new, schema, plan.target(schema))
        names = [plan.target(schema) for schema in schemas]
        return _dumped(_in_database(target, scratch), names, path.with_name("schema-renamed.dump"))
    finally:
        with connected(target, writes=True) as new:
            run(new, f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")


def _in_database(where: str, database: str) -> str:
    from psycopg import conninfo  # noqa: PLC0415

    return conninfo.make_conninfo(where, dbname=database)


def _rename(new: Connection, schema: str, name: str) -> None:
    kept = rows(
        new,
        "SELECT extname, extrelocatable FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE nspname = %(s)s",
        {"s": schema},
    )
    fixed = [extension for extension, movable in kept if not movable]
    if fixed:
        raise Stop(f"schema {schema} is to become {name}, but {', '.join(fixed)} cannot leave it; do not rename this schema")
    new.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(schema), sql.Identifier(name)))
    new.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    for extension, _ in kept:
        new.execute(sql.SQL("ALTER EXTENSION {} SET SCHEMA {}").format(sql.Identifier(extension), sql.Identifier(schema)))


def make_extensions(old: Connection, new: Connection) -> list[str]:
    """Make in `new` what extensions `old` has, in the same schemas; returns those that it cannot have."""
    available = {name for (name,) in rows(new, "SELECT name FROM pg_available_extensions")}
    lacking = []
    for name, schema in rows(
        old,
        """SELECT extname, nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql'
        ORDER BY e.oid""",
    ):
        if name not in available:
            lacking.append(str(name))
            continue
        new.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
        new.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA {} CASCADE").format(
                sql.Identifier(name), sql.Identifier(schema)
            )
        )
    return lacking


ALREADY = frozenset(["42P07", "42710", "42723", "42P06", "42P16", "42701", "42809", "55000", "42P17"])
"""Errors that say that the object is there: duplicate table, object, function, schema, primary key, column; attached already,
identity already."""


def carried_out(connection: Connection, statement: str) -> bool:
    """Carry out an entry; False where what it makes was there already."""
    import psycopg  # noqa: PLC0415

    if not statement:
        return False
    try:
        run(connection, statement)
    except psycopg.Error as error:
        if error.sqlstate in ALREADY:
            return False
        raise Stop(f"{' '.join(str(error).splitlines()[:2])}, at: {statement.splitlines()[0][:120]}") from None
    return True


def bodies_with(connection: Connection, plan: Plan) -> Iterator[str]:
    """Functions whose text names a schema that has another name in AWS: nobody can rename what stands in a string."""
    for schema, name in plan.target_schemas.items():
        if schema == name:
            continue
        for (function,) in rows(
            connection,
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = to_regnamespace(%(n)s) AND prosrc ~ %(p)s",
            {"n": f'"{name}"', "p": rf"\m{schema}\."},
        ):
            yield f"{function} names {schema}., which is {name} here"


def server_settings(connection: Connection) -> list[str]:
    """ALTER DATABASE and ALTER ROLE SET of the source, which no dump of a schema has, as SQL to review."""
    return [
        str(line)
        for (line,) in rows(
            connection,
            """SELECT CASE WHEN setrole = 0 THEN 'ALTER DATABASE CURRENT_DATABASE' ELSE format('ALTER ROLE %%I', r.rolname) END
                 || format(' SET %%I = %%L;', split_part(c, '=', 1), substr(c, strpos(c, '=') + 1))
               FROM pg_db_role_setting t LEFT JOIN pg_roles r ON r.oid = setrole, unnest(setconfig) c
               WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY 1""",
        )
    ]


def roles(connection: Connection, plan: Plan) -> list[str]:
    """CREATE ROLE without passwords, and memberships, for whoever owns or may use something of the schemas."""
    names = {
        str(name)
        for (name,) in rows(
            connection,
            """SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|rds)' AND NOT rolsuper AND rolname <> %(own)s ORDER BY 1""",
            {"own": plan.role},
        )
    }
    lines = []
    for name, login, inherits in rows(connection, "SELECT rolname, rolcanlogin, rolinherit FROM pg_roles ORDER BY 1"):
        if name in names:
            extra = (" LOGIN" if login else " NOLOGIN") + ("" if inherits else " NOINHERIT")
            lines.append(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)).as_string(connection) + extra)
    for group, member in rows(
        connection,
        """SELECT g.rolname, m.rolname FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid =
        a.member ORDER BY 1, 2""",
    ):
        if member in names and (group in names or str(group).startswith("pg_")):
            lines.append(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(member)).as_string(connection))
    return lines


def database_name(connection: Connection) -> str:
    """The database that a connection is in."""
    return str(value(connection, "SELECT current_database()"))
