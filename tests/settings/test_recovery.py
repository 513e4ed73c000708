"""What role and mode mean to the components."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings import Settings, parse, recovery
from components.settings.parse import merged
from tests.settings.test_parse import REGION, with_
from tests.settings.test_recovery_rules import PRIMARY, SECONDARY, TAKEN_OVER

STANDBY = merged(SECONDARY, {"mode": "warm-standby"})
SOURCE = "arn:aws:rds:ap-northeast-1:123456789012:db:hybridge-dr-database-replica-1"
FOLLOWING = merged(PRIMARY, {"disasterRecovery": {"restoreFrom": SOURCE, "generation": 2}})
BACK = merged(FOLLOWING, {"disasterRecovery": {"promoted": True, "secondaryState": "stopped"}})
ROUTE = {"ports": [80], "route": {}}
WORKLOADS: list[dict[str, Any]] = [
    {
        "name": "web",
        "image": "nginx:1.27",
        "replicas": 3,
        **ROUTE,
        "scaling": {"minReplicas": 3, "maxReplicas": 9, "cpuPercent": 60},
    },
    {"name": "api", "image": "nginx:1.27", "replicas": 2, "placement": "both", "onPremisesReplicas": 4},
    {"name": "relay", "image": "nginx:1.27", "replicas": 2, "placement": "both"},
    {"name": "broker", "image": "nginx:1.27", "replicas": 2, "placement": "onPremises"},
    {"name": "resting", "image": "nginx:1.27", "replicas": 0},
]


def settings(raw: dict[str, Any]) -> Settings:
    return parse(merged(raw, {"workloads": WORKLOADS, "containers": {"minInstances": 3, "maxInstances": 9}}), REGION)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (with_(), {"set_identifier": REGION, "weight": 0}),
        (PRIMARY, {"set_identifier": REGION, "weight": 0}),
        (SECONDARY, None),
        (STANDBY, None),
        (merged(TAKEN_OVER, {"mode": "pilot-light"}), None),
        (TAKEN_OVER, {"set_identifier": REGION, "weight": 255}),
    ],
)
def test_names_lead_to_the_primary_until_the_secondary_is_active(raw: dict[str, Any], expected: Any) -> None:
    assert recovery.names(settings(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (PRIMARY, (3, 9)),
        (SECONDARY, (0, 0)),
        (STANDBY, (2, 9)),
        (TAKEN_OVER, (3, 9)),
        (FOLLOWING, (0, 0)),
        (BACK, (3, 9)),
    ],
)
def test_hosts_run_by_mode(raw: dict[str, Any], expected: tuple[int, int]) -> None:
    assert tuple(recovery.instances(settings(raw)).values()) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (PRIMARY, {"web": (3, None, 3, 9), "api": (2, 4), "relay": (2, None), "broker": (2, None), "resting": (0, None)}),
        (SECONDARY, {"web": (0, None, 0, 0), "api": (0, 0), "relay": (0, 0), "broker": (0, None), "resting": (0, None)}),
        (STANDBY, {"web": (1, None, 1, 9), "api": (1, 0), "relay": (1, 0), "broker": (0, None), "resting": (0, None)}),
        (TAKEN_OVER, {"web": (3, None, 3, 9), "api": (2, 4), "relay": (2, None), "broker": (2, None), "resting": (0, None)}),
        (FOLLOWING, {"web": (0, None, 0, 0), "api": (0, 0), "relay": (0, 0), "broker": (0, None), "resting": (0, None)}),
        (BACK, {"web": (3, None, 3, 9), "api": (2, 4), "relay": (2, None), "broker": (2, None), "resting": (0, None)}),
    ],
)
def test_copies_run_by_mode_on_each_side(raw: dict[str, Any], expected: dict[str, tuple[int | None, ...]]) -> None:
    """Copies, copies on-premises if set apart, and the bounds of the scaling if there is one."""
    found = {
        args["name"]: (args["replicas"], args.get("on_premises_replicas"), *_bounds(args.get("scaling")))
        for args in recovery.workloads(settings(raw))
    }
    assert found == expected


def _bounds(scaling: dict[str, int] | None) -> tuple[int, ...]:
    return (scaling["min_replicas"], scaling["max_replicas"]) if scaling else ()


@pytest.mark.parametrize(
    ("raw", "writes"),
    [(PRIMARY, True), (SECONDARY, False), (STANDBY, False), (TAKEN_OVER, True), (FOLLOWING, False), (BACK, True)],
)
def test_one_of_two_stacks_writes(raw: dict[str, Any], writes: bool) -> None:
    assert recovery.stands_by(settings(raw)) is not writes


def test_the_mode_changes_nothing_of_a_workload_but_its_numbers() -> None:
    """Whatever else differed would replace a task definition, a rule or a service."""
    numbers = {"replicas", "on_premises_replicas", "scaling"}
    full, waiting = recovery.workloads(settings(TAKEN_OVER)), recovery.workloads(settings(SECONDARY))
    for one, other in zip(full, waiting, strict=True):
        assert {key: one[key] for key in one.keys() - numbers} == {key: other[key] for key in other.keys() - numbers}
        assert ("scaling" in one) == ("scaling" in other)


@given(
    replicas=st.integers(0, 50),
    low=st.integers(1, 50),
    more=st.integers(1, 50),
    mode=st.sampled_from(["pilot-light", "warm-standby"]),
)
def test_a_secondary_that_waits_never_runs_more_than_it_would_when_active(
    replicas: int, low: int, more: int, mode: str
) -> None:
    scaling = {"minReplicas": low, "maxReplicas": low + more, "cpuPercent": 50}
    copies = min(max(replicas, low), low + more)
    workload = {"name": "web", "image": "nginx:1.27", "replicas": copies, "scaling": scaling}
    (args,) = recovery.workloads(parse(merged(SECONDARY, {"mode": mode, "workloads": [workload]}), REGION))
    most = 0 if mode == "pilot-light" else 1
    assert args["replicas"] == min(copies, most)
    assert args["scaling"]["min_replicas"] == min(low, most) <= args["replicas"]
    assert args["scaling"]["max_replicas"] == (0 if most == 0 else low + more)


@pytest.mark.parametrize(("raw", "expected"), [(with_(), None), (PRIMARY, "10.30.0.0/16"), (SECONDARY, "10.30.0.0/16")])
def test_each_region_knows_the_block_of_the_other(raw: dict[str, Any], expected: str | None) -> None:
    assert recovery.other_cidr(settings(raw)) == expected
