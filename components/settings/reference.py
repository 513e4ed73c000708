"""docs/configuration.md: the reference of every key."""

from collections.abc import Iterator
from typing import Any

from components.settings.describe import describe, one_of
from components.settings.keys import keys_of, shown_default
from components.settings.project import may_be_left_out
from components.settings.root import PARTS, REGIONS, General, Part
from components.settings.sizes import SECONDARY, SIZES

INTRODUCTION = """\
# Configuration

<!-- Written by `make schema` from components/settings; edit the models there. -->

A stack is described by `Pulumi.<stack>.yaml`. Its keys are below; those of Hybridge carry the prefix `hybridge:`. A key that
is left out has its default, which may depend on `hybridge:size` and `hybridge:role`; a key that is set wins. Unknown keys are
refused, and every mistake of a file is told at once, before anything is created. Editors complete and check the files by
`schema/stack.schema.json`.

Paths such as `connections[].vlan` mean the key `vlan` of each item of the list `connections`. The command line takes paths too,
with a position in the brackets:

```sh
pulumi config set --path 'hybridge:directConnect.connections[0].vlan' 101
pulumi config set --path 'hybridge:directConnect.connections[0].bgpKey' --secret   # asks for the value and keeps it encrypted
```

"""


def reference() -> str:
    """The text of docs/configuration.md."""
    return INTRODUCTION + "\n".join(
        [*_contents(), *_top(), *_sizes(), *(line for part in PARTS.values() for line in _section(part))]
    )


def _contents() -> Iterator[str]:
    yield (
        "Sections: "
        + ", ".join(f"[{name}](#{name.lower()})" for name in ("Sizes", *(part.key for part in PARTS.values())))
        + "."
    )
    yield ""


def _top() -> Iterator[str]:
    yield from _table_head()
    regions = one_of(list(REGIONS))
    yield _row("aws:region", regions, "required", "AWS region of the stack.")
    root = General.model_json_schema(by_alias=True)
    for key, node in root["properties"].items():
        allowed = "a region that `aws:region` may be" if (told := describe(node, root)) == regions else told
        yield _row(f"hybridge:{key}", allowed, shown_default(node["default"]), node["description"])
    for part in PARTS.values():
        meaning = f"See [{part.key}](#{part.key.lower()})."
        allowed, default = ("a list", "none") if part.listed else ("a mapping", "")
        yield _row(f"hybridge:{part.key}", allowed, default if may_be_left_out(part) else "required", meaning)
    yield ""


def _sizes() -> Iterator[str]:
    yield "## Sizes"
    yield ""
    yield "What `hybridge:size` stands for. Whatever is not listed is the same in every size."
    yield ""
    yield f"| key | {' | '.join(SIZES)} |"
    yield f"|---|{'---|' * len(SIZES)}"
    for part in PARTS.values():
        for key in keys_of(part.model, part.key):
            if any(_has(SIZES[size].get(part.key, {}), key.path) for size in SIZES) and any(key.defaults.values()):
                values = [value or "with its defaults" for value in key.defaults.values()]
                yield f"| `{part.key}.{key.path}` | {' | '.join(values)} |"
    yield ""
    yield "A stack with `hybridge:role: secondary` has these defaults instead, whatever the size:"
    yield ""
    yield "| key | secondary |"
    yield "|---|---|"
    for section, defaults in SECONDARY.items():
        yield from (f"| `{section}.{key}` | {shown_default(value)} |" for key, value in defaults.items())
    yield ""


def _has(values: Any, path: str) -> bool:
    for key in path.split("."):
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True


def _section(part: Part) -> Iterator[str]:
    yield f"## {part.key}"
    yield ""
    yield from (" ".join(paragraph.split()) + "\n" for paragraph in (part.model.__doc__ or "").split("\n\n"))
    if part.listed:
        yield f"`hybridge:{part.key}` is a list; these are the keys of each of its items.\n"
    yield from _table_head()
    for key in keys_of(part.model, part.key):
        yield _row(key.path, key.allowed, key.default, key.meaning)
    yield ""


def _table_head() -> tuple[str, str]:
    return "| key | allowed | default | meaning |", "|---|---|---|---|"


def _row(key: str, allowed: str, default: str, meaning: str) -> str:
    return f"| `{key}` | {_cell(allowed)} | {_cell(default)} | {_cell(meaning)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
