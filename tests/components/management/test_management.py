import json

import pulumi
import pytest

from components.management import Management
from components.management.tracing import EXPRESSION_LIMIT, filter_expression
from tests.components.management.support import TAGS, bare, full, managed
from tests.recorder import REGION, Graph, deploy

TRACED = {"tracing": True, "traced_workloads": ["shop", "api"]}
DIRECTORY = {
    "name": "corp.example",
    "short_name": "CORP",
    "size": "Small",
    "dns_servers": ["192.168.0.10", "192.168.0.11"],
    "username": "connector",
    "password": "not-a-real-one",
}
GLOBAL = ("aws:iam/", "pulumi:")
WITHOUT_TAGS = (
    "aws:backup/regionSettings:RegionSettings",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    "aws:backup/selection:Selection",
    "aws:backup/vaultNotifications:VaultNotifications",
    "aws:backup/vaultPolicy:VaultPolicy",
    "aws:cloudwatch/dashboard:Dashboard",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:kms/alias:Alias",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget",
    "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
    "aws:ssm/patchGroup:PatchGroup",
    "aws:ssm/serviceSetting:ServiceSetting",
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return managed(full(**TRACED, directory=DIRECTORY))


def test_every_resource_has_a_parent_the_region_and_the_tags(graph: Graph) -> None:
    for resource in graph.resources:
        if resource.name != "management" or resource.custom:
            assert resource.parent, resource.urn
        if not resource.custom:
            continue
        if not resource.type.startswith(GLOBAL):
            assert resource.inputs["region"] == REGION, resource.urn
        if resource.type not in WITHOUT_TAGS:
            assert TAGS.items() <= resource.inputs["tags"].items(), resource.urn
            assert "Name" in resource.inputs["tags"], resource.urn


def test_outputs_are_those_that_others_rely_on(graph: Graph) -> None:
    management = next(resource for resource in graph.resources if resource.type == "hybridge:index:Management")
    outputs = graph.outputs[management.urn]
    assert set(outputs) == {
        "alarm_arns",
        "alarm_topic_arn",
        "command_log_group_name",
        "dashboard_name",
        "diagnostics_document_name",
        "directory_id",
        "key_arn",
        "maintenance_window_ids",
        "operator_policy_arns",
        "patch_baseline_ids",
        "resource_group_arns",
        "session_log_group_name",
        "vault_arn",
        "vault_name",
    }
    assert outputs["dashboard_name"] == "hybridge-test"
    assert outputs["directory_id"] == "management-directory-id"
    assert set(outputs["patch_baseline_ids"]) == {"AMAZON_LINUX_2023", "UBUNTU"}
    assert set(outputs["resource_group_arns"]) == {"all", "hosts", "backups"}


def test_resource_groups_are_made_of_tags(graph: Graph) -> None:
    queries = {
        group.name: json.loads(group.inputs["resourceQuery"]["query"])
        for group in graph.created("aws:resourcegroups/group:Group")
    }
    assert queries["management-groups-all"] == {
        "ResourceTypeFilters": ["AWS::AllSupported"],
        "TagFilters": [
            {"Key": "Environment", "Values": ["test"]},
            {"Key": "Project", "Values": ["hybridge"]},
        ],
    }
    assert queries["management-groups-hosts"]["TagFilters"] == [{"Key": "PatchGroup", "Values": ["hybridge-test"]}]
    assert queries["management-groups-backups"]["TagFilters"] == [{"Key": "Backup", "Values": ["hybridge-test"]}]


def test_the_connector_lies_in_two_subnets_and_its_password_is_secret(graph: Graph) -> None:
    secret = deploy(
        lambda: Management("management", full(directory={**DIRECTORY, "password": pulumi.Output.secret(DIRECTORY["password"])}))
    ).one("aws:directoryservice/directory:Directory")
    assert "password" in secret.secrets
    directory = graph.one("aws:directoryservice/directory:Directory").inputs
    assert directory["type"] == "ADConnector"
    assert directory["connectSettings"] == {
        "customerDnsIps": ["192.168.0.10", "192.168.0.11"],
        "customerUsername": "connector",
        "subnetIds": ["subnet-a", "subnet-b"],
        "vpcId": "vpc-0123",
    }


def test_a_new_password_of_the_connector_makes_no_new_directory_and_it_cannot_be_deleted(graph: Graph) -> None:
    directory = graph.one("aws:directoryservice/directory:Directory")
    assert set(directory.ignore_changes) == {"password", "connectSettings.customerUsername"}
    assert directory.protect


def test_traces_are_grouped_sampled_and_watched_once_there_are_any(graph: Graph) -> None:
    groups = {group.inputs["groupName"]: group.inputs["filterExpression"] for group in graph.created("aws:xray/group:Group")}
    assert groups == {
        "hybridge-test-workloads": 'service("shop") OR service("api")',
        "hybridge-test-faults": 'service("shop") { fault = true } OR service("api") { fault = true }',
    }
    rule = graph.one("aws:xray/samplingRule:SamplingRule").inputs
    assert (rule["reservoirSize"], rule["fixedRate"], rule["ruleName"]) == (1, 0.05, "hybridge-test-sampling")
    alarm = graph.one("aws:cloudwatch/metricAlarm:MetricAlarm", name="management-alarms-faults").inputs
    assert alarm["dimensions"] == {"GroupName": "hybridge-test-faults"}
    assert managed().created("aws:xray/group:Group") == []


@pytest.mark.parametrize("only_faults", [True, False])
def test_a_filter_expression_is_never_longer_than_x_ray_takes(only_faults: bool) -> None:
    many = [f"workload-number-{position}" for position in range(250)]
    assert len(filter_expression(many, only_faults=only_faults)) <= EXPRESSION_LIMIT
    assert filter_expression([], only_faults=only_faults)


def test_without_options_little_is_made() -> None:
    graph = managed(bare())
    assert graph.created("aws:directoryservice/directory:Directory") == []
    assert graph.created("aws:xray/group:Group") == []
    management = next(resource for resource in graph.resources if resource.type == "hybridge:index:Management")
    assert graph.outputs[management.urn].get("vault_arn") is None
    assert graph.outputs[management.urn].get("directory_id") is None


def test_none_is_the_same_as_left_out() -> None:
    args = {**bare(), "gateway_arn": None, "cluster_name": None, "directory": None, "connection_ids": None}
    left, out = managed(args), managed(bare())  # type: ignore[arg-type]
    assert sorted(resource.urn for resource in left.resources) == sorted(resource.urn for resource in out.resources)


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"gateway_name": None}, "gateway_arn needs gateway_name"),
        ({"database_storage_gib": None}, "database_identifier needs database_storage_gib"),
        ({"replication_instance_identifier": None}, "needs replication_instance_identifier"),
        ({"virtual_interface_ids": {"north": "dxvif-north"}}, "names north"),
        ({"directory": DIRECTORY, "vpc_id": None}, "directory needs vpc_id"),
    ],
)
def test_arguments_that_miss_what_they_need_are_refused(others: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        managed(full(**others))
