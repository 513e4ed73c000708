import json
from typing import Any

import pytest

from components import collector, routing
from tests.components.container_platform.support import DATABASE, KEY, SECRET, definitions, platform, statements, web
from tests.recorder import ACCOUNT, REGION

SERVICE = "aws:ecs/service:Service"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TEAM_SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:team-AbCdEf"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/team/flag"


def test_a_workload_with_a_user_of_its_own_reads_that_secret_and_no_other() -> None:
    own = SECRET.replace("database", "database-user-shop")
    mine, other = web(name="mine", secrets={"A": "database:password"}), web(name="other", secrets={"A": "database:password"})
    graph = platform(mine, other, database={**DATABASE, "user_secret_arns": {"mine": own}})
    for name, arn, foreign in (("mine", own, SECRET), ("other", SECRET, own)):
        definition = graph.one(TASK, f"platform-{name}").inputs["containerDefinitions"]
        policy = graph.one("aws:iam/rolePolicy:RolePolicy", f"platform-{name}-execution").inputs["policy"]
        for text in (definition, policy):
            assert arn in text
            assert foreign not in text


def test_one_definition_serves_both_sides() -> None:
    graph = platform(web(placement="both", files=[{"path": "/data"}], secrets={"PASSWORD": "database:password"}))
    task = graph.one(TASK)
    assert task.inputs["requiresCompatibilities"] == ["EC2", "EXTERNAL"]
    assert task.inputs["networkMode"] == "bridge"
    assert {one.inputs["taskDefinition"] for one in graph.created(SERVICE)} == {
        f"arn:aws:ecs:{REGION}:{ACCOUNT}:TaskDefinition/platform-web"
    }
    assert graph.names(SERVICE) == ["platform-web-aws", "platform-web-on-premises"]


@pytest.mark.parametrize(("placement", "compatible"), [("aws", ["EC2"]), ("onPremises", ["EXTERNAL"])])
def test_a_definition_is_checked_for_the_sides_it_runs_on_alone(placement: str, compatible: list[str]) -> None:
    graph = platform(web(placement=placement))
    assert graph.one(TASK).inputs["requiresCompatibilities"] == compatible
    assert len(graph.created(SERVICE)) == 1


def test_a_definition_holds_what_the_workload_says_and_what_both_sides_need() -> None:
    workload = web(
        command=["serve"],
        ports=[{"container_port": 8080}, {"container_port": 53, "host_port": 53, "protocol": "udp"}],
        cpu=512,
        memory=1024,
        environment={"MODE": "full", "AWS_REGION": "elsewhere"},
        secrets={"PASSWORD": "database:password", "FLAG": PARAMETER},
        files=[{"path": "/data", "sub_path": "invoices", "read_only": False}, {"path": "/all"}],
        health_check={"command": ["CMD-SHELL", "curl -f localhost"], "start_seconds": 10},
    )
    (container,) = definitions(platform(workload))
    assert container == {
        "name": "web",
        "image": "nginx:1.27",
        "essential": True,
        "command": ["serve"],
        "cpu": 512,
        "memory": 1024,
        "environment": [{"name": "AWS_REGION", "value": "elsewhere"}, {"name": "MODE", "value": "full"}],
        "secrets": [
            {"name": "FLAG", "valueFrom": PARAMETER},
            {"name": "PASSWORD", "valueFrom": f"{SECRET}:password::"},
        ],
        "portMappings": [
            {"containerPort": 8080, "hostPort": 0, "protocol": "tcp"},
            {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
        ],
        "mountPoints": [
            {"sourceVolume": "shared-491dabd4", "containerPath": "/data", "readOnly": False},
            {"sourceVolume": "shared", "containerPath": "/all", "readOnly": True},
        ],
        "volumesFrom": [],
        "healthCheck": {
            "command": ["CMD-SHELL", "curl -f localhost"],
            "interval": 30,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 10,
        },
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "platform-web",
                "awslogs-region": REGION,
                "awslogs-stream-prefix": "web",
                "mode": "non-blocking",
                "max-buffer-size": "25m",
            },
        },
        "linuxParameters": {"initProcessEnabled": True},
        "restartPolicy": {"enabled": True, "restartAttemptPeriod": 60},
    }


def test_what_docker_runs_containers_with_is_carried_over() -> None:
    workload = web(
        entry_point=["/app"], user="1000:1000", working_directory="/srv", stop_seconds=90, memory_reservation=128,
        shared_memory_mib=256, read_only_root=True, ulimits={"nofile": {"soft": 1024, "hard": 65536}},
        extra_hosts={"erp": "10.10.0.9"}, capabilities={"add": ["NET_ADMIN"], "drop": ["ALL"]},
        volumes=[{"name": "queue", "path": "/var/queue"}, {"name": "logs", "path": "/logs", "host_path": "/var/log/web"}],
    )  # fmt: skip
    graph = platform(workload)
    definition = graph.one("aws:ecs/taskDefinition:TaskDefinition").inputs
    (container,) = json.loads(definition["containerDefinitions"])
    assert {key: container[key] for key in ("entryPoint", "user", "workingDirectory", "stopTimeout", "memoryReservation")} == {
        "entryPoint": ["/app"],
        "user": "1000:1000",
        "workingDirectory": "/srv",
        "stopTimeout": 90,
        "memoryReservation": 128,
    }
    assert container["ulimits"] == [{"name": "nofile", "softLimit": 1024, "hardLimit": 65536}]
    assert container["extraHosts"] == [{"hostname": "erp", "ipAddress": "10.10.0.9"}]
    assert container["linuxParameters"] == {
        "initProcessEnabled": True,
        "capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]},
        "sharedMemorySize": 256,
    }
    assert container["readonlyRootFilesystem"] is True
    assert graph.one(SERVICE).inputs["enableExecuteCommand"] is False
    assert [mount["containerPath"] for mount in container["mountPoints"]] == ["/var/queue", "/logs"]
    assert definition["volumes"] == [
        {"name": "queue", "dockerVolumeConfiguration": {"scope": "shared", "autoprovision": True, "driver": "local"}},
        {"name": "logs", "hostPath": "/var/log/web"},
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"replicas": 1}, (0, 100)),
        ({"replicas": 2}, (50, 100)),
        ({"replicas": 2, "on_premises_healthy_percent": 100}, (100, 200)),
        ({"replicas": 2, "on_premises_healthy_percent": 0}, (0, 100)),
    ],
)
def test_a_deployment_on_premises_keeps_half_of_the_copies_up(changes: dict[str, Any], expected: tuple[int, int]) -> None:
    inputs = platform(web(placement="onPremises", **changes)).one(SERVICE).inputs
    assert (inputs["deploymentMinimumHealthyPercent"], inputs["deploymentMaximumPercent"]) == expected


def test_copies_on_premises_may_be_kept_apart_and_on_some_servers() -> None:
    inputs = platform(web(placement="onPremises", spread=True, servers=["attribute:site == seoul"])).one(SERVICE).inputs
    assert inputs["placementConstraints"] == [
        {"type": "memberOf", "expression": "attribute:site == seoul"},
        {"type": "distinctInstance"},
    ]


def test_files_are_folders_of_the_server_the_same_on_both_sides() -> None:
    graph = platform(web(placement="both", files=[{"path": "/a", "sub_path": "invoices"}, {"path": "/b"}, {"path": "/c"}]))
    assert graph.one(TASK).inputs["volumes"] == [
        {"name": "shared", "hostPath": "/mnt/files"},
        {"name": "shared-491dabd4", "hostPath": "/mnt/files/invoices"},
    ]


def test_a_health_check_without_a_shell_is_a_list() -> None:
    (container,) = definitions(platform(web(health_check={"command": ["CMD", "/ready", "now"]})))
    assert container["healthCheck"]["command"] == ["CMD", "/ready", "now"]


def test_a_service_on_aws_runs_on_the_hosts_spreads_over_zones_and_rolls_back() -> None:
    service = platform(web(replicas=2)).one(SERVICE, "platform-web-aws")
    inputs = service.inputs
    assert inputs["capacityProviderStrategies"] == [{"capacityProvider": "platform-hosts", "weight": 1, "base": 0}]
    assert "launchType" not in inputs
    assert inputs["orderedPlacementStrategies"][0] == {"type": "spread", "field": "attribute:ecs.availability-zone"}
    assert inputs["availabilityZoneRebalancing"] == "ENABLED"
    assert (inputs["deploymentMinimumHealthyPercent"], inputs["deploymentMaximumPercent"]) == (100, 200)
    assert inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert inputs["enableExecuteCommand"] is True
    assert inputs["desiredCount"] == 2
    assert "forceNewDeployment" not in inputs, "every copy would be replaced for each edit, such as another number of them"
    assert service.ignore_changes == ()
    assert "loadBalancers" not in inputs
    assert "healthCheckGracePeriodSeconds" not in inputs


def test_a_service_on_premises_asks_for_nothing_that_ecs_anywhere_has_not_got() -> None:
    inputs = platform(web(placement="onPremises", replicas=2)).one(SERVICE).inputs
    assert inputs["launchType"] == "EXTERNAL"
    assert inputs["availabilityZoneRebalancing"] == "DISABLED"
    assert (inputs["deploymentMinimumHealthyPercent"], inputs["deploymentMaximumPercent"]) == (50, 100)
    assert inputs["desiredCount"] == 2
    assert not inputs.keys() & {
        "loadBalancers",
        "capacityProviderStrategies",
        "networkConfiguration",
        "orderedPlacementStrategies",
    }


def test_each_side_may_have_a_number_of_its_own() -> None:
    graph = platform(web(placement="both", replicas=4, on_premises_replicas=1))
    assert graph.one(SERVICE, "platform-web-aws").inputs["desiredCount"] == 4
    assert graph.one(SERVICE, "platform-web-on-premises").inputs["desiredCount"] == 1


def test_a_service_waits_for_its_permissions_and_for_its_rule() -> None:
    service = platform(web(route={})).one(SERVICE, "platform-web-aws")
    waited = {urn.rsplit("::", 1)[-1] for urn in service.dependencies}
    assert {"platform-web-execution", "platform-web-task", "platform-web"} <= waited
    assert any("aws:lb/listenerRule:ListenerRule" in urn for urn in service.dependencies)


def test_a_route_is_a_target_group_a_rule_and_a_name() -> None:
    workload = web(
        route={"hosts": ["shop.corp.example"], "paths": ["/shop/*"], "sticky_seconds": 60, "deregistration_seconds": 10},
        health_check={"path": "/health", "codes": "200", "interval_seconds": 10, "retries": 2, "start_seconds": 90},
    )
    graph = platform(workload)
    group = graph.one("aws:lb/targetGroup:TargetGroup").inputs
    assert (group["protocol"], group["targetType"], group["deregistrationDelay"]) == ("HTTP", "instance", 10)
    assert group["stickiness"] == {"type": "lb_cookie", "enabled": True, "cookieDuration": 60}
    assert group["healthCheck"] == {
        "enabled": True,
        "protocol": "HTTP",
        "port": "traffic-port",
        "path": "/health",
        "matcher": "200",
        "interval": 10,
        "timeout": 5,
        "healthyThreshold": 2,
        "unhealthyThreshold": 2,
    }
    rule = graph.one("aws:lb/listenerRule:ListenerRule").inputs
    assert rule["priority"] == routing.priority("web", by_host=True, by_path=True)
    assert rule["conditions"] == [
        {"hostHeader": {"values": ["web.aws.corp.example", "shop.corp.example"]}},
        {"pathPattern": {"values": ["/shop/*"]}},
    ]
    record = graph.one("aws:route53/record:Record", "platform-web-name").inputs
    assert (record["name"], record["zoneId"], record["type"]) == ("web.aws.corp.example", "Z1", "A")
    assert record["aliases"] == [{"name": "platform-apps.elb.example", "zoneId": "ZALB", "evaluateTargetHealth": False}]
    service = graph.one(SERVICE).inputs
    assert service["loadBalancers"] == [
        {
            "targetGroupArn": f"arn:aws:lb:{REGION}:{ACCOUNT}:TargetGroup/platform-web",
            "containerName": "web",
            "containerPort": 8080,
        }
    ]
    assert service["healthCheckGracePeriodSeconds"] == 90


def test_an_empty_route_is_the_workloads_own_name() -> None:
    rule = platform(web(route={})).one("aws:lb/listenerRule:ListenerRule").inputs
    assert rule["conditions"] == [{"hostHeader": {"values": ["web.aws.corp.example"]}}]


def test_a_chosen_priority_and_port_win() -> None:
    ports = [{"container_port": 1}, {"container_port": 2}]
    graph = platform(web(ports=ports, route={"priority": 7, "port": 2}))
    assert graph.one("aws:lb/listenerRule:ListenerRule").inputs["priority"] == 7
    (target,) = graph.one(SERVICE).inputs["loadBalancers"]
    assert target["containerPort"] == 2


RULE = "aws:lb/listenerRule:ListenerRule"


def hosts_by_rule(**priorities: int) -> dict[str, object]:
    """The URN of each rule, and the host that it takes."""
    workloads = [web(name=name, route={"priority": priority}) for name, priority in priorities.items()]
    return {rule.urn: rule.inputs["conditions"][0]["hostHeader"]["values"] for rule in platform(*workloads).created(RULE)}


def test_two_workloads_that_swap_their_priorities_ask_for_none_that_is_not_free() -> None:
    """AWS sets the priority of one rule at a time: the rules stay, and lead elsewhere."""
    before, after = hosts_by_rule(shop=10, docs=20), hosts_by_rule(shop=20, docs=10)
    assert before.keys() == after.keys()
    first, second = sorted(before)
    assert (before[first], before[second]) == (after[second], after[first])


def test_a_workload_that_is_renamed_or_taken_over_keeps_its_rule() -> None:
    assert hosts_by_rule(shop=10).keys() == hosts_by_rule(store=10).keys()


def test_a_rule_was_once_named_after_its_workload() -> None:
    (rule,) = platform(web(route={"priority": 7})).created(RULE)
    assert rule.name == "platform-rule-7"
    assert any(urn.endswith(f"${RULE}::platform-web") for urn in rule.options["aliases"])


def test_what_a_workload_listens_on_or_how_sticky_it_is_never_replaces_its_target_group() -> None:
    def group(port: int, **route: int) -> dict[str, object]:
        graph = platform(web(ports=[{"container_port": port}], route=route))
        return graph.one("aws:lb/targetGroup:TargetGroup").inputs

    assert group(8080) == group(9090), "AWS changes no port of a target group"
    assert group(80)["stickiness"] == {"type": "lb_cookie", "enabled": False, "cookieDuration": 86_400}, "or it stays on"


def test_without_a_private_zone_a_route_has_the_hosts_it_names_and_no_name() -> None:
    graph = platform(web(route={"hosts": ["shop.corp.example"]}), private_zone_id=None, private_zone_name=None)
    rule = graph.one("aws:lb/listenerRule:ListenerRule").inputs
    assert rule["conditions"] == [{"hostHeader": {"values": ["shop.corp.example"]}}]
    assert graph.created("aws:route53/record:Record") == []


def test_the_target_group_of_the_longest_name_fits_into_32_characters() -> None:
    (group,) = platform(web(name="a-workload-name-of-2", route={})).created("aws:lb/targetGroup:TargetGroup")
    assert len(group.name) + len("-1234567") <= 32


def test_scaling_follows_cpu_memory_and_requests_and_owns_the_number() -> None:
    scaling = {
        "min_replicas": 2,
        "max_replicas": 9,
        "cpu_percent": 60,
        "memory_percent": 70,
        "requests_per_replica": 500,
        "scale_in_seconds": 600,
    }
    graph = platform(web(route={}, replicas=3, scaling=scaling))
    assert graph.one(SERVICE).ignore_changes == ("desiredCount",)
    target = graph.one("aws:appautoscaling/target:Target").inputs
    assert target["resourceId"] == "service/platform-cluster/platform-web-aws"
    assert (target["minCapacity"], target["maxCapacity"]) == (2, 9)
    policies = {
        one.name: one.inputs["targetTrackingScalingPolicyConfiguration"]
        for one in graph.created("aws:appautoscaling/policy:Policy")
    }
    assert policies == {
        f"platform-web-{purpose}": {
            "predefinedMetricSpecification": metric,
            "targetValue": value,
            "scaleOutCooldown": 60,
            "scaleInCooldown": 600,
        }
        for purpose, metric, value in (
            ("cpu", {"predefinedMetricType": "ECSServiceAverageCPUUtilization"}, 60),
            ("memory", {"predefinedMetricType": "ECSServiceAverageMemoryUtilization"}, 70),
            (
                "requests",
                {
                    "predefinedMetricType": "ALBRequestCountPerTarget",
                    "resourceLabel": "app/platform-apps/1/targetgroup/platform-web/2",
                },
                500,
            ),
        )
    }


def test_only_the_side_on_aws_scales() -> None:
    scaling = {"min_replicas": 1, "max_replicas": 2, "cpu_percent": 60}
    graph = platform(web(placement="both", scaling=scaling))
    assert graph.one(SERVICE, "platform-web-on-premises").ignore_changes == ()
    assert len(graph.created("aws:appautoscaling/target:Target")) == 1


def test_tracing_puts_a_collector_next_to_the_container_that_it_does_not_need_to_live() -> None:
    graph = platform(web(environment={"OTEL_SERVICE_NAME": "mine"}), tracing=True)
    container, beside = definitions(graph)
    assert container["links"] == ["collector"]
    assert container["dependsOn"] == [{"containerName": "collector", "condition": "START"}]
    variables = {one["name"]: one["value"] for one in container["environment"]}
    assert variables == {**collector.environment("mine"), "AWS_REGION": REGION}
    assert beside["essential"] is False
    assert beside["image"] == collector.IMAGE
    assert {one["name"] for one in beside["environment"]} == {"AOT_CONFIG_CONTENT", "AWS_REGION"}
    assert "SendTraces" in statements(graph, "platform-web-task")


def test_a_workload_starts_with_its_own_log_secrets_and_keys_alone() -> None:
    secrets = {"A": "database:password", "B": f"{TEAM_SECRET}:key::", "C": PARAMETER, "D": f"{TEAM_SECRET}:other::"}
    team_key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/team"
    graph = platform(web(secrets=secrets), web(name="plain"), secret_key_arns=[team_key])
    found = statements(graph, "platform-web-execution")
    assert {sid: statement["Resource"] for sid, statement in found.items()} == {
        "WriteItsLogs": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:platform-web:*",
        "ReadItsSecrets": sorted([SECRET, TEAM_SECRET]),
        "ReadItsParameters": [PARAMETER],
        "DecryptItsSecrets": sorted([KEY, team_key]),
    }
    assert statements(graph, "platform-plain-execution").keys() == {"WriteItsLogs"}


def test_a_container_may_call_what_ecs_exec_needs_and_what_its_policies_say() -> None:
    policy = f"arn:aws:iam::{ACCOUNT}:policy/queue"
    graph = platform(web(policy_arns=[policy]))
    found = statements(graph, "platform-web-task")
    assert found.keys() == {"OpenExecChannels", "FindTheExecLog", "WriteTheExecLog", "DecryptExecSessions"}
    attachment = graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "platform-web-task-queue").inputs
    assert (attachment["role"], attachment["policyArn"]) == ("platform-web-task", policy)


def test_the_roles_of_a_workload_are_for_tasks_of_this_account_alone() -> None:
    graph = platform(web())
    for name in ("platform-web-execution", "platform-web-task"):
        (statement,) = json.loads(graph.one("aws:iam/role:Role", name).inputs["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"},
        }


def test_logs_are_kept_as_long_as_asked_under_the_platforms_key() -> None:
    group = platform(web(), log_retention_days=7).one("aws:cloudwatch/logGroup:LogGroup", "platform-web").inputs
    assert group["retentionInDays"] == 7
    assert group["kmsKeyId"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/platform-cluster-key"


@pytest.mark.parametrize(
    ("workload", "changes", "message"),
    [
        (web(placement="onPremises", route={}), {}, "the port 8080 of the route has no host_port"),
        (
            web(placement="onPremises", ports=[{"container_port": 1, "host_port": 1}], route={}),
            {},
            "its route leads to copies on-premises; allowed: with copies there, and with addresses",
        ),
        (web(placement="onPremises", scaling={"min_replicas": 1, "max_replicas": 2}), {}, "no service autoscaling"),
        (web(placement="both", files=[{"path": "/x", "source": "efs"}]), {}, "/x comes from efs"),
        (web(files=[{"path": "/x", "source": "efs"}]), {}, "/x comes from efs"),
        (web(files=[{"path": "/x"}]), {"files": None}, "no shared files to mount"),
        (web(secrets={"A": "database:host"}), {"database": None}, "there is no database"),
        (web(image="ecr:team/api:1"), {}, "of no repository of the platform \\(none\\)"),
        (web(image="nginx"), {}, "name one version of the image"),
        (web(ports=[], route={}), {}, "route.port is None; allowed: a TCP port of ports"),
        (web(route={"port": 1}), {}, "route.port is 1"),
        (web(route={}), {"private_zone_id": None}, "neither hosts nor paths"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_is_made(
    workload: dict[str, object], changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        platform(workload, **changes)


def test_a_platform_without_database_and_files_runs_workloads_all_the_same() -> None:
    graph = platform(web(placement="both", route={}), database=None, files=None)
    assert len(graph.created(SERVICE)) == 2
    assert "volumes" not in graph.one(TASK).inputs or graph.one(TASK).inputs["volumes"] == []
