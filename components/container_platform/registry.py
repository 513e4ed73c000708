"""Amazon ECR: repositories for own images, and a cache of Docker Hub."""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform import policies
from components.container_platform.args import PullThroughCacheArgs
from components.images import CACHE_PREFIX
from components.inputs import gathered, known

KEPT_IMAGES = 100
"""Images of a repository that stay: enough to roll back far."""
UNTAGGED_DAYS = 14
"""Days after which an image without a tag goes."""


class RegistryArgs(TypedDict):
    """What ContainerPlatform gives to its registry."""

    region: str
    """Region of every resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    account_id: pulumi.Input[str]
    """The AWS account."""
    partition: pulumi.Input[str]
    """The AWS partition."""
    key_arn: pulumi.Input[str]
    """KMS key of the repositories."""
    repositories: Sequence[str]
    """Names of the repositories."""
    pull_through_cache: PullThroughCacheArgs | None
    """The cache of Docker Hub, if any."""
    protected: bool
    """Whether a destroy of repositories with images is refused."""


class Registry(pulumi.ComponentResource):
    """Repositories for own images stand and, if enabled, a cache of Docker Hub."""

    repository_urls: pulumi.Output[dict[str, str]]
    """Repository name to what image names of it begin with."""
    repository_sources: dict[str, tuple[pulumi.Output[str], pulumi.Output[str]]]
    """Repository name to the same and its ARN."""
    cache_source: tuple[pulumi.Output[str], pulumi.Output[str]] | None
    """What the names of cached images of Docker Hub begin with, and the ARN pattern of their repositories; None without."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        cache = args["pull_through_cache"]
        if cache and cache["enabled"] and not ("username" in cache and "access_token" in cache):
            raise ValueError(
                f"{name}: pull_through_cache is enabled without username or access_token; Amazon ECR caches Docker Hub only "
                "with both; give both"
            )
        super().__init__("hybridge:platform:Registry", name, known(args), opts)
        self.repository_sources = {repository: self._repository(name, args, repository) for repository in args["repositories"]}
        self.repository_urls = gathered({key: url for key, (url, _) in self.repository_sources.items()})
        self.cache_source = self._pull_through_cache(name, args, cache) if cache and cache["enabled"] else None
        self.register_outputs({"repository_urls": self.repository_urls})

    def _repository(self, name: str, args: RegistryArgs, repository: str) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        key = repository.replace("/", "-")
        made = aws.ecr.Repository(
            f"{name}-{key}",
            # People and build servers push by this name.
            name=repository,
            # What a tag stands for never changes, so that rolling back is going back.
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": args["key_arn"]}],
            force_delete=not args["protected"],
            region=args["region"],
            tags={**args["tags"], "Name": repository},
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=args["protected"]),
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-{key}",
            repository=made.name,
            policy=json.dumps(policies.repository_lifecycle(KEPT_IMAGES, UNTAGGED_DAYS)),
            region=args["region"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        return made.repository_url, made.arn

    def _pull_through_cache(
        self, name: str, args: RegistryArgs, cache: PullThroughCacheArgs
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        child, region = pulumi.ResourceOptions(parent=self), args["region"]
        secret = aws.secretsmanager.Secret(
            f"{name}-docker-hub",
            # Amazon ECR takes no other beginning, and no key but AWS's own for Secrets Manager, hence none here.
            name_prefix="ecr-pullthroughcache/docker-hub-",
            description="Docker Hub credentials of the pull-through cache",
            # Nothing is lost with it: it is in the stack's configuration.
            recovery_window_in_days=0,
            region=region,
            tags={**args["tags"], "Name": f"{name}-docker-hub"},
            opts=child,
        )
        version = aws.secretsmanager.SecretVersion(
            f"{name}-docker-hub",
            secret_id=secret.id,
            secret_string=pulumi.Output.json_dumps(
                {"username": cache["username"], "accessToken": pulumi.Output.secret(cache["access_token"])}
            ),
            region=region,
            opts=child,
        )
        # Repositories of the cache come into being with the first pull, as this says. Without KMS keys or tags of its own it
        # needs no role.
        template = aws.ecr.RepositoryCreationTemplate(
            f"{name}-docker-hub",
            prefix=CACHE_PREFIX,
            applied_fors=["PULL_THROUGH_CACHE"],
            description="Images of Docker Hub",
            # Docker Hub moves tags, and the cache follows.
            image_tag_mutability="MUTABLE",
            lifecycle_policy=json.dumps(policies.repository_lifecycle(KEPT_IMAGES, UNTAGGED_DAYS)),
            region=region,
            opts=child,
        )
        rule = aws.ecr.PullThroughCacheRule(
            f"{name}-docker-hub",
            ecr_repository_prefix=CACHE_PREFIX,
            upstream_registry_url="registry-1.docker.io",
            credential_arn=secret.arn,
            region=region,
            # Amazon ECR tries the credentials when the rule is made; the first pull needs the template.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[version, template]),
        )
        account, partition = args["account_id"], args["partition"]
        suffix = pulumi.Output.from_input(partition).apply(lambda known: ".cn" if known == "aws-cn" else "")
        url = pulumi.Output.concat(account, ".dkr.ecr.", region, ".amazonaws.com", suffix, "/", rule.ecr_repository_prefix)
        arn = pulumi.Output.concat(
            "arn:", partition, ":ecr:", region, ":", account, ":repository/", rule.ecr_repository_prefix, "/*"
        )
        return url, arn
