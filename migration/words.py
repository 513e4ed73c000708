"""What a step says: to a person, line by line, and to a machine, as one document."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from rich.console import Console

Severity = Literal["stop", "warn", "info"]
ORDER: tuple[Severity, ...] = ("stop", "warn", "info")
COLOURS = {"stop": "red", "warn": "yellow", "info": "cyan"}


class Stop(Exception):
    """A step cannot go on; the text says why and what to do. Never shown as a traceback."""


@dataclass(frozen=True)
class Finding:
    """One thing that a check found."""

    severity: Severity
    """`stop`: the migration would fail or damage data; `warn`: somebody has to decide; `info`: good to know."""
    code: str
    """What kind of thing, the same in every run: `no_key`."""
    object: str
    """Which table, column, setting or role."""
    why: str
    """What it means, in a sentence."""
    cure: str = ""
    """The one command, or the lines of the stack file, that cures it; empty where there is nothing to do."""
    assessment: str = ""
    """The premigration assessments of DMS that look for the same, by the keys of its API, with a comma between them."""


@dataclass
class Said:
    """The result of a step: lines for people as they come, and a document at the end."""

    step: str
    console: Console
    as_json: bool = False
    document: dict[str, Any] = field(default_factory=dict)
    stopped: bool = False

    def line(self, text: str = "", style: str = "") -> None:
        """A line for people."""
        if not self.as_json:
            self.console.print(text, style=style or None, highlight=False, markup=False)

    def done(self, text: str) -> None:
        """Something that was carried out or holds."""
        self.line(f"  done  {text}", "green")

    def fails(self, text: str) -> None:
        """Something that does not hold: the step ends with exit code 1."""
        self.stopped = True
        self.line(f"  STOP  {text}", "red")

    def sql(self, statements: list[str]) -> None:
        """The statements that a step is about to carry out."""
        for statement in statements:
            self.line(f"    {statement.rstrip().rstrip(';')};")

    def finish(self) -> int:
        """Print the document if asked for one; the exit code."""
        if self.as_json:
            sys.stdout.write(json.dumps({"step": self.step, "good": not self.stopped, **self.document}, indent=1, default=str))
            sys.stdout.write("\n")
        return 1 if self.stopped else 0


def as_documents(findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings for a machine."""
    return [asdict(finding) for finding in findings]


def show(said: Said, findings: list[Finding]) -> None:
    """Findings for a person: the worst first, those of one kind together, each with its cure once where it is the same."""
    for severity in ORDER:
        chosen = [finding for finding in findings if finding.severity == severity]
        for code in dict.fromkeys(finding.code for finding in chosen):
            kind = [finding for finding in chosen if finding.code == code]
            said.line(f"{severity:4}  {code}: {kind[0].why}", COLOURS[severity])
            for finding in kind:
                said.line(f"        {finding.object}" + (f"   {finding.cure}" if _own_cure(kind) and finding.cure else ""))
            if kind[0].cure and not _own_cure(kind):
                said.line(f"      > {kind[0].cure}")


def _own_cure(kind: list[Finding]) -> bool:
    return len({finding.cure for finding in kind}) > 1


Ask = Callable[[str], bool]
"""Asks a person, or answers for one who said --yes."""


def asked(question: str) -> bool:
    """Ask on the terminal; without one the answer is no, as nothing may be written that nobody has seen."""
    if not sys.stdin.isatty():
        raise Stop(f"{question} Nobody can answer here: say --yes, or --sql to see the statements only.")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
