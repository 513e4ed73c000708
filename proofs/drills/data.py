"""What the database, its migration, the files and the backups need."""

import base64
import binascii
from collections.abc import Iterator
from math import ceil
from typing import Any

from proofs.drills import figures, kinds
from proofs.drills.graph import Resource
from proofs.drills.model import Function
from proofs.drills.needs import AllOf, AnyOf, Copies, Need, One, Option, Shared, Soft
from proofs.drills.place import Place

INSTANCE = "aws:rds/instance:Instance"
AUTOMATED_BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
SHARES = ("aws:storagegateway/nfsFileShare:NfsFileShare", "aws:storagegateway/smbFileShare:SmbFileShare")
BUCKET = "aws:s3/bucket:Bucket"
REPLICATION = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "aws:s3/bucketReplication:BucketReplication")
VIRTUAL_MACHINES = ":backup-gateway:"
FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"


def functions(place: Place, standby: bool) -> Iterator[Function]:
    """Functions of what holds data. `standby`: whether it is there for another stack's."""
    yield from _databases(place, standby)
    yield from _migration(place)
    yield from _files(place)
    yield from _backups(place)
    yield from _machines(place)


def _databases(place: Place, standby: bool) -> Iterator[Function]:
    instances = place.graph.of(INSTANCE)
    # A replica of an instance elsewhere is what this stack has of a primary: failing over makes it one.
    primaries = [one for one in instances if not place.graph.find(one.get("replicateSourceDb"), INSTANCE)]
    for primary in primaries:
        if standby and not _has_data(place, primary):
            continue
        subject = primary.called if len(primaries) > 1 else ""
        writes = _instance(place, primary)
        yield Function(place.graph.stack, kinds.WRITES, subject, writes)
        replicas = [one for one in instances if one.get("replicateSourceDb") in primary.names()]
        reads = writes
        if replicas:
            reads = AnyOf(
                (Option(_replicas(place, replicas, primary), figures.PRIMARY_READS), Option(writes, figures.PRIMARY_READS))
            )
        yield Function(place.graph.stack, kinds.READS, subject, reads)
    # A stack without a database may have the backups of another's, which failing over restores.
    for one in place.graphs.of(AUTOMATED_BACKUPS) if not primaries else ():
        if one.region == place.graph.region:
            for kind in (kinds.WRITES, kinds.READS):
                yield Function(place.graph.stack, kind, "", place.managed(one))


def _has_data(place: Place, instance: Resource) -> bool:
    """Whether the database of a standby has what the other's has: it follows that, DMS feeds it, or it is the one that takes
    the writes by now, as a parameter with its ARN tells."""
    tasks = place.graph.of("aws:dms/replicationTask:ReplicationTask")
    arn = instance.get("arn")
    return (
        bool(instance.get("replicateSourceDb"))
        or any(task.get("startReplicationTask") for task in tasks)
        or any(parameter.get("value") == arn for parameter in place.graph.of("aws:ssm/parameter:Parameter"))
    )


def _instance(place: Place, instance: Resource) -> Need:
    """One instance, with its standby if it has one, wherever RDS has put them."""
    zones = _zones(place, instance, instance)
    kind = kinds.REPLICA if instance.get("replicateSourceDb") else kinds.PRIMARY
    part = place.part(kind, instance, str(instance.get("identifier", instance.called)), [place.region()])
    count = 2 if instance.get("multiAz") else 1
    return Copies(count, _places(place, part, zones, count), figures.STANDBY, figures.SINGLE_INSTANCE)


def _places(place: Place, part: str, zones: list[str], count: int) -> tuple[tuple[str, int], ...]:
    """Where an instance and its standby may be: apart, if there is more than one zone."""
    in_zone = ceil(count / max(len(zones), 1))
    return ((part, 1), *((place.zone(zone), in_zone) for zone in zones), (place.region(), count))


def _replicas(place: Place, replicas: list[Resource], primary: Resource) -> Need:
    """Replicas under one name. Those with no zone of their own may all stand in the same one."""
    parts = [place.part(kinds.REPLICA, one, str(one.get("identifier", one.called)), [place.region()]) for one in replicas]
    standing = [_zones(place, one, primary) for one in replicas]
    at_risk = {
        zone: sum(zone in zones for zones in standing) for zone in sorted({zone for zones in standing for zone in zones})
    }
    places = (
        *((part, 1) for part in parts),
        *((place.zone(zone), count) for zone, count in at_risk.items()),
        (place.region(), len(replicas)),
    )
    ttl, checked = _name(place, replicas)
    return Copies(len(replicas), places, figures.replica_lost(ttl, checked), figures.REPLICA_REPAIR)


def _zones(place: Place, instance: Resource, of: Resource) -> list[str]:
    """Where an instance may be: its zone if the program chose one, else any of its subnet group."""
    if chosen := instance.inputs.get("availabilityZone"):
        return [str(chosen)]
    name = instance.get("dbSubnetGroupName") or of.get("dbSubnetGroupName")
    group = place.graph.find(name, "aws:rds/subnetGroup:SubnetGroup")
    return place.graphs.zones(group.get("subnetIds")) if group else []


def _name(place: Place, replicas: list[Resource]) -> tuple[float | None, bool]:
    """TTL of the DNS records that lead to the replicas, and whether the dead ones among them are left out."""
    addresses = {replica.get("address") for replica in replicas}
    records = [one for one in place.graph.of("aws:route53/record:Record") if addresses & {*(one.get("records") or [])}]
    ttls = [record.get("ttl") for record in records if record.get("ttl") is not None]
    return (float(max(ttls)) if ttls else None), bool(records) and all(record.get("healthCheckId") for record in records)


def _migration(place: Place) -> Iterator[Function]:
    for instance in place.graph.of("aws:dms/replicationInstance:ReplicationInstance"):
        arn = instance.get("replicationInstanceArn", instance.id)
        if not any(
            one.get("replicationInstanceArn") == arn for one in place.graph.of("aws:dms/replicationTask:ReplicationTask")
        ):
            continue
        subnets = place.graph.find(
            instance.get("replicationSubnetGroupId"), "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup"
        )
        zones = place.graphs.zones(subnets.get("subnetIds")) if subnets else []
        if chosen := instance.inputs.get("availabilityZone"):
            zones = [chosen]
        part = place.part(kinds.DMS, instance, str(instance.get("replicationInstanceId", instance.called)), [place.region()])
        count = 2 if instance.get("multiAz") else 1
        running = Copies(count, _places(place, part, zones, count), figures.DMS_STANDBY, figures.DMS_SINGLE)
        need = AllOf((running, *([place.link] if place.link else [])))
        tasks = [one.node.urn for one in place.graph.of("aws:dms/replicationTask:ReplicationTask")]
        yield Function(place.graph.stack, kinds.MIGRATION, "", need, tuple(tasks), figures.TASKS_RESUME)


def _files(place: Place) -> Iterator[Function]:
    shares = place.graph.of(*SHARES)
    told = _told(shares)
    for share in shares:
        gateway = place.graph.find(share.get("gatewayArn"), "aws:storagegateway/gateway:Gateway")
        if gateway and not share.get("readOnly"):
            name = str(gateway.get("gatewayName", gateway.called))
            # At which site nothing tells: the one that is gone.
            machine = One(place.part(kinds.GATEWAY, gateway, name, place.every_site), figures.GATEWAY_REPAIR)
            uploads = AllOf(
                (
                    place.service(f"storagegateway:{place.graph.region}", "Storage Gateway"),
                    *place.reach_from_site("s3", "storagegateway"),
                )
            )
            need = AllOf((machine, Soft(uploads, figures.GATEWAY_CACHES)))
            subject = told[share.node.urn]
            yield Function(place.graph.stack, kinds.FILES_WRITTEN, subject, need, (share.node.urn,), figures.MOUNTED_AGAIN)
    for bucket in _shared_buckets(place, shares):
        routes = [
            place.managed(one)
            for one in place.graph.of("aws:ec2/vpcEndpoint:VpcEndpoint")
            if one.get("vpcEndpointType", "Gateway") == "Gateway" and str(one.get("serviceName")).endswith(".s3")
        ]
        yield Function(place.graph.stack, kinds.FILES_READ, "", AllOf((place.managed(bucket), *routes)))
    for system in place.graph.of(FILE_SYSTEM):
        targets = [
            (one, place.graphs.zone_of.get(one.get("subnetId")))
            for one in place.graph.of("aws:efs/mountTarget:MountTarget")
            if one.get("fileSystemId") == system.id
        ]
        ways = [
            One(place.part(kinds.MOUNT_TARGET, one, zone, [place.zone(zone)]), figures.REGION_REPAIR)
            for one, zone in targets
            if zone
        ]
        if ways:
            need = AllOf((place.managed(system), Shared(tuple(ways), figures.OTHER_TARGET)))
            points = [
                one.node.urn
                for one in place.graph.of("aws:efs/accessPoint:AccessPoint")
                if one.get("fileSystemId") == system.id
            ]
            yield Function(place.graph.stack, kinds.FILES_READ, "EFS", need, tuple(points), figures.HOSTS_FOLLOW)


def _told(shares: list[Resource]) -> dict[str, str]:
    """What tells each share from the others, by URN: nothing the NFS share of the first gateway, so that one more share, or one
    gateway more, leaves the names of those before as they are."""
    homes = {share.node.urn: share.node.parent.rsplit("::", maxsplit=1)[-1] for share in shares}
    first = min(homes.values(), key=lambda home: (len(home), home), default="")
    words = {
        share.node.urn: f"{homes[share.node.urn].removeprefix(first).strip('-')} {share.called}".strip() for share in shares
    }
    return {urn: "" if text == "nfs" or len(shares) == 1 else text for urn, text in words.items()}


def _shared_buckets(place: Place, shares: list[Resource]) -> list[Resource]:
    """The buckets that are shared as files: by a gateway, by hosts that mount them when they start, or in another's stead."""
    scripts = [_script(one) for one in place.graph.of("aws:ec2/launchTemplate:LaunchTemplate")]
    words = {word for script in scripts if "mount-s3" in script for word in script.split()}
    located = {str(share.get("locationArn")).split("/", maxsplit=1)[0] for share in shares}
    # What another stack replicates its files to is shared in its stead.
    located |= {
        str((rule.get("destination") or {}).get("bucket"))
        for one in place.graphs.of(*REPLICATION)
        if one.stack != place.graph.stack
        for rule in one.get("rules") or []
    }
    return [
        bucket for bucket in place.graph.of(BUCKET) if bucket.get("arn") in located or words & {bucket.id, bucket.get("bucket")}
    ]


def _script(template: Resource) -> str:
    try:
        return base64.b64decode(template.get("userData", "")).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _backups(place: Place) -> Iterator[Function]:
    vaults = place.graph.of("aws:backup/vault:Vault")
    plans = place.graph.of("aws:backup/plan:Plan")
    kept = {rule.get("targetVaultName") for plan in plans for rule in plan.get("rules") or []}
    used = [vault for vault in vaults if kept & {*vault.names()}]
    copies = sorted({arn for plan in plans for rule in plan.get("rules") or [] for arn in _copies(rule)})
    if used:
        options = [Option(AllOf(tuple(place.managed(vault) for vault in used)), figures.BACKUP_COPY)]
        for arn in copies:
            options.append(Option(place.service(arn, arn.rsplit(":", maxsplit=1)[-1], arn.split(":")[3]), figures.BACKUP_COPY))
        options += [Option(place.managed(one), figures.BACKUP_COPY) for one in place.graph.of(AUTOMATED_BACKUPS)]
        yield Function(place.graph.stack, kinds.BACKUPS, "", AnyOf(tuple(options)))


def _machines(place: Place) -> Iterator[Function]:
    """Virtual machines that AWS Backup takes by a Backup gateway: nothing of them is deployed, but what selects them."""
    for selection in place.graph.of("aws:backup/selection:Selection"):
        if not any(VIRTUAL_MACHINES in str(arn) for arn in selection.get("resources") or []):
            continue
        plan = place.graph.find(selection.get("planId"), "aws:backup/plan:Plan")
        kept = {rule.get("targetVaultName") for rule in (plan.get("rules") if plan else None) or []}
        vaults = [place.managed(one) for one in place.graph.of("aws:backup/vault:Vault") if kept & {*one.names()}]
        machine, gateway = (
            One(place.part(kind, selection, name, place.every_site, suffix=kind), figure)
            for kind, name, figure in (
                (kinds.MACHINE, "in AWS Backup", figures.MACHINE_RESTORED),
                (kinds.BACKUP_GATEWAY, "of the hypervisor", figures.BACKUP_GATEWAY_REPAIR),
            )
        )
        taken = AllOf((gateway, *vaults, *place.reach_from_site("backup-gateway")))
        yield Function(place.graph.stack, kinds.MACHINES, "", machine)
        yield Function(place.graph.stack, kinds.MACHINES_KEPT, "", taken, (selection.node.urn,))


def _copies(rule: dict[str, Any]) -> Iterator[str]:
    for action in rule.get("copyActions") or []:
        if arn := action.get("destinationVaultArn"):
            yield str(arn)
