"""What Management takes of backups: the section `management.backup` of the settings."""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict


class VaultLockArgs(TypedDict):
    """What makes backups undeletable until their time has come."""

    mode: Literal["governance", "compliance"]
    """governance: principals with the permission can lift the lock. compliance: nobody can, once the grace days are over."""
    min_retention_days: int
    """Backups that would be kept for less are refused."""
    max_retention_days: NotRequired[int]
    """Backups that would be kept for longer are refused. Omitted: no such limit."""
    grace_days: int
    """In compliance mode, the days in which the lock can still be lifted; AWS asks for 3 at least."""


class RestoreTestingArgs(TypedDict):
    """Backups are restored on trial, so that one knows they can be."""

    resource_types: Sequence[Literal["RDS", "EFS", "S3"]]
    """What is restored: a whole copy of it each time, which is charged while it exists."""
    schedule: str
    """cron expression of AWS Backup: when a restore is tried."""
    window_days: int
    """How old the backup tried may be."""
    keep_hours: int
    """How long what was restored stays, so that somebody can look at it."""


class BackupCopiesArgs(TypedDict):
    """What is kept in another region for how long. Names and defaults are those of `management.backup.copies`."""

    daily_retention_days: int
    """Days after the backup for which the copy of a day's is kept. 0: it is not copied."""
    weekly_retention_days: int
    """Days for which the copy of a Sunday's is kept. 0: it is not copied."""
    monthly_retention_days: int
    """Days for which the copy of the first of a month is kept. 0: it is not copied."""
    vault_lock: NotRequired[VaultLockArgs]
    """A lock on the vault of the copies. Omitted: who may delete them can do so at any time."""


class BackupArgs(TypedDict):
    """What is kept for how long. Names and defaults are those of `management.backup`."""

    enabled: bool
    """Whether AWS Backup keeps anything at all."""
    start_hour: int
    """Hour of the day (0-23, in the time zone of Management) at which backups start."""
    daily_retention_days: int
    """Days for which the backup of a day is kept."""
    weekly_retention_days: int
    """Days for which the backup of a Sunday is kept. 0: no weekly backups."""
    monthly_retention_days: int
    """Days for which the backup of the first of a month is kept. 0: no monthly backups."""
    monthly_cold_after_days: NotRequired[int]
    """Days after which a monthly backup moves to cold storage, if its kind can (EFS; not RDS, not S3). Omitted: never."""
    resource_types: Sequence[Literal["RDS", "EFS", "S3"]]
    """What is backed up, if it carries the tag."""
    vault_lock: NotRequired[VaultLockArgs]
    """Omitted: who may delete backups can delete them at any time."""
    restore_testing: NotRequired[RestoreTestingArgs]
    """Omitted: no restore is tried."""
    copies: NotRequired[BackupCopiesArgs]
    """Needed with `backup_copies_region`; without that region it has no effect."""
