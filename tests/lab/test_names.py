"""The generated forwarders on BIND and Unbound themselves, beside a stand-in of the inbound resolver."""

import socket
import struct
import sys
from collections.abc import Iterator

import pytest

from onpremises.names import files
from tests.lab.networks import Lab, lab, lacking, waited
from tests.onpremises.support import of_prod

WHY = lacking("named", "unbound", "dnsmasq", "dig")
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "it can")
RESOLVERS = ("10.64.0.10", "10.64.64.10")
ANSWER = "10.64.3.4"

NAMED = """options {{
    directory "{folder}";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    dnssec-validation no;
    pid-file "{folder}/named.pid";
    session-keyfile none;
}};
controls {{ }};
include "{folder}/forwarders";
"""
UNBOUND = """server:
    interface: 127.0.0.1
    port: {port}
    do-daemonize: no
    username: ""
    chroot: ""
    use-syslog: no
    pidfile: "{folder}/unbound.pid"
    module-config: "iterator"
include: "{folder}/forwarders.conf"
"""


def stand_in(address: str) -> None:
    """Answers every question with one address, and says on standard output what it was asked."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    while True:
        question, client = server.recvfrom(4096)
        end = question.index(b"\0", 12) + 5
        head = question[:2] + struct.pack(">HHHHH", 0x8580, 1, 1, 0, 0)
        record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton(ANSWER)
        server.sendto(head + question[12:end] + record, client)


@pytest.fixture(name="wires", scope="module")
def _wires() -> Iterator[Lab]:
    with lab() as made:
        made.host("dns")
        for address in RESOLVERS:
            made.run("dns", "ip", "addr", "add", f"{address}/32", "dev", "lo")
            made.start("dns", sys.executable, "-c", f"from tests.lab.test_names import stand_in; stand_in('{address}')")
        yield made


def asked(made: Lab, port: int, name: str) -> str:
    return made.run("dns", "dig", "+short", "+time=1", "+tries=1", "-p", str(port), "@127.0.0.1", name, check=False).strip()


FILES = {"bind": "bind/named.conf.hybridge", "unbound": "unbound/hybridge.conf", "dnsmasq": "dnsmasq/hybridge.conf"}
PORTS = {"bind": 5300, "unbound": 5301, "dnsmasq": 5302}


def started(made: Lab, server: str) -> None:
    """A name server with the generated file, and nothing else that leads anywhere."""
    folder, port = made.folder / server, PORTS[server]
    folder.mkdir()
    text = files(of_prod())[FILES[server]]
    if server == "bind":
        (folder / "forwarders").write_text(text)
        (folder / "named.conf").write_text(NAMED.format(folder=folder, port=port))
        made.start("dns", "named", "-g", "-c", str(folder / "named.conf"), out=folder / "log")
    elif server == "unbound":
        (folder / "forwarders.conf").write_text(text)
        (folder / "unbound.conf").write_text(UNBOUND.format(folder=folder, port=port))
        made.start("dns", "unbound", "-d", "-c", str(folder / "unbound.conf"), out=folder / "log")
    else:
        (folder / "dnsmasq.conf").write_text(text)
        own = [
            "--no-resolv",
            "--no-hosts",
            "--listen-address=127.0.0.1",
            "--bind-interfaces",
            "--user=root",
            "--log-facility=-",
        ]
        given = [f"--conf-file={folder / 'dnsmasq.conf'}", f"--port={port}", f"--pid-file={folder / 'dnsmasq.pid'}"]
        made.start("dns", "dnsmasq", "--keep-in-foreground", *given, *own, out=folder / "log")


@pytest.mark.parametrize("server", FILES)
def test_names_of_aws_are_answered_by_the_inbound_resolver_and_others_are_not(wires: Lab, server: str) -> None:
    port = PORTS[server]
    started(wires, server)
    waited(
        lambda: asked(wires, port, "ecs.ap-northeast-2.amazonaws.com") == ANSWER,
        20,
        lambda: (wires.folder / server / "log").read_text()[-800:],
    )
    # The private zone, what is below the name of an endpoint, and addresses of the VPC.
    for name in ("database.aws.corp.example", "bucket.s3.ap-northeast-2.amazonaws.com", "4.3.64.10.in-addr.arpa"):
        assert asked(wires, port, name) == ANSWER, name
    # Nobody else's names: another region's, those of other services, addresses of the data centre.
    for other in (
        "ecs.us-east-1.amazonaws.com",
        "sqs.ap-northeast-2.amazonaws.com",
        "www.example.org",
        "4.3.10.10.in-addr.arpa",
    ):
        assert asked(wires, port, other) != ANSWER, other
