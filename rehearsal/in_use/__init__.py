"""What AWS refuses to delete while something else refers to it: told as AWS tells it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from rehearsal.in_use.uses import FREE, IN_USE
from rehearsal.working import compiled

__all__ = ["FREE", "IN_USE", "refusal"]


class Resource(Protocol):
    """A resource that stands (`life.Thing`)."""

    @property
    def type(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def inputs(self) -> dict[str, Any]: ...
    @property
    def outputs(self) -> dict[str, Any]: ...


def refusal(of: Resource, others: Iterable[Resource], service: str, operation: str) -> str:
    """Why AWS refuses to delete a resource while `others` stand; empty if it does not.

    `service`, `operation`: the last call by which its row deletes it.
    """
    uses = IN_USE.get(of.type, ())
    if not uses:
        return ""
    standing: dict[str, list[Resource]] = {}
    for one in others:
        standing.setdefault(one.type, []).append(one)
    document = {"id": of.id, "inputs": of.inputs, "outputs": of.outputs}
    for use in uses:
        if of.inputs.get(use.unless):
            continue
        name = compiled(use.named).search(document)
        for user in standing.get(use.by, ()):
            if use.local and _region(user) != _region(of):
                continue
            if any(name in _names(one, use.within) for one in _led(user, use.where, standing)):
                told = f"{use.code}: {use.says.format(id=of.id)}"
                return f"{service}.{use.operation or operation}: {told} ({user.type} {user.name} is there)"
    return ""


def _led(user: Resource, where: tuple[str, ...], standing: dict[str, list[Resource]]) -> Iterator[str]:
    """What a reference leads to."""
    found = compiled(where[0]).search(user.inputs)
    names = [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, str)]
    if len(where) == 1:
        yield from names
        return
    for between in standing.get(where[1], ()):
        if between.id in names and _region(between) == _region(user):
            yield from _led(between, where[2:], standing)


def _names(text: str, within: bool) -> list[str]:
    """A name, or those within a rule such as `ALARM("a") OR ALARM(arn:aws:cloudwatch:...:alarm:b)`."""
    return re.split(r"[\s()\"']+|(?:arn:[^\s()\"']*?:alarm:)", text) if within else [text]


def _region(of: Resource) -> str:
    return str(of.inputs.get("region", of.region))
