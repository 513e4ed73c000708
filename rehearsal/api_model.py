"""AWS's own API models, as botocore ships them: requests are built by their shapes and checked strictly.

botocore checks types and required members only. AWS also checks enums, patterns, lengths and ranges, which the models hold.
"""

import difflib
import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regex

_WORD = re.compile(r"[^a-z0-9]")
_MARKUP = re.compile(r"<[^>]*>")
_NUMBERS = re.compile(
    r"\b(?:supported|valid|allowed|possible|accepted) values(?: are)?:?\s+"
    r"(\d[\d,]*(?:(?:\s*\||,?\s+and|,?\s+or|,)\s+\d[\d,]*)+)\s*(?:\.(?!\d)|$|Default)",
    re.IGNORECASE,
)
"""A sentence that lists numbers and nothing else: `The supported values are 1500 and 8500.`"""


def _folded(name: str) -> str:
    return _WORD.sub("", name.lower())


@functools.cache
def _member_index(shape: Any) -> dict[str, str]:
    return {_folded(member): member for member in shape.members}


def member_named(shape: Any, name: str) -> str | None:
    """The member of a structure that a Pulumi property means: the same words, singular or plural; None if there is none."""
    index, key = _member_index(shape), _folded(name)
    for candidate in (key, key + "s", key.removesuffix("s"), key.removesuffix("ies") + "y", key.removesuffix("y") + "ies"):
        if candidate in index:
            return index[candidate]
    return None


def pairs_of(shape: Any) -> tuple[str, str] | None:
    """The names of key and value, if the shape is a list of such pairs (tags, parameters, dimensions), else None."""
    if shape.type_name != "list" or shape.member.type_name != "structure":
        return None
    names = list(shape.member.members)
    key = next((name for name in names if _folded(name) in {"key", "tagkey", "name", "parametername"}), None)
    value = next((name for name in names if _folded(name) in {"value", "tagvalue", "parametervalue"}), None)
    return (key, value) if key and value else None


def listed(documentation: str) -> str:
    """The sentence of a member's documentation that lists the numbers it takes; empty if there is none.

    For some members the models hold that list in prose alone.
    """
    found = _NUMBERS.search(_MARKUP.sub("", documentation)) if "alues" in documentation else None
    return found[0] if found else ""


@functools.cache
def _listed_numbers(sentence: str) -> frozenset[int]:
    found = _NUMBERS.search(sentence)
    return (
        frozenset(int(number.replace(",", "")) for number in re.findall(r"\d(?:[\d,]*\d)?", found[1])) if found else frozenset()
    )


class UnknownMember(ValueError):
    """A Pulumi property that has no counterpart in the API's shape."""


def to_api(value: Any, shape: Any, path: str = "") -> Any:
    """`value` (Pulumi's camelCase, floats) as the API's shape wants it. Raises UnknownMember, or ValueError."""
    kind = shape.type_name
    if kind == "structure":
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, Mapping):
            raise ValueError(f"{path}: {value!r} given, a structure {list(shape.members)} expected")
        result = {}
        for key, item in value.items():
            if item is None:
                continue
            member = key if key in shape.members else member_named(shape, key)
            if member is None:
                raise UnknownMember(f"{path}.{key}: {shape.name} has only {sorted(shape.members)}")
            result[member] = to_api(item, shape.members[member], f"{path}.{member}")
        return result
    if kind == "list":
        pairs = pairs_of(shape)
        if isinstance(value, Mapping) and pairs:
            return [{pairs[0]: key, pairs[1]: _text(item)} for key, item in sorted(value.items())]
        items = value if isinstance(value, (list, tuple)) else [value]
        return [to_api(item, shape.member, f"{path}[{position}]") for position, item in enumerate(items)]
    if kind == "map":
        return {key: to_api(item, shape.value, f"{path}.{key}") for key, item in value.items() if item is not None}
    return _scalar(value, kind, path)


def _scalar(value: Any, kind: str, path: str) -> Any:
    try:
        match kind:
            case "boolean":
                return value if isinstance(value, bool) else {"true": True, "false": False}[_text(value).lower()]
            case "integer" | "long":
                if float(value) != int(float(value)):
                    raise ValueError(value)
                return int(float(value))
            case "float" | "double":
                return float(value)
            case "string":
                return _text(value)
            case "blob":
                return value if isinstance(value, bytes) else _text(value).encode()
            case _:
                return value
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(f"{path}: {value!r} given, {kind} expected") from error


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, sort_keys=True) if isinstance(value, (dict, list)) else str(value)


@functools.cache
def _pattern(text: str) -> "regex.Pattern[str] | None":
    try:
        return regex.compile(text)
    except regex.error:  # a handful of patterns are written for Java's dialect only
        return None


MANY = 12
"""Values that a message lists in full."""


def choices(value: str, allowed: Sequence[str]) -> str:
    """The values that are allowed; of many the nearest, and how many there are."""
    if len(allowed) <= MANY:
        return ", ".join(allowed)
    near = difflib.get_close_matches(value, allowed, n=3, cutoff=0.5) or list(allowed[:3])
    return f"{len(allowed)} values, of which the nearest {'are' if len(near) > 1 else 'is'} {', '.join(near)}"


def violations(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """What AWS would refuse in a well-typed request: enums, patterns, lengths, ranges, unknown and missing members."""
    kind, limits = shape.type_name, shape.metadata
    if kind == "structure":
        yield from _structure_violations(value, shape, path)
    elif kind == "list":
        yield from _outside(len(value), limits, path, "items")
        for position, item in enumerate(value):
            yield from violations(item, shape.member, f"{path}[{position}]")
    elif kind == "map":
        yield from _outside(len(value), limits, path, "entries")
        for key, item in value.items():
            yield from violations(key, shape.key, f"{path} key {key!r}")
            yield from violations(item, shape.value, f"{path}.{key}")
    elif kind == "string" and isinstance(value, str):
        yield from _outside(len(value), limits, path, "characters")
        allowed = getattr(shape, "enum", None)
        if allowed and value not in allowed:
            yield f"{path} is {value!r}; allowed: {choices(value, allowed)}"
        pattern = _pattern(limits["pattern"]) if "pattern" in limits else None
        # The models' patterns are partly anchored and partly not; AWS matches the whole value.
        if pattern and not pattern.fullmatch(value):
            yield f"{path} is {value!r}; allowed pattern: {limits['pattern']}"
    elif kind in {"integer", "long", "float", "double"}:
        yield from _outside(value, limits, path, "")
        allowed = _listed_numbers(listed(shape.documentation))
        if allowed and value not in allowed:
            yield f"{path} is {value}; allowed, as the model's text says: {', '.join(map(str, sorted(allowed)))}"


def _structure_violations(value: Any, shape: Any, path: str) -> Iterator[str]:
    for missing in sorted(set(shape.required_members) - set(value)):
        if shape.members[missing].metadata.get("idempotencyToken"):
            continue  # every SDK fills it in
        yield f"{path}.{missing} is required".lstrip(".")
    for key, item in value.items():
        if key in shape.members:
            yield from violations(item, shape.members[key], f"{path}.{key}".lstrip("."))
        else:
            yield f"{path}.{key} is unknown; {shape.name} has {sorted(shape.members)}".lstrip(".")


def _outside(size: float, limits: Mapping[str, Any], path: str, unit: str) -> Iterator[str]:
    low, high = limits.get("min"), limits.get("max")
    if (low is not None and size < low) or (high is not None and size > high):
        yield (
            f"{path} is {size} {unit}".rstrip()
            + f"; allowed: {low if low is not None else ''} to {high if high is not None else ''}"
        )
