"""Every key there is, one after the other: what Pulumi.yaml and the reference tell about each comes from here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from components.settings.base import Section
from components.settings.describe import Schema, branches, describe, is_secret, literal, properties, resolve
from components.settings.nights import DERIVED
from components.settings.sizes import SIZES

REQUIRED = "required"


@dataclass(frozen=True)
class Key:
    """One key of a section, as the documents show it."""

    path: str
    """Dotted, seen from the section: `readReplicas.count`; `connections[].vlan` for the items of a list."""
    kind: str
    """What it accepts, in a few words."""
    allowed: str
    """What it accepts, in full."""
    defaults: Mapping[str, str]
    """By size: the value, `required`, `none`, or empty for a mapping that is made of the defaults of what it holds."""
    meaning: str

    @property
    def default(self) -> str:
        """The defaults of all sizes on one line."""
        values = list(self.defaults.values())
        if len(set(values)) == 1:
            return values[0]
        return ", ".join(f"{size}: {value or 'with its defaults'}" for size, value in self.defaults.items())


def keys_of(model: type[Section], section: str) -> Iterator[Key]:
    """The keys of a section in the order of the model, each mapping followed by the keys that it holds.

    `section` is the top-level key, under which the table of sizes has defaults.
    """
    root = model.model_json_schema(by_alias=True)
    for key in _below(root, root, "", {size: defaults.get(section, {}) for size, defaults in SIZES.items()}):
        derived = DERIVED.get((section, key.path))
        yield replace(key, defaults=dict.fromkeys(SIZES, derived)) if derived else key


def _below(node: Schema, root: Schema, prefix: str, sized: Mapping[str, Any]) -> Iterator[Key]:
    for name, unresolved, required in properties(node, root):
        value = resolve(unresolved, root)
        by_size = {size: values[name] for size, values in sized.items() if name in values}
        inner = _inside(value, root)
        yield Key(
            path=f"{prefix}{name}",
            kind=inner.allowed if inner else describe(value, root, brief=True),
            allowed=inner.allowed if inner else describe(value, root),
            defaults=_defaults(value, required, by_size, inner is not None),
            meaning=_meaning(value, inner, root, nullable=bool(by_size) and _nullable(value)),
        )
        if inner:
            below = {size: values for size, values in by_size.items() if isinstance(values, dict)}
            yield from _below(inner.section, root, f"{prefix}{name}{inner.joint}", below)


class _Inside(NamedTuple):
    """The section that a key holds."""

    section: Schema
    joint: str
    """What joins the two in a path."""
    allowed: str
    """What the key accepts."""


def _inside(value: Schema, root: Schema) -> _Inside | None:
    nodes = branches(value, root)
    for node in nodes:
        if node.get("properties"):
            others = [describe(other, root) for other in nodes if other is not node]
            return _Inside(node, ".", " or ".join(["a mapping", *others]))
        items = node.get("items")
        inner = branches(items, root) if isinstance(items, dict) else []
        for item in inner:
            if item.get("properties"):
                others = [describe(other, root) for other in inner if other is not item]
                shape = describe({key: part for key, part in node.items() if key != "items"}, root)
                return _Inside(item, "[].", f"{shape}, each {' or '.join(['a mapping', *others])}")
    return None


def _defaults(value: Schema, required: bool, by_size: Mapping[str, Any], group: bool) -> dict[str, str]:
    usual = REQUIRED if required else shown_default(value.get("default"), group=group)
    return {size: shown_default(by_size[size], group=group) if size in by_size else usual for size in SIZES}


def shown_default(default: Any, *, group: bool = False) -> str:
    """A default as the documents show it; that of a group is told by its keys."""
    if group and isinstance(default, dict):
        return ""
    if default is None or default in ([], {}, ""):
        return "none"
    return ", ".join(literal(item) for item in default) if isinstance(default, list) else literal(default)


def _nullable(value: Schema) -> bool:
    return any(option.get("type") == "null" for option in value.get("anyOf", []))


def _meaning(value: Schema, inner: _Inside | None, root: Schema, *, nullable: bool) -> str:
    # pydantic leaves a description out that equals that of the section
    description = value.get("description") or (inner.section.get("description", "") if inner else "")
    sentences = [" ".join(description.split())]
    if is_secret(value, root):
        sentences.append("Set it with `pulumi config set --secret --path`.")
    if nullable:
        sentences.append("`null` goes without it whatever the size.")
    return " ".join(sentences).strip()
