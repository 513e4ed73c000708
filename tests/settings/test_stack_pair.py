"""prod and dr are one environment in two regions: what has to be the same in both files is, and what must differ does."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.settings import Settings, SettingsError, parse
from tests.settings.stack_files import KeyPath, paths, raw, without

PROD, PROD_REGION = raw("prod")
DR, DR_REGION = raw("dr")


def test_the_same_workloads_run_in_both_regions() -> None:
    assert DR["workloads"] == PROD["workloads"]


def test_both_regions_serve_the_same_data_centre() -> None:
    assert DR["onPremises"] == PROD["onPremises"]
    assert DR["network"]["privateZone"] == PROD["network"]["privateZone"]


def test_the_database_that_takes_over_is_no_smaller() -> None:
    prod, dr = (parse(*raw(stack)).database for stack in ("prod", "dr"))
    assert (dr.instance_class, dr.multi_az, dr.engine_version) == (prod.instance_class, prod.multi_az, prod.engine_version)
    assert (dr.storage_gib, dr.max_storage_gib, dr.name) == (prod.storage_gib, prod.max_storage_gib, prod.name)


def test_each_file_knows_the_network_and_the_region_of_the_other() -> None:
    assert PROD["secondaryRegion"] == DR_REGION != PROD_REGION
    assert PROD["disasterRecovery"]["secondaryCidr"] == DR["network"]["cidr"]
    assert DR["disasterRecovery"]["primaryCidr"] == PROD["network"]["cidr"]
    assert DR["network"]["amazonAsn"] not in {PROD["network"]["amazonAsn"], PROD["directConnect"]["gatewayAsn"]}


def accepted(file: dict[str, Any]) -> Settings | None:
    try:
        return parse(file, DR_REGION)
    except SettingsError:
        return None


def taken_over() -> dict[str, Any]:
    file = copy.deepcopy(DR) | {"mode": "active", "primaryState": "lost"}
    file["disasterRecovery"]["promoted"] = True
    return file


@settings(max_examples=300, deadline=None)
@given(
    mode=st.sampled_from(["pilot-light", "warm-standby", "active", "", None]),
    state=st.sampled_from(["serving", "stopped", "lost", "", None]),
    promoted=st.sampled_from([True, False, None]),
    generation=st.sampled_from([1, 2, None]),
    way=st.sampled_from(["replica", "dms", "backups", None]),
    tested=st.sampled_from([0, 1, 2, None]),
    role=st.sampled_from(["primary", "secondary", "", None]),
)
def test_no_file_that_is_accepted_lets_two_regions_take_writes(**values: Any) -> None:
    """Whatever is said or left out: who serves or promotes has been told that the primary does not."""
    file, section = copy.deepcopy(DR), {"promoted": values["promoted"], "generation": values["generation"]}
    file |= {"mode": values["mode"], "primaryState": values["state"], "role": values["role"]}
    section |= {"database": values["way"], "testedGeneration": values["tested"]}
    file["disasterRecovery"] |= section
    if values["way"] == "dms":
        file["network"]["hub"] = "transitGateway"
    for holder in (file, file["disasterRecovery"]):
        for key in [key for key, value in holder.items() if value is None]:
            del holder[key]
    found = accepted(file)
    if found is None:
        return
    assert found.role == "secondary", "the file of a secondary is none of a primary"
    assert found.mode is not None
    if found.mode == "active" or found.disaster_recovery.promoted:
        assert found.primary_state in {"stopped", "lost"}
    if found.mode == "active":
        assert found.disaster_recovery.promoted
    if found.disaster_recovery.promoted and found.disaster_recovery.database == "dms":
        assert found.disaster_recovery.tested_generation == found.disaster_recovery.generation


@pytest.mark.parametrize("path", [("mode",), ("primaryState",), ("disasterRecovery", "promoted"), ("role",), ("primaryStack",)])
def test_a_key_that_is_left_out_after_the_failover_changes_nothing_but_is_asked_for(path: KeyPath) -> None:
    file = taken_over()
    assert accepted(file) is not None
    without(file, path)
    assert accepted(file) is None


def test_whatever_key_of_the_waiting_file_is_left_out_nothing_takes_over() -> None:
    for path in paths(DR):
        file = copy.deepcopy(DR)
        without(file, path)
        found = accepted(file)
        if found is not None:
            assert (found.mode, found.primary_state, found.disaster_recovery.promoted) == ("pilot-light", "serving", False), (
                path
            )
