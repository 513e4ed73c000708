"""The whole program with containers as dev and prod do not have them, a stack file for each way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from components import routing
from proofs.drills.drill import drill
from proofs.iam import lint
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACKS = Path(__file__).parent / "stacks"
ACCOUNT = "123456789012"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
SERVICE = "aws:ecs/service:Service"
SCHEDULE = "aws:scheduler/schedule:Schedule"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


@contextmanager
def stack(name: str) -> Iterator[Result]:
    with rehearsed_stack(STACKS / f"{name}.yaml") as result:
        assert result.good, result.report
        yield result


def container(result: Result, name: str) -> dict[str, Any]:
    """The container of a workload, as ECS has it."""
    task = result.one("aws:ecs/taskDefinition:TaskDefinition", f"platform-{name}")
    request = {"taskDefinition": task.outputs["arn"]}
    found = result.aws.call("ecs", "DescribeTaskDefinition", request, region=REGION)["taskDefinition"]
    first: dict[str, Any] = found["containerDefinitions"][0]
    return first


def test_everything_of_containers_that_the_stacks_leave_off() -> None:
    with stack("containers") as result:
        assert {
            node.name: node.gaps for node in result.deployment.nodes.values() if node.gaps and "platform" in node.name
        } == {}

        images = {
            name: container(result, name)["image"] for name in ("storefront", "orders", "reports-with-long-nm", "presses")
        }
        assert images == {
            "storefront": f"{REGISTRY}/docker-hub/library/nginx:1.27.5",
            "orders": f"{REGISTRY}/shop/orders:2.4.1",
            "reports-with-long-nm": "quay.io/corp/reports:1.0",
            "presses": f"{REGISTRY}/docker-hub/library/eclipse-mosquitto:2.0.21",
        }

        services = {node.name: node.inputs.get("launchType") for node in result.created(SERVICE)}
        assert services == {
            "platform-storefront-aws": None,
            "platform-orders-aws": None,
            "platform-orders-on-premises": "EXTERNAL",
            "platform-reports-with-long-nm-aws": None,
            "platform-presses-on-premises": "EXTERNAL",
        }

        made = result.created("aws:lb/listenerRule:ListenerRule")
        rules = {node.inputs["tags"]["Name"]: node.inputs["priority"] for node in made}
        assert rules == {
            "platform-storefront": routing.priority("storefront", by_host=True, by_path=False),
            "platform-orders": routing.priority("orders", by_host=True, by_path=True),
            "platform-reports-with-long-nm": 49_999,
        }
        assert rules["platform-orders"] < rules["platform-storefront"], "both take shop.corp.example; the path goes first"

        groups = result.aws.call("elbv2", "DescribeTargetGroups", {}, region=REGION)["TargetGroups"]
        assert len(groups) == 3
        assert all(len(group["TargetGroupName"]) <= 32 for group in groups)

        names = {node.inputs["name"] for node in result.created("aws:route53/record:Record")}
        assert {f"{name}.aws.corp.example" for name in ("apps", "storefront", "orders", "reports-with-long-nm")} <= names

        variables = {one["name"]: one["valueFrom"] for one in container(result, "orders")["secrets"]}
        assert variables["KEY"] == f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/orders-AbCdEf:key::"
        assert variables["PASSWORD"].endswith(":password::")

        (template,) = result.created("aws:ec2/launchTemplate:LaunchTemplate")
        assert (template.inputs["imageId"], template.inputs["keyName"]) == ("ami-0123456789abcdef0", "operations")

        policies = result.aws.call(
            "application-autoscaling", "DescribeScalingPolicies", {"ServiceNamespace": "ecs"}, region=REGION
        )["ScalingPolicies"]
        assert len(policies) == 3


def test_docker_hub_is_asked_with_an_account_of_ones_own() -> None:
    with stack("containers-hub") as result:
        api = container(result, "api")
        assert api["image"] == "corp/private-api:1.0"
        secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:docker-hub-AbCdEf"
        assert api["repositoryCredentials"] == {"credentialsParameter": secret}
        role = result.one("aws:iam/rolePolicy:RolePolicy", "platform-api-execution")
        found = {statement["Sid"]: statement for statement in json.loads(role.inputs["policy"])["Statement"]}
        assert found["ReadItsSecrets"]["Resource"] == [secret]
        assert result.created("aws:ecr/pullThroughCacheRule:PullThroughCacheRule") == []


def test_copies_on_premises_are_behind_the_load_balancer() -> None:
    with stack("containers-servers") as result:
        assert {node.name: node.gaps for node in result.created("aws:lb/listenerRule:ListenerRule") if node.gaps} == {}
        assert len(result.created("aws:lb/targetGroupAttachment:TargetGroupAttachment")) == 12
        assert result.reachability == []
        report = drill([result])
        gone = {one.function.name: one for one in report.results if one.failure.name == "all copies in AWS of orders"}
        assert gone["containers in AWS: orders"].outcome == "degraded", "the copies on-premises serve"
        assert "a person sets route.onPremisesPercent to 100" in gone["containers in AWS: orders"].mechanism
        assert gone["containers in AWS: catalogue"].outcome == "unaffected"
        rolls = {one.function.name: one.outcome for one in report.results if one.failure.kind == "new version"}
        assert rolls["containers in AWS: orders"] == "unaffected", "new copies come first"
        assert rolls["containers on-premises: orders"] == "degraded", "half of the copies make room"
        assert rolls["containers on-premises: labels"] == "down", "all of them do"
        service = result.one(SERVICE, "platform-orders-aws")
        assert service.inputs["waitForSteadyState"] is True
        asked = {"cluster": service.inputs["cluster"], "services": [service.id]}
        (told,) = result.aws.call("ecs", "DescribeServices", asked, region=REGION)["services"]
        alarms = told["deploymentConfiguration"]["alarms"]
        assert (alarms["enable"], alarms["rollback"]) == (True, True)
        assert alarms["alarmNames"] == [result.one(ALARM, "platform-orders-deployment").outputs["name"]]
        assert container(result, "catalogue")["repositoryCredentials"]["credentialsParameter"].endswith(":secret:harbor-AbCdEf")
        waits = {one["containerName"]: one["condition"] for one in container(result, "orders")["dependsOn"]}
        assert waits == {"prepare": "SUCCESS", "cache": "HEALTHY"}
        (template,) = result.created("aws:ec2/launchTemplate:LaunchTemplate")
        asked = {"ImageIds": [template.inputs["imageId"]]}
        (image,) = result.aws.call("ec2", "DescribeImages", asked, region=REGION)["Images"]
        assert image["Name"] == "al2023-ami-ecs-hvm-2023.0.20260820-kernel-6.1-x86_64"
        certificates = {node.gaps == [] for node in result.created("aws:lb/listenerCertificate:ListenerCertificate")}
        assert certificates == {True}
        site = {one.function.name: one.outcome for one in report.results if one.failure.kind == "data centre"}
        assert site["containers in AWS: orders"] == "degraded", "its share of the requests is lost"
        assert site["containers in AWS: catalogue"] == "unaffected", "what stands by is not missed"


def test_a_server_that_is_not_behind_the_load_balancer_any_more_is_missed() -> None:
    with stack("containers-servers") as result:
        (rule,) = [node for node in result.created("aws:lb/listenerRule:ListenerRule") if "labels" in str(node.inputs["tags"])]
        result.aws.call("elbv2", "DeleteRule", {"RuleArn": rule.id}, region=REGION)
        assert any("workload labels on-premises has a route, and no rule" in one for one in result.reachability)
        (closed, *_) = [
            node
            for node in result.created("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
            if "load-balancer-8080-to-" in node.name
        ]
        asked = {"GroupId": closed.inputs["securityGroupId"], "SecurityGroupRuleIds": [closed.id]}
        result.aws.call("ec2", "RevokeSecurityGroupEgress", asked, region=REGION)
        assert any("cannot send requests to workload orders on-premises on server 10.0." in one for one in result.reachability)


def test_jobs_run_at_their_time_and_daemons_everywhere_and_both_are_watched() -> None:
    with stack("containers-jobs") as result:
        assert {node.name: node.gaps for node in result.created("aws:scheduler/schedule:Schedule") if node.gaps} == {}
        made = {node.name.removeprefix("platform-"): node.inputs["state"] for node in result.created(SCHEDULE)}
        assert made == dict.fromkeys(("invoices-aws", "till-roll-on-premises", "sweep-aws", "sweep-on-premises"), "ENABLED")
        services = {node.name: node.inputs.get("schedulingStrategy") for node in result.created(SERVICE)}
        assert services == dict.fromkeys(("platform-shipper-aws", "platform-shipper-on-premises"), "DAEMON")

        alarms = {node.name.removeprefix("management-alarms-"): node.inputs for node in result.created(ALARM)}
        overdue = {name: len(one.get("dimensions", {})) for name, one in alarms.items() if name.startswith("overdue-")}
        assert overdue.keys() == {"overdue-invoices", "overdue-till-roll"}, "sweep runs less often than an alarm looks back"
        assert alarms["overdue-invoices"]["evaluationPeriods"] == 73, "from Friday to Monday, and an hour"
        assert alarms["overdue-till-roll"]["evaluationPeriods"] == 26
        assert {"jobs-refused", "jobs-dropped"} <= alarms.keys()
        rules = {node.name for node in result.created("aws:cloudwatch/eventRule:EventRule")}
        assert {f"management-failures-job-{name}" for name in ("invoices", "till-roll", "sweep", "reindex")} <= rules

        commands = result.deployment.outputs["jobCommands"]
        assert commands.keys() == {"invoices", "till-roll", "sweep", "reindex"}
        assert "--launch-type EXTERNAL" in commands["till-roll"]
        assert "--capacity-provider-strategy capacityProvider=" in commands["reindex"]
        assert lint(result) == []
        assert result.reachability == []
