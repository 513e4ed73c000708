"""Which inputs make a resource anew when they change: what the provider said, kept in replacing.json with where it is from."""

import functools
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rehearsal.pulumi_types import resource_type

DATA = Path(__file__).with_name("replacing.json")

Said = dict[str, dict[str, list[str]]]
"""`replaces`, `whenItAppears`, `whenItGoes`, `inPlace` -> source (a key of `provenance`) -> paths of inputs."""


def forces_replacement(type_: str, path: str, before: Any = None, after: Any = None) -> bool:
    """Whether a change at `path` (`connectSettings.customerDnsIps[0]`, as in a diff's fields) makes the resource anew.

    `before`, `after`: the two values; None for one that is not there, and for both that they are not known: then what may
    replace is said to. A block that appears, goes or changes as a whole replaces where anything within it does.
    """
    plain = _plain(path)
    if plain == "region":
        return _regional(type_)
    kinds = ["replaces"]
    kinds += ["whenItAppears"] if before is None else []
    kinds += ["whenItGoes"] if after is None else []
    return any(_within(plain, one) or _within(one, plain) for one in _paths(type_, *kinds))


def refusal(type_: str, path: str, inputs: Mapping[str, Any]) -> str:
    """Why the provider refuses to change this input of what is there; empty if it does not. `inputs`: the new ones."""
    root = _plain(path).split(".", maxsplit=1)[0]
    rule = _content()["refused"].get(type_, {}).get(root)
    if rule is None or inputs.get(rule["unless"]):
        return ""
    return f"the provider changes {root} only with {rule['unless']}: true"


def known(type_: str) -> bool:
    """Whether the data speaks of this type at all. Components and what is no resource have nothing to replace."""
    return type_ in _types()


def silent(type_: str, path: str) -> bool:
    """Whether the data says neither that a change of this input replaces nor that it does not."""
    root = _plain(path).split(".", maxsplit=1)[0]
    said = {one.split(".", maxsplit=1)[0] for one in _paths(type_, *_types().get(type_, ()))}
    return root != "region" and root not in said


def _plain(path: str) -> str:
    """The path without positions: what holds for one element of a list holds for all."""
    return re.sub(r"\[[^\]]*\]", "", path)


def _within(path: str, outer: str) -> bool:
    return path == outer or path.startswith(f"{outer}.")


def _regional(type_: str) -> bool:
    """Whether the type has a region of its own to move from. Global services have none."""
    found = resource_type(type_) if type_.startswith("aws:") else None
    return found is not None and "region" in found.inputs


def _paths(type_: str, *kinds: str) -> list[str]:
    said = _types().get(type_, {})
    return [path for kind in kinds for paths in said.get(kind, {}).values() for path in paths]


def _types() -> dict[str, Said]:
    found: dict[str, Said] = _content()["types"]
    return found


@functools.cache
def _content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


def unlike(schema: Mapping[str, Any]) -> Iterator[str]:
    """Where the data differs from a package's schema, a line for each input. What lies deeper in blocks is not looked at."""
    for type_ in sorted(_types().keys() & schema["resources"].keys()):
        for path, found in sorted(schema["resources"][type_]["inputProperties"].items()):
            replaces = bool(found.get("willReplaceOnChanges"))
            deeper = any(one.startswith(f"{path}.") for one in _paths(type_, "replaces"))
            if silent(type_, path):
                yield f"{type_} {path}: {'replaces' if replaces else 'in place'}, and the data is silent"
            elif path != "region" and not deeper and replaces != (path in _paths(type_, "replaces")):
                yield f"{type_} {path}: {'replaces' if replaces else 'in place'}, and the data says otherwise"


if __name__ == "__main__":
    for line in unlike(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))):
        sys.stdout.write(f"{line}\n")
