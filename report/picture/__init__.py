"""The architecture as a picture, derived from what a rehearsal really deployed."""

from collections.abc import Sequence

from proofs.drills.graph import Graphs
from rehearsal.run import Rehearsal
from report.picture import flows, site
from report.picture.compact import compact
from report.picture.model import Picture
from report.picture.region import Region
from report.picture.sketch import Sketch

__all__ = ["Picture", "derive"]


def derive(rehearsals: Sequence[Rehearsal]) -> Picture:
    """The picture of stacks that share an account: the data centre, the links, and each stack's region."""
    graphs, sketch = Graphs(rehearsals), Sketch()
    site.draw(sketch, graphs)
    regions = {graph.stack: Region(sketch, graphs, graph) for graph in graphs.stacks}
    for region in regions.values():
        region.draw()
        flows.draw(region)
    flows.draw_between(regions, graphs)
    return compact(sketch.picture())
