"""`database.restoreBeside` and `database.restoreInstead`: a database that begins with what one was."""

from collections.abc import Iterator

from pydantic import Field

from components.settings.base import Mistake, Section
from components.settings.errors import NOT_SET

INSTANCE = r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"
SNAPSHOT = r"^(arn:aws:rds:[a-z0-9-]+:[0-9]{12}:snapshot:)?(rds:|awsbackup:)?[A-Za-z][A-Za-z0-9-]{0,254}$"


class Restore(Section):
    """What an instance is restored from: the backups of an instance, at their latest moment or at a time, or a snapshot."""

    generation: int = Field(ge=1, le=999)
    """Which restore it is, part of the instance's name. Raise it for another one."""
    source: str | None = Field(default=None, pattern=INSTANCE)
    """Identifier of the instance whose automated backups are restored, such as hybridge-prod-database, in this region and
    account. Needed unless snapshot is given."""
    time: str | None = Field(default=None, pattern=r"^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$")
    """The moment, in UTC and in quotes: "2026-11-30T10:15:00Z". If omitted, the latest that can be restored, five minutes
    ago."""
    snapshot: str | None = Field(default=None, pattern=SNAPSHOT)
    """A snapshot of this region and account by its name; one of another account, which has shared it and its key, by its
    ARN."""

    def mistakes(self) -> Iterator[Mistake]:
        """Nothing to restore from, or two things, or a time of a snapshot."""
        if (self.source is None) == (self.snapshot is None):
            shown = NOT_SET if self.source is None else self.source
            yield Mistake("source", shown, "an instance, or else snapshot", "Set one of source and snapshot.")
        elif self.time is not None and self.snapshot is not None:
            yield Mistake("time", self.time, "nothing with snapshot, which is of one moment", "Remove it, or name a source.")
