"""Small stacks made by hand, drawn from a shape: how much there is of each thing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from rehearsal.monitor import Deployment, Node
from rehearsal.run import Rehearsal
from tests.proofs.graphs import ACCOUNT

REGION, ELSEWHERE = "ap-northeast-2", "ap-northeast-1"
LETTERS = "abcdef"


@dataclass(frozen=True)
class Shape:
    """How much of each thing a stack has. The default has two of everything."""

    zones: int = 2
    nats: int = 2
    circuits: tuple[str, ...] = ("EAST", "WEST")
    """The location of each."""
    routers: int = 2
    transit: bool = False
    hosts: int = 2
    replicas: int = 2
    """Copies of the one workload in AWS."""
    spread: bool = True
    """Whether its copies keep to different zones."""
    servers: int = 2
    copies: int = 2
    """Copies of the one workload on-premises."""
    fixed_port: bool = True
    """Whether a server can run only one of them."""
    healthy_percent: int = 100
    """Of its copies, what ECS leaves running."""
    patched_at_once: str = ""
    """Servers that are patched at a time, or their share; empty: they are not."""
    multi_az: bool = True
    readers: int = 0
    checked: bool = False
    """Whether the name of the readers leaves dead ones out."""
    gateway: bool = False
    dns_servers: int = 2
    endpoint_services: tuple[str, ...] = ("ssm", "ssmmessages", "ecs")
    source: str = ""
    """The primary stack that this one reads, if it is a secondary: its database is then a replica of that one's."""
    backup_copies: bool = False
    machines: bool = False
    """Whether virtual machines on-premises are backed up."""


TWICE = Shape()
"""Two of everything."""


@dataclass
class _Stack:
    stack: str
    region: str
    nodes: list[Node] = field(default_factory=list)

    def add(self, type_: str, called: str, /, **inputs: Any) -> str:
        """A resource; its id is the name of the stack and its own."""
        name = f"{self.stack}-{called}"
        urn = f"urn:pulumi:{self.stack}::hybridge::{type_}::{name}"
        made = {"arn": f"arn:aws:test:{self.region}:{ACCOUNT}:{name}", **inputs}
        self.nodes.append(Node(urn, type_, name, "", name, self.region, inputs, made, [], "emulated", []))
        return name

    def arn(self, name: str) -> str:
        return f"arn:aws:test:{self.region}:{ACCOUNT}:{name}"


def stack(shape: Shape = TWICE, name: str = "test", region: str = REGION) -> Rehearsal:
    """A rehearsed stack of the shape."""
    made = _Stack(name, region)
    zones = [f"{region}{letter}" for letter in LETTERS[: shape.zones]]
    subnets = [made.add("aws:ec2/subnet:Subnet", f"subnet-{zone}", availabilityZone=zone) for zone in zones]
    for part in (_egress, _links, _names, _endpoints, _apps, _on_premises, _database, _data):
        part(made, shape, subnets)
    if shape.source:
        made.add("pulumi:pulumi:StackReference", shape.source, name=f"organization/hybridge/{shape.source}")
    return Rehearsal(Deployment("hybridge", name, region, {node.urn: node for node in made.nodes}), [])


def _egress(made: _Stack, shape: Shape, subnets: list[str]) -> None:
    gateways = [
        made.add("aws:ec2/natGateway:NatGateway", f"nat-{n}", subnetId=subnets[n]) for n in range(min(shape.nats, len(subnets)))
    ]
    for number, subnet in enumerate(subnets if gateways else ()):
        table = made.add("aws:ec2/routeTable:RouteTable", f"table-{number}")
        made.add(
            "aws:ec2/routeTableAssociation:RouteTableAssociation", f"table-{number}-of", routeTableId=table, subnetId=subnet
        )
        made.add(
            "aws:ec2/route:Route",
            f"default-{number}",
            routeTableId=table,
            destinationCidrBlock="0.0.0.0/0",
            natGatewayId=gateways[number % len(gateways)],
        )


def _links(made: _Stack, shape: Shape, subnets: list[str]) -> None:
    if shape.transit:
        hub = made.add("aws:ec2transitgateway/transitGateway:TransitGateway", "hub", vpnEcmpSupport="enable")
    else:
        hub = made.add("aws:ec2/vpnGateway:VpnGateway", "hub")
    # One Direct Connect gateway serves the regions.
    gateway = f"{shape.source}-dx" if shape.source else made.add("aws:directconnect/gateway:Gateway", "dx")
    made.add(
        "aws:directconnect/gatewayAssociation:GatewayAssociation", "association", dxGatewayId=gateway, associatedGatewayId=hub
    )
    for number, location in enumerate(shape.circuits):
        circuit = made.add("aws:directconnect/connection:Connection", f"circuit-{number}", location=location)
        kind = (
            "transitVirtualInterface:TransitVirtualInterface"
            if shape.transit
            else "privateVirtualInterface:PrivateVirtualInterface"
        )
        made.add(f"aws:directconnect/{kind}", f"interface-{number}", connectionId=circuit, dxGatewayId=gateway)
    for number in range(shape.routers):
        router = made.add(
            "aws:ec2/customerGateway:CustomerGateway",
            f"router-{number}",
            ipAddress=f"203.0.113.{number}",
            deviceName=f"r{number}",
        )
        target = {"transitGatewayId" if shape.transit else "vpnGatewayId": hub}
        made.add("aws:ec2/vpnConnection:VpnConnection", f"vpn-{number}", customerGatewayId=router, **target)


def _names(made: _Stack, shape: Shape, subnets: list[str]) -> None:
    addresses = [{"subnetId": subnet} for subnet in subnets]
    made.add("aws:route53/resolverEndpoint:ResolverEndpoint", "inbound", direction="INBOUND", ipAddresses=addresses)
    outbound = made.add(
        "aws:route53/resolverEndpoint:ResolverEndpoint", "outbound", direction="OUTBOUND", ipAddresses=addresses
    )
    servers = [{"ip": f"10.10.0.{number}"} for number in range(shape.dns_servers)]
    made.add(
        "aws:route53/resolverRule:ResolverRule",
        "rule",
        resolverEndpointId=outbound,
        domainName="corp.example",
        targetIps=servers,
    )


def _endpoints(made: _Stack, shape: Shape, subnets: list[str]) -> None:
    for service in shape.endpoint_services:
        full = f"com.amazonaws.{made.region}.{service}"
        made.add("aws:ec2/vpcEndpoint:VpcEndpoint", service, vpcEndpointType="Interface", serviceName=full, subnetIds=subnets)


def _apps(made: _Stack, shape: Shape, subnets: list[str]) -> None:
    group = made.add("aws:autoscaling/group:Group", "hosts", minSize=shape.hosts, vpcZoneIdentifiers=subnets)
    provider = made.add(
        "aws:ecs/capacityProvider:CapacityProvider",
        "provider",
        autoScalingGroupProvider={"autoScalingGroupArn": made.arn(group)},
    )
    made.add("aws:ecs/cluster:Cluster", "cluster")
    target = made.add(
        "aws:lb/targetGroup:TargetGroup",
        "targets",
        healthCheck={"interval": 10, "unhealthyThreshold": 3, "healthyThreshold": 2},
    )
    balancer = made.add("aws:lb/loadBalancer:LoadBalancer", "balancer", subnets=subnets)
    made.add(
        "aws:lb/listener:Listener",
        "listener",
        loadBalancerArn=made.arn(balancer),
        defaultActions=[{"type": "forward", "targetGroupArn": made.arn(target)}],
    )
    definition = made.add(
        "aws:ecs/taskDefinition:TaskDefinition",
        "shop",
        containerDefinitions=json.dumps([{"name": "shop", "portMappings": [{"containerPort": 80, "hostPort": 0}]}]),
    )
    strategies = [{"type": "spread", "field": "attribute:ecs.availability-zone"}] if shape.spread else []
    made.add(
        "aws:ecs/service:Service",
        "shop",
        cluster=f"{made.stack}-cluster",
        taskDefinition=made.arn(definition),
        desiredCount=shape.replicas,
        capacityProviderStrategies=[{"capacityProvider": provider}],
        orderedPlacementStrategies=strategies,
        loadBalancers=[{"targetGroupArn": made.arn(target)}],
        healthCheckGracePeriodSeconds=40,
    )


def _on_premises(made: _Stack, shape: Shape, subnets: list[str]) -> None:
    if not shape.servers:
        return
    made.add("aws:ssm/activation:Activation", "activation", registrationLimit=shape.servers)
    ports = [{"containerPort": 1883, "hostPort": 1883 if shape.fixed_port else 0}]
    definition = made.add(
        "aws:ecs/taskDefinition:TaskDefinition",
        "broker",
        containerDefinitions=json.dumps([{"name": "broker", "portMappings": ports}]),
    )
    made.add(
        "aws:ecs/service:Service",
        "broker",
        cluster=f"{made.stack}-cluster",
        launchType="EXTERNAL",
        taskDefinition=made.arn(definition),
        desiredCount=shape.copies,
        deploymentMinimumHealthyPercent=shape.healthy_percent,
    )
    if shape.patched_at_once:
        task = {"taskType": "AUTOMATION", "maxConcurrency": shape.patched_at_once}
        made.add("aws:ssm/maintenanceWindowTask:MaintenanceWindowTask", "install", **task)


def _database(made: _Stack, shape: Shape, subnets: list[str]) -> None:
    group = made.add("aws:rds/subnetGroup:SubnetGroup", "database", subnetIds=subnets)
    of = {"replicateSourceDb": f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{shape.source}-database"} if shape.source else {}
    primary = made.add(
        "aws:rds/instance:Instance",
        "database",
        identifier=f"{made.stack}-db",
        multiAz=shape.multi_az,
        dbSubnetGroupName=group,
        **of,
    )
    for number in range(shape.readers):
        address = f"{made.stack}-reader-{number}.rds.example"
        made.add(
            "aws:rds/instance:Instance",
            f"reader-{number}",
            identifier=f"{made.stack}-reader-{number}",
            replicateSourceDb=primary,
            address=address,
        )
        check = {"healthCheckId": "a-check"} if shape.checked else {}
        made.add("aws:route53/record:Record", f"reader-{number}-name", records=[address], ttl=60, **check)


def _data(made: _Stack, shape: Shape, subnets: list[str]) -> None:
    vault = made.add("aws:backup/vault:Vault", "vault")
    copies = (
        [{"destinationVaultArn": f"arn:aws:backup:{ELSEWHERE}:{ACCOUNT}:backup-vault:copies"}] if shape.backup_copies else []
    )
    plan = made.add("aws:backup/plan:Plan", "plan", rules=[{"targetVaultName": vault, "copyActions": copies}])
    if shape.machines:
        arns = ["arn:aws:rds:*:*:db:*", "arn:aws:backup-gateway:*:*:vm/*"]
        made.add("aws:backup/selection:Selection", "selection", planId=plan, resources=arns)
    if shape.gateway:
        bucket = made.add("aws:s3/bucket:Bucket", "files")
        gateway = made.add("aws:storagegateway/gateway:Gateway", "gateway", gatewayName="files")
        made.add(
            "aws:storagegateway/nfsFileShare:NfsFileShare",
            "share",
            gatewayArn=made.arn(gateway),
            locationArn=f"{made.arn(bucket)}/shop",
        )


def redundancies(shape: Shape) -> Iterator[Shape]:
    """The shape with one more of something."""
    yield replace(shape, zones=shape.zones + 1)
    # The first of something is no redundancy: it brings a function with it, or takes it from elsewhere.
    if shape.circuits or shape.routers:
        yield replace(shape, circuits=(*shape.circuits, "SOUTH"))
        yield replace(shape, routers=shape.routers + 1)
    if shape.nats:
        yield replace(shape, nats=shape.nats + 1)
    more = [{name: getattr(shape, name) + 1} for name in ("hosts", "replicas", "servers", "copies", "readers", "dns_servers")]
    apart = [{name: True} for name in ("multi_az", "spread", "fixed_port", "checked", "transit")]
    change: dict[str, Any]
    for change in [*more, *apart]:
        yield replace(shape, **change)
