"""Documents are written as the standard library writes them."""

import enum
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.written import text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)


class Colour(enum.StrEnum):
    RED = "red"


def as_ever(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, default=str)


@given(VALUES)
def test_any_document_is_the_same_to_the_byte(value: Any) -> None:
    assert text(value) == as_ever(value)


@pytest.mark.parametrize(
    "value",
    [{"a": [Colour.RED, datetime(2026, 1, 1, tzinfo=UTC)]}, {1: {"b": {}}, 2: []}, {"a": {None: 1}}, [[], {}, ()]],
    ids=["derived", "numbers as keys", "null as a key", "empty"],
)
def test_what_is_not_plain_json_is_written_as_ever(value: Any) -> None:
    assert text(value) == as_ever(value)
