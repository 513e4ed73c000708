import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.names import LOAD_BALANCER_LIMIT, SUFFIX, fit

NAMES = st.from_regex(r"[a-z]([a-z0-9-]*[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize("name", ["platform-web", "a" * 24])
def test_a_name_that_fits_stays(name: str) -> None:
    assert fit(name) == name


def test_a_long_name_ends_in_a_hash_of_the_whole() -> None:
    assert fit("platform-a-workload-name-of-20") == "platform-a-worklo-573f9a"


@given(NAMES)
def test_every_result_is_what_a_target_group_may_be_called(name: str) -> None:
    result = fit(name)
    assert len(result) <= LOAD_BALANCER_LIMIT - SUFFIX
    assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", result), "AWS refuses two hyphens in a row as well"


@given(st.sets(NAMES, min_size=2, max_size=20))
def test_two_names_give_two_results(names: set[str]) -> None:
    assert len({fit(name) for name in names}) == len(names)
