"""What the rules can still look at when something did not parse: everything else.

A rule that comes upon a value that did not parse says nothing more; those that need only others still tell their mistakes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn, get_args

from pydantic import Field, ValidationError, create_model

from components.settings.base import Mistake, Section
from components.settings.errors import shown


class Unusable(Exception):
    """Nothing can be said, because it depends on a value that did not parse."""


def _refuse(*_: object, **__: object) -> NoReturn:
    raise Unusable


_USES = (
    *(f"__{name}__" for name in ("eq", "ne", "lt", "le", "gt", "ge", "hash", "bool", "len", "iter", "contains", "getitem")),
    *(f"__{name}__" for name in ("getattr", "call", "str", "repr", "format", "int", "index", "float", "add", "radd", "sub")),
    *(f"__{name}__" for name in ("rsub", "mul", "rmul", "floordiv", "rfloordiv", "mod", "rmod", "neg", "or", "and", "next")),
)

UNKNOWN: Any = type("Unknown", (), dict.fromkeys(_USES, _refuse))()
"""In place of what did not parse. Whoever does more than pass it on gets `Unusable`; it is not None, as something was meant."""


def provisional(model: type[Section], value: Any, error: ValidationError | None, unsure: Iterable[str] = ()) -> Any:
    """The section that `value` would be if only what `error` is about were known; UNKNOWN if it is no mapping at all.

    `unsure` are further keys of which nothing is known, since their defaults are not.
    """
    if not isinstance(value, Mapping):
        return UNKNOWN
    fields = {field.alias or name: name for name, field in model.model_fields.items()}
    kept = {key: item for key, item in value.items() if key in fields and key not in unsure}
    unknown = {key for key in unsure if key in fields}
    for key in _keys(error) if error else ():
        if key in fields and key not in unknown:
            repaired = _repaired(model, fields[key], kept.pop(key, None))
            unknown |= {key} if repaired is UNKNOWN else set()
            kept |= {} if repaired is UNKNOWN else {key: repaired}
    while True:
        holes: Any = {fields[key]: (Any, Field(default_factory=lambda: UNKNOWN)) for key in unknown}
        try:
            return create_model(model.__name__, __base__=model, **holes).model_validate(kept)
        except ValidationError as again:
            more = {key for key in _keys(again) if key in fields} - unknown
            if not more:
                return UNKNOWN
            unknown |= more
            kept = {key: item for key, item in kept.items() if key not in unknown}


def _keys(error: ValidationError) -> list[str]:
    """The keys of the section that complaints are about."""
    return list(dict.fromkeys(str(details["loc"][0]) for details in error.errors(include_url=False) if details["loc"]))


def _repaired(model: type[Section], name: str, value: Any) -> Any:
    """A group or a list of groups with what can be known of each; UNKNOWN for anything else."""
    inner = _section_in(model.model_fields[name].annotation)
    if inner is None:
        return UNKNOWN
    if isinstance(value, Mapping):
        return _loosely(inner, value)
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        items = [_loosely(inner, item) for item in value]
        return UNKNOWN if any(item is UNKNOWN for item in items) else items
    return UNKNOWN


def _loosely(model: type[Section], value: Any) -> Any:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        return provisional(model, value, error)


def _section_in(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part)) is not None), None)


def known_mistakes(section: Any) -> Iterator[Mistake]:
    """The mistakes of a provisional section and of those inside it, as far as they can be told."""
    if not isinstance(section, Section):
        return
    yield from tellable(section.mistakes)
    for name, field in type(section).model_fields.items():
        key, value = field.alias or name, getattr(section, name)
        yield from (mistake.under(key) for mistake in known_mistakes(value))
        for position, item in enumerate(value if isinstance(value, list) else ()):
            yield from (mistake.under(f"{key}[{position}]") for mistake in known_mistakes(item))


def tellable(rule: Callable[..., Iterator[Mistake]], **taken: Any) -> Iterator[Mistake]:
    """What a rule finds before it comes upon a value that did not parse."""
    try:
        for mistake in rule(**taken):
            shown(mistake.value)
            yield mistake
    # C code refuses UNKNOWN in its own way: re.fullmatch and str.join raise TypeError
    except (Unusable, TypeError, ValueError, AttributeError):
        return
