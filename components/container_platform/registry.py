"""Amazon ECR: repositories for own images, and a cache of Docker Hub."""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform import policies
from components.container_platform.args import PullThroughCacheArgs
from components.container_platform.image_copies import ImageCopies
from components.container_platform.repositories import KEPT_IMAGES, UNTAGGED_DAYS, make_repository
from components.images import CACHE_PREFIX
from components.inputs import gathered, known


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
    repositories_exist: bool
    """Whether they are in the region already, and made by another platform."""
    copies_region: str | None
    """Another region that gets copies of the images, if any."""
    pull_through_cache: PullThroughCacheArgs | None
    """The cache of Docker Hub, if any."""
    protected: bool
    """Whether a destroy of repositories with images is refused."""


class Registry(pulumi.ComponentResource):
    """Repositories for own images stand, with copies in another region if asked for and, if enabled, a cache of Docker Hub."""

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
        if args["copies_region"] and args["repositories"]:
            ImageCopies(
                f"{name}-copies",
                {
                    "region": args["region"],
                    "copies_region": args["copies_region"],
                    "tags": args["tags"],
                    "account_id": args["account_id"],
                    "partition": args["partition"],
                    "repositories": args["repositories"],
                    "protected": args["protected"],
                },
                pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({"repository_urls": self.repository_urls})

    def _repository(self, name: str, args: RegistryArgs, repository: str) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """URL and ARN."""
        if args["repositories_exist"]:
            return _url(args, repository), _arn(args, repository)
        made = make_repository(
            f"{name}-{repository.replace('/', '-')}",
            repository,
            {"region": args["region"], "tags": args["tags"], "key_arn": args["key_arn"], "protected": args["protected"]},
            self,
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
            opts=pulumi.ResourceOptions(
                parent=self,
                # Amazon ECR tries the credentials when the rule is made; the first pull needs the template.
                depends_on=[version, template],
                # A prefix is of one rule.
                delete_before_replace=True,
            ),
        )
        return _url(args, rule.ecr_repository_prefix), _arn(args, pulumi.Output.concat(rule.ecr_repository_prefix, "/*"))


def _url(args: RegistryArgs, repository: pulumi.Input[str]) -> pulumi.Output[str]:
    suffix = pulumi.Output.from_input(args["partition"]).apply(lambda known: ".cn" if known == "aws-cn" else "")
    return pulumi.Output.concat(args["account_id"], ".dkr.ecr.", args["region"], ".amazonaws.com", suffix, "/", repository)


def _arn(args: RegistryArgs, repository: pulumi.Input[str]) -> pulumi.Output[str]:
    place = f":ecr:{args['region']}:"
    return pulumi.Output.concat("arn:", args["partition"], place, args["account_id"], ":repository/", repository)
