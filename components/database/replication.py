"""One source database under migration: its secret, its two endpoints and, once it replicates, its task."""

import json
from collections.abc import Sequence
from typing import Literal, TypedDict

import pulumi
import pulumi_aws as aws

from components.database.migration_args import ElsewhereArgs, MigrationArgs, SourceArgs
from components.database.names import digest, identifier
from components.database.origin import ENGINE
from components.database.tasks import table_mappings, task_settings
from components.stages import RUNNING, WITH_TASKS

PostgresSettings = aws.dms.EndpointPostgresSettingsArgsDict

ALWAYS_SENT: PostgresSettings = {"max_file_size": 131_072, "execute_timeout": 600, "heartbeat_frequency": 5}
"""KB, seconds, minutes. The provider sends 0 for each of these that is left out, which DMS takes for a file of no size and a
statement that may take no time. https://github.com/hashicorp/terraform-provider-aws/issues/47884"""

UNBOUNDED_NUMERIC = "MapUnboundedNumericAsString=true"
"""Else DMS makes numeric(28,6) of a numeric without precision and cuts its digits. It has to be said to both ends, and neither
the API's settings nor the provider's have a member for it.
https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html#CHAP_Source.PostgreSQL.Limitations"""


class ReplicationArgs(TypedDict):
    """What `Migration` gives to each of its sources."""

    region: str
    """The AWS region."""
    tags: dict[str, str]
    """Tags of every resource that has tags, beside `Name`."""
    migration: MigrationArgs
    """The migration as a whole."""
    source: SourceArgs | ElsewhereArgs
    """The source."""
    key_arn: pulumi.Input[str]
    """The key of the endpoints."""
    secret_arn: pulumi.Input[str]
    """The secret of the source."""
    target_secret_arn: pulumi.Input[str]
    """The secret of the RDS instance."""
    target_database: str
    """The database in RDS that receives the data."""
    target_certificate_arn: pulumi.Input[str]
    """The imported CA certificate of RDS."""
    access_role_arn: pulumi.Input[str]
    """The role with which DMS reads the secrets."""
    replication_instance_arn: pulumi.Input[str]
    """The replication instance."""
    readable: Sequence[pulumi.Resource]
    """What must be there before DMS can read the secrets."""
    ready: Sequence[pulumi.Resource]
    """What must be there before a task starts."""


class Replication(pulumi.ComponentResource):
    """Two DMS endpoints for one source database, tested by hand in stage `prepare`, and a task, which runs as the stage says.

    The target endpoint is the source's own: an endpoint cannot be changed while a task uses it, so that sources that shared one
    would have to stop together.
    """

    task: aws.dms.ReplicationTask | None
    """The task; None in `prepare`."""

    def __init__(self, name: str, args: ReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        # No inputs: children of a component wait for each of its inputs, whether they need it or not.
        super().__init__("hybridge:database:Replication", name, {}, opts)
        self._name, self._args = name, args
        from_source, to_target = self._source_endpoint(), self._target_endpoint()
        self.task = self._task(from_source, to_target) if args["migration"]["stage"] in WITH_TASKS else None
        self.register_outputs({"task_arn": self.task.replication_task_arn if self.task else None})

    def _source_endpoint(self) -> aws.dms.Endpoint:
        args, source = self._args, self._args["source"]
        certificate_arn = None
        if "certificate_pem" in source:
            child = f"{self._name}-source"
            certificate_arn = aws.dms.Certificate(
                child,
                # Another certificate beside the one in use, which the endpoint then leaves.
                certificate_id=self._id("source", digest(source["certificate_pem"])),
                certificate_pem=source["certificate_pem"],
                region=args["region"],
                tags={**args["tags"], "Name": child},
                opts=pulumi.ResourceOptions(parent=self),
            ).certificate_arn
        settings: PostgresSettings = {
            # Otherwise nothing is installed in the source: DDL is then not carried over, which a frozen schema does not need.
            "capture_ddls": source.get("capture_ddls", False),
            "plugin_name": source["plugin"],
            # An idle database would otherwise hold the WAL of the whole server back.
            "heartbeat_enable": True,
            "heartbeat_schema": source["heartbeat_schema"],
            "heartbeat_frequency": source["heartbeat_minutes"],
            # Stop rather than cut a value short.
            "fail_tasks_on_lob_truncation": True,
            "map_boolean_as_boolean": True,
        }
        if "slot" in source:
            settings["slot_name"] = source["slot"]["name"]
        return self._endpoint("source", source["database"], args["secret_arn"], (source["ssl_mode"], certificate_arn), settings)

    def _target_endpoint(self) -> aws.dms.Endpoint:
        args = self._args
        # Foreign keys and triggers of the target have done their work in the source already.
        settings: PostgresSettings = {
            "after_connect_script": "SET session_replication_role='replica'",
            "map_boolean_as_boolean": True,
        }
        return self._endpoint(
            "target",
            args["target_database"],
            args["target_secret_arn"],
            ("verify-full", args["target_certificate_arn"]),
            settings,
        )

    def _id(self, *purpose: str) -> str:
        return identifier(pulumi.get_project(), pulumi.get_stack(), self._name, *purpose)

    def _endpoint(
        self,
        kind: Literal["source", "target"],
        database: str,
        secret_arn: pulumi.Input[str],
        tls: tuple[str, pulumi.Input[str] | None],
        settings: PostgresSettings,
    ) -> aws.dms.Endpoint:
        args, child = self._args, f"{self._name}-{kind}"
        ssl_mode, certificate_arn = tls
        return aws.dms.Endpoint(
            child,
            endpoint_id=self._id(kind),
            endpoint_type=kind,
            engine_name=ENGINE,
            database_name=database,
            secrets_manager_arn=secret_arn,
            secrets_manager_access_role_arn=args["access_role_arn"],
            ssl_mode=ssl_mode,
            certificate_arn=certificate_arn,
            kms_key_arn=args["key_arn"],
            postgres_settings={**ALWAYS_SENT, **settings},
            extra_connection_attributes=UNBOUNDED_NUMERIC,
            # An endpoint in use cannot be modified: the provider stops its task for as long as that takes.
            pause_replication_tasks=True,
            region=args["region"],
            tags={**args["tags"], "Name": child},
            opts=pulumi.ResourceOptions(
                parent=self,
                # DMS looks into the secret at once; the data shows the role, not that it may read yet.
                depends_on=[*args["readable"]],
                # Another key makes it anew under the same id.
                delete_before_replace=True,
            ),
        )

    def _task(self, from_source: aws.dms.Endpoint, to_target: aws.dms.Endpoint) -> aws.dms.ReplicationTask:
        args, source, migration = self._args, self._args["source"], self._args["migration"]
        slot = source.get("slot")
        settings = task_settings(
            validation=migration["validation"],
            table_preparation=migration["table_preparation"],
            parallel_tables=migration["parallel_tables"],
            lobs=migration["lobs"],
            stop_after_load=migration["stage"] == "load",
        )
        return aws.dms.ReplicationTask(
            self._name,
            replication_task_id=self._id(),
            # A slot made by hand has its snapshot loaded by hand too: DMS accepts one for changes only.
            migration_type="cdc" if slot else "full-load-and-cdc",
            cdc_start_position=slot["start_position"] if slot else None,
            replication_instance_arn=args["replication_instance_arn"],
            source_endpoint_arn=from_source.endpoint_arn,
            target_endpoint_arn=to_target.endpoint_arn,
            table_mappings=json.dumps(
                table_mappings(
                    source["schemas"],
                    source["target_schemas"],
                    include=source.get("include_tables", ()),
                    exclude=source.get("exclude_tables", ()),
                    remove_columns=source.get("remove_columns", {}),
                )
            ),
            replication_task_settings=json.dumps(settings),
            # Started and stopped in place; the place in the source's log stays with the task.
            start_replication_task=migration["stage"] in RUNNING,
            region=args["region"],
            tags={**args["tags"], "Name": self._name},
            opts=pulumi.ResourceOptions(
                parent=self,
                # It may start when it is made, so that the way to both databases and the log group must be there first.
                depends_on=[*args["ready"]],
                # Another endpoint makes it anew under the same id.
                delete_before_replace=True,
            ),
        )
