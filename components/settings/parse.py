"""From the raw values of a stack file to `Settings`: what can be wrong is looked at apart, so that no mistake hides another."""

import inspect
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from components.settings import cross, nights
from components.settings.base import Mistake, Section, all_mistakes
from components.settings.errors import NOT_SET, SettingsError, Unshown, shown
from components.settings.near import nearest
from components.settings.provisional import UNKNOWN, known_mistakes, provisional, tellable
from components.settings.root import OTHER_PARTITIONS, PARTS, REGIONS, General, Part, Settings
from components.settings.sizes import SECONDARY, SIZES, by_class
from components.settings.translate import joined, mistakes_of, presentable, sentence, unknown_key

REGION_KEY = "aws:region"


def parse(
    raw: Mapping[str, Any],
    region: Any,
    *,
    project: str = "hybridge",
    stack: str = "dev",
    origin: Mapping[str, str] | None = None,
) -> Settings:
    """The settings in `raw`, which maps the top-level keys of a stack file, without their namespace, to plain values.

    `origin` tells from which other file keys were taken.

    Raises SettingsError with every mistake there is: each section, and each element of a list of sections, is parsed by itself,
    and where something does not parse, the rules within and across sections are checked on the rest.
    """
    given = [_region(region), *(_general(name, raw) for name in General.model_fields)]
    parsed = {one.name: one.value for one in given}
    defaults = SIZES[parsed["size"] if parsed["size"] is not UNKNOWN else General.model_fields["size"].default]
    if parsed["role"] is UNKNOWN or parsed["role"] == "secondary":
        defaults = merged(defaults, SECONDARY)
    defaults = nights.laid_over(by_class(defaults, raw.get("database")), region, raw)
    sure = parsed["size"] is not UNKNOWN and parsed["role"] is not UNKNOWN
    given += [_part(name, part, raw.get(part.key), defaults, sure=sure) for name, part in PARTS.items()]
    parsed = {one.name: one.value for one in given}
    broken = {one.name for one in given if one.broken}
    mistakes = [*_unknown(raw), *(mistake for one in given for mistake in one.mistakes)]
    for rule in cross.RULES:
        taken = {name: parsed[name] for name in inspect.signature(rule).parameters}
        mistakes += tellable(rule, **taken) if broken & taken.keys() else rule(**taken)
    if mistakes:
        found = [_namespaced(_defaulted(mistake, raw), project) for mistake in mistakes]
        names = dict(_names(raw, f"{project}:"))
        raise SettingsError(found, stack, names, {f"{project}:{key}": file for key, file in (origin or {}).items()})
    return Settings.model_validate({Settings.model_fields[name].alias or name: value for name, value in parsed.items()})


class _Given(NamedTuple):
    """What became of one top-level key."""

    name: str
    """The attribute of `Settings`."""
    value: Any
    """With UNKNOWN in place of whatever did not parse."""
    mistakes: list[Mistake]
    broken: bool = False
    """Whether something did not parse."""


def _namespaced(mistake: Mistake, project: str) -> Mistake:
    return mistake if mistake.key == REGION_KEY else replace(mistake, key=f"{project}:{mistake.key}")


def _defaulted(mistake: Mistake, raw: Mapping[str, Any]) -> Mistake:
    """The mistake with its value told for a default, where the file does not have the key."""
    if mistake.value in (None, "", [], {}) or isinstance(mistake.value, Unshown) or mistake.key == REGION_KEY:
        return mistake
    value: Any = raw
    for name, position in re.findall(r"([^.\[\]]+)|\[(\d+)\]", mistake.key):
        if position and isinstance(value, list) and int(position) < len(value):
            value = value[int(position)]
        elif name and isinstance(value, Mapping) and name in value:
            value = value[name]
        elif name and isinstance(value, Mapping) and '["' not in mistake.key:
            return replace(mistake, value=Unshown(f"{shown(mistake.value)}, which is the default"))
        else:
            return mistake
    return mistake


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


def _region(region: Any) -> _Given:
    if region in REGIONS:
        return _Given("region", region, [])
    value = NOT_SET if region in (None, "") else presentable(region)
    allowed = "one of " + ", ".join(REGIONS)
    fix = "set aws:region to the region that this stack is deployed to"
    if isinstance(region, str) and not region.startswith(OTHER_PARTITIONS):
        fix = nearest(region, REGIONS, fix)
    mistake = Mistake(REGION_KEY, value, allowed, sentence(fix))
    return _Given("region", UNKNOWN, [mistake], broken=True)


def _general(name: str, raw: Mapping[str, Any]) -> _Given:
    """A top-level key that is no section: parsed apart from the others of its kind."""
    key = General.model_fields[name].alias or name
    given = {key: raw[key]} if raw.get(key) not in (None, "") else {}
    try:
        return _Given(name, getattr(General.model_validate(given), name), [])
    except ValidationError as error:
        return _Given(name, UNKNOWN, list(mistakes_of(General, error)), broken=True)


def _part(name: str, part: Part, value: Any, sized: Mapping[str, Any], *, sure: bool) -> _Given:
    # A key without a value is written like one that is left out: `network:`.
    value = value if value not in (None, "") else [] if part.listed else {}
    if part.listed:
        return _elements(name, part, value)
    if not isinstance(value, Mapping):
        section = _section(name, part.model, value)
    else:
        defaults = sized.get(part.key, {})
        # Where size or role are not known, neither are the defaults that they stand for.
        unsure = {key for key in defaults if not sure and (key not in value or isinstance(defaults[key], Mapping))}
        section = _section(name, part.model, merged(defaults, value), unsure)
    return section._replace(mistakes=[mistake.under(part.key) for mistake in section.mistakes])


def _elements(name: str, part: Part, value: Any) -> _Given:
    if not isinstance(value, list):
        fix = "Write a list: each item after a dash, its keys indented below it."
        return _Given(name, UNKNOWN, [Mistake(part.key, presentable(value), "a list", fix)], broken=True)
    elements = [_section(name, part.model, item) for item in value]
    mistakes = [mistake.under(f"{part.key}[{position}]") for position, one in enumerate(elements) for mistake in one.mistakes]
    return _Given(name, [one.value for one in elements], mistakes, any(one.broken for one in elements))


def _section(name: str, model: type[Section], value: Any, unsure: Collection[str] = ()) -> _Given:
    try:
        section = model.model_validate(value)
    except ValidationError as error:
        rest = provisional(model, value, error, unsure)
        return _Given(name, rest, [*mistakes_of(model, error), *known_mistakes(rest)], broken=True)
    if unsure:
        rest = provisional(model, value, None, unsure)
        return _Given(name, rest, list(known_mistakes(rest)), broken=True)
    return _Given(name, section, list(all_mistakes(section)))


def merged(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` laid over `defaults`, mapping by mapping; anything else that is given replaces the default as a whole."""
    result = dict(defaults)
    for key, value in given.items():
        below = defaults.get(key)
        result[key] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result
