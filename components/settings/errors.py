"""The one error of a wrong stack file: every mistake at once, in the order of the keys, for someone reading it at night."""

import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

from components.settings.base import Mistake

WIDTH = 79
"""Columns: what a terminal has at least."""
LONGEST_VALUE = 120


class SettingsError(pulumi.RunError):
    """A stack file with mistakes. A RunError, so that the Pulumi CLI prints the text alone, without a traceback."""

    def __init__(
        self,
        mistakes: Iterable[Mistake],
        stack: str,
        names: Mapping[str, str] | None = None,
        origin: Mapping[str, str] | None = None,
    ) -> None:
        """`names` tells what an item of a list is called, by its key: positions are hard to count in a long file.

        `origin` tells which keys, and all below them, are not in the stack's own file, and in which they are.
        """
        self.mistakes: tuple[Mistake, ...] = in_order(mistakes)
        """What is wrong, in the order it is printed."""
        super().__init__(report(self.mistakes, stack, names or {}, origin or {}))


def in_order(mistakes: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """The mistakes without repetitions, sorted by key (list positions as numbers), then by what is allowed."""
    unique = {(mistake.key, mistake.allowed, mistake.fix): mistake for mistake in mistakes}
    return tuple(unique[identity] for identity in sorted(unique, key=lambda identity: (_natural(identity[0]), *identity[1:])))


def _natural(key: str) -> list[tuple[bool, int, str]]:
    # isdecimal and ASCII, because int() refuses other digits that a key may hold, such as a superscript
    parts = re.split(r"([0-9]+)", key)
    return [
        (part.isascii() and part.isdecimal(), int(part) if part.isascii() and part.isdecimal() else 0, part) for part in parts
    ]


def report(mistakes: tuple[Mistake, ...], stack: str, names: Mapping[str, str], origin: Mapping[str, str]) -> str:
    """The text a person reads: per mistake the key, the value, what is allowed, and what to do."""
    file = f"Pulumi.{stack}.yaml"
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    closing = textwrap.fill(f"Correct {file} and run again; docs/configuration.md has every key.", WIDTH)
    return "\n\n".join([f"{file} has {count}; nothing was created.", *entries(mistakes, names, origin), closing])


def entries(mistakes: Iterable[Mistake], names: Mapping[str, str], origin: Mapping[str, str] | None = None) -> list[str]:
    """One text per mistake, of several lines. `names` and `origin` are as in SettingsError."""
    return [
        "\n".join(
            [
                printable(mistake.key) + _within(mistake.key, names, origin or {}),
                *_hanging("value", shown(mistake.value)),
                *_hanging("allowed", printable(mistake.allowed)),
                *_hanging("fix", printable(mistake.fix)),
            ]
        )
        for mistake in mistakes
    ]


def _within(key: str, names: Mapping[str, str], origin: Mapping[str, str]) -> str:
    """The names of the list items that a key lies in, outermost first, and the file that it is in, if that is another."""
    found = [names[key[: match.end()]] for match in re.finditer(r"\[\d+\]", key) if key[: match.end()] in names]
    files = [file for taken, file in origin.items() if key == taken or key.startswith((f"{taken}.", f"{taken}["))]
    parts = [", ".join(found), *(f"taken from {file}" for file in files[:1])]
    told = "; ".join(part for part in parts if part)
    return f"  ({printable(told)})" if told else ""


def _hanging(label: str, text: str) -> list[str]:
    lines = textwrap.wrap(text, WIDTH - 11, break_long_words=False, break_on_hyphens=False) or [""]
    return [f"  {label:<9}{lines[0]}".rstrip(), *(f"  {'':<9}{line}" for line in lines[1:])]


def printable(text: str) -> str:
    """The text with nothing in it that a terminal would obey or could not encode."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


class Unshown(str):
    """Words that stand for a value, printed as they are: `not set`, or what a secret is replaced by."""


NOT_SET = Unshown("(not set)")
SECRET = Unshown("(secret, not shown)")


def shown(value: Any) -> str:
    """A value as it would stand in the stack file, on one line and shortened."""
    if isinstance(value, Unshown):
        return printable(value)
    if value is None:
        return str(NOT_SET)
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError):
        text = repr(value)
    text = printable(text)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}... ({len(text)} characters)"
