"""The two roles that DMS looks for by name, once per account."""

import json
from typing import Literal

import pulumi
import pulumi_aws as aws

from components.database import iam

DMS_ROLES = {
    "dms-vpc-role": ("service-role/AmazonDMSVPCManagementRole", "Lets DMS place replication instances into a VPC"),
    "dms-cloudwatch-logs-role": ("service-role/AmazonDMSCloudWatchLogsRole", "Lets DMS write the logs of its tasks"),
}
"""Role name, fixed by DMS -> its AWS managed policy and what it is for."""


class DmsRoles(pulumi.ComponentResource):
    """The account-wide roles `dms-vpc-role` and `dms-cloudwatch-logs-role`, made here or found in the account.

    An account has one of each, in whatever region: the second stack of an account adopts them. Adopting makes nothing, but
    looks them up, so that a missing one fails before DMS does. They outlive the stage `done` where they were made.
    """

    attachments: list[pulumi.Resource]
    """What the first DMS resource has to wait for; empty if adopted."""

    def __init__(
        self,
        name: str,
        ownership: Literal["create", "adopt"],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        outlives: bool = False,
    ) -> None:
        super().__init__("hybridge:database:DmsRoles", name, {}, opts)
        # What adopted them may be there for longer.
        kept = pulumi.ResourceOptions(parent=self, retain_on_delete=outlives)
        self.attachments = []
        arns: dict[str, pulumi.Output[str]] = {}
        invoke = pulumi.InvokeOutputOptions(parent=self)
        partition = aws.get_partition_output(opts=invoke).partition
        account = aws.get_caller_identity_output(opts=invoke).account_id
        for role_name, (policy, description) in DMS_ROLES.items():
            if ownership == "adopt":
                arns[role_name] = aws.iam.get_role_output(name=role_name, opts=invoke).arn
                continue
            role = aws.iam.Role(
                f"{name}-{role_name}",
                name=role_name,
                description=description,
                assume_role_policy=account.apply(lambda account_id: json.dumps(iam.dms_trust("dms.amazonaws.com", account_id))),
                tags={**tags, "Name": role_name},
                opts=kept,
            )
            attachment = aws.iam.RolePolicyAttachment(
                f"{name}-{role_name}",
                role=role.name,
                policy_arn=pulumi.Output.concat("arn:", partition, f":iam::aws:policy/{policy}"),
                opts=kept,
            )
            self.attachments.append(attachment)
            arns[role_name] = role.arn
        self.register_outputs({"arns": arns})
