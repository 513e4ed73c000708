from typing import Any

import pytest

from components.database.parameters import parameters
from components.management.data_watches import database
from components.management.watch import GIB
from tests.components.management.support import full


@pytest.mark.parametrize("storage", [20, 50, 100, 1000])
def test_a_slot_that_is_not_read_is_told_of_well_before_it_is_given_up(storage: int) -> None:
    args: Any = full(database_storage_gib=storage)
    (watch,) = (one for one in database(args) if one.name == "database-slot")
    kept = {
        each.name: each.value for each in parameters(engine_version="17", storage_gib=storage, slow_statement_milliseconds=1)
    }
    assert watch.threshold <= int(kept["max_slot_wal_keep_size"]) * GIB / 1024 / 2
    assert watch.threshold <= 10 * GIB


@pytest.mark.parametrize(("memory", "least"), [(2, GIB / 10), (64, 64 * GIB / 20), (None, GIB / 4)])
def test_the_alarm_on_memory_follows_the_class(memory: int | None, least: float) -> None:
    args: Any = full(database_memory_gib=memory)
    (watch,) = (one for one in database(args) if one.name == "database-memory")
    assert watch.threshold == least
