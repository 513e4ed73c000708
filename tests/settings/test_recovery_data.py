"""What the settings refuse of the data of a second region, and how its database gets them."""

from typing import Any

import pytest

from components.settings import parse, recovery
from components.settings.parse import merged
from tests.settings.test_parse import REGION, told, with_
from tests.settings.test_recovery_rules import PRIMARY, SECONDARY, TAKEN_OVER, TOKYO_DATABASE

STOPPED = merged(TAKEN_OVER, {"primaryState": "stopped"})
BACKUPS = {"disasterRecovery": {"database": "backups"}}
BACK = {"disasterRecovery": {"reverseReplication": True}}
GONE = {"disasterRecovery": {"primaryOutputs": {"bucketName": "gone"}}}
KEY = "hybridge:disasterRecovery.reverseReplication"


@pytest.mark.parametrize("raw", [merged(SECONDARY, BACKUPS), merged(TAKEN_OVER, BACKUPS), merged(STOPPED, BACK)])
def test_is_allowed(raw: dict[str, Any]) -> None:
    parse(raw, REGION)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (merged(SECONDARY, {"mode": "warm-standby", **BACKUPS}), "hybridge:mode"),
        (merged(SECONDARY, BACK), KEY),
        (merged(TAKEN_OVER, BACK), KEY),
        (merged(PRIMARY, BACK), KEY),
        (merged(merged(STOPPED, BACK), GONE), KEY),
        (
            merged(PRIMARY, {"disasterRecovery": {"replicaModifications": True}}),
            "hybridge:disasterRecovery.replicaModifications",
        ),
    ],
)
def test_is_refused(raw: dict[str, Any], key: str) -> None:
    assert [mistake[0] for mistake in told(raw)] == [key]


@pytest.mark.parametrize(
    ("raw", "way"),
    [
        (with_(), None),
        (PRIMARY, None),
        (SECONDARY, "replica"),
        (merged(SECONDARY, BACKUPS), "backups"),
        (
            merged(PRIMARY, {"disasterRecovery": {"restoreFrom": TOKYO_DATABASE, "generation": 2, "database": "backups"}}),
            "replica",
        ),
    ],
)
def test_a_database_stands_by_as_the_stack_files_say(raw: dict[str, Any], way: str | None) -> None:
    assert recovery.standby_way(parse(raw, REGION)) == way


@pytest.mark.parametrize(
    ("raw", "waits"),
    [(PRIMARY, False), (SECONDARY, True), (merged(SECONDARY, {"mode": "warm-standby"}), True), (TAKEN_OVER, False)],
)
def test_only_a_secondary_that_is_not_active_leaves_the_writing_to_another(raw: dict[str, Any], waits: bool) -> None:
    assert recovery.stands_by(parse(raw, REGION)) is waits
