"""The bill of quantities: what AWS bills of a deployment by the hour or the month, and what it bills by use beside it.

Nothing here is a price. `Ask` says how AWS's Price List names a thing; its attributes are those of
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/price-changes.html, as tools that estimate costs use them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from proofs.drills.graph import Graphs, Resource
from rehearsal.documents import component_of
from rehearsal.run import Rehearsal

Unit = Literal["hour", "month", "GiB-month", "use"]
"""`use`: what there is of it costs nothing by itself."""
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


@dataclass(frozen=True)
class Ask:
    """What the Price List is asked for: one product must answer."""

    service: str
    filters: tuple[tuple[str, str], ...] = ()
    """Attributes and their values, besides the region."""
    usage: str = ""
    """A regular expression that the end of the usage type matches; what stands before it is the region's prefix."""


@dataclass(frozen=True)
class Billed:
    """Things of one kind that are billed alike."""

    component: str
    region: str
    what: str
    unit: Unit
    ask: Ask | None
    """None: what it costs is not AWS's to say, or depends on more than the stack knows."""
    by_use: tuple[str, ...] = ()
    """What is billed by use beside it, and not reckoned here."""
    quantity: float = 1


@dataclass(frozen=True)
class _Line:
    what: str
    unit: Unit
    ask: Ask | None = None
    by_use: tuple[str, ...] = ()
    quantity: float = 1


Tell = Callable[[Resource, Graphs], Iterator[_Line]]


def billed(*rehearsals: Rehearsal) -> list[Billed]:
    """Everything of stacks that costs by the hour or the month, by component; alike things are one line, whichever stack
    of a region they are of."""
    found: dict[Billed, float] = defaultdict(float)
    for rehearsal in rehearsals:
        graphs = Graphs([rehearsal])
        for resource in graphs.every():
            for line in TOLD[resource.node.type](resource, graphs) if resource.node.type in TOLD else ():
                component = component_of(rehearsal, resource.node)
                region = resource.region or rehearsal.deployment.region
                found[Billed(component, region, line.what, line.unit, line.ask, line.by_use)] += line.quantity
    lines = [replace(one, quantity=quantity) for one, quantity in found.items() if quantity]
    return sorted(lines, key=lambda one: (one.component, one.what, one.region))


@dataclass(frozen=True)
class Row:
    """A line of several stacks."""

    component: str
    what: str
    unit: Unit
    by_use: tuple[str, ...]
    quantities: tuple[float, ...]
    """Stack by stack, 0 where there is none."""


def beside_each_other(rehearsals: Sequence[Rehearsal]) -> list[Row]:
    """The bills of several stacks in one table."""
    found: dict[tuple[str, str, Unit, tuple[str, ...]], list[float]] = defaultdict(lambda: [0.0] * len(rehearsals))
    for place, rehearsal in enumerate(rehearsals):
        for one in billed(rehearsal):
            found[one.component, one.what, one.unit, one.by_use][place] += one.quantity
    return [Row(*key, tuple(quantities)) for key, quantities in sorted(found.items())]


def _ask(service: str, usage: str = "", **filters: str) -> Ask:
    return Ask(service, tuple(sorted(filters.items())), usage)


def _each(line: _Line) -> Tell:
    def tell(_: Resource, __: Graphs) -> Iterator[_Line]:
        yield line

    return tell


def _several(line: _Line, how_many: Callable[[Resource], float]) -> Tell:
    def tell(resource: Resource, _: Graphs) -> Iterator[_Line]:
        yield replace(line, quantity=how_many(resource))

    return tell


def _by_class(resource: Resource, _: Graphs) -> Iterator[_Line]:
    """A database instance and its storage."""
    name, two = str(resource.get("instanceClass")), bool(resource.get("multiAz"))
    option = "Multi-AZ" if two else "Single-AZ"
    gib, kind = resource.get("allocatedStorage"), str(resource.get("storageType") or "gp3")
    yield _Line(
        f"PostgreSQL, {name}, {option}",
        "hour",
        _ask(
            "AmazonRDS",
            productFamily="Database Instance",
            instanceType=name,
            databaseEngine="PostgreSQL",
            deploymentOption=option,
        ),
        ("backups beyond the size of the database", "data to other regions"),
    )
    if gib:
        volume = {"gp3": "General Purpose-GP3", "io1": "Provisioned IOPS", "io2": "Provisioned IOPS-IO2"}.get(kind)
        asked = _ask(
            "AmazonRDS",
            "GP3-Storage" if kind == "gp3" else "",
            productFamily="Database Storage",
            volumeType=volume or "",
            deploymentOption=option,
            databaseEngine="Any",
        )
        yield _Line(
            f"storage of PostgreSQL, {kind}, {option}",
            "GiB-month",
            asked if volume else None,
            ("what it grows to by itself",),
            float(gib),
        )


def _hosts(resource: Resource, graphs: Graphs) -> Iterator[_Line]:
    """Instances of an Auto Scaling group, as many as there are at least, with the volumes of their launch template."""
    count = float(resource.get("minSize") or resource.get("desiredCapacity") or 0)
    reference = (resource.get("launchTemplate") or {}).get("id")
    template = graphs.stacks[0].find(reference, TEMPLATE)
    if template is None or not count:
        return
    name = str(template.get("instanceType"))
    asked = _ask(
        "AmazonEC2",
        productFamily="Compute Instance",
        instanceType=name,
        operatingSystem="Linux",
        tenancy="Shared",
        preInstalledSw="NA",
        capacitystatus="Used",
    )
    yield _Line(f"host, {name}, at least", "hour", asked, ("hosts that autoscaling adds",), count)
    for mapping in template.get("blockDeviceMappings") or ():
        volume = mapping.get("ebs") or {}
        if size := volume.get("volumeSize"):
            kind = str(volume.get("volumeType") or "gp3")
            asked = _ask("AmazonEC2", "EBS:VolumeUsage." + kind, productFamily="Storage", volumeApiName=kind)
            yield _Line(f"volumes of hosts, {kind}", "GiB-month", asked, (), float(size) * count)


def _circuit(resource: Resource, _: Graphs) -> Iterator[_Line]:
    """The port; what the carrier takes, AWS does not know."""
    bandwidth = str(resource.get("bandwidth"))
    asked = _ask(
        "AWSDirectConnect",
        f"{resource.get('location')}.*",
        productFamily="Direct Connect",
        capacity=bandwidth.removesuffix("bps"),
        connectionType="Dedicated",
    )
    by_use = ("data out of the region", "what the carrier takes")
    yield _Line(f"port of a circuit, {bandwidth} at {resource.get('location')}", "hour", asked, by_use)


def _vpn(resource: Resource, _: Graphs) -> Iterator[_Line]:
    large = resource.get("tunnelBandwidth") == "large"
    asked = None if large else _ask("AmazonVPC", productFamily="Cloud Connectivity", vpnType="VPN Standard")
    yield _Line("VPN connection" + (", large tunnels" if large else ""), "hour", asked, ("data out",))
    if resource.get("transitGatewayId"):
        yield _attachment("TransitGatewayVPN", "a VPN connection")


def _attachment(operation: str, of: str) -> _Line:
    asked = _ask("AmazonVPC", "TransitGateway-Hours", operation=operation)
    return _Line(f"attachment of {of} to the transit gateway", "hour", asked, ("data through the transit gateway",))


def _endpoint(resource: Resource, _: Graphs) -> Iterator[_Line]:
    if resource.get("vpcEndpointType") == "Interface":
        asked = _ask("AmazonVPC", "VpcEndpoint-Hours", productFamily="VpcEndpoint")
        count = float(len(resource.get("subnetIds") or ()))
        yield _Line("interface endpoint, in each zone", "hour", asked, ("data through endpoints",), count)


def _replicator(resource: Resource, _: Graphs) -> Iterator[_Line]:
    name, two = str(resource.get("replicationInstanceClass")), bool(resource.get("multiAz"))
    asked = _ask(
        "AWSDatabaseMigrationSvc",
        instanceType=name.removeprefix("dms."),
        availabilityZone="Multiple" if two else "Single",
    )
    yield _Line(f"DMS, {name}{', Multi-AZ' if two else ''}", "hour", asked, ("its logs beyond what comes along",))


def _balancer(resource: Resource, _: Graphs) -> Iterator[_Line]:
    kind = "Network" if resource.get("loadBalancerType") == "network" else "Application"
    asked = _ask("AWSELB", "LoadBalancerUsage", productFamily=f"Load Balancer-{kind}", locationType="AWS Region")
    yield _Line(f"{kind} Load Balancer", "hour", asked, ("capacity units (LCU)",))


def _directory(resource: Resource, _: Graphs) -> Iterator[_Line]:
    size = str(resource.get("size") or "Small")
    yield _Line(f"AD Connector, {size}", "hour")


def _addresses(resource: Resource) -> float:
    return float(len(resource.get("ipAddresses") or ()))


def _copies(resource: Resource) -> float:
    replicas: Any = resource.get("replicas") or ()
    return 1.0 + len(replicas)


_BUCKET = _Line("bucket", "use", None, ("GB stored, by class", "requests", "tiering", "replication"))
TOLD: Mapping[str, Tell] = {
    "aws:autoscaling/group:Group": _hosts,
    "aws:backup/vault:Vault": _each(_Line("backup vault", "use", None, ("GB of recovery points", "restore tests"))),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _each(
        _Line("composite alarm", "month", _ask("AmazonCloudWatch", productFamily="Alarm", alarmType="Composite"))
    ),
    "aws:cloudwatch/dashboard:Dashboard": _each(
        _Line("dashboard", "month", _ask("AmazonCloudWatch", productFamily="Dashboard"))
    ),
    "aws:cloudwatch/logGroup:LogGroup": _each(_Line("log group", "use", None, ("GB taken in", "GB kept"))),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _each(
        _Line("alarm", "month", _ask("AmazonCloudWatch", "CW:AlarmMonitorUsage", productFamily="Alarm", alarmType="Standard"))
    ),
    "aws:directconnect/connection:Connection": _circuit,
    "aws:directoryservice/directory:Directory": _directory,
    "aws:dms/replicationInstance:ReplicationInstance": _replicator,
    "aws:ec2/eip:Eip": _each(
        _Line("public IPv4 address", "hour", _ask("AmazonVPC", "PublicIPv4:InUseAddress", group="VPCPublicIPv4Address"))
    ),
    "aws:ec2/natGateway:NatGateway": _each(
        _Line("NAT gateway", "hour", _ask("AmazonEC2", "NatGateway-Hours", productFamily="NAT Gateway"), ("data through it",))
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:ec2/vpnConnection:VpnConnection": _vpn,
    "aws:ec2clientvpn/networkAssociation:NetworkAssociation": _each(
        _Line(
            "Client VPN, in each zone", "hour", _ask("AmazonVPC", "ClientVPN-EndpointHours"), ("connected users, by the hour",)
        )
    ),
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": _each(_attachment("TransitGatewayPeering", "another region")),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": _each(_attachment("TransitGatewayVPC", "the VPC")),
    "aws:ecr/repository:Repository": _each(_Line("image repository", "use", None, ("GB of images",))),
    "aws:efs/fileSystem:FileSystem": _each(_Line("EFS file system", "use", None, ("GB stored, by class", "GB read"))),
    "aws:kms/key:Key": _each(
        _Line("KMS key", "month", _ask("awskms", "KMS-Keys", productFamily="Encryption Key"), ("requests",))
    ),
    "aws:lb/loadBalancer:LoadBalancer": _balancer,
    "aws:rds/instance:Instance": _by_class,
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": _each(
        _Line("copies of the database's backups in another region", "use", None, ("GB kept", "data to the other region"))
    ),
    "aws:rds/snapshotCopy:SnapshotCopy": _each(_Line("copy of a snapshot", "use", None, ("GB kept",))),
    "aws:route53/resolverEndpoint:ResolverEndpoint": _several(
        _Line(
            "address of a Resolver endpoint",
            "hour",
            _ask("AmazonRoute53", "ResolverNetworkInterface", productFamily="DNS Query"),
            ("queries",),
        ),
        _addresses,
    ),
    "aws:route53/zone:Zone": _each(_Line("hosted zone", "use", None, ("queries",))),
    "aws:s3/bucket:Bucket": _each(_BUCKET),
    "aws:secretsmanager/secret:Secret": _several(
        _Line("secret, in each region", "month", _ask("AWSSecretsManager", "AWSSecretsManager-Secrets"), ("calls",)), _copies
    ),
    "aws:sns/topic:Topic": _each(_Line("topic", "use", None, ("messages",))),
    "aws:ssm/activation:Activation": _each(
        _Line("servers on-premises", "use", None, ("hours of each server in ECS Anywhere",))
    ),
    "aws:ssm/serviceSetting:ServiceSetting": _each(
        _Line("advanced tier of managed nodes", "use", None, ("hours of each server on-premises",))
    ),
    "aws:storagegateway/gateway:Gateway": _each(_Line("File Gateway", "use", None, ("GB written through it",))),
    "aws:xray/samplingRule:SamplingRule": _each(_Line("tracing", "use", None, ("traces",))),
}
"""Type -> what is billed of it. A type that is not here is free, or billed by use that something here tells of."""
