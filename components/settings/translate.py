"""Turns what pydantic complains about into mistakes in the terms of a stack file, with what is allowed taken from the model."""

import difflib
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from components.settings.base import Mistake, Section
from components.settings.describe import Schema, branches, child, describe, is_secret, literal, one_of
from components.settings.errors import NOT_SET, SECRET, Unshown
from components.settings.forms import FORMS
from components.settings.left_out import left_out

ALMOST = 0.9
"""How alike a key is to one that there is, that nothing else can be meant by it."""
PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")


def mistakes_of(model: type[Section], error: ValidationError) -> Iterator[Mistake]:
    """Every mistake that `error` is about, keys relative to the section. A union yields one mistake, not one per branch."""
    root = _schema(model)
    seen: set[tuple[str, bool]] = set()
    for details in error.errors(include_url=False):
        at = _locate(root, details["loc"])
        identity = (at.key, details["type"] == "value_error")
        if details["type"] != "extra_forbidden" and identity in seen:
            continue
        seen.add(identity)
        yield _mistake(details, at, root)


@cache
def _schema(model: type[Section]) -> Schema:
    return model.model_json_schema(by_alias=True)


class _Place:
    """Where in a section a complaint belongs: its key as written, its node of the schema and that of its parent."""

    def __init__(self, root: Schema) -> None:
        self.key = ""
        self.optional = False
        self.node: Schema | None = root
        self.parent: Schema = root
        self.is_key = False

    @property
    def name(self) -> str:
        """The last part of the key, with its positions."""
        return self.key.rsplit(".", 1)[-1] if self.key else "the section"

    def enter(self, part: str | int, node: Schema | None, root: Schema) -> None:
        """Go on to the node below that is called `part`."""
        if self.node is not None:
            self.parent = self.node
            holders = [branch for branch in branches(self.node, root) if part in branch.get("properties", {})]
            self.optional = bool(holders) and part not in holders[0].get("required", [])
        self.node = node
        self.key = joined(self.key, part)


def joined(key: str, part: str | int) -> str:
    """`key` with a further part, in the notation of `pulumi config set --path`."""
    if isinstance(part, int):
        return f"{key}[{part}]"
    if not PLAIN_KEY.fullmatch(part):
        quoted = part.replace('"', '\\"')
        return f'{key}["{quoted}"]'
    return f"{key}.{part}" if key else part


def _locate(root: Schema, loc: tuple[str | int, ...]) -> _Place:
    """Follow a location of pydantic's through the schema, leaving out the names of union members and of functions."""
    place = _Place(root)
    for position, part in enumerate(loc):
        if part == "[key]":
            place.is_key = True
            continue
        node = None if place.node is None else child(place.node, part, root)
        if node is None and isinstance(part, str) and position < len(loc) - 1:
            continue
        if node is None and isinstance(part, str) and not _takes_keys(place.node, root):
            continue
        place.enter(part, node, root)
    return place


def _takes_keys(node: Schema | None, root: Schema) -> bool:
    return node is not None and any(branch.get("type") == "object" for branch in branches(node, root))


def _mistake(details: ErrorDetails, at: _Place, root: Schema) -> Mistake:
    kind = details["type"]
    name = at.name
    if kind == "extra_forbidden":
        known = sorted({key for node in branches(at.parent, root) for key in node.get("properties", {})})
        return unknown_key(at.key, name, known)
    if at.is_key:
        return Mistake(at.key, Unshown(f'the name "{name}"'), _allowed_names(at, details, root), "Rename it.")
    node = at.node or {}
    allowed = describe(node, root) if node else details["msg"]
    meaning = node.get("description", "")
    if kind == "missing":
        how = f" with {SET_SECRET}" if node and is_secret(node, root) else ""
        return Mistake(at.key, NOT_SET, allowed, f"Add {name}{how}" + (f": {_first_sentence(meaning)}" if meaning else "."))
    value = SECRET if node and is_secret(node, root) else presentable(details["input"])
    if kind in {"value_error", "assertion_error"}:
        return Mistake(at.key, value, *_split_advice(details["msg"].partition(", ")[2] or details["msg"]))
    return Mistake(at.key, value, allowed, _advice(kind, details["input"], at, root))


SET_SECRET = "`pulumi config set --secret --path`"
WRITE_A_LIST = "Write a list: one item a line, each after a dash."
WRITE_A_MAPPING = "Write a mapping: one `key: value` a line, indented below it."
HOW_TO_WRITE = {
    "list_type": WRITE_A_LIST,
    "tuple_type": WRITE_A_LIST,
    "dict_type": WRITE_A_MAPPING,
    "model_type": WRITE_A_MAPPING,
    "string_type": "Put it in quotes, so that YAML takes it for text.",
    "int_type": "Write a number.",
    "int_parsing": "Write a number.",
    "int_from_float": "Write a whole number.",
    "float_type": "Write a number.",
    "float_parsing": "Write a number.",
    "bool_type": "Write true or false, without quotes.",
    "bool_parsing": "Write true or false, without quotes.",
}
"""What to do about a value of the wrong type, by the kind of pydantic's complaint."""


def _advice(kind: str, given: Any, at: _Place, root: Schema) -> str:
    node = at.node or {}
    if given is None:
        how = f" with {SET_SECRET}" if is_secret(node, root) else ""
        return f"Give {at.name} a value{how}, or remove the line."
    if kind == "string_type" and isinstance(given, (dict, list)):
        return "Write a single value."
    return HOW_TO_WRITE.get(kind) or _choice(given, node, root) or _change(at, node)


def _choice(given: Any, node: Schema, root: Schema) -> str:
    """Which of the allowed values may be meant; empty if there is no such list of values, or none that is close."""
    choices = [
        value
        for branch in branches(node, root)
        for value in [*branch.get("enum", []), *[branch[c] for c in ("const",) if c in branch]]
    ]
    if isinstance(given, str) and given in [literal(choice) for choice in choices]:
        return "Write it without quotes."
    if not isinstance(given, str):
        return ""
    folded = {choice.lower(): choice for choice in choices if isinstance(choice, str)}
    # The whole of a name whose end is asked for: com.amazonaws.eu-central-1.sqs.
    ends = [choice for choice in folded if given.lower().endswith(f".{choice}")]
    close = ends or difflib.get_close_matches(given.lower(), list(folded), n=1)
    return f"Did you mean {folded[max(close, key=len)]}?" if close else ""


def _change(at: _Place, node: Schema) -> str:
    default = node.get("default")
    instead = ""
    if at.optional:
        plain = isinstance(default, (str, int, float)) and default != ""
        instead = f", or leave it out, which stands for {literal(default)}" if plain else ", or leave it out"
    meaning = f" Meaning: {_first_sentence(node['description'])}" if "description" in node else ""
    return f"Change {at.name}{instead}.{meaning}"


_ONE_TYPE = "hosts are alike, so that any copy fits any of them and prices are known"
_SPOT = "Spot takes a host away at two minutes' notice, in all zones at once when there are none"
_LINUX = "ECS Anywhere and Mountpoint for Amazon S3 are for Linux"
_GPU = "hosts have no drivers of GPUs, nor would servers on-premises"
_SHIFT = "ECS shifts traffic by target groups of its own, which copies on-premises have not"
_MESH = "Service Connect wants awsvpc or Fargate's side, which ECS Anywhere has not"
NOT_HERE = {
    **dict.fromkeys(("instancetypes", "mixedinstances", "instancerequirements"), _ONE_TYPE),
    **dict.fromkeys(("spot", "spotpercent", "capacitytype"), _SPOT),
    **dict.fromkeys(("windows", "operatingsystem", "osfamily"), _LINUX),
    **dict.fromkeys(("gpu", "gpus"), _GPU),
    **dict.fromkeys(("bluegreen", "canary", "deploymentstrategy"), _SHIFT),
    **dict.fromkeys(("serviceconnect", "cloudmap", "servicediscovery"), _MESH),
}
"""What people look for and this platform leaves out on purpose, in lower case -> why."""


def unknown_key(key: str, name: str, known: list[str]) -> Mistake:
    """The mistake of a key that does not exist. Its value stays untold: it may be a secret under a misspelt name."""
    folded = {other.lower().replace("_", ""): other for other in known}
    plain = name.lower().replace("_", "").replace("-", "")
    unsupported = left_out(name)
    if unsupported and not difflib.get_close_matches(plain, list(folded), n=1, cutoff=ALMOST):
        allowed = f"no key for {unsupported.what}: {unsupported.why}"
        return Mistake(key, Unshown("(left out on purpose)"), allowed, unsupported.instead)
    close = difflib.get_close_matches(plain, list(folded), n=1, cutoff=0.6)
    fix = f"Did you mean {folded[close[0]]}?" if close else "Remove it."
    if why := NOT_HERE.get(name.lower()):
        fix = f"Remove it: {why} (docs/containers.md, Limits)."
    return Mistake(key, Unshown("(unknown key)"), one_of(known) if known else "no keys at all", fix)


def _allowed_names(at: _Place, details: ErrorDetails, root: Schema) -> str:
    patterns = [pattern for node in branches(at.parent, root) for pattern in node.get("patternProperties", {})]
    if patterns:
        return " or ".join(f"{FORMS[pattern].words}, such as {FORMS[pattern].example}" for pattern in patterns)
    return "names for which holds: " + details["msg"].removeprefix("Value error, ")


def presentable(value: Any) -> Any:
    """A scalar as it is; of anything larger only the shape, because a secret may lie inside."""
    if isinstance(value, dict):
        keys = ", ".join(sorted(str(key) for key in value)[:8])
        return Unshown(f"a mapping with the keys {keys}" + (", ..." if len(value) > 8 else "") if value else "an empty mapping")
    if isinstance(value, (list, tuple)):
        return Unshown(f"a list of {len(value)}" if value else "an empty list")
    return value


def _split_advice(told: str) -> tuple[str, str]:
    """What is allowed and what to do, from the text of a validator's ValueError: `allowed; what to do`."""
    allowed, _, fix = told.partition("; ")
    return allowed.rstrip("."), sentence(fix.strip() or "change it to what is allowed")


def sentence(advice: str) -> str:
    """What to do, from the end of a validator's text."""
    return f"{advice[0].upper()}{advice[1:]}" + ("" if advice.endswith((".", "?")) else ".")


def _first_sentence(text: str) -> str:
    """The beginning of a description, to go on with after a colon."""
    sentence = re.split(r"(?<=[.;])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(".;")
    first = sentence.split(" ", 1)[0]
    lowered = sentence if re.search(r"[A-Z0-9`]", first[1:]) or first.startswith("`") else sentence[:1].lower() + sentence[1:]
    return f"{lowered}."
