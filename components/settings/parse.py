"""From the raw values of a stack file to `Settings`: what can be wrong is looked at apart, so that no mistake hides another."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from components.settings import cross
from components.settings.base import Mistake, Section, all_mistakes
from components.settings.errors import NOT_SET, SettingsError
from components.settings.root import PARTS, REGIONS, General, Part, Settings
from components.settings.sizes import SIZES
from components.settings.translate import joined, mistakes_of, presentable, unknown_key

REGION_KEY = "aws:region"


def parse(raw: Mapping[str, Any], region: Any, *, project: str = "hybridge", stack: str = "dev") -> Settings:
    """The settings in `raw`, which maps the top-level keys of a stack file, without their namespace, to plain values.

    Raises SettingsError with every mistake there is: each section, and each element of a list of sections, is parsed by itself;
    the rules within a section are checked once it has parsed, a rule across sections once all that it takes have.
    """
    mistakes: list[Mistake] = [*_unknown(raw)]
    parsed: dict[str, Any] = {}

    def take(name: str, value: Any, wrong: list[Mistake]) -> None:
        mistakes.extend(wrong)
        if value is not _BROKEN:
            parsed[name] = value

    take("region", *_region(region))
    for name in General.model_fields:
        take(name, *_general(name, raw))
    sized = SIZES[parsed.get("size", General.model_fields["size"].default)]
    for name, part in PARTS.items():
        take(name, *_part(part, raw.get(part.key), sized.get(part.key, {})))
    for rule in cross.RULES:
        taken = inspect.signature(rule).parameters
        if parsed.keys() >= taken.keys():
            mistakes += rule(**{name: parsed[name] for name in taken})
    if mistakes:
        raise SettingsError([_namespaced(mistake, project) for mistake in mistakes], stack, dict(_names(raw, f"{project}:")))
    return Settings.model_validate({Settings.model_fields[name].alias or name: value for name, value in parsed.items()})


_BROKEN = object()
"""In place of what did not parse."""


def _namespaced(mistake: Mistake, project: str) -> Mistake:
    return mistake if mistake.key == REGION_KEY else replace(mistake, key=f"{project}:{mistake.key}")


def _names(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """What the items of lists are called, by their keys."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _names(item, f"{key}{name}" if key.endswith(":") else f"{key}.{name}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            here = f"{key}[{position}]"
            if isinstance(item, Mapping) and isinstance(item.get("name"), str):
                yield here, item["name"]
            yield from _names(item, here)


def _unknown(raw: Mapping[str, Any]) -> Iterator[Mistake]:
    known = sorted(
        [*(field.alias or name for name, field in General.model_fields.items()), *(part.key for part in PARTS.values())]
    )
    for key in raw:
        if key not in known:
            yield unknown_key(joined("", key), key, known)


def _region(region: Any) -> tuple[Any, list[Mistake]]:
    if region in REGIONS:
        return region, []
    value = NOT_SET if region in (None, "") else region
    allowed = "one of " + ", ".join(REGIONS)
    return _BROKEN, [Mistake(REGION_KEY, value, allowed, "Set aws:region to the region that this stack is deployed to.")]


def _general(name: str, raw: Mapping[str, Any]) -> tuple[Any, list[Mistake]]:
    """A top-level key that is no section: parsed apart from the others of its kind."""
    key = General.model_fields[name].alias or name
    given = {key: raw[key]} if raw.get(key) not in (None, "") else {}
    try:
        return getattr(General.model_validate(given), name), []
    except ValidationError as error:
        return _BROKEN, list(mistakes_of(General, error))


def _part(part: Part, given: Any, defaults: Mapping[str, Any]) -> tuple[Any, list[Mistake]]:
    # A key without a value is written like one that is left out: `network:`.
    given = given if given not in (None, "") else [] if part.listed else {}
    if part.listed:
        return _elements(part, given)
    section, mistakes = _section(part.model, merged(defaults, given) if isinstance(given, Mapping) else given)
    return section, [mistake.under(part.key) for mistake in mistakes]


def _elements(part: Part, given: Any) -> tuple[Any, list[Mistake]]:
    if not isinstance(given, list):
        fix = "Write a list: each item after a dash, its keys indented below it."
        return _BROKEN, [Mistake(part.key, presentable(given), "a list", fix)]
    parsed = [_section(part.model, item) for item in given]
    mistakes = [mistake.under(f"{part.key}[{position}]") for position, (_, wrong) in enumerate(parsed) for mistake in wrong]
    elements = [element for element, _ in parsed]
    return (_BROKEN if any(element is _BROKEN for element in elements) else elements), mistakes


def _section(model: type[Section], value: Any) -> tuple[Any, list[Mistake]]:
    try:
        section = model.model_validate(value)
    except ValidationError as error:
        return _BROKEN, list(mistakes_of(model, error))
    return section, list(all_mistakes(section))


def merged(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` laid over `defaults`, mapping by mapping; anything else that is given replaces the default as a whole."""
    result = dict(defaults)
    for key, value in given.items():
        below = defaults.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result
