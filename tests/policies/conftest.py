"""Packs are started once for all tests: each takes half a second."""

from collections.abc import Iterator

import pytest

from tests.policies.judge import Judge, judge


@pytest.fixture(scope="session")
def small() -> Iterator[Judge]:
    with judge("small") as found:
        yield found


@pytest.fixture(scope="session")
def medium() -> Iterator[Judge]:
    with judge("medium") as found:
        yield found
