"""What the name of an EC2 instance type tells: its architecture and, for the common families, how much a task may ask for."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

INSTANCE_TYPE = re.compile(
    r"(?P<family>(?P<letters>[a-z]+)(?P<generation>[0-9]+)(?P<options>[a-z0-9-]*))\.(?P<size>[a-z0-9-]+)"
)
ACCELERATED = {
    **dict.fromkeys(("g", "gr", "p"), "the image has no drivers of GPUs, and ECS Anywhere's servers would want them as well"),
    **dict.fromkeys(("inf", "trn", "dl", "vt", "f"), "the image has no drivers of accelerators"),
    **dict.fromkeys(("mac",), "containers here are those of Linux"),
}
"""What the names of families begin with that are more than hosts -> why no workload would get what they have."""
GIB_PER_VCPU = {"c": 2, "m": 4, "r": 8}
"""Memory of the general families from the fifth generation on, by the letter that they begin with; c5n has more."""
BURSTABLE = {
    "nano": (2, 0.5),
    "micro": (2, 1),
    "small": (2, 2),
    "medium": (2, 4),
    "large": (2, 8),
    "xlarge": (4, 16),
    "2xlarge": (8, 32),
}
"""vCPUs and GiB of the t3, t3a and t4g families."""
SYSTEM_SHARE = 0.03
"""The part of a host's memory that the kernel takes before tasks do, reckoned low: what might fit is not refused."""


class Capacity(NamedTuple):
    """What the tasks of one host can have together."""

    cpu: int
    """CPU units, 1,024 to a vCPU."""
    memory: int
    """MiB."""


def cannot_host(instance_type: str) -> str:
    """Why hosts of this type would not give what they are paid for; empty for plain ones."""
    found = INSTANCE_TYPE.fullmatch(instance_type)
    return ACCELERATED.get(found["letters"], "") if found else ""


KNOWN = Path(__file__).with_suffix(".json")
"""The types that AWS has, by family, as of the API model that the file names. `python -m tests.instance_types` writes it."""


@cache
def known() -> frozenset[str]:
    """Every type of EC2."""
    families: dict[str, str] = json.loads(KNOWN.read_text(encoding="utf-8"))["families"]
    return frozenset(f"{family}.{size}" for family, sizes in families.items() for size in sizes.split())


def architecture(instance_type: str) -> Literal["x86_64", "arm64"]:
    """The architecture of the type: Graviton families have a `g` right after their generation (m7g, t4g, c7gn; not g5, p4d)."""
    found = INSTANCE_TYPE.fullmatch(instance_type)
    graviton = found is not None and (found["options"].startswith("g") or found["family"] == "a1")
    return "arm64" if graviton else "x86_64"


def capacity(instance_type: str) -> Capacity | None:
    """What tasks can have on such a host; None for families and sizes that this does not know."""
    found = INSTANCE_TYPE.fullmatch(instance_type)
    if found is None:
        return None
    family, size = found["family"], found["size"]
    if family in {"t3", "t3a", "t4g"} and size in BURSTABLE:
        cpus, gib = BURSTABLE[size]
    else:
        count = re.fullmatch(r"(?P<times>[0-9]*)xlarge", size)
        cpus = 1 if size == "medium" else 2 if size == "large" else 4 * int(count["times"] or 1) if count else 0
        general = int(found["generation"]) >= 5 and family != "c5n"
        gib = cpus * GIB_PER_VCPU.get(found["letters"], 0) if general else 0
    if not cpus or not gib:
        return None
    return Capacity(cpus * 1024, int(gib * 1024 * (1 - SYSTEM_SHARE)))
