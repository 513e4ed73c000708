"""Network namespaces with real daemons: made for one test, on addresses of their own, gone afterwards.

A namespace is that of a process that sleeps in it, with the least privilege that does: root's own, or else a user namespace.
Nothing is mounted and nothing is named outside, so that containers which forbid `ip netns` may still allow it.
"""

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal

FRR = Path("/usr/lib/frr")
SECONDS = 60
Way = Literal["root", "user namespace", "user namespace of one"]
WAYS: tuple[Way, ...] = ("root", "user namespace", "user namespace of one")
"""What a network namespace is made in: what is there already, as root; a user namespace that knows all users, which wants root
outside but none of its privileges over the machine; one that knows its maker alone, as root."""
EVERYBODY = "0 0 65536"
FORWARDING = ("net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0")


@cache
def way() -> Way | None:
    """In which of them namespaces, cables between them and forwarding can be had here; None if in none."""
    for asked in WAYS:
        try:
            with lab(asked) as made:
                made.host("a")
                made.host("b")
                made.cable(("a", "eth0", "10.0.0.1/30"), ("b", "eth0", "10.0.0.2/30"))
        except (AssertionError, OSError):
            continue  # The next one asks for less.
        return asked
    return None


def lacking(*programs: str) -> str:
    """Why such a test cannot be run here; empty if it can."""
    missing = [name for name in ("ip", "unshare", "nsenter", *programs) if not (shutil.which(name) or (FRR / name).exists())]
    if missing:
        return f"{', '.join(missing)} not installed"
    if way() is None:
        return "network namespaces cannot be made here, neither as root nor in a user namespace"
    alone = way() == "user namespace of one" and set(programs) & {"bgpd", "vtysh"}
    return (
        "FRR goes over to a user of its own, whom the only user namespace that can be made here does not know" if alone else ""
    )


class Lab:
    """Namespaces, the cables between them, and what runs in them."""

    def __init__(self, folder: Path, asked: Way) -> None:
        self.folder, self.asked = folder, asked
        self.keepers: dict[str, subprocess.Popen[bytes]] = {}
        self.running: list[subprocess.Popen[bytes]] = []

    def host(self, name: str) -> None:
        """A namespace that forwards what is not for it."""
        network = ["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"]
        if self.asked == "root":
            command = network
        elif self.keepers:
            # The first one's user namespace is everybody's: cables join only networks of one.
            command = [*self._enter(next(iter(self.keepers)), network=False), *network]
        else:
            mapped = ["--map-root-user"] if self.asked == "user namespace of one" else []
            command = ["unshare", "--user", *mapped, "sh", "-c", f"read -r _; exec {shlex.join(network)}"]
        keeper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        self.keepers[name] = keeper
        with suppress(BrokenPipeError), keeper.stdin:
            if self.asked == "user namespace" and command[1] == "--user":
                _know_everybody(keeper)
            keeper.stdin.write(b"\n")
        # Its line says that it is in there.
        assert keeper.stdout.readline() == b"\n", f"no network namespace for {name}"
        self.run(name, "ip", "link", "set", "lo", "up")
        self.run(name, "sysctl", "-qw", *FORWARDING)

    def _enter(self, name: str, *, network: bool = True) -> list[str]:
        keeper = str(self.keepers[name].pid)
        user = [] if self.asked == "root" else ["--user", "--preserve-credentials"]
        return ["nsenter", "--target", keeper, *user, *(["--net"] if network else [])]

    def cable(self, one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
        """Join (host, interface, address) with another."""
        (a, a_if, _), (b, b_if, _) = one, other
        self._cable(a, a_if, b, b_if)
        self._up(*one)
        self._up(*other)

    def switch(self, name: str, ports: Sequence[tuple[str, str, str]]) -> None:
        """A host that is a switch, and what is plugged into it: (host, interface, address) each."""
        self.host(name)
        self.run(name, "ip", "link", "add", "switch", "type", "bridge")
        self.run(name, "ip", "link", "set", "switch", "up")
        for number, (host, interface, address) in enumerate(ports):
            self._cable(name, f"port{number}", host, interface)
            self.run(name, "ip", "link", "set", f"port{number}", "master", "switch", "up")
            self._up(host, interface, address)

    def _cable(self, one: str, end: str, other: str, end_there: str) -> None:
        there = ["peer", "name", end_there, "netns", str(self.keepers[other].pid)]
        self.run(one, "ip", "link", "add", end, "type", "veth", *there)

    def _up(self, host: str, interface: str, address: str) -> None:
        self.run(host, "ip", "addr", "add", address, "dev", interface)
        self.run(host, "ip", "link", "set", interface, "up")

    def run(self, host: str, *command: str, check: bool = True, given: str | None = None) -> str:
        """What a command prints in a namespace, given something on its standard input."""
        done = subprocess.run(
            [*self._enter(host), *command], input=given, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert not check or done.returncode == 0, f"{host}: {' '.join(command)}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(
        self,
        host: str,
        *command: str,
        out: Path | None = None,
        environment: dict[str, str] | None = None,
        stdin: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start something that goes on in a namespace."""
        with (out or Path(os.devnull)).open("wb") as file:
            process = subprocess.Popen(
                [*self._enter(host), *command],
                stdin=stdin,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
            )
        self.running.append(process)
        return process

    def frr(self, host: str, configuration: str) -> None:
        """Start FRR with a configuration in a namespace: zebra, bgpd and bfdd, with all of their files in the lab's folder."""
        place = self.folder / host
        place.mkdir()
        (place / "frr.conf").write_text(configuration)
        (place / "vtysh.conf").write_text("")
        # FRR goes over to a user of its own.
        for path in (self.folder, place):
            path.chmod(0o777)
        own = {"bfdd": ["--bfdctl", str(place / "bfd.sock")]}
        for daemon in ("zebra", "bgpd", "bfdd"):
            files = ["-f", str(place / "frr.conf"), "-i", str(place / f"{daemon}.pid"), "--log", f"file:{place / daemon}.log"]
            sockets = ["--vty_socket", str(place), "-z", str(place / "zserv.api"), *own.get(daemon, [])]
            self.run(host, str(FRR / daemon), "-d", *files, *sockets)

    def vtysh(self, host: str, *commands: str) -> str:
        """What FRR says in a namespace."""
        place = str(self.folder / host)
        given = [word for command in commands for word in ("-c", command)]
        return self.run(host, "vtysh", "--vty_socket", place, "--config_dir", place, *given, check=False)

    def close(self) -> None:
        """End everything."""
        for pid in self.folder.rglob("*.pid"):
            subprocess.run(["kill", pid.read_text().strip()], capture_output=True, check=False)
        for process in [*self.running, *self.keepers.values()]:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


def _know_everybody(keeper: subprocess.Popen[bytes]) -> None:
    own = Path("/proc/self/ns/user").readlink()
    waited(lambda: Path(f"/proc/{keeper.pid}/ns/user").readlink() != own, 5, "no user namespace")
    for kind in ("uid", "gid"):
        Path(f"/proc/{keeper.pid}/{kind}_map").write_text(EVERYBODY)


@contextmanager
def lab(asked: Way | None = None) -> Iterator[Lab]:
    """A lab in a folder of its own."""
    # Short: the path of a socket may have 107 characters.
    folder = Path(mkdtemp(prefix="hybridge-lab-", dir="/tmp"))
    folder.chmod(0o755)
    made = Lab(folder, asked or way() or "root")
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


def waited(what: Callable[[], object], seconds: float, why: Callable[[], str] | str) -> float:
    """Wait until something holds; how long that took. Why it did not is asked only then."""
    started = time.monotonic()
    while not what():
        assert time.monotonic() - started < seconds, why if isinstance(why, str) else why()
        time.sleep(0.1)
    return time.monotonic() - started


def silence(ping: Path) -> float:
    """The longest time between two answers in what `ping -D` wrote, in seconds."""
    times = [float(found) for found in re.findall(r"^\[([\d.]+)\] \d+ bytes", ping.read_text(), re.MULTILINE)]
    assert len(times) > 2, ping.read_text()[-500:]
    return max(after - before for before, after in pairwise(times))
