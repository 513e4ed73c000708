"""Where the runbook goes on: the section of docs/operations.md that each alarm and each message names."""

SECTIONS: dict[str, tuple[str, ...]] = {
    "Links": ("circuit-", "bgp-", "errors-", "vpn-", "tunnel-", "prefixes-", "bandwidth-", "resolver-", "nat-", "link"),
    "Containers": (
        "load-balancer-",
        "unhealthy-",
        "5xx-",
        "slow-",
        "cluster-",
        "capacity-provider",
        "tasks-",
        "deployments",
        "job-",
        "jobs-",
        "overdue-",
        "faults",
    ),
    "Hosts": ("hosts-", "agents", "patching"),
    "Database": ("database", "replica-lag-", "migration-"),
    "Files": ("gateway-", "efs-", "files-", "refresh"),
    "Backups": ("backup-", "restore-", "copy-", "recovery-"),
    "AWS itself": ("health",),
}
"""Section -> how the names of what rings begin."""


def section(name: str) -> str:
    """The section for an alarm or failure of this name."""
    return next(section for section, beginnings in SECTIONS.items() if name.startswith(beginnings))


def with_runbook(name: str, text: str) -> str:
    """The text, and where the runbook goes on."""
    return f"{text} Runbook: docs/operations.md, When it rings, {section(name)}."
