"""The shares of a File Gateway: what of the bucket they show, to whom, and how it keeps up with what AWS writes."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from components.settings.addresses import repeated
from components.settings.base import Mistake, Section
from components.settings.errors import Unshown


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


Client = Annotated[str, Field(examples=["192.168.0.0/16"]), AfterValidator(_client)]
UnixId = Annotated[int, Field(ge=0, le=4_294_967_294)]
UnixMode = Annotated[str, StringConstraints(pattern=r"^[0-7]{4}$")]
ShareName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$")]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*/$", max_length=512)]
DomainUser = Annotated[str, StringConstraints(pattern=r"^[ -~]+$", max_length=64)]


class Refresh(Section):
    """Folders whose files appear on-premises by themselves, whether or not anybody looks into them."""

    folders: list[
        Annotated[str, StringConstraints(pattern=r"^/([A-Za-z0-9][A-Za-z0-9 ._-]*(/[A-Za-z0-9][A-Za-z0-9 ._-]*)*)?$")]
    ] = Field(min_length=1, max_length=50, examples=["/orders/out"])
    """Folders of the share that AWS writes to, with all below them, seen from its root. `/` lists the whole bucket each
    time: S3 charges for every thousand files."""
    minutes: Annotated[int, Field(ge=5, le=1440)] = 5
    """Minutes from one refresh to the next: a file appears that many minutes after it was written at the latest, and the time
    that the gateway takes to list the folders."""

    def mistakes(self) -> Iterator[Mistake]:
        """Folders named twice."""
        yield from repeated("folders[{}]", self.folders)


class Nfs(Section):
    """The NFS share of the File Gateway."""

    share_name: ShareName = "files"
    """What clients mount: `gateway:/files`."""
    prefix: Prefix | None = Field(default=None, examples=["unix/"])
    """Part of the bucket that the share shows; it ends in a slash. Hosts in AWS mount that of `fileGateway`, so that a path
    leads to the same file on both sides. Omitted: the whole bucket, which is only possible where there is no other share.
    Changing it replaces the share, and the hosts one by one."""
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
    refresh: Refresh | None = None
    """Folders whose files appear on-premises by themselves. Omitted: none; a file appears once somebody looks into its folder
    and `cacheRefreshSeconds` have passed."""


class MoreNfs(Nfs):
    """A further NFS share, on a part of the bucket of its own."""

    share_name: ShareName = Field(examples=["projects"])
    """What clients mount: `gateway:/projects`. Changing it makes the share anew."""
    prefix: Prefix = Field(examples=["projects/"])
    """Part of the bucket that the share shows, ending in a slash. Changing it makes the share anew."""


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


class SmbShare(Section):
    """An SMB share of a File Gateway, on a part of the bucket of its own: two shares must not write the same files."""

    share_name: ShareName
    prefix: Prefix
    valid_users: list[DomainUser] | None = Field(default=None, min_length=1, max_length=100)
    """Users, and groups with an @ in front, that may connect. Omitted: every user of the domain."""
    invalid_users: list[DomainUser] | None = Field(default=None, min_length=1, max_length=100)
    """Users and @groups that may not. Omitted: none."""
    admin_users: list[DomainUser] | None = Field(default=None, min_length=1, max_length=100)
    """Users and @groups that may do anything to any file of the share. Omitted: none."""
    refresh: Refresh | None = None
    """Folders whose files appear on-premises by themselves, as with `nfs`. Omitted: none."""

    @property
    def users(self) -> Iterator[tuple[str, list[str]]]:
        """The lists of users that it has, by key."""
        for key, users in (
            ("validUsers", self.valid_users),
            ("invalidUsers", self.invalid_users),
            ("adminUsers", self.admin_users),
        ):
            if users:
                yield key, users


class MoreSmb(SmbShare):
    """A further SMB share. Users sign in as they do to `smb`."""

    share_name: ShareName = Field(examples=["scans"])
    r"""What clients connect to: `\\gateway\scans`. Changing it makes the share anew."""
    prefix: Prefix = Field(examples=["scans/"])
    """Part of the bucket that the share shows, ending in a slash. Changing it makes the share anew."""


class Smb(SmbShare):
    """An SMB share of a File Gateway, and how users sign in to all of its SMB shares."""

    share_name: ShareName = "documents"
    r"""What clients connect to: `\\gateway\documents`."""
    prefix: Prefix = "documents/"
    """Part of the bucket that the share shows, ending in a slash, apart from that of every other share. Changing it replaces
    the share."""
    guest_password: Annotated[SecretStr, Field(min_length=6, max_length=512), AfterValidator(_printable)] | None = None
    """Password of the one user `smbguest`, 6 to 512 characters. Secret. Either this or `domain`."""
    domain: SmbDomain | None = None
    """The Active Directory domain whose users sign in. Either this or `guestPassword`."""
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
            yield from nameless(self, "")


def nameless(share: SmbShare, key: str) -> Iterator[Mistake]:
    """Users of a share to which a guest alone signs in."""
    for name, users in share.users:
        yield Mistake(f"{key}{name}", users, "nothing without a domain: a guest has no name", f"Add domain, or remove {name}.")
