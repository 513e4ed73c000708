"""Who reaches whom at a glance: ports between parties, those of a kind that fare the same in one line and one column."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from proofs.reachability import Row
from report.reachability import party

WORKLOAD, ON_PREMISES, VIA_BALANCER = "workload ", " on-premises", "via LB"
PHYSICAL = re.compile(r"\S*[-.]\S*")
"""What AWS or Pulumi called something, behind what it is."""
LONGEST = 30
"""Characters of a list of names; beyond, their number stands for them."""
OWN = "own"
"""Stands for the ports of a workload that nobody else has, so that workloads fare the same that differ in these alone."""
UNBROKEN = 16
"""Characters of what is not broken in two; what is longer has spaces."""
MOST_PORTS = 4
"""Of a cell; beyond, the first ones and how many there are."""
ON_PAPER = 580
"""Pixels of a page beside the names of the lines; a wider table is printed in parts."""
LEAST, CHARACTER, AROUND = 28, 4.8, 6
"""Pixels of a printed column, of a character in it, and around that."""

Ports = tuple[str, ...]
Cells = Mapping[tuple[str, str], Ports]
"""Source and target -> what gets through; nothing does where there is none."""


@dataclass(frozen=True)
class Cell:
    """What one group can open to another."""

    ports: Ports
    """Each of them is one word or two, which belong together."""
    whole: str = ""
    """All of them, where some were left out."""
    note: int = 0
    """Number of the note that says why; 0 for none."""


@dataclass(frozen=True)
class Line:
    """Parties that fare the same, and what they can open to each column's."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Grid:
    """The matrix at a glance."""

    columns: list[str]
    lines: list[Line]
    notes: list[str]
    """Why something is open, by number from 1."""
    key: dict[str, list[str]]
    """Name of a line or column that stands for several -> all of them."""

    def parts(self) -> list["Grid"]:
        """The same in as few parts of about the same number of columns as fit pages."""
        count = len(self.columns)
        widths = [self._width(column) for column in range(count)]
        for number in range(1, count + 1):
            size = -(-count // number)
            ranges = [range(first, min(first + size, count)) for first in range(0, count, size)]
            if all(sum(widths[column] for column in one) <= ON_PAPER for one in ranges):
                break
        else:
            ranges = [range(count)]
        return [
            Grid(
                self.columns[one.start : one.stop],
                [Line(line.name, line.cells[one.start : one.stop]) for line in self.lines],
                self.notes,
                self.key,
            )
            for one in ranges
        ]

    def _width(self, column: int) -> float:
        """What a column takes on paper: its longest word, which is not broken."""
        words = [port for line in self.lines for port in line.cells[column].ports if len(port) < UNBROKEN]
        return max(LEAST, AROUND + CHARACTER * max(map(len, words), default=0))


def grid(matrix: Sequence[Row]) -> Grid:
    """The matrix as ports between parties."""
    names = {name for row in matrix for name in (row.source, row.target)}
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    whys: dict[tuple[str, str], str] = {}
    asking: dict[str, None] = {}
    asked: dict[str, None] = {}
    for row in matrix:
        source, target = party(row.source, names), party(row.target, names)
        asking[source] = asked[target] = None
        if row.reachable:
            found[source, target] |= dict.fromkeys(_ports(row))
            if row.why:
                whys[source, target] = row.why
    own = _own(found)
    cells = {pair: _by_own(_sorted(ports), pair[1], own) for pair, ports in found.items()}
    everybody = [*dict.fromkeys((*asking, *asked))]
    groups = _alike(everybody, cells)
    names_of = _called(groups, everybody)
    columns = [place for place, same in enumerate(groups) if any(name in asked for name in same)]
    notes = [*dict.fromkeys(whys.values())]
    lines = []
    for place, same in enumerate(groups):
        if any(name in asking for name in same):
            pairs = [(same[0], _other(same, groups[column])) for column in columns]
            shown = [
                _cell(cells.get(pair, ()), groups[column], own, notes.index(whys[pair]) + 1 if pair in whys else 0)
                for pair, column in zip(pairs, columns, strict=True)
            ]
            lines.append(Line(names_of[place], shown))
    key = {
        name: [one.partition(" ")[2].removesuffix(ON_PREMISES) for one in _members(same)]
        for name, same in zip(names_of, groups, strict=True)
        if name[0].isdigit()
    }
    return Grid([names_of[column] for column in columns], lines, notes, key)


def _other(source: Sequence[str], target: Sequence[str]) -> str:
    """The first of another group, or the second of the own one: nobody is asked about himself."""
    return target[1] if source is target and len(target) > 1 else target[0]


def _called(groups: Sequence[Sequence[str]], everybody: Sequence[str]) -> list[str]:
    """A name for each group, without what tells nothing: the physical name of the only one of a kind. Many are told by their
    number, and by the first of them if that could be several groups."""
    texts = [_listed(same, everybody) for same in groups]
    counted = [f"{len(_members(same))} {_kind(same)}" for same in groups]
    kinds = Counter(_kind(same) for same, text in zip(groups, texts, strict=True) if len(text) > LONGEST)
    return [
        text
        if len(text) <= LONGEST or len(_members(same)) < 2
        else number
        + (f" like {_members(same)[0].partition(' ')[2].removesuffix(ON_PREMISES)}" if kinds[_kind(same)] > 1 else "")
        for same, text, number in zip(groups, texts, counted, strict=True)
    ]


def _kind(same: Sequence[str]) -> str:
    kind = f"{same[0].partition(' ')[0].removesuffix('s')}s"
    return kind + (ON_PREMISES if same[0].startswith(WORKLOAD) and same[0].endswith(ON_PREMISES) else "")


def _members(same: Sequence[str]) -> list[str]:
    """All of a group; one name may stand for several of a kind already."""
    return (
        [*same] if len(same) > 1 else [f"{same[0].partition(' ')[0]} {item}" for item in same[0].partition(" ")[2].split(", ")]
    )


def _listed(same: Sequence[str], everybody: Sequence[str]) -> str:
    kind, last = same[0].rsplit(" ", maxsplit=1) if " " in same[0] else (same[0], "")
    of_kind = [name for name in everybody if name == kind or name.startswith(f"{kind} ")]
    physical = PHYSICAL.fullmatch(last) and last != ON_PREMISES.strip() and kind != WORKLOAD.strip()
    if physical and {*of_kind} == {*same}:
        return kind if len(same) == 1 else f"{kind} ({len(same)})"
    first, _, rest = same[0].partition(" ")
    items = [name.partition(" ")[2] for name in same] if len(same) > 1 else [rest]
    return f"{first} {', '.join(items)}".strip()


def _ports(row: Row) -> list[str]:
    """What gets through, short: a request that a rule of the load balancer passes on is by that one alone."""
    if "load balancer" in row.way:
        return [VIA_BALANCER]
    if row.traffic == "everything":
        return ["all"]
    parts = row.traffic.split("; ")
    if {"all tcp", "all udp"} <= {*parts}:
        return ["all"]  # and what is no TCP and no UDP, as far as a NAT gateway carries it
    return [_short(part, port) for part in parts for port in part.partition(" ")[2].split(", ")] or [row.traffic]


def _short(part: str, port: str) -> str:
    return port if part.partition(" ")[0] in {"tcp", "udp"} else part


def _own(found: Mapping[tuple[str, str], Mapping[str, None]]) -> dict[str, Ports]:
    """The ports by which a workload is asked without the load balancer, if no other has one of them."""
    by: dict[str, dict[str, None]] = defaultdict(dict)
    for (_, target), ports in found.items():
        if target.startswith(WORKLOAD):
            by[target] |= dict.fromkeys(port for port in ports if port != VIA_BALANCER)
    known = Counter(port for ports in by.values() for port in ports)
    own = {target: _sorted(ports) for target, ports in by.items() if ports and all(known[port] == 1 for port in ports)}
    return own if len(own) > 1 else {}


def _by_own(ports: Ports, target: str, own: Mapping[str, Ports]) -> Ports:
    theirs = {*ports} & {*own.get(target, ())}
    rest = tuple(port for port in ports if port not in theirs)
    return (OWN, *rest) if theirs else ports


def _sorted(ports: Iterable[str]) -> Ports:
    """By number; words come last."""
    return tuple(
        sorted(ports, key=lambda port: (not port[0].isdigit(), int(port.partition("-")[0]) if port[0].isdigit() else 0))
    )


def _cell(ports: Ports, target: Sequence[str], own: Mapping[str, Ports], note: int) -> Cell:
    """Ports of a group, as they are shown."""
    if OWN in ports:
        several = any(len(own[one]) > 1 for one in target)
        theirs = own[target[0]] if len(target) == 1 else ("own ports" if several else "own port",)
        ports = (*theirs, *(port for port in ports if port != OWN))
    shown = tuple(_of_workloads(ports, own)) if target[0].startswith("hosts") else ports
    if len(shown) > MOST_PORTS:
        shown = (*shown[: MOST_PORTS - 1], f"+{len(shown) - MOST_PORTS + 1} more")
    return Cell(shown, ", ".join(ports) if shown != ports else "", note)


def _of_workloads(ports: Ports, own: Mapping[str, Ports]) -> Iterator[str]:
    """Ports of hosts: those that belong to one workload each are told by how many these are."""
    owners = {port: workload for workload, found in own.items() for port in found}
    theirs = [port for port in ports if port in owners]
    if len(theirs) < MOST_PORTS:
        yield from ports
        return
    yield from (port for port in ports if port not in owners)
    yield f"those of {len({owners[port] for port in theirs})} workloads"


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
