"""What a stack file may hold is told in words, and the nearest known value with it, for every key of its kind."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from components import instance_types
from components.settings import parse
from components.settings.describe import describe
from components.settings.errors import SettingsError
from components.settings.forms import FORMS
from components.settings.parse import merged
from components.settings.root import PARTS, General
from components.settings.translate import _schema
from tests import instance_types as written

REGION = "ap-northeast-2"
BASE: dict[str, Any] = {
    "network": {"cidr": "10.200.0.0/16", "zones": [f"{REGION}a", f"{REGION}b"]},
    "onPremises": {"cidrs": ["10.10.0.0/16"]},
}
SCHEMAS = {part.key: _schema(part.model) for part in PARTS.values()} | {"": _schema(General)}


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every node of a schema."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


def patterns() -> set[str]:
    """Those of keys that no example of their own explains, and those of names in mappings."""
    texts = [one for schema in SCHEMAS.values() for one in nodes(schema) if isinstance(one.get("pattern"), str)]
    found = {str(one["pattern"]) for one in texts if not one.get("examples") or one["pattern"] in FORMS}
    maps = [one["patternProperties"] for schema in SCHEMAS.values() for one in nodes(schema) if "patternProperties" in one]
    return found | {pattern for one in maps for pattern in one}


def leaves(node: dict[str, Any], root: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The ways to every key of text, `[]` standing for an item of a list."""
    if "$ref" in node:
        node = root["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    for option in node.get("anyOf", []):
        yield from leaves(option, root, path)
    for key, below in node.get("properties", {}).items():
        yield from leaves(below, root, (*path, key))
    if isinstance(node.get("items"), dict):
        yield from leaves(node["items"], root, (*path, "[]"))
    if node.get("type") == "string":
        yield path


def keys(of: Callable[[str], object]) -> list[tuple[str, ...]]:
    """The ways to the keys of text whose own name is of some kind."""
    found = []
    for key, schema in SCHEMAS.items():
        start = (key,) if key else ()
        listed = ("[]",) if any(part.key == key and part.listed for part in PARTS.values()) else ()
        found += [*leaves(schema, schema, (*start, *listed))]
    return sorted({path for path in found if of(next(part for part in reversed(path) if part != "[]"))})


def told(path: tuple[str, ...], value: str) -> tuple[str, str]:
    """What is allowed, and what to do, where a key has that value."""
    raw: Any = value
    for part in reversed(path):
        # A second zone stands beside one, for a list of one is refused as such.
        raw = [raw, *[f"{REGION}a"][: "zones" in path]] if part == "[]" else {part: raw}
    with pytest.raises(SettingsError) as refused:
        parse(merged(BASE, raw), REGION)
    key = "hybridge:" + ".".join(path).replace(".[]", "[0]")
    found = [one for one in refused.value.mistakes if one.key == key]
    assert found, f"{key}: {value} is not refused"
    return found[0].allowed, found[0].fix


def test_every_pattern_has_words_and_an_example_that_it_takes() -> None:
    own = {
        one["pattern"]
        for schema in SCHEMAS.values()
        for one in nodes(schema)
        if "pattern" in one and "db" in str(one["pattern"])
    }
    assert own
    assert sorted(patterns() - FORMS.keys()) == [], "give it words in components/settings/forms.py, or examples"
    assert FORMS.keys() - patterns() - ELSEWHERE == set(), "words of a pattern that is gone"
    assert [form.example for pattern, form in FORMS.items() if not re.search(pattern, form.example)] == []


ELSEWHERE = {r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$", r"^\d{4}-\d{2}-\d{2}$"}
"""Forms of text that pydantic's schema shows only where nothing is looked at before."""


def test_no_description_holds_a_regular_expression() -> None:
    for schema in SCHEMAS.values():
        for node in nodes(schema):
            if "type" in node and isinstance(node["type"], str):
                assert not re.search(r"\^|\[[a-z]-|\\d|\)\?", describe(node, schema)), node


@pytest.mark.parametrize("path", keys(lambda name: name.endswith(("instanceType", "instanceClass"))), ids=".".join)
@pytest.mark.parametrize("wrong", ["db.m6g.xlrage", "dms.r6i.larg", "m6i.xlrage"])
def test_an_instance_type_that_does_not_exist_is_refused_with_the_nearest(path: tuple[str, ...], wrong: str) -> None:
    allowed, fix = told(path, wrong)
    assert "such as" in allowed
    assert fix.startswith("Did you mean ")


def test_there_are_keys_of_instance_types_zones_and_regions() -> None:
    """What finds the keys above and below finds them."""
    assert ("containers", "instanceType") in keys(lambda name: name.endswith("instanceType"))
    assert ("database", "readReplicas", "instanceClass") in keys(lambda name: name.endswith("instanceClass"))
    assert ("network", "zones", "[]") in keys(lambda name: name == "zones")
    assert ("secondaryRegion",) in keys(lambda name: name.lower().endswith("region"))


@pytest.mark.parametrize("path", keys(lambda name: name in {"zone", "zones"}), ids=".".join)
@pytest.mark.parametrize("wrong", [f"{REGION}f", "euc1-az1", "eu-central-1a"])
def test_a_zone_that_is_not_there_is_refused(path: tuple[str, ...], wrong: str) -> None:
    allowed, _ = told(path, wrong)
    assert f"{REGION}a" in allowed


@pytest.mark.parametrize("path", keys(lambda name: name.lower().endswith("region")), ids=".".join)
def test_a_region_that_does_not_exist_is_refused_with_the_nearest(path: tuple[str, ...]) -> None:
    assert told(path, "eu-central1")[1] == "Did you mean eu-central-1?"


def test_so_is_that_of_the_stack() -> None:
    with pytest.raises(SettingsError, match=r"Did you mean eu-central-1\?"):
        parse(BASE, "eu-central-1a")


@pytest.mark.parametrize(("wrong", "near"), [("sgs", "sts"), ("com.amazonaws.eu-central-1.sqs", "sqs"), ("SSM", "ssm")])
def test_an_endpoint_that_is_not_known_is_refused_with_the_nearest(wrong: str, near: str) -> None:
    assert told(("network", "endpoints", "[]"), wrong)[1] == f"Did you mean {near}?"


@pytest.mark.parametrize(
    ("zone", "offset"), [("Europe/Berlin", "GMT+1:00"), ("America/New_York", "GMT-5:00"), ("Asia/Kolkata", "GMT+5:30")]
)
def test_a_time_zone_of_the_gateway_is_told_as_an_offset(zone: str, offset: str) -> None:
    assert told(("storage", "fileGateway", "timeZone"), zone)[1] == f"Write {offset}, which {zone} is in winter."


def test_a_time_zone_is_refused_with_the_nearest() -> None:
    assert told(("management", "timeZone"), "Europe/Berlinn")[1] == "Did you mean Europe/Berlin?"


def test_the_instance_types_are_those_of_the_installed_model() -> None:
    assert instance_types.KNOWN.read_text(encoding="utf-8") == written.current(), "run python -m tests.instance_types"
    assert {"m7g.medium", "t3.large", "u-3tb1.56xlarge"} <= instance_types.known()
