"""What role and mode of a stack mean to its components: pure translation into args, none of which knows a role or a mode."""

from typing import Any, Literal

from components.names import NamesArgs
from components.settings.root import Settings

STANDING_BY, TAKING_OVER = 0, 255
"""Weights of the names in the private zone. A name of weight 0 answers while there is no other of its kind: those of a primary
always have it, until those of an active secondary win."""

STANDBY_REPLICAS = 1
"""Copies of each workload in warm standby: enough to prove that it starts and to take the first requests."""
STANDBY_INSTANCES = 2
"""Hosts that always run in warm standby, so that one can be lost; managed scaling adds what the copies need."""


def is_secondary(settings: Settings) -> bool:
    """Whether the stack is that of the second region."""
    return settings.role == "secondary"


def follows(settings: Settings) -> bool:
    """Whether the stack is a primary on its way back: its database is a replica of the secondary's until it is promoted."""
    recovery = settings.disaster_recovery
    return not is_secondary(settings) and recovery.restore_from is not None and not recovery.promoted


def at_rest(settings: Settings) -> bool:
    """Whether no host and no task of the stack runs: a pilot light, and a primary whose database takes no writes yet."""
    return follows(settings) or (is_secondary(settings) and settings.mode == "pilot-light")


def names(settings: Settings) -> NamesArgs | None:
    """How the names of the private zone lead to this stack; None for a secondary that is not active: they do not."""
    if is_secondary(settings):
        if settings.mode != "active":
            return None
        return {"set_identifier": settings.region, "weight": TAKING_OVER}
    return {"set_identifier": settings.region, "weight": STANDING_BY}


def instances(settings: Settings) -> dict[str, int]:
    """`min_instances` and `max_instances` of the platform."""
    lowest, highest = settings.containers.min_instances, settings.containers.max_instances
    if at_rest(settings):
        lowest = highest = 0
    elif is_secondary(settings) and settings.mode == "warm-standby":
        lowest = min(lowest, STANDBY_INSTANCES)
    return {"min_instances": lowest, "max_instances": highest}


def workloads(settings: Settings) -> list[dict[str, Any]]:
    """The args of every workload, with as many copies as the mode has.

    On-premises servers stay with the primary's cluster until it is lost: an instance joins one cluster only.
    """
    args = [workload.as_args() for workload in settings.workloads]
    if not stands_by(settings):
        return args
    return [_reduced(workload, 0 if at_rest(settings) else STANDBY_REPLICAS) for workload in args]


def _reduced(workload: dict[str, Any], most: int) -> dict[str, Any]:
    """With at most that many copies on AWS to begin with, none on-premises, and no job that starts by itself."""
    reduced = {**workload, "replicas": min(workload["replicas"], most)}
    if schedule := workload.get("schedule"):
        reduced["schedule"] = {**schedule, "enabled": False}
    if workload["placement"] == "onPremises":
        reduced["replicas"] = 0
    elif workload["placement"] == "both":
        reduced["on_premises_replicas"] = 0
    if scaling := workload.get("scaling"):
        # The scaling stays, so that nothing is replaced; its bounds hold the service where the mode wants it.
        bounds = {"min_replicas": min(scaling["min_replicas"], most)}
        if most == 0:
            bounds["max_replicas"] = 0
        reduced["scaling"] = {**scaling, **bounds}
    return reduced


def copies_backups(settings: Settings) -> bool:
    """Whether backups are copied to the second region."""
    return settings.secondary_region is not None and settings.management.backup.enabled


def standby_way(settings: Settings) -> Literal["replica", "dms", "backups"] | None:
    """How the data of another region get into the database of this one; None where they do not.

    A primary follows too, on the way back: always as a replica of what the secondary's database has become.
    """
    if is_secondary(settings):
        return settings.disaster_recovery.database
    return "replica" if settings.disaster_recovery.restore_from is not None else None


def stands_by(settings: Settings) -> bool:
    """Whether the stack leaves all writing to that of the other region."""
    return follows(settings) or (is_secondary(settings) and settings.mode != "active")


def other_cidr(settings: Settings) -> str | None:
    """The block of the VPC in the other region; None for a primary without a second region."""
    recovery = settings.disaster_recovery
    return recovery.primary_cidr if is_secondary(settings) else recovery.secondary_cidr
