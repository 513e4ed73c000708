"""The resources in one region, whichever stack made them: a stack may place some in the region of another."""

from collections.abc import Sequence
from typing import Any

from proofs.drills.graph import Graphs, Resource
from rehearsal.run import Rehearsal

SECRET = "aws:secretsmanager/secret:Secret"


class Local:
    """What is in one region."""

    def __init__(self, graphs: Graphs, region: str) -> None:
        self.graphs, self.region = graphs, region
        self.stacks = [graph.stack for graph in graphs.stacks if graph.region == region]
        """The stacks whose region it is."""

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types, by stack, then by URN."""
        return [resource for resource in self.graphs.of(*types) if resource.region == self.region]

    def find(self, reference: Any, *types: str) -> Resource | None:
        """The resource here that a reference leads to, by id, ARN or name."""
        return found(self.of(*types), reference)


def found(resources: list[Resource], reference: Any) -> Resource | None:
    """The first of these that a reference leads to."""
    return next((one for one in resources if reference in one.names()), None) if reference else None


def regions(rehearsals: Sequence[Rehearsal]) -> list[Local]:
    """Every region that something is in: those of the stacks first."""
    own = [rehearsal.deployment.region for rehearsal in rehearsals]
    others = sorted({node.region for rehearsal in rehearsals for node in rehearsal.nodes if node.region})
    graphs = Graphs(rehearsals)
    return [Local(graphs, region) for region in dict.fromkeys((*own, *others))]


def source_region(graphs: Graphs, endpoint: Resource) -> str:
    """The region of the database that DMS reads; empty for one on-premises. A secret copied from another region tells."""
    name = _name(endpoint.get("secretsManagerArn"))
    there = {one.region for one in graphs.of(SECRET) if name and _name(one.get("arn")) == name}
    return next(iter(there - {endpoint.region}), "")


def _name(arn: Any) -> str:
    return str(arn or "").rpartition(":secret:")[2]
