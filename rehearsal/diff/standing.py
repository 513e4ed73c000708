"""What stands once a stack is deployed, as far as a diff has to know it: no secret, but whether two are the same."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal import wire
from rehearsal.diff.drawn import Made, Owners
from rehearsal.run import Rehearsal

_KEY = os.urandom(32)
"""Of this process alone, so that a hash tells nobody else anything."""


@dataclass(frozen=True)
class Sealed:
    """A secret, known by its keyed hash."""

    digest: str

    def __str__(self) -> str:
        return wire.MASK

    __repr__ = __str__


@dataclass(frozen=True)
class Resource:
    """A resource that stands, or is to."""

    urn: str
    type: str
    name: str
    inputs: dict[str, Any]
    """Secrets are Sealed."""
    id: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    """See rehearsal.options."""
    depends_on: tuple[str, ...] = ()
    made_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Path of an input -> URNs of the resources whose ids, ARNs and other drawn outputs are in it."""
    region: str = ""


@dataclass(frozen=True)
class Standing:
    """The resources of a stack, in the order in which the program registers them, without its components."""

    resources: dict[str, Resource]
    outputs: dict[str, Any] = field(default_factory=dict)
    outputs_made_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """As with Resource.made_of."""


def standing(rehearsal: Rehearsal) -> Standing:
    """What stands after a rehearsal."""
    deployment = rehearsal.deployment
    nodes = [
        {
            **{"urn": node.urn, "type": node.type, "name": node.name, "id": node.id, "region": node.region},
            **{"inputs": node.inputs, "outputs": node.outputs, "options": node.options},
            **{"dependsOn": node.depends_on, "fidelity": node.fidelity},
        }
        for node in deployment.nodes.values()
    ]
    return of_graph({"nodes": nodes, "outputs": deployment.outputs})


def of_graph(graph: Mapping[str, Any]) -> Standing:
    """What stands by a graph.json, which tells neither secrets nor the order of registration."""
    nodes = [node for node in graph["nodes"] if node["fidelity"] != "component"]
    owners = Owners(_made(node) for node in nodes)
    outputs = graph.get("outputs", {})
    return Standing(
        {node["urn"]: _resource(node, owners) for node in nodes}, sealed(outputs), _made_of(wire.unwrap(outputs), owners, "")
    )


def _made(node: Mapping[str, Any]) -> Made:
    inputs, outputs = wire.unwrap(node["inputs"]), wire.unwrap(node.get("outputs", {}))
    return Made(node["urn"], node["type"], node.get("id", ""), inputs, outputs)


def _resource(node: Mapping[str, Any], owners: Owners) -> Resource:
    return Resource(
        node["urn"],
        node["type"],
        node["name"],
        sealed(node["inputs"]),
        node.get("id", ""),
        node.get("options", {}),
        tuple(node.get("dependsOn", ())),
        _made_of(wire.unwrap(node["inputs"]), owners, node["urn"]),
        node.get("region", ""),
    )


def _made_of(value: Any, owners: Owners, urn: str) -> dict[str, frozenset[str]]:
    found = ((path, frozenset(owners.of(leaf) - {urn})) for path, leaf in leaves(value, "") if isinstance(leaf, str))
    return {path: urns for path, urns in found if urns}


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Everything in a value that is neither a mapping nor a list, by its path (`a.b[0].c`)."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from leaves(item, f"{path}[{position}]")
    else:
        yield path, value


def sealed(value: Any) -> Any:
    """The value with every secret in it sealed, and whole floats as integers."""
    if isinstance(value, dict):
        if value.get(wire.SIGNATURE) == wire.SECRET:
            text = json.dumps(wire.unwrap(value), sort_keys=True, default=str)
            return Sealed(hmac.new(_KEY, text.encode(), hashlib.sha256).hexdigest())
        return {key: sealed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [sealed(item) for item in value]
    return wire.unwrap(value)
