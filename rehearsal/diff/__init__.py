"""What a config edit does to what stands: two deployments compared, as `pulumi preview` would show it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rehearsal.diff.cascade import Cascade
from rehearsal.diff.change import Change
from rehearsal.diff.clashes import clashing
from rehearsal.diff.fields import Anew, Field, compared, within
from rehearsal.diff.refusals import refusing
from rehearsal.diff.standing import Resource, Sealed, Standing, of_graph, standing

__all__ = ["Anew", "Change", "Diff", "Field", "Resource", "Sealed", "Standing", "compare", "diff", "of_graph", "standing"]


@dataclass(frozen=True)
class Diff:
    """What leads from one deployment of a stack to another."""

    changes: list[Change]
    """In the order of Pulumi's steps."""
    outputs: list[Field] = field(default_factory=list)
    unchanged: int = 0
    """Resources that stay as they are."""
    refused: str = ""
    """Why the program itself refuses what stands to become this; empty if it does not."""

    @property
    def good(self) -> bool:
        """Whether nothing is known that would stop it."""
        return not self.refused and not any(change.refused or change.clash for change in self.changes)


def compare(before: Standing, after: Standing, refused: str = "") -> Diff:
    """What leads from one to the other. `refused`: what the program said when it was run as an update."""
    cascade = Cascade(before, after)
    changes = refusing(clashing(cascade.changes(), cascade))
    touched = {change.urn for change in changes if change.in_aws}
    unchanged = sum(urn not in touched for urn in cascade.pairs)
    if refused:
        changes = [*changes, *_refused(cascade, refused)]
    return Diff(changes, cascade.outputs(), unchanged, refused)


def diff(before: Standing, after: Standing) -> list[Change]:
    """The changes alone."""
    return compare(before, after).changes


def _refused(cascade: Cascade, reason: str) -> Iterator[Change]:
    """What the program refuses to change: it asks for it, has Pulumi ignore it, and finds that it is not so."""
    found = []
    for urn, old in cascade.pairs.items():
        new = cascade.after.resources[urn]
        ignored = new.options.get("ignoreChanges", ())
        fields = tuple(one for one in compared(old.inputs, new.inputs) if within(one.path, ignored))
        if fields:
            found.append(Change("update", old, new, fields, refused=reason))
    named = [change for change in found if change.before and change.before.id in reason]
    yield from (replace(change, refused=reason) for change in named or found)
