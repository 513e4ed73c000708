"""What is outside the program: things a stack file adopts by id, and what people and carriers do between two deployments.

A rehearsal starts from the state that the stack file claims: a connection adopted by id exists, a circuit said to be
`available` is up, a certificate given by ARN is there. Add to `ADOPTED` and `AFTER` for what your types need.
"""

import re
from collections.abc import Callable

from rehearsal.emulator import Emulator
from rehearsal.monitor import Node
from rehearsal.stackfile import StackFile
from rehearsal.strings import strings

Adopt = Callable[[Emulator, str, str], None]
"""`adopt(aws, the id as written in the stack file, the stack's region)` puts it into the emulated account."""

ADOPTED: list[tuple[re.Pattern[str], Adopt]] = []
"""A pattern of a whole string in a stack file -> what must exist for it."""

ADOPTED_AT: dict[str, Adopt] = {}
"""A path in a stack file, such as `containers.keyName` -> what must exist for the name there, which no pattern would tell."""

AFTER: dict[str, Callable[[Emulator, Node, StackFile], None]] = {}
"""Type -> what people do once such a resource is made (a carrier completes the circuit that the stack file says is up)."""


def adopted(pattern: str) -> Callable[[Adopt], Adopt]:
    """Register a function for the strings of stack files that match `pattern` as a whole."""

    def decorate(function: Adopt) -> Adopt:
        ADOPTED.append((re.compile(pattern), function))
        return function

    return decorate


def adopted_at(path: str) -> Callable[[Adopt], Adopt]:
    """Register a function for the string that stands at `path` in a stack file."""

    def decorate(function: Adopt) -> Adopt:
        ADOPTED_AT[path] = function
        return function

    return decorate


def before(aws: Emulator, stack: StackFile) -> None:
    """Make what the stack file adopts."""
    _load()
    for text in sorted(set(strings(stack.values))):
        for pattern, adopt in ADOPTED:
            if pattern.fullmatch(text):
                adopt(aws, text, stack.region)
                aws.adopted.add(text)
    for path, adopt in ADOPTED_AT.items():
        first, *rest = path.split(".")
        value = stack.values.get(f"{stack.project}:{first}")
        for part in rest:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str):
            adopt(aws, value, stack.region)


def after_create(aws: Emulator, node: Node, stack: StackFile) -> None:
    """Do what people do once `node` is made."""
    if node.type in AFTER:
        AFTER[node.type](aws, node, stack)


def _load() -> None:
    """The adopters and after-actions live in modules of their own, by idea."""
    from rehearsal import adopters  # noqa: F401, PLC0415 - it imports this module
