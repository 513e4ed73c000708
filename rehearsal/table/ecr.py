"""Amazon ECR: repositories, their lifecycle and replication, the pull-through cache."""

from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


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
        delete=(Call("DeleteRepository", {"repositoryName": "$id", "force": "$inputs.forceDelete"}),),
        update=(
            Update("PutImageTagMutability", {"repositoryName": "$id"}, takes=frozenset({"imageTagMutability"})),
            Update("PutImageScanningConfiguration", {"repositoryName": "$id"}, takes=frozenset({"imageScanningConfiguration"})),
        ),
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
        delete=(Call("DeleteLifecyclePolicy", {"repositoryName": "$id"}),),
        upsert=True,
        inputs={"repository": "repositoryName", "policy": "lifecyclePolicyText"},
        read=(Read("GetLifecyclePolicy", {"repositoryName": "$id"}, "@"),),
        outputs={"registryId": "$read.registryId"},
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": Row(
        service="ecr",
        create="CreatePullThroughCacheRule",
        id="$response.ecrRepositoryPrefix",
        delete=(Call("DeletePullThroughCacheRule", {"ecrRepositoryPrefix": "$id"}),),
        update=(Update("UpdatePullThroughCacheRule", {"ecrRepositoryPrefix": "$id"}, takes=frozenset({"credentialArn"})),),
        read=(Read("DescribePullThroughCacheRules", {"ecrRepositoryPrefixes": ["$id"]}, "pullThroughCacheRules[0]"),),
        outputs={"registryId": "$response.registryId"},
        extended=True,
    ),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": Row(
        service="ecr",
        create="PutReplicationConfiguration",
        id="$account",
        delete=(Call("PutReplicationConfiguration", {"replicationConfiguration": {"rules": []}}),),
        upsert=True,
        read=(Read("DescribeRegistry", {}, "[@][?replicationConfiguration.rules] | [0]"),),
        outputs={"registryId": "$read.registryId"},
        extended=True,
    ),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": Row(
        service="ecr",
        create="CreateRepositoryCreationTemplate",
        id="$response.repositoryCreationTemplate.prefix",
        delete=(Call("DeleteRepositoryCreationTemplate", {"prefix": "$id"}),),
        update=(Update("UpdateRepositoryCreationTemplate", {"prefix": "$id"}),),
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
