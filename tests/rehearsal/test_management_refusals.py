"""What Systems Manager, AWS Backup, CloudWatch and X-Ray refuse in an emulated account, as AWS would."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.emulator import ACCOUNT, Emulator, Refused
from tests.rehearsal.support import REGION

OTHER = "ap-northeast-1"
BACKUP_ROLE, SSM_ROLE = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("backup", "ssm"))
GROUP = [{"Key": "tag:PatchGroup", "Values": ["hybridge"]}]
STEP = {"action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": ["uptime {{ minutes }}"]}}
COMMAND = {
    "schemaVersion": "2.2",
    "parameters": {"minutes": {"type": "String", "allowedPattern": "^[0-9]+$"}},
    "mainSteps": [STEP],
}


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    with Emulator() as emulator:
        for name in ("backup", "ssm"):
            trust = {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": f"{name}.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ],
            }
            emulator.call(
                "iam", "CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": json.dumps(trust)}, region="us-east-1"
            )
        ask(emulator, "backup", "CreateBackupVault", BackupVaultName="vault")
        ask(emulator, "sns", "CreateTopic", Name="alarms")
        ask(emulator, "logs", "CreateLogGroup", logGroupName="commands")
        ask(emulator, "ssm", "CreateDocument", Name="own", DocumentType="Command", Content=json.dumps(COMMAND))
        yield emulator


def ask(account: Emulator, service: str, operation: str, **params: Any) -> dict[str, Any]:
    return account.call(service, operation, params, region=REGION)


def plan(**rule: Any) -> dict[str, Any]:
    full = {"RuleName": "daily", "TargetBackupVaultName": "vault", "ScheduleExpression": "cron(0 5 * * ? *)", **rule}
    return {"BackupPlanName": "plan", "Rules": [full]}


def copying(vault: str, **lifecycle: int) -> dict[str, Any]:
    """A plan that copies to a vault, given by region and name."""
    region, name = vault.split("/")
    arn = f"arn:aws:backup:{region}:{ACCOUNT}:backup-vault:{name}"
    return plan(CopyActions=[{"DestinationBackupVaultArn": arn, "Lifecycle": {"DeleteAfterDays": 14, **lifecycle}}])


def document(**others: Any) -> str:
    return json.dumps({**COMMAND, **others})


def rule(system: str, key: str, days: int | None = 7) -> dict[str, Any]:
    filters = {"PatchFilterGroup": {"PatchFilters": [{"Key": key, "Values": ["*"]}]}}
    delay = {} if days is None else {"ApproveAfterDays": days}
    return {"Name": "baseline", "OperatingSystem": system, "ApprovalRules": {"PatchRules": [{**filters, **delay}]}}


def alarm(**others: Any) -> dict[str, Any]:
    single = {
        "AlarmName": "alarm",
        "Namespace": "AWS/RDS",
        "MetricName": "CPUUtilization",
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 3,
        "Threshold": 90.0,
        "ComparisonOperator": "GreaterThanThreshold",
        **others,
    }
    return {key: value for key, value in single.items() if value is not None}


def dashboard(*widgets: Any) -> dict[str, Any]:
    return {"DashboardName": "board", "DashboardBody": json.dumps({"widgets": list(widgets)})}


def told(template: str, paths: dict[str, str]) -> dict[str, Any]:
    transformer = {"InputTemplate": template, "InputPathsMap": paths}
    return {"Rule": "rule", "Targets": [{"Id": "topic", "Arn": "arn:aws:sns:::topic", "InputTransformer": transformer}]}


def metrics(*queries: Any) -> dict[str, Any]:
    without = dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period"))
    return alarm(**without, Metrics=list(queries))


METRIC = {"Metric": {"Namespace": "AWS/RDS", "MetricName": "CPUUtilization"}, "Period": 300, "Stat": "Average"}
LINE = {"type": "metric", "properties": {"region": REGION, "metrics": [["AWS/RDS", "CPUUtilization"]]}}

REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("ssm", "UpdateServiceSetting", {"SettingId": "/ssm/none", "SettingValue": "x"}, "ServiceSettingNotFound"),
    ("ssm", "UpdateServiceSetting", {"SettingId": "/ssm/managed-instance/activation-tier", "SettingValue": "x"}, "no value"),
    ("ssm", "CreateDocument", {"Name": "d01", "Content": "{", "DocumentType": "Command"}, "not well-formed"),
    ("ssm", "CreateDocument", {"Name": "d02", "Content": document(schemaVersion="1.0")}, "InvalidDocumentSchemaVersion"),
    ("ssm", "CreateDocument", {"Name": "d03", "Content": document(parameters={})}, "used but not defined"),
    ("ssm", "CreateDocument", {"Name": "d04", "Content": document(mainSteps=[STEP, STEP])}, "unique names"),
    ("ssm", "CreateDocument", {"Name": "d05", "Content": document(mainSteps=[{**STEP, "action": "aws:run"}])}, "not supported"),
    (
        "ssm",
        "CreateDocument",
        {"Name": "d06", "Content": '{"schemaVersion": "1.0", "sessionType": "Shell"}', "DocumentType": "Session"},
        "sessionType",
    ),
    ("ssm", "CreateAssociation", {"Name": "none", "Targets": GROUP}, "does not exist"),
    ("ssm", "CreateAssociation", {"Name": "own", "Targets": GROUP}, "needs a value for its parameter minutes"),
    ("ssm", "CreateAssociation", {"Name": "own", "Targets": GROUP, "Parameters": {"minutes": ["x"]}}, "allowed pattern"),
    ("ssm", "CreateAssociation", {"Name": "own", "Targets": GROUP, "Parameters": {"hours": ["1"]}}, "not defined"),
    ("ssm", "CreateAssociation", {"Name": "AWS-UpdateSSMAgent", "Targets": GROUP, "Parameters": {"x": ["1"]}}, "not defined"),
    (
        "ssm",
        "CreateAssociation",
        {"Name": "AWS-UpdateSSMAgent", "Targets": GROUP, "ScheduleExpression": "rate(29 minutes)"},
        "every 30 minutes at most",
    ),
    ("ssm", "CreateAssociation", {"Name": "AWS-UpdateSSMAgent"}, "needs targets"),
    ("ssm", "CreatePatchBaseline", rule("UBUNTU", "CLASSIFICATION", 0), "not supported for UBUNTU"),
    ("ssm", "CreatePatchBaseline", rule("UBUNTU", "PRIORITY", 7), "delays are not supported"),
    ("ssm", "CreatePatchBaseline", rule("AMAZON_LINUX_2023", "PRIORITY"), "not supported for AMAZON_LINUX_2023"),
    ("ssm", "CreatePatchBaseline", rule("AMAZON_LINUX_2023", "SEVERITY", None), "either ApproveAfterDays"),
    (
        "ssm",
        "RegisterPatchBaselineForPatchGroup",
        {"BaselineId": "pb-0123456789abcdef0", "PatchGroup": "hybridge"},
        "does not exist",
    ),
    (
        "ssm",
        "CreateMaintenanceWindow",
        {"Name": "window", "Schedule": "rate(1 day)", "Duration": 2, "Cutoff": 2, "AllowUnassociatedTargets": False},
        "cutoff",
    ),
    ("backup", "CreateBackupPlan", {"BackupPlan": plan(TargetBackupVaultName="none")}, "does not exist"),
    (
        "backup",
        "CreateBackupPlan",
        {"BackupPlan": plan(Lifecycle={"DeleteAfterDays": 119, "MoveToColdStorageAfterDays": 30})},
        "90 days apart",
    ),
    ("backup", "CreateBackupPlan", {"BackupPlan": plan(StartWindowMinutes=30)}, "60 minutes or more"),
    ("backup", "CreateBackupPlan", {"BackupPlan": copying(f"{REGION}/vault")}, "no other backup vault"),
    ("backup", "CreateBackupPlan", {"BackupPlan": copying(f"{OTHER}/vault")}, "no other backup vault"),
    ("backup", "CreateBackupPlan", {"BackupPlan": copying(f"{OTHER}/copies", MoveToColdStorageAfterDays=7)}, "90 days apart"),
    (
        "backup",
        "CreateBackupVault",
        {"BackupVaultName": "other", "EncryptionKeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/none"},
        "does not exist",
    ),
    (
        "backup",
        "CreateBackupSelection",
        {"BackupPlanId": "none", "BackupSelection": {"SelectionName": "all", "IamRoleArn": BACKUP_ROLE, "Resources": ["*"]}},
        "does not exist",
    ),
    (
        "backup",
        "PutBackupVaultNotifications",
        {"BackupVaultName": "vault", "SNSTopicArn": "none", "BackupVaultEvents": ["BACKUP_JOB_COMPLETED"]},
        "does not exist",
    ),
    (
        "backup",
        "PutBackupVaultNotifications",
        {
            "BackupVaultName": "vault",
            "SNSTopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
            "BackupVaultEvents": ["BACKUP_JOB_FAILED"],
        },
        "no longer sent",
    ),
    ("backup", "PutBackupVaultAccessPolicy", {"BackupVaultName": "vault", "Policy": "{}"}, "no policy document"),
    ("backup", "UpdateRegionSettings", {"ResourceTypeOptInPreference": {"Lambda": True}}, "Invalid resource type"),
    (
        "backup",
        "CreateRestoreTestingPlan",
        {
            "RestoreTestingPlan": {
                "RestoreTestingPlanName": "with-hyphen",
                "ScheduleExpression": "cron(0 8 1 * ? *)",
                "RecoveryPointSelection": {},
            }
        },
        "letters, digits and underscores",
    ),
    (
        "backup",
        "CreateRestoreTestingSelection",
        {
            "RestoreTestingPlanName": "none",
            "RestoreTestingSelection": {
                "RestoreTestingSelectionName": "rds",
                "IamRoleArn": BACKUP_ROLE,
                "ProtectedResourceType": "RDS",
            },
        },
        "does not exist",
    ),
    ("cloudwatch", "PutMetricAlarm", alarm(EvaluationPeriods=289), "more than a day"),
    ("cloudwatch", "PutMetricAlarm", alarm(DatapointsToAlarm=4), "DatapointsToAlarm"),
    ("cloudwatch", "PutMetricAlarm", alarm(Period=90), "multiple of 60"),
    ("cloudwatch", "PutMetricAlarm", alarm(ExtendedStatistic="p95"), "one statistic"),
    ("cloudwatch", "PutMetricAlarm", alarm(AlarmActions=["somebody"]), "Invalid arn syntax"),
    (
        "cloudwatch",
        "PutMetricAlarm",
        alarm(AlarmActions=[f"arn:aws:ssm:{REGION}:{ACCOUNT}:opsitem:5"]),
        "Invalid arn syntax",
    ),
    ("cloudwatch", "PutMetricAlarm", alarm(OKActions=[f"arn:aws:ssm:{REGION}:{ACCOUNT}:opsitem:3"]), "rings only"),
    ("cloudwatch", "PutMetricAlarm", alarm(Metrics=[{"Id": "one", "MetricStat": METRIC}]), "exclude each other"),
    (
        "cloudwatch",
        "PutMetricAlarm",
        metrics({"Id": "one", "MetricStat": METRIC}, {"Id": "two", "MetricStat": METRIC}),
        "Exactly one",
    ),
    (
        "cloudwatch",
        "PutMetricAlarm",
        metrics({"Id": "one", "MetricStat": METRIC, "ReturnData": False}, {"Id": "sum", "Expression": "one + two"}),
        "no metric of the alarm",
    ),
    ("cloudwatch", "PutMetricAlarm", metrics({"Id": "all", "Expression": "SELECT SUM(one) FROM two"}), "needs a period"),
    ("cloudwatch", "PutCompositeAlarm", {"AlarmName": "all", "AlarmRule": 'ALARM("none")'}, "does not exist"),
    ("cloudwatch", "PutCompositeAlarm", {"AlarmName": "all", "AlarmRule": "none"}, "syntax error"),
    ("cloudwatch", "PutDashboard", {"DashboardName": "a b", "DashboardBody": "{}"}, "name of a dashboard"),
    ("cloudwatch", "PutDashboard", dashboard({**LINE, "x": 20, "width": 6}), "leaves the grid"),
    ("cloudwatch", "PutDashboard", dashboard({**LINE, "type": "graph"}), "type must be one of"),
    ("cloudwatch", "PutDashboard", dashboard({"type": "metric", "properties": {"region": REGION, "metrics": []}}), "1 to 500"),
    (
        "cloudwatch",
        "PutDashboard",
        dashboard({"type": "metric", "properties": {"region": REGION, "metrics": [["AWS/RDS", "CPU", "Name"]]}}),
        "by twos",
    ),
    ("events", "PutTargets", told('"<what>"', {}), r"\['what'\] have no path"),
    ("events", "PutTargets", told("<what> failed", {"what": "$.detail"}), "it is no JSON"),
    ("events", "PutTargets", told('"<what>"', {"what": "detail"}), "Invalid InputPath"),
    ("xray", "CreateGroup", {"GroupName": "Default"}, "already exists"),
    ("xray", "CreateGroup", {"GroupName": "one", "FilterExpression": 'service("shop"'}, "Invalid filter"),
    ("xray", "CreateGroup", {"GroupName": "one", "FilterExpression": "faulty = true"}, "Invalid filter"),
]


@pytest.mark.parametrize(
    ("service", "operation", "params", "message"),
    REFUSED,
    ids=[f"{operation}-{position}" for position, (_, operation, _, _) in enumerate(REFUSED)],
)
def test_what_aws_refuses_is_refused(
    account: Emulator, service: str, operation: str, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        ask(account, service, operation, **params)


def test_a_patch_group_has_one_baseline_for_each_operating_system(account: Emulator) -> None:
    made = {
        system: ask(account, "ssm", "CreatePatchBaseline", Name=f"of-{position}", OperatingSystem=system)["BaselineId"]
        for position, system in enumerate(("AMAZON_LINUX_2023", "UBUNTU"))
    }
    for identifier in made.values():
        ask(account, "ssm", "RegisterPatchBaselineForPatchGroup", BaselineId=identifier, PatchGroup="servers")
    for system, identifier in made.items():
        found = ask(account, "ssm", "GetPatchBaselineForPatchGroup", PatchGroup="servers", OperatingSystem=system)
        assert found["BaselineId"] == identifier
    other = ask(account, "ssm", "CreatePatchBaseline", Name="another", OperatingSystem="UBUNTU")["BaselineId"]
    with pytest.raises(Refused, match="already has a baseline registered"):
        ask(account, "ssm", "RegisterPatchBaselineForPatchGroup", BaselineId=other, PatchGroup="servers")


def window(account: Emulator) -> str:
    identifier: str = ask(
        account,
        "ssm",
        "CreateMaintenanceWindow",
        Name="window",
        Schedule="rate(1 day)",
        Duration=2,
        Cutoff=1,
        AllowUnassociatedTargets=False,
    )["WindowId"]
    return identifier


def test_a_task_is_for_targets_of_its_own_window_with_a_role_of_systems_manager(account: Emulator) -> None:
    one, other = window(account), window(account)
    target = ask(account, "ssm", "RegisterTargetWithMaintenanceWindow", WindowId=one, ResourceType="INSTANCE", Targets=GROUP)[
        "WindowTargetId"
    ]
    task: dict[str, Any] = {
        "TaskArn": "AWS-RunPatchBaseline",
        "TaskType": "RUN_COMMAND",
        "ServiceRoleArn": SSM_ROLE,
        "Targets": [{"Key": "WindowTargetIds", "Values": [target]}],
    }

    def register(window_id: str, **others: Any) -> dict[str, Any]:
        return ask(account, "ssm", "RegisterTaskWithMaintenanceWindow", WindowId=window_id, **{**task, **others})

    assert register(one)["WindowTaskId"]
    with pytest.raises(Refused, match="do not exist in"):
        register(other)
    with pytest.raises(Refused, match="may not assume"):
        register(one, ServiceRoleArn=BACKUP_ROLE)
    with pytest.raises(Refused, match="not defined in the document"):
        register(one, TaskInvocationParameters={"RunCommand": {"Parameters": {"Operate": ["Scan"]}}})
    with pytest.raises(Refused, match="log group none does not exist"):
        output = {"CloudWatchLogGroupName": "none", "CloudWatchOutputEnabled": True}
        register(one, TaskInvocationParameters={"RunCommand": {"CloudWatchOutputConfig": output}})


def test_backups_are_copied_to_a_vault_of_another_region(account: Emulator) -> None:
    account.call("backup", "CreateBackupVault", {"BackupVaultName": "copies"}, region=OTHER)
    wanted = {**copying(f"{OTHER}/copies"), "BackupPlanName": "copied"}
    identifier = ask(account, "backup", "CreateBackupPlan", BackupPlan=wanted)["BackupPlanId"]
    (made,) = ask(account, "backup", "GetBackupPlan", BackupPlanId=identifier)["BackupPlan"]["Rules"]
    assert made["CopyActions"] == wanted["Rules"][0]["CopyActions"]


def test_a_selection_takes_a_role_of_aws_backup_and_something_to_back_up(account: Emulator) -> None:
    identifier = ask(account, "backup", "CreateBackupPlan", BackupPlan=plan())["BackupPlanId"]

    def select(**selection: Any) -> dict[str, Any]:
        full = {"SelectionName": "all", "IamRoleArn": BACKUP_ROLE, "Resources": ["*"], **selection}
        return ask(account, "backup", "CreateBackupSelection", BackupPlanId=identifier, BackupSelection=full)

    made = select()["SelectionId"]
    [listed] = ask(account, "backup", "ListBackupSelections", BackupPlanId=identifier)["BackupSelectionsList"]
    assert (listed["SelectionId"], listed["SelectionName"]) == (made, "all")
    with pytest.raises(Refused, match="cannot be assumed by AWS Backup"):
        select(IamRoleArn=SSM_ROLE)
    with pytest.raises(Refused, match="needs resources or tags"):
        select(Resources=[])


def test_a_restore_is_overridden_only_where_it_can_be(account: Emulator) -> None:
    vault = ask(account, "backup", "DescribeBackupVault", BackupVaultName="vault")["BackupVaultArn"]
    points = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": [vault], "RecoveryPointTypes": ["SNAPSHOT"]}
    testing = {"ScheduleExpression": "cron(0 8 1 * ? *)", "RecoveryPointSelection": points, "RestoreTestingPlanName": "tries"}
    ask(account, "backup", "CreateRestoreTestingPlan", RestoreTestingPlan=testing)

    def select(**others: Any) -> dict[str, Any]:
        selection = {
            "RestoreTestingSelectionName": "rds",
            "IamRoleArn": BACKUP_ROLE,
            "ProtectedResourceType": "RDS",
            "ProtectedResourceConditions": {"StringEquals": [{"Key": "aws:ResourceTag/Backup", "Value": "yes"}]},
            **others,
        }
        params = {"RestoreTestingPlanName": "tries", "RestoreTestingSelection": selection}
        return ask(account, "backup", "CreateRestoreTestingSelection", **params)

    assert select(RestoreMetadataOverrides={"dbSubnetGroupName": "database"})["RestoreTestingSelectionName"] == "rds"
    with pytest.raises(Refused, match="cannot be overridden for RDS"):
        select(RestoreMetadataOverrides={"instanceType": "t3.micro"})
    with pytest.raises(Refused, match="Conditions are on tags"):
        select(ProtectedResourceConditions={"StringEquals": [{"Key": "Backup", "Value": "yes"}]})
    with pytest.raises(Refused, match="1 to 168 hours"):
        select(ValidationWindowHours=169)


def test_types_that_are_not_named_keep_their_opt_in(account: Emulator) -> None:
    before = ask(account, "backup", "DescribeRegionSettings")["ResourceTypeOptInPreference"]
    ask(account, "backup", "UpdateRegionSettings", ResourceTypeOptInPreference={"S3": True})
    after = ask(account, "backup", "DescribeRegionSettings")["ResourceTypeOptInPreference"]
    assert after == {**before, "S3": True}


def test_an_alarm_over_alarms_is_kept_with_its_rule_and_tags(account: Emulator) -> None:
    ask(account, "cloudwatch", "PutMetricAlarm", **alarm())
    params = {"AlarmName": "over", "AlarmRule": 'ALARM("alarm") AND NOT OK("alarm")', "Tags": [{"Key": "A", "Value": "B"}]}
    ask(account, "cloudwatch", "PutCompositeAlarm", **params)
    [over] = ask(account, "cloudwatch", "DescribeAlarms", AlarmNames=["over"])["CompositeAlarms"]
    assert over["AlarmRule"] == params["AlarmRule"]
    tags = ask(account, "cloudwatch", "ListTagsForResource", ResourceARN=over["AlarmArn"])["Tags"]
    assert tags == [{"Key": "A", "Value": "B"}]


def test_a_service_setting_is_found_by_its_arn_and_reset(account: Emulator) -> None:
    setting = "/ssm/managed-instance/activation-tier"
    arn = f"arn:aws:ssm:{REGION}:{ACCOUNT}:servicesetting{setting}"
    ask(account, "ssm", "UpdateServiceSetting", SettingId=arn, SettingValue="advanced")
    found = ask(account, "ssm", "GetServiceSetting", SettingId=setting)["ServiceSetting"]
    assert (found["SettingValue"], found["Status"], found["ARN"]) == ("advanced", "Customized", arn)
    reset = ask(account, "ssm", "ResetServiceSetting", SettingId=arn)["ServiceSetting"]
    assert (reset["SettingValue"], reset["Status"]) == ("standard", "Default")


def test_there_are_25_sampling_rules_in_a_region(account: Emulator) -> None:
    def create(name: str) -> None:
        everything = dict.fromkeys(("ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath", "ResourceARN"), "*")
        sampling = {"RuleName": name, "Priority": 1, "FixedRate": 0.1, "ReservoirSize": 1, "Version": 1, **everything}
        ask(account, "xray", "CreateSamplingRule", SamplingRule=sampling)

    for number in range(25):
        create(f"rule-{number}")
    with pytest.raises(Refused, match="at most 25"):
        create("one-more")
