"""`make edits`: rehearse every edit of the table, and write down in docs/edits.md what comes of each."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

from tests import conftest
from tests.edits.observed import observe
from tests.edits.page import PAGE, page, row, written
from tests.edits.table import Edit, topics

assert conftest  # it says which stack files are meant


def _row(edit: Edit) -> tuple[str, str]:
    """Its line, and what the table should say and does not."""
    found = observe(edit)
    wrong = (found.outcome, found.fails) != (edit.outcome, edit.fails) or edit.words not in found.words
    return row(edit, found), f"{edit.called}: {found}" if wrong else ""


def main(words: list[str]) -> int:
    """Write the page, or of it only what has one of these words in it; returns 1 where the table says otherwise."""
    every = [edit for topic in topics() for edit in topic.edits]
    edits = [one for one in every if not words or any(word in f"{one.after} {one.what}" for word in words)]
    rows, wrong = written(every), []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for count, (edit, (line, complaint)) in enumerate(zip(edits, pool.map(_row, edits), strict=True), 1):
            print(f"{count:3} of {len(edits)}  {edit.called}", flush=True)
            rows[edit] = line
            wrong += [complaint] if complaint else []
            PAGE.write_text(page(rows), encoding="utf-8")
    for complaint in wrong:
        print(f"tests/edits/table says otherwise: {complaint}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
