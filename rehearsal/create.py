"""The engine that works the table: a resource's inputs become AWS API calls, what comes back becomes its outputs.

Knows nothing of mocks or monitors, so that a provider for the real Pulumi engine can use it as it is.
"""

import datetime
import hashlib
import os
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from rehearsal.api_model import UnknownMember, member_named, to_api
from rehearsal.emulator import Emulator, Refused
from rehearsal.pulumi_types import ResourceType, resource_type
from rehearsal.readback import differs, tags_of
from rehearsal.row import Call, Checked, Fidelity, Read, Row, Table
from rehearsal.working import Working, compiled, search

UNFILLED = "<not emulated: "
"""The beginning of the placeholder for an output that the table does not fill; using one anywhere is reported."""


class NoRow(ValueError):
    """A type of which the table says nothing."""


@dataclass
class Created:
    """A resource as the emulated account holds it."""

    id: str
    outputs: dict[str, Any]
    """Inputs included, as a Pulumi provider returns them."""
    fidelity: Fidelity
    gaps: list[str]
    """Inputs that moto dropped or changed."""


def create(aws: Emulator, table: Table, *, type_: str, name: str, urn: str, inputs: dict[str, Any], region: str) -> Created:
    """Make a resource in the emulated account.

    `inputs` are Pulumi's, camelCase, secrets unwrapped; `region` applies where they name none. Raises Refused when AWS would
    refuse, NoRow for a type that has none, and ValueError when the row does not say how (an input that reaches no request).
    """
    row = table.get(type_)
    if row is None:
        raise NoRow(f"{type_} has no row in rehearsal/table or own/table; add one, so that it is really created")
    known = resource_type(type_)
    if known is None:
        raise ValueError(f"{type_}: no such resource in the installed Pulumi packages")
    try:
        given = {key: value for key, value in inputs.items() if value is not None}
        if row.autoname:
            given = named(row, name, urn, given)
        context = Working(aws, type_, name, urn, given.get("region", region), given, row.service)
        return _worked(row, known, context)
    except (Refused, ValueError):
        raise
    except Exception as error:
        if os.environ.get("HYBRIDGE_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        raise ValueError(f"{type_}: its row cannot be worked ({what}); mend the row, HYBRIDGE_DEBUG=1 shows where") from error


def _worked(row: Row | Checked, known: ResourceType, context: Working) -> Created:
    if isinstance(row, Checked):
        return _check(row, context, known.text)
    request, sent = request_of(row, context)
    if row.function:
        context.response = row.function(context)
    else:
        context.response = context.call(row.service, row.create, request)
    context.response.pop("ResponseMetadata", None)
    identifier = context.resolve(row.id)
    if identifier is None:
        raise ValueError(f"{context.type}: the row's id {row.id!r} leads nowhere in {context.response!r}")
    context.id = str(identifier)
    for call in row.after:
        call_after(call, row, context)
    gaps = read_back(row, context, request, sent)
    fidelity: Fidelity = "extended" if row.extended else "gaps" if gaps else "emulated"
    return Created(context.id, outputs_of(row, context, known.outputs | known.inputs, known.text), fidelity, sorted(gaps))


def named(row: Row | Checked, name: str, seed: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs with the physical name that the provider gives where none is given.

    It turns a prefix into a name too, which no API knows.
    """
    prefix = inputs.get(f"{row.autoname}Prefix") or f"{row.autoname_prefix}{name}-"
    chosen = inputs.get(row.autoname) or prefix + hashlib.sha256(seed.encode()).hexdigest()[:7]
    return {key: value for key, value in inputs.items() if key != f"{row.autoname}Prefix"} | {row.autoname: chosen}


def _check(row: Checked, context: Working, text: frozenset[str]) -> Created:
    """Validate the request only; id and ARN are the stub's."""
    request, _ = request_of(row, context)
    context.aws.check(row.service, row.create, request, region=context.region)
    context.id = str(context.resolve(row.id))
    return Created(context.id, outputs_of(row, context, frozenset(), text), "model-checked", [])


def consumed_by(row: Row | Checked) -> set[str]:
    """The inputs that something other than the create call's own members takes."""
    taken = set(row.local) | {"region"}
    if isinstance(row, Row):
        taken |= row.consumes
        for call in row.after:
            taken |= {call.when} if isinstance(call.when, str) else set(call.when)
            taken |= inputs_in(call.params) | inputs_in("$" + call.each)
    return (taken | inputs_in(row.constant)) - {""}


def inputs_in(template: Any) -> set[str]:
    """The inputs that a template refers to by name."""
    if isinstance(template, str) and template.startswith("$inputs."):
        return {template.removeprefix("$inputs.").split(".")[0].split("[")[0].split(" ")[0].strip('"')}
    if isinstance(template, Mapping):
        return set().union(*map(inputs_in, template.values()), set())
    if isinstance(template, (list, tuple)):
        return set().union(*map(inputs_in, template), set())
    return set()


def request_of(row: Row | Checked, context: Working) -> tuple[dict[str, Any], dict[str, str]]:
    """The create request, and which of its members each input went to (only where one went to one whole member)."""
    shape = context.aws.operation(row.service, row.create, context.region).input_shape
    request: dict[str, Any] = {}
    sent: dict[str, str] = {}
    consumed = consumed_by(row)
    lost = []
    for key, value in sorted(context.inputs.items()):
        if key == "tags" and row.tag_resource and key not in row.inputs:
            tags = [{"Key": tag, "Value": text} for tag, text in sorted(value.items())]
            request["TagSpecifications"] = [{"ResourceType": row.tag_resource, "Tags": tags}]
        elif key in row.inputs or key not in consumed:
            part = part_of(row.inputs.get(key), key, value, shape, context)
            if part is None:
                lost.append(key)
            else:
                merge(request, part[0])
                sent |= {key: part[1]} if part[1] else {}
    if lost:
        raise ValueError(
            f"{context.type}: {', '.join(lost)} reach no request; say in the row where they go. "
            f"{row.create} takes {sorted(shape.members)}"
        )
    merge(request, context.resolve(row.constant) or {})
    return request, sent


def part_of(place: Any, key: str, value: Any, shape: Any, context: Working) -> tuple[dict[str, Any], str] | None:
    """The part of a request that an input becomes, and the member it went to as a whole (none if a function made the part).

    `place` is what the row says of it, or None: the member of the same name. The result is None if there is none.
    """
    if callable(place):
        return place(value, context), ""
    member = place or member_named(shape, key)
    if member is None:
        return None
    *parents, last = member.split(".")
    for parent in parents:
        shape = _below(shape, parent, context.type, key)
    part = {last: _converted(value, _below(shape, last, context.type, key), f"{context.type} {key}")}
    for parent in reversed(parents):
        part = {parent: part}
    return part, member


def _below(shape: Any, member: str, type_: str, key: str) -> Any:
    """The shape of a member, or of an entry of a map. Raises ValueError."""
    if shape.type_name == "map":
        return shape.value
    if shape.type_name != "structure" or member not in shape.members:
        has = f"has {sorted(shape.members)}" if shape.type_name == "structure" else f"is a {shape.type_name}"
        raise ValueError(f"{type_}: the row sends {key} to {member} of {shape.name}, which {has}; correct the row")
    return shape.members[member]


def _converted(value: Any, shape: Any, path: str) -> Any:
    try:
        return to_api(value, shape, path)
    except UnknownMember as error:
        raise ValueError(f"{error}; give the row a function for this input") from error


def merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Put more into a request, structures into each other."""
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


def call_after(call: Call, row: Row, context: Working) -> None:
    """Make a further call, if its inputs ask for it."""
    when = (call.when,) if isinstance(call.when, str) else call.when
    if any(when) and not any(context.inputs.get(key) not in (None, [], {}) for key in when):
        return
    if call.unless and context.inputs.get(call.unless):
        return
    service = call.service or row.service
    shape = context.aws.operation(service, call.operation, context.region).input_shape
    for item in (search(call.each, context) or []) if call.each else [None]:
        context.item = item
        params = context.resolve(call.params) or {}
        context.call(service, call.operation, to_api(params, shape, call.operation))
    context.item = None


def read_back(
    row: Row, context: Working, request: Mapping[str, Any], sent: Mapping[str, str], exactly: Set[str] = frozenset()
) -> set[str]:
    """The inputs that do not read back as they were asked for; of those in `exactly` a list must not be longer either.

    Reads nothing where the row has no read: all are gaps then.
    """
    left = comparable(row, context)
    for key, asked, got in answers(row, context, request, sent, left):
        longer = key in exactly and isinstance(asked, list) and isinstance(got, list) and len(got) > len(asked)
        if not differs(asked, got) and not longer:
            left.discard(key)
    return left


def comparable(row: Row, context: Working) -> set[str]:
    """The inputs that AWS is expected to give back as they were asked for."""
    return set(context.inputs) - set(row.local) - set(row.unverified) - row.write_only - {"region"}


def answers(
    row: Row, context: Working, request: Mapping[str, Any], sent: Mapping[str, str], left: set[str]
) -> Iterator[tuple[str, Any, Any]]:
    """Read a resource: each input in `left` as it was asked for, and as it is. Whoever has seen enough of one discards it."""
    for position, read in enumerate(row.read):
        found = found_by(read, row, context)
        if position == 0:
            context.read = found
        for key in tuple(left):
            path = read.fields.get(key)
            if path is not None:
                yield key, context.inputs[key], path(found, context) if callable(path) else compiled(path).search(found)
            elif position == 0 and key == "tags":
                yield key, context.inputs[key], tags_of(found)
            elif position == 0 and key in sent and isinstance(found, Mapping):
                asked: Any = request
                for part in sent[key].split("."):
                    asked = asked[part]
                yield key, asked, found.get(sent[key].split(".")[-1])


def found_by(read: Read, row: Row, context: Working) -> Any:
    """The resource as the account gives it. Raises Refused if it is not there."""
    service = read.service or row.service
    shape = context.aws.operation(service, read.operation, context.region).input_shape
    params = context.resolve(read.params) or {}
    response = context.call(service, read.operation, to_api(params, shape, read.operation) if shape else {})
    path = read.path(context) if callable(read.path) else read.path
    found = compiled(path).search(response)
    if found is None:
        raise Refused(f"{service}.{read.operation}: what was just made as {context.id} is not there to be read ({path})")
    return found


def outputs_of(row: Row | Checked, context: Working, properties: frozenset[str], text: frozenset[str]) -> dict[str, Any]:
    """What a provider returns: the inputs, what the row says, and what has the same name in what was read."""
    outputs: dict[str, Any] = dict(context.inputs)
    outputs.setdefault("region", context.region)
    for key, template in row.outputs.items():
        value = context.resolve(template)
        if value is not None:
            outputs[key] = value
    for source in (context.read, context.response, *_structures(context.response)):
        if not isinstance(source, Mapping):
            continue
        folded = {member.lower(): value for member, value in source.items() if _plain(value)}
        for key in properties - set(outputs):
            if key.lower() in folded:
                outputs[key] = folded[key.lower()]
    if "tags" in outputs:
        outputs["tagsAll"] = outputs["tags"]
    for key in text - set(outputs):
        outputs[key] = f"{UNFILLED}{context.type} {key}>"
    return outputs


def _structures(response: Mapping[str, Any]) -> list[Any]:
    """The one structure that most create calls wrap their answer in (`{"Vpc": {...}}`)."""
    wrapped = [value for value in response.values() if isinstance(value, Mapping)]
    return wrapped if len(response) == 1 else []


def _plain(value: Any) -> bool:
    """Scalars and lists of scalars have the same form in AWS and Pulumi; times differ from run to run."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, (str, int, float)) for item in value)
    return isinstance(value, (str, int, float)) and not isinstance(value, datetime.datetime)
