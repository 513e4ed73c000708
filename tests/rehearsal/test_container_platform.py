"""The container platform with everything that the stacks of the project leave off, in an emulated account."""

import base64
import datetime
import json
from typing import Any

import pytest

from tests.rehearsal.platform import API, BATCH, POLICY, WEB, platform
from tests.rehearsal.support import REGION, rehearsed

ACCOUNT = "123456789012"
CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef"
IMAGE = "ami-0123456789abcdef0"
SERVICE = "aws:ecs/service:Service"


def test_everything_that_somebody_else_made_is_taken_over() -> None:
    adopted = {
        "hybridge:containers": {"amiId": IMAGE, "keyName": "ops", "certificateArn": CERTIFICATE},
        "hybridge:workloads": [{"secrets": API["secrets"], "policyArns": [POLICY]}],
    }
    program = platform(
        WEB, API, repositories=["team/api"], ami_id=IMAGE, key_name="ops", certificate_arn=CERTIFICATE, tracing=True
    )
    with rehearsed(program, adopted) as result:
        assert result.good, result.report
        template = result.one("aws:ec2/launchTemplate:LaunchTemplate")
        assert (template.inputs["imageId"], template.inputs["keyName"]) == (IMAGE, "ops")
        hosts = result.aws.call("ec2", "DescribeInstances", {}, region=REGION)["Reservations"]
        assert {one["ImageId"] for host in hosts for one in host["Instances"]} == {IMAGE}
        listeners = {node.inputs["port"]: node.inputs["protocol"] for node in result.created("aws:lb/listener:Listener")}
        assert listeners == {80: "HTTP", 443: "HTTPS"}
        for task in result.created("aws:ecs/taskDefinition:TaskDefinition"):
            assert [one["name"] for one in json.loads(task.inputs["containerDefinitions"])][1:] == ["collector"]


def test_the_pull_through_cache_is_made_with_credentials_that_amazon_ecr_takes() -> None:
    cache = {"enabled": True, "username": "corp", "access_token": "dckr_pat_1"}
    with rehearsed(platform(WEB, BATCH, pull_through_cache=cache)) as result:
        assert result.good, result.report
        rules = result.aws.call("ecr", "DescribePullThroughCacheRules", {}, region=REGION)["pullThroughCacheRules"]
        assert [(rule["ecrRepositoryPrefix"], rule["upstreamRegistry"]) for rule in rules] == [("docker-hub", "docker-hub")]
        images = {
            json.loads(task.inputs["containerDefinitions"])[0]["image"]
            for task in result.created("aws:ecs/taskDefinition:TaskDefinition")
        }
        registry = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/docker-hub/library"
        assert images == {f"{registry}/nginx:1.27", f"{registry}/busybox:1.37"}


def test_servers_may_join_until_a_time_of_their_own() -> None:
    later = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with rehearsed(platform(BATCH, on_premises_servers={"count": 5, "expires": later})) as result:
        assert result.good, result.report
        node = result.one("aws:ssm/activation:Activation")
        assert (node.fidelity, node.gaps) == ("extended", [])
        (found,) = result.aws.call("ssm", "DescribeActivations", {}, region=REGION)["ActivationList"]
        assert (found["ActivationId"], found["RegistrationLimit"]) == (node.id, 5)
        role = result.one("aws:iam/role:Role", "platform-on-premises-role")
        assert found["IamRole"] == role.id


@pytest.mark.parametrize("days", [-1, 31])
def test_a_time_that_systems_manager_refuses_is_refused(days: int) -> None:
    time = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with rehearsed(platform(BATCH, on_premises_servers={"count": 5, "expires": time})) as result:
        assert "Expiration date must be in the future and within 30 days" in result.report


def test_hosts_mount_efs_next_to_the_bucket() -> None:
    workload = {"name": "web", "image": "nginx:1.27", "files": [{"path": "/cache", "source": "efs", "read_only": False}]}
    with rehearsed(platform(workload, efs=True)) as result:
        assert result.good, result.report
        template = result.one("aws:ec2/launchTemplate:LaunchTemplate")
        text = base64.b64decode(template.inputs["userData"]).decode()
        system, point = result.one("aws:efs/fileSystem:FileSystem").id, result.one("aws:efs/accessPoint:AccessPoint").id
        assert f"-o tls,accesspoint={point} {system}:/ /efs" in text
        task = result.one("aws:ecs/taskDefinition:TaskDefinition")
        assert task.inputs["volumes"] == [{"name": "efs", "hostPath": "/efs"}]


def test_a_platform_stands_without_database_files_and_workloads() -> None:
    with rehearsed(platform(BATCH, database=False, files=False)) as result:
        assert result.good, result.report
    with rehearsed(platform(database=False, files=False, workloads=[])) as result:
        assert result.good, result.report
        assert result.created(SERVICE) == []


@pytest.mark.parametrize(
    ("workload", "refusal"),
    [
        ({**API, "route": {"paths": [f"/{i}" for i in range(6)]}}, "at most 5 condition values"),
        ({**API, "route": {"paths": ["/*/*/*/*/*/*/*"]}}, "at most 6 wildcards"),
        ({**API, "ports": [{"container_port": 9000, "host_port": 2375}]}, "host port 2375 is reserved"),
    ],
)
def test_what_aws_refuses_is_refused_in_the_emulated_account(workload: dict[str, Any], refusal: str) -> None:
    with rehearsed(platform(workload, repositories=["team/api"])) as result:
        assert not result.good
        assert refusal in result.report


def test_two_rules_of_one_priority_are_refused() -> None:
    workloads = [
        {
            "name": f"w{i}",
            "image": "nginx:1.27",
            "ports": [{"container_port": 80}],
            "route": {"paths": [f"/{i}"], "priority": 7},
        }
        for i in range(2)
    ]
    with rehearsed(platform(*workloads)) as result:
        assert "PriorityInUse" in result.report
