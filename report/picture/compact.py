"""A picture that people still take in at a glance: what is alike becomes one shape, until there are few enough."""

from dataclasses import dataclass, replace

from report.picture.model import Edge, Picture, Shape, ShapeKind

MOST = 25
"""Shapes of a picture."""


@dataclass(frozen=True)
class Merge:
    """Shapes of these kinds in the same place become one."""

    kinds: tuple[ShapeKind, ...]
    """The first of them is what the one looks like."""
    title: str
    """`{}`: how many they were."""
    named: bool = False
    """Whether the titles of those that it was made of go beneath; else their own lines."""
    alone: bool = False
    """Whether the requests to it are left out: everything sends some."""


MERGES = (
    Merge(("systems-manager", "watch", "registry"), "Operations", named=True),
    Merge(("resolver", "directory"), "Resolver and AD Connector"),
    Merge(("database", "replicas"), "RDS and read replicas"),
    Merge(("endpoints", "resolver"), "Endpoints and Resolver"),
    Merge(("vpn",), "{} VPNs, backup"),
    Merge(("backup", "systems-manager"), "Management", named=True, alone=True),
    Merge(("clients", "name-servers"), "Clients and name servers"),
    Merge(("hosts", "balancer"), "ECS hosts and load balancer"),
    Merge(("circuit",), "{} circuits"),
    Merge(("file-gateway",), "{} S3 File Gateways"),
)
"""What is given up first comes first."""


def compact(picture: Picture, most: int = MOST) -> Picture:
    """The picture with as many shapes merged as it takes."""
    for merge in MERGES:
        if len(picture.shapes) <= most:
            break
        for place in dict.fromkeys(_place(shape) for shape in picture.shapes):
            picture = _merged(picture, merge, place)
    return picture


def _place(shape: Shape) -> str:
    """The stack of a shape, or the side of the link it is on; links are told apart by the stack they lead to."""
    return shape.id.rsplit("/", maxsplit=1)[0]


def _merged(picture: Picture, merge: Merge, place: str) -> Picture:
    together = [shape for kind in merge.kinds for shape in picture.shapes if shape.kind == kind and _place(shape) == place]
    if len(together) < 2:
        return picture
    one = together[0]
    lines = [shape.title for shape in together] if merge.named else [line for shape in together for line in shape.detail]
    made = replace(one, title=merge.title.format(len(together)), detail=tuple(dict.fromkeys(lines)))
    became = {shape.id: made.id for shape in together}
    shapes = tuple(made if shape is one else shape for shape in picture.shapes if shape.id not in became or shape is one)
    edges: dict[tuple[str, str], Edge] = {}
    for edge in picture.edges:
        source, target = became.get(edge.source, edge.source), became.get(edge.target, edge.target)
        before = edges.get((source, target))
        if merge.alone and target == made.id and edge.line == "flow":
            continue
        if source != target and (before is None or (edge.label and not before.label)):
            edges[source, target] = replace(edge, source=source, target=target)
    return replace(picture, shapes=shapes, edges=tuple(edges.values()))
