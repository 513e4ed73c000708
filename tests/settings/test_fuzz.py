"""Any stack file, however wrong, ends in settings or in the one clear error: never in another exception, never in a hang."""

import copy
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.settings import Settings, SettingsError, parse
from components.settings.root import PARTS, General
from tests.settings.stack_files import KeyPath, at, paths, raw, without

REGION = "ap-northeast-2"

STACKS = {stack: raw(stack)[0] for stack in ("dev", "prod")}
PATHS = {stack: paths(file) for stack, file in STACKS.items()}

WORDS = [
    "",
    " ",
    "x",
    "null",
    "true",
    "10",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "2001:db8::/32",
    "ap-northeast-2a",
    "aws",
    "off",
    "rate(1 day)",
]
ODD = ["\x00", "\x1b[2J", "\ud800", "\uff11\uff12", "²", "é" * 300, "a" * 70_000, "${x}", "ecr:", "arn:aws:", "../..", "-", "é"]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(),
    st.sampled_from(WORDS + ODD),
    st.text(max_size=40),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=8,
)
KEYS = sorted({str(part) for paths in PATHS.values() for path in paths for part in path if isinstance(part, str)})


def _near(value: Any) -> st.SearchStrategy[Any]:
    """Values like the one that is there, but for one thing: the right type out of range, the right value in another type."""
    if isinstance(value, bool):
        return st.sampled_from([not value, str(value), int(value), [value], {"enabled": value}])
    if isinstance(value, (int, float)):
        return st.sampled_from(
            [value + 1, value - 1, -value, 0, value * 1000, float(value), value + 0.5, str(value), [value], {}]
        )
    if isinstance(value, str):
        other = st.sampled_from(
            [value.upper(), value + "x", value[1:], value * 50, f" {value}", f"{value}\n", [value], {value: value}]
        )
        number = re.search(r"\d+", value)
        return st.one_of(other, st.just(value.replace(number[0], "999", 1))) if number else other
    if isinstance(value, list):
        return st.sampled_from(
            [
                value * 2,
                value[:-1],
                value[::-1],
                value * 20,
                {str(at): item for at, item in enumerate(value)},
                value[0] if value else 0,
            ]
        )
    if isinstance(value, dict):
        return st.sampled_from([list(value), list(value.values()), {}, {key.upper(): item for key, item in value.items()}])
    return VALUES


@st.composite
def broken_files(draw: st.DrawFn) -> tuple[dict[str, Any], Any]:
    """A stack file of this project with one to five things done to it, and a region."""
    stack = draw(st.sampled_from(sorted(STACKS)))
    file = copy.deepcopy(STACKS[stack])
    for _ in range(draw(st.integers(min_value=1, max_value=5))):
        path = draw(st.sampled_from(paths(file) or [("size",)]))
        parent, key = at(file, path[:-1]), path[-1]
        match draw(st.sampled_from(["delete", "replace", "near", "swap", "add", "rename"])):
            case "delete":
                parent.pop(key, None) if isinstance(parent, dict) else parent.pop(int(key))
            case "replace":
                parent[key] = draw(VALUES)
            case "near":
                parent[key] = copy.deepcopy(draw(_near(parent[key]))) if key in parent or isinstance(key, int) else draw(VALUES)
            case "swap":
                parent[key] = copy.deepcopy(at(STACKS[stack], draw(st.sampled_from(PATHS[stack]))))
            case "add":
                target = parent[key] if isinstance(key, int) or key in parent else None
                if isinstance(target, dict):
                    target[draw(st.one_of(st.sampled_from(KEYS), st.text(max_size=10)))] = draw(VALUES)
                elif isinstance(target, list):
                    target.append(draw(VALUES))
            case "rename":
                if isinstance(parent, dict) and key in parent:
                    parent[draw(st.one_of(st.sampled_from(KEYS), st.just(f"{key}s"), st.just(str(key)[1:])))] = parent.pop(key)
    return file, draw(st.sampled_from([REGION] * 5 + ["us-east-1", "moon-1", None, 3, ["x"]]))


def outcome(file: dict[str, Any], region: Any) -> tuple[Settings | None, str]:
    """The settings, or the text of the error; anything else is raised."""
    try:
        return parse(copy.deepcopy(file), region), ""
    except SettingsError as error:
        assert error.mistakes
        return None, str(error)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(broken_files())
def test_a_broken_file_ends_in_settings_or_in_the_error_that_a_person_can_read(file: tuple[dict[str, Any], Any]) -> None:
    result, text = outcome(*file)
    assert outcome(*file) == (result, text), "the same file, another answer"
    if result is None:
        text.encode()
        assert "\x1b" not in text and "\x00" not in text
        assert text.count("\n  fix ") == text.count("\n  allowed ") == text.count("\n  value ")
        for line in text.splitlines():
            assert "object at 0x" not in line and "Traceback" not in line and "pydantic" not in line, line


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from([part.key for part in PARTS.values()] + list(General.model_fields)), st.text()), VALUES
    ),
    VALUES,
)
def test_even_what_was_never_a_stack_file_ends_so(file: dict[str, Any], region: Any) -> None:
    assert outcome(file, region)[0] is None, "a network has no default"


INDEPENDENT: dict[KeyPath, tuple[Any, str]] = {
    ("network", "zones", 0): ("us-east-1a", "hybridge:network.zones[0]"),
    ("onPremises", "dnsServers", 0): ("8.8.8.8", "hybridge:onPremises.dnsServers[0]"),
    ("directConnect", "gatewayAsn"): (1, "hybridge:directConnect.gatewayAsn"),
    ("clientVpn", "cidr"): ("10.0.0.0", "hybridge:clientVpn.cidr"),
    ("containers", "targetCapacityPercent"): (101, "hybridge:containers.targetCapacityPercent"),
    ("workloads", 0, "cpu"): ("much", "hybridge:workloads[0].cpu"),
    ("workloads", 2, "placement"): ("moon", "hybridge:workloads[2].placement"),
    ("database", "throughput"): (1, "hybridge:database.throughput"),
    ("migration", "parallelTables"): (50, "hybridge:migration.parallelTables"),
    ("storage", "archiveDays"): (1, "hybridge:storage.archiveDays"),
    ("management", "timeZone"): ("Moon/Tranquility", "hybridge:management.timeZone"),
    ("tags",): ({"Name": "x"}, "hybridge:tags"),
    ("size",): ("huge", "hybridge:size"),
    ("protect",): ("perhaps", "hybridge:protect"),
    ("nothing",): (1, "hybridge:nothing"),
}
"""Where, what, and the key of the mistake that it must be."""


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(STACKS)), st.sets(st.sampled_from(list(INDEPENDENT)), min_size=1))
def test_however_many_mistakes_there_are_all_of_them_are_told_at_once(stack: str, chosen: set[KeyPath]) -> None:
    file = copy.deepcopy(STACKS[stack])
    for path in chosen:
        parent: Any = file
        for part in path[:-1]:
            parent = parent.setdefault(part, {}) if isinstance(parent, dict) else parent[part]
        parent[path[-1]] = copy.deepcopy(INDEPENDENT[path][0])
    with pytest.raises(SettingsError) as error:
        parse(file, REGION)
    assert {INDEPENDENT[path][1] for path in chosen} <= {mistake.key for mistake in error.value.mistakes}


def mistakes_of(file: dict[str, Any]) -> set[str]:
    """What is wrong with a file."""
    try:
        parse(copy.deepcopy(file), REGION)
    except SettingsError as error:
        return set(map(str, error.mistakes))
    return set()


RULES_BROKEN: dict[KeyPath, Any] = {
    ("network", "zones", 0): "us-east-1a",
    ("onPremises", "cidrs"): ["10.0.0.0/8"],
    ("onPremises", "dnsServers", 0): "8.8.8.8",
    ("directConnect", "allowedPrefixes"): ["10.0.0.0/24"],
    ("clientVpn", "cidr"): "10.10.0.0/16",
    ("workloads", 1, "name"): "database",
    ("workloads", 0, "image"): "ecr:nothing:1",
    ("database", "maxStorageGiB"): 21,
    ("migration", "engineVersion"): "3.5.4",
    ("storage", "hotDays"): 400,
    ("management", "backup", "startHour"): 2,
}
"""Values that parse but break a rule, most of them one across sections."""


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_value_that_does_not_parse_makes_no_rule_tell_what_it_would_not_tell_otherwise(data: st.DataObject) -> None:
    file = copy.deepcopy(STACKS[data.draw(st.sampled_from(sorted(STACKS)))])
    for path in data.draw(st.sets(st.sampled_from(list(RULES_BROKEN)), min_size=1)):
        parent: Any = file
        for part in path[:-1]:
            parent = parent.setdefault(part, {}) if isinstance(parent, dict) else parent[part]
        parent[path[-1]] = copy.deepcopy(RULES_BROKEN[path])
    only_rules = mistakes_of(file)
    given = [path for path in paths(file) if not isinstance(at(file, path), (dict, list)) and at(file, path) != ""]
    broken = data.draw(st.sampled_from(given))
    at(file, broken[:-1])[broken[-1]] = {"no such key": 1}
    key = "hybridge:" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in broken).removeprefix(".")
    assert {mistake for mistake in mistakes_of(file) if not mistake.startswith(f"Mistake(key='{key}")} <= only_rules


@pytest.mark.parametrize("stack", STACKS)
def test_every_key_of_a_stack_file_may_be_left_out_but_the_mistakes_then_name_it(stack: str) -> None:
    for path in PATHS[stack]:
        file = copy.deepcopy(STACKS[stack])
        without(file, path)
        result, text = outcome(file, REGION)
        assert result is not None or "hybridge:" in text, path


@pytest.mark.parametrize("stack", STACKS)
def test_every_key_of_a_stack_file_is_checked_for_its_type(stack: str) -> None:
    """A mapping with an unknown key fits nowhere but where names are free."""
    for path in PATHS[stack]:
        if "environment" in path or path[0] == "tags" or path[-1] == "targetSchemas" or "secrets" in path:
            continue
        file = copy.deepcopy(STACKS[stack])
        at(file, path[:-1])[path[-1]] = {"no such key": {"at": "all"}}
        assert outcome(file, REGION)[0] is None, path
