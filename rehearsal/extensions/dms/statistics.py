"""What tasks say of the tables that they copy."""

import json
from typing import Any

from rehearsal.extend import Call, Refuse, operation


@operation("dms", "DescribeTableStatistics")
def describe_table_statistics(call: Call) -> dict[str, Any]:
    """The tables that the mappings of the task name one by one, none of them copied yet: there is no source to read."""
    task = call.backend("dms").replication_tasks.get(call.params["ReplicationTaskArn"])
    if task is None:
        raise Refuse("ResourceNotFoundFault", "Replication task could not be found.")
    rules = json.loads(task.table_mappings)["rules"]
    included = [rule["object-locator"] for rule in rules if rule.get("rule-action") == "include"]
    named = [one for one in included if "%" not in one["schema-name"] + one["table-name"]]
    counts = ("Inserts", "Updates", "Deletes", "Ddls", "FullLoadRows", "ValidationPendingRecords", "ValidationFailedRecords")
    tables = [
        {
            "SchemaName": one["schema-name"],
            "TableName": one["table-name"],
            **dict.fromkeys(counts, 0),
            "TableState": "Before load",
            "ValidationState": "Pending records",
        }
        for one in named
    ]
    return {"ReplicationTaskArn": task.arn, "TableStatistics": tables}
