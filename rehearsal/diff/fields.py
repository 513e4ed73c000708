"""Two values compared, field by field."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal.diff.standing import Resource, leaves
from rehearsal.replacing import forces_replacement


@dataclass(frozen=True)
class Anew:
    """What is not known before the update: an id, ARN or name that what is made anew will have."""

    of: tuple[str, ...]
    """URNs."""

    def __str__(self) -> str:
        return f"(new: of {', '.join(urn.rsplit('::', maxsplit=1)[-1] for urn in self.of)})"

    __repr__ = __str__


@dataclass(frozen=True)
class Field:
    """One changed input, by its path."""

    path: str
    before: Any
    """None: it was not there. A secret is Sealed."""
    after: Any
    """None: it is not there any more. Anew: nobody knows yet."""
    replaces: bool = False
    """Whether the provider, or the program, says that changing it makes the resource anew."""


Unknown = Callable[[str], tuple[str, ...]]
"""Path -> URNs of what is made anew and is in the value there."""


def nothing(_: str) -> tuple[str, ...]:
    """Everything is known."""
    return ()


def compared(before: Any, after: Any, path: str = "", unknown: Unknown = nothing) -> Iterator[Field]:
    """Mappings and lists of equal length are compared inside, everything else as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from compared(before.get(key), after.get(key), f"{path}.{key}".lstrip("."), unknown)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from compared(old, new, f"{path}[{position}]", unknown)
    elif of := unknown(path):
        yield Field(path, before, Anew(of))
    elif before != after:
        # Of a block that comes or goes as a whole, what is new in it is new anyhow.
        yield Field(path, before, after)


def changed(old: Resource, new: Resource, unknown: Unknown) -> tuple[Field, ...]:
    """The inputs of a resource that an update finds changed: not those whose changes the program ignores."""
    ignored, anew = new.options.get("ignoreChanges", ()), new.options.get("replaceOnChanges", ())
    return tuple(
        Field(field.path, field.before, field.after, _replaces(new.type, field) or within(field.path, anew))
        for field in compared(old.inputs, new.inputs, "", unknown)
        if not within(field.path, ignored)
    )


def _replaces(type_: str, field: Field) -> bool:
    after = None if isinstance(field.after, Anew) and field.before is None else field.after
    return forces_replacement(type_, field.path, field.before, after)


def within(path: str, outer: "tuple[str, ...] | list[str]") -> bool:
    """Whether a path is one of these, or below one of them; `*` stands for all."""
    return any(one == "*" or re.match(rf"{re.escape(one)}(?![^.\[])", path) for one in outer)


def known(resource: Resource, unknown: Unknown) -> dict[str, Any]:
    """The inputs, with `Anew` in place of what nobody knows yet."""
    anew = {path: Anew(of) for path, _ in leaves(resource.inputs, "") if (of := unknown(path))}
    return resource.inputs if not anew else _with(resource.inputs, anew, "")


def _with(value: Any, anew: dict[str, Anew], path: str) -> Any:
    if isinstance(value, dict):
        return {key: _with(item, anew, f"{path}.{key}".lstrip(".")) for key, item in value.items()}
    if isinstance(value, list):
        return [_with(item, anew, f"{path}[{position}]") for position, item in enumerate(value)]
    return anew.get(path, value)
