"""Who reaches whom, as a page tells it: for each source what it can open, and why."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from proofs.reachability import Row

VARIANT = re.compile(r"(?P<base>.+?) (?:in [a-z]{2}-|[0-9])")
"""A party's name with some of its zones or networks behind it."""


@dataclass(frozen=True)
class Source:
    """Everything that one party can and cannot open."""

    name: str
    reaches: list[Row]
    blocked: list[Row]


def sources(matrix: Sequence[Row]) -> list[Source]:
    """The matrix by source, in its order."""
    names = {name for row in matrix for name in (row.source, row.target)}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in matrix:
        rows[party(row.source, names)].append(row)
    return [
        Source(name, [row for row in found if row.reachable], [row for row in found if not row.reachable])
        for name, found in rows.items()
    ]


def party(name: str, names: set[str]) -> str:
    """Who is meant by a name: the party, be it all of it or some of its zones or networks."""
    found = VARIANT.match(name)
    return found["base"] if found and (found["base"] in names or found["base"] == "on-premises") else name
