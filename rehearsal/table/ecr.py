"""Amazon ECR: repositories, their lifecycle and replication, the pull-through cache."""

from typing import Any

from rehearsal.row import Context, Read, Row, Table


def _encryption(configurations: list[dict[str, Any]], context: Context) -> dict[str, Any]:
    """A list in the provider, one structure in the API."""
    (one,) = configurations
    return {
        "encryptionConfiguration": {
            "encryptionType": one["encryptionType"],
            **({"kmsKey": one["kmsKey"]} if "kmsKey" in one else {}),
        }
    }


ROWS: Table = {
    "aws:ecr/repository:Repository": Row(
        service="ecr",
        create="CreateRepository",
        id="$response.repository.repositoryName",
        autoname="name",
        inputs={"name": "repositoryName", "encryptionConfigurations": _encryption},
        local={"forceDelete": "used at deletion only"},
        read=(
            Read(
                "DescribeRepositories",
                {"repositoryNames": ["$id"]},
                "repositories[0]",
                fields={"encryptionConfigurations": "[encryptionConfiguration]"},
            ),
            Read("ListTagsForResource", {"resourceArn": "$read.repositoryArn"}, "@", fields={"tags": "tags"}),
        ),
        outputs={
            "arn": "$response.repository.repositoryArn",
            "repositoryUrl": "$response.repository.repositoryUri",
            "registryId": "$response.repository.registryId",
        },
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Row(
        service="ecr",
        create="PutLifecyclePolicy",
        id="$inputs.repository",
        inputs={"repository": "repositoryName", "policy": "lifecyclePolicyText"},
        read=(Read("GetLifecyclePolicy", {"repositoryName": "$id"}, "@"),),
        outputs={"registryId": "$read.registryId"},
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Row(
        service="ecr",
        create="CreatePullThroughCacheRule",
        id="$response.ecrRepositoryPrefix",
        read=(Read("DescribePullThroughCacheRules", {"ecrRepositoryPrefixes": ["$id"]}, "pullThroughCacheRules[0]"),),
        outputs={"registryId": "$response.registryId"},
        extended=True,
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": Row(
        service="ecr",
        create="PutReplicationConfiguration",
        id="$account",
        read=(Read("DescribeRegistry", {}, "@"),),
        outputs={"registryId": "$read.registryId"},
        extended=True,
    ),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": Row(
        service="ecr",
        create="CreateRepositoryCreationTemplate",
        id="$response.repositoryCreationTemplate.prefix",
        inputs={"encryptionConfigurations": _encryption},
        read=(
            Read(
                "DescribeRepositoryCreationTemplates",
                {"prefixes": ["$id"]},
                "repositoryCreationTemplates[0]",
                fields={"encryptionConfigurations": "[encryptionConfiguration]"},
            ),
        ),
        outputs={"registryId": "$response.registryId"},
        extended=True,
    ),
}
