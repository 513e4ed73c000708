"""A container platform on mocks, and ways to look at it."""

import json
from typing import Any

from components.container_platform import ContainerPlatform
from tests.recorder import ACCOUNT, REGION, Graph, deploy

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/database"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:database-AbCdEf"
DATABASE: dict[str, Any] = {"secret_arn": SECRET, "kms_key_arn": KEY, "security_group_id": "sg-database", "port": 5432}
FILES: dict[str, Any] = {
    "bucket_name": "files-1234567",
    "access_policy_arn": f"arn:aws:iam::{ACCOUNT}:policy/files",
    "mount_path": "/mnt/files",
}
ARGS: dict[str, Any] = {
    "region": REGION,
    "tags": {"Project": "hybridge"},
    "instance_type": "m6i.large",
    "min_instances": 2,
    "max_instances": 6,
    "vpc_id": "vpc-1",
    "vpc_cidr_block": "10.20.0.0/16",
    "private_subnet_ids": ["subnet-a", "subnet-c"],
    "on_premises_cidrs": ["192.168.0.0/16", "172.16.0.0/12"],
    "private_zone_id": "Z1",
    "private_zone_name": "aws.corp.example",
    "database": DATABASE,
    "files": FILES,
    "workloads": [],
}


def web(**changes: Any) -> dict[str, Any]:
    """A small workload."""
    return {"name": "web", "image": "nginx:1.27", "ports": [{"container_port": 8080}], **changes}


def computed(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """What the provider would compute, as far as other resources are made of it."""
    known: dict[str, dict[str, Any]] = {
        "Bucket": {"bucket": name},
        "LoadBalancer": {"arnSuffix": f"app/{name}/1", "dnsName": f"{name}.elb.example", "zoneId": "ZALB"},
        "TargetGroup": {"arnSuffix": f"targetgroup/{name}/2"},
        "Cluster": {"arn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/{name}"},
        "LogGroup": {"arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"},
        "Repository": {"repositoryUrl": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{inputs.get('name')}"},
        "LaunchTemplate": {"latestVersion": 3},
        "Activation": {"activationCode": "code"},
    }
    return known.get(type_.rsplit(":", 1)[-1], {})


def platform(*workloads: dict[str, Any], **changes: Any) -> Graph:
    """The graph of a platform with these workloads."""
    args: Any = {**ARGS, "workloads": list(workloads), **changes}
    return deploy(
        lambda: ContainerPlatform("platform", args),
        outputs=computed,
        functions={"aws:ec2/getAmi:getAmi": {"rootDeviceName": "/dev/sda1", "id": "ami-1"}},
    )


def definitions(graph: Graph, name: str = "platform-web") -> list[dict[str, Any]]:
    """The container definitions of a workload."""
    text = graph.one("aws:ecs/taskDefinition:TaskDefinition", name).inputs["containerDefinitions"]
    found: list[dict[str, Any]] = json.loads(text)
    return found


def statements(graph: Graph, name: str, type_: str = "aws:iam/rolePolicy:RolePolicy") -> dict[str, dict[str, Any]]:
    """The statements of a policy, by Sid."""
    document = json.loads(graph.one(type_, name).inputs["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}
