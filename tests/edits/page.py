"""docs/edits.md: what comes of each edit, for whoever has to decide whether it is safe tonight."""

from collections.abc import Iterator, Mapping, Sequence

from proofs.edits.shown import SIGNS
from tests.edits.observed import Observed
from tests.edits.table import Edit, topics
from tests.rehearsal.support import ROOT

PAGE = ROOT / "docs" / "edits.md"
MOST = 4
"""Resources of an edit that are named; more are counted."""
INTRODUCTION = """\
# What edits do to a stack that stands

{count} edits of years, each rehearsed on the shipped stacks as they stand: what it does, and what people notice meanwhile.
Written by `make edits`; a test fails as soon as the outcome of a line is not true any more. `hybridge diff` says the same of
your own stack, and each step:
`.venv/bin/hybridge diff prod 'prod+network.natGateways=Single'`; `dr` stands beside `prod`: `--after prod`.

- **In place**: what stays is changed as it is; something may come or go.
- **Made anew**: what is named is deleted and made again, and away meanwhile unless the line says that something goes on.
- **Refused**: by the settings, the program, Pulumi, the provider or AWS; mostly before anything is changed.
- **Clash**: the update stops halfway, since something is asked for while another still has it. The words tell the way out.

What nobody is said to notice was drilled like everything else. All proofs hold after each edit, but for those that it names.
"""
HEAD = "| edit | what comes of it |\n|---|---|"


def row(edit: Edit, found: Observed) -> str:
    """An edit in a line of its table."""
    asked = f"`{_stack(edit)}`, `{edit.edit}`".replace("|", "\\|")
    return f"| {edit.what}<br>{asked} | {'<br>'.join(_told(edit, found)).replace('|', chr(92) + '|')} |"


def told(edit: Edit, found: Observed) -> bool:
    """Whether the page says what comes of it, of what, and which proofs do not hold afterwards."""
    line = row(edit, Observed(found.outcome, found.of, changes=found.changes))
    begin = line.removesuffix(" |").removesuffix(f"<br>{edit.note}")
    return any(one.startswith(begin) and _fails(found) in one for one in lines())


def page(rows: Mapping[Edit, str]) -> str:
    """The whole page."""
    parts = [INTRODUCTION.format(count=len(rows))]
    for topic in topics():
        parts.append(f"## {topic.title}\n" + "\n".join([HEAD, *(rows[edit] for edit in topic.edits)]) + "\n")
    return "\n".join(parts)


def written(edits: Sequence[Edit]) -> dict[Edit, str]:
    """The lines of these edits as the page has them; of one that it has not, the beginning alone."""
    heads = {edit: row(edit, Observed("in place")).rsplit(" | ", 1)[0] + " | " for edit in edits}
    return {edit: next((line for line in lines() if line.startswith(head)), head) for edit, head in heads.items()}


def lines() -> list[str]:
    """The lines of the page as it is."""
    return PAGE.read_text(encoding="utf-8").splitlines() if PAGE.is_file() else []


def _stack(edit: Edit) -> str:
    return edit.stack.removeprefix("tests/rehearsal/stacks/")


def _told(edit: Edit, found: Observed) -> Iterator[str]:
    done = _names(found.of) or ("nothing is changed at AWS" if found.outcome == "in place" and not found.changes else "")
    yield f"**{found.outcome}**{done and f': {done}'}"
    if found.words:
        yield f'"{found.words.replace("<", "&lt;")}"'
    for fate, sentence in found.people if found.outcome != "refused" else ():
        if fate != "unaffected":
            yield f"{SIGNS[fate]} {sentence}"
    if found.fails:
        yield _fails(found)
    if edit.note:
        yield edit.note


def _fails(found: Observed) -> str:
    return f"Does not hold afterwards: {', '.join(found.fails)}." if found.fails else ""


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - MOST
    return ", ".join(names[:MOST]) + (f" and {more} more" if more > 0 else "")
