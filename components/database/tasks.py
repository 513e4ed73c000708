"""The JSON documents of a DMS task: which tables it carries over, under which names, and how. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.database.migration_args import LobsArgs

LOG_COMPONENTS = (
    "SOURCE_UNLOAD",
    "SOURCE_CAPTURE",
    "TARGET_LOAD",
    "TARGET_APPLY",
    "TASK_MANAGER",
    "TABLES_MANAGER",
    "VALIDATOR_EXT",
)
"""The parts of the engine that log: reading, capturing, loading, applying, the task itself, its tables, validation."""

ALL = "%"
"""Every schema but those of PostgreSQL itself, which DMS leaves out."""

OWN_TABLES = "awsdms[_]%"
"""The tables that DMS keeps for itself in the source (heartbeat) and the target (status, exceptions)."""


def escaped(name: str) -> str:
    """A name in an object locator, where `_` stands for any character unless bracketed."""
    return name.replace("_", "[_]")


def table_mappings(schemas: Sequence[str], target_schemas: Mapping[str, str]) -> dict[str, Any]:
    """Carry over every table of `schemas` but those of DMS; schemas in `target_schemas` (source to target) are renamed."""
    rules: list[dict[str, Any]] = []

    def add(kind: str, name: str, locator: dict[str, str], **more: str) -> None:
        number = str(len(rules) + 1)
        rules.append({"rule-type": kind, "rule-id": number, "rule-name": name, "object-locator": locator, **more})

    for schema in schemas:
        here, name = escaped(schema), "all" if schema == ALL else schema
        add("selection", f"include-{name}", {"schema-name": here, "table-name": "%"}, **{"rule-action": "include"})
        add("selection", f"exclude-own-{name}", {"schema-name": here, "table-name": OWN_TABLES}, **{"rule-action": "exclude"})
    for schema in schemas:
        if (target := target_schemas.get(schema, schema)) != schema:
            add(
                "transformation",
                f"rename-{schema}",
                {"schema-name": escaped(schema)},
                **{"rule-target": "schema", "rule-action": "rename", "value": target},
            )
    return {"rules": rules}


def task_settings(*, validation: bool, table_preparation: str, parallel_tables: int, lobs: LobsArgs) -> dict[str, Any]:
    """What differs from the defaults of DMS, or is decisive enough to be written down.

    Only what DMS gives back in the same form: the provider compares the two documents to find changes.
    """
    inline = lobs["mode"] == "inline"
    return {
        "TargetMetadata": {
            "SupportLobs": True,
            "FullLobMode": inline,
            "LobChunkSize": 64,
            "InlineLobMaxSize": lobs["max_kib"] if inline else 0,
            "LimitedSizeLobMode": not inline,
            "LobMaxSize": 0 if inline else lobs["max_kib"],
            # Changes are applied one transaction after the other, as the source committed them.
            "BatchApplyEnabled": False,
        },
        "FullLoadSettings": {
            "TargetTablePrepMode": table_preparation,
            "CreatePkAfterFullLoad": False,
            # Go on with changes as soon as the load is through.
            "StopTaskCachedChangesApplied": False,
            "StopTaskCachedChangesNotApplied": False,
            "MaxFullLoadSubTasks": parallel_tables,
            "TransactionConsistencyTimeout": 600,
            "CommitRate": 10000,
        },
        "Logging": {
            "EnableLogging": True,
            "EnableLogContext": True,
            "LogComponents": [{"Id": component, "Severity": "LOGGER_SEVERITY_DEFAULT"} for component in LOG_COMPONENTS],
        },
        "ControlTablesSettings": {
            "HistoryTableEnabled": True,
            "StatusTableEnabled": True,
            "SuspendedTablesTableEnabled": True,
        },
        "ErrorBehavior": {
            # A bad record is kept out and logged, a table that keeps failing is set aside; neither stops the others.
            "DataErrorPolicy": "LOG_ERROR",
            "DataTruncationErrorPolicy": "SUSPEND_TABLE",
            "DataErrorEscalationPolicy": "SUSPEND_TABLE",
            "TableErrorPolicy": "SUSPEND_TABLE",
            "TableErrorEscalationPolicy": "STOP_TASK",
            # The link may be down for hours: try again at growing intervals, then every half an hour. Left to itself DMS stops
            # the task once the interval has grown to its maximum.
            "RecoverableErrorCount": -1,
            "RecoverableErrorInterval": 5,
            "RecoverableErrorThrottling": True,
            "RecoverableErrorThrottlingMax": 1800,
            "RecoverableErrorStopRetryAfterThrottlingMax": False,
            "FullLoadIgnoreConflicts": True,
            "FailOnNoTablesCaptured": True,
        },
        "ValidationSettings": {
            "EnableValidation": validation,
            "ThreadCount": 5,
            "FailureMaxCount": 10000,
            "TableFailureMaxCount": 1000,
        },
    }
