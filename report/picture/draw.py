"""Drawing a picture: `diagrams` arranges the icons of AWS, Graphviz lays them out."""

import html
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain, pairwise
from pathlib import Path

import diagrams
from diagrams import Cluster, Diagram, Node
from diagrams.aws.compute import EC2, EC2ContainerRegistry, ElasticContainerService
from diagrams.aws.database import RDS, DatabaseMigrationService, RDSPostgresqlInstance
from diagrams.aws.general import Users
from diagrams.aws.management import Cloudwatch, SystemsManager
from diagrams.aws.network import (
    ClientVpn,
    DirectConnect,
    ElbApplicationLoadBalancer,
    NATGateway,
    Privatelink,
    Route53,
    SiteToSiteVpn,
    TransitGateway,
    VPCCustomerGateway,
    VpnGateway,
)
from diagrams.aws.security import AdConnector, DirectoryService
from diagrams.aws.storage import EFS, S3, Backup, StorageGateway
from diagrams.onprem.database import Postgresql

from report.picture.model import Area, AreaKind, Picture, Shape, ShapeKind

ICONS: dict[ShapeKind, type[Node]] = {
    "clients": Users,
    "servers": ElasticContainerService,
    "file-gateway": StorageGateway,
    "sources": Postgresql,
    "name-servers": DirectoryService,
    "routers": VPCCustomerGateway,
    "circuit": DirectConnect,
    "vpn": SiteToSiteVpn,
    "direct-connect-gateway": DirectConnect,
    "vpn-gateway": VpnGateway,
    "transit-gateway": TransitGateway,
    "client-vpn": ClientVpn,
    "balancer": ElbApplicationLoadBalancer,
    "hosts": EC2,
    "nat": NATGateway,
    "endpoints": Privatelink,
    "resolver": Route53,
    "directory": AdConnector,
    "migration": DatabaseMigrationService,
    "database": RDSPostgresqlInstance,
    "replicas": RDSPostgresqlInstance,
    "database-backups": RDS,
    "file-system": EFS,
    "bucket": S3,
    "registry": EC2ContainerRegistry,
    "systems-manager": SystemsManager,
    "watch": Cloudwatch,
    "backup": Backup,
}

ROWS: tuple[tuple[ShapeKind, ...], ...] = (
    ("clients", "servers", "file-gateway", "sources", "name-servers"),
    ("routers",),
    ("circuit", "vpn"),
    ("direct-connect-gateway",),
    ("vpn-gateway", "transit-gateway"),
    ("migration", "balancer", "hosts", "resolver", "directory", "endpoints", "client-vpn", "backup"),
    (
        *("database", "replicas", "nat", "file-system"),
        *("bucket", "systems-manager", "watch", "database-backups", "registry"),
    ),
)
"""From the data centre down: a picture as wide as a README, in which words can be read, is higher than it is wide."""

ROW = {kind: number for number, kinds in enumerate(ROWS) for kind in kinds}
ORDER = {kind: number for number, kind in enumerate(chain.from_iterable(ROWS))}

ICON = 44
"""Points; Graphviz measures in points, and so does the page."""
GAP = 4
"""Points between an icon and its text."""
WIDTH = 96
"""Points of a shape, which its text has to itself."""
CHARACTERS = 17
"""That fit into a line of a shape, in the widest of usual text."""
FONT = "Helvetica"
"""Its widths are those of Arial, Liberation Sans and Arimo, one of which nearly every machine has."""

GRAPH = {
    "bgcolor": "transparent",
    "compound": "true",
    "fontname": FONT,
    "fontsize": "12",
    "label": "",
    "margin": "0",
    "nodesep": "0.12",
    "pad": "0.1",
    "newrank": "true",
    "ranksep": "0.2",
    "splines": "spline",
}
NODE = {"fontname": FONT, "fontsize": "11", "shape": "none", "style": "", "fixedsize": "false", "margin": "0.02"}
# The page shows the labels of edges at 10 points: the rest is what keeps neighbours apart.
EDGE = {"fontname": FONT, "fontsize": "11.5", "arrowsize": "0.6"}
# It shows those of areas bold, at 12 points: that is as wide as plain ones of 13.5.
CLUSTER = {"fontname": FONT, "fontsize": "13.5", "style": "rounded", "bgcolor": "transparent"}

MARGINS: dict[AreaKind, str] = {"vpc": "18"}
"""Points within a frame, 8 in others: arrows that go round the subnets of a VPC stay in it."""

BENEATH: dict[AreaKind, dict[str, str]] = {"isolated": {"labelloc": "b"}, "public": {"labelloc": "b"}}
"""Areas of the lowest row, into which arrows lead from above: there is room for their titles at their lower side."""
APART = "8"
"""Points around each of the outermost frames: those of two regions are twice as far from each other."""


class DrawingError(Exception):
    """The picture cannot be drawn; the text says what to do."""


def program() -> str:
    """What lays a graph out: the pinned program beside this Python, which draws the same everywhere, or Graphviz's own."""
    found = shutil.which("graphviz-pure", path=Path(sys.executable).parent) or shutil.which("dot")
    if found is None:
        raise DrawingError(
            "neither graphviz-pure nor dot is installed, and one of them has to lay the picture out; "
            "run `.venv/bin/pip install -r requirements.txt`, or install Graphviz: `apt-get install graphviz` on Debian and "
            "Ubuntu, `brew install graphviz` on macOS"
        )
    return found


def layout(picture: Picture) -> str:
    """The picture as Graphviz draws it: SVG whose icons are files of this machine."""
    made = subprocess.run([program(), "-Tsvg"], input=source(picture), capture_output=True, encoding="utf-8", check=False)
    if made.returncode:
        raise DrawingError(f"{program()} cannot draw the picture: {made.stderr.strip()}")
    return made.stdout


def source(picture: Picture) -> str:
    """The picture in Graphviz's language."""
    with _diagram() as diagram:
        nodes: dict[str, Node] = {}
        _fill(picture, "", nodes)
        for edge in picture.edges:
            label = {"label": edge.label} if edge.label else {}
            upwards = ROW[picture.shape(edge.source).kind] > ROW[picture.shape(edge.target).kind]
            order = {"constraint": "false"} if upwards else {}
            attributes = {**EDGE, **label, **order, "class": edge.line, "weight": WEIGHTS[edge.line]}
            nodes[edge.source].connect(nodes[edge.target], diagrams.Edge(forward=True, **attributes))
        _rows(diagram, picture)
        return str(diagram.dot.source)


WEIGHTS = {"main": "4", "backup": "3", "planned": "2", "flow": "1", "copy": "1"}


def _rows(diagram: Diagram, picture: Picture) -> None:
    """Shapes of a kind stand in one row, whatever leads to them: rows are what people read first."""
    rows = [row for kinds in ROWS if (row := [shape.id for shape in _ordered(picture) if shape.kind in kinds])]
    for row in rows:
        with diagram.dot.subgraph() as same:
            same.attr(rank="same")
            for identifier in row:
                same.node(identifier)
    for above, below in pairwise(rows):
        diagram.dot.edge(above[0], below[0], style="invis", weight="0")


def _ordered(picture: Picture) -> list[Shape]:
    """From left to right, where no arrow wants it otherwise: Graphviz begins with the order in which it is told."""
    return sorted(picture.shapes, key=lambda shape: ORDER[shape.kind])


@contextmanager
def _diagram() -> Iterator[Diagram]:
    """A diagram that is not rendered when it is left: its own `with` writes files and wants `dot`."""
    diagram = Diagram(direction="TB", show=False, filename="picture", graph_attr=GRAPH, node_attr=NODE)
    diagrams.setdiagram(diagram)
    try:
        yield diagram
    finally:
        diagrams.setdiagram(None)


def _fill(picture: Picture, inside: str, nodes: dict[str, Node]) -> None:
    for shape in _ordered(picture):
        if shape.area == inside:
            nodes[shape.id] = _node(shape)
    for area in picture.areas:
        if area.inside == inside:
            with nullcontext() if inside else _apart(area), _cluster(area):
                _fill(picture, area.id, nodes)


def _apart(area: Area) -> Cluster:
    """What keeps frames that stand beside each other apart: an area around each of them that nobody sees."""
    around = Cluster("", graph_attr={"label": "", "style": "invis", "margin": APART})
    around.name = around.dot.name = f"cluster_around_{area.id}"
    return around


def _cluster(area: Area) -> Cluster:
    # Graphviz takes clusters by their names; `diagrams` makes the name of the label.
    cluster = Cluster(
        area.label,
        graph_attr={**CLUSTER, "class": area.kind, "margin": MARGINS.get(area.kind, "8")} | BENEATH.get(area.kind, {}),
    )
    cluster.name = f"cluster_{area.id}"
    cluster.dot.name = cluster.name
    return cluster


def _node(shape: Shape) -> Node:
    icon = ICONS[shape.kind]
    path = html.escape(str(Path(diagrams.__file__).parents[1] / icon._icon_dir / icon._icon))
    gap = f'<TR><TD HEIGHT="{GAP}"></TD></TR>'
    rows = [
        f'<TR><TD FIXEDSIZE="TRUE" WIDTH="{WIDTH}" HEIGHT="{ICON}"><IMG SRC="{path}" SCALE="TRUE"/></TD></TR>',
        gap,
        *(f"<TR><TD><B>{html.escape(line)}</B></TD></TR>" for line in wrapped(shape.title)),
        *(f"<TR><TD>{html.escape(line)}</TD></TR>" for text in shape.detail for line in wrapped(text, CHARACTERS + 1)),
        gap,
    ]
    table = f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{"".join(rows)}</TABLE>>'
    return icon(table, nodeid=shape.id, image="", height="0", **{"class": shape.kind})


def wrapped(text: str, characters: int = CHARACTERS) -> list[str]:
    """A text in lines that fit a shape; nothing is left out. A word is broken only if it does not fit by itself."""
    whole = textwrap.wrap(text, characters, break_on_hyphens=False, break_long_words=False)
    return [part for line in whole for part in textwrap.wrap(line, characters)] or [""]
