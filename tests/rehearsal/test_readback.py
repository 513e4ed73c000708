"""What reads back is compared by meaning: order, case of names and spelling of documents do not count, loss does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.readback import differs, tags_of


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("a", "a"),
        (3, "3"),
        (True, "true"),
        (False, None),
        (["a", "b"], ["b", "a", "c"]),
        ({"A": 1}, {"A": 1, "B": 2}),
        ('{"a": 1, "b": 2}', {"b": 2, "a": 1}),
        ({"k": "v"}, [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "w"}]),
        ({"protocol": "tcp"}, {"Protocol": "tcp"}),
    ],
)
def test_equal_in_meaning(asked: Any, got: Any) -> None:
    assert not differs(asked, got)


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        ("a", "b"),
        ("a", None),
        (True, None),
        (True, False),
        (["a", "a"], ["a", "b"]),
        (["a"], "a"),
        ({"A": 1}, {}),
        ({"A": 1}, None),
        ({"k": "v"}, [{"Key": "k", "Value": "w"}]),
        (1, "one"),
        ('{"a": 1}', '{"a": 2}'),
    ],
)
def test_lost_or_changed(asked: Any, got: Any) -> None:
    assert differs(asked, got)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(JSON)
def test_everything_equals_itself(value: Any) -> None:
    assert not differs(value, value)


@pytest.mark.parametrize("name", ["Tags", "tags", "TagList", "TagSet"])
def test_tags_are_found_under_every_name_of_aws(name: str) -> None:
    assert tags_of({name: [{"TagKey": "a", "TagValue": "1"}]}) == {"a": "1"}


def test_a_resource_without_tags_has_none() -> None:
    assert tags_of({"Name": "x"}) is None
