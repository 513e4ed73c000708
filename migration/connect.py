"""Connections to both servers: by libpq's own means, read-only unless a step writes, the same session settings everywhere."""

import configparser
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import conninfo

from components import rds_roots
from migration.plan import Plan
from migration.words import Stop

Connection = psycopg.Connection[tuple[Any, ...]]
Side = Literal["source", "target"]
APPLICATION = "hybridge-migrate"
PINNED = {
    # The text of a row must be the same on both servers, whatever their defaults are.
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "search_path": "pg_catalog",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
SECONDS_TO_CONNECT = 10


def dsn(side: Side, plan: Plan, given: str | None, outputs: Mapping[str, Any] | None = None) -> str:
    """Where a server is: what was given, else HYBRIDGE_SOURCE_DSN or HYBRIDGE_TARGET_DSN, else the service `hybridge-<source>`
    or `hybridge-target` of the libpq service file, else host and user of the settings or outputs (the password then comes from
    PGPASSWORD or ~/.pgpass). Raises Stop where none of these says it."""
    said = given or os.environ.get(f"HYBRIDGE_{side.upper()}_DSN")
    if said:
        return said
    service = f"hybridge-{plan.name}" if side == "source" else "hybridge-target"
    if service in _services():
        return f"service={service}"
    if side == "source" and plan.source:
        return conninfo.make_conninfo("", **{key: str(value) for key, value in plan.source.items()}, sslmode=_ssl(plan))
    if side == "target" and outputs and outputs.get("databaseAddress"):
        roots = rds_roots.file_of(str(outputs.get("region")))
        verified = {"sslmode": "verify-full", "sslrootcert": str(roots)} if roots else {"sslmode": "require"}
        return conninfo.make_conninfo("", host=str(outputs["databaseAddress"]), dbname=plan.target_database, **verified)
    ways = f"--{side}-dsn, HYBRIDGE_{side.upper()}_DSN, or the service {service} in ~/.pg_service.conf"
    raise Stop(f"nobody said where the {side} is: give {ways}" + ("" if side == "source" else ", or --outputs"))


def _ssl(plan: Plan) -> str:
    return "disable" if plan.ssl_mode == "none" else plan.ssl_mode


def _services() -> set[str]:
    path = Path(os.environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf")
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        parser.read(path)
    except configparser.Error:
        raise Stop(
            f"{path} cannot be read as a libpq service file; see the PostgreSQL manual, The Connection Service File"
        ) from None
    return set(parser.sections())


@contextmanager
def connected(where: str, *, writes: bool = False, database: str | None = None) -> Iterator[Connection]:
    """A connection in autocommit mode. Without `writes` the server itself refuses to change anything. Raises Stop in words."""
    options = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in PINNED.items())
    options += f" -c default_transaction_read_only={'off' if writes else 'on'}" + (" -c lock_timeout=5s" if writes else "")
    where = conninfo.make_conninfo(where, dbname=database) if database else where
    try:
        connection = psycopg.connect(
            where, autocommit=True, options=options, application_name=APPLICATION, connect_timeout=SECONDS_TO_CONNECT
        )
    except psycopg.Error as error:
        raise Stop(f"no connection to {shown(where)}: {' '.join(str(error).split())}") from None
    try:
        with connection:
            yield connection
    except psycopg.errors.ReadOnlySqlTransaction as error:
        raise Stop(f"{shown(where)} is read-only: {str(error).strip()}") from None
    except psycopg.errors.LockNotAvailable as error:
        raise Stop(
            f"{shown(where)}: a lock was not free within 5 s ({str(error).splitlines()[0]}); try again when it is quiet"
        ) from None
    except psycopg.errors.DeadlockDetected as error:
        raise Stop(
            f"{shown(where)}: it and the replication waited for each other ({str(error).splitlines()[0]}); run the step again, "
            "it goes on"
        ) from None
    except psycopg.OperationalError as error:
        raise Stop(
            f"the connection to {shown(where)} broke: {' '.join(str(error).split())}; run the step again, it goes on"
        ) from None
    except psycopg.errors.InsufficientPrivilege as error:
        raise Stop(f"{shown(where)}: {str(error).splitlines()[0]}; connect as a role that may, see `prepare`") from None


def shown(where: str) -> str:
    """A DSN without its password."""
    parts = conninfo.conninfo_to_dict(where)
    parts.pop("password", None)
    parts.pop("options", None)
    return (
        conninfo.make_conninfo("", **{key: value for key, value in parts.items() if value is not None}) or "the default server"
    )


def rows(connection: Connection, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows of a query. SQL comes from this package alone; values go as parameters."""
    return connection.execute(sql, params).fetchall()


def value(connection: Connection, sql: str, params: Mapping[str, Any] | None = None) -> Any:
    """The first column of the first row; None if there is no row."""
    found = rows(connection, sql, params)
    return found[0][0] if found else None


def run(connection: Connection, sql: str) -> None:
    """Carry out one statement without parameters."""
    connection.execute(sql)
