"""Night, where the people of a stack are: the windows that RDS and DMS take in UTC, derived from its time zone.

What a stack file sets by hand wins. The windows are apart from each other and from the backups of AWS Backup, which begin in
the evening of the same time zone.
"""

from collections.abc import Mapping
from typing import Any

from components.settings.schedules import winter
from components.settings.windows import DAYS

TIME_ZONES = {
    "af-south-1": "Africa/Johannesburg",
    "ap-east-1": "Asia/Hong_Kong",
    "ap-east-2": "Asia/Taipei",
    "ap-northeast-1": "Asia/Tokyo",
    "ap-northeast-2": "Asia/Seoul",
    "ap-northeast-3": "Asia/Tokyo",
    "ap-south-1": "Asia/Kolkata",
    "ap-south-2": "Asia/Kolkata",
    "ap-southeast-1": "Asia/Singapore",
    "ap-southeast-2": "Australia/Sydney",
    "ap-southeast-3": "Asia/Jakarta",
    "ap-southeast-4": "Australia/Melbourne",
    "ap-southeast-5": "Asia/Kuala_Lumpur",
    "ap-southeast-6": "Pacific/Auckland",
    "ap-southeast-7": "Asia/Bangkok",
    "ca-central-1": "America/Toronto",
    "ca-west-1": "America/Edmonton",
    "eu-central-1": "Europe/Berlin",
    "eu-central-2": "Europe/Zurich",
    "eu-north-1": "Europe/Stockholm",
    "eu-south-1": "Europe/Rome",
    "eu-south-2": "Europe/Madrid",
    "eu-west-1": "Europe/Dublin",
    "eu-west-2": "Europe/London",
    "eu-west-3": "Europe/Paris",
    "il-central-1": "Asia/Jerusalem",
    "me-central-1": "Asia/Dubai",
    "me-south-1": "Asia/Bahrain",
    "mx-central-1": "America/Mexico_City",
    "sa-east-1": "America/Sao_Paulo",
    "us-east-1": "America/New_York",
    "us-east-2": "America/New_York",
    "us-west-1": "America/Los_Angeles",
    "us-west-2": "America/Los_Angeles",
}
"""Where the people of a region probably are."""

UTC = "Etc/UTC"
MONDAY = DAYS.index("mon")
DERIVED = {
    ("management", "timeZone"): "that of the region",
    ("database", "backupWindow"): "2:00 to 3:00 at night",
    ("database", "maintenanceWindow"): "Monday, 3:30 to 4:30 at night",
    ("migration", "maintenanceWindow"): "Monday, 5:00 to 6:00",
}
"""The keys whose default follows from the time zone -> what it is, for the reference."""


def defaults(region: Any, time_zone: Any) -> dict[str, dict[str, Any]]:
    """The defaults of a stack in a region, by section. `time_zone`: `management.timeZone` as the file has it, if it does."""
    usual = TIME_ZONES.get(region, UTC) if isinstance(region, str) else UTC
    zone = time_zone if isinstance(time_zone, str) else usual
    offset = winter(zone) or 0
    return {
        "management": {"timeZone": usual},
        "database": {
            "backupWindow": f"{_clock(2 * 60 - offset)}-{_clock(3 * 60 - offset)}",
            "maintenanceWindow": _weekly(3 * 60 + 30 - offset),
        },
        "migration": {"maintenanceWindow": _weekly(5 * 60 - offset)},
    }


def laid_over(sized: Mapping[str, Any], region: Any, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults of a size with those of the night."""
    management = raw.get("management")
    derived = defaults(region, management.get("timeZone") if isinstance(management, Mapping) else None)
    return {section: {**derived.get(section, {}), **sized.get(section, {})} for section in {**sized, **derived}}


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _weekly(minute: int) -> str:
    """A window of an hour that begins at this minute of Monday, which may lie before it."""
    begin, end = ((minute + later) // (24 * 60) for later in (0, 60))
    return f"{DAYS[(MONDAY + begin) % 7]}:{_clock(minute)}-{DAYS[(MONDAY + end) % 7]}:{_clock(minute + 60)}"
