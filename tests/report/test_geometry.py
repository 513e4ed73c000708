"""In the pictures of every size no arrow goes through words, each ends at what it leads to, and frames stand apart."""

import re
from itertools import combinations
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from rehearsal.run import Rehearsal
from report.picture import derive, svg
from report.picture.geometry import (
    GROUP,
    PATH,
    POLYGON,
    SIZES,
    TEXT,
    Box,
    around,
    bounds,
    box_of,
    flat,
    kind,
    points,
    visible,
    width,
)

APART = 12
"""Points between frames beside each other."""
TOUCHING = 4
"""Points between the end of an arrow and what it leads to."""


class Drawing:
    """What is where."""

    def __init__(self, text: str) -> None:
        groups = [*ElementTree.fromstring(text).iter(GROUP)]
        drawn = next(group for group in groups if kind(group) == "graph")
        self.edges = [group for group in drawn.iter(GROUP) if kind(group) == "edge"]
        self.nodes = [visible(group) for group in groups if kind(group) == "node"]
        self.frames = [
            (group.attrib["class"], bounds(path))
            for group in groups
            if (path := group.find(PATH)) is not None and framed(group)
        ]
        self.titles = [box for group in groups if framed(group) for box in boxes(group, bold=True)]
        self.labels = [box for edge in self.edges for box in boxes(edge)]

    @property
    def arrows(self) -> list[list[tuple[float, float]]]:
        """Their lines, heads included."""
        return [[*flat(points(path)), self.tip(edge)] for edge in self.edges for path in edge.findall(PATH)]

    @staticmethod
    def tip(edge: Element) -> tuple[float, float]:
        """Where it points."""
        head = edge.find(POLYGON)
        assert head is not None
        x, y = head.attrib["points"].split()[0].split(",")
        return float(x), float(y)


def framed(group: Element) -> bool:
    """Whether it is of an area."""
    return kind(group) == "cluster"


def boxes(group: Element, *, bold: bool = False) -> list[Box]:
    """Where its texts are."""
    return [box_of(text, SIZES[kind(group)], bold=bold) for text in group.findall(TEXT)]


@pytest.fixture(params=["dev", "prod", "both", "many"])
def drawing(request: pytest.FixtureRequest) -> Drawing:
    """The pictures of dev, prod, prod with dr, and of forty workloads."""
    if request.param in ("both", "many"):
        html: str = request.getfixturevalue("html" if request.param == "both" else "many")
        (text,) = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
        return Drawing(text)
    rehearsal: Rehearsal = request.getfixturevalue(request.param)
    return Drawing(svg.drawn(derive([rehearsal]), request.param))


def test_no_arrow_goes_through_a_title_or_a_label(drawing: Drawing) -> None:
    assert len(drawing.titles) > 6 and len(drawing.labels) >= 4 and len(drawing.arrows) > 15
    words = [*drawing.titles, *drawing.labels]
    assert [(line[0], box) for line in drawing.arrows for box in words if box.crossed(line)] == []


def test_no_title_or_label_is_on_other_words_or_off_the_page(drawing: Drawing) -> None:
    words = [*drawing.titles, *drawing.labels]
    assert [pair for pair in combinations(words, 2) if pair[0].meets(pair[1])] == []
    assert [(box, one) for box in words for node in drawing.nodes for one in node if box.meets(one)] == []
    page = around(frame for _, frame in drawing.frames)
    assert [box for box in words if not box.within(page)] == []


def test_arrows_begin_and_end_at_what_is_seen_and_pass_all_else(drawing: Drawing) -> None:
    ends = [(line[0], line[-1]) for line in drawing.arrows]
    near = [[box.grown(TOUCHING) for box in node] for node in drawing.nodes]
    touched = [[node for node in near if any(box.nearest(end) == end for box in node)] for pair in ends for end in pair]
    assert [place for place, nodes in enumerate(touched) if len(nodes) != 1] == []
    lost = [(line[0], box) for line in drawing.arrows for node in drawing.nodes for box in node if box.crossed(line)]
    assert lost == []


def test_frames_are_apart_or_one_within_the_other(drawing: Drawing) -> None:
    outer = [frame for what, frame in drawing.frames if what.split()[1] in ("site", "links", "region")]
    assert len(outer) >= 3
    assert [pair for pair in combinations(outer, 2) if pair[0].grown(APART).meets(pair[1])] == []
    inner = [frame for what, frame in drawing.frames]
    assert [pair for pair in combinations(inner, 2) if pair[0].meets(pair[1]) and not nested(*pair)] == []


def nested(one: Box, other: Box) -> bool:
    """Whether one is in the other."""
    return one.within(other) or other.within(one)


@pytest.mark.parametrize(
    ("line", "crossed"),
    [
        ([(0, 7), (20, 7)], True),
        ([(0, 5), (20, 5)], False),
        ([(0, 0), (4, 4), (20, 4)], False),
        ([(5, 0), (20, 15)], True),
        ([(5, 1), (20, 13)], True),
        ([(12, 0), (12, 4)], False),
        ([(11, 8), (14, 7)], True),
        ([(0, 12), (12, 0)], False),
        ([(12, 0), (12, 20)], True),
    ],
)
def test_a_line_goes_through_a_box_or_does_not(line: list[tuple[float, float]], crossed: bool) -> None:
    assert Box(10, 5, 15, 10).crossed(line) == crossed


def test_text_is_as_wide_as_helvetica_has_it() -> None:
    assert width("Virtual private", 11) == pytest.approx(11 * 6.02, rel=0.05)
