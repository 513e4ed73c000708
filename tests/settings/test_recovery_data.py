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
TESTED = "hybridge:disasterRecovery.testedGeneration"


def by_dms(raw: dict[str, Any], tested: int, **more: Any) -> dict[str, Any]:
    """`raw` with DMS between the databases, whose endpoints of generation `tested` somebody has tested."""
    section = {"database": "dms", "testedGeneration": tested, "indexedGeneration": tested}
    return merged(raw, {"network": {"hub": "transitGateway"}, "disasterRecovery": section, **more})


WARM = {"mode": "warm-standby"}


@pytest.mark.parametrize(
    "raw",
    [
        merged(SECONDARY, BACKUPS),
        merged(TAKEN_OVER, BACKUPS),
        merged(STOPPED, BACK),
        by_dms(SECONDARY, 0),
        by_dms(SECONDARY, 1, **WARM),
        by_dms(TAKEN_OVER, 1),
        # A new instance beside the promoted one, which DMS does not fill before somebody has tested it.
        merged(by_dms(SECONDARY, 1), {"disasterRecovery": {"generation": 2}}),
    ],
)
def test_is_allowed(raw: dict[str, Any]) -> None:
    parse(raw, REGION)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (merged(SECONDARY, {"mode": "warm-standby", **BACKUPS}), "hybridge:mode"),
        (merged(SECONDARY, BACK), KEY),
        (by_dms(SECONDARY, 0, **WARM), "hybridge:mode"),
        (by_dms(SECONDARY, 2), TESTED),
        (by_dms(TAKEN_OVER, 0), "hybridge:disasterRecovery.promoted"),
        (merged(by_dms(TAKEN_OVER, 1), {"disasterRecovery": {"indexedGeneration": 0}}), "hybridge:disasterRecovery.promoted"),
        (merged(by_dms(TAKEN_OVER, 1), {"disasterRecovery": {"generation": 2}}), "hybridge:disasterRecovery.promoted"),
        (merged(SECONDARY, {"disasterRecovery": {"testedGeneration": 1}}), TESTED),
        (merged(PRIMARY, {"disasterRecovery": {"testedGeneration": 1}}), TESTED),
        (merged(by_dms(SECONDARY, 0), {"network": {"endpoints": ["ecs"]}}), "hybridge:network.endpoints"),
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


FOLLOWING = merged(PRIMARY, {"disasterRecovery": {"restoreFrom": TOKYO_DATABASE, "generation": 2}})


@pytest.mark.parametrize("raw", [SECONDARY, TAKEN_OVER, FOLLOWING])
def test_a_gateway_has_to_look_for_files_that_are_replicated_into_its_bucket(raw: dict[str, Any]) -> None:
    never = {"storage": {"fileGateway": {"cacheRefreshSeconds": 0}}}
    assert [mistake[0] for mistake in told(merged(raw, never))] == ["hybridge:storage.fileGateway.cacheRefreshSeconds"]
    parse(merged(PRIMARY, never), REGION)


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
