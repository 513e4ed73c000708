"""docs/edits.md holds every edit of the table once, in its order, and nothing else; and there are enough of them."""

from collections import Counter

from tests.edits.page import lines, page, written
from tests.edits.table import topics
from tests.rehearsal.support import ROOT

EDITS = [edit for topic in topics() for edit in topic.edits]


def test_the_page_is_what_make_edits_writes() -> None:
    # What comes of an edit is known to the tests that rehearse it; here its line is taken as it stands.
    assert lines() == page(written(EDITS)).splitlines(), "renew it by `make edits`"


def test_no_edit_stands_there_twice() -> None:
    assert [edit for edit, count in Counter((edit.stack, edit.edit) for edit in EDITS).items() if count > 1] == []
    assert len(EDITS) >= 60
    assert {edit.outcome for edit in EDITS} == {"in place", "made anew", "refused", "clash"}


def test_the_page_is_found_from_the_handbook() -> None:
    for place in ("README.md", "docs/operations.md"):
        assert "edits.md" in (ROOT / place).read_text(encoding="utf-8"), place
