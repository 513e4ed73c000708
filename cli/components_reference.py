"""Writes docs/components.md: the inputs and outputs of the five components, from the docstrings of their own source.

`hybridge schema` writes it. Nothing is imported: that takes no time.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "components.md"
COMPONENTS = ("Network", "ContainerPlatform", "Database", "HybridStorage", "Management")
HEAD = """# The components' inputs and outputs

Written by `make schema` from the docstrings in `components/`; do not edit. Inputs are the fields of a plain `TypedDict`,
optional ones in italics; values may be `pulumi.Input`s where the type says so. Nested groups follow their component.
"""


def _folder(component: str) -> Path:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in component).lstrip("_")
    return ROOT / "components" / snake


def _classes(folder: Path) -> dict[str, ast.ClassDef]:
    """Every class of a component's folder by name; `args.py` and `__init__.py` win over other modules."""
    found: dict[str, ast.ClassDef] = {}
    for path in sorted(folder.glob("*.py"), key=lambda path: path.name in ("args.py", "__init__.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found[node.name] = node
    return found


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    """Name, type and docstring of each annotated field; private ones left out."""
    for here, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(here, ast.AnnAssign) and isinstance(here.target, ast.Name) and not here.target.id.startswith("_"):
            text = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                text = " ".join(str(after.value.value).split())
            yield here.target.id, ast.unparse(here.annotation), text


def _type(kind: str) -> str:
    """A declaration without `NotRequired` and the default, which its text tells."""
    node = ast.parse(kind, mode="eval").body
    while (
        isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in ("NotRequired", "Annotated")
    ):
        inner = node.slice
        node = inner.elts[0] if node.value.id == "Annotated" and isinstance(inner, ast.Tuple) else inner
    return ast.unparse(node)


def _table(node: ast.ClassDef, heading: str) -> Iterator[str]:
    yield f"| {heading} | type | meaning |"
    yield "|---|---|---|"
    for name, kind, text in _fields(node):
        optional = kind.startswith("NotRequired[")
        shown = _type(kind).replace("pulumi.", "").replace("|", "\\|")
        label = f"*{name}*" if optional else name
        yield f"| {label} | `{shown}` | {text.replace('|', chr(92) + '|')} |"


def _mentioned(node: ast.ClassDef, classes: dict[str, ast.ClassDef], seen: list[str]) -> list[str]:
    """The argument groups that a group's fields mention, in order, each once."""
    for _, kind, _ in _fields(node):
        for part in ast.walk(ast.parse(kind)):
            name = part.id if isinstance(part, ast.Name) else ""
            if name.endswith("Args") and name in classes and name not in seen:
                seen.append(name)
                _mentioned(classes[name], classes, seen)
    return seen


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for component in COMPONENTS:
        classes = _classes(_folder(component))
        main, args = classes[component], classes[f"{component}Args"]
        lines += [f"## {component}", "", ast.get_docstring(main) or "", "", *_table(args, "input"), ""]
        for name in _mentioned(args, classes, []):
            summary = (ast.get_docstring(classes[name]) or "").split("\n\n")[0].replace("\n", " ")
            lines += [f"### {component}: {name}", "", summary, "", *_table(classes[name], "input"), ""]
        lines += [f"### {component}: outputs", "", *_table(main, "output"), ""]
    return "\n".join(lines)
