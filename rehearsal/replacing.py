"""Which inputs make a resource anew when they change: what the provider said, kept in replacing.json with where it is from."""

import functools
import json
import re
from pathlib import Path

from rehearsal.pulumi_types import resource_type

DATA = Path(__file__).with_name("replacing.json")


def forces_replacement(type_: str, path: str) -> bool:
    """Whether a change at `path` (`connectSettings.customerDnsIps[0]`, as in a diff's fields) makes the resource anew.

    A block that appears, goes or changes as a whole forces what any input within it forces.
    """
    plain = _plain(path)
    if plain == "region":
        return _regional(type_)
    return any(_within(plain, one) or _within(one, plain) for one in _data().get(type_, {}))


def known(type_: str) -> bool:
    """Whether the data speaks of this type at all. Components and what is no resource have nothing to replace."""
    return type_ in _data()


def _plain(path: str) -> str:
    """The path without positions: what holds for one element of a list holds for all."""
    return re.sub(r"\[[^\]]*\]", "", path)


def _within(path: str, outer: str) -> bool:
    return path == outer or path.startswith(f"{outer}.")


def _regional(type_: str) -> bool:
    """Whether the type has a region of its own to move from. Global services have none."""
    found = resource_type(type_) if type_.startswith("aws:") else None
    return found is not None and "region" in found.inputs


@functools.cache
def _data() -> dict[str, dict[str, str]]:
    """Type -> path of an input that forces replacement -> where that is from (a key of `provenance`)."""
    found: dict[str, dict[str, str]] = json.loads(DATA.read_text(encoding="utf-8"))["types"]
    return found
