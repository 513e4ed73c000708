"""Reading a resource's properties where a preview does not know some of them yet.

The policy SDK raises on every access to an unknown value and gives the whole policy up, which in a stack policy means all
resources at once. Here an unknown value is `UNKNOWN`, and a rule that meets it says nothing: the policy runs again in the
update, when the value is known.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pulumi_policy import PolicyResource, ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

Seen = ResourceValidationArgs | PolicyResource
"""A resource as a resource policy sees it (inputs) or as a stack policy does (outputs)."""


class _Unknown:
    """A value that only the deployment will tell. Neither true nor false, so that no rule decides on it by accident."""

    def __bool__(self) -> bool:
        raise TypeError("an unknown value was taken for true or false; compare it with UNKNOWN first")

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()


def get(holder: Any, path: str) -> Any:
    """The value at a dotted path; None where there is none, UNKNOWN where a preview cannot tell."""
    value = holder.props if isinstance(holder, Seen) else holder
    for key in path.split("."):
        if value is UNKNOWN or not isinstance(value, Mapping):
            return UNKNOWN if value is UNKNOWN else None
        value = item(value, key) if key in _keys(value) else None
    return value


def elements(value: Any) -> list[Any]:
    """The elements of a list, UNKNOWN among them; a single value is a list of one, None an empty list."""
    if value is None:
        return []
    if value is UNKNOWN or isinstance(value, (str, Mapping)) or not isinstance(value, Sequence):
        return [value]
    return [item(value, position) for position in range(len(value))]


def each(holder: Any, path: str) -> list[Any]:
    """The elements of the list at a dotted path, of all of them where it leads through lists: `ingress.cidrBlocks`."""
    found = [holder.props if isinstance(holder, Seen) else holder]
    for key in path.split("."):
        found = [element for value in found for element in (elements(get(value, key)) if value is not UNKNOWN else [UNKNOWN])]
    return found


def known(values: Sequence[Any]) -> list[Any]:
    """The values without the unknown ones."""
    return [value for value in values if value is not UNKNOWN]


def is_true(value: Any) -> bool:
    """Whether a value is true; launch templates spell it as text."""
    return value is not UNKNOWN and (value is True or value == "true")


def maybe_true(value: Any) -> bool:
    """Whether a value is true, or may turn out to be."""
    return value is UNKNOWN or is_true(value)


def document(value: Any) -> Any:
    """A JSON document given as text; None if it is none, UNKNOWN if it is unknown."""
    if value is UNKNOWN or isinstance(value, Mapping):
        return value
    if not isinstance(value, str):
        return None
    try:
        return json.loads(value)
    except ValueError:
        return None


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every known string within a value, with its dotted path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key in value:
            yield from texts(item(value, key), f"{path}.{key}" if path else str(key))
    elif isinstance(value, Sequence):
        for position, element in enumerate(elements(value)):
            yield from texts(element, f"{path}[{position}]")


def _keys(value: Mapping[str, Any]) -> set[str]:
    # `in` reads the value, and reading an unknown one raises.
    return set(value)


def item(value: Any, key: Any) -> Any:
    """The value at one key or position, which must be there."""
    try:
        return value[key]
    except UnknownValueError:
        return UNKNOWN
