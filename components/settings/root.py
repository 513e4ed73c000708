"""The root of the settings: what a stack file holds, section by section."""

import re
from typing import Annotated, Literal, NamedTuple, get_args, get_origin

from pulumi_aws import Region
from pydantic import AfterValidator, Field

from components.settings.base import Section
from components.settings.client_vpn import ClientVpn
from components.settings.containers import Containers
from components.settings.database import Database
from components.settings.direct_connect import DirectConnect
from components.settings.disaster_recovery import DisasterRecovery
from components.settings.management import Management
from components.settings.migration import Migration
from components.settings.near import nearest
from components.settings.network import Network
from components.settings.on_premises import OnPremises
from components.settings.storage import Storage
from components.settings.workloads import Workload

OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")
"""What regions of China, of governments and of sovereign clouds begin with: they have other ARNs, and not all the services."""
REGIONS: tuple[str, ...] = tuple(sorted(region.value for region in Region if not region.value.startswith(OTHER_PARTITIONS)))
"""Regions of the partition `aws`, as the AWS provider knows them."""

STACK_NAME = r"^([A-Za-z0-9_-]+/[A-Za-z0-9_.-]+/)?[A-Za-z0-9_.-]{1,100}$"
"""A stack of the same project, or one by organization and project."""

MAX_TAGS = 40
"""AWS takes 50 a resource; the components add their own."""
TAG_TEXT = re.compile(r"[\w\s.:/=+@-]*")
"""What every service takes. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"""
OWN_TAGS = ("name",)
"""Keys that the components set on each resource, in lower case."""


def _tags(tags: dict[str, str]) -> dict[str, str]:
    # IAM takes keys for equal that differ in case only.
    seen: dict[str, str] = {}
    for key, value in tags.items():
        if not 1 <= len(key) <= 128 or not TAG_TEXT.fullmatch(key) or not key.strip():
            raise ValueError(f"keys of 1 to 128 letters, digits, spaces and _.:/=+@-; change the key {key!r}")
        if key.lower().startswith("aws:"):
            raise ValueError(f"keys that do not begin with aws:, which AWS keeps for itself; rename {key!r}")
        if key.lower() in OWN_TAGS:
            raise ValueError(f"keys other than Name, which every resource already has; remove {key!r}")
        if len(value) > 256 or not TAG_TEXT.fullmatch(value):
            raise ValueError(f"values of up to 256 letters, digits, spaces and _.:/=+@-; change the value of {key!r}")
        if key.lower() in seen:
            raise ValueError(f"keys that differ in more than case; remove {key!r} or {seen[key.lower()]!r}")
        seen[key.lower()] = key
    return tags


def _region(name: str) -> str:
    if name not in REGIONS:
        raise ValueError(f"a region of AWS as in aws:region; {nearest(name, REGIONS, 'correct the name')}")
    return name


class General(Section):
    """The top-level keys that are plain values."""

    size: Literal["small", "medium", "large"] = "small"
    """How large everything is for which nothing is set by hand: it stands for instance types, counts, disk sizes and switches,
    which docs/configuration.md lists. Any key that the stack file sets wins."""
    protect: bool = True
    """Whether what holds data, or was ordered, cannot be deleted by Pulumi: the database, the files, the backups, the circuits.
    Set it to false, and deploy that, before taking a stack down for good."""
    tags: Annotated[dict[str, str], Field(max_length=MAX_TAGS), AfterValidator(_tags)] = {}
    """Tags of every resource, up to 40, for example Environment, Owner and CostCenter. Name is added by itself."""
    role: Literal["primary", "secondary"] = "primary"
    """Which of two regions the stack is: `primary` serves and needs no other; `secondary` holds copies of the primary's data,
    reads the outputs of its stack, and takes over when `mode` says so."""
    primary_stack: str | None = Field(default=None, pattern=STACK_NAME, examples=["prod"])
    """Secondary only, needed there: the primary's stack, `prod` or `organization/project/prod`. It is deployed first."""
    secondary_region: Annotated[str, Field(json_schema_extra={"enum": list(REGIONS)}), AfterValidator(_region)] | None = None
    """Primary only: the region that gets copies of backups, images and the database's secret. Omitted: no copies leave the
    region."""
    mode: Literal["pilot-light", "warm-standby", "active"] | None = None
    """Secondary only, needed there: what of it runs. `pilot-light`: network and data, no task, no host. `warm-standby`: one
    copy of each workload. `active`: everything at full size, and the names lead here. Changing it is the failover."""
    primary_state: Literal["serving", "stopped", "lost"] = "serving"
    """Secondary only: what a person has verified of the primary. `serving`: it is at work, so the secondary takes no writes.
    `stopped`: nothing writes to it any more. `lost`: its region cannot be reached. Neither is taken without
    disasterRecovery.promoted, so that what was seen before one failover does not stand for the next."""


class Settings(General):
    """Everything a stack file says, checked and completed."""

    region: str
    """The AWS region of the stack, `aws:region`."""
    network: Network
    on_premises: OnPremises
    direct_connect: DirectConnect
    client_vpn: ClientVpn
    containers: Containers
    workloads: list[Workload]
    """The containers that run, on AWS, on-premises or both."""
    database: Database
    migration: Migration
    storage: Storage
    management: Management
    disaster_recovery: DisasterRecovery


class Part(NamedTuple):
    """A top-level key that holds a section, or a list of sections."""

    key: str
    """As it is written in the stack file, without the namespace."""
    model: type[Section]
    listed: bool
    """Whether the key holds a list of them."""


def _part(name: str) -> Part | None:
    field = Settings.model_fields[name]
    options = get_args(field.annotation) or (field.annotation,)
    model = next((option for option in options if isinstance(option, type) and issubclass(option, Section)), None)
    if model is None:
        return None
    return Part(field.alias or name, model, get_origin(field.annotation) is list)


PARTS: dict[str, Part] = {name: part for name in Settings.model_fields if (part := _part(name)) is not None}
"""The sections by the name of their attribute of `Settings`, in the order of the stack files."""
