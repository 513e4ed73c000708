"""A pack that judges stacks of a test, as they came out or as a first preview sees them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pulumi.runtime import rpc

from proofs.policies import Pack, start_pack
from proofs.shown import Resource
from rehearsal.stackfile import StackFile
from rehearsal.strings import strings
from tests.policies.sound import PASSWORD, REGION, Resources


def with_dependencies(resources: Resources) -> Resources:
    """The stack with what each resource is made of, as the engine tells it."""
    names = {f"{one.name}-id": one.urn for one in resources.values()}
    names |= {one.outputs["bucket"]: one.urn for one in resources.values() if one.type == "aws:s3/bucket:Bucket"}
    names |= {one.outputs["arn"]: one.urn for one in resources.values() if one.type == "aws:sns/topic:Topic"}

    def made_of(value: Any, one: Resource) -> list[str]:
        return sorted({names[text] for text in strings(value) if text in names and names[text] != one.urn})

    return {
        one.name: replace(
            one,
            depends_on=made_of(one.inputs, one),
            property_depends_on={key: made_of(value, one) for key, value in one.inputs.items()},
        )
        for one in resources.values()
    }


def previewed(resources: Resources) -> Resources:
    """The stack as a first preview sees it: nothing has an id, an ARN or a name yet, and whatever is made of one is unknown."""
    made_of = {f"{one.name}-id" for one in resources.values()} | {"files-name", "logs-name", PASSWORD}

    def seen(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: seen(item) for key, item in value.items()}
        if isinstance(value, list):
            return [seen(item) for item in value]
        unknown = isinstance(value, str) and (value.startswith("arn:") or any(text in value for text in made_of))
        return rpc.UNKNOWN if unknown else value

    return {
        name: replace(one, inputs=seen(one.inputs), outputs=seen(one.outputs))
        for name, one in with_dependencies(resources).items()
    }


@dataclass
class Judge:
    """A running pack."""

    pack: Pack

    def __call__(self, resources: Resources) -> set[tuple[str, str]]:
        """The violations: policy and name of the resource."""
        names = {one.urn: one.name for one in resources.values()}
        return {(one.policy, names.get(one.urn, one.urn)) for one in self.pack.analyze(list(resources.values()))}

    def messages(self, resources: Resources) -> list[str]:
        """What the violations say."""
        return [one.message for one in self.pack.analyze(list(resources.values()))]


@contextmanager
def judge(size: str | None, options: Mapping[str, Mapping[str, Any]] | None = None, **config: Any) -> Iterator[Judge]:
    """A pack for a stack of a size, with on-premises networks that are not private and one tag of its own."""
    values: dict[str, Any] = {
        "aws:region": REGION,
        "hybridge:onPremises": {"cidrs": ["10.0.0.0/16", "203.0.113.0/24"]},
        "hybridge:tags": {"Owner": "platform"},
        **({"hybridge:size": size} if size else {}),
        **config,
    }
    text = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    with start_pack(StackFile("hybridge", "test", text, (), values), options=options) as pack:
        yield Judge(pack)
