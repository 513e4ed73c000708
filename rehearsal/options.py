"""What a program asks of Pulumi itself for a resource: whether it may go, the order of a replacement, time, former names."""

from collections.abc import Mapping, Sequence
from typing import Any

Options = dict[str, Any]
"""By Pulumi's own names; what was not asked for is left out (see docs/architecture.md)."""


def options(request: Any, urn: str, parent: Mapping[str, Any]) -> Options:
    """The options of a registration (Pulumi's `RegisterResourceRequest`) under its URN. `parent`: the options of its parent."""
    times = request.customTimeouts
    found = {
        # A child that does not say otherwise is as protected as its parent.
        "protect": request.protect if request.HasField("protect") else parent.get("protect"),
        "retainOnDelete": request.retainOnDelete if request.HasField("retainOnDelete") else parent.get("retainOnDelete"),
        "deletedWith": request.deletedWith or parent.get("deletedWith"),
        "deleteBeforeReplace": request.deleteBeforeReplace,
        "ignoreChanges": sorted(request.ignoreChanges),
        "replaceOnChanges": sorted(request.replaceOnChanges),
        "additionalSecretOutputs": sorted(request.additionalSecretOutputs),
        "customTimeouts": {key: value for key in ("create", "update", "delete") if (value := getattr(times, key))},
        "import": request.importId,
        "aliases": _aliases(request, urn, parent.get("aliases", ())),
    }
    return {key: value for key, value in found.items() if value}


def inherited(urn: str, parent_urn: str, parent: Mapping[str, Any]) -> Options:
    """The options of a resource that asks for nothing itself."""
    own = {key: parent[key] for key in ("protect", "retainOnDelete", "deletedWith") if key in parent}
    former = sorted(_below(_type(urn), _name(urn), parent_urn, alias) for alias in parent.get("aliases", ()))
    return own | ({"aliases": former} if former else {})


def kept(inputs: dict[str, Any], old: Mapping[str, Any], ignored: Sequence[str]) -> dict[str, Any]:
    """The inputs that an update works with: those whose changes are ignored are what they were.

    An input is known by its name, or by the names that lead to it (`a.b`); one in a list is kept with its list.
    """
    inputs = dict(inputs)
    for path in ignored:
        first, _, below = path.split("[")[0].partition(".")
        new, was = inputs.get(first), old.get(first)
        if below and isinstance(new, dict) and isinstance(was, dict):
            inputs[first] = kept(new, was, (below,))
        elif first in old:
            inputs[first] = was
        else:
            inputs.pop(first, None)
    return inputs


def _aliases(request: Any, urn: str, of_parent: Sequence[str]) -> list[str]:
    """The URNs that the resource may have had before: its own aliases, and all of these below what its parent was called."""
    own = [(alias.spec.type or request.type, alias.spec.name or request.name, alias) for alias in request.aliases]
    found = {alias.urn or _urn(urn, type_, name, _parent(request, alias.spec)) for type_, name, alias in own}
    for former in of_parent:
        types = {(request.type, request.name), *((type_, name) for type_, name, alias in own if not alias.urn)}
        found |= {_below(type_, name, request.parent, former) for type_, name in types}
    return sorted(found - {urn})


def _parent(request: Any, spec: Any) -> str:
    """The URN of the parent that the alias speaks of; empty for none."""
    if spec.noParent:
        return ""
    return str(spec.parentUrn or request.parent)


def _below(type_: str, name: str, parent: str, former: str) -> str:
    """The URN of a child when its parent was called `former`. A name that begins with the parent's follows it."""
    if name.startswith(_name(parent)):
        name = _name(former) + name.removeprefix(_name(parent))
    return _urn(former, type_, name, former)


def _urn(like: str, type_: str, name: str, parent: str) -> str:
    """A URN in the stack of the URN `like`."""
    chain = parent.split("::")[2] if parent else ""
    qualified = type_ if chain in ("", "pulumi:pulumi:Stack") else f"{chain}${type_}"
    return "::".join([*like.split("::")[:2], qualified, name])


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", maxsplit=1)[-1]
