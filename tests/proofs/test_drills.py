"""What fails is found, by name, with what takes over: over small stacks made by hand."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.rules.stack import RESILIENT_SIZES as POLICY_SIZES
from proofs.drills import DrillReport, Result, Terms, accepted, drill, figures, kinds
from proofs.drills.accepted import RESILIENT_SIZES
from proofs.drills.failures import Failure
from proofs.drills.model import Function
from proofs.drills.needs import RANK, AllOf
from rehearsal.run import Rehearsal
from tests.proofs.graphs import ACCOUNT, node
from tests.proofs.shapes import ELSEWHERE, REGION, TWICE, Shape, redundancies, stack


def drilled(shape: Shape = TWICE, *, pairs: bool = False) -> DrillReport:
    return drill([stack(shape)], pairs=pairs)


def result(report: DrillReport, failure: str, function: str) -> Result:
    found = [one for one in report.results if failure == one.failure.name and one.function.name == function]
    assert len(found) == 1, (
        f"{len(found)} of {failure} and {function} in {sorted({one.failure.name for one in report.results})}"
    )
    return found[0]


def outcome(shape: Shape, failure: str, function: str) -> str:
    return result(drilled(shape), failure, function).outcome


def added(one: Rehearsal, type_: str, name: str, /, **inputs: Any) -> str:
    """One more resource; its id is its name."""
    made = node(type_, name, **inputs)
    one.deployment.nodes[made.urn] = made
    return name


def broken(report: DrillReport) -> set[tuple[str, str]]:
    return {(one.failure.name, one.function.name) for one in report.failures}


def test_two_of_everything_survive_each_single_failure() -> None:
    assert broken(drilled()) == set()


def test_every_kind_of_part_is_drilled() -> None:
    report = drilled(Shape(readers=1, gateway=True, healthy_percent=50, patched_at_once="1", machines=True))
    assert {one.failure.kind for one in report.results} == {
        *(kinds.CIRCUIT, kinds.LOCATION, kinds.ROUTER, kinds.TUNNEL, kinds.ZONE, kinds.NAT, kinds.HOST, kinds.SERVER),
        *(
            kinds.PRIMARY,
            kinds.REPLICA,
            kinds.GATEWAY,
            kinds.BACKUP_GATEWAY,
            kinds.MACHINE,
            kinds.ENDPOINT,
            kinds.INBOUND_RESOLVER,
            kinds.OUTBOUND_RESOLVER,
            kinds.BALANCER,
            kinds.DNS_SERVER,
            kinds.ROLLOUT,
            kinds.PATCHING,
        ),
        *(kinds.REGION, kinds.SITE),
    }


# What is single is found by name.


def test_a_single_nat_gateway_in_two_zones_is_found() -> None:
    report = drilled(Shape(nats=1))
    nat = f"NAT gateway {REGION}a"
    assert broken(report) == {(nat, "egress"), (f"zone {REGION}a", "egress")}
    assert result(report, f"zone {REGION}b", "egress").outcome == "unaffected"
    assert "another NAT gateway" in result(report, nat, "egress").mechanism
    assert result(report, nat, "egress").seconds is None


def test_a_nat_gateway_in_each_zone_leaves_the_other_zones_their_own() -> None:
    assert outcome(Shape(), f"NAT gateway {REGION}a", "egress") == "degraded"


@pytest.mark.parametrize(
    ("circuits", "found"),
    [
        (("EAST",), {"circuit test-circuit-0", "Direct Connect location EAST"}),
        (("EAST", "EAST"), {"Direct Connect location EAST"}),
        (("EAST", "WEST"), set()),
    ],
    ids=["one circuit", "both at one location", "two at two locations"],
)
def test_circuits_without_a_backup_are_found(circuits: tuple[str, ...], found: set[str]) -> None:
    report = drilled(Shape(circuits=circuits, routers=0))
    assert {failure for failure, function in broken(report) if function == kinds.LINK} == found


@pytest.mark.parametrize(("routers", "outcome"), [(0, "down"), (1, "degraded")])
def test_adopted_circuits_of_which_nobody_knows_where_they_end_may_share_a_location(routers: int, outcome: str) -> None:
    one = stack(Shape(circuits=("EAST", "WEST"), routers=routers))
    adopted = [node.urn for node in one.nodes if node.type == "aws:directconnect/connection:Connection"]
    for urn in adopted:
        del one.deployment.nodes[urn]
    report = drill([one])
    assert len(adopted) == 2
    assert result(report, "circuit test-interface-0", kinds.LINK).outcome == "degraded"
    assert result(report, "Direct Connect location of the adopted circuits", kinds.LINK).outcome == outcome


def test_two_interfaces_of_one_adopted_circuit_are_one_circuit() -> None:
    one = stack(Shape(circuits=("EAST", "WEST"), routers=0))
    for urn, made in list(one.deployment.nodes.items()):
        if made.type == "aws:directconnect/connection:Connection":
            del one.deployment.nodes[urn]
        elif "VirtualInterface" in made.type:
            one.deployment.nodes[urn] = replace(made, inputs={**made.inputs, "connectionId": "dxcon-fg1"})
    assert ("circuit test-interface-0", kinds.LINK) in broken(drill([one]))


def test_the_vpn_takes_over_from_the_last_circuit_in_the_time_of_bfd() -> None:
    taken = result(drilled(Shape(circuits=("EAST",))), "circuit test-circuit-0", kinds.LINK)
    assert (taken.outcome, taken.seconds) == ("degraded", figures.VPN_FOR_CIRCUITS.seconds)
    assert taken.mechanism.startswith("the VPN")
    assert "without it, after 90 s" in taken.mechanism


def test_what_stands_by_behind_the_circuits_is_not_missed() -> None:
    report = drilled()
    assert result(report, "router r0", kinds.LINK).outcome == "unaffected"
    assert result(report, "VPN tunnel r0, tunnel 1", kinds.LINK).outcome == "unaffected"


def test_without_circuits_one_router_is_a_single_point_but_none_of_its_tunnels() -> None:
    report = drilled(Shape(circuits=(), routers=1))
    assert result(report, "router r0", kinds.LINK).outcome == "down"
    tunnel = result(report, "VPN tunnel r0, tunnel 2", kinds.LINK)
    assert (tunnel.outcome, tunnel.seconds) == ("degraded", 30)
    assert "dead peer after 30 s" in tunnel.source


@pytest.mark.parametrize("transit", [False, True], ids=["virtual private gateway", "transit gateway"])
def test_two_routers_do_without_circuits(transit: bool) -> None:
    report = drilled(Shape(circuits=(), routers=2, transit=transit))
    assert result(report, "router r0", kinds.LINK).outcome == "degraded"
    assert broken(report) == set()


def test_a_single_copy_goes_down_with_its_host_and_its_zone_for_as_long_as_its_health_checks_take() -> None:
    report = drilled(Shape(replicas=1))
    assert broken(report) == {
        ("host test-hosts (any of 2)", "containers in AWS: shop"),
        (f"zone {REGION}a", "containers in AWS: shop"),
        (f"zone {REGION}b", "containers in AWS: shop"),
    }
    down = result(report, f"zone {REGION}a", "containers in AWS: shop")
    assert down.seconds == 3 * 10 + 40 + 2 * 10
    assert (
        down.source
        == "configuration: health check every 10 s, 3 failures, 2 successes, 40 s to start, if a host that is left has room"
    )


def test_two_copies_that_need_not_be_apart_count_as_one() -> None:
    assert outcome(Shape(spread=False), f"zone {REGION}a", "containers in AWS: shop") == "down"
    assert outcome(Shape(spread=True), f"zone {REGION}a", "containers in AWS: shop") == "degraded"


def test_a_single_host_is_found() -> None:
    assert ("host test-hosts", "containers in AWS: shop") in broken(drilled(Shape(hosts=1)))


def test_the_load_balancer_leaves_lost_copies_out_after_its_health_checks() -> None:
    taken = result(drilled(), f"zone {REGION}a", "containers in AWS: shop")
    # Its own address in the zone takes longer: the TTL of its name.
    assert (taken.outcome, taken.seconds) == ("degraded", 60)
    assert "health check every 10 s, 3 failures" in taken.source
    assert "how-elastic-load-balancing-works" in taken.source


def test_nothing_starts_anew_where_the_only_way_to_ecs_died_as_well() -> None:
    one_nat = Shape(nats=1, replicas=1, endpoint_services=("ssm", "ssmmessages"))
    stuck = result(drilled(one_nat), f"zone {REGION}a", "containers in AWS: shop")
    assert stuck.seconds is None
    assert "nothing starts" in stuck.mechanism
    assert outcome(one_nat, f"NAT gateway {REGION}a", "containers in AWS: shop") == "degraded"


def test_a_database_without_a_standby_is_found_in_whichever_zone_it_may_be() -> None:
    report = drilled(Shape(multi_az=False))
    failures = {"database primary test-db", f"zone {REGION}a", f"zone {REGION}b"}
    assert broken(report) == {(failure, function) for failure in failures for function in (kinds.WRITES, kinds.READS)}


def test_the_standby_takes_over_within_two_minutes() -> None:
    taken = result(drilled(), "database primary test-db", kinds.WRITES)
    assert (taken.outcome, taken.seconds) == ("degraded", 120)
    assert taken.source.endswith("Concepts.MultiAZ.Failover.html")


def test_readers_go_on_without_the_primary() -> None:
    assert outcome(Shape(readers=1, multi_az=False), "database primary test-db", kinds.READS) == "unaffected"


def test_one_of_two_readers_stays_in_their_name_unless_it_is_health_checked() -> None:
    lost = result(drilled(Shape(readers=2)), "database replica test-reader-0", kinds.READS)
    assert (lost.outcome, lost.seconds) == ("degraded", None)
    assert "no health check, TTL 60 s" in lost.mechanism
    checked = result(drilled(Shape(readers=2, checked=True)), "database replica test-reader-0", kinds.READS)
    assert (checked.outcome, checked.seconds) == ("degraded", 60)


def test_readers_that_may_share_a_zone_are_all_lost_with_it_and_the_primary_reads() -> None:
    taken = result(drilled(Shape(readers=2)), f"zone {REGION}b", kinds.READS)
    assert taken.outcome == "degraded"
    assert "points the readers at the primary" in taken.mechanism


def test_the_file_gateway_is_down_until_there_is_another_vm_and_that_is_accepted() -> None:
    report = drilled(Shape(gateway=True))
    lost = result(report, "gateway VM files", kinds.FILES_WRITTEN)
    assert lost.outcome == "down"
    assert lost.accepted is not None and "vSphere HA" in lost.accepted
    assert broken(report) == set()
    assert result(report, "gateway VM files", kinds.FILES_READ).outcome == "unaffected"


def test_the_file_gateway_takes_writes_while_the_region_is_gone() -> None:
    assert outcome(Shape(gateway=True), f"region {REGION}", kinds.FILES_WRITTEN) == "degraded"


def test_copies_on_premises_survive_a_server_only_if_they_cannot_share_it() -> None:
    server, broker = "on-premises server (any of 2)", "containers on-premises: broker"
    assert outcome(Shape(), server, broker) == "degraded"
    assert outcome(Shape(fixed_port=False), server, broker) == "down"
    assert outcome(Shape(copies=1), server, broker) == "down"


def test_containers_on_premises_run_on_without_the_region() -> None:
    kept = result(drilled(), f"region {REGION}", "containers on-premises: broker")
    assert kept.outcome == "degraded"
    assert "run on" in kept.mechanism


def test_a_single_dns_server_on_premises_is_found() -> None:
    assert broken(drilled(Shape(dns_servers=1))) == {("on-premises DNS server 10.10.0.0", kinds.ON_PREMISES_NAMES)}


def test_one_zone_is_found_in_everything_that_stands_in_it() -> None:
    hit = {function for failure, function in broken(drilled(Shape(zones=1, nats=1))) if failure == f"zone {REGION}a"}
    expected = {kinds.WRITES, kinds.READS, kinds.EGRESS, kinds.AWS_NAMES, kinds.ON_PREMISES_NAMES, kinds.MANAGED_AWS}
    assert hit == {*expected, kinds.MANAGED_ON_PREMISES, "containers in AWS: shop"}


def test_a_circuit_on_order_carries_nothing_and_is_not_missed() -> None:
    one = stack(Shape(circuits=("EAST", "WEST")))
    del one.deployment.nodes[next(urn for urn in one.deployment.nodes if urn.endswith("interface-1"))]
    report = drill([one])
    assert result(report, "circuit test-circuit-1", kinds.LINK).outcome == "unaffected"
    assert result(report, "circuit test-circuit-0", kinds.LINK).mechanism.startswith("the VPN")


def test_a_resource_that_failed_is_not_there() -> None:
    one = stack(Shape(nats=2))
    node = next(node for node in one.nodes if node.name == "test-nat-1")
    node.id = f"<failed: {node.urn}>"
    assert {failure.name for failure in {each.failure for each in drill([one]).results} if failure.kind == kinds.NAT} == {
        f"NAT gateway {REGION}a"
    }


def test_a_mount_target_is_missed_in_its_zone_only() -> None:
    one = stack()
    system = added(one, "aws:efs/fileSystem:FileSystem", "efs")
    for zone in ("a", "b"):
        subnet = f"test-subnet-{REGION}{zone}"
        added(one, "aws:efs/mountTarget:MountTarget", f"target-{zone}", fileSystemId=system, subnetId=subnet)
    report = drill([one])
    assert result(report, f"mount target {REGION}a", "files read in AWS: EFS").outcome == "degraded"
    assert result(report, f"region {REGION}", "files read in AWS: EFS").outcome == "down"


def test_people_connect_again_by_another_zone() -> None:
    one = stack()
    endpoint = added(one, "aws:ec2clientvpn/endpoint:Endpoint", "people")
    association = "aws:ec2clientvpn/networkAssociation:NetworkAssociation"
    for zone in ("a", "b"):
        added(one, association, f"people-{zone}", clientVpnEndpointId=endpoint, subnetId=f"test-subnet-{REGION}{zone}")
    assert result(drill([one]), f"zone {REGION}a", kinds.PEOPLE).outcome == "degraded"


def test_migration_needs_its_instance_and_the_link() -> None:
    one = stack(Shape(routers=0))
    subnets = [f"test-subnet-{REGION}{zone}" for zone in ("a", "b")]
    group = added(one, "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup", "migration-subnets", subnetIds=subnets)
    instance = "aws:dms/replicationInstance:ReplicationInstance"
    arn = added(one, instance, "migration", replicationInstanceId="migration", multiAz=False, replicationSubnetGroupId=group)
    added(one, "aws:dms/replicationTask:ReplicationTask", "task", replicationInstanceArn=arn)
    report = drill([one])
    assert result(report, "migration instance migration", kinds.MIGRATION).outcome == "down"
    assert result(report, f"zone {REGION}b", kinds.MIGRATION).outcome == "down"
    assert result(report, "circuit test-circuit-0", kinds.MIGRATION).outcome == "degraded"


# The promise.


def test_a_small_stack_promises_nothing_and_one_of_unknown_size_everything() -> None:
    shape = Shape(nats=1)
    assert not drill([stack(shape)], terms={"test": Terms(size="small")}).failures
    assert drill([stack(shape)], terms={"test": Terms(size="medium")}).failures
    assert drill([stack(shape)]).failures


def test_the_policy_pack_demands_redundancy_of_the_same_sizes() -> None:
    assert list(RESILIENT_SIZES) == POLICY_SIZES


def test_the_data_centre_takes_what_has_an_end_there_and_nothing_else() -> None:
    down = {one.function.name for one in drilled().results if one.failure.kind == kinds.SITE and one.outcome == "down"}
    expected = {
        kinds.LINK,
        kinds.AWS_NAMES,
        kinds.ON_PREMISES_NAMES,
        kinds.MANAGED_ON_PREMISES,
        "containers on-premises: broker",
    }
    assert down == expected


# Pairs.


def test_pairs_tell_what_neither_failure_does_alone() -> None:
    found = {(one.failure.subject, one.function.name) for one in drilled(pairs=True).pairs if one.outcome == "down"}
    assert (f"zone {REGION}a and zone {REGION}b", kinds.WRITES) in found
    assert ("host test-hosts (any of 2) and host test-hosts, another", "containers in AWS: shop") in found
    assert ("on-premises server (any of 2) and on-premises server another", "containers on-premises: broker") in found
    assert not any(subject == "circuit test-circuit-0 and circuit test-circuit-1" for subject, _ in found)
    without_vpn = drilled(Shape(routers=0), pairs=True)
    assert ("circuit test-circuit-0 and circuit test-circuit-1", kinds.LINK, "down") in {
        (one.failure.subject, one.function.name, one.outcome) for one in without_vpn.pairs
    }


def test_pairs_are_drilled_on_request_only() -> None:
    assert drilled().pairs == []


# Two regions.

SECONDARY = Shape(replicas=0, hosts=0, circuits=(), source="prod", multi_az=False, copies=0)


def two_regions(primary: Shape = TWICE) -> DrillReport:
    return drill([stack(primary, "prod"), stack(SECONDARY, "dr", ELSEWHERE)])


def test_a_secondary_stack_takes_over_what_its_primary_loses_with_the_region() -> None:
    report = two_regions(Shape(backup_copies=True))
    assert {one.function.stack for one in report.results} == {"prod"}
    lost = {one.function.name: one for one in report.results if one.failure.name == f"region {REGION}"}
    assert {name for name, one in lost.items() if one.outcome == "down"} == set()
    for name in (kinds.WRITES, kinds.READS, "containers in AWS: shop", kinds.LINK, kinds.EGRESS):
        assert (lost[name].outcome, lost[name].seconds) == ("degraded", None)
        assert "edits `mode`" in lost[name].mechanism
    assert "copies in the other region" in lost[kinds.BACKUPS].mechanism


def test_the_region_may_not_take_what_the_secondary_stack_has_not() -> None:
    secondary = stack(replace(SECONDARY, zones=2), "dr", ELSEWHERE)
    secondary.deployment.nodes = {urn: node for urn, node in secondary.deployment.nodes.items() if "rds" not in node.type}
    report = drill([stack(Shape(backup_copies=True), "prod"), secondary])
    assert broken(report) == {(f"region {REGION}", kinds.WRITES), (f"region {REGION}", kinds.READS)}


def test_a_database_of_its_own_takes_over_only_while_it_is_fed_or_takes_the_writes() -> None:
    def lost(*made: tuple[str, dict[str, Any]]) -> set[tuple[str, str]]:
        secondary = stack(SECONDARY, "dr", ELSEWHERE)
        (database,) = (node for node in secondary.deployment.nodes.values() if node.type == "aws:rds/instance:Instance")
        del database.inputs["replicateSourceDb"], database.outputs["replicateSourceDb"]
        for type_, inputs in made:
            added(secondary, type_, "made", **inputs)
        return broken(drill([stack(Shape(backup_copies=True), "prod"), secondary]))

    task, parameter = "aws:dms/replicationTask:ReplicationTask", "aws:ssm/parameter:Parameter"
    arn = f"arn:aws:test:{ELSEWHERE}:{ACCOUNT}:dr-database"
    empty = {(f"region {REGION}", kinds.WRITES), (f"region {REGION}", kinds.READS)}
    assert lost() == lost((task, {"startReplicationTask": False})) == lost((parameter, {"value": "another"})) == empty
    assert lost((task, {"startReplicationTask": True})) == lost((parameter, {"value": arn})) == set()


def test_a_workload_that_the_second_region_does_not_have_is_lost_with_the_first() -> None:
    secondary = stack(SECONDARY, "dr", ELSEWHERE)
    nodes = secondary.deployment.nodes
    secondary.deployment.nodes = {urn: node for urn, node in nodes.items() if "ecs/service" not in node.type}
    report = drill([stack(Shape(backup_copies=True), "prod"), secondary])
    assert (f"region {REGION}", "containers in AWS: shop") in broken(report)


def test_nothing_is_accepted_for_what_a_workload_is_called() -> None:
    """Else a name that somebody else's stack has would let it go down."""
    for name in ("reports", "documents"):
        function = Function("test", kinds.IN_AWS, name, AllOf(()))
        assert accepted.find(Failure(kinds.HOST, "", frozenset()), function, (), several_regions=True) is None


def test_the_other_region_is_drilled_too_and_takes_nothing_along() -> None:
    report = two_regions()
    assert all(one.outcome == "unaffected" for one in report.results if one.failure.name == f"region {ELSEWHERE}")
    assert any(one.failure.subject == "test-circuit-0" or "(dr)" in one.failure.subject for one in report.results)


def test_nobody_fails_over_to_another_region_for_less_than_a_region() -> None:
    report = two_regions(Shape(replicas=1))
    assert result(report, f"zone {REGION}a", "containers in AWS: shop").outcome == "down"
    assert result(report, f"region {REGION}", "containers in AWS: shop").outcome == "degraded"


def test_one_stack_alone_may_lose_its_region() -> None:
    report = drilled()
    assert all(one.accepted for one in report.results if one.failure.kind == kinds.REGION and one.outcome == "down")


def test_the_circuits_of_the_primary_serve_the_secondary_through_the_one_gateway() -> None:
    report = drill([stack(Shape(routers=0), "prod"), stack(replace(SECONDARY, routers=0), "dr", ELSEWHERE)])
    assert result(report, f"region {REGION}", kinds.LINK).outcome == "degraded"


# Properties.

shapes = st.builds(
    Shape,
    zones=st.integers(1, 3),
    nats=st.integers(0, 3),
    circuits=st.lists(st.sampled_from(["EAST", "WEST"]), max_size=3).map(tuple),
    routers=st.integers(0, 2),
    transit=st.booleans(),
    hosts=st.integers(1, 4),
    replicas=st.integers(1, 5),
    spread=st.booleans(),
    servers=st.integers(1, 3),
    copies=st.integers(1, 3),
    fixed_port=st.booleans(),
    multi_az=st.booleans(),
    readers=st.integers(0, 3),
    checked=st.booleans(),
    gateway=st.booleans(),
    dns_servers=st.integers(1, 3),
)


@settings(max_examples=60, deadline=None)
@given(shapes, st.data())
def test_more_redundancy_takes_nothing_down_that_survived(shape: Shape, data: st.DataObject) -> None:
    richer = data.draw(st.sampled_from(list(redundancies(shape))))
    before, after = drilled(shape), drilled(richer)
    assert not by_outcome(before, down=False) & by_outcome(after, down=True)


def by_outcome(report: DrillReport, *, down: bool) -> set[tuple[str, str, str]]:
    # What stands for several alike is named by how many there are.
    return {
        (one.failure.kind, one.failure.subject.split("(any of")[0].rstrip(), one.function.name)
        for one in report.results
        if (one.outcome == "down") == down
    }


@settings(max_examples=40, deadline=None)
@given(shapes)
def test_two_failures_are_never_better_than_either(shape: Shape) -> None:
    report = drilled(shape, pairs=True)
    singles = {(one.failure.name, one.function.name): RANK[one.outcome] for one in report.results}
    for one in report.pairs:
        parts = one.failure.subject.split(" and ")
        assert all(RANK[one.outcome] > singles.get((part, one.function.name), 0) for part in parts)


@settings(max_examples=40, deadline=None)
@given(shapes)
def test_every_outcome_but_unaffected_says_what_happens_and_who_says_so(shape: Shape) -> None:
    for one in drilled(shape).results:
        assert bool(one.mechanism) == bool(one.source) == (one.outcome != "unaffected")


def test_no_flow_is_silent_for_longer_than_the_drills_say_and_both_sources_are_named() -> None:
    _, seconds = figures.measurements()
    for figure, failure, timers in (
        (figures.CIRCUIT_LOST, "a circuit, silently", figures.BFD_SECONDS),
        (figures.VPN_FOR_CIRCUITS, "both circuits, silently", figures.BFD_SECONDS),
        (figures.OTHER_CONNECTION, "a router while both circuits are out", figures.VPN_HOLD_SECONDS),
        (figures.tunnel_lost({}), "a tunnel while both circuits are out", figures.VPN_HOLD_SECONDS),
    ):
        assert figure.seconds is not None
        assert figure.seconds >= max(seconds[failure]["worst"], timers)
        # What was measured is no other mechanism than the one that is claimed.
        assert figure.seconds < 1.5 * timers
        assert f"{failure}: {seconds[failure]['median']:g} s" in figure.source
        assert "https://docs.aws.amazon.com/" in figure.source


def test_the_report_is_plain_data_and_the_same_each_time() -> None:
    first, second = drilled(pairs=True).as_json(), drilled(pairs=True).as_json()
    assert first == second
    assert first["promises"] == {"test": True}
    assert first["results"][0] == {
        "failure": {"kind": "circuit", "subject": "test-circuit-0"},
        "stack": "test",
        "function": "on-premises and AWS",
        "outcome": "degraded",
        "mechanism": "the circuits left carry everything, with BFD on the routers (without it, after 90 s)",
        "seconds": figures.CIRCUIT_LOST.seconds,
        "source": figures.CIRCUIT_LOST.source,
        "accepted": None,
        "acceptedBy": None,
        "acceptedOn": None,
    }


@pytest.mark.parametrize(
    ("copies", "servers", "at_once", "healthy", "outcome"),
    [
        (2, 2, "1", 50, "degraded"),
        (2, 10, "20%", 50, "degraded"),
        (2, 10, "10%", 0, "degraded"),
        (2, 10, "20%", 0, "down"),
        (1, 10, "1", 0, "down"),
        (2, 2, "100%", 100, "down"),
    ],
)
def test_servers_that_are_patched_take_down_what_has_no_copy_elsewhere(
    copies: int, servers: int, at_once: str, healthy: int, outcome: str
) -> None:
    shape = Shape(copies=copies, servers=servers, patched_at_once=at_once, healthy_percent=healthy)
    found = [one for one in drilled(shape).results if one.failure.kind == kinds.PATCHING]
    assert {one.function.name: one.outcome for one in found if one.outcome != "unaffected"} == {
        "containers on-premises: broker": outcome
    }


def test_where_new_copies_start_first_patching_takes_nothing_down() -> None:
    report = drilled(Shape(copies=2, servers=10, patched_at_once="1", healthy_percent=100))
    assert {one.outcome for one in report.results if one.failure.kind == kinds.PATCHING} == {"unaffected"}


# Virtual machines on-premises that AWS Backup takes.


def test_a_lost_machine_is_restored_and_loses_what_it_has_written_since_its_last_backup() -> None:
    report = drilled(Shape(machines=True))
    lost = result(report, "virtual machine in AWS Backup", kinds.MACHINES)
    assert (lost.outcome, bool(lost.accepted)) == ("down", True)
    assert "since its last backup, a day" in lost.mechanism and "is lost" in lost.mechanism
    assert result(report, "virtual machine in AWS Backup", kinds.MACHINES_KEPT).outcome == "unaffected"
    # With the data centre go all of them, and EC2 is there still.
    gone = result(report, "data centre on-premises", kinds.MACHINES)
    assert gone.outcome == "down" and "into EC2" in gone.mechanism


def test_without_its_gateway_machines_run_on_and_nights_are_missed() -> None:
    report = drilled(Shape(machines=True, endpoint_services=("backup-gateway",)))
    missed = result(report, "Backup gateway VM of the hypervisor", kinds.MACHINES_KEPT)
    assert missed.outcome == "down" and "stay" in missed.mechanism and bool(missed.accepted)
    assert result(report, "Backup gateway VM of the hypervisor", kinds.MACHINES).outcome == "unaffected"
    assert result(report, f"region {REGION}", kinds.MACHINES_KEPT).outcome == "down"
    assert result(report, f"region {REGION}", kinds.MACHINES).outcome == "unaffected"


@pytest.mark.parametrize(("circuits", "routers", "outcome"), [((), 1, "down"), (("EAST", "WEST"), 1, "unaffected")])
def test_machines_are_backed_up_over_the_link(circuits: tuple[str, ...], routers: int, outcome: str) -> None:
    report = drilled(Shape(machines=True, circuits=circuits, routers=routers, endpoint_services=("backup-gateway",)))
    assert result(report, "router r0", kinds.MACHINES_KEPT).outcome == outcome


def test_without_them_there_is_no_such_function() -> None:
    assert not {kinds.MACHINES, kinds.MACHINES_KEPT} & {one.kind for one in drilled().model.functions}
