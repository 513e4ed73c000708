"""Copies of the images in another region, so that containers start there though this region is lost."""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform import policies
from components.container_platform.repositories import make_repository
from components.inputs import known

FILTERS_OF_A_RULE = 100
"""Prefixes that one rule of a replication takes. https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"""


class ImageCopiesArgs(TypedDict):
    """What Registry gives to its copies."""

    region: str
    """The region of the registry that is copied."""
    copies_region: str
    """The other region."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    account_id: pulumi.Input[str]
    """The AWS account."""
    partition: pulumi.Input[str]
    """The AWS partition."""
    repositories: Sequence[str]
    """Names of the repositories, in both regions."""
    protected: bool
    """Whether a destroy of the key, and of repositories with images, is refused. They outlive the platform either way."""


class ImageCopies(pulumi.ComponentResource):
    """Each repository has its like in the other region, and every image that is pushed arrives there as well.

    Nothing is copied twice, back, or deleted there along with the original; images pushed before are not copied. The copies
    stay when the platform goes: by then that of the other region may run them.
    """

    def __init__(self, name: str, args: ImageCopiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:platform:ImageCopies", name, known(args), opts)
        child, region, tags = pulumi.ResourceOptions(parent=self), args["copies_region"], args["tags"]
        key = aws.kms.Key(
            f"{name}-key",
            description="Copies of container images",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=pulumi.Output.all(args["partition"], args["account_id"]).apply(
                lambda known: json.dumps(policies.account_key_policy(known[0], known[1]))
            ),
            region=region,
            tags={**tags, "Name": f"{name}-key"},
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=True),
        )
        aws.kms.Alias(f"{name}-key", target_key_id=key.key_id, region=region, opts=child)
        # Not left to the replication, nor to a template for what it makes: a template reaches a repository only by the
        # namespace in front of its name, and knows no scanning.
        made = [
            make_repository(
                f"{name}-{repository.replace('/', '-')}",
                repository,
                {"region": region, "tags": tags, "key_arn": key.arn, "protected": args["protected"], "outlives": True},
                self,
            )
            for repository in args["repositories"]
        ]
        aws.ecr.ReplicationConfiguration(
            name,
            replication_configuration={
                "rules": [
                    {
                        "destinations": [{"region": region, "registry_id": args["account_id"]}],
                        # Amazon ECR knows prefixes only: shop/orders stands for shop/orders-v2 as well.
                        "repository_filters": [{"filter": repository, "filter_type": "PREFIX_MATCH"} for repository in part],
                    }
                    for part in _parts(args["repositories"])
                ]
            },
            region=args["region"],
            # The first image to be copied would make its repository unencrypted, and encryption is for life.
            opts=pulumi.ResourceOptions(parent=self, depends_on=made),
        )
        self.register_outputs({})


def _parts(repositories: Sequence[str]) -> list[Sequence[str]]:
    return [repositories[start : start + FILTERS_OF_A_RULE] for start in range(0, len(repositories), FILTERS_OF_A_RULE)]
