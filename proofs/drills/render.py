"""The drills for people: one table, then what is down, then what takes over."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from proofs.drills import kinds
from proofs.drills.drill import DrillReport, Result
from proofs.drills.needs import RANK, Figure
from proofs.drills.remedies import remedy
from proofs.drills.terms import Terms
from rehearsal.lines import say

MARKS = {"unaffected": "·", "degraded": "~", "down": "x"}
STYLES = {"unaffected": "dim", "degraded": "yellow", "down": "bold red"}
FULL_WIDTH = 150
"""Columns of a terminal from which on there is room for a table; a narrower one gets a line for each failure."""
BROKEN = "NOT ACCEPTED"
SHOWN = 6
"""Names that a line about a loss tells; beyond, they are counted."""
NAMED = 44
"""Characters that the names of failures that do the same may take; beyond, they are counted."""


def show(console: Console, report: DrillReport, *, details: bool = False) -> None:
    """Print what each failure does to each stack; with `details`, also all that takes over, with its sources."""
    for stack in sorted({function.stack for function in report.model.functions}):
        results = [result for result in report.results if result.function.stack == stack]
        _show_stack(console, results, stack)
        losses = _show_down(console, results, report.terms[stack])
        if details:
            _show_takeovers(console, results)
        _show_verdict(console, results, stack, report.terms[stack].promises, losses)
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
    headings = columns(results)
    if console.width >= FULL_WIDTH:
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title=f"failure drills of {stack}", title_justify="left")
        table.add_column("if this fails", min_width=24, overflow="fold")
        for heading in headings:
            table.add_column(heading)
        for label, cells in rows(results):
            table.add_row(escape(label), *(_styled(cells[heading], cell(cells[heading])) for heading in headings))
        console.print(table)
    else:
        console.print(f"failure drills of {stack}: what each takes along", style="italic", highlight=False)
        for label, cells in rows(results):
            say(console, label, indent=1, hanging=2)
            for outcome in ("down", "degraded"):
                hit = [heading for heading in headings if max(cells[heading], key=_badness).outcome == outcome]
                if hit:
                    told = [f"{heading} {cell(cells[heading]).partition(' ')[2]}".rstrip() for heading in hit]
                    say(console, f"{MARKS[outcome]} {', '.join(told)}", indent=3, hanging=2, style=STYLES[outcome])
    meanings = {"unaffected": "unaffected", "degraded": "goes on, with less or after a while", "down": "down"}
    console.print("  " + "   ".join(f"{MARKS[outcome]} {meaning}" for outcome, meaning in meanings.items()), style="dim")


def _styled(results: list[Result], text: str) -> str:
    return f"[{STYLES[max(results, key=_badness).outcome]}]{text}[/]"


def _show_down(console: Console, results: list[Result], terms: Terms) -> int:
    """What goes down, and how it comes back or why it is accepted; failures that do the same are told together.

    Returns how many losses were told that are not accepted.
    """
    found: dict[tuple[str, str], dict[tuple[str, str], list[Result]]] = defaultdict(lambda: defaultdict(list))
    of_kind = Counter(function.kind for function in {result.function for result in results})
    for result in results:
        if result.outcome == "down":
            found[result.failure.kind, _why(result, terms)][result.failure.subject, duration(result)].append(result)
    broken = 0
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
            text = f"{MARKS['down']} {kind} {shortened(subjects)}".rstrip()
            say(console, f"{text}: {functions}{after}", indent=2, hanging=2, style=style)
            for line in why.split("\n"):
                say(console, line, indent=4, style=style)
            broken += why.startswith(BROKEN)
    return broken


def _why(result: Result, terms: Terms) -> str:
    """Why a loss may be, or what puts it right; in words, for a log has no colours."""
    comes_back = f"comes back when {result.mechanism}"
    if not terms.promises:
        return comes_back
    if result.by:
        by = " ".join(filter(None, [result.by.owner and f"by {result.by.owner}", result.by.date and f"on {result.by.date}"]))
        return f"accepted{' ' + by if by else ''}: {result.by.reason}"
    return f"{BROKEN}; {comes_back}\nto do: {remedy(result.failure, result.function, terms)}"


def shortened(names: Sequence[str]) -> str:
    """Names for a line: the first of them, and how many more there are."""
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown


def _show_takeovers(console: Console, results: list[Result]) -> None:
    """What takes over, and who says how long that takes."""
    for figure in takeovers(results):
        say(console, f"{MARKS['degraded']} {period(figure):>8}  {figure.mechanism}", indent=2, hanging=12)
        say(console, figure.source, indent=14, style="dim")


def _show_verdict(console: Console, results: list[Result], stack: str, promised: bool, losses: int) -> None:
    down = [result for result in results if result.outcome == "down"]
    broken = [result for result in down if not result.accepted]
    if not promised:
        verdict = f"{len(down)} take a function down; its size promises nothing"
    elif broken:
        drills = f"in {len(broken)} drill{'s' * (len(broken) > 1)}"
        verdict = f"[red]{losses} loss{'es' * (losses > 1)} not accepted, {drills}[/]"
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
