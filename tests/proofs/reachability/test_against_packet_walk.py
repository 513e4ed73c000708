"""The engine against an independent walk of single packets, over small random networks."""

from ipaddress import IPv4Address

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from proofs.reachability.engine import flow, reach, why_not
from proofs.reachability.evaluation import Evaluation
from proofs.reachability.space import classes
from proofs.reachability.traffic import EVERYTHING
from tests.proofs.reachability.brute_force import PacketWalk
from tests.proofs.reachability.networks import ASKED, NETWORKS, VPCS, Scene, admitted, scenes


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenes())
def test_the_engine_says_of_every_pair_what_packets_find(scene: Scene) -> None:
    walk = PacketWalk(scene.world)
    for source in scene.places:
        for target in scene.places:
            if source is target or (source.outside and target.outside):
                continue
            found = flow(scene.world, source, target)
            for traffic in ASKED:
                answer = reach(scene.world, source, target, traffic)
                assert answer.reachable is walk.connects(source, target, traffic), (source, target, traffic, answer)
                assert (traffic in found.traffic) is answer.reachable, (source, target, traffic, found, answer)
                assert answer.because
                event(f"{answer.way.split(' ')[0] if answer.way else 'blocked'}")
            assert bool(found.way) is bool(found.traffic)
            assert bool(why_not(scene.world, source, target, EVERYTHING)) is not bool(found.traffic)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenes())
def test_the_networks_have_no_route_that_aws_refuses(scene: Scene) -> None:
    for table, routes in scene.world.tables.items():
        vpc = table.removeprefix("rtb-")[0]
        assert [one for one in routes if not admitted(one, vpc)] == []
        assert [one.target for one in routes if one.destination == VPCS[vpc]] == ["local"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenes(), st.integers(0, 2**16 - 1), st.data())
def test_one_address_of_a_class_stands_for_all(scene: Scene, host: int, data: st.DataObject) -> None:
    everywhere = classes(scene.world, [NETWORKS[4]])
    address = IPv4Address(int(NETWORKS[4][0]) + host)
    owner = max((one for one in everywhere if address in one.network), key=lambda one: one.network.prefixlen)
    office = scene.places[2]
    some = data.draw(st.sampled_from(scene.places[4:]))
    for_class = office.__class__("class", owner.address, outside="onPremises")
    for_one = office.__class__("class", address, outside="onPremises")
    assert flow(scene.world, for_class, some).traffic == flow(scene.world, for_one, some).traffic
    assert flow(scene.world, some, for_class).traffic == flow(scene.world, some, for_one).traffic


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenes())
def test_what_is_worked_out_once_for_all_alike_is_what_each_would_get(scene: Scene) -> None:
    evaluation = Evaluation(scene.world)
    for source in scene.places:
        for target in scene.places:
            if source is not target and not (source.outside and target.outside):
                assert evaluation.flow(source, target).traffic == flow(scene.world, source, target).traffic
