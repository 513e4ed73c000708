"""What every section of the settings shares: strict frozen models, mistakes as data, and the way to component args."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin

import pulumi
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticKnownError


@dataclass(frozen=True)
class Mistake:
    """One wrong value of a stack file, told in the terms of the person who wrote it."""

    key: str
    """Where it is, as written in the stack file: `database.readReplicas.count`. Relative while inside a section."""
    value: Any
    """What was received. Shown as given, so never pass a secret."""
    allowed: str
    """What would be accepted, as the end of the sentence "allowed: ..."."""
    fix: str
    """What to do about it: one imperative sentence."""

    def under(self, parent: str) -> "Mistake":
        """The same mistake with its key seen from `parent`."""
        joint = "" if not self.key or self.key.startswith("[") else "."
        return replace(self, key=f"{parent}{joint}{self.key}")


class Section(BaseModel):
    """A group of settings: camelCase keys in the stack file, snake_case in Python; unknown keys are refused.

    A field-level rule is a pydantic constraint. A rule over several fields of one section is yielded by `mistakes`, which
    is called only once every field of the section has parsed, so that all of them are reported together.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        allow_inf_nan=False,
        validate_default=True,
        use_attribute_docstrings=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch_for_a_number(cls, value: Any, info: ValidationInfo) -> Any:
        # pydantic would take true for 1, and a person who writes it means something else
        if isinstance(value, bool) and {int, float} & _alternatives(cls.model_fields[str(info.field_name)].annotation):
            raise PydanticKnownError("int_type")
        return value

    def mistakes(self) -> Iterator[Mistake]:
        """The rules over several fields that this section breaks; keys relative to it."""
        yield from ()

    def as_args(self) -> Any:
        """The section as component args: snake_case, plain values, secrets as secret outputs, what was left out left out.

        A dict of no narrower type: which component's TypedDict it becomes a part of is for the caller to say.
        """
        return {name: value for name in type(self).model_fields if (value := _plain(getattr(self, name))) is not None}


def _alternatives(annotation: Any) -> set[Any]:
    """The types that a field takes; empty for one that takes booleans."""
    members = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    plain = {get_args(member)[0] if hasattr(member, "__metadata__") else member for member in members}
    return set() if bool in plain else plain


def _plain(value: Any) -> Any:
    if isinstance(value, Section):
        return value.as_args()
    if isinstance(value, SecretStr):
        return pulumi.Output.secret(value.get_secret_value())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def all_mistakes(section: Section) -> Iterator[Mistake]:
    """The mistakes of a section and of every section inside it, keys seen from the section."""
    yield from section.mistakes()
    for name, field in type(section).model_fields.items():
        key, value = field.alias or name, getattr(section, name)
        if isinstance(value, Section):
            yield from (mistake.under(key) for mistake in all_mistakes(value))
        elif isinstance(value, (list, tuple)):
            for position, item in enumerate(value):
                if isinstance(item, Section):
                    yield from (mistake.under(f"{key}[{position}]") for mistake in all_mistakes(item))
        elif isinstance(value, dict):
            for name_, item in value.items():
                if isinstance(item, Section):
                    yield from (mistake.under(f"{key}.{name_}") for mistake in all_mistakes(item))
