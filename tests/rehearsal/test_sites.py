"""The whole program over two data centres and a site behind them, which neither dev nor prod has."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from proofs.drills import DrillReport, drill, kinds, terms_of
from report.picture import derive
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACK = Path(__file__).parent / "stacks" / "sites.yaml"


@pytest.fixture(scope="module")
def result() -> Iterator[Result]:
    with rehearsed_stack(STACK) as done:
        yield done


@pytest.fixture(scope="module")
def drills(result: Result) -> DrillReport:
    return drill([result], terms=terms_of([result.stack]))


def test_the_stack_is_made_with_nothing_wrong_and_everybody_reaches_whom_they_should(result: Result) -> None:
    assert result.good, result.report
    assert result.reachability == []


def test_circuits_and_routers_carry_the_name_of_their_site(result: Result) -> None:
    kinds_of_ends = (
        "aws:directconnect/connection:Connection",
        "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface",
        "aws:ec2/customerGateway:CustomerGateway",
        "aws:ec2/vpnConnection:VpnConnection",
    )
    ends = [node for kind in kinds_of_ends for node in result.created(kind)]
    assert {(node.name, node.inputs["tags"]["Site"]) for node in ends} == {
        ("network-direct-connect-kinx", "pangyo"),
        ("network-direct-connect-hosted", "busan"),
        ("network-vpn-pangyo-1", "pangyo"),
        ("network-vpn-busan-1", "busan"),
    }


def test_each_domain_is_asked_of_servers_of_every_site_that_knows_it(result: Result) -> None:
    rules = result.aws.call("route53resolver", "ListResolverRules", {}, region=REGION)["ResolverRules"]
    assert {
        rule["DomainName"]: [target["Ip"] for target in rule["TargetIps"]] for rule in rules if rule["RuleType"] == "FORWARD"
    } == {
        "corp.example.": ["10.10.0.53", "10.11.0.53", "10.11.0.54"],
        "legacy.local.": ["10.10.0.54", "10.10.0.55"],
        "10.10.in-addr.arpa.": ["10.10.0.53", "10.10.0.54", "10.10.0.55"],
        "11.10.in-addr.arpa.": ["10.11.0.53", "10.11.0.54"],
        "168.192.in-addr.arpa.": ["10.11.0.53", "10.11.0.54"],
    }


def test_the_inbound_resolver_has_the_addresses_that_the_stack_file_gives_it(result: Result) -> None:
    assert sorted(result.outputs["resolverInboundAddresses"]) == ["10.20.0.53", "10.20.64.53"]
    inbound = result.one("aws:route53/resolverEndpoint:ResolverEndpoint", "network-dns-inbound")
    reserved = {
        one["SubnetId"]: result.aws.call("ec2", "GetSubnetCidrReservations", {"SubnetId": one["SubnetId"]}, region=REGION)
        for one in ({"SubnetId": address["subnetId"], "Ip": address["ip"]} for address in inbound.inputs["ipAddresses"])
    }
    assert sorted(one["SubnetIpv4CidrReservations"][0]["Cidr"] for one in reserved.values()) == [
        "10.20.0.48/28",
        "10.20.64.48/28",
    ]


def test_what_the_vpc_asks_for_is_logged(result: Result) -> None:
    (config,) = result.aws.call("route53resolver", "ListResolverQueryLogConfigs", {}, region=REGION)["ResolverQueryLogConfigs"]
    assert ":log-group:/aws/vendedlogs/network-dns-queries-" in config["DestinationArn"]


def test_a_port_that_can_encrypt_is_ordered(result: Result) -> None:
    node = result.one("aws:directconnect/connection:Connection")
    (connection,) = result.aws.call("directconnect", "DescribeConnections", {"connectionId": node.id}, region=REGION)[
        "connections"
    ]
    assert connection["macSecCapable"] is True


def test_a_link_aggregation_group_is_watched_by_its_interface_and_never_by_metrics_that_it_has_not(result: Result) -> None:
    alarms = {
        node.name.removeprefix("management-alarms-"): node.inputs
        for node in result.created("aws:cloudwatch/metricAlarm:MetricAlarm")
    }
    assert {"circuit-kinx", "errors-kinx", "bandwidth-kinx", "bgp-kinx", "prefixes-kinx"} <= alarms.keys()
    assert {name for name in alarms if name.endswith("-hosted")} == {"bgp-hosted", "prefixes-hosted"}
    (query,) = alarms["bgp-hosted"]["metricQueries"]
    interface = next(
        node for node in result.nodes if node.name == "network-direct-connect-hosted" and node.id.startswith("dxvif-")
    )
    assert (
        query["expression"]
        == f"SELECT MIN(VirtualInterfaceBgpStatus) FROM \"AWS/DX\" WHERE VirtualInterfaceId = '{interface.id}'"
    )
    assert {"resolver-inbound", "resolver-outbound"} <= alarms.keys()


def test_each_site_is_lost_by_itself_and_the_other_goes_on(drills: DrillReport) -> None:
    lost = {
        (one.failure.subject, one.function.subject): one.outcome
        for one in drills.results
        if (one.failure.kind, one.function.kind) == (kinds.SITE, kinds.LINK)
    }
    assert {site for site, _ in lost} == {"pangyo", "busan", "warehouse"}
    assert [lost["pangyo", "pangyo"], lost["pangyo", "busan"], lost["busan", "busan"]] == ["down", "unaffected", "down"]
    # It has no way of its own, and takes whichever of the others is left.
    assert {lost["pangyo", "warehouse"], lost["busan", "warehouse"]} == {"degraded", "unaffected"}
    shared = next(
        one for one in drills.model.functions if one.kind == kinds.ON_PREMISES_NAMES and "corp.example" in one.subject
    )
    names = {
        one.failure.subject: one.outcome for one in drills.results if one.failure.kind == kinds.SITE and one.function is shared
    }
    assert (names["pangyo"], names["busan"]) == ("degraded", "degraded")
    assert drills.failures == []


def test_a_site_whose_only_circuit_is_another_sites_is_found_by_the_drills(result: Result) -> None:
    nodes = {
        urn: replace(node, inputs={**node.inputs, "tags": {**node.inputs["tags"], "Site": "pangyo"}})
        if "Site" in (node.inputs.get("tags") or {})
        else node
        for urn, node in result.deployment.nodes.items()
    }
    moved = type(result)(replace(result.deployment, nodes=nodes), [], result.seconds)
    report = drill([moved], terms=terms_of([result.stack]))
    assert ("data centre pangyo", "on-premises and AWS: busan") in {
        (one.failure.name, one.function.name) for one in report.failures
    }


def test_the_picture_shows_the_sites_with_their_routers_and_what_ends_there(result: Result) -> None:
    picture = derive([result])
    assert [(area.label, area.inside) for area in picture.areas if area.id.startswith("site/")] == [
        ("busan", "site"),
        ("pangyo", "site"),
    ]
    assert picture.shape("site/routers/pangyo").detail == ("pangyo-1",)
    edges = {(edge.source, edge.target) for edge in picture.edges}
    assert ("site/routers/pangyo", "links/circuit/kinx") in edges
    assert ("site/routers/busan", "links/circuit/hosted") in edges
