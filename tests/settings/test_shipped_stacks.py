"""The stack files that come with the project can all be deployed beside one another, towards one data centre."""

from ipaddress import IPv4Interface, IPv4Network
from itertools import combinations

import pytest

from components.settings import Settings, parse
from tests.settings.stack_files import ROOT, raw

STACKS = sorted(path.name.split(".")[1] for path in (ROOT / "tests" / "samples").glob("Pulumi.*.yaml"))


@pytest.fixture(scope="module")
def shipped() -> dict[str, Settings]:
    return {stack: parse(*raw(stack)) for stack in STACKS}


def test_there_are_stacks_to_compare() -> None:
    assert STACKS == ["dev", "dr", "prod"]


def test_no_address_of_one_stack_is_also_one_of_another_or_of_on_premises(shipped: dict[str, Settings]) -> None:
    blocks = [(f"{stack} network.cidr", IPv4Network(one.network.cidr)) for stack, one in shipped.items()]
    blocks += [
        (f"{stack} clientVpn.cidr", IPv4Network(one.client_vpn.cidr)) for stack, one in shipped.items() if one.client_vpn.cidr
    ]
    blocks += [
        (cidr, IPv4Network(cidr)) for cidr in sorted({cidr for one in shipped.values() for cidr in one.on_premises.cidrs})
    ]
    assert [(one, other) for (one, first), (other, second) in combinations(blocks, 2) if first.overlaps(second)] == []


def test_no_two_circuits_have_the_same_point_to_point_network(shipped: dict[str, Settings]) -> None:
    ends = [
        (f"{stack} {circuit.name}", IPv4Interface(circuit.amazon_address).network)
        for stack, one in shipped.items()
        for circuit in one.direct_connect.connections
        if circuit.amazon_address
    ]
    assert [(one, other) for (one, first), (other, second) in combinations(ends, 2) if first.overlaps(second)] == []


def test_each_stack_has_a_private_zone_of_its_own_unless_it_stands_by_for_another(shipped: dict[str, Settings]) -> None:
    zones = [one.network.private_zone for one in shipped.values() if one.role == "primary"]
    assert len(set(zones)) == len(zones)
