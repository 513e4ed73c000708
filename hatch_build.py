"""Builds the wheel: every package of the repository below one name, `hybridge`, with imports that say so.

At the top of somebody else's environment, `components` or `report` would be in the way of their own.
"""

import ast
import re
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

NAME = "hybridge"
LEFT_OUT = {"bench", "tests"}
JUNK = shutil.ignore_patterns("__pycache__", "*.pyc", "venv")


class Below(BuildHookInterface[Any]):
    """Hands the wheel a tree in which everything is below `hybridge`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds; an editable installation takes the checkout as it is."""
        if self.target_name == "wheel" and version != "editable":
            tree = Path(self.root) / "build" / "wheel" / NAME
            write(Path(self.root), tree)
            build_data["force_include"][str(tree)] = NAME


class Requirements(MetadataHookInterface):
    """What an installation brings along, out of requirements.txt."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called by hatchling for the dynamic parts of the project's metadata."""
        needed, extra = requirements((Path(self.root) / "requirements.txt").read_text(encoding="utf-8"))
        metadata["dependencies"] = needed
        metadata["optional-dependencies"] = {"rehearsal": extra}


def requirements(text: str) -> tuple[list[str], list[str]]:
    """What program and command need, in any compatible version, and what the rehearsal needs, in the versions it was tried in.

    The rehearsal reaches into the inside of the emulator, which is another with each version.
    """
    needed: list[str] = []
    extra: list[str] = []
    heading = ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line if line.startswith("# The ") else heading
        elif "==" in line and not heading.startswith("# The tests"):
            of_all = heading.startswith(("# The program", "# The command"))
            name, version = line.split("==")
            major, minor = version.split(".")[:2]
            (needed if of_all else extra).append(f"{name}~={major}.{minor}" if of_all else line)
    return needed, extra


def packages(root: Path) -> list[str]:
    """The packages at the top of the repository that belong into the wheel."""
    return sorted({path.parent.name for path in root.glob("*/__init__.py")} - LEFT_OUT)


def write(root: Path, tree: Path) -> None:
    """Write the tree: the packages, and the program as a module of its own."""
    shutil.rmtree(tree, ignore_errors=True)
    names = packages(root)
    for name in names:
        shutil.copytree(root / name, tree if name == NAME else tree / name, ignore=JUNK, dirs_exist_ok=True)
    shutil.copyfile(root / "__main__.py", tree / "program.py")
    for path in tree.rglob("*.py"):
        # The policy pack runs in a process of its own, from its own folder.
        if path.relative_to(tree).parts[0] != "policies":
            path.write_text(below(path.read_text(encoding="utf-8"), [*names], str(path)), encoding="utf-8")
    # In the repository the pack has the virtual environment beside it; elsewhere, whatever Python is on the path.
    pack = tree / "policies" / "PulumiPolicy.yaml"
    manifest = re.sub(r"^  options:\n(    .*\n)+", "", pack.read_text(encoding="utf-8"), flags=re.MULTILINE)
    pack.write_text(manifest, encoding="utf-8")
    # The plugin's environment has the package that is installed, where in the repository it has the checkout.
    version = re.search(r'^__version__ = "(.*)"', (root / NAME / "__init__.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    (tree / "plugin" / "requirements.txt").write_text(f"{NAME}=={version[1]}\n", encoding="utf-8")
    (tree / "py.typed").touch()


def below(source: str, names: list[str], path: str) -> str:
    """A module whose imports of the repository's packages are of `hybridge`. Raises ValueError for one that cannot be so."""
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and any(
            alias.name.split(".")[0] in names for alias in node.names if alias.name != NAME
        ):
            raise ValueError(
                f"{path}:{node.lineno}: write `from ... import ...`; `import` of a package has another name in a wheel"
            )
        if (
            isinstance(node, ast.ImportFrom)
            and not node.level
            and node.module
            and node.module.split(".")[0] in set(names) - {NAME}
        ):
            line = node.lineno - 1
            lines[line] = re.sub(r"\bfrom (?=\w)", f"from {NAME}.", lines[line], count=1)
    return "\n".join(lines)
