"""Schedules and time zones as Systems Manager and AWS Backup take them: `cron(0 4 ? * SUN *)`, `Asia/Seoul`."""

import re
import zoneinfo
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field

from components.settings.near import nearest

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FIELDS: Mapping[str, tuple[int, int, tuple[str, ...], str]] = {
    "minutes": (0, 59, (), ""),
    "hours": (0, 23, (), ""),
    "day of the month": (1, 31, (), r"\?|L|W|LW|[0-9]{1,2}W"),
    "month": (1, 12, MONTHS, ""),
    "day of the week": (1, 7, DAYS, r"\?|L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5]"),
    "year": (1970, 2199, (), ""),
}
"""The fields of a cron expression, in order: least, greatest, names, and what else may stand there."""
RATE = re.compile(r"rate\((1 (minute|hour|day)|([2-9]|[1-9][0-9]{1,5}) (minutes|hours|days))\)")
CRON = re.compile(r"cron\(([^()]+)\)")


def _number(text: str, names: tuple[str, ...], least: int) -> int | None:
    if text.upper() in names:
        return names.index(text.upper()) + least
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def _fits(text: str, field: str) -> bool:
    """Whether a field of a cron expression holds what it may."""
    least, greatest, names, others = FIELDS[field]
    if others and re.fullmatch(others, text.upper()):
        return True
    for part in text.split(","):
        stretch, slash, step = part.partition("/")
        if slash and not (re.fullmatch(r"[0-9]{1,4}", step) and 1 <= int(step) <= greatest):
            return False
        if stretch == "*":
            continue
        ends = [_number(end, names, least) for end in stretch.split("-")]
        if len(ends) > 2 or any(end is None or not least <= end <= greatest for end in ends):
            return False
    return True


def _cron(text: str) -> str:
    fix = "write it as cron(minutes hours day-of-month month day-of-week year), such as cron(0 4 ? * SUN *)"
    match = CRON.fullmatch(text)
    fields = match.group(1).split(" ") if match else []
    if len(fields) != len(FIELDS):
        raise ValueError(f"a cron expression of six fields; {fix}")
    for field, value in zip(FIELDS, fields, strict=True):
        if not _fits(value, field):
            raise ValueError(f"a cron expression whose {field} is possible, unlike {value!r}; {fix}")
    if (fields[2] == "?") == (fields[4] == "?"):
        raise ValueError(f"a cron expression with ? for either the day of the month or the day of the week; {fix}")
    return text


WEEK = 7 * 24
"""Hours that an alarm looks back at most."""


def longest_gap(expression: str) -> int | None:
    """Hours between two runs at most, and one to begin and end in; None if that is more than a week, or cannot be told.

    A cron expression that names days of a month, months, years, or the nth or last of a weekday leaves out weeks.
    """
    if rate := RATE.fullmatch(expression):
        number, unit = rate.group(1).split(" ")
        hours = -(-int(number) * {"minute": 1, "hour": 60, "day": 24 * 60}[unit.removesuffix("s")] // 60) + 1
        return min(hours, WEEK) if hours <= WEEK + 1 else None
    fields = dict(zip(FIELDS, expression[len("cron(") : -1].split(" "), strict=True))
    days = _every(fields["day of the week"], "day of the week")
    if days is None or any(fields[key] not in ("*", "?") for key in ("day of the month", "month", "year")):
        return None
    runs = sorted((day - 1) * 24 + hour for day in days for hour in _every(fields["hours"], "hours") or [])
    gaps = [after - before for before, after in zip(runs, [*runs[1:], runs[0] + WEEK], strict=True)]
    return min(max(gaps) + 1, WEEK)


def _every(text: str, field: str) -> list[int] | None:
    """The values that a field stands for; None for what is no plain list of them."""
    least, greatest, names, _ = FIELDS[field]
    found: set[int] = set()
    for part in ("*" if text == "?" else text).split(","):
        stretch, _, step = part.partition("/")
        ends = ["*"] if stretch == "*" else [_number(end, names, least) for end in stretch.split("-")]
        if None in ends:
            return None
        first, last = (least, greatest) if ends == ["*"] else (int(str(ends[0])), int(str(ends[-1])))
        last = greatest if step and first == last else last
        found |= set(range(first, (last if last >= first else last + greatest - least + 1) + 1, int(step or 1)))
    return sorted({(one - least) % (greatest - least + 1) + least for one in found})


def _schedule(text: str) -> str:
    return text if RATE.fullmatch(text) else _cron(text)


# Reading the database takes longer than everything else that is checked.
_known_time_zones = cache(zoneinfo.available_timezones)


def winter(zone: str) -> int | None:
    """Minutes that a time zone is ahead of UTC while there is no summer time; None for what is no time zone."""
    if zone not in _known_time_zones():
        return None
    there = zoneinfo.ZoneInfo(zone)
    offsets = [datetime(2026, month, 1, tzinfo=there).utcoffset() or timedelta() for month in (1, 7)]
    return min(offsets) // timedelta(minutes=1)


def offset_in_winter(zone: str) -> str:
    """What a time zone is off GMT, as `GMT+1:00`, while there is no summer time; empty for what is no time zone."""
    minutes = winter(zone)
    if minutes is None:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'-' if minutes < 0 else '+'}{hours}:{rest:02}" if minutes else "GMT"


def _time_zone(text: str) -> str:
    # A machine without a database of time zones can only look at the shape.
    known = _known_time_zones()
    advice = nearest(text, known, "look it up there")
    if not re.fullmatch(r"[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}", text) or (known and text not in known):
        raise ValueError(f"a time zone of the IANA database, such as Etc/UTC or Asia/Seoul; {advice}")
    return text


Cron = Annotated[str, Field(max_length=256, examples=["cron(0 4 ? * SUN *)"]), AfterValidator(_cron)]
"""A cron expression."""
Schedule = Annotated[str, Field(max_length=256, examples=["cron(0 4 ? * SUN *)", "rate(1 day)"]), AfterValidator(_schedule)]
"""A cron or rate expression."""
TimeZone = Annotated[str, Field(examples=["Asia/Seoul"]), AfterValidator(_time_zone)]
"""A time zone by its IANA name."""
