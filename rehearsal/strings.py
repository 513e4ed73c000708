"""The texts in a value, wherever they stand."""

from collections.abc import Iterator, Mapping
from typing import Any


def strings(value: Any) -> Iterator[str]:
    """Every text among the items of a value, in their order; the keys are none of them."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def marked(value: Any, *marks: str) -> Iterator[str]:
    """What stands in a value from one of these marks on."""
    for text in strings(value):
        for mark in marks:
            if mark in text:
                yield text[text.index(mark) :]
