"""Network interfaces of NAT gateways and endpoints, and public addresses, as AWS gives them.

moto gives such cards any address at all and the default group, and takes public addresses from the loopback network.
"""

from ipaddress import IPv4Network
from typing import Any

import moto.ec2.models.elastic_ip_addresses
from moto.moto_api._internal import mock_random

from rehearsal.extend import Call, operation

RESERVED = 4
"""Addresses at the beginning of a subnet that AWS keeps for itself; the last one is kept too."""


def _public_address() -> str:
    """One of Amazon's."""
    return f"3.{mock_random.randint(0, 255)}.{mock_random.randint(0, 255)}.{mock_random.randint(1, 254)}"


setattr(moto.ec2.models.elastic_ip_addresses, "random_ip", _public_address)  # noqa: B010 - what moto does not export


def place(call: Call, card: Any, *, kind: str, description: str, groups: list[str]) -> str:
    """Give a card an address of its subnet, and the groups that were asked for; returns the address."""
    backend, subnet = call.backend("ec2"), card.subnet
    network = IPv4Network(subnet.cidr_block)
    taken = {one.private_ip_address for one in backend.enis.values() if one.subnet is subnet and one is not card}
    drawn = int(call.new_id(length=8), 16)
    free = network.num_addresses - RESERVED - 1
    choices = (str(network[RESERVED + (drawn + step) % free]) for step in range(free))
    address = next(one for one in choices if one not in taken and one not in subnet._subnet_ips)
    subnet.request_ip(address, card)
    card.private_ip_address = address
    card.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
    card.interface_type, card.description, card.status = kind, description, "in-use"
    card.requester_managed = True
    card._group_set = [group for group in map(backend.get_security_group_from_id, groups) if group]
    return address


@operation("ec2", "CreateNatGateway")
def create_nat_gateway(call: Call) -> Any:
    """Its card has no group."""
    answer = call.moto()
    gateway = answer.result["NatGateway"]
    description = f"Interface for NAT Gateway {gateway.id}"
    gateway.private_ip = place(call, gateway._eni, kind="nat_gateway", description=description, groups=[])
    for address in gateway.address_set:
        address["privateIp"] = gateway.private_ip
    return answer


def place_endpoint(call: Call, endpoint: Any) -> None:
    """The cards of an interface endpoint have its groups, or the default one of the VPC."""
    backend = call.backend("ec2")
    groups = call.params.get("SecurityGroupIds") or [
        group.id for group in backend.groups[endpoint.vpc_id].values() if group.name == "default"
    ]
    for identifier in endpoint.network_interface_ids:
        description = f"VPC Endpoint Interface {endpoint.id}"
        place(call, backend.enis[identifier], kind="vpc_endpoint", description=description, groups=groups)
