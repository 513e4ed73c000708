"""What the stacks need of the account's quotas, beside what AWS grants an account at first."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from proofs.drills.graph import Graphs
from report.picture.local import found

VPC = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"
ENDPOINTS = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html"
VPN = "https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-limits.html"
DIRECT_CONNECT = "https://docs.aws.amazon.com/directconnect/latest/UserGuide/limits.html"
BALANCER = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html"
EC2 = "https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html"
RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html"
RESOLVER = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


Needed = Callable[[Graphs], Mapping[str, int]]
"""Works out, region by region, how much is needed."""


@dataclass(frozen=True)
class Quota:
    """A quota of a region, or of something in it."""

    name: str
    granted: int
    """Without having asked for more."""
    needed: dict[str, int]
    """Region -> how much."""
    source: str

    @property
    def enough(self) -> bool:
        """Whether what is granted at first is enough, with nothing else in the account."""
        return self.share <= 1

    @property
    def share(self) -> float:
        """How much of it is needed, where that is most."""
        return max(self.needed.values()) / self.granted


def quotas(graphs: Graphs) -> list[Quota]:
    """What is needed of each; the closest to its bound comes first."""
    told = [Quota(name, granted, dict(needed(graphs)), source) for name, granted, source, needed in QUOTAS]
    return sorted((one for one in told if any(one.needed.values())), key=lambda one: (-one.share, one.name))


def _counted(*types: str) -> Needed:
    """One of these resources counts one."""
    return lambda graphs: Counter(one.region for one in graphs.of(*types))


def _most(pairs: Callable[[Graphs], Iterator[tuple[str, object]]]) -> Needed:
    """Whatever has the most of something decides: `pairs` gives the region and the owner of each."""

    def needed(graphs: Graphs) -> dict[str, int]:
        by: dict[str, Counter[object]] = defaultdict(Counter)
        for region, owner in pairs(graphs):
            by[region][owner] += 1
        return {region: max(counts.values()) for region, counts in by.items()}

    return needed


def _nat_by_zone(graphs: Graphs) -> Iterator[tuple[str, object]]:
    yield from (
        (one.region, graphs.zone_of.get(str(one.get("subnetId")))) for one in graphs.of("aws:ec2/natGateway:NatGateway")
    )


def _interface_endpoints(graphs: Graphs) -> Iterator[tuple[str, object]]:
    for one in graphs.of("aws:ec2/vpcEndpoint:VpcEndpoint"):
        if one.get("vpcEndpointType") == "Interface":
            yield one.region, one.get("vpcId")


def _rules(type_: str) -> Callable[[Graphs], Iterator[tuple[str, object]]]:
    def pairs(graphs: Graphs) -> Iterator[tuple[str, object]]:
        yield from ((one.region, one.get("securityGroupId")) for one in graphs.of(type_))

    return pairs


def _vpns(graphs: Graphs) -> Iterator[tuple[str, object]]:
    for one in graphs.of("aws:ec2/vpnConnection:VpnConnection"):
        if one.get("vpnGatewayId"):
            yield one.region, one.get("vpnGatewayId")


def _circuits(graphs: Graphs) -> Iterator[tuple[str, object]]:
    yield from ((one.region, one.get("location")) for one in graphs.of("aws:directconnect/connection:Connection"))


def _listener_rules(graphs: Graphs) -> Iterator[tuple[str, object]]:
    listeners = graphs.of("aws:lb/listener:Listener")
    for one in graphs.of("aws:lb/listenerRule:ListenerRule"):
        listener = found(listeners, one.get("listenerArn"))
        yield one.region, listener.get("loadBalancerArn") if listener else ""


def _replicas(graphs: Graphs) -> Iterator[tuple[str, object]]:
    yield from (
        (one.region, one.get("replicateSourceDb"))
        for one in graphs.of("aws:rds/instance:Instance")
        if one.get("replicateSourceDb")
    )


def _gateway_endpoints(graphs: Graphs) -> dict[str, int]:
    endpoints = graphs.of("aws:ec2/vpcEndpoint:VpcEndpoint")
    return Counter(one.region for one in endpoints if one.get("vpcEndpointType") != "Interface")


def _processors(graphs: Graphs) -> dict[str, int]:
    """With all hosts that may be there, and none of another family."""
    needed: Counter[str] = Counter()
    templates = graphs.of("aws:ec2/launchTemplate:LaunchTemplate")
    for group in graphs.of("aws:autoscaling/group:Group"):
        chosen = group.get("launchTemplate") or {}
        template = found(templates, chosen.get("id") or chosen.get("name"))
        if template:
            needed[group.region] += int(group.get("maxSize") or 0) * processors(str(template.get("instanceType")))
    return needed


def processors(instance_type: str) -> int:
    """The vCPUs of an instance type; 0 for one that the emulator does not know."""
    from moto.ec2.models.instance_types import INSTANCE_TYPES  # noqa: PLC0415 - a megabyte

    known = INSTANCE_TYPES.get(instance_type) or {}
    return int((known.get("VCpuInfo") or {}).get("DefaultVCpus", 0))


QUOTAS: tuple[tuple[str, int, str, Needed], ...] = (
    ("VPCs per region", 5, VPC, _counted("aws:ec2/vpc:Vpc")),
    ("Elastic IP addresses per region", 5, VPC, _counted("aws:ec2/eip:Eip")),
    ("NAT gateways per zone", 5, VPC, _most(_nat_by_zone)),
    ("Inbound rules per security group", 60, VPC, _most(_rules(INGRESS))),
    ("Outbound rules per security group", 60, VPC, _most(_rules(EGRESS))),
    ("Interface endpoints per VPC", 50, ENDPOINTS, _most(_interface_endpoints)),
    ("Gateway endpoints per region", 20, ENDPOINTS, _gateway_endpoints),
    ("VPN connections per virtual private gateway", 10, VPN, _most(_vpns)),
    ("Customer gateways per region", 50, VPN, _counted("aws:ec2/customerGateway:CustomerGateway")),
    ("Direct Connect connections per location", 10, DIRECT_CONNECT, _most(_circuits)),
    ("Resolver endpoints per region", 4, RESOLVER, _counted("aws:route53/resolverEndpoint:ResolverEndpoint")),
    ("Target groups per Application Load Balancer", 100, BALANCER, _counted("aws:lb/targetGroup:TargetGroup")),
    ("Rules per Application Load Balancer", 100, BALANCER, _most(_listener_rules)),
    ("RDS instances per region", 40, RDS, _counted("aws:rds/instance:Instance")),
    ("Read replicas per primary", 15, RDS, _most(_replicas)),
    ("vCPUs of running On-Demand Standard instances", 5, EC2, _processors),
)
"""Name, what is granted at first, who says so, and what is needed."""
