"""Prod: every statement holds, and the matrix says what a person would want to know."""

import json
from collections.abc import Iterator

import pytest

from proofs.reachability import ReachabilityReport, prove
from proofs.reachability.statements import PROOFS
from rehearsal.run import rehearse
from rehearsal.stackfile import read
from tests.proofs.reachability.account import ROOT, STACK, Account, deployed, rows

SERVER = "tcp 5432"


@pytest.fixture(scope="module")
def prod() -> Iterator[Account]:
    with deployed("prod") as made:
        yield made


@pytest.fixture(scope="module")
def report(prod: Account) -> ReachabilityReport:
    return prod.prove()


def test_every_statement_holds_of_prod(report: ReachabilityReport) -> None:
    assert report.failures == []
    assert report.good
    assert [one["holds"] for one in report.as_json()["proofs"]] == [True] * len(PROOFS)


def test_from_the_internet_nothing_is_reachable(report: ReachabilityReport) -> None:
    found = rows(report, "internet", "")
    assert len(found) > 10
    assert not any(row.reachable for row in found)
    assert all(row.because for row in found)


def test_on_premises_reaches_the_database_by_the_circuits(report: ReachabilityReport) -> None:
    (row,) = rows(report, "on-premises", "database")
    assert (row.traffic, row.reachable, row.way) == (SERVER, True, "Direct Connect")
    assert "over circuit network-direct-connect-seoul-icn10" in row.because[0]
    assert " or circuit network-direct-connect-seoul-kinx" in row.because[0]
    assert row.because[1].startswith("database (sg-") and "by database-from-10.10.0.0-16 (sgr-" in row.because[1]
    assert row.because[2].startswith("the reply: network-vpc-isolated-1 (rtb-")


def test_ssh_is_for_the_administrators_alone(report: ReachabilityReport) -> None:
    without, administrators = rows(report, "on-premises", "hosts")
    assert without.source == "on-premises 10.10.0.0/16, 10.11.0.0/16 and 192.168.0.0/16 without 10.10.250.0/24"
    assert administrators.source == "on-premises 10.10.250.0/24"
    assert [row.traffic.startswith("tcp 22") for row in (without, administrators)] == [False, True]


def test_each_zone_leaves_by_its_own_nat_gateway(report: ReachabilityReport) -> None:
    found = rows(report, "workload storefront", "internet")
    assert [row.way for row in found] == [f"NAT gateway network-vpc-{zone} then internet gateway" for zone in (1, 2, 3)]
    assert [row.source[-1] for row in found] == ["a", "b", "c"]


def test_a_routed_workload_is_reached_by_the_rule_of_its_route(report: ReachabilityReport) -> None:
    (row,) = rows(report, "on-premises", "workload storefront")
    assert row.traffic.startswith("HTTPS 443, host-header storefront.aws.corp.example or shop.corp.example by the rule of")
    assert row.way.startswith("Direct Connect then load balancer platform-apps-")


def test_the_database_opens_nothing_itself(report: ReachabilityReport) -> None:
    found = rows(report, "database", "")
    assert found and not any(row.reachable for row in found)


def test_the_report_is_plain_and_the_same_again(prod: Account) -> None:
    once, again = (json.dumps(prod.prove().as_json()) for _ in range(2))
    assert once == again


def test_a_stack_file_with_mistakes_is_told_as_one_failure(prod: Account) -> None:
    wrong = read(f"{STACK}+network.zones=[]", ROOT)
    (failure,) = prove(prod.aws, prod.rehearsal, wrong).failures
    assert failure.proof == "settings"
    assert "hybridge:network.zones" in failure.what


def test_a_second_region_joins_the_circuits_of_the_first(prod: Account) -> None:
    """Comes last: from here on the account has the secondary stack as well."""
    stack = read("dr", ROOT)
    done = rehearse(prod.aws, ROOT, stack, others={prod.stack.stack: prod.rehearsal})
    assert not done.problems
    report = Account(prod.aws, done, stack).prove()
    assert report.failures == []
    (row,) = rows(report, "on-premises", "database")
    assert (row.traffic, row.way) == (SERVER, "Direct Connect")
    assert not any("VPC " in row.target for row in report.matrix)  # Virtual private gateways join no VPCs.
    assert prod.prove().failures == []
