"""Edits of a stack file on the command line: `dr+mode=active+workloads[0].replicas=3`."""

import re
from typing import Any

from stackfiles import StackFileError, value_of

NEXT = re.compile(r"""\+(?=[A-Za-z][\w:.-]*(?:\[\d+\][\w.-]*)*=(?!=))""")
"""A plus that begins a further edit. Any other is part of a value: `GMT+9:00`, `ops+aws@corp.example`."""


def split(called: str) -> tuple[str, list[str]]:
    """The stack, and its edits as they were written. A value in quotes or brackets may hold what looks like an edit."""
    stack, plus, rest = called.partition("+")
    edits: list[str] = []
    pieces = NEXT.split(rest) if plus else []
    while pieces:
        count = next((count for count in range(1, len(pieces) + 1) if _whole("+".join(pieces[:count]))), 1)
        edits.append("+".join(pieces[:count]))
        del pieces[:count]
    return stack, edits


def _whole(edit: str) -> bool:
    try:
        value_of(edit.partition("=")[2])
    except StackFileError:
        return False
    return True


def apply(edit: str, values: dict[str, Any], project: str) -> None:
    """Change values by full key as one edit says: `key=value`, the value in YAML; an empty one removes the key.

    The position behind the last of a list adds an item, as with `pulumi config set --path`.
    """
    key, equals, text = edit.partition("=")
    if not equals or not key:
        raise StackFileError(f"edit {edit!r}: write key=value, for example mode=active or database.readReplicas.count=2")
    try:
        value = value_of(text)
    except StackFileError as error:
        raise StackFileError(f"edit {edit!r}: {error}") from error
    top, *below = re.sub(r"\[(\d+)\]", r".[\1]", key).split(".")
    path = [top if ":" in top else f"{project}:{top}", *below]
    # The project's defaults are shared between stacks: what is edited is copied on the way to it.
    place: Any = values
    for position, part in enumerate(path[:-1]):
        at = _at(place, part, edit, ".".join(path[:position]))
        below_it = place[at] if isinstance(place, list) else place.get(at)
        place[at] = list(below_it) if isinstance(below_it, list) else dict(_mapping(below_it, edit, part))
        place = place[at]
    if value is not None and isinstance(place, list) and path[-1] == f"[{len(place)}]":
        place.append(value)
        return
    at = _at(place, path[-1], edit, ".".join(path[:-1]))
    if value is not None:
        place[at] = value
    elif isinstance(place, list) or at in place:
        del place[at]


def _at(place: Any, part: str, edit: str, above: str) -> Any:
    """A part of a path as the index of what it leads into: of a list a position, which has to be there."""
    if not isinstance(place, list):
        return part
    position = int(part[1:-1]) if part.startswith("[") else len(place)
    if position < len(place):
        return position
    there = f"[0] to [{len(place) - 1}]" if len(place) > 1 else "[0]" if place else "none"
    fix = f"items are {there}, and [{len(place)}]=... adds one"
    raise StackFileError(f"edit {edit!r}: {part} is not an item of the list {above}; {fix}")


def _mapping(value: Any, edit: str, part: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise StackFileError(f"edit {edit!r}: {part} is {value!r}, which has no keys below it")
    return value
