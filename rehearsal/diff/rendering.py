"""A diff for people, as `pulumi preview` prints it: the steps in their order, then the outputs, then the sums."""

import json
from collections import Counter
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.markup import escape

from rehearsal.diff import Diff
from rehearsal.diff.change import Change, Kind
from rehearsal.diff.fields import Anew, Field
from rehearsal.diff.standing import Sealed
from rehearsal.lines import say, tell

LONGEST = 110
"""Characters of a value that are shown."""
WIDEST = 60
"""Characters that a column is widened for."""
BESIDE = 9
"""Columns of a line that are no column's: the mark and the blanks."""
STYLES = {"+": "green", "~": "yellow", "-": "red", "+-": "magenta", "-+": "magenta"}
SUMS: dict[Kind, tuple[str, str]] = {
    "create": ("+ ", "to create"),
    "update": ("~ ", "to update"),
    "delete": ("- ", "to delete"),
    "replace": ("+-", "to replace"),
}


def _promotion(field: Field) -> str:
    return "promotes it, for good" if field.after is None else ""


NOTES: dict[tuple[str, str], Callable[[Field], str]] = {
    ("aws:rds/instance:Instance", "replicateSourceDb"): _promotion,
}
"""Type and input -> what a change of it means, where the values do not say it."""


def show(console: Console, title: str, diff: Diff) -> None:
    """What leads from one stack to the other."""
    console.print(f"[bold]{escape(title)}[/]", highlight=False)
    rows = [(sign(change), _short_type(change.type), change.name, plan(change)) for change in diff.changes]
    widths = [min(max((len(row[column]) for row in rows), default=0), WIDEST) for column in (1, 2)]
    longest = max((len(row[3]) for row in rows), default=0)
    if console.is_terminal and sum(widths) + longest + BESIDE > console.width:
        widths = [0, 0]  # what does not fit beside one another stands behind one another
    for (mark, type_, name, what), change in zip(rows, diff.changes, strict=True):
        style = STYLES.get(mark, "dim")
        line = f"{type_:{widths[0]}}  {name:{widths[1]}}  {what}"
        tell(console, f"[{style}]{mark:2}[/]  {escape(line.rstrip())}", indent=1, hanging=4)
        for text, how in _below(change):
            say(console, text, indent=8, hanging=4, style=how)
    if diff.outputs:
        console.print("Outputs:", highlight=False)
        for field in diff.outputs:
            say(console, edit("", field), indent=4, hanging=4)
    if diff.refused:
        tell(console, f"[red]refused[/]: {escape(diff.refused)}")
    for text in sums(diff):
        console.print(text, highlight=False)


def sign(change: Change) -> str:
    """As Pulumi marks a step; `-+` where the old one goes first, nothing where AWS is asked for nothing."""
    if change.kind == "replace":
        return "-+" if change.delete_first else "+-"
    return SUMS[change.kind][0].strip() if change.in_aws else ""


def plan(change: Change) -> str:
    """The step in a word or two, and what Pulumi does with it besides."""
    words: list[str] = [change.kind if change.in_aws else "state only"]
    if change.kind == "replace" and change.delete_first:
        words.append("(deleted first)")
    if change.retained:
        words.append("[retained: it stays in AWS]")
    if change.renamed_from:
        words.append(f"[was {change.renamed_from.rsplit('::', maxsplit=1)[-1]}]")
    return " ".join(words)


def sums(diff: Diff) -> Iterator[str]:
    """The summary, in Pulumi's words."""
    counts = Counter(change.kind for change in diff.changes if change.in_aws)
    yield "Resources:"
    for kind, (mark, words) in SUMS.items():
        if counts[kind]:
            yield f"    {mark}{counts[kind]} {words}"
    total = counts.total()
    changed = f"{total} change{'s' * (total != 1)}. " if total else ""
    yield f"    {changed}{diff.unchanged} unchanged"


def edit(type_: str, field: Field) -> str:
    """A changed field in a line."""
    mark = "+" if field.before is None else "-" if field.after is None else "~"
    meaning = NOTES.get((type_, field.path))
    remarks = [text for text in ("forces replacement" * field.replaces, meaning(field) if meaning else "") if text]
    if isinstance(field.before, Sealed) and isinstance(field.after, Sealed):
        values = "secret changed"
    else:
        values = f"{_short(field.before)} -> {_short(field.after)}"
    told = f" ({', '.join(remarks)})" if remarks else ""
    return f"{mark} {field.path}: {values}{told}"


def _below(change: Change) -> Iterator[tuple[str, str]]:
    """Lines below a change, each with its style."""
    yield from ((edit(change.type, field), "dim") for field in change.fields)
    yield from ((f"option {edit('', field)}", "dim") for field in change.options)
    if change.refused:
        yield f"refused: {change.refused}", "red"
    if change.clash:
        yield f"clash: {change.clash}", "red"


def _short_type(type_: str) -> str:
    """`aws:rds/instance:Instance` as `aws:rds:Instance`."""
    package, _, rest = type_.partition(":")
    module, _, name = rest.partition(":")
    return ":".join(part for part in (package, module.split("/")[0], name) if part)


def _short(value: object) -> str:
    if isinstance(value, Anew):
        names = sorted(urn.rsplit("::", maxsplit=1)[-1] for urn in value.of)
        return f"(that of the new {', '.join(names)})"
    text = "(none)" if value is None else json.dumps(value, default=str, sort_keys=True)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
