"""The argument types of the five components, and all that they are made of."""

import inspect
import typing
from collections.abc import Iterator
from typing import Any

from components.arguments import SHAPES
from plugin.host import COMPONENTS

__all__ = ["COMPONENTS", "args_of", "inside", "shapes"]


def args_of(component: type) -> type:
    """The TypedDict of a component's `args`."""
    found: type = inspect.get_annotations(vars(component)["__init__"])["args"]
    return found


def shapes() -> dict[type, None]:
    """Every argument type, each once."""
    found: dict[type, None] = {}
    for component in COMPONENTS:
        _walk(args_of(component), found)
    return found


def _walk(shape: type, found: dict[type, None]) -> None:
    if shape in found:
        return
    found[shape] = None
    for kind in (SHAPES.get(shape) or inspect.get_annotations(shape)).values():
        for inner in inside(kind):
            _walk(inner, found)


def inside(kind: Any) -> Iterator[type]:
    """The argument types within a declaration."""
    if typing.is_typeddict(kind):
        yield kind
    for part in typing.get_args(kind):
        yield from inside(part)
