import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from botocore.loaders import Loader

from components.management import Management
from components.management.runbook import section
from tests.components.management.support import bare, full, managed
from tests.recorder import ACCOUNT, REGION, Graph, deploy

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PUBLISHERS = ["cloudwatch.amazonaws.com", "backup.amazonaws.com", "events.amazonaws.com"]
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:Topic/management-topic"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return managed()


def alarm(graph: Graph, name: str) -> dict[str, Any]:
    return graph.one(ALARM, name=f"management-alarms-{name}").inputs


DATABASE, BALANCER = {"DBInstanceIdentifier": "database-1"}, {"LoadBalancer": "app/platform/0123"}
CLUSTER, GATEWAY = {"ClusterName": "platform-cluster"}, {"GatewayId": "sgw-12A3456B", "GatewayName": "files"}
TASK = {"ReplicationInstanceIdentifier": "migration-1", "ReplicationTaskIdentifier": "ABCDEF"}
SESSION = {"ConnectionId": "dxcon-west", "VirtualInterfaceId": "dxvif-west", "IpAddressFamily": "ipv4"}
PROVIDER = {**CLUSTER, "CapacityProviderName": "platform-ec2"}
SHOP = {**BALANCER, "TargetGroup": "targetgroup/shop/0123"}
WATCHED: list[tuple[str, str, dict[str, str], str, float, str]] = [
    ("circuit-east", "AWS/DX ConnectionState", {"ConnectionId": "dxcon-east"}, "Minimum <", 1, "breaching"),
    ("bgp-west", "AWS/DX VirtualInterfaceBgpStatus", SESSION, "Minimum <", 1, "breaching"),
    ("vpn-router-1", "AWS/VPN TunnelState", {"VpnId": "vpn-1"}, "Maximum <=", 0, "breaching"),
    ("tunnel-router-2", "AWS/VPN TunnelState", {"VpnId": "vpn-2"}, "Minimum <", 1, "breaching"),
    ("nat-ports-2a", "AWS/NATGateway ErrorPortAllocation", {"NatGatewayId": "nat-a"}, "Sum >", 0, "notBreaching"),
    ("nat-drops-2b", "AWS/NATGateway PacketsDropCount", {"NatGatewayId": "nat-b"}, "Sum >", 100, "notBreaching"),
    ("load-balancer-5xx", "AWS/ApplicationELB HTTPCode_ELB_5XX_Count", BALANCER, "Sum >", 10, "notBreaching"),
    ("unhealthy-shop", "AWS/ApplicationELB UnHealthyHostCount", SHOP, "Maximum >", 0, "notBreaching"),
    ("5xx-shop", "AWS/ApplicationELB HTTPCode_Target_5XX_Count", SHOP, "Sum >", 10, "notBreaching"),
    ("cluster-cpu", "AWS/ECS CPUReservation", CLUSTER, "Average >", 90, "notBreaching"),
    ("cluster-memory", "AWS/ECS MemoryReservation", CLUSTER, "Average >", 90, "notBreaching"),
    ("capacity-provider", "AWS/ECS/ManagedScaling CapacityProviderReservation", PROVIDER, "Average >", 100, "notBreaching"),
    ("database-storage", "AWS/RDS FreeStorageSpace", DATABASE, "Minimum <", 100 * 1024**3 * 0.08, "breaching"),
    ("database-cpu", "AWS/RDS CPUUtilization", DATABASE, "Average >", 90, "notBreaching"),
    ("database-connections", "AWS/RDS DatabaseConnections", DATABASE, "Maximum >", 350, "notBreaching"),
    ("database-wal", "AWS/RDS TransactionLogsDiskUsage", DATABASE, "Maximum >", 25 * 1024**3, "notBreaching"),
    ("database-slot", "AWS/RDS OldestReplicationSlotLag", DATABASE, "Maximum >", 10 * 1024**3, "notBreaching"),
    ("replica-lag-bi-1", "AWS/RDS ReplicaLag", {"DBInstanceIdentifier": "database-bi-1"}, "Maximum >", 300, "breaching"),
    ("migration-source-crm", "AWS/DMS CDCLatencySource", TASK, "Maximum >", 300, "notBreaching"),
    ("migration-target-crm", "AWS/DMS CDCLatencyTarget", TASK, "Maximum >", 300, "notBreaching"),
    ("gateway-dirty", "AWS/StorageGateway CachePercentDirty", GATEWAY, "Sum >", 80, "breaching"),
    ("gateway-cache", "AWS/StorageGateway CacheHitPercent", GATEWAY, "Average <", 20, "notBreaching"),
    ("gateway-availability", "AWS/StorageGateway AvailabilityNotifications", GATEWAY, "Sum >", 0, "notBreaching"),
    ("efs-limit", "AWS/EFS PercentIOLimit", {"FileSystemId": "fs-0123"}, "Maximum >", 95, "notBreaching"),
    (
        "backup-failed",
        "AWS/Backup NumberOfBackupJobsFailed",
        {"BackupVaultName": "management-backup"},
        "Sum >",
        0,
        "notBreaching",
    ),
    ("hosts-disk", "CWAgent disk_used_percent", {"Fleet": "hybridge-test"}, "Maximum >", 90, "notBreaching"),
]


@pytest.mark.parametrize(
    ("name", "metric", "dimensions", "rule", "threshold", "missing"), WATCHED, ids=[watched[0] for watched in WATCHED]
)
def test_each_part_is_watched_by_its_own_metric(
    graph: Graph, *, name: str, metric: str, dimensions: dict[str, str], rule: str, threshold: float, missing: str
) -> None:
    inputs = alarm(graph, name)
    signs = {"GreaterThanThreshold": ">", "LessThanThreshold": "<", "LessThanOrEqualToThreshold": "<="}
    sign = signs[inputs["comparisonOperator"]]
    assert f"{inputs['namespace']} {inputs['metricName']}" == metric
    assert inputs["dimensions"] == dimensions
    assert f"{inputs['statistic']} {sign}" == rule
    assert inputs["threshold"] == pytest.approx(threshold)
    assert inputs["treatMissingData"] == missing


def test_an_answer_is_slow_by_percentile_and_only_with_enough_requests(graph: Graph) -> None:
    inputs = alarm(graph, "slow-shop")
    assert inputs["extendedStatistic"] == "p95"
    assert "statistic" not in inputs
    assert inputs["evaluateLowSampleCountPercentiles"] == "ignore"
    assert inputs["threshold"] == 2


def test_missing_tasks_are_counted_on_both_sides(graph: Graph) -> None:
    for side in ("aws", "on-premises"):
        result, desired, running = alarm(graph, f"tasks-shop-{side}")["metricQueries"]
        assert (result["expression"], result["returnData"]) == ("first - FILL(running, 0)", True)
        assert (desired["id"], desired["metric"]["metricName"]) == ("first", "DesiredTaskCount")
        assert (running["id"], running["metric"]["metricName"]) == ("running", "RunningTaskCount")
        assert running["metric"]["dimensions"] == {"ClusterName": "platform-cluster", "ServiceName": f"platform-shop-{side}"}
        assert not desired["returnData"] and not running["returnData"]


def test_a_circuit_that_is_still_being_built_is_not_watched(graph: Graph) -> None:
    assert [resource.name for resource in graph.created(ALARM) if "ordered" in resource.name] == []


def test_every_alarm_tells_the_topic_and_opens_an_ops_item_of_a_category_that_there_is(graph: Graph) -> None:
    ops_item = f"arn:aws:ssm:{REGION}:{ACCOUNT}:opsitem:"
    for made in [*graph.created(ALARM), *graph.created("aws:cloudwatch/compositeAlarm:CompositeAlarm")]:
        topic, item = made.inputs["alarmActions"]
        assert topic == TOPIC
        severity, _, category = item.removeprefix(ops_item).partition("#CATEGORY=")
        assert item.startswith(ops_item)
        assert severity in {"1", "2", "3", "4"}
        assert category in {"Availability", "Cost", "Performance", "Recovery", "Security"}
        assert made.inputs["okActions"] == [TOPIC]


def test_without_ops_items_alarms_only_tell_the_topic() -> None:
    graph = managed(full(alarms={**full()["alarms"], "ops_items": False}))
    for made in graph.created(ALARM):
        assert made.inputs["alarmActions"] == [TOPIC]


def test_the_loss_of_every_path_at_once_is_critical(graph: Graph) -> None:
    inputs = graph.one("aws:cloudwatch/compositeAlarm:CompositeAlarm").inputs
    assert inputs["alarmName"] == "hybridge-test-management-alarms-link"
    assert inputs["alarmRule"] == " AND ".join(
        f'ALARM("management-alarms-{path}")' for path in ("bgp-east", "bgp-west", "vpn-router-1", "vpn-router-2")
    )
    assert inputs["alarmActions"][1].endswith(":opsitem:1#CATEGORY=Availability")


def test_a_single_path_needs_no_alarm_over_all_paths() -> None:
    graph = managed(full(connection_ids=None, virtual_interface_ids=None, vpn_connection_ids={"router-1": "vpn-1"}))
    assert graph.created("aws:cloudwatch/compositeAlarm:CompositeAlarm") == []


def test_requests_for_alarms_are_within_the_limits_of_the_api(graph: Graph) -> None:
    shapes = Loader().load_service_model("cloudwatch", "service-2")["shapes"]
    for made in graph.created(ALARM):
        assert len(made.inputs["alarmDescription"]) <= shapes["AlarmDescription"]["max"]
        seconds = made.inputs.get("period", 300) * made.inputs["evaluationPeriods"]
        assert seconds <= 86_400, "CloudWatch evaluates at most a day"


def test_the_topic_is_encrypted_and_takes_messages_of_this_account_only(graph: Graph) -> None:
    assert graph.one("aws:sns/topic:Topic").inputs["kmsMasterKeyId"].endswith("management-key")
    publish, no_tls = json.loads(graph.one("aws:sns/topicPolicy:TopicPolicy").inputs["policy"])["Statement"]
    assert publish["Principal"] == {"Service": PUBLISHERS}
    assert publish["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}
    assert publish["Resource"] == TOPIC
    assert (no_tls["Effect"], no_tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_key_lets_whoever_publishes_encrypt(graph: Graph) -> None:
    policy = json.loads(graph.one("aws:kms/key:Key", name="management-key").inputs["policy"])
    statements = {statement["Sid"]: statement for statement in policy["Statement"]}
    assert statements["PublishEncryptedAlarms"]["Principal"] == {"Service": PUBLISHERS}
    assert statements["PublishEncryptedAlarms"]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert statements["PublishEncryptedAlarms"]["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}
    arns = statements["EncryptLogGroups"]["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    assert arns == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:management-*"
    for group in graph.names("aws:cloudwatch/logGroup:LogGroup"):
        assert group.startswith("management-")


def test_people_get_alarms_and_what_of_backups_did_not_succeed(graph: Graph) -> None:
    subscriptions = graph.created("aws:sns/topicSubscription:TopicSubscription")
    assert {subscription.inputs["endpoint"] for subscription in subscriptions} == {"ops@corp.example", "night@corp.example"}
    for subscription in subscriptions:
        assert subscription.inputs["protocol"] == "email"
        assert json.loads(subscription.inputs["filterPolicy"]) == {
            "State": [{"exists": False}, {"anything-but": ["COMPLETED"]}]
        }


def test_with_nothing_to_watch_only_hosts_are_watched() -> None:
    graph = managed(bare())
    assert graph.names(ALARM) == ["management-alarms-hosts-disk", "management-alarms-hosts-mem"]
    assert graph.created("aws:sns/topicSubscription:TopicSubscription") == []


def test_it_is_watched_how_far_replicated_files_are_behind() -> None:
    graph = managed(full(files_source={"bucket_name": "files-of-seoul", "rule_id": "every-file"}))
    alarm = graph.one(ALARM, name="management-alarms-files-behind").inputs
    assert (alarm["namespace"], alarm["metricName"], alarm["statistic"]) == ("AWS/S3", "ReplicationLatency", "Maximum")
    assert alarm["dimensions"] == {
        "SourceBucket": "files-of-seoul",
        "DestinationBucket": "files-bucket",
        "RuleId": "every-file",
    }
    assert (alarm["threshold"], alarm["treatMissingData"]) == (900, "notBreaching")
    assert "management-alarms-files-failed" not in graph.names(ALARM), "S3 tells of failures where the source is"
    body = graph.one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"]
    assert "Files behind the other region, seconds" in body
    with pytest.raises(ValueError, match="files_source needs bucket_name"):
        managed(full(files_source={"bucket_name": "files-of-seoul", "rule_id": "every-file"}, bucket_name=None))


def test_files_that_could_not_be_replicated_are_told_of_where_they_come_from() -> None:
    graph = managed(full(files_copied=True))
    [query] = alarm(graph, "files-failed")["metricQueries"]
    assert query["expression"] == (
        'SELECT SUM(OperationsFailedReplication) FROM SCHEMA("AWS/S3", DestinationBucket, RuleId, SourceBucket) '
        "WHERE SourceBucket = 'files-bucket'"
    )
    assert (query["period"], query["returnData"]) == (300, True)
    assert alarm(graph, "files-failed")["treatMissingData"] == "notBreaching"
    assert "management-alarms-files-failed" not in managed().names(ALARM)
    with pytest.raises(ValueError, match="files_copied needs bucket_name"):
        managed(full(files_copied=True, bucket_name=None))


def test_pagers_a_channel_and_other_topics_get_every_alarm_and_no_more_actions_than_cloudwatch_takes() -> None:
    pager = f"arn:aws:sns:{REGION}:{ACCOUNT}:pager"
    alarms: dict[str, Any] = {
        "slack": {"workspace_id": "T07EA123LEP", "channel_id": "C07EZ1ABC23"},
        "teams": {"tenant_id": "tenant", "team_id": "team", "channel_id": "19%3Ab%40thread.tacv2"},
        "topic_arns": [pager, f"{pager}-2"],
    }

    def program() -> Management:
        urls = [pulumi.Output.secret("https://events.pager.example/KEY")]
        return Management("management", full(alarms={**alarms, "urls": urls}))

    graph = deploy(program)
    subscription = graph.one("aws:sns/topicSubscription:TopicSubscription")
    assert (subscription.name, subscription.inputs["protocol"]) == ("management-topic-url-1", "https")
    assert "endpoint" in subscription.secrets
    channel = graph.one("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration").inputs
    assert (channel["slackTeamId"], channel["slackChannelId"]) == ("T07EA123LEP", "C07EZ1ABC23")
    teams = graph.one("aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration").inputs
    assert (teams["tenantId"], teams["teamId"], teams["channelId"]) == ("tenant", "team", "19%3Ab%40thread.tacv2")
    chat = f"arn:aws:sns:{REGION}:{ACCOUNT}:Topic/management-chat-topic"
    for told in (channel, teams):
        assert told["snsTopicArns"] == [chat], "one topic for both, as an alarm takes five actions"
        assert told["guardrailPolicyArns"] == ["arn:aws:iam::aws:policy/AWSDenyAll"]
    for made in [*graph.created(ALARM), *graph.created("aws:cloudwatch/compositeAlarm:CompositeAlarm")]:
        assert made.inputs["okActions"] == [TOPIC, pager, f"{pager}-2", chat]
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
        assert len(made.inputs["alarmActions"]) == 5


def test_every_alarm_names_a_section_of_the_runbook_that_there_is(graph: Graph) -> None:
    book = Path("docs/operations.md").read_text().partition(". When it rings\n")[2]
    for made in [*graph.created(ALARM), *graph.created("aws:cloudwatch/compositeAlarm:CompositeAlarm")]:
        text = made.inputs["alarmDescription"]
        assert f"\n### {text.rsplit('When it rings, ', 1)[1].rstrip('.')}\n" in book, text
        assert len(text) <= 1024, made.name


@pytest.mark.parametrize(
    "name", ["job-invoices", "jobs-refused", "jobs-dropped", "overdue-invoices", "unhealthy-shop-on-premises"]
)
def test_what_rings_of_containers_has_its_part_of_the_runbook(name: str) -> None:
    assert section(name) == "Containers"


def test_a_channel_of_teams_alone_gets_every_alarm_and_is_made_anew_for_another_team() -> None:
    teams = {"tenant_id": "tenant", "team_id": "team", "channel_id": "19%3Ab%40thread.tacv2"}
    graph = deploy(lambda: Management("management", full(alarms={"teams": teams})))
    assert graph.created("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration") == []
    made = graph.one("aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration")
    assert set(made.options["replaceOnChanges"]) == {"configurationName", "teamId", "tenantId"}
    assert made.options["deleteBeforeReplace"] is True
