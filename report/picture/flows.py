"""Who talks to whom within a region: from security groups, routes, endpoints and tags."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import Any

from proofs.drills.graph import Resource
from report.picture import site
from report.picture.region import GROUP, INSTANCE, Region

PORTS = {22: "SSH", 53: "DNS", 80: "HTTP", 443: "HTTPS", 2049: "NFS", 3389: "RDP", 5432: "PostgreSQL"}
EVERYWHERE = "0.0.0.0/0"
ENDPOINTS_TO = {"systems-manager": "ssm", "watch": "monitoring", "registry": "ecr.api", "bucket": "s3"}
"""Shape -> the interface endpoint that leads to it."""
GROUPS_IN = ("vpcSecurityGroupIds", "securityGroupIds", "securityGroups")


def draw(region: Region) -> None:
    """The edges within one region."""
    _admitted(region)
    _outwards(region)
    _to_services(region)
    _kept(region)


def _admitted(region: Region) -> None:
    """What security groups let in: from on-premises by the hub, from one another directly."""
    owners = _owners(region)
    ports: dict[tuple[str, str], list[int]] = defaultdict(list)
    networks: dict[str, None] = {}
    for rule in region.local.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"):
        for target in owners.get(rule.get("securityGroupId"), ()):
            sources = owners.get(rule.get("referencedSecurityGroupId"), ())
            if _outside(region, rule.get("cidrIpv4")):
                sources = ["hub"]
                if target == "balancer":
                    networks[str(rule.get("cidrIpv4"))] = None
            for source in sources:
                ports[source, target].append(int(rule.get("fromPort", -1)))
    for (source, target), found in ports.items():
        region.sketch.edge(region.id(source), region.id(target), "flow", label(found) if source == "hub" else "")
    if networks:
        site.clients(region.sketch, [*networks])


def _owners(region: Region) -> dict[Any, list[str]]:
    """Security group -> shapes that are in it."""
    local = region.local
    # Replicas are in the groups of their primary: what reaches one of them reaches all.
    instances = [one for one in local.of(INSTANCE) if stands_for(region, one) == "database"]
    found: list[tuple[str, Iterable[Any]]] = [
        *(("balancer", _groups(one)) for one in local.of("aws:lb/loadBalancer:LoadBalancer")),
        *(("hosts", _groups(one)) for one in local.of("aws:ec2/launchTemplate:LaunchTemplate")),
        *(("database", _groups(one)) for one in instances),
        *(("migration", _groups(one)) for one in local.of("aws:dms/replicationInstance:ReplicationInstance")),
        *(("endpoints", _groups(one)) for one in local.of("aws:ec2/vpcEndpoint:VpcEndpoint")),
        *(("resolver", _groups(one)) for one in local.of("aws:route53/resolverEndpoint:ResolverEndpoint")),
        *(("file-system", _groups(one)) for one in local.of("aws:efs/mountTarget:MountTarget")),
        *(("client-vpn", _groups(one)) for one in local.of("aws:ec2clientvpn/endpoint:Endpoint")),
    ]
    owners: dict[Any, list[str]] = defaultdict(list)
    for name, groups in found:
        for group in groups:
            if name not in owners[group]:
                owners[group].append(name)
    return owners


def _groups(resource: Resource) -> Iterator[Any]:
    for key in GROUPS_IN:
        yield from resource.get(key) or ()
    for card in resource.get("networkInterfaces") or ():
        yield from card.get("securityGroups") or ()


def stands_for(region: Region, instance: Resource) -> str:
    """Which shape shows a database instance."""
    primary = region.primary(instance)
    return "replicas" if primary and primary.region == instance.region else "database"


def _outside(region: Region, cidr: Any) -> bool:
    if not cidr or cidr == EVERYWHERE:
        return False
    return not any(IPv4Network(cidr).overlaps(network) for network in region.networks)


def label(ports: list[int]) -> str:
    """Ports for people: HTTPS speaks for the HTTP that redirects to it."""
    numbers = sorted({*ports} - ({80} if 443 in ports else set()), key=lambda port: (port not in PORTS, port))
    names = [PORTS.get(port, str(port) if port > 0 else "all") for port in numbers]
    return ", ".join(names) if len(names) <= 2 else f"{names[0]} +{len(names) - 1}"


def _outwards(region: Region) -> None:
    """Hosts leave by the NAT gateways that the routes of their subnets lead to; sources come in for the migration."""
    local = region.local
    tables = {
        one.get("routeTableId")
        for one in local.of("aws:ec2/route:Route")
        if one.get("destinationCidrBlock") == EVERYWHERE and one.get("natGatewayId")
    }
    by_nat = {
        one.get("subnetId")
        for one in local.of("aws:ec2/routeTableAssociation:RouteTableAssociation")
        if one.get("routeTableId") in tables
    }
    if any(by_nat & {*(group.get("vpcZoneIdentifiers") or ())} for group in local.of(GROUP)):
        region.sketch.edge(region.id("hosts"), region.id("nat"), "flow")
    if region.sketch.has("site/sources"):
        region.sketch.edge(region.id("hub"), region.id("migration"), "flow")
    if local.of("aws:directoryservice/directory:Directory"):
        region.sketch.edge(region.id("hub"), region.id("directory"), "flow")
    if local.of("aws:ec2clientvpn/authorizationRule:AuthorizationRule"):
        region.sketch.edge(region.id("client-vpn"), region.id("balancer"), "flow")


def _to_services(region: Region) -> None:
    """Endpoints lead to services; hosts that mount the bucket have a way of their own to it."""
    local = region.local
    services = {
        str(one.get("serviceName")).split(f"{one.region}.", maxsplit=1)[-1]
        for one in local.of("aws:ec2/vpcEndpoint:VpcEndpoint")
        if one.get("vpcEndpointType") == "Interface"
    }
    for shape, service in ENDPOINTS_TO.items():
        if service in services:
            region.sketch.edge(region.id("endpoints"), region.id(shape), "flow")
    scripts = [_script(one) for one in local.of("aws:ec2/launchTemplate:LaunchTemplate")]
    buckets = [str(bucket.get("bucket")) for bucket in local.of("aws:s3/bucket:Bucket")]
    if any(bucket in script for script in scripts for bucket in buckets):
        region.sketch.edge(region.id("hosts"), region.id("bucket"), "flow")


def _script(template: Resource) -> str:
    try:
        return base64.b64decode(template.get("userData", "")).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _kept(region: Region) -> None:
    """What the selections of the backup plans take, by its tags."""
    local = region.local
    wanted = {
        (str(one.get("key")).removeprefix("aws:ResourceTag/"), one.get("value"))
        for selection in local.of("aws:backup/selection:Selection")
        for condition in selection.get("conditions") or ()
        for one in condition.get("stringEquals") or ()
    }
    shapes = {
        "database": local.of(INSTANCE),
        "bucket": local.of("aws:s3/bucket:Bucket"),
        "file-system": local.of("aws:efs/fileSystem:FileSystem"),
    }
    for name, resources in shapes.items():
        if any(wanted & {*(resource.get("tags") or {}).items()} for resource in resources):
            region.sketch.edge(region.id(name), region.id("backup"), "copy")
