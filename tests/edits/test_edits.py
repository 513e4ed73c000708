"""Each edit on what stands does what the table says of it, and what docs/edits.md tells people."""

import pytest

from tests.edits.observed import observe
from tests.edits.page import PAGE, lines, verdict
from tests.edits.table import Edit, topics

EDITS = [edit for topic in topics() for edit in topic.edits]


@pytest.mark.parametrize("edit", EDITS, ids=[edit.called for edit in EDITS])
def test_an_edit_does_what_the_page_says(edit: Edit) -> None:
    found = observe(edit)
    assert (found.outcome, found.fails) == (edit.outcome, edit.fails), found
    assert edit.words in found.words
    told = verdict(edit, found)
    assert any(line.startswith(told) for line in lines()), f"{PAGE.name} says otherwise: renew it by `make edits`"
