"""What the check asks the catalogs: a question is one query, and what its rows mean."""

from dataclasses import dataclass
from typing import Literal

from migration.plan import Way
from migration.words import Severity

BOTH: tuple[Way, ...] = ("dms", "native")
DMS: tuple[Way, ...] = ("dms",)
NATIVE: tuple[Way, ...] = ("native",)


@dataclass(frozen=True)
class Question:
    """A query whose every row is a finding. Its first column names the object; the others fill `{1}`, `{2}` ... of the texts.

    It may use the temporary views of `scope.py`: `moving` (tables that move), `columns` (their columns), `inside` (all of the
    schemas).
    """

    code: str
    severity: Severity
    sql: str
    why: str
    cure: str = ""
    ways: tuple[Way, ...] = BOTH
    assessment: str = ""
    """The premigration assessments of DMS that ask for the same, with a comma between them."""
    paste: Literal["", "excludeTables", "removeColumns"] = ""
    """The key of the stack file that cures it; the object is then `schema.table` or `schema.table.column`."""
    at_least: int = 0
    """The first server_version_num that the query is valid for."""
