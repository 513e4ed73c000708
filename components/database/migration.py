"""The migration from on-premises PostgreSQL to RDS with the Database Migration Service (DMS)."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components import rds_roots
from components.database import iam
from components.database.args import DatabaseArgs
from components.database.assessment import Assessment, AssessmentArgs
from components.database.migration_args import ElsewhereArgs, SourceArgs
from components.database.names import digest, identifier
from components.database.network import make_network
from components.database.origin import ENGINE
from components.database.replication import Replication, ReplicationArgs
from components.database.roles import DmsRoles


class MigratingArgs(DatabaseArgs):
    """What `Migration` takes beside what `Database` does, `migration` among it."""

    sources: Sequence[SourceArgs | ElsewhereArgs]
    """The databases that are replicated."""
    key_arn: pulumi.Input[str]
    """The key of storage, secrets, endpoints and logs."""
    database_security_group_id: pulumi.Input[str]
    """The group of the database, which is opened to the replication instance."""
    target_secret_arn: pulumi.Input[str]
    """The secret that opens the database."""
    ways: Sequence[pulumi.Resource]
    """What must be there, beside what is made here, before a source can be reached."""


def log_group_name(replication_instance: str) -> str:
    """The log group of an instance's tasks; DMS has fixed its name."""
    return f"dms-tasks-{replication_instance}"


METRICS = "Hybridge"
"""The namespace of metrics that are made of logs."""


def set_aside_metric(replication_instance: str) -> str:
    """The metric of tables that DMS has set aside; a metric of a filter has no dimensions, so that its name tells whose it
    is."""
    return f"TablesSetAside-{replication_instance}"


class Migration(pulumi.ComponentResource):
    """What moves on-premises databases into RDS, as far as `stage` says.

    `off`: there is none; `Database` does not even make this component.

    `prepare`: the account-wide roles, the replication instance with its network, and for each source a secret and two
    endpoints. Nothing moves. Now a person creates the target's tables (`pg_dump --schema-only`), databases and schemas, opens
    the source (`pg_hba.conf`, `wal_level`, a role with REPLICATION), and tests both endpoints of each source
    (`aws dms test-connection`): DMS refuses to start a task whose endpoints have not passed.

    `assess`: all of that, for each source a task that does not run, and a bucket with a role for what the premigration
    assessment of DMS finds (`aws dms start-replication-task-assessment-run`). The bucket goes with the stage, and what is in
    it.

    `load`: the tasks run a full load and stop before they apply what has changed since: secondary indexes are made then.

    `replicate`: full load, unless there was one, then changes until somebody stops it; every row is compared, and everything is
    logged. Applications still use the source.

    `cutover`: the tasks are stopped, and no deployment starts them again: the database has writers of its own.

    One leads to the next and back again in place, with two exceptions. Back to `prepare` deletes the tasks, and with them the
    place in the source's log: going on means a new full load. Slots that a deleted task leaves in the source are dropped by
    hand, or they fill its disk. And from `cutover` back to `replicate` the source's rows would overwrite what was written
    since.

    `done`: tasks, endpoints, secrets, replication instance and network are gone; the database stays, and so do the account-wide
    roles if they were created here, because other stacks of the account may have adopted them.
    """

    replication_instance_identifier: pulumi.Output[str] | None
    """Identifier of the replication instance; None in `done`."""
    set_aside_metric: str | None
    """The metric, in the namespace `Hybridge`, of tables that DMS has set aside; None without a replication instance."""
    tasks: dict[str, aws.dms.ReplicationTask]
    """The tasks by source; empty in `prepare` and `done`."""

    assessment: Assessment | None
    """Where premigration assessments write what they find; None but in `assess`."""

    def __init__(self, name: str, args: MigratingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # No inputs: children of a component wait for each of its inputs, and these for the database itself.
        super().__init__("hybridge:database:Migration", name, {}, opts)
        migration = args["migration"]
        self._name, self._args, self._migration = name, args, migration
        copies = args.get("copies")
        roles = DmsRoles(
            f"{name}-roles",
            migration["roles"],
            args["tags"],
            pulumi.ResourceOptions(parent=self),
            outlives=copies is not None and copies.get("dms_roles", False),
        )
        self.replication_instance_identifier, self.tasks, self.assessment, self.set_aside_metric = None, {}, None, None
        if migration["stage"] != "done":
            group, ways = make_network(name, args["sources"], args, args["database_security_group_id"], self)
            instance = self._instance(group, roles)
            ready = [*ways, *args["ways"], self._log_group()]
            secrets = {source["name"]: self._secret_arn(source) for source in args["sources"]}
            role, policy = self._access([*secrets.values()])
            certificate_arn = self._target_certificate()
            for source in args["sources"]:
                replication: ReplicationArgs = {
                    "region": args["region"],
                    "tags": args["tags"],
                    "migration": migration,
                    "source": source,
                    "key_arn": args["key_arn"],
                    "secret_arn": secrets[source["name"]],
                    "target_secret_arn": args["target_secret_arn"],
                    "target_database": source.get("target_database", args["name"]),
                    "target_certificate_arn": certificate_arn,
                    "access_role_arn": role.arn,
                    "replication_instance_arn": instance.replication_instance_arn,
                    "readable": [policy],
                    "ready": ready,
                }
                task = Replication(f"{name}-{source['name']}", replication, pulumi.ResourceOptions(parent=self)).task
                self.tasks |= {source["name"]: task} if task else {}
            self.replication_instance_identifier = instance.replication_instance_id
            if migration["stage"] == "assess":
                assessment: AssessmentArgs = {"region": args["region"], "tags": args["tags"], "key_arn": args["key_arn"]}
                self.assessment = Assessment(f"{name}-assessment", assessment, pulumi.ResourceOptions(parent=self))
        self.register_outputs(
            {
                "replication_instance_identifier": self.replication_instance_identifier,
                "task_arns": {source: task.replication_task_arn for source, task in self.tasks.items()},
            }
        )

    def _instance(self, group: aws.ec2.SecurityGroup, roles: DmsRoles) -> aws.dms.ReplicationInstance:
        name, args, migration = self._name, self._args, self._migration
        subnets = aws.dms.ReplicationSubnetGroup(
            f"{name}-subnets",
            replication_subnet_group_id=self._id("subnets"),
            replication_subnet_group_description=f"Private subnets of {name}",
            subnet_ids=args["private_subnet_ids"],
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-subnets"},
            # DMS takes dms-vpc-role by its name, which no input shows, and refuses while its policy is not attached.
            opts=pulumi.ResourceOptions(parent=self, depends_on=roles.attachments),
        )
        return aws.dms.ReplicationInstance(
            name,
            replication_instance_id=self._id(),
            replication_instance_class=migration["instance_class"],
            # A migration is short: its engine changes when the stack file does, not in the middle. A step of the second number
            # is a major version to DMS.
            engine_version=migration["engine_version"],
            auto_minor_version_upgrade=False,
            allow_major_version_upgrade=True,
            apply_immediately=True,
            multi_az=migration["multi_az"],
            allocated_storage=migration["storage_gib"],
            kms_key_arn=args["key_arn"],
            replication_subnet_group_id=subnets.replication_subnet_group_id,
            vpc_security_group_ids=[group.id],
            publicly_accessible=False,
            preferred_maintenance_window=migration["maintenance_window"],
            region=args["region"],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(
                parent=self, custom_timeouts=pulumi.CustomTimeouts(create="60m", update="60m", delete="60m")
            ),
        )

    def _log_group(self) -> aws.cloudwatch.LogGroup:
        """Made before the first task: DMS would make one that keeps everything, and without our key."""
        group = log_group_name(self._id())
        made = aws.cloudwatch.LogGroup(
            f"{self._name}-log",
            name=group,
            kms_key_id=self._args["key_arn"],
            retention_in_days=self._migration["log_retention_days"],
            **self._common(group),
        )
        # A table that is set aside is left behind by a task that goes on: no metric of DMS and no event tells of it.
        aws.cloudwatch.LogMetricFilter(
            f"{self._name}-set-aside",
            log_group_name=made.name,
            pattern='"is suspended"',
            metric_transformation={"name": set_aside_metric(self._id()), "namespace": METRICS, "value": "1"},
            region=self._args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.set_aside_metric = set_aside_metric(self._id())
        return made

    def _secret_arn(self, source: SourceArgs | ElsewhereArgs) -> pulumi.Input[str]:
        """The credentials of a source in Secrets Manager, in the layout that DMS reads; those of another region are there."""
        if "host" not in source:
            return source["secret_arn"]
        child = f"{self._name}-{source['name']}"
        secret = aws.secretsmanager.Secret(
            child,
            description=f"PostgreSQL source {source['name']} of the migration",
            kms_key_id=self._args["key_arn"],
            # It holds what the stack file says, so that nothing is lost with it.
            recovery_window_in_days=7,
            **self._common(child),
        )
        login = {"username": source["username"], "password": source["password"], "host": source["host"], "port": source["port"]}
        return aws.secretsmanager.SecretVersion(
            child,
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps({**login, "dbname": source["database"], "engine": ENGINE}),
            region=self._args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        ).secret_arn

    def _access(self, secret_arns: Sequence[pulumi.Input[str]]) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        """The role with which DMS reads the secrets of the sources and of the database, and nothing else."""
        child, region = f"{self._name}-secrets", self._args["region"]
        role = aws.iam.Role(
            child,
            description="Lets DMS read the credentials of its endpoints",
            # The secrets are read by the service of the region, unlike anything else that DMS does.
            assume_role_policy=aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id.apply(
                lambda account: json.dumps(iam.dms_trust(f"dms.{region}.amazonaws.com", account))
            ),
            tags={**self._args["tags"], "Name": child},
            opts=pulumi.ResourceOptions(parent=self),
        )
        arns = [self._args["target_secret_arn"], *secret_arns]
        keys = [self._args["key_arn"], *(source["secret_key_arn"] for source in self._args["sources"] if "host" not in source)]
        policy = aws.iam.RolePolicy(
            child,
            role=role.name,
            policy=pulumi.Output.json_dumps(iam.secrets_policy(arns, keys, region)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return role, policy

    def _target_certificate(self) -> pulumi.Output[str]:
        child, region = f"{self._name}-target", self._args["region"]
        # All the authorities of the region: the database can be moved from one to the other without touching an endpoint.
        pem = self._migration.get("target_certificate_pem") or rds_roots.of(region)
        if pem is None:
            raise ValueError(f"{child}: no roots of RDS in {region} come along; pass migration.target_certificate_pem")
        return aws.dms.Certificate(
            child,
            # Another certificate beside the one in use, which the endpoints then leave.
            certificate_id=self._id("target", digest(pem)),
            certificate_pem=pem,
            **self._common(child),
        ).certificate_arn

    def _id(self, *purpose: str) -> str:
        return identifier(pulumi.get_project(), pulumi.get_stack(), self._name, *purpose)

    def _common(self, child: str) -> dict[str, Any]:
        """What every regional, taggable child has."""
        return {
            "region": self._args["region"],
            "tags": {**self._args["tags"], "Name": child},
            "opts": pulumi.ResourceOptions(parent=self),
        }
