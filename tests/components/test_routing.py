import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import routing
from components.routing import Route, patterns_overlap, route_of, routes_overlap

PATTERNS = st.text(alphabet="ab/*?", min_size=1, max_size=8)
TEXTS = st.text(alphabet="ab/", max_size=8)


def matches(pattern: str, text: str) -> bool:
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), text) is not None


@pytest.mark.parametrize(
    ("hosts", "paths", "zone", "expected"),
    [
        ([], [], "aws.corp", Route(("web.aws.corp",), ())),
        (["shop.corp"], [], "aws.corp", Route(("web.aws.corp", "shop.corp"), ())),
        (["web.aws.corp"], [], "aws.corp", Route(("web.aws.corp",), ())),
        ([], ["/api/*"], "aws.corp", Route((), ("/api/*",))),
        (["shop.corp"], ["/api/*"], "aws.corp", Route(("web.aws.corp", "shop.corp"), ("/api/*",))),
        (["shop.corp"], [], None, Route(("shop.corp",), ())),
        ([], [], None, Route((), ())),
    ],
)
def test_a_workload_answers_its_own_name_unless_it_shares_paths_with_others(
    hosts: list[str], paths: list[str], zone: str | None, expected: Route
) -> None:
    assert route_of("web", hosts, paths, zone) == expected


def test_a_priority_follows_from_the_name_and_the_kind_of_route_alone() -> None:
    assert routing.priority("web", by_host=True, by_path=False) == 22_340
    assert routing.priority("web", by_host=True, by_path=True) == 22_340 - routing.BAND
    assert routing.priority("web", by_host=False, by_path=True) == 22_340 + routing.BAND


@given(st.text(min_size=1), st.booleans(), st.booleans())
def test_every_priority_is_one_that_a_listener_takes(name: str, by_host: bool, by_path: bool) -> None:
    assert 1 <= routing.priority(name, by_host=by_host, by_path=by_path) <= routing.HIGHEST_PRIORITY


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_the_more_a_route_asks_for_the_earlier_it_is_tried(one: str, two: str, three: str) -> None:
    both = routing.priority(one, by_host=True, by_path=True)
    host = routing.priority(two, by_host=True, by_path=False)
    path = routing.priority(three, by_host=False, by_path=True)
    assert both < host < path


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("/api/*", "/api/v1/*", True),
        ("/api/*", "/app/*", False),
        ("/*", "/anything", True),
        ("/a?c", "/abc", True),
        ("/a?c", "/ac", False),
        ("*.corp.example", "shop.corp.example", True),
        ("*.corp.example", "shop.corp.org", False),
        ("a*b", "*ab*b", True),
        ("", "*", True),
        ("", "?", False),
    ],
)
def test_patterns_overlap_when_one_text_can_match_both(one: str, other: str, expected: bool) -> None:
    assert patterns_overlap(one, other) is expected
    assert patterns_overlap(other, one) is expected


@given(PATTERNS, PATTERNS, TEXTS)
def test_two_patterns_that_match_one_text_overlap(one: str, other: str, text: str) -> None:
    if matches(one, text) and matches(other, text):
        assert patterns_overlap(one, other)


@given(PATTERNS, TEXTS)
def test_a_pattern_overlaps_a_text_exactly_when_it_matches_it(pattern: str, text: str) -> None:
    assert patterns_overlap(pattern, text) is matches(pattern, text)
    assert fnmatch.fnmatchcase(text, pattern) is matches(pattern, text)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Route(("a.corp",)), Route(("b.corp",)), False),
        (Route(("a.corp",)), Route((), ("/x",)), True),
        (Route(("a.corp",), ("/x",)), Route(("a.corp",), ("/y",)), False),
        (Route(("a.corp",), ("/x/*",)), Route(("*.corp",), ("/x/y",)), True),
    ],
)
def test_routes_overlap_when_host_and_path_both_do(one: Route, other: Route, expected: bool) -> None:
    assert routes_overlap(one, other) is expected


def test_wildcards_are_counted_over_the_whole_rule() -> None:
    assert Route(("*.corp.example",), ("/a?/*",)).wildcards == 3
