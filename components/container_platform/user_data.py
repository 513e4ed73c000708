"""What an EC2 host does on its first boot: mount the files, then join the cluster. Plain text, so that tests can read it.

It is written for AWS's ECS-optimized Amazon Linux 2023; an own image must know dnf, systemd and ecs-init as well.
"""

import shlex
from collections.abc import Sequence
from typing import NamedTuple

EFS_PATH = "/efs"
"""Where hosts mount EFS: apart from every path that the files of the bucket may have."""


class SharedFiles(NamedTuple):
    """The bucket, as hosts mount it with Mountpoint for Amazon S3."""

    bucket: str
    path: str
    """Where: the same path as on-premises."""
    prefix: str = ""
    """Only this part of the bucket, with a slash at the end: what the share on-premises shows."""
    writable: bool = False


class Efs(NamedTuple):
    """The EFS file system, as hosts mount it."""

    file_system_id: str
    access_point_id: str


class Mount(NamedTuple):
    """A file system that must be there before the ECS agent starts."""

    unit: str
    """Name of its systemd unit."""
    path: str
    package: str
    """What installs the tool that mounts it."""
    definition: str
    """The systemd unit."""


def shared_files_mount(files: SharedFiles, region: str) -> Mount:
    """The bucket under its path.

    Whoever a container runs as may use it, hence the open modes: what each may do is decided by the mount in its task
    definition, read-only or not, and by the host's role. Mountpoint overwrites and deletes only when told to.
    """
    options = ["--foreground", "--allow-other", "--region", region, "--dir-mode", "0777", "--file-mode", "0666"]
    options += ["--allow-delete", "--allow-overwrite"] if files.writable else ["--read-only"]
    options += ["--prefix", files.prefix] if files.prefix else []
    command = shlex.join(["/usr/bin/mount-s3", files.bucket, files.path, *options])
    # In the foreground, since systemd then knows the process that serves the mount; it is up once the path is a mount point.
    # A process that was killed leaves a dead mount behind, on which even mkdir fails: it goes first, if there is one.
    # Containers that ran by then keep the dead one, and those started in between an empty folder: they are stopped, and ECS
    # starts others.
    return Mount(
        "hybridge-files.service",
        files.path,
        "mount-s3",
        f"""\
[Unit]
Description=Shared files (Mountpoint for Amazon S3)
Wants=network-online.target
After=network-online.target
Before=ecs.service

[Service]
ExecStartPre=-/usr/bin/umount --lazy {files.path}
ExecStartPre=/usr/bin/mkdir -p {files.path}
ExecStart={command}
ExecStartPost=/usr/bin/timeout 60 /bin/sh -c 'until /usr/bin/mountpoint -q {files.path}; do sleep 1; done'
ExecStartPost=-/usr/bin/timeout 60 /bin/sh -c '{_stop_containers_with(files.path)}'
ExecStop=/usr/bin/umount {files.path}
TimeoutStartSec=150
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
""",
    )


def _stop_containers_with(path: str) -> str:
    """Shell, without single quotes, dollars and percent signs, which systemd reads itself: stops what mounts anything there."""
    mounts = "{{.Id}}{{range .Mounts}} {{.Source}}{{end}} "
    return (
        f'systemctl -q is-active docker && docker ps -q | xargs -r docker inspect -f "{mounts}" '
        f'| grep -F -e " {path} " -e " {path}/" | cut -d " " -f 1 | xargs -r docker stop -t 30'
    )


def efs_mount(efs: Efs) -> Mount:
    """EFS under its path, over TLS, through the access point."""
    options = f"tls,accesspoint={efs.access_point_id}"
    return Mount(
        "hybridge-efs.service",
        EFS_PATH,
        "amazon-efs-utils",
        f"""\
[Unit]
Description=EFS
Wants=network-online.target
After=network-online.target
Before=ecs.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStartPre=/usr/bin/mkdir -p {EFS_PATH}
ExecStart=/usr/bin/mount -t efs -o {options} {efs.file_system_id}:/ {EFS_PATH}
ExecStop=/usr/bin/umount {EFS_PATH}
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
""",
    )


def _write(path: str, content: str) -> str:
    return f"cat > {path} <<'END'\n{content.rstrip()}\nEND"


def user_data(cluster: str, mounts: Sequence[Mount]) -> str:
    """The script of the first boot, not encoded.

    The agent waits for user data by itself (ecs.service is ordered after cloud-final). What makes it wait for the mounts, on
    every boot, is a drop-in that refuses to start it while one is missing, so that no container is ever given an empty folder
    in their place; ecs.service is restarted on failure, so it keeps trying. The drop-in is written before packages are fetched:
    a package that cannot be had keeps the host out of the cluster for as long as that is so.
    """
    parts = [
        "#!/bin/bash",
        "set -euo pipefail",
        # With the override, containers log with their task's execution role, so that the host's role needs no logs at all.
        _write("/etc/ecs/ecs.config", f"ECS_CLUSTER={cluster}\nECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true\n"),
    ]
    if mounts:
        checks = "\n".join(f"ExecStartPre=/usr/bin/mountpoint -q {mount.path}" for mount in mounts)
        units = " ".join(mount.unit for mount in mounts)
        packages = " ".join(mount.package for mount in mounts)
        parts += [
            "mkdir -p /etc/systemd/system/ecs.service.d",
            _write(
                "/etc/systemd/system/ecs.service.d/files.conf",
                f"[Unit]\nWants={units}\nAfter={units}\n\n[Service]\n{checks}\n",
            ),
            *(_write(f"/etc/systemd/system/{mount.unit}", mount.definition) for mount in mounts),
            "systemctl daemon-reload",
            # Mirrors are away now and then, and nobody is there to try again. A host that gave up would run on for nothing, as
            # Auto Scaling finds it healthy.
            f"until dnf install -y {packages}; do sleep 15; done",
            f"systemctl enable --now {units}",
        ]
    return "\n".join(parts) + "\n"
