"""Routers on-premises: their owners set them up once the other end is there, and they announce the networks behind them."""

from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extend import backend, state
from rehearsal.extensions.ec2 import learned_routes
from rehearsal.monitor import Node
from rehearsal.outside import AFTER
from rehearsal.stackfile import StackFile


def _networks(stack: StackFile) -> list[str]:
    """What the routers know, as the stack file says."""
    found = stack.values.get(f"{stack.project}:onPremises")
    networks = found.get("cidrs") if isinstance(found, dict) else None
    return [str(one) for one in networks] if isinstance(networks, list) else []


def tunnels_up(_: Emulator, node: Node, stack: StackFile) -> None:
    """Both tunnels of a VPN, and BGP over them."""
    networks = _networks(stack)
    connection = backend("ec2", ACCOUNT, node.region).vpn_connections[node.id]
    for tunnel in connection.vgw_telemetry:
        tunnel.update(Status="UP", StatusMessage=f"{len(networks)} BGP ROUTES", AcceptedRouteCount=len(networks))
    learned_routes.announce(ACCOUNT, node.region, node.id, networks)


def session_up(_: Emulator, node: Node, stack: StackFile) -> None:
    """The BGP session of a virtual interface."""
    interface = state("directconnect", ACCOUNT, node.region)["interfaces"][node.id]
    interface["virtualInterfaceState"] = "available"
    for peer in interface["bgpPeers"]:
        peer["bgpStatus"] = "up"
    learned_routes.announce(ACCOUNT, node.region, interface["directConnectGatewayId"], _networks(stack))


AFTER["aws:ec2/vpnConnection:VpnConnection"] = tunnels_up
AFTER["aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"] = session_up
AFTER["aws:directconnect/transitVirtualInterface:TransitVirtualInterface"] = session_up
