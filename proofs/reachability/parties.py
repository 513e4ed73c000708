"""Who is asked about: everybody that has a network card in the account, and who is outside of it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Literal

from proofs.reachability import compute, services, space
from proofs.reachability.account import Account, address_in
from proofs.reachability.model import ANYWHERE, Place, World
from proofs.reachability.party import Party
from proofs.reachability.reader import Item, Reader, name_of

ELSEWHERE = frozenset({"transit_gateway", "nat_gateway"})
"""Kinds of network cards that are gateways, not parties."""
BY_DESCRIPTION = (
    "ELB ",
    "RDSNetworkInterface",
    "DMSNetworkInterface",
    "Route 53 Resolver: ",
    "ClientVPN ",
    "AWS created network",
)
"""What the descriptions of cards begin with whose owners are parties already; AWS writes them so."""


def read_parties(account: Account, vpcs: Iterable[str]) -> list[Party]:
    """Everybody in the given VPCs, the other VPCs that are connected to any, and who is outside."""
    own = set(vpcs)
    found = [*outside(account.world, own)]
    for reader in account.readers:
        inside = [*services.read(account.world, reader), *compute.read(account, reader, own)]
        inside += _others(account.world, reader, inside)
        found += [part for party in inside if (part := _within(account.world, party, own))]
    return [*found, *_neighbours(account.world, own)]


def _within(world: World, party: Party, vpcs: set[str]) -> Party | None:
    """What of a party is in some VPCs; None if nothing is."""
    places = tuple(place for place in party.places if place.subnet is None or world.subnets[place.subnet].vpc in vpcs)
    return replace(party, places=places) if places else None


def outside(world: World, vpcs: Collection[str]) -> Iterator[Party]:
    """The internet, the AWS services behind gateway endpoints of some VPCs, and on-premises, each by classes of addresses."""
    behind: dict[str, set[IPv4Network]] = {}
    for table in {subnet.table for subnet in world.subnets.values() if subnet.vpc in vpcs}:
        for route in world.tables[table]:
            if route.target == "endpoint" and route.prefix_list:
                behind.setdefault(route.prefix_list, set()).add(route.destination)
    left = space.internet(world)
    found = []
    for prefix_list, networks in sorted(behind.items()):
        own = [one for one in left if any(one.address in network for network in networks)]
        left = [one for one in left if one not in own]
        key = world.called(prefix_list).rsplit(".", 1)[-1]
        name = f"Amazon {key.upper()}"
        found.append(Party("service", name, _places(own, name, "internet"), key=key))
    yield Party("internet", "internet", _places(left, "internet", "internet"))
    yield from found
    yield Party("onPremises", "on-premises", _places(space.classes(world, world.on_premises), "on-premises", "onPremises"))


def _places(found: Sequence[space.AddressClass], name: str, where: Literal["internet", "onPremises"]) -> tuple[Place, ...]:
    return tuple(
        Place(name if one.network == ANYWHERE else f"{name} {one.network}", one.address, outside=where, network=one.network)
        for one in found
    )


def _others(world: World, reader: Reader, known: Sequence[Party]) -> Iterator[Party]:
    """Network cards that belong to nobody known."""
    taken = {card for party in known for card in party.cards}
    for gateway in reader.all("ec2", "DescribeNatGateways", "NatGateways"):
        taken |= {one.get("NetworkInterfaceId") for one in gateway["NatGatewayAddresses"]}
    instances: dict[str, Item] = {}
    for card in reader.all("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces"):
        identifier, description = card["NetworkInterfaceId"], card.get("Description") or ""
        if identifier in taken or card.get("InterfaceType") in ELSEWHERE or description.startswith(BY_DESCRIPTION):
            continue
        if not instances:
            reservations = reader.all("ec2", "DescribeInstances", "Reservations")
            instances = {one["InstanceId"]: one for reservation in reservations for one in reservation["Instances"]}
        instance = (card.get("Attachment") or {}).get("InstanceId")
        owner = instances.get(instance or "", card)
        what = f"instance {instance}" if instance else f"network interface {identifier}"
        name = name_of(owner) or ("" if instance else description)
        place = compute.place_of(world, card, name or what)
        yield Party("other", f"{what} {name}".strip(), (place,), key=name, cards=frozenset({identifier}))


def _neighbours(world: World, own: set[str]) -> Iterator[Party]:
    """Other VPCs that a packet could come from or go to: whatever is in them, behind no security group."""
    connected = {vpc for ends in world.peerings.values() for vpc in ends}
    connected |= {one.resource for one in world.attachments if one.kind == "vpc"}
    for vpc in sorted(connected & world.vpcs.keys() - own):
        subnets = sorted((one for one in world.subnets.values() if one.vpc == vpc), key=lambda one: one.id)
        places = tuple(Place(f"{world.named(vpc)} {one.zone}", address_in(one), one.id) for one in subnets)
        yield Party("neighbour", f"VPC {world.named(vpc)}", places)
