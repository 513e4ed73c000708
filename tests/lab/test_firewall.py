"""The generated rules on two routers that speak nftables: what the proof calls open passes, and nothing else does."""

import json
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from onpremises.firewall import files
from proofs.reachability.expected import Intent, expected
from proofs.reachability.traffic import EVERYTHING, Traffic
from tests.lab.networks import Lab, lab, lacking, waited
from tests.onpremises.support import of_prod

WHY = lacking("nft", "ping")
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "it can")
INSIDE = {"server": "10.10.5.10", "dns": "10.10.0.53", "admin": "10.10.250.7", "source": "10.11.4.20", "branch": "192.168.9.9"}
"""One of every network that an intent of prod tells apart."""
VPC = "10.64.0.10"
ELSEWHERE = "172.31.0.9"
"""A network of the data centre that the stack does not know."""
PORTS = (22, 25, 53, 80, 123, 139, 389, 443, 445, 1025, 1026, 1028, 1029, 1031, 1883, 2049, 2222, 3000, 3389, 5432, 5433, 8080)
Question = tuple[str, str, str, int]
ASKING = str(Path(__file__).with_name("asking.py"))


@pytest.fixture(name="wires", scope="module")
def _wires() -> Iterator[Lab]:
    with lab() as made:
        for name in ("inside", "aws", "r1", "r2"):
            made.host(name)
        made.switch("lan", [("inside", "lan", "10.9.0.1/24"), ("r1", "lan", "10.9.0.2/24"), ("r2", "lan", "10.9.0.3/24")])
        made.switch("wan", [("aws", "wan", "10.8.0.1/24"), ("r1", "wan", "10.8.0.2/24"), ("r2", "wan", "10.8.0.3/24")])
        for address in (*INSIDE.values(), ELSEWHERE):
            made.run("inside", "ip", "addr", "add", f"{address}/32", "dev", "lo")
        made.run("aws", "ip", "addr", "add", f"{VPC}/32", "dev", "lo")
        (made.folder / "hybridge.nft").write_text(files(of_prod())["hybridge.nft"])
        for router in ("r1", "r2"):
            made.run(router, "ip", "route", "add", "default", "via", "10.9.0.1")
            made.run(router, "ip", "route", "add", "10.64.0.0/16", "via", "10.8.0.1")
            # Twice: it replaces itself.
            for _ in range(2):
                made.run(router, "nft", "-f", str(made.folder / "hybridge.nft"))
        by(made, "r1")
        for host, addresses in (("inside", ",".join(INSIDE.values())), ("aws", VPC)):
            out = made.folder / f"{host}.out"
            made.start(host, sys.executable, ASKING, "answer", addresses, *map(str, PORTS), out=out)
            waited(lambda out=out: "ready" in out.read_text(), 10, "nobody answers")  # type: ignore[misc]
        yield made


def by(made: Lab, router: str) -> None:
    """Both sides send by a router from now on."""
    last = router[-1]
    made.run("inside", "ip", "route", "replace", "default", "via", f"10.9.0.{int(last) + 1}")
    made.run("aws", "ip", "route", "replace", "default", "via", f"10.8.0.{int(last) + 1}")


def asked(made: Lab, host: str, questions: list[Question]) -> dict[Question, bool]:
    told = made.run(host, sys.executable, ASKING, "ask", given=json.dumps(questions))
    return dict(zip(questions, json.loads(told), strict=True))


def open_by_the_proof(source: str, target: str, traffic: Traffic) -> bool:
    """Whether anybody in AWS may have it with this address: the edge knows networks, not who in the VPC it is."""
    outward = target == VPC
    address = IPv4Address(source if outward else target)

    def meant(intent: Intent) -> bool:
        ends = (intent.source, intent.target)
        there = ends[0] == "onPremises" != ends[1] if outward else ends[1] == "onPremises" != ends[0]
        return (
            there and traffic in intent.traffic and (intent.networks is None or any(address in one for one in intent.networks))
        )

    return any(meant(intent) for intent in expected(of_prod().primary.settings).intents)


def test_what_the_proof_calls_open_passes_and_what_it_calls_shut_does_not(wires: Lab) -> None:
    for host, pairs in (
        ("inside", [(address, VPC) for address in INSIDE.values()]),
        ("aws", [(VPC, address) for address in INSIDE.values()]),
    ):
        questions = [(*pair, protocol, port) for pair in pairs for protocol in ("tcp", "udp") for port in PORTS]
        found = asked(wires, host, questions)
        wanted = {one: open_by_the_proof(one[0], one[1], Traffic(one[2], one[3])) for one in questions}  # type: ignore[arg-type]
        assert {one: passed for one, passed in found.items() if passed != wanted[one]} == {}
        if host == "inside":
            assert 0 < sum(wanted.values()) < len(questions)


def test_hosts_in_aws_reach_on_premises_by_everything_as_before_they_moved(wires: Lab) -> None:
    assert any(
        (intent.source, intent.target, intent.traffic) == ("hosts", "onPremises", EVERYTHING)
        for intent in expected(of_prod().primary.settings).intents
    )
    wires.run("aws", "ping", "-c", "1", "-W", "2", "-I", VPC, INSIDE["branch"])
    refused = wires.run("inside", "ping", "-c", "1", "-W", "2", "-I", INSIDE["branch"], VPC, check=False)
    assert "0 received" in refused


def test_traffic_that_is_not_between_the_two_is_left_alone(wires: Lab) -> None:
    assert asked(wires, "inside", [(ELSEWHERE, VPC, "tcp", 25)]) == {(ELSEWHERE, VPC, "tcp", 25): True}


def test_a_connection_goes_on_by_the_other_router_whoever_speaks_first(wires: Lab) -> None:
    port = "5431"  # Nobody listens there yet, and the rules let a connection begin from AWS only.
    heard, taken = wires.folder / "heard", wires.folder / "taken"
    speaker = wires.start("inside", sys.executable, ASKING, "speak", port, out=taken, stdin=subprocess.PIPE)
    waited(lambda: "ready" in taken.read_text(), 10, "nobody listens")
    wires.start("aws", sys.executable, ASKING, "listen", VPC, INSIDE["server"], port, out=heard)
    waited(lambda: "taken" in taken.read_text(), 10, "no connection")
    assert speaker.stdin is not None
    for router, line in (("r1", "one"), ("r2", "two")):
        by(wires, router)
        speaker.stdin.write(f"{line}\n".encode())
        speaker.stdin.flush()
        waited(lambda line=line: line in heard.read_text(), 5, f"nothing comes by {router}")  # type: ignore[misc]
    by(wires, "r1")
