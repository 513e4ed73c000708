"""Physical names, where AWS or a person outside needs to know them: the rules of RDS, DMS, KMS and CloudWatch Logs at once."""

import hashlib
import re

IDENTIFIER_LIMIT = 63
"""The longest DB instance and replication instance identifier. DMS allows tasks and endpoints 255, but one rule is enough."""


def identifier(*parts: str, limit: int = IDENTIFIER_LIMIT) -> str:
    """Join `parts` into lower-case letters, digits and single hyphens, a letter first; RDS and DMS fold to lower case anyway.

    What is longer than `limit` is cut and ends in eight digits of a hash of the whole, so that two long names stay apart.
    """
    words = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")
    if not words or not words[0].isalpha():
        words = f"x-{words}".strip("-")
    if len(words) <= limit:
        return words
    digest = hashlib.sha256(words.encode()).hexdigest()[:8]
    return f"{words[: limit - 9].rstrip('-')}-{digest}"


def digest(content: str) -> str:
    """Eight digits that change with the content: for the name of what can only be made anew beside the old one."""
    return hashlib.sha256(content.encode()).hexdigest()[:8]


def cidr_key(cidr: str) -> str:
    """A CIDR as part of a resource name: `10.0.0.0/8` is `10.0.0.0-8`."""
    return cidr.replace("/", "-")
