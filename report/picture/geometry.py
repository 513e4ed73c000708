"""Where things are in a drawing: boxes of texts, and the lines that arrows take."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.etree.ElementTree import Element

Point = tuple[float, float]
SVG = "{http://www.w3.org/2000/svg}"
TEXT, GROUP, PATH, POLYGON, RECT = (SVG + name for name in ("text", "g", "path", "polygon", "rect"))
SIZES = {"cluster": 12.0, "edge": 10.0, "node": 11.0}
"""What the style sheet shows texts of a kind of group at, in points."""
BOLD = 1.08
"""How much wider bold text is."""
ASCENT, DESCENT = 0.76, 0.24
"""Of the size of a font: what of a line is above its base, and beneath it."""
PIECES = 12
"""Straight pieces that a curve is taken for."""


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def moved(self, across: float = 0, down: float = 0) -> "Box":
        """The same elsewhere."""
        return replace(self, left=self.left + across, right=self.right + across, top=self.top + down, bottom=self.bottom + down)

    def grown(self, by: float) -> "Box":
        """The same, larger on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def within(self, other: "Box") -> bool:
        """Whether it lies in the other."""
        return other.left <= self.left and self.right <= other.right and other.top <= self.top and self.bottom <= other.bottom

    def nearest(self, point: Point) -> Point:
        """The point of it that is nearest to one."""
        return min(max(point[0], self.left), self.right), min(max(point[1], self.top), self.bottom)

    def crossed(self, line: Sequence[Point]) -> bool:
        """Whether a line of straight pieces goes through it."""
        return any(
            max(start[0], end[0]) > self.left
            and min(start[0], end[0]) < self.right
            and max(start[1], end[1]) > self.top
            and min(start[1], end[1]) < self.bottom
            and self._cut(start, end)
            for start, end in pairwise(line)
        )

    def _cut(self, start: Point, end: Point) -> bool:
        """By Liang and Barsky: what part of a piece is between all four sides."""
        first, last = 0.0, 1.0
        for place, (low, high) in enumerate(((self.left, self.right), (self.top, self.bottom))):
            way = end[place] - start[place]
            if not way:
                if not low < start[place] < high:
                    return False
                continue
            one, other = sorted(((low - start[place]) / way, (high - start[place]) / way))
            first, last = max(first, one), min(last, other)
        return first < last


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is in Arial and what is drawn like it."""
    return sum(_width(letter) for letter in text) * size * (BOLD if bold else 1.0)


WIDTHS = {"ijl": 0.222, "ft.,:;/I !()[]|'": 0.278, "r-": 0.333, "ckvxyzsJ": 0.5, "mM": 0.833, "w": 0.722, "W": 0.944}
"""Letters of Helvetica and Arial, in sizes of the font."""
UPPER, OTHER = 0.71, 0.556


def _width(letter: str) -> float:
    found = (wide for letters, wide in WIDTHS.items() if letter in letters)
    return next(found, UPPER if letter.isupper() else OTHER)


def box_of(text: Element, size: float, *, bold: bool = False) -> Box:
    """Where a line of text is."""
    wide = width((text.text or "").strip(), size, bold=bold)
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    left = x - wide / 2 if text.attrib.get("text-anchor") == "middle" else x
    return Box(left, y - size * ASCENT, left + wide, y + size * DESCENT)


def points(path: Element) -> list[Point]:
    """The points of a path of Graphviz: a start, then three for each curve."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", path.attrib["d"])]
    return [*zip(numbers[::2], numbers[1::2], strict=True)]


def spelled(curve: Sequence[Point]) -> str:
    """Points as a path."""
    first, *rest = [f"{x:.2f},{y:.2f}" for x, y in curve]
    return f"M{first}C{' '.join(rest)}"


def flat(curve: Sequence[Point]) -> list[Point]:
    """A path in straight pieces."""
    line = [curve[0]]
    for place in range(0, len(curve) - 3, 3):
        line += [_at(curve[place : place + 4], number / PIECES) for number in range(1, PIECES + 1)]
    return line


def _at(curve: Sequence[Point], share: float) -> Point:
    rest = 1 - share
    weights = (rest**3, 3 * rest * rest * share, 3 * rest * share * share, share**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, curve, strict=True)) for axis in (0, 1))
    return x, y


def bounds(path: Element) -> Box:
    """The frame that a path draws."""
    return reach(points(path))


def reach(line: Sequence[Point]) -> Box:
    """What a line is in."""
    across, down = zip(*line, strict=True)
    return Box(min(across), min(down), max(across), max(down))


def around(boxes: Iterable[Box]) -> Box:
    """What all of them are in."""
    sides = [(box.left, box.top, box.right, box.bottom) for box in boxes]
    lefts, tops, rights, bottoms = zip(*sides, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def towards(start: Point, end: Point) -> Point:
    """The direction, one long."""
    way = math.dist(start, end) or 1.0
    return (end[0] - start[0]) / way, (end[1] - start[1]) / way


def kind(group: Element) -> str:
    """Node, edge, cluster, graph, or what else the class of a group says first."""
    return (group.attrib.get("class") or "").partition(" ")[0]


def visible(node: Element) -> list[Box]:
    """What is seen of a shape: its icon, and each line of its text."""
    return [*_plates(node), *(box_of(text, SIZES["node"], bold=_bold(text)) for text in node.findall(TEXT))]


def _plates(node: Element) -> Iterator[Box]:
    for plate in node.findall(RECT):
        x, y, wide, high = (float(plate.attrib[key]) for key in ("x", "y", "width", "height"))
        yield Box(x, y, x + wide, y + high)


def _bold(text: Element) -> bool:
    return text.attrib.get("font-weight") == "bold" or text.attrib.get("class") == "name"
