"""The drills for people: one table, then what is down, then what takes over."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from proofs.drills import kinds
from proofs.drills.drill import DrillReport, Result
from proofs.drills.needs import RANK, Figure

MARKS = {"unaffected": "·", "degraded": "~", "down": "x"}
STYLES = {"unaffected": "dim", "degraded": "yellow", "down": "bold red"}
FULL_WIDTH = 150
"""Columns of a terminal from which on cells show how long things take, too."""
BROKEN = "NOT ACCEPTED"
NAMED = 44
"""Characters that the names of failures that do the same may take; beyond, they are counted."""

Cells = tuple[tuple[str, str], ...]
"""Of a row: style and text by column."""


def show(console: Console, report: DrillReport, *, details: bool = False) -> None:
    """Print what each failure does to each stack; with `details`, also all that takes over, with its sources."""
    for stack in sorted({function.stack for function in report.model.functions}):
        results = [result for result in report.results if result.function.stack == stack]
        _show_stack(console, results, stack)
        _show_down(console, results, report.promises[stack])
        if details:
            _show_takeovers(console, results)
        _show_verdict(console, results, stack, report.promises[stack])
    if report.pairs:
        worse = [result for result in report.pairs if result.outcome == "down"]
        console.print(f"pairs: {len(worse)} drills take a function down that neither failure takes alone", highlight=False)
        for result in worse:
            console.print(
                f"  [red]{MARKS['down']}[/] {escape(result.function.name)}: {escape(result.failure.subject)}", highlight=False
            )


def columns(results: list[Result]) -> list[str]:
    """The headings, in reading order."""
    present = {kinds.FUNCTIONS[result.function.kind] for result in results}
    return [heading for heading in dict.fromkeys(kinds.FUNCTIONS.values()) if heading in present]


def rows(results: list[Result]) -> Iterator[tuple[str, dict[str, list[Result]]]]:
    """A row for all failures of a kind that do the same, without those that do nothing: label, and results by column."""
    by_failure: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        by_failure[result.failure.kind, result.failure.subject].append(result)
    alike: dict[tuple[str, tuple[object, ...]], list[str]] = defaultdict(list)
    first: dict[tuple[str, tuple[object, ...]], list[Result]] = {}
    for (kind, subject), found in by_failure.items():
        if all(result.outcome == "unaffected" for result in found):
            continue
        key = kind, tuple((result.function.name, result.outcome, result.seconds) for result in found)
        alike[key].append(subject)
        first.setdefault(key, found)
    for (kind, _), subjects in sorted(alike.items(), key=lambda item: kinds.FAILURES.index(item[0][0])):
        names = ", ".join(subjects)
        label = f"{kind} {names}" if len(names) <= NAMED else f"{kind}: each of {len(subjects)}"
        cells: dict[str, list[Result]] = defaultdict(list)
        for result in first[kind, _]:
            cells[kinds.FUNCTIONS[result.function.kind]].append(result)
        yield label, cells


def cell(results: list[Result]) -> str:
    """The worst of the results, how many are hit by it where not all are, and how long it takes."""
    worst = max(results, key=_badness)
    mark = MARKS[worst.outcome]
    if worst.outcome == "unaffected":
        return mark
    hit = sum(result.outcome == worst.outcome for result in results)
    part = f" {hit}/{len(results)}" if hit < len(results) else ""
    return f"{mark}{part} {duration(worst)}".rstrip()


def duration(result: Result) -> str:
    """How long something takes, for people: `hand` if it waits for one of them, nothing where nobody knows."""
    time = result.seconds
    if time is None:
        return "hand" if any(figure.by_hand for figure in result.figures) else ""
    if time < 1 and time > 0:
        return "1 s"
    return f"{time:.0f} s" if time < 180 else f"{time / 60:.0f} min"


def _badness(result: Result) -> tuple[int, float]:
    return RANK[result.outcome], float("inf") if result.seconds is None else result.seconds


def _show_stack(console: Console, results: list[Result], stack: str) -> None:
    headings, full = columns(results), console.width >= FULL_WIDTH
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title=f"failure drills of {stack}", title_justify="left")
    table.add_column("if this fails", min_width=24, overflow="fold")
    for number, heading in enumerate(headings, start=1):
        table.add_column(heading if full else str(number), no_wrap=not full)
    for label, cells in rows(results):
        marks = [max(cells[heading], key=_badness).outcome for heading in headings]
        texts = [cell(cells[heading]) if full else MARKS[mark] for heading, mark in zip(headings, marks, strict=True)]
        table.add_row(escape(label), *(f"[{STYLES[mark]}]{text}[/]" for mark, text in zip(marks, texts, strict=True)))
    console.print(table)
    if not full:
        console.print("  " + "  ".join(f"{number} {heading}" for number, heading in enumerate(headings, start=1)), style="dim")
    meanings = {"unaffected": "unaffected", "degraded": "goes on, with less or after a while", "down": "down"}
    console.print("  " + "   ".join(f"{MARKS[outcome]} {meaning}" for outcome, meaning in meanings.items()), style="dim")


def _show_down(console: Console, results: list[Result], promised: bool) -> None:
    """What goes down, and how it comes back or why it is accepted; failures that do the same are told together."""
    found: dict[tuple[str, str], dict[tuple[str, str], list[Result]]] = defaultdict(lambda: defaultdict(list))
    of_kind = Counter(function.kind for function in {result.function for result in results})
    for result in results:
        if result.outcome == "down":
            why = f"accepted: {result.accepted}" if result.accepted and promised else f"comes back when {result.mechanism}"
            if promised and not result.accepted:  # in words, for a log has no colours
                why = f"{BROKEN}; {why}"
            found[result.failure.kind, why][result.failure.subject, duration(result)].append(result)
    # What breaks the promise comes last, next to the verdict: that is where people look.
    for (kind, why), by_subject in sorted(found.items(), key=lambda item: item[0][1].startswith(BROKEN)):
        told: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for (subject, time), hit in by_subject.items():
            lost = Counter(result.function.kind for result in hit)
            names = dict.fromkeys(
                result.function.kind if lost[result.function.kind] == of_kind[result.function.kind] else result.function.name
                for result in hit
            )
            told[", ".join(names), time].append(subject)
        for (functions, time), subjects in told.items():
            style = "dim" if why.startswith("accepted") else "red"
            after = f" ({time})" if time and time != "hand" else ""
            text = f"{MARKS['down']} {kind} {', '.join(subjects)}".rstrip()
            console.print(f"  {escape(text)}: {escape(functions)}{after}\n    {escape(why)}", style=style, highlight=False)


def _show_takeovers(console: Console, results: list[Result]) -> None:
    """What takes over, and who says how long that takes."""
    for figure in takeovers(results):
        console.print(f"  [yellow]{MARKS['degraded']}[/] {period(figure):>8}  {escape(figure.mechanism)}", highlight=False)
        console.print(f"              {escape(figure.source)}", style="dim", highlight=False)


def _show_verdict(console: Console, results: list[Result], stack: str, promised: bool) -> None:
    down = [result for result in results if result.outcome == "down"]
    broken = [result for result in down if not result.accepted]
    if not promised:
        verdict = f"{len(down)} take a function down; its size promises nothing"
    elif broken:
        verdict = f"[red]{len(broken)} take down what may not go down[/]"
    else:
        verdict = "[green]nothing goes down but what is accepted[/]"
    count = len({result.failure for result in results})
    console.print(f"{stack}: {count} failures, {len(results)} drills: {verdict}", highlight=False)


def takeovers(results: list[Result]) -> list[Figure]:
    """Whatever takes over, each once, in reading order."""
    return list(dict.fromkeys(figure for result in results if result.outcome == "degraded" for figure in result.figures))


def period(figure: Figure) -> str:
    """How long it takes, for people."""
    if figure.seconds is None:
        return "by hand" if figure.by_hand else "unknown"
    return f"{figure.seconds:g} s"
