import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from botocore.session import Session

from components.management import documents
from tests.components.management.support import bare, full, managed
from tests.recorder import ACCOUNT, REGION, Graph

PREFIX = f"arn:aws:ssm:{REGION}:{ACCOUNT}"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return managed()


def test_on_premises_nodes_are_advanced_instances(graph: Graph) -> None:
    setting = graph.one("aws:ssm/serviceSetting:ServiceSetting")
    assert setting.inputs == {
        "settingId": f"{PREFIX}:servicesetting/ssm/managed-instance/activation-tier",
        "settingValue": "advanced",
        "region": REGION,
    }


def test_the_tier_is_left_alone_without_advanced_tier() -> None:
    assert managed(full(advanced_tier=False)).created("aws:ssm/serviceSetting:ServiceSetting") == []


def test_a_stack_that_adopts_makes_nothing_that_exists_once_per_account() -> None:
    graph = managed(full(account_settings="adopt", tracing=True, traced_workloads=["shop"]))
    for type_ in (
        "aws:ssm/serviceSetting:ServiceSetting",
        "aws:backup/regionSettings:RegionSettings",
        "aws:xray/samplingRule:SamplingRule",
    ):
        assert graph.created(type_) == []
    assert graph.created("aws:ssm/document:Document", name=documents.SESSION_DOCUMENT) == []


def test_sessions_are_encrypted_recorded_and_end(graph: Graph) -> None:
    document = graph.one("aws:ssm/document:Document", name="management-hosts-sessions")
    assert document.inputs["name"] == "SSM-SessionManagerRunShell"
    assert document.inputs["documentType"] == "Session"
    content = json.loads(document.inputs["content"])
    assert content["sessionType"] == "Standard_Stream"
    assert content["inputs"] == {
        "s3BucketName": "",
        "s3KeyPrefix": "",
        "s3EncryptionEnabled": True,
        "cloudWatchLogGroupName": "management-hosts-sessions",
        "cloudWatchEncryptionEnabled": True,
        "cloudWatchStreamingEnabled": True,
        "kmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/management-key",
        "runAsEnabled": False,
        "runAsDefaultUser": "",
        "idleSessionTimeout": "20",
        "maxSessionDuration": "480",
        "shellProfile": {"windows": "", "linux": "exec bash -l"},
    }


def test_sessions_run_as_the_user_that_is_named() -> None:
    graph = managed(full(sessions={"idle_minutes": 5, "max_minutes": 60, "run_as_user": "operator"}))
    content = json.loads(graph.one("aws:ssm/document:Document", name="management-hosts-sessions").inputs["content"])
    assert content["inputs"]["runAsEnabled"] is True
    assert content["inputs"]["runAsDefaultUser"] == "operator"


def test_log_groups_are_encrypted_and_kept_as_long_as_configured(graph: Graph) -> None:
    groups = graph.created("aws:cloudwatch/logGroup:LogGroup")
    assert sorted(group.name for group in groups) == ["management-hosts-commands", "management-hosts-sessions"]
    for group in groups:
        assert group.inputs["retentionInDays"] == 90
        assert group.inputs["kmsKeyId"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/management-key"


def test_associations_target_the_hosts_of_both_sides_by_one_tag(graph: Graph) -> None:
    made = graph.created("aws:ssm/association:Association", complianceSeverity="MEDIUM")
    associations = {association.name: association.inputs for association in made}
    assert {name: inputs["scheduleExpression"] for name, inputs in associations.items()} == {
        "management-hosts-agent": "rate(7 days)",
        "management-hosts-inventory": "rate(12 hours)",
        "management-hosts-update": "rate(7 days)",
    }
    for inputs in associations.values():
        assert inputs["targets"] == [{"key": "tag:PatchGroup", "values": ["hybridge-test"]}]
        assert (inputs["maxConcurrency"], inputs["maxErrors"]) == ("10%", "10%")
    assert associations["management-hosts-update"]["name"] == "AWS-UpdateSSMAgent"
    assert associations["management-hosts-inventory"]["name"] == "AWS-GatherSoftwareInventory"
    assert associations["management-hosts-inventory"]["parameters"]["networkConfig"] == "Enabled"
    assert associations["management-hosts-agent"]["name"] == "management-hosts-agent"
    assert associations["management-hosts-agent"]["parameters"] == {"configuration": "AmazonCloudWatch-hybridge-test"}


def test_associations_wait_until_the_roles_of_both_sides_may_do_what_they_ask(graph: Graph) -> None:
    permissions = {
        resource.urn
        for type_ in ("aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        for resource in graph.created(type_)
        if resource.name.startswith("management-hosts-")
    }
    assert len(permissions) == 4
    for association in graph.created("aws:ssm/association:Association", complianceSeverity="MEDIUM"):
        assert permissions <= association.dependencies


def test_the_agent_configuration_fits_a_standard_parameter_that_hosts_may_read(graph: Graph) -> None:
    parameter = graph.one("aws:ssm/parameter:Parameter").inputs
    assert parameter["name"].startswith("AmazonCloudWatch-")
    assert parameter["tier"] == "Standard"
    assert len(parameter["insecureValue"]) <= 4096
    configuration = json.loads(parameter["insecureValue"])
    assert configuration["agent"]["region"] == REGION
    assert configuration["metrics"]["aggregation_dimensions"] == [["Fleet"]]
    for plugin in configuration["metrics"]["metrics_collected"].values():
        assert plugin["append_dimensions"] == {"Fleet": "hybridge-test"}


def test_both_roles_get_the_same_permissions(graph: Graph) -> None:
    by_role = {policy.inputs["role"]: policy.inputs["policy"] for policy in graph.created("aws:iam/rolePolicy:RolePolicy")}
    assert by_role["platform-hosts"] == by_role["platform-servers"]
    statements = {statement["Sid"]: statement for statement in json.loads(by_role["platform-hosts"])["Statement"]}
    assert f"arn:aws:s3:::patch-baseline-snapshot-{REGION}/*" in statements["ReadAgentPackages"]["Resource"]
    assert f"arn:aws:s3:::aws-ssm-{REGION}/*" in statements["ReadAgentPackages"]["Resource"]
    assert statements["DecryptSessions"]["Resource"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:Key/management-key"
    attached = {
        attachment.inputs["role"]
        for attachment in graph.created(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            policyArn="arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
        )
    }
    assert attached == {"platform-hosts", "platform-servers"}


def test_without_roles_nothing_is_granted() -> None:
    assert [policy.name for policy in managed(bare()).created("aws:iam/rolePolicy:RolePolicy")] == [
        "management-patching-server-role",
        "management-patching-role",
    ]


def test_the_agent_is_installed_before_it_is_configured() -> None:
    steps = documents.agent_document(region=REGION)["mainSteps"]
    assert [step["action"] for step in steps] == ["aws:configurePackage", "aws:runShellScript", "aws:runDocument"]
    assert steps[0]["inputs"]["installationType"] == "Uninstall and reinstall", "what it takes along is made anew after it"
    assert steps[2]["inputs"]["documentPath"] == "AmazonCloudWatch-ManageAgent"
    assert steps[2]["inputs"]["documentParameters"]["optionalConfigurationLocation"] == "{{ configuration }}"


def on_premises(tmp_path: Path, *, activated: bool) -> Path:
    """Where the agent looks for credentials, once the step of the document has run on a host below `tmp_path`."""
    content = documents.agent_document(region=REGION)
    script = "\n".join(content["mainSteps"][1]["inputs"]["runCommand"])
    script = script.replace("{{ region }}", content["parameters"]["region"]["default"])
    for directory in ("/var/lib/amazon/ssm", "/opt/aws/amazon-cloudwatch-agent/etc", "/root/.aws"):
        assert directory in script
        (tmp_path / directory.strip("/")).mkdir(parents=True)
        script = script.replace(directory, f"{tmp_path}{directory}")
    (tmp_path / "root/.aws/credentials").write_text("[default]\naws_access_key_id = AKID\naws_secret_access_key = secret\n")
    if activated:
        (tmp_path / "var/lib/amazon/ssm/registration").write_text('{"ManagedInstanceID":"mi-0123456789abcdef0"}')
    for _ in range(2):  # it runs each week
        subprocess.run(["/bin/sh", "-euc", script], check=True)
    return tmp_path / "opt/aws/amazon-cloudwatch-agent/etc"


def test_on_premises_the_agent_finds_credentials_and_region_without_a_metadata_service(tmp_path: Path) -> None:
    etc = on_premises(tmp_path, activated=True)
    common = tomllib.loads((etc / "common-config.toml").read_text())["credentials"]
    # The agent reads both from the file that is named and from `config` beside it.
    credentials = Path(common["shared_credential_file"])
    session = Session(profile=common["shared_credential_profile"])
    session.set_config_variable("credentials_file", str(credentials))
    session.set_config_variable("config_file", str(credentials.parent / "config"))
    found = session.get_credentials()
    assert found is not None and found.access_key == "AKID"
    assert session.get_scoped_config()["region"] == REGION
    assert [path.name for path in (tmp_path / "root/.aws").iterdir()] == ["credentials"], "root's own files stay as they are"


def test_in_aws_the_agent_asks_the_metadata_service(tmp_path: Path) -> None:
    assert list(on_premises(tmp_path, activated=False).iterdir()) == []


def test_diagnostics_try_the_endpoints_and_what_the_program_says(graph: Graph) -> None:
    document = graph.one("aws:ssm/document:Document", name="management-hosts-diagnostics")
    content = json.loads(document.inputs["content"])
    targets = content["parameters"]["targets"]
    assert "database.aws.corp.example:5432" in targets["default"].split()
    assert f"ssm.{REGION}.amazonaws.com:443" in targets["default"].split()
    assert re.fullmatch(targets["allowedPattern"], targets["default"])


@pytest.mark.parametrize("text", ["a:1; reboot", "$(reboot):1", "a:1 && b", "`id`:1", "", "a:1\nreboot"])
def test_diagnostics_take_no_target_that_a_shell_would_run(text: str) -> None:
    assert not re.fullmatch(documents.TARGETS, text)


def test_documents_refer_only_to_parameters_that_they_have(graph: Graph) -> None:
    for document in graph.created("aws:ssm/document:Document", documentType="Command"):
        content = json.loads(document.inputs["content"])
        used = set(re.findall(r"\{\{\s*([^}\s]+)\s*\}\}", json.dumps(content["mainSteps"])))
        assert used == set(content["parameters"]), document.name
        assert len(document.inputs["content"]) < 64 * 1024
