"""The stacks of the project, drilled as they are deployed: what they survive, and that the documentation says so."""

import time
from dataclasses import replace

import pytest

from proofs.drills import DrillReport, drill, kinds, terms_of
from proofs.drills.accepted import ACCEPTED
from proofs.drills.document import DOCUMENT, STACKS, rehearsed, tables, written
from rehearsal.run import Rehearsal
from rehearsal.stackfile import StackFile
from tests.proofs.shapes import Shape, stack
from tests.rehearsal.support import ROOT, rehearsed_stack

SITES = ROOT / "tests" / "rehearsal" / "stacks" / "sites.yaml"
"""What only a data centre of several sites loses: the shipped stacks have one."""


@pytest.fixture(scope="module")
def together() -> list[tuple[list[Rehearsal], list[StackFile]]]:
    return [rehearsed(names) for names in STACKS]


@pytest.fixture(scope="module")
def reports(together: list[tuple[list[Rehearsal], list[StackFile]]]) -> list[DrillReport]:
    return [drill(rehearsals, terms=terms_of(stacks)) for rehearsals, stacks in together]


@pytest.fixture(scope="module")
def prod(together: list[tuple[list[Rehearsal], list[StackFile]]]) -> Rehearsal:
    """The first stack alone, as if there were no other region."""
    return together[0][0][0]


def test_no_single_failure_takes_down_what_is_not_accepted(reports: list[DrillReport]) -> None:
    broken = [
        f"{one.failure.name}: {one.function.name} of {one.function.stack}" for report in reports for one in report.failures
    ]
    assert broken == []


def test_nothing_is_accepted_that_does_not_happen(prod: Rehearsal, reports: list[DrillReport]) -> None:
    with rehearsed_stack(SITES) as sites:
        several = drill([sites], terms=terms_of([sites.stack]))
    machines = drill([stack(Shape(machines=True))])
    losses = [one for report in (drill([prod]), several, machines, *reports) for one in report.results if one.outcome == "down"]
    used = {one.accepted for one in losses}
    assert [entry.reason for entry in ACCEPTED if entry.reason not in used] == []


def test_nothing_is_accepted_for_a_workload_that_does_not_happen(
    together: list[tuple[list[Rehearsal], list[StackFile]]], reports: list[DrillReport]
) -> None:
    used = {one.by for report in reports for one in report.results if one.by}
    for _, stacks in together:
        for terms in terms_of(stacks[:1]).values():
            assert [entry.functions for entry in terms.accepted if entry not in used] == []


def test_prod_has_every_function(prod: Rehearsal) -> None:
    found = {function.kind for function in drill([prod]).model.functions}
    # No Client VPN, and no virtual machines in AWS Backup, by choice.
    assert found == set(kinds.FUNCTIONS) - {kinds.PEOPLE, kinds.MACHINES, kinds.MACHINES_KEPT}


def test_dev_gives_up_what_its_price_says(reports: list[DrillReport]) -> None:
    results = [one for report in reports for one in report.results if one.function.stack == "dev" and one.outcome == "down"]
    single = {one.failure.kind for one in results}
    assert {kinds.ROUTER, kinds.ZONE, kinds.NAT, kinds.HOST, kinds.SERVER, kinds.PRIMARY, kinds.DNS_SERVER} <= single
    assert {one.function.name for one in results if one.failure.kind == kinds.NAT} == {kinds.EGRESS}


def test_a_single_nat_gateway_in_prod_would_be_found(
    prod: Rehearsal, together: list[tuple[list[Rehearsal], list[StackFile]]]
) -> None:
    gateways = [node for node in prod.nodes if node.type == "aws:ec2/natGateway:NatGateway"]
    first, gone = gateways[0], {node.id for node in gateways[1:]}
    nodes = {urn: node for urn, node in prod.deployment.nodes.items() if node.id not in gone}
    for urn, node in nodes.items():
        if node.inputs.get("natGatewayId") in gone:
            nodes[urn] = replace(node, inputs={**node.inputs, "natGatewayId": first.id})
    single = Rehearsal(replace(prod.deployment, nodes=nodes), [])
    assert {(one.failure.kind, one.function.name) for one in drill([single], terms=terms_of(together[0][1])).failures} == {
        (kinds.NAT, kinds.EGRESS),
        (kinds.ZONE, kinds.EGRESS),
    }


def test_a_database_without_a_standby_in_prod_would_be_found(prod: Rehearsal) -> None:
    nodes = {
        urn: replace(node, inputs={**node.inputs, "multiAz": False}) if node.type == "aws:rds/instance:Instance" else node
        for urn, node in prod.deployment.nodes.items()
    }
    single = drill([Rehearsal(replace(prod.deployment, nodes=nodes), [])])
    assert {(one.failure.kind, one.function.kind) for one in single.failures} >= {
        (kinds.PRIMARY, kinds.WRITES),
        (kinds.ZONE, kinds.WRITES),
    }


def test_drilling_prod_takes_under_a_third_of_a_second(prod: Rehearsal) -> None:
    started = time.process_time()
    drill([prod])
    assert time.process_time() - started < 0.3


def test_the_documentation_shows_what_the_drills_found(reports: list[DrillReport]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == written(text, tables(reports)), "docs/resilience.md is out of date: run `python -m proofs.drills.document`"
