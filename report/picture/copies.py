"""What is copied where: replicas, files, images and backups, within a region and to another."""

from collections.abc import Iterator, Sequence

from proofs.drills.graph import Graphs
from report.picture.flows import stands_for
from report.picture.local import source_region
from report.picture.region import HUBS, INSTANCE, Region


def draw(regions: Sequence[Region]) -> None:
    """What is replicated, within a region and to another."""
    sketch, local = regions[0].sketch, regions[0].local
    for region in regions:
        _replicas(region)
    for source, target, label_ in copied(local.graphs):
        sketch.edge(source, target, "copy", label_)
    hubs = {hub.id: hub.region for hub in local.graphs.of(*HUBS)}
    for peering in local.graphs.of("aws:ec2transitgateway/peeringAttachment:PeeringAttachment"):
        ends = [hubs.get(peering.get(key)) for key in ("transitGatewayId", "peerTransitGatewayId")]
        sketch.edge(f"{ends[0]}/hub", f"{ends[1]}/hub", "main", "peering")


def _replicas(region: Region) -> None:
    for instance in region.local.of(INSTANCE):
        if primary := region.primary(instance):
            there = "" if primary.region == instance.region else "replication"
            region.sketch.edge(f"{primary.region}/database", region.id(stands_for(region, instance)), "copy", there)


def copied(graphs: Graphs) -> Iterator[tuple[str, str, str]]:
    """Shapes that something is copied from and to, and what."""
    buckets = {name: bucket.region for bucket in graphs.of("aws:s3/bucket:Bucket") for name in bucket.names()}
    for one in graphs.of("aws:s3/bucketReplicationConfig:BucketReplicationConfig"):
        for rule in one.get("rules") or ():
            source, target = str(one.get("bucket")), str((rule.get("destination") or {}).get("bucket"))
            yield f"{buckets.get(source)}/bucket", f"{buckets.get(target)}/bucket", "files"
    vaults = {name: vault.region for vault in graphs.of("aws:backup/vault:Vault") for name in vault.names()}
    for plan in graphs.of("aws:backup/plan:Plan"):
        for action in (action for rule in plan.get("rules") or () for action in rule.get("copyActions") or ()):
            yield f"{plan.region}/backup", f"{vaults.get(action.get('destinationVaultArn'))}/backup", "copies"
    for one in graphs.of("aws:ecr/replicationConfiguration:ReplicationConfiguration"):
        for rule in (one.get("replicationConfiguration") or {}).get("rules") or ():
            for target in rule.get("destinations") or ():
                yield f"{one.region}/registry", f"{target.get('region')}/registry", "images"
    instances = {name: instance.region for instance in graphs.of(INSTANCE) for name in instance.names()}
    for one in graphs.of("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"):
        of = instances.get(str(one.get("sourceDbInstanceArn")))
        yield f"{of}/database", f"{one.region}/database-backups", "backups"
    for endpoint in graphs.of("aws:dms/endpoint:Endpoint"):
        if endpoint.get("endpointType") == "source" and (region := source_region(graphs, endpoint)):
            yield f"{region}/database", f"{endpoint.region}/migration", "replication"
