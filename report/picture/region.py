"""One stack's region: its VPC with what stands in it, and the services around."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network
from typing import Any

from proofs.drills.graph import Graph, Graphs, Resource
from report.picture import site
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
    "aws:ec2transitgateway/transitGateway:TransitGateway": ("transit-gateway", "Transit gateway"),
}
INSTANCE = "aws:rds/instance:Instance"
GROUP = "aws:autoscaling/group:Group"
SYSTEMS_MANAGER = {
    "aws:ssm/activation:Activation": "hybrid nodes",
    "aws:ssm/maintenanceWindow:MaintenanceWindow": "patches",
    "aws:ssm/document:Document": "documents",
}


class Region:
    """The shapes of one stack."""

    def __init__(self, sketch: Sketch, graphs: Graphs, graph: Graph) -> None:
        self.sketch, self.graphs, self.graph = sketch, graphs, graph
        self.name = f"Region {graph.region} ({graph.stack})"
        self.subnets = {subnet.id: subnet for subnet in graphs.of("aws:ec2/subnet:Subnet")}
        self.area = sketch.area(graph.stack, "region", self.name)
        inside = [vpc.get("cidrBlock") for vpc in graphs.of("aws:ec2/vpc:Vpc")]
        inside += [one.get("clientCidrBlock") for one in graphs.of("aws:ec2clientvpn/endpoint:Endpoint")]
        self.networks = [IPv4Network(cidr) for cidr in inside]
        """Addresses that are not on-premises."""

    def draw(self) -> None:
        """Everything of the stack."""
        for vpc in self.graph.of("aws:ec2/vpc:Vpc"):
            self.sketch.area(self._vpc(vpc.id), "vpc", f"VPC {vpc.get('cidrBlock')}", self.area)
        for step in STEPS:
            step(self)

    def id(self, name: str) -> str:
        """The id of a shape of this stack."""
        return f"{self.graph.stack}/{name}"

    def shape(self, name: str, kind: ShapeKind, title: str, subnets: Iterable[Any] = (), detail: Iterable[str] = ()) -> str:
        """A shape of this stack, in the tier of these subnets; without any, beside the VPC."""
        return self.sketch.shape(self.id(name), kind, title, self._tier(subnets), detail)

    def _vpc(self, identifier: Any) -> str:
        return self.id(f"vpc/{[vpc.id for vpc in self.graph.of('aws:ec2/vpc:Vpc')].index(identifier)}")

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
            for hub in self.graph.of(type_):
                vpc = hub.get("vpcId")
                area = self._vpc(vpc) if vpc else self.area
                self.sketch.shape(self.id("hub"), kind, title, area)

    def links(self) -> None:
        """Direct Connect and the VPN behind it, up to the hub."""
        associations = self.graph.of("aws:directconnect/gatewayAssociation:GatewayAssociation")
        carried = {*site.carried(self.graphs).values()}
        for one in associations:
            line: Line = "main" if one.get("dxGatewayId") in carried else "planned"
            self.sketch.edge(site.gateway_id(self.graphs, one.get("dxGatewayId")), self.id("hub"), line)
        backup = bool(carried & {one.get("dxGatewayId") for one in associations})
        for vpn in self.graph.of(site.VPN):
            router = self.graph.find(vpn.get("customerGatewayId"), site.ROUTER)
            name = site.router_name(router) if router else vpn.called
            detail = [self.graph.region if len(self.graphs.stacks) > 1 else "", f"{name}, 2 tunnels"]
            title = "VPN, backup" if backup else "VPN"
            identifier = self.sketch.shape(f"links/vpn/{self.graph.stack}/{name}", "vpn", title, site.LINKS, detail)
            line = "backup" if backup else "main"
            self.sketch.edge(site.ROUTERS, identifier, line)
            self.sketch.edge(identifier, self.id("hub"), line)

    def balancers(self) -> None:
        """Load balancers."""
        for balancer in self.graph.of("aws:lb/loadBalancer:LoadBalancer"):
            detail = ["internal" if balancer.get("internal") else "internet-facing"]
            self.shape("balancer", "balancer", "Application Load Balancer", balancer.get("subnets") or (), detail)

    def hosts(self) -> None:
        """The hosts of containers, with what runs on them."""
        services = [one for one in self.graph.of(site.SERVICE) if one.get("launchType") != "EXTERNAL"]
        names = sorted({site.workload(self.graph, service) for service in services})
        for group in self.graph.of(GROUP):
            least, most = int(group.get("minSize", 0)), int(group.get("maxSize", 0))
            number = f"{least} to {most} instances" if most else "no instances"
            self.shape("hosts", "hosts", "ECS hosts on EC2", group.get("vpcZoneIdentifiers") or (), [number, ", ".join(names)])

    def databases(self) -> None:
        """The database, its replicas, and what migrates into it."""
        instances = self.graph.of(INSTANCE)
        for instance in instances:
            primary = self.graphs_find(instance.get("replicateSourceDb"))
            standby = "Multi-AZ" if instance.get("multiAz") else "single zone"
            subnets = self.database_subnets(instance, primary)
            if primary is None or primary.stack != self.graph.stack:
                role = f"replica of {primary.region}" if primary else "primary"
                self.shape("database", "database", "RDS for PostgreSQL", subnets, [role, standby])
            else:
                count = sum(one.get("replicateSourceDb") in primary.names() for one in instances)
                self.shape("replicas", "replicas", "Read replicas", subnets, [counted(count, "replica")])
        for instance in self.graph.of("aws:dms/replicationInstance:ReplicationInstance"):
            group = self.graph.find(
                instance.get("replicationSubnetGroupId"), "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup"
            )
            types = {one.get("migrationType") for one in self.graph.of("aws:dms/replicationTask:ReplicationTask")}
            detail = sorted(str(type_).replace("-and-", " and ").replace("-", " ").replace("cdc", "CDC") for type_ in types)
            self.shape("migration", "migration", "DMS", (group.get("subnetIds") if group else None) or (), detail)

    def graphs_find(self, reference: Any) -> Resource | None:
        """The database instance of any stack that a reference leads to."""
        return next((found for graph in self.graphs.stacks if (found := graph.find(reference, INSTANCE))), None)

    def database_subnets(self, instance: Resource, primary: Resource | None) -> list[str]:
        """Where an instance may be: a replica in its primary's region need not say it again."""
        name = instance.get("dbSubnetGroupName") or (primary.get("dbSubnetGroupName") if primary else None)
        group = self.graph.find(name, "aws:rds/subnetGroup:SubnetGroup")
        return list(group.get("subnetIds") or ()) if group else []

    def network_services(self) -> None:
        """Ways out, and ways to services."""
        gateways = self.graph.of("aws:ec2/natGateway:NatGateway")
        if gateways:
            title = "NAT gateway" if len(gateways) == 1 else f"{len(gateways)} NAT gateways"
            self.shape("nat", "nat", title, [one.get("subnetId") for one in gateways], ["outbound only"])
        endpoints = [
            one for one in self.graph.of("aws:ec2/vpcEndpoint:VpcEndpoint") if one.get("vpcEndpointType") == "Interface"
        ]
        if endpoints:
            subnets = [subnet for one in endpoints for subnet in one.get("subnetIds") or ()]
            self.shape("endpoints", "endpoints", "Interface endpoints", subnets, [counted(len(endpoints), "service")])
        resolvers = self.graph.of("aws:route53/resolverEndpoint:ResolverEndpoint")
        if resolvers:
            subnets = [one.get("subnetId") for resolver in resolvers for one in resolver.get("ipAddresses") or ()]
            detail = ", ".join(sorted(str(resolver.get("direction")).lower() for resolver in resolvers))
            self.shape("resolver", "resolver", "Route 53 Resolver", subnets, [detail])
        for directory in self.graph.of("aws:directoryservice/directory:Directory"):
            settings = directory.get("connectSettings") or directory.get("vpcSettings") or {}
            title = "AD Connector" if directory.get("type") == "ADConnector" else "Managed AD"
            self.shape("directory", "directory", title, settings.get("subnetIds") or (), [str(directory.get("name"))])
        for _ in self.graph.of("aws:ec2clientvpn/endpoint:Endpoint"):
            found = self.graph.of("aws:ec2clientvpn/networkAssociation:NetworkAssociation")
            self.shape("client-vpn", "client-vpn", "Client VPN", [one.get("subnetId") for one in found])

    def storage(self) -> None:
        """Buckets that hold files, not logs; file systems; images."""
        logs = {one.get("targetBucket") for one in self.graph.of("aws:s3/bucketLogging:BucketLogging")}
        logs |= {(one.get("accessLogs") or {}).get("bucket") for one in self.graph.of("aws:lb/loadBalancer:LoadBalancer")}
        if any(not logs & {*bucket.names()} for bucket in self.graph.of("aws:s3/bucket:Bucket")):
            versions = self.graph.of("aws:s3/bucketVersioning:BucketVersioning")
            self.shape("bucket", "bucket", "S3 bucket", (), ["files", "versioned" if versions else ""])
        if self.graph.of("aws:efs/fileSystem:FileSystem"):
            targets = self.graph.of("aws:efs/mountTarget:MountTarget")
            self.shape("file-system", "file-system", "EFS", [one.get("subnetId") for one in targets])
        repositories = self.graph.of("aws:ecr/repository:Repository")
        if repositories:
            self.shape("registry", "registry", "ECR", (), [counted(len(repositories), "repository", "repositories")])

    def management(self) -> None:
        """What runs and keeps all of it."""
        uses = [use for type_, use in SYSTEMS_MANAGER.items() if self.graph.of(type_)]
        if uses:
            self.shape("systems-manager", "systems-manager", "Systems Manager", (), [", ".join(uses[:2])])
        alarms = len(self.graph.of("aws:cloudwatch/metricAlarm:MetricAlarm"))
        if alarms:
            self.shape("watch", "watch", "CloudWatch", (), [counted(alarms, "alarm")])
        if self.graph.of("aws:backup/vault:Vault"):
            rules = [rule.get("ruleName") for plan in self.graph.of("aws:backup/plan:Plan") for rule in plan.get("rules") or ()]
            self.shape("backup", "backup", "AWS Backup", (), [", ".join(map(str, rules))])


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
