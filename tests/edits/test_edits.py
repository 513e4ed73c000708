"""Each edit on what stands does what the table says of it, and what docs/edits.md tells people."""

import gc
import itertools
from collections.abc import Iterator

import pytest

from tests.edits.observed import observe
from tests.edits.page import PAGE, told
from tests.edits.table import Edit, topics

EDITS = [edit for topic in topics() for edit in topic.edits]
DONE = itertools.count(1)
TIDIED = 10
"""Edits after which what they left is collected: each is a deployment or two, and all of them would be gigabytes."""


@pytest.fixture(autouse=True)
def _tidy_heap_now_and_then() -> Iterator[None]:
    yield
    if next(DONE) % TIDIED == 0:
        gc.unfreeze()
        gc.collect()
        gc.freeze()


@pytest.mark.parametrize("edit", EDITS, ids=[edit.called for edit in EDITS])
def test_an_edit_does_what_the_page_says(edit: Edit) -> None:
    found = observe(edit)
    assert (found.outcome, found.fails) == (edit.outcome, edit.fails), found
    assert edit.words in found.words
    assert told(edit, found), f"{PAGE.name} says otherwise: renew it by `make edits`"
