"""Imports go down only: each floor knows those below it and none above."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BELOW: dict[str, set[str]] = {
    "stackfiles": set(),
    "components": {"stackfiles"},
    "rehearsal": {"stackfiles"},
    "policies": {"stackfiles"},
    "plugin": {"components", "hybridge"},
    "proofs": {"rehearsal", "components", "stackfiles"},
    "engine": {"proofs", "rehearsal", "stackfiles"},
    "migration": {"proofs", "rehearsal", "components"},
    "onpremises": {"proofs", "rehearsal", "components"},
    "report": {"migration", "onpremises", "proofs", "rehearsal", "components", "stackfiles"},
    "cli": {"stackfiles", "report", "migration", "onpremises", "engine", "proofs", "rehearsal", "components", "hybridge"},
    "hybridge": {"cli"},
}
"""Package -> what it may import beside itself. `policies` runs in a process of its own."""
FORMER_NAMES = {Path("rehearsal/__main__.py"), Path("report/__main__.py")}
"""`python -m rehearsal` and `python -m report` are doors to the command: they hold nothing else, and nobody imports them."""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", [name for name in BELOW if (ROOT / name).is_dir()])
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    upwards = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        if path.relative_to(ROOT) not in FORMER_NAMES
        for name in imported(path)
        if name in BELOW.keys() - BELOW[package] - {package}
    ]
    assert upwards == []


def test_every_package_has_its_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "own"}
    assert packages - BELOW.keys() == set()


def test_the_former_names_hold_nothing_but_a_call() -> None:
    for path in FORMER_NAMES:
        body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        assert all(isinstance(node, ast.Expr | ast.Import | ast.ImportFrom | ast.If) for node in body), path
