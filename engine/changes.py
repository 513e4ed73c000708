"""Which inputs of a resource differ from those it has, and which of them make it anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pulumi.runtime import rpc

from rehearsal.replacing import forces_replacement


@dataclass(frozen=True)
class Change:
    """One input, or a part of one."""

    path: str
    kind: str
    """`ADD`, `DELETE` or `UPDATE`."""
    replaces: bool
    """Whether the provider makes the resource anew for it."""

    @property
    def top(self) -> str:
        """The input as a whole."""
        return self.path.split(".", 1)[0].split("[", 1)[0]


def changes(old: dict[str, Any], new: dict[str, Any], type_: str) -> list[Change]:
    """The changes from `old` to `new`, sorted by path. What is unknown yet may be anything: it is a change."""
    return [
        Change(path, _kind(before, after), forces_replacement(type_, path, before, after))
        for path, before, after in _compared(old, new, "")
    ]


def unknown(value: Any) -> bool:
    """Whether any part of a value is not known yet."""
    if isinstance(value, dict):
        return any(map(unknown, value.values()))
    return any(map(unknown, value)) if isinstance(value, list) else bool(value == rpc.UNKNOWN)


def _kind(before: Any, after: Any) -> str:
    return "ADD" if before is None else "DELETE" if after is None else "UPDATE"


def _compared(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """The paths at which two values differ, with what is there in each; None for nothing."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _compared(old.get(key), new.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for position, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _compared(before, after, f"{path}[{position}]")
    else:
        yield path, old, new
