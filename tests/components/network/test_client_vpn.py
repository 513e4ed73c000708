from typing import Any

import pytest

from components.network.client_vpn import ClientVpn, ClientVpnArgs
from tests.recorder import REGION, Graph, deploy

TAGS = {"project": "hybridge"}
SERVER = f"arn:aws:acm:{REGION}:123456789012:certificate/00000000-0000-0000-0000-000000000001"
CLIENTS = f"arn:aws:acm:{REGION}:123456789012:certificate/00000000-0000-0000-0000-000000000002"
RULE = "aws:ec2clientvpn/authorizationRule:AuthorizationRule"


def client_vpn(**changes: Any) -> Graph:
    args: ClientVpnArgs = {
        "region": REGION,
        "tags": TAGS,
        "cidr": "10.254.0.0/22",
        "server_certificate_arn": SERVER,
        "authentication": {"client_certificate_arn": CLIENTS},
        "access_groups": [],
        "session_hours": 12,
        "vpc_id": "vpc-1",
        "vpc_cidr": "10.20.0.0/16",
        "on_premises_cidrs": ["10.0.0.0/16", "192.168.0.0/16"],
        "subnet_ids": {"2a": "subnet-a", "2b": "subnet-b"},
        "log_retention_days": 90,
        "log_key_arn": "arn:aws:kms:ap-northeast-2:123456789012:key/1",
    }
    return deploy(lambda: ClientVpn("vpn", {**args, **changes}))  # type: ignore[typeddict-item]


def test_the_endpoint_tunnels_only_what_is_ours_and_logs_who_connects() -> None:
    endpoint = client_vpn().one("aws:ec2clientvpn/endpoint:Endpoint")
    assert endpoint.inputs == {
        "region": REGION,
        "description": "Developers and administrators",
        "clientCidrBlock": "10.254.0.0/22",
        "vpcId": "vpc-1",
        "securityGroupIds": ["vpn-id"],
        "serverCertificateArn": SERVER,
        "authenticationOptions": [{"type": "certificate-authentication", "rootCertificateChainArn": CLIENTS}],
        "dnsServers": ["10.20.0.2"],
        "splitTunnel": True,
        "transportProtocol": "udp",
        "vpnPort": 443,
        "selfServicePortal": "disabled",
        "sessionTimeoutHours": 12,
        "disconnectOnSessionTimeout": True,
        "connectionLogOptions": {
            "enabled": True,
            "cloudwatchLogGroup": "vpn-connections",
            "cloudwatchLogStream": "vpn-connections",
        },
        "tags": {**TAGS, "Name": "vpn"},
    }


def test_the_log_is_encrypted_and_kept_as_long_as_asked_for() -> None:
    group = client_vpn().one("aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["retentionInDays"] == 90
    assert group.inputs["kmsKeyId"] == "arn:aws:kms:ap-northeast-2:123456789012:key/1"


@pytest.mark.parametrize(
    ("authentication", "options"),
    [
        ({"directory_id": "d-1"}, [{"type": "directory-service-authentication", "activeDirectoryId": "d-1"}]),
        ({"saml_provider_arn": "arn:saml"}, [{"type": "federated-authentication", "samlProviderArn": "arn:saml"}]),
        (
            {"client_certificate_arn": CLIENTS, "directory_id": "d-1"},
            [
                {"type": "certificate-authentication", "rootCertificateChainArn": CLIENTS},
                {"type": "directory-service-authentication", "activeDirectoryId": "d-1"},
            ],
        ),
    ],
)
def test_clients_prove_who_they_are_in_every_way_that_is_given(
    authentication: dict[str, str], options: list[dict[str, str]]
) -> None:
    endpoint = client_vpn(authentication=authentication).one("aws:ec2clientvpn/endpoint:Endpoint")
    assert endpoint.inputs["authenticationOptions"] == options


def test_an_endpoint_that_lets_anybody_in_is_refused() -> None:
    with pytest.raises(ValueError, match="Client VPN without authentication; allowed: client_certificate_arn"):
        client_vpn(authentication={})


def test_each_zone_is_associated_and_routes_to_on_premises_once_it_is() -> None:
    graph = client_vpn()
    associations = {r.name: r for r in graph.created("aws:ec2clientvpn/networkAssociation:NetworkAssociation")}
    assert {name: r.inputs["subnetId"] for name, r in associations.items()} == {"vpn-2a": "subnet-a", "vpn-2b": "subnet-b"}
    routes = graph.created("aws:ec2clientvpn/route:Route")
    assert {r.name: (r.inputs["destinationCidrBlock"], r.inputs["targetVpcSubnetId"]) for r in routes} == {
        f"vpn-2{zone}-{cidr.replace('/', '-')}": (cidr, f"subnet-{zone}")
        for zone in "ab"
        for cidr in ("10.0.0.0/16", "192.168.0.0/16")
    }
    for route in routes:
        assert associations[route.name[: len("vpn-2a")]].urn in route.dependencies


def test_changes_of_the_endpoint_have_time_to_wait_for_each_other() -> None:
    kinds = ("networkAssociation:NetworkAssociation", "route:Route", "authorizationRule:AuthorizationRule")
    waiting = [resource for kind in kinds for resource in client_vpn().created(f"aws:ec2clientvpn/{kind}")]
    assert len(waiting) == 2 + 4 + 3
    assert [
        r.name for r in waiting if r.custom_timeouts.get("create") != "30m" or r.custom_timeouts.get("delete") != "30m"
    ] == []


def test_whoever_connects_reaches_the_vpc_and_on_premises_alone() -> None:
    graph = client_vpn()
    networks = {"10.20.0.0/16", "10.0.0.0/16", "192.168.0.0/16"}
    assert {r.inputs["targetNetworkCidr"] for r in graph.created(RULE, authorizeAllGroups=True)} == networks
    assert len(graph.created(RULE)) == 3
    egress = graph.created("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert {(r.inputs["cidrIpv4"], r.inputs["ipProtocol"]) for r in egress} == {(cidr, "-1") for cidr in networks}
    assert graph.created("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") == []


def test_groups_narrow_down_who_reaches_the_networks() -> None:
    graph = client_vpn(authentication={"directory_id": "d-1"}, access_groups=["S-1-5-21", "S-1-5-22"])
    assert {(r.inputs["accessGroupId"], r.inputs["targetNetworkCidr"]) for r in graph.created(RULE)} == {
        (group, cidr) for group in ("S-1-5-21", "S-1-5-22") for cidr in ("10.20.0.0/16", "10.0.0.0/16", "192.168.0.0/16")
    }
    assert graph.created(RULE, authorizeAllGroups=True) == []
