"""What AWS draws for a resource, by which it is known wherever it is referred to: another one, if it is made anew.

An id is drawn, and so is most of an ARN; a name that the program gives is not, nor is an ARN made of it alone. So references
are found by what is drawn in them, inside policies, scripts and dimensions too, and what will be the same again is none.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.create import UNFILLED
from rehearsal.emulator import ACCOUNT
from rehearsal.strings import strings
from rehearsal.table import TABLE

_WORD = re.compile(r"[A-Za-z0-9]{7,}|\d{1,3}(?:\.\d{1,3}){3}(?![\d/])")
"""What may be drawn: a word long enough not to be a name's, or an address. A block is given, not drawn."""
_NAME = re.compile(r"[A-Za-z]*\d{0,3}|\d{1,6}")
"""A word that somebody thought of: `route53`."""

NUMBERED = {"aws:ecs/taskDefinition:TaskDefinition": "arn"}
"""Type -> output whose end AWS counts on: a name and a revision, of which nothing is drawn."""


@dataclass(frozen=True)
class Made:
    """A resource, with what was asked for and what came back in plain text."""

    urn: str
    type: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


class Owners:
    """Whose drawn words are whose."""

    def __init__(self, resources: Iterable[Made]) -> None:
        self._words: dict[str, str] = {}
        self._whole: dict[str, str] = {}
        for one in resources:
            given = {word for text in texts(one.inputs) for word in _WORD.findall(text)}
            for word in _drawn(one):
                if word not in given:
                    # What another resource was told of it first is still its own.
                    self._words.setdefault(word, one.urn)
            if output := one.outputs.get(NUMBERED.get(one.type, "")):
                self._whole[str(output)] = one.urn

    def of(self, value: str) -> set[str]:
        """The URNs of the resources that something of is in a text."""
        found = {self._words[word] for text in texts(value) for word in _WORD.findall(text) if word in self._words}
        return found | ({self._whole[value]} if value in self._whole else set())


def _drawn(made: Made) -> Iterator[str]:
    row = TABLE.get(made.type)
    if row and row.autoname and row.autoname not in made.inputs and row.autoname in made.outputs:
        # The end of a name that Pulumi makes up is seven digits, all of which may happen to be letters.
        yield str(made.outputs[row.autoname]).rsplit("-", maxsplit=1)[-1]
    for text in (made.id, *texts(made.outputs)):
        if UNFILLED not in text:
            yield from (word for word in _WORD.findall(text) if word != ACCOUNT and not _NAME.fullmatch(word))


def texts(value: Any) -> Iterator[str]:
    """Every text in a value; of what is encoded, such as a script, also what it says."""
    for text in strings(value):
        yield text
        if len(text) > 100 and " " not in text[:100]:
            try:
                yield base64.b64decode(text, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                continue
