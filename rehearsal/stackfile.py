"""Stack files as the Pulumi CLI reads them: project defaults, the stack's own values, secrets (as placeholders here)."""

import json
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml


class StackFileError(Exception):
    """A stack file that cannot be read; the text says what to do."""


class _Loader(yaml.SafeLoader):
    """Refuses a key that is there twice, as the Pulumi CLI does: the first of the two would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        known: dict[str, yaml.Node] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<" and known.setdefault(key.value, key) is not key:
                first = known[key.value].start_mark.line + 1
                problem = f"the key {key.value} is here for the second time, first in line {first}; remove one of the two"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class StackFile:
    """One stack of a project."""

    project: str
    stack: str
    config: dict[str, str]
    """Full key (`hybridge:size`) -> value as the program receives it: strings as they are, everything else as JSON."""
    secret_keys: tuple[str, ...]
    values: dict[str, Any]
    """The same values as structures, placeholders in place of secrets."""
    edits: tuple[str, ...] = ()
    """What was edited on the command line, as it was written."""

    @property
    def called(self) -> str:
        """What reads this stack again: its name and its edits."""
        return "+".join((self.stack, *self.edits))

    @property
    def region(self) -> str:
        """`aws:region`, empty if the file has none; the settings say so then."""
        return self.config.get("aws:region", "")


def read(stack: str, directory: Path) -> StackFile:
    """Read a stack by name (`dev`: `Pulumi.dev.yaml` in `directory`) or by the path of its file. Raises StackFileError.

    Edits may follow the name: `dr+mode=active+network.hub=transitGateway+workloads[0].replicas=3`. Their values are YAML; an
    empty one removes the key.
    """
    stack, *edits = stack.split("+")
    path = Path(stack) if stack.endswith((".yaml", ".yml")) else directory / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        known = sorted(file.name.split(".")[1] for file in directory.glob("Pulumi.*.yaml"))
        raise StackFileError(f"stack {stack!r}: there is no file {path}; stacks here: {', '.join(known) or 'none'}")
    project = _load(directory / "Pulumi.yaml")
    name = path.stem.removeprefix("Pulumi.")
    values: dict[str, Any] = {}
    for key, declared in (project.get("config") or {}).items():
        full = key if ":" in key else f"{project['name']}:{key}"
        default = declared.get("default", declared.get("value")) if isinstance(declared, dict) else declared
        if default is not None:
            values[full] = default
    given = _load(path).get("config") or {}
    if not isinstance(given, dict):
        raise StackFileError(f"{path}: config is {given!r}; it must be a mapping of keys to values")
    values |= {str(key) if ":" in str(key) else f"{project['name']}:{key}": value for key, value in given.items()}
    for edit in edits:
        _apply(edit, values, project["name"])
    secret_keys = tuple(key for key, value in values.items() if _holds_secure(value))
    values = {key: _opened(value, key) for key, value in values.items() if value is not None}
    config = {key: value if isinstance(value, str) else json.dumps(value, default=_text) for key, value in values.items()}
    return StackFile(project["name"], name, config, secret_keys, values, tuple(edits))


def _text(value: Any) -> str:
    """What YAML has and JSON has not, as the CLI writes it: an unquoted timestamp becomes RFC 3339 again."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


def _apply(edit: str, values: dict[str, Any], project: str) -> None:
    key, equals, text = edit.partition("=")
    try:
        value = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise StackFileError(f"edit {edit!r}: {text!r} is not valid YAML: {getattr(error, 'problem', error)}") from error
    if not equals or not key:
        raise StackFileError(f"edit {edit!r}: write key=value, for example mode=active or database.readReplicas.count=2")
    top, *below = re.sub(r"\[(\d+)\]", r".[\1]", key).split(".")
    path = [top if ":" in top else f"{project}:{top}", *below]
    # The project's defaults are shared between stacks: what is edited is copied on the way to it.
    place: Any = values
    for position, part in enumerate(path[:-1]):
        at = _at(place, part, edit, ".".join(path[:position]))
        below_it = place[at] if isinstance(place, list) else place.get(at)
        place[at] = list(below_it) if isinstance(below_it, list) else dict(_mapping(below_it, edit, part))
        place = place[at]
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
    allowed = f"[0] to [{len(place) - 1}]" if len(place) > 1 else "[0]" if place else "none"
    raise StackFileError(f"edit {edit!r}: {part} is not an item of the list {above}; items are {allowed}")


def _mapping(value: Any, edit: str, part: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise StackFileError(f"edit {edit!r}: {part} is {value!r}, which has no keys below it")
    return value


def _load(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError as error:
        raise StackFileError(f"there is no {path}; run from the project's folder") from error
    except OSError as error:
        raise StackFileError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StackFileError(f"{path} is not text in UTF-8: {error.reason} at byte {error.start}; save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise StackFileError(_unreadable(path, error)) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise StackFileError(f"{path} holds {type(content).__name__}; it must be a mapping with the key `config`")
    return content


def _unreadable(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    advice = "; indent with spaces, not with tabs" if r"'\t'" in problem else ""
    if mark is None:
        return f"{path} is not valid YAML: {problem}{advice}"
    return f"{path} is not valid YAML, line {mark.line + 1}, column {mark.column + 1}: {problem}{advice}"


def _holds_secure(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(map(_holds_secure, value.values()))
    return isinstance(value, list) and any(map(_holds_secure, value))


def _opened(value: Any, path: str) -> Any:
    """Nobody but the owner can open a secret: a placeholder of letters and digits, the same in every run."""
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return f"Rehearsed{zlib.crc32(path.encode()):08x}"
        return {key: _opened(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_opened(item, f"{path}[{position}]") for position, item in enumerate(value)]
    return value
