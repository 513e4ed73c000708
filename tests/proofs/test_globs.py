"""Two patterns overlap exactly if some text matches both."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.iam.globs import arns_overlap, overlap

PATTERNS = st.text(alphabet="ab*?", max_size=4)
TEXTS = ["".join(letters) for size in range(9) for letters in itertools.product("ab", repeat=size)]
"""No two patterns of four marks need a longer witness than the letters of both."""


def matches(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern.replace("*", ".*").replace("?", "."), text) is not None


@given(PATTERNS, PATTERNS)
def test_overlap_agrees_with_trying_every_text(one: str, other: str) -> None:
    assert overlap(one, other) == any(matches(one, text) and matches(other, text) for text in TEXTS)


@given(PATTERNS, PATTERNS)
def test_overlap_does_not_depend_on_the_order(one: str, other: str) -> None:
    assert overlap(one, other) == overlap(other, one)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("arn:aws:s3:::files/*", "arn:*:s3:::*/*", True),
        ("arn:aws:s3:::files", "arn:*:s3:::*/*", False),
        ("arn:aws:logs:r:1:log-group:/a:*", "arn:*:logs:*:*:log-group:*:log-stream:*", True),
        ("arn:aws:logs:r:1:log-group:/a", "arn:*:logs:*:*:log-group:*:log-stream:*", False),
        ("arn:aws:kms:r:1:alias/a", "arn:*:kms:*:*:key/*", False),
        ("arn:aws:iam::1:role/*", "arn:*:iam::*:role/*", True),
        ("arn:aws:logs:*", "arn:*:logs:*:*:log-group:*", True),
    ],
)
def test_arns_overlap_field_by_field(one: str, other: str, expected: bool) -> None:
    assert arns_overlap(one, other) is expected
