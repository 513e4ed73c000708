"""What stops an update that would not stop a first deployment: Pulumi's protection, the provider, AWS."""

from collections.abc import Iterator
from dataclasses import replace

from rehearsal.diff.change import Change
from rehearsal.diff.fields import Anew
from rehearsal.refusals import INSTANCE, of_update
from rehearsal.replacing import refusal

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
        yield from of_update(change.type, change.before.inputs, change.after.inputs)


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
