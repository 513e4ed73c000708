"""What AWS is not sent when a resource is made is checked all the same: a mistake would show years later, at its deletion."""

import re
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from rehearsal.pulumi_types import resource_class
from rehearsal.table import TABLE
from rehearsal.unsent import CHECKS, Allowed, is_duration, mistakes
from tests.rehearsal.support import REGION, rehearsed

KEY = "aws:kms/key:Key"
INSTANCE = "aws:rds/instance:Instance"
PASSWORD = "random:index/randomPassword:RandomPassword"

UNCHECKED: dict[tuple[str, str], str] = {
    ("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "token"): "S3 gives it out, and alone knows it",
    ("random:index/randomId:RandomId", "keepers"): "anything",
    ("random:index/randomId:RandomId", "prefix"): "anything",
    (PASSWORD, "keepers"): "anything",
    (PASSWORD, "overrideSpecial"): "anything",
}
"""Inputs that reach no request and may be whatever they are, with the reason."""


@pytest.mark.parametrize(
    ("type_", "inputs", "mistake"),
    [
        (KEY, {"deletionWindowInDays": 31}, "deletionWindowInDays is 31; allowed: a whole number from 7 to 30"),
        (KEY, {"deletionWindowInDays": 6}, "deletionWindowInDays is 6; allowed: a whole number from 7 to 30"),
        (
            "aws:secretsmanager/secret:Secret",
            {"recoveryWindowInDays": 5},
            "recoveryWindowInDays is 5; allowed: 0 or a whole number from 7 to 30",
        ),
        (
            INSTANCE,
            {"finalSnapshotIdentifier": "9-lives"},
            "finalSnapshotIdentifier is '9-lives'; allowed: a letter, then letters, digits and single hyphens, none at the end",
        ),
        (
            INSTANCE,
            {"skipFinalSnapshot": False},
            "finalSnapshotIdentifier is missing, without which the provider deletes nothing; name it, or set skipFinalSnapshot",
        ),
        (
            "aws:autoscaling/group:Group",
            {"instanceRefresh": {"strategy": "Rolling", "preferences": {"minHealthyPercentage": 101}}},
            "instanceRefresh.preferences.minHealthyPercentage is 101; allowed: a whole number from 0 to 100",
        ),
        (
            "aws:autoscaling/group:Group",
            {"waitForCapacityTimeout": "10"},
            "waitForCapacityTimeout is '10'; allowed: a duration such as 10m, or 0",
        ),
        (PASSWORD, {"length": 0}, "length is 0; allowed: a whole number of 1 or more"),
        (
            PASSWORD,
            {"length": 5, "minLower": 3, "minUpper": 3},
            "length is less than minLower, minUpper, minNumeric and minSpecial together; raise it",
        ),
    ],
)
def test_what_the_provider_does_not_take_is_told_with_what_it_takes(type_: str, inputs: dict[str, Any], mistake: str) -> None:
    assert mistakes(type_, inputs, {}) == [mistake]


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        (KEY, {}),
        (KEY, {"deletionWindowInDays": 7}),
        ("aws:secretsmanager/secret:Secret", {"recoveryWindowInDays": 0}),
        (INSTANCE, {"skipFinalSnapshot": True}),
        (INSTANCE, {"finalSnapshotIdentifier": "prod-final"}),
        (PASSWORD, {"length": 40, "minLower": 1, "minUpper": 1}),
    ],
)
def test_what_the_provider_takes_is_no_mistake(type_: str, inputs: dict[str, Any]) -> None:
    assert mistakes(type_, inputs, {}) == []


def test_what_nobody_can_tell_yet_is_no_mistake() -> None:
    assert mistakes(INSTANCE, {}, {}, frozenset({"finalSnapshotIdentifier"})) == []


@pytest.mark.parametrize(
    ("time", "sound"),
    [("90m", True), ("1h30m", True), ("1.5h", True), ("3hx", False), ("60mx", False), ("90", False), ("", False)],
)
def test_a_duration_is_what_go_reads(time: str, sound: bool) -> None:
    assert is_duration(time) is sound


def test_the_rehearsal_refuses_timeouts_that_pulumi_cannot_read_and_windows_that_aws_does_not_know() -> None:
    def program() -> None:
        aws.kms.Key(
            "key",
            region=REGION,
            deletion_window_in_days=31,
            opts=pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="3hx", delete="90m")),
        )

    with rehearsed(program) as result:
        assert [problem.message for problem in result.problems] == [
            "deletionWindowInDays is 31; allowed: a whole number from 7 to 30",
            "customTimeouts.create is '3hx'; allowed: a duration such as 90m or 1h30m",
        ]


def test_every_input_that_reaches_no_request_is_checked_or_of_two_values() -> None:
    checked = {
        (type_, path.split(".")[0])
        for type_, checks in CHECKS.items()
        for check in checks
        for path in ([check.path] if isinstance(check, Allowed) else check.paths)
    }
    local = {(type_, key) for type_, row in TABLE.items() for key in row.local if not two_values(type_, key)}
    assert sorted(local - checked - UNCHECKED.keys()) == []
    assert sorted(UNCHECKED.keys() - local) == []


def two_values(type_: str, key: str) -> bool:
    """Whether an input is true or false, by the SDK."""
    name = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()
    getter = vars(resource_class(type_))[name].fget
    return "bool" in str(getter.__annotations__["return"])
