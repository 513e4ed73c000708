"""The pack in a first preview, where nothing has an id yet."""

import pytest

from tests.policies.sound import Judge, changed, previewed, sound


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
