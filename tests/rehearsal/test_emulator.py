"""The emulated account as a whole."""

import subprocess
import sys
from typing import Any

import pytest

from rehearsal.emulator import Emulator
from tests.rehearsal.support import ROOT, rehearsed_stack


def test_a_second_account_is_not_opened_beside_the_first() -> None:
    with Emulator(), pytest.raises(RuntimeError, match="close it before"), Emulator():
        pass
    with Emulator() as aws:
        assert aws.call("ec2", "DescribeVpcs", {}, region="eu-west-1")["Vpcs"] != []


KEY = """
import sys
from rehearsal.emulator import Emulator
with Emulator() as aws:
    for before in sys.argv[1:]:
        aws.call("ec2", "CreateVpc", {"CidrBlock": before}, region="eu-west-1", seed=before)
    print(aws.call("kms", "CreateKey", {}, region="eu-west-1", seed="the key")["KeyMetadata"]["KeyId"])
"""


def test_the_first_id_of_a_process_is_what_it_would_be_later() -> None:
    """moto makes much of itself when it is first asked; none of that may be drawn from a resource's own stream."""
    found = {
        subprocess.run([sys.executable, "-c", KEY, *before], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for before in ([], ["10.0.0.0/16"])
    }
    assert len(found) == 1


def test_what_is_drawn_depends_neither_on_order_nor_on_how_much_else_is_drawn() -> None:
    """Each kind of thing in an order and in the reverse, with more and less in it."""

    def made(aws: Emulator, name: str, zones: str) -> list[str]:
        def call(operation: str, **params: object) -> dict[str, Any]:
            return aws.call("ec2", operation, params, region="eu-west-1", seed=f"{name} {params}")

        vpc = call("CreateVpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            call("CreateSubnet", VpcId=vpc, CidrBlock=f"10.0.{position}.0/24", AvailabilityZone=f"eu-west-1{zone}")["Subnet"][
                "SubnetId"
            ]
            for position, zone in enumerate(zones)
        ]
        group = call("CreateSecurityGroup", VpcId=vpc, GroupName=name, Description=name)["GroupId"]
        request = {
            "Name": name,
            "Direction": "OUTBOUND",
            "CreatorRequestId": name,
            "SecurityGroupIds": [group],
            "IpAddresses": [{"SubnetId": subnet} for subnet in subnets],
        }
        endpoint = aws.call("route53resolver", "CreateResolverEndpoint", request, region="eu-west-1", seed=name)
        return [vpc, *subnets[:2], group, endpoint["ResolverEndpoint"]["Id"]]

    with Emulator() as aws:
        first, second = made(aws, "a", "abc"), made(aws, "b", "ab")
    with Emulator() as aws:
        again, other_way = made(aws, "b", "abc"), made(aws, "a", "ab")
    assert (first, second) == (other_way, again)
    assert len({*first, *second}) == 10


def test_no_edit_of_a_stack_gives_another_resource_another_id() -> None:
    """What has the same inputs is the same: adding a zone, a workload or an endpoint changes no other id and no output."""
    with rehearsed_stack("dev") as dev:
        before = {node.urn: node for node in dev.nodes}
    for edit in (
        "network.zones=[ap-northeast-2a, ap-northeast-2c, ap-northeast-2b]",
        "workloads[3]=",
        "network.endpoints=[ssm]",
    ):
        with rehearsed_stack(f"dev+{edit}") as edited:
            for node in edited.nodes:
                old = before.get(node.urn)
                if old and node.fidelity != "component" and old.inputs == node.inputs:
                    assert (node.id, node.outputs) == (old.id, old.outputs), edit
