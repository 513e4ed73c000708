"""What Pulumi.yaml declares of a stack's config: defaults, and types that the CLI checks before it runs the program."""

import difflib
import importlib.util
import re
from collections.abc import Iterator, Mapping
from typing import Any

from stackfiles import full, is_sealed

CLOUD = ("aws", "aws-native", "awsx", "pulumi")
"""Namespaces that a program on AWS may have config under, whatever else is installed."""
KINDS = {"string": "text", "integer": "a whole number", "boolean": "true or false", "object": "a mapping", "array": "a list"}
EMPTY = {"object": "{}", "array": "[]"}


def defaults(project: Mapping[str, Any]) -> dict[str, Any]:
    """The project's own values by full key."""
    found: dict[str, Any] = {}
    for key, declared in (project.get("config") or {}).items():
        default = declared.get("default", declared.get("value")) if isinstance(declared, dict) else declared
        if default is not None:
            found[full(key, project["name"])] = default
    return found


def refused(project: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[str]:
    """What the CLI would refuse of the values by full key, before the program sees them."""
    for key, declared in (project.get("config") or {}).items():
        name = full(key, project["name"])
        own = name.startswith(f"{project['name']}:")
        if name not in values:
            if (
                own
                and not (isinstance(declared, dict) and {"default", "value"} & declared.keys())
                and isinstance(declared, dict)
            ):
                yield f"{name} is not set, and Pulumi.yaml has no default for it; set it"
        elif isinstance(declared, dict) and (kind := declared.get("type")) in KINDS:
            value = values[name]
            if value is None and kind in EMPTY:
                yield f"{name} has no value; write {EMPTY[kind]} for {KINDS[kind]} with nothing in it, or remove the line"
            elif not _is(_received(value), kind, declared.get("items")):
                yield f"{name} is not {KINDS[kind]}, which Pulumi.yaml declares it to be; change one of the two"


def _received(value: Any) -> Any:
    """What the CLI holds for a value: text for whatever is no list and no mapping."""
    if is_sealed(value):
        return "sealed"
    if isinstance(value, (dict, list, str)):
        return value
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _is(value: Any, kind: str, items: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            plain = isinstance(value, int) and not isinstance(value, bool)
            return plain or (isinstance(value, str) and re.fullmatch(r"[-+]?[0-9]+", value) is not None)
        case "boolean":
            return isinstance(value, bool) or value in {"true", "false"}
        case "object":
            return isinstance(value, dict)
    if not isinstance(value, list) or not isinstance(items, dict):
        return False
    return all(_is("sealed" if is_sealed(item) else item, items["type"], items.get("items")) for item in value)


def strangers(project: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Keys under namespaces that nobody here reads, each with the key that is meant if it seems misspelt."""
    own = project["name"]
    declared = [full(key, own) for key in project.get("config") or {}]
    known = {own, *CLOUD, *(key.split(":")[0] for key in declared)}
    names = [key.split(":")[1] for key in declared if key.startswith(f"{own}:")]
    for key in given:
        namespace, name = key.split(":", 1)
        package = "pulumi_" + namespace.replace("-", "_")
        if namespace in known or (package.isidentifier() and importlib.util.find_spec(package)):
            continue
        near = difflib.get_close_matches(namespace.lower(), [own], n=1, cutoff=0.7)
        # `hybridge:storage.hotDays`, written without `--path`, is still one of the section's keys.
        top = re.split(r"[.:\[]", name)[0]
        meant = difflib.get_close_matches(top, names, n=1, cutoff=0.8)
        yield key, f"{own}:{meant[0] if meant else name}" if near or top in names else None
