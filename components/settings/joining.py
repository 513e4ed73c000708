"""What of a network is there already: a transit gateway or Direct Connect gateway to join, and other VPCs behind the hub."""

from collections.abc import Iterator
from typing import Annotated, Literal, Protocol

from pydantic import Field

from components.settings.addresses import OnPremisesCidr, overlap, overlapping
from components.settings.base import Mistake, Section
from components.settings.disaster_recovery import DisasterRecovery
from components.settings.errors import Unshown

MAX_OTHER_NETWORKS = 14
"""A security group holds 60 rules, of which the inbound resolver and the load balancer need two for each network."""

OtherNetworks = Annotated[list[OnPremisesCidr], Field(max_length=MAX_OTHER_NETWORKS)]


class TransitGateway(Section):
    """A transit gateway that is there already: mostly that of a network account, which shares it by Resource Access Manager."""

    id: str = Field(pattern=r"^tgw-[0-9a-f]{8,17}$", examples=["tgw-0123456789abcdef0"])
    """Id of the transit gateway, in the region of the stack. The VPC asks to be attached to it."""
    state: Literal["requested", "accepted"] = "requested"
    """`requested`: the attachment waits for the owner, and no route leads there. `accepted`: the owner has accepted it, and
    leads to it from on-premises and the other networks: the route tables of the VPC lead there."""


class GatewayOwner(Section):
    """Another account that has a Direct Connect gateway, mostly a network account."""

    account: str = Field(pattern=r"^[0-9]{12}$", examples=["210987654321"])
    """Id of the account. It gets a proposal to associate its gateway with the hub, which expires after seven days."""
    state: Literal["requested", "accepted"] = "requested"
    """`requested`: the proposal waits for the owner, and no route leads on-premises but over a VPN. `accepted`: the owner has
    accepted it, so that its circuits lead here."""


class _Network(Protocol):
    @property
    def transit_gateway(self) -> TransitGateway | None: ...


class _DirectConnect(Protocol):
    @property
    def gateway_id(self) -> str | None: ...

    @property
    def gateway_owner(self) -> GatewayOwner | None: ...


def other_network_mistakes(networks: list[str], apart: dict[str, str]) -> Iterator[Mistake]:
    """Other networks that overlap each other, or one of `apart`, which is by key. Keys are seen from the root."""
    yield from overlapping("network.otherNetworks", networks)
    for position, network in enumerate(networks):
        for key, theirs in apart.items():
            if overlap(network, theirs):
                allowed = f"a network apart from {key}, {theirs}: addresses in both could not be reached"
                yield Mistake(f"network.otherNetworks[{position}]", network, allowed, "Correct it, or remove it.")


def hub_mistakes(hub: str, transit_gateway: TransitGateway | None, networks: list[str]) -> Iterator[Mistake]:
    """What a virtual private gateway does not do. Keys are seen from the root."""
    if hub == "vpnGateway":
        fix = "Set network.hub to transitGateway, or remove it."
        if transit_gateway is not None:
            allowed = "nothing while network.hub is vpnGateway: a VPC is attached to a transit gateway as its hub"
            yield Mistake("network.transitGateway", transit_gateway.id, allowed, fix)
        if networks:
            allowed = "nothing while network.hub is vpnGateway: a virtual private gateway leads to no other VPC"
            yield Mistake("network.otherNetworks", networks, allowed, fix)


def owner_mistakes(transit_gateway: TransitGateway | None, *, routers: int, circuits: bool) -> Iterator[Mistake]:
    """Links that belong to the owner of a transit gateway that is joined. Keys are seen from the root.

    `routers`: how many there are; `circuits`: `directConnect` makes or adopts something.
    """
    if transit_gateway is None:
        return
    owners = f"the owner of {transit_gateway.id} alone makes those, and leads from them to this VPC"
    fix = "Remove it, and ask the owner."
    if routers:
        allowed = f"none beside network.transitGateway: {owners}"
        yield Mistake("onPremises.routers", Unshown(f"{routers} routers"), allowed, fix)
    if circuits:
        allowed = f"no connections and no gatewayId beside network.transitGateway: {owners}"
        yield Mistake("directConnect", Unshown("(given)"), allowed, fix)


def peering_of_another(
    network: _Network, disaster_recovery: DisasterRecovery, role: str, secondary_region: str | None
) -> Iterator[Mistake]:
    """A peering of a transit gateway that is not this stack's. Keys are seen from the root."""
    joined = network.transit_gateway
    if joined and disaster_recovery.peering and (role == "secondary" or secondary_region):
        allowed = f"false beside network.transitGateway: the owner of {joined.id} peers it, and adds the routes"
        fix = "Set it to false, and list the other region's network in network.otherNetworks."
        yield Mistake("disasterRecovery.peering", True, allowed, fix)


def gateway_of_secondary(direct_connect: _DirectConnect, disaster_recovery: DisasterRecovery, role: str) -> Iterator[Mistake]:
    """A Direct Connect gateway beside that of the primary. Keys are seen from the root."""
    if direct_connect.gateway_id and role == "secondary" and disaster_recovery.direct_connect:
        allowed = "nothing in a secondary, which uses the Direct Connect gateway of its primary"
        fix = "Remove it, or set disasterRecovery.directConnect to false."
        yield Mistake("directConnect.gatewayId", direct_connect.gateway_id, allowed, fix)


def foreign_gateway(
    direct_connect: _DirectConnect, disaster_recovery: DisasterRecovery, secondary_region: str | None
) -> Iterator[Mistake]:
    """A Direct Connect gateway of another account, which only that account hands on. Keys are seen from the root."""
    owner = direct_connect.gateway_owner
    if owner and secondary_region and disaster_recovery.direct_connect:
        allowed = f"false beside directConnect.gatewayOwner: the secondary needs a proposal to {owner.account} of its own"
        fix = "Set it to false, and give the secondary gatewayId and gatewayOwner too."
        yield Mistake("disasterRecovery.directConnect", True, allowed, fix)
