"""The join on each system, in namespaces with its /etc/os-release, no network, and stand-ins for what it calls: it verifies, it
may be run again, it says what it cannot do."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from onpremises.facts import Facts, facts
from onpremises.servers import files
from tests.onpremises.support import ACTIVATION, of_prod, region, secret

SYSTEMS = {
    "ubuntu-22": ('ID=ubuntu\nVERSION_ID="22.04"\n', "all"),
    "ubuntu-24": ('ID=ubuntu\nVERSION_ID="24.04"\n', "all"),
    "debian-12": ('ID=debian\nVERSION_ID="12"\n', "all"),
    "amazon-2023": ('ID="amzn"\nVERSION_ID="2023"\n', "all"),
    "rhel-8": ('ID="rhel"\nVERSION_ID="8.10"\n', "none"),
    "rhel-9": ('ID="rhel"\nVERSION_ID="9.4"\n', "none"),
    "rocky-8": ('ID="rocky"\nVERSION_ID="8.10"\n', "none"),
    "rocky-9": ('ID="rocky"\nVERSION_ID="9.5"\n', "none"),
}
STUB = """#!/bin/sh
echo "{name} $*" >>"$CALLS"
{more}
"""
INSTALLER = """echo "installer $*" >>"$CALLS"
while [ $# -gt 0 ]; do [ "$1" = --cluster ] && cluster=$2; [ "$1" = --region ] && region=$2; shift; done
mkdir -p /etc/ecs /var/lib/ecs /var/lib/amazon/ssm
# As AWS's: what is installed already is left as it is, and what is there is added to.
if [ ! -e /var/lib/installed ]; then
    echo "ECS_CLUSTER=$cluster" >>/etc/ecs/ecs.config
    echo "AWS_DEFAULT_REGION=$region" >>/var/lib/ecs/ecs.config
fi
touch /var/lib/installed
echo '{"ManagedInstanceID":"mi-0123"}' >/var/lib/amazon/ssm/registration
"""
REMOVED = 'case "$*" in *amazon-ecs-init*) rm -f /var/lib/installed ;; esac'
GATEWAY = "10.10.20.9"
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
    "docker": """case "$*" in
--version) echo "Docker version 28.0" ;;
ps*) echo task1 ;;
esac""",
    "systemctl": "",
    "mount.nfs": "",
    "apt-get": REMOVED,
    "dnf": REMOVED,
}


INSIDE = """set -e
mount --bind "$SERVER/etc" /etc
mount --bind "$SERVER/lib" /var/lib
exec sh "$@"
"""
KEPT = ("passwd", "group", "nsswitch.conf", "ld.so.cache", "ld.so.conf")
"""What programs want of /etc beside what the scripts want."""
AWK = Path("/etc/alternatives/awk")
WAYS = (["unshare", "--user", "--map-root-user", "--mount", "--net"], ["unshare", "--mount", "--net"])
"""A user namespace, or root's own: in both a server has its own /etc, and no network."""


@cache
def way() -> list[str] | None:
    def can(asked: list[str]) -> bool:
        given = [*asked, "mount", "--bind", "/tmp", "/mnt"]
        return bool(shutil.which("unshare")) and subprocess.run(given, capture_output=True, check=False).returncode == 0

    return next((asked for asked in WAYS if can(asked)), None)


class Server:
    """A server with its own /etc and /var/lib, and stand-ins first on the path."""

    def __init__(self, folder: Path, release: str) -> None:
        self.folder, self.bin, self.calls = folder, folder / "bin", folder / "calls"
        self.etc, self.lib = folder / "etc", folder / "lib"
        for made in (self.etc / "systemd" / "system", self.lib, self.bin):
            made.mkdir(parents=True)
        for name in KEPT:
            if (Path("/etc") / name).exists():
                shutil.copy(Path("/etc") / name, self.etc / name)
        (self.etc / "alternatives").mkdir()
        if AWK.is_symlink():
            (self.etc / "alternatives" / "awk").symlink_to(AWK.readlink())
        (self.etc / "os-release").write_text(release)
        for name, more in MORE.items():
            self.stand_in(name, more)
        (folder / "installer").write_text(INSTALLER)
        self.kit(of_prod())

    def stand_in(self, name: str, more: str) -> None:
        path = self.bin / name
        path.write_text(STUB.format(name=name, more=more))
        path.chmod(0o755)

    def kit(self, facts: Facts) -> None:
        for name, text in files(facts).items():
            (self.folder / name).write_text(text)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "CALLS": str(self.calls),
            "STAND_IN": str(self.folder / "installer"),
            "HOME": str(self.folder),
            "SERVER": str(self.folder),
            "GATEWAY": GATEWAY,
        }
        return subprocess.run(
            [*(way() or []), "sh", "-c", INSIDE, "server", script],
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
        return (self.etc / f"systemd/system/{service}.service.d/hybridge.conf").read_text()


pytestmark = pytest.mark.skipif(way() is None, reason="mount namespaces cannot be made here, neither as root nor as a user")


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


def test_a_second_run_installs_nothing_again(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    assert server.run("join.sh").returncode == 0
    server.calls.unlink()
    done = server.run("join.sh")
    assert done.returncode == 0
    assert "joined platform-cluster already" in done.stdout
    assert "curl" not in server.called()


def test_a_changed_installer_is_not_run(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    done = server.run("join.sh", BAD_SIGNATURE="1")
    assert done.returncode == 1
    assert "signature of the installer is wrong" in done.stderr
    assert "installer" not in server.called().replace("ecs-anywhere-install", "")


@pytest.mark.parametrize(
    ("release", "says"),
    [('ID=arch\nVERSION_ID="x"\n', "not among the systems"), ('ID=debian\nVERSION_ID="10"\n', "debian 10 is not")],
)
def test_a_system_that_aws_does_not_support_is_told(release: str, says: str, tmp_path: Path) -> None:
    done = Server(tmp_path, release).run("join.sh")
    assert done.returncode == 1
    assert says in done.stderr


def test_a_server_of_another_cluster_is_left_as_it_is(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    (server.etc / "ecs").mkdir()
    (server.etc / "ecs" / "ecs.config").write_text("ECS_CLUSTER=other\n")
    done = server.run("join.sh")
    assert done.returncode == 1
    assert "has joined another cluster" in done.stderr


def test_behind_a_proxy_all_three_agents_are_told_of_it(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["ubuntu-24"][0])
    assert server.run("join.sh", HTTPS_PROXY="http://proxy:3128").returncode == 0
    for service in ("docker", "amazon-ssm-agent", "ecs"):
        assert "HTTPS_PROXY=http://proxy:3128 NO_PROXY=169.254.169.254,169.254.170.2,/var/run/docker.sock" in server.drop_in(
            service
        )


def test_the_files_are_mounted_from_the_gateway_that_was_named_and_asked_for_once(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    done = server.run("join.sh", GATEWAY="")
    assert done.returncode == 1
    assert "where are the files? GATEWAY=address sh join.sh" in done.stderr
    assert server.run("join.sh").returncode == 0
    unit = server.etc / "systemd/system/mnt-files.mount"
    assert f"What={GATEWAY}:/files\nWhere=/mnt/files\n" in unit.read_text()
    assert "systemctl enable --now --no-block mnt-files.mount" in server.called()
    assert server.run("join.sh", GATEWAY="").returncode == 0


def test_a_server_leaves_with_its_containers_and_may_join_again(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    assert server.run("join.sh").returncode == 0
    done = server.run("leave.sh")
    assert done.returncode == 0, done.stderr
    assert "docker rm --force task1" in server.called()
    assert "--instance-id mi-0123" in done.stdout
    assert not (server.etc / "ecs" / "ecs.config").exists()
    assert server.run("leave.sh").returncode == 0
    assert server.run("join.sh").returncode == 0
    assert (server.etc / "ecs" / "ecs.config").read_text() == "ECS_CLUSTER=platform-cluster\n"


def test_a_server_moves_to_the_other_region_with_the_kit_of_that_stack_once_it_has_left(tmp_path: Path) -> None:
    server = Server(tmp_path, SYSTEMS["rhel-9"][0])
    assert server.run("join.sh").returncode == 0
    command = f"bash x --region ap-northeast-1 --cluster dr-cluster --activation-id id-2 --activation-code {ACTIVATION}"
    server.kit(facts([region("dr", clusterName="dr-cluster", onPremisesJoinCommand=command)], secret))
    done = server.run("join.sh")
    assert done.returncode == 1
    assert "has joined another cluster; sh leave.sh first" in done.stderr
    assert server.run("leave.sh").returncode == 0
    assert server.run("join.sh").returncode == 0
    assert (server.etc / "ecs" / "ecs.config").read_text() == "ECS_CLUSTER=dr-cluster\n"
    assert (server.lib / "ecs" / "ecs.config").read_text() == "AWS_DEFAULT_REGION=ap-northeast-1\n"
    assert "installer --region ap-northeast-1 --cluster dr-cluster --activation-id id-2" in server.called()


WELL = {
    "timedatectl": "echo yes",
    "getent": 'echo "10.64.3.4 STREAM $2"',
    "curl": "exit 0",
    "ping": "exit 0",
    "systemctl": 'case "$1" in is-active) echo active ;; is-enabled) echo enabled ;; esac',
    "mountpoint": "exit 0",
    "timeout": 'shift; "$@"',
    "ls": "exit 0",
}
ILL = {
    "the clock is not synchronised": ("timedatectl", "echo no"),
    "has no address: does the DNS server forward it": ("getent", "exit 2"),
    "is 52.95.1.1, which is not in the VPC (10.64.0.0/16)": ("getent", 'echo "52.95.1.1 STREAM $2"'),
    "does not answer on 443: a firewall": ("curl", 'case "$*" in *https*) exit 28 ;; esac'),
    "packets of 1,400 bytes do not reach AWS though small ones do": ("ping", 'case "$*" in *1372*) exit 1 ;; esac'),
    "ecs is failed: journalctl -u ecs": (
        "systemctl",
        'case "$*" in *active*ecs) echo failed ;; is-active*) echo active ;; *) echo enabled ;; esac',
    ),
    "does not start at boot": ("systemctl", 'case "$1" in is-active) echo active ;; *) echo disabled ;; esac'),
    "the ECS agent does not answer on this server": ("curl", 'case "$*" in *51678*) exit 7 ;; esac'),
    "/mnt/files is not mounted": ("mountpoint", "exit 1"),
    "/mnt/files is mounted but does not answer: is the gateway VM up?": ("ls", "exit 2"),
}


@pytest.fixture(name="well")
def _well(tmp_path: Path) -> Server:
    server = Server(tmp_path, SYSTEMS["debian-12"][0])
    assert server.run("join.sh").returncode == 0
    for name, more in WELL.items():
        server.stand_in(name, more)
    return server


def test_the_doctor_finds_nothing_where_all_is_well(well: Server) -> None:
    done = well.run("doctor.sh")
    assert (done.returncode, "WRONG" in done.stdout) == (0, False), done.stdout
    assert done.stdout.endswith("nothing is wrong that can be seen from here\n")


def test_the_doctor_takes_a_refusing_firewall_for_one_as_well(well: Server) -> None:
    well.stand_in("curl", 'case "$*" in *https*) exit 7 ;; esac')
    assert "does not answer on 443: a firewall" in well.run("doctor.sh").stdout


@pytest.mark.parametrize("says", ILL)
def test_the_doctor_says_in_words_what_is_wrong_and_counts_it(says: str, well: Server) -> None:
    name, more = ILL[says]
    well.stand_in(name, more)
    done = well.run("doctor.sh")
    wrong = [line for line in done.stdout.splitlines() if line.startswith("WRONG")]
    assert any(says in line for line in wrong), done.stdout
    assert done.returncode == len(wrong)


def test_the_doctor_tells_a_server_that_has_not_joined_or_is_elsewhere(well: Server) -> None:
    (well.etc / "ecs" / "ecs.config").write_text("ECS_CLUSTER=other\n")
    assert "it belongs to another cluster: ECS_CLUSTER=other; sh leave.sh, then sh join.sh" in well.run("doctor.sh").stdout
    (well.etc / "ecs" / "ecs.config").unlink()
    assert "it has joined no cluster: sh join.sh" in well.run("doctor.sh").stdout
