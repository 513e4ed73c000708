"""Stack files as the Pulumi CLI reads them: project defaults, the stack's own values, secrets (as placeholders here)."""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml


class StackFileError(Exception):
    """A stack file that cannot be read; the text says what to do."""


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

    @property
    def region(self) -> str:
        """`aws:region`, empty if the file has none; the settings say so then."""
        return self.config.get("aws:region", "")


def read(stack: str, directory: Path) -> StackFile:
    """Read a stack by name (`dev`: `Pulumi.dev.yaml` in `directory`) or by the path of its file. Raises StackFileError.

    Edits may follow the name: `dr+mode=active+network.hub=transitGateway`. Their values are YAML; an empty one removes the key.
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
    return StackFile(project["name"], name, config, secret_keys, values)


def _text(value: Any) -> str:
    """What YAML has and JSON has not, as the CLI writes it: an unquoted timestamp becomes RFC 3339 again."""
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


def _apply(edit: str, values: dict[str, Any], project: str) -> None:
    key, equals, text = edit.partition("=")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise StackFileError(f"edit {edit!r}: {text!r} is not valid YAML: {error}") from error
    if not equals or not key:
        raise StackFileError(f"edit {edit!r}: write key=value, for example mode=active or database.readReplicas.count=2")
    top, *below = key.split(".")
    path = [top if ":" in top else f"{project}:{top}", *below]
    place: Any = values
    for part in path[:-1]:
        if place.get(part) is None:
            place[part] = {}
        if not isinstance(place[part], dict):
            raise StackFileError(f"edit {edit!r}: {part} is {place[part]!r}, which has no keys below it")
        # The project's defaults are shared between stacks.
        place[part] = dict(place[part])
        place = place[part]
    if value is None:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value


def _load(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StackFileError(f"there is no {path}; run from the project's folder") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StackFileError(f"{path} is not valid YAML: {error}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise StackFileError(f"{path} holds {type(content).__name__}; it must be a mapping with the key `config`")
    return content


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
