"""Labels of a drawing: Graphviz keeps shapes apart, but lets arrows go through the titles of areas, and labels lie on both."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, takewhile
from xml.etree.ElementTree import Element, SubElement

from report.picture.geometry import (
    ASCENT,
    GROUP,
    PATH,
    SIZES,
    TEXT,
    Box,
    Point,
    around,
    bounds,
    box_of,
    flat,
    kind,
    points,
    reach,
    visible,
    width,
)

INDENT, HEADROOM = 8.0, 4.0
"""Of the title of an area, from its left side and from its upper one."""
STEP = 4.0
LINE = 14.0
"""Points from a line of a title to the next."""
CLEAR = 1.5
"""Points between a text and an arrow."""
ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
"""Where on its arrow a label is put, the best place first."""
ANYWHERE = Box(-math.inf, -math.inf, math.inf, math.inf)
ASIDE = (3.0, 7.0, 11.0, 16.0, 22.0, 30.0)
"""How far from it."""


@dataclass
class Taken:
    """Where nothing else may be written."""

    arrows: list[tuple[Box, list[Point]]]
    """What each reaches over, and its line."""
    page: Box
    """What all of it has to stay in."""
    texts: list[Box] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Whether a text may be there."""
        clear = box.grown(CLEAR)
        if not clear.within(self.page):
            return False
        if any(clear.meets(other) for other in self.texts):
            return False
        return not any(clear.meets(over) and clear.crossed(one) for over, one in self.arrows)


def settle(graph: Element) -> None:
    """Write titles of areas where no arrow goes through them, and on top; labels of arrows beside their own, off all else."""
    groups = [*graph.iter(GROUP)]
    areas = [group for group in groups if kind(group) == "cluster" and group.find(PATH) is not None]
    edges = [group for group in groups if kind(group) == "edge"]
    lines = {id(edge): [flat(points(path)) for path in edge.findall(PATH)] for edge in edges}
    frames = {id(area): bounds(path) for area in areas if (path := area.find(PATH)) is not None}
    arrows = [(reach(line), line) for edge in edges for line in lines[id(edge)]]
    taken = Taken(arrows, around(frames.values()) if frames else ANYWHERE)
    taken.texts = [box for group in groups if kind(group) == "node" for box in visible(group)]
    # The innermost first: they have the least room.
    for area in sorted(areas, key=lambda one: frames[id(one)].right - frames[id(one)].left):
        inner = [frame for one, frame in frames.items() if one != id(area) and frame.within(frames[id(area)])]
        _title(area, frames[id(area)], inner, taken)
    borders = [_border(frame) for frame in frames.values()]
    for edge in edges:
        for text in edge.findall(TEXT):
            _beside(text, lines[id(edge)][0], taken, borders)
    for area in areas:
        top = SubElement(graph, GROUP, {"class": f"{area.attrib['class']} label"})
        for text in area.findall(TEXT):
            area.remove(text)
            top.append(text)


def _title(area: Element, frame: Box, inner: Sequence[Box], taken: Taken) -> None:
    text = area.find(TEXT)
    if text is None:
        return
    size, words = SIZES["cluster"], (text.text or "").strip()
    whole = [words]
    for lines in (whole, words.replace(", ", ",\n").split("\n"), words.replace(", ", ",\n").replace(" s", "\ns").split("\n")):
        wide = max(width(line, size, bold=True) for line in lines)
        box = Box(0, 0, wide, size + LINE * (len(lines) - 1))
        for left, top in _places(frame, box):
            place = box.moved(left, top)
            if taken.free(place) and not any(place.grown(CLEAR).meets(other) for other in inner):
                _write(area, text, lines, place)
                taken.texts.append(place)
                return
    _write(area, text, whole, Box(frame.left + INDENT, frame.top + HEADROOM, frame.right, frame.top + size))


def _places(frame: Box, box: Box) -> Iterator[Point]:
    """In its corner, along its upper side, along its lower one, then anywhere in it."""
    high, wide = box.bottom, box.right
    right, lowest = frame.right - INDENT - wide, frame.bottom - HEADROOM - high
    rows = [frame.top + HEADROOM, lowest, *takewhile(lambda top: top < lowest, count(frame.top + HEADROOM + STEP, STEP))]
    for top in rows:
        yield from ((left, top) for left in takewhile(lambda left: left <= right, count(frame.left + INDENT, STEP)))


def _write(area: Element, text: Element, lines: Sequence[str], place: Box) -> None:
    for number, line in enumerate(lines):
        one = text if number == 0 else SubElement(area, TEXT, dict(text.attrib))
        one.text = line
        y = place.top + SIZES["cluster"] * 0.8 + number * LINE
        one.attrib.update({"text-anchor": "start", "x": f"{place.left:g}", "y": f"{y:g}"})


def _border(frame: Box) -> list[Point]:
    left, top, right, bottom = frame.left, frame.top, frame.right, frame.bottom
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def _beside(text: Element, line: Sequence[Point], taken: Taken, borders: Sequence[Sequence[Point]]) -> None:
    """Off the borders of areas as well, if there is such a place."""
    size = SIZES["edge"]
    text.attrib["text-anchor"] = "start"
    box = box_of(text, size)
    free = [place for place in _along(line, box.right - box.left, box.bottom - box.top) if taken.free(place)]
    place = next((one for one in free if not any(one.crossed(border) for border in borders)), (*free, box)[0])
    text.attrib.update({"x": f"{place.left:g}", "y": f"{place.top + size * ASCENT:g}"})
    taken.texts.append(place)


def _along(line: Sequence[Point], wide: float, high: float) -> Iterator[Box]:
    for aside in ASIDE:
        for share in ALONG:
            x, y = line[round(share * (len(line) - 1))]
            yield Box(x + aside, y - high / 2, x + aside + wide, y + high / 2)
            yield Box(x - aside - wide, y - high / 2, x - aside, y + high / 2)
            yield Box(x - wide / 2, y - aside - high, x + wide / 2, y - aside)
            yield Box(x - wide / 2, y + aside, x + wide / 2, y + aside + high)
