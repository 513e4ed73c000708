"""What patching runs in Systems Manager Automation, as text: nothing here imports it, and it stands alone there."""

import time
from typing import Any

import boto3

LONGEST = 480
"""Seconds that tasks get to go. A step of a runbook may run a script for ten minutes."""


def drain(events: dict[str, Any], context: Any) -> dict[str, Any]:
    """Have ECS take the tasks off a host, and wait until they are gone or for as long as there is.

    `events` has `cluster`, `instance` and `region`. Tasks for which there is no room elsewhere stay; the host is patched all
    the same, as it would be without draining.
    """
    ecs = boto3.client("ecs", region_name=events["region"])
    member = _member(ecs, events)
    if member is None:
        return {"drained": False, "left": 0}
    ecs.update_container_instances_state(cluster=events["cluster"], containerInstances=[member], status="DRAINING")
    left, until = 1, time.monotonic() + LONGEST
    while left and time.monotonic() < until:
        [host] = ecs.describe_container_instances(cluster=events["cluster"], containerInstances=[member])["containerInstances"]
        left = host["runningTasksCount"] + host["pendingTasksCount"]
        if left:
            time.sleep(15)
    return {"drained": not left, "left": left}


def take_back(events: dict[str, Any], context: Any) -> dict[str, Any]:
    """Let ECS place tasks on the host again."""
    ecs = boto3.client("ecs", region_name=events["region"])
    member = _member(ecs, events)
    if member is not None:
        ecs.update_container_instances_state(cluster=events["cluster"], containerInstances=[member], status="ACTIVE")
    return {"active": member is not None}


def _member(ecs: Any, events: dict[str, Any]) -> str | None:
    """The host as a member of the cluster; None if it is not one, or there is no cluster."""
    if not events["cluster"]:
        return None
    pages = ecs.get_paginator("list_container_instances").paginate(
        cluster=events["cluster"], filter=f"ec2InstanceId == {events['instance']}"
    )
    return next((arn for page in pages for arn in page["containerInstanceArns"]), None)
