"""ECS Anywhere: the role of on-premises servers, and the Systems Manager activation by which they join the cluster."""

import json
from collections.abc import Mapping
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform import policies
from components.container_platform.args import OnPremisesServersArgs
from components.container_platform.host_permissions import grant_to_hosts
from components.inputs import known


class AnywhereArgs(TypedDict):
    """What ContainerPlatform gives to its on-premises side."""

    region: str
    """Region of every regional resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    account_id: pulumi.Input[str]
    """The AWS account."""
    partition: pulumi.Input[str]
    """The AWS partition."""
    cluster_name: pulumi.Input[str]
    """The cluster to join."""
    cluster_arn: pulumi.Input[str]
    """Its ARN."""
    servers: OnPremisesServersArgs
    """How many servers may join now."""
    patch_group: str | None
    """Value of the tag `PatchGroup` that the servers get on joining, if it is set."""


class Anywhere(pulumi.ComponentResource):
    """On-premises servers have a role and, while any may join, an activation by which they do."""

    role_name: pulumi.Output[str]
    """Role of the servers. It stays when nobody may join any more: those that have joined go on using it."""
    activation_id: pulumi.Output[str] | None
    """Id of the activation; None if no server may join now. So are the other two."""
    activation_code: pulumi.Output[str] | None
    """Its code; a secret."""
    join_command: pulumi.Output[str] | None
    """What root runs on a server to join; a secret."""

    def __init__(self, name: str, args: AnywhereArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:platform:Anywhere", name, known(args), opts)
        child = pulumi.ResourceOptions(parent=self)
        region, servers = args["region"], args["servers"]
        role = aws.iam.Role(
            f"{name}-role",
            description="On-premises servers of the container platform",
            assume_role_policy=pulumi.Output.all(args["partition"], args["account_id"]).apply(
                lambda known: json.dumps(policies.trust_managed_nodes(known[0], known[1], region))
            ),
            tags={**args["tags"], "Name": f"{name}-role"},
            opts=child,
        )
        permissions = grant_to_hosts(name, role, args["cluster_arn"], args["partition"], self)
        self.role_name = role.name
        self.activation_id = self.activation_code = self.join_command = None
        if servers["count"]:
            patch_group = {"PatchGroup": args["patch_group"]} if args["patch_group"] else {}
            activation = aws.ssm.Activation(
                f"{name}-activation",
                name=name,
                description="On-premises servers join the container platform",
                # By name: Systems Manager takes no ARN here.
                iam_role=role.name,
                registration_limit=servers["count"],
                expiration_date=servers.get("expires"),
                region=region,
                # Fixed once made, and handed to each server that joins.
                tags={**args["tags"], **patch_group, "Name": name},
                opts=pulumi.ResourceOptions(
                    parent=self,
                    # A server that joins at once would find a role that may do nothing yet.
                    depends_on=permissions,
                    # Even a tag makes it anew: a new code, which AWS refuses once `expires` has passed.
                    ignore_changes=["tags"],
                    # Whoever has it joins a server of his own; the provider does not mark it.
                    additional_secret_outputs=["activation_code"],
                ),
            )
            self.activation_id = activation.id
            self.activation_code = pulumi.Output.secret(activation.activation_code)
            self.join_command = pulumi.Output.secret(
                pulumi.Output.all(args["cluster_name"], activation.id, activation.activation_code).apply(
                    lambda known: join_command(region, *known)
                )
            )
        self.register_outputs(
            {
                "role_name": self.role_name,
                "activation_id": self.activation_id,
                "activation_code": self.activation_code,
                "join_command": self.join_command,
            }
        )


def join_command(region: str, cluster: str, activation_id: str, activation_code: str) -> str:
    """What root runs on a server: AWS's installer of Docker, the SSM agent and the ECS agent.

    The server needs DNS that answers for the region's AWS names, over Direct Connect by the inbound resolver: of the agent's
    endpoints only one can be overridden in its configuration.
    """
    installer = "https://amazon-ecs-agent.s3.amazonaws.com/ecs-anywhere-install-latest.sh"
    return (
        # On RHEL the installer stops unless it is told that Docker is there already; an error page must not be run.
        "set -e; folder=$(mktemp -d); command -v docker >/dev/null && docker=none || docker=all; "
        f'curl --fail --proto "=https" -o "$folder/install.sh" {installer}; '
        f'bash "$folder/install.sh" --region {region} --cluster {cluster}'
        f" --activation-id {activation_id} --activation-code {activation_code} --docker-install-source $docker"
    )
