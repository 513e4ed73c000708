"""What Management takes of backups: the section `management.backup` of the settings."""

from collections.abc import Sequence
from typing import Annotated, Literal, NotRequired, TypedDict

from components.arguments import Default, arguments


@arguments
class VaultLockArgs(TypedDict):
    """What makes backups undeletable until their time has come."""

    mode: NotRequired[Annotated[Literal["governance", "compliance"], Default("governance")]]
    """governance: principals with the permission can lift the lock. compliance: nobody can, once the grace days are over.
    Default governance."""
    min_retention_days: NotRequired[Annotated[int, Default(7)]]
    """Backups that would be kept for less are refused. Default 7."""
    max_retention_days: NotRequired[int]
    """Backups that would be kept for longer are refused. Omitted: no such limit."""
    grace_days: NotRequired[Annotated[int, Default(3)]]
    """In compliance mode, the days in which the lock can still be lifted; AWS asks for 3 at least. Default 3."""


@arguments
class RestoreTestingArgs(TypedDict):
    """Backups are restored on trial, so that one knows they can be."""

    resource_types: NotRequired[Annotated[Sequence[Literal["RDS", "EFS", "S3"]], Default(["RDS"])]]
    """What is restored: a whole copy of it each time, which is charged while it exists. Default RDS."""
    schedule: NotRequired[Annotated[str, Default("cron(0 8 1 * ? *)")]]
    """cron expression of AWS Backup: when a restore is tried. Default cron(0 8 1 * ? *)."""
    window_days: NotRequired[Annotated[int, Default(30)]]
    """How old the backup tried may be. Default 30."""
    keep_hours: NotRequired[Annotated[int, Default(4)]]
    """How long what was restored stays, so that somebody can look at it. Default 4."""


@arguments
class BackupCopiesArgs(TypedDict):
    """What is kept in another region for how long. Names and defaults are those of `management.backup.copies`."""

    daily_retention_days: NotRequired[Annotated[int, Default(14)]]
    """Days after the backup for which the copy of a day's is kept. 0: it is not copied. Default 14."""
    weekly_retention_days: NotRequired[Annotated[int, Default(60)]]
    """Days for which the copy of a Sunday's is kept. 0: it is not copied. Default 60."""
    monthly_retention_days: NotRequired[Annotated[int, Default(365)]]
    """Days for which the copy of the first of a month is kept. 0: it is not copied. Default 365."""
    vault_lock: NotRequired[VaultLockArgs]
    """A lock on the vault of the copies. Omitted: who may delete them can do so at any time."""


@arguments
class OtherAccountArgs(TypedDict):
    """What is kept in another account. Names and defaults are those of `management.backup.otherAccount`."""

    vault_arn: str
    """The vault there, in the same region."""
    daily_retention_days: NotRequired[Annotated[int, Default(0)]]
    """Days for which the copy of a day's backup is kept. 0: it is not copied. Default 0."""
    weekly_retention_days: NotRequired[Annotated[int, Default(90)]]
    """Days for which the copy of a Sunday's is kept. 0: it is not copied. Default 90."""
    monthly_retention_days: NotRequired[Annotated[int, Default(365)]]
    """Days for which the copy of the first of a month is kept. 0: it is not copied. Default 365."""


@arguments
class BackupArgs(TypedDict):
    """What is kept for how long. Names and defaults are those of `management.backup`."""

    enabled: NotRequired[Annotated[bool, Default(True)]]
    """Whether AWS Backup keeps anything at all. Default True."""
    start_hour: NotRequired[Annotated[int, Default(20)]]
    """Hour of the day (0-23, in the time zone of Management) at which backups start. Default 20."""
    daily_retention_days: NotRequired[Annotated[int, Default(35)]]
    """Days for which the backup of a day is kept. Default 35."""
    weekly_retention_days: NotRequired[Annotated[int, Default(90)]]
    """Days for which the backup of a Sunday is kept. 0: no weekly backups. Default 90."""
    monthly_retention_days: NotRequired[Annotated[int, Default(365)]]
    """Days for which the backup of the first of a month is kept. 0: no monthly backups. Default 365."""
    monthly_cold_after_days: NotRequired[int]
    """Days after which a monthly backup moves to cold storage, if its kind can (EFS; not RDS, not S3). Omitted: never."""
    resource_types: NotRequired[
        Annotated[Sequence[Literal["RDS", "EFS", "S3", "VirtualMachine"]], Default(["RDS", "S3", "EFS"])]
    ]
    """What is backed up, if it carries the tag. VirtualMachine: machines on-premises behind a Backup gateway. Default RDS, S3,
    EFS."""
    completion_hours: NotRequired[Annotated[int, Default(168)]]
    """Hours within which a backup has to end. Default 168."""
    vault_lock: NotRequired[VaultLockArgs]
    """Omitted: who may delete backups can delete them at any time."""
    restore_testing: NotRequired[RestoreTestingArgs]
    """Omitted: no restore is tried."""
    copies: NotRequired[BackupCopiesArgs]
    """Needed with `backup_copies_region`; without that region it has no effect."""
    other_account: NotRequired[OtherAccountArgs]
    """Copies in another account. Omitted: none."""
