"""Holes in an account whose hub is a transit gateway, which follows other rules than a virtual private gateway."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from proofs.reachability import prove
from rehearsal.emulator import ACCOUNT
from rehearsal.extensions.directconnect.common import everywhere
from rehearsal.stackfile import read
from tests.proofs.reachability.account import ROOT, TRANSIT, Account, Undo, deployed, rows

GATEWAY = "aws:ec2transitgateway/transitGateway:TransitGateway"


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with deployed(TRANSIT) as made:
        yield made


@pytest.fixture
def undo(account: Account) -> Iterator[Undo]:
    with ExitStack() as holes:
        yield holes.callback
    assert account.prove().failures == []


def attachment(account: Account, kind: str) -> dict[str, Any]:
    found = account.call("DescribeTransitGatewayAttachments")["TransitGatewayAttachments"]
    one: dict[str, Any] = next(one for one in found if one["ResourceType"] == kind)
    return one


def test_both_ways_cross_the_transit_gateway(account: Account) -> None:
    report = account.prove()
    assert report.failures == []
    (row,) = rows(report, "hosts", "on-premises")
    assert row.way == "transit gateway network-hub-transit-gateway then Direct Connect"
    assert "10.0.0.0/16, propagated -> circuit" in row.because[2]
    (row,) = rows(report, "on-premises", "database")
    assert row.way == "Direct Connect"
    assert "10.20.0.0/16, propagated -> network-vpc" in row.because[1]


def test_security_groups_that_refer_to_those_of_other_vpcs_are_said_not_to_be_followed(account: Account, undo: Undo) -> None:
    gateway = account.id(GATEWAY, "network-hub-transit-gateway")
    asked = {"TransitGatewayId": gateway, "Options": {"SecurityGroupReferencingSupport": "enable"}}
    account.call("ModifyTransitGateway", **asked)
    off = {"TransitGatewayId": gateway, "Options": {"SecurityGroupReferencingSupport": "disable"}}
    undo(lambda: account.call("ModifyTransitGateway", **off))
    (found,) = account.prove().failures
    assert found.proof == "everything-is-followed"
    assert found.what.startswith(f"network-hub-transit-gateway ({gateway}) lets security groups refer to those of other VPCs")


def test_a_static_route_to_a_vpn_that_beats_the_circuits(account: Account, undo: Undo) -> None:
    vpn = attachment(account, "vpn")
    hole = {"TransitGatewayRouteTableId": vpn["Association"]["TransitGatewayRouteTableId"]}
    hole |= {"DestinationCidrBlock": "10.0.0.0/16"}
    account.call("CreateTransitGatewayRoute", **hole, TransitGatewayAttachmentId=vpn["TransitGatewayAttachmentId"])
    undo(lambda: account.call("DeleteTransitGatewayRoute", **hole))
    found = account.prove().failures
    assert {one.proof for one in found} == {"direct-connect-comes-first"}
    assert len(found) == 6  # A private and an isolated subnet in each of three zones.
    assert all("takes transit gateway network-hub-transit-gateway then VPN, not Direct Connect" in one.what for one in found)
    assert all("to on-premises 10.0.0.0/16" in one.what and "192.168" not in one.what for one in found)
    assert all(f"10.0.0.0/16, static -> VPN network-vpn-router-1 ({vpn['ResourceId']})" in one.cite[1] for one in found)


def test_a_table_that_learns_nothing_from_the_circuits(account: Account, undo: Undo) -> None:
    circuits = attachment(account, "direct-connect-gateway")
    hole = {"TransitGatewayAttachmentId": circuits["TransitGatewayAttachmentId"]}
    hole |= {"TransitGatewayRouteTableId": circuits["Association"]["TransitGatewayRouteTableId"]}
    account.call("DisableTransitGatewayRouteTablePropagation", **hole)
    undo(lambda: account.call("EnableTransitGatewayRouteTablePropagation", **hole))
    found = account.prove().failures
    assert {one.proof for one in found} == {"direct-connect-comes-first"}


@pytest.mark.parametrize("prefix", ["10.20.0.0/15", "10.99.0.0/16", "0.0.0.0/0"])
def test_a_circuit_that_announces_more_than_the_vpc(account: Account, undo: Undo, prefix: str) -> None:
    (association,) = everywhere(ACCOUNT)["associations"].values()
    before = association["allowedPrefixesToDirectConnectGateway"]
    association["allowedPrefixesToDirectConnectGateway"] = [*before, {"cidr": prefix}]
    undo(lambda: association.update(allowedPrefixesToDirectConnectGateway=before))
    found = account.prove().failures
    assert {one.proof for one in found} == {"on-premises-is-told-of-the-vpcs-alone"}
    assert len(found) == 2  # Both circuits announce it.
    assert f"tells on-premises of {prefix}, which no VPC has" in found[0].what
    assert found[0].cite[0].startswith("network-direct-connect-gateway-") and found[0].cite[0].endswith(
        f"10.20.0.0/16, {prefix}"
    )


def test_what_the_stack_file_lists_may_be_announced_but_for_the_internet(account: Account, undo: Undo) -> None:
    (association,) = everywhere(ACCOUNT)["associations"].values()
    before = association["allowedPrefixesToDirectConnectGateway"]
    undo(lambda: association.update(allowedPrefixesToDirectConnectGateway=before))
    for prefix, good in (("10.99.0.0/16", True), ("0.0.0.0/0", False)):
        association["allowedPrefixesToDirectConnectGateway"] = [*before, {"cidr": prefix}]
        listed = read(f"{TRANSIT}+directConnect.allowedPrefixes=[10.20.0.0/16,{prefix}]", ROOT)
        assert prove(account.aws, account.rehearsal, listed).good is good


def test_a_missing_route_to_the_transit_gateway(account: Account, undo: Undo) -> None:
    hole = {"RouteTableId": account.table("isolated-3"), "DestinationCidrBlock": "192.168.0.0/16"}
    account.call("DeleteRoute", **hole)
    gateway = account.id(GATEWAY, "network-hub-transit-gateway")
    undo(lambda: account.call("CreateRoute", **hole, TransitGatewayId=gateway))
    found = account.found("on-premises-reaches-what-is-configured")
    assert [one.what.split(" with ")[0] for one in found] == [
        "on-premises 192.168.0.0/16 cannot reach database hybridge-transit-gateway-database in ap-northeast-2c"
    ]
    assert "network-vpc-isolated-3 (rtb-" in found[0].cite[-1]


def test_a_zone_without_a_network_card_of_the_transit_gateway(account: Account, undo: Undo) -> None:
    vpc = attachment(account, "vpc")["TransitGatewayAttachmentId"]
    asked = {"TransitGatewayAttachmentId": vpc}
    account.call("ModifyTransitGatewayVpcAttachment", **asked, RemoveSubnetIds=[account.subnet("private-2")])
    undo(lambda: account.call("ModifyTransitGatewayVpcAttachment", **asked, AddSubnetIds=[account.subnet("private-2")]))
    found = account.found("direct-connect-comes-first")
    assert {one.cite[-1].split(" has ")[1].split(",")[0] for one in found} == {"no network card in ap-northeast-2b"}
    lost = account.found("on-premises-reaches-what-is-configured")
    assert lost and all("in ap-northeast-2b" in one.what for one in lost)


def test_another_vpc_that_is_attached_and_let_in(account: Account, undo: Undo) -> None:
    gateway = account.id(GATEWAY, "network-hub-transit-gateway")
    vpc = account.call("CreateVpc", CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    undo(lambda: account.call("DeleteVpc", VpcId=vpc))
    zone = "ap-northeast-2a"
    wanted = {"VpcId": vpc, "CidrBlock": "10.99.0.0/24", "AvailabilityZone": zone}
    subnet = account.call("CreateSubnet", **wanted)["Subnet"]["SubnetId"]
    undo(lambda: account.call("DeleteSubnet", SubnetId=subnet))
    made = {"TransitGatewayId": gateway, "VpcId": vpc, "SubnetIds": [subnet]}
    attached = account.call("CreateTransitGatewayVpcAttachment", **made)["TransitGatewayVpcAttachment"]
    undo(
        lambda: account.call(
            "DeleteTransitGatewayVpcAttachment", TransitGatewayAttachmentId=attached["TransitGatewayAttachmentId"]
        )
    )
    assert account.prove().failures == []
    tables = account.call("DescribeRouteTables", Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    there = {"RouteTableId": tables[0]["RouteTableId"], "DestinationCidrBlock": "10.20.0.0/16"}
    here = {"RouteTableId": account.table("isolated-1"), "DestinationCidrBlock": "10.99.0.0/16"}
    for route in (there, here):
        account.call("CreateRoute", **route, TransitGatewayId=gateway)
        undo(lambda route=route: account.call("DeleteRoute", **route))  # type: ignore[misc]
    assert account.prove().failures == []
    group = account.group("database")
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "10.99.0.0/16"}]}
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[rule])
    undo(lambda: account.call("RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[rule]))
    (found,) = account.prove().failures
    assert found.proof == "others-reach-what-is-configured"
    assert f"VPC {vpc} can reach database hybridge-transit-gateway-database in {zone} with tcp 5432" in found.what
    assert "10.20.0.0/16, propagated -> network-vpc" in found.cite[1]
