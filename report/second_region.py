"""What becomes of a second region's own failures, and of the link between the regions: nothing goes down, and yet something
stops."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from proofs.drills import DrillReport, kinds
from proofs.drills.failures import Failure
from proofs.drills.graph import Graph, Graphs
from report.people import ALARM
from report.picture import copies

INSTANCE = "aws:rds/instance:Instance"
PEERINGS = ("aws:ec2transitgateway/peeringAttachment:PeeringAttachment",)


@dataclass(frozen=True)
class Copied:
    """Something that is copied to the second region."""

    what: str
    here: tuple[str, ...]
    """What the names hold of the first region's alarms that watch it."""
    there: tuple[str, ...]
    """Those of the second region's."""
    stopped: str
    """What becomes of it while nothing arrives."""


COPIED = {
    "database": Copied(
        "the replica of the database",
        ("database-slot", "database-wal"),
        ("replica-lag-standby",),
        "the primary keeps its log for the replica, up to a bound; past it the replica begins anew, as another `generation`",
    ),
    "replication": Copied(
        "what DMS carries over",
        ("database-slot", "database-wal"),
        ("migration-source-primary", "migration-target-primary"),
        "the primary keeps its log for DMS, up to a bound; past it the load begins anew, as another `generation`",
    ),
    "files": Copied("files", ("files-failed",), ("files-behind",), "S3 goes on trying, and tells of what it has given up"),
    "copies": Copied("copies of backups", ("copy-failed",), (), "the next copy comes with the next backup"),
    "images": Copied(
        "images", (), (), "what is pushed meanwhile is looked up there afterwards, and pushed again if it is missing"
    ),
    "backups": Copied("backups of RDS", (), (), "RDS copies on once it can"),
}
"""What picture/copies.py calls it -> what to know of it. docs/disaster-recovery.md has the same."""


@dataclass(frozen=True)
class Event:
    """Something that happens to a second region, or between it and the first."""

    what: str
    down: tuple[str, ...]
    """Functions that go down."""
    affected: tuple[str, ...]
    """Those that notice it."""
    rings: list[str]


@dataclass(frozen=True)
class SecondRegion:
    """A stack that stands by for another."""

    stack: str
    primary: str
    region: str
    events: list[Event]
    stopped: list[Copied]
    """What does not arrive while it is gone, or cut off."""


def second_regions(report: DrillReport, graphs: Graphs) -> Iterator[SecondRegion]:
    """Each stack that reads the outputs of another one in the report."""
    for graph in graphs.stacks:
        for primary in (one for one in graphs.stacks if one.stack in graph.refers_to):
            stopped = [COPIED[what] for what in COPIED if what in _crossing(graphs, primary.region, graph.region)]
            yield SecondRegion(
                graph.stack, primary.stack, graph.region, [*_events(report, graphs, primary, graph, stopped)], stopped
            )


def belongs(failure: Failure, graph: Graph, graphs: Graphs) -> bool:
    """Whether what fails is a part of the stack: those of all but the first bear its name."""
    if failure.kind in (kinds.REGION, kinds.ZONE):
        return failure.subject.startswith(graph.region)
    named = next((one for one in graphs.stacks[1:] if failure.subject.endswith(f"({one.stack})")), graphs.stacks[0])
    return named is graph


def _events(report: DrillReport, graphs: Graphs, primary: Graph, graph: Graph, stopped: Sequence[Copied]) -> Iterator[Event]:
    own = {result.failure for result in report.results if belongs(result.failure, graph, graphs)}
    whole = {failure for failure in own if failure.kind == kinds.REGION}
    yield _event(f"a part of {graph.stack}, {len(own - whole)} of them one by one", report, own - whole, [])
    here = _ringing(primary, [part for one in stopped for part in one.here])
    yield _event(f"the region {graph.region}", report, whole, here)
    # Whoever is cut off from the second region misses no more of it than whoever has lost it.
    peered = " and the peering" if graphs.of(*PEERINGS) else ""
    between = f"the way between the regions: AWS's own network{peered}"
    yield _event(between, report, whole, [*here, *_ringing(graph, [part for one in stopped for part in one.there])])


def _event(what: str, report: DrillReport, failures: set[Failure], rings: list[str]) -> Event:
    found = [result for result in report.results if result.failure in failures]
    down = dict.fromkeys(result.function.name for result in found if result.outcome == "down")
    affected = dict.fromkeys(result.function.name for result in found if result.outcome == "degraded")
    return Event(what, tuple(down), tuple(affected), rings)


def _crossing(graphs: Graphs, source: str, target: str) -> set[str]:
    """What is copied from one region to the other."""
    found = {what for start, end, what in copies.copied(graphs) if (start.split("/")[0], end.split("/")[0]) == (source, target)}
    primaries = {name for one in graphs.of(INSTANCE) if one.region == source for name in one.names()}
    if any(one.get("replicateSourceDb") in primaries and one.region == target for one in graphs.of(INSTANCE)):
        found.add("database")
    return found


def _ringing(graph: Graph, parts: Sequence[str]) -> list[str]:
    return [f"{part} ({graph.stack})" for part in parts if any(f"-{part}" in one.node.name for one in graph.of(ALARM))]


@dataclass(frozen=True)
class Beside:
    """One thing of every stack, side by side."""

    name: str
    values: list[str]


def side_by_side(report: DrillReport, graphs: Graphs) -> list[Beside]:
    """What the parts of each stack take down when they fail, and what each keeps."""
    rows: dict[str, list[str]] = {
        "Region": [],
        "Single failures, one by one": [],
        "of which take nothing down": [],
        "of which take something down": [],
    }
    for graph in graphs.stacks:
        own = {result.failure for result in report.results if belongs(result.failure, graph, graphs)}
        down = {result.failure for result in report.results if result.failure in own and result.outcome == "down"}
        values = (graph.region, str(len(own)), str(len(own) - len(down)), str(len(down)))
        for row, value in zip(rows.values(), values, strict=True):
            row.append(value)
    return [Beside(name, values) for name, values in rows.items()]
