"""The pack in a first preview, where nothing has an id yet."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pulumi.runtime import rpc

from tests.policies.judge import Judge, previewed, with_dependencies
from tests.policies.sound import changed, sound


def test_a_sound_stack_has_no_violation_before_anything_exists(small: Judge, medium: Judge) -> None:
    """Nor does any policy give up, which the SDK tells as an advisory violation."""
    assert small(previewed(sound())) == medium(previewed(sound())) == set()


@pytest.mark.parametrize(
    ("policy", "name", "values"),
    [
        ("no-internet-ingress", "from-vpc", {"cidrIpv4": "0.0.0.0/0"}),
        ("no-public-endpoints", "balancer", {"internal": False}),
        ("encrypted-at-rest", "database", {"storageEncrypted": False}),
        ("multi-az", "database", {"multiAz": False}),
        ("database-backups", "database", {"backupRetentionPeriod": 0}),
        ("buckets-are-private", "files", {}),
        ("buckets-encrypted", "files", {}),
        ("buckets-versioned", "files", {}),
        ("tags-present", "topic", {"tags": {}, "tagsAll": {}}),
        ("approved-regions", "topic", {"region": "us-east-1"}),
    ],
)
def test_what_does_not_hang_on_an_id_is_found_in_the_preview(
    medium: Judge, policy: str, name: str, values: dict[str, object]
) -> None:
    resources = sound()
    if values:
        resources[name] = changed(resources[name], **values)
    else:
        parts = {
            "buckets-are-private": "files-block",
            "buckets-encrypted": "files-encryption",
            "buckets-versioned": "files-versioning",
        }
        del resources[parts[policy]]
    assert medium(previewed(resources)) == {(policy, name)}


def test_a_whole_list_that_is_unknown_is_judged_later(medium: Judge) -> None:
    resources = sound()
    resources["group"] = changed(resources["group"], vpcZoneIdentifiers="arn:unknown")
    assert medium(previewed(resources)) == set()


def leaves(value: Any) -> int:
    """How many plain values there are within a value."""
    if isinstance(value, Mapping):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


def hidden(value: Any, position: int) -> Any:
    """The value with one of its plain values unknown."""
    if isinstance(value, (Mapping, list)):
        found: dict[Any, Any] = {}
        for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
            found[key] = hidden(item, position) if 0 <= position < leaves(item) else item
            position -= leaves(item)
        return found if isinstance(value, Mapping) else list(found.values())
    return rpc.UNKNOWN


@pytest.mark.parametrize("deep", [False, True], ids=["whole properties", "values within them"])
def test_whatever_is_unknown_is_judged_later(medium: Judge, deep: bool) -> None:
    """In turn, each property of each resource is unknown: no policy fails, gives up or takes it for wrong."""
    resources = with_dependencies(sound())
    most = max(leaves(one.inputs) if deep else len(one.inputs) for one in resources.values())
    for position in range(most):
        changed_ones = {}
        for name, one in resources.items():
            if deep and position < leaves(one.inputs):
                inputs = hidden(one.inputs, position)
            elif not deep and position < len(one.inputs):
                inputs = {**one.inputs, sorted(one.inputs)[position]: rpc.UNKNOWN}
            else:
                continue
            changed_ones[name] = replace(one, inputs=inputs, outputs={**one.outputs, **inputs})
        assert medium({**resources, **changed_ones}) == set(), position
