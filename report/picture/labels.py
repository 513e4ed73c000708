"""Labels of a drawing: Graphviz keeps shapes apart, but lets the label of an edge lie on other text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from xml.etree.ElementTree import Element, SubElement

TEXT = "{http://www.w3.org/2000/svg}text"
GROUP = "{http://www.w3.org/2000/svg}g"
PATH = "{http://www.w3.org/2000/svg}path"

WIDE, WIDE_BOLD = 0.54, 0.6
"""Width of an average character, in sizes of the font."""
STEP, STEPS = 6.0, 12
INDENT = 8.0
"""Of the label of an area, from its left side."""


@dataclass(frozen=True)
class Box:
    """Where a text is."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def moved(self, by: float) -> "Box":
        """The same, lower by so much."""
        return replace(self, top=self.top + by, bottom=self.bottom + by)


def settle(graph: Element) -> None:
    """Put the labels of areas into their corners and on top; move those of edges up or down until they are on no other text."""
    groups = [group for group in graph.iter(GROUP) if group.attrib.get("class")]
    areas = [group for group in groups if _is(group, "cluster")]
    for area in areas:
        _corner(area)
    taken = [_box(text) for group in groups if not _is(group, "graph", "edge") for text in group.findall(TEXT)]
    for text in chain.from_iterable(group.findall(TEXT) for group in groups if _is(group, "edge")):
        box, by = _box(text), 0.0
        for by in _tries():
            if not any(box.moved(by).meets(other) for other in taken):
                break
        text.attrib["y"] = f"{float(text.attrib['y']) + by:g}"
        taken.append(box.moved(by))
    for area in areas:
        top = SubElement(graph, GROUP, {"class": f"{area.attrib['class']} label"})
        for text in area.findall(TEXT):
            area.remove(text)
            top.append(text)


def _tries() -> Iterator[float]:
    yield 0.0
    for step in range(1, STEPS):
        yield from (step * STEP, -step * STEP)


def _is(group: Element, *kinds: str) -> bool:
    return group.attrib["class"].split()[0] in kinds


def _corner(area: Element) -> None:
    """A label starts at the left side of its area, in whatever font it is shown."""
    frame, text = area.find(PATH), area.find(TEXT)
    if frame is None or text is None:
        return
    left = min(float(pair.split(",")[0]) for pair in frame.attrib["d"].replace("M", " ").replace("C", " ").split())
    text.attrib.update({"text-anchor": "start", "x": f"{left + INDENT:g}"})


def _box(text: Element) -> Box:
    size = float(text.attrib["font-size"])
    width = len(text.text or "") * size * (WIDE_BOLD if text.attrib.get("font-weight") == "bold" else WIDE)
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    left = {"start": x, "middle": x - width / 2}[text.attrib["text-anchor"]]
    return Box(left, y - size, left + width, y + size * 0.3)
