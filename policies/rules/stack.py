"""What the pack knows of the stack it judges: the stack's own configuration, which the engine passes to a pack as well."""

import sys
from typing import Any

import pulumi

from .own import ROOT

DEFAULT_SIZE = "small"
"""What a stack file that names no size stands for, as in components/settings."""
RESILIENT_SIZES = ["medium", "large"]
"""The sizes that must survive the loss of a zone and a careless destroy; `small` trades both for its price."""


def size() -> str:
    """The stack's size."""
    return pulumi.Config().get("size") or DEFAULT_SIZE


def region() -> str | None:
    """The stack's region; None if the stack has none."""
    return pulumi.Config("aws").get("region")


def secondary_region() -> str | None:
    """The region that gets the copies of a primary; None if there is none."""
    return pulumi.Config().get("secondaryRegion")


def is_secondary() -> bool:
    """Whether the stack is the secondary of another, in whose region it makes what connects the two."""
    return pulumi.Config().get("role") == "secondary"


def tags() -> dict[str, str]:
    """The tags that the stack file gives to everything."""
    return _object("tags")


def on_premises_cidrs() -> list[str]:
    """The networks of the data centre."""
    section = _on_premises()
    sites = [site for site in section.get("sites") or [] if isinstance(site, dict)]
    return [cidr for one in (section, *sites) for cidr in one.get("cidrs") or [] if isinstance(cidr, str)]


def _on_premises() -> dict[str, Any]:
    """The data centre as the stack file tells of it, or, for a secondary, that of its primary beside it."""
    given = _object("onPremises")
    if "cidrs" in given or "sites" in given or not is_secondary():
        return given
    # The pack runs in its own folder; what reads stack files is beside it.
    sys.path.append(str(ROOT))
    from stackfiles import StackFileError, sharing  # noqa: PLC0415

    config = pulumi.Config()
    own = {f"{config.name}:{key}": config.get(key) for key in ("role", "primaryStack")}
    try:
        primary = sharing.primary_of(own, config.name)
        theirs = sharing.beside(primary, config.name, ROOT) if primary else None
    except StackFileError:
        return given
    found = (theirs or {}).get(f"{config.name}:onPremises")
    return {**found, **given} if isinstance(found, dict) else given


def _object(key: str) -> dict[str, Any]:
    value = pulumi.Config().get_object(key)
    return value if isinstance(value, dict) else {}
