"""What somebody else changed of a resource: the account's answers against the inputs, and back into Pulumi's form."""

import datetime
import json
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from rehearsal.create import answers, comparable, request_of
from rehearsal.emulator import Emulator
from rehearsal.life import Thing, row_of, seen
from rehearsal.readback import differs, member, tags_of
from rehearsal.row import Row, Table


@dataclass(frozen=True)
class Drift:
    """What is not as it was asked for any more."""

    now: dict[str, Any]
    """Inputs as the account has them; None for what is there no more."""
    untold: list[str]
    """Inputs that differ, and of which it cannot be said in Pulumi's form how."""


def drift(aws: Emulator, table: Table, thing: Thing, gaps: Set[str] = frozenset()) -> Drift | None:
    """Compare a resource with the account; None if it is not there. `gaps` are inputs that the account never held."""
    row = row_of(table, thing.type)
    if row.read and seen(row, thing.working(aws, row)) is None:
        return None
    now = _differing(aws, row, thing, gaps)
    if not now:
        return Drift({}, [])
    # The account has to be made again from the new inputs: they are right only if they, asked for, read back.
    kept = {key: value for key, value in {**thing.inputs, **now}.items() if value is not None}
    try:
        untold = set(_differing(aws, row, replace(thing, inputs=kept), gaps)) & now.keys()
    except ValueError:
        untold = set(now)
    return Drift({key: value for key, value in now.items() if key not in untold}, sorted(untold))


def _differing(aws: Emulator, row: Row, thing: Thing, gaps: Set[str]) -> dict[str, Any]:
    """The inputs that do not read back exactly, each as it is there."""
    context = thing.working(aws, row)
    left = comparable(row, context) - gaps
    found: dict[str, Any] = {}
    for key, asked, got in answers(row, context, *request_of(row, context), left):
        if key == "tags" and isinstance(got, Mapping):
            there = {name: value for name, value in got.items() if not name.startswith("aws:")}
            same, now = there == asked, there
        else:
            longer = isinstance(asked, list) and isinstance(got, list) and len(got) > len(asked)
            same, now = not longer and not differs(asked, got), as_now(context.inputs[key], got)
        if same:
            left.discard(key)
        else:
            found[key] = now
    return {key: value for key, value in found.items() if key in left}


def as_now(asked: Any, got: Any) -> Any:
    """An input of Pulumi's as AWS has it now: in the form of `asked`, with the values of `got`."""
    if isinstance(asked, Mapping):
        there = tags_of({"Tags": got}) if isinstance(got, list) else got
        pairs = {key: as_now(one, member(there, key)) for key, one in asked.items()} if isinstance(there, Mapping) else {}
        return {key: one for key, one in pairs.items() if one is not None} or None
    if isinstance(asked, list):
        return _elements(asked, got) if isinstance(got, list) else None
    return None if got is None else _scalar(asked, got)


def _elements(asked: list[Any], got: list[Any]) -> list[Any]:
    """Elements that are there as asked stay as they are; what else is there takes the form of one that is not."""
    rest = list(got)
    kept, missing = [], []
    for one in asked:
        match = next((position for position, other in enumerate(rest) if not differs(one, other)), None)
        if match is None:
            missing.append(one)
        else:
            kept.append(one)
            del rest[match]
    forms = missing or asked or [""]
    return kept + [as_now(forms[min(position, len(forms) - 1)], one) for position, one in enumerate(rest)]


def _scalar(asked: Any, got: Any) -> Any:
    if isinstance(asked, bool):
        return str(got).lower() == "true"
    if isinstance(asked, (int, float)):
        return type(asked)(float(got))
    if isinstance(got, datetime.datetime):
        return got.isoformat().replace("+00:00", "Z")
    return json.dumps(got) if isinstance(got, (Mapping, list)) else str(got)
