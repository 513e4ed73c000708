"""What `size` and `role` stand for: tables of defaults. Any key that a stack file sets by hand wins over them."""

from typing import Any

from components.database_classes import connections

SIZES: dict[str, dict[str, Any]] = {
    "small": {
        "network": {"natGateways": "Single"},
        "containers": {"instanceType": "t3.large", "minInstances": 2, "maxInstances": 4},
        "database": {
            "instanceClass": "db.t4g.medium",
            "multiAz": False,
            "storageGiB": 50,
            "maxStorageGiB": 200,
            "backupRetentionDays": 7,
            "deletionProtection": False,
            "finalSnapshot": False,
        },
        "migration": {"instanceClass": "dms.t3.medium", "multiAz": False, "storageGiB": 50},
        "management": {"alarms": {"databaseConnections": 350}},
    },
    "medium": {
        "network": {"natGateways": "OnePerAz"},
        "containers": {"instanceType": "m6i.xlarge", "minInstances": 3, "maxInstances": 12},
        "database": {"instanceClass": "db.m6g.xlarge", "multiAz": True, "storageGiB": 400, "maxStorageGiB": 2000},
        "migration": {"instanceClass": "dms.r6i.large", "multiAz": True, "storageGiB": 200},
        "management": {"alarms": {"databaseConnections": 1400}, "backup": {"restoreTesting": {}}},
    },
    "large": {
        "network": {"natGateways": "OnePerAz"},
        "containers": {"instanceType": "m6i.4xlarge", "minInstances": 6, "maxInstances": 60},
        "database": {
            "instanceClass": "db.r6g.4xlarge",
            "multiAz": True,
            "storageGiB": 2000,
            "maxStorageGiB": 16000,
            "insights": "advanced",
        },
        "migration": {"instanceClass": "dms.r6i.2xlarge", "multiAz": True, "storageGiB": 1000},
        "management": {
            "patching": {"maxConcurrency": "10%"},
            "alarms": {"databaseConnections": 4500},
            "backup": {"restoreTesting": {}},
        },
    },
}

SHARE_OF_CONNECTIONS = 0.8
"""Above this part of the connections that the class of the database takes there is an alarm."""


def by_class(defaults: dict[str, Any], database: Any) -> dict[str, Any]:
    """The defaults of a size with those that follow from a DB instance class that a stack file sets by hand."""
    chosen = database.get("instanceClass") if isinstance(database, dict) else None
    taken = connections(chosen) if isinstance(chosen, str) else None
    if taken is None or chosen == defaults["database"]["instanceClass"]:
        return defaults
    alarms = {**defaults["management"]["alarms"], "databaseConnections": int(taken * SHARE_OF_CONNECTIONS)}
    return {**defaults, "management": {**defaults["management"], "alarms": alarms}}


SECONDARY: dict[str, dict[str, Any]] = {
    # Nobody reads the copies until a failover, and there they are read little at first.
    "storage": {"hotDays": 1, "archiveDays": 180},
    # The account has the roles once, and they are the primary's.
    "migration": {"roles": "adopt"},
}
"""What `role: secondary` stands for, whatever the size."""
