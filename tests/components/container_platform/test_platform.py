import json
from typing import Any

import pytest

from components.container_platform import ContainerPlatform, ContainerPlatformArgs
from tests.components.container_platform.support import platform, statements, web
from tests.recorder import ACCOUNT, REGION, Graph

CACHE = {"enabled": True, "username": "corp", "access_token": "dckr_pat_1"}
ACTIVATION = "aws:ssm/activation:Activation"


def outputs(graph: Graph) -> dict[str, Any]:
    """What the platform registered."""
    found: dict[str, Any] = next(made for urn, made in graph.outputs.items() if urn.endswith("ContainerPlatform::platform"))
    return found


def test_the_cluster_watches_its_containers_and_audits_ecs_exec() -> None:
    cluster = platform().one("aws:ecs/cluster:Cluster").inputs
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    assert cluster["configuration"] == {
        "executeCommandConfiguration": {
            "kmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/platform-cluster-key",
            "logging": "OVERRIDE",
            "logConfiguration": {"cloudWatchEncryptionEnabled": True, "cloudWatchLogGroupName": "platform-cluster-exec"},
        }
    }


def test_the_key_serves_the_log_groups_of_this_platform_alone() -> None:
    key = platform().one("aws:kms/key:Key")
    assert key.inputs["enableKeyRotation"] is True
    assert (key.protect, key.retain_on_delete) == (True, True)
    found = {one["Sid"]: one for one in json.loads(key.inputs["policy"])["Statement"]}
    assert found["EncryptLogGroups"]["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}
    assert found["EncryptLogGroups"]["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:platform-*"}
    }


def test_what_is_not_protected_can_be_destroyed() -> None:
    graph = platform(protected=False, repositories=["team/api"])
    assert not any(one.protect or one.retain_on_delete for one in graph.resources)
    assert graph.one("aws:lb/loadBalancer:LoadBalancer").inputs["enableDeletionProtection"] is False
    assert graph.one("aws:s3/bucket:Bucket").inputs["forceDestroy"] is True
    assert graph.one("aws:ecr/repository:Repository").inputs["forceDelete"] is True


def test_what_holds_something_is_protected_by_default() -> None:
    graph = platform(repositories=["team/api"])
    assert {one.type for one in graph.resources if one.protect} == {
        "aws:kms/key:Key",
        "aws:ecr/repository:Repository",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:s3/bucket:Bucket",
    }


def test_repositories_scan_keep_tags_for_good_and_expire_old_images() -> None:
    graph = platform(web(image="ecr:team/api:1.0"), repositories=["team/api"])
    repository = graph.one("aws:ecr/repository:Repository").inputs
    assert repository["name"] == "team/api"
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == [
        {"encryptionType": "KMS", "kmsKey": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/platform-cluster-key"}
    ]
    rules = json.loads(graph.one("aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs["policy"])["rules"]
    assert [(rule["selection"]["tagStatus"], rule["selection"]["countNumber"]) for rule in rules] == [
        ("untagged", 14),
        ("any", 100),
    ]
    assert outputs(graph)["repository_urls"] == {"team/api": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/api"}


def test_an_own_image_is_pulled_from_its_repository_by_a_role_that_may_pull_nothing_else() -> None:
    graph = platform(web(image="ecr:team/api:1.0"), repositories=["team/api", "tools"])
    task = json.loads(graph.one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"])
    assert task[0]["image"] == f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/api:1.0"
    found = statements(graph, "platform-web-execution")
    assert found["PullItsImage"]["Resource"] == [f"arn:aws:ecr:{REGION}:{ACCOUNT}:Repository/platform-registry-team-api"]
    assert found["LogInToTheRegistry"]["Resource"] == ["*"]
    assert "FillTheCache" not in found


def test_docker_hub_stays_docker_hub_unless_the_cache_is_enabled() -> None:
    graph = platform(web(), pull_through_cache={"enabled": False})
    assert graph.created("aws:ecr/pullThroughCacheRule:PullThroughCacheRule") == []
    task = json.loads(graph.one("aws:ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"])
    assert task[0]["image"] == "nginx:1.27"
    assert "repositoryCredentials" not in task[0]


def test_credentials_of_docker_hub_go_with_its_images_alone() -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:docker-hub-AbCdEf"
    graph = platform(web(), web(name="other", image="quay.io/a/b:1"), docker_hub_credentials_arn=secret)
    images = {
        one.name: json.loads(one.inputs["containerDefinitions"])[0].get("repositoryCredentials")
        for one in graph.created("aws:ecs/taskDefinition:TaskDefinition")
    }
    assert images == {"platform-web": {"credentialsParameter": secret}, "platform-other": None}
    assert statements(graph, "platform-web-execution")["ReadItsSecrets"]["Resource"] == [secret]


def test_the_cache_takes_the_images_of_docker_hub_and_leaves_the_others() -> None:
    graph = platform(web(), web(name="other", image="quay.io/a/b:1"), pull_through_cache=CACHE)
    rule = graph.one("aws:ecr/pullThroughCacheRule:PullThroughCacheRule").inputs
    assert (rule["ecrRepositoryPrefix"], rule["upstreamRegistryUrl"]) == ("docker-hub", "registry-1.docker.io")
    secret = graph.one("aws:secretsmanager/secret:Secret").inputs
    assert secret["namePrefix"].startswith("ecr-pullthroughcache/"), "Amazon ECR takes no other secret"
    assert "kmsKeyId" not in secret, "nor one under another key than AWS's own"
    version = graph.one("aws:secretsmanager/secretVersion:SecretVersion")
    assert json.loads(version.inputs["secretString"]) == {"username": "corp", "accessToken": "dckr_pat_1"}
    assert "secretString" in version.secrets
    images = {
        one.name: json.loads(one.inputs["containerDefinitions"])[0]["image"]
        for one in graph.created("aws:ecs/taskDefinition:TaskDefinition")
    }
    assert images == {
        "platform-web": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/docker-hub/library/nginx:1.27",
        "platform-other": "quay.io/a/b:1",
    }
    cached = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/docker-hub/*"
    fill = statements(graph, "platform-web-execution")["FillTheCache"]
    assert (fill["Action"], fill["Resource"]) == (["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"], [cached])


def test_a_cache_without_credentials_is_refused() -> None:
    with pytest.raises(ValueError, match="pull_through_cache is enabled without username or access_token"):
        platform(pull_through_cache={"enabled": True})


def test_on_premises_servers_have_a_role_even_when_none_may_join() -> None:
    graph = platform()
    assert graph.created(ACTIVATION) == []
    role = graph.one("aws:iam/role:Role", "platform-on-premises-role").inputs
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "ssm.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    attached = {
        one.inputs["policyArn"]
        for one in graph.created("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if one.inputs["role"] == "platform-on-premises-role"
    }
    assert attached == {"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}
    assert statements(graph, "platform-on-premises-agent") == statements(graph, "platform-hosts-agent")
    found = outputs(graph)
    assert found["on_premises_role_name"] == "platform-on-premises-role"
    assert not found.keys() & {"activation_id", "activation_code", "join_command"}


def test_an_activation_lets_a_number_of_servers_join_until_a_time() -> None:
    graph = platform(on_premises_servers={"count": 5, "expires": "2030-01-31T09:00:00Z"}, patch_group="hosts")
    activation = graph.one(ACTIVATION).inputs
    assert graph.one(ACTIVATION).ignore_changes == ("tags",), "Systems Manager would give out a new code for each edit of a tag"
    assert activation["iamRole"] == "platform-on-premises-role", "Systems Manager takes the name, not the ARN"
    assert (activation["registrationLimit"], activation["expirationDate"]) == (5, "2030-01-31T09:00:00Z")
    assert activation["tags"] == {"Project": "hybridge", "PatchGroup": "hosts", "Name": "platform-on-premises"}


def test_what_a_server_needs_to_join_is_a_secret() -> None:
    graph = platform(on_premises_servers={"count": 5})
    command = outputs(graph)["join_command"]
    assert "curl --fail" in command
    assert "docker=none || docker=all" in command
    assert command.endswith(
        f"--region {REGION} --cluster platform-cluster --activation-id platform-on-premises-activation-id"
        " --activation-code code --docker-install-source $docker"
    )
    assert graph.one("aws:ssm/activation:Activation").ignore_changes == ("tags",)


def test_services_and_target_groups_are_told_by_workload_and_side() -> None:
    found = outputs(platform(web(placement="both", route={}), web(name="edge", placement="onPremises")))
    assert found["service_names"] == {
        "web": "platform-web-aws",
        "web-on-premises": "platform-web-on-premises",
        "edge-on-premises": "platform-edge-on-premises",
    }
    assert found["target_group_arn_suffixes"] == {"web": "targetgroup/platform-web/2"}


def test_a_platform_without_workloads_stands() -> None:
    graph = platform()
    found = outputs(graph)
    assert (found["service_names"], found["target_group_arn_suffixes"], found["repository_urls"]) == ({}, {}, {})
    assert found["capacity_provider_name"] == "platform-hosts"


def test_a_second_workload_changes_nothing_about_the_first() -> None:
    alone = {one.urn: one.inputs for one in platform(web(route={})).resources if "platform-web" in one.name}
    both = {one.urn: one.inputs for one in platform(web(name="new", route={}), web(route={})).resources}
    assert {urn: both[urn] for urn in alone} == alone


def test_every_child_has_its_parent_its_region_and_its_tags() -> None:
    graph = platform(
        web(placement="both", route={}, scaling={"min_replicas": 1, "max_replicas": 2, "cpu_percent": 50}),
        repositories=["team/api"],
        pull_through_cache=CACHE,
        on_premises_servers={"count": 1},
    )
    untagged = {
        "aws:appautoscaling/policy:Policy",
        "aws:autoscaling/group:Group",  # Its tags have a form of their own.
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/alias:Alias",
        "aws:route53/record:Record",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:secretsmanager/secretVersion:SecretVersion",
    }
    for one in graph.resources:
        assert "ContainerPlatform" in one.parent or one.type == "hybridge:index:ContainerPlatform", one.urn
        if not one.custom:
            continue
        if not one.type.startswith(("aws:iam/", "aws:route53/")):
            assert one.inputs.get("region") == REGION, one.urn
        if one.type not in untagged:
            assert one.inputs["tags"]["Project"] == "hybridge", one.urn
            assert one.inputs["tags"]["Name"], one.urn


def test_no_child_waits_for_an_input_that_only_another_needs() -> None:
    graph = platform(web())
    for one in graph.resources:
        if not one.custom:
            assert not one.dependencies, f"{one.urn} would hold back its children"


def test_only_wiring_has_no_default() -> None:
    assert ContainerPlatformArgs.__required_keys__ == {
        "region",
        "vpc_id",
        "vpc_cidr_block",
        "private_subnet_ids",
        "on_premises_cidrs",
    }
    assert all(name in ContainerPlatform.__annotations__ for name in outputs(platform()))
