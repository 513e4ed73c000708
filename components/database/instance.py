"""The primary instance with all it needs: subnet and parameter group, log groups, monitoring role, password and secret."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.database.args import DatabaseArgs
from components.database.credentials import Login, make_login
from components.database.names import identifier
from components.database.origin import ENGINE, exists, instance_name, origin
from components.database.parameters import family, parameters
from components.database.restore import BESIDE, Restored

PORT = 5432
"""The TCP port of the primary and of the replicas."""
EXPORTED_LOGS = ("postgresql", "upgrade")
"""What RDS for PostgreSQL can write to CloudWatch Logs, each to a group of its own."""
STANDARD_INSIGHTS_DAYS, ADVANCED_INSIGHTS_DAYS = 7, 465
"""How long Performance Insights keeps its history: a week is free, the advanced mode wants fifteen months."""


def log_group_names(instance: str) -> list[str]:
    """The log groups that an instance writes to; RDS has fixed their names."""
    return [f"/aws/rds/instance/{instance}/{log}" for log in EXPORTED_LOGS]


def make_log_groups(
    name: str, instance: str, args: DatabaseArgs, key_arn: pulumi.Input[str], parent: pulumi.Resource
) -> list[aws.cloudwatch.LogGroup]:
    """The log groups of `instance`, made before it: those that RDS makes by itself keep everything, and without our key."""
    return [
        aws.cloudwatch.LogGroup(
            f"{name}-{log}-log",
            name=group,
            kms_key_id=key_arn,
            retention_in_days=args["log_retention_days"],
            tags={**args["tags"], "Name": group},
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for log, group in zip(EXPORTED_LOGS, log_group_names(instance), strict=True)
    ]


class PostgresArgs(DatabaseArgs):
    """What `Postgres` takes beside what `Database` does."""

    key_arn: pulumi.Input[str]
    """The key of everything that is stored."""
    security_group_id: pulumi.Input[str]
    """The group of the primary."""
    monitoring_trust: pulumi.Input[str]
    """Who may take the role of enhanced monitoring: a trust policy as JSON."""
    copies_key_arn: pulumi.Input[str] | None
    """The key of what is copied to another region; None: nothing is."""


class Postgres(pulumi.ComponentResource):
    """An RDS for PostgreSQL instance in isolated subnets, encrypted, monitored and backed up, and a secret that opens it.

    It begins empty, or with the data of another region (`standby_for`). While those are backups that nobody has needed yet,
    there is everything but the instance, and the secret has no value.
    """

    instance: aws.rds.Instance | None
    """The primary; None while its data are backups in another region."""
    beside: aws.rds.Instance | None
    """What was restored beside it; None without that."""
    identifier: str
    """Its identifier, known before it exists."""
    subnet_group: aws.rds.SubnetGroup
    """Where it is."""
    parameter_group: aws.rds.ParameterGroup
    """Its parameters, for the replicas too."""
    monitoring_role_arn: pulumi.Output[str] | None
    """The role of enhanced monitoring, for the replicas too; None without it."""
    secret_arn: pulumi.Output[str]
    """ARN of the secret, known once it has its value."""

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # No inputs: children of a component wait for each of its inputs, whether they need it or not.
        super().__init__("hybridge:database:Postgres", name, {}, opts)
        self._name, self._args = name, args
        child = instance_name(name, args)
        self.identifier = identifier(pulumi.get_project(), pulumi.get_stack(), child)

        self.subnet_group = aws.rds.SubnetGroup(
            f"{name}-subnets",
            description=f"Isolated subnets of {name}",
            subnet_ids=args["isolated_subnet_ids"],
            **self._common(f"{name}-subnets"),
        )
        self.parameter_group = aws.rds.ParameterGroup(
            f"{name}-parameters",
            family=family(args["engine_version"]),
            description=f"Forced TLS, logical replication and logs of {name}",
            parameters=[
                {"name": each.name, "value": each.value, "apply_method": each.apply_method}
                for each in parameters(
                    engine_version=args["engine_version"],
                    storage_gib=args["storage_gib"],
                    slow_statement_milliseconds=args["slow_statement_milliseconds"],
                    own=args.get("parameters", {}),
                    preload_libraries=args.get("preload_libraries", ()),
                    force_tls=args.get("force_tls", True),
                    slot_wal_gib=args.get("slot_wal_gib"),
                )
            ],
            **self._common(f"{name}-parameters"),
        )
        log_groups = make_log_groups(child, self.identifier, args, args["key_arn"], self)
        attachment = self._monitoring_role()
        login = make_login(name, args, self)
        self.instance = self._instance(child, login, [*log_groups, *attachment]) if exists(args) else None
        self.beside = self._beside(login) if "restore_beside" in args else None
        self.secret_arn = self._secret(login)
        self.register_outputs({"secret_arn": self.secret_arn})

    def _instance(self, child: str, login: Login, needed: list[pulumi.Resource]) -> aws.rds.Instance:
        args, standby = self._args, self._args.get("standby_for")
        restored = None
        if "restore_instead" in args:
            restored = Restored(child, args, args["restore_instead"], args["key_arn"], self)
        advanced = args["insights"] == "advanced"
        # RDS takes no last snapshot of a replica.
        replica = standby is not None and standby["way"] == "replica" and not standby["promoted"]
        final_snapshot = args["final_snapshot"] and not replica
        return aws.rds.Instance(
            child,
            identifier=self.identifier,
            **origin(args, args["key_arn"], login.username, login.password, restored),
            instance_class=args["instance_class"],
            multi_az=args["multi_az"],
            port=PORT,
            db_subnet_group_name=self.subnet_group.name,
            vpc_security_group_ids=[args["security_group_id"]],
            publicly_accessible=False,
            iam_database_authentication_enabled=args.get("iam_authentication") or None,
            parameter_group_name=self.parameter_group.name,
            max_allocated_storage=args["max_storage_gib"],
            # Of a copy too: without the flag the provider sees a difference and replaces it.
            storage_encrypted=True,
            ca_cert_identifier=args["ca_certificate"],
            # A replica has backups of its own from version 14.1 on; RDS advises to have one before it is promoted.
            backup_retention_period=args["backup_retention_days"],
            backup_window=args["backup_window"],
            maintenance_window=args["maintenance_window"],
            copy_tags_to_snapshot=True,
            delete_automated_backups=not args["protected"],
            deletion_protection=args["deletion_protection"],
            skip_final_snapshot=not final_snapshot,
            final_snapshot_identifier=self._final_snapshot(child) if final_snapshot else None,
            auto_minor_version_upgrade=args["auto_minor_version_upgrade"],
            enabled_cloudwatch_logs_exports=list(EXPORTED_LOGS),
            monitoring_interval=args["monitoring_interval_seconds"],
            monitoring_role_arn=self.monitoring_role_arn,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args["key_arn"],
            performance_insights_retention_period=ADVANCED_INSIGHTS_DAYS if advanced else STANDARD_INSIGHTS_DAYS,
            database_insights_mode=args["insights"],
            region=args["region"],
            tags={**args["tags"], "Name": child, **({"Backup": args["backup_tag"]} if "backup_tag" in args else {})},
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args["protected"],
                retain_on_delete=args["protected"],
                # RDS would make the log groups itself, and checks that the role may write before the instance starts.
                depends_on=needed,
                # A large Multi-AZ instance, its modifications and its last snapshot outlast the provider's 40 to 80 minutes;
                # what comes from another region begins with a copy of the whole.
                custom_timeouts=pulumi.CustomTimeouts(create="4h" if standby or restored else "90m", update="3h", delete="3h"),
                # What it was restored from is history: backups that the other region begins anew would replace it.
                ignore_changes=["restoreToPointInTime"] if standby and standby["way"] == "backups" and not restored else None,
            ),
        )

    def _beside(self, login: Login) -> aws.rds.Instance:
        """For people, for as long as they need it: alone, without backups or a name, and gone with the section."""
        args, restore = self._args, self._args["restore_beside"]
        child = f"{self._name}-{BESIDE}-{restore['generation']}"
        return aws.rds.Instance(
            child,
            identifier=identifier(pulumi.get_project(), pulumi.get_stack(), child),
            **Restored(child, args, restore, args["key_arn"], self).inputs(),
            password=login.password,
            instance_class=args["instance_class"],
            multi_az=False,
            port=PORT,
            db_subnet_group_name=self.subnet_group.name,
            vpc_security_group_ids=[args["security_group_id"]],
            publicly_accessible=False,
            parameter_group_name=self.parameter_group.name,
            storage_encrypted=True,
            ca_cert_identifier=args["ca_certificate"],
            # The least that there is, whatever the stack file says.
            backup_retention_period=1,
            copy_tags_to_snapshot=True,
            deletion_protection=False,
            skip_final_snapshot=True,
            auto_minor_version_upgrade=args["auto_minor_version_upgrade"],
            apply_immediately=True,
            **self._common(child)
            | {
                "opts": pulumi.ResourceOptions(
                    parent=self,
                    # The identifier is fixed, so that one of another moment comes after it.
                    delete_before_replace=True,
                    custom_timeouts=pulumi.CustomTimeouts(create="4h", update="3h", delete="90m"),
                )
            },
        )

    def _secret(self, login: Login) -> pulumi.Output[str]:
        """The secret, with the host once there is one; its ARN is known once it has its value."""
        name, args, copies = self._name, self._args, self._args.get("copies")
        secret = aws.secretsmanager.Secret(
            f"{name}-credentials",
            description=f"Master user of the PostgreSQL instance {self.identifier}",
            kms_key_id=args["key_arn"],
            recovery_window_in_days=30 if args["protected"] else 7,
            replicas=[{"region": copies["region"], "kms_key_id": args["copies_key_arn"]}] if copies else None,
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-credentials"},
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args["protected"],
                # Its replicas would go with it, and the database of another region reads its login there at every update.
                retain_on_delete=args["protected"] or copies is not None,
            ),
        )
        if self.instance is None:
            return secret.arn
        # The layout that RDS itself writes, which DMS, the rotation functions and the SDKs' caches read.
        return aws.secretsmanager.SecretVersion(
            f"{name}-credentials",
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps(
                {
                    "username": login.username,
                    "password": login.password,
                    "host": self.instance.address,
                    "port": PORT,
                    "dbname": args["name"],
                    "engine": ENGINE,
                }
            ),
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        ).secret_arn

    def _common(self, child: str) -> dict[str, Any]:
        """What every regional, taggable child has."""
        return {
            "region": self._args["region"],
            "tags": {**self._args["tags"], "Name": child},
            "opts": pulumi.ResourceOptions(parent=self),
        }

    def _monitoring_role(self) -> list[pulumi.Resource]:
        """The role of enhanced monitoring, unless that is off; returns what the instance has to wait for."""
        name, args = self._name, self._args
        self.monitoring_role_arn = None
        if not args["monitoring_interval_seconds"]:
            return []
        role = aws.iam.Role(
            f"{name}-monitoring",
            assume_role_policy=args["monitoring_trust"],
            description=f"Lets RDS write the enhanced monitoring metrics of {name}",
            tags={**args["tags"], "Name": f"{name}-monitoring"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.monitoring_role_arn = role.arn
        partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=self)).partition
        return [
            aws.iam.RolePolicyAttachment(
                f"{name}-monitoring",
                role=role.name,
                policy_arn=pulumi.Output.concat(
                    "arn:", partition, ":iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
                ),
                opts=pulumi.ResourceOptions(parent=self),
            )
        ]

    def _final_snapshot(self, child: str) -> pulumi.Output[str]:
        """A name of its own for the last snapshot of each life of the instance: one that exists would fail the deletion."""
        suffix = random.RandomId(f"{child}-final-snapshot", byte_length=4, opts=pulumi.ResourceOptions(parent=self))
        return pulumi.Output.concat(identifier(self.identifier, "final", limit=50), "-", suffix.hex)
