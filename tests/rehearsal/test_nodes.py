"""The nodes of moto's answers are those that parsing its XML gives."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.nodes import Unlike, node

NAMES = st.sampled_from(["vpcId", "tagSet", "item", "ResponseMetadata", "RequestId"])
LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n&<>\"'", exclude_characters="￾￿"))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | LETTERS
TREES = st.recursive(SCALARS, lambda inner: st.dictionaries(NAMES, inner | st.lists(inner)), max_leaves=20)


def parsed(body: dict[str, Any]) -> ElementTree.Element:
    """What botocore parses, as it sees it: without namespaces."""
    root = ElementTree.fromstring(xmltodict.unparse(body, full_document=True, short_empty_elements=True).encode())
    for one in root.iter():
        one.tag = re.sub("{.*}", "", one.tag)
    return root


def plain(found: ElementTree.Element) -> tuple[Any, ...]:
    return found.tag, found.text, tuple(plain(one) for one in found)


@given(st.dictionaries(NAMES, TREES | st.lists(TREES)))
def test_a_tree_is_what_its_text_would_be_read_as(tree: dict[str, Any]) -> None:
    tree["@xmlns"] = "http://ec2.amazonaws.com/doc/2016-11-15/"
    expected = parsed({"Answer": tree})
    for told in expected.iterfind("ResponseMetadata/RequestId"):
        told.text = ""  # each answer has its own
    assert plain(node({"Answer": tree})) == plain(expected)


@pytest.mark.parametrize("value", ["a\rb", "\x00", {"@kind": "x"}, {"#text": "x"}, b"x"])
def test_what_text_changes_is_left_to_text(value: Any) -> None:
    with pytest.raises(Unlike):
        node({"Answer": {"item": value}})
