"""The network team reads in the report what the kit writes into the routers, and no key."""

import re
from dataclasses import replace

import pytest

from onpremises.facts import Region, facts
from onpremises.routers.told import facts_of
from proofs.drills.graph import Graphs
from proofs.settings_of import settings_of
from rehearsal.stackfile import read
from report import network_team, people
from report.collect import Evidence
from report.page import page
from report.picture import Picture
from tests.report.conftest import MADE, ROOT

KEYS = {"circuit-key", "preshared-key"}
LEFT_TO_THE_FILES = {"ike-lifetime", "esp-lifetime", "dead-peer-detection", "inside-peer", "prepended", "lent"}
"""What nobody has to decide or to agree on with others."""
SAID = dict.fromkeys(("announced", "accepted", "circuit-address"), any)
"""Whose values are spellings of one."""


@pytest.fixture(scope="module")
def section(html: str) -> str:
    """The section without tags, down to the table of the firewall."""
    (found,) = re.findall(r'<section id="network-team".*?<details>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>|[,;](?=[ <])", " ", found).split())


def test_what_the_kit_tells_the_routers_is_told_in_the_report(evidence: Evidence, section: str) -> None:
    regions = [Region(one.stack.stack, settings_of(one.stack), one.rehearsal.outputs) for one in evidence.stacks]
    told = [fact for router in facts(regions, lambda _, __: {}).routers for fact in facts_of(router)]
    assert {fact.kind for fact in told} > KEYS
    wanted = [fact for fact in told if fact.kind not in KEYS | LEFT_TO_THE_FILES]
    assert len(wanted) > 70
    missing = [fact for fact in wanted if not SAID.get(fact.kind, all)(one in section.split() for one in fact.values)]
    assert missing == []


def test_names_networks_and_the_command_of_both_regions_are_there(section: str) -> None:
    assert "hybridge kit prod --with dr --outputs prod.json --outputs dr.json" in section
    assert "s3.ap-northeast-1.amazonaws.com" in section and "s3.ap-northeast-2.amazonaws.com" in section
    assert re.search(r"corp\.example 10\.10\.in-addr\.arpa .* 10\.10\.0\.53 10\.11\.0\.53", section)
    assert "AWS in ap-northeast-2 announces circuits 10.64.0.0/16" in section


def test_no_key_of_a_link_gets_that_far(evidence: Evidence) -> None:
    (links,) = network_team.links(evidence)
    circuits = [circuit for router in links.facts.routers for circuit in router.circuits]
    tunnels = [tunnel for router in links.facts.routers for tunnel in router.tunnels]
    assert (len(circuits), len(tunnels)) == (2, 8)
    assert {one.key for one in circuits} | {one.key for one in tunnels} == {""}
    assert settings_of(evidence.stacks[0].stack).direct_connect.connections[0].bgp_key is not None


def test_a_secondary_alone_has_its_own_and_two_strangers_have_two(evidence: Evidence) -> None:
    (links,) = network_team.links(Evidence(evidence.stacks[1:], evidence.drills))
    assert links.command == "hybridge kit dr --outputs dr.json"
    stranger = replace(evidence.stacks[1], stack=replace(evidence.stacks[1].stack, primary=None))
    assert [one.stacks for one in network_team.links(Evidence([evidence.stacks[0], stranger], evidence.drills))] == [
        ["prod"],
        ["dr"],
    ]


def test_a_circuit_on_order_is_told_with_what_is_ordered(evidence: Evidence) -> None:
    stack = read("prod+directConnect.connections[1].state=ordered", ROOT)
    changed = Evidence([replace(evidence.stacks[0], stack=stack)], evidence.drills)
    (links,) = network_team.links(changed)
    assert links.ordered == [network_team.Ordered("prod", "seoul-icn10", "TLS10", "10Gbps", "Korea Telecom")]
    assert [circuit.name for router in links.facts.routers for circuit in router.circuits] == ["seoul-kinx"]
    assert "<caption>Circuits on order</caption>" in page(changed, Picture((), (), ()), MADE)


def test_what_has_to_be_done_names_the_folder_of_the_kit(evidence: Evidence) -> None:
    (links,) = network_team.links(evidence)
    waiting = people.waiting(Graphs(evidence.rehearsals))
    told = network_team.to_do(waiting, links)
    assert {(one.stack, one.who, one.kit) for one in told} == {
        (stack, who, kit)
        for stack in ("prod", "dr")
        for who, kit in (("the network team", "routers"), ("the firewall team", "firewall"), ("the DNS team", "names"))
    }


def test_a_program_that_is_not_hybridge_has_no_such_section(evidence: Evidence) -> None:
    own = replace(evidence.stacks[0], stack=replace(evidence.stacks[0].stack, declared=frozenset({"hybridge:keepDays"})))
    assert network_team.links(Evidence([own], evidence.drills)) == []
