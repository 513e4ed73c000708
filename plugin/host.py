"""The provider that makes the components for programs in any language.

The SDK reads the schema out of the components' annotations. What it does with arguments is done here instead: it stops at the
first that is missing, passes over a name that no component knows, and cannot take what is known only later for a number or a
group. Here names are translated and nothing else, and the components check the values as they do for a program in Python.
"""

import re
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.provider import ConstructResult
from pulumi.provider.experimental.analyzer import ComponentDefinition, PropertyDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from components.arguments import ArgumentsError
from components.container_platform import ContainerPlatform
from components.database import Database
from components.hybrid_storage import HybridStorage
from components.management import Management
from components.network import Network
from hybridge import __version__

NAME = "hybridge"
"""The package: the first part of every component's type."""
COMPONENTS = (Network, Database, HybridStorage, ContainerPlatform, Management)


class Host(ComponentProvider):
    """Makes the five components."""

    def __init__(self) -> None:
        super().__init__([*COMPONENTS], NAME, None, __version__)
        mappings = [one.inputs_mapping for one in self._component_defs.values()]
        mappings += [one.properties_mapping for one in self._type_defs.values()]
        self._spelled = {snake: camel for mapping in mappings for camel, snake in mapping.items() if camel != snake}

    def construct(
        self, name: str, resource_type: str, inputs: pulumi.Inputs, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        """Make one component. Raises InputPropertiesError with every mistake in its arguments, by the names of the caller."""
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, ArgumentsError):
                details = [
                    {"property_path": self._told(one.path), "reason": self._told(one.text)} for one in error.inner.mistakes
                ]
                raise InputPropertiesError("", details) from None  # type: ignore[arg-type]
            if isinstance(error.inner, ValueError | pulumi.RunError):
                # In words for people already.
                raise InputPropertiesError(self._told(str(error.inner)), []) from None
            raise

    def map_inputs(self, inputs: pulumi.Inputs, component_def: ComponentDefinition) -> pulumi.Inputs:
        """The arguments by their names in Python; the values as they came."""
        return self._renamed(inputs, component_def.inputs, component_def.inputs_mapping)

    def _renamed(
        self, given: Mapping[str, Any], properties: dict[str, PropertyDefinition], names: dict[str, str]
    ) -> dict[str, Any]:
        return {
            names.get(key, key): self._within(value, properties[key]) if key in properties else value
            for key, value in given.items()
        }

    def _within(self, value: Any, kind: PropertyDefinition) -> Any:
        """A value whose own fields have their names in Python."""
        if isinstance(value, pulumi.Output):
            return value.apply(lambda known: self._within(known, kind)) if _holds_groups(kind) else value
        if kind.items and isinstance(value, list):
            return [self._within(one, kind.items) for one in value]
        if isinstance(value, Mapping):
            definition = self.get_type_definition(kind) if kind.ref else None
            if definition:
                return self._renamed(value, definition.properties, definition.properties_mapping)
            if kind.additional_properties:
                return {key: self._within(one, kind.additional_properties) for key, one in value.items()}
        return value

    def _told(self, text: str) -> str:
        """A text in which arguments are spelled as every other language than Python spells them."""
        return re.sub(r"\w+", lambda word: self._spelled.get(word[0], word[0]), text)


def _holds_groups(kind: PropertyDefinition) -> bool:
    return bool(kind.ref) or any(map(_holds_groups, filter(None, (kind.items, kind.additional_properties))))
