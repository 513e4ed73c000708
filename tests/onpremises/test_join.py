"""The join on each system, with stand-ins for what it calls: it verifies, it may be run again, it says what it cannot do."""

import os
import subprocess
from pathlib import Path

import pytest

from onpremises.servers import files
from tests.onpremises.support import of_prod

SYSTEMS = {
    "ubuntu-22": ('ID=ubuntu\nVERSION_ID="22.04"\n', "all"),
    "ubuntu-24": ('ID=ubuntu\nVERSION_ID="24.04"\n', "all"),
    "debian-12": ('ID=debian\nVERSION_ID="12"\n', "all"),
    "amazon-2023": ('ID="amzn"\nVERSION_ID="2023"\n', "all"),
    "rhel-8": ('ID="rhel"\nVERSION_ID="8.10"\n', "none"),
    "rhel-9": ('ID="rhel"\nVERSION_ID="9.4"\n', "none"),
    "rocky-9": ('ID="rocky"\nVERSION_ID="9.5"\n', "none"),
}
STUB = """#!/bin/sh
echo "{name} $*" >>"$CALLS"
{more}
"""
INSTALLER = """echo "installer $*" >>"$CALLS"
mkdir -p "$HYBRIDGE_ROOT/etc/ecs"
echo ECS_CLUSTER=platform-cluster >"$HYBRIDGE_ROOT/etc/ecs/ecs.config"
"""
MORE = {
    # Whatever it is asked for, it brings the stand-in of AWS's installer.
    "curl": """out=
while [ $# -gt 0 ]; do [ "$1" = --output ] && out=$2; shift; done
[ -n "$out" ] && cp "$STAND_IN" "$out"
exit 0""",
    "gpg": """case "$*" in
*--list-keys*) echo "pub:-:4096:1:BCE9D9A42D51784F:" ;;
*--verify*) exit ${BAD_SIGNATURE:-0} ;;
esac""",
    "docker": 'echo "Docker version 28.0"',
    "systemctl": "",
}


class Server:
    """A root folder, and stand-ins first on the path."""

    def __init__(self, folder: Path, release: str) -> None:
        self.root, self.bin, self.calls = folder / "root", folder / "bin", folder / "calls"
        (self.root / "etc").mkdir(parents=True)
        (self.root / "etc" / "os-release").write_text(release)
        self.bin.mkdir()
        for name, more in MORE.items():
            path = self.bin / name
            path.write_text(STUB.format(name=name, more=more))
            path.chmod(0o755)
        (folder / "installer").write_text(INSTALLER)
        scripts = files(of_prod())
        for name in ("join.sh", "leave.sh", "doctor.sh"):
            (folder / name).write_text(scripts[name])
        self.folder = folder

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HYBRIDGE_ROOT": str(self.root),
            "CALLS": str(self.calls),
            "STAND_IN": str(self.folder / "installer"),
            "HOME": str(self.folder),
        }
        return subprocess.run(
            ["sh", script],
            cwd=self.folder,
            env={**given, **environment},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def called(self) -> str:
        return self.calls.read_text() if self.calls.exists() else ""

    def drop_in(self, service: str) -> str:
        return (self.root / f"etc/systemd/system/{service}.service.d/hybridge.conf").read_text()


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="the scripts want root")


@needs_root
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_server_joins_on_every_system_with_a_verified_installer(system: str, tmp_path: Path) -> None:
    release, docker = SYSTEMS[system]
    server = Server(tmp_path, release)
    done = server.run("join.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"--docker-install-source {docker}" in server.called()
    assert server.called().index("--verify") < server.called().index("installer --region")
    assert "Restart=always" in server.drop_in("ecs")
    assert "mountpoint -q /mnt/files" in server.drop_in("ecs")
    assert "Proxy" not in server.drop_in("docker")


@needs_root
def test_a_second_run_installs_nothing_again(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    assert server.run("join.sh").returncode == 0
    server.calls.unlink()
    done = server.run("join.sh")
    assert done.returncode == 0
    assert "joined platform-cluster already" in done.stdout
    assert "curl" not in server.called()


@needs_root
def test_a_changed_installer_is_not_run(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    done = server.run("join.sh", BAD_SIGNATURE="1")
    assert done.returncode == 1
    assert "signature of the installer is wrong" in done.stderr
    assert "installer" not in server.called().replace("ecs-anywhere-install", "")


@needs_root
@pytest.mark.parametrize(
    ("release", "says"),
    [('ID=arch\nVERSION_ID="x"\n', "not among the systems"), ('ID=debian\nVERSION_ID="10"\n', "debian 10 is not")],
)
def test_a_system_that_aws_does_not_support_is_told(release: str, says: str, tmp_path: Path) -> None:
    done = Server(tmp_path, release).run("join.sh")
    assert done.returncode == 1
    assert says in done.stderr


@needs_root
def test_a_server_of_another_cluster_is_left_as_it_is(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    (server.root / "etc" / "ecs").mkdir()
    (server.root / "etc" / "ecs" / "ecs.config").write_text("ECS_CLUSTER=other\n")
    done = server.run("join.sh")
    assert done.returncode == 1
    assert "has joined another cluster" in done.stderr


@needs_root
def test_behind_a_proxy_all_three_agents_are_told_of_it(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["ubuntu-24"][0])
    assert server.run("join.sh", HTTPS_PROXY="http://proxy:3128").returncode == 0
    for service in ("docker", "amazon-ssm-agent", "ecs"):
        assert "HTTPS_PROXY=http://proxy:3128 NO_PROXY=169.254.169.254,169.254.170.2,/var/run/docker.sock" in server.drop_in(
            service
        )


@needs_root
def test_a_server_leaves_and_may_join_again(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    assert server.run("join.sh").returncode == 0
    done = server.run("leave.sh")
    assert done.returncode == 0, done.stderr
    assert not (server.root / "etc" / "ecs" / "ecs.config").exists()
    assert server.run("join.sh").returncode == 0


def test_the_doctor_says_in_words_what_is_wrong_and_counts_it(tmp_path: Path) -> None:
    done = Server(tmp_path, SYSTEMS["debian-12"][0]).run("doctor.sh")
    wrong = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert done.returncode == len(wrong) > 0
    assert any("has joined no cluster" in line for line in wrong)
