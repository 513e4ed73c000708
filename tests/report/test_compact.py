"""Pictures of any size are brought down to what people take in."""

import string

from hypothesis import given
from hypothesis import strategies as some

from report.picture.compact import MERGES, compact
from report.picture.model import Area, Edge, Picture, Shape, ShapeKind

KINDS: list[ShapeKind] = [*dict.fromkeys(kind for merge in MERGES for kind in merge.kinds), "nat", "migration"]


@some.composite
def pictures(draw: some.DrawFn) -> Picture:
    """Some shapes of some stacks, connected anyhow."""
    shapes = tuple(
        Shape(f"{stack}/{number}", kind, f"{kind} {number}", (f"line {number}",), stack)
        for number, (stack, kind) in enumerate(
            draw(some.lists(some.tuples(some.sampled_from("ab"), some.sampled_from(KINDS)), max_size=40))
        )
    )
    ids = some.sampled_from([shape.id for shape in shapes] or ["none"])
    ends = draw(some.lists(some.tuples(ids, ids, some.text(string.ascii_letters, max_size=2)), max_size=60)) if shapes else []
    areas = (Area("a", "region", "A"), Area("b", "region", "B"))
    edges = {(source, target): Edge(source, target, "flow", label) for source, target, label in ends if source != target}
    return Picture(areas, shapes, tuple(edges.values()))


@given(pictures())
def test_a_small_picture_stays_as_it_is(picture: Picture) -> None:
    assert compact(picture, most=100) == picture


@given(pictures())
def test_merging_keeps_every_edge_between_shapes_that_are_left(picture: Picture) -> None:
    small = compact(picture, most=0)
    known = [shape.id for shape in small.shapes]
    assert len(set(known)) == len(known)
    assert {end for edge in small.edges for end in (edge.source, edge.target)} <= {*known}
    assert not [edge for edge in small.edges if edge.source == edge.target]
    assert len({(edge.source, edge.target) for edge in small.edges}) == len(small.edges)


@given(pictures())
def test_what_cannot_be_merged_is_still_there(picture: Picture) -> None:
    small = compact(picture, most=0)
    for kind in ("nat", "migration"):
        assert [one for one in small.shapes if one.kind == kind] == [one for one in picture.shapes if one.kind == kind]


def test_merging_stops_as_soon_as_there_are_few_enough_and_treats_regions_alike() -> None:
    shapes = tuple(
        Shape(f"{stack}/{kind}", kind, kind.title(), (), stack) for stack in "ab" for kind in ("database", "replicas", "nat")
    )
    small = compact(Picture((), shapes, ()), most=5)
    assert [shape.id for shape in small.shapes] == ["a/database", "a/nat", "b/database", "b/nat"]
    assert small.shapes[0].title == "RDS and read replicas"
