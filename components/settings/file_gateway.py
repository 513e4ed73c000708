"""The File Gateways of the section `storage`: their VMs, disks and shares, and what they may take of the link."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints

from components.settings import schedules
from components.settings.addresses import contained, repeated
from components.settings.base import Mistake, Section
from components.settings.errors import Unshown
from components.settings.file_shares import MoreNfs, MoreSmb, Nfs, Smb, SmbShare, nameless
from components.settings.network import RetentionDays

GMT = re.compile(r"GMT((\+([0-9]|1[0-4])|-([0-9]|1[0-2])):[0-5][0-9])?")


def _offset(text: str) -> str:
    if not GMT.fullmatch(text):
        written = schedules.offset_in_winter(text)
        advice = f"write {written}, which {text} is in winter" if written else "write GMT, a sign, hours and minutes"
        raise ValueError(f"GMT and the hours that the gateway is off it, such as GMT+9:00; {advice}")
    return text


Offset = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{GMT.pattern}$"}, examples=["GMT+9:00"]), AfterValidator(_offset)
]
DiskPath = Annotated[str, StringConstraints(pattern=r"^/dev/[A-Za-z0-9/_-]+$", max_length=300)]
Weekday = Literal["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
REFRESHES = 2
"""Refreshes that a gateway does at once; it refuses a third.
https://docs.aws.amazon.com/storagegateway/latest/APIReference/API_RefreshCache.html"""


class Maintenance(Section):
    """The weekly window in which the gateway may restart to update itself, in its own time zone."""

    day_of_week: Weekday = "Sunday"
    """Day of the window."""
    hour: Annotated[int, Field(ge=0, le=23)] = 3
    """Hour at which it begins."""
    minute: Annotated[int, Field(ge=0, le=59)] = 0
    """Minute at which it begins."""


class UploadLimit(Section):
    """Hours in which the gateway uploads no faster than so much. Outside of all of them it takes what it gets."""

    days: list[Weekday] = Field(default=[*WEEKDAYS], min_length=1, max_length=7)
    """Days of the week. Omitted: every day."""
    start: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "00:00"
    """When the limit begins, in the time zone of the gateway."""
    end: Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")] = "24:00"
    """When it ends, on the same day."""
    mebibits: Annotated[int, Field(ge=100, le=100_000)]
    """Mebibits a second (1,048,576 bits), which AWS's console calls Mbps. Storage Gateway takes no limit below 100."""

    def mistakes(self) -> Iterator[Mistake]:
        """Days named twice, and an end before the beginning."""
        yield from repeated("days[{}]", [*self.days])
        if self.end <= self.start:
            fix = "Set a later end; a limit over midnight is two, one up to 24:00 and one from 00:00."
            yield Mistake("end", self.end, f"a time after start, {self.start}", fix)


class Gateway(Section):
    """What every File Gateway has."""

    name: str
    activation_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", max_length=50)] | None = Field(
        default=None, examples=["29AV1-3OFV9-VVIUB-NKT0I-LRO6V"]
    )
    """The key that the gateway VM gives out when asked with the output `fileGatewayActivationRequest`. It serves once and
    expires after half an hour, so it is no secret afterwards; leave it here for as long as the gateway shall exist: taking it
    away deletes the gateway. Omitted: no gateway yet."""
    cache_disk_path: DiskPath = "/dev/sdb"
    """Device of the VM that becomes the cache, at least 150 GB: the second disk, `/dev/sdb` on VMware and Hyper-V, `/dev/vdb`
    on KVM. Of a gateway that has its cache an edit changes nothing: a disk stays the cache for good."""
    more_cache_disk_paths: list[DiskPath] = Field(default=[], max_length=15, examples=["/dev/sdc"])
    """Further disks of the VM that are added to the cache, when it becomes too small. One that is taken away here stays."""
    cache_disk_id: Annotated[str, StringConstraints(pattern=r"^[!-~]([ -~]*[!-~])?$", max_length=300)] | None = None
    """Id of that disk as `aws storagegateway list-local-disks` shows it, where no path tells which disk is meant. Omitted:
    looked up by `cacheDiskPath` as soon as the gateway is active."""
    cache_refresh_seconds: Literal[0] | Annotated[int, Field(ge=300, le=2_592_000)] = 300
    """Seconds after which the listing of a folder is fetched from the bucket again when somebody looks into it; only then does
    a file written in AWS appear on-premises. 0: never; from another number it is set back to 0 by hand (`aws storagegateway
    update-nfs-file-share --cache-attributes CacheStaleTimeoutInSeconds=0`), since the provider leaves it as it is."""
    upload_limits: list[UploadLimit] | None = Field(default=None, max_length=20)
    """What the gateway may take of the link for its uploads, and when; an edit is in force within the hour. Omitted: nothing is
    said of it, and what was set by hand, or by limits that stood here, stays. `[]` takes every limit away."""
    time_zone: Offset = "GMT"
    """Time zone of the gateway, as an offset."""
    maintenance: Maintenance = Maintenance()
    """When the gateway may restart to update itself. Omitted: Sunday, 3:00."""
    log_retention_days: RetentionDays = 90
    """Days for which the health and audit logs of the gateway are kept."""
    nfs: Nfs | None = None
    smb: Smb | None = None
    """The SMB share. Omitted: none."""
    more_nfs: list[MoreNfs] = Field(default=[], max_length=20)
    """Further NFS shares of the gateway. Omitted: none."""
    more_smb: list[MoreSmb] = Field(default=[], max_length=20)
    """Further SMB shares of the gateway, to which users sign in as to `smb`. Omitted: none."""

    @property
    def shares(self) -> dict[str, Nfs | SmbShare]:
        """Every share, by its key."""
        return {
            **({"nfs": self.nfs} if self.nfs else {}),
            **({"smb": self.smb} if self.smb else {}),
            **{f"moreNfs[{position}]": share for position, share in enumerate(self.more_nfs)},
            **{f"moreSmb[{position}]": share for position, share in enumerate(self.more_smb)},
        }

    def mistakes(self) -> Iterator[Mistake]:
        """Disks named twice, shares of one name, ways to sign in that are missing, and more than the gateway does at once."""
        yield from repeated("moreCacheDiskPaths[{}]", self.more_cache_disk_paths)
        if self.cache_disk_path in self.more_cache_disk_paths and self.cache_disk_id is None:
            position = self.more_cache_disk_paths.index(self.cache_disk_path)
            allowed = "a disk other than cacheDiskPath"
            yield Mistake(f"moreCacheDiskPaths[{position}]", self.cache_disk_path, allowed, "Name the new disk, or remove it.")
        names: dict[str, str] = {}
        for key, share in self.shares.items():
            first = names.setdefault(share.share_name.lower(), key)
            if first != key:
                allowed = f"a name other than that of {first}, {self.shares[first].share_name}"
                yield Mistake(f"{key}.shareName", share.share_name, allowed, "Rename one of the two.")
        if self.more_smb and self.smb is None:
            allowed = "nothing without smb, which says how users sign in"
            yield Mistake("moreSmb", Unshown(f"{len(self.more_smb)} shares"), allowed, "Make the first of them smb.")
        for position, smb in enumerate(self.more_smb if self.smb and self.smb.domain is None else ()):
            yield from nameless(smb, f"moreSmb[{position}].")
        refreshed = [key for key, share in self.shares.items() if share.refresh]
        for key in refreshed[REFRESHES:]:
            allowed = (
                f"refresh for {REFRESHES} shares of a gateway, here of {' and '.join(refreshed[:REFRESHES])}: it takes no more"
            )
            yield Mistake(f"{key}.refresh", Unshown("given"), allowed, "Remove one.")
        yield from self._limits_that_overlap()

    def _limits_that_overlap(self) -> Iterator[Mistake]:
        limits = self.upload_limits or []
        for position, limit in enumerate(limits):
            for number, before in enumerate(limits[:position]):
                if {*limit.days} & {*before.days} and limit.start < before.end and before.start < limit.end:
                    given = f"{limit.start} to {limit.end}"
                    allowed = f"hours apart from those of uploadLimits[{number}], {before.start} to {before.end}"
                    yield Mistake(f"uploadLimits[{position}]", given, allowed, "Let one begin where the other ends.")


class FileGateway(Gateway):
    """The S3 File Gateway: a VM in the data centre. As long as it has no activation key, nothing of it is made in AWS.

    Its NFS share is the one that servers mount, and hosts in AWS too. Further gateways are in `fileGateways`.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$")] = "hybridge-files"
    """Name of the gateway in AWS."""
    nfs: Nfs = Nfs()
    """The NFS share. Omitted: the whole bucket, for all of on-premises."""


class FurtherGateway(Gateway):
    """A File Gateway beside `fileGateway`: of another site, or with a cache of its own. It has a share at least."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,19}$")] = Field(examples=["busan"])
    """Name of the gateway in AWS, in its alarms and in the names of all that belongs to it. Changing it makes the gateway anew,
    which takes a new activation key."""
    nfs: Nfs | None = None
    """The NFS share, with a `prefix`. Omitted: none."""

    def mistakes(self) -> Iterator[Mistake]:
        """A gateway without a share."""
        yield from super().mistakes()
        if not self.shares:
            yield Mistake("", Unshown("no share"), "a gateway with a share at least", "Add nfs, with a prefix, or smb.")


def apart(gateways: Mapping[str, Gateway]) -> Iterator[Mistake]:
    """Shares, of whichever gateway, that would write the same files; gateways of one name. By key."""
    names: dict[str, str] = {}
    placed: list[tuple[str, str]] = []
    for where, gateway in gateways.items():
        first = names.setdefault(gateway.name.lower(), where)
        if first != where:
            allowed = f"a name other than that of {first}, {gateways[first].name}"
            yield Mistake(f"{where}.name", gateway.name, allowed, "Rename one of the two.")
        for key, share in gateway.shares.items():
            placed.append((f"{where}.{key}.prefix", share.prefix or ""))
    whole = [key for key, prefix in placed if not prefix] if len(placed) > 1 else []
    for key in whole:
        allowed = "a part of the bucket of its own where there are other shares: AWS allows two of a bucket no files in common"
        yield Mistake(key, None, allowed, "Give the NFS share a prefix of its own, such as unix/.")
    for position, (key, prefix) in enumerate(placed):
        for other, before in placed[:position]:
            if prefix and before and (prefix.startswith(before) or before.startswith(prefix)):
                allowed = f"a prefix apart from {other}, {before}"
                yield Mistake(key, prefix, allowed, "Choose prefixes of which none lies within the other.")


def clients_elsewhere(gateway: Gateway, key: str, on_premises_cidrs: Sequence[str]) -> Iterator[Mistake]:
    """NFS clients that are not in the data centre. `key` is that of the gateway, seen from the root."""
    for name, share in gateway.shares.items():
        clients = (share.clients if isinstance(share, Nfs) else None) or []
        yield from repeated(f"{key}.{name}.clients[{{}}]", clients)
        for position, client in enumerate(clients):
            if not contained(client, on_premises_cidrs):
                allowed = f"an address or network within onPremises.cidrs, {', '.join(on_premises_cidrs)}"
                fix = "Narrow it, or add its network to onPremises.cidrs."
                yield Mistake(f"{key}.{name}.clients[{position}]", client, allowed, fix)
