"""What AWS refuses of containers, and moto would let through."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.emulator import Emulator, Refused
from tests.rehearsal.support import REGION

ACCOUNT = "123456789012"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


class Account:
    """An account with a network, a cluster, a group of hosts and two task definitions."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        self.vpc = self("ec2", "CreateVpc", CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self("ec2", "CreateSubnet", VpcId=self.vpc, CidrBlock=f"10.20.{i}.0/24", AvailabilityZone=f"{REGION}{zone}")[
                "Subnet"
            ]["SubnetId"]
            for i, zone in enumerate("ac")
        ]
        role = self("iam", "CreateRole", RoleName="task", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        self("ecs", "CreateCluster", clusterName="cluster")
        for family, wanted in (("both", ["EC2", "EXTERNAL"]), ("here", ["EC2"])):
            self(
                "ecs",
                "RegisterTaskDefinition",
                family=family,
                networkMode="bridge",
                requiresCompatibilities=wanted,
                taskRoleArn=role,
                containerDefinitions=[
                    {"name": "web", "image": "nginx:1", "memory": 64, "portMappings": [{"containerPort": 80}]}
                ],
            )

    def __call__(self, service: str, operation: str, **params: Any) -> dict[str, Any]:
        return self.aws.call(service, operation, params, region=REGION)

    def group(self, name: str = "hosts", **more: Any) -> str:
        """An auto scaling group; its ARN."""
        data = {"ImageId": "ami-12c6146b", "InstanceType": "m5.large"}
        template = self("ec2", "CreateLaunchTemplate", LaunchTemplateName=name, LaunchTemplateData=data)["LaunchTemplate"]
        request = {
            "AutoScalingGroupName": name,
            "MinSize": 0,
            "MaxSize": 1,
            "VPCZoneIdentifier": self.subnets[0],
            "LaunchTemplate": {"LaunchTemplateId": template["LaunchTemplateId"], "Version": "1"},
            **more,
        }
        self("autoscaling", "CreateAutoScalingGroup", **request)
        found = self("autoscaling", "DescribeAutoScalingGroups", AutoScalingGroupNames=[name])
        arn: str = found["AutoScalingGroups"][0]["AutoScalingGroupARN"]
        return arn

    def service(self, **params: Any) -> dict[str, Any]:
        """A service on the EC2 hosts, unless told otherwise."""
        request = {"cluster": "cluster", "serviceName": "web", "taskDefinition": "both", "desiredCount": 1, **params}
        return self("ecs", "CreateService", **request)

    def target_group(self, **more: Any) -> str:
        """A target group; its ARN."""
        request = {"Name": "web", "Protocol": "HTTP", "Port": 80, "VpcId": self.vpc, "TargetType": "instance", **more}
        arn: str = self("elbv2", "CreateTargetGroup", **request)["TargetGroups"][0]["TargetGroupArn"]
        return arn

    def balancer(self) -> str:
        """An internal load balancer; its ARN."""
        made = self("elbv2", "CreateLoadBalancer", Name="apps", Scheme="internal", Subnets=self.subnets)
        arn: str = made["LoadBalancers"][0]["LoadBalancerArn"]
        return arn


@pytest.fixture
def account() -> Iterator[Account]:
    with Emulator() as aws:
        yield Account(aws)


def refused(message: str) -> Any:
    return pytest.raises(Refused, match=message)


def behind(account: Account, group: str) -> None:
    """Give a target group to a load balancer."""
    account(
        "elbv2",
        "CreateListener",
        LoadBalancerArn=account.balancer(),
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )


def target(group: str, name: str = "web", port: int = 80) -> list[dict[str, Any]]:
    return [{"targetGroupArn": group, "containerName": name, "containerPort": port}]


def test_a_service_takes_a_target_group_only_once_a_load_balancer_has_it(account: Account) -> None:
    group = account.target_group()
    with refused("does not have an associated load balancer"):
        account.service(loadBalancers=target(group))
    behind(account, group)
    with refused("did not have a container port 81 defined"):
        account.service(loadBalancers=target(group, port=81))
    with refused("container api does not exist"):
        account.service(loadBalancers=target(group, name="api"))
    with refused("does not exist"):
        account.service(loadBalancers=target(f"{group}0"))
    assert account.service(loadBalancers=target(group))["service"]["loadBalancers"][0]["targetGroupArn"] == group


def test_a_target_group_is_behind_the_load_balancer_that_leads_to_it_now(account: Account) -> None:
    first, second = account.target_group(Name="first"), account.target_group(Name="second")
    behind(account, first)
    (balancer,) = account("elbv2", "DescribeLoadBalancers")["LoadBalancers"]

    def led() -> set[str]:
        found = account("elbv2", "DescribeTargetGroups")["TargetGroups"]
        return {one["TargetGroupName"] for one in found if balancer["LoadBalancerArn"] in one["LoadBalancerArns"]}

    (listener,) = account("elbv2", "DescribeListeners", LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    account("elbv2", "ModifyListener", ListenerArn=listener["ListenerArn"], DefaultActions=fixed)
    assert led() == set()
    path = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}}]
    actions = [[{"Type": "forward", "TargetGroupArn": arn}] for arn in (first, second)]
    made = account("elbv2", "CreateRule", ListenerArn=listener["ListenerArn"], Priority=1, Conditions=path, Actions=actions[0])
    assert led() == {"first"}
    rule = made["Rules"][0]["RuleArn"]
    account("elbv2", "ModifyRule", RuleArn=rule, Actions=actions[1])
    assert led() == {"second"}
    account.service(loadBalancers=target(second))
    with refused("does not have an associated load balancer"):
        account.service(serviceName="other", loadBalancers=target(first))
    account("elbv2", "DeleteRule", RuleArn=rule)
    assert led() == set()


def test_bridge_networking_wants_targets_by_instance(account: Account) -> None:
    group = account.target_group(TargetType="ip")
    behind(account, group)
    with refused("target type ip, which is incompatible with the bridge network mode"):
        account.service(loadBalancers=target(group))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"loadBalancers": target(f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/a/1")}, "load balancers"),
        ({"serviceRegistries": [{"registryArn": f"arn:aws:servicediscovery:{REGION}:{ACCOUNT}:service/a"}]}, "discovery"),
        ({"placementStrategy": [{"type": "spread", "field": "instanceId"}]}, "a placement strategy"),
        ({"taskDefinition": "here"}, "does not support launch_type EXTERNAL"),
        ({"availabilityZoneRebalancing": "ENABLED"}, "rebalancing is not supported for EXTERNAL"),
        ({"capacityProviderStrategy": [{"capacityProvider": "hosts"}]}, "both a launch type and capacity provider strategy"),
    ],
)
def test_a_service_on_premises_has_nothing_that_ecs_anywhere_has_not_got(
    account: Account, params: dict[str, Any], message: str
) -> None:
    with refused(message):
        account.service(launchType="EXTERNAL", **params)


def test_a_service_on_premises_is_kept_and_told_as_such(account: Account) -> None:
    account.service(launchType="EXTERNAL", deploymentConfiguration={"minimumHealthyPercent": 0, "maximumPercent": 100})
    (found,) = account("ecs", "DescribeServices", cluster="cluster", services=["web"])["services"]
    assert found["launchType"] == "EXTERNAL"
    assert found["deploymentConfiguration"] == {"minimumHealthyPercent": 0, "maximumPercent": 100}
    with refused("not idempotent"):
        account.service(launchType="EXTERNAL")


def test_on_premises_copies_are_not_scaled(account: Account) -> None:
    account.service(launchType="EXTERNAL")
    with refused("EXTERNAL launch type do not support auto scaling"):
        account(
            "application-autoscaling",
            "RegisterScalableTarget",
            ServiceNamespace="ecs",
            ResourceId="service/cluster/web",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=1,
            MaxCapacity=2,
        )


def test_a_policy_needs_a_target_and_requests_a_target_group_behind_the_load_balancer(account: Account) -> None:
    account.service()
    scale = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/cluster/web",
        "ScalableDimension": "ecs:service:DesiredCount",
    }

    def policy(metric: dict[str, Any]) -> None:
        tracking = {"TargetValue": 50.0, "PredefinedMetricSpecification": metric}
        account(
            "application-autoscaling",
            "PutScalingPolicy",
            **scale,
            PolicyName="p",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracking,
        )

    cpu = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
    with refused("No scalable target registered"):
        policy(cpu)
    account("application-autoscaling", "RegisterScalableTarget", **scale, MinCapacity=1, MaxCapacity=2)
    policy(cpu)
    requests = {"PredefinedMetricType": "ALBRequestCountPerTarget"}
    with refused("A resource label goes with"):
        policy(requests)
    label = "app/apps/0123456789abcdef/targetgroup/web/0123456789abcdef"
    with refused("is not of a load balancer"):
        policy({**requests, "ResourceLabel": label})


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"capacityProviderStrategy": [{"capacityProvider": "hosts"}]}, "hosts is not associated with the cluster"),
        ({"healthCheckGracePeriodSeconds": 30}, "only valid for services configured to use load balancers"),
        (
            {"availabilityZoneRebalancing": "ENABLED", "placementStrategy": [{"type": "binpack", "field": "memory"}]},
            "a spread over zones as the first strategy",
        ),
        (
            {"availabilityZoneRebalancing": "ENABLED", "deploymentConfiguration": {"maximumPercent": 100}},
            "a maximumPercent above 100",
        ),
    ],
)
def test_a_service_is_refused_what_does_not_fit_it(account: Account, params: dict[str, Any], message: str) -> None:
    with refused(message):
        account.service(**params)


def test_ecs_exec_needs_a_role_of_the_task(account: Account) -> None:
    container = {"name": "web", "image": "nginx:1", "memory": 64}
    account("ecs", "RegisterTaskDefinition", family="bare", networkMode="bridge", containerDefinitions=[container])
    with refused("a valid taskRoleArn is not being used"):
        account.service(taskDefinition="bare", enableExecuteCommand=True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"networkMode": "awsvpc"}, "awsvpc is not supported for the EXTERNAL"),
        (
            {"volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-12345678"}}]},
            "EFS volumes are not supported",
        ),
        ({"executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/none"}, "Role is not valid"),
    ],
)
def test_a_definition_for_on_premises_is_checked(account: Account, changes: dict[str, Any], message: str) -> None:
    request = {
        "family": "f",
        "networkMode": "bridge",
        "requiresCompatibilities": ["EXTERNAL"],
        "containerDefinitions": [{"name": "web", "image": "nginx:1", "memory": 64}],
        **changes,
    }
    with refused(message):
        account("ecs", "RegisterTaskDefinition", **request)


@pytest.mark.parametrize(
    ("container", "message"),
    [
        ({"mountPoints": [{"sourceVolume": "none", "containerPath": "/x"}]}, "unknown volume 'none'"),
        ({"links": ["none"]}, "depends on 'none'"),
        ({"portMappings": [{"containerPort": 1, "hostPort": 40_000}]}, "host port 40000 is reserved"),
        ({"secrets": [{"name": "A", "valueFrom": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/a"}]}, "'executionRoleArn'"),
    ],
)
def test_a_container_is_checked_against_its_definition(account: Account, container: dict[str, Any], message: str) -> None:
    one = {"name": "web", "image": "nginx:1", "memory": 64, **container}
    with refused(message):
        account("ecs", "RegisterTaskDefinition", family="f", networkMode="bridge", containerDefinitions=[one])


def test_a_capacity_provider_is_over_a_group_that_protects_its_instances(account: Account) -> None:
    def provider(name: str, arn: str, scaling: str = "ENABLED") -> dict[str, Any]:
        details = {
            "autoScalingGroupArn": arn,
            "managedScaling": {"status": scaling},
            "managedTerminationProtection": "ENABLED",
        }
        return account("ecs", "CreateCapacityProvider", name=name, autoScalingGroupProvider=details)

    open_group, protected = account.group(), account.group("safe", NewInstancesProtectedFromScaleIn=True)
    with refused("must have instance protection from scale in enabled"):
        provider("hosts", open_group)
    with refused("works only with managed scaling"):
        provider("hosts", protected, "DISABLED")
    with refused("must not begin with aws, ecs or fargate"):
        provider("ecs-hosts", protected)
    with refused("ARN is not valid"):
        provider("hosts", protected.replace("safe", "none"))
    provider("hosts", protected)
    with refused("is used by hosts already"):
        provider("more", protected)
    with refused("none was not found"):
        account(
            "ecs",
            "PutClusterCapacityProviders",
            cluster="cluster",
            capacityProviders=["none"],
            defaultCapacityProviderStrategy=[],
        )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"VPCZoneIdentifier": "subnet-00000000"}, "The subnet ID 'subnet-00000000' does not exist"),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-0123456789abcdef0"}}, "The launch template does not exist"),
        ({"MinSize": 3}, "must lie between min size 3 and max size 1"),
    ],
)
def test_a_group_is_of_a_template_and_subnets_that_exist(account: Account, changes: dict[str, Any], message: str) -> None:
    with refused(message):
        account.group(**changes)


def test_access_logs_go_to_a_bucket_that_lets_the_service_write(account: Account) -> None:
    balancer = account.balancer()
    location = {"LocationConstraint": REGION}

    def turn_on(bucket: str) -> None:
        attributes = [
            {"Key": "access_logs.s3.enabled", "Value": "true"},
            {"Key": "access_logs.s3.bucket", "Value": bucket},
        ]
        account("elbv2", "ModifyLoadBalancerAttributes", LoadBalancerArn=balancer, Attributes=attributes)

    with refused("The bucket none does not exist"):
        turn_on("none")
    account("s3", "CreateBucket", Bucket="balancer-logs", CreateBucketConfiguration=location)
    with refused("Access Denied for bucket: balancer-logs"):
        turn_on("balancer-logs")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::balancer-logs/AWSLogs/{ACCOUNT}/*",
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    account("s3", "PutBucketPolicy", Bucket="balancer-logs", Policy=json.dumps(document))
    turn_on("balancer-logs")


def test_a_load_balancer_has_two_zones_and_https_a_certificate(account: Account) -> None:
    with refused("two different Availability Zones"):
        account("elbv2", "CreateLoadBalancer", Name="one", Scheme="internal", Subnets=account.subnets[:1])
    answer = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    request = {"LoadBalancerArn": account.balancer(), "Port": 443, "Protocol": "HTTPS", "DefaultActions": answer}
    with refused("A certificate must be specified"):
        account("elbv2", "CreateListener", **request)
    arn = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef"
    with refused("not found"):
        account("elbv2", "CreateListener", **request, Certificates=[{"CertificateArn": arn}])


def test_a_cache_of_docker_hub_has_credentials_under_awss_own_key(account: Account) -> None:
    def rule(arn: str, url: str = "registry-1.docker.io") -> None:
        account(
            "ecr",
            "CreatePullThroughCacheRule",
            ecrRepositoryPrefix="docker-hub",
            upstreamRegistryUrl=url,
            credentialArn=arn,
        )

    def secret(name: str, **more: Any) -> str:
        made = account("secretsmanager", "CreateSecret", Name=f"ecr-pullthroughcache/{name}", **more)
        arn: str = made["ARN"]
        return arn

    good = json.dumps({"username": "corp", "accessToken": "token"})
    with refused("was not found"):
        rule(f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:ecr-pullthroughcache/none-AbCdEf")
    with refused("not encrypted with the default aws/secretsmanager key"):
        key = account("kms", "CreateKey")["KeyMetadata"]["Arn"]
        rule(secret("own-key", SecretString=good, KmsKeyId=key))
    with refused("does not hold a username and an accessToken"):
        rule(secret("wrong", SecretString=json.dumps({"user": "corp"})))
    with refused("is not supported"):
        rule(secret("other", SecretString=good), "registry.example")
    rule(secret("good", SecretString=good))
    with refused("already exists"):
        rule(secret("again", SecretString=good))


def test_a_template_of_repositories_needs_a_role_for_tags_and_keys(account: Account) -> None:
    request = {"prefix": "docker-hub", "appliedFor": ["PULL_THROUGH_CACHE"]}
    with refused("A custom role is needed"):
        account("ecr", "CreateRepositoryCreationTemplate", **request, resourceTags=[{"Key": "a", "Value": "b"}])
    account("ecr", "CreateRepositoryCreationTemplate", **request)


def test_an_activation_is_for_a_role_that_trusts_systems_manager(account: Account) -> None:
    with refused("Nonexistent role or missing ssm service principal in trust policy: task"):
        account("ssm", "CreateActivation", IamRole="task")
    with refused("Nonexistent role"):
        account("ssm", "CreateActivation", IamRole="none")


def replication(*destinations: tuple[str, str], filters: int = 1, rules: int = 1) -> dict[str, Any]:
    rule = {
        "destinations": [{"region": region, "registryId": account} for region, account in destinations],
        "repositoryFilters": [{"filter": f"team/app-{number}", "filterType": "PREFIX_MATCH"} for number in range(filters)],
    }
    return {"replicationConfiguration": {"rules": [rule] * rules}}


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (replication((REGION, ACCOUNT)), "cannot be the same as the source"),
        (replication(("ap-northeast-9", ACCOUNT)), "ap-northeast-9 is no valid destination"),
        (replication(("ap-northeast-1", ACCOUNT), filters=101), "repositoryFilters"),
        (replication(("ap-northeast-1", ACCOUNT), rules=11), "10 rules"),
        (replication(*(("ap-northeast-1", f"{number:012}") for number in range(26))), "25 destinations"),
    ],
)
def test_images_are_replicated_elsewhere_within_limits(account: Account, wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        account("ecr", "PutReplicationConfiguration", **wanted)


def test_a_registry_replicates_by_several_rules_and_tells_which(account: Account) -> None:
    wanted = replication(("ap-northeast-1", ACCOUNT), (REGION, "210987654321"), filters=100, rules=2)
    account("ecr", "PutReplicationConfiguration", **wanted)
    assert account("ecr", "DescribeRegistry")["replicationConfiguration"] == wanted["replicationConfiguration"]


def test_a_service_that_is_registered_is_brought_within_its_bounds_at_once(account: Account) -> None:
    account("ecs", "CreateService", cluster="cluster", serviceName="web", taskDefinition="here", desiredCount=0)
    target = {"ServiceNamespace": "ecs", "ResourceId": "service/cluster/web", "ScalableDimension": "ecs:service:DesiredCount"}
    for least, most, expected in ((3, 8, 3), (1, 8, 3), (0, 0, 0)):
        account("application-autoscaling", "RegisterScalableTarget", **target, MinCapacity=least, MaxCapacity=most)
        (service,) = account("ecs", "DescribeServices", cluster="cluster", services=["web"])["services"]
        assert service["desiredCount"] == expected
