"""Pulumi's state of a stack, as it is exported: the one truth about what stands."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal import wire

STACK_TYPE = "pulumi:pulumi:Stack"
REFERENCE = "pulumi:pulumi:StackReference"
DEFAULTS = "__defaults"
"""The input that names those which the provider chose itself; Pulumi's bridged providers keep it under the same name."""
OPTIONS = ("protect", "retainOnDelete", "deletedWith", "ignoreChanges", "replaceOnChanges", "additionalSecretOutputs")
"""The options that the state keeps."""
GENERATION = "__generation"
"""The output that says how often a resource was made anew; its ids depend on it and on the URN that it was made with."""
BORN = "__born"
"""The output that says which URN a resource was made with: an alias gives it another one, and it keeps its ids."""


@dataclass(frozen=True)
class Resource:
    """A resource of the state. Secrets in `inputs` and `outputs` are wrapped (see rehearsal.wire)."""

    urn: str
    type: str
    id: str
    custom: bool
    parent: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    depends_on: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    """What the program asks of Pulumi itself (see rehearsal.options)."""
    going: bool = False
    """Whether it was replaced and still has to be deleted."""

    @property
    def name(self) -> str:
        """Its logical name."""
        return name_of(self.urn)

    @property
    def generation(self) -> int:
        """How often it was made anew."""
        return int(self.outputs.get(GENERATION, 0))

    @property
    def born(self) -> str:
        """The URN that it was made with."""
        return str(self.outputs.get(BORN, self.urn))

    @property
    def seed(self) -> str:
        """What its ids depend on."""
        return seed(self.born, self.generation)

    @property
    def made(self) -> bool:
        """Whether it is one that our provider made in the account."""
        return self.custom and not self.type.startswith("pulumi:")


def resources(deployment: Mapping[str, Any]) -> list[Resource]:
    """The resources of an exported state, in its order: each after what it depends on."""
    return [
        Resource(
            urn=one["urn"],
            type=one["type"],
            id=one.get("id", ""),
            custom=one.get("custom", False),
            parent=one.get("parent", ""),
            inputs=_wrapped(one.get("inputs") or {}),
            outputs=_wrapped(one.get("outputs") or {}),
            depends_on=sorted(one.get("dependencies") or ()),
            options=_options(one),
            going=one.get("delete", False),
        )
        for one in deployment.get("resources") or ()
    ]


def referenced(found: list[Resource]) -> Iterator[str]:
    """The stacks whose outputs these resources were made with."""
    for resource in found:
        if resource.type == REFERENCE:
            yield str(resource.inputs.get("name", resource.name)).rsplit("/", maxsplit=1)[-1]


def type_of(urn: str) -> str:
    """The type in a URN, without those of its parents."""
    return urn.split("::")[2].rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    """The logical name in a URN."""
    return urn.split("::", 3)[3]


def seed(born: str, generation: int) -> str:
    """What the ids of a resource depend on."""
    return f"{born}#{generation}" if generation else born


def seed_of(urn: str, outputs: Mapping[str, Any]) -> str:
    """The seed of a resource that the engine has under this URN, with these outputs."""
    return seed(str(outputs.get(BORN, urn)), int(outputs.get(GENERATION, 0)))


def _options(one: Mapping[str, Any]) -> dict[str, Any]:
    """The options that the state keeps, as the rehearsal has them."""
    found = {key: one.get(key) for key in OPTIONS}
    return {key: sorted(value) if isinstance(value, list) else value for key, value in found.items() if value}


def _wrapped(value: Any) -> Any:
    """Values as they go over the wire; the state keeps a secret as text."""
    if isinstance(value, dict):
        if value.get(wire.SIGNATURE) == wire.SECRET:
            return wire.secret(_wrapped(json.loads(value["plaintext"])))
        if value.get(wire.SIGNATURE) == wire.RESOURCE:
            return wire.reference(value["urn"], value.get("id", ""))
        return {key: _wrapped(item) for key, item in value.items()}
    return [_wrapped(item) for item in value] if isinstance(value, list) else value
