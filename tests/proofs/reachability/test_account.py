"""An account made by hand, call by call: what is read of it, and who is found in it."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from proofs.reachability.account import Account, read
from proofs.reachability.engine import flow, reach
from proofs.reachability.model import Place
from proofs.reachability.parties import read_parties
from proofs.reachability.party import Party, described
from proofs.reachability.traffic import EVERYTHING, NOTHING, Traffic, tcp
from rehearsal.emulator import Emulator

REGION = "eu-west-1"
OFFICE = IPv4Network("10.9.0.0/16")
EVERYWHERE = {"CidrBlock": "0.0.0.0/0", "Protocol": "-1", "RuleAction": "allow"}


class Hand:
    """Makes things, and remembers what they are called."""

    def __init__(self, aws: Emulator) -> None:
        self.aws = aws
        self.ids: dict[str, str] = {}

    def __call__(self, operation: str, service: str = "ec2", /, **params: Any) -> dict[str, Any]:
        return self.aws.call(service, operation, params, region=REGION)

    def subnet(self, name: str, block: str, zone: str = "a", *, public: bool = False) -> str:
        wanted = {"VpcId": self.ids["vpc"], "CidrBlock": block, "AvailabilityZone": REGION + zone}
        made: str = self("CreateSubnet", **wanted)["Subnet"]["SubnetId"]
        if public:
            self("ModifySubnetAttribute", SubnetId=made, MapPublicIpOnLaunch={"Value": True})
        self.ids[name] = made
        return made

    def table(self, name: str, *subnets: str) -> str:
        made: str = self("CreateRouteTable", VpcId=self.ids["vpc"])["RouteTable"]["RouteTableId"]
        for subnet in subnets:
            self("AssociateRouteTable", RouteTableId=made, SubnetId=self.ids[subnet])
        self.ids[name] = made
        return made

    def group(self, name: str, **permission: Any) -> str:
        """A security group with one rule for what comes in."""
        wanted = {"GroupName": name, "Description": name, "VpcId": self.ids["vpc"]}
        made: str = self("CreateSecurityGroup", **wanted)["GroupId"]
        self("AuthorizeSecurityGroupIngress", GroupId=made, IpPermissions=[permission])
        self.ids[name] = made
        return made


def lay_network(hand: Hand) -> None:
    ids = hand.ids
    ids["vpc"] = hand("CreateVpc", CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    hand.subnet("public", "10.1.0.0/24", public=True)
    hand.subnet("private", "10.1.1.0/24")
    hand.subnet("other", "10.1.2.0/24", "b")
    ids["igw"] = hand("CreateInternetGateway")["InternetGateway"]["InternetGatewayId"]
    hand("AttachInternetGateway", InternetGatewayId=ids["igw"], VpcId=ids["vpc"])
    address = hand("AllocateAddress", Domain="vpc")["AllocationId"]
    ids["nat"] = hand("CreateNatGateway", SubnetId=ids["public"], AllocationId=address)["NatGateway"]["NatGatewayId"]
    anywhere = {"DestinationCidrBlock": "0.0.0.0/0"}
    hand("CreateRoute", RouteTableId=hand.table("out", "public"), **anywhere, GatewayId=ids["igw"])
    hand("CreateRoute", RouteTableId=hand.table("in", "private"), **anywhere, NatGatewayId=ids["nat"])
    wanted = {"VpcId": ids["vpc"], "ServiceName": f"com.amazonaws.{REGION}.s3", "RouteTableIds": [ids["in"]]}
    ids["s3"] = hand("CreateVpcEndpoint", **wanted)["VpcEndpoint"]["VpcEndpointId"]
    ids["vgw"] = hand("CreateVpnGateway", Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    hand("AttachVpnGateway", VpnGatewayId=ids["vgw"], VpcId=ids["vpc"])
    hand("EnableVgwRoutePropagation", GatewayId=ids["vgw"], RouteTableId=ids["in"])
    router = {"Type": "ipsec.1", "PublicIp": "203.0.113.9", "BgpAsn": 65010}
    customer = hand("CreateCustomerGateway", **router)["CustomerGateway"]["CustomerGatewayId"]
    ends = {"CustomerGatewayId": customer, "VpnGatewayId": ids["vgw"], "Type": "ipsec.1"}
    ids["vpn"] = hand("CreateVpnConnection", **ends)["VpnConnection"]["VpnConnectionId"]


def run_tasks(hand: Hand) -> None:
    """Hosts of an auto scaling group with public addresses, and a service with network cards of its own."""
    ids = hand.ids
    image = hand("DescribeImages", Owners=["amazon"])["Images"][0]["ImageId"]
    card = {"DeviceIndex": 0, "AssociatePublicIpAddress": True, "Groups": [ids["web"]]}
    data = {"ImageId": image, "InstanceType": "t3.micro", "NetworkInterfaces": [card]}
    template = hand("CreateLaunchTemplate", LaunchTemplateName="hosts", LaunchTemplateData=data)["LaunchTemplate"]
    named = {"AutoScalingGroupName": "hosts"}
    hand(
        "CreateAutoScalingGroup",
        "autoscaling",
        **named,
        MinSize=0,
        MaxSize=2,
        VPCZoneIdentifier=ids["public"],
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": "$Latest"},
    )
    group = hand("DescribeAutoScalingGroups", "autoscaling")["AutoScalingGroups"][0]["AutoScalingGroupARN"]
    provider = {"name": "hosts", "autoScalingGroupProvider": {"autoScalingGroupArn": group}}
    hand("CreateCapacityProvider", "ecs", **provider)
    hand("CreateCluster", "ecs", clusterName="cluster", capacityProviders=["hosts"])
    container = {"name": "shop", "image": "nginx", "memory": 64, "portMappings": [{"containerPort": 80, "protocol": "tcp"}]}
    bridged = {"family": "shop", "networkMode": "bridge", "containerDefinitions": [container]}
    hand("RegisterTaskDefinition", "ecs", **bridged)
    own = {"family": "own", "networkMode": "awsvpc", "containerDefinitions": [{**container, "name": "own"}]}
    hand("RegisterTaskDefinition", "ecs", **own)
    hand("CreateService", "ecs", cluster="cluster", serviceName="shop", taskDefinition="shop", desiredCount=0)
    cards = {"awsvpcConfiguration": {"subnets": [ids["private"]], "securityGroups": [ids["web"]], "assignPublicIp": "DISABLED"}}
    wanted = {"cluster": "cluster", "serviceName": "own", "taskDefinition": "own", "desiredCount": 0}
    hand("CreateService", "ecs", **wanted, networkConfiguration=cards)


@pytest.fixture(scope="module")
def hand() -> Iterator[Hand]:
    with Emulator() as aws:
        made = Hand(aws)
        lay_network(made)
        lists = made("DescribeManagedPrefixLists")["PrefixLists"]
        s3 = next(one["PrefixListId"] for one in lists if one["PrefixListName"].endswith(".s3"))
        web = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
        made.group("web", **web)
        made.group("listed", IpProtocol="tcp", FromPort=443, ToPort=443, PrefixListIds=[{"PrefixListId": s3}])
        pair = {"UserIdGroupPairs": [{"GroupId": made.ids["web"]}]}
        made.group("friends", IpProtocol="udp", FromPort=53, ToPort=53, **pair)
        run_tasks(made)
        yield made


@pytest.fixture(scope="module")
def account(hand: Hand) -> Account:
    return read(hand.aws, [REGION], [OFFICE])


@pytest.fixture(scope="module")
def parties(hand: Hand, account: Account) -> dict[str, Party]:
    return {party.name: party for party in read_parties(account, {hand.ids["vpc"]})}


def test_subnets_have_the_table_that_is_theirs_or_the_main_one(hand: Hand, account: Account) -> None:
    subnets = account.world.subnets
    assert subnets[hand.ids["public"]].table == hand.ids["out"]
    assert subnets[hand.ids["private"]].table == hand.ids["in"]
    main = subnets[hand.ids["other"]].table
    assert main not in {hand.ids["in"], hand.ids["out"]}
    assert [route.target for route in account.world.tables[main]] == ["local"]


def test_routes_lead_where_aws_says(hand: Hand, account: Account) -> None:
    found = {(str(route.destination), route.target, route.target_id) for route in account.world.tables[hand.ids["in"]]}
    assert ("10.1.0.0/16", "local", "local") in found
    assert ("0.0.0.0/0", "nat", hand.ids["nat"]) in found
    endpoint = [route for route in account.world.tables[hand.ids["in"]] if route.target == "endpoint"]
    assert {route.target_id for route in endpoint} == {hand.ids["s3"]}
    assert all(route.prefix_list and route.prefix_list.startswith("pl-") for route in endpoint)


def test_rules_name_networks_prefix_lists_and_groups(hand: Hand, account: Account) -> None:
    groups = account.world.groups
    (web,) = (rule for rule in groups[hand.ids["web"]] if not rule.egress)
    assert (web.traffic, web.networks, web.group) == (tcp(80), (IPv4Network("0.0.0.0/0"),), None)
    (listed,) = (rule for rule in groups[hand.ids["listed"]] if not rule.egress)
    assert IPv4Network("52.216.0.0/15") in listed.networks
    (friends,) = (rule for rule in groups[hand.ids["friends"]] if not rule.egress)
    assert (friends.group, friends.networks) == (hand.ids["web"], ())
    (out,) = (rule for rule in groups[hand.ids["web"]] if rule.egress)
    assert out.traffic == EVERYTHING


def test_a_vpn_tells_and_learns_by_bgp(hand: Hand, account: Account) -> None:
    (link,) = account.world.links
    assert (link.id, link.kind, link.static) == (hand.ids["vpn"], "vpn", False)
    assert (link.advertised, link.learned) == ((IPv4Network("10.1.0.0/16"),), (OFFICE,))


def test_who_is_there(parties: dict[str, Party]) -> None:
    assert sorted(parties) == ["Amazon S3", "hosts hosts", "internet", "on-premises", "workload own", "workload shop"]


def test_hosts_are_where_the_group_and_the_template_put_them(hand: Hand, parties: dict[str, Party]) -> None:
    (place,) = parties["hosts hosts"].places
    assert (place.subnet, place.groups, place.public) == (hand.ids["public"], frozenset({hand.ids["web"]}), True)
    assert parties["workload shop"].places == parties["hosts hosts"].places
    assert parties["workload shop"].borrows
    assert parties["workload shop"].serves == tcp((32_768, 65_535))


def test_a_service_with_network_cards_of_its_own_is_where_they_are(hand: Hand, parties: dict[str, Party]) -> None:
    own = parties["workload own"]
    assert [(place.subnet, place.public) for place in own.places] == [(hand.ids["private"], False)]
    assert not own.borrows
    assert own.serves == tcp(80)


def test_hosts_with_public_addresses_are_reached_from_the_internet(account: Account, parties: dict[str, Party]) -> None:
    (source, *_), (target,) = parties["internet"].places, parties["hosts hosts"].places
    assert flow(account.world, source, target).traffic == tcp(80)
    (hidden,) = parties["workload own"].places
    assert flow(account.world, source, hidden).traffic == NOTHING


def test_private_places_leave_by_nat_by_the_endpoint_and_by_the_vpn(account: Account, parties: dict[str, Party]) -> None:
    (place,) = parties["workload own"].places
    ways = {name: flow(account.world, place, parties[name].places[0]).way.split(" ")[0] for name in ("internet", "on-premises")}
    assert ways == {"internet": "NAT", "on-premises": "VPN"}
    assert flow(account.world, place, parties["Amazon S3"].places[0]).way.startswith("endpoint vpce-")


def test_a_subnet_with_the_main_table_leads_nowhere(hand: Hand, account: Account, parties: dict[str, Party]) -> None:
    stray = Place("stray", IPv4Address("10.1.2.9"), hand.ids["other"])
    answer = reach(account.world, stray, parties["internet"].places[0], Traffic("tcp", 443))
    assert not answer.reachable and "has no route to internet" in answer.because[-1]


def test_a_network_acl_with_ports(hand: Hand) -> None:
    acl = hand("CreateNetworkAcl", VpcId=hand.ids["vpc"])["NetworkAcl"]["NetworkAclId"]
    web = {"RuleNumber": 10, "CidrBlock": "10.0.0.0/8", "Protocol": "6", "RuleAction": "allow", "Egress": False}
    hand("CreateNetworkAclEntry", NetworkAclId=acl, **web, PortRange={"From": 80, "To": 88})
    hand("CreateNetworkAclEntry", NetworkAclId=acl, **EVERYWHERE, RuleNumber=20, Egress=True)
    entries = read(hand.aws, [REGION], [OFFICE]).world.acls[acl]
    told = [(entry.number, entry.egress, entry.traffic, str(entry.network), entry.allow) for entry in entries]
    assert (10, False, tcp((80, 88)), "10.0.0.0/8", True) in told
    assert (20, True, EVERYTHING, "0.0.0.0/0", True) in told


def test_parts_of_a_party_are_told_by_zone_or_by_network(account: Account) -> None:
    def there(network: str) -> Place:
        return Place(network, IPv4Network(network)[0], outside="onPremises", network=IPv4Network(network))

    whole, part, point = there("10.9.0.0/16"), there("10.9.7.0/24"), there("10.9.0.53/32")
    party = Party("onPremises", "on-premises", (whole, part, point))
    assert described(account.world, party, {whole, part, point}) == "on-premises"
    assert described(account.world, party, {whole, point}) == "on-premises 10.9.0.0/16 without 10.9.7.0/24"
    assert described(account.world, party, {part, point}) == "on-premises 10.9.0.53/32 and 10.9.7.0/24"
