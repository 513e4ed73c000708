"""Two stacks of one component each, in two regions of one emulated account: the second reads what the first has exported."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_awsx as awsx

from rehearsal.documents import graph
from rehearsal.emulator import Emulator
from rehearsal.run import Rehearsal, rehearse
from rehearsal.stackfile import StackFile
from tests.rehearsal.support import Result

HERE, THERE = "ap-northeast-2", "ap-northeast-1"
BLOCKS = {HERE: "10.20", THERE: "10.40"}
TAGS = {"Environment": "test"}


def surroundings(region: str) -> dict[str, Any]:
    """What the network of a region gives."""
    zones, block = [f"{region}{letter}" for letter in "ac"], BLOCKS[region]
    tiers = (awsx.ec2.SubnetType.PUBLIC, awsx.ec2.SubnetType.PRIVATE, awsx.ec2.SubnetType.ISOLATED)
    vpc = awsx.ec2.Vpc(
        "network",
        cidr_block=f"{block}.0.0/16",
        availability_zone_names=zones,
        enable_dns_hostnames=True,
        subnet_strategy=awsx.ec2.SubnetAllocationStrategy.AUTO,
        subnet_specs=[
            awsx.ec2.SubnetSpecArgs(type=tier, cidr_blocks=[f"{block}.{16 * place + n}.0/24" for n in range(len(zones))])
            for place, tier in enumerate(tiers)
        ],
        region=region,
    )
    group = aws.ec2.SecurityGroup("endpoints", description="VPC endpoints", vpc_id=vpc.vpc_id, region=region, tags=TAGS)
    zone = aws.route53.Zone("private", name="aws.corp.example", vpcs=[{"vpc_id": vpc.vpc_id, "vpc_region": region}])
    return {
        "region": region,
        "tags": TAGS,
        "vpc_id": vpc.vpc_id,
        "isolated_subnet_ids": vpc.isolated_subnet_ids,
        "private_subnet_ids": vpc.private_subnet_ids,
        "on_premises_cidrs": ["10.0.0.0/16"],
        "endpoint_security_group_id": group.id,
        "private_zone_id": zone.zone_id,
        "private_zone_name": zone.name,
        "protected": True,
    }


Program = Callable[[], dict[str, Any]]
"""Deploys something and returns what the stack exports."""


def deploy(aws_: Emulator, name: str, region: str, program: Program, others: dict[str, Rehearsal], **values: Any) -> Result:
    """Deploy a program as a stack of a region. `values`: what its stack file would hold under the project's namespace."""

    def exporting() -> None:
        for key, value in program().items():
            pulumi.export(key, value)

    held = {"aws:region": region, **{f"hybridge:{key}": value for key, value in values.items()}}
    done = rehearse(aws_, exporting, StackFile("hybridge", name, {"aws:region": region}, (), held), others=others)
    result = Result(done.deployment, done.dangling, done.seconds)
    result.aws = aws_
    return result


@contextmanager
def both(primary: Program, secondary: Program, **values: Any) -> Iterator[tuple[Result, Result]]:
    """Deploy `primary` as prod, then `secondary`, which may refer to the stack prod, as dr. `values`: of the primary's file."""
    with Emulator() as emulator:
        prod = deploy(emulator, "prod", HERE, primary, {}, **values)
        yield prod, deploy(emulator, "dr", THERE, secondary, {"prod": prod})


def graph_of(result: Result) -> dict[str, Any]:
    return graph(result)


def prod(output: str) -> pulumi.Output[Any]:
    """An output of the primary's stack."""
    return pulumi.StackReference("prod").require_output(output)
