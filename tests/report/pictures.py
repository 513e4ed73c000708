"""Rehearsed stacks with something taken away, and what a picture shows of them."""

from collections.abc import Callable
from dataclasses import replace

from rehearsal.monitor import Node
from rehearsal.run import Rehearsal
from report.picture import Picture
from report.picture.model import Shape


def without(rehearsal: Rehearsal, gone: Callable[[Node], bool]) -> Rehearsal:
    """The same deployment, had some resources not been made."""
    kept = {urn: node for urn, node in rehearsal.deployment.nodes.items() if not gone(node)}
    return replace(rehearsal, deployment=replace(rehearsal.deployment, nodes=kept))


def changed(rehearsal: Rehearsal, type_: str, **inputs: object) -> Rehearsal:
    """The same deployment, had all resources of a type had these inputs."""
    nodes = {
        urn: replace(node, inputs=node.inputs | inputs, outputs=node.outputs | inputs) if node.type == type_ else node
        for urn, node in rehearsal.deployment.nodes.items()
    }
    return replace(rehearsal, deployment=replace(rehearsal.deployment, nodes=nodes))


def titles(picture: Picture) -> list[str]:
    """The titles, sorted."""
    return sorted(shape.title for shape in picture.shapes)


def of_kind(picture: Picture, kind: str) -> list[Shape]:
    """The shapes of a kind."""
    return [shape for shape in picture.shapes if shape.kind == kind]


def area_of(picture: Picture, kind: str) -> str:
    """The kind of the area that the shape of a kind is in."""
    (shape,) = of_kind(picture, kind)
    return next(area.kind for area in picture.areas if area.id == shape.area)


def lines(picture: Picture, source: str, target: str) -> list[str]:
    """How the shapes of two kinds are connected."""
    kinds = {shape.id: shape.kind for shape in picture.shapes}
    return [edge.line for edge in picture.edges if (kinds[edge.source], kinds[edge.target]) == (source, target)]
