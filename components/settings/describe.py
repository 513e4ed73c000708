"""JSON Schema in words: what a key accepts, told the same way in error messages, in Pulumi.yaml and in the reference."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from components.settings.forms import FORMS

Schema = dict[str, Any]

FORMATS = {
    "ipv4": "an IPv4 address such as 10.0.0.10",
    "ipv4network": "an IPv4 network such as 10.0.0.0/16",
    "date": "a date such as 2026-03-31",
    "date-time": "a time such as 2026-03-31T09:00:00Z",
    "password": "secret text",
    "uri": "a URL",
}


LONGEST_CHOICE = 12
"""Values that a brief description lists."""


def resolve(schema: Schema, root: Schema) -> Schema:
    """The node that a `$ref` points to, with what stands beside the reference kept."""
    while "$ref" in schema:
        target = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        schema = target | {key: value for key, value in schema.items() if key != "$ref"}
    return schema


def branches(schema: Schema, root: Schema) -> list[Schema]:
    """The alternatives of a node, without `null`: in a stack file a key is left out instead."""
    schema = resolve(schema, root)
    options = schema.get("anyOf") or schema.get("oneOf")
    if not options:
        return [schema]
    return [node for option in options for node in branches(option, root) if node.get("type") != "null"]


def is_secret(schema: Schema, root: Schema) -> bool:
    """Whether the value of this node must never be shown."""
    return any(node.get("format") == "password" for node in branches(schema, root))


def child(schema: Schema, part: str | int, root: Schema) -> Schema | None:
    """The node below `schema` under a key or a position; None if there is no such thing."""
    for node in branches(schema, root):
        if isinstance(part, int):
            fixed = node.get("prefixItems", [])
            if part < len(fixed):
                return resolve(fixed[part], root)
            if isinstance(node.get("items"), dict):
                return resolve(node["items"], root)
        else:
            if part in node.get("properties", {}):
                return resolve(node["properties"][part], root)
            open_ended = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
            for values in open_ended:
                if isinstance(values, dict):
                    return resolve(values, root)
    return None


def describe(schema: Schema, root: Schema, *, brief: bool = False) -> str:
    """What a node accepts, as the end of the sentence "allowed: ...". `brief` leaves out patterns, examples and long lists."""
    words = [_describe_one(node, root, brief) for node in branches(schema, root)]
    return " or ".join(dict.fromkeys(words))


def _describe_one(node: Schema, root: Schema, brief: bool) -> str:
    if "const" in node:
        return literal(node["const"])
    if "enum" in node:
        return f"one of {len(node['enum'])} values" if brief and len(node["enum"]) > LONGEST_CHOICE else one_of(node["enum"])
    words: dict[str, Callable[[], str]] = {
        "integer": lambda: "a whole number" + _range(node),
        "number": lambda: "a number" + _range(node),
        "boolean": lambda: "true or false",
        "string": lambda: _text(node, brief),
        "array": lambda: _list(node, root, brief),
        "object": lambda: _mapping(node, root, brief),
    }
    return words.get(node.get("type", ""), lambda: "any value")()


def one_of(values: list[Any]) -> str:
    """`a`; `a or b`; `one of a, b, c`."""
    words = [literal(value) for value in values]
    return " or ".join(words) if len(words) < 3 else "one of " + ", ".join(words)


def literal(value: Any) -> str:
    """A value as a person writes it in YAML: text without quotes."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _range(node: Schema) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    words = [f"above {node['exclusiveMinimum']}"] if "exclusiveMinimum" in node else []
    words += [f"below {node['exclusiveMaximum']}"] if "exclusiveMaximum" in node else []
    if low is not None and high is not None:
        words.append(f"from {low} to {high}")
    elif low is not None:
        words.append(f"of {low} or more")
    elif high is not None:
        words.append(f"up to {high}")
    return "".join(f" {word}" for word in words[:1]) + "".join(f", {word}" for word in words[1:])


def _count(low: int | None, high: int | None, things: str) -> str:
    if low is not None and high is not None:
        return f"{low} {things}" if low == high else f"{low} to {high} {things}"
    if low:
        return f"at least {low} {things}"
    return f"at most {high} {things}" if high is not None else ""


def _text(node: Schema, brief: bool) -> str:
    words = FORMATS.get(node.get("format", ""), "text")
    if brief:
        return words.partition(" such as")[0]
    size = _count(node.get("minLength"), node.get("maxLength"), "characters")
    form = FORMS.get(node.get("pattern", ""))
    if form:
        words = f"{form.words}; {size}" if size else form.words
    elif size:
        words += f" of {size}"
    examples = node.get("examples") or ([form.example] if form else [])
    return words + (f", such as {one_of(examples).removeprefix('one of ')}" if examples else "")


def _list(node: Schema, root: Schema, brief: bool) -> str:
    size = _count(node.get("minItems"), node.get("maxItems"), "items")
    words = f"a list of {size}" if size else "a list"
    items = node.get("items")
    return words + (f", each {describe(items, root, brief=brief)}" if isinstance(items, dict) and items else "")


def _mapping(node: Schema, root: Schema, brief: bool) -> str:
    if keys := list(node.get("properties", {})):
        return "a mapping with the keys " + ", ".join(keys)
    for pattern, values in node.get("patternProperties", {}).items():
        names = "names" if brief or pattern not in FORMS else f"names ({FORMS[pattern].words})"
        return f"a mapping of {names} to {describe(values, root, brief=brief)}"
    values = node.get("additionalProperties")
    return f"a mapping of names to {describe(values, root, brief=brief)}" if isinstance(values, dict) else "a mapping"


def properties(schema: Schema, root: Schema) -> Iterator[tuple[str, Schema, bool]]:
    """Key, unresolved node and whether it is required, of every property of a section."""
    for node in branches(schema, root):
        for key, value in node.get("properties", {}).items():
            yield key, value, key in node.get("required", [])
