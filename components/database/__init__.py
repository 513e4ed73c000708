"""Database: RDS for PostgreSQL with its replicas, names and credentials, and the migration into it."""

import json
from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_aws as aws

from components.arguments import completed
from components.database import dns, iam, origin
from components.database.args import DatabaseArgs, UserArgs
from components.database.copies import Copies
from components.database.instance import PORT, Postgres, log_group_names
from components.database.migration import Migration, log_group_name
from components.database.migration_args import MigrationArgs
from components.database.names import identifier
from components.database.network import let_out, make_group
from components.database.replicas import ReadReplicas, reader_name
from components.database.standby import make_standby
from components.database.users import Users
from components.logins import MIGRATION_USER
from components.stages import STANDING, Stage

__all__ = ["Database", "DatabaseArgs"]

ADVISED_HEADROOM = 1.26
"""RDS warns of nearly reached limits when autoscaling has less than this above the allocated storage."""


class Database(pulumi.ComponentResource):
    """An encrypted PostgreSQL database that only on-premises may connect to, with its credentials in a secret.

    It is RDS for PostgreSQL in isolated subnets, named `database.<private zone>`; its read replicas, if any, share the name
    `database-reader.<private zone>`. The certificate is for the name that RDS gave (`address`), which is in the secret: clients
    that verify host names connect to that one. Whoever else may connect adds a rule to `security_group_id`.
    A migration with DMS goes with it while its stage is not `off`; see `Migration`.

    It may stand in for the database of another region (`standby_for`), whose data it gets as a read replica, by DMS or from
    backups, and whose user and password it keeps, so that clients only change the host; and another region may keep copies of
    what it would need for that (`copies`). The way back is the same one: the database of the region that was lost becomes the
    standby of the one that took over.
    """

    instance_arn: pulumi.Output[str] | None
    """ARN of the primary, for backup plans and replicas. None, like the next two, while its data are backups elsewhere."""
    instance_identifier: pulumi.Output[str] | None
    """Identifier of the primary: the dimension `DBInstanceIdentifier` of its metrics."""
    address: pulumi.Output[str] | None
    """Host name of the primary as RDS and its certificate have it."""
    restored_address: pulumi.Output[str] | None
    """Host name of what was restored beside it; None without that."""
    port: pulumi.Output[int]
    """TCP port of the primary and the replicas."""
    dns_name: pulumi.Output[str]
    """Its name in the private zone."""
    reader_dns_name: pulumi.Output[str | None]
    """The replicas' name in the private zone; None without replicas."""
    security_group_id: pulumi.Output[str]
    """The group of the primary and the replicas. It has no rule but for on-premises and the migration."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret, a JSON of username, password, host, port, dbname and engine."""
    user_secret_arns: pulumi.Output[dict[str, str]]
    """The same of each user, by name."""
    kms_key_arn: pulumi.Output[str]
    """The key of storage, snapshots, insights, logs and the secret: who reads the secret must be allowed to decrypt with it."""
    subnet_group_name: pulumi.Output[str]
    """The subnet group, into which backups can be restored."""
    replica_addresses: pulumi.Output[list[str]]
    """Host names of the replicas, in the order of their numbers."""
    replica_identifiers: pulumi.Output[list[str]]
    """Identifiers of the replicas in the same order: the dimension `DBInstanceIdentifier` of `ReplicaLag`."""
    log_group_names: pulumi.Output[list[str]]
    """The log groups of the primary."""
    migration_task_arns: pulumi.Output[dict[str, str]]
    """ARNs of the tasks by source."""
    migration_task_ids: pulumi.Output[dict[str, str]]
    """The last part of those ARNs by source: the dimension `ReplicationTaskIdentifier` of `CDCLatencySource`, `...Target`."""
    assessment: pulumi.Output[Any]
    """Bucket and role of premigration assessments, `bucket` and `role_arn`; None but in the stage `assess`."""
    set_aside_metric: pulumi.Output[str | None]
    """The metric, in the namespace `Hybridge`, of tables that DMS has set aside; None while there is no replication
    instance."""
    replication_instance_identifier: pulumi.Output[str | None]
    """The dimension `ReplicationInstanceIdentifier` of the same metrics; None while there is no replication instance."""
    copies_key_arn: pulumi.Output[str] | None
    """The key of what another region keeps, in that region; None without `copies`."""
    automated_backups_arn: pulumi.Output[str] | None
    """The automated backups that another region keeps, from which it can restore; None unless `copies` has them."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args = completed(DatabaseArgs, args, f"Database {name!r}", _secrets_within_reach, origin.mistakes)
        migration, standby, copies = args.get("migration"), args.get("standby_for"), args.get("copies")
        moves = migration is not None and migration["stage"] in STANDING
        native = migration is not None and migration.get("way") == "native"
        migrating = moves and not native
        fed = standby is not None and standby["way"] == "dms"
        super().__init__("hybridge:index:Database", name, {**args}, opts)
        self._name, self._args = name, args
        invoke = pulumi.InvokeOutputOptions(parent=self)
        account = aws.get_caller_identity_output(opts=invoke).account_id
        partition = aws.get_partition_output(opts=invoke).partition
        self._advise()

        own = pulumi.Output.all(partition, account)
        region, instances = args["region"], self._identifiers()
        log_groups = self._log_groups(instances, migrating=migrating, fed=fed)
        key = self._key(
            own.apply(
                lambda both: json.dumps(
                    iam.key_policy(
                        both[0],
                        both[1],
                        region,
                        log_groups,
                        backup_account=args.get("backup_account"),
                        copiers=args.get("snapshots_shared_with", ()),
                    )
                )
            )
        )
        group = make_group(name, args, self)
        kept = Copies(f"{name}-copies", args, copies, pulumi.ResourceOptions(parent=self)) if copies else None
        postgres = Postgres(
            name,
            {
                **args,
                "key_arn": key.arn,
                "copies_key_arn": kept.key_arn if kept else None,
                "security_group_id": group.id,
                "monitoring_trust": own.apply(
                    lambda both: json.dumps(iam.monitoring_trust(both[0], both[1], region, instances))
                ),
            },
            pulumi.ResourceOptions(parent=self),
        )
        signing_in: list[UserArgs] = [*args["users"]]
        if migrating:
            generation = (migration or {}).get("password_generation", 1)
            signing_in.append({"name": MIGRATION_USER, "password_generation": generation})
        self._users = (
            Users(
                f"{name}-user",
                {
                    **args,
                    "key_arn": key.arn,
                    "copies_key_arn": kept.key_arn if kept else None,
                    "address": postgres.instance.address if postgres.instance else None,
                    "port": PORT,
                    "engine": origin.ENGINE,
                    "wanted": signing_in,
                },
                pulumi.ResourceOptions(parent=self),
            ).secret_arns
            if signing_in
            else {}
        )
        if kept and postgres.instance:
            kept.replicate_backups(postgres.instance.arn)
        replicas: list[aws.rds.Instance] = []
        if args["read_replicas"]["count"] and postgres.instance:
            replicas = ReadReplicas(
                f"{name}-reader",
                {
                    **args,
                    "key_arn": key.arn,
                    "security_group_id": group.id,
                    "source": postgres.instance.identifier,
                    "parameter_group_name": postgres.parameter_group.name,
                    "monitoring_role_arn": postgres.monitoring_role_arn,
                },
                pulumi.ResourceOptions(parent=self),
            ).instances
        if migration and moves and native:
            let_out(name, migration.get("sources", []), args, group, self)
        replications = self._replications(postgres, key, group)
        self._register(postgres, replicas, key=key, group=group, replications=replications, copies=kept)

    def _replications(self, postgres: Postgres, key: aws.kms.Key, group: aws.ec2.SecurityGroup) -> list[Migration]:
        """What DMS writes into this database: on-premises databases, the database of another region."""
        name, args, migration, standby = self._name, self._args, self._args.get("migration"), self._args.get("standby_for")
        moving = []
        stage = self._stage(migration)
        if migration and stage != "off":
            stated: MigrationArgs = {**migration, "stage": stage}
            moving.append(
                Migration(
                    f"{name}-migration",
                    {
                        **args,
                        "migration": stated,
                        "sources": migration.get("sources", []),
                        "key_arn": key.arn,
                        "database_security_group_id": group.id,
                        "target_secret_arn": self._users.get(MIGRATION_USER, postgres.secret_arn),
                        "ways": [],
                    },
                    pulumi.ResourceOptions(parent=self),
                )
            )
        if standby and standby["way"] == "dms":
            moving.append(make_standby(f"{name}-standby", args, standby, (key.arn, group.id, postgres.secret_arn), self))
        return moving

    def _stage(self, migration: MigrationArgs | None) -> Stage:
        """The stage of the migration: that of one that is over if there is none, but another region needs its roles."""
        if migration is None:
            return "off"
        if migration.get("way") == "native":
            migration = {**migration, "stage": "off"}
        copies = self._args.get("copies")
        needed = copies is not None and copies.get("dms_roles", False)
        return "done" if migration["stage"] == "off" and needed else migration["stage"]

    def _register(
        self,
        postgres: Postgres,
        replicas: list[aws.rds.Instance],
        *,
        key: aws.kms.Key,
        group: aws.ec2.SecurityGroup,
        replications: list[Migration],
        copies: Copies | None,
    ) -> None:
        instance = postgres.instance
        if instance:
            self._compare(instance)
        tasks = {source: task for replication in replications for source, task in replication.tasks.items()}
        self.instance_arn = instance.arn if instance else None
        self.instance_identifier = instance.identifier if instance else None
        self.address = instance.address if instance else None
        self.restored_address = postgres.beside.address if postgres.beside else None
        self.port = pulumi.Output.from_input(PORT)
        self.dns_name = dns.name_primary(self._name, instance, self._args, self)
        self.reader_dns_name = dns.name_readers(self._name, instance, replicas, self._args, self)
        self.security_group_id = group.id
        self.secret_arn = postgres.secret_arn
        self.user_secret_arns = pulumi.Output.all(**self._users) if self._users else pulumi.Output.from_input({})
        self.kms_key_arn = key.arn
        self.subnet_group_name = postgres.subnet_group.name
        self.replica_addresses = pulumi.Output.all(*(replica.address for replica in replicas))
        self.replica_identifiers = pulumi.Output.all(*(replica.identifier for replica in replicas))
        self.log_group_names = pulumi.Output.from_input(log_group_names(postgres.identifier))
        self.migration_task_arns = pulumi.Output.all(*(task.replication_task_arn for task in tasks.values())).apply(
            lambda arns: dict(zip(tasks, arns, strict=True))
        )
        self.migration_task_ids = self.migration_task_arns.apply(
            lambda arns: {source: arn.rsplit(":", maxsplit=1)[-1] for source, arn in arns.items()}
        )
        assessed = next((one.assessment for one in replications if one.assessment), None)
        self.assessment = pulumi.Output.from_input(
            {"bucket": assessed.bucket_name, "role_arn": assessed.role_arn} if assessed else None
        )
        self.set_aside_metric = pulumi.Output.from_input(next((one.set_aside_metric for one in replications), None))
        running = [one.replication_instance_identifier for one in replications if one.replication_instance_identifier]
        self.replication_instance_identifier = pulumi.Output.from_input(running[0] if running else None)
        self.copies_key_arn = copies.key_arn if copies else None
        self.automated_backups_arn = copies.automated_backups_arn if copies else None
        self.register_outputs({output: getattr(self, output) for output in Database.__annotations__})

    def _advise(self) -> None:
        maximum, storage = self._args["max_storage_gib"], self._args["storage_gib"]
        if 0 < maximum < storage * ADVISED_HEADROOM:
            pulumi.log.warn(
                f"maxStorageGiB {maximum} is less than 26 % above storageGiB {storage}: RDS will warn that the limit is near",
                self,
            )

    def _compare(self, instance: aws.rds.Instance) -> None:
        """Say when there is more storage than the config knows of, which only the instance itself can tell."""
        storage = self._args["storage_gib"]

        def told(there: int | None) -> None:
            if there and there > storage:
                pulumi.log.warn(
                    f"storageGiB is {storage}, and there are {there} GiB, which never shrink: write {there}, so that alarms "
                    "and what a slot may hold back follow",
                    self,
                )

        instance.allocated_storage.apply(told)

    def _identifiers(self) -> list[str]:
        """The identifiers of the primary and the replicas, before any of them exists; of what backups may become too."""
        numbers = range(1, self._args["read_replicas"]["count"] + 1) if origin.exists(self._args) else []
        children = [
            origin.instance_name(self._name, self._args),
            *(reader_name(f"{self._name}-reader", self._args, number) for number in numbers),
        ]
        return [identifier(pulumi.get_project(), pulumi.get_stack(), child) for child in children]

    def _log_groups(self, instances: list[str], *, migrating: bool, fed: bool) -> list[str]:
        """Every log group that the key may be used for."""
        groups = [group for instance in instances for group in log_group_names(instance)]
        moving = [purpose for purpose, there in (("migration", migrating), ("standby", fed)) if there]
        tasks = [identifier(pulumi.get_project(), pulumi.get_stack(), f"{self._name}-{purpose}") for purpose in moving]
        return [*groups, *map(log_group_name, tasks)]

    def _key(self, policy: pulumi.Input[str]) -> aws.kms.Key:
        name, args = self._name, self._args
        key = aws.kms.Key(
            name,
            description=f"Storage, logs and credentials of {name}",
            policy=policy,
            enable_key_rotation=True,
            deletion_window_in_days=30 if args["protected"] else 7,
            region=args["region"],
            tags={**args["tags"], "Name": name},
            # Without the key every snapshot is lost with the instance.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=args["protected"]),
        )
        aws.kms.Alias(
            name,
            name=f"alias/{identifier(pulumi.get_project(), pulumi.get_stack(), name)}",
            target_key_id=key.key_id,
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key


def _secrets_within_reach(args: DatabaseArgs) -> Iterator[str]:
    """A migration, or a standby of DMS, that could not read the secrets of its endpoints."""
    migration, standby = args.get("migration"), args.get("standby_for")
    fed = standby is not None and standby["way"] == "dms"
    if migration and (migration["stage"] in STANDING or fed) and "endpoint_security_group_id" not in args:
        yield (
            f"endpoint_security_group_id is not set while migration.stage is {migration['stage']!r}; "
            "pass the security group of the VPC endpoints, through which DMS reads its secrets"
        )
