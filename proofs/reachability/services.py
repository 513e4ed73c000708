"""The managed services with network cards in a VPC, as AWS's APIs show them: where they may be, behind which groups."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from proofs.reachability.account import address_in
from proofs.reachability.model import Place, World
from proofs.reachability.party import Party, Role
from proofs.reachability.reader import Item, Reader, name_of, networks


def read(world: World, reader: Reader) -> Iterator[Party]:
    """Every party of the region but hosts and containers."""
    yield from _client_vpn(world, reader)
    yield from _load_balancers(world, reader)
    yield from _databases(world, reader)
    yield from _migration(world, reader)
    yield from _files(world, reader)
    yield from _endpoints(world, reader)
    yield from _resolvers(world, reader)
    yield from _directories(world, reader)


def places(
    world: World, name: str, subnets: Iterable[str], groups: Iterable[str] | None, *, public: bool = False
) -> tuple[Place, ...]:
    """One place in each of the subnets."""
    held = None if groups is None else frozenset(groups)
    found = [world.subnets[subnet] for subnet in subnets if subnet in world.subnets]
    return tuple(
        Place(f"{name} in {subnet.zone}", address_in(subnet), subnet.id, held, public)
        for subnet in sorted(found, key=lambda subnet: subnet.zone)
    )


def _load_balancers(world: World, reader: Reader) -> Iterator[Party]:
    for one in reader.all("elbv2", "DescribeLoadBalancers", "LoadBalancers"):
        name = f"load balancer {one['LoadBalancerName']}"
        subnets = [zone["SubnetId"] for zone in one["AvailabilityZones"]]
        public = one["Scheme"] == "internet-facing"
        # Only a network load balancer can be without groups; then nothing is held back at it.
        found = places(world, name, subnets, one.get("SecurityGroups") or None, public=public)
        yield Party("loadBalancer", name, found, key=one["LoadBalancerArn"])


def _databases(world: World, reader: Reader) -> Iterator[Party]:
    for one in reader.all("rds", "DescribeDBInstances", "DBInstances"):
        # What replicates an instance of another region, known by its ARN, is what this region has of a primary.
        source = one.get("ReadReplicaSourceDBInstanceIdentifier", "arn:")
        role: Role = "database" if source.startswith("arn:") else "replica"
        name = f"{role} {one['DBInstanceIdentifier']}"
        subnets = [subnet["SubnetIdentifier"] for subnet in (one.get("DBSubnetGroup") or {}).get("Subnets", [])]
        groups = [group["VpcSecurityGroupId"] for group in one["VpcSecurityGroups"]]
        yield Party(role, name, places(world, name, subnets, groups, public=one["PubliclyAccessible"]))


def _migration(world: World, reader: Reader) -> Iterator[Party]:
    for one in reader.all("dms", "DescribeReplicationInstances", "ReplicationInstances"):
        name = f"migration {one['ReplicationInstanceIdentifier']}"
        subnets = [subnet["SubnetIdentifier"] for subnet in one["ReplicationSubnetGroup"]["Subnets"]]
        groups = [group["VpcSecurityGroupId"] for group in one["VpcSecurityGroups"]]
        yield Party("migration", name, places(world, name, subnets, groups, public=one["PubliclyAccessible"]))


def _files(world: World, reader: Reader) -> Iterator[Party]:
    for one in reader.all("efs", "DescribeFileSystems", "FileSystems"):
        identifier = one["FileSystemId"]
        name = f"files {name_of(one) or identifier}"
        found: list[Place] = []
        cards = set()
        for target in reader.all("efs", "DescribeMountTargets", "MountTargets", FileSystemId=identifier):
            groups = reader.all(
                "efs", "DescribeMountTargetSecurityGroups", "SecurityGroups", MountTargetId=target["MountTargetId"]
            )
            found += places(world, name, [target["SubnetId"]], groups)
            cards.add(target.get("NetworkInterfaceId", ""))
        yield Party("files", name, tuple(found), cards=frozenset(cards))


def _endpoints(world: World, reader: Reader) -> Iterator[Party]:
    for one in reader.all("ec2", "DescribeVpcEndpoints", "VpcEndpoints"):
        if one.get("VpcEndpointType", "Gateway") == "Interface":
            service = one["ServiceName"].removeprefix(f"com.amazonaws.{reader.region}.")
            name = f"endpoint {service}"
            groups = [group["GroupId"] for group in one["Groups"]]
            cards = frozenset(one.get("NetworkInterfaceIds", []))
            yield Party("endpoint", name, places(world, name, one["SubnetIds"], groups), key=service, cards=cards)


def _resolvers(world: World, reader: Reader) -> Iterator[Party]:
    for one in reader.all("route53resolver", "ListResolverEndpoints", "ResolverEndpoints"):
        role: Role = "resolverInbound" if one["Direction"] == "INBOUND" else "resolverOutbound"
        name = f"resolver, {one['Direction'].lower()}"
        addresses = reader.all(
            "route53resolver", "ListResolverEndpointIpAddresses", "IpAddresses", ResolverEndpointId=one["Id"]
        )
        yield Party(role, name, places(world, name, [address["SubnetId"] for address in addresses], one["SecurityGroupIds"]))


def _directories(world: World, reader: Reader) -> Iterator[Party]:
    for one in reader.all("ds", "DescribeDirectories", "DirectoryDescriptions"):
        settings: Item = one.get("ConnectSettings") or one.get("VpcSettings") or {}
        name, group = f"directory {one['Name']}", settings.get("SecurityGroupId")
        yield Party("directory", name, places(world, name, settings.get("SubnetIds", []), [group] if group else []))


def _client_vpn(world: World, reader: Reader) -> Iterator[Party]:
    for one in reader.all("ec2", "DescribeClientVpnEndpoints", "ClientVpnEndpoints"):
        identifier = {"ClientVpnEndpointId": one["ClientVpnEndpointId"]}
        name = f"client VPN {name_of(one)}".strip()
        rules = reader.all("ec2", "DescribeClientVpnAuthorizationRules", "AuthorizationRules", **identifier)
        routes = reader.all("ec2", "DescribeClientVpnRoutes", "Routes", **identifier)
        found = []
        for association in reader.all("ec2", "DescribeClientVpnTargetNetworks", "ClientVpnTargetNetworks", **identifier):
            subnet = world.subnets[association["TargetNetworkId"]]
            reaches = _both(
                [rule["DestinationCidr"] for rule in rules],
                [route["DestinationCidr"] for route in routes if route["TargetSubnet"] == subnet.id],
            )
            held = frozenset(association["SecurityGroups"])
            found.append(Place(f"{name} in {subnet.zone}", address_in(subnet), subnet.id, held, reaches=reaches))
        yield Party("clientVpn", name, tuple(found))


def _both(first: Iterable[str], second: Iterable[str]) -> tuple[IPv4Network, ...]:
    """The networks that are in both lists: of two that overlap one contains the other."""
    pairs = [(one, other) for one in networks(*first) for other in networks(*second) if one.overlaps(other)]
    return tuple(sorted({max(pair, key=lambda network: network.prefixlen) for pair in pairs}))
