"""What pg_dump wrote, in the way that keeps no writer waiting.

A word is put where it belongs, and all else stays as PostgreSQL itself wrote it. A parser that writes statements anew would
have to know every option of every version: sqlglot 30 leaves an index with a collation unread and spells operator classes anew,
and pglast, which is PostgreSQL's own parser, has a licence (GPL) that users of this project could not take over.
"""

import re
from dataclasses import dataclass

NAME = r'(?:"(?:[^"]|"")+"|[^\s".]+)'
INDEX = re.compile(rf"^CREATE (?P<unique>UNIQUE )?INDEX (?P<name>{NAME}) ON (?!ONLY )", re.MULTILINE)
UNIQUE = re.compile(
    rf"ALTER TABLE ONLY (?P<table>{NAME}\.{NAME})\s+ADD CONSTRAINT (?P<name>{NAME}) UNIQUE (?P<nulls>NULLS NOT DISTINCT )?"
    r"(?P<columns>\([^()]*\))(?P<include> INCLUDE \([^()]*\))?(?P<when> DEFERRABLE(?: INITIALLY DEFERRED)?)?;?"
)


@dataclass(frozen=True)
class Unique:
    """A unique constraint in two statements: its index, which is built while people write, and the constraint over it."""

    table: str
    name: str
    index: str
    constraint: str


def index(statement: str) -> str:
    """The index, built concurrently; one of a partitioned table as it was, which cannot be."""
    return INDEX.sub(r"CREATE \g<unique>INDEX CONCURRENTLY \g<name> ON ", statement, count=1)


def unique(statement: str) -> Unique | None:
    """A unique constraint by its index; None for any other statement."""
    if not (of := UNIQUE.fullmatch(statement.strip())):
        return None
    table, name = of["table"], of["name"]
    nulls = " NULLS NOT DISTINCT" if of["nulls"] else ""
    return Unique(
        table,
        name[1:-1].replace('""', '"') if name.startswith('"') else name,
        f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} {of['columns']}{of['include'] or ''}{nulls}",
        f"ALTER TABLE ONLY {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{of['when'] or ''}",
    )


def not_valid(statement: str) -> str:
    """A foreign key that looks at no row yet."""
    return re.sub(r";?\s*$", " NOT VALID;", statement, count=1)
