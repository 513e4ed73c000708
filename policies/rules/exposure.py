"""Nothing can be reached from the internet."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity

from .buckets import BUCKET
from .making import Check, Stack, refers, resource_policy, stack_policy
from .reading import UNKNOWN, each, elements, get, is_true, known, maybe_true
from .stack import on_premises_cidrs

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""RFC 1918, RFC 6598 and RFC 4193: addresses that the internet does not route."""

INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
GROUP = "aws:ec2/securityGroup:SecurityGroup"

Found = Iterator[str]


def _admitted(options: Mapping[str, Any], *blocks: Any) -> Found:
    allowed = [ip_network(block, strict=False) for block in (*PRIVATE, *on_premises_cidrs(), *options["allowedCidrs"])]
    for block in known(list(blocks)):
        network = ip_network(block, strict=False)
        if not any(network.version == wide.version and network.subnet_of(wide) for wide in allowed):  # type: ignore[arg-type]
            yield (
                f"it admits {block}; allowed: private addresses and the stack's onPremises.cidrs; "
                "admit a security group, or the block that needs it"
            )


def _ingress_rule(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    blocks = [*each(resource, "cidrIpv4"), *each(resource, "cidrIpv6")]
    yield from _admitted(options, *blocks)


def _rule(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    if get(resource, "type") == "ingress":
        yield from _admitted(options, *each(resource, "cidrBlocks"), *each(resource, "ipv6CidrBlocks"))


def _group(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    blocks = [*each(resource, "ingress.cidrBlocks"), *each(resource, "ingress.ipv6CidrBlocks")]
    yield from _admitted(options, *blocks)


def _default_group(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    for way in ("ingress", "egress"):
        rules = get(resource, way)
        if rules is not UNKNOWN and (rules := elements(rules)):
            yield (
                f"the default security group has {len(rules)} {way} rules; allowed: none, since whatever is made without a "
                "group of its own gets this one; make a group for what needs them"
            )


ALLOWED_CIDRS = {
    "allowedCidrs": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "description": "Blocks beside the private ones and the stack's onPremises.cidrs that may be admitted.",
    }
}


def _unless(path: str, wanted: bool, what: str) -> Check:
    """A check that a switch stands as `wanted`; not given, it counts as off."""

    def check(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
        values = each(resource, path) or [None]
        if any(value is not UNKNOWN and is_true(value) is not wanted for value in values):
            yield f"{path} is {'false' if wanted else 'true'}; allowed: {str(wanted).lower()}; {what}"

    return check


def _subnet(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    tier = get(resource, "tags.SubnetType")
    if is_true(get(resource, "mapPublicIpOnLaunch")) and tier is not UNKNOWN and tier != "Public":
        yield (
            f"mapPublicIpOnLaunch is true in a subnet whose SubnetType is {tier}; allowed: only in Public, which holds nothing "
            "but NAT gateways; turn it off"
        )


def _zone(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    if not elements(get(resource, "vpcs")):
        yield "the hosted zone has no vpcs, so that it is public; allowed: private zones; give it the VPC"


def _by_nature(resource: ResourceValidationArgs, options: Mapping[str, Any]) -> Found:
    yield f"{resource.resource_type} is there to be reached from the internet; allowed: nothing that is; remove it"


def _addresses(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    gateways = stack.of("aws:ec2/natGateway:NatGateway")
    for address in stack.of("aws:ec2/eip:Eip"):
        if not any(refers(gateway, "allocationId", address) or _named(gateway, address) for gateway in gateways):
            yield (
                address,
                "the public address belongs to no NAT gateway; allowed: public addresses of NAT gateways only; remove it",
            )


LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"
BY_LIST = {INGRESS_RULE: "prefixListId", RULE: "prefixListIds", GROUP: "ingress.prefixListIds"}
"""Type -> the property by which it admits the networks of a prefix list."""


def _lists(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    lists = stack.of(LIST)
    for rule in stack.of(*BY_LIST):
        if rule.resource_type == RULE and get(rule, "type") != "ingress":
            continue
        path = BY_LIST[rule.resource_type]
        named = [one for one in lists if refers(rule, path, one)]
        for one in named:
            entries = stack.parts(ENTRY, one, "prefixListId")
            blocks = [*each(one, "entries.cidr"), *(get(entry, "cidr") for entry in entries)]
            for message in _admitted(stack.options, *blocks):
                yield rule, f"by {one.name}, {message}"
        identifiers = {get(one, "id") for one in lists}
        for other in known(each(rule, path)):
            if other not in identifiers and UNKNOWN not in identifiers:
                yield (
                    rule,
                    f"it admits the prefix list {other}, which is not of this stack, so that nobody here knows its networks; "
                    "allowed: lists of the stack; admit the blocks that need it",
                )


BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _buckets(stack: Stack) -> Iterator[tuple[PolicyResource | None, str]]:
    for bucket in stack.of(BUCKET):
        blocks = stack.parts("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket, "bucket")
        off = [name for name in BLOCKS if not any(maybe_true(get(block, name)) for block in blocks)]
        if off:
            yield bucket, f"{', '.join(off)} are off; allowed: all on; add a BucketPublicAccessBlock with all four"


def _named(gateway: PolicyResource, address: PolicyResource) -> bool:
    identifier = get(address, "allocationId")
    return isinstance(identifier, str) and identifier == get(gateway, "allocationId")


POLICIES = [
    resource_policy(
        "no-internet-ingress",
        "Security groups admit nobody from the internet.",
        {
            INGRESS_RULE: _ingress_rule,
            RULE: _rule,
            GROUP: _group,
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _default_group,
        },
        severity=Severity.CRITICAL,
        options=ALLOWED_CIDRS,
    ),
    stack_policy(
        "no-internet-by-prefix-list",
        "Security groups admit nobody from the internet by a prefix list either.",
        _lists,
        severity=Severity.CRITICAL,
        options=ALLOWED_CIDRS,
    ),
    resource_policy(
        "no-public-endpoints",
        "Nothing has an address or a name on the internet.",
        {
            "aws:lb/loadBalancer:LoadBalancer": _unless("internal", True, "make the load balancer internal"),
            "aws:alb/loadBalancer:LoadBalancer": _unless("internal", True, "make the load balancer internal"),
            "aws:elb/loadBalancer:LoadBalancer": _unless("internal", True, "make the load balancer internal"),
            "aws:rds/instance:Instance": _unless("publiclyAccessible", False, "turn it off"),
            "aws:rds/clusterInstance:ClusterInstance": _unless("publiclyAccessible", False, "turn it off"),
            "aws:dms/replicationInstance:ReplicationInstance": _unless("publiclyAccessible", False, "turn it off"),
            "aws:ec2/instance:Instance": _unless("associatePublicIpAddress", False, "turn it off"),
            "aws:ec2/launchTemplate:LaunchTemplate": _unless(
                "networkInterfaces.associatePublicIpAddress", False, "turn it off"
            ),
            "aws:ecs/service:Service": _unless("networkConfiguration.assignPublicIp", False, "turn it off"),
            "aws:ec2/subnet:Subnet": _subnet,
            "aws:route53/zone:Zone": _zone,
            "aws:lambda/functionUrl:FunctionUrl": _by_nature,
            "aws:apigateway/": _by_nature,
            "aws:apigatewayv2/": _by_nature,
            "aws:apprunner/": _by_nature,
            "aws:cloudfront/": _by_nature,
            "aws:ecrpublic/": _by_nature,
            "aws:globalaccelerator/": _by_nature,
            "aws:lightsail/": _by_nature,
        },
        severity=Severity.CRITICAL,
    ),
    stack_policy(
        "public-addresses-are-for-nat",
        "Public addresses belong to NAT gateways, which let nobody in.",
        _addresses,
        severity=Severity.CRITICAL,
    ),
    stack_policy("buckets-are-private", "Nobody can make a bucket public.", _buckets, severity=Severity.CRITICAL),
]
