"""Writes the tables of docs/resilience.md: `python -m proofs.drills.document` rehearses the stacks and drills them."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from proofs.drills import accepted, kinds
from proofs.drills.drill import DrillReport, Result, drill
from proofs.drills.figures import measurements
from proofs.drills.needs import Figure
from proofs.drills.render import cell, columns, period, rows
from proofs.drills.terms import terms_of
from rehearsal.run import Rehearsal
from rehearsal.stackfile import StackFile, read
from stackfiles import ELSEWHERE, file_of

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "resilience.md"
STACKS = (("prod", "dr"), ("dev",))
"""What is drilled together. A stack that has no file is left out."""


def drilled(names: Sequence[str], root: Path = ROOT) -> DrillReport:
    """Rehearse stacks of the project in one account and drill them. Raises ValueError if one fails: parts would be missing."""
    rehearsals, stacks = rehearsed(names, root)
    return drill(rehearsals, terms=terms_of(stacks))


def rehearsed(names: Sequence[str], root: Path = ROOT) -> tuple[list[Rehearsal], list[StackFile]]:
    """Rehearse stacks of the project in one account. Raises ValueError if one fails."""
    from rehearsal.emulator import Emulator  # noqa: PLC0415 - moto takes a second to import
    from rehearsal.run import rehearse  # noqa: PLC0415

    stacks: list[StackFile] = []
    for name in names:
        if file_of(name, root).is_file():
            stacks.append(read(name, root, stacks))
    done: dict[str, Rehearsal] = {}
    with Emulator() as aws:
        for stack in stacks:
            done[stack.stack] = result = rehearse(aws, root, stack, others=done)
            if not result.good:
                wrong = [f"{one.urn}: {one.message}" for one in result.problems] + [str(one) for one in result.dangling]
                raise ValueError(f"{stack.stack} does not rehearse, see `hybridge rehearse {stack.stack}`: {wrong[0]}")
    return [*done.values()], stacks


def tables(reports: Sequence[DrillReport]) -> dict[str, str]:
    """The generated parts of the document, by name."""
    found = {"accepted": _accepted()}
    every: dict[Figure, None] = {}
    for report in reports:
        for stack in dict.fromkeys(function.stack for function in report.model.functions):
            results = [result for result in report.results if result.function.stack == stack]
            found[stack] = _drills(results)
            every |= {figure: None for result in results for figure in result.figures}
    return {**found, "figures": _figures(list(every)), "measured": _measured()}


def written(text: str, parts: dict[str, str]) -> str:
    """The document with its generated parts replaced. Raises ValueError if it has no place for one of them."""
    for name, table in parts.items():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        if begin not in text or end not in text:
            raise ValueError(f"docs/resilience.md has no lines {begin} and {end}; add them where the table should go")
        before, rest = text.split(begin, maxsplit=1)
        text = f"{before}{begin}\n{table}\n{end}{rest.split(end, maxsplit=1)[1]}"
    return text


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(value.replace("|", "\\|") for value in line) + " |" for line in lines)


def _drills(results: list[Result]) -> str:
    headings = columns(results)
    return _table(
        ["if this fails", *headings],
        [[label, *(_marked(cells[heading]) for heading in headings)] for label, cells in rows(results)],
    )


def _marked(results: list[Result]) -> str:
    text = cell(results)
    return f"**{text}**" if text.startswith("x") else text


def _accepted() -> str:
    return _table(
        ["failure", "may take down", "because"],
        [[_failures(one), _functions(one), one.reason] for one in accepted.ACCEPTED],
    )


def _failures(entry: accepted.Accepted) -> str:
    several = entry.failures == (kinds.SITE,) and entry.subject == "*"
    return "one of several data centres" if several else ", ".join(entry.failures)


def _functions(entry: accepted.Accepted) -> str:
    names = ["everything" if name == "*" else name.removesuffix("*").removesuffix(": ") for name in entry.functions]
    told = ", ".join(f"{name} of its own" if entry.own else name for name in names)
    return told + (", if it is drilled alone" if entry.one_region else "")


def _figures(found: list[Figure]) -> str:
    order = sorted(found, key=lambda figure: (figure.seconds is None, figure.seconds or 0, figure.mechanism))
    return _table(["mechanism", "takes", "source"], [[one.mechanism, period(one), _linked(one.source)] for one in order])


def _measured() -> str:
    _, seconds = measurements()
    return _table(
        ["what fails, or comes back", "median", "worst"],
        [[name, f"{one['median']:g} s", f"{one['worst']:g} s"] for name, one in seconds.items()],
    )


def _linked(source: str) -> str:
    told, https, address = source.partition("https://")
    return f"{told}[{address.rsplit('/', maxsplit=1)[-1] or source}]({https}{address})" if https else source


def main() -> int:
    """Write the document, which is about the samples; 1 if a drill breaks a promise."""
    os.environ[ELSEWHERE] = str(ROOT / "tests" / "samples")
    reports = [drilled(names) for names in STACKS]
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), tables(reports)), encoding="utf-8")
    broken = [result for report in reports for result in report.failures]
    for result in broken:
        print(f"{result.failure.name} takes {result.function.name} of {result.function.stack} down: {result.mechanism}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
