import json
import re
from typing import Any

import pytest
from botocore.loaders import Loader
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.management.args import (
    AlarmsArgs,
    DirectoryArgs,
    ManagementArgs,
    PatchingArgs,
    SessionsArgs,
    TracesArgs,
)
from components.management.backup_args import BackupArgs, BackupCopiesArgs, RestoreTestingArgs, VaultLockArgs
from components.management.baselines import OPERATING_SYSTEMS
from components.settings import backup
from components.settings import management as settings
from components.settings.backup import Backup
from components.settings.backup_rules import backup_apart_from_database, copies_without_region
from components.settings.base import all_mistakes
from components.settings.database import Database
from components.settings.management import Management, directory_on_premises
from components.settings.on_premises import OnPremises
from components.settings.sizes import SIZES

SHAPES = Loader().load_service_model("ssm", "service-2")["shapes"]
ALARMS = {"alarms": {"databaseConnections": 350}}
DIRECTORY = {"name": "corp.example", "dnsServers": ["192.168.0.10"], "username": "connector", "password": "not-a-real-one"}


def management(**keys: Any) -> Management:
    return Management.model_validate({**ALARMS, **keys})


def wrong(**keys: Any) -> list[str]:
    return [mistake.key for mistake in all_mistakes(management(**keys))]


def refused(**keys: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        management(**keys)
    return ".".join(str(part) for part in caught.value.errors()[0]["loc"])


@pytest.mark.parametrize("size", SIZES)
def test_the_defaults_of_every_size_are_without_mistakes(size: str) -> None:
    assert list(all_mistakes(Management.model_validate(SIZES[size]["management"]))) == []


@pytest.mark.parametrize(
    ("section", "args"),
    [
        (settings.Patching, PatchingArgs),
        (settings.Sessions, SessionsArgs),
        (backup.VaultLock, VaultLockArgs),
        (backup.RestoreTesting, RestoreTestingArgs),
        (Backup, BackupArgs),
        (backup.Copies, BackupCopiesArgs),
        (settings.Alarms, AlarmsArgs),
        (settings.Traces, TracesArgs),
        (settings.Directory, DirectoryArgs),
    ],
)
def test_each_section_has_the_names_of_the_args_it_becomes(section: Any, args: Any) -> None:
    assert set(section.model_fields) == set(args.__annotations__)


def test_the_section_is_part_of_the_args_of_the_component() -> None:
    assert set(Management.model_fields) <= set(ManagementArgs.__annotations__)


def test_operating_systems_are_those_that_have_rules() -> None:
    assert set(settings.OperatingSystem.__args__) == set(OPERATING_SYSTEMS)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"timeZone": "Mars/Olympus"}, "timeZone"),
        ({"logRetentionDays": 91}, "logRetentionDays"),
        ({"accountSettings": "share"}, "accountSettings"),
        ({"patching": {"operatingSystems": []}}, "patching.operatingSystems"),
        ({"patching": {"operatingSystems": ["WINDOWS"]}}, "patching.operatingSystems.0"),
        ({"patching": {"approveAfterDays": 361}}, "patching.approveAfterDays"),
        ({"patching": {"maxConcurrency": "0"}}, "patching.maxConcurrency"),
        ({"patching": {"maxConcurrency": "101%"}}, "patching.maxConcurrency"),
        ({"patching": {"maxErrors": "-1"}}, "patching.maxErrors"),
        ({"patching": {"durationHours": 25}}, "patching.durationHours"),
        ({"patching": {"installSchedule": "cron(0 4 * * SUN *)"}}, "patching.installSchedule"),
        ({"sessions": {"idleMinutes": 61}}, "sessions.idleMinutes"),
        ({"sessions": {"maxMinutes": 1441}}, "sessions.maxMinutes"),
        ({"sessions": {"runAsUser": "Root User"}}, "sessions.runAsUser"),
        ({"backup": {"startHour": 24}}, "backup.startHour"),
        ({"backup": {"dailyRetentionDays": 0}}, "backup.dailyRetentionDays"),
        ({"backup": {"resourceTypes": ["EBS"]}}, "backup.resourceTypes.0"),
        ({"backup": {"vaultLock": {"graceDays": 2}}}, "backup.vaultLock.graceDays"),
        ({"backup": {"restoreTesting": {"schedule": "rate(1 day)"}}}, "backup.restoreTesting.schedule"),
        ({"backup": {"restoreTesting": {"keepHours": 169}}}, "backup.restoreTesting.keepHours"),
        ({"alarms": {"databaseConnections": 0}}, "alarms.databaseConnections"),
        ({"alarms": {"databaseConnections": 1, "emails": ["ops"]}}, "alarms.emails.0"),
        ({"alarms": {"databaseConnections": 1, "responseSeconds": 0}}, "alarms.responseSeconds"),
        ({"alarms": {"databaseConnections": 1, "hostPercent": 100}}, "alarms.hostPercent"),
        ({"traces": {"share": 1.5}}, "traces.share"),
        ({"directory": {**DIRECTORY, "dnsServers": []}}, "directory.dnsServers"),
        ({"directory": {**DIRECTORY, "name": "corp"}}, "directory.name"),
        ({"directory": {**DIRECTORY, "shortName": ".corp"}}, "directory.shortName"),
        ({"directory": {**DIRECTORY, "username": "CORP\\connector"}}, "directory.username"),
        ({"directory": {**DIRECTORY, "password": ""}}, "directory.password"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_what_aws_would_refuse_is_refused(keys: dict[str, Any], where: str) -> None:
    assert refused(**keys) == where


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"patching": {"durationHours": 2, "cutoffHours": 2}}, "patching.cutoffHours"),
        ({"patching": {"operatingSystems": ["UBUNTU", "UBUNTU"]}}, "patching.operatingSystems[1]"),
        ({"sessions": {"idleMinutes": 60, "maxMinutes": 30}}, "sessions.maxMinutes"),
        ({"backup": {"resourceTypes": ["RDS", "RDS"]}}, "backup.resourceTypes[1]"),
        ({"backup": {"monthlyRetentionDays": 119, "monthlyColdAfterDays": 30}}, "backup.monthlyColdAfterDays"),
        ({"backup": {"monthlyRetentionDays": 0, "monthlyColdAfterDays": 30}}, "backup.monthlyColdAfterDays"),
        ({"backup": {"vaultLock": {"minRetentionDays": 36}}}, "backup.dailyRetentionDays"),
        ({"backup": {"vaultLock": {"maxRetentionDays": 100}}}, "backup.monthlyRetentionDays"),
        ({"backup": {"vaultLock": {"minRetentionDays": 30, "maxRetentionDays": 20}}}, "backup.vaultLock.maxRetentionDays"),
        ({"backup": {"resourceTypes": ["S3"], "restoreTesting": {}}}, "backup.restoreTesting.resourceTypes[0]"),
        ({"alarms": {"databaseConnections": 1, "emails": ["a@b.example", "a@b.example"]}}, "alarms.emails[1]"),
        ({"directory": {**DIRECTORY, "dnsServers": ["192.168.0.10", "192.168.0.10"]}}, "directory.dnsServers[1]"),
    ],
)
def test_what_does_not_go_together_is_a_mistake(keys: dict[str, Any], where: str) -> None:
    assert wrong(**keys) == [where]


@given(cold=st.integers(1, 400), kept=st.integers(0, 800))
def test_cold_storage_is_allowed_exactly_where_a_backup_stays_90_days(cold: int, kept: int) -> None:
    backup = Backup.model_validate({"monthlyRetentionDays": kept, "monthlyColdAfterDays": cold})
    assert (list(backup.mistakes()) == []) == (kept - cold >= 90)


@given(least=st.integers(1, 400), most=st.none() | st.integers(1, 400), days=st.integers(1, 400))
def test_a_lock_and_the_retention_never_contradict_each_other(least: int, most: int | None, days: int) -> None:
    backup = Backup.model_validate(
        {
            "dailyRetentionDays": days,
            "weeklyRetentionDays": 0,
            "monthlyRetentionDays": 0,
            "vaultLock": {"minRetentionDays": least, "maxRetentionDays": most},
        }
    )
    agrees = least <= days and (most is None or (least <= most and days <= most))
    assert (list(backup.mistakes()) == []) == agrees


@given(st.text(alphabet="0123456789%-+ .", max_size=8))
def test_shares_of_hosts_are_those_of_the_api(text: str) -> None:
    for name, field in (("MaxConcurrency", "maxConcurrency"), ("MaxErrors", "maxErrors")):
        shape = SHAPES[name]
        if re.fullmatch(shape["pattern"].strip("^$"), text) and len(text) <= shape["max"]:
            continue
        with pytest.raises(ValidationError):
            management(patching={field: text})


def test_the_password_of_the_directory_is_never_shown() -> None:
    directory = management(directory=DIRECTORY)
    assert "not-a-real-one" not in repr(directory)
    assert "not-a-real-one" not in json.dumps(directory.model_dump(mode="json"))


def database(**keys: Any) -> Database:
    return Database.model_validate({**SIZES["small"]["database"], **keys})


@pytest.mark.parametrize(
    ("hour", "zone", "allowed"),
    [
        (20, "Etc/UTC", True),
        (17, "Etc/UTC", False),  # in the backup window, 17:00-18:00
        (16, "Etc/UTC", False),  # the job may begin until 17:00
        (15, "Etc/UTC", True),  # the job begins by 16:00, an hour before
        (18, "Etc/UTC", False),  # the maintenance window begins at 18:30
        (5, "Asia/Seoul", True),  # 20:00 in UTC
        (2, "Asia/Seoul", False),  # 17:00 in UTC
        (19, "Europe/Berlin", False),  # 18:00 in winter, 17:00 in summer
        (22, "Europe/Berlin", True),
    ],
)
def test_backups_keep_apart_from_the_windows_of_the_database(hour: int, zone: str, allowed: bool) -> None:
    mistakes = list(backup_apart_from_database(management(timeZone=zone, backup={"startHour": hour}), database()))
    assert (mistakes == []) == allowed
    for mistake in mistakes:
        assert mistake.key == "management.backup.startHour"
        assert "17:00-18:00" in mistake.allowed


@pytest.mark.parametrize("backup", [{"startHour": 17, "enabled": False}, {"startHour": 17, "resourceTypes": ["S3"]}])
def test_windows_do_not_matter_where_the_database_is_not_backed_up(backup: dict[str, Any]) -> None:
    assert list(backup_apart_from_database(management(backup=backup), database())) == []


def test_the_defaults_keep_apart_from_each_other() -> None:
    assert list(backup_apart_from_database(management(), database())) == []


def test_domain_controllers_lie_in_the_data_centre() -> None:
    on_premises = OnPremises.model_validate({"cidrs": ["192.168.0.0/16"]})
    inside = management(directory=DIRECTORY)
    outside = management(directory={**DIRECTORY, "dnsServers": ["192.168.0.10", "10.0.0.10"]})
    assert list(directory_on_premises(management(), on_premises)) == []
    assert list(directory_on_premises(inside, on_premises)) == []
    (mistake,) = directory_on_premises(outside, on_premises)
    assert mistake.key == "management.directory.dnsServers[1]"


def copied(**keys: Any) -> list[str]:
    return wrong(backup={"copies": keys})


def test_copies_are_kept_for_times_of_their_own() -> None:
    copies = management().as_args()["backup"]["copies"]
    assert copies == {"daily_retention_days": 14, "weekly_retention_days": 60, "monthly_retention_days": 365}
    assert copied(dailyRetentionDays=0, weeklyRetentionDays=0, monthlyRetentionDays=3650) == []


def test_the_lock_of_the_copies_holds_for_the_copies() -> None:
    lock = {"minRetentionDays": 30}
    assert copied(vaultLock=lock) == ["backup.copies.dailyRetentionDays"]
    assert copied(vaultLock=lock, dailyRetentionDays=0) == [], "what is not copied is not refused"
    assert copied(vaultLock={"minRetentionDays": 30, "maxRetentionDays": 7}) == ["backup.copies.vaultLock.maxRetentionDays"]


def test_what_is_not_backed_up_cannot_be_copied() -> None:
    backup = {"weeklyRetentionDays": 0, "copies": {"weeklyRetentionDays": 30}}
    assert wrong(backup=backup) == ["backup.copies.weeklyRetentionDays"]
    assert wrong(backup={"weeklyRetentionDays": 0}) == []


def test_copies_need_a_region_to_go_to() -> None:
    described = management(backup={"copies": {"dailyRetentionDays": 7}})
    (mistake,) = copies_without_region(described, None)
    assert (mistake.key, mistake.value) == ("management.backup.copies", {"dailyRetentionDays": 7})
    assert list(copies_without_region(described, "ap-northeast-1")) == []
    assert list(copies_without_region(management(), None)) == []


TEAMS = {
    "tenantId": "87654321-90ab-cdef-1234-567890abcdef",
    "teamId": "12345678-90AB-cdef-1234-567890abcdef",
    "channelId": "19%3Ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2",
}


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("tenantId", "corp.example"),
        ("teamId", "1234567890abcdef1234567890abcdef"),
        ("channelId", "19:b6ef35dc342d56ba5654e6fc6d25a071@thread.tacv2"),
        ("channelId", "alarms"),
    ],
)
def test_ids_of_microsoft_teams_are_as_amazon_q_developer_takes_them(key: str, wrong: str) -> None:
    assert settings.Teams.model_validate(TEAMS)
    with pytest.raises(ValidationError):
        settings.Teams.model_validate({**TEAMS, key: wrong})
