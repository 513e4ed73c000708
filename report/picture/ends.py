"""Ends of arrows: Graphviz leads them to the box that an icon and its text have in common, much of which is empty."""

from collections.abc import Sequence
from itertools import chain
from xml.etree.ElementTree import Element

from report.picture.geometry import (
    GROUP,
    PATH,
    POLYGON,
    SVG,
    Box,
    Point,
    kind,
    points,
    spelled,
    towards,
    visible,
)

SPACE = 3.0
"""Points between the end of an arrow and what it leads to."""
FARTHEST = 60
"""Points that an end is led on in its own direction; then it turns to what is nearest."""
HEAD, HALF = 7.0, 2.8
"""Length of the head of an arrow, and half its width."""


def lead_on(graph: Element) -> None:
    """Lead the ends of all arrows to what is seen."""
    seen = {_named(node): visible(node) for node in graph.iter(GROUP) if kind(node) == "node"}
    for edge in graph.iter(GROUP):
        if kind(edge) != "edge":
            continue
        source, _, target = _named(edge).partition("->")
        path, head = edge.find(PATH), edge.find(POLYGON)
        if path is None or head is None:
            continue
        curve = points(path)
        tip = _tip(head, curve[-1])
        curve[:2] = _led(curve[0], curve[1], seen[source])
        end, before = _led(tip, curve[-2], seen[target])
        ahead = towards(before, end)
        base = (end[0] - ahead[0] * HEAD, end[1] - ahead[1] * HEAD)
        curve[-2:] = [before, base]
        path.attrib["d"] = spelled(curve)
        across = (-ahead[1] * HALF, ahead[0] * HALF)
        corners = (
            end,
            (base[0] + across[0], base[1] + across[1]),
            (base[0] - across[0], base[1] - across[1]),
        )
        head.attrib["points"] = " ".join(f"{x:.2f},{y:.2f}" for x, y in corners)


def _named(group: Element) -> str:
    return group.findtext(f"{SVG}title") or ""


def _tip(head: Element, base: Point) -> Point:
    numbers = [float(number) for number in chain.from_iterable(pair.split(",") for pair in head.attrib["points"].split())]
    corners: list[Point] = [*zip(numbers[::2], numbers[1::2], strict=True)]
    return max(corners, key=lambda corner: (corner[0] - base[0]) ** 2 + (corner[1] - base[1]) ** 2)


def _led(end: Point, before: Point, seen: Sequence[Box]) -> tuple[Point, Point]:
    """An end, and the point of its curve before it, which goes along so that the curve stays smooth."""
    boxes = [box.grown(SPACE) for box in seen]
    ahead = towards(before, end)
    for step in range(FARTHEST + 1):
        point = (end[0] + ahead[0] * step, end[1] + ahead[1] * step)
        if any(box.nearest(point) == point for box in boxes):
            break
    else:
        point = min((box.nearest(end) for box in boxes), key=lambda one: (one[0] - end[0]) ** 2 + (one[1] - end[1]) ** 2)
    return point, (before[0] + point[0] - end[0], before[1] + point[1] - end[1])
