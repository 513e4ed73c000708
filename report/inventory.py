"""What was made, as a page shows it: by component and type, with how faithfully."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal import wire
from rehearsal.documents import PROGRAM, component_of
from rehearsal.run import Rehearsal
from rehearsal.screen import FIDELITIES

SECRET = "[secret]"


@dataclass(frozen=True)
class Made:
    """Resources of one type, or of one component."""

    name: str
    count: int
    fidelity: list[int]
    """How many of each, in the order of FIDELITIES."""
    gaps: list[str]


@dataclass(frozen=True)
class Component:
    """What one component made."""

    total: Made
    types: list[Made]


@dataclass(frozen=True)
class Value:
    """A stack output, or a part of one."""

    name: str
    lines: list[str]
    secret: bool


def components(rehearsal: Rehearsal) -> list[Component]:
    """Everything that was made, by component; what is in none comes last."""
    found: dict[str, dict[str, list[tuple[str, list[str]]]]] = defaultdict(lambda: defaultdict(list))
    for node in rehearsal.nodes:
        if node.fidelity != "component":
            found[component_of(rehearsal, node)][short(node.type)].append((node.fidelity, node.gaps))
    return [
        Component(
            _made(name, [one for made in types.values() for one in made]),
            [_made(type_, made) for type_, made in sorted(types.items())],
        )
        for name, types in sorted(found.items(), key=lambda item: (item[0] == PROGRAM, item[0]))
    ]


@dataclass(frozen=True)
class Beside:
    """Numbers of each stack, one stack beside the other: how many, then how many of each fidelity."""

    name: str
    numbers: list[int]


@dataclass(frozen=True)
class Table:
    """The components of several stacks."""

    fidelities: list[str]
    """Those that something has."""
    rows: list[Beside]
    total: Beside


def side_by_side(rehearsals: Sequence[Rehearsal]) -> Table:
    """Components of several stacks in one table; without fidelities that nothing has."""
    found = [{one.total.name: one.total for one in components(rehearsal)} for rehearsal in rehearsals]
    totals = [total(components(rehearsal)) for rehearsal in rehearsals]
    shown = [place for place, _ in enumerate(FIDELITIES) if any(one.fidelity[place] for one in totals)]

    def numbers(of: Sequence[Made | None]) -> list[int]:
        return [
            number
            for one in of
            for number in ((one.count, *(one.fidelity[at] for at in shown)) if one else (0,) * (len(shown) + 1))
        ]

    names = sorted({name for one in found for name in one}, key=lambda name: (name == PROGRAM, name))
    rows = [Beside(name, numbers([one.get(name) for one in found])) for name in names]
    return Table([[*FIDELITIES][place] for place in shown], rows, Beside("in all", numbers(totals)))


def total(found: list[Component]) -> Made:
    """All components together."""
    numbers = [sum(one.total.fidelity[place] for one in found) for place in range(len(FIDELITIES))]
    return Made("in all", sum(one.total.count for one in found), numbers, [])


def short(type_: str) -> str:
    """A type as people know it: `ec2.NatGateway`."""
    package, module, name = type_.split(":")
    return f"{module.split('/', maxsplit=1)[0] if package == 'aws' else package}.{name}"


def outputs(rehearsal: Rehearsal) -> list[Value]:
    """The outputs of the stack, secrets masked."""
    masked = wire.mask(rehearsal.deployment.outputs)
    return [Value(name, list(_lines(value)), SECRET in str(value)) for name, value in sorted(masked.items())]


def _made(name: str, found: list[tuple[str, list[str]]]) -> Made:
    count = Counter(fidelity for fidelity, _ in found)
    gaps = sorted({gap for _, named in found for gap in named})
    return Made(name, len(found), [count[fidelity] for fidelity in FIDELITIES], gaps)


def _lines(value: Any) -> list[str]:
    """A value in lines: one for each item of a list or a map."""
    if isinstance(value, dict):
        return [f"{key}: {line}" for key, item in value.items() for line in _lines(item)] or ["none"]
    if isinstance(value, list):
        return [line for item in value for line in _lines(item)] or ["none"]
    return ["none" if value is None else str(value)]
