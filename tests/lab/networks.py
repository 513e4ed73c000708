"""Network namespaces with real daemons: made for one test, on addresses of their own, gone afterwards."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

FRR = Path("/usr/lib/frr")
SECONDS = 60


def lacking(*programs: str) -> str:
    """Why such a test cannot be run here; empty if it can."""
    if os.getuid() != 0:
        return "network namespaces want root"
    missing = [name for name in ("ip", *programs) if not (shutil.which(name) or (FRR / name).exists())]
    if missing:
        return f"{', '.join(missing)} not installed"
    made = subprocess.run(["ip", "netns", "add", "hybridge-probe"], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", "hybridge-probe"], capture_output=True, check=False)
    return "" if made.returncode == 0 else "network namespaces cannot be made here"


class Lab:
    """Namespaces, the cables between them, and what runs in them."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self.folder, self.prefix, self.names, self.running = folder, prefix, list[str](), list[subprocess.Popen[bytes]]()

    def host(self, name: str) -> None:
        """A namespace that forwards what is not for it."""
        own = self.prefix + name
        subprocess.run(["ip", "netns", "add", own], check=True)
        self.names.append(own)
        self.run(name, "ip", "link", "set", "lo", "up")
        self.run(
            name, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0"
        )

    def cable(self, one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
        """Join (host, interface, address) with another."""
        (a, a_if, _), (b, b_if, _) = one, other
        subprocess.run(
            [
                "ip",
                "link",
                "add",
                a_if,
                "netns",
                self.prefix + a,
                "type",
                "veth",
                "peer",
                "name",
                b_if,
                "netns",
                self.prefix + b,
            ],
            check=True,
        )
        for host, interface, address in (one, other):
            self.run(host, "ip", "addr", "add", address, "dev", interface)
            self.run(host, "ip", "link", "set", interface, "up")

    def run(self, host: str, *command: str, check: bool = True) -> str:
        """What a command prints in a namespace."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.prefix + host, *command], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert not check or done.returncode == 0, f"{host}: {' '.join(command)}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, host: str, *command: str, out: Path | None = None) -> subprocess.Popen[bytes]:
        """Start something that goes on in a namespace."""
        with (out or Path(os.devnull)).open("wb") as file:
            process = subprocess.Popen(
                ["ip", "netns", "exec", self.prefix + host, *command], stdout=file, stderr=subprocess.STDOUT
            )
        self.running.append(process)
        return process

    def frr(self, host: str, configuration: str) -> None:
        """Start FRR with a configuration in a namespace: zebra, bgpd and bfdd."""
        name = self.prefix + host
        place = self.folder / host
        place.mkdir()
        etc = Path("/etc/frr") / name
        etc.mkdir(parents=True, exist_ok=True)
        (etc / "vtysh.conf").write_text("")
        shutil.chown(etc, "frr", "frr")
        (place / "frr.conf").write_text(configuration)
        for path in (self.folder, place):
            path.chmod(0o777)
        for daemon in ("zebra", "bgpd", "bfdd"):
            self.run(
                host,
                str(FRR / daemon),
                "-d",
                "-N",
                name,
                "-f",
                str(place / "frr.conf"),
                "-i",
                str(place / f"{daemon}.pid"),
                "--log",
                f"file:{place / daemon}.log",
            )

    def vtysh(self, host: str, command: str) -> str:
        """What FRR says in a namespace."""
        return self.run(host, "vtysh", "-N", self.prefix + host, "-c", command, check=False)

    def close(self) -> None:
        """End everything."""
        for process in self.running:
            process.kill()
            process.wait()
        for pid in self.folder.rglob("*.pid"):
            subprocess.run(["kill", pid.read_text().strip()], capture_output=True, check=False)
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
            shutil.rmtree(Path("/etc/frr") / name, ignore_errors=True)


@contextmanager
def lab(prefix: str) -> Iterator[Lab]:
    """A lab in a folder that daemons of other users may write to."""
    folder = Path(f"/tmp/hybridge-lab-{prefix}{os.getpid()}")
    folder.mkdir(mode=0o777)
    made = Lab(folder, prefix)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


def waited(what: Callable[[], object], seconds: float, why: str) -> float:
    """Wait until something holds; how long that took."""
    started = time.monotonic()
    while not what():
        assert time.monotonic() - started < seconds, why
        time.sleep(0.1)
    return time.monotonic() - started


def silence(ping: Path) -> float:
    """The longest time between two answers in what `ping -D` wrote, in seconds."""
    times = [float(found) for found in re.findall(r"^\[([\d.]+)\] \d+ bytes", ping.read_text(), re.MULTILINE)]
    assert len(times) > 2, ping.read_text()[-500:]
    return max(after - before for before, after in pairwise(times))
