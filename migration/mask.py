"""Masking a copy of production: one SQL file, in one transaction, on a database that is a copy and nothing else."""

from pathlib import Path
from typing import Any

import psycopg

from migration.connect import Connection, connected
from migration.words import Ask, Said, Stop


def copy_of(settings: Any, stack: str) -> str:
    """The name of the database, if it was restored from another one and nobody protects it. Raises Stop for any other."""
    if settings.database.restore_instead is None:
        raise Stop(f"{stack} has no database.restoreInstead: its database is no copy of another one, and is never masked")
    if settings.protect:
        raise Stop(f"{stack} is protected (protect: true), which a copy for developers is not: it is never masked")
    return str(settings.database.name)


def mask(said: Said, ask: Ask, database: str, where: str, file: Path | None) -> int:
    """The step: all of the file, or nothing."""
    if file is None:
        raise Stop("say which SQL masks: --file FILE")
    try:
        statements = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"--file {file}: {error}") from None
    said.line(f"{database}: {file}, in one transaction", "bold")
    if not ask(f"mask {database} with {file}?"):
        said.line("nothing was changed")
        return said.finish()
    with connected(where, writes=True, database=database) as server, server.transaction():
        server.execute("SET LOCAL search_path = public")
        _carry_out(server, statements, file)
    said.done("masked")
    said.document |= {"masked": str(file)}
    return said.finish()


def _carry_out(server: Connection, statements: str, file: Path) -> None:
    try:
        server.execute(statements.encode())
    except psycopg.Error as error:
        raise Stop(f"{file}: {' '.join(str(error).split())}; nothing was changed") from None
