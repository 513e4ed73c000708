"""The whole program behind the Direct Connect gateway of another account, before and after that account has accepted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proofs.drills import drill, kinds, terms_of
from report.picture import derive
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACK = Path(__file__).parent / "stacks" / "joined-proposal.yaml"
GATEWAY = "a1b2c3d4-5678-90ab-cdef-0123456789ab"
OWNER = "210987654321"
PROPOSAL = "aws:directconnect/gatewayAssociationProposal:GatewayAssociationProposal"
PROPAGATION = "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation"


@pytest.fixture(scope="module")
def accepted() -> Iterator[Result]:
    with rehearsed_stack(STACK) as done:
        yield done


def lost_links(result: Result) -> set[str]:
    report = drill([result], terms=terms_of([result.stack]))
    return {
        one.failure.kind
        for one in report.results
        if one.function.kind == kinds.LINK and one.outcome == "down" and one.failure.kind != kinds.REGION
    }


# First, since there is one emulated account at a time.
def test_until_the_owner_accepts_the_vpn_alone_carries_everything() -> None:
    with rehearsed_stack(f"{STACK}+directConnect.gatewayOwner.state=requested") as asked:
        assert asked.good, asked.report
        assert asked.reachability == []
        urn = asked.one(PROPOSAL).urn
        assert all(urn not in node.depends_on for node in asked.created(PROPAGATION))
        assert lost_links(asked) > {kinds.SITE}


def test_the_owner_gets_a_proposal_and_its_circuits_carry_everything(accepted: Result) -> None:
    assert accepted.good, accepted.report
    assert accepted.reachability == []
    assert accepted.created("aws:directconnect/gatewayAssociation:GatewayAssociation") == []
    inputs = accepted.one(PROPOSAL).inputs
    assert (inputs["dxGatewayId"], inputs["dxGatewayOwnerAccountId"]) == (GATEWAY, OWNER)
    assert inputs["allowedPrefixes"] == ["10.20.0.0/16"]
    found = accepted.aws.call("directconnect", "DescribeDirectConnectGatewayAssociations", {}, region=REGION)
    (association,) = found["directConnectGatewayAssociations"]
    assert association["directConnectGatewayOwnerAccount"] == OWNER


def test_a_gateway_of_another_account_is_not_told_of_and_cannot_be_used_without_it(accepted: Result) -> None:
    told = accepted.aws.call("directconnect", "DescribeDirectConnectGateways", {}, region=REGION)
    assert told["directConnectGateways"] == []


def test_routes_come_after_the_proposal_and_either_link_carries_alone(accepted: Result) -> None:
    urn = accepted.one(PROPOSAL).urn
    assert all(urn in node.depends_on for node in accepted.created(PROPAGATION))
    assert lost_links(accepted) == {kinds.SITE}


def test_the_picture_leads_from_the_gateway_to_the_hub(accepted: Result) -> None:
    assert ("links/gateway", f"{REGION}/hub") in {(edge.source, edge.target) for edge in derive([accepted]).edges}
