"""Lines for people: folded between words on a terminal, whole where a program reads them."""

import textwrap

from rich.console import Console
from rich.markup import escape
from rich.text import Text

PIPED = 160
"""Columns that are taken where there is no terminal, as in a log."""
NARROWEST = 20
"""Columns that are used however far a text is moved in."""


def say(console: Console, text: str, *, indent: int = 0, hanging: int = 0, style: str = "") -> None:
    """Print plain text: `indent` blanks before its first line, `hanging` more before those that follow."""
    tell(console, escape(text), indent=indent, hanging=hanging, style=style)


def tell(console: Console, markup: str, *, indent: int = 0, hanging: int = 2, style: str = "") -> None:
    """Print a text with rich's markup in the same way. What is longer than a line and has no blank in it stays whole."""
    text = Text.from_markup(markup, style=style, emoji=False)
    before, after = " " * indent, " " * (indent + hanging)
    if console.soft_wrap and not console.is_terminal:
        console.print(Text(before) + text, highlight=False)
        return
    plain = text.plain.replace("\n", " ")
    lines = textwrap.wrap(
        plain,
        max(console.width, indent + hanging + NARROWEST),
        initial_indent=before,
        subsequent_indent=after,
        expand_tabs=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
    at = 0
    for line, prefix in zip(lines or [before], [before, *[after] * len(lines)], strict=False):
        part = line[len(prefix) :]
        start = plain.index(part, at)
        at = start + len(part)
        console.print(Text(prefix) + text[start:at], highlight=False)
