"""What people who run the platform may do: a policy for each kind of work, to attach to whatever roles they sign in with."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.management import operator_policies
from components.management.args import Common

KINDS: dict[str, str] = {
    "look": "See hosts, containers, data, backups, alarms and logs of the platform, and change nothing",
    "shell": "Open a shell on hosts of either side, recorded, and in containers",
    "run": "Run the documents that come with the platform on its hosts, and read what they answered",
    "restore": "Restore backups beside what they were taken of",
}
"""Kind of work -> what its policy allows, as AWS shows it."""


class OperatorsArgs(Common):
    """What Operators takes."""

    patch_group: str
    """The value of the tag `PatchGroup` of the hosts."""
    key_arns: Sequence[pulumi.Input[str]]
    """The keys of sessions, of ECS Exec, and of logs."""
    log_group_names: Sequence[pulumi.Input[str]]
    """The log groups of sessions and commands."""
    document_names: Sequence[pulumi.Input[str]]
    """The Run Command documents."""
    cluster_name: pulumi.Input[str] | None
    """The ECS cluster."""
    restore_role_arn: pulumi.Input[str] | None
    """The role with which AWS Backup restores; None without backups."""


class Operators(pulumi.ComponentResource):
    """A managed policy for each kind of work, attached to nobody: who signs in, and how, is the account's affair."""

    policy_arns: dict[str, pulumi.Output[str]]
    """The policies, by kind of work: look, shell, run, restore."""

    def __init__(self, name: str, args: OperatorsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:Operators", name, {**args}, opts)
        known = pulumi.Output.all(
            partition=args["partition"],
            account=args["account"],
            key_arns=pulumi.Output.all(*args["key_arns"]),
            log_group_names=pulumi.Output.all(*args["log_group_names"]),
            document_names=pulumi.Output.all(*args["document_names"]),
            cluster=args["cluster_name"],
            restore_role_arn=args["restore_role_arn"],
        )

        def policy(kind: str, document: Callable[[dict[str, Any]], dict[str, Any]]) -> pulumi.Output[str]:
            return aws.iam.Policy(
                f"{name}-{kind}",
                description=KINDS[kind],
                policy=known.apply(
                    lambda given: json.dumps(document({**given, "region": args["region"], "patch_group": args["patch_group"]}))
                ),
                tags={**args["tags"], "Name": f"{name}-{kind}"},
                opts=pulumi.ResourceOptions(parent=self),
            ).arn

        self.policy_arns = {
            "look": policy("look", operator_policies.look),
            "shell": policy("shell", operator_policies.shell),
            "run": policy("run", operator_policies.run),
        }
        if args["restore_role_arn"] is not None:
            self.policy_arns["restore"] = policy("restore", operator_policies.restore)
        self.register_outputs({"policy_arns": self.policy_arns})
