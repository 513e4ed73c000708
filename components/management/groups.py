"""Resource groups: what belongs together, found by its tags."""

import json

import pulumi
import pulumi_aws as aws

from components.management.args import ManagementArgs
from components.management.documents import tag_query


class ResourceGroups(pulumi.ComponentResource):
    """Everything, the hosts of both sides, and what is backed up can each be seen and acted on as one."""

    arns: dict[str, pulumi.Output[str]]
    """The groups: `all` (unless there are no tags), `hosts`, `backups`."""

    def __init__(self, name: str, args: ManagementArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:index:ResourceGroups", name, {"region": args["region"], "tags": args["tags"]}, opts)
        queries = {
            "all": ("Everything of this deployment", args["tags"]),
            "hosts": ("Hosts in AWS and on-premises", {"PatchGroup": args["patch_group"]}),
            "backups": ("What AWS Backup keeps", {"Backup": args["backup_tag"]}),
        }
        self.arns = {
            group: aws.resourcegroups.Group(
                f"{name}-{group}",
                description=description,
                resource_query={"type": "TAG_FILTERS_1_0", "query": json.dumps(tag_query(tags))},
                tags={**args["tags"], "Name": f"{name}-{group}"},
                region=args["region"],
                opts=pulumi.ResourceOptions(parent=self),
            ).arn
            for group, (description, tags) in queries.items()
            if tags
        }
        self.register_outputs({"arns": self.arns})
