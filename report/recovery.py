"""How much each function loses when something dies, by how its data are kept: the drills ask who goes on, not with what."""

from collections.abc import Iterator
from dataclasses import dataclass

from proofs.drills import kinds
from proofs.drills.data import AUTOMATED_BACKUPS, FILE_SYSTEM, INSTANCE, REPLICATION, SHARES, VIRTUAL_MACHINES
from proofs.drills.graph import Graph, Graphs, Resource
from report import kept
from report.picture.local import found, source_region

AWS = "https://docs.aws.amazon.com"
RUNBOOK = "docs/disaster-recovery.md"
GROUP = "aws:autoscaling/group:Group"


@dataclass(frozen=True)
class Loss:
    """How old the newest data are that are left; empty where there are none to lose."""

    text: str
    source: str = ""
    """Who says so; empty for what follows from there being no copy."""


NOTHING = Loss("nothing")
NO_DATA = Loss("")
EVERYTHING = Loss("everything: there is no copy")

STANDBY = Loss("nothing: the standby is written along", f"{AWS}/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html")
POINT_IN_TIME = Loss("up to 5 minutes, out of the backup", f"{AWS}/AmazonRDS/latest/UserGuide/USER_PIT.html")
REPLICA = Loss(
    "seconds, with no bound: the replica follows by itself",
    "https://aws.amazon.com/blogs/database/best-practices-for-amazon-rds-for-postgresql-cross-region-read-replicas/",
)
BY_DMS = Loss("seconds to minutes: DMS follows", f"{AWS}/dms/latest/userguide/CHAP_Monitoring.html")
BACKUPS_THERE = Loss(
    "5 to 30 minutes: what RDS has copied of the backups",
    f"{AWS}/prescriptive-guidance/latest/dr-standard-edition-amazon-rds/rds-pitr-snapshot.html",
)
IN_ZONES = Loss("nothing: it is written to several zones", f"{AWS}/AmazonS3/latest/userguide/DataDurability.html")
SYSTEM_IN_ZONES = Loss("nothing: it is written to several zones", f"{AWS}/efs/latest/ug/disaster-recovery-resiliency.html")
IN_TIME = Loss("15 minutes for 99.99 % of the files", f"{AWS}/AmazonS3/latest/userguide/replication-time-control.html")
REPLICATED = Loss("mostly minutes; nothing is promised", f"{AWS}/AmazonS3/latest/userguide/replication.html")
CACHE = Loss("what the gateway has not uploaded yet", f"{AWS}/filegateway/latest/files3/ManagingLocalStorage-common.html")


@dataclass(frozen=True)
class Losses:
    """Of a function: when a part or a zone dies, and when the region does."""

    here: Loss
    region: Loss


def losses(graphs: Graphs, stack: str) -> dict[str, Losses]:
    """Kind of function -> what it loses."""
    graph = next(one for one in graphs.stacks if one.stack == stack)
    told: dict[str, Losses] = {}
    for kind, found_ in (
        *_database(graphs, graph),
        *_files(graphs, graph),
        *_backups(graphs, graph),
        *_machines(graphs, graph),
    ):
        told.setdefault(kind, found_)
    return told


def _database(graphs: Graphs, graph: Graph) -> Iterator[tuple[str, Losses]]:
    for primary in graph.of(INSTANCE):
        if primary.get("replicateSourceDb"):
            continue
        here = STANDBY if primary.get("multiAz") else POINT_IN_TIME
        if not (primary.get("multiAz") or primary.get("backupRetentionPeriod")):
            here = EVERYTHING
        there = Losses(here, _database_elsewhere(graphs, primary))
        yield from ((kind, there) for kind in (kinds.WRITES, kinds.READS))


def _database_elsewhere(graphs: Graphs, primary: Resource) -> Loss:
    names = {*primary.names()}
    if any(one.get("replicateSourceDb") in names and one.region != primary.region for one in graphs.of(INSTANCE)):
        return REPLICA
    sources = [one for one in graphs.of("aws:dms/endpoint:Endpoint") if one.get("endpointType") == "source"]
    if any(source_region(graphs, one) == primary.region for one in sources):
        return BY_DMS
    if any(one.get("sourceDbInstanceArn") in names for one in graphs.of(AUTOMATED_BACKUPS)):
        return BACKUPS_THERE
    return _copied(graphs, primary)


def _copied(graphs: Graphs, resource: Resource) -> Loss:
    """What the copies of backups leave."""
    rules = [rule for rule, _ in kept.elsewhere(kept.rules(graphs, resource), resource.region)]
    return _since(rules, "backup and copy", f"{AWS}/aws-backup/latest/devguide/cross-region-backup.html")


def _since(rules: list[kept.Rule], taken: str, source: str) -> Loss:
    """What is missing of the newest of what these rules take."""
    if not rules:
        return EVERYTHING
    order = ["day", "week", "month"]
    often = min(rules, key=lambda rule: order.index(rule.every) if rule.every in order else len(order))
    since = f"a {often.every}" if often.every in order else f"since the last one, {often.every}"
    return Loss(f"{since}, and the time of {taken}", source)


def _files(graphs: Graphs, graph: Graph) -> Iterator[tuple[str, Losses]]:
    shares = graph.of(*SHARES)
    located = {str(share.get("locationArn")).split("/", maxsplit=1)[0] for share in shares}
    replicated = {name for one in graphs.of(*REPLICATION) for name in (one.get("bucket"),)}
    for bucket in graph.of("aws:s3/bucket:Bucket"):
        shared = bucket.get("arn") in located
        if not (shared or replicated & {*bucket.names()}):
            continue
        region = _replicated(graphs, bucket)
        if shared:
            yield kinds.FILES_WRITTEN, Losses(CACHE, Loss("nothing: the gateway keeps what it could not upload", CACHE.source))
        yield kinds.FILES_READ, Losses(IN_ZONES, region)
    for system in graph.of(FILE_SYSTEM):
        yield f"{kinds.FILES_READ}: EFS", Losses(SYSTEM_IN_ZONES, _copied(graphs, system))


def _replicated(graphs: Graphs, bucket: Resource) -> Loss:
    rules = [
        rule
        for one in graphs.of(*REPLICATION)
        if one.get("bucket") in {*bucket.names()}
        for rule in one.get("rules") or ()
        if rule.get("status") == "Enabled"
    ]
    if not rules:
        return _copied(graphs, bucket)
    timed = [(rule.get("destination") or {}).get("replicationTime") or {} for rule in rules]
    return IN_TIME if all(one.get("status") == "Enabled" for one in timed) else REPLICATED


def _backups(graphs: Graphs, graph: Graph) -> Iterator[tuple[str, Losses]]:
    resources = graph.of(INSTANCE, "aws:s3/bucket:Bucket", FILE_SYSTEM)
    rules = [rule for one in resources for rule, _ in kept.elsewhere(kept.rules(graphs, one), one.region)]
    source = f"{AWS}/aws-backup/latest/devguide/cross-region-backup.html"
    region = Loss("what was not copied yet", source) if rules else EVERYTHING
    if graph.of("aws:backup/vault:Vault"):
        yield kinds.BACKUPS, Losses(NOTHING, region)


def _machines(graphs: Graphs, graph: Graph) -> Iterator[tuple[str, Losses]]:
    """Virtual machines on-premises: each is as old as its last backup, wherever that is."""
    for selection in graph.of(kept.SELECTION):
        if not any(VIRTUAL_MACHINES in str(arn) for arn in selection.get("resources") or ()):
            continue
        plan = graph.find(selection.get("planId"), kept.PLAN)
        rules = kept.rules_of(plan) if plan else []
        copied = any(True for _ in kept.elsewhere(rules, graph.region))
        yield kinds.MACHINES, Losses(_since(rules, "backup", f"{AWS}/aws-backup/latest/devguide/restoring-vm.html"), NOTHING)
        source = f"{AWS}/aws-backup/latest/devguide/cross-region-backup.html"
        yield kinds.MACHINES_KEPT, Losses(NOTHING, Loss("what was not copied yet", source) if copied else EVERYTHING)


@dataclass(frozen=True)
class Failover:
    """How another stack takes over."""

    stack: str
    region: str
    takes: str
    source: str = RUNBOOK


def failovers(graphs: Graphs, stack: str) -> list[Failover]:
    """What the secondary stacks of one take, once somebody has decided."""
    return [Failover(graph.stack, graph.region, _takes(graphs, graph)) for graph in graphs.stacks if stack in graph.refers_to]


def _takes(graphs: Graphs, graph: Graph) -> str:
    """What docs/disaster-recovery.md reckons: by how the database gets there, and by whether hosts run already."""
    primary = [one for one in graph.of(INSTANCE) if not one.get("replicateSourceDb")]
    follows = [one for one in graph.of(INSTANCE) if one.get("replicateSourceDb")]
    if any(one.region == graph.region for one in graphs.of(AUTOMATED_BACKUPS)) and not graph.of(INSTANCE):
        return "up to a few hours: the database is restored from its backups"
    running = any(int(group.get("minSize") or 0) for group in graph.of(GROUP))
    if follows and not any(found(graph.of(INSTANCE), one.get("replicateSourceDb")) for one in follows):
        return (
            "10 to 20 minutes: the replica is promoted" if running else "15 to 30 minutes: hosts start, the replica is promoted"
        )
    if primary and graph.of("aws:dms/replicationTask:ReplicationTask"):
        return "minutes of a person's time: sequences are set by hand" + ("" if running else ", hosts start")
    return "about 5 minutes" if running else "about 10 minutes: hosts start"
