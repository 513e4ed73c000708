"""What becomes of a resource before and after it is made: checked, changed, looked at, removed; by rows of the one table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal import in_use
from rehearsal.api_model import member_named, to_api, violations
from rehearsal.create import (
    Created,
    call_after,
    consumed_by,
    create,
    found_by,
    inputs_in,
    merge,
    named,
    outputs_of,
    part_of,
    read_back,
    request_of,
)
from rehearsal.emulator import Emulator, Refused
from rehearsal.pulumi_types import resource_type
from rehearsal.row import Call, Row, Table, Update
from rehearsal.tagging import retag
from rehearsal.working import Working


@dataclass(frozen=True)
class Thing:
    """A resource as Pulumi's state holds it, secrets unwrapped."""

    type: str
    name: str
    seed: str
    """What the ids of its calls depend on: its URN, unless it was made anew."""
    region: str
    """Where its inputs name none."""
    inputs: dict[str, Any]
    id: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)

    def working(self, aws: Emulator, row: Row, old: dict[str, Any] | None = None) -> Working:
        """What its row sees of it."""
        inputs = {key: value for key, value in self.inputs.items() if value is not None}
        if row.autoname:
            inputs = named(row, self.name, self.seed, inputs)
        region = inputs.get("region", self.region)
        return Working(
            aws, self.type, self.name, self.seed, region, inputs, row.service, id=self.id, outputs=self.outputs, old=old or {}
        )


@dataclass
class Updated:
    """A change as the account took it."""

    outputs: dict[str, Any]
    left: list[str]
    """The changed inputs that no call took, or that do not read back: for these the account has to be made anew."""


def complaints(aws: Emulator, table: Table, thing: Thing, unknown: frozenset[str]) -> list[tuple[str, str]]:
    """What AWS would refuse of a resource that is about to be made or changed, as inputs and texts.

    `unknown` are the inputs that nobody can tell yet; `thing.inputs` has the others.
    """
    row = table[thing.type]
    context = thing.working(aws, row) if isinstance(row, Row) else None
    if context is None or row.service == "sts":
        return []
    shape = aws.operation(row.service, row.create, context.region).input_shape
    taken = consumed_by(row) | {"tags" if getattr(row, "tag_resource", "") else ""}
    found = []
    for key in sorted(unknown - taken - row.inputs.keys()):
        if member_named(shape, key) is None:
            found.append((key, f"{thing.type}: {key} reaches no request; say in its row where it goes"))
    try:
        request, sent = request_of(row, context)
    except ValueError as error:
        return [*found, ("", str(error))]
    except (KeyError, TypeError, AttributeError):
        if not unknown:
            raise
        return found  # a function of the row asks for what is not known yet
    if isinstance(row, Row) and row.function:
        return found  # what is sent, its function decides
    inputs = {member.split(".")[0]: key for key, member in sent.items()}
    for text in violations(request, shape):
        if not (unknown and text.endswith(" is required")):
            member = text.split(" ")[0].split(".")[0].split("[")[0]
            found.append((inputs.get(member, ""), f"{row.service}.{row.create}: {text}"))
    return found


def update(aws: Emulator, table: Table, thing: Thing, inputs: dict[str, Any]) -> Updated:
    """Change a resource of the emulated account to these inputs.

    Raises Refused when AWS would refuse, and ValueError when the table cannot say how.
    """
    row = row_of(table, thing.type)
    known = resource_type(thing.type)
    assert known is not None
    new = Thing(thing.type, thing.name, thing.seed, thing.region, inputs, thing.id, thing.outputs)
    context = new.working(aws, row, old={key: value for key, value in thing.inputs.items() if value is not None})
    changed = {
        key for key in context.old.keys() | context.inputs.keys() if context.old.get(key) != context.inputs.get(key)
    } - row.local.keys()
    left = set(changed)
    request: dict[str, Any] = {}
    sent: dict[str, str] = {}
    if row.upsert and left:
        request, sent = request_of(row, context)
        context.response = row.function(context) if row.function else context.call(row.service, row.create, request)
        # What is put replaces what was there, and what is left out of it is gone; tags alone are taken at creation only.
        left &= {"tags"}
    for change in row.update:
        left -= _change(change, row, context, left)
    if row.updated_by and left:
        row.updated_by(context)
        left -= context.inputs.keys() | context.old.keys()
    for call in row.after:
        left -= _again(call, row, context, left)
    if "tags" in left and retag(context, row.service):
        left.discard("tags")
    if not request:
        request, sent = request_of(row, context)  # to compare with what is read
    unread = read_back(row, context, request, sent, exactly=changed)
    outputs = _kept(row, thing) | outputs_of(row, context, known.outputs | known.inputs, known.text)
    outputs = {key: outputs[key] for key in outputs if key in context.inputs or key not in context.old}
    return Updated(outputs, sorted(left | (unread & changed)))


def repeat(aws: Emulator, table: Table, thing: Thing) -> Created:
    """Change a resource to what it is once more, or make it once more, so that AWS counts on."""
    row = row_of(table, thing.type)
    if not row.update:
        delete(aws, table, thing)
        return create(
            aws, table, type_=thing.type, name=thing.name, urn=thing.seed, inputs=dict(thing.inputs), region=thing.region
        )
    known = resource_type(thing.type)
    assert known is not None
    context = thing.working(aws, row)
    for change in row.update:
        _change(change, row, context, set(context.inputs))
    gaps = read_back(row, context, *request_of(row, context))
    outputs = _kept(row, thing) | outputs_of(row, context, known.outputs | known.inputs, known.text)
    return Created(thing.id, outputs, "gaps" if gaps else "emulated", sorted(gaps))


def look(aws: Emulator, table: Table, thing: Thing) -> bool:
    """Whether the account still has the resource."""
    row = row_of(table, thing.type)
    if not row.read:
        return True
    return seen(row, thing.working(aws, row)) is not None


def delete(aws: Emulator, table: Table, thing: Thing, others: Iterable[Thing] = ()) -> None:
    """Remove a resource from the account, in which `others` stand.

    Raises Refused when AWS would refuse; what is gone already is no fault.
    """
    row = row_of(table, thing.type)
    context = thing.working(aws, row)
    if row.read:
        context.read = seen(row, context)
        if context.read is None:
            return
    calls = [call.operation for call in row.delete if isinstance(call, Call)]
    refused = in_use.refusal(thing, others, row.service, calls[-1] if calls else row.create)
    if refused:
        raise Refused(refused)
    for call in row.delete:
        if isinstance(call, Call):
            call_after(call, row, context)
        else:
            call(context)


GONE = frozenset({"deleted", "deleting", "DELETED", "DELETING", "INACTIVE", "PendingDeletion"})
"""States of what AWS shows for a while after it was deleted."""


def seen(row: Row, context: Working) -> Any:
    """What the account has of a resource; None if it is not there, or was deleted and is still shown."""
    try:
        found = found_by(row.read[0], row, context)
    except Refused:
        return None
    if isinstance(found, Mapping):
        states = {str(value) for key, value in found.items() if key.lower().endswith(("state", "status"))}
        if states & GONE or "DeletedDate" in found or "DeletionDate" in found:
            return None
    return found


def row_of(table: Table, type_: str) -> Row:
    """The row of a type that is really made. Raises ValueError."""
    row = table[type_]
    if not isinstance(row, Row):
        raise ValueError(f"{type_} is only checked against AWS's API model: it has no life after it was made")
    return row


def _change(change: Update, row: Row, context: Working, left: set[str]) -> set[str]:
    """Make one call of `row.update` if it takes any of what is left; returns what it took."""
    service = change.service or row.service
    shape = context.aws.operation(service, change.operation, context.region).input_shape
    parts: dict[str, dict[str, Any]] = {}
    for key in sorted(context.inputs.keys() | left if change.whole else left):
        value = context.inputs.get(key, change.cleared.get(key))
        if value is not None and (not change.takes or key in change.takes):
            part = _part(change.inputs.get(key, row.inputs.get(key)), key, value, shape, context)
            if part is not None:
                parts[key] = part
    taken = left & parts.keys()
    if taken:
        request: dict[str, Any] = to_api(context.resolve(dict(change.params)) or {}, shape, change.operation)
        for part in parts.values():
            merge(request, part)
        try:
            context.call(service, change.operation, request)
        except NotImplementedError:  # the account is made anew, then
            return set()
    return taken


def _part(place: Any, key: str, value: Any, shape: Any, context: Working) -> dict[str, Any] | None:
    """What an input becomes in the request of a change; None if the request has no member for it."""
    top = place.split(".")[0] if isinstance(place, str) else None
    if top is not None and top not in shape.members:
        return None
    part = part_of(place, key, value, shape, context)
    return part[0] if part and part[0].keys() <= shape.members.keys() else None


def _again(call: Call, row: Row, context: Working, left: set[str]) -> set[str]:
    """Make a call that follows creation again, if what it sends changed; returns what it took."""
    when = {call.when} if isinstance(call.when, str) else set(call.when)
    about = when | inputs_in(call.params) | (row.consumes if _has_function(call.params) else set())
    taken = {key for key in left & about if key in context.inputs}
    if taken:
        call_after(call, row, context)
    return taken


def _has_function(template: Any) -> bool:
    if isinstance(template, Mapping):
        return any(map(_has_function, template.values()))
    if isinstance(template, (list, tuple)):
        return any(map(_has_function, template))
    return callable(template)


def _kept(row: Row, thing: Thing) -> dict[str, Any]:
    return {key: value for key, value in thing.outputs.items() if key not in thing.inputs}
