"""What stops an update that would not stop a first deployment: Pulumi's protection, the provider, AWS."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from rehearsal.diff.change import Change
from rehearsal.diff.fields import Anew
from rehearsal.replacing import refusal

INSTANCE = "aws:rds/instance:Instance"
GROUP = "aws:rds/subnetGroup:SubnetGroup"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
DELETION_PROTECTION = {INSTANCE: "deletionProtection", BALANCER: "enableDeletionProtection"}
"""Type -> input by which AWS itself refuses to delete it."""


def refusing(changes: list[Change]) -> list[Change]:
    """The same changes, with what refuses each."""
    return [replace(change, refused=" ".join(_reasons(change))) for change in changes]


def _reasons(change: Change) -> Iterator[str]:
    if change.protected:
        done = "made anew" if change.kind == "replace" else "deleted"
        yield (
            f"Pulumi refuses this: protected, and it would be {done}. If that is meant: `pulumi state unprotect "
            f"'{_old(change)}'`, then the update; never with --skip-preview, which deletes what is not protected first."
        )
    elif key := _kept_by(change):
        yield f"AWS refuses to delete it while {key} is on. Turn it off in an update of its own first."
    if change.kind == "update" and change.before and change.after:
        for root in dict.fromkeys(field.path.split(".")[0].split("[")[0] for field in change.fields):
            if reason := refusal(change.type, root, change.after.inputs):
                yield f"Refused in a preview already: {reason}."
        if change.type == GROUP and _all_anew(change, "subnetIds"):
            yield (
                "RDS refuses it: an instance is in these subnets, and all of them would be made anew. "
                "A database comes into other subnets by a restore of its backup only."
            )
        if rule := RULES.get(change.type):
            yield from rule(change.before.inputs, change.after.inputs)


def _kept_by(change: Change) -> str:
    """The input by which AWS keeps what the update would delete; empty if it keeps nothing."""
    key = DELETION_PROTECTION.get(change.type, "")
    asked = change.goes and not change.retained and change.before is not None
    return key if key and asked and change.before and change.before.inputs.get(key) else ""


def _all_anew(change: Change, key: str) -> bool:
    """Whether each item of an input is of what is made anew."""
    items = change.after.inputs.get(key, []) if change.after else []
    anew = [field for field in change.fields if field.path.startswith(f"{key}[") and isinstance(field.after, Anew)]
    return bool(items) and len(anew) == len(items)


def _old(change: Change) -> str:
    return change.before.urn if change.before else change.urn


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
    # With a maximum the provider takes a smaller size for what autoscaling has left behind, and does nothing.
    if size and wanted and wanted < size and not new.get("maxAllocatedStorage"):
        yield f"RDS refuses it: storage never shrinks, and there are {size} GiB. Leave it at {size} or more."


def _version(text: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in str(text).split(".") if part.isdigit()) if text else ()


RULES: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[str]]] = {INSTANCE: _instance}
"""Type -> what AWS refuses of a change from the one inputs to the other."""
