"""What holds for all tests."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _tidy_heap() -> Iterator[None]:
    """Rehearsed stacks are millions of objects: collected once per module, they do not slow every test that comes after."""
    yield
    gc.unfreeze()
    gc.collect()
    gc.freeze()
