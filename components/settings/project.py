"""The `config:` part of Pulumi.yaml: the top-level keys, as the Pulumi CLI checks and completes them."""

import textwrap
from collections.abc import Iterator

from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.describe import Schema, branches, describe, literal
from components.settings.keys import REQUIRED, keys_of
from components.settings.parse import merged
from components.settings.root import PARTS, General, Part
from components.settings.sizes import SIZES
from stackfiles import StackFileError
from stackfiles.sharing import SECTIONS

MARK = "# Written by `hybridge schema` from here on: every key that a stack file may have.\n"
WIDTH = 128


def completed(project: str) -> str:
    """The text of Pulumi.yaml with everything after the mark written anew."""
    head, mark, _ = project.partition(MARK)
    if not mark:
        raise StackFileError(f"Pulumi.yaml has no line {MARK.strip()!r}; put it above config:, which is written below it")
    return head + MARK + "\n".join(["config:", *_entries()]) + "\n"


def may_be_left_out(part: Part) -> bool:
    """Whether the defaults make a whole section, whatever the size."""
    if part.listed:
        return True
    try:
        for defaults in SIZES.values():
            section = part.model.model_validate(merged(defaults.get(part.key, {}), {}))
            if any(all_mistakes(section)):
                return False
    except ValidationError:
        return False
    return True


def _entries() -> Iterator[str]:
    root = General.model_json_schema(by_alias=True)
    for key, node in root["properties"].items():
        types = {branch["type"] for branch in branches(node, root)}
        yield from _entry(key, " ".join(types), _scalar(node["default"]), _plain(node, root))
    for part in PARTS.values():
        # A secondary takes the shared sections from its primary's file: the settings tell a primary that lacks one.
        default = ("[]" if part.listed else "{}") if may_be_left_out(part) or part.key in SECTIONS else None
        yield from _entry(part.key, "array" if part.listed else "object", default, _description(part))


def _scalar(default: object) -> str:
    # The CLI asks every stack for a key without a default; the settings take empty text for a key that is left out.
    if default is None:
        return '""'
    return "{}" if default == {} else literal(default)


def _entry(key: str, type_: str, default: str | None, description: Iterator[str]) -> Iterator[str]:
    yield f"  {key}:"
    yield f"    type: {type_}"
    if type_ == "array":
        yield "    items:"
        yield "      type: object"
    # Without a default the CLI itself insists that every stack has the key.
    if default is not None:
        yield f"    default: {default}"
    yield "    description: |-"
    for line in description:
        yield f"      {line}".rstrip()


def _plain(node: Schema, root: Schema) -> Iterator[str]:
    yield from _wrapped(node.get("description", ""))
    yield from _wrapped(f"Allowed: {describe(node, root)}.")


def _description(part: Part) -> Iterator[str]:
    yield from _wrapped(part.model.__doc__ or "")
    for key in keys_of(part.model, part.key):
        default = key.default if key.default in {"", REQUIRED} else f"default {key.default}"
        yield from _wrapped(f"{key.path} ({'; '.join(filter(None, [key.kind, default]))}): {key.meaning}", hanging=True)


def _wrapped(text: str, *, hanging: bool = False) -> list[str]:
    indent = "    " if hanging else ""
    return textwrap.wrap(
        " ".join(text.split()), WIDTH - 6, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
