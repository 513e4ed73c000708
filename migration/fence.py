"""A database that takes no writes: the source from the cutover on, the target after a rollback."""

from psycopg import sql

from migration.connect import Connection, rows, value
from migration.words import Said


def fenced(connection: Connection) -> bool:
    """Whether new sessions of the database are read-only unless they say otherwise."""
    return bool(
        value(
            connection,
            """SELECT 1 FROM pg_db_role_setting, unnest(setconfig) c WHERE setrole = 0 AND c =
            'default_transaction_read_only=on'
               AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())""",
        )
    )


def fence(connection: Connection, application: str, spared: str = "") -> int:
    """Make the database read-only for new sessions and end those that are open; returns how many. Those of the role
    `spared`, by which the replication reads, go on. Superusers and owners could still write by saying so in their session,
    which is why `writers` is asked afterwards."""
    database = sql.Identifier(str(value(connection, "SELECT current_database()")))
    connection.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(database))
    ended = rows(
        connection,
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND backend_type =
        'client backend'
           AND pid <> pg_backend_pid() AND application_name <> %(own)s AND usename <> %(spared)s""",
        {"own": application, "spared": spared},
    )
    return len(ended)


def unfence(connection: Connection) -> None:
    """Let sessions write again."""
    database = sql.Identifier(str(value(connection, "SELECT current_database()")))
    connection.execute(sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(database))


def reopened(target: Connection, said: Said) -> None:
    """Let the target be written to again where an earlier way ended with a rollback: what moves the rows would be refused."""
    if fenced(target):
        unfence(target)
        said.done("the target, read-only since the last rollback, takes writes again")


def writers(connection: Connection, application: str) -> list[str]:
    """Sessions that have a transaction open which writes: it has a number."""
    return [
        f"pid {pid}, {user}, {name or 'unnamed'}, since {since}"
        for pid, user, name, since in rows(
            connection,
            """SELECT pid, usename, application_name, date_trunc('second', xact_start) FROM pg_stat_activity
               WHERE datname = current_database() AND backend_type = 'client backend' AND backend_xid IS NOT NULL
                 AND pid <> pg_backend_pid() AND application_name <> %(own)s""",
            {"own": application},
        )
    ]
