"""What the remote component `awsx:ec2:Vpc` makes, observed by running awsx 3.11: the same names, parents, inputs and outputs.

awsx components live in a plugin that the Pulumi CLI downloads and runs. Without the CLI nobody makes their children, so that
a mock monitor makes them here, through the callback it passes in. Only what Hybridge asks for is supported: the strategy
Auto with explicit `cidrBlocks`, the one combination in which awsx honours the blocks it is given. The order of the children is
ours: awsx registers each once its inputs are known, in another order in each run.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

TOKEN = "awsx:ec2:Vpc"


class Made(NamedTuple):
    """A child as the monitor made it."""

    urn: str
    id: str


Make = Callable[[str, str, str, dict[str, Any]], Made]
"""`make(type, name, parent URN, inputs)` creates a child."""


def children(name: str, urn: str, inputs: dict[str, Any], make: Make) -> dict[str, Any]:
    """Make every child of the component `name`; return its outputs, with `routeTables`, `subnets`, ... as `Made`.

    Raises ValueError for arguments that awsx would treat otherwise than written.
    """
    zones: list[str] = inputs["availabilityZoneNames"]
    specs: list[dict[str, Any]] = inputs["subnetSpecs"]
    if inputs.get("subnetStrategy") != "Auto" or any(len(spec.get("cidrBlocks") or ()) != len(zones) for spec in specs):
        raise ValueError(
            f"awsx.ec2.Vpc {name}: subnetStrategy {inputs.get('subnetStrategy')!r} with subnetSpecs {specs!r}; rehearsed "
            f"is only 'Auto' with one cidrBlocks entry per zone in every spec; pass both"
        )
    strategy = inputs.get("natGateways", {}).get("strategy", "OnePerAz")
    shared = {"region": inputs["region"]} if "region" in inputs else {}
    tags = inputs.get("tags", {})

    vpc = make(
        "aws:ec2/vpc:Vpc",
        name,
        urn,
        {
            **{
                key: inputs[key]
                for key in ("cidrBlock", "enableDnsHostnames", "enableDnsSupport", "instanceTenancy")
                if key in inputs
            },
            "tags": {**tags, "Name": name},
            **shared,
        },
    )
    gateway = make(
        "aws:ec2/internetGateway:InternetGateway", name, vpc.urn, {"vpcId": vpc.id, "tags": {**tags, "Name": name}, **shared}
    )
    made: dict[str, list[Made]] = {
        kind: [] for kind in ("subnets", "routeTables", "routeTableAssociations", "routes", "natGateways", "eips")
    }
    by_tier: dict[str, list[Made]] = {"Public": [], "Private": [], "Isolated": []}
    nats: list[Made] = []
    for position, zone in enumerate(zones):
        for spec in sorted(specs, key=lambda spec: ("Public", "Private", "Isolated").index(spec["type"])):
            tier = spec["type"]
            child = f"{name}-{tier.lower()}-{position + 1}"
            child_tags = {**tags, **spec.get("tags", {}), "Name": child, "SubnetType": tier}
            subnet = make(
                "aws:ec2/subnet:Subnet",
                child,
                vpc.urn,
                {
                    "vpcId": vpc.id,
                    "availabilityZone": zone,
                    "cidrBlock": spec["cidrBlocks"][position],
                    "mapPublicIpOnLaunch": tier == "Public",
                    "assignIpv6AddressOnCreation": False,
                    "tags": child_tags,
                    **shared,
                },
            )
            table = make("aws:ec2/routeTable:RouteTable", child, subnet.urn, {"vpcId": vpc.id, "tags": child_tags, **shared})
            association = make(
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                child,
                table.urn,
                {"subnetId": subnet.id, "routeTableId": table.id, **shared},
            )
            made["subnets"].append(subnet)
            made["routeTables"].append(table)
            made["routeTableAssociations"].append(association)
            by_tier[tier].append(subnet)
            if tier == "Public" and (strategy == "OnePerAz" or (strategy == "Single" and position == 0)):
                nat_name = f"{name}-{position + 1}"
                nat_tags = {**tags, "Name": nat_name}
                eip = make("aws:ec2/eip:Eip", nat_name, subnet.urn, {"tags": nat_tags, **shared})
                nat = make(
                    "aws:ec2/natGateway:NatGateway",
                    nat_name,
                    subnet.urn,
                    {"subnetId": subnet.id, "allocationId": eip.id, "tags": nat_tags, **shared},
                )
                nats.append(nat)
                made["eips"].append(eip)
                made["natGateways"].append(nat)
            target = {"gatewayId": gateway.id} if tier == "Public" else {}
            if tier == "Private" and nats:
                target = {"natGatewayId": nats[-1 if strategy == "OnePerAz" else 0].id}
            if target:
                made["routes"].append(
                    make(
                        "aws:ec2/route:Route",
                        child,
                        table.urn,
                        {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0", **target, **shared},
                    )
                )
    return {
        "vpc": vpc,
        "vpcId": vpc.id,
        "internetGateway": gateway,
        **{f"{tier.lower()}SubnetIds": [subnet.id for subnet in subnets] for tier, subnets in by_tier.items()},
        **{f"{tier.lower()}Subnets": subnets for tier, subnets in by_tier.items()},
        "subnetLayout": [{key: spec[key] for key in ("type", "name", "cidrBlocks") if key in spec} for spec in specs],
        "vpcEndpoints": [],
        **made,
    }
