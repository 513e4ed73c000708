"""The two roles of a workload: one with which ECS starts it, one with which it calls AWS itself."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.container_platform import policies
from components.container_platform.args import WorkloadArgs
from components.container_platform.placement import PulledImage, database_secret, parts_of, without_key
from components.container_platform.shared import PlatformArgs, tags


def task_trust(region: str, partition: pulumi.Input[str], account_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Who may assume the roles of all workloads: made once, as there may be hundreds."""
    return pulumi.Output.all(partition, account_id).apply(
        lambda known: json.dumps(policies.trust_tasks(known[0], known[1], region))
    )


def task_policy(exec_log_group_arn: pulumi.Input[str], key_arn: pulumi.Input[str], *, tracing: bool) -> pulumi.Output[str]:
    """What the containers of every workload may call: made once."""
    return pulumi.Output.all(exec_log_group_arn, key_arn).apply(
        lambda known: json.dumps(policies.task_permissions(known[0], known[1], tracing=tracing))
    )


def _role(name: str, description: str, platform: PlatformArgs, opts: pulumi.ResourceOptions) -> aws.iam.Role:
    return aws.iam.Role(
        name,
        description=description,
        assume_role_policy=platform["task_trust"],
        tags=tags(platform, name),
        opts=opts,
    )


def execution_role(
    name: str,
    *,
    workload: WorkloadArgs,
    platform: PlatformArgs,
    log_group: aws.cloudwatch.LogGroup,
    images: Sequence[PulledImage],
    opts: pulumi.ResourceOptions,
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """With this ECS starts the workload: pulls its image, reads its secrets, opens its log."""
    sources = sorted({source for part in parts_of(workload) for source in part.get("secrets", {}).values()})
    role = _role(name, f"ECS starts {workload['name']}", platform, opts)
    database = platform["database"]
    secrets: list[pulumi.Input[str]] = [without_key(arn) for arn in sources if ":secretsmanager:" in arn]
    keys: list[pulumi.Input[str]] = []
    credentials = sorted({image.credentials_arn for image in images if image.credentials_arn})
    secrets += credentials
    if any(source.startswith("arn:") for source in sources) or credentials:
        keys += platform["secret_key_arns"]
    if database and any(source.startswith("database:") for source in sources):
        secrets.append(database_secret(database, workload["name"]))
        keys.append(database["kms_key_arn"])
    policy = aws.iam.RolePolicy(
        name,
        role=role.name,
        policy=pulumi.Output.all(
            log_group=log_group.arn,
            secrets=secrets,
            parameters=[arn for arn in sources if ":ssm:" in arn],
            keys=keys,
            repositories=[arn for image in images for arn in image.repository_arns],
            cache=next((image.cache_arn for image in images if image.cache_arn is not None), None),
        ).apply(
            lambda known: json.dumps(
                policies.execution_permissions(
                    known["log_group"],
                    secret_arns=known["secrets"],
                    parameter_arns=known["parameters"],
                    key_arns=known["keys"],
                    repository_arns=known["repositories"],
                    cache_arn=known["cache"],
                )
            )
        ),
        opts=opts,
    )
    return role, policy


def task_role(
    name: str, workload: WorkloadArgs, platform: PlatformArgs, opts: pulumi.ResourceOptions
) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    """With this the container itself calls AWS, on either side; also what gives the role its permissions."""
    role = _role(name, f"Containers of {workload['name']}", platform, opts)
    policy = aws.iam.RolePolicy(name, role=role.name, policy=platform["task_policy"], opts=opts)
    attachments = [
        aws.iam.RolePolicyAttachment(f"{name}-{arn.rsplit('/', 1)[-1]}", role=role.name, policy_arn=arn, opts=opts)
        for arn in workload.get("policy_arns", ())
    ]
    return role, [policy, *attachments]
