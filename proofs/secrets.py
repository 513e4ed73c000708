"""Secrets stay marked: what a policy pack cannot tell, since the policy SDK opens secrets before a policy sees them.

Pulumi encrypts in its state whatever is marked as a secret, and shows everything else. So a value that is marked in one place
must be marked wherever it stands.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rehearsal import wire
from rehearsal.run import Rehearsal

NAME = re.compile(r"(?i)(password|passwd|secret|token|api_?key|private_?key|access_?key|credentials?|code)$")
"""What a secret is called within a JSON document that also holds plain values."""
SHAPE = re.compile(r"[^\s/:]{8,}")
"""What a secret looks like where it stands alone. Shorter ones are found everywhere by chance; paths, ARNs and addresses can be
part of something secret without being it."""
OUTPUT = "output "
"""Before the name of a stack output, where a resource has its URN."""


@dataclass(frozen=True, order=True)
class Leak:
    """A secret that stands somewhere unmarked."""

    urn: str
    """The resource, or `output NAME`."""
    path: str
    """The property."""

    @property
    def message(self) -> str:
        """What was found, what is allowed, what to do."""
        return f"{self.path} holds in the clear what is secret elsewhere; allowed: marked as a secret; wrap it in Output.secret"


def leaks(rehearsal: Rehearsal) -> list[Leak]:
    """Every place of a rehearsed stack where a secret stands unmarked, sorted."""
    deployment = rehearsal.deployment
    nodes = deployment.nodes.values()
    outputs = [(f"{OUTPUT}{key}", {key: value}) for key, value in deployment.outputs.items()]
    inputs = [(node.urn, node.inputs) for node in nodes]
    # What repeats an input is marked as a whole where a part of the input is: it is looked through, but tells no secrets.
    returned = [(node.urn, {key: value for key, value in node.outputs.items() if key not in node.inputs}) for node in nodes]
    repeated = [(node.urn, {key: value for key, value in node.outputs.items() if key in node.inputs}) for node in nodes]
    secrets = {one for _, values in outputs + inputs + returned for text in _marked(values) for one in _secrets(text)}
    secrets -= {node.id for node in nodes}
    if not secrets:
        return []
    anywhere = re.compile("|".join(map(re.escape, sorted(secrets))))
    places = outputs + inputs + returned + repeated
    return sorted({Leak(urn, path) for urn, values in places for path, text in _plain(values, "") if anywhere.search(text)})


def _marked(value: Any) -> Iterator[str]:
    """Every text within a value that is marked as secret."""
    if isinstance(value, dict):
        if value.get(wire.SIGNATURE) == wire.SECRET:
            yield from (text for _, text in _plain(wire.unwrap(value), ""))
        else:
            for item in value.values():
                yield from _marked(item)
    elif isinstance(value, list):
        for item in value:
            yield from _marked(item)


def _plain(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text within a value that is not marked as secret, with its path."""
    if isinstance(value, dict):
        if value.get(wire.SIGNATURE) != wire.SECRET:
            for key, item in value.items():
                yield from _plain(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _plain(item, f"{path}[{position}]")
    elif isinstance(value, str):
        yield path, value


def _secrets(text: str) -> Iterator[str]:
    """The secrets in a text that is marked: itself, or what a JSON document names as such."""
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if isinstance(content, dict):
        found = [item for key, item in content.items() if isinstance(item, str) and NAME.search(key)]
    else:
        found = [text]
    yield from (one for one in found if SHAPE.fullmatch(one))
