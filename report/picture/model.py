"""What a picture shows: shapes in areas, and edges between them. It knows nothing of how they are drawn."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

AreaKind = Literal["site", "links", "region", "vpc", "public", "private", "isolated"]

ShapeKind = Literal[
    "clients",
    "servers",
    "file-gateway",
    "sources",
    "name-servers",
    "routers",
    "circuit",
    "vpn",
    "direct-connect-gateway",
    "vpn-gateway",
    "transit-gateway",
    "client-vpn",
    "balancer",
    "hosts",
    "nat",
    "endpoints",
    "resolver",
    "directory",
    "migration",
    "database",
    "replicas",
    "database-backups",
    "file-system",
    "bucket",
    "registry",
    "systems-manager",
    "watch",
    "backup",
]

Line = Literal["main", "backup", "planned", "flow", "copy"]
"""A link that traffic takes first; one that stands by; one on order; requests; data copied to be kept or read elsewhere."""


@dataclass(frozen=True)
class Area:
    """A frame around shapes and other areas."""

    id: str
    kind: AreaKind
    label: str
    inside: str = ""
    """Id of the area around it; empty for none."""


@dataclass(frozen=True)
class Shape:
    """An icon with its text."""

    id: str
    kind: ShapeKind
    title: str
    detail: tuple[str, ...]
    """Lines beneath the title."""
    area: str
    """Id of the area it is in."""


@dataclass(frozen=True)
class Edge:
    """An arrow from one shape to another."""

    source: str
    target: str
    line: Line
    label: str = ""


@dataclass(frozen=True)
class Picture:
    """Everything to draw."""

    areas: tuple[Area, ...]
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data, the same for the same graph: what tells whether a drawing of it is still current."""
        return {
            "areas": [asdict(area) for area in self.areas],
            "shapes": [{**asdict(shape), "detail": list(shape.detail)} for shape in self.shapes],
            "edges": [asdict(edge) for edge in self.edges],
        }

    def shape(self, identifier: str) -> Shape:
        """The shape with this id."""
        return next(shape for shape in self.shapes if shape.id == identifier)

    def told(self) -> str:
        """The picture in words, for whoever does not see it."""
        titles = {shape.id: " ".join((shape.title, *shape.detail)) for shape in self.shapes}
        areas = "; ".join(
            f"{area.label}: {joined([titles[shape.id] for shape in self.shapes if shape.area == area.id])}"
            for area in self.areas
            if any(shape.area == area.id for shape in self.shapes)
        )
        edges = "; ".join(
            f"{self.shape(edge.source).title} to {self.shape(edge.target).title}{f' ({edge.label})' if edge.label else ''}"
            for edge in self.edges
        )
        return f"{areas}. Connections: {edges}."


def joined(words: Sequence[str]) -> str:
    """Words as a list within a sentence."""
    return ", ".join(words)
