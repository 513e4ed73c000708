"""Routers on-premises: their owners set them up once the other end is there, and they announce the networks behind them."""

from rehearsal.emulator import ACCOUNT, Emulator
from rehearsal.extend import backend, state
from rehearsal.extensions.ec2 import learned_routes
from rehearsal.monitor import Node
from rehearsal.outside import AFTER
from rehearsal.stackfile import StackFile


def announced(stack: StackFile, site: str | None = None) -> list[str]:
    """What a router knows, as the stack file says: the networks of its site, and of sites without routers and circuits of their
    own."""
    found = stack.values.get(f"{stack.project}:onPremises")
    section = found if isinstance(found, dict) else {}
    sites = [one for one in section.get("sites") or [] if isinstance(one, dict)]
    known = [one for one in sites if one.get("name") == site or not (one.get("routers") or one.get("circuits"))]
    lists = [one.get("cidrs") for one in (section, *known)]
    return [str(one) for networks in lists if isinstance(networks, list) for one in networks]


def _site(node: Node) -> str | None:
    site: str | None = (node.inputs.get("tags") or {}).get("Site")
    return site


def tunnels_up(region: str, connection: str, networks: list[str]) -> None:
    """Both tunnels of a VPN, and BGP over them."""
    for tunnel in backend("ec2", ACCOUNT, region).vpn_connections[connection].vgw_telemetry:
        tunnel.update(Status="UP", StatusMessage=f"{len(networks)} BGP ROUTES", AcceptedRouteCount=len(networks))
    learned_routes.announce(ACCOUNT, region, connection, networks)


def router_up(_: Emulator, node: Node, stack: StackFile) -> None:
    """The router at the other end of a VPN."""
    tunnels_up(node.region, node.id, announced(stack, _site(node)))


def session_up(_: Emulator, node: Node, stack: StackFile) -> None:
    """The BGP session of a virtual interface."""
    interface = state("directconnect", ACCOUNT, node.region)["interfaces"][node.id]
    interface["virtualInterfaceState"] = "available"
    for peer in interface["bgpPeers"]:
        peer["bgpStatus"] = "up"
    learned_routes.announce(ACCOUNT, node.region, interface["directConnectGatewayId"], announced(stack, _site(node)))


AFTER["aws:ec2/vpnConnection:VpnConnection"] = router_up
AFTER["aws:directconnect/privateVirtualInterface:PrivateVirtualInterface"] = session_up
AFTER["aws:directconnect/transitVirtualInterface:TransitVirtualInterface"] = session_up
