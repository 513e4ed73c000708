"""A picture in the making: what is put into it twice is in it once."""

from collections.abc import Iterable
from dataclasses import replace

from report.picture.model import Area, AreaKind, Edge, Line, Picture, Shape, ShapeKind


class Sketch:
    """Collects areas, shapes and edges."""

    def __init__(self) -> None:
        self._areas: dict[str, Area] = {}
        self._shapes: dict[str, Shape] = {}
        self._edges: dict[tuple[str, str], Edge] = {}

    def area(self, identifier: str, kind: AreaKind, label: str, inside: str = "") -> str:
        """An area; returns its id."""
        self._areas.setdefault(identifier, Area(identifier, kind, label, inside))
        return identifier

    def shape(self, identifier: str, kind: ShapeKind, title: str, area: str, detail: Iterable[str] = ()) -> str:
        """A shape; returns its id. The same shape again, as another stack knows it, adds its lines."""
        before = self._shapes.get(identifier)
        lines = tuple(dict.fromkeys((*(before.detail if before else ()), *(line for line in detail if line))))
        self._shapes[identifier] = replace(before or Shape(identifier, kind, title, (), area), detail=lines)
        return identifier

    def edge(self, source: str, target: str, line: Line, label: str = "") -> None:
        """An edge between two shapes, unless one of them is not there."""
        if source in self._shapes and target in self._shapes and source != target:
            self._edges.setdefault((source, target), Edge(source, target, line, label))

    def has(self, identifier: str) -> bool:
        """Whether there is such a shape."""
        return identifier in self._shapes

    def of_kind(self, *kinds: ShapeKind) -> list[str]:
        """Ids of the shapes of these kinds."""
        return [shape.id for shape in self._shapes.values() if shape.kind in kinds]

    def picture(self) -> Picture:
        """What was collected; areas that nothing is in are left out."""
        used = {shape.area for shape in self._shapes.values()}
        for area in reversed(self._areas.values()):
            if area.id in used:
                used.add(area.inside)
        areas = tuple(area for area in self._areas.values() if area.id in used)
        return Picture(areas, tuple(self._shapes.values()), tuple(self._edges.values()))
