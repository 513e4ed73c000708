"""Comparing what was asked of AWS with what it gives back."""

import datetime
import json
from collections.abc import Mapping
from typing import Any


def differs(asked: Any, got: Any) -> bool:
    """Whether `got` lacks or contradicts anything of `asked`; it may hold more, and lists may be in another order."""
    if isinstance(asked, Mapping):
        if isinstance(got, list) and all(isinstance(item, Mapping) for item in got):
            got = tags_of({"Tags": got})
        return not isinstance(got, Mapping) or any(differs(value, member(got, key)) for key, value in asked.items())
    if isinstance(asked, list):
        return not isinstance(got, list) or _lacks(got, asked)
    return _scalar_differs(asked, got)


def _lacks(got: list[Any], asked: list[Any]) -> bool:
    """Whether some asked element has no element of its own in `got`."""
    rest = list(got)
    for item in asked:
        match = next((position for position, other in enumerate(rest) if not differs(item, other)), None)
        if match is None:
            return True
        del rest[match]
    return False


def _scalar_differs(asked: Any, got: Any) -> bool:
    if got is None:
        return asked not in (None, "", False)
    if isinstance(asked, bool) or isinstance(got, bool):
        return str(asked).lower() != str(got).lower()
    if isinstance(asked, (int, float)) or isinstance(got, (int, float)):
        try:
            return float(asked) != float(got)
        except (TypeError, ValueError):
            return True
    return bool(_normal(asked) != _normal(got))


def member(mapping: Mapping[str, Any], key: str) -> Any:
    """What AWS has under a name of Pulumi's, case and plural aside."""
    if key in mapping:
        return mapping[key]
    folded = key.lower()
    return next((value for name, value in mapping.items() if name.lower() in (folded, folded + "s", folded.rstrip("s"))), None)


def _normal(value: Any) -> Any:
    """A JSON document compares by content, a time by instant, everything else as text."""
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return value
    if isinstance(value, str) and value[:1] in "{[":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value if isinstance(value, (list, dict)) else str(value)


def tags_of(resource: Any) -> dict[str, str] | None:
    """The tags of a resource as AWS gives them, under any of its names for them; None if it gives none."""
    if not isinstance(resource, Mapping):
        return None
    lists = (
        resource.get(name) for name in ("Tags", "tags", "TagList", "TagSet", "tagSet", "TagsList", "tagList", "ResourceTags")
    )
    found = next((value for value in lists if value is not None), None)
    if isinstance(found, Mapping):
        return dict(found)
    if not isinstance(found, list):
        return None
    pairs = {}
    for tag in found:
        lower = {key.lower().removeprefix("tag"): value for key, value in tag.items()}
        pairs[str(lower.get("key", lower.get("name")))] = str(lower.get("value", ""))
    return pairs
