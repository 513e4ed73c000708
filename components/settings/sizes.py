"""What `size` and `role` stand for: tables of defaults. Any key that a stack file sets by hand wins over them."""

from typing import Any

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

SECONDARY: dict[str, dict[str, Any]] = {
    # Nobody reads the copies until a failover, and there they are read little at first.
    "storage": {"hotDays": 1, "archiveDays": 180},
    # The account has the roles once, and they are the primary's.
    "migration": {"roles": "adopt"},
}
"""What `role: secondary` stands for, whatever the size."""
