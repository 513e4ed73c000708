"""What is watched of the data: database, migration, file gateway, backups."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pulumi

from components.management.args import ManagementArgs
from components.management.watch import BELOW, GIB, Metric, Watch


def database(args: ManagementArgs) -> Iterator[Watch]:
    """The RDS instance and its replicas."""
    identifier, began_with = args.get("database_identifier"), args.get("database_storage_gib")
    if identifier is None or began_with is None:
        return
    alarms, storage = args["alarms"], began_with * GIB
    dimensions = {"DBInstanceIdentifier": identifier}

    def rds(name: str, statistic: str = "Average") -> Metric:
        return Metric("AWS/RDS", name, dimensions, statistic)

    yield Watch(
        "database-storage",
        "The database runs out of storage and did not grow by itself: it is at its maximum, or grew within the last 6 hours.",
        rds("FreeStorageSpace", "Minimum"),
        threshold=storage * alarms["database_free_storage_percent"] / 100,
        comparison=BELOW,
        # A database that reports nothing is stopped, or gone; this alarm is the one that says so.
        missing="breaching",
        severity=1,
    )
    yield Watch(
        "database-cpu",
        "The CPU of the database is busy: see what runs in Performance Insights.",
        rds("CPUUtilization"),
        threshold=90,
        periods=6,
        category="Performance",
    )
    yield Watch(
        "database-connections",
        "Clients have opened nearly as many connections as the database takes.",
        rds("DatabaseConnections", "Maximum"),
        threshold=alarms["database_connections"],
        severity=2,
    )
    yield Watch(
        "database-memory",
        "The database has little memory left: it will swap.",
        rds("FreeableMemory", "Minimum"),
        threshold=_least_memory(args.get("database_memory_gib")),
        comparison=BELOW,
        category="Performance",
    )
    yield Watch(
        "database-queue",
        "Reads and writes of the database wait for its volume.",
        rds("DiskQueueDepth"),
        threshold=64,
        category="Performance",
    )
    yield Watch(
        "database-slot",
        "A replication slot is not read: the log piles up for it. Is a migration task stopped, a replica out of reach? Past a "
        "fifth of the storage that the database began with the slot is given up, and what reads it has to begin anew.",
        rds("OldestReplicationSlotLag", "Maximum"),
        threshold=min(10 * GIB, storage / 10),
        severity=2,
    )
    yield Watch(
        "database-wal",
        "The transaction logs of the database take much of its storage: look for idle replication slots and long transactions.",
        rds("TransactionLogsDiskUsage", "Maximum"),
        threshold=storage / 4,
        severity=2,
    )
    yield Watch(
        "database-transaction-ids",
        "Vacuum does not keep up: at two thousand million transaction ids PostgreSQL stops to protect the data.",
        rds("MaximumUsedTransactionIDs", "Maximum"),
        threshold=1_000_000_000,
        periods=1,
    )
    for name, replica in (args.get("replica_identifiers") or {}).items():
        yield Watch(
            f"replica-lag-{name}",
            f"The read replica {name} is behind, or no longer follows: who reads from it sees old data, and to promote it now "
            "would lose what it has not got yet.",
            Metric("AWS/RDS", "ReplicaLag", {"DBInstanceIdentifier": replica}, "Maximum"),
            threshold=alarms["replica_lag_seconds"],
            # A replica that reports no lag has stopped replicating.
            missing="breaching",
            severity=2,
        )


def _least_memory(gib: int | None) -> float:
    """Bytes of free memory below which a database swaps before long: a twentieth of what its class has.

    RDS keeps a quarter for shared buffers, and most of the rest is the file system's cache, which counts as free."""
    return GIB / 4 if gib is None else gib * GIB / 20


def task_dimension(arn: str) -> str:
    """What DMS calls a task in CloudWatch: the last part of its ARN, not the name it was given."""
    return arn.rsplit(":", maxsplit=1)[-1]


def migration(args: ManagementArgs) -> Iterator[Watch]:
    """How far the migration is behind the source, and room on the replication instance.

    There is no latency while a task loads the tables for the first time, nor any data, so silence rings no bell here.
    """
    identifier = args.get("replication_instance_identifier")
    if identifier is None:
        return
    instance = {"ReplicationInstanceIdentifier": identifier}
    for name, arn in (args.get("migration_task_arns") or {}).items():
        task: Mapping[str, pulumi.Input[str]] = {
            **instance,
            "ReplicationTaskIdentifier": pulumi.Output.from_input(arn).apply(task_dimension),
        }
        for metric, what in (
            ("CDCLatencySource", "reads the source late: look at the link and the load of the source"),
            ("CDCLatencyTarget", "writes late to the target: look at its indexes, locks and load"),
        ):
            yield Watch(
                f"migration-{metric.removeprefix('CDCLatency').lower()}-{name}",
                f"The migration of {name} {what}. Do not cut over now.",
                Metric("AWS/DMS", metric, task, "Maximum"),
                threshold=args["alarms"]["replica_lag_seconds"],
                category="Performance",
            )
    if (set_aside := args.get("set_aside_metric")) is not None:
        yield Watch(
            "migration-tables",
            "DMS has set a table aside, and goes on without it: nothing of it arrives any more. The log of the task says which "
            "and why; cure that and reload the table (aws dms reload-tables).",
            Metric("Hybridge", set_aside, {}, "Sum"),
            threshold=0,
            periods=1,
            severity=2,
        )
    yield Watch(
        "migration-storage",
        "The replication instance is running out of storage: changes wait on its disk because the target is too slow.",
        Metric("AWS/DMS", "FreeStorageSpace", instance, "Minimum"),
        threshold=5 * GIB,
        comparison=BELOW,
        severity=2,
    )


def gateways(args: ManagementArgs) -> Iterator[tuple[str, dict[str, pulumi.Input[str]]]]:
    """The File Gateways: the name of each, empty for the first, and how CloudWatch knows it, which is by id and name."""
    arn, name = args.get("gateway_arn"), args.get("gateway_name")
    if arn is not None and name is not None:
        yield "", _dimensions(arn, name)
    for called, further in (args.get("gateway_arns") or {}).items():
        yield called, _dimensions(further, called)


def _dimensions(arn: pulumi.Input[str], name: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
    return {"GatewayId": pulumi.Output.from_input(arn).apply(lambda arn: arn.rsplit("/", maxsplit=1)[-1]), "GatewayName": name}


def file_gateways(args: ManagementArgs) -> Iterator[Watch]:
    """The S3 File Gateways on-premises, each by itself."""
    for name, dimensions in gateways(args):
        for watch in _of_gateway(dimensions):
            told = f"Gateway {name}. {watch.description}"
            yield replace(watch, name=f"{watch.name}-{name}", description=told) if name else watch


def _of_gateway(dimensions: Mapping[str, pulumi.Input[str]]) -> Iterator[Watch]:
    """One gateway, at the thresholds that AWS recommends."""

    def gateway(name: str, statistic: str = "Average") -> Metric:
        return Metric("AWS/StorageGateway", name, dimensions, statistic)

    yield Watch(
        "gateway-dirty",
        "The cache of the file gateway holds much that is not in S3 yet, or the gateway is silent: look at the link.",
        gateway("CachePercentDirty", "Sum"),
        threshold=80,
        periods=4,
        # A gateway that says nothing has lost AWS, or is down.
        missing="breaching",
        severity=2,
    )
    yield Watch(
        "gateway-cache",
        "Few reads are served from the cache of the file gateway: it is too small for what is read.",
        gateway("CacheHitPercent"),
        threshold=20,
        comparison=BELOW,
        # The first reads of the day miss; a working day of them is a sign.
        minutes=60,
        periods=8,
        severity=4,
        category="Performance",
    )
    yield Watch(
        "gateway-wait",
        "The disks of the file gateway are too slow for what it does.",
        gateway("IoWaitPercent"),
        threshold=20,
        category="Performance",
    )
    for name, metric, what in (
        (
            "availability",
            "AvailabilityNotifications",
            "The file gateway reports trouble with its availability: read its health log.",
        ),
        ("uploads", "FilesFailingUpload", "Files cannot be uploaded by the gateway: its health log tells which, and why."),
        ("shares", "FileSharesUnavailable", "A file share is not available: see its state in Storage Gateway."),
    ):
        yield Watch(
            f"gateway-{name}",
            what,
            gateway(metric, "Sum"),
            threshold=0,
            periods=1,
            severity=2,
        )


def shared_files(args: ManagementArgs) -> Iterator[Watch]:
    """The EFS file system."""
    file_system = args.get("efs_file_system_id")
    if file_system is None:
        return
    yield Watch(
        "efs-limit",
        "The EFS file system is at the limit of what its performance mode can do.",
        Metric("AWS/EFS", "PercentIOLimit", {"FileSystemId": file_system}, "Maximum"),
        threshold=95,
        category="Performance",
    )


def files_behind(args: ManagementArgs, metric: str) -> Metric | None:
    """A metric of the replication into the bucket, which S3 publishes in the region of the replicas; None without one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
    """
    source, bucket = args.get("files_source"), args.get("bucket_name")
    if source is None or bucket is None:
        return None
    dimensions = {"SourceBucket": source["bucket_name"], "DestinationBucket": bucket, "RuleId": source["rule_id"]}
    return Metric("AWS/S3", metric, dimensions, "Maximum")


def replicated_files(args: ManagementArgs) -> Iterator[Watch]:
    """The files that are replicated from another region. While nothing new is written there, there is no data."""
    metric = files_behind(args, "ReplicationLatency")
    if metric is None:
        return
    yield Watch(
        "files-behind",
        "Files of the other region take long to arrive here: a failover now would find old ones. See the metrics of the "
        "replication of that bucket, and whether its role may still use both keys.",
        metric,
        # What S3 undertakes with replication time control, and mostly keeps without; a large batch may take longer for a while.
        threshold=15 * 60,
        periods=6,
        severity=2,
        category="Recovery",
    )


def copied_files(args: ManagementArgs) -> Iterator[Watch]:
    """The files that are replicated into another region.

    Of what failed S3 tells in the region that it comes from, unlike of what is late. Rule and destination are the other
    deployment's, so that they are not named.
    """
    bucket = args.get("bucket_name")
    if bucket is None or not args.get("files_copied"):
        return
    yield Watch(
        "files-failed",
        # What has failed is not behind: S3 gives it up, and a person has to start it again.
        "Files could not be replicated to the other region, and will not be by themselves. See whether the role of the "
        "replication may still use both keys, then carry them over by S3 Batch Replication of those whose status is FAILED.",
        None,
        expression=pulumi.Output.concat(
            'SELECT SUM(OperationsFailedReplication) FROM SCHEMA("AWS/S3", DestinationBucket, RuleId, SourceBucket) '
            "WHERE SourceBucket = '",
            bucket,
            "'",
        ),
        threshold=0,
        periods=1,
        severity=2,
        category="Recovery",
    )


def backups(vault_name: pulumi.Input[str], copies_vault_name: pulumi.Input[str] | None) -> Iterator[Watch]:
    """Jobs of the vault: backups, restores and, from it, copies. AWS Backup reports only what is not zero.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
    """
    jobs = {
        "NumberOfBackupJobsFailed": ("A backup has failed", vault_name),
        "NumberOfBackupJobsExpired": ("A backup could not begin in its window, or did not end in time", vault_name),
        "NumberOfBackupJobsAborted": ("A backup was stopped by somebody", vault_name),
        "NumberOfRecoveryPointsPartial": (
            "A backup holds only part of what it should, so that it restores no more",
            vault_name,
        ),
        "NumberOfRestoreJobsFailed": ("A restore has failed, perhaps one on trial", vault_name),
    }
    if copies_vault_name is not None:
        # Counted in this region, which begins them, under the vault that they go to.
        what = "A backup has not been copied to the other region, though it was made in this one"
        jobs["NumberOfCopyJobsFailed"] = (what, copies_vault_name)
    for metric, (what, vault) in jobs.items():
        yield Watch(
            metric.removeprefix("NumberOf").replace("Jobs", "-").replace("RecoveryPoints", "recovery-points-").lower(),
            f"{what}: see the jobs of AWS Backup.",
            Metric("AWS/Backup", metric, {"BackupVaultName": vault}, "Sum"),
            threshold=0,
            periods=1,
            severity=2,
            category="Recovery",
        )
