"""The way of the databases: who moves what, how far it is, what is left to do, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from components.database.names import identifier
from components.settings import Settings
from migration import journey, plan, users, way_back
from migration.check import left_behind
from migration.journey import StageTold
from proofs.drills.graph import Graph, Graphs
from proofs.settings_of import is_hybridge, settings_of
from report.collect import Evidence

ENDPOINT, TASK = "aws:dms/endpoint:Endpoint", "aws:dms/replicationTask:ReplicationTask"
INSTANCE = "aws:dms/replicationInstance:ReplicationInstance"
WAYS = {"dms": "AWS Database Migration Service", "native": "PostgreSQL's own logical replication"}


@dataclass(frozen=True)
class Source:
    """A database that moves."""

    name: str
    where: str
    database: str
    version: str
    role: str
    schemas: list[str]
    """Those that move, each with where it lands."""
    without: list[str]
    """Tables and columns that stay behind."""
    in_aws: str
    """What was deployed for it."""
    no_way_back: str
    """Why nobody can go back; empty if one can."""


@dataclass(frozen=True)
class User:
    """Who signs in to the database in AWS."""

    name: str
    login: str
    access: str
    schemas: list[str]
    workloads: list[str]


@dataclass(frozen=True)
class Stage:
    """A stage, and whether it is over."""

    told: StageTold
    when: Literal["over", "now", "left"]


@dataclass(frozen=True)
class Step:
    """Something that is done: a command, or an edit that is deployed."""

    command: str
    """Empty for an edit."""
    stage: str
    does: str
    writes: str


@dataclass(frozen=True)
class Move:
    """The migration of a stack."""

    stack: str
    way: str
    source: str
    """How commands name the source: by its name, if there is one only."""
    replicator: str
    sources: list[Source]
    stages: list[Stage]
    steps: list[Step]
    left_behind: list[tuple[str, str]]
    users: list[User]

    @property
    def stage(self) -> StageTold:
        """The stage that the stack file has."""
        return next(one.told for one in self.stages if one.when == "now")


def moves(evidence: Evidence) -> list[Move]:
    """The migration of each stack that has sources."""
    graphs = Graphs(evidence.rehearsals)
    found = []
    for one, graph in zip(evidence.stacks, graphs.stacks, strict=True):
        if is_hybridge(one.stack) and (settings := settings_of(one.stack)).migration.sources:
            found.append(_move(one.stack.called, one.stack.project, settings, graph))
    return found


def _move(called: str, project: str, settings: Settings, graph: Graph) -> Move:
    way = settings.migration.way
    named = [source.name for source in settings.migration.sources]
    source = named[0] if len(named) == 1 else "SOURCE"
    return Move(
        graph.stack,
        WAYS[way],
        source,
        ", ".join(
            f"{one.get('replicationInstanceClass')}{', Multi-AZ' if one.get('multiAz') else ''}, DMS {one.get('engineVersion')}"
            for one in graph.of(INSTANCE)
        ),
        [_source(one, f"{project}-{graph.stack}", graph) for one in plan.of_settings(settings)],
        [*_stages(settings)],
        [*_steps(called, way, source)],
        left_behind(way),
        [*_users(settings)],
    )


def _source(one: plan.Plan, prefix: str, graph: Graph) -> Source:
    columns = [f"{table}: {', '.join(names)}" for table, names in one.remove_columns.items()]
    return Source(
        one.name,
        f"{one.source['host']}:{one.source['port']}",
        str(one.source["dbname"]),
        one.source_version or "",
        one.role,
        [f"{schema} to {one.target_database}.{one.target(schema)}" for schema in one.schemas],
        [*(f"all but {', '.join(one.include)}" for _ in one.include[:1]), *one.exclude, *columns],
        _in_aws(f"{prefix}-database-migration-{one.name}", graph),
        way_back.impossible(one),
    )


def _in_aws(name: str, graph: Graph) -> str:
    ends = [end for end in graph.of(ENDPOINT) if end.get("endpointId") == identifier(f"{name}-source")]
    tasks = [task for task in graph.of(TASK) if task.get("replicationTaskId") == identifier(name)]
    what = [*("endpoints" for _ in ends), *(f"a task ({task.get('migrationType')})" for task in tasks)]
    return " and ".join(what) or "nothing of its own"


def _stages(settings: Settings) -> Iterator[Stage]:
    migration = settings.migration
    told = journey.stages(migration.way, migration.stage)
    now = next(place for place, one in enumerate(told) if one.stage == migration.stage)
    for place, one in enumerate(told):
        yield Stage(one, "over" if place < now else "now" if place == now else "left")


def _steps(called: str, way: plan.Way, source: str) -> Iterator[Step]:
    steps, stages = {one.name: one for one in journey.STEPS}, {str(one.stage): one for one in journey.stages(way, "prepare")}
    for act in journey.route(way):
        if act.startswith(journey.STAGE):
            stage = stages[act.removeprefix(journey.STAGE)]
            yield Step("", stage.stage, stage.there, "")
        else:
            name, _, option = act.partition(" ")
            of = [] if name == "users" else [source]
            does = "looks at the gates, changes nothing" if option else steps[name].does
            writes = "nothing" if option else steps[name].writes
            yield Step(" ".join(["hybridge migrate", called, name, *of, *([option] if option else [])]), "", does, writes)


def _users(settings: Settings) -> Iterator[User]:
    workloads = {user.name: list(user.workloads) for user in settings.database.users}
    for user in users.of_settings(settings)[0]:
        places = [f"{database}.{schema}" for database, schemas in user.places.items() for schema in schemas]
        access = "writes what DMS carries over" if user.access == "migrate" else user.access
        yield User(user.name, user.login, access, places, workloads.get(user.name, []))
