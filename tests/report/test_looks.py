"""A browser shows the page with nothing cut, nothing overlapping and nothing too pale, however it is looked at."""

import re
from html import unescape
from pathlib import Path

import pytest

from proofs.reachability import Row
from rehearsal.run import Rehearsal
from report import matrix
from report.collect import Evidence
from report.page import STYLE, page, templates
from report.picture import derive
from tests.report import paper
from tests.report.browser import Look, faults
from tests.report.conftest import MADE

PAPER = 703
"""Pixels between the margins of A4."""
MOSTLY = 0.45
"""How far down at least the words of a page go that is not the last."""


@pytest.fixture(scope="session")
def laptop(html: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Path]:
    """What is wrong with the page on a laptop, and the page as PDF: one browser looks at it and prints it."""
    pdf = tmp_path_factory.mktemp("printed") / "page.pdf"
    return faults(html, Look(1280), pdf), pdf


def test_nothing_is_wrong_on_a_laptop(laptop: tuple[list[str], Path]) -> None:
    assert laptop[0] == []


def test_the_printed_report_has_every_section_numbers_its_pages_and_leaves_none_empty(
    laptop: tuple[list[str], Path], html: str
) -> None:
    pages = paper.read(laptop[1])
    assert len(pages) > 10
    for number, one in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in one.text and "Hybridge: prod and dr" in one.text
    headings = [unescape(found) for found in re.findall(r"<h2>(.*?)</h2>", html)]
    text = " ".join(one.text for one in pages)
    assert len(headings) > 14 and [heading for heading in headings if heading not in text] == []
    assert [(number, one.filled) for number, one in enumerate(pages[:-1], start=1) if one.filled < MOSTLY] == []


@pytest.mark.parametrize(
    "look",
    [
        Look(1440, dark=True, opened=True),
        Look(1280, opened=True),
        Look(PAPER, printed=True),
        Look(PAPER, printed=True, opened=True),
        Look(600, dark=True),
    ],
    ids=["dark", "unfolded", "paper", "paper, unfolded", "narrow"],
)
def test_nothing_is_cut_or_overlaps_or_is_pale(html: str, look: Look) -> None:
    assert faults(html, look) == []


def test_the_page_about_production_alone_looks_right(evidence: Evidence, prod: Rehearsal) -> None:
    alone = Evidence(evidence.stacks[:1], evidence.drills)
    assert faults(page(alone, derive([prod]), MADE), Look(1280, opened=True)) == []


@pytest.mark.parametrize(
    "look",
    [Look(1280), Look(1366, dark=True, opened=True), Look(PAPER, printed=True), Look(600)],
    ids=["laptop", "dark, unfolded", "paper", "narrow"],
)
def test_the_page_about_forty_workloads_can_be_read(many: str, look: Look) -> None:
    assert faults(many, look) == []


def wide(columns: int) -> str:
    """A matrix of a page with this many columns, with the page's own styles."""
    names = [f"database number-{number:02}" for number in range(columns)]
    rows = [Row("hosts", name, f"tcp {5432 + place}", True, "VPC", ()) for place, name in enumerate(names)]
    body = templates().get_template("matrix.html.j2").module.reached(matrix.grid(rows), "wide")  # type: ignore[attr-defined]
    return f"<!DOCTYPE html><html><head><style>{STYLE}</style></head><body>{body}</body></html>"


@pytest.mark.parametrize("look", [Look(1280), Look(PAPER, printed=True), Look(600)], ids=["laptop", "paper", "narrow"])
def test_a_matrix_that_is_wider_than_the_window_scrolls_under_its_first_column(look: Look) -> None:
    assert faults(wide(45), look) == []


PLANTED = {
    "broken": '<table class="grid"><tr><td><p style="width: 20px; overflow-wrap: anywhere">65535</p></td></tr></table>',
    "scrolls away": '<div class="scroll" style="overflow-x: auto"><table class="matrix"><tbody><tr><th>name</th><td>'
    '<p style="width: 3000px">wide</p></td></tr></tbody></table></div>',
    "cut or overflowing": '<p style="width: 40px; overflow: hidden; white-space: nowrap">a text that does not fit</p>',
    "overlapping": '<p>one text</p><p style="margin-top: -30px">another text</p>',
    "pale": '<p style="color: #999; background: #fff">grey on white</p>',
    "wider than the window": '<div style="width: 3000px">wide</div>',
}


@pytest.mark.parametrize("fault", PLANTED)
def test_each_kind_of_fault_is_found(fault: str) -> None:
    found = faults(f"<!DOCTYPE html><html><body>{PLANTED[fault]}</body></html>", Look(1280))
    assert [one for one in found if one.startswith(fault)]


def test_overlapping_words_of_a_drawing_are_found() -> None:
    drawing = '<svg width="200" height="50"><text x="5" y="20">one</text><text x="12" y="22">two</text></svg>'
    assert [one for one in faults(f"<!DOCTYPE html><html><body>{drawing}</body></html>", Look(1280)) if "overlapping" in one]
