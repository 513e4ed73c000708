"""What moto would let through of endpoints, flow logs, resolvers and Client VPN, and AWS does not."""

from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.emulator import Emulator, Refused
from tests.rehearsal.support import REGION

CERTIFICATE = f"arn:aws:acm:{REGION}:123456789012:certificate/12345678-90ab-cdef-1234-567890abcdef"
ZONES = [f"{REGION}{letter}" for letter in "abc"]


class Account:
    """A VPC with one subnet and one group, made by hand."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        self.vpc = self("CreateVpc", CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
        self("ModifyVpcAttribute", VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.subnets = [
            self("CreateSubnet", VpcId=self.vpc, CidrBlock=f"10.20.{n}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for n, zone in enumerate((*ZONES[:2], ZONES[0]))
        ]
        self.group = self("CreateSecurityGroup", VpcId=self.vpc, GroupName="g", Description="g")["GroupId"]
        self.other = self("CreateVpc", CidrBlock="10.21.0.0/16")["Vpc"]["VpcId"]
        self.foreign = self("CreateSecurityGroup", VpcId=self.other, GroupName="g", Description="g")["GroupId"]

    def __call__(self, operation: str, service: str = "ec2", **params: Any) -> dict[str, Any]:
        return self.aws.call(service, operation, params, region=REGION)

    def endpoint(self, **changes: Any) -> dict[str, Any]:
        params = {
            "VpcId": self.vpc,
            "ServiceName": f"com.amazonaws.{REGION}.s3",
            "VpcEndpointType": "Interface",
            "SubnetIds": self.subnets[:2],
            "SecurityGroupIds": [self.group],
            "PrivateDnsEnabled": True,
        }
        return self("CreateVpcEndpoint", **{**params, **changes})

    def client_vpn(self, **changes: Any) -> str:
        params = {
            "ClientCidrBlock": "10.254.0.0/22",
            "VpcId": self.vpc,
            "SecurityGroupIds": [self.group],
            "ServerCertificateArn": self.certificate,
            "AuthenticationOptions": [
                {
                    "Type": "certificate-authentication",
                    "MutualAuthentication": {"ClientRootCertificateChainArn": self.certificate},
                }
            ],
            "ConnectionLogOptions": {"Enabled": False},
        }
        return str(self("CreateClientVpnEndpoint", **{**params, **changes})["ClientVpnEndpointId"])

    @property
    def certificate(self) -> str:
        return str(self("RequestCertificate", "acm", DomainName="vpn.corp.example")["CertificateArn"])


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as aws:
        yield aws


@pytest.fixture
def account(emulator: Emulator) -> Account:
    return Account(emulator)


def test_names_for_the_inbound_resolver_alone_need_a_gateway_endpoint_first(account: Account) -> None:
    options = {"PrivateDnsOnlyForInboundResolverEndpoint": True}
    with pytest.raises(Refused, match="must have a Gateway endpoint for the service"):
        account.endpoint(DnsOptions=options)
    account("CreateVpcEndpoint", VpcId=account.vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway")
    account.endpoint(DnsOptions=options)
    with pytest.raises(Refused, match="conflicts with a DNS domain"):
        account.endpoint(DnsOptions=options)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ServiceName": "com.amazonaws.us-east-1.ssm"}, "InvalidServiceName"),
        ({"PolicyDocument": "{"}, "InvalidPolicyDocument"),
        ({"PolicyDocument": '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'}, "Principal"),
        ({"PolicyDocument": '{"Statement": [], "Id": "%s"}' % ("x" * 20_480)}, "InvalidPolicyDocument"),
        (
            {"PrivateDnsEnabled": False, "DnsOptions": {"PrivateDnsOnlyForInboundResolverEndpoint": True}},
            "needs PrivateDnsEnabled",
        ),
    ],
)
def test_endpoints_are_refused_as_aws_refuses_them(account: Account, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        account.endpoint(**changes)


def test_endpoints_stay_within_their_vpc_and_take_one_subnet_per_zone(account: Account) -> None:
    with pytest.raises(Refused, match="DuplicateSubnetsInSameZone"):
        account.endpoint(SubnetIds=[account.subnets[0], account.subnets[2]])
    with pytest.raises(Refused, match="InvalidSecurityGroupId"):
        account.endpoint(SecurityGroupIds=[account.foreign])
    with pytest.raises(Refused, match="InvalidSubnetId"):
        account.endpoint(VpcId=account.other)


def test_private_names_need_dns_hostnames(account: Account) -> None:
    account("ModifyVpcAttribute", VpcId=account.vpc, EnableDnsHostnames={"Value": False})
    with pytest.raises(Refused, match="requires both enableDnsSupport and enableDnsHostnames"):
        account.endpoint()


def test_a_table_has_one_gateway_endpoint_for_a_service(account: Account) -> None:
    table = account("CreateRouteTable", VpcId=account.vpc)["RouteTable"]["RouteTableId"]
    request: dict[str, Any] = {"VpcId": account.vpc, "ServiceName": f"com.amazonaws.{REGION}.s3", "RouteTableIds": [table]}
    account("CreateVpcEndpoint", **request)
    with pytest.raises(Refused, match="RouteAlreadyExists"):
        account("CreateVpcEndpoint", **request)
    with pytest.raises(Refused, match="InvalidRouteTableId"):
        account("CreateVpcEndpoint", **{**request, "VpcId": account.other})


def test_flow_logs_need_a_role_and_fail_without_a_group(account: Account) -> None:
    request: dict[str, Any] = {
        "ResourceIds": [account.vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogDestination": f"arn:aws:logs:{REGION}:123456789012:log-group:flows",
        "DeliverLogsPermissionArn": "arn:aws:iam::123456789012:role/flows",
    }
    with pytest.raises(Refused, match="role arn:aws:iam::123456789012:role/flows does not exist"):
        account("CreateFlowLogs", **request)
    account("CreateRole", "iam", RoleName="flows", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    made = account("CreateFlowLogs", **request)["FlowLogIds"]
    assert account("DescribeFlowLogs", FlowLogIds=made)["FlowLogs"][0]["DeliverLogsStatus"] == "FAILED"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ClientCidrBlock": "10.254.0.0/24"}, "must have a size between"),
        ({"ClientCidrBlock": "10.20.4.0/22"}, "overlaps with the CIDR"),
        ({"ServerCertificateArn": CERTIFICATE}, "does not exist in"),
        ({"AuthenticationOptions": []}, "at least one authentication option"),
        (
            {
                "AuthenticationOptions": [
                    {"Type": "federated-authentication", "FederatedAuthentication": {"SAMLProviderArn": "x"}}
                ]
            },
            "SAML provider x does not exist",
        ),
        (
            {
                "AuthenticationOptions": [
                    {"Type": "directory-service-authentication", "ActiveDirectory": {"DirectoryId": "d-1"}}
                ]
            },
            "Directory d-1 does not exist",
        ),
        ({"AuthenticationOptions": [{"Type": "certificate-authentication"}]}, "needs MutualAuthentication"),
        ({"ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": "none"}}, "Log group none does not exist"),
        ({"SessionTimeoutHours": 11}, "SessionTimeoutHours is 11; allowed"),
        ({"VpnPort": 80}, "VpnPort is 80; allowed"),
        ({"DnsServers": ["10.20.0.2", "10.0.0.10", "10.0.0.11"]}, "At most 2 DNS servers"),
    ],
)
def test_client_vpn_is_refused_as_aws_refuses_it(account: Account, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        account.client_vpn(**changes)


def test_client_vpn_routes_only_through_associated_subnets(account: Account) -> None:
    endpoint = account.client_vpn()
    request = {"ClientVpnEndpointId": endpoint, "DestinationCidrBlock": "10.0.0.0/16", "TargetVpcSubnetId": account.subnets[0]}
    with pytest.raises(Refused, match="is not associated with"):
        account("CreateClientVpnRoute", **request)
    account("AssociateClientVpnTargetNetwork", ClientVpnEndpointId=endpoint, SubnetId=account.subnets[0])
    account("CreateClientVpnRoute", **request)
    with pytest.raises(Refused, match="InvalidClientVpnDuplicateRoute"):
        account("CreateClientVpnRoute", **request)
    with pytest.raises(Refused, match="is associated already"):
        account("AssociateClientVpnTargetNetwork", ClientVpnEndpointId=endpoint, SubnetId=account.subnets[2])


def test_client_vpn_authorizes_everybody_or_a_group_that_can_exist(account: Account) -> None:
    request = {"ClientVpnEndpointId": account.client_vpn(), "TargetNetworkCidr": "10.20.0.0/16"}
    with pytest.raises(Refused, match="either AccessGroupId or AuthorizeAllGroups"):
        account("AuthorizeClientVpnIngress", **request)
    with pytest.raises(Refused, match="are in no group"):
        account("AuthorizeClientVpnIngress", AccessGroupId="S-1", **request)
    account("AuthorizeClientVpnIngress", AuthorizeAllGroups=True, **request)
    with pytest.raises(Refused, match="DuplicateAuthorizationRule"):
        account("AuthorizeClientVpnIngress", AuthorizeAllGroups=True, **request)


def test_an_inbound_resolver_cannot_forward(account: Account) -> None:
    params: dict[str, Any] = {
        "IpAddresses": [{"SubnetId": subnet} for subnet in account.subnets[:2]],
        "SecurityGroupIds": [account.group],
    }
    made = account("CreateResolverEndpoint", "route53resolver", CreatorRequestId="1", Direction="INBOUND", **params)
    rule = {"CreatorRequestId": "2", "RuleType": "FORWARD", "DomainName": "corp.example"}
    with pytest.raises(Refused, match="needs TargetIps"):
        account("CreateResolverRule", "route53resolver", **rule)
    with pytest.raises(Refused, match="is no outbound endpoint"):
        account(
            "CreateResolverRule",
            "route53resolver",
            TargetIps=[{"Ip": "10.0.0.10"}],
            ResolverEndpointId=made["ResolverEndpoint"]["Id"],
            **rule,
        )
    with pytest.raises(Refused, match="are of several VPCs"):
        account(
            "CreateResolverEndpoint",
            "route53resolver",
            CreatorRequestId="3",
            Direction="INBOUND",
            IpAddresses=params["IpAddresses"],
            SecurityGroupIds=[account.foreign],
        )
