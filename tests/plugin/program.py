"""Registers what program.json says, as the SDK of any language does."""

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pulumi

made: dict[str, Any] = {}


class Resource(pulumi.CustomResource):
    """A resource of a provider."""

    id: pulumi.Output[str]


def resolved(value: Any) -> Any:
    """A value with its references: `${name.output}`, and `{secret: value}`."""
    if isinstance(value, dict):
        if value.keys() == {"secret"}:
            return pulumi.Output.secret(value["secret"])
        return {key: resolved(one) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one) for one in value]
    reference = re.fullmatch(r"\${(\w+)\.(\w+)}", value) if isinstance(value, str) else None
    return getattr(made[reference[1]], reference[2]) if reference else value


asked = json.loads(Path("program.json").read_text())
for name, (token, properties) in asked["resources"].items():
    if token.startswith("hybridge:"):
        outputs = set(re.findall(rf"\${{{name}\.(\w+)}}", json.dumps(asked)))
        made[name] = pulumi.ComponentResource(token, name, {**dict.fromkeys(outputs), **resolved(properties)}, remote=True)
    else:
        made[name] = Resource(token, name, resolved(properties), pulumi.ResourceOptions(version=version("pulumi-aws")))
for name, value in asked["outputs"].items():
    pulumi.export(name, resolved(value))
