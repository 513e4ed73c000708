"""Lines for people: folded between words on a terminal, whole where a program reads them."""

import textwrap

from rich.console import Console
from rich.markup import escape

PIPED = 160
"""Columns that are taken where there is no terminal, as in a log."""


def say(console: Console, text: str, *, indent: int = 0, hanging: int = 0, style: str | None = None) -> None:
    """Print plain text: `indent` blanks before its first line, `hanging` more before those that follow."""
    for line in folded(console, text, indent=indent, hanging=hanging):
        console.print(escape(line), style=style, highlight=False)


def folded(console: Console, text: str, *, indent: int = 0, hanging: int = 0) -> list[str]:
    """The lines of a text as this console shows them."""
    before = " " * indent
    if console.soft_wrap and not console.is_terminal:
        return [f"{before}{text}"]
    after = " " * (indent + hanging)
    width = max(console.width, indent + hanging + 20)
    lines = textwrap.wrap(
        text, width, initial_indent=before, subsequent_indent=after, break_long_words=False, break_on_hyphens=False
    )
    return lines or [before]
