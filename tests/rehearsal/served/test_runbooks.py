"""Every command of the AWS CLI in `docs/` is typed against a served production, and answered as AWS answers."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from cli.app import main
from rehearsal import wire
from tests.migration.servers import programs, servers
from tests.rehearsal.served.cli import SERVICES, model, parsed
from tests.rehearsal.served.shell import Shell, shell
from tests.rehearsal.served.support import REGION, Account, served
from tests.rehearsal.support import ROOT, rehearsed_stacks

DOCS = sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`aws\s+([^`]+)`")
PLACEHOLDER = re.compile(r".*(?:\$|\.\.\.).*|/?[A-Z_]{2,}")
"""What a person fills in."""


@dataclass
class Production:
    """`prod` and `dr`, served, with what a person knows of them."""

    account: Account
    outputs: dict[str, dict[str, Any]]

    def first(self, service: str, method: str, path: str, **params: Any) -> Any:
        """The first of what an account has of a kind."""
        value: Any = getattr(self.account.client(service), method)(**params)
        for part in path.split("."):
            value = value[0] if part == "0" else value[part]
        return value

    @property
    def prod(self) -> dict[str, Any]:
        """What `pulumi stack output -s prod --show-secrets` prints."""
        return self.outputs["prod"]


@pytest.fixture(scope="module")
def production() -> Iterator[Production]:
    with rehearsed_stacks("prod", "dr") as results, served() as account:
        outputs = {stack: wire.unwrap(result.deployment.outputs) for stack, result in zip(("prod", "dr"), results, strict=True)}
        # Of what production has not chosen: the stage `assess`, and backups of virtual machines.
        role = "arn:aws:iam::123456789012:role/further"
        outputs["prod"]["migrationAssessment"] = {"bucket": outputs["prod"]["bucketName"], "role_arn": role}
        outputs["prod"]["backupMachinesRoleArn"] = role
        outputs["dev"] = outputs["prod"]
        yield Production(account, outputs)


def archived(production: Production) -> dict[str, Any]:
    bucket = production.prod["bucketName"]
    production.account.client("s3").put_object(Bucket=bucket, Key="old", Body=b"x", StorageClass="GLACIER")
    return {"Bucket": bucket, "Key": "old", "RestoreRequest": {"Days": 3}}


def database(production: Production) -> dict[str, Any]:
    return {"DBInstanceIdentifier": production.first("rds", "describe_db_instances", "DBInstances.0.DBInstanceIdentifier")}


def replica(production: Production) -> dict[str, Any]:
    found = production.account.client("rds").describe_db_instances()["DBInstances"]
    names = [one["DBInstanceIdentifier"] for one in found if "ReadReplicaSourceDBInstanceIdentifier" in one]
    return {"DBInstanceIdentifier": names[0]}


def service(production: Production) -> dict[str, Any]:
    cluster = production.prod["clusterName"]
    arn = production.first("ecs", "list_services", "serviceArns.0", cluster=cluster)
    return {"cluster": cluster, "service": arn}


def task(production: Production) -> dict[str, Any]:
    arn = next(iter(production.prod["migrationTaskArns"].values()))
    client = production.account.client("dms")
    filters = [{"Name": "replication-task-arn", "Values": [arn]}]
    (found,) = client.describe_replication_tasks(Filters=filters)["ReplicationTasks"]
    if found["Status"] == "running":
        client.stop_replication_task(ReplicationTaskArn=arn)
    return {"ReplicationTaskArn": arn, "StartReplicationTaskType": "resume-processing"}


def target(production: Production) -> dict[str, Any]:
    found = production.first(
        "application-autoscaling", "describe_scalable_targets", "ScalableTargets.0", ServiceNamespace="ecs"
    )
    return {key: found[key] for key in ("ServiceNamespace", "ResourceId", "ScalableDimension")}


def sample(production: Production) -> dict[str, Any]:
    return {
        "VpnConnectionId": production.first("ec2", "describe_vpn_connections", "VpnConnections.0.VpnConnectionId"),
        "VpnConnectionDeviceTypeId": production.first(
            "ec2", "get_vpn_connection_device_types", "VpnConnectionDeviceTypes.0.VpnConnectionDeviceTypeId"
        ),
    }


def group(production: Production) -> dict[str, Any]:
    path = "AutoScalingGroups.0.AutoScalingGroupName"
    return {"AutoScalingGroupName": production.first("autoscaling", "describe_auto_scaling_groups", path), "MaxSize": 9}


EXAMPLES: dict[tuple[str, str], Callable[[Production], dict[str, Any]]] = {
    ("application-autoscaling", "register-scalable-target"): target,
    ("autoscaling", "start-instance-refresh"): lambda p: {"AutoScalingGroupName": group(p)["AutoScalingGroupName"]},
    ("autoscaling", "update-auto-scaling-group"): group,
    ("backup", "list-recovery-points-by-backup-vault"): lambda p: {"BackupVaultName": p.prod["backupVaultName"]},
    ("backup", "start-restore-job"): lambda p: {
        "RecoveryPointArn": f"arn:aws:ec2:{REGION}::snapshot/snap-0123456789abcdef0",
        "Metadata": {},
    },
    ("directconnect", "confirm-connection"): lambda p: {
        "connectionId": next(iter(p.prod["directConnectConnectionIds"].values()))
    },
    ("directconnect", "delete-connection"): lambda p: {"connectionId": "dxcon-gone"},
    ("dms", "reload-tables"): lambda p: {
        "ReplicationTaskArn": task(p)["ReplicationTaskArn"],
        "TablesToReload": [{"SchemaName": "public", "TableName": "orders"}],
    },
    ("dms", "start-replication-task"): task,
    ("ec2", "get-vpn-connection-device-sample-configuration"): sample,
    ("ecr", "describe-images"): lambda p: {
        "repositoryName": p.first("ecr", "describe_repositories", "repositories.0.repositoryName")
    },
    ("ecs", "describe-services"): lambda p: {"cluster": p.prod["clusterName"], "services": [service(p)["service"]]},
    ("efs", "describe-mount-targets"): lambda p: {"FileSystemId": "fs-0123456789abcdef0"},
    ("ecs", "deregister-container-instance"): lambda p: {"cluster": p.prod["clusterName"], "containerInstance": "0" * 32},
    ("ecs", "execute-command"): lambda p: {
        "cluster": p.prod["clusterName"],
        "task": "0" * 32,
        "command": "sh",
        "interactive": True,
    },
    ("ecs", "update-service"): service,
    ("rds", "promote-read-replica"): replica,
    ("rds", "reboot-db-instance"): database,
    ("s3api", "restore-object"): archived,
    ("secretsmanager", "describe-secret"): lambda p: {"SecretId": p.prod["databaseSecretArn"]},
    ("secretsmanager", "stop-replication-to-replica"): lambda p: {"SecretId": p.prod["databaseSecretArn"]},
    ("ssm", "deregister-managed-instance"): lambda p: {"InstanceId": "mi-0123456789abcdef0"},
    ("ssm", "start-session"): lambda p: {"Target": "mi-0123456789abcdef0"},
    ("storagegateway", "add-cache"): lambda p: {"GatewayARN": p.prod["fileGatewayArn"], "DiskIds": ["/dev/sdc"]},
    ("storagegateway", "describe-bandwidth-rate-limit-schedule"): lambda p: {"GatewayARN": p.prod["fileGatewayArn"]},
    ("storagegateway", "list-local-disks"): lambda p: {"GatewayARN": p.prod["fileGatewayArn"]},
    ("storagegateway", "refresh-cache"): lambda p: {"FileShareARN": p.prod["fileShareArn"], "FolderList": ["/web"]},
    ("storagegateway", "update-nfs-file-share"): lambda p: {"FileShareARN": p.prod["fileShareArn"]},
}
"""What a person puts where the texts have a placeholder, or leave out what is clear from the sentence around."""

REFUSED = {
    ("backup", "start-restore-job"): "ResourceNotFoundException",
    ("directconnect", "confirm-connection"): "DirectConnectClientException",
    ("directconnect", "delete-connection"): "DirectConnectClientException",
    ("ecs", "deregister-container-instance"): "InvalidParameterException",
    ("ecs", "execute-command"): "InvalidParameterException",
    ("efs", "describe-mount-targets"): "FileSystemNotFound",
    ("storagegateway", "add-cache"): "InvalidGatewayRequestException",
    ("secretsmanager", "stop-replication-to-replica"): "InvalidRequestException",
    ("ssm", "deregister-managed-instance"): "InvalidInstanceId",
    ("ssm", "start-session"): "TargetNotConnected",
}
"""What is about hosts, containers and backups, of which a rehearsal has none, or about another state than the stack is in."""

NOT_EMULATED = {
    ("autoscaling", "start-instance-refresh"): "no host runs",
    ("backup-gateway", "create-gateway"): "it is made of a virtual machine in the data centre",
    ("backup-gateway", "import-hypervisor-configuration"): "there is no hypervisor",
    ("backup-gateway", "put-hypervisor-property-mappings"): "there is no hypervisor",
    ("dms", "describe-orderable-replication-instances"): "what AWS sells today it alone knows",
    ("dms", "describe-replication-task-individual-assessments"): "nothing is assessed",
    ("dms", "reload-tables"): "no row is moved",
    ("dms", "start-replication-task-assessment-run"): "nothing is assessed",
    ("ec2", "modify-vpn-tunnel-options"): "no tunnel is up",
    ("ssm", "describe-automation-executions"): "no runbook is run",
}
"""What nobody answers here, and why: of these it is tried that the words are those of AWS's API, and that it is said so."""


def inline() -> list[tuple[str, str]]:
    """Every command within a sentence, with the page that it is on."""
    found: dict[str, str] = {}
    for page in DOCS:
        for words in INLINE.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z0-9-]+ [a-z-]+-[a-z-]+", words):
                found.setdefault(words.strip(), page.name)
    # Whoever looks before deleting sees what is there.
    return sorted(found.items(), key=lambda one: (not re.search(r" (describe|get|list)-", one[0]), one))


def blocks() -> list[Any]:
    """Every block of shell commands that has one of the AWS CLI."""
    found = []
    for page in DOCS:
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            if re.search(r"(?<![\w/-])aws [a-z0-9]+", block[2]):
                line = text[: block.start()].count("\n") + 2
                script = "\n".join(row.removeprefix(block[1]) for row in block[2].splitlines())
                found.append(pytest.param(script, id=f"{page.name}:{line}"))
    return found


def test_the_commands_are_found() -> None:
    assert len(inline()) >= 20
    assert len(blocks()) >= 6


@pytest.mark.parametrize(("words", "page"), inline())
def test_a_command_of_a_sentence_is_answered_as_aws_answers(production: Production, words: str, page: str) -> None:
    name, operation, *rest = shlex.split(re.sub(r"\$\([^)]*\)", "PLACEHOLDER", words))
    api, shape = model(production.account, name, operation)
    said = [word for word in rest if not PLACEHOLDER.fullmatch(word)]
    given = [word for position, word in enumerate(said) if not _bare(word, rest, said, position, shape)]
    params, own = parsed(shape, given)
    fill = EXAMPLES.get((name, operation))
    params = {**(fill(production) if fill else {}), **params}
    missing = set(shape.required_members if shape else ()) - params.keys()
    assert not missing, f"{page}: aws {words}: say in EXAMPLES what a person puts for {', '.join(sorted(missing))}"
    client = production.account.client(SERVICES.get(name, name), own.get("region", REGION))
    code = None
    try:
        getattr(client, xform_name(api))(**params)
    except ClientError as error:
        code = error.response["Error"]["Code"]
    assert code == ("NotImplemented" if (name, operation) in NOT_EMULATED else REFUSED.get((name, operation)))


def _bare(word: str, rest: list[str], said: list[str], position: int, shape: Any) -> bool:
    """Whether an option has lost its value, which was a placeholder."""
    if not word.startswith("--"):
        return False
    members = {xform_name(member, "-"): shape.members[member] for member in shape.members}
    option = word.removeprefix("--")
    flag = members.get(option) or members.get(option.removeprefix("no-"))
    return not (flag and flag.type_name == "boolean") and (position + 1 == len(said) or said[position + 1].startswith("--"))


@pytest.fixture
def typed(production: Production, tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<p>hello", encoding="utf-8")
    with shell(tmp_path, production.account, production.outputs) as made:
        yield made


@pytest.mark.skipif(not shutil.which("jq"), reason="the blocks call jq")
@pytest.mark.parametrize("script", blocks())
def test_a_block_runs_as_it_stands(production: Production, typed: Shell, script: str) -> None:
    old = database(production)["DBInstanceIdentifier"]
    typed.lenient = lambda words: (words[0], words[1]) in NOT_EMULATED
    ordered = {"location": "LGKNX", "bandwidth": "10Gbps", "connectionName": "encrypts", "requestMACSec": True}
    circuit = production.account.client("directconnect").create_connection(**ordered)["connectionId"]
    hypervisor = f"arn:aws:backup-gateway:{REGION}:123456789012:hypervisor/hype-0123456789"
    script = script.replace("dxcon-...", circuit).replace("hypervisor-arn ARN", f"hypervisor-arn {hypervisor}")
    typed.run(re.sub(r"\bOLD\b|\bhybridge-prod-database\b", old, re.sub(r"(?<![\w$])REGION(?!=)\b", REGION, script)))
    assert typed.asked
    assert not typed.refused
    for letter in typed.folder.glob("*.pdf"):
        assert letter.read_bytes().startswith(b"%PDF-")


def test_files_are_copied_to_the_bucket_of_the_stack_and_to_that_of_the_balancer_s_logs(
    production: Production, typed: Shell
) -> None:
    (page,) = (words for words, _ in inline_copies())
    typed.run(f"aws {page}")
    client = production.account.client("s3")
    for bucket in client.list_buckets()["Buckets"]:
        client.put_object(Bucket=bucket["Name"], Key="try/it", Body=b"there")
        assert client.get_object(Bucket=bucket["Name"], Key="try/it")["Body"].read() == b"there"


def test_a_tested_connection_is_tested_anew_and_succeeds(production: Production) -> None:
    client = production.account.client("dms")
    pair = {
        key: value
        for key, value in client.describe_connections()["Connections"][0].items()
        if key in ("ReplicationInstanceArn", "EndpointArn")
    }
    assert client.test_connection(**pair)["Connection"]["Status"] == "testing"
    names = {"ReplicationInstanceArn": "replication-instance-arn", "EndpointArn": "endpoint-arn"}
    filters = [{"Name": names[key], "Values": [value]} for key, value in pair.items()]
    seen = [client.describe_connections(Filters=filters)["Connections"] for _ in range(2)]
    assert [[one["Status"] for one in found] for found in seen] == [["testing"], ["successful"]]


def inline_copies() -> list[tuple[str, str]]:
    """`aws s3 cp` of the texts: no operation of the API, but many."""
    return [
        (words, page.name)
        for page in DOCS
        for words in INLINE.findall(page.read_text(encoding="utf-8"))
        if words.startswith("s3 cp")
    ]


def test_nothing_was_asked_in_vain(production: Production) -> None:
    expected = {f"{service}.{model(production.account, service, operation)[0]}" for service, operation in NOT_EMULATED}
    assert [one for one in production.account.told if one.split()[0] not in expected] == []


@pytest.mark.skipif(programs() is None, reason="PostgreSQL's server is not installed (Debian: postgresql)")
def test_how_far_a_migration_is_is_asked_of_the_account(
    production: Production, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", production.account.url)
    monkeypatch.chdir(ROOT)
    dms = production.account.client("dms")
    found = dms.describe_replication_tasks()["ReplicationTasks"]
    (task,) = (one for one in found if one["ReplicationTaskIdentifier"].endswith("-erp"))
    with servers(1) as (source,):
        call = ["migrate", "prod", "status", "erp", "--source-dsn", source.dsn("postgres"), "--target-dsn", "dbname=none"]
        if task["Status"] != "running":
            dms.start_replication_task(
                ReplicationTaskArn=task["ReplicationTaskArn"], StartReplicationTaskType="resume-processing"
            )
        assert main(call) == 0, capsys.readouterr()
        assert "replication  running, " in capsys.readouterr().out
        dms.stop_replication_task(ReplicationTaskArn=task["ReplicationTaskArn"])
        assert main(call) == 1
    told = capsys.readouterr().out
    assert "STOP  the replication is stopped" in told
    assert "slot         none" in told
