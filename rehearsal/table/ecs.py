"""ECS: the cluster and its capacity, task definitions, services on either side."""

import json
from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update


def _volumes(volumes: list[dict[str, Any]], context: Context) -> dict[str, Any]:
    """Folders of the server, and volumes that Docker keeps."""
    sent = []
    for one in volumes:
        docker = one.get("dockerVolumeConfiguration")
        kind = {"dockerVolumeConfiguration": docker} if docker else {"host": {"sourcePath": one["hostPath"]}}
        sent.append({"name": one["name"], **kind})
    return {"volumes": sent}


def _volumes_read(answer: dict[str, Any], context: Context) -> list[dict[str, Any]]:
    """The same in the provider's words."""
    found = []
    for one in answer["taskDefinition"].get("volumes", []):
        docker = one.get("dockerVolumeConfiguration")
        kind = {"dockerVolumeConfiguration": docker} if docker else {"hostPath": one["host"]["sourcePath"]}
        found.append({"name": one["name"], **kind})
    return found


ROWS: Table = {
    "aws:ecs/cluster:Cluster": Row(
        service="ecs",
        create="CreateCluster",
        id="$response.cluster.clusterArn",
        delete=(Call("DeleteCluster", {"cluster": "$id"}),),
        update=(Update("UpdateCluster", {"cluster": "$id"}),),
        autoname="name",
        inputs={"name": "clusterName"},
        read=(
            Read("DescribeClusters", {"clusters": ["$id"], "include": ["TAGS", "SETTINGS", "CONFIGURATIONS"]}, "clusters[0]"),
        ),
        outputs={"arn": "$id"},
    ),
    "aws:ecs/capacityProvider:CapacityProvider": Row(
        service="ecs",
        create="CreateCapacityProvider",
        id="$response.capacityProvider.capacityProviderArn",
        delete=(Call("DeleteCapacityProvider", {"capacityProvider": "$id"}),),
        update=(Update("UpdateCapacityProvider", {"name": "$id"}),),
        autoname="name",
        read=(
            Read(
                "DescribeCapacityProviders",
                {"capacityProviders": ["$id"], "include": ["TAGS"]},
                "capacityProviders[0]",
            ),
        ),
        outputs={"arn": "$id"},
        extended=True,
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Row(
        service="ecs",
        create="PutClusterCapacityProviders",
        id="$inputs.clusterName",
        delete=(
            Call(
                "PutClusterCapacityProviders",
                {"cluster": "$id", "capacityProviders": [], "defaultCapacityProviderStrategy": []},
            ),
        ),
        upsert=True,
        inputs={"clusterName": "cluster", "defaultCapacityProviderStrategies": "defaultCapacityProviderStrategy"},
        read=(
            Read(
                "DescribeClusters",
                {"clusters": ["$id"]},
                "clusters[?capacityProviders] | [0]",
                fields={"clusterName": "clusterName"},
            ),
        ),
        extended=True,
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Row(
        service="ecs",
        create="RegisterTaskDefinition",
        id="$response.taskDefinition.family",
        delete=(Call("DeregisterTaskDefinition", {"taskDefinition": "$outputs.arn"}, unless="skipDestroy"),),
        counter="revision",
        inputs={
            "containerDefinitions": lambda value, context: {"containerDefinitions": json.loads(value)},
            "volumes": _volumes,
        },
        local={"skipDestroy": "used at deletion only"},
        read=(
            Read(
                "DescribeTaskDefinition",
                {"taskDefinition": "$response.taskDefinition.taskDefinitionArn || outputs.arn", "include": ["TAGS"]},
                "@",
                fields={
                    "tags": "tags",
                    "volumes": _volumes_read,
                    "containerDefinitions": "taskDefinition.containerDefinitions",
                    **{
                        key: f"taskDefinition.{key}"
                        for key in (
                            "executionRoleArn",
                            "family",
                            "networkMode",
                            "requiresCompatibilities",
                            "taskRoleArn",
                        )
                    },
                },
            ),
        ),
        outputs={
            "arn": "$response.taskDefinition.taskDefinitionArn",
            "revision": "$response.taskDefinition.revision",
        },
        extended=True,
    ),
    "aws:ecs/service:Service": Row(
        service="ecs",
        create="CreateService",
        id="$response.service.serviceArn",
        delete=(
            Call("UpdateService", {"cluster": "$inputs.cluster", "service": "$id", "desiredCount": 0}),
            Call("DeleteService", {"cluster": "$inputs.cluster", "service": "$id", "force": "$inputs.forceDelete"}),
        ),
        update=(Update("UpdateService", {"cluster": "$inputs.cluster", "service": "$id"}),),
        autoname="name",
        inputs={
            "name": "serviceName",
            "capacityProviderStrategies": "capacityProviderStrategy",
            "orderedPlacementStrategies": "placementStrategy",
            "deploymentMaximumPercent": "deploymentConfiguration.maximumPercent",
            "deploymentMinimumHealthyPercent": "deploymentConfiguration.minimumHealthyPercent",
            "deploymentCircuitBreaker": "deploymentConfiguration.deploymentCircuitBreaker",
            "alarms": "deploymentConfiguration.alarms",
        },
        local={
            "waitForSteadyState": "the provider waits",
        },
        read=(
            Read(
                "DescribeServices",
                {"cluster": "$inputs.cluster", "services": ["$id"], "include": ["TAGS"]},
                "services[0]",
                fields={
                    "cluster": "clusterArn",
                    "deploymentMaximumPercent": "deploymentConfiguration.maximumPercent",
                    "deploymentMinimumHealthyPercent": "deploymentConfiguration.minimumHealthyPercent",
                    "deploymentCircuitBreaker": "deploymentConfiguration.deploymentCircuitBreaker",
                    "alarms": "deploymentConfiguration.alarms",
                },
            ),
        ),
        outputs={"arn": "$id", "name": "$response.service.serviceName"},
        extended=True,
    ),
}
