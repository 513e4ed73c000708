"""The whole program behind a Direct Connect gateway that the account has already, with circuits of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from report.picture import derive
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACK = Path(__file__).parent / "stacks" / "joined-circuits.yaml"
GATEWAY = "a1b2c3d4-5678-90ab-cdef-0123456789ab"


@pytest.fixture(scope="module")
def result() -> Iterator[Result]:
    with rehearsed_stack(STACK) as done:
        yield done


def test_nothing_is_wrong_and_everybody_reaches_whom_they_should(result: Result) -> None:
    assert result.good, result.report
    assert result.reachability == []


def test_the_gateway_is_associated_and_its_circuits_carry_everything(result: Result) -> None:
    assert result.created("aws:directconnect/gateway:Gateway") == []
    assert result.one("aws:directconnect/gatewayAssociation:GatewayAssociation").inputs["dxGatewayId"] == GATEWAY
    assert result.outputs["directConnectGatewayId"] == GATEWAY
    picture = derive([result])
    assert ("links/gateway", f"{REGION}/hub") in {(edge.source, edge.target) for edge in picture.edges}
