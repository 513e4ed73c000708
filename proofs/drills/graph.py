"""The deployed resources of several stacks, looked up by type, id and what refers to them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rehearsal import wire
from rehearsal.create import UNFILLED
from rehearsal.monitor import FAILED, Node
from rehearsal.run import Rehearsal

STACK_REFERENCE = "pulumi:pulumi:StackReference"
SUBNET = "aws:ec2/subnet:Subnet"


@dataclass(frozen=True, eq=False)
class Resource:
    """A deployed resource."""

    node: Node
    stack: str

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """What it was made of, without secrets' wrapping."""
        return dict(wire.unwrap(self.node.inputs))

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """What AWS answered, inputs included."""
        return dict(wire.unwrap(self.node.outputs))

    def get(self, key: str, default: Any = None) -> Any:
        """An input, or else what AWS made of it; the default where neither is known."""
        for values in (self.inputs, self.outputs):
            value = values.get(key)
            if value is not None and not (isinstance(value, str) and UNFILLED in value):
                return value
        return default

    @property
    def id(self) -> str:
        """Its id in AWS."""
        return self.node.id

    @property
    def region(self) -> str:
        """The region it is in."""
        return self.node.region

    @property
    def called(self) -> str:
        """What it is called among its siblings: its name without that of the component that made it."""
        parent = self.node.parent.rsplit("::", maxsplit=1)[-1]
        return self.node.name.removeprefix(f"{parent}-") if parent else self.node.name

    def names(self) -> Iterator[str]:
        """Whatever other resources may know it by."""
        yield self.id
        yield from (value for key in ("arn", "name", "identifier", "bucket") if isinstance(value := self.get(key), str))


class Graph:
    """The resources of one stack."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        deployment = rehearsal.deployment
        self.stack, self.region = deployment.stack, deployment.region
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        for node in rehearsal.nodes:
            if not node.id.startswith(FAILED):
                self._by_type[node.type].append(Resource(node, self.stack))

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types, sorted by URN within each."""
        return [resource for type_ in types for resource in self._by_type.get(type_, ())]

    def every(self) -> Iterator[Resource]:
        """All resources."""
        for found in self._by_type.values():
            yield from found

    def find(self, reference: Any, *types: str) -> Resource | None:
        """The resource that a reference leads to, by id, ARN or name."""
        return next((resource for resource in self.of(*types) if reference in resource.names()), None) if reference else None

    @property
    def refers_to(self) -> set[str]:
        """The stacks whose outputs it reads: those it is secondary to."""
        return {str(one.get("name", one.id)).rsplit("/", maxsplit=1)[-1] for one in self.of(STACK_REFERENCE)}


class Graphs:
    """The resources of several stacks in one account."""

    def __init__(self, rehearsals: Iterable[Rehearsal]) -> None:
        self.stacks = [Graph(rehearsal) for rehearsal in rehearsals]
        self.zone_of: dict[str, str] = {
            subnet.id: str(subnet.get("availabilityZone")) for graph in self.stacks for subnet in graph.of(SUBNET)
        }

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types in every stack."""
        return [resource for graph in self.stacks for resource in graph.of(*types)]

    def every(self) -> Iterator[Resource]:
        """The resources of every stack."""
        for graph in self.stacks:
            yield from graph.every()

    def zones(self, subnets: Any) -> list[str]:
        """The zones of these subnets, each once, sorted."""
        return sorted({self.zone_of[subnet] for subnet in subnets or () if subnet in self.zone_of})
