"""A stack as a rehearsal takes it: its file, with the project's defaults, edits, and placeholders for secrets."""

import difflib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rehearsal import declared, edits
from stackfiles import StackFileError, config_of, document, file_of, full, is_sealed, sharing, stacks_in

__all__ = ["StackFile", "StackFileError", "read"]

FIELDS = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""What a stack file may hold."""


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
    given: dict[str, Any] = field(default_factory=dict)
    """What the file itself says, edits included, by full key and with its secrets sealed."""
    primary: "StackFile | None" = None
    """The stack that this one is a secondary of, and takes some of its `values` from; its `config` is its own alone."""
    origin: dict[str, str] = field(default_factory=dict)
    """Of the `values`, which were taken from the primary's file: key without its namespace -> that file."""
    declared: frozenset[str] | None = None
    """The full keys that Pulumi.yaml declares; None for a stack that was not read from a file."""
    notes: tuple[str, ...] = ()
    """What nobody reads, and what cannot be known here: a sentence each."""
    refused: tuple[str, ...] = ()
    """What the CLI would refuse before it runs the program, a sentence each. A program that checks its config tells more."""

    @property
    def called(self) -> str:
        """What reads this stack again: its name and its edits."""
        return "+".join((self.stack, *self.edits))

    @property
    def effective(self) -> dict[str, str]:
        """The config with what is taken from the primary's file, as a program would receive it if it were written here."""
        return {**self.config, **({key: text(value) for key, value in self.values.items()} if self.primary else {})}

    @property
    def region(self) -> str:
        """`aws:region`, empty if the file has none; the settings say so then."""
        return self.config.get("aws:region", "")


def read(stack: str, directory: Path, others: Iterable[StackFile] = ()) -> StackFile:
    """Read a stack by name (`dev`: `Pulumi.dev.yaml` in `directory`) or by the path of its file. Raises StackFileError.

    What a secondary shares with its primary is taken from the primary among `others`, else from the file beside its own.

    Edits may follow the name: `dr+mode=active+network.hub=transitGateway+workloads[0].replicas=3`. Their values are YAML; an
    empty one removes the key.
    """
    name, edited = edits.split(stack)
    path = Path(name) if name.endswith((".yaml", ".yml")) else file_of(name, directory)
    if not path.is_file():
        known = ", ".join(stacks_in(directory)) or "none"
        raise StackFileError(f"stack {name!r}: there is no file {path}; stacks here: {known}")
    project = document(directory / "Pulumi.yaml")
    content = document(path)
    notes = [*_fields(path, project, content)]
    given = config_of(path, content, project["name"])
    for edit in edited:
        edits.apply(edit, given, project["name"])
    notes += _checked(path, project, given)
    values = declared.defaults(project) | given
    found = StackFile(
        project=project["name"],
        stack=path.stem.removeprefix("Pulumi."),
        config={key: text(_opened(value)) for key, value in values.items() if value is not None},
        secret_keys=tuple(key for key, value in values.items() if _holds_secure(value)),
        values={key: _opened(value) for key, value in values.items() if value is not None},
        edits=tuple(edited),
        given=given,
        declared=frozenset(full(key, project["name"]) for key in project.get("config") or {}),
        notes=tuple(notes),
        refused=tuple(declared.refused(project, values)),
    )
    return _beside_its_primary(found, path.parent, directory, others)


def _beside_its_primary(stack: StackFile, folder: Path, directory: Path, others: Iterable[StackFile]) -> StackFile:
    """A secondary with what it takes from its primary's file, where that is known; any other stack as it is."""
    name = sharing.primary_of(stack.given, stack.project)
    primary = next((other for other in others if other.stack == name), None)
    if name is None:
        return stack
    file = folder / f"Pulumi.{name}.yaml"
    if primary is None and name != stack.stack and file.is_file():
        primary = read(str(file), directory)
    if primary is None:
        return stack
    taken = sharing.shared(stack.values, primary.given, primary.stack, stack.project)
    values = stack.values | {f"{stack.project}:{key}": value for key, value in taken.values.items()}
    return replace(stack, primary=primary, values=values, origin=taken.origin)


def text(value: Any) -> str:
    """A value as the program receives it from the CLI."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _fields(path: Path, project: dict[str, Any], content: dict[str, Any]) -> Iterator[str]:
    """What is beside `config`: refuses config that is there by mistake, for Pulumi passes over whatever it does not know."""
    strays = [str(key) for key in content if key not in FIELDS]
    known = {full(key, project["name"]) for key in project.get("config") or {}}
    wrong = [key for key in strays if ":" in key or full(key, project["name"]) in known]
    if wrong:
        raise StackFileError(f"{path}: {', '.join(wrong)} is not below config:, where alone Pulumi looks; indent it below that")
    for key in strays:
        if difflib.get_close_matches(key.lower(), ["config"], n=1, cutoff=0.7):
            raise StackFileError(f"{path}: Pulumi does not know {key}; write config")
        yield f"{path.name}: Pulumi passes over {key}, which is beside config:"
    if environment := content.get("environment"):
        names = environment.get("imports") if isinstance(environment, dict) else environment
        names = names if isinstance(names, list) else []
        called = ", ".join(str(name) for name in names) or "written in it"
        yield f"{path.name} draws on Pulumi ESC ({called}), which a rehearsal cannot open: what is set there is not set here"


def _checked(path: Path, project: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    """Refuses keys that look misspelt, empty sections and secrets; tells of keys that nobody reads."""
    wrong = [problem for key, value in given.items() for problem in _badly_sealed(value, key)]
    wrong += [problem for problem in declared.refused(project, given) if " has no value; " in problem]
    for key, meant in declared.strangers(project, given):
        if meant:
            wrong.append(f"{key} is under a namespace that is not the project's, {project['name']}; write {meant}")
        else:
            yield f"{path.name}: nothing here reads {key}, which is of another project or provider"
    if wrong:
        raise StackFileError("\n  ".join([f"{path}:", *wrong]))


def _badly_sealed(value: Any, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"secure"} and not (isinstance(value["secure"], str) and value["secure"]):
            yield f"{key} is a secret without a text that could be opened; set it: pulumi config set --secret --path '{key}'"
        else:
            for name, item in value.items():
                yield from _badly_sealed(item, f"{key}.{name}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _badly_sealed(item, f"{key}[{position}]")


def _holds_secure(value: Any) -> bool:
    if isinstance(value, dict):
        return is_sealed(value) or any(map(_holds_secure, value.values()))
    return isinstance(value, list) and any(map(_holds_secure, value))


def _opened(value: Any) -> Any:
    """Nobody but the owner can open a secret: a placeholder of letters and digits, the same whenever and wherever."""
    if is_sealed(value):
        return f"Rehearsed{zlib.crc32(value['secure'].encode()):08x}"
    if isinstance(value, dict):
        return {key: _opened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_opened(item) for item in value]
    return value
