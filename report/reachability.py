"""Who reaches whom, as a page shows it: a grid to see it all at once, and a list for each source that says why."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proofs.reachability import Row

VARIANT = re.compile(r"(?P<base>.+?) (?:in [a-z]{2}-|[0-9])")
"""A party's name with some of its zones or networks behind it."""
PHYSICAL = re.compile(r"\S*[-.]\S*")
"""What AWS or Pulumi called something, behind what it is."""
LONGEST = 30
"""Characters of a list of names in the grid; beyond, its first stands for it."""

Cells = Mapping[tuple[str, str], str]
"""Source and target -> ports."""


@dataclass(frozen=True)
class Line:
    """Parties that fare the same, and what they can open to each column's."""

    name: str
    cells: list[str]
    """Ports; empty where nothing gets through."""


@dataclass(frozen=True)
class Grid:
    """The matrix at a glance."""

    columns: list[str]
    lines: list[Line]


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


def grid(matrix: Sequence[Row]) -> Grid:
    """The matrix as ports between parties. Those of a kind that fare the same share a line and a column."""
    names = {name for row in matrix for name in (row.source, row.target)}
    ports: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    asking: dict[str, None] = {}
    asked: dict[str, None] = {}
    for row in matrix:
        source, target = party(row.source, names), party(row.target, names)
        asking[source] = asked[target] = None
        if row.reachable:
            ports[source, target] |= dict.fromkeys(_ports(row))
    cells = {pair: ", ".join(found) for pair, found in ports.items()}
    everybody = [*dict.fromkeys((*asking, *asked))]
    groups = _alike(everybody, cells)
    columns = [same for same in groups if any(name in asked for name in same)]
    lines = [same for same in groups if any(name in asking for name in same)]
    return Grid(
        [called(same, everybody) for same in columns],
        [Line(called(same, everybody), [_between(same, column, cells) for column in columns]) for same in lines],
    )


def party(name: str, names: set[str]) -> str:
    """Who is meant by a name: the party, be it all of it or some of its zones or networks."""
    found = VARIANT.match(name)
    return found["base"] if found and (found["base"] in names or found["base"] == "on-premises") else name


def called(same: Sequence[str], everybody: Sequence[str]) -> str:
    """One name for parties of a kind, without what tells nothing: the physical name of the only one."""
    kind, last = same[0].rsplit(" ", maxsplit=1) if " " in same[0] else (same[0], "")
    of_kind = [name for name in everybody if name == kind or name.startswith(f"{kind} ")]
    physical = PHYSICAL.fullmatch(last) and last != "on-premises" and kind != "workload"
    if physical and {*of_kind} == {*same}:
        return kind if len(same) == 1 else f"{kind} ({len(same)})"
    kind, _, first = same[0].partition(" ")
    items = [name.partition(" ")[2] for name in same] if len(same) > 1 else first.split(", ")
    text = f"{kind} {', '.join(items)}".strip()
    return text if len(text) <= LONGEST or len(items) < 2 else f"{kind} {items[0]} and {len(items) - 1} more"


def _ports(row: Row) -> list[str]:
    """What gets through, short: a request that a rule of the load balancer passes on is by that one alone."""
    if "load balancer" in row.way:
        return ["via LB"]
    if row.traffic == "everything":
        return ["all"]
    return [port for part in row.traffic.split("; ") for port in part.partition(" ")[2].split(", ")] or [row.traffic]


def _alike(everybody: Sequence[str], cells: Cells) -> list[list[str]]:
    """Parties by kind and by how they fare with all others and with each other."""
    groups: list[list[str]] = []
    for name in everybody:
        for group in groups:
            first = group[0]
            others = [other for other in everybody if other not in (name, first)]
            if (
                name.partition(" ")[0] == first.partition(" ")[0]
                and cells.get((name, first)) == cells.get((first, name))
                and all(cells.get((name, other)) == cells.get((first, other)) for other in others if other not in group)
                and all(cells.get((other, name)) == cells.get((other, first)) for other in others if other not in group)
            ):
                group.append(name)
                break
        else:
            groups.append([name])
    return groups


def _between(source: Sequence[str], target: Sequence[str], cells: Cells) -> str:
    """What the first of a group can open to the first of another, or to the second of its own."""
    other = target[1] if source is target and len(target) > 1 else target[0]
    return cells.get((source[0], other), "")
