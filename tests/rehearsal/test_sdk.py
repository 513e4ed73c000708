"""The faster search for circles finds what the SDK's own finds."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import resource_cycle_breaker, rpc

from rehearsal.sdk import declare_dependency, lean


class Thing:
    """What the search knows of a resource: that it is one."""


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=40))
def test_circles_are_found_as_the_sdk_finds_them(edges: list[tuple[int, int]]) -> None:
    ours: list[Any] = [Thing() for _ in range(6)]
    theirs: list[Any] = [Thing() for _ in range(6)]
    for dependent, dependency in edges:
        told = resource_cycle_breaker.declare_dependency(theirs[dependent], theirs[dependency])
        assert declare_dependency(ours[dependent], ours[dependency]) is told


def test_the_sdk_is_left_as_it_was() -> None:
    before = rpc.declare_dependency  # type: ignore[attr-defined]
    with lean():
        assert rpc.declare_dependency is declare_dependency  # type: ignore[attr-defined]
    assert rpc.declare_dependency is before  # type: ignore[attr-defined]
