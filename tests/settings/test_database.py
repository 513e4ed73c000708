import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.settings.base import all_mistakes
from components.settings.database import Database
from components.settings.sizes import SIZES, by_class

SMALL, MEDIUM = SIZES["small"]["database"], SIZES["medium"]["database"]
IO2 = {**MEDIUM, "storageType": "io2", "storageGiB": 400, "maxStorageGiB": 2000, "iops": 4000}


def keys(section: dict[str, Any]) -> list[str]:
    return [mistake.key for mistake in all_mistakes(Database.model_validate(section))]


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_a_legal_database(size: str) -> None:
    assert keys(SIZES[size]["database"]) == []


def test_args_are_named_as_the_component_takes_them() -> None:
    args = Database.model_validate(MEDIUM).as_args()
    assert (args["storage_gib"], args["max_storage_gib"], args["multi_az"]) == (400, 2000, True)
    assert args["read_replicas"] == {"count": 0}
    assert "iops" not in args


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        ({**SMALL, "iops": 12000}, ["iops"]),
        ({**SMALL, "iops": 12000, "throughput": 500}, ["iops", "throughput"]),
        ({**SMALL, "storageGiB": 399, "maxStorageGiB": 1000, "throughput": 500}, ["throughput"]),
        ({**MEDIUM, "iops": 12000, "throughput": 500}, []),
        ({**MEDIUM, "iops": 64000, "throughput": 4000}, []),
        ({**MEDIUM, "iops": 11999}, ["iops"]),
        ({**MEDIUM, "iops": 64001}, ["iops"]),
        ({**MEDIUM, "throughput": 600}, ["throughput"]),
        ({**MEDIUM, "iops": 12000, "throughput": 3000}, []),
        ({**MEDIUM, "iops": 12000, "throughput": 3001}, ["throughput"]),
        (IO2, []),
        ({**IO2, "iops": 1000}, []),
        ({**IO2, "maxStorageGiB": 2002, "iops": 1000}, ["iops"]),
        ({**IO2, "maxStorageGiB": 0, "iops": 1000}, []),
        ({**IO2, "storageGiB": 100, "maxStorageGiB": 0, "iops": 100000}, []),
        ({**IO2, "storageGiB": 100, "maxStorageGiB": 0, "iops": 100001}, ["iops"]),
        ({**IO2, "throughput": 500}, ["throughput"]),
        ({key: value for key, value in IO2.items() if key != "iops"}, ["iops"]),
        ({**IO2, "storageGiB": 99, "maxStorageGiB": 0}, ["storageGiB"]),
    ],
)
def test_storage_that_rds_does_not_offer_is_refused(section: dict[str, Any], wrong: list[str]) -> None:
    assert keys(section) == wrong


@given(st.integers(20, 65536), st.integers(0, 65536))
def test_storage_grows_by_a_tenth_at_least_or_not_at_all(storage: int, maximum: int) -> None:
    refused = 0 < maximum < math.ceil(storage * 11 / 10)
    assert keys({**SMALL, "storageGiB": storage, "maxStorageGiB": maximum}) == (["maxStorageGiB"] if refused else [])


def test_the_mistake_of_a_maximum_says_the_least() -> None:
    (mistake,) = all_mistakes(Database.model_validate({**SMALL, "storageGiB": 500, "maxStorageGiB": 501}))
    assert mistake.allowed == "0, or 550 to 65536 while storageGiB is 500"


def test_replicas_want_backups() -> None:
    without = {**SMALL, "backupRetentionDays": 0}
    assert keys(without) == []
    assert keys({**without, "readReplicas": {"count": 1}}) == ["readReplicas.count"]


@pytest.mark.parametrize(
    ("version", "automatic", "wrong"),
    [("17", True, []), ("17.4", False, []), ("17", False, []), ("17.4", True, ["engineVersion"])],
)
def test_a_minor_version_stays_only_without_automatic_upgrades(version: str, automatic: bool, wrong: list[str]) -> None:
    assert keys({**SMALL, "engineVersion": version, "autoMinorVersionUpgrade": automatic}) == wrong


@pytest.mark.parametrize(
    ("own", "reader", "more", "wrong"),
    [
        ("db.m6g.xlarge", "db.r6g.large", {}, []),
        ("db.m6g.xlarge", "db.t4g.medium", {}, ["readReplicas.instanceClass"]),
        ("db.m6g.xlarge", "db.t4g.medium", {"parameters": {"max_connections": "200"}}, []),
        ("db.r6g.4xlarge", "db.r6g.2xlarge", {}, []),  # both have the 5,000 that there are at most
        ("db.r6g.4xlarge", "db.m6g.2xlarge", {}, ["readReplicas.instanceClass"]),
        ("db.x2g.large", "db.t4g.micro", {}, []),  # nothing is known of the first
    ],
)
def test_a_reader_takes_as_many_connections_as_its_source(own: str, reader: str, more: Any, wrong: list[str]) -> None:
    assert keys({**MEDIUM, "instanceClass": own, "readReplicas": {"count": 1, "instanceClass": reader}, **more}) == wrong


def test_the_alarm_of_connections_follows_a_class_set_by_hand() -> None:
    medium = SIZES["medium"]
    assert by_class(medium, {}) is medium
    assert by_class(medium, {"instanceClass": "db.m6g.xlarge"}) is medium
    assert by_class(medium, {"instanceClass": "db.x2g.large"}) is medium
    larger = by_class(medium, {"instanceClass": "db.r6g.large"})
    assert larger["management"] == {**medium["management"], "alarms": {"databaseConnections": 1441}}
    assert by_class(medium, {"instanceClass": "db.r6g.16xlarge"})["management"]["alarms"] == {"databaseConnections": 4000}


def test_windows_may_not_meet() -> None:
    assert keys({**SMALL, "backupWindow": "18:00-19:00"}) == ["maintenanceWindow"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("engineVersion", "13"),
        ("engineVersion", "17.4.1"),
        ("engineVersion", "latest"),
        ("instanceClass", "m6g.large"),
        ("instanceClass", "db.m6g"),
        ("instanceClass", "db.m6g.3xlarge"),
        ("instanceClass", "dms.t3.medium"),
        ("storageType", "gp2"),
        ("storageGiB", 19),
        ("storageGiB", 65537),
        ("iops", 999),
        ("throughput", 4001),
        ("name", "1st"),
        ("name", "with-hyphen"),
        ("name", "Upper"),
        ("name", "a" * 64),
        ("name", "user"),
        ("name", "postgres"),
        ("name", "pg_stuff"),
        ("username", "admin"),
        ("username", "rdsadmin"),
        ("username", "a" * 17),
        ("username", "select"),
        ("backupRetentionDays", 36),
        ("backupWindow", "17:00-17:29"),
        ("backupWindow", "25:00-26:00"),
        ("backupWindow", "sun:17:00-sun:18:00"),
        ("maintenanceWindow", "Sun:18:30-Sun:19:30"),
        ("maintenanceWindow", "18:30-19:30"),
        ("maintenanceWindow", "sun:18:30-sun:18:45"),
        ("caCertificate", "rds-ca-2019"),
        ("monitoringIntervalSeconds", 20),
        ("insights", "none"),
        ("slowStatementMilliseconds", -2),
        ("logRetentionDays", 31),
        ("readReplicas", {"count": 16}),
        ("readReplicas", {"count": 1, "instanceClass": "large"}),
        ("readReplica", {"count": 1}),
    ],
)
def test_values_that_aws_would_not_take_are_refused(key: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        Database.model_validate({**MEDIUM, key: value})
    assert refused.value.errors()[0]["loc"][0] == key


@pytest.mark.parametrize(
    ("parameters", "allowed"),
    [
        ({"timezone": "Asia/Seoul", "work_mem": "16384", "pgaudit.log": "role", "rds.allowed_extensions": "*"}, []),
        ({"work_mem": "16MB"}, ["a number from 64 to 2147483647 (kB), without a unit"]),
        ({"worc_mem": "64"}, ["a parameter of PostgreSQL; did you mean work_mem?"]),
        ({"log_lock_waits": "maybe"}, ["0 or 1"]),
        ({"synchronous_commit": "perhaps"}, ["one of local, remote_write, remote_apply, on, off"]),
        ({"io_method": "worker"}, ["a parameter of PostgreSQL 17: this one came with 18"]),
        ({"rds.force_ssl": "0"}, ["nothing here: the platform sets it (database.forceTls)"]),
        ({"shared_buffers": "{DBInstanceClassMemory/32768}"}, []),
    ],
)
def test_parameters_are_checked_against_what_postgresql_says_of_them(parameters: dict[str, str], allowed: list[str]) -> None:
    section = Database.model_validate({**SIZES["small"]["database"], "parameters": parameters})
    assert [mistake.allowed for mistake in all_mistakes(section)] == allowed
