"""What Systems Manager and the CloudWatch agent are told, as plain data: documents, configuration, queries."""

from collections.abc import Mapping
from typing import Any

import pulumi

Document = dict[str, Any]

SESSION_DOCUMENT = "SSM-SessionManagerRunShell"
"""Session Manager reads its preferences from the document of this name; there is one per account and region."""
AGENT_PARAMETER = "AmazonCloudWatch-{name}"
"""CloudWatchAgentServerPolicy lets hosts read only parameters whose names begin so."""
AGENT_NAMESPACE = "CWAgent"
"""The CloudWatch namespace of what hosts report."""
FLEET = "Fleet"
"""The one dimension over which the agents of both sides add up, so that one alarm can watch all hosts."""


def session_preferences(
    *, log_group: pulumi.Input[str], key: pulumi.Input[str], idle_minutes: int, max_minutes: int, run_as: str | None
) -> Document:
    """Sessions encrypted with our key, streamed to a log group that must be encrypted, ended when idle or too long."""
    return {
        "schemaVersion": "1.0",
        "description": "Session Manager in this account and region",
        "sessionType": "Standard_Stream",
        "inputs": {
            "s3BucketName": "",
            "s3KeyPrefix": "",
            "s3EncryptionEnabled": True,
            "cloudWatchLogGroupName": log_group,
            "cloudWatchEncryptionEnabled": True,
            "cloudWatchStreamingEnabled": True,
            "kmsKeyId": key,
            "runAsEnabled": run_as is not None,
            "runAsDefaultUser": run_as or "",
            "idleSessionTimeout": str(idle_minutes),
            "maxSessionDuration": str(max_minutes),
            "shellProfile": {"windows": "", "linux": "exec bash -l"},
        },
    }


def agent_configuration(*, region: str, fleet: str) -> Document:
    """What the CloudWatch agent of a host on either side reports, every minute.

    The region is named because an on-premises host has no metadata service to ask. Each metric carries the name of the fleet
    and is also added up over it alone.
    """
    fleet_dimension = {FLEET: fleet}
    return {
        "agent": {"region": region, "metrics_collection_interval": 60, "run_as_user": "root"},
        "metrics": {
            "namespace": AGENT_NAMESPACE,
            "aggregation_dimensions": [[FLEET]],
            "metrics_collected": {
                "cpu": {"measurement": ["usage_active"], "totalcpu": True, "append_dimensions": fleet_dimension},
                "mem": {"measurement": ["used_percent"], "append_dimensions": fleet_dimension},
                "swap": {"measurement": ["used_percent"], "append_dimensions": fleet_dimension},
                "disk": {
                    "measurement": ["used_percent", "inodes_free"],
                    "resources": ["*"],
                    "drop_device": True,
                    # Read-only images and memory are always full, network file systems are watched where they are served.
                    "ignore_file_system_types": [
                        "sysfs", "devtmpfs", "tmpfs", "overlay", "squashfs", "iso9660", "nfs", "nfs4", "cifs", "fuse",
                    ],
                    "append_dimensions": fleet_dimension,
                },
                "netstat": {"measurement": ["tcp_established", "tcp_time_wait"], "append_dimensions": fleet_dimension},
            },
        },
    }  # fmt: skip


AGENT_ON_PREMISES = """\
if [ -f /var/lib/amazon/ssm/registration ]; then
  etc=/opt/aws/amazon-cloudwatch-agent/etc
  mkdir -p "$etc/on-premises"
  ln -sfn /root/.aws/credentials "$etc/on-premises/credentials"
  printf '[default]\\nregion = %s\\n' '{{ region }}' > "$etc/on-premises/config"
  printf '[credentials]\\n  shared_credential_profile = "default"\\n  shared_credential_file = "%s"\\n' \\
    "$etc/on-premises/credentials" > "$etc/common-config.toml"
fi
"""
"""A host with a registration was activated, so it is on-premises: there the SSM Agent keeps the credentials of its role in
root's default profile, while the CloudWatch agent would look for a profile of its own name.

Where there is no metadata service, the agent fetches its configuration from the region that the file `config` beside the
credentials names; without one it gives up. So that root's own file stays as it is, both lie in a directory of their own.
https://github.com/aws/amazon-cloudwatch-agent, translator/util/sdkutil.go
"""


def agent_document(*, region: str) -> Document:
    """Installs the CloudWatch agent, shows it where it is on-premises, and configures it: in this order, on one schedule.

    As associations of their own, the three would have no order, and the configuration of a new host would fail at first.
    """
    return {
        "schemaVersion": "2.2",
        "description": "Install and configure the CloudWatch agent, on EC2 and on-premises alike",
        "parameters": {
            "configuration": {
                "type": "String",
                "description": "The SSM parameter that holds the agent's configuration",
                "allowedPattern": "^AmazonCloudWatch-[A-Za-z0-9_.-]+$",
            },
            "region": {
                "type": "String",
                "description": "The region of that parameter, for hosts that cannot ask where they are",
                "default": region,
                "allowedPattern": "^[a-z0-9-]+$",
            },
        },
        "mainSteps": [
            {
                "action": "aws:configurePackage",
                "name": "install",
                # In place it would need a script that updates, which nothing says this package has. What goes with the agent
                # that is uninstalled comes back by the steps below.
                "inputs": {"name": "AmazonCloudWatchAgent", "action": "Install", "installationType": "Uninstall and reinstall"},
            },
            {
                "action": "aws:runShellScript",
                "name": "credentials",
                "precondition": {"StringEquals": ["platformType", "Linux"]},
                "inputs": {"timeoutSeconds": "60", "runCommand": AGENT_ON_PREMISES.splitlines()},
            },
            {
                "action": "aws:runDocument",
                "name": "configure",
                "inputs": {
                    "documentType": "SSMDocument",
                    "documentPath": "AmazonCloudWatch-ManageAgent",
                    "documentParameters": {
                        "action": "configure",
                        "mode": "auto",
                        "optionalConfigurationSource": "ssm",
                        "optionalConfigurationLocation": "{{ configuration }}",
                        "optionalRestart": "yes",
                    },
                },
            },
        ],
    }


TARGETS = "^[A-Za-z0-9.:-]+( [A-Za-z0-9.:-]+)*$"
"""What stands there becomes part of a shell script."""

CONTAINERS = """\
echo '## agent'; systemctl --no-pager status ecs 2>&1 | head -n 15
curl --silent --max-time 3 http://localhost:51678/v1/metadata; echo
echo '## tasks'; curl --silent --max-time 3 http://localhost:51678/v1/tasks; echo
echo '## containers'; docker ps --all
docker stats --no-stream
echo '## disks'; df -hT; docker system df
echo '## lately'; journalctl --no-pager --unit ecs --unit docker --since "-{{ minutes }} min" --priority warning | tail -n 200
"""
NETWORK = """\
echo '## addresses and routes'; ip -brief address; ip route
echo '## resolver'; cat /etc/resolv.conf
for target in {{ targets }}; do
  host="${target%:*}"; port="${target##*:}"
  echo "## $target"
  getent ahostsv4 "$host" | awk '{print $1}' | sort -u | tr '\\n' ' '; echo
  if timeout 5 bash -c "exec 3<>/dev/tcp/$host/$port" 2>/dev/null; then echo reached; else echo 'NOT REACHED'; failed=1; fi
  tracepath -n -m 15 "$host" 2>/dev/null | tail -n 3
done
exit "${failed:-0}"
"""


def diagnostics_document(targets: Mapping[str, pulumi.Input[str]], *, region: str) -> Document:
    """Tells what a host of either side sees: its containers, disks and logs, and whether it reaches what it should.

    The command fails where a target is not reached, so that its status alone tells which hosts are cut off. A path that loses
    packets above some size (the tunnels of the VPN have an MTU of 1446) shows in the last lines of the trace.
    """
    services = ("ssm", "ecs", "logs", "api.ecr", "secretsmanager")
    reach = [*(f"{service}.{region}.amazonaws.com:443" for service in services), *targets.values()]
    return {
        "schemaVersion": "2.2",
        "description": "Containers, disks and network as a host on either side sees them",
        "parameters": {
            "targets": {
                "type": "String",
                "description": "What the host should reach: host:port, separated by spaces",
                "default": pulumi.Output.all(*reach).apply(lambda every: " ".join(str(one) for one in every)),
                "allowedPattern": TARGETS,
            },
            "minutes": {
                "type": "String",
                "description": "How far back the logs go",
                "default": "60",
                "allowedPattern": "^[0-9]{1,5}$",
            },
        },
        "mainSteps": [
            {
                "action": "aws:runShellScript",
                "name": name,
                "precondition": {"StringEquals": ["platformType", "Linux"]},
                "inputs": {"timeoutSeconds": "300", "runCommand": script.splitlines()},
            }
            for name, script in (("containers", CONTAINERS), ("network", NETWORK))
        ],
    }


def tag_query(tags: Mapping[str, str]) -> Document:
    """What carries all of these tags, of every type that Resource Groups knows."""
    return {
        "ResourceTypeFilters": ["AWS::AllSupported"],
        "TagFilters": [{"Key": key, "Values": [value]} for key, value in sorted(tags.items())],
    }
