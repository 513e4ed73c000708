"""Direct Connect: one gateway, the circuits, and a virtual interface on each circuit that is up.

Network makes it before the hub, which associates itself with the gateway made here.

A Direct Connect gateway takes private virtual interfaces and virtual private gateways, or transit ones of both, never a mix.
So before `hub` is changed on a stack that is up, its connections go back to `ordered`, which takes the virtual interfaces away
while the VPN carries the traffic; after the change they become `available` again. The tag `Hub` of the gateway remembers the
hub that interfaces were made for, so that the change is refused, in the preview already, while there are any.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.arguments import Default, arguments
from components.network.hub import HubKind

JUMBO_MTU = 8500
"""Bytes, on a transit virtual interface. A private one takes 8500 of AWS too, but the provider sends it 1500 or 9001 only.

Sources: https://docs.aws.amazon.com/directconnect/latest/APIReference/API_CreatePrivateVirtualInterface.html and
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/directconnect/private_virtual_interface.go
"""
STANDARD_MTU = 1500
HUB_TAG = "Hub"
"""Tag of the Direct Connect gateway: the kind of hub that its virtual interfaces were made for."""


@arguments
class ConnectionArgs(TypedDict):
    """A circuit, ordered here or adopted by id."""

    name: str
    """What its resources are called; also the key of the outputs."""
    formerly: NotRequired[str]
    """What they were called before: nothing is made anew under the new name. Default: the same."""
    state: NotRequired[Annotated[Literal["ordered", "available"], Default("ordered")]]
    """`ordered`: only the connection. `available`: the circuit is up, so its virtual interface is made too. Default ordered."""
    site: NotRequired[str]
    """Where on-premises it ends, for the tag `Site`. Default: there is one place only."""
    connection_id: NotRequired[str]
    """Adopts this connection or link aggregation group instead of ordering one."""
    location: NotRequired[str]
    """Code of the Direct Connect location. Needed to order."""
    bandwidth: NotRequired[str]
    """Port speed. Needed to order."""
    macsec: NotRequired[bool]
    """Whether a port that is ordered can encrypt. It cannot be changed later. Default False."""
    provider: NotRequired[str]
    """Name of the carrier; none if left out."""
    vlan: NotRequired[int]
    """802.1Q tag of the virtual interface."""
    bgp_asn: NotRequired[int]
    """ASN of the on-premises router."""
    amazon_address: NotRequired[str]
    """Address with prefix length of the AWS end of the BGP session."""
    customer_address: NotRequired[str]
    """Address with prefix length of the on-premises end."""
    bgp_key: NotRequired[pulumi.Input[str]]
    """MD5 key of the BGP session; AWS makes one if left out."""
    jumbo_frames: NotRequired[bool]
    """An MTU of 8500 instead of 1500, which the connection must be capable of. Only with a transit gateway, where the default
    is True."""


class DirectConnectArgs(TypedDict):
    """What Network gives to its Direct Connect."""

    region: str
    """Region of every regional resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    hub: HubKind
    """`vpnGateway` takes private virtual interfaces, `transitGateway` transit ones."""
    gateway_asn: int
    """Private ASN of the AWS side of every BGP session. An adopted gateway has its own."""
    gateway_id: NotRequired[pulumi.Input[str]]
    """Adopts this Direct Connect gateway. Omitted: one is made."""
    shared: NotRequired[bool]
    """Whether hubs of other regions are associated with the gateway, which then outlives this component: AWS does not delete it
    before the last association. Default False."""
    connections: Sequence[ConnectionArgs]
    """The circuits; names are unique."""
    protected: NotRequired[bool]
    """Refuse to destroy an ordered connection, which would cancel the physical order. Default True."""


class DirectConnect(pulumi.ComponentResource):
    """A Direct Connect gateway and every circuit is made or adopted, and circuits that are up have a virtual interface."""

    gateway_id: pulumi.Output[str]
    """Id of the Direct Connect gateway: the hub takes it."""
    connection_ids: pulumi.Output[dict[str, str]]
    """Connection name to its id."""
    virtual_interface_ids: pulumi.Output[dict[str, str]]
    """Connection name to the id of its virtual interface, for those in state `available`."""
    bgp_keys: pulumi.Output[dict[str, str]]
    """Connection name to the MD5 key of its BGP session, for the same; secret."""

    def __init__(self, name: str, args: DirectConnectArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:network:DirectConnect", name, {**args}, opts)
        gateway_id = pulumi.Output.from_input(args["gateway_id"]) if "gateway_id" in args else self._gateway_id(name, args)
        connection_ids: dict[str, Any] = {
            circuit["name"]: self._connection_id(name, args, circuit) for circuit in args["connections"]
        }
        interfaces = {
            circuit["name"]: self._virtual_interface(name, args, circuit, connection_ids[circuit["name"]], gateway_id)
            for circuit in args["connections"]
            if circuit["state"] == "available"
        }
        self.gateway_id = gateway_id
        self.connection_ids = pulumi.Output.from_input(connection_ids)
        virtual_interface_ids: dict[str, Any] = {circuit: interface.id for circuit, interface in interfaces.items()}
        bgp_keys: dict[str, Any] = {circuit: interface.bgp_auth_key for circuit, interface in interfaces.items()}
        self.virtual_interface_ids = pulumi.Output.from_input(virtual_interface_ids)
        self.bgp_keys = pulumi.Output.secret(bgp_keys)
        self.register_outputs(
            {
                "gateway_id": self.gateway_id,
                "connection_ids": self.connection_ids,
                "virtual_interface_ids": self.virtual_interface_ids,
                "bgp_keys": self.bgp_keys,
            }
        )

    def _gateway_id(self, name: str, args: DirectConnectArgs) -> pulumi.Output[str]:
        up = [circuit["name"] for circuit in args["connections"] if circuit["state"] == "available"]
        # Global: it has no region, and one gateway serves the hubs of several regions.
        gateway = aws.directconnect.Gateway(
            f"{name}-gateway",
            amazon_side_asn=str(args["gateway_asn"]),
            tags={**args["tags"], "Name": f"{name}-gateway", HUB_TAG: args["hub"]},
            opts=pulumi.ResourceOptions(
                parent=self,
                retain_on_delete=args.get("shared", False),
                # With an interface up, the tag stays what it was when that was made.
                ignore_changes=[f"tags.{HUB_TAG}"] if up else None,
            ),
        )
        known = pulumi.Output.all(gateway.id, gateway.tags)
        return known.apply(lambda made: _of_hub(name, made[0], (made[1] or {}).get(HUB_TAG), args["hub"], up))

    def _connection_id(self, name: str, args: DirectConnectArgs, circuit: ConnectionArgs) -> pulumi.Input[str]:
        if "connection_id" in circuit:
            return circuit["connection_id"]
        protected = args.get("protected", True)
        return aws.directconnect.Connection(
            f"{name}-{circuit['name']}",
            location=circuit["location"],
            bandwidth=circuit["bandwidth"],
            provider_name=circuit.get("provider"),
            request_macsec=circuit.get("macsec") or None,
            # Deleting the connection cancels the order, or cuts a circuit that took weeks to get.
            skip_destroy=protected,
            region=args["region"],
            tags=_tags(name, args, circuit),
            opts=pulumi.ResourceOptions(parent=self, protect=protected, aliases=_former(name, circuit)),
        ).id

    def _virtual_interface(
        self,
        name: str,
        args: DirectConnectArgs,
        circuit: ConnectionArgs,
        connection_id: pulumi.Input[str],
        gateway_id: pulumi.Output[str],
    ) -> aws.directconnect.PrivateVirtualInterface | aws.directconnect.TransitVirtualInterface:
        kind = (
            aws.directconnect.PrivateVirtualInterface
            if args["hub"] == "vpnGateway"
            else aws.directconnect.TransitVirtualInterface
        )
        return kind(
            f"{name}-{circuit['name']}",
            connection_id=connection_id,
            dx_gateway_id=gateway_id,
            vlan=circuit["vlan"],
            address_family="ipv4",
            # The argument for ASNs of any length; `bgp_asn` stops at 2147483646.
            bgp_asn_long=str(circuit["bgp_asn"]),
            bgp_auth_key=circuit.get("bgp_key"),
            amazon_address=circuit["amazon_address"],
            customer_address=circuit["customer_address"],
            mtu=JUMBO_MTU if args["hub"] == "transitGateway" and circuit.get("jumbo_frames", True) else STANDARD_MTU,
            region=args["region"],
            tags=_tags(name, args, circuit),
            opts=pulumi.ResourceOptions(
                parent=self,
                # Under another name it would be another interface, whose VLAN this one still holds.
                aliases=_former(name, circuit),
                # The first jumbo interface of a connection makes AWS update the connection too.
                custom_timeouts=pulumi.CustomTimeouts(create="30m", update="30m", delete="30m"),
                # The provider does not mark it: a key that AWS makes would stand in the state in the clear.
                additional_secret_outputs=["bgpAuthKey"],
                # A VLAN carries one interface: the new one is refused while the old one stands.
                delete_before_replace=True,
            ),
        )


def _tags(name: str, args: DirectConnectArgs, circuit: ConnectionArgs) -> dict[str, str]:
    site = {"Site": circuit["site"]} if "site" in circuit else {}
    return {**args["tags"], "Name": f"{name}-{circuit['name']}", **site}


def _former(name: str, circuit: ConnectionArgs) -> list[pulumi.Alias] | None:
    return [pulumi.Alias(name=f"{name}-{circuit['formerly']}")] if "formerly" in circuit else None


def _of_hub(name: str, gateway_id: str, kept: str | None, wanted: HubKind, up: Sequence[str]) -> str:
    """The id of a Direct Connect gateway, unless its virtual interfaces are for another kind of hub than is asked for."""
    if up and kept not in (None, wanted):
        raise pulumi.RunError(
            f"{name}: hub is {wanted}; allowed: {kept} while {', '.join(up)} {'are' if len(up) > 1 else 'is'} available, for "
            f"{gateway_id} takes virtual interfaces of one kind only; set the connections to ordered and deploy that first, as "
            "docs/operations.md tells (network.hub in the stack file)"
        )
    return gateway_id
