"""`awsx.ec2.Vpc` as it was observed: which inputs its children get, and every output that its SDK has."""

from typing import Any

import pulumi_awsx as awsx

from rehearsal import awsx_vpc

GIVEN = {
    "availabilityZoneNames": ["a", "b"],
    "cidrBlock": "10.0.0.0/16",
    "natGateways": {"strategy": "Single"},
    "subnetStrategy": "Auto",
    "subnetSpecs": [
        {"type": "Isolated", "cidrBlocks": ["10.0.4.0/24", "10.0.5.0/24"]},
        {"type": "Public", "cidrBlocks": ["10.0.0.0/24", "10.0.1.0/24"]},
    ],
}


def children() -> tuple[dict[str, list[dict[str, Any]]], dict[str, Any]]:
    """The inputs of the children by type, and the outputs."""
    made: dict[str, list[dict[str, Any]]] = {}

    def make(type_: str, name: str, parent: str, inputs: dict[str, Any]) -> awsx_vpc.Made:
        made.setdefault(type_, []).append(inputs)
        return awsx_vpc.Made(f"urn {name}", f"{name}-id")

    return made, awsx_vpc.children("hub", "urn", GIVEN, make)


def test_it_has_every_output_of_its_sdk() -> None:
    outputs = {name for name, value in vars(awsx.ec2.Vpc).items() if isinstance(value, property)}
    assert {_snake(key) for key in children()[1]} == outputs


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def test_subnets_are_asked_for_without_ipv6_and_addresses_without_a_domain() -> None:
    made, _ = children()
    assert {one["assignIpv6AddressOnCreation"] for one in made["aws:ec2/subnet:Subnet"]} == {False}
    assert [sorted(one) for one in made["aws:ec2/eip:Eip"]] == [["tags"]]


def test_the_subnets_come_by_tier_and_the_layout_as_it_was_asked_for() -> None:
    outputs = children()[1]
    assert [subnet.id for subnet in outputs["publicSubnets"]] == outputs["publicSubnetIds"]
    assert outputs["privateSubnets"] == []
    assert outputs["subnetLayout"] == GIVEN["subnetSpecs"]
    assert outputs["vpcEndpoints"] == []
