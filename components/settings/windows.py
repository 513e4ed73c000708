"""Times in UTC as RDS and DMS take them: a daily window `hh:mm-hh:mm`, a weekly one `ddd:hh:mm-ddd:hh:mm`."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = 7 * DAY
SHORTEST = 30
"""Minutes; what RDS and DMS want at least."""

_TIME = r"([01]\d|2[0-3]):[0-5]\d"
DAILY = rf"^{_TIME}-{_TIME}$"
"""Such as `17:00-18:00`; the end may lie on the next day."""
WEEKLY = rf"^({'|'.join(DAYS)}):{_TIME}-({'|'.join(DAYS)}):{_TIME}$"
"""Such as `sun:18:30-sun:19:30`, in lower case as AWS gives it back."""


def _minute(text: str) -> int:
    """The minute of the day, or of the week if the text begins with a day."""
    *day, hour, minute = text.split(":")
    return (DAYS.index(day[0]) * DAY if day else 0) + int(hour) * 60 + int(minute)


def length(window: str) -> int:
    """How many minutes a window lasts; 0 if it ends where it begins."""
    start, end = (_minute(part) for part in window.split("-"))
    return (end - start) % (WEEK if window[0].isalpha() else DAY)


def overlap(daily: str, weekly: str) -> bool:
    """Whether the weekly window meets the daily one on any day. Windows that only touch do not."""
    begins, lasts = _minute(weekly.split("-", maxsplit=1)[0]), length(weekly)
    for day in range(7):
        start = day * DAY + _minute(daily.split("-", maxsplit=1)[0])
        # On the circle of the week two stretches meet if either begins within the other.
        if (start - begins) % WEEK < lasts or (begins - start) % WEEK < length(daily):
            return True
    return False
