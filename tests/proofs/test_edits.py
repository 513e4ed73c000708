"""What an edit does to people while it is carried out: what it takes along, by what things go on, how long they are down."""

import copy
import dataclasses
from typing import Any

import pytest

from proofs.drills import kinds
from proofs.edits import Effect, drilled, told
from rehearsal.diff import compare, standing
from rehearsal.run import Rehearsal
from tests.proofs.shapes import TWICE, Shape, stack

INTERFACE = "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"
FIRST = {"deleteBeforeReplace": True}
TIMES = {"customTimeouts": {"create": "30m", "delete": "30m"}}


def edited(shape: Shape, name: str, options: dict[str, Any] | None = None, **inputs: Any) -> list[Effect]:
    """What happens when the inputs of the resource `type name` are changed; without any, it is taken out."""
    before = stack(shape)
    for one in before.nodes:
        one.options = options or {}
    after = copy.deepcopy(before)
    (urn,) = (one.urn for one in after.nodes if f"{one.type.rsplit(':', 1)[-1]} {one.name}" == name)
    if inputs:
        after.deployment.nodes[urn].inputs |= inputs
    else:
        del after.deployment.nodes[urn]
    return effects(before, after)


def effects(before: Rehearsal, after: Rehearsal) -> list[Effect]:
    return drilled(compare(standing(before), standing(after)), [before], [after])


def of(found: list[Effect], kind: str) -> Effect:
    (effect,) = (one for one in found if one.function.kind == kind)
    return effect


def test_a_replaced_interface_is_its_circuit_down_and_the_other_carries_everything() -> None:
    found = edited(TWICE, "PrivateVirtualInterface test-interface-0", FIRST | TIMES, vlan=111)
    link = of(found, kinds.LINK)
    assert (link.outcome, link.by, link.causes) == ("degraded", ("circuit test-circuit-1",), ("test-interface-0",))
    assert of(found, kinds.WRITES).outcome == "unaffected"
    sentences = dict(told(found))
    assert sentences["degraded"].startswith("on-premises and AWS, ")
    assert sentences["degraded"].endswith("goes on by circuit test-circuit-1 (test-interface-0)")


def test_with_one_circuit_the_vpn_carries_and_without_one_the_link_is_down_as_long_as_pulumi_may_take() -> None:
    change = ("PrivateVirtualInterface test-interface-0", FIRST | TIMES)
    assert of(edited(Shape(circuits=("EAST",)), *change, vlan=111), kinds.LINK).by == ("router r0", "router r1")
    alone = of(edited(Shape(circuits=("EAST",), routers=0), *change, vlan=111), kinds.LINK)
    assert (alone.outcome, alone.seconds) == ("down", 3600)
    assert "down up to 60 min: until Pulumi has made it again (test-interface-0)" in dict(told([alone]))["down"]


def test_all_that_an_edit_takes_is_away_at_once() -> None:
    before = stack(Shape(routers=0))
    for one in before.nodes:
        one.options = FIRST
    after = copy.deepcopy(before)
    for one in after.nodes:
        if one.type == INTERFACE:
            one.inputs |= {"vlan": 111}
    assert of(effects(before, after), kinds.LINK).outcome == "down"


def test_a_service_that_is_deleted_before_it_is_made_again_is_down_until_its_copies_are_healthy() -> None:
    found = of(edited(TWICE, "Service test-shop", FIRST, cluster="another"), kinds.IN_AWS)
    assert (found.outcome, found.causes) == ("down", ("test-shop",))
    # 40 s to start, and two health checks of 10 s.
    assert "down about 60 s" in dict(told([found]))["down"]


def test_a_service_that_is_made_first_goes_on() -> None:
    found = of(edited(TWICE, "Service test-shop", cluster="another"), kinds.IN_AWS)
    assert (found.outcome, found.figures[0].mechanism) == ("degraded", "the new service stands before the old one goes")


def test_what_is_taken_out_for_good_is_gone() -> None:
    assert of(edited(TWICE, "Service test-broker"), kinds.ON_PREMISES).outcome == "gone"


@pytest.mark.parametrize(("percent", "outcome"), [(0, "down"), (50, "unaffected"), (100, "unaffected")])
def test_a_new_version_stops_all_copies_only_where_none_has_to_stay(percent: int, outcome: str) -> None:
    # The definition is found by its id as well: another text for the same one.
    change: dict[str, Any] = {"taskDefinition": "test-broker", "deploymentMinimumHealthyPercent": percent}
    assert of(edited(TWICE, "Service test-broker", **change), kinds.ON_PREMISES).outcome == outcome


def test_a_router_that_is_exchanged_takes_its_vpn_which_carries_only_without_circuits() -> None:
    moved = ("VpnConnection test-vpn-0",)
    assert of(edited(TWICE, *moved, customerGatewayId="other"), kinds.LINK).outcome == "unaffected"
    found = of(edited(Shape(circuits=()), *moved, customerGatewayId="other"), kinds.LINK)
    assert (found.outcome, found.by) == ("degraded", ("router r1",))


def test_other_options_of_a_connection_take_both_of_its_tunnels_and_those_of_a_tunnel_only_that() -> None:
    alone = Shape(circuits=(), routers=1)
    assert of(edited(alone, "VpnConnection test-vpn-0", tunnelBandwidth="large"), kinds.LINK).outcome == "down"
    assert of(edited(alone, "VpnConnection test-vpn-0", tunnel1DpdTimeoutSeconds=40), kinds.LINK).outcome != "down"


@pytest.mark.parametrize(
    ("name", "inputs", "words"),
    [
        ("VpnConnection test-vpn-0", {}, "set the router up for the connection that is made in its place"),
        ("Instance test-database", {}, "the instance that is made in its place serves"),
        ("Instance test-database", {"replicateSourceDb": "another"}, "nothing brings it back"),
    ],
)
def test_what_goes_while_another_of_its_kind_comes_is_brought_back_by_that(
    name: str, inputs: dict[str, Any], words: str
) -> None:
    before = stack(Shape(circuits=(), routers=1))
    after = copy.deepcopy(before)
    (old,) = (one for one in after.nodes if f"{one.type.rsplit(':', 1)[-1]} {one.name}" == name)
    del after.deployment.nodes[old.urn]
    kind = kinds.LINK if old.type.endswith("VpnConnection") else kinds.WRITES
    new = dataclasses.replace(old, urn=f"{old.urn}-2", name=f"{old.name}-2", id=f"{old.id}-2", inputs=old.inputs | inputs)
    after.deployment.nodes[new.urn] = new
    assert words in of(effects(before, after), kind).figures[0].mechanism


@pytest.mark.parametrize(
    ("multi_az", "change", "outcome"),
    [
        (True, {"instanceClass": "db.r6g.large"}, "degraded"),
        (False, {"instanceClass": "db.r6g.large"}, "down"),
        (True, {"engineVersion": "18", "allowMajorVersionUpgrade": True}, "down"),
        (True, {"backupRetentionPeriod": 14}, "unaffected"),
    ],
)
def test_a_database_is_away_while_it_is_changed_in_place(multi_az: bool, change: dict[str, Any], outcome: str) -> None:
    found = of(edited(Shape(multi_az=multi_az), "Instance test-database", **change), kinds.WRITES)
    assert found.outcome == outcome
    if outcome != "unaffected":
        assert "in its maintenance window" in found.figures[0].mechanism


def test_a_gateway_for_addresses_is_made_before_the_old_one_goes() -> None:
    found = of(edited(TWICE, "NatGateway test-nat-0", subnetId="other"), kinds.EGRESS)
    assert (found.outcome, found.by) == ("degraded", ())
    assert "open connections break" in found.figures[0].mechanism


def test_what_pulumi_refuses_or_keeps_takes_nothing_along() -> None:
    for options in ({"protect": True}, {"retainOnDelete": True}):
        found = edited(TWICE, "PrivateVirtualInterface test-interface-0", FIRST | options, vlan=111)
        assert {one.outcome for one in found} == {"unaffected"}
