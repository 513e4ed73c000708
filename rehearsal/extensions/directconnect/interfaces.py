"""Virtual interfaces, private and transit."""

from ipaddress import IPv4Interface, IPv4Network
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.directconnect.common import (
    ERROR,
    OTHER,
    chosen,
    connection_of,
    everywhere,
    gateway_of,
    interfaces,
    tag,
)
from rehearsal.extensions.directconnect.documents import router_xml

MTUS = {1500, 8500}
MAX_INTERFACES, MAX_TRANSIT_INTERFACES = 30, 4
"""Virtual interfaces of a gateway, and transit ones of a connection."""


@operation("directconnect", "CreatePrivateVirtualInterface")
def create_private_interface(call: Call) -> dict[str, Any]:
    """A private virtual interface answers with itself."""
    return _interface(call, "private", call.params["newPrivateVirtualInterface"])


@operation("directconnect", "CreateTransitVirtualInterface")
def create_transit_interface(call: Call) -> dict[str, Any]:
    """A transit virtual interface answers in a wrapper."""
    return {"virtualInterface": _interface(call, "transit", call.params["newTransitVirtualInterface"])}


@operation("directconnect", "DescribeVirtualInterfaces")
def describe_interfaces(call: Call) -> dict[str, Any]:
    """Virtual interfaces of the region, by their own id or by connection; none of one that was deleted."""
    connection, wanted = call.params.get("connectionId"), call.params.get("virtualInterfaceId")
    found = [] if wanted in call.state["gone"] else chosen(call.state["interfaces"], wanted, "Virtual interface")
    return {"virtualInterfaces": [vif for vif in found if connection in (None, vif["connectionId"])]}


@operation("directconnect", "UpdateVirtualInterfaceAttributes")
def update_interface(call: Call) -> dict[str, Any]:
    """What can be changed while it carries traffic."""
    vif, params = _interface_of(call), call.params
    if params.get("mtu", 1500) not in MTUS:
        raise Refuse(ERROR, f"MTU {params['mtu']} is not one of {sorted(MTUS)}")
    vif.update({key: params[key] for key in ("mtu", "virtualInterfaceName") if key in params})
    vif["siteLinkEnabled"] = params.get("enableSiteLink", vif["siteLinkEnabled"])
    return vif


@operation("directconnect", "DeleteVirtualInterface")
def delete_interface(call: Call) -> dict[str, Any]:
    """Cut the session; AWS takes minutes for it."""
    identifier = _interface_of(call)["virtualInterfaceId"]
    call.state["gone"][identifier] = call.state["interfaces"].pop(identifier)
    return {"virtualInterfaceState": "deleting"}


def _interface_of(call: Call) -> dict[str, Any]:
    return chosen(call.state["interfaces"], call.params["virtualInterfaceId"], "Virtual interface")[0]


@operation("directconnect", "DescribeDirectConnectGatewayAttachments")
def describe_attachments(call: Call) -> dict[str, Any]:
    """The virtual interfaces of a gateway."""
    wanted = call.params
    return {
        "directConnectGatewayAttachments": [
            {
                "directConnectGatewayId": vif["directConnectGatewayId"],
                "virtualInterfaceId": vif["virtualInterfaceId"],
                "virtualInterfaceRegion": vif["region"],
                "virtualInterfaceOwnerAccount": call.account,
                "attachmentState": "attached",
                "attachmentType": f"{vif['virtualInterfaceType'].capitalize()}VirtualInterface",
            }
            for vif in interfaces(call.account)
            if wanted.get("directConnectGatewayId") in (None, vif["directConnectGatewayId"])
            and wanted.get("virtualInterfaceId") in (None, vif["virtualInterfaceId"])
        ]
    }


def _interface(call: Call, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
    connection = connection_of(call)
    gateway = gateway_of(call, asked.get("directConnectGatewayId"))
    others = [vif for vif in call.state["interfaces"].values() if vif["connectionId"] == connection["connectionId"]]
    beside = [v for v in interfaces(call.account) if v["directConnectGatewayId"] == gateway["directConnectGatewayId"]]
    hubs = [
        one["associatedGateway"]["type"]
        for one in everywhere(call.account)["associations"].values()
        if one["directConnectGatewayId"] == gateway["directConnectGatewayId"]
    ]
    asn = int(asked.get("asn") or asked.get("asnLong") or 0)
    for wrong, why in (
        (connection["connectionState"] != "available", f"Connection is {connection['connectionState']}, not available"),
        (not 1 <= asked["vlan"] <= 4094, f"VLAN {asked['vlan']} is not within 1 to 4094"),
        (any(vif["vlan"] == asked["vlan"] for vif in others), f"VLAN {asked['vlan']} is in use on the connection"),
        (asked.get("mtu", 1500) not in MTUS, f"MTU {asked.get('mtu')} is not one of {sorted(MTUS)}"),
        (not 1 <= asn <= 4_294_967_294, f"ASN {asn} is not within 1 to 4294967294"),
        (asn == gateway["amazonSideAsn"], f"ASN {asn} is that of the Direct Connect gateway"),
        (not 6 <= len(asked.get("authKey", "rehearsal")) <= 80, "The BGP key has not 6 to 80 characters"),
        (OTHER[kind] in hubs, f"The Direct Connect gateway is associated with a {OTHER[kind]}"),
        (any(vif["virtualInterfaceType"] != kind for vif in beside), "The gateway has virtual interfaces of the other type"),
        (len(beside) >= MAX_INTERFACES, f"The gateway has {MAX_INTERFACES} virtual interfaces already"),
        (
            kind == "transit" and sum(vif["virtualInterfaceType"] == kind for vif in others) >= MAX_TRANSIT_INTERFACES,
            f"The connection has {MAX_TRANSIT_INTERFACES} transit virtual interfaces already",
        ),
        (not _one_network(asked), "amazonAddress and customerAddress are not two addresses of one network"),
    ):
        if wrong:
            raise Refuse(ERROR, why)
    interface = call.new_id("dxvif-", 8)
    made = {
        "mtu": 1500,
        "addressFamily": "ipv4",
        "siteLinkEnabled": asked.get("enableSiteLink", False),
        # AWS makes a key if it is given none.
        "authKey": call.new_id("0x", 24),
        **({} if "amazonAddress" in asked else _ends(call)),
        **asked,
        "ownerAccount": call.account,
        "virtualInterfaceId": interface,
        "virtualInterfaceType": kind,
        "location": connection["location"],
        "connectionId": connection["connectionId"],
        "region": call.region,
        "amazonSideAsn": gateway["amazonSideAsn"],
        "asn": asn if asn <= 2_147_483_647 else 0,
        "asnLong": asn,
        "jumboFrameCapable": True,
        "awsDeviceV2": connection["awsDeviceV2"],
        "awsLogicalDeviceId": connection["awsLogicalDeviceId"],
        # Up once the router on-premises answers: see rehearsal/adopters/routers.py.
        "virtualInterfaceState": "down",
        "bgpPeers": [
            {
                "bgpPeerId": call.new_id("dxpeer-", 8),
                "asnLong": asn,
                "addressFamily": "ipv4",
                "bgpPeerState": "available",
                "bgpStatus": "down",
            }
        ],
    }
    made["bgpPeers"][0] |= {end: made[end] for end in ("amazonAddress", "customerAddress", "authKey")}
    made["customerRouterConfig"] = router_xml(made)
    call.state["interfaces"][interface] = made
    everywhere(call.account)["regions"][call.region] = True
    tag(call, f"dxvif/{interface}", asked)
    return {**made, "virtualInterfaceState": "pending"}


def _ends(call: Call) -> dict[str, str]:
    """The addresses that AWS chooses if it is given none."""
    network = list(IPv4Network("169.254.0.0/16").subnets(new_prefix=30))[int(call.new_id(length=8), 16) % 16384]
    return {"amazonAddress": f"{network[1]}/30", "customerAddress": f"{network[2]}/30"}


def _one_network(asked: dict[str, Any]) -> bool:
    ends = [asked.get("amazonAddress"), asked.get("customerAddress")]
    if None in ends:
        return ends == [None, None]
    amazon, customer = map(IPv4Interface, ends)
    return amazon.network == customer.network and amazon.ip != customer.ip
