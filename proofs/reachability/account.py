"""The network of an account, read through the APIs of AWS alone: what was deployed, not what was meant to be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address, IPv4Network

from proofs.reachability.links import Sites, announced, direct_connect_links, peer_regions, read_transit, vpn_links
from proofs.reachability.model import NatGateway, Subnet, World
from proofs.reachability.reader import Reader, name_of, networks
from proofs.reachability.rules import read_acls, read_groups
from proofs.reachability.tables import read_tables
from rehearsal.emulator import Emulator


@dataclass
class Account:
    """What was read."""

    world: World
    readers: list[Reader]
    """One for each region that was asked for."""
    unknown: list[tuple[str, str]] = field(default_factory=list)
    """A VPC, and what there is in it that the model cannot follow, so that proofs over it would prove nothing."""


def read(aws: Emulator, regions: Iterable[str], on_premises: Sequence[IPv4Network], sites: Sites | None = None) -> Account:
    """The network of the account in some regions, and in those that their transit gateways are peered with.

    `on_premises` are the networks of the data centre. Its routers are not in the account: they are taken to announce these
    networks over every BGP session, and to be up. With several `sites`, each router and circuit announces the networks that
    its tag `Site` stands for, and those of sites that have neither.
    """
    account = Account(World(on_premises=tuple(on_premises)), [Reader(aws, region) for region in sorted(set(regions))])
    world, around = account.world, list(account.readers)
    for reader in around:  # which grows meanwhile
        read_groups(world, reader)
        _subnets(account, reader)
        _gateways(world, reader)
        read_transit(world, reader, account.unknown)
        around += [reader.elsewhere(region) for region in sorted(peer_regions(reader) - {one.region for one in around})]
    for reader in around:
        told = partial(announced, on_premises, sites or {})
        world.links += vpn_links(world, reader, told)
        world.links += direct_connect_links(world, reader, told)
    world.links = tuple(sorted(world.links, key=lambda link: (link.name, link.gateway)))
    return account


def _subnets(account: Account, reader: Reader) -> None:
    world = account.world
    for vpc in reader.all("ec2", "DescribeVpcs", "Vpcs"):
        blocks = [one["CidrBlock"] for one in vpc["CidrBlockAssociationSet"] if one["CidrBlockState"]["State"] == "associated"]
        world.vpcs[vpc["VpcId"]] = networks(*blocks)
        world.names[vpc["VpcId"]] = name_of(vpc)
        ipv6 = [one["Ipv6CidrBlockState"]["State"] for one in vpc.get("Ipv6CidrBlockAssociationSet", [])]
        if "associated" in ipv6:
            what = f"{world.named(vpc['VpcId'])} has an IPv6 block, and only IPv4 is followed"
            account.unknown.append((vpc["VpcId"], what))
    acls = read_acls(world, reader)
    tables, main = read_tables(world, reader, account.unknown)
    for subnet in reader.all("ec2", "DescribeSubnets", "Subnets"):
        identifier = subnet["SubnetId"]
        tags = {tag["Key"]: tag["Value"] for tag in subnet.get("Tags", [])}
        world.names[identifier] = name_of(subnet)
        world.subnets[identifier] = Subnet(
            id=identifier,
            network=IPv4Network(subnet["CidrBlock"]),
            zone=subnet["AvailabilityZone"],
            vpc=subnet["VpcId"],
            table=tables.get(identifier) or main[subnet["VpcId"]],
            acl=acls[identifier],
            tier=tags.get("SubnetType", ""),
            public_addresses=subnet.get("MapPublicIpOnLaunch", False),
        )


def _gateways(world: World, reader: Reader) -> None:
    for gateway in reader.all("ec2", "DescribeInternetGateways", "InternetGateways"):
        world.names[gateway["InternetGatewayId"]] = name_of(gateway)
        for attachment in gateway.get("Attachments", []):
            world.internet_gateways[gateway["InternetGatewayId"]] = attachment["VpcId"]
    for gateway in reader.all("ec2", "DescribeVpnGateways", "VpnGateways"):
        world.names[gateway["VpnGatewayId"]] = name_of(gateway)
        for attachment in gateway.get("VpcAttachments", []):
            if attachment["State"] == "attached":
                world.vpn_gateways[gateway["VpnGatewayId"]] = attachment["VpcId"]
    for gateway in reader.all("ec2", "DescribeNatGateways", "NatGateways"):
        identifier, subnet = gateway["NatGatewayId"], world.subnets.get(gateway["SubnetId"])
        world.names[identifier] = name_of(gateway)
        if gateway["State"] != "available" or subnet is None:
            continue
        own = gateway["NatGatewayAddresses"][0]
        address = address_in(subnet, own.get("PrivateIp"))
        world.nat_gateways[identifier] = NatGateway(identifier, subnet.id, address, bool(own.get("PublicIp")))
    for peering in reader.all("ec2", "DescribeVpcPeeringConnections", "VpcPeeringConnections"):
        identifier = peering["VpcPeeringConnectionId"]
        world.names[identifier] = name_of(peering)
        if peering["Status"]["Code"] == "active":
            world.peerings[identifier] = (peering["RequesterVpcInfo"]["VpcId"], peering["AccepterVpcInfo"]["VpcId"])


def address_in(subnet: Subnet, address: str | None = None) -> IPv4Address:
    """The address, if the subnet has it, else the first that AWS gives away: the emulator draws some out of thin air, and any
    address of the subnet fares the same."""
    if address and IPv4Address(address) in subnet.network:
        return IPv4Address(address)
    return subnet.network[4]
