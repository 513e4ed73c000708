"""The JSON documents of a DMS task: which tables it carries over, under which names, and how. Pure functions."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
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
    """A name in an object locator, where `_` stands for any character unless bracketed; `*` becomes `%`, any number of them."""
    return name.replace("_", "[_]").replace("*", "%")


def _locator(table: str) -> dict[str, str]:
    schema, name = table.split(".", 1)
    return {"schema-name": escaped(schema), "table-name": escaped(name)}


def table_mappings(
    schemas: Sequence[str],
    target_schemas: Mapping[str, str],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    remove_columns: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> dict[str, Any]:
    """Carry over every table of `schemas`, or those of `include` alone, but neither those of DMS nor of `exclude`; schemas in
    `target_schemas` (source to target) are renamed, `remove_columns` stay behind. Tables: `schema.table`, `*` any letters."""
    rules: list[dict[str, Any]] = []

    def add(kind: str, name: str, locator: dict[str, str], **more: str) -> None:
        number = str(len(rules) + 1)
        rules.append({"rule-type": kind, "rule-id": number, "rule-name": name, "object-locator": locator, **more})

    for schema in schemas:
        here, name = escaped(schema), "all" if schema == ALL else schema
        for table in (one.split(".", 1)[1] for one in include if one.split(".", 1)[0] == schema) if include else ["*"]:
            rule = f"include-{name}" if table == "*" else f"include-{name}.{table}"
            add("selection", rule, {"schema-name": here, "table-name": escaped(table)}, **{"rule-action": "include"})
        add("selection", f"exclude-own-{name}", {"schema-name": here, "table-name": OWN_TABLES}, **{"rule-action": "exclude"})
    for table in exclude:
        add("selection", f"exclude-{table}", _locator(table), **{"rule-action": "exclude"})
    for table, columns in remove_columns.items():
        for column in columns:
            locator = {**_locator(table), "column-name": column}
            add(
                "transformation",
                f"without-{table}.{column}",
                locator,
                **{"rule-target": "column", "rule-action": "remove-column"},
            )
    for schema in schemas:
        if (target := target_schemas.get(schema, schema)) != schema:
            add(
                "transformation",
                f"rename-{schema}",
                {"schema-name": escaped(schema)},
                **{"rule-target": "schema", "rule-action": "rename", "value": target},
            )
    return {"rules": rules}


def task_settings(
    *, validation: bool, table_preparation: str, parallel_tables: int, lobs: LobsArgs, stop_after_load: bool = False
) -> dict[str, Any]:
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
            # Go on with changes as soon as the load is through, unless indexes are to be made first.
            "StopTaskCachedChangesApplied": False,
            "StopTaskCachedChangesNotApplied": stop_after_load,
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
