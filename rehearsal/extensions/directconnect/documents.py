"""What AWS hands out for the other end of a circuit: where it may end, the letter for the carrier, settings for the router."""

from ipaddress import IPv4Interface
from typing import Any
from xml.sax.saxutils import escape

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.directconnect.common import ERROR, chosen, connection_of, connections

SPEEDS = ["1G", "10G", "100G"]
LOCATIONS = {
    "ap-northeast-2": {
        "LGKNX": "KINX Gasan, Seoul",
        "LGU57": "LG U+ Pyeong-Chon Mega Center, Seoul",
        "TLS10": "Digital Realty ICN10, Seoul",
    }
}
"""By region: those that the stacks of this project name. AWS tells its list to whoever has an account, and to nobody else."""
ROUTER = {
    "vendor": "Cisco Systems, Inc.",
    "platform": "2900 Series Routers",
    "software": "IOS 12.4+",
    "xsltTemplateName": "customer-router-cisco-generic.xslt",
    "xsltTemplateNameForMacSec": "",
    "routerTypeIdentifier": "CiscoSystemsInc-2900SeriesRouters-IOS124",
}
"""Of the many that AWS writes settings for."""


@operation("directconnect", "DescribeLocations")
def describe_locations(call: Call) -> dict[str, Any]:
    """Places of the region, and wherever the account has a circuit."""
    names = dict(LOCATIONS.get(call.region, {}))
    for circuit in connections(call.account, call.region).values():
        names.setdefault(circuit["location"], circuit["location"])
    return {
        "locations": [
            {"locationCode": code, "locationName": name, "region": call.region, "availablePortSpeeds": SPEEDS}
            for code, name in sorted(names.items())
        ]
    }


@operation("directconnect", "DescribeLoa")
def describe_loa(call: Call) -> dict[str, Any]:
    """The letter of authorization, once AWS has found a port: not while the connection is only requested."""
    connection = connection_of(call)
    if connection["connectionState"] == "requested":
        raise Refuse(ERROR, f"The LOA of connection {connection['connectionId']} is not yet available")
    lines = (
        "Letter of Authorization, Connecting Facility Assignment",
        f"{connection['connectionName']} ({connection['connectionId']}), {connection['bandwidth']}",
        f"at {connection['location']}, for account {connection['ownerAccount']}",
        f"Provider: {call.params.get('providerName') or connection.get('providerName') or 'not named'}",
        "Made by a rehearsal: no port was assigned.",
    )
    return {"loaContent": _pdf(lines), "loaContentType": "application/pdf"}


@operation("directconnect", "DescribeConnectionLoa")
def describe_connection_loa(call: Call) -> dict[str, Any]:
    """The same by its older name."""
    return {"loa": describe_loa(call)}


@operation("directconnect", "DescribeRouterConfiguration")
def describe_router_configuration(call: Call) -> dict[str, Any]:
    """Interface and BGP session, in the words of one kind of router."""
    wanted = call.params.get("routerTypeIdentifier", ROUTER["routerTypeIdentifier"])
    if wanted != ROUTER["routerTypeIdentifier"]:
        raise Refuse(ERROR, f"{wanted} is not emulated; {ROUTER['routerTypeIdentifier']} is")
    vif = chosen(call.state["interfaces"], call.params["virtualInterfaceId"], "Virtual interface")[0]
    amazon, customer = (IPv4Interface(vif[end]) for end in ("amazonAddress", "customerAddress"))
    lines = (
        "interface GigabitEthernet0/1",
        " no ip address",
        f"interface GigabitEthernet0/1.{vif['vlan']}",
        f' description "Direct Connect, {vif["virtualInterfaceName"]}"',
        f" encapsulation dot1Q {vif['vlan']}",
        f" ip address {customer.ip} {customer.netmask}",
        f"router bgp {vif['asnLong']}",
        f" neighbor {amazon.ip} remote-as {vif['amazonSideAsn']}",
        f' neighbor {amazon.ip} password "{vif["authKey"]}"',
        f" neighbor {amazon.ip} fall-over bfd",
    )
    return {
        "customerRouterConfig": "\n".join(lines) + "\n",
        "router": ROUTER,
        "virtualInterfaceId": vif["virtualInterfaceId"],
        "virtualInterfaceName": vif["virtualInterfaceName"],
    }


def router_xml(vif: dict[str, Any]) -> str:
    """The settings for the router that are part of every virtual interface."""
    members = {
        "vlan": vif["vlan"],
        "customer_address": vif.get("customerAddress", ""),
        "amazon_address": vif.get("amazonAddress", ""),
        "bgp_asn": vif["asnLong"],
        "bgp_auth_key": vif["authKey"],
        "amazon_bgp_asn": vif["amazonSideAsn"],
        "connection_type": vif["virtualInterfaceType"],
    }
    body = "".join(f"  <{name}>{escape(str(value))}</{name}>\n" for name, value in members.items())
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<logical_connection id="{vif["virtualInterfaceId"]}">\n{body}</logical_connection>\n'


def _pdf(lines: tuple[str, ...]) -> bytes:
    """A page with some lines of text, as every reader of PDF opens it."""
    shown = "".join(f"({line.translate({40: 91, 41: 93, 92: 47})}) Tj T*\n" for line in lines)
    stream = f"BT /F1 12 Tf 72 760 Td 18 TL\n{shown}ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream.encode())} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    written = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()
