"""The whole program with a network as dev and prod do not have it, a stack file for each way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rehearsal.monitor import Node
from report.picture import derive
from tests.rehearsal.support import REGION, Result, rehearsed_stack

STACKS = Path(__file__).parent / "stacks"


@contextmanager
def stack(name: str, edit: str = "") -> Iterator[Result]:
    with rehearsed_stack(f"{STACKS / name}.yaml{edit}") as result:
        assert result.good, result.report
        yield result


def test_developers_come_in_by_client_vpn_though_no_link_is_up() -> None:
    with stack("client-vpn") as result:
        (endpoint,) = result.aws.call("ec2", "DescribeClientVpnEndpoints", {}, region=REGION)["ClientVpnEndpoints"]
        assert (endpoint["Status"]["Code"], endpoint["SessionTimeoutHours"]) == ("available", 8)
        rules = result.aws.call(
            "ec2",
            "DescribeClientVpnAuthorizationRules",
            {"ClientVpnEndpointId": endpoint["ClientVpnEndpointId"]},
            region=REGION,
        )["AuthorizationRules"]
        assert sorted(rule["DestinationCidr"] for rule in rules) == ["10.0.0.0/16", "10.20.0.0/16", "192.168.0.0/16"]
        policy = result.one("aws:ec2/vpcEndpoint:VpcEndpoint", "network-endpoints-s3-gateway").inputs["policy"]
        assert "arn:aws:s3:::corp-artifacts/*" in policy
        for kind in ("aws:ec2/vpnConnection:VpnConnection", "aws:directconnect/gateway:Gateway"):
            assert result.created(kind) == []
        assert [node.inputs["direction"] for node in result.created("aws:route53/resolverEndpoint:ResolverEndpoint")] == [
            "INBOUND"
        ]


def test_clients_of_the_vpn_reach_ssh_and_the_database_by_their_group_and_only_what_the_stack_file_names() -> None:
    for edit, open_ports in (("", {22, 5432}), ("+clientVpn.reach=[ssh]", {22}), ("+clientVpn.reach=[]", set())):
        with stack("client-vpn", edit) as result:
            clients = result.one("hybridge:index:Network").outputs["client_vpn_security_group_id"]
            rules = result.created("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
            admitted = {rule.inputs["fromPort"] for rule in rules if rule.inputs.get("referencedSecurityGroupId") == clients}
            assert admitted == open_ports
            # The proof takes what is to be reached from the settings, and what can be reached from the account.
            assert result.reachability == []
            shapes = {22: "hosts", 5432: "database"}
            drawn = {edge.target.split("/")[-1] for edge in derive([result]).edges if edge.source.endswith("/client-vpn")}
            assert drawn & set(shapes.values()) == {shapes[port] for port in open_ports}


def test_a_circuit_and_a_router_are_renamed_without_anything_being_made_anew() -> None:
    def network(result: Result) -> dict[str, Node]:
        return {node.urn: node for node in result.nodes if "hybridge:index:Network" in node.urn}

    with stack("transit-gateway") as result:
        before = network(result)
    edits = "+directConnect.connections[1].name=busan-1+directConnect.connections[1].formerly=seoul-2"
    edits += "+onPremises.routers[0].name=edge-1+onPremises.routers[0].formerly=router-1"
    with stack("transit-gateway", edits) as result:
        after = network(result)
    renamed = {urn: after[urn].options["aliases"] for urn in after.keys() - before.keys()}
    assert sorted(urn.rsplit("$", maxsplit=1)[-1] for urn in renamed) == [
        "aws:directconnect/transitVirtualInterface:TransitVirtualInterface::network-direct-connect-busan-1",
        "aws:ec2/customerGateway:CustomerGateway::network-vpn-edge-1",
        "aws:ec2/vpnConnection:VpnConnection::network-vpn-edge-1",
    ]
    assert {former for formers in renamed.values() for former in formers} == before.keys() - after.keys()


def test_without_nat_gateways_private_subnets_have_no_way_to_the_internet() -> None:
    with stack("no-internet") as result:
        assert result.created("aws:ec2/natGateway:NatGateway") == result.created("aws:ec2/eip:Eip") == []
        tables = [
            node.id for node in result.created("aws:ec2/routeTable:RouteTable") if node.inputs["tags"]["SubnetType"] != "Public"
        ]
        found = result.aws.call("ec2", "DescribeRouteTables", {"RouteTableIds": tables}, region=REGION)["RouteTables"]
        assert len(found) == 4
        assert not [route for table in found for route in table["Routes"] if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
        assert len(result.created("aws:ec2/vpcEndpoint:VpcEndpoint")) == 15
