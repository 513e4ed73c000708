"""What HybridStorage takes: the section `storage` of the settings, under the same names, and what Network gives."""

from collections.abc import Sequence
from typing import Annotated, Literal, NotRequired, TypedDict

import pulumi

from components.arguments import Default, arguments

TierClass = Literal["INTELLIGENT_TIERING", "STANDARD_IA", "ONEZONE_IA"]
ArchiveClass = Literal["GLACIER", "DEEP_ARCHIVE"]
Weekday = Literal["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


@arguments
class RefreshArgs(TypedDict):
    """Folders of a share that are listed anew by the clock."""

    folders: Sequence[str]
    """The folders, with all below them, seen from the root of the share."""
    minutes: NotRequired[Annotated[int, Default(5)]]
    """Minutes from one refresh to the next. Default 5."""


@arguments
class NfsArgs(TypedDict):
    """The NFS share of the File Gateway."""

    share_name: NotRequired[Annotated[str, Default("files")]]
    """What clients mount: `gateway:/<share name>`. Default files."""
    prefix: NotRequired[str]
    """Part of the bucket that the share shows, ending in a slash. Default: the whole bucket."""
    clients: NotRequired[Sequence[str]]
    """Addresses or CIDR blocks that may mount it. Default: `on_premises_cidrs`."""
    squash: NotRequired[Annotated[Literal["RootSquash", "NoSquash", "AllSquash"], Default("RootSquash")]]
    """Who becomes the anonymous user 65534: root, nobody, everybody. Default RootSquash."""
    file_mode: NotRequired[Annotated[str, Default("0666")]]
    """Unix mode, four octal digits, of files that were written to the bucket past the gateway. Default 0666."""
    directory_mode: NotRequired[Annotated[str, Default("0777")]]
    """The same of directories. Default 0777."""
    owner_id: NotRequired[Annotated[int, Default(65534)]]
    """User id that owns such files. Default 65534."""
    group_id: NotRequired[Annotated[int, Default(65534)]]
    """Group id that owns such files. Default 65534."""
    refresh: NotRequired[RefreshArgs]
    """Folders that are listed anew by the clock. Default: none."""


@arguments
class SmbDomainArgs(TypedDict):
    """The Active Directory domain that the gateway joins."""

    name: str
    """Fully qualified name."""
    username: str
    """User who may join machines."""
    password: pulumi.Input[str]
    """Password of that user. Secret."""
    organizational_unit: NotRequired[str]
    """Where the gateway's machine account goes. Default: AWS's, the domain's own container for computers."""
    controllers: NotRequired[Sequence[str]]
    """Domain controllers by name or address. Default: found through DNS."""


@arguments
class SmbArgs(TypedDict):
    """The SMB share of the File Gateway: exactly one of `guest_password` and `domain`."""

    share_name: NotRequired[Annotated[str, Default("documents")]]
    r"""What clients connect to: `\\gateway\<share name>`. Default documents."""
    prefix: NotRequired[Annotated[str, Default("documents/")]]
    """Part of the bucket that the share shows, ending in a slash. Default documents/."""
    guest_password: NotRequired[pulumi.Input[str]]
    """Password of the one user `smbguest`. Secret."""
    domain: NotRequired[SmbDomainArgs]
    """Users sign in with their accounts in this domain."""
    valid_users: NotRequired[Sequence[str]]
    """Users and @groups of the domain that may connect. Default: all."""
    invalid_users: NotRequired[Sequence[str]]
    """Users and @groups of the domain that may not. Default: none."""
    admin_users: NotRequired[Sequence[str]]
    """Users and @groups of the domain that may do anything to any file. Default: none."""
    security_strategy: NotRequired[
        Annotated[
            Literal["ClientSpecified", "MandatorySigning", "MandatoryEncryption", "MandatoryEncryptionNoAes128"],
            Default("MandatoryEncryption"),
        ]
    ]
    """What the gateway demands of a connection. Holds for the whole gateway. Default MandatoryEncryption."""
    refresh: NotRequired[RefreshArgs]
    """Folders that are listed anew by the clock. Default: none."""


@arguments
class MoreSmbArgs(TypedDict):
    """A further SMB share, to which users sign in as to the first."""

    share_name: str
    r"""What clients connect to: `\\gateway\<share name>`."""
    prefix: str
    """Part of the bucket that the share shows, ending in a slash."""
    valid_users: NotRequired[Sequence[str]]
    """Users and @groups of the domain that may connect. Default: all."""
    invalid_users: NotRequired[Sequence[str]]
    """Users and @groups of the domain that may not. Default: none."""
    admin_users: NotRequired[Sequence[str]]
    """Users and @groups of the domain that may do anything to any file. Default: none."""
    refresh: NotRequired[RefreshArgs]
    """Folders that are listed anew by the clock. Default: none."""


@arguments
class UploadLimitArgs(TypedDict):
    """Hours of some days in which a gateway uploads no faster than so much, in its own time zone."""

    days: Sequence[Weekday]
    """Days of the week."""
    start: str
    """When it begins, as `08:00`."""
    end: str
    """When it ends, on the same day, up to `24:00`."""
    mebibits: int
    """Mebibits a second, 100 at least."""


@arguments
class MaintenanceArgs(TypedDict):
    """When the gateway may restart to update itself, in its own time zone."""

    day_of_week: NotRequired[Annotated[Weekday, Default("Sunday")]]
    """Day of the week. Default Sunday."""
    hour: NotRequired[Annotated[int, Default(3)]]
    """Hour, 0 to 23. Default 3."""
    minute: NotRequired[Annotated[int, Default(0)]]
    """Minute, 0 to 59. Default 0."""


@arguments
class FileGatewayArgs(TypedDict):
    """The S3 File Gateway in the data centre. Without `activation_key` nothing of it is made."""

    name: NotRequired[Annotated[str, Default("hybridge-files")]]
    """The gateway's name in AWS, and a dimension of its CloudWatch metrics. Default hybridge-files."""
    activation_key: NotRequired[str]
    """The key that the gateway VM gave out. Taking it away again deletes the gateway."""
    cache_disk_path: NotRequired[Annotated[str, Default("/dev/sdb")]]
    """Device of the VM that becomes the cache. Looked up only without `cache_disk_id`. Default /dev/sdb."""
    more_cache_disk_paths: NotRequired[Annotated[Sequence[str], Default([])]]
    """Further devices that are added to the cache. Default none."""
    cache_disk_id: NotRequired[str]
    """The id that Storage Gateway has for that disk. Default: looked up by `cache_disk_path`."""
    cache_refresh_seconds: NotRequired[Annotated[int, Default(300)]]
    """Age at which a directory listing is fetched from the bucket again. 0: never. Default 300."""
    upload_limits: NotRequired[Sequence[UploadLimitArgs]]
    """What it may take of the link for uploads. Default: nothing is said of it; an empty list takes every limit away."""
    time_zone: NotRequired[Annotated[str, Default("GMT")]]
    """`GMT`, or an offset such as `GMT+9:00`. Default GMT."""
    maintenance: NotRequired[Annotated[MaintenanceArgs, Default({})]]
    """Weekly window for updates."""
    log_retention_days: NotRequired[Annotated[int, Default(90)]]
    """How long its health and audit logs are kept. Default 90."""
    nfs: NotRequired[Annotated[NfsArgs, Default({})]]
    """The NFS share."""
    smb: NotRequired[SmbArgs]
    """The SMB share. Default: none."""
    more_nfs: NotRequired[Annotated[Sequence[NfsArgs], Default([])]]
    """Further NFS shares, each with a share name and a prefix of its own. Default none."""
    more_smb: NotRequired[Annotated[Sequence[MoreSmbArgs], Default([])]]
    """Further SMB shares; they need `smb`. Default none."""


@arguments
class FurtherGatewayArgs(TypedDict):
    """A further File Gateway, with a share at least. Without `activation_key` nothing of it is made."""

    name: str
    """The gateway's name in AWS and in the names of its resources; small letters, digits and dashes, up to 20 characters."""
    activation_key: NotRequired[str]
    """The key that the gateway VM gave out. Taking it away again deletes the gateway."""
    cache_disk_path: NotRequired[Annotated[str, Default("/dev/sdb")]]
    """Device of the VM that becomes the cache. Looked up only without `cache_disk_id`. Default /dev/sdb."""
    more_cache_disk_paths: NotRequired[Annotated[Sequence[str], Default([])]]
    """Further devices that are added to the cache. Default none."""
    cache_disk_id: NotRequired[str]
    """The id that Storage Gateway has for that disk. Default: looked up by `cache_disk_path`."""
    cache_refresh_seconds: NotRequired[Annotated[int, Default(300)]]
    """Age at which a directory listing is fetched from the bucket again. 0: never. Default 300."""
    upload_limits: NotRequired[Sequence[UploadLimitArgs]]
    """What it may take of the link for uploads. Default: nothing is said of it; an empty list takes every limit away."""
    time_zone: NotRequired[Annotated[str, Default("GMT")]]
    """`GMT`, or an offset such as `GMT+9:00`. Default GMT."""
    maintenance: NotRequired[Annotated[MaintenanceArgs, Default({})]]
    """Weekly window for updates."""
    log_retention_days: NotRequired[Annotated[int, Default(90)]]
    """How long its health and audit logs are kept. Default 90."""
    nfs: NotRequired[NfsArgs]
    """The NFS share. Default: none."""
    smb: NotRequired[SmbArgs]
    """The SMB share. Default: none."""
    more_nfs: NotRequired[Annotated[Sequence[NfsArgs], Default([])]]
    """Further NFS shares, each with a share name and a prefix of its own. Default none."""
    more_smb: NotRequired[Annotated[Sequence[MoreSmbArgs], Default([])]]
    """Further SMB shares; they need `smb`. Default none."""


@arguments
class EfsArgs(TypedDict):
    """The EFS file system."""

    enabled: NotRequired[Annotated[bool, Default(False)]]
    """Whether there is one. Default False."""
    ia_days: NotRequired[Annotated[int, Default(7)]]
    """Days without access until a file moves to Infrequent Access. Default 7."""
    archive_days: NotRequired[Annotated[int, Default(365)]]
    """Days without access until a file moves to Archive. Default 365."""
    on_premises: NotRequired[Annotated[bool, Default(False)]]
    """Whether on-premises networks may mount it too. Default False."""
    owner_id: NotRequired[Annotated[int, Default(1000)]]
    """User id under which all access through the access point happens. Default 1000."""
    group_id: NotRequired[Annotated[int, Default(1000)]]
    """Group id, likewise. Default 1000."""


@arguments
class ReplicateFromArgs(TypedDict):
    """The bucket of another region, of which this one's is a replica; both in one account."""

    bucket_name: pulumi.Input[str]
    """Name of that bucket."""
    bucket_arn: pulumi.Input[str]
    """ARN of that bucket. It must have versions."""
    kms_key_arn: pulumi.Input[str]
    """The key that encrypts it. Its policy must leave it to the IAM policies of the account who may use it."""
    region: pulumi.Input[str]
    """The region of that bucket."""
    delete_markers: bool
    """Whether a file that is deleted there disappears here too. Its versions stay for `noncurrent_days` either way."""
    replica_modifications: bool
    """Whether changes to the metadata (tags, ACLs) of replicas are replicated too. Without `reverse` only that bucket's own
    changes travel, and they always do."""
    replication_time_control: bool
    """Whether S3 undertakes to replicate 99.99 % of the objects within 15 minutes, and reports those that take longer."""
    reverse: bool
    """Whether what is written here is replicated back to that bucket: the first step of the way back. Both directions may be on
    at once; S3 replicates no replica."""


@arguments
class ObjectLockArgs(TypedDict):
    """What keeps versions of files from being deleted. Names are those of `storage.objectLock`."""

    mode: NotRequired[Annotated[Literal["governance", "compliance"], Default("governance")]]
    """governance: who may bypass it can delete. compliance: nobody can. Default governance."""
    days: int
    """Days from its writing for which each version is kept."""


@arguments
class HybridStorageArgs(TypedDict):
    """Arguments of HybridStorage."""

    region: str
    """Region of every regional resource."""
    tags: NotRequired[Annotated[dict[str, str], Default({})]]
    """Tags of every taggable resource, next to `Name`. Default none."""
    protected: NotRequired[Annotated[bool, Default(True)]]
    """Whether a destroy is refused, and what it would delete kept: the key, the buckets, the gateway, the EFS file system.
    Default True."""
    backup_tag: NotRequired[str]
    """Value of the tag `Backup` on the bucket and the EFS file system, by which a backup plan selects them. Without it, EFS
    keeps automatic backups of its own."""

    vpc_id: pulumi.Input[str]
    """VPC of the EFS mount targets."""
    zones: Sequence[str]
    """Names of the availability zones, in the order of `private_subnet_ids`."""
    private_subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the EFS mount targets, one per zone."""
    on_premises_cidrs: Sequence[str]
    """Networks of the data centre."""
    storage_gateway_endpoint_dns_name: NotRequired[pulumi.Input[str] | None]
    """DNS name of the VPC endpoint of Storage Gateway, through which the gateway is activated and run. Default: the
    public endpoint."""
    s3_interface_endpoint_dns_name: NotRequired[pulumi.Input[str] | None]
    """DNS name of the interface endpoint of S3, with or without the leading `*.`, through which the gateway moves files.
    Default: whatever its DNS server answers for S3."""

    bucket_name: NotRequired[str]
    """Name of the bucket. Default: Pulumi makes one up."""
    hot_days: NotRequired[Annotated[int, Default(7)]]
    """Days that a new file stays in S3 Standard. Default 7."""
    tier_class: NotRequired[Annotated[TierClass, Default("INTELLIGENT_TIERING")]]
    """Storage class after that. Default INTELLIGENT_TIERING."""
    archive_days: NotRequired[Annotated[int, Default(365)]]
    """Days from creation to the archive. Default 365."""
    archive_class: NotRequired[Annotated[ArchiveClass, Default("GLACIER")]]
    """Storage class of the archive. Nobody can read a file in it until it is restored. Default GLACIER."""
    noncurrent_days: NotRequired[Annotated[int, Default(30)]]
    """Days that an overwritten or deleted version is kept. Default 30."""
    abort_upload_days: NotRequired[Annotated[int, Default(7)]]
    """Days after which an unfinished multipart upload is dropped. Default 7."""
    access_log_retention_days: NotRequired[Annotated[int, Default(365)]]
    """Days that server access logs are kept. Default 365."""
    object_lock: NotRequired[ObjectLockArgs]
    """Versions that nobody deletes before their time. Default: none."""
    mount_path: NotRequired[Annotated[str, Default("/mnt/files")]]
    """Where hosts on both sides mount the files. Default /mnt/files."""
    aws_writes: NotRequired[Annotated[bool, Default(False)]]
    """Whether hosts in AWS may write files, not only read them. Default False."""
    replicate_from: NotRequired[ReplicateFromArgs]
    """The bucket whose files are replicated into this one. Default: none."""
    read_only: NotRequired[bool]
    """Whether nobody may write files yet, neither hosts nor the clients of the shares, because they are another region's.
    Default: false."""
    file_gateway: NotRequired[Annotated[FileGatewayArgs, Default({})]]
    """The S3 File Gateway."""
    file_gateways: NotRequired[Annotated[Sequence[FurtherGatewayArgs], Default([])]]
    """Further File Gateways, each with parts of the bucket of its own. Default none."""
    efs: NotRequired[Annotated[EfsArgs, Default({})]]
    """The EFS file system."""
