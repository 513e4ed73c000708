"""Files that AWS writes appear on-premises by themselves: the gateway lists their folders anew by the clock."""

import json
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.hybrid_storage import policies
from components.hybrid_storage.args import RefreshArgs

TARGET = "aws-sdk:storagegateway:refreshCache"
"""What EventBridge Scheduler calls by itself, with nothing of ours in between."""


class RefreshComponentArgs(TypedDict):
    """Arguments of Refresh."""

    region: str
    """Region of every regional resource."""
    tags: dict[str, str]
    """Tags of the role, next to `Name`."""
    account: pulumi.Input[str]
    """Account id."""
    share_arn: pulumi.Input[str]
    """The share."""
    refresh: RefreshArgs
    """Which folders, and how often."""


class Refresh(pulumi.ComponentResource):
    """A schedule by which the gateway fetches the listings of some folders from the bucket again.

    By the clock and not by S3's events: these cannot tell what AWS has written from what the gateway itself has uploaded, so
    that a busy day on-premises would ask for thousands of refreshes, of which Storage Gateway takes one a minute, two at once.
    https://docs.aws.amazon.com/storagegateway/latest/APIReference/API_RefreshCache.html
    """

    def __init__(self, name: str, args: RefreshComponentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:Refresh", name, {**args}, opts)
        child = pulumi.ResourceOptions(parent=self)
        partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=self)).partition
        region, minutes = args["region"], args["refresh"]["minutes"]
        role = aws.iam.Role(
            name,
            description="Lets EventBridge Scheduler refresh the cache of a file share",
            assume_role_policy=pulumi.Output.all(partition, args["account"]).apply(
                lambda known: json.dumps(policies.scheduler_trust(partition=known[0], account=known[1], region=region))
            ),
            tags={**args["tags"], "Name": name},
            opts=child,
        )
        access = aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=pulumi.Output.from_input(args["share_arn"]).apply(lambda arn: json.dumps(policies.refresh_access(arn))),
            opts=child,
        )
        aws.scheduler.Schedule(
            name,
            description="Files that AWS has written appear on-premises",
            group_name="default",
            schedule_expression=f"rate({minutes} minutes)",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": pulumi.Output.concat("arn:", partition, f":scheduler:::{TARGET}"),
                "role_arn": role.arn,
                "input": pulumi.Output.json_dumps(
                    {"FileShareARN": args["share_arn"], "FolderList": [*args["refresh"]["folders"]], "Recursive": True}
                ),
                # The next one is never far, and refreshes that pile up are refused.
                "retry_policy": {"maximum_retry_attempts": 0, "maximum_event_age_in_seconds": 60},
            },
            region=region,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[access]),
        )
        self.register_outputs({})
