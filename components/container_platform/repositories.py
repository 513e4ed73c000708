"""Repositories of Amazon ECR, wherever they are: encrypted, scanned, each tag for ever one image."""

import json
from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform import policies

KEPT_IMAGES = 100
"""Images of a repository that stay: enough to roll back far."""
UNTAGGED_DAYS = 14
"""Days after which an image without a tag goes."""


class RepositoryPlaceArgs(TypedDict):
    """Where repositories are made, and how."""

    region: str
    """Region of the repositories."""
    tags: Mapping[str, str]
    """Tags of each, next to `Name`."""
    key_arn: pulumi.Input[str]
    """KMS key of that region which encrypts them."""
    protected: bool
    """Whether a destroy of repositories with images is refused."""
    outlives: NotRequired[bool]
    """Whether a destroy leaves them as they are, though it is not refused. Default: what is not protected goes."""


def make_repository(name: str, repository: str, place: RepositoryPlaceArgs, parent: pulumi.Resource) -> aws.ecr.Repository:
    """Make one, with its lifecycle."""
    outlives = place.get("outlives", False)
    made = aws.ecr.Repository(
        name,
        # People and build servers push by this name.
        name=repository,
        # What a tag stands for never changes, so that rolling back is going back.
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration={"scan_on_push": True},
        encryption_configurations=[{"encryption_type": "KMS", "kms_key": place["key_arn"]}],
        force_delete=not place["protected"],
        region=place["region"],
        tags={**place["tags"], "Name": repository},
        opts=pulumi.ResourceOptions(parent=parent, protect=place["protected"], retain_on_delete=place["protected"] or outlives),
    )
    aws.ecr.LifecyclePolicy(
        name,
        repository=made.name,
        policy=json.dumps(policies.repository_lifecycle(KEPT_IMAGES, UNTAGGED_DAYS)),
        region=place["region"],
        # Another policy makes it anew, and both are the repository's one: deleted last, the old would take the new with it.
        opts=pulumi.ResourceOptions(parent=parent, retain_on_delete=outlives, delete_before_replace=True),
    )
    return made
