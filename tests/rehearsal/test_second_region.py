"""prod and dr in one account: what the second region adopts of the first, and what it makes there."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rehearsal.support import Result, rehearsed_stacks

SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"
ASSOCIATION = "aws:directconnect/gatewayAssociation:GatewayAssociation"
RECORD = "aws:route53/record:Record"


@pytest.fixture(scope="module")
def stacks() -> Iterator[list[Result]]:
    with rehearsed_stacks("prod", "dr") as done:
        yield done


@pytest.fixture
def prod(stacks: list[Result]) -> Result:
    return stacks[0]


@pytest.fixture
def dr(stacks: list[Result]) -> Result:
    return stacks[1]


def test_both_regions_are_made_with_nothing_wrong(prod: Result, dr: Result) -> None:
    assert prod.good, prod.report
    assert dr.good, dr.report


def test_the_second_region_reads_the_first_by_a_stack_reference_and_the_first_reads_nothing(prod: Result, dr: Result) -> None:
    assert [node.inputs for node in dr.created("pulumi:pulumi:StackReference")] == [{"name": "prod"}]
    assert prod.created("pulumi:pulumi:StackReference") == []


def test_one_direct_connect_gateway_serves_both_regions(prod: Result, dr: Result) -> None:
    assert dr.created("aws:directconnect/gateway:Gateway") == []
    gateway = prod.one("aws:directconnect/gateway:Gateway").id
    found = prod.aws.call(
        "directconnect", "DescribeDirectConnectGatewayAssociations", {"directConnectGatewayId": gateway}, region=TOKYO
    )["directConnectGatewayAssociations"]
    assert sorted(
        (one["associatedGateway"]["region"], one["allowedPrefixesToDirectConnectGateway"][0]["cidr"]) for one in found
    ) == [(TOKYO, "10.65.0.0/16"), (SEOUL, "10.64.0.0/16")]
    assert dr.one(ASSOCIATION).inputs["associatedGatewayId"] == dr.one("aws:ec2/vpnGateway:VpnGateway").id


@pytest.mark.parametrize("region", [SEOUL, TOKYO])
def test_each_region_has_tunnels_to_both_routers(dr: Result, region: str) -> None:
    connections = dr.aws.call("ec2", "DescribeVpnConnections", {}, region=region)["VpnConnections"]
    assert [len(one["VgwTelemetry"]) for one in connections] == [2, 2]


def test_both_regions_share_one_private_zone_and_have_resolvers_of_their_own(prod: Result, dr: Result) -> None:
    assert dr.created("aws:route53/zone:Zone") == []
    zone = prod.one("aws:route53/zone:Zone").id
    found = dr.aws.call("route53", "GetHostedZone", {"Id": zone}, region=TOKYO)
    assert sorted(vpc["VPCRegion"] for vpc in found["VPCs"]) == [TOKYO, SEOUL]
    endpoints = dr.created("aws:route53/resolverEndpoint:ResolverEndpoint")
    assert sorted((node.region, node.inputs["direction"]) for node in endpoints) == [(TOKYO, "INBOUND"), (TOKYO, "OUTBOUND")]
    rules = dr.created("aws:route53/resolverRule:ResolverRule")
    assert {rule.region for rule in rules} == {TOKYO}
    asked = {"corp.example", "10.10.in-addr.arpa", "11.10.in-addr.arpa", "168.192.in-addr.arpa"}
    assert {rule.inputs["domainName"] for rule in rules} == asked, "names of on-premises, and those of its addresses"


def test_the_first_region_does_not_take_the_second_out_of_the_zone_again() -> None:
    """What its program says of the VPCs of the zone is the beginning, no more."""
    from tests.recorder import deploy_stack  # noqa: PLC0415 - the program under mocks, which shows the options of a resource

    zone = deploy_stack("prod").one("aws:route53/zone:Zone")
    assert zone.ignore_changes == ("vpcs",)


def names(result: Result) -> dict[str, Any]:
    """Name, identifier and weight of every record."""
    return {
        node.inputs["setIdentifier"] + " " + node.inputs["name"]: node.inputs["weightedRoutingPolicies"][0]["weight"]
        for node in result.created(RECORD)
    }


def test_all_names_lead_to_the_first_region_while_the_second_waits(prod: Result, dr: Result) -> None:
    assert names(prod) == dict.fromkeys(
        [
            *(f"{SEOUL} {name}.aws.corp.example" for name in ("apps", "database", "storefront", "api", "reports", "documents")),
            *(f"{SEOUL}-reader-{number} database-reader.aws.corp.example" for number in (1, 2)),
        ],
        0,
    )
    assert names(dr) == {}


def test_what_lies_in_the_first_region_of_the_second_stack_is_only_what_connects_them(dr: Result) -> None:
    """So that the first can be changed without the second, and the second be taken down without a trace."""
    regions = {node.region for node in dr.nodes if node.fidelity != "component"}
    assert regions <= {SEOUL, TOKYO, ""}
    connecting = {node.type for node in dr.nodes if node.region == SEOUL}
    assert connecting <= {
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    }
