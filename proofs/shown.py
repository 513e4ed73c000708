"""Resources of a rehearsal as the Pulumi engine shows them to a policy pack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime import rpc
from pulumi.runtime.proto import analyzer_pb2

from rehearsal import wire
from rehearsal.create import UNFILLED
from rehearsal.monitor import FAILED, Node
from rehearsal.pulumi_types import resource_type
from rehearsal.run import Rehearsal

STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Resource:
    """A resource as the engine shows it to a pack. Secrets in `inputs` and `outputs` are wrapped (see rehearsal.wire)."""

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    parent: str = ""
    depends_on: Sequence[str] = ()
    protect: bool = False
    property_depends_on: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Which of the dependencies each input is made of, by the input's name. Needed only where outputs are unknown."""


def resources_of(rehearsal: Rehearsal) -> list[Resource]:
    """The resources of a rehearsed stack as the engine would show them, the stack itself last."""
    deployment = rehearsal.deployment
    name = f"{deployment.project}-{deployment.stack}"
    urn = f"urn:pulumi:{deployment.stack}::{deployment.project}::{STACK_TYPE}::{name}"
    found = [resource_of(node, urn) for node in rehearsal.nodes]
    return [*found, Resource(STACK_TYPE, name, urn, {}, _shown(deployment.outputs))]


def resource_of(node: Node, stack_urn: str = "") -> Resource:
    """A resource as it was made."""
    return Resource(
        node.type,
        node.name,
        node.urn,
        node.inputs,
        {**_taggable(node.type), **_shown(node.outputs), "id": node.id},
        node.parent or stack_urn,
        node.depends_on,
        node.protect,
    )


def _taggable(type_: str) -> dict[str, Any]:
    """The provider returns `tagsAll` for whatever can have tags, even if it has none."""
    known = resource_type(type_) if type_.startswith("aws:") else None
    return {"tagsAll": {}} if known and "tagsAll" in known.outputs else {}


def _shown(value: Any) -> Any:
    """A value as the engine shows it: a reference to a resource is its id, what nobody can tell yet is marked as unknown."""
    if isinstance(value, Mapping):
        if value.get(wire.SIGNATURE) == wire.RESOURCE:
            return value.get("id") or value["urn"]
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return rpc.UNKNOWN if isinstance(value, str) and (UNFILLED in value or FAILED in value) else value


def alone(resource: Resource) -> analyzer_pb2.AnalyzeRequest:
    """A resource by itself, as it was asked for: its inputs."""
    return analyzer_pb2.AnalyzeRequest(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=wire.struct(dict(resource.inputs)),
        options=_options(resource),
    )


def among_others(resource: Resource) -> analyzer_pb2.AnalyzerResource:
    """A resource as a part of its stack, as it came out: its outputs."""
    return analyzer_pb2.AnalyzerResource(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=wire.struct(dict(resource.outputs)),
        parent=resource.parent,
        dependencies=list(resource.depends_on),
        propertyDependencies={
            name: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns) for name, urns in resource.property_depends_on.items()
        },
        options=_options(resource),
    )


def _options(resource: Resource) -> analyzer_pb2.AnalyzerResourceOptions:
    return analyzer_pb2.AnalyzerResourceOptions(protect=resource.protect, parent=resource.parent)
