"""One region: its VPCs with what stands in them, and the services around."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network
from typing import Any

from proofs.drills.graph import Resource
from report.picture import site
from report.picture.local import Local, found
from report.picture.model import AreaKind, Line, ShapeKind
from report.picture.sketch import Sketch

TIERS: dict[str, tuple[AreaKind, str]] = {
    "Public": ("public", "Public subnets"),
    "Private": ("private", "Private subnets"),
    "Isolated": ("isolated", "Isolated subnets"),
}
"""Tag SubnetType -> area."""
HUBS: dict[str, tuple[ShapeKind, str]] = {
    "aws:ec2/vpnGateway:VpnGateway": ("vpn-gateway", "Virtual private gateway"),
    site.TRANSIT_GATEWAY: ("transit-gateway", "Transit gateway"),
}
INSTANCE = "aws:rds/instance:Instance"
GROUP = "aws:autoscaling/group:Group"
SYSTEMS_MANAGER = {
    "aws:ssm/activation:Activation": "hybrid nodes",
    "aws:ssm/maintenanceWindow:MaintenanceWindow": "patches",
    "aws:ssm/document:Document": "documents",
}


class Region:
    """The shapes of one region."""

    def __init__(self, sketch: Sketch, local: Local) -> None:
        self.sketch, self.local, graphs = sketch, local, local.graphs
        self.subnets = {subnet.id: subnet for subnet in graphs.of("aws:ec2/subnet:Subnet")}
        label = f"Region {local.region}" + (f" ({', '.join(local.stacks)})" if local.stacks else "")
        self.area = sketch.area(local.region, "region", label)
        inside = [vpc.get("cidrBlock") for vpc in graphs.of("aws:ec2/vpc:Vpc")]
        inside += [one.get("clientCidrBlock") for one in graphs.of("aws:ec2clientvpn/endpoint:Endpoint")]
        self.networks = [IPv4Network(cidr) for cidr in inside]
        """Addresses that are not on-premises."""

    def draw(self) -> None:
        """Everything in the region."""
        for vpc in self.local.of("aws:ec2/vpc:Vpc"):
            self.sketch.area(self._vpc(vpc.id), "vpc", f"VPC {vpc.get('cidrBlock')}", self.area)
        for step in STEPS:
            step(self)

    def id(self, name: str) -> str:
        """The id of a shape of this region."""
        return f"{self.local.region}/{name}"

    def shape(self, name: str, kind: ShapeKind, title: str, subnets: Iterable[Any] = (), detail: Iterable[str] = ()) -> str:
        """A shape of this region, in the tier of these subnets; without any, beside the VPC."""
        return self.sketch.shape(self.id(name), kind, title, self._tier(subnets), detail)

    def _vpc(self, identifier: Any) -> str:
        return self.id(f"vpc/{[vpc.id for vpc in self.local.of('aws:ec2/vpc:Vpc')].index(identifier)}")

    def _tier(self, subnets: Iterable[Any]) -> str:
        found = [self.subnets[one] for one in subnets if one in self.subnets]
        if not found:
            return self.area
        vpc = self._vpc(found[0].get("vpcId"))
        type_ = (found[0].get("tags") or {}).get("SubnetType")
        if type_ not in TIERS:
            return vpc
        kind, label = TIERS[type_]
        zones = {
            subnet.get("availabilityZone")
            for subnet in self.subnets.values()
            if subnet.get("vpcId") == found[0].get("vpcId") and (subnet.get("tags") or {}).get("SubnetType") == type_
        }
        return self.sketch.area(f"{vpc}/{kind}", kind, f"{label}, {counted(len(zones), 'zone')}", vpc)

    def hubs(self) -> None:
        """Where the links arrive, and what attaches to them."""
        for type_, (kind, title) in HUBS.items():
            for hub in self.local.of(type_):
                vpc = hub.get("vpcId")
                area = self._vpc(vpc) if vpc else self.area
                self.sketch.shape(self.id("hub"), kind, title, area)
        theirs = site.joined(self.local.graphs)
        for attachment in self.local.of(site.ATTACHMENT):
            if attachment.get("transitGatewayId") in theirs:
                self.sketch.shape(self.id("hub"), "transit-gateway", "Transit gateway", self.area, [site.THEIRS])
                self.sketch.edge(site.ROUTERS, self.id("hub"), "main")

    def links(self) -> None:
        """Direct Connect and the VPN behind it, up to the hub."""
        associations = self.local.of(*site.ASSOCIATIONS)
        carried = {*site.carried(self.local.graphs).values(), *site.joined(self.local.graphs)}
        for one in associations:
            line: Line = "main" if one.get("dxGatewayId") in carried else "planned"
            self.sketch.edge(site.gateway_id(self.local.graphs, one.get("dxGatewayId")), self.id("hub"), line)
        backup = bool(carried & {one.get("dxGatewayId") for one in associations})
        for vpn in self.local.of(site.VPN):
            router = self.local.find(vpn.get("customerGatewayId"), site.ROUTER)
            name = site.router_name(router) if router else vpn.called
            detail = [self.local.region if len(self.local.graphs.stacks) > 1 else "", f"{name}, 2 tunnels"]
            title = "VPN, backup" if backup else "VPN"
            identifier = self.sketch.shape(f"links/vpn/{self.local.region}/{name}", "vpn", title, site.LINKS, detail)
            line = "backup" if backup else "main"
            self.sketch.edge(site.routers_at(site.site_of(vpn)), identifier, line)
            self.sketch.edge(identifier, self.id("hub"), line)

    def balancers(self) -> None:
        """Load balancers."""
        for balancer in self.local.of("aws:lb/loadBalancer:LoadBalancer"):
            detail = ["internal" if balancer.get("internal") else "internet-facing"]
            self.shape("balancer", "balancer", "Application Load Balancer", balancer.get("subnets") or (), detail)

    def hosts(self) -> None:
        """The hosts of containers, with what runs on them."""
        services = [one for one in self.local.of(site.SERVICE) if one.get("launchType") != "EXTERNAL"]
        names = sorted({site.workload(self.local.graphs, service) for service in services})
        for group in self.local.of(GROUP):
            least, most = int(group.get("minSize", 0)), int(group.get("maxSize", 0))
            number = f"{least} to {most} instances" if most else "no instances"
            detail = [number, site.running(names)]
            self.shape("hosts", "hosts", "ECS hosts on EC2", group.get("vpcZoneIdentifiers") or (), detail)

    def databases(self) -> None:
        """The database, its replicas, and what migrates into it."""
        instances = self.local.of(INSTANCE)
        for instance in instances:
            primary = self.primary(instance)
            standby = "Multi-AZ" if instance.get("multiAz") else "single zone"
            subnets = self.database_subnets(instance, primary)
            if primary is None or primary.region != self.local.region:
                role = f"replica of {primary.region}" if primary else "primary"
                self.shape("database", "database", "RDS for PostgreSQL", subnets, [role, standby])
            else:
                count = sum(one.get("replicateSourceDb") in primary.names() for one in instances)
                self.shape("replicas", "replicas", "Read replicas", subnets, [counted(count, "replica")])
        if self.local.of("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"):
            self.shape("database-backups", "database-backups", "RDS automated backups")
        for instance in self.local.of("aws:dms/replicationInstance:ReplicationInstance"):
            group = self.local.find(
                instance.get("replicationSubnetGroupId"), "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup"
            )
            types = {one.get("migrationType") for one in self.local.of("aws:dms/replicationTask:ReplicationTask")}
            detail = sorted(str(type_).replace("-and-", " and ").replace("-", " ").replace("cdc", "CDC") for type_ in types)
            self.shape("migration", "migration", "DMS", (group.get("subnetIds") if group else None) or (), detail)

    def primary(self, instance: Resource) -> Resource | None:
        """The instance of any region that this one is a replica of."""
        return found(self.local.graphs.of(INSTANCE), instance.get("replicateSourceDb"))

    def database_subnets(self, instance: Resource, primary: Resource | None) -> list[str]:
        """Where an instance may be: a replica in its primary's region need not say it again."""
        name = instance.get("dbSubnetGroupName") or (primary.get("dbSubnetGroupName") if primary else None)
        group = self.local.find(name, "aws:rds/subnetGroup:SubnetGroup")
        return list(group.get("subnetIds") or ()) if group else []

    def network_services(self) -> None:
        """Ways out, and ways to services."""
        gateways = self.local.of("aws:ec2/natGateway:NatGateway")
        if gateways:
            title = "NAT gateway" if len(gateways) == 1 else f"{len(gateways)} NAT gateways"
            self.shape("nat", "nat", title, [one.get("subnetId") for one in gateways], ["outbound only"])
        endpoints = [
            one for one in self.local.of("aws:ec2/vpcEndpoint:VpcEndpoint") if one.get("vpcEndpointType") == "Interface"
        ]
        if endpoints:
            subnets = [subnet for one in endpoints for subnet in one.get("subnetIds") or ()]
            self.shape("endpoints", "endpoints", "Interface endpoints", subnets, [counted(len(endpoints), "service")])
        resolvers = self.local.of("aws:route53/resolverEndpoint:ResolverEndpoint")
        if resolvers:
            subnets = [one.get("subnetId") for resolver in resolvers for one in resolver.get("ipAddresses") or ()]
            detail = ", ".join(sorted(str(resolver.get("direction")).lower() for resolver in resolvers))
            self.shape("resolver", "resolver", "Route 53 Resolver", subnets, [detail])
        for directory in self.local.of("aws:directoryservice/directory:Directory"):
            settings = directory.get("connectSettings") or directory.get("vpcSettings") or {}
            title = "AD Connector" if directory.get("type") == "ADConnector" else "Managed AD"
            self.shape("directory", "directory", title, settings.get("subnetIds") or (), [str(directory.get("name"))])
        for _ in self.local.of("aws:ec2clientvpn/endpoint:Endpoint"):
            found = self.local.of("aws:ec2clientvpn/networkAssociation:NetworkAssociation")
            self.shape("client-vpn", "client-vpn", "Client VPN", [one.get("subnetId") for one in found])

    def storage(self) -> None:
        """Buckets that hold files, not logs; file systems; images."""
        logs = {one.get("targetBucket") for one in self.local.of("aws:s3/bucketLogging:BucketLogging")}
        logs |= {(one.get("accessLogs") or {}).get("bucket") for one in self.local.of("aws:lb/loadBalancer:LoadBalancer")}
        if any(not logs & {*bucket.names()} for bucket in self.local.of("aws:s3/bucket:Bucket")):
            versions = self.local.of("aws:s3/bucketVersioning:BucketVersioning")
            self.shape("bucket", "bucket", "S3 bucket", (), ["files", "versioned" if versions else ""])
        if self.local.of("aws:efs/fileSystem:FileSystem"):
            targets = self.local.of("aws:efs/mountTarget:MountTarget")
            self.shape("file-system", "file-system", "EFS", [one.get("subnetId") for one in targets])
        repositories = self.local.of("aws:ecr/repository:Repository")
        if repositories:
            self.shape("registry", "registry", "ECR", (), [counted(len(repositories), "repository", "repositories")])

    def management(self) -> None:
        """What runs and keeps all of it."""
        uses = [use for type_, use in SYSTEMS_MANAGER.items() if self.local.of(type_)]
        if uses:
            self.shape("systems-manager", "systems-manager", "Systems Manager", (), [", ".join(uses[:2])])
        alarms = len(self.local.of("aws:cloudwatch/metricAlarm:MetricAlarm"))
        if alarms:
            self.shape("watch", "watch", "CloudWatch", (), [counted(alarms, "alarm")])
        vaults, plans = self.local.of("aws:backup/vault:Vault"), self.local.of("aws:backup/plan:Plan")
        rules = [rule for plan in plans for rule in plan.get("rules") or ()]
        filled = {rule.get("targetVaultName") for rule in rules}
        if vaults:
            detail = [", ".join(str(rule.get("ruleName")) for rule in rules)]
            if any(not filled & {*vault.names()} for vault in vaults):
                detail.append("copies")
            self.shape("backup", "backup", "AWS Backup", (), detail)


STEPS: tuple[Callable[[Region], None], ...] = (
    Region.hubs,
    Region.links,
    Region.balancers,
    Region.hosts,
    Region.databases,
    Region.network_services,
    Region.storage,
    Region.management,
)


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number of things, for people."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"
