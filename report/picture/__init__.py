"""The architecture as a picture, derived from what a rehearsal really deployed."""

from collections.abc import Sequence

from proofs.drills.graph import Graphs
from rehearsal.run import Rehearsal
from report.picture import copies, flows, local, site
from report.picture.compact import MOST, compact
from report.picture.model import Picture
from report.picture.region import Region
from report.picture.sketch import Sketch

__all__ = ["Picture", "derive"]


def derive(rehearsals: Sequence[Rehearsal], most: int = MOST) -> Picture:
    """The picture of stacks that share an account: the data centre, the links, and each region that something is in.

    With more than `most` shapes, those that are alike are drawn as one.
    """
    sketch = Sketch()
    site.draw(sketch, Graphs(rehearsals))
    regions = [Region(sketch, one) for one in local.regions(rehearsals)]
    for region in regions:
        region.draw()
        flows.draw(region)
    copies.draw(regions)
    return compact(sketch.picture(), most)
