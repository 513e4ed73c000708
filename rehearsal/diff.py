"""What a config edit adds, changes and removes: two graphs compared, as `pulumi preview` would show it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rehearsal.replacing import forces_replacement


@dataclass(frozen=True)
class Field:
    """One changed input, by its path."""

    path: str
    before: Any
    """None: it was not there."""
    after: Any
    """None: it is not there any more."""
    replaces: bool
    """Whether the provider says that changing it makes the resource anew."""


@dataclass(frozen=True)
class Change:
    """A resource that one graph has and the other has not, or has otherwise."""

    kind: str
    """`add`, `remove` or `change`."""
    urn: str
    type: str
    name: str
    fields: tuple[Field, ...] = ()

    @property
    def replaces(self) -> bool:
        """Whether the resource would be made anew."""
        return any(field.replaces for field in self.fields)


def diff(
    before: dict[str, Any], after: dict[str, Any], ignored: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> list[Change]:
    """The changes between two graphs (see documents.graph), sorted by URN. Components themselves are left out: they are what
    their children are. So are the inputs that `ignored` names, by URN: those whose changes the program ignores."""
    old, new = (_resources(graph) for graph in (before, after))
    changes = [_whole("remove", node) for urn, node in old.items() if urn not in new]
    changes += [_whole("add", node) for urn, node in new.items() if urn not in old]
    for urn in old.keys() & new.keys():
        fields = tuple(
            field
            for field in _fields(old[urn]["inputs"], new[urn]["inputs"], "", new[urn]["type"])
            if re.split(r"[.\[]", field.path)[0] not in ignored.get(urn, ())
        )
        if fields:
            changes.append(Change("change", urn, new[urn]["type"], new[urn]["name"], fields))
    return sorted(changes, key=lambda change: change.urn)


def output_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Field]:
    """The stack outputs that differ."""
    return list(_fields(before["outputs"], after["outputs"], "", ""))


def _resources(graph: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["urn"]: node for node in graph["nodes"] if node["fidelity"] != "component"}


def _whole(kind: str, node: dict[str, Any]) -> Change:
    return Change(kind, node["urn"], node["type"], node["name"])


def _fields(before: Any, after: Any, path: str, type_: str) -> Iterator[Field]:
    """Mappings and lists of equal length are compared inside, everything else as a whole."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from _fields(before.get(key), after.get(key), f"{path}.{key}".lstrip("."), type_)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _fields(old, new, f"{path}[{position}]", type_)
    else:
        yield Field(path, before, after, forces_replacement(type_, path, before, after))
