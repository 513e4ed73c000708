"""Logical names that leave room for what Pulumi appends, where AWS allows few characters; names that two regions share."""

import hashlib
import re
from typing import Any, TypedDict

from components.arguments import arguments

SUFFIX = 8
"""Pulumi appends a hyphen and seven hexadecimal digits to the logical name."""
ON_PREMISES = "-on-premises"
"""What outputs and alarms add to a workload's name for what it has on-premises."""
LOAD_BALANCER_LIMIT = 32
"""Characters in the name of a load balancer or a target group."""


def fit(name: str, limit: int = LOAD_BALANCER_LIMIT) -> str:
    """`name`, or its beginning and a hash of the whole, so that the physical name has at most `limit` characters.

    Load balancers and target groups take letters, digits and hyphens, and no hyphen at either end. The same name always gives
    the same result, and two long names that begin alike give two results.
    """
    room = limit - SUFFIX
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
    if plain == name and len(name) <= room:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{plain[: room - 7].rstrip('-')}-{digest}".lstrip("-")


@arguments
class NamesArgs(TypedDict):
    """How the names of the private zone lead to the resources of one region, when another region has the same names."""

    set_identifier: str
    """What tells the records of this region from those of another one that have the same name; part of each record's."""
    weight: int
    """0 to 255: the share of the answers that lead to this region. Records of weight 0 answer while there are no others."""


def weighted(names: NamesArgs, member: str = "") -> dict[str, Any]:
    """The arguments of a record that shares its name: with another region, and as a `member` of several with those here."""
    identifier = f"{names['set_identifier']}-{member}" if member else names["set_identifier"]
    return {"set_identifier": identifier, "weighted_routing_policies": [{"weight": names["weight"]}]}
