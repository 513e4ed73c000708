"""Network in the emulated account: what AWS's own tools read back."""

from collections.abc import Iterator
from typing import Any

import pytest

from components.network import Network, NetworkArgs
from components.settings.network import Network as Settings
from tests.rehearsal.support import REGION, Result, rehearsed

CERTIFICATE = f"arn:aws:acm:{REGION}:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"
THEIRS = "arn:aws:s3:::theirs"
ZONES = [f"{REGION}{letter}" for letter in "abc"]


def arguments(**changes: Any) -> NetworkArgs:
    settings = Settings.model_validate({"cidr": "10.20.0.0/16", "zones": ZONES, "privateZone": "aws.corp.example"})
    args: dict[str, Any] = {
        **settings.as_args(),
        "region": REGION,
        "tags": {"project": "hybridge"},
        "on_premises": {
            "cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
            "domains": [{"domain": "corp.example", "servers": ["10.0.0.10", "10.0.0.11"]}],
            "routers": [{"name": "seoul-1", "public_ip": "203.0.113.1", "asn": 65010}],
        },
    }
    return {**args, **changes}  # type: ignore[typeddict-item]


@pytest.fixture(scope="module")
def result() -> Iterator[Result]:
    """Everything that lies in the VPC, and a Client VPN that knows its users by certificate and directory."""
    client_vpn = {
        "enabled": True,
        "cidr": "10.254.0.0/22",
        "server_certificate_arn": CERTIFICATE,
        "client_certificate_arn": CERTIFICATE,
        "directory_id": "d-0123456789",
        "access_groups": ["S-1-5-21-1"],
    }
    args = arguments(client_vpn=client_vpn, readable_buckets=[THEIRS])
    config = {"hybridge:adopts": [CERTIFICATE, "d-0123456789", THEIRS]}
    with rehearsed(lambda: Network("network", args), config) as made:
        yield made


def call(result: Result, operation: str, service: str = "ec2", **params: Any) -> dict[str, Any]:
    return result.aws.call(service, operation, params, region=REGION)


def test_a_network_rehearses_without_a_problem_or_a_gap(result: Result) -> None:
    assert result.good, result.report
    assert {node.name: node.gaps for node in result.deployment.nodes.values() if node.gaps} == {}
    assert {node.fidelity for node in result.deployment.nodes.values()} == {"emulated", "extended", "component"}


def test_the_default_group_has_lost_the_rules_that_aws_gave_it(result: Result) -> None:
    group = result.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    (found,) = call(result, "DescribeSecurityGroups", GroupIds=[group.id])["SecurityGroups"]
    assert (found["GroupName"], found["IpPermissions"], found["IpPermissionsEgress"]) == ("default", [], [])


def test_flow_logs_are_delivered(result: Result) -> None:
    (log,) = call(result, "DescribeFlowLogs")["FlowLogs"]
    assert (log["DeliverLogsStatus"], log["ResourceId"]) == ("SUCCESS", result.one("aws:ec2/vpc:Vpc").id)


def test_on_premises_alone_resolves_s3_to_the_interface_endpoint(result: Result) -> None:
    endpoint = result.one("aws:ec2/vpcEndpoint:VpcEndpoint", "network-endpoints-s3")
    (found,) = call(result, "DescribeVpcEndpoints", VpcEndpointIds=[endpoint.id])["VpcEndpoints"]
    assert found["DnsOptions"]["PrivateDnsOnlyForInboundResolverEndpoint"] is True
    assert found["DnsEntries"][0]["DnsName"].startswith(f"*.{endpoint.id}-")


def test_the_name_that_a_gateway_is_activated_with_is_the_regional_one(result: Result) -> None:
    network = result.one("hybridge:index:Network").outputs
    identifier = network["storage_gateway_endpoint_id"]
    name = network["storage_gateway_endpoint_dns_name"]
    assert name.startswith(f"{identifier}-")
    assert name.endswith(f".storagegateway.{REGION}.vpce.amazonaws.com")


def test_resolvers_have_an_address_in_each_private_subnet_that_is_the_same_in_every_run(result: Result) -> None:
    addresses = result.one("hybridge:index:Network").outputs["resolver_inbound_addresses"]
    assert [address.split(".")[:2] for address in addresses] == [["10", "20"]] * 3
    endpoint = result.one("aws:route53/resolverEndpoint:ResolverEndpoint", "network-dns-inbound")
    found = call(result, "ListResolverEndpointIpAddresses", "route53resolver", ResolverEndpointId=endpoint.id)
    assert sorted(one["Ip"] for one in found["IpAddresses"]) == sorted(addresses)
    kept = call(result, "GetResolverEndpoint", "route53resolver", ResolverEndpointId=endpoint.id)["ResolverEndpoint"]
    assert kept["Protocols"] == ["Do53"]


def test_the_domain_of_on_premises_is_forwarded_from_the_vpc(result: Result) -> None:
    (rule,) = (
        one for one in call(result, "ListResolverRules", "route53resolver")["ResolverRules"] if one["RuleType"] == "FORWARD"
    )
    assert rule["DomainName"] == "corp.example."
    assert [target["Ip"] for target in rule["TargetIps"]] == ["10.0.0.10", "10.0.0.11"]
    (association,) = call(result, "ListResolverRuleAssociations", "route53resolver")["ResolverRuleAssociations"]
    assert association["VPCId"] == result.one("aws:ec2/vpc:Vpc").id


def test_the_private_zone_is_private_to_the_vpc(result: Result) -> None:
    zone = call(result, "GetHostedZone", "route53", Id=result.one("aws:route53/zone:Zone").id)
    assert zone["HostedZone"]["Config"]["PrivateZone"] is True
    assert zone["VPCs"] == [{"VPCRegion": REGION, "VPCId": result.one("aws:ec2/vpc:Vpc").id}]


def test_client_vpn_is_available_and_routes_to_both_sides_by_every_zone(result: Result) -> None:
    endpoint = result.one("aws:ec2clientvpn/endpoint:Endpoint").id
    (found,) = call(result, "DescribeClientVpnEndpoints", ClientVpnEndpointIds=[endpoint])["ClientVpnEndpoints"]
    assert found["Status"]["Code"] == "available"
    assert [option["Type"] for option in found["AuthenticationOptions"]] == [
        "certificate-authentication",
        "directory-service-authentication",
    ]
    routes = call(result, "DescribeClientVpnRoutes", ClientVpnEndpointId=endpoint)["Routes"]
    assert sorted({(route["DestinationCidr"], route["Origin"]) for route in routes}) == [
        ("10.0.0.0/16", "add-route"),
        ("10.20.0.0/16", "associate"),
        ("192.168.0.0/16", "add-route"),
    ]
    assert len({route["TargetSubnet"] for route in routes}) == 3
    rules = call(result, "DescribeClientVpnAuthorizationRules", ClientVpnEndpointId=endpoint)["AuthorizationRules"]
    assert {rule["GroupId"] for rule in rules} == {"S-1-5-21-1"}


def test_a_vpn_connection_is_led_to_another_router(result: Result) -> None:
    def call(operation: str, **params: object) -> dict[str, Any]:
        return result.aws.call("ec2", operation, params, region=REGION)

    (connection, *_) = call("DescribeVpnConnections")["VpnConnections"]
    router = call("CreateCustomerGateway", Type="ipsec.1", BgpAsn=65099, IpAddress="203.0.113.99")["CustomerGateway"]
    try:
        call(
            "ModifyVpnConnection",
            VpnConnectionId=connection["VpnConnectionId"],
            CustomerGatewayId=router["CustomerGatewayId"],
        )
        (found,) = call("DescribeVpnConnections", VpnConnectionIds=[connection["VpnConnectionId"]])["VpnConnections"]
        assert found["CustomerGatewayId"] == router["CustomerGatewayId"]
    finally:
        call(
            "ModifyVpnConnection",
            VpnConnectionId=connection["VpnConnectionId"],
            CustomerGatewayId=connection["CustomerGatewayId"],
        )
