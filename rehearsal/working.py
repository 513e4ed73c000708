"""What a row sees of the resource that it is worked for, and how its templates become values."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath

from rehearsal.emulator import ACCOUNT, Emulator


@dataclass
class Working:
    """See `row.Context`: one resource, while its row is worked."""

    aws: Emulator
    type: str
    name: str
    urn: str
    region: str
    inputs: dict[str, Any]
    service: str
    account: str = ACCOUNT
    id: str = ""
    response: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    read: Any = None
    item: Any = None

    def call(self, service: str, operation: str, params: dict[str, Any], region: str | None = None) -> dict[str, Any]:
        """Call AWS for this resource."""
        return self.aws.call(service, operation, params, region=region or self.region, seed=self.urn)

    def resolve(self, template: Any) -> Any:
        """A template's value; None where it leads nowhere."""
        if callable(template):
            return template(self)
        if isinstance(template, str):
            return search(template[1:], self) if template.startswith("$") else template
        if isinstance(template, Mapping):
            pairs = {key: self.resolve(item) for key, item in template.items()}
            return {key: item for key, item in pairs.items() if item is not None} or (None if template else {})
        if isinstance(template, (list, tuple)):
            items = [item for item in map(self.resolve, template) if item is not None]
            return items if items or not template else None
        return template


@functools.cache
def compiled(path: str) -> Any:
    """A JMESPath, parsed once."""
    return jmespath.compile(path)


_SEEN = ("inputs", "id", "region", "account", "name", "response", "outputs", "old", "read", "item", "urn")


def search(path: str, context: Working) -> Any:
    """What a JMESPath over the resource leads to."""
    return compiled(path).search({key: getattr(context, key) for key in _SEEN})
