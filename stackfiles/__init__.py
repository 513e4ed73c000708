"""Stack files as the Pulumi CLI reads them. The program reads the file of another stack by this, the rehearsal every file."""

import os
import re
from pathlib import Path
from typing import Any

import yaml

from stackfiles.words import told
from stackfiles.yaml3 import load

__all__ = ["StackFileError", "config_of", "document", "file_of", "full", "is_sealed", "stacks_in", "value_of"]


class StackFileError(Exception):
    """A stack file that cannot be read; the text says what to do."""


ELSEWHERE = "HYBRIDGE_STACKS"
"""The environment variable that names a folder of stack files which are not beside the program."""


def file_of(stack: str, folder: Path) -> Path:
    """The file of a stack: in the folder of HYBRIDGE_STACKS if it is there, else in that of the program."""
    name = f"Pulumi.{stack}.yaml"
    elsewhere = folder / os.environ[ELSEWHERE] / name if os.environ.get(ELSEWHERE) else None
    return elsewhere if elsewhere is not None and elsewhere.is_file() else folder / name


def stacks_in(folder: Path) -> list[str]:
    """The names of the stacks that there are files of."""
    folders = [folder, *([folder / os.environ[ELSEWHERE]] if os.environ.get(ELSEWHERE) else [])]
    return sorted({path.name.split(".")[1] for one in folders for path in one.glob("Pulumi.*.yaml")})


def document(path: Path) -> dict[str, Any]:
    """What a file holds, by its top-level keys; empty for an empty file. Raises StackFileError."""
    try:
        text = path.read_text(encoding="utf-8")
        content = load(text)
    except FileNotFoundError as error:
        raise StackFileError(f"there is no {path}; run from the project's folder") from error
    except OSError as error:
        raise StackFileError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StackFileError(f"{path} is not text in UTF-8: {error.reason} at byte {error.start}; save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise StackFileError(f"{path} cannot be read, {told(text, error)}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise StackFileError(f"{path} holds {_kind(content)}; it must be a mapping with the key `config`")
    return content


def config_of(path: Path, content: dict[str, Any], project: str) -> dict[str, Any]:
    """The config in what a stack file holds, by full key (`hybridge:size`), secrets sealed. Raises StackFileError."""
    given = content.get("config")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise StackFileError(f"{path}: config is {_kind(given)}; it must be a mapping, one `key: value` a line")
    found: dict[str, Any] = {}
    for key, value in given.items():
        name = full(key, project)
        if not re.fullmatch(r"[^:]+:[^:]+", name):
            raise StackFileError(
                f"{path}: the key {key!r} is none that Pulumi takes; write `namespace:name`, as {project}:size"
            )
        if name in found:
            raise StackFileError(f"{path}: {name} is there twice, with and without {project}: before it; remove one of the two")
        found[name] = value
    return found


def full(key: str, project: str) -> str:
    """A key with its namespace, which is the project's if none is written."""
    return key if ":" in key else f"{project}:{key}"


def value_of(text: str) -> Any:
    """The value of a piece of YAML. Raises StackFileError."""
    try:
        return load(text)
    except yaml.YAMLError as error:
        problem = told(text, error).split("\n")[0].split(": ", 1)[-1]
        raise StackFileError(f"{text!r} is not valid YAML: {problem}") from error


def is_sealed(value: Any) -> bool:
    """Whether a value is a secret that is sealed: `secure` with text, and nothing beside it."""
    return isinstance(value, dict) and set(value) == {"secure"} and isinstance(value["secure"], str)


def _kind(value: Any) -> str:
    names = {list: "a list", dict: "a mapping", str: "text", bool: "true or false"}
    return names.get(type(value), "a number")
