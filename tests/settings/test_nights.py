"""The windows of RDS and DMS are at night where the people of a stack are, so that every region works with its defaults."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from components.settings import parse
from components.settings.errors import SettingsError
from components.settings.nights import DERIVED, TIME_ZONES
from components.settings.root import REGIONS
from components.settings.windows import DAYS


def raw(region: str, **more: Any) -> dict[str, Any]:
    return {
        "network": {"cidr": "10.200.0.0/16", "zones": [f"{region}a", f"{region}b"]},
        "onPremises": {"cidrs": ["10.10.0.0/16"]},
        **more,
    }


def local(text: str, zone: str) -> str:
    """When a window begins there in winter, as `mon 03:30`."""
    day, hour, minute = (text if text[0].isalpha() else f"mon:{text}").split("-")[0].split(":")
    # A Monday in the winter of that side of the world.
    month = min((1, 7), key=lambda month: datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta())
    monday = datetime(2026, month, 5 if month == 1 else 6, tzinfo=UTC)
    begin = monday + timedelta(days=DAYS.index(day), hours=int(hour), minutes=int(minute))
    there = begin.astimezone(ZoneInfo(zone))
    return f"{DAYS[there.weekday()]} {there:%H:%M}"


def test_every_region_has_a_time_zone() -> None:
    assert TIME_ZONES.keys() == set(REGIONS)


@pytest.mark.parametrize("size", ["small", "medium", "large"])
@pytest.mark.parametrize("region", REGIONS)
def test_every_region_works_with_its_defaults_and_rests_at_night(region: str, size: str) -> None:
    settings = parse(raw(region, size=size), region)
    zone = settings.management.time_zone
    assert zone == TIME_ZONES[region]
    assert local(settings.database.backup_window, zone).endswith(" 02:00")
    assert local(settings.database.maintenance_window, zone) == "mon 03:30"
    assert local(settings.migration.maintenance_window, zone) == "mon 05:00"


@pytest.mark.parametrize("zone", [*sorted({*TIME_ZONES.values()}), "Etc/UTC", "Pacific/Kiritimati", "Asia/Kathmandu"])
def test_a_time_zone_of_ones_own_moves_the_night(zone: str) -> None:
    settings = parse(raw("eu-central-1", management={"timeZone": zone}), "eu-central-1")
    assert local(settings.database.maintenance_window, zone) == "mon 03:30"


def test_what_is_set_by_hand_wins_and_the_rest_stays() -> None:
    own = {"backupWindow": "01:00-02:00"}
    settings = parse(raw("eu-west-1", database=own), "eu-west-1")
    assert (settings.database.backup_window, settings.database.maintenance_window) == ("01:00-02:00", "mon:03:30-mon:04:30")


def test_a_default_that_meets_what_is_set_is_named_as_a_default() -> None:
    with pytest.raises(SettingsError) as refused:
        parse(raw("ap-northeast-2", database={"backupWindow": "18:00-19:00"}), "ap-northeast-2")
    (mistake,) = refused.value.mistakes
    assert mistake.key == "hybridge:database.maintenanceWindow"
    assert mistake.value == '"sun:18:30-sun:19:30", which is the default'


def test_hours_that_are_free_are_told() -> None:
    with pytest.raises(SettingsError) as refused:
        parse(raw("eu-central-1", management={"backup": {"startHour": 2}}), "eu-central-1")
    (mistake,) = refused.value.mistakes
    assert mistake.fix.startswith("Take one of the hours ")
    free = [int(one) for one in mistake.fix.split("hours ")[1].split(".")[0].split(", ")]
    assert 20 in free
    for hour in free:
        parse(raw("eu-central-1", management={"backup": {"startHour": hour}}), "eu-central-1")


def test_what_is_derived_is_a_key_of_the_settings() -> None:
    settings = parse(raw("ap-northeast-2"), "ap-northeast-2").model_dump(by_alias=True)
    assert all(key in settings[section] for section, key in DERIVED)
