"""What the DB parameter group holds."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from components.postgresql import is_static

MEBIBYTES_PER_GIBIBYTE = 1024

REPLICATION_SLOTS = 40
"""Room for RDS's most, fifteen read replicas, twice while they restart, and for ten logical subscribers. A number that followed
the stack file would want a reboot of every instance with each replica that is added."""
CONNECTIONS_BY_ASPECT = 18
"""The first major version whose log_connections is a list, not a switch."""


class Parameter(NamedTuple):
    """One entry of a DB parameter group."""

    name: str
    value: str
    apply_method: str
    """`immediate` for what the stack file can change and RDS can apply at once; else `pending-reboot`."""


def major_version(engine_version: str) -> int:
    """The major version: 17 of both `17` and `17.4`."""
    return int(engine_version.split(".", maxsplit=1)[0])


def family(engine_version: str) -> str:
    """The parameter group family of an engine version: `postgres17`."""
    return f"postgres{major_version(engine_version)}"


def parameters(
    *,
    engine_version: str,
    storage_gib: int,
    slow_statement_milliseconds: int,
    own: Mapping[str, str] = MappingProxyType({}),
    preload_libraries: Sequence[str] = (),
    force_tls: bool = True,
    slot_wal_gib: int | None = None,
) -> list[Parameter]:
    """The parameters for logical replication, forced TLS and useful logs, and those of the stack file, in the order of their
    names.

    `slow_statement_milliseconds`: statements that run longer are logged with their text; -1 logs none. log_statement is not
    among
    them: whoever sets a password would have it in the logs, in the clear. pgaudit leaves it out.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.Query_Logging.html
    """
    # Static, or never another value: in effect from the first start on. Some are AWS's defaults in some versions, as
    # rds.force_ssl is since 15, and those AWS lists as pending-reboot whatever was asked: anything else would be a change in
    # every preview. https://github.com/hashicorp/terraform-provider-aws/issues/39252
    fixed = {
        "log_autovacuum_min_duration": 10_000,
        # Since 18 a list of what is logged of a connection.
        "log_connections": "all" if major_version(engine_version) >= CONNECTIONS_BY_ASPECT else 1,
        "log_disconnections": 1,
        "log_lock_waits": 1,
        "log_temp_files": 10_240,
        "max_replication_slots": REPLICATION_SLOTS,
        "max_wal_senders": REPLICATION_SLOTS + 5,
        "rds.force_ssl": int(force_tls),
        # The only switch RDS offers for wal_level=logical.
        "rds.logical_replication": 1,
        "shared_preload_libraries": ",".join(["pg_stat_statements", *sorted(preload_libraries)]),
        "track_io_timing": 1,
        # DMS and logical subscribers are cut off by anything from 1 to 9,999 ms.
        "wal_sender_timeout": 60_000,
    }
    chosen = {
        "log_min_duration_statement": slow_statement_milliseconds,
        # A slot that nobody reads keeps its WAL for ever and fills the disk: past a fifth of the storage it is given up. A read
        # replica in the region then catches up from the archived WAL; one in another region, or a DMS task, begins anew.
        "max_slot_wal_keep_size": slot_wal_gib * MEBIBYTES_PER_GIBIBYTE
        if slot_wal_gib
        else storage_gib * MEBIBYTES_PER_GIBIBYTE // 5,
    }
    added = [
        Parameter(name, value, "pending-reboot" if is_static(name) else "immediate")
        for name, value in own.items()
        if name not in fixed and name not in chosen
    ]
    return sorted(
        [Parameter(name, str(own.get(name, value)), "pending-reboot") for name, value in fixed.items()]
        + [Parameter(name, str(value), "immediate") for name, value in chosen.items()]
        + added
    )
