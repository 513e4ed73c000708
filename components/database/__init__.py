"""Database: RDS for PostgreSQL with its replicas, names and credentials, and the migration into it."""

import json

import pulumi
import pulumi_aws as aws

from components.database import dns, iam
from components.database.args import DatabaseArgs
from components.database.instance import PORT, Postgres, log_group_names
from components.database.migration import Migration, log_group_name
from components.database.names import cidr_key, identifier
from components.database.replicas import ReadReplicas

__all__ = ["Database", "DatabaseArgs"]

ADVISED_HEADROOM = 1.26
"""RDS warns of nearly reached limits when autoscaling has less than this above the allocated storage."""


class Database(pulumi.ComponentResource):
    """An encrypted PostgreSQL database that only on-premises may connect to, with its credentials in a secret.

    It is RDS for PostgreSQL in isolated subnets, named `database.<private zone>`; its read replicas, if any, share the name
    `database-reader.<private zone>`. The certificate is for the name that RDS gave (`address`), which is in the secret: clients
    that verify host names connect to that one. Whoever else may connect adds a rule to `security_group_id`.
    A migration with DMS goes with it while its stage is not `off`; see `Migration`.
    """

    instance_arn: pulumi.Output[str]
    """ARN of the primary, for backup plans."""
    instance_identifier: pulumi.Output[str]
    """Identifier of the primary: the dimension `DBInstanceIdentifier` of its metrics."""
    address: pulumi.Output[str]
    """Host name of the primary as RDS and its certificate have it."""
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
    """ARNs of the running tasks by source."""
    migration_task_ids: pulumi.Output[dict[str, str]]
    """The last part of those ARNs by source: the dimension `ReplicationTaskIdentifier` of `CDCLatencySource`, `...Target`."""
    replication_instance_identifier: pulumi.Output[str | None]
    """The dimension `ReplicationInstanceIdentifier` of the same metrics; None while there is no replication instance."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        migration = args.get("migration")
        migrating = migration is not None and migration["stage"] in {"prepare", "replicate"}
        if migration and migrating and "endpoint_security_group_id" not in args:
            raise ValueError(
                f"{name}: endpoint_security_group_id is not set while migration.stage is {migration['stage']!r}; "
                "pass the security group of the VPC endpoints, through which DMS reads its secrets"
            )
        super().__init__("hybridge:index:Database", name, {**args}, opts)
        self._name, self._args = name, args
        account, partition = aws.get_caller_identity_output().account_id, aws.get_partition_output().partition
        self._advise()

        own = pulumi.Output.all(partition, account)
        region, instances = args["region"], self._identifiers()
        log_groups = self._log_groups(instances, migrating)
        key = self._key(own.apply(lambda both: json.dumps(iam.key_policy(both[0], both[1], region, log_groups))))
        group = self._security_group()
        postgres = Postgres(
            name,
            {
                **args,
                "key_arn": key.arn,
                "security_group_id": group.id,
                "monitoring_trust": own.apply(
                    lambda both: json.dumps(iam.monitoring_trust(both[0], both[1], region, instances))
                ),
            },
            pulumi.ResourceOptions(parent=self),
        )
        replicas: list[aws.rds.Instance] = []
        if args["read_replicas"]["count"]:
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
        moving = None
        if migration and migration["stage"] != "off":
            moving = Migration(
                f"{name}-migration",
                {
                    **args,
                    "key_arn": key.arn,
                    "database_security_group_id": group.id,
                    "target_secret_arn": postgres.secret_arn,
                },
                pulumi.ResourceOptions(parent=self),
            )
        self._register(postgres, replicas, key, group, moving)

    def _register(
        self,
        postgres: Postgres,
        replicas: list[aws.rds.Instance],
        key: aws.kms.Key,
        group: aws.ec2.SecurityGroup,
        migration: Migration | None,
    ) -> None:
        tasks = migration.tasks if migration else {}
        self.instance_arn = postgres.instance.arn
        self.instance_identifier = postgres.instance.identifier
        self.address = postgres.instance.address
        self.port = pulumi.Output.from_input(PORT)
        self.dns_name = dns.name_primary(self._name, postgres.instance, self._args, self)
        self.reader_dns_name = dns.name_readers(self._name, replicas, self._args, self)
        self.security_group_id = group.id
        self.secret_arn = postgres.secret_arn
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
        self.replication_instance_identifier = pulumi.Output.from_input(
            migration.replication_instance_identifier if migration else None
        )
        self.register_outputs({output: getattr(self, output) for output in Database.__annotations__})

    def _advise(self) -> None:
        maximum, storage = self._args["max_storage_gib"], self._args["storage_gib"]
        if 0 < maximum < storage * ADVISED_HEADROOM:
            pulumi.log.warn(
                f"maxStorageGiB {maximum} is less than 26 % above storageGiB {storage}: RDS will warn that the limit is near",
                self,
            )

    def _identifiers(self) -> list[str]:
        """The identifiers of the primary and the replicas, before any of them exists."""
        children = [
            self._name,
            *(f"{self._name}-reader-{number + 1}" for number in range(self._args["read_replicas"]["count"])),
        ]
        return [identifier(pulumi.get_project(), pulumi.get_stack(), child) for child in children]

    def _log_groups(self, instances: list[str], migrating: bool) -> list[str]:
        """Every log group that the key may be used for."""
        groups = [group for instance in instances for group in log_group_names(instance)]
        tasks = log_group_name(identifier(pulumi.get_project(), pulumi.get_stack(), f"{self._name}-migration"))
        return [*groups, tasks] if migrating else groups

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

    def _security_group(self) -> aws.ec2.SecurityGroup:
        name, args = self._name, self._args
        group = aws.ec2.SecurityGroup(
            name,
            description="PostgreSQL for on-premises and for what later components admit",
            vpc_id=args["vpc_id"],
            region=args["region"],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        for cidr in args["on_premises_cidrs"]:
            rule = f"{name}-from-{cidr_key(cidr)}"
            aws.vpc.SecurityGroupIngressRule(
                rule,
                security_group_id=group.id,
                description="PostgreSQL from on-premises",
                ip_protocol="tcp",
                from_port=PORT,
                to_port=PORT,
                cidr_ipv4=cidr,
                region=args["region"],
                tags={**args["tags"], "Name": rule},
                opts=pulumi.ResourceOptions(parent=self),
            )
        return group
