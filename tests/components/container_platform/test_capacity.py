import base64
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.components.container_platform.support import FILES, platform, statements
from tests.recorder import ACCOUNT, REGION, Graph


def script(graph: Graph) -> str:
    return base64.b64decode(graph.one("aws:ec2/launchTemplate:LaunchTemplate").inputs["userData"]).decode()


def test_hosts_are_encrypted_take_sessions_for_metadata_and_keep_it_from_containers() -> None:
    template = platform().one("aws:ec2/launchTemplate:LaunchTemplate").inputs
    assert template["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
        "instanceMetadataTags": "disabled",
    }
    assert template["blockDeviceMappings"] == [
        {
            "deviceName": "/dev/xvda",
            "ebs": {"encrypted": "true", "volumeType": "gp3", "volumeSize": 50, "deleteOnTermination": "true"},
        }
    ]
    assert template["imageId"] == "ami-0123456789abcdef0"
    assert "keyName" not in template
    assert [one["resourceType"] for one in template["tagSpecifications"]] == ["volume", "network-interface"]


@pytest.mark.parametrize(
    ("instance_type", "parameter"),
    [
        ("m6i.large", "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"),
        ("m7g.large", "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"),
    ],
)
def test_the_image_is_awss_latest_for_the_architecture(instance_type: str, parameter: str) -> None:
    calls = dict(platform(instance_type=instance_type).calls)
    assert calls["aws:ssm/getParameter:getParameter"] == {"name": parameter, "region": REGION}


def test_an_own_image_and_key_pair_take_their_place_with_the_root_device_of_the_image() -> None:
    graph = platform(ami_id="ami-11111111", key_name="ops", root_volume_gib=100)
    template = graph.one("aws:ec2/launchTemplate:LaunchTemplate").inputs
    assert (template["imageId"], template["keyName"]) == ("ami-11111111", "ops")
    assert template["blockDeviceMappings"][0]["deviceName"] == "/dev/sda1"
    assert template["blockDeviceMappings"][0]["ebs"]["volumeSize"] == 100
    assert "aws:ssm/getParameter:getParameter" not in dict(graph.calls)


def test_the_group_is_what_managed_scaling_and_termination_protection_ask_for() -> None:
    group = platform(patch_group="hosts").one("aws:autoscaling/group:Group").inputs
    assert (group["minSize"], group["maxSize"]) == (2, 6)
    assert "desiredCapacity" not in group
    assert group["protectFromScaleIn"] is True
    assert group["forceDelete"] is True
    assert group["waitForCapacityTimeout"] == "0", "hosts that join before the capacity provider is there are none of its own"
    assert group["launchTemplate"] == {"id": "platform-hosts-template-id", "version": "3"}
    assert group["instanceRefresh"] == {
        "strategy": "Rolling",
        "preferences": {
            "minHealthyPercentage": 100,
            "maxHealthyPercentage": 110,
            "autoRollback": True,
            "scaleInProtectedInstances": "Refresh",
        },
    }
    assert {tag["key"]: tag["value"] for tag in group["tags"]} == {
        "AmazonECSManaged": "true",
        "Name": "platform-hosts",
        "PatchGroup": "hosts",
        "Project": "hybridge",
    }
    assert all(tag["propagateAtLaunch"] for tag in group["tags"])


def test_hosts_can_speak_to_ecs_from_before_they_boot_until_their_last_task_has_stopped() -> None:
    graph = platform()
    profile = graph.one("aws:iam/instanceProfile:InstanceProfile").dependencies
    waited = {urn.rsplit("::", 1)[-1] for urn in profile | graph.one("aws:autoscaling/group:Group").dependencies}
    assert {"platform-hosts-agent", "platform-hosts-systems-manager", "platform-hosts-files"} <= waited
    assert {"platform-firewall-https", "platform-firewall-to-vpc", "platform-hosts-template"} <= waited


def test_hosts_have_no_patch_group_unless_one_is_given() -> None:
    group = platform().one("aws:autoscaling/group:Group").inputs
    assert "PatchGroup" not in {tag["key"] for tag in group["tags"]}


def test_the_capacity_provider_scales_drains_and_protects() -> None:
    provider = platform(target_capacity_percent=80).one("aws:ecs/capacityProvider:CapacityProvider").inputs
    assert provider["autoScalingGroupProvider"] == {
        "autoScalingGroupArn": f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:Group/platform-hosts",
        "managedScaling": {
            "status": "ENABLED",
            "targetCapacity": 80,
            "minimumScalingStepSize": 1,
            "maximumScalingStepSize": 100,
            "instanceWarmupPeriod": 180,
        },
        "managedDraining": "ENABLED",
        "managedTerminationProtection": "ENABLED",
    }
    association = platform().one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").inputs
    assert association["capacityProviders"] == ["platform-hosts"]


def test_bounds_that_are_no_range_are_refused() -> None:
    with pytest.raises(ValueError, match="max_instances is 1; allowed: min_instances \\(2\\) or more"):
        platform(max_instances=1)


def test_a_host_may_only_serve_its_cluster_and_use_the_files() -> None:
    graph = platform()
    cluster = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/platform-cluster"
    found = statements(graph, "platform-hosts-agent")
    assert found["JoinTheCluster"]["Resource"] == cluster
    assert found["ServeTheCluster"]["Resource"] == f"arn:aws:ecs:{REGION}:{ACCOUNT}:container-instance/platform-cluster/*"
    assert found["ServeTheCluster"]["Condition"] == {"ArnEquals": {"ecs:cluster": cluster}}
    assert [sid for sid, statement in found.items() if statement.get("Resource") == "*"] == ["FindTheEndpoint"]
    attached = {one.inputs["policyArn"] for one in graph.created("aws:iam/rolePolicyAttachment:RolePolicyAttachment")}
    assert {FILES["access_policy_arn"], "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"} <= attached
    assert graph.names("aws:iam/rolePolicyAttachment:RolePolicyAttachment")[:2] == [
        "platform-hosts-files",
        "platform-hosts-systems-manager",
    ]


def test_a_host_joins_the_cluster_and_logs_with_the_roles_of_its_tasks() -> None:
    text = script(platform(files=None))
    assert "ECS_CLUSTER=platform-cluster\nECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true" in text
    assert "mount" not in text


def test_a_host_mounts_the_bucket_before_the_agent_starts() -> None:
    text = script(platform())
    assert (
        "ExecStart=/usr/bin/mount-s3 files-1234567 /mnt/files --foreground --allow-other --region ap-northeast-2 "
        "--dir-mode 0777 --file-mode 0666 --read-only\n"
    ) in text
    drop_in = text.index("/etc/systemd/system/ecs.service.d/files.conf")
    assert "ExecStartPre=/usr/bin/mountpoint -q /mnt/files" in text[drop_in:]
    assert drop_in < text.index("dnf install -y mount-s3"), "a package that cannot be had must keep the host out of the cluster"
    assert "until dnf install -y mount-s3; do sleep 15; done" in text
    assert "systemctl enable --now hybridge-files.service" in text
    assert "systemctl start ecs" not in text, "it would wait for user data, which would wait for it"


def test_a_mount_whose_process_was_killed_is_cleared_away_before_it_is_made_anew() -> None:
    unit = script(platform()).split("hybridge-files.service <<", 1)[1]
    before, after = (
        unit.index("ExecStartPre=-/usr/bin/umount --lazy /mnt/files\n"),
        unit.index("/usr/bin/mkdir -p /mnt/files\n"),
    )
    assert before < after < unit.index("ExecStart=/usr/bin/mount-s3"), "mkdir fails on a dead mount, for ever"


def test_containers_that_hold_a_dead_mount_are_stopped_once_there_is_a_new_one(tmp_path: Path) -> None:
    """Run as systemd would, next to commands that stand for Docker's."""
    unit = script(platform()).split("hybridge-files.service <<", 1)[1]
    line = next(line for line in unit.splitlines() if "docker stop" in line)
    assert not set("$%") & set(line), "systemd would read them itself"
    stopped = tmp_path / "stopped"
    docker = f"""#!/bin/sh
case "$1" in
  ps) printf 'a\\nb\\nc\\nd\\n' ;;
  inspect) printf 'a /etc/x /mnt/files \\nb /mnt/files/invoices \\nc /mnt/files-of-others \\nd \\n' ;;
  stop) echo "$@" > {stopped} ;;
esac
"""
    for name, text in (("docker", docker), ("systemctl", "#!/bin/sh\nexit 0\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    command = shlex.split(line.removeprefix("ExecStartPost=-"))
    subprocess.run(command, check=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert stopped.read_text().split() == ["stop", "-t", "30", "a", "b"]


def test_a_host_may_write_and_see_a_part_of_the_bucket_when_told_so() -> None:
    text = script(platform(files={**FILES, "aws_writes": True, "prefix": "unix/"}))
    assert "--allow-delete --allow-overwrite --prefix unix/\n" in text
    assert "--read-only" not in text


def test_a_host_mounts_efs_as_well_if_there_is_one() -> None:
    efs = {"efs_file_system_id": "fs-1", "efs_access_point_id": "fsap-1", "efs_security_group_id": "sg-efs"}
    graph = platform(files={**FILES, **efs})
    text = script(graph)
    assert "ExecStart=/usr/bin/mount -t efs -o tls,accesspoint=fsap-1 fs-1:/ /efs\n" in text
    assert "dnf install -y mount-s3 amazon-efs-utils" in text
    assert "ExecStartPre=/usr/bin/mountpoint -q /mnt/files\nExecStartPre=/usr/bin/mountpoint -q /efs\n" in text
    rule = graph.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "platform-firewall-efs").inputs
    assert (rule["securityGroupId"], rule["fromPort"], rule["toPort"]) == ("sg-efs", 2049, 2049)


@pytest.mark.parametrize("files", [None, FILES, {**FILES, "aws_writes": True, "prefix": "unix/"}])
def test_the_script_of_the_first_boot_is_one_that_bash_reads_and_fits_into_user_data(files: dict[str, object] | None) -> None:
    text = script(platform(files=files))
    read = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")
    assert len(text) < 16_384, "what EC2 takes"


def test_no_efs_is_mounted_when_its_outputs_are_none() -> None:
    none = {"efs_file_system_id": None, "efs_access_point_id": None, "efs_security_group_id": None}
    graph = platform(files={**FILES, **none})
    assert "efs" not in script(graph)
    assert "platform-firewall-efs" not in graph.names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")


TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, ["imageId", "tagSpecifications"]),
        ({"ami_release": "newest"}, ["tagSpecifications"]),
        ({"ami_release": "2023.0.20260820"}, ["tagSpecifications"]),
        ({"ami_id": "ami-0123456789abcdef0"}, ["tagSpecifications"]),
    ],
)
def test_neither_tags_nor_a_new_release_of_aws_roll_the_hosts_unless_asked(changes: dict[str, str], kept: list[str]) -> None:
    assert sorted(platform(**changes).one(TEMPLATE).ignore_changes) == kept


def test_hosts_of_another_architecture_have_a_template_of_their_own_since_the_image_of_the_other_is_kept() -> None:
    assert platform().one(TEMPLATE).name == "platform-hosts-template"
    assert platform(instance_type="m7g.large").one(TEMPLATE).name == "platform-hosts-template-arm64"
