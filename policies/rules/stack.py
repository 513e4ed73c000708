"""What the pack knows of the stack it judges: the stack's own configuration, which the engine passes to a pack as well."""

from typing import Any

import pulumi

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
    return [cidr for cidr in _object("onPremises").get("cidrs") or [] if isinstance(cidr, str)]


def _object(key: str) -> dict[str, Any]:
    value = pulumi.Config().get_object(key)
    return value if isinstance(value, dict) else {}
