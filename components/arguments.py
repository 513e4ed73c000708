"""The arguments of a component: completed with their defaults, and refused with every mistake at once.

A TypedDict under `@arguments` says it all: the type of a field is what is allowed, `Literal` included, `NotRequired` that it
may be left out, `Annotated[..., Default(value)]` what stands for it then.

    @arguments
    class ThingArgs(TypedDict):
        kind: NotRequired[Annotated[Literal["a", "b"], Default("a")]]

Other languages reach components through the SDK's own reader of annotations (`pulumi.provider.experimental`), which knows
neither `Literal` nor `Annotated`: it is given the types without them, and the values are checked here. It also passes whole
numbers on as floats, which become numbers again here.
"""

import copy
import difflib
import inspect
import types
import typing
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ForwardRef, Literal, NotRequired, Required, TypeVar, Union, get_args, get_origin

import pulumi

LONGEST = 80
"""Characters of a value that an error shows."""
SHAPES: dict[type, dict[str, Any]] = {}
"""What the fields of each TypedDict under `@arguments` were declared as."""

T = TypeVar("T")


@dataclass(frozen=True)
class Default:
    """What stands for a field that is left out."""

    value: Any


@dataclass(frozen=True)
class Wrong:
    """One mistake in the arguments."""

    path: str
    """Where, in Python's words: `workloads[0].health_check.path`."""
    text: str
    """The value, what is allowed, and what to do."""


class ArgumentsError(pulumi.RunError, ValueError):
    """Arguments with mistakes. A RunError, so that the Pulumi CLI prints the text alone, without a traceback."""

    def __init__(self, what: str, mistakes: Sequence[Wrong]) -> None:
        self.mistakes = tuple(mistakes)
        """What is wrong."""
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        lines = [f"  {mistake.path}: {mistake.text}" if mistake.path else f"  {mistake.text}" for mistake in mistakes]
        super().__init__("\n".join([f"{what} has {count} in its arguments; nothing of it was made.", *lines]))


def arguments(shape: type[T]) -> type[T]:
    """Keep what the fields were declared as, and leave the SDK types that it can read.

    A TypedDict that inherits fields has them as its base left them to the SDK: declare those with choices or defaults again.
    """
    declared = SHAPES[shape] = inspect.get_annotations(shape)
    shape.__annotations__ = {key: _readable(kind) for key, kind in declared.items()}
    return shape


def completed(shape: type[T], given: T, what: str, *rules: Callable[[T], Iterable[str]]) -> T:
    """The arguments with every default in place, as values of their own.

    `what` names the component in an error. Each rule is asked for mistakes over several fields once the types of all are right.
    Raises ArgumentsError with every mistake there is.
    """
    mistakes: list[Wrong] = []
    result: Any = _mapping(shape, given, "", mistakes)
    if not mistakes:
        mistakes += [Wrong("", text) for rule in rules for text in rule(result)]
    if mistakes:
        raise ArgumentsError(what, mistakes)
    return typing.cast(T, result)


def defaults(shape: type) -> dict[str, Any]:
    """The defaults of a shape, by field."""
    found = {key: _default(kind) for key, kind in _shape(shape).items()}
    return {key: default.value for key, default in found.items() if default}


def _shape(shape: type) -> dict[str, Any]:
    return SHAPES.get(shape) or inspect.get_annotations(shape)


def _default(kind: Any) -> Default | None:
    for part in _layers(kind):
        if get_origin(part) is Annotated:
            return next((one for one in part.__metadata__ if isinstance(one, Default)), None)
    return None


def _layers(kind: Any) -> Iterator[Any]:
    """A declaration, then what is within `NotRequired` and `Annotated`."""
    yield kind
    while get_origin(kind) in (NotRequired, Required, Annotated):
        kind = get_args(kind)[0]
        yield kind


def _bare(kind: Any) -> Any:
    return [*_layers(kind)][-1]


def _mapping(shape: type, given: Any, path: str, mistakes: list[Wrong]) -> dict[str, Any]:
    fields, optional = _shape(shape), shape.__optional_keys__  # type: ignore[attr-defined]
    result: dict[str, Any] = {}
    for key in given:
        if key not in fields:
            near = difflib.get_close_matches(str(key), fields, n=1)
            advice = f"Did you mean {near[0]}?" if near else f"It takes {', '.join(sorted(fields))}."
            mistakes.append(Wrong(_joined(path, str(key)), f"is no argument. {advice}"))
    for key, kind in fields.items():
        value, default = given.get(key), _default(kind)
        if value is None and key in given and _takes_none(kind):
            result[key] = None
        elif value is not None:
            result[key] = _checked(_bare(kind), value, _joined(path, key), mistakes)
        elif default:
            # What is within a default may have defaults of its own.
            result[key] = _checked(_bare(kind), copy.deepcopy(default.value), _joined(path, key), mistakes)
        elif key not in optional:
            mistakes.append(Wrong(_joined(path, key), f"is not set; pass {_told(kind)}."))
    return result


def _checked(kind: Any, value: Any, path: str, mistakes: list[Wrong]) -> Any:
    """The value as its declared type, with mistakes told of what is not of it."""
    kinds = _alternatives(kind)
    if any(_is_output(one) for one in kinds):
        if _known_later(value):
            return value
        kinds = [
            one for one in kinds if not _is_output(one) and get_origin(one) is not typing.get_origin(typing.Awaitable[Any])
        ]
    if _known_later(value):
        mistakes.append(
            Wrong(path, "is known only once something is deployed; pass a plain value, for it decides what is made.")
        )
        return value
    for one in kinds:
        matched, result = _as(one, value, path, mistakes)
        if matched:
            return result
    mistakes.append(Wrong(path, f"is {_shown(value)}; pass {_told(kind)}."))
    return value


def _as(kind: Any, value: Any, path: str, mistakes: list[Wrong]) -> tuple[bool, Any]:
    """Whether a value is of a type at all, and the value as that type."""
    origin = get_origin(kind)
    if typing.is_typeddict(kind) or origin in (Mapping, dict):
        if not isinstance(value, Mapping):
            return False, value
        if typing.is_typeddict(kind):
            return True, _mapping(kind, value, path, mistakes)
        item = get_args(kind)[1]
        return True, {key: _checked(item, one, f"{path}.{key}", mistakes) for key, one in value.items()}
    if origin in (Sequence, list):
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            return False, value
        (item,) = get_args(kind)
        return True, [_checked(item, one, f"{path}[{position}]", mistakes) for position, one in enumerate(value)]
    return _as_scalar(kind, value)


def _as_scalar(kind: Any, value: Any) -> tuple[bool, Any]:
    if isinstance(value, float) and value.is_integer() and (kind is int or get_origin(kind) is Literal):
        value = int(value)
    if get_origin(kind) is Literal:
        matched = any(value == one and type(value) is type(one) for one in get_args(kind))
    elif kind in (int, float):
        matched = isinstance(value, int if kind is int else int | float) and not isinstance(value, bool)
    else:
        matched = not isinstance(kind, type) or isinstance(value, kind)
    return matched, value


def _alternatives(kind: Any) -> list[Any]:
    return [*get_args(kind)] if get_origin(kind) in (Union, types.UnionType) else [kind]


def _takes_none(kind: Any) -> bool:
    return types.NoneType in _alternatives(_bare(kind))


def _is_output(kind: Any) -> bool:
    # pulumi.Input[T] is Union[T, Awaitable[T], "Output[T]"].
    return isinstance(kind, ForwardRef) or get_origin(kind) in (pulumi.Output, Awaitable)


def _known_later(value: Any) -> bool:
    return isinstance(value, pulumi.Output) or inspect.isawaitable(value)


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _shown(value: Any) -> str:
    """A value, or what kind it is of where it could be a secret."""
    if isinstance(value, Mapping):
        return "a mapping"
    if not isinstance(value, str) and isinstance(value, Sequence):
        return f"a list of {len(value)}"
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


WORDS = {str: "text", int: "a whole number", float: "a number", bool: "True or False", types.NoneType: "None"}


def _told(kind: Any) -> str:
    """What is allowed, in words."""
    kind = _bare(kind)
    options = [
        one
        for one in _alternatives(kind)
        if not _is_output(one) and get_origin(one) is not typing.get_origin(typing.Awaitable[Any])
    ]
    told = []
    for option in options:
        origin = get_origin(option)
        if origin is Literal:
            told.append("one of " + ", ".join(map(str, get_args(option))))
        elif origin in (Sequence, list):
            told.append(f"a list, each item {_told(get_args(option)[0])}")
        elif origin in (Mapping, dict):
            told.append(f"a mapping of names to {_told(get_args(option)[1])}")
        elif typing.is_typeddict(option):
            told.append(f"a mapping with {', '.join(sorted(option.__required_keys__)) or 'any of its keys'}")
        else:
            told.append(WORDS.get(option, getattr(option, "__name__", str(option))))
    return " or ".join(told)


def _readable(kind: Any) -> Any:
    """A type without what the SDK's reader does not know: `Literal` is text or numbers there, `Annotated` what it annotates."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _readable(get_args(kind)[0])
    if origin is Literal:
        return type(get_args(kind)[0])
    if origin is None or origin is pulumi.Output:
        return kind
    parts = tuple(map(_readable, get_args(kind)))
    if origin in (Union, types.UnionType):
        return Union[parts]  # noqa: UP007 - made of parts
    return kind.copy_with(parts) if hasattr(kind, "copy_with") else origin[parts if len(parts) > 1 else parts[0]]
