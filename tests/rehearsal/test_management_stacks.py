"""The whole program with management as dev and prod do not have it, a stack file for each way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rehearsal.emulator import ACCOUNT
from rehearsal.monitor import Node
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACKS = Path(__file__).parent / "stacks"
TIER = "/ssm/managed-instance/activation-tier"


@contextmanager
def stack(name: str) -> Iterator[Result]:
    with rehearsed_stack(STACKS / f"{name}.yaml") as result:
        assert result.good, result.report
        yield result


def ask(result: Result, service: str, operation: str, **params: Any) -> dict[str, Any]:
    return result.aws.call(service, operation, params, region=REGION)


def tags(node: Node) -> dict[str, str]:
    """The tags of a resource that has them as a map, which all but auto scaling groups do."""
    found = node.inputs.get("tags", {})
    return found if isinstance(found, dict) else {}


def gaps(result: Result) -> dict[str, list[str]]:
    return {node.name: node.gaps for node in result.nodes if node.gaps and node.name.startswith("management")}


def test_a_lock_of_compliance_and_cold_storage_are_made_as_asked_for() -> None:
    with stack("management-locked") as result:
        name = result.one("aws:backup/vault:Vault").id
        vault = ask(result, "backup", "DescribeBackupVault", BackupVaultName=name)
        assert (vault["Locked"], vault["MinRetentionDays"], vault["MaxRetentionDays"]) == (True, 14, 400)
        assert "LockDate" in vault
        plan = ask(result, "backup", "GetBackupPlan", BackupPlanId=result.one("aws:backup/plan:Plan").id)["BackupPlan"]
        monthly = next(rule for rule in plan["Rules"] if rule["RuleName"] == "monthly")
        assert monthly["Lifecycle"] == {"DeleteAfterDays": 400, "MoveToColdStorageAfterDays": 90}
        assert gaps(result) == {}


def test_what_carries_the_tag_is_selected_and_its_types_are_opted_in() -> None:
    with stack("management-locked") as result:
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


def test_each_type_is_restored_on_trial_and_databases_into_their_own_subnets() -> None:
    with stack("management-locked") as result:
        made = {
            node.inputs["protectedResourceType"]: node.inputs
            for node in result.created("aws:backup/restoreTestingSelection:RestoreTestingSelection")
        }
        assert set(made) == {"RDS", "S3", "EFS"}
        subnets = made["RDS"]["restoreMetadataOverrides"]["dbSubnetGroupName"]
        groups = ask(result, "rds", "DescribeDBSubnetGroups", DBSubnetGroupName=subnets)["DBSubnetGroups"]
        assert len(groups) == 1


def test_the_connector_joins_two_zones_and_its_password_stays_secret() -> None:
    with stack("management-directory") as result:
        node = result.one("aws:directoryservice/directory:Directory")
        [directory] = ask(result, "ds", "DescribeDirectories", DirectoryIds=[node.id])["DirectoryDescriptions"]
        assert (directory["Type"], directory["Size"]) == ("ADConnector", "Large")
        assert len(set(directory["ConnectSettings"]["AvailabilityZones"])) == 2
        assert result.one("hybridge:index:Management").outputs["directory_id"] == node.id


def test_one_patch_group_has_a_baseline_for_every_operating_system() -> None:
    with stack("management-directory") as result:
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


def test_hosts_of_both_sides_carry_the_tag_by_which_they_are_patched() -> None:
    with stack("management-directory") as result:
        group = result.one("aws:autoscaling/group:Group")
        tags = {tag["key"]: tag["value"] for tag in group.inputs["tags"] if tag["propagateAtLaunch"]}
        targets = {
            target["values"][0]
            for node in result.created("aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget")
            for target in node.inputs["targets"]
        }
        assert targets == {tags["PatchGroup"]}


def test_sessions_are_those_of_the_stack_that_owns_the_account() -> None:
    with stack("management-directory") as result:
        content = ask(result, "ssm", "GetDocument", Name="SSM-SessionManagerRunShell")["Content"]
        inputs = json.loads(content)["inputs"]
        assert (inputs["runAsEnabled"], inputs["runAsDefaultUser"]) == (True, "operator")
        groups = ask(result, "logs", "DescribeLogGroups", logGroupNamePrefix=inputs["cloudWatchLogGroupName"])["logGroups"]
        assert groups[0]["kmsKeyId"] == inputs["kmsKeyId"]
        setting = ask(result, "ssm", "GetServiceSetting", SettingId=TIER)["ServiceSetting"]
        assert setting["SettingValue"] == "advanced"


def test_traces_are_sampled_grouped_and_their_faults_watched() -> None:
    with stack("management-traced") as result:
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


def test_a_second_stack_of_an_account_leaves_alone_what_exists_once() -> None:
    with stack("management-off") as result:
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
