"""Logical names that leave room for what Pulumi appends, where AWS allows few characters."""

import hashlib
import re

SUFFIX = 8
"""Pulumi appends a hyphen and seven hexadecimal digits to the logical name."""
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
