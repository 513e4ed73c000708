"""Where each kind of data lies, under which key, how long, and who may read it: by what was deployed."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from proofs.drills.graph import Graphs, Resource
from report import kept, kms
from report.principals import Principal

LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
SECRET = "aws:secretsmanager/secret:Secret"
BUCKET = "aws:s3/bucket:Bucket"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
NOBODY = "no role"
SIGNS_IN = "of the PostgreSQL"
"""What the description of a secret says by which somebody signs in: its master user, or one of its users."""


@dataclass(frozen=True)
class Datum:
    """Data of a kind in one place."""

    kind: str
    names: tuple[str, ...]
    region: str
    """A region, or `data centre`."""
    key: kms.Key
    keeping: tuple[str, ...]
    """How long it is there, and what is kept of it elsewhere."""
    readers: tuple[str, ...]


def data(graphs: Graphs, found: Sequence[Principal]) -> list[Datum]:
    """Every kind of data; what differs by its name alone is told together."""
    rows = [row for step in STEPS for row in step(graphs, found)]
    alike: dict[Datum, list[str]] = defaultdict(list)
    for row in rows:
        alike[replace(row, names=())] += row.names
    return [replace(row, names=tuple(names)) for row, names in alike.items()]


def _databases(graphs: Graphs, found: Sequence[Principal]) -> Iterator[Datum]:
    secrets = {one.id: one for one in graphs.of(SECRET)}
    for one in graphs.of("aws:rds/instance:Instance"):
        key = kms.called(graphs, one.get("kmsKeyId"), "AWS's key of RDS" if one.get("storageEncrypted") else "not encrypted")
        if one.get("replicateSourceDb") and not one.get("kmsKeyId"):
            key = kms.Key("that of its primary")
        kept_for = ["protected against deletion" if one.get("deletionProtection") else "not protected against deletion"]
        if days := one.get("backupRetentionPeriod"):
            kept_for.append(f"any moment of {int(days)} days")
        kept_for += _backed_up(graphs, one)
        own = [
            secret for secret in secrets.values() if secret.stack == one.stack and SIGNS_IN in str(secret.get("description"))
        ]
        reading = _readers(found, [str(secret.get("arn")) for secret in own], "secretsmanager:GetSecretValue")
        told = [f"by password: {', '.join(reading)}"] if own else ["by password, which no secret here holds"]
        yield Datum("PostgreSQL", (str(one.get("identifier", one.called)),), one.region, key, tuple(kept_for), tuple(told))


def _buckets(graphs: Graphs, found: Sequence[Principal]) -> Iterator[Datum]:
    logged = {one.get("targetBucket") for one in graphs.of("aws:s3/bucketLogging:BucketLogging")}
    logged |= {(one.get("accessLogs") or {}).get("bucket") for one in graphs.of("aws:lb/loadBalancer:LoadBalancer")}
    for one in graphs.of(BUCKET):
        name: set[Any] = {*one.names()}
        rules = [rule for own in graphs.of(ENCRYPTION) if own.get("bucket") in name for rule in own.get("rules") or ()]
        default = (rules[0].get("applyServerSideEncryptionByDefault") or {}) if rules else {}
        key = kms.called(graphs, default.get("kmsMasterKeyId"), "AWS's own of S3 (SSE-S3)")
        kept_for = [*_lifecycle(graphs, name), *_backed_up(graphs, one), *_replicated(graphs, name)]
        reading = _readers(found, [f"{one.get('arn')}/*"], "s3:GetObject")
        kind = "access logs" if name & logged else "files"
        yield Datum(kind, (one.node.name,), one.region, key, tuple(kept_for), tuple(reading))


def _lifecycle(graphs: Graphs, bucket: set[str]) -> Iterator[str]:
    rules = [rule for one in graphs.of(LIFECYCLE) if one.get("bucket") in bucket for rule in one.get("rules") or ()]
    ends = [int(rule["expiration"]["days"]) for rule in rules if (rule.get("expiration") or {}).get("days")]
    yield f"{min(ends)} days" if ends else "until somebody deletes them"
    for rule in rules:
        for step in rule.get("transitions") or ():
            yield f"{str(step.get('storageClass')).replace('_', ' ').capitalize()} after {int(step.get('days', 0))} days"
    old = [
        int(rule["noncurrentVersionExpiration"]["noncurrentDays"]) for rule in rules if rule.get("noncurrentVersionExpiration")
    ]
    versioned = any(
        (one.get("versioningConfiguration") or {}).get("status") == "Enabled"
        for one in graphs.of(VERSIONING)
        if one.get("bucket") in bucket
    )
    if versioned:
        yield f"old versions {min(old)} days more" if old else "old versions for ever"


def _replicated(graphs: Graphs, bucket: set[str]) -> Iterator[str]:
    arns = {str(one.get("arn")): one for one in graphs.of(BUCKET)}
    for one in graphs.of("aws:s3/bucketReplicationConfig:BucketReplicationConfig"):
        for rule in one.get("rules") or () if one.get("bucket") in bucket else ():
            there = arns.get(str((rule.get("destination") or {}).get("bucket")))
            if there:
                yield f"copied to {there.region}"


def _systems(graphs: Graphs, found: Sequence[Principal]) -> Iterator[Datum]:
    for one in graphs.of("aws:efs/fileSystem:FileSystem"):
        key = kms.called(graphs, one.get("kmsKeyId"), "AWS's key of EFS" if one.get("encrypted") else "not encrypted")
        kept_for = ("until somebody deletes them", *_backed_up(graphs, one))
        reading = _readers(found, [str(one.get("arn"))], "elasticfilesystem:ClientMount")
        yield Datum("files on EFS", (one.called,), one.region, key, kept_for, (*reading, "hosts that reach its mount targets"))


def _gateways(graphs: Graphs, _: Sequence[Principal]) -> Iterator[Datum]:
    for one in graphs.of("aws:storagegateway/gateway:Gateway"):
        nfs, smb = (
            [share for share in graphs.of(kind) if share.get("gatewayArn") in {*one.names()}]
            for kind in (
                "aws:storagegateway/nfsFileShare:NfsFileShare",
                "aws:storagegateway/smbFileShare:SmbFileShare",
            )
        )
        clients = sorted({str(client) for share in nfs for client in share.get("clientLists") or ()})
        readers = (
            *([f"NFS clients of {', '.join(clients)}"] if clients else []),
            *(["users of its SMB shares"] if smb else []),
        )
        name = str(one.get("gatewayName", one.called))
        kept_for = ("until it is uploaded, and as cache after that",)
        key = kms.Key("none of AWS: the disk of the VM")
        yield Datum("cache of the File Gateway", (name,), "data centre", key, kept_for, readers)


def _secrets(graphs: Graphs, found: Sequence[Principal]) -> Iterator[Datum]:
    for one in graphs.of(SECRET):
        window = int(one.get("recoveryWindowInDays") or 0)
        kept_for = (f"until deleted, then {window} days" if window else "until deleted, then gone at once",)
        reading = tuple(_readers(found, [str(one.get("arn"))], "secretsmanager:GetSecretValue"))
        key = kms.called(graphs, one.get("kmsKeyId"), "AWS's key of Secrets Manager")
        yield Datum("passwords", (one.node.name,), one.region, key, kept_for, reading)
        for copy in one.get("replicas") or ():
            there = str(copy.get("region"))
            key = kms.called(graphs, copy.get("kmsKeyId"), "AWS's key of Secrets Manager")
            yield Datum("passwords", (f"copy of {one.node.name}",), there, key, kept_for, reading)


def _logs(graphs: Graphs, found: Sequence[Principal]) -> Iterator[Datum]:
    for one in graphs.of("aws:cloudwatch/logGroup:LogGroup"):
        days = int(one.get("retentionInDays") or 0)
        key = kms.called(graphs, one.get("kmsKeyId"), "AWS's own of CloudWatch Logs")
        reading = _readers(found, [f"{one.get('arn')}:*"], "logs:GetLogEvents", "logs:FilterLogEvents", "logs:StartQuery")
        yield Datum("logs", (one.node.name,), one.region, key, (f"{days} days" if days else "for ever",), tuple(reading))


def _images(graphs: Graphs, found: Sequence[Principal]) -> Iterator[Datum]:
    for one in graphs.of("aws:ecr/repository:Repository"):
        chosen = (one.get("encryptionConfigurations") or [{}])[0]
        key = kms.called(graphs, chosen.get("kmsKey"), "AWS's own of ECR (AES-256)")
        reading = _readers(found, [str(one.get("arn"))], "ecr:BatchGetImage")
        yield Datum("container images", (one.node.name,), one.region, key, tuple(_expiring(graphs, one)), tuple(reading))


def _expiring(graphs: Graphs, repository: Resource) -> Iterator[str]:
    policies = [
        one
        for one in graphs.of("aws:ecr/lifecyclePolicy:LifecyclePolicy")
        if one.get("repository") in {*repository.names()} and one.region == repository.region
    ]
    texts = [str(rule.get("description")) for one in policies for rule in _json(one.get("policy")).get("rules", ())]
    yield from texts or ["for ever"]


def _vaults(graphs: Graphs, found: Sequence[Principal]) -> Iterator[Datum]:
    rules = [(plan, rule) for plan in graphs.of(kept.PLAN) for rule in kept.rules_of(plan)]
    for one in graphs.of("aws:backup/vault:Vault"):
        names = {*one.names()}
        days = [rule.days for plan, rule in rules if rule.vault in names and plan.region == one.region]
        days += [copy for _, rule in rules for arn, copy in rule.copies if arn in names]
        told = [f"{', '.join(map(str, sorted({day for day in days if day})))} days by rule"] if any(days) else []
        told += ["for ever"] if None in days else []
        locks = [lock for lock in graphs.of(LOCK) if lock.get("backupVaultName") in names and lock.region == one.region]
        for lock in locks:
            least = int(lock.get("minRetentionDays") or 0)
            forever = "for good" if lock.get("changeableForDays") else "unless somebody with the permission lifts it"
            told.append(f"locked: at least {least} days, {forever}")
        key = kms.called(graphs, one.get("kmsKeyArn"), "AWS's key of Backup")
        reading = _readers(found, [str(one.get("arn")), "*"], "backup:StartRestoreJob", "rds:RestoreDBInstanceFromDBSnapshot")
        yield Datum("backups", (one.node.name,), one.region, key, tuple(told) or ("nothing is kept yet",), tuple(reading))


def _disks(graphs: Graphs, _: Sequence[Principal]) -> Iterator[Datum]:
    for one in graphs.of("aws:ec2/launchTemplate:LaunchTemplate"):
        disks = [(device.get("ebs") or {}) for device in one.get("blockDeviceMappings") or ()]
        encrypted = bool(disks) and all(str(disk.get("encrypted")).lower() == "true" for disk in disks)
        key = kms.called(
            graphs, disks[0].get("kmsKeyId") if disks else None, "AWS's key of EBS" if encrypted else "not encrypted"
        )
        yield Datum("disks of hosts", (one.node.name,), one.region, key, ("as long as the host",), ("whoever is root there",))
    for one in graphs.of("aws:dms/replicationInstance:ReplicationInstance"):
        key = kms.called(graphs, one.get("kmsKeyArn"), "AWS's key of DMS")
        kept_for = ("as long as the migration",)
        yield Datum("changes on their way", (one.called,), one.region, key, kept_for, ("the tasks of DMS",))


STEPS: tuple[Callable[[Graphs, Sequence[Principal]], Iterator[Datum]], ...] = (
    _databases,
    _buckets,
    _systems,
    _gateways,
    _disks,
    _vaults,
    _secrets,
    _images,
    _logs,
)


def _backed_up(graphs: Graphs, resource: Resource) -> Iterator[str]:
    """What AWS Backup keeps of it."""
    for rule in kept.rules(graphs, resource):
        days = "for ever" if rule.days is None else f"{rule.days} days"
        yield f"backup of each {rule.every} {days}"


def _readers(found: Sequence[Principal], arns: Sequence[str], *actions: str) -> list[str]:
    """The roles that may do one of these to one of those, by what assumes them."""
    named = [one for one in found if one.assumed_by and any(one.may(arn, *actions) for arn in arns)]
    return [*dict.fromkeys(one.name for one in named)] or [NOBODY]


def _json(text: Any) -> dict[str, Any]:
    content = json.loads(text) if isinstance(text, str) else text
    return content if isinstance(content, dict) else {}
