"""The section `storage`: the bucket, how its files age, and the ways to them in the data centre."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from components.settings.base import Mistake, Section
from components.settings.file_gateway import FileGateway, FurtherGateway, Gateway, apart, clients_elsewhere

INFREQUENT_ACCESS = ("STANDARD_IA", "ONEZONE_IA")
INFREQUENT_ACCESS_DAYS = 30
"""S3 moves a file there after 30 days at the earliest, and on from there after another 30.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"""

RESERVED_NAMES = re.compile(r"^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3|-an)$")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""

EfsDays = Literal[1, 7, 14, 30, 60, 90, 180, 270, 365]


def _bucket_name(text: str) -> str:
    if RESERVED_NAMES.search(text):
        raise ValueError("a name without the beginnings and endings that S3 keeps for itself; choose another")
    return text


Days = Annotated[int, Field(ge=1, le=36_500)]


class Efs(Section):
    """An EFS file system, for workloads in AWS that lock, append to or rename files, which S3 behind a mount cannot do."""

    enabled: bool = False
    """Whether there is one."""
    ia_days: EfsDays = 7
    """Days without access until a file moves to Infrequent Access; the first access brings it back."""
    archive_days: EfsDays = 365
    """Days without access until a file moves to Archive; the first access brings it back."""
    on_premises: bool = False
    """Whether all of `onPremises.cidrs` may mount it too. They must mount with TLS (amazon-efs-utils), by the access point."""
    owner_id: Annotated[int, Field(ge=1, le=4_294_967_294)] = 1000
    """User id under which every client works; not root."""
    group_id: Annotated[int, Field(ge=1, le=4_294_967_294)] = 1000
    """Group id under which every client works. An edit of either id makes a new access point, whose user has no right to what
    is there already: refused while `protect` is true, and docs/operations.md, section 4, has the way."""

    def mistakes(self) -> Iterator[Mistake]:
        """Archive comes after Infrequent Access."""
        if self.archive_days <= self.ia_days:
            allowed = f"more days than iaDays, {self.ia_days}"
            yield Mistake("archiveDays", self.archive_days, allowed, "Raise archiveDays, or lower iaDays.")


class ObjectLock(Section):
    """What keeps every version of a file from being deleted before its time, whoever asks.

    Deleting or overwriting a file goes on as before; what was there stays as an old version. Once a bucket has a lock it cannot
    be without one: taking this section away ends it for new versions only. The stack of a second region needs it as well.
    """

    mode: Literal["governance", "compliance"] = "governance"
    """`governance`: who has `s3:BypassGovernanceRetention` can delete versions all the same. `compliance`: nobody can, the
    account itself included, nor shorten the time."""
    days: Annotated[int, Field(ge=1, le=36_500)]
    """Days from its writing for which a version is kept. Where that is longer than `noncurrentDays`, old versions are kept, and
    paid for, for as long."""


class Storage(Section):
    """Files that are written on-premises and read on both sides."""

    bucket_name: (
        Annotated[
            str,
            StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"),
            AfterValidator(_bucket_name),
        ]
        | None
    ) = None
    """Name of the bucket: 3 to 63 lower-case letters, digits and hyphens, not taken by anybody in the world. Omitted: Pulumi
    makes one up. Changing it replaces the bucket, which is refused while `protect` is true. A bucket that exists already cannot
    be taken over: its files are copied into a new one (docs/operations.md, section 4)."""
    hot_days: Days = 7
    """Days from its creation that a file stays in S3 Standard, the class for files in daily use."""
    tier_class: Literal["INTELLIGENT_TIERING", "STANDARD_IA", "ONEZONE_IA"] = "INTELLIGENT_TIERING"
    """Storage class after that. INTELLIGENT_TIERING moves each file by how it is used, at no charge for reading; STANDARD_IA
    and ONEZONE_IA charge for reading and want `hotDays` of 30 at least; ONEZONE_IA is lost with its zone. Files below 128 KB
    stay where they are."""
    archive_days: Days = 365
    """Days from its creation until a file is archived. From then on nobody can read it, neither through the File Gateway nor in
    AWS, until it is restored, which takes minutes to hours (`aws s3api restore-object`). AWS Backup takes no backups of what is
    archived: such a file, once deleted, is left as an old version for `noncurrentDays`, and in backups from before it was
    archived until those expire. Where that is too little: `objectLock`, or the replica of a second region."""
    archive_class: Literal["GLACIER", "DEEP_ARCHIVE"] = "GLACIER"
    """Storage class of the archive. GLACIER restores in minutes to hours; DEEP_ARCHIVE costs less and restores in half a day
    to two days. GLACIER_IR is not among them: the File Gateway does not support it."""
    noncurrent_days: Days = 30
    """Days that the old version of a file is kept once it was overwritten or deleted. Each file written through the gateway
    leaves one behind at once."""
    abort_upload_days: Days = 7
    """Days after which the parts of an upload that was never finished are deleted."""
    access_log_retention_days: Days = 365
    """Days that the log of requests to the bucket is kept."""
    object_lock: ObjectLock | None = None
    """A lock on versions of files. Omitted: none."""
    mount_path: Annotated[
        str, StringConstraints(pattern=r"^/(mnt|srv|media|opt|data)(/[A-Za-z0-9][A-Za-z0-9._-]*)+$", max_length=255)
    ] = "/mnt/files"
    """Where hosts mount the files, the same on both sides: a folder below /mnt, /srv, /media, /opt or /data."""
    aws_writes: bool = False
    """Whether hosts in AWS may write files too. They write through Mountpoint for Amazon S3: new files, from beginning to end,
    seen by others once they are closed; no appending, no changing in place, no renaming, no locks. A program that needs these
    fails, and takes EFS (`efs`, and `source: efs` in its `files`). Omitted: they only read."""
    file_gateway: FileGateway = FileGateway()
    """The S3 File Gateway. Omitted: none yet; the output `fileGatewayActivationRequest` tells how to get its activation key."""
    file_gateways: list[FurtherGateway] = Field(default=[], max_length=10)
    """Further File Gateways, each a VM of its own with shares of its own. Omitted: none."""
    efs: Efs = Efs()
    """The EFS file system. Omitted: none."""

    def mistakes(self) -> Iterator[Mistake]:
        """Tierings that S3 refuses, and files from AWS that would never appear on-premises."""
        infrequent = self.tier_class in INFREQUENT_ACCESS
        if infrequent and self.hot_days < INFREQUENT_ACCESS_DAYS:
            allowed = f"{INFREQUENT_ACCESS_DAYS} or more with tierClass {self.tier_class}"
            fix = "Raise hotDays, or set tierClass to INTELLIGENT_TIERING, which takes files at any age."
            yield Mistake("hotDays", self.hot_days, allowed, fix)
        earliest = self.hot_days + (INFREQUENT_ACCESS_DAYS if infrequent else 1)
        if self.archive_days < earliest:
            reason = f": a file stays in {self.tier_class} for {INFREQUENT_ACCESS_DAYS} days" if infrequent else ""
            yield Mistake(
                "archiveDays",
                self.archive_days,
                f"{earliest} or more with hotDays {self.hot_days}{reason}",
                "Raise archiveDays, or lower hotDays.",
            )
        for key, gateway in self.gateways.items() if self.aws_writes else ():
            if gateway.cache_refresh_seconds == 0:
                allowed = "300 to 2592000 while awsWrites is true: files written in AWS would never appear on-premises"
                yield Mistake(f"{key}.cacheRefreshSeconds", 0, allowed, "Set it to 300, or set awsWrites to false.")
        yield from apart(self.gateways)

    @property
    def gateways(self) -> dict[str, Gateway]:
        """Every File Gateway, by its key."""
        further = {f"fileGateways[{position}]": one for position, one in enumerate(self.file_gateways)}
        return {"fileGateway": self.file_gateway, **further}


def mistakes_with(storage: Storage, *, on_premises_cidrs: Sequence[str]) -> Iterator[Mistake]:
    """NFS clients that are not in the data centre. Keys are seen from the root."""
    for key, gateway in storage.gateways.items():
        yield from clients_elsewhere(gateway, f"storage.{key}", on_premises_cidrs)
