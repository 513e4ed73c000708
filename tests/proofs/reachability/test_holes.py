"""Holes planted in an account that was sound: each is found, by name, by the proof that it breaks."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from rehearsal.emulator import ACCOUNT
from rehearsal.extend import backend
from tests.proofs.reachability.account import REGION, STACK, Account, Undo, deployed

ANYBODY = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
EVERYTHING = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with deployed(STACK) as made:
        yield made


@pytest.fixture
def undo(account: Account) -> Iterator[Undo]:
    with ExitStack() as holes:
        yield holes.callback
    assert account.prove().failures == []


def open_group(account: Account, undo: Undo, name: str = "planted") -> str:
    """A security group that admits ssh from anywhere."""
    wanted = {"GroupName": name, "Description": name, "VpcId": account.vpc()}
    group: str = account.call("CreateSecurityGroup", **wanted)["GroupId"]
    undo(lambda: account.call("DeleteSecurityGroup", GroupId=group))
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=ANYBODY)
    return group


def test_nothing_is_found_where_nothing_was_planted(account: Account) -> None:
    assert account.prove().failures == []


def test_a_public_instance(account: Account, undo: Undo) -> None:
    image = account.call("DescribeImages", Owners=["amazon"])["Images"][0]["ImageId"]
    card = {"DeviceIndex": 0, "SubnetId": account.subnet("public-1"), "AssociatePublicIpAddress": True}
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "bastion"}]}]
    made = account.call(
        "RunInstances",
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        NetworkInterfaces=[card | {"Groups": [open_group(account, undo)]}],
        TagSpecifications=tags,
    )["Instances"][0]
    # moto leaves the network card behind.
    undo(lambda: account.call("DeleteNetworkInterface", NetworkInterfaceId=made["NetworkInterfaces"][0]["NetworkInterfaceId"]))
    undo(lambda: account.call("TerminateInstances", InstanceIds=[made["InstanceId"]]))
    (found,) = account.found("internet-reaches-nothing")
    assert found.what.startswith(f"internet can reach instance {made['InstanceId']} bastion with tcp 22")
    assert found.cite[0].startswith("bastion has a public address, and network-vpc (igw-")
    assert "admits tcp 22 from 0.0.0.0/0" in found.cite[1]
    assert found.cite[2].startswith("the reply: network-vpc-public-1 (rtb-")
    (found,) = account.found("public-subnets-hold-nat-gateways-alone")
    assert found.what.startswith("bastion") and "network-vpc-public-1" in found.what
    (found,) = account.found("every-network-card-has-an-owner")
    assert f"instance {made['InstanceId']} bastion" in found.what


def test_the_internet_in_the_group_of_the_database(account: Account, undo: Undo) -> None:
    group = account.group("database")
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[rule])
    undo(lambda: account.call("RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[rule]))
    (found,) = account.found("security-groups-admit-known-networks-alone")
    assert found.what.startswith(f"database ({group}) of database hybridge-stack-database and replica hybridge-stack-database")
    assert found.what.endswith("admits tcp 5432 from 0.0.0.0/0")
    assert found.cite[0].startswith("sgr-")


def test_the_database_open_to_every_port(account: Account, undo: Undo) -> None:
    group = account.group("database")
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[EVERYTHING])
    undo(lambda: account.call("RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[EVERYTHING]))
    found = [one for one in account.found("on-premises-reaches-what-is-configured") if "database hybridge" in one.what]
    assert "on-premises can reach database hybridge-stack-database with tcp 0-5431, 5433-65535; all udp" in found[0].what
    assert any("admits everything from 0.0.0.0/0" in cite for cite in found[0].cite)
    workloads = account.found("workloads-reach-what-is-configured")
    assert any("hosts platform-hosts" in one.what and "database hybridge" in one.what for one in workloads)


@pytest.mark.parametrize(
    ("whom", "told"),
    [
        ({"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}, "::/0"),
        ({"IpRanges": [{"CidrIp": "172.31.0.0/16"}]}, "172.31.0.0/16"),
    ],
    ids=["IPv6, which no VPC has yet", "the default VPC, which is not connected"],
)
def test_the_database_open_to_who_only_lacks_a_way(
    account: Account, undo: Undo, whom: dict[str, list[dict[str, str]]], told: str
) -> None:
    group, rule = account.group("database"), {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, **whom}
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[rule])
    undo(lambda: account.call("RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[rule]))
    (found,) = account.prove().failures
    assert found.proof == "security-groups-admit-known-networks-alone"
    assert found.what.startswith(f"database ({group}) of ") and found.what.endswith(f"admits tcp 5432 from {told}")
    assert found.cite[0].startswith("sgr-")


@pytest.mark.parametrize(("family", "block"), [("IPv4", "0.0.0.0/0"), ("IPv6", "2000::/3")])
def test_the_internet_by_a_prefix_list(account: Account, undo: Undo, family: str, block: str) -> None:
    wanted = {"PrefixListName": "friends", "MaxEntries": 5, "AddressFamily": family, "Entries": [{"Cidr": block}]}
    made = account.call("CreateManagedPrefixList", **wanted)["PrefixList"]["PrefixListId"]
    undo(lambda: account.call("DeleteManagedPrefixList", PrefixListId=made))
    group = account.group("database")
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": made}]}
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[rule])
    undo(lambda: account.call("RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[rule]))
    (found,) = account.found("security-groups-admit-known-networks-alone")
    assert found.what.startswith(f"database ({group}) of ") and found.what.endswith(f"admits tcp 22 from {block}")


def test_the_database_open_to_a_group_that_nobody_carries_yet(account: Account, undo: Undo) -> None:
    group, other = account.group("database"), open_group(account, undo, "forgotten")
    account.call("RevokeSecurityGroupIngress", GroupId=other, IpPermissions=ANYBODY)
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": other}]}
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[rule])
    undo(lambda: account.call("RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[rule]))
    (found,) = account.prove().failures
    assert found.what.endswith(f"admits tcp 5432 from forgotten ({other}), which nobody carries")


def test_a_default_group_that_is_not_empty(account: Account, undo: Undo) -> None:
    name = {"Name": "group-name", "Values": ["default"]}, {"Name": "vpc-id", "Values": [account.vpc()]}
    group = account.call("DescribeSecurityGroups", Filters=[*name])["SecurityGroups"][0]["GroupId"]
    rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[rule])
    undo(lambda: account.call("RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[rule]))
    (found,) = account.prove().failures
    assert found.proof == "default-security-groups-are-empty"
    assert f"({group}) of network-vpc ({account.vpc()}) admits everything" in found.what


def test_isolated_subnets_that_learn_no_routes_from_on_premises(account: Account, undo: Undo) -> None:
    hole = {"GatewayId": account.id("aws:ec2/vpnGateway:VpnGateway", "network-hub-vpn-gateway")}
    hole |= {"RouteTableId": account.table("isolated-2")}
    account.call("DisableVgwRoutePropagation", **hole)
    undo(lambda: account.call("EnableVgwRoutePropagation", **hole))
    found = account.found("on-premises-reaches-what-is-configured")
    assert [one.what.split(" with ")[0] for one in found] == [
        "on-premises cannot reach database hybridge-stack-database in ap-northeast-2c",
        "on-premises cannot reach replica hybridge-stack-database-reader-1 in ap-northeast-2c",
    ]
    assert all(one.what.endswith("with tcp 5432, which database asks for") for one in found)
    assert "the reply from database hybridge-stack-database in ap-northeast-2c is lost" in found[0].cite[-1]
    assert "network-vpc-isolated-2 (rtb-" in found[0].cite[-1] and "has no route to on-premises" in found[0].cite[-1]
    for proof in ("direct-connect-comes-first", "vpn-stands-behind"):
        broken = account.found(proof)
        assert ["to" in one.what and "network-vpc-isolated-2" in one.what for one in broken] == [True]
        assert "finds no way" in broken[0].what


def test_a_missing_way_back_to_one_network_of_on_premises(account: Account, undo: Undo) -> None:
    hole = {"RouteTableId": account.table("private-1"), "DestinationCidrBlock": "10.0.250.0/24"}
    nat = account.id("aws:ec2/natGateway:NatGateway", "network-vpc-1")
    account.call("CreateRoute", **hole, NatGatewayId=nat)
    undo(lambda: account.call("DeleteRoute", **hole))
    found = account.found("on-premises-reaches-what-is-configured")
    ssh = [one for one in found if "hosts platform-hosts" in one.what]
    assert "on-premises 10.0.250.0/24 cannot reach hosts platform-hosts" in ssh[0].what
    assert "in ap-northeast-2a with tcp 22, 8080, which onPremises.sshCidrs and workloads[].ports[].hostPort ask" in ssh[0].what
    assert "10.0.250.0/24 -> network-vpc-1" in " ".join(one for failure in found for one in failure.cite) or ssh[0].cite


def test_a_network_acl_that_denies_replies(account: Account, undo: Undo) -> None:
    subnet = account.subnet("isolated-1")
    acls = account.call("DescribeNetworkAcls")["NetworkAcls"]
    (association,) = (one for acl in acls for one in acl["Associations"] if one["SubnetId"] == subnet)
    acl = account.call("CreateNetworkAcl", VpcId=account.vpc())["NetworkAcl"]["NetworkAclId"]
    undo(lambda: account.call("DeleteNetworkAcl", NetworkAclId=acl))
    common = {"NetworkAclId": acl, "CidrBlock": "0.0.0.0/0"}
    account.call("CreateNetworkAclEntry", **common, RuleNumber=10, Protocol="-1", RuleAction="allow", Egress=False)
    ports = {"PortRange": {"From": 32768, "To": 60999}}
    account.call("CreateNetworkAclEntry", **common, RuleNumber=10, Protocol="6", RuleAction="deny", Egress=True, **ports)
    account.call("CreateNetworkAclEntry", **common, RuleNumber=20, Protocol="-1", RuleAction="allow", Egress=True)
    asked = {"AssociationId": association["NetworkAclAssociationId"], "NetworkAclId": acl}
    new = account.call("ReplaceNetworkAclAssociation", **asked)["NewAssociationId"]
    before = association["NetworkAclId"]
    undo(lambda: account.call("ReplaceNetworkAclAssociation", AssociationId=new, NetworkAclId=before))
    found = [
        *account.found("on-premises-reaches-what-is-configured"),
        *account.found("workloads-reach-what-is-configured"),
        *account.found("others-reach-what-is-configured"),
    ]
    assert {one.what.split(" ")[0] for one in found} == {"on-premises", "hosts", "migration", "client"}
    for one in found:
        assert "cannot reach" in one.what and "in ap-northeast-2a with tcp 5432" in one.what
        assert one.cite[-1].startswith(f"network ACL {acl} of network-vpc-isolated-1")
        assert "denies the reply, tcp 1024-65535 out to" in one.cite[-1] and one.cite[-1].endswith("by entry 10")


def test_a_zone_that_leaves_by_the_nat_gateway_of_another(account: Account, undo: Undo) -> None:
    route = {"RouteTableId": account.table("private-2"), "DestinationCidrBlock": "0.0.0.0/0"}
    own, other = (account.id("aws:ec2/natGateway:NatGateway", f"network-vpc-{number}") for number in (2, 1))
    account.call("ReplaceRoute", **route, NatGatewayId=other)
    undo(lambda: account.call("ReplaceRoute", **route, NatGatewayId=own))
    (found,) = account.prove().failures
    assert found.proof == "each-zone-leaves-by-its-own-nat"
    assert found.what.startswith("network-vpc-private-2 (subnet-")
    assert f"in {REGION}c leaves by network-vpc-1 ({other}) in {REGION}a" in found.what
    assert found.cite == (f"network-vpc-private-2 ({route['RouteTableId']}): 0.0.0.0/0 -> network-vpc-1 ({other})",)


def test_a_private_subnet_with_a_route_to_the_internet_gateway(account: Account, undo: Undo) -> None:
    route = {"RouteTableId": account.table("private-1"), "DestinationCidrBlock": "0.0.0.0/0"}
    nat = account.id("aws:ec2/natGateway:NatGateway", "network-vpc-1")
    gateway = account.id("aws:ec2/internetGateway:InternetGateway", "network-vpc")
    account.call("ReplaceRoute", **route, GatewayId=gateway)
    undo(lambda: account.call("ReplaceRoute", **route, NatGatewayId=nat))
    (found,) = account.found("private-subnets-leave-by-nat-or-endpoint")
    assert found.what.startswith("network-vpc-private-1 (subnet-")
    assert found.cite[0].endswith(f"0.0.0.0/0 -> network-vpc ({gateway})")
    lost = account.found("workloads-reach-what-is-configured")
    assert any("cannot reach internet with tcp 443, which network.natGateways asks for" in one.what for one in lost)


def test_an_isolated_subnet_with_a_way_out(account: Account, undo: Undo) -> None:
    route = {"RouteTableId": account.table("isolated-1"), "DestinationCidrBlock": "0.0.0.0/0"}
    nat = account.id("aws:ec2/natGateway:NatGateway", "network-vpc-1")
    account.call("CreateRoute", **route, NatGatewayId=nat)
    undo(lambda: account.call("DeleteRoute", **route))
    (found,) = account.prove().failures
    assert found.proof == "isolated-subnets-have-no-way-out"
    assert "which is isolated, reaches the internet 0.0.0.0/0 by NAT gateway network-vpc-1 then internet gateway" in found.what
    assert found.cite[0].startswith("network-vpc-isolated-1")


@pytest.mark.parametrize("tier", ["private", "isolated"])
def test_a_route_to_the_internet_gateway_breaks_the_statement_about_its_own_subnets_alone(
    account: Account, undo: Undo, tier: str
) -> None:
    route = {"RouteTableId": account.table(f"{tier}-1"), "DestinationCidrBlock": "203.0.113.0/24"}
    gateway = account.id("aws:ec2/internetGateway:InternetGateway", "network-vpc")
    account.call("CreateRoute", **route, GatewayId=gateway)
    undo(lambda: account.call("DeleteRoute", **route))
    own = {"private": "private-subnets-leave-by-nat-or-endpoint", "isolated": "isolated-subnets-have-no-way-out"}
    about = [one for one in account.prove().failures if one.proof in own.values()]
    assert [one.proof for one in about] == [own[tier]]
    assert about[0].what.startswith(f"network-vpc-{tier}-1 (subnet-")
    assert about[0].what.endswith("has a route to an internet gateway")


@pytest.mark.parametrize("tier", ["private", "isolated"])
def test_a_subnet_that_sends_what_is_for_the_internet_to_on_premises(account: Account, undo: Undo, tier: str) -> None:
    route = {"RouteTableId": account.table(f"{tier}-1"), "DestinationCidrBlock": "198.51.100.0/24"}
    gateway = account.id("aws:ec2/vpnGateway:VpnGateway", "network-hub-vpn-gateway")
    account.call("CreateRoute", **route, GatewayId=gateway)
    undo(lambda: account.call("DeleteRoute", **route))
    proof = {"private": "private-subnets-leave-by-nat-or-endpoint", "isolated": "isolated-subnets-have-no-way-out"}[tier]
    (found,) = account.found(proof)
    assert found.what.startswith(f"network-vpc-{tier}-1 (subnet-")
    assert found.what.endswith("sends the internet's 198.51.100.0/24 to a virtual private gateway")
    assert found.cite == (
        f"network-vpc-{tier}-1 ({route['RouteTableId']}): 198.51.100.0/24 -> network-hub-vpn-gateway ({gateway})",
    )


def test_a_route_table_without_the_endpoint_of_s3(account: Account, undo: Undo) -> None:
    table = account.table("private-2")
    (route,) = (
        route
        for route in account.call("DescribeRouteTables", RouteTableIds=[table])["RouteTables"][0]["Routes"]
        if route.get("DestinationPrefixListId")
    )
    hole = {"RouteTableId": table, "DestinationPrefixListId": route["DestinationPrefixListId"]}
    account.call("DeleteRoute", **hole)
    undo(lambda: account.call("CreateRoute", **hole, GatewayId=route["GatewayId"]))
    (found,) = account.prove().failures
    assert found.proof == "services-are-reached-by-their-endpoint"
    assert f"in {REGION}c reaches Amazon S3 by NAT gateway network-vpc-2 then internet gateway" in found.what
    assert f"network-vpc-private-2 ({table}): 0.0.0.0/0 -> network-vpc-2" in found.cite[1]


def test_a_load_balancer_on_the_internet_that_admits_nobody_from_there(account: Account, undo: Undo) -> None:
    (made,) = backend("elbv2", ACCOUNT, REGION).load_balancers.values()
    made.scheme = "internet-facing"
    undo(lambda: setattr(made, "scheme", "internal"))
    (found,) = account.prove().failures
    assert found.proof == "nothing-has-a-public-address"
    assert found.what.startswith("load balancer platform-apps") and found.what.endswith("has a public address")
    assert found.cite[0].startswith("network-vpc-private-1 (rtb-")


def test_a_load_balancer_on_the_internet(account: Account, undo: Undo) -> None:
    subnets = [account.subnet("public-1"), account.subnet("public-2")]
    wanted = {"Name": "planted", "Subnets": subnets, "Scheme": "internet-facing", "SecurityGroups": [open_group(account, undo)]}
    made = account.call("CreateLoadBalancer", "elbv2", **wanted)["LoadBalancers"][0]["LoadBalancerArn"]
    undo(lambda: account.call("DeleteLoadBalancer", "elbv2", LoadBalancerArn=made))
    (found,) = account.found("internet-reaches-nothing")
    assert found.what.startswith("internet can reach load balancer planted with tcp 22")


def test_a_network_card_of_nobody(account: Account, undo: Undo) -> None:
    group = open_group(account, undo)
    wanted = {"SubnetId": account.subnet("private-2"), "Groups": [group], "Description": "left behind"}
    card = account.call("CreateNetworkInterface", **wanted)["NetworkInterface"]["NetworkInterfaceId"]
    undo(lambda: account.call("DeleteNetworkInterface", NetworkInterfaceId=card))
    (found,) = account.found("every-network-card-has-an-owner")
    assert found.what.startswith(f"network interface {card} left behind in network-vpc-private-2")
    assert group in found.cite[0]
    ssh = [one.what for one in account.found("on-premises-reaches-what-is-configured")]
    assert any(f"on-premises can reach network interface {card} left behind with tcp 22" in what for what in ssh)


def test_hosts_open_to_more_of_on_premises(account: Account, undo: Undo) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "192.168.7.0/24"}]}
    group = account.group("platform-firewall")
    account.call("AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=[rule])
    undo(lambda: account.call("RevokeSecurityGroupIngress", GroupId=group, IpPermissions=[rule]))
    (found,) = account.prove().failures
    assert found.proof == "on-premises-reaches-what-is-configured"
    assert found.what.startswith("on-premises 192.168.7.0/24 can reach hosts platform-hosts")
    assert found.what.endswith("with tcp 22, which the stack file does not ask for")


def test_a_rule_too_few_for_the_database(account: Account, undo: Undo) -> None:
    rules = account.call("DescribeSecurityGroupRules")["SecurityGroupRules"]
    (rule,) = (one for one in rules if {"Key": "Name", "Value": "platform-firewall-database"} in one["Tags"])
    pair = {"GroupId": rule["ReferencedGroupInfo"]["GroupId"]}
    hole = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [pair]}
    identifiers = [rule["SecurityGroupRuleId"]]
    account.call("RevokeSecurityGroupIngress", GroupId=rule["GroupId"], SecurityGroupRuleIds=identifiers)
    undo(lambda: account.call("AuthorizeSecurityGroupIngress", GroupId=rule["GroupId"], IpPermissions=[hole]))
    found = account.found("workloads-reach-what-is-configured")
    assert [one.what.split(" with ")[0].split("platform-hosts-")[1].partition(" ")[2] for one in found] == [
        "cannot reach database hybridge-stack-database",
        "cannot reach replica hybridge-stack-database-reader-1",
    ]
    assert "has no rule for tcp 5432 in from hosts platform-hosts" in found[0].cite[-1]


def test_no_vpn_behind_the_circuit(account: Account, undo: Undo) -> None:
    connection = account.id("aws:ec2/vpnConnection:VpnConnection", "network-vpn-office")
    account.call("DeleteVpnConnection", VpnConnectionId=connection)
    # As AWS does, moto keeps a deleted connection for a while, to be seen.
    undo(lambda: setattr(backend("ec2", ACCOUNT, REGION).vpn_connections[connection], "state", "available"))
    found = account.prove().failures
    assert [one.proof for one in found] == ["vpn-stands-behind"] * 8
    assert all("with all circuits down, finds no way, not VPN" in one.what for one in found)


def test_a_rule_of_the_load_balancer_that_is_gone(account: Account, undo: Undo) -> None:
    rules = account.rehearsal.created("aws:lb/listenerRule:ListenerRule")
    (node,) = (one for one in rules if one.inputs["tags"]["Name"] == "platform-web")
    (rule,) = account.call("DescribeRules", "elbv2", RuleArns=[node.id])["Rules"]
    listener = node.inputs["listenerArn"]
    account.call("DeleteRule", "elbv2", RuleArn=node.id)
    action = {"Type": "forward", "TargetGroupArn": rule["Actions"][0]["TargetGroupArn"]}
    wanted = {"ListenerArn": listener, "Priority": int(rule["Priority"]), "Actions": [action]}
    conditions = [{"Field": "host-header", "HostHeaderConfig": rule["Conditions"][0]["HostHeaderConfig"]}]
    undo(lambda: account.call("CreateRule", "elbv2", **wanted, Conditions=conditions))
    (found,) = account.found("requests-reach-their-workload")
    assert found.what == "workload web has a route, and no rule of a load balancer leads to it"


def test_ipv6_of_which_nothing_is_known(account: Account, undo: Undo) -> None:
    wanted = {"VpcId": account.vpc(), "AmazonProvidedIpv6CidrBlock": True}
    made = account.call("AssociateVpcCidrBlock", **wanted)["Ipv6CidrBlockAssociation"]["AssociationId"]
    undo(lambda: account.call("DisassociateVpcCidrBlock", AssociationId=made))
    found, *_ = account.prove().failures
    assert found.proof == "everything-is-followed", account.prove().failures
    assert found.what.startswith("network-vpc (vpc-") and "IPv6" in found.what


def test_an_appliance_in_the_way(account: Account, undo: Undo) -> None:
    group = open_group(account, undo)
    wanted = {"SubnetId": account.subnet("private-1"), "Groups": [group]}
    card = account.call("CreateNetworkInterface", **wanted)["NetworkInterface"]["NetworkInterfaceId"]
    undo(lambda: account.call("DeleteNetworkInterface", NetworkInterfaceId=card))
    route = {"RouteTableId": account.table("private-1"), "DestinationCidrBlock": "198.51.100.0/24"}
    account.call("CreateRoute", **route, NetworkInterfaceId=card)
    undo(lambda: account.call("DeleteRoute", **route))
    (found,) = account.found("everything-is-followed")
    assert found.what.startswith("network-vpc-private-1") and f"sends 198.51.100.0/24 to {card}" in found.what
