"""What AWS or the provider refuses of a change of what stands, though it would make it as it is wanted."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

INSTANCE = "aws:rds/instance:Instance"


def of_update(type_: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Why a resource is not changed from the one inputs to the other, and the way out."""
    if rule := RULES.get(type_):
        yield from rule(old, new)


def _instance(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What ModifyDBInstance refuses, by https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html."""
    before, after = _version(old.get("engineVersion")), _version(new.get("engineVersion"))
    if before and after:
        shared = min(len(before), len(after))
        if after[:shared] < before[:shared]:
            yield "RDS refuses it: no instance goes back to an older version. Restore a backup of before instead."
        elif after[0] > before[0] and not new.get("allowMajorVersionUpgrade"):
            yield "RDS refuses another major version unless allowMajorVersionUpgrade is true. Set it with the version."
    follows = new.get("replicateSourceDb")
    if follows and follows != old.get("replicateSourceDb"):
        # internal/service/rds/instance.go: "cannot elect new source database for replication"
        yield (
            "The provider refuses it once it comes to the instance: no instance that takes writes follows another again, and "
            "none follows another than before. Raise disasterRecovery.generation for a new one beside it."
        )
    size, wanted = old.get("allocatedStorage"), new.get("allocatedStorage")
    if size and wanted and wanted < size:
        # With a maximum the provider takes a smaller size for what autoscaling has left behind, and does nothing.
        how = "leaves" if new.get("maxAllocatedStorage") else "refuses it, and leaves"
        yield (
            f"Storage never shrinks: RDS {how} the {size} GiB as they are, while what is reckoned from them (alarms, how much "
            f"a slot may hold back) would fall. Leave it at {size} or more."
        )


def _version(text: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in str(text).split(".") if part.isdigit()) if text else ()


RULES: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]]] = {INSTANCE: _instance}
"""Type -> what AWS refuses of a change from the one inputs to the other."""
