"""Hosts and what runs on them, as AWS's APIs show them: auto scaling groups, their instances, ECS services on either side."""

from collections.abc import Collection, Iterator, Mapping

from proofs.reachability.account import Account, address_in
from proofs.reachability.model import Place, World
from proofs.reachability.party import Party
from proofs.reachability.reader import Item, Reader
from proofs.reachability.services import places
from proofs.reachability.space import classes
from proofs.reachability.traffic import NOTHING, NUMBERS, Interval, TrafficSet

DYNAMIC_PORTS = (32_768, 65_535)
"""From these a host gives a port to each container that asks for none of its own.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html"""
SERVICES_AT_ONCE = 10
"""What DescribeServices takes."""


def read(account: Account, reader: Reader, vpcs: Collection[str]) -> Iterator[Party]:
    """The hosts of every auto scaling group in some VPCs, and the ECS services of their clusters, on either side."""
    world = account.world
    hosts = {party.key: party for party in _hosts(world, reader) if any(world.vpc_of(place) in vpcs for place in party.places)}
    yield from _workloads(account, reader, hosts)
    yield from hosts.values()


def _hosts(world: World, reader: Reader) -> Iterator[Party]:
    """Hosts as the launch template makes them in every subnet of the group, and those that are otherwise."""
    cards: dict[str, list[Item]] = {}
    for card in reader.all("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces"):
        cards.setdefault((card.get("Attachment") or {}).get("InstanceId", ""), []).append(card)
    for group in reader.all("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups"):
        name = f"hosts {group['AutoScalingGroupName']}"
        subnets = [subnet for subnet in group.get("VPCZoneIdentifier", "").split(",") if subnet in world.subnets]
        groups, public = _template(reader, group.get("LaunchTemplate") or {})
        found = [
            place
            for subnet in subnets
            for place in places(
                world,
                name,
                [subnet],
                groups,
                public=world.subnets[subnet].public_addresses if public is None else public,
            )
        ]
        own = [card for instance in group["Instances"] for card in cards.get(instance["InstanceId"], [])]
        as_made = {(place.subnet, place.groups, place.public) for place in found}
        for card in own:
            place = place_of(world, card, f"host {card['Attachment']['InstanceId']}")
            if (place.subnet, place.groups, place.public) not in as_made:
                found.append(place)
        identifiers = frozenset(card["NetworkInterfaceId"] for card in own)
        yield Party("hosts", name, tuple(found), key=group["AutoScalingGroupARN"], cards=identifiers)


def place_of(world: World, card: Item, name: str) -> Place:
    """Where a network card is."""
    subnet = world.subnets[card["SubnetId"]]
    public = bool((card.get("Association") or {}).get("PublicIp"))
    groups = frozenset(group["GroupId"] for group in card["Groups"])
    return Place(name, address_in(subnet, card.get("PrivateIpAddress")), subnet.id, groups, public)


def _template(reader: Reader, template: Item) -> tuple[list[str], bool | None]:
    """The security groups of a launch template, and whether it asks for a public address; None if the subnet decides."""
    if not template:
        return [], None
    wanted = {"LaunchTemplateId": template["LaunchTemplateId"], "Versions": [template.get("Version", "$Default")]}
    data = reader.all("ec2", "DescribeLaunchTemplateVersions", "LaunchTemplateVersions", **wanted)[0]["LaunchTemplateData"]
    cards = data.get("NetworkInterfaces") or [{}]
    return data.get("SecurityGroupIds") or cards[0].get("Groups") or [], cards[0].get("AssociatePublicIpAddress")


def _workloads(account: Account, reader: Reader, hosts: Mapping[str, Party]) -> Iterator[Party]:
    for cluster in reader.all("ecs", "ListClusters", "clusterArns"):
        clustered = _hosts_of(reader, cluster, hosts)
        if not clustered:
            continue  # Of another stack, or of hosts elsewhere.
        arns = reader.all("ecs", "ListServices", "serviceArns", cluster=cluster)
        for start in range(0, len(arns), SERVICES_AT_ONCE):
            some = arns[start : start + SERVICES_AT_ONCE]
            for service in reader.all("ecs", "DescribeServices", "services", cluster=cluster, services=some):
                wanted = {"taskDefinition": service["taskDefinition"]}
                definition = reader.one("ecs", "DescribeTaskDefinition", "taskDefinition", **wanted)
                key = definition["containerDefinitions"][0]["name"]
                if service.get("launchType") == "EXTERNAL":
                    name = f"workload {key} on-premises"
                    # On a server of the data centre, wherever that is.
                    somewhere = classes(account.world, account.world.on_premises)
                    there = tuple(Place(name, one.address, outside="onPremises", network=one.network) for one in somewhere)
                    yield Party("workloadOnPremises", name, there, key, _ports(definition), borrows=True)
                    continue
                found = _places(account.world, service, key, clustered)
                if not found:
                    account.unknown.append(("", f"{service['serviceName']} runs nowhere that a capacity provider names"))
                behind = tuple(
                    (balancer["targetGroupArn"], _ports(definition, balancer["containerName"], balancer["containerPort"]))
                    for balancer in service.get("loadBalancers") or ()
                )
                borrows = definition.get("networkMode") != "awsvpc"
                yield Party("workload", f"workload {key}", found, key, _ports(definition), borrows, behind)


def _hosts_of(reader: Reader, cluster: str, hosts: Mapping[str, Party]) -> dict[str, Party]:
    """Capacity provider to its hosts."""
    described = reader.all("ecs", "DescribeClusters", "clusters", clusters=[cluster])
    names = described[0].get("capacityProviders") or [] if described else []
    if not names:
        return {}
    providers = reader.all("ecs", "DescribeCapacityProviders", "capacityProviders", capacityProviders=names)
    groups = {one["name"]: (one.get("autoScalingGroupProvider") or {}).get("autoScalingGroupArn", "") for one in providers}
    return {name: hosts[group] for name, group in groups.items() if group in hosts}


def _places(world: World, service: Item, key: str, clustered: Mapping[str, Party]) -> tuple[Place, ...]:
    """On network cards of its own, or on those of the hosts that it may be put on."""
    own = (service.get("networkConfiguration") or {}).get("awsvpcConfiguration")
    if own:
        public = own.get("assignPublicIp") == "ENABLED"
        return places(world, f"workload {key}", own["subnets"], own.get("securityGroups", []), public=public)
    strategy = [item["capacityProvider"] for item in service.get("capacityProviderStrategy") or ()]
    chosen = [clustered[name] for name in strategy or clustered if name in clustered]
    return tuple(place for party in chosen for place in party.places)


def _ports(definition: Item, name: str | None = None, number: int | None = None) -> TrafficSet:
    """The ports of the host, or of the container's own network card, that lead to the containers, or to one port of one."""
    found = NOTHING
    for container in definition["containerDefinitions"]:
        for port in container.get("portMappings") or () if name in (None, container["name"]) else ():
            if number not in (None, port["containerPort"]):
                continue
            shared = definition.get("networkMode") not in {"awsvpc", "host"}
            at: int | Interval = port.get("hostPort") or DYNAMIC_PORTS
            found |= TrafficSet.of(NUMBERS[port.get("protocol", "tcp")], at if shared else port["containerPort"])
    return found
