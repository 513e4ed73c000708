"""`management.backup`: what is kept of the data for how long, copies of it in the second region, restores on trial."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.settings.addresses import repeated
from components.settings.base import Mistake, Section
from components.settings.schedules import Cron

TestedType = Literal["RDS", "S3", "EFS"]
"""What AWS Backup restores on trial: of virtual machines it cannot.
https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html"""

BackupType = Literal["RDS", "S3", "EFS", "VirtualMachine"]

Days = Annotated[int, Field(ge=1, le=36_500)]
"""What AWS Backup can keep a backup for: up to a hundred years."""

VaultArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws:backup:[a-z0-9-]+:[0-9]{12}:backup-vault:[A-Za-z0-9_-]{2,50}$",
        examples=["arn:aws:backup:ap-northeast-2:210987654321:backup-vault:kept"],
    ),
]
"""A vault, by ARN."""

COLD_DAYS = 90
"""What cold storage is charged for at least, which AWS Backup insists on."""


class VaultLock(Section):
    """What makes backups undeletable until their time has come."""

    mode: Literal["governance", "compliance"] = "governance"
    """`governance`: whoever has the permission can lift the lock. `compliance`: after the grace days nobody can, AWS included,
    nor delete the vault while it holds anything."""
    min_retention_days: Days = 7
    """Backups kept for less are refused by the vault."""
    max_retention_days: Days | None = None
    """Backups kept for longer are refused by the vault. Omitted: no such limit."""
    grace_days: Annotated[int, Field(ge=3, le=36_500)] = 3
    """In compliance mode, days in which the lock can still be lifted."""


class RestoreTesting(Section):
    """Backups are restored on trial."""

    resource_types: list[TestedType] = Field(default=["RDS"], min_length=1)
    """What is restored. A copy as large as the original is made and charged while it exists: think of that for S3 and EFS."""
    schedule: Cron = "cron(0 8 1 * ? *)"
    """When a restore is tried, in the time zone of the section: the first of each month at 8:00 if omitted."""
    window_days: Annotated[int, Field(ge=1, le=365)] = 30
    """Days back of which a backup is picked at random."""
    keep_hours: Annotated[int, Field(ge=1, le=168)] = 4
    """Hours for which the copy stays, so that somebody can look at it."""

    def mistakes(self) -> Iterator[Mistake]:
        """Types named twice."""
        yield from repeated("resourceTypes[{}]", list(self.resource_types))


class Copies(Section):
    """The copies of backups in the second region: a vault of their own, under a key of that region."""

    daily_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 14
    """Days after the backup for which the copy of a day's is kept. 0: daily backups are not copied."""
    weekly_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 60
    """Days for which the copy of a Sunday's is kept. 0: weekly backups are not copied."""
    monthly_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 365
    """Days for which the copy of the first of a month is kept. 0: monthly backups are not copied. Copies never move to cold
    storage."""
    vault_lock: VaultLock | None = None
    """A lock on the vault of the copies. Omitted: who may delete copies can do so at any time."""

    def mistakes(self) -> Iterator[Mistake]:
        """Retention that the lock would refuse."""
        yield from _locked(self)


class OtherAccount(Section):
    """Copies of backups in another account of the organization, out of reach of whoever takes this one over.

    Cross-account backup is switched on in the organization's management account; the policy of the vault there lets this
    account `backup:CopyIntoBackupVault`. The keys of what is copied are shared with that account by this deployment.
    """

    vault_arn: VaultArn
    """The vault there. In the stack's region: AWS Backup copies no database into another account and region at once."""
    daily_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """Days for which the copy of a day's backup is kept there. 0: daily backups are not copied."""
    weekly_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 90
    """Days for which the copy of a Sunday's is kept. 0: weekly backups are not copied."""
    monthly_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 365
    """Days for which the copy of the first of a month is kept. 0: monthly backups are not copied."""


class Backup(Section):
    """What AWS Backup keeps of everything tagged for it: the database, the files."""

    enabled: bool = True
    """Whether AWS Backup keeps anything. The database's own backups and the versions of the files do not depend on it."""
    start_hour: Annotated[int, Field(ge=0, le=23)] = 20
    """Hour of the day at which backups begin, in the time zone of the section; apart from the windows of the database."""
    resource_types: list[BackupType] = Field(default=["RDS", "S3", "EFS"], min_length=1)
    """What is backed up, and switched on for the account and region. `VirtualMachine`: virtual machines on-premises that carry
    the tag `Backup`, through a Backup gateway that a person sets up (docs/operations.md)."""
    completion_hours: Annotated[int, Field(ge=2, le=8760)] = 168
    """Hours within which a backup has to end, or else it is given up. The first backup of a bucket reads every file: with many
    millions, or tens of TB, it takes days. A week if omitted, which is AWS's own default."""
    daily_retention_days: Days = 35
    """Days for which the backup of a day is kept."""
    weekly_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 90
    """Days for which the backup of a Sunday is kept. 0: no weekly backups."""
    monthly_retention_days: Annotated[int, Field(ge=0, le=36_500)] = 365
    """Days for which the backup of the first of a month is kept. 0: no monthly backups."""
    monthly_cold_after_days: Days | None = None
    """Days after which a monthly backup moves to cold storage, where it must stay for 90 days or more. Only EFS has it; AWS
    Backup leaves what cannot move where it is. Omitted: never."""
    vault_lock: VaultLock | None = None
    """A lock on the vault. Omitted: who may delete backups can do so at any time."""
    restore_testing: RestoreTesting | None = None
    """Restores on trial. Omitted: none. Default by size."""
    copies: Copies = Copies()
    """Copies in `secondaryRegion`. Without that region there are none."""
    other_account: OtherAccount | None = None
    """Copies in another account. Omitted: none."""

    @property
    def account(self) -> str | None:
        """The other account that copies go to; None without."""
        return self.other_account.vault_arn.split(":")[4] if self.enabled and self.other_account else None

    def mistakes(self) -> Iterator[Mistake]:
        """Retention that cold storage or the lock would refuse, types named twice or tried but not kept, copies of nothing."""
        yield from repeated("resourceTypes[{}]", list(self.resource_types))
        yield from self._cold()
        yield from _locked(self)
        yield from self._copied()
        for position, kind in enumerate(self.restore_testing.resource_types if self.restore_testing else ()):
            if kind not in self.resource_types:
                yield Mistake(
                    f"restoreTesting.resourceTypes[{position}]",
                    kind,
                    f"what is backed up: {', '.join(self.resource_types)}",
                    "Set restoreTesting.resourceTypes to some of those, or add it to backup.resourceTypes.",
                )

    def _copied(self) -> Iterator[Mistake]:
        kept: dict[str, Copies | OtherAccount] = {"copies": self.copies}
        if self.other_account:
            kept["otherAccount"] = self.other_account
        for key, copies in kept.items():
            for rule in ("weekly", "monthly"):
                field = f"{rule}_retention_days"
                if field in copies.model_fields_set and getattr(copies, field) and not getattr(self, field):
                    fix = f"Raise backup.{rule}RetentionDays, or set it to 0."
                    allowed = f"0: there are no {rule} backups"
                    yield Mistake(f"{key}.{rule}RetentionDays", getattr(copies, field), allowed, fix)

    def _cold(self) -> Iterator[Mistake]:
        cold, kept = self.monthly_cold_after_days, self.monthly_retention_days
        if cold is not None and kept < cold + COLD_DAYS:
            allowed = (
                f"up to {kept - COLD_DAYS}"
                if kept > COLD_DAYS
                else f"nothing while backups are kept for {COLD_DAYS} days or less"
            )
            yield Mistake(
                "monthlyColdAfterDays",
                cold,
                f"{allowed}: monthlyRetentionDays is {kept}, and cold storage keeps a backup for {COLD_DAYS} days at least",
                "Move backups earlier, or keep them longer.",
            )


def _locked(kept: Backup | Copies) -> Iterator[Mistake]:
    """Retention that the lock of the vault would refuse."""
    lock = kept.vault_lock
    if lock is None:
        return
    least, most = lock.min_retention_days, lock.max_retention_days
    if most is not None and most < least:
        allowed = f"minRetentionDays ({least}) or more"
        yield Mistake("vaultLock.maxRetentionDays", most, allowed, "Raise it, or remove it.")
        return
    for key, days in (
        ("dailyRetentionDays", kept.daily_retention_days),
        ("weeklyRetentionDays", kept.weekly_retention_days),
        ("monthlyRetentionDays", kept.monthly_retention_days),
    ):
        if days and not least <= days <= (most or 36_500):
            allowed = f"{least} to {most}" if most else f"{least} or more"
            fix = "Change it or vaultLock: the vault would refuse the backup."
            yield Mistake(key, days, f"{allowed}, as vaultLock has it", fix)
