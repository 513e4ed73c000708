"""What the name of a DB instance class tells: its memory, and with it how many connections RDS lets PostgreSQL have."""

import re

CLASS = re.compile(r"db\.(?P<letters>[a-z]+)[0-9][a-z]*\.(?P<size>[a-z0-9]+)")
GIB_PER_VCPU = {"m": 4, "r": 8, "c": 2, "z": 8}
"""Memory of the families, by their letter; of others (x) nothing is said."""
BURSTABLE_GIB = {"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}
BYTES_PER_CONNECTION = 9_531_392
MOST_CONNECTIONS = 5_000
"""max_connections is LEAST(DBInstanceClassMemory / 9531392, 5000) unless it is set.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html"""


def memory_gib(name: str) -> int | None:
    """GiB of memory; None for a class of which nothing is known here."""
    found = CLASS.fullmatch(name)
    if found is None:
        return None
    letters, size = found["letters"], found["size"]
    if letters == "t":
        return BURSTABLE_GIB.get(size)
    vcpus = 2 if size == "large" else 4 * int(size.removesuffix("xlarge") or 1) if size.endswith("xlarge") else None
    return None if vcpus is None or letters not in GIB_PER_VCPU else vcpus * GIB_PER_VCPU[letters]


def connections(name: str) -> int | None:
    """How many connections an instance of the class takes by itself, reckoned high: what its system takes is left out."""
    memory = memory_gib(name)
    return None if memory is None else min(memory * 1024**3 // BYTES_PER_CONNECTION, MOST_CONNECTIONS)
