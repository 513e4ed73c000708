"""The stack files of the project as tests take them apart."""

import re
from pathlib import Path
from typing import Any

import yaml

from rehearsal.stackfile import read

ROOT = Path(__file__).parents[2]

KeyPath = tuple[str | int, ...]


def raw(stack: str | Path) -> tuple[dict[str, Any], str]:
    """What `parse` takes: the values of a stack by key, placeholders in place of secrets, and the region."""
    file = read(str(stack), ROOT)
    return {
        key.removeprefix("hybridge:"): value for key, value in file.values.items() if key.startswith("hybridge:")
    }, file.region


class _Editor(yaml.SafeLoader):
    """YAML 1.2, as editors and the CLI read it: `off` and `no` are text."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def in_editor(path: Path) -> Any:
    """A file as an editor sees it."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Editor)


def paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    """The path of everything within a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in items for found in [(*path, key), *paths(item, (*path, key))]]


def at(value: Any, path: KeyPath) -> Any:
    """What lies at a path."""
    for part in path:
        value = value[part]
    return value


def without(value: Any, path: KeyPath) -> None:
    """Take away what lies at a path."""
    del at(value, path[:-1])[path[-1]]
