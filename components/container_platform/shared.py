"""What every workload gets from its platform."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import pulumi

from components.container_platform.args import DatabaseAccessArgs


class ZoneArgs(TypedDict):
    """A private hosted zone."""

    id: pulumi.Input[str]
    """Its id."""
    name: pulumi.Input[str]
    """Its domain."""
    routing: Mapping[str, Any] | None
    """What records here carry beside name and target. None: there are none, the names lead to another region."""


class LoadBalancerOutputs(TypedDict):
    """What routes and scaling need of the load balancer."""

    listener_arn: pulumi.Input[str]
    """The listener that takes rules."""
    arn_suffix: pulumi.Input[str]
    """The end of the load balancer's ARN."""
    dns_name: pulumi.Input[str]
    """Its own DNS name."""
    zone_id: pulumi.Input[str]
    """Hosted zone of that name."""


class PlatformArgs(TypedDict):
    """What every workload gets from its platform."""

    name: str
    """Its name, with which those of its resources begin."""
    region: str
    """Region of every regional resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    partition: pulumi.Input[str]
    """The AWS partition."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    cluster_name: pulumi.Input[str]
    """The cluster."""
    cluster_arn: pulumi.Input[str]
    """Its ARN."""
    capacity_provider_name: pulumi.Input[str]
    """The EC2 hosts."""
    key_arn: pulumi.Input[str]
    """The platform's KMS key."""
    task_trust: pulumi.Input[str]
    """Policy document: who may assume the roles of a workload."""
    task_policy: pulumi.Input[str]
    """Policy document: what every container may call."""
    log_retention_days: int
    """Days for which the workload's logs are kept."""
    protected: bool
    """Whether what holds data outlives what wrote it: logs, here."""
    wait_for_steady_state: bool | None
    """Whether an update waits for each service. None: it does not."""
    tracing: bool
    """Whether a collector stands next to the container."""
    load_balancer: LoadBalancerOutputs
    """The load balancer."""
    zone: ZoneArgs | None
    """Private hosted zone, if there is one: there each workload with a route has a name."""
    database: DatabaseAccessArgs | None
    """The database, if there is one."""
    shared_path: str | None
    """Where hosts mount the shared files, if they do."""
    repositories: Mapping[str, tuple[pulumi.Input[str], pulumi.Input[str]]]
    """Own repositories: name to URL and ARN."""
    cache: tuple[pulumi.Input[str], pulumi.Input[str]] | None
    """URL and ARN pattern of Docker Hub's cache, if images come through it."""
    docker_hub_credentials_arn: str | None
    """Secret with a user of Docker Hub, unless it is asked anonymously."""
    schedule_group_name: pulumi.Input[str] | None
    """Where schedules of jobs are kept; None: no job has one."""
    schedule_trust: pulumi.Input[str]
    """Policy document: who may assume the roles that start jobs."""
    server_addresses: Sequence[str]
    """Servers on-premises that the load balancer may send requests to."""
    registries: Mapping[str, str]
    """Hosts of other registries, to a secret with a user of each."""
    secret_key_arns: Sequence[str]
    """KMS keys of secrets that are named by ARN."""


def tags(platform: PlatformArgs, name: str) -> dict[str, str]:
    """The tags of a resource of a workload."""
    return {**platform["tags"], "Name": name}
