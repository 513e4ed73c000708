"""The picture shows what was deployed, where it is, and nothing else."""

import json

import pytest

from rehearsal.run import Rehearsal
from report.collect import Evidence
from report.picture import derive
from report.picture.flows import label
from tests.rehearsal.support import rehearsed_stacks
from tests.report.conftest import ROOT
from tests.report.pictures import area_of, changed, lines, of_kind, titles, without

SUBNET = "aws:ec2/subnet:Subnet"


def test_the_picture_in_the_readme_shows_what_prod_deploys(prod: Rehearsal) -> None:
    shown = json.loads((ROOT / "docs/architecture.json").read_text())
    assert shown == derive([prod]).as_json(), "docs/architecture.svg is out of date: run `make picture`"


def test_the_drawing_in_the_readme_has_every_shape_of_what_it_shows() -> None:
    shown = json.loads((ROOT / "docs/architecture.json").read_text())
    drawing = (ROOT / "docs/architecture.svg").read_text()
    assert "docs/architecture.svg" in (ROOT / "README.md").read_text()
    assert drawing.count("<use ") == len(shown["shapes"])
    words = {word for shape in shown["shapes"] for text in (shape["title"], *shape["detail"]) for word in text.split()}
    assert sorted(word for word in words if word not in drawing) == []


def test_every_stack_has_15_to_25_shapes(evidence: Evidence, prod: Rehearsal, dev: Rehearsal) -> None:
    for rehearsals in ([dev], [prod], evidence.rehearsals):
        assert 15 <= len(derive(rehearsals).shapes) <= 25


def test_prod_has_two_circuits_in_use_and_two_vpns_behind_them(prod: Rehearsal) -> None:
    picture = derive([prod])
    assert [shape.detail for shape in of_kind(picture, "circuit")] == [
        ("seoul-icn10", "10Gbps, TLS10"),
        ("seoul-kinx", "10Gbps, LGKNX"),
    ]
    assert lines(picture, "routers", "circuit") == lines(picture, "circuit", "direct-connect-gateway") == ["main", "main"]
    assert lines(picture, "direct-connect-gateway", "vpn-gateway") == ["main"]
    assert lines(picture, "routers", "vpn") == lines(picture, "vpn", "vpn-gateway") == ["backup", "backup"]


def test_dev_has_a_circuit_on_order_and_a_vpn_in_use(dev: Rehearsal) -> None:
    picture = derive([dev])
    (circuit,) = of_kind(picture, "circuit")
    assert circuit.detail == ("seoul-lgu", "1Gbps, LGU57", "on order")
    assert lines(picture, "routers", "circuit") == lines(picture, "direct-connect-gateway", "vpn-gateway") == ["planned"]
    assert lines(picture, "vpn", "vpn-gateway") == ["main"]


def test_each_part_is_in_the_tier_that_it_was_deployed_to(prod: Rehearsal) -> None:
    picture = derive([prod])
    assert area_of(picture, "balancer") == area_of(picture, "hosts") == area_of(picture, "endpoints") == "private"
    assert area_of(picture, "database") == area_of(picture, "replicas") == "isolated"
    assert area_of(picture, "nat") == "public"
    assert area_of(picture, "bucket") == "region"
    assert area_of(picture, "vpn-gateway") == "vpc"


def test_a_load_balancer_in_a_public_subnet_is_drawn_there(prod: Rehearsal) -> None:
    public = [node.id for node in prod.created(SUBNET) if node.inputs["tags"]["SubnetType"] == "Public"]
    picture = derive([changed(prod, "aws:lb/loadBalancer:LoadBalancer", subnets=public, internal=False)])
    assert area_of(picture, "balancer") == "public"
    assert of_kind(picture, "balancer")[0].detail == ("internet-facing",)


def test_a_stack_without_direct_connect_shows_none(prod: Rehearsal) -> None:
    picture = derive([without(prod, lambda node: node.type.startswith("aws:directconnect/"))])
    assert not [title for title in titles(picture) if "Direct Connect" in title]
    assert lines(picture, "vpn", "vpn-gateway") == ["main", "main"]


@pytest.mark.parametrize(
    ("types", "kinds"),
    [
        (("aws:dms/",), ("migration", "sources")),
        (("aws:storagegateway/",), ("file-gateway",)),
        (("aws:directoryservice/",), ("directory",)),
        (("aws:ec2/natGateway:",), ("nat",)),
        (("aws:s3/",), ("bucket",)),
        (("aws:ec2/customerGateway:", "aws:ec2/vpnConnection:", "aws:directconnect/"), ("routers", "vpn", "circuit")),
        (("aws:lb/",), ("balancer",)),
        (("aws:rds/",), ("database", "replicas")),
    ],
)
def test_what_is_not_deployed_is_not_drawn(prod: Rehearsal, types: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    before = derive([prod], most=100)
    after = derive([without(prod, lambda node: node.type.startswith(types))], most=100)
    assert all(of_kind(before, kind) for kind in kinds)
    assert not [kind for kind in kinds if of_kind(after, kind)]
    known = {shape.id for shape in after.shapes}
    assert {end for edge in after.edges for end in (edge.source, edge.target)} <= known


def test_arrows_from_the_gateway_bear_what_security_groups_admit(prod: Rehearsal) -> None:
    picture = derive([prod])
    labels = {edge.target: edge.label for edge in picture.edges if edge.source == "ap-northeast-2/hub"}
    assert labels["ap-northeast-2/balancer"] == "HTTPS"
    assert labels["ap-northeast-2/resolver"] == "DNS"
    assert labels["ap-northeast-2/database"] == "PostgreSQL"
    closed = without(prod, lambda node: node.type.endswith(":SecurityGroupIngressRule") and "database-from" in node.name)
    assert "ap-northeast-2/database" not in {
        edge.target for edge in derive([closed]).edges if edge.source == "ap-northeast-2/hub"
    }


def test_two_regions_share_the_data_centre_and_the_direct_connect_gateway(evidence: Evidence) -> None:
    picture = derive(evidence.rehearsals)
    assert [area.label for area in picture.areas if area.kind == "region"] == [
        "Region ap-northeast-2 (prod)",
        "Region ap-northeast-1 (dr)",
    ]
    assert len(of_kind(picture, "direct-connect-gateway")) == len(of_kind(picture, "routers")) == 1
    assert lines(picture, "direct-connect-gateway", "vpn-gateway") == ["main", "main"]
    copied = [(edge.source, edge.target, edge.label) for edge in picture.edges if edge.line == "copy"]
    here, there = "ap-northeast-2", "ap-northeast-1"
    assert [one for one in copied if one[0].startswith(here) and one[1].startswith(there)] == [
        (f"{here}/database", f"{there}/database", "replication"),
        (f"{here}/bucket", f"{there}/bucket", "files"),
        (f"{here}/backup", f"{there}/backup", "copies"),
    ]


def test_what_a_stack_keeps_in_another_region_is_drawn_there(prod: Rehearsal) -> None:
    picture = derive([prod])
    assert [area.label for area in picture.areas if area.kind == "region"] == [
        "Region ap-northeast-2 (prod)",
        "Region ap-northeast-1",
    ]
    assert picture.shape("ap-northeast-1/backup").detail == ("copies",)
    copied = {edge.target for edge in picture.edges if edge.target.startswith("ap-northeast-1/")}
    assert copied == {"ap-northeast-1/backup", "ap-northeast-1/registry"}


@pytest.fixture(scope="module")
def transit() -> list[Rehearsal]:
    """Two regions whose hubs are transit gateways, with a database that DMS replicates."""
    stacks = ROOT / "tests/rehearsal/stacks"
    edit = "+disasterRecovery.database=dms"
    with rehearsed_stacks(
        f"{stacks}/transit-primary.yaml{edit}", f"{stacks}/transit-secondary.yaml{edit}+disasterRecovery.testedGeneration=1"
    ) as both:
        assert [one.report for one in both] == ["", ""]
        return [*both]


def test_transit_gateways_of_two_regions_peer(transit: list[Rehearsal]) -> None:
    picture = derive(transit)
    assert lines(picture, "transit-gateway", "transit-gateway") == ["main"]
    assert len(of_kind(picture, "circuit")) == 2


def test_a_database_that_dms_replicates_is_no_source_on_premises(transit: list[Rehearsal]) -> None:
    picture = derive(transit)
    assert not of_kind(picture, "sources")
    assert lines(picture, "database", "migration") == ["copy"]
    assert lines(picture, "migration", "database") == ["flow"]


def test_a_picture_in_words_names_every_shape_and_connection(prod: Rehearsal) -> None:
    picture = derive([prod])
    told = picture.told()
    assert [shape.title for shape in picture.shapes if shape.title not in told] == []
    assert "Routers to Direct Connect" in told


def test_ports_have_names_and_https_speaks_for_the_http_that_redirects_to_it() -> None:
    assert label([80, 443]) == "HTTPS"
    assert label([80]) == "HTTP"
    assert label([53, 53]) == "DNS"
    assert label([3000, 22]) == "SSH, 3000"
    assert label([443, 1026, 1031, 2222]) == "HTTPS +3"
    assert label([-1]) == "all"
