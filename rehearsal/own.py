"""What a team adds in `own/` beside the program, for the rehearsal: rows of the table, operations of AWS, types that may stay
unknown, accepted losses. An update of Hybridge never touches that folder; docs/own.md tells what goes where."""

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from rehearsal.row import Table
from stackfiles import StackFileError, document

PACKAGE = "own"
WITHOUT = "HYBRIDGE_WITHOUT_OWN"
"""Set in the environment, it leaves all of `own/` out: to see whether something comes from there."""


class OwnError(Exception):
    """Something in `own/` cannot be used; the text says which file and what to do."""


@dataclass(frozen=True)
class Allowed:
    """A type that may stay unknown."""

    type: str
    reason: str


def present(root: Path) -> bool:
    """Whether the project has the folder, and nobody leaves it out."""
    return (root / PACKAGE / "__init__.py").is_file() and not os.environ.get(WITHOUT)


def module(root: Path, name: str) -> ModuleType | None:
    """A module or package of the folder, such as `statements`; None if there is none. Raises OwnError."""
    path = root / PACKAGE / name
    if not present(root) or not (path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()):
        return None
    with _importing(root):
        return _imported(f"{PACKAGE}.{name}", path)


def table(root: Path, base: Table) -> Table:
    """A table with the rows of the folder, which win; their extensions are added to the emulator. Raises OwnError."""
    for one in _modules(root, "extensions"):
        assert one  # imported, and so added
    rows: Table = {}
    for one in _modules(root, "table"):
        found = getattr(one, "ROWS", None)
        if not isinstance(found, dict):
            raise OwnError(
                f"{one.__file__} has no ROWS; give it `ROWS: Table = {{type: Row(...)}}`, see docs/rehearsal-rows.md"
            )
        rows |= found
    return base | rows if rows else base


def unknown(root: Path) -> list[Allowed]:
    """The types that may stay unknown, as own/accepted.yaml says. Raises OwnError."""
    found = []
    for number, entry in enumerate(entries(root, "unknown")):
        given = entry if isinstance(entry, dict) else {}
        if not (isinstance(given.get("type"), str) and isinstance(given.get("reason"), str)):
            raise OwnError(f"own/accepted.yaml: unknown[{number}] is {entry!r}; write `type: aws:...` and `reason: ...`")
        found.append(Allowed(given["type"], given["reason"]))
    return found


def entries(root: Path, key: str) -> list[Any]:
    """A list of own/accepted.yaml; empty without the file. Raises OwnError."""
    path = root / PACKAGE / "accepted.yaml"
    if not present(root) or not path.is_file():
        return []
    try:
        content = document(path)
    except StackFileError as error:
        raise OwnError(str(error)) from error
    if strange := content.keys() - {"losses", "unknown"}:
        raise OwnError(f"own/accepted.yaml: {', '.join(sorted(strange))} is no key of it; it has losses and unknown")
    found = content.get(key) or []
    if not isinstance(found, list):
        raise OwnError(f"own/accepted.yaml: {key} is no list; write one item a line, each after a dash")
    return found


def _modules(root: Path, folder: str) -> Iterator[ModuleType]:
    path = root / PACKAGE / folder
    if present(root) and path.is_dir():
        with _importing(root):
            for found in sorted(pkgutil.iter_modules([str(path)]), key=lambda one: one.name):
                yield _imported(f"{PACKAGE}.{folder}.{found.name}", path / f"{found.name}.py")


def _imported(name: str, path: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        if os.environ.get("HYBRIDGE_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        raise OwnError(f"{path} cannot be imported ({what}); correct it, HYBRIDGE_DEBUG=1 shows where") from error


@contextmanager
def _importing(root: Path) -> Iterator[None]:
    """The project's folder first on the import path; what was imported from another project's is forgotten."""
    loaded = sys.modules.get(PACKAGE)
    if loaded is not None and root.resolve() / PACKAGE not in [
        Path(path).resolve() for path in getattr(loaded, "__path__", [])
    ]:
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            del sys.modules[name]
    before = list(sys.path)
    sys.path.insert(0, str(root.resolve()))
    try:
        yield
    finally:
        sys.path[:] = before
