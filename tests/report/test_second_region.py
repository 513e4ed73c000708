"""What becomes of a second region that dies, or that is cut off, is told along with that of the first."""

import re
from dataclasses import replace

import pytest

from proofs.drills import kinds
from proofs.drills.graph import Graphs
from report import inventory
from report.collect import Evidence
from report.second_region import COPIED, SecondRegion, belongs, second_regions, side_by_side
from tests.report.pictures import changed, without


@pytest.fixture(scope="module")
def second(evidence: Evidence) -> SecondRegion:
    """dr, standing by for prod."""
    assert evidence.drills
    (found,) = second_regions(evidence.drills, Graphs(evidence.rehearsals))
    return found


def test_each_failure_belongs_to_one_stack(evidence: Evidence) -> None:
    assert evidence.drills
    graphs = Graphs(evidence.rehearsals)
    failures = {result.failure for result in evidence.drills.results}
    owners = {failure: [graph.stack for graph in graphs.stacks if belongs(failure, graph, graphs)] for failure in failures}
    assert {len(found) for found in owners.values()} == {1}
    assert {tuple(owners[one]) for one in failures if one.kind == kinds.REGION} == {("prod",), ("dr",)}
    region, count, up, down = side_by_side(evidence.drills, graphs)
    assert region.values == ["ap-northeast-2", "ap-northeast-1"]
    assert sum(int(value) for value in count.values) == len(failures)
    assert [int(value) for value in up.values] == [
        int(all_) - int(lost) for all_, lost in zip(count.values, down.values, strict=True)
    ]
    assert int(down.values[0]) > 0 and down.values[1] == "0"


def test_what_stops_and_who_hears_of_it(second: SecondRegion) -> None:
    assert (second.stack, second.primary, second.region) == ("dr", "prod", "ap-northeast-1")
    assert second.stopped == [COPIED[what] for what in ("database", "files", "copies", "images")]
    part, region, link = second.events
    assert (part.down, region.down, link.down) == ((), (), ())
    assert re.fullmatch(r"a part of dr, \d\d of them one by one", part.what)
    # What is in a region that is gone rings no more; cut off, it does.
    assert region.rings == [f"{name} (prod)" for name in ("database-slot", "database-wal", "files-failed", "copy-failed")]
    assert link.rings == [*region.rings, "replica-lag-standby (dr)", "files-behind (dr)"]


def test_what_is_not_copied_does_not_stop(evidence: Evidence) -> None:
    assert evidence.drills
    prod, dr = evidence.rehearsals
    none = changed(dr, "aws:rds/instance:Instance", replicateSourceDb=None)
    no_files = without(prod, lambda node: "ReplicationConfig" in node.type)
    dr_none = without(none, lambda node: "ReplicationConfig" in node.type)
    (found,) = second_regions(evidence.drills, Graphs([no_files, dr_none]))
    assert found.stopped == [COPIED["copies"]]


def test_one_region_alone_has_no_second(evidence: Evidence) -> None:
    assert evidence.drills
    assert [*second_regions(evidence.drills, Graphs(evidence.rehearsals[:1]))] == []


def test_a_region_whose_loss_takes_something_down_says_so(evidence: Evidence) -> None:
    assert evidence.drills
    results = [
        replace(result, outcome="down") if result.failure.subject == "ap-northeast-1" and place % 5 == 0 else result
        for place, result in enumerate(evidence.drills.results)
    ]
    (found,) = second_regions(replace(evidence.drills, results=results), Graphs(evidence.rehearsals))
    assert found.events[1].down and found.events[1].down == found.events[2].down


def test_the_inventories_of_two_stacks_are_side_by_side(evidence: Evidence) -> None:
    table = inventory.side_by_side(evidence.rehearsals)
    width = len(table.fidelities) + 1
    totals = [inventory.total(inventory.components(one)) for one in evidence.rehearsals]
    assert [table.total.numbers[0], table.total.numbers[width]] == [one.count for one in totals]
    assert [sum(numbers) for numbers in zip(*(row.numbers for row in table.rows), strict=True)] == table.total.numbers
    assert "gaps" not in table.fidelities


def test_the_page_tells_it_and_where_accepted_losses_are_told(html: str) -> None:
    assert "dr: if the second region, or the way to it, fails while prod serves" in html
    assert "docs/resilience.md, What is promised" in html
