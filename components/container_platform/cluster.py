"""The ECS cluster with Container Insights, and ECS Exec that leaves a trace."""

import json
from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform import policies
from components.inputs import known


class ClusterArgs(TypedDict):
    """What ContainerPlatform gives to its cluster."""

    region: str
    """Region of every resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    account_id: pulumi.Input[str]
    """The AWS account."""
    partition: pulumi.Input[str]
    """The AWS partition."""
    log_group_prefix: str
    """How the names of all log groups begin that the key encrypts: the platform's name and a hyphen."""
    log_retention_days: int
    """Days for which ECS Exec sessions are kept."""
    protected: bool
    """Whether a destroy of the key is refused."""


class Cluster(pulumi.ComponentResource):
    """An ECS cluster stands, whose ECS Exec sessions are encrypted and written to a log group."""

    name: pulumi.Output[str]
    """Name of the cluster."""
    arn: pulumi.Output[str]
    """ARN of the cluster."""
    key_arn: pulumi.Output[str]
    """ARN of the platform's KMS key: ECS Exec, log groups, repositories."""
    log_group_name: pulumi.Output[str]
    """The log group with what people did by ECS Exec."""
    log_group_arn: pulumi.Output[str]
    """Its ARN."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:platform:Cluster", name, known(args), opts)
        child = pulumi.ResourceOptions(parent=self)
        region, tags = args["region"], args["tags"]
        key = aws.kms.Key(
            f"{name}-key",
            description="Container platform: ECS Exec sessions, logs, repositories",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=pulumi.Output.all(args["partition"], args["account_id"]).apply(
                lambda known: json.dumps(policies.key_policy(known[0], known[1], region, args["log_group_prefix"]))
            ),
            region=region,
            tags={**tags, "Name": f"{name}-key"},
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=args["protected"]),
        )
        aws.kms.Alias(f"{name}-key", target_key_id=key.key_id, region=region, opts=child)
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-exec",
            kms_key_id=key.arn,
            retention_in_days=args["log_retention_days"],
            region=region,
            tags={**tags, "Name": f"{name}-exec"},
            opts=child,
        )
        cluster = aws.ecs.Cluster(
            name,
            settings=[{"name": "containerInsights", "value": "enhanced"}],
            configuration={
                "execute_command_configuration": {
                    "kms_key_id": key.arn,
                    # Not the default, which would log with the awslogs settings of whatever container the session enters.
                    "logging": "OVERRIDE",
                    "log_configuration": {
                        "cloud_watch_encryption_enabled": True,
                        "cloud_watch_log_group_name": log_group.name,
                    },
                }
            },
            region=region,
            tags={**tags, "Name": name},
            opts=child,
        )
        self.name = cluster.name
        self.arn = cluster.arn
        self.key_arn = key.arn
        self.log_group_name = log_group.name
        self.log_group_arn = log_group.arn
        self.register_outputs(
            {
                "name": self.name,
                "arn": self.arn,
                "key_arn": self.key_arn,
                "log_group_name": self.log_group_name,
                "log_group_arn": self.log_group_arn,
            }
        )
