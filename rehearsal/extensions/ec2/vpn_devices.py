"""What AWS hands out for the router at the other end of a Site-to-Site VPN: the configuration in XML, and samples for devices.

moto shows addresses and ciphers that no tunnel has.
"""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any
from xml.sax.saxutils import escape

from moto.ec2.models.vpn_connections import VPNConnection

from rehearsal.extend import Call, Refuse, operation

HOLD_TIME = 30
"""Seconds until BGP gives a silent neighbour up."""
MSS = 1379
DEAD_PEER = {"interval": 10, "retries": 3}
AWS_ASN = 64512
"""Of a virtual private gateway that was given none."""
DEVICES = (
    {
        "VpnConnectionDeviceTypeId": "9005b6c1",
        "Vendor": "Generic",
        "Platform": "Generic",
        "Software": "Vendor Agnostic",
    },
    {
        "VpnConnectionDeviceTypeId": "b0adb196",
        "Vendor": "Strongswan",
        "Platform": "Ubuntu 16.04",
        "Software": "Strongswan 5.5.1+",
    },
)
"""Two of the devices that AWS knows; it writes the configuration of each in the words of its vendor, which nobody does here."""


def settings(connection: Any) -> Iterator[dict[str, Any]]:
    """What both ends of each tunnel have to be set to, by the names of AWS's XML."""
    router = connection.ec2_backend.customer_gateways[connection.customer_gateway_id]
    for tunnel in (connection.options or {}).get("TunnelOptions", []):
        inside = IPv4Network(tunnel["TunnelInsideCidr"])
        yield {
            "customer_gateway": _end(router.ip_address, inside, 2, router.bgp_asn_extended or router.bgp_asn),
            "vpn_gateway": _end(tunnel["OutsideIpAddress"], inside, 1, _asn(connection)),
            "ike": {
                "authentication_protocol": _first(tunnel, "Phase1IntegrityAlgorithms", "sha1"),
                "encryption_protocol": _first(tunnel, "Phase1EncryptionAlgorithms", "aes-128-cbc"),
                "lifetime": tunnel.get("Phase1LifetimeSeconds", 28800),
                "perfect_forward_secrecy": f"group{_first(tunnel, 'Phase1DHGroupNumbers', '2')}",
                "mode": "main",
                # By this word the provider knows that Secrets Manager keeps it.
                # https://github.com/hashicorp/terraform-provider-aws/pull/42819
                "pre_shared_key": tunnel.get("PreSharedKey", "REDACTED"),
            },
            "ipsec": {
                "protocol": "esp",
                "authentication_protocol": _first(tunnel, "Phase2IntegrityAlgorithms", "hmac-sha1-96"),
                "encryption_protocol": _first(tunnel, "Phase2EncryptionAlgorithms", "aes-128-cbc"),
                "lifetime": tunnel.get("Phase2LifetimeSeconds", 3600),
                "perfect_forward_secrecy": f"group{_first(tunnel, 'Phase2DHGroupNumbers', '2')}",
                "mode": "tunnel",
                "clear_df_bit": "true",
                "fragmentation_before_encryption": "true",
                "tcp_mss_adjustment": MSS,
                "dead_peer_detection": DEAD_PEER,
            },
        }


def _end(address: str, inside: IPv4Network, host: int, asn: Any) -> dict[str, Any]:
    return {
        "tunnel_outside_address": {"ip_address": address},
        "tunnel_inside_address": {
            "ip_address": str(inside[host]),
            "network_mask": str(inside.netmask),
            "network_cidr": inside.prefixlen,
        },
        "bgp": {"asn": asn, "hold_time": HOLD_TIME},
    }


def _first(tunnel: dict[str, Any], member: str, default: str) -> str:
    """The first of the algorithms that are allowed, as the XML has room for one."""
    allowed = tunnel.get(member)
    return str(allowed[0]["Value"]).lower() if allowed else default


def _asn(connection: Any) -> int:
    backend = connection.ec2_backend
    if connection.vpn_gateway_id:
        return int(backend.vpn_gateways[connection.vpn_gateway_id].amazon_side_asn or AWS_ASN)
    if connection.transit_gateway_id:
        return int(backend.transit_gateways[connection.transit_gateway_id].options["AmazonSideAsn"])
    return AWS_ASN


def _configuration(connection: Any) -> str:
    head = {
        "customer_gateway_id": connection.customer_gateway_id,
        "vpn_gateway_id": connection.vpn_gateway_id or "",
        "vpn_connection_type": connection.type,
    }
    tunnels = "".join(f"  <ipsec_tunnel>\n{_xml(tunnel, 4)}  </ipsec_tunnel>\n" for tunnel in settings(connection))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<vpn_connection id="{connection.id}">\n{_xml(head, 2)}{tunnels}'
        "</vpn_connection>"
    )


def _xml(tree: dict[str, Any], indent: int) -> str:
    space = " " * indent
    return "".join(
        f"{space}<{name}>\n{_xml(value, indent + 2)}{space}</{name}>\n"
        if isinstance(value, dict)
        else f"{space}<{name}>{escape(str(value))}</{name}>\n"
        for name, value in tree.items()
    )


VPNConnection.customer_gateway_configuration = property(_configuration)  # type: ignore[method-assign,assignment]


@operation("ec2", "GetVpnConnectionDeviceTypes")
def get_device_types(call: Call) -> dict[str, Any]:
    """The devices that samples are given for."""
    return {"VpnConnectionDeviceTypes": list(DEVICES)}


@operation("ec2", "GetVpnConnectionDeviceSampleConfiguration")
def get_sample_configuration(call: Call) -> dict[str, Any]:
    """What the device has to be set to, tunnel by tunnel."""
    params = call.params
    connection = call.backend("ec2").vpn_connections.get(params["VpnConnectionId"])
    if connection is None:
        raise Refuse("InvalidVpnConnectionID.NotFound", f"The vpnConnection ID '{params['VpnConnectionId']}' does not exist")
    wanted = params["VpnConnectionDeviceTypeId"]
    device = next((one for one in DEVICES if one["VpnConnectionDeviceTypeId"] == wanted), None)
    if device is None:
        raise Refuse("InvalidVpnConnectionDeviceTypeId.NotFound", f"The device type '{wanted}' does not exist")
    version = params.get("InternetKeyExchangeVersion", "ikev1")
    lines = [f"{connection.id} for {device['Vendor']}, {device['Platform']}, {device['Software']}; {version}"]
    for number, tunnel in enumerate(settings(connection), 1):
        if keys := getattr(connection, "pre_shared_key_arn", None):
            tunnel["ike"]["pre_shared_key"] = f"in {keys}"
        lines += [f"IPSec Tunnel #{number}", *_listed(tunnel, "  ")]
    return {"VpnConnectionDeviceSampleConfiguration": "\n".join(lines) + "\n"}


def _listed(tree: dict[str, Any], indent: str) -> Iterator[str]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield f"{indent}{name}"
            yield from _listed(value, indent + "  ")
        else:
            yield f"{indent}{name}: {value}"
