"""What a component registers of itself: inputs that are known at once, outputs gathered in maps."""

from collections.abc import Mapping
from typing import Any

import pulumi


def known(args: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a component's args that are plain values.

    A component is registered once all of its inputs are there, and its children after it: an Output among the inputs would make
    every child wait for what only one of them needs, such as the whole platform for the database.
    """
    return {key: value for key, value in args.items() if value is not None and _plain(value)}


def _plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_plain, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(_plain, value))
    return not isinstance(value, (pulumi.Output, pulumi.Resource)) and not hasattr(value, "__await__")


def gathered(values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    """One output of many, by key. `Output.all` gives a list for none."""
    return pulumi.Output.all(**values) if values else pulumi.Output.from_input({})
