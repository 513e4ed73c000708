"""The section `storage`: the bucket, how its files age, and the ways to them in the data centre."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from components.settings import schedules
from components.settings.addresses import contained, repeated
from components.settings.base import Mistake, Section
from components.settings.errors import Unshown
from components.settings.network import RetentionDays

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


def _client(text: str) -> str:
    try:
        IPv4Network(text)
    except ValueError:
        raise ValueError("an IPv4 address such as 192.168.1.10, or a network without host bits; correct it") from None
    return text


def _printable(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[ -~]+", secret.get_secret_value()):
        raise ValueError("printable ASCII characters, which is what Storage Gateway takes; choose another password")
    return secret


GMT = re.compile(r"GMT((\+([0-9]|1[0-4])|-([0-9]|1[0-2])):[0-5][0-9])?")


def _offset(text: str) -> str:
    if not GMT.fullmatch(text):
        written = schedules.offset_in_winter(text)
        advice = f"write {written}, which {text} is in winter" if written else "write GMT, a sign, hours and minutes"
        raise ValueError(f"GMT and the hours that the gateway is off it, such as GMT+9:00; {advice}")
    return text


Days = Annotated[int, Field(ge=1, le=36_500)]
Offset = Annotated[
    str, Field(json_schema_extra={"pattern": f"^{GMT.pattern}$"}, examples=["GMT+9:00"]), AfterValidator(_offset)
]
Client = Annotated[str, Field(examples=["192.168.0.0/16"]), AfterValidator(_client)]
UnixId = Annotated[int, Field(ge=0, le=4_294_967_294)]
DiskPath = Annotated[str, StringConstraints(pattern=r"^/dev/[A-Za-z0-9/_-]+$", max_length=300)]
UnixMode = Annotated[str, StringConstraints(pattern=r"^[0-7]{4}$")]
ShareName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*/$", max_length=512)]
DomainUser = Annotated[str, StringConstraints(pattern=r"^[ -~]+$", max_length=64)]


class Nfs(Section):
    """The NFS share of the File Gateway."""

    share_name: ShareName = "files"
    """What clients mount: `gateway:/files`."""
    prefix: Prefix | None = Field(default=None, examples=["unix/"])
    """Part of the bucket that the share shows and that hosts in AWS mount, so that a path leads to the same file on both sides;
    it ends in a slash. Omitted: the whole bucket, which is only possible without an SMB share. Changing it replaces the share,
    and the hosts one by one."""
    clients: list[Client] | None = Field(default=None, min_length=1, max_length=100)
    """Addresses and networks within `onPremises.cidrs` that may mount the share. Omitted: all of `onPremises.cidrs`."""
    squash: Literal["RootSquash", "NoSquash", "AllSquash"] = "RootSquash"
    """Whom the gateway takes for the anonymous user 65534: root, nobody, or everybody."""
    file_mode: UnixMode = "0666"
    """Unix mode of files that were written in AWS, and so carry none. The default is AWS's own: everybody may write."""
    directory_mode: UnixMode = "0777"
    """The same of directories, the root of the share among them."""
    owner_id: UnixId = 65534
    """User id that owns such files and directories. The default is the anonymous user."""
    group_id: UnixId = 65534
    """Group id that owns such files and directories."""


class SmbDomain(Section):
    """The Active Directory domain that the gateway joins, so that its users can sign in to the SMB share."""

    name: Annotated[str, StringConstraints(pattern=r"^([0-9a-z]+(-[0-9a-z]+)*\.)+[a-z]{2,}$", max_length=1024)] = Field(
        examples=["corp.example"]
    )
    """Fully qualified name of the domain, in lower case."""
    username: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_. -]*$", max_length=1024)]
    """User who may join machines to the domain."""
    password: Annotated[SecretStr, Field(min_length=1, max_length=1024), AfterValidator(_printable)]
    """Password of that user. Secret."""
    organizational_unit: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = None
    """Organizational unit for the machine account of the gateway. Omitted: where the domain puts computers by itself."""
    controllers: (
        list[
            Annotated[
                str,
                StringConstraints(
                    pattern=r"^(([A-Za-z0-9-]*[A-Za-z0-9])\.)*([A-Za-z0-9-]*[A-Za-z0-9])(:[0-9]+)?$",
                    min_length=6,
                    max_length=1024,
                ),
            ]
        ]
        | None
    ) = Field(default=None, min_length=1)
    """Domain controllers, by name or address, with a port if it is not the usual one. Omitted: found through DNS."""


class Smb(Section):
    """An SMB share of the File Gateway, on a part of the bucket of its own: two shares must not write the same files."""

    share_name: ShareName = "documents"
    r"""What clients connect to: `\\gateway\documents`."""
    prefix: Prefix = "documents/"
    """Part of the bucket that the share shows, ending in a slash, apart from that of the NFS share. Changing it replaces the
    share."""
    guest_password: Annotated[SecretStr, Field(min_length=6, max_length=512), AfterValidator(_printable)] | None = None
    """Password of the one user `smbguest`, 6 to 512 characters. Secret. Either this or `domain`."""
    domain: SmbDomain | None = None
    """The Active Directory domain whose users sign in. Either this or `guestPassword`."""
    valid_users: list[DomainUser] | None = Field(default=None, min_length=1, max_length=100)
    """Users, and groups with an @ in front, that may connect. Omitted: every user of the domain."""
    invalid_users: list[DomainUser] | None = Field(default=None, min_length=1, max_length=100)
    """Users and @groups that may not. Omitted: none."""
    admin_users: list[DomainUser] | None = Field(default=None, min_length=1, max_length=100)
    """Users and @groups that may do anything to any file of the share. Omitted: none."""
    security_strategy: Literal["ClientSpecified", "MandatorySigning", "MandatoryEncryption", "MandatoryEncryptionNoAes128"] = (
        "MandatoryEncryption"
    )
    """What the gateway demands of a connection. Encryption needs SMB 3: Windows 8, Windows Server 2012 or newer."""

    def mistakes(self) -> Iterator[Mistake]:
        """Exactly one way to sign in, and users only where there are any."""
        if (self.guest_password is None) == (self.domain is None):
            given = Unshown("both" if self.domain else "neither")
            yield Mistake("", given, "exactly one of guestPassword and domain", "Give one of the two.")
        if self.domain is None:
            for key, users in (
                ("validUsers", self.valid_users),
                ("invalidUsers", self.invalid_users),
                ("adminUsers", self.admin_users),
            ):
                if users:
                    yield Mistake(key, users, "nothing without a domain: a guest has no name", f"Add domain, or remove {key}.")


class Maintenance(Section):
    """The weekly window in which the gateway may restart to update itself, in its own time zone."""

    day_of_week: Literal["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] = "Sunday"
    """Day of the window."""
    hour: Annotated[int, Field(ge=0, le=23)] = 3
    """Hour at which it begins."""
    minute: Annotated[int, Field(ge=0, le=59)] = 0
    """Minute at which it begins."""


class Refresh(Section):
    """Folders whose files appear on-premises by themselves, whether or not anybody looks into them."""

    folders: list[
        Annotated[str, StringConstraints(pattern=r"^/([A-Za-z0-9][A-Za-z0-9 ._-]*(/[A-Za-z0-9][A-Za-z0-9 ._-]*)*)?$")]
    ] = Field(min_length=1, max_length=50, examples=["/orders/out"])
    """Folders of the NFS share that AWS writes to, with all below them, seen from its root. `/` lists the whole bucket each
    time: S3 charges for every thousand files."""
    minutes: Annotated[int, Field(ge=5, le=1440)] = 5
    """Minutes from one refresh to the next: a file appears that many minutes after it was written at the latest, and the time
    that the gateway takes to list the folders."""

    def mistakes(self) -> Iterator[Mistake]:
        """Folders named twice."""
        yield from repeated("folders[{}]", self.folders)


class FileGateway(Section):
    """The S3 File Gateway: a VM in the data centre. As long as it has no activation key, nothing of it is made in AWS."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$")] = "hybridge-files"
    """Name of the gateway in AWS."""
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
    refresh: Refresh | None = None
    """Folders whose files appear on-premises by themselves. Omitted: none; a file appears once somebody looks into its folder
    and `cacheRefreshSeconds` have passed."""
    time_zone: Offset = "GMT"
    """Time zone of the gateway, as an offset."""
    maintenance: Maintenance = Maintenance()
    """When the gateway may restart to update itself. Omitted: Sunday, 3:00."""
    log_retention_days: RetentionDays = 90
    """Days for which the health and audit logs of the gateway are kept."""
    nfs: Nfs = Nfs()
    """The NFS share. Omitted: the whole bucket, for all of on-premises."""
    smb: Smb | None = None
    """The SMB share. Omitted: none."""

    def mistakes(self) -> Iterator[Mistake]:
        """Disks named twice, shares that would write the same files, or have the same name."""
        yield from repeated("moreCacheDiskPaths[{}]", self.more_cache_disk_paths)
        if self.cache_disk_path in self.more_cache_disk_paths and self.cache_disk_id is None:
            position = self.more_cache_disk_paths.index(self.cache_disk_path)
            allowed = "a disk other than cacheDiskPath"
            yield Mistake(f"moreCacheDiskPaths[{position}]", self.cache_disk_path, allowed, "Name the new disk, or remove it.")
        if self.smb is None:
            return
        if self.nfs.prefix is None:
            allowed = "a part of the bucket apart from smb.prefix: AWS allows two shares of a bucket no files in common"
            yield Mistake("nfs.prefix", self.nfs.prefix, allowed, "Give the NFS share a prefix of its own, such as unix/.")
        elif self.nfs.prefix.startswith(self.smb.prefix) or self.smb.prefix.startswith(self.nfs.prefix):
            allowed = f"a prefix apart from nfs.prefix, {self.nfs.prefix}"
            yield Mistake("smb.prefix", self.smb.prefix, allowed, "Choose prefixes of which none lies within the other.")
        if self.smb.share_name.lower() == self.nfs.share_name.lower():
            allowed = f"a name other than that of the NFS share, {self.nfs.share_name}"
            yield Mistake("smb.shareName", self.smb.share_name, allowed, "Rename one of the two.")


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
        if self.aws_writes and self.file_gateway.cache_refresh_seconds == 0:
            yield Mistake(
                "fileGateway.cacheRefreshSeconds",
                0,
                "300 to 2592000 while awsWrites is true: files written in AWS would never appear on-premises",
                "Set it to 300, or set awsWrites to false.",
            )


def mistakes_with(storage: Storage, *, on_premises_cidrs: Sequence[str]) -> Iterator[Mistake]:
    """NFS clients that are not in the data centre. Keys are seen from the root."""
    clients = storage.file_gateway.nfs.clients or []
    key = "storage.fileGateway.nfs.clients"
    yield from repeated(f"{key}[{{}}]", clients)
    for position, client in enumerate(clients):
        if not contained(client, on_premises_cidrs):
            allowed = f"an address or network within onPremises.cidrs, {', '.join(on_premises_cidrs)}"
            yield Mistake(f"{key}[{position}]", client, allowed, "Narrow it, or add its network to onPremises.cidrs.")
