"""The drawing stands alone, is the same each time, and says in words what it shows."""

import base64
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rehearsal.run import Rehearsal
from report.picture import derive, draw, svg
from report.picture.draw import CHARACTERS, DrawingError, wrapped
from report.picture.geometry import Box
from report.picture.model import Area, Edge, Picture, Shape, ShapeKind

SMALL = Picture(
    (Area("site", "site", "Data centre"), Area("r", "region", "Region <one>"), Area("r/vpc", "vpc", "VPC", "r")),
    (Shape("a", "clients", "Clients & friends", ("10.0.0.0/8",), "site"), Shape("b", "database", "RDS", (), "r/vpc")),
    (Edge("a", "b", "backup", "PostgreSQL"),),
)


@pytest.fixture(scope="module")
def drawing(prod: Rehearsal) -> str:
    """Production."""
    return svg.drawn(derive([prod]), "Architecture of prod")


def test_the_drawing_leads_nowhere_else_and_holds_each_icon_once(drawing: str) -> None:
    links = re.findall(r'href="([^"]{0,30})', drawing)
    icons = [link for link in links if link.startswith("data:image/png;base64,")]
    assert len(icons) + sum(link.startswith("#icon-") for link in links) == len(links)
    held = re.findall(r'<image id="(icon-[^"]+)"[^>]* href="data:image/png;base64,([^"]+)"', drawing)
    assert len({*held}) == len(held) == len(icons)
    assert all(base64.b64decode(data).startswith(b"\x89PNG") for _, data in held)
    assert not re.findall(r"https?://(?!www\.w3\.org/)", drawing)


def test_the_drawing_does_not_tell_where_it_was_made(drawing: str) -> None:
    assert str(Path(draw.__file__).parents[2]) not in drawing
    assert "site-packages" not in drawing


def test_the_same_picture_is_drawn_the_same(prod: Rehearsal, drawing: str) -> None:
    assert svg.drawn(derive([prod]), "Architecture of prod") == drawing


def test_the_drawing_has_a_name_and_a_description() -> None:
    root = ElementTree.fromstring(svg.drawn(SMALL, "Architecture of a & b"))
    name = f"{{{svg.SVG}}}"
    assert root.attrib["role"] == "img" and root.attrib["aria-labelledby"] == "picture-title picture-desc"
    assert root.findtext(f"{name}title") == "Architecture of a & b"
    described = root.findtext(f"{name}desc") or ""
    assert "Clients & friends to RDS (PostgreSQL)" in described


@pytest.mark.parametrize("shapes", [(), (Shape("a", "clients", "Clients", (), ""), Shape("b", "nat", "NAT", (), ""))])
def test_a_picture_without_areas_is_drawn_too(shapes: tuple[Shape, ...]) -> None:
    """A program that is not Hybridge may have nothing that the picture knows, or nothing that is in a place."""
    edges = (Edge("a", "b", "flow", "words"),) if shapes else ()
    drawn = svg.drawn(Picture((), shapes, edges), "own")
    assert drawn.count("<use ") == len(shapes) and ("words" in drawn) == bool(shapes)


def test_the_legend_has_only_the_lines_that_are_drawn() -> None:
    drawn = svg.drawn(SMALL, "small")
    assert "link that stands by" in drawn
    assert "copies of data" not in drawn and "link on order" not in drawn


def test_every_kind_of_shape_has_an_icon_and_a_row() -> None:
    kinds = {*ShapeKind.__args__}  # type: ignore[attr-defined]
    assert {*draw.ICONS} == kinds
    assert sorted(kind for row in draw.ROWS for kind in row) == sorted(kinds)


def test_the_drawing_can_be_read_at_the_width_of_a_readme(drawing: str) -> None:
    """GitHub shows it about 900 pixels wide: text of 11 is then 8 pixels high or more."""
    box = re.search(r'viewBox="\S+ \S+ (\S+) \S+"', drawing)
    assert box and 11 * 900 / float(box[1]) >= 8


def test_the_drawing_brings_its_own_background(drawing: str) -> None:
    """A reader's page may be dark while the system is light: dark words would be on a dark page."""
    assert drawing.index('class="paper"') < drawing.index('class="graph"')


@pytest.mark.parametrize("text", ["Virtual private gateway", "replica of ap-northeast-2", "a" * 50, "x-" * 20, ""])
def test_text_is_wrapped_and_never_cut(text: str) -> None:
    lines = wrapped(text)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= CHARACTERS for line in lines)


def test_a_label_moves_off_other_text() -> None:
    several = replace(
        SMALL,
        shapes=(*SMALL.shapes, *(Shape(f"s{number}", "nat", "NAT", (), "r/vpc") for number in range(4))),
        edges=tuple(Edge("a", f"s{number}", "flow", "one and the same label") for number in range(4)),
    )
    root = ElementTree.fromstring(svg.drawn(several, "several"))
    labels = [one for one in root.iter(f"{{{svg.SVG}}}text") if (one.text or "").strip() == "one and the same label"]
    places = [(float(one.attrib["x"]), float(one.attrib["y"])) for one in labels]
    assert len(places) == 4
    boxes = [Box(x - 50, y - 9, x + 50, y + 2) for x, y in places]
    assert not [1 for place, one in enumerate(boxes) for other in boxes[place + 1 :] if one.meets(other)]


def test_without_a_program_to_lay_it_out_the_error_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    with pytest.raises(DrawingError, match=r"pip install -r requirements.txt.*apt-get install graphviz.*brew install graphviz"):
        draw.layout(SMALL)


def test_the_pinned_program_comes_first_and_graphviz_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(draw.program()).name == "graphviz-pure"
    monkeypatch.setattr("shutil.which", lambda name, path=None: None if name == "graphviz-pure" else "/usr/bin/dot")
    assert draw.program() == "/usr/bin/dot"


def test_a_program_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "program", lambda: "false")
    with pytest.raises(DrawingError, match=r"^false cannot draw the picture"):
        draw.layout(SMALL)
