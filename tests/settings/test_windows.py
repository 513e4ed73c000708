import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.windows import DAILY, DAYS, WEEK, WEEKLY, length, overlap

MINUTES = st.integers(0, WEEK - 1)


def day_time(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def week_time(minute: int) -> str:
    return f"{DAYS[minute // 1440 % 7]}:{day_time(minute)}"


@pytest.mark.parametrize(
    ("window", "minutes"),
    [
        ("17:00-18:00", 60),
        ("23:45-00:15", 30),
        ("sun:18:30-sun:19:30", 60),
        ("sun:23:30-mon:00:30", 60),
        ("mon:00:00-mon:00:00", 0),
    ],
)
def test_a_window_may_go_past_midnight_and_past_sunday(window: str, minutes: int) -> None:
    assert length(window) == minutes


@pytest.mark.parametrize(
    ("daily", "weekly", "meet"),
    [
        ("17:00-18:00", "sun:18:00-sun:19:00", False),
        ("17:00-18:00", "sun:17:59-sun:19:00", True),
        ("17:00-18:00", "wed:16:00-wed:17:00", False),
        ("23:30-00:30", "mon:00:00-mon:00:30", True),
        ("00:00-00:30", "sun:23:45-mon:00:15", True),
        ("12:00-12:30", "tue:00:00-wed:00:00", True),
    ],
)
def test_windows_meet_on_any_day_but_not_by_touching(daily: str, weekly: str, meet: bool) -> None:
    assert overlap(daily, weekly) is meet


@given(st.integers(0, 1439), st.integers(30, 120), MINUTES, st.integers(30, 600))
def test_windows_meet_exactly_if_they_share_a_minute_of_the_week(start: int, lasts: int, begins: int, stretch: int) -> None:
    daily = f"{day_time(start)}-{day_time(start + lasts)}"
    weekly = f"{week_time(begins)}-{week_time(begins + stretch)}"
    assert re.match(DAILY, daily) and re.match(WEEKLY, weekly)
    backup = {(day * 1440 + start + minute) % WEEK for day in range(7) for minute in range(lasts)}
    maintenance = {(begins + minute) % WEEK for minute in range(stretch)}
    assert overlap(daily, weekly) is bool(backup & maintenance)
