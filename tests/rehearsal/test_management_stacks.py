"""The whole program with management as dev and prod do not have it, a stack file for each way."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proofs.iam import lint
from rehearsal.emulator import ACCOUNT
from rehearsal.monitor import Node
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACKS = Path(__file__).parent / "stacks"
TIER = "/ssm/managed-instance/activation-tier"


@pytest.fixture(scope="module")
def result(request: pytest.FixtureRequest) -> Iterator[Result]:
    """A stack, rehearsed once for all tests that ask for it."""
    with rehearsed_stack(STACKS / f"{request.param}.yaml") as result:
        assert result.good, result.report
        yield result


def of(stack: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("result", [stack], indirect=True)


def ask(result: Result, service: str, operation: str, **params: Any) -> dict[str, Any]:
    return result.aws.call(service, operation, params, region=REGION)


def tags(node: Node) -> dict[str, str]:
    """The tags of a resource that has them as a map, which all but auto scaling groups do."""
    found = node.inputs.get("tags", {})
    return found if isinstance(found, dict) else {}


def gaps(result: Result) -> dict[str, list[str]]:
    return {node.name: node.gaps for node in result.nodes if node.gaps and node.name.startswith("management")}


@of("management-locked")
def test_a_lock_of_compliance_and_cold_storage_are_made_as_asked_for(result: Result) -> None:
    name = result.one("aws:backup/vault:Vault").id
    vault = ask(result, "backup", "DescribeBackupVault", BackupVaultName=name)
    assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 14, 400)
    assert "LockDate" in vault
    plan = ask(result, "backup", "GetBackupPlan", BackupPlanId=result.one("aws:backup/plan:Plan").id)["BackupPlan"]
    monthly = next(rule for rule in plan["Rules"] if rule["RuleName"] == "monthly")
    assert monthly["Lifecycle"] == {"DeleteAfterDays": 400, "MoveToColdStorageAfterDays": 90}
    assert gaps(result) == {}


@of("management-locked")
def test_what_carries_the_tag_is_selected_and_its_types_are_opted_in(result: Result) -> None:
    selected = ask(
        result,
        "backup",
        "GetBackupSelection",
        BackupPlanId=result.one("aws:backup/plan:Plan").id,
        SelectionId=result.one("aws:backup/selection:Selection").id,
    )["BackupSelection"]
    [condition] = selected["Conditions"]["StringEquals"]
    assert condition["ConditionKey"] == "aws:ResourceTag/Backup"
    wanted = {"Backup": condition["ConditionValue"]}
    tagged = [node.type for node in result.nodes if wanted.items() <= tags(node).items()]
    assert sorted(tagged) == ["aws:efs/fileSystem:FileSystem", "aws:rds/instance:Instance", "aws:s3/bucket:Bucket"]
    opted = ask(result, "backup", "DescribeRegionSettings")["ResourceTypeOptInPreference"]
    assert opted["S3"] and opted["RDS"] and opted["EFS"]


@of("management-locked")
def test_each_type_is_restored_on_trial_and_databases_into_their_own_subnets(result: Result) -> None:
    made = {
        node.inputs["protectedResourceType"]: node.inputs
        for node in result.created("aws:backup/restoreTestingSelection:RestoreTestingSelection")
    }
    assert set(made) == {"RDS", "S3", "EFS"}
    subnets = made["RDS"]["restoreMetadataOverrides"]["dbSubnetGroupName"]
    groups = ask(result, "rds", "DescribeDBSubnetGroups", DBSubnetGroupName=subnets)["DBSubnetGroups"]
    assert len(groups) == 1


@of("management-directory")
def test_the_connector_joins_two_zones_and_its_password_stays_secret(result: Result) -> None:
    node = result.one("aws:directoryservice/directory:Directory")
    [directory] = ask(result, "ds", "DescribeDirectories", DirectoryIds=[node.id])["DirectoryDescriptions"]
    assert (directory["Type"], directory["Size"]) == ("ADConnector", "Large")
    assert len(set(directory["ConnectSettings"]["AvailabilityZones"])) == 2
    assert result.one("hybridge:index:Management").outputs["directory_id"] == node.id


@of("management-directory")
def test_one_patch_group_has_a_baseline_for_every_operating_system(result: Result) -> None:
    mappings = ask(result, "ssm", "DescribePatchGroups")["Mappings"]
    assert {mapping["PatchGroup"] for mapping in mappings} == {"hybridge-management-directory"}
    assert {mapping["BaselineIdentity"]["OperatingSystem"] for mapping in mappings} == {
        "AMAZON_LINUX_2023",
        "REDHAT_ENTERPRISE_LINUX",
        "UBUNTU",
        "SUSE",
        "DEBIAN",
        "CENTOS",
    }
    windows = ask(result, "ssm", "DescribeMaintenanceWindows")["WindowIdentities"]
    assert {window["Schedule"] for window in windows} == {"cron(0 3 ? * * *)", "cron(0 2 ? * TUE#2 *)"}
    assert gaps(result) == {}


@of("management-directory")
def test_hosts_of_both_sides_carry_the_tag_by_which_they_are_patched(result: Result) -> None:
    group = result.one("aws:autoscaling/group:Group")
    tags = {tag["key"]: tag["value"] for tag in group.inputs["tags"] if tag["propagateAtLaunch"]}
    targets = {
        target["values"][0]
        for node in result.created("aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget")
        for target in node.inputs["targets"]
    }
    assert targets == {tags["PatchGroup"]}


@of("management-directory")
def test_sessions_are_those_of_the_stack_that_owns_the_account(result: Result) -> None:
    content = ask(result, "ssm", "GetDocument", Name="SSM-SessionManagerRunShell")["Content"]
    inputs = json.loads(content)["inputs"]
    assert (inputs["runAsEnabled"], inputs["runAsDefaultUser"]) == (True, "operator")
    groups = ask(result, "logs", "DescribeLogGroups", logGroupNamePrefix=inputs["cloudWatchLogGroupName"])["logGroups"]
    assert groups[0]["kmsKeyId"] == inputs["kmsKeyId"]
    setting = ask(result, "ssm", "GetServiceSetting", SettingId=TIER)["ServiceSetting"]
    assert setting["SettingValue"] == "advanced"


@of("management-locked")
def test_the_account_that_keeps_copies_may_use_the_key_and_the_proof_knows_why(result: Result) -> None:
    key = result.one("aws:kms/key:Key", "management-backup-key").inputs["policy"]
    assert "arn:aws:iam::210987654321:root" in key
    assert lint(result) == []


@of("management-directory")
def test_channels_of_slack_and_of_teams_hear_by_one_topic_and_may_do_nothing(result: Result) -> None:
    [slack] = ask(result, "chatbot", "DescribeSlackChannelConfigurations")["SlackChannelConfigurations"]
    [teams] = ask(result, "chatbot", "ListMicrosoftTeamsChannelConfigurations")["TeamChannelConfigurations"]
    assert teams["ChannelId"] == "19%3Ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2"
    for channel in (slack, teams):
        assert channel["SnsTopicArns"] == [result.one("aws:sns/topic:Topic", "management-chat-topic").id]
        assert channel["GuardrailPolicyArns"] == ["arn:aws:iam::aws:policy/AWSDenyAll"]


@of("management-traced")
def test_traces_are_sampled_grouped_and_their_faults_watched(result: Result) -> None:
    groups = {group["GroupName"]: group["FilterExpression"] for group in ask(result, "xray", "GetGroups")["Groups"]}
    assert sorted(groups.values()) == [
        'service("shop") OR service("broker")',
        'service("shop") { fault = true } OR service("broker") { fault = true }',
    ]
    [record] = ask(result, "xray", "GetSamplingRules")["SamplingRuleRecords"]
    assert (record["SamplingRule"]["ReservoirSize"], record["SamplingRule"]["FixedRate"]) == (2, 0.25)
    alarm = result.one("aws:cloudwatch/metricAlarm:MetricAlarm", "management-alarms-faults").inputs
    assert alarm["dimensions"]["GroupName"] in groups
    assert gaps(result) == {}


@of("management-off")
def test_a_second_stack_of_an_account_leaves_alone_what_exists_once(result: Result) -> None:
    assert ask(result, "ssm", "GetServiceSetting", SettingId=TIER)["ServiceSetting"]["SettingValue"] == "standard"
    assert ask(result, "backup", "ListBackupVaults")["BackupVaultList"] == []
    names = [document["Name"] for document in ask(result, "ssm", "ListDocuments")["DocumentIdentifiers"]]
    assert "SSM-SessionManagerRunShell" not in names
    alarms = ask(result, "cloudwatch", "DescribeAlarms")["MetricAlarms"]
    assert alarms
    assert all(action.startswith("arn:aws:sns:") for alarm in alarms for action in alarm["AlarmActions"])
    dashboards = ask(result, "cloudwatch", "ListDashboards")["DashboardEntries"]
    assert [entry["DashboardName"] for entry in dashboards] == ["hybridge-management-off"]
    assert ACCOUNT in result.one("aws:sns/topic:Topic", "management-topic").id


@of("management-off")
def test_efs_keeps_backups_of_its_own_where_there_is_no_plan(result: Result) -> None:
    system = result.one("aws:efs/fileSystem:FileSystem").id
    assert ask(result, "efs", "DescribeBackupPolicy", FileSystemId=system)["BackupPolicy"] == {"Status": "ENABLED"}
