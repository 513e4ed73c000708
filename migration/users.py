"""The users of the database in AWS: their roles, logins and rights, out of `database.users` and the secrets of the stack.

A user is a role without a login, which owns and may do things, and two logins that act as it, in turn with the generation of
its password: the one in the secret, and the one before, which goes on until nobody uses it. Passwords travel as SCRAM
verifiers, so that no log has one."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from psycopg import sql

from components.logins import MIGRATION_USER, login
from migration.connect import Connection, connected, rows, run, value
from migration.plan import settings_of
from migration.words import Ask, Said, Stop

Access = Literal["read", "write", "own", "migrate"]
RIGHTS = {
    "read": ("SELECT", "SELECT", "USAGE"),
    "write": ("SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT, UPDATE", "USAGE"),
}
"""What may be done -> rights on tables, on sequences, on the schema."""
SUPERUSER = "rds_superuser"
"""RDS lets nobody else set session_replication_role, without which triggers and foreign keys would act on what DMS writes."""
HAS_SET = 150_000
"""From PostgreSQL 15 on the right to set one parameter can be granted, where there is no rds_superuser."""


@dataclass(frozen=True)
class User:
    """One user."""

    name: str
    access: Access
    login: str
    """The login of the secret."""
    places: Mapping[str, tuple[str, ...]]
    """Schemas by database."""

    @property
    def former(self) -> str:
        """The other login."""
        first, second = (login(self.name, generation) for generation in (1, 2))
        return second if self.login == first else first


@dataclass(frozen=True)
class Login:
    """What a secret holds."""

    username: str
    password: str


def users_of(stack: str, root: Path = Path()) -> tuple[list[User], str]:
    """Everybody who signs in by the settings of a stack, and the name of the database. Raises Stop where the file is wrong."""
    return of_settings(settings_of(stack, root))


def of_settings(settings: Any) -> tuple[list[User], str]:
    """The same, of settings."""
    name, migration = settings.database.name, settings.migration
    found = [
        User(user.name, user.access, login(user.name, user.password_generation), {name: tuple(user.schemas)})
        for user in settings.database.users
    ]
    if migration.way == "dms" and migration.sources:
        places: dict[str, tuple[str, ...]] = {}
        for source in migration.sources:
            for database, schema in source.targets(name):
                places[database] = (*places.get(database, ()), schema)
        found.append(User(MIGRATION_USER, "migrate", login(MIGRATION_USER, migration.password_generation), places))
    return found, name


def from_secrets(outputs: Mapping[str, Any]) -> Callable[[str], Login | None]:
    """Asks Secrets Manager for a user's login, by the ARNs in the outputs of the stack; None for a user without a secret."""
    import boto3  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    arns: Mapping[str, str] = outputs.get("databaseUserSecretArns") or {}

    def asked(user: str) -> Login | None:
        if user not in arns:
            return None
        client = boto3.client("secretsmanager", region_name=arns[user].split(":")[3])
        try:
            held = json.loads(client.get_secret_value(SecretId=arns[user])["SecretString"])
        except (ClientError, BotoCoreError) as error:
            raise Stop(f"the secret of {user}: {error}; use credentials that may read {arns[user]}") from None
        return Login(held["username"], held["password"])

    return asked


def users(
    said: Said,
    ask: Ask,
    found: tuple[list[User], str],
    where: str,
    secret_of: Callable[[str], Login | None],
    *,
    only_sql: bool = False,
    retire: bool = False,
) -> int:
    """The step: makes roles, logins and rights, or with `retire` closes the logins that nobody uses any more."""
    everybody, main = found
    if not everybody:
        raise Stop("the stack file has no database.users, and no migration by DMS")
    with connected(where, writes=not only_sql, database=main) as server:
        told: list[User] = []
        for user in everybody:
            secret = None if only_sql else secret_of(user.name)
            if secret is None and not only_sql:
                said.line(f"{user.name}: has no secret; deploy the stack, or give its --outputs", "yellow")
                continue
            told.append(user if secret is None else User(user.name, user.access, secret.username, user.places))
            if retire:
                _retire(said, ask, server, told[-1])
                continue
            _make(said, ask, server, told[-1], secret, only_sql=only_sql)
        if not retire:
            for database in sorted({database for user in told for database in user.places}):
                with connected(where, writes=not only_sql, database=database) as here:
                    for user in told:
                        if database in user.places:
                            _let_in(said, ask, here, user, everybody=told, database=database, only_sql=only_sql)
    said.document |= {"users": {user.name: user.login for user in told}}
    return said.finish()


def _act(said: Said, ask: Ask, connection: Connection, what: str, wanted: list[sql.Composable], *, only_sql: bool) -> None:
    """Show the statements, and carry them out once that was agreed to."""
    if not wanted:
        return
    said.line(f"{what}: {len(wanted)} statements", "bold")
    said.sql([one.as_string(connection) for one in wanted])
    if not only_sql and ask(f"carry them out for {what}?"):
        for one in wanted:
            run(connection, one.as_string(connection))
        said.done(what)


def _make(said: Said, ask: Ask, server: Connection, user: User, secret: Login | None, *, only_sql: bool) -> None:
    """The role and the login of one user, which the whole server has once."""
    _act(said, ask, server, user.name, list(_roles(server, user)), only_sql=only_sql)
    if secret is None:
        said.line(f"    then \\password {user.login} in psql, as its secret has it")
        return
    verifier = server.pgconn.encrypt_password(secret.password.encode(), secret.username.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(user.login), sql.Literal(verifier))
    if rows(server, "SELECT 1 FROM pg_roles WHERE rolname = %(r)s", {"r": user.login}):
        run(server, statement.as_string(server))
        said.done(f"{user.login} has the password of the secret")


def _roles(server: Connection, user: User) -> Iterator[sql.Composable]:
    role, own = sql.Identifier(user.name), sql.Identifier(user.login)
    there = {name for (name,) in rows(server, "SELECT rolname FROM pg_roles")}
    if user.name not in there:
        yield sql.SQL("CREATE ROLE {} NOLOGIN").format(role)
    superuser = value(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not superuser and (user.name not in there or not value(server, "SELECT pg_has_role(%(r)s, 'MEMBER')", {"r": user.name})):
        # To give it schemas, and rights in what it will own, one has to be of it.
        yield sql.SQL("GRANT {} TO CURRENT_USER").format(role)
    if user.login not in there:
        yield sql.SQL("CREATE ROLE {} LOGIN INHERIT").format(own)
    if user.login not in there or not value(
        server, "SELECT pg_has_role(%(l)s, %(r)s, 'MEMBER')", {"l": user.login, "r": user.name}
    ):
        yield sql.SQL("GRANT {} TO {}").format(role, own)
    if user.access != "migrate":
        # What it makes belongs to the user, whichever of the two logins was in use.
        yield sql.SQL("ALTER ROLE {} SET role = {}").format(own, sql.Literal(user.name))
    elif SUPERUSER in there:
        yield sql.SQL("GRANT {} TO {}").format(sql.Identifier(SUPERUSER), own)
    elif int(value(server, "SHOW server_version_num")) >= HAS_SET:
        yield sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(own)


def _let_in(
    said: Said, ask: Ask, here: Connection, user: User, *, everybody: list[User], database: str, only_sql: bool
) -> None:
    """The rights of one user in one database."""
    schemas = user.places[database]
    there = {name for (name,) in rows(here, "SELECT nspname FROM pg_namespace")}
    role, own, at = sql.Identifier(user.name), sql.Identifier(user.login), sql.Identifier(database)
    wanted: list[sql.Composable] = [sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(at, role)]
    if user.access == "migrate":
        wanted += _of_dms(here, role, [schema for schema in schemas if schema in there])
    else:
        path = sql.SQL(", ").join(sql.Identifier(schema) for schema in dict.fromkeys((*schemas, "public")))
        wanted.append(sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}").format(own, at, path))
        for schema in schemas:
            if user.access == "own":
                wanted += _owner(here, user.name, schema, exists=schema in there)
            elif schema in there or any(_owns(other, database, schema) for other in everybody):
                owners = [other.name for other in everybody if _owns(other, database, schema)]
                wanted += _rights(user, schema, owners)
            else:
                said.line(f"{user.name}: there is no schema {schema} in {database} yet; run this step again then", "yellow")
    _act(said, ask, here, f"{user.name} in {database}", wanted, only_sql=only_sql)


def _owns(user: User, database: str, schema: str) -> bool:
    return user.access == "own" and schema in user.places.get(database, ())


def _rights(user: User, schema: str, owners: list[str]) -> Iterator[sql.Composable]:
    """On what is there, and on what the owners and whoever runs this will make."""
    on_tables, on_sequences, on_schema = (sql.SQL(one) for one in RIGHTS[user.access])
    role, at = sql.Identifier(user.name), sql.Identifier(schema)
    yield sql.SQL("GRANT {} ON SCHEMA {} TO {}").format(on_schema, at, role)
    yield sql.SQL("GRANT {} ON ALL TABLES IN SCHEMA {} TO {}").format(on_tables, at, role)
    yield sql.SQL("GRANT {} ON ALL SEQUENCES IN SCHEMA {} TO {}").format(on_sequences, at, role)
    for of in (sql.SQL(""), *(sql.SQL("FOR ROLE {} ").format(sql.Identifier(owner)) for owner in owners)):
        start = sql.SQL("ALTER DEFAULT PRIVILEGES {}IN SCHEMA {} GRANT ").format(of, at)
        yield start + sql.SQL("{} ON TABLES TO {}").format(on_tables, role)
        yield start + sql.SQL("{} ON SEQUENCES TO {}").format(on_sequences, role)


def _of_dms(here: Connection, role: sql.Identifier, schemas: list[str]) -> Iterator[sql.Composable]:
    """Every row of the tables that are there, and of those that the schema's first half will make; its own tables in
    `public`."""
    yield sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(role)
    for schema in schemas:
        at = sql.Identifier(schema)
        yield sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(at, role)
        yield sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA {} TO {}").format(at, role)
        yield sql.SQL("GRANT ALL ON ALL SEQUENCES IN SCHEMA {} TO {}").format(at, role)
    for kind in ("SCHEMAS", "TABLES", "SEQUENCES"):
        yield sql.SQL("ALTER DEFAULT PRIVILEGES GRANT ALL ON {} TO {}").format(sql.SQL(kind), role)


def _owner(here: Connection, user: str, schema: str, *, exists: bool) -> Iterator[sql.Composable]:
    """The schema and everything in it belong to the user."""
    role, at = sql.Identifier(user), sql.Identifier(schema)
    if not exists:
        yield sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(at, role)
        return
    if value(here, "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = %(s)s", {"s": schema}) != user:
        yield sql.SQL("ALTER SCHEMA {} OWNER TO {}").format(at, role)
    for kind, name in rows(here, OTHERS, {"s": schema, "u": user}):
        yield sql.SQL("ALTER {} {} OWNER TO {}").format(sql.SQL(kind), sql.SQL(name), role)


OTHERS = """
SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
       WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, format('%%I.%%I', nspname, relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
 WHERE nspname = %(s)s AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND pg_get_userbyid(relowner) <> %(u)s
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND (deptype = 'e' OR relkind = 'S' AND deptype IN ('a', 'i')))
UNION ALL
SELECT 'ROUTINE', p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
 WHERE nspname = %(s)s AND pg_get_userbyid(proowner) <> %(u)s
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND deptype = 'e')
UNION ALL
SELECT CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, format('%%I.%%I', nspname, typname)
  FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_class c ON c.oid = typrelid
 WHERE nspname = %(s)s AND pg_get_userbyid(typowner) <> %(u)s
   AND (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND relkind = 'c')
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND deptype = 'e')
 ORDER BY 1, 2
"""
"""What of a schema belongs to others, and is neither an extension's nor goes with a column."""


def _retire(said: Said, ask: Ask, server: Connection, user: User) -> None:
    """Close the login that is not in the secret, once nobody is signed in with it."""
    former = {"r": user.former}
    if not value(server, "SELECT rolcanlogin FROM pg_roles WHERE rolname = %(r)s", former):
        said.line(f"{user.name}: {user.former} is not in use")
        return
    sessions = value(server, "SELECT count(*) FROM pg_stat_activity WHERE usename = %(r)s", former)
    if sessions:
        said.fails(f"{user.former} has {sessions} sessions: start the workloads of {user.name} anew, then run this step again")
        return
    wanted = [sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(user.former))]
    _act(said, ask, server, user.former, [*wanted], only_sql=False)
