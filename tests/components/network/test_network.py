"""Network as a whole, and what of it lies in the VPC."""

import json
from functools import cache
from typing import Any

import pulumi
import pytest

from components.network import Network, NetworkArgs
from tests.recorder import ACCOUNT, REGION, Graph, deploy, endpoint_service

TAGS = {"project": "hybridge"}
ZONES = [f"{REGION}{letter}" for letter in "abc"]
SERVICE = "aws:ec2/getVpcEndpointService:getVpcEndpointService"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
RESOLVER = "aws:route53/resolverEndpoint:ResolverEndpoint"
PRIVATE = [f"Subnet-network-vpc-private-{position}-id" for position in (1, 2, 3)]
TABLES = [f"RouteTable-network-vpc-{tier}-{position}-id" for tier in ("private", "isolated") for position in (1, 2, 3)]


def arguments(**changes: Any) -> NetworkArgs:
    args: NetworkArgs = {
        "region": REGION,
        "tags": TAGS,
        "cidr": "10.20.0.0/16",
        "zones": ZONES,
        "nat_gateways": "OnePerAz",
        "hub": "vpnGateway",
        "amazon_asn": 64512,
        "flow_log_retention_days": 90,
        "private_zone": "aws.corp.example",
        "endpoints": ["ecr.api", "ssm", "storagegateway"],
        "on_premises": {
            "cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
            "domains": [{"domain": "corp.example", "servers": ["10.0.0.10", "10.0.0.11"]}],
            "routers": [{"name": "seoul-1", "public_ip": "203.0.113.1", "asn": 65010}],
        },
        "direct_connect": {
            "gateway_asn": 64513,
            "connections": [{"name": "kinx", "state": "ordered", "location": "KINX1", "bandwidth": "1Gbps"}],
        },
    }
    return {**args, **changes}  # type: ignore[typeddict-item]


def deployed(**changes: Any) -> Graph:
    return deploy(lambda: Network("network", arguments(**changes)))


@cache
def network() -> Graph:
    return deployed()


def outputs(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = graph.outputs[graph.one("hybridge:index:Network").urn]
    return found


def rules(graph: Graph, type_: str, group: str) -> set[tuple[str, str, int | None, int | None]]:
    """Protocol ports and CIDR of the rules of a group."""
    return {
        (r.inputs["cidrIpv4"], r.inputs["ipProtocol"], r.inputs.get("fromPort"), r.inputs.get("toPort"))
        for r in graph.created(type_, securityGroupId=f"{group}-id")
    }


def test_the_vpc_is_cut_into_three_tiers_per_zone_by_explicit_blocks() -> None:
    vpc = network().one("awsx:ec2:Vpc")
    assert vpc.inputs == {
        "region": REGION,
        "cidrBlock": "10.20.0.0/16",
        "availabilityZoneNames": ZONES,
        "subnetStrategy": "Auto",
        "subnetSpecs": [
            {"type": "Public", "cidrBlocks": ["10.20.48.0/24", "10.20.112.0/24", "10.20.176.0/24"]},
            {"type": "Private", "cidrBlocks": ["10.20.0.0/19", "10.20.64.0/19", "10.20.128.0/19"]},
            {"type": "Isolated", "cidrBlocks": ["10.20.32.0/20", "10.20.96.0/20", "10.20.160.0/20"]},
        ],
        "natGateways": {"strategy": "OnePerAz"},
        "enableDnsSupport": True,
        "enableDnsHostnames": True,
        "tags": TAGS,
    }


def test_subnets_and_tables_come_out_in_zone_order() -> None:
    found = outputs(network())
    for tier in ("public", "private", "isolated"):
        assert found[f"{tier}_subnet_ids"] == [f"Subnet-network-vpc-{tier}-{position}-id" for position in (1, 2, 3)]
    assert found["private_route_table_ids"] + found["isolated_route_table_ids"] == TABLES
    assert found["vpc_cidr_block"] == "10.20.0.0/16"


@pytest.mark.parametrize(("nat_gateways", "count"), [("OnePerAz", 3), ("Single", 1), ("None", 0)])
def test_nat_gateways_are_as_many_as_asked_for(nat_gateways: str, count: int) -> None:
    found = outputs(deployed(nat_gateways=nat_gateways))
    assert found["nat_gateway_ids"] == [f"NatGateway-network-vpc-{position}-id" for position in range(1, count + 1)]


def test_the_default_security_group_lets_nothing_pass() -> None:
    group = network().one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert group.inputs == {
        "region": REGION,
        "vpcId": "Vpc-network-vpc-id",
        "ingress": [],
        "egress": [],
        "tags": {**TAGS, "Name": "network-vpc-default"},
    }


def test_all_flows_are_logged_encrypted_and_kept_as_long_as_asked_for() -> None:
    graph = network()
    group = graph.one("aws:cloudwatch/logGroup:LogGroup", "network-vpc-flow-logs")
    key = graph.one("aws:kms/key:Key")
    assert group.inputs["retentionInDays"] == 90
    assert key.urn in group.dependencies
    assert graph.one("aws:ec2/flowLog:FlowLog").inputs == {
        "region": REGION,
        "vpcId": "Vpc-network-vpc-id",
        "trafficType": "ALL",
        "logDestinationType": "cloud-watch-logs",
        "logDestination": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:LogGroup/network-vpc-flow-logs",
        "iamRoleArn": f"arn:aws:iam:{REGION}:{ACCOUNT}:Role/network-vpc-flow-logs",
        "maxAggregationInterval": 60,
        "tags": {**TAGS, "Name": "network-vpc-flow-logs"},
    }


def test_flow_logs_start_once_their_role_may_write() -> None:
    graph = network()
    assert graph.one("aws:iam/rolePolicy:RolePolicy").urn in graph.one("aws:ec2/flowLog:FlowLog").dependencies


def test_the_log_key_rotates_and_has_an_alias() -> None:
    graph = network()
    key = graph.one("aws:kms/key:Key")
    assert key.inputs["enableKeyRotation"] is True
    assert f"log-group:{'network-'}*" in key.inputs["policy"]
    assert key.urn in graph.one("aws:kms/alias:Alias").dependencies


def test_s3_has_a_gateway_endpoint_in_every_private_and_isolated_table() -> None:
    gateway = network().one(ENDPOINT, "network-endpoints-s3-gateway")
    assert gateway.inputs["vpcEndpointType"] == "Gateway"
    assert gateway.inputs["routeTableIds"] == TABLES
    assert gateway.inputs["serviceName"] == f"com.amazonaws.{REGION}.s3"


def test_s3_has_an_interface_endpoint_for_on_premises_made_after_the_gateway() -> None:
    graph = network()
    interface = graph.one(ENDPOINT, "network-endpoints-s3")
    assert interface.inputs["privateDnsEnabled"] is True
    assert interface.inputs["dnsOptions"] == {"privateDnsOnlyForInboundResolverEndpoint": True}
    assert interface.inputs["subnetIds"] == PRIVATE
    assert graph.one(ENDPOINT, "network-endpoints-s3-gateway").urn in interface.dependencies


def test_both_s3_endpoints_have_the_same_policy_of_this_account() -> None:
    graph = deployed(readable_buckets=["arn:aws:s3:::theirs"])
    gateway, interface = (graph.one(ENDPOINT, f"network-endpoints-{kind}") for kind in ("s3-gateway", "s3"))
    assert gateway.inputs["policy"] == interface.inputs["policy"]
    document = json.loads(gateway.inputs["policy"])
    assert document["Statement"][0]["Condition"]["StringEquals"]["aws:ResourceAccount"] == [ACCOUNT]
    assert document["Statement"][2]["Resource"] == ["arn:aws:s3:::theirs", "arn:aws:s3:::theirs/*"]


def test_each_service_has_an_interface_endpoint_with_private_names_in_every_zone() -> None:
    graph = network()
    made = {r.inputs["serviceName"].removeprefix(f"com.amazonaws.{REGION}."): r for r in graph.created(ENDPOINT)}
    assert made.keys() == {"s3", "ecr.api", "ssm", "storagegateway"}
    for service in ("ecr.api", "ssm", "storagegateway"):
        inputs = made[service].inputs
        assert (inputs["vpcEndpointType"], inputs["privateDnsEnabled"], inputs["subnetIds"]) == ("Interface", True, PRIVATE)
        assert "dnsOptions" not in inputs


def test_every_endpoint_serves_principals_of_this_account_and_of_those_that_it_trusts() -> None:
    other = "210987654321"
    graph = deployed(trusted_accounts=[other])
    for endpoint in graph.created(ENDPOINT):
        conditions = json.loads(endpoint.inputs["policy"])["Statement"][0]["Condition"]
        assert other in next(iter(conditions.values()))["aws:PrincipalAccount"], endpoint.name


def offered(**changes: Any) -> Any:
    """What AWS says of its services, with a difference for one of them."""

    def answer(args: dict[str, Any]) -> dict[str, Any]:
        found = endpoint_service(args)
        return found | changes if args["serviceName"].endswith(".ecr.api") else found

    return {SERVICE: answer}


def test_an_endpoint_is_only_in_zones_where_its_service_is() -> None:
    functions = offered(availabilityZones=[f"{REGION}c", f"{REGION}a"])
    graph = deploy(lambda: Network("network", arguments()), functions=functions)
    assert graph.one(ENDPOINT, "network-endpoints-ecr-api").inputs["subnetIds"] == [PRIVATE[0], PRIVATE[2]]
    assert graph.one(ENDPOINT, "network-endpoints-ssm").inputs["subnetIds"] == PRIVATE


def test_a_service_that_is_in_none_of_the_zones_is_refused_with_those_where_it_is() -> None:
    functions = offered(availabilityZones=[f"{REGION}d"])
    with pytest.raises(pulumi.RunError, match=f"ecr.api is asked for .* allowed: zones where AWS has the service, {REGION}d"):
        deploy(lambda: Network("network", arguments()), functions=functions)


def test_an_endpoint_that_takes_no_policy_is_given_none() -> None:
    functions = offered(vpcEndpointPolicySupported=False)
    graph = deploy(lambda: Network("network", arguments()), functions=functions)
    assert "policy" not in graph.one(ENDPOINT, "network-endpoints-ecr-api").inputs


def test_the_domains_to_forward_come_out_as_aws_names_them() -> None:
    functions = offered(privateDnsNames=[f"*.api.ecr.{REGION}.amazonaws.com", f"api.ecr.{REGION}.api.aws"])
    graph = deploy(lambda: Network("network", arguments()), functions=functions)
    assert outputs(graph)["forwarded_domains"] == [
        "aws.corp.example",
        f"api.ecr.{REGION}.amazonaws.com",
        f"api.ecr.{REGION}.api.aws",
        f"s3.{REGION}.amazonaws.com",
        f"ssm.{REGION}.amazonaws.com",
        f"storagegateway.{REGION}.amazonaws.com",
        "20.10.in-addr.arpa",
    ]


def test_endpoints_admit_https_from_the_vpc_and_on_premises_and_never_call_out() -> None:
    graph = network()
    assert rules(graph, INGRESS, "network-endpoints") == {
        (cidr, "tcp", 443, 443) for cidr in ("10.20.0.0/16", "10.0.0.0/16", "192.168.0.0/16")
    }
    assert rules(graph, EGRESS, "network-endpoints") == set()
    assert graph.one(ENDPOINT, "network-endpoints-ssm").inputs["securityGroupIds"] == ["network-endpoints-id"]
    assert outputs(graph)["endpoint_security_group_id"] == "network-endpoints-id"


def test_storage_gateway_has_a_group_of_its_own_with_its_further_ports_for_on_premises() -> None:
    graph = network()
    group = "network-endpoints-storagegateway"
    assert graph.one(ENDPOINT, group).inputs["securityGroupIds"] == [f"{group}-id"]
    assert rules(graph, INGRESS, group) == {("10.20.0.0/16", "tcp", 443, 443)} | {
        (cidr, "tcp", first, last)
        for cidr in ("10.0.0.0/16", "192.168.0.0/16")
        for first, last in ((443, 443), (1026, 1028), (1031, 1031), (2222, 2222))
    }
    assert outputs(graph)["storage_gateway_endpoint_id"] == f"{group}-id"
    assert outputs(graph)["storage_gateway_endpoint_dns_name"] == f"{group}.vpce.amazonaws.com"


def test_without_storage_gateway_its_outputs_are_empty() -> None:
    found = outputs(deployed(endpoints=["ssm"]))
    assert found.get("storage_gateway_endpoint_id") is None
    assert found.get("storage_gateway_endpoint_dns_name") is None


def test_the_most_that_settings_allow_fits_into_a_security_group() -> None:
    cidrs = [f"10.{second}.0.0/16" for second in range(100, 114)]
    graph = deployed(on_premises={"cidrs": cidrs})
    groups = [r.inputs["securityGroupId"] for r in graph.created(INGRESS)]
    assert max(groups.count(group) for group in groups) <= 60


def test_security_groups_describe_themselves_in_the_letters_that_aws_takes() -> None:
    graph = deployed(client_vpn=CLIENT_VPN)
    described = [r.inputs["description"] for type_ in (GROUP, INGRESS, EGRESS) for r in graph.created(type_)]
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789. _-:/()#,@[]+=&;{}!$*")
    assert [text for text in described if set(text) - allowed or len(text) > 255] == []


CLIENT_VPN = {
    "enabled": True,
    "cidr": "10.254.0.0/22",
    "server_certificate_arn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000001",
    "client_certificate_arn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000002",
}


def test_on_premises_asks_an_address_in_every_zone_by_dns_alone() -> None:
    graph = network()
    inbound = graph.one(RESOLVER, "network-dns-inbound")
    assert inbound.inputs == {
        "region": REGION,
        "direction": "INBOUND",
        "resolverEndpointType": "IPV4",
        "protocols": ["Do53"],
        "securityGroupIds": ["network-dns-inbound-id"],
        "ipAddresses": [
            {"subnetId": subnet, "ip": f"10.20.{third}.16"} for subnet, third in zip(PRIVATE, (0, 64, 128), strict=True)
        ],
        "tags": {**TAGS, "Name": "network-dns-inbound"},
    }
    assert rules(graph, INGRESS, "network-dns-inbound") == {
        (cidr, protocol, 53, 53) for cidr in ("10.0.0.0/16", "192.168.0.0/16") for protocol in ("udp", "tcp")
    }
    assert rules(graph, EGRESS, "network-dns-inbound") == set()


def test_the_inbound_resolver_keeps_its_addresses_whatever_becomes_of_it() -> None:
    graph = network()
    inbound = graph.one(RESOLVER, "network-dns-inbound")
    assert inbound.protect
    # Another one would ask for the addresses that this one still has.
    assert inbound.delete_before_replace
    reservations = graph.created("aws:ec2/subnetCidrReservation:SubnetCidrReservation")
    assert [(r.inputs["subnetId"], r.inputs["cidrBlock"], r.inputs["reservationType"]) for r in reservations] == [
        (subnet, f"10.20.{third}.16/28", "explicit") for subnet, third in zip(PRIVATE, (0, 64, 128), strict=True)
    ]
    assert {r.urn for r in reservations} <= set(inbound.dependencies)
    own = ["10.20.0.53", "10.20.64.53", "10.20.128.53"]
    graph = deployed(resolver_addresses=own, protected=False)
    inbound = graph.one(RESOLVER, "network-dns-inbound")
    assert ([one["ip"] for one in inbound.inputs["ipAddresses"]], inbound.protect) == (own, False)
    assert graph.names("aws:ec2/subnetCidrReservation:SubnetCidrReservation") == [f"network-dns-2{zone}" for zone in "abc"]


def test_the_addresses_to_forward_to_come_out() -> None:
    addresses = {"ipAddresses": [{"ip": f"10.20.{third}.4"} for third in (0, 64, 128)]}
    graph = deploy(
        lambda: Network("network", arguments()),
        outputs=lambda type_, name, _: addresses if (type_, name) == (RESOLVER, "network-dns-inbound") else {},
    )
    assert outputs(graph)["resolver_inbound_addresses"] == ["10.20.0.4", "10.20.64.4", "10.20.128.4"]


def test_names_of_on_premises_are_asked_at_its_servers_and_nothing_else_is() -> None:
    graph = network()
    assert rules(graph, EGRESS, "network-dns-outbound") == {
        (f"10.0.0.{host}/32", protocol, 53, 53) for host in (10, 11) for protocol in ("udp", "tcp")
    }
    assert rules(graph, INGRESS, "network-dns-outbound") == set()
    assert graph.one("aws:route53/resolverRule:ResolverRule").inputs == {
        "region": REGION,
        "ruleType": "FORWARD",
        "domainName": "corp.example",
        "resolverEndpointId": "network-dns-outbound-id",
        "targetIps": [{"ip": f"10.0.0.{host}", "port": 53, "protocol": "Do53"} for host in (10, 11)],
        "tags": {**TAGS, "Name": "network-dns-corp_example"},
    }
    assert graph.one("aws:route53/resolverRuleAssociation:ResolverRuleAssociation").inputs == {
        "region": REGION,
        "resolverRuleId": "network-dns-corp_example-id",
        "vpcId": "Vpc-network-vpc-id",
    }


def test_each_domain_has_a_rule_of_its_own_and_all_servers_are_let_out_to() -> None:
    long = f"{'a' * 60}.corp.example"
    domains = [
        {"domain": "corp.example", "servers": ["10.0.0.10"]},
        {"domain": "10.10.in-addr.arpa", "servers": ["10.0.0.10"]},
        {"domain": long, "servers": ["10.0.0.20"]},
    ]
    graph = deployed(on_premises={"cidrs": ["10.0.0.0/16"], "domains": domains})
    rules_made = graph.created("aws:route53/resolverRule:ResolverRule")
    assert {r.inputs["domainName"]: [one["ip"] for one in r.inputs["targetIps"]] for r in rules_made} == {
        "corp.example": ["10.0.0.10"],
        "10.10.in-addr.arpa": ["10.0.0.10"],
        long: ["10.0.0.20"],
    }
    assert {cidr for cidr, *_ in rules(graph, EGRESS, "network-dns-outbound")} == {"10.0.0.10/32", "10.0.0.20/32"}
    # Pulumi adds a hyphen and seven letters to a name of a rule, which has 64.
    assert all(len(r.name) <= 56 and "." not in r.name for r in rules_made)


def test_the_names_that_the_vpc_asks_for_are_logged_if_the_stack_file_says_for_how_long() -> None:
    config = "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig"
    assert network().created(config) == []
    graph = deployed(dns_log_retention_days=30)
    group = graph.one("aws:cloudwatch/logGroup:LogGroup", "network-dns-queries")
    assert group.inputs["retentionInDays"] == 30
    # The prefix that log delivery needs no statement for, and that the key serves.
    assert group.inputs["namePrefix"] == "/aws/vendedlogs/network-dns-queries-"
    assert group.urn in graph.one(config).dependencies
    association = graph.one("aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation")
    assert association.inputs["resourceId"] == "Vpc-network-vpc-id"


def test_without_a_domain_on_premises_there_is_no_outbound_endpoint() -> None:
    graph = deployed(on_premises={"cidrs": ["10.0.0.0/16"]})
    assert graph.names(RESOLVER) == ["network-dns-inbound"]
    assert graph.created("aws:route53/resolverRule:ResolverRule") == []


def test_the_private_zone_belongs_to_the_vpc() -> None:
    graph = network()
    zone = graph.one("aws:route53/zone:Zone")
    assert zone.inputs["name"] == "aws.corp.example"
    assert zone.inputs["vpcs"] == [{"vpcId": "Vpc-network-vpc-id", "vpcRegion": REGION}]
    assert outputs(graph)["private_zone_id"] == zone.id
    assert outputs(graph)["private_zone_name"] == "aws.corp.example"


def test_the_hub_is_routed_to_from_private_and_isolated_tables_by_stable_names() -> None:
    graph = network()
    propagation = graph.created("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation")
    assert {r.name: r.inputs["routeTableId"] for r in propagation} == dict(
        zip((f"network-hub-{tier}-2{zone}" for tier in ("private", "isolated") for zone in "abc"), TABLES, strict=True)
    )
    assert outputs(graph)["vpn_gateway_id"] == "network-hub-vpn-gateway-id"
    assert outputs(graph).get("transit_gateway_id") is None


def test_a_transit_gateway_is_attached_in_every_zone_and_routes_to_every_block_of_on_premises() -> None:
    graph = deployed(hub="transitGateway")
    attachment = graph.one("aws:ec2transitgateway/vpcAttachment:VpcAttachment")
    assert attachment.inputs["subnetIds"] == PRIVATE
    routes = {r.inputs["destinationCidrBlock"] for r in graph.created("aws:ec2/route:Route") if "transitGatewayId" in r.inputs}
    assert routes == {"10.0.0.0/16", "192.168.0.0/16"}
    assert outputs(graph).get("vpn_gateway_id") is None
    assert outputs(graph)["transit_gateway_id"] == "network-hub-transit-gateway-id"


def test_circuits_and_the_vpn_end_at_the_hub_and_come_out_by_name() -> None:
    graph = network()
    found = outputs(graph)
    assert found["direct_connect_gateway_id"] == "network-direct-connect-gateway-id"
    assert found["connection_ids"].keys() == {"kinx"}
    assert found["virtual_interface_ids"] == {}
    assert found["vpn_connection_ids"] == {"seoul-1": "network-vpn-seoul-1-id"}
    assert graph.one("aws:ec2/vpnConnection:VpnConnection").inputs["vpnGatewayId"] == "network-hub-vpn-gateway-id"


def test_the_vpc_is_advertised_over_the_circuits_unless_told_otherwise() -> None:
    association = "aws:directconnect/gatewayAssociation:GatewayAssociation"
    assert network().one(association).inputs["allowedPrefixes"] == ["10.20.0.0/16"]
    circuits = {**arguments()["direct_connect"], "allowed_prefixes": ["10.16.0.0/12"]}
    assert deployed(direct_connect=circuits).one(association).inputs["allowedPrefixes"] == ["10.16.0.0/12"]


@pytest.mark.parametrize("section", [{}, {"direct_connect": {"gateway_asn": 64513, "connections": []}}])
def test_without_circuits_and_routers_there_is_a_hub_alone(section: dict[str, Any]) -> None:
    args = {**arguments(on_premises={"cidrs": ["10.0.0.0/16"]}), **section}
    if not section:
        del args["direct_connect"]
    graph = deploy(lambda: Network("network", args))  # type: ignore[arg-type]
    found = outputs(graph)
    assert not [r for r in graph.resources if "directconnect" in r.type or "vpnConnection" in r.type]
    assert graph.one("aws:ec2/vpnGateway:VpnGateway")
    assert found.get("direct_connect_gateway_id") is None
    assert found["connection_ids"] == found["virtual_interface_ids"] == found["vpn_connection_ids"] == {}
    assert found["vpn_tunnel_addresses"] == found["preshared_key_arns"] == {}


@pytest.mark.parametrize("section", [{}, {"client_vpn": {"enabled": False}}])
def test_there_is_no_client_vpn_unless_enabled(section: dict[str, Any]) -> None:
    graph = deployed(**section)
    assert not [r for r in graph.resources if "clientvpn" in r.type.lower()]
    assert outputs(graph).get("client_vpn_endpoint_id") is None


def test_an_enabled_client_vpn_comes_out() -> None:
    found = outputs(deployed(client_vpn=CLIENT_VPN))
    assert found["client_vpn_endpoint_id"] == "network-client-vpn-id"
    assert found["client_vpn_security_group_id"] == "network-client-vpn-id"


def test_a_client_vpn_without_a_block_is_refused() -> None:
    with pytest.raises(ValueError, match="without cidr or server_certificate_arn"):
        deployed(client_vpn={"enabled": True})


def test_a_third_zone_changes_nothing_of_the_first_two() -> None:
    before, after = deployed(zones=ZONES[:2]), network()
    kept = {
        (r.type, r.name): r.inputs.get("cidrBlock")
        for r in before.resources
        if r.type in ("aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable", "aws:ec2/natGateway:NatGateway")
    }
    assert kept.items() <= {(r.type, r.name): r.inputs.get("cidrBlock") for r in after.resources}.items()


def test_every_output_is_registered_by_its_name() -> None:
    registered = outputs(deployed(client_vpn=CLIENT_VPN)).keys() | outputs(deployed(hub="transitGateway")).keys()
    assert registered == Network.__annotations__.keys()
