"""The rules of backups across sections. A parameter is named like the attribute of `Settings` that it takes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from components.settings.base import Mistake
from components.settings.database import Database
from components.settings.management import Management
from components.settings.windows import DAY, overlap


def copies_without_region(management: Management, secondary_region: str | None) -> Iterator[Mistake]:
    """Copies of backups that have nowhere to go. Keys are seen from the root."""
    if secondary_region is None and "copies" in management.backup.model_fields_set:
        fix = "Set secondaryRegion to the region of the copies, or remove it."
        given = management.backup.copies.model_dump(by_alias=True, exclude_unset=True)
        yield Mistake("management.backup.copies", given, "nothing without secondaryRegion", fix)


def other_account_in_the_region(management: Management, region: str) -> Iterator[Mistake]:
    """A vault of another account that is in another region as well. Keys are seen from the root."""
    other = management.backup.other_account
    if other and other.vault_arn.split(":")[3] != region:
        allowed = f"a vault in {region}: AWS Backup copies no database into another account and region at once"
        fix = f"Make the vault in {region}; copies in another region of this account are `secondaryRegion`'s."
        yield Mistake("management.backup.otherAccount.vaultArn", other.vault_arn, allowed, fix)


def backup_apart_from_database(management: Management, database: Database) -> Iterator[Mistake]:
    """A rule across sections: backups of RDS that begin in, or within the hour before, a window of the database fail.

    Keys are seen from the root.
    """
    backup = management.backup
    if not backup.enabled or "RDS" not in backup.resource_types:
        return
    for begins in _utc_minutes(backup.start_hour, management.time_zone):
        if _in_a_window(begins, database):
            yield Mistake(
                "management.backup.startHour",
                backup.start_hour,
                "an hour that is two hours or more ahead of the windows of the database, or after them; in UTC they are "
                f"{database.backup_window} (backupWindow) and {database.maintenance_window} (maintenanceWindow)",
                f"{_free(database, management.time_zone)} {backup.start_hour}:00 in {management.time_zone} is {_clock(begins)} "
                "in UTC.",
            )
            return


def _in_a_window(begins: int, database: Database) -> bool:
    return _meets(begins, _on_mondays(database.backup_window)) or _meets(begins, database.maintenance_window)


def _free(database: Database, time_zone: str) -> str:
    """Which hours are apart from the windows, as advice."""
    free = [hour for hour in range(24) if not any(_in_a_window(begins, database) for begins in _utc_minutes(hour, time_zone))]
    return f"Take one of the hours {', '.join(map(str, free))}." if free else "Shorten the windows."


def _meets(begins: int, weekly: str) -> bool:
    """Whether a backup that begins at this minute of the day, or up to an hour later, fails because of a weekly window."""
    ends = (begins + 120) % DAY  # RDS wants an hour before its window for itself
    return overlap(f"{_clock(begins)}-{_clock(ends)}", weekly)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _on_mondays(daily: str) -> str:
    """A daily window as one of a single day, which is enough to compare it with what happens every day."""
    start, end = daily.split("-")
    return f"mon:{start}-{'mon' if start < end else 'tue'}:{end}"


def _utc_minutes(hour: int, time_zone: str) -> list[int]:
    """The minutes of the day in UTC that an hour is, in winter and in summer."""
    try:
        zone = ZoneInfo(time_zone)
    except ZoneInfoNotFoundError:
        return []
    offsets = {datetime(2025, month, 1, hour, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7)}
    return sorted({(hour * 60 - int(offset.total_seconds()) // 60) % (24 * 60) for offset in offsets})
