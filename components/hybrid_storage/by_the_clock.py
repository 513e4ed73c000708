"""What a gateway is told by the clock: EventBridge Scheduler calls Storage Gateway, with nothing of ours in between."""

import json
from collections.abc import Sequence
from typing import Any, TypedDict

import pulumi
import pulumi_aws as aws

from components.hybrid_storage import policies
from components.hybrid_storage.args import RefreshArgs, UploadLimitArgs, Weekday

WEEKDAYS: tuple[Weekday, ...] = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
"""In the order in which Storage Gateway numbers them, from 0."""
MEBIBIT = 1024 * 1024


class ClockArgs(TypedDict):
    """Arguments that both have."""

    region: str
    """Region of every regional resource."""
    tags: dict[str, str]
    """Tags of the role, next to `Name`."""
    account: pulumi.Input[str]
    """Account id."""


class RefreshComponentArgs(ClockArgs):
    """Arguments of Refresh."""

    share_arn: pulumi.Input[str]
    """The share."""
    refresh: RefreshArgs
    """Which folders, and how often."""


class UploadLimitsArgs(ClockArgs):
    """Arguments of UploadLimits."""

    gateway_arn: pulumi.Input[str]
    """The gateway."""
    limits: Sequence[UploadLimitArgs]
    """The limits; none takes away what there is."""


class Refresh(pulumi.ComponentResource):
    """A schedule by which the gateway fetches the listings of some folders from the bucket again.

    By the clock and not by S3's events: these cannot tell what AWS has written from what the gateway itself has uploaded, so
    that a busy day on-premises would ask for thousands of refreshes, of which Storage Gateway takes one a minute, two at once.
    https://docs.aws.amazon.com/storagegateway/latest/APIReference/API_RefreshCache.html
    """

    def __init__(self, name: str, args: RefreshComponentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:Refresh", name, {**args}, opts)
        _scheduled(
            self,
            name,
            args,
            told="Files that AWS has written appear on-premises",
            may="Lets EventBridge Scheduler refresh the cache of a file share",
            operation="RefreshCache",
            of=args["share_arn"],
            minutes=args["refresh"]["minutes"],
            request={"FileShareARN": args["share_arn"], "FolderList": [*args["refresh"]["folders"]], "Recursive": True},
        )
        self.register_outputs({})


class UploadLimits(pulumi.ComponentResource):
    """A schedule that tells the gateway every hour what its uploads may take of the link, and when.

    The provider sends no limits to an S3 File Gateway, and knows nothing of schedules of them. Telling it again is harmless,
    and puts right what was changed by hand or missed while the VM was off.
    https://docs.aws.amazon.com/storagegateway/latest/APIReference/API_UpdateBandwidthRateLimitSchedule.html
    """

    def __init__(self, name: str, args: UploadLimitsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:UploadLimits", name, {**args}, opts)
        _scheduled(
            self,
            name,
            args,
            told="What the gateway may take of the link for its uploads",
            may="Lets EventBridge Scheduler limit the uploads of a File Gateway",
            operation="UpdateBandwidthRateLimitSchedule",
            of=args["gateway_arn"],
            minutes=60,
            request={
                "GatewayARN": args["gateway_arn"],
                "BandwidthRateLimitIntervals": [interval(limit) for limit in args["limits"]],
            },
        )
        self.register_outputs({})


def interval(limit: UploadLimitArgs) -> dict[str, Any]:
    """A limit in the words of the API, whose intervals end with the minute that they name."""
    begins, ends = (int(time[:2]) * 60 + int(time[3:]) for time in (limit["start"], limit["end"]))
    return {
        "DaysOfWeek": sorted(WEEKDAYS.index(day) for day in limit["days"]),
        "StartHourOfDay": begins // 60,
        "StartMinuteOfHour": begins % 60,
        "EndHourOfDay": (ends - 1) // 60,
        "EndMinuteOfHour": (ends - 1) % 60,
        "AverageUploadRateLimitInBitsPerSec": limit["mebibits"] * MEBIBIT,
    }


def _scheduled(
    parent: pulumi.ComponentResource,
    name: str,
    args: ClockArgs,
    *,
    told: str,
    may: str,
    operation: str,
    of: pulumi.Input[str],
    minutes: int,
    request: dict[str, Any],
) -> None:
    """The schedule, and a role that may do this one thing to that one gateway or share."""
    child = pulumi.ResourceOptions(parent=parent)
    partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=parent)).partition
    region = args["region"]
    role = aws.iam.Role(
        name,
        description=may,
        assume_role_policy=pulumi.Output.all(partition, args["account"]).apply(
            lambda known: json.dumps(policies.scheduler_trust(partition=known[0], account=known[1], region=region))
        ),
        tags={**args["tags"], "Name": name},
        opts=child,
    )
    access = aws.iam.RolePolicy(
        name,
        role=role.name,
        policy=pulumi.Output.from_input(of).apply(lambda arn: json.dumps(policies.one_operation(operation, arn))),
        opts=child,
    )
    aws.scheduler.Schedule(
        name,
        description=told,
        group_name="default",
        schedule_expression=f"rate({minutes} minutes)",
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": pulumi.Output.concat(
                "arn:", partition, ":scheduler:::aws-sdk:storagegateway:", operation[0].lower() + operation[1:]
            ),
            "role_arn": role.arn,
            "input": pulumi.Output.json_dumps(request),
            # The next one is never far, and refreshes that pile up are refused.
            "retry_policy": {"maximum_retry_attempts": 0, "maximum_event_age_in_seconds": 60},
        },
        region=region,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[access]),
    )
