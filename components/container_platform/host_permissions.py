"""What every host of the cluster may do, on EC2 and on-premises alike."""

import json

import pulumi
import pulumi_aws as aws

from components.container_platform import policies


def grant_to_hosts(
    name: str,
    role: aws.iam.Role,
    cluster_arn: pulumi.Input[str],
    partition: pulumi.Input[str],
    parent: pulumi.Resource,
) -> list[pulumi.Resource]:
    """Let the agents on hosts with this role speak to one ECS cluster and to Systems Manager."""
    child = pulumi.ResourceOptions(parent=parent)
    return [
        # In place of AWS's own policy for ECS, which gives more than a host needs, as AWS says itself:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/iam-role-ecsanywhere.html
        aws.iam.RolePolicy(
            f"{name}-agent",
            role=role.name,
            policy=pulumi.Output.from_input(cluster_arn).apply(lambda arn: json.dumps(policies.host_permissions(arn))),
            opts=child,
        ),
        aws.iam.RolePolicyAttachment(
            f"{name}-systems-manager",
            role=role.name,
            policy_arn=pulumi.Output.concat("arn:", partition, ":iam::aws:policy/AmazonSSMManagedInstanceCore"),
            opts=child,
        ),
    ]
