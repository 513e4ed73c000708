"""Site-to-Site VPN: customer gateways with all their fields, and the tunnels of connections, whose options moto drops."""

import json
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from moto.moto_api._internal import mock_random

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.ec2.transit_gateways import route

TUNNELS = 2
RANGES = {
    "Phase1LifetimeSeconds": (900, 28800),
    "Phase2LifetimeSeconds": (900, 3600),
    "DPDTimeoutSeconds": (30, 3600),
    "ReplayWindowSize": (64, 2048),
}
VALUES: dict[str, set[Any]] = {
    "DPDTimeoutAction": {"clear", "none", "restart"},
    "StartupAction": {"add", "start"},
    "IKEVersions": {"ikev1", "ikev2"},
    "Phase1EncryptionAlgorithms": {"AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"},
    "Phase2EncryptionAlgorithms": {"AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"},
    "Phase1IntegrityAlgorithms": {"SHA1", "SHA2-256", "SHA2-384", "SHA2-512"},
    "Phase2IntegrityAlgorithms": {"SHA1", "SHA2-256", "SHA2-384", "SHA2-512"},
    "Phase1DHGroupNumbers": {2, *range(14, 25)},
    "Phase2DHGroupNumbers": {2, 5, *range(14, 25)},
}
"""Allowed values, which the API model leaves open: see VpnTunnelOptionsSpecification in the EC2 API reference."""
SPELLINGS = {"DPDTimeoutSeconds": "DpdTimeoutSeconds", "DPDTimeoutAction": "DpdTimeoutAction", "IKEVersions": "IkeVersions"}
"""Members whose names differ between request and answer."""


@operation("ec2", "CreateCustomerGateway")
def create_customer_gateway(call: Call) -> Any:
    """moto keeps neither the name of the device nor an ASN of more than 31 bits, and makes the same gateway twice."""
    short, long = call.params.get("BgpAsn"), call.params.get("BgpAsnExtended")
    if (short is None) == (long is None):
        raise Refuse("InvalidParameterCombination", "Specify one of BgpAsn and BgpAsnExtended")
    if short is not None and not 1 <= short <= 2_147_483_647:
        raise Refuse("InvalidParameterValue", f"Value ({short}) for parameter bgpAsn is invalid")
    if long is not None and not 2_147_483_648 <= long <= 4_294_967_295:
        raise Refuse("InvalidParameterValue", f"Value ({long}) for parameter bgpAsnExtended is invalid")
    made = call.backend("ec2").customer_gateways
    before = list(made.values())
    answer = call.moto()
    gateway = answer.result["CustomerGateway"]
    gateway.device_name = call.params.get("DeviceName")
    gateway.bgp_asn_extended = None if long is None else str(long)
    gateway.bgp_asn = None if short is None else str(short)
    if twin := next((one for one in before if _asked(one) == _asked(gateway)), None):
        del made[gateway.id]
        answer.result["CustomerGateway"] = twin
    return answer


def _asked(gateway: Any) -> tuple[Any, ...]:
    """What a request for a customer gateway must not repeat to get another one."""
    return (gateway.type, gateway.ip_address, gateway.bgp_asn, gateway.bgp_asn_extended, gateway.device_name)


@operation("ec2", "CreateVpnConnection")
def create_vpn_connection(call: Call) -> Any:
    """moto makes the connection without tunnels, and takes any virtual private gateway."""
    backend, options = call.backend("ec2"), call.params.get("Options", {})
    hub = call.params.get("VpnGatewayId")
    if hub and hub not in backend.vpn_gateways:
        raise Refuse("InvalidVpnGatewayID.NotFound", f"The vpnGateway ID '{hub}' does not exist")
    router = backend.customer_gateways.get(call.params["CustomerGatewayId"])
    if (
        hub
        and router is not None
        and str(backend.vpn_gateways[hub].amazon_side_asn) in (router.bgp_asn, router.bgp_asn_extended)
    ):
        raise Refuse("AsnConflict", f"The ASN of {router.id} and {hub} is the same")
    if hub and options.get("TunnelBandwidth", "standard") != "standard":
        raise Refuse("InvalidParameterCombination", "TunnelBandwidth is not supported with VpnGatewayId")
    asked = [*options.get("TunnelOptions", []), {}, {}][:TUNNELS]
    for tunnel in asked:
        _check(tunnel, call)
    answer = call.moto()
    connection = answer.result["VpnConnection"]
    connection.options = {
        "EnableAcceleration": False,
        "StaticRoutesOnly": False,
        "LocalIpv4NetworkCidr": "0.0.0.0/0",
        "RemoteIpv4NetworkCidr": "0.0.0.0/0",
        "OutsideIpAddressType": "PublicIpv4",
        "TunnelInsideIpVersion": "ipv4",
        "TunnelBandwidth": "standard",
        **options,
        "TunnelOptions": [_tunnel(tunnel) for tunnel in asked],
    }
    connection.category = "VPN"
    connection.gateway_association_state = "associated"
    # Tunnels are down until a router answers.
    connection.vgw_telemetry = [
        {
            "OutsideIpAddress": tunnel["OutsideIpAddress"],
            "Status": "DOWN",
            "StatusMessage": "IPSEC IS DOWN",
            "AcceptedRouteCount": 0,
        }
        for tunnel in connection.options["TunnelOptions"]
    ]
    for attachment in backend.transit_gateway_attachments.values():
        if attachment.resource_id == connection.id:
            route(backend, attachment)
    if call.params.get("PreSharedKeyStorage") == "SecretsManager":
        connection.pre_shared_key_arn = _kept_in_secrets_manager(call, connection)
    return answer


@operation("ec2", "ModifyVpnConnection")
def modify_vpn_connection(call: Call) -> dict[str, Any]:
    """Lead the connection to another router; moto cannot. Tunnels, addresses and keys stay."""
    backend = call.backend("ec2")
    connection = backend.vpn_connections.get(call.params["VpnConnectionId"])
    if connection is None:
        raise Refuse(
            "InvalidVpnConnectionID.NotFound", f"The vpnConnection ID '{call.params['VpnConnectionId']}' does not exist"
        )
    router = call.params["CustomerGatewayId"]
    if router not in backend.customer_gateways:
        raise Refuse("InvalidCustomerGatewayID.NotFound", f"The customerGateway ID '{router}' does not exist")
    connection.customer_gateway_id = router
    return {"VpnConnection": {"VpnConnectionId": connection.id, "CustomerGatewayId": router}}


def _check(tunnel: dict[str, Any], call: Call) -> None:
    for key, (low, high) in RANGES.items():
        if key in tunnel and not low <= tunnel[key] <= high:
            raise Refuse("InvalidParameterValue", f"{key} is {tunnel[key]}; allowed: {low} to {high}")
    for key, allowed in VALUES.items():
        given = tunnel.get(key, [])
        values = [given] if isinstance(given, str) else [entry["Value"] for entry in given]
        if wrong := [value for value in values if value not in allowed]:
            raise Refuse("InvalidParameterValue", f"{key} is {wrong}; allowed: {sorted(allowed)}")
    versions = [entry["Value"] for entry in tunnel.get("IKEVersions", [])]
    if tunnel.get("StartupAction") == "start" and versions and "ikev2" not in versions:
        raise Refuse("InvalidParameterCombination", "StartupAction start is supported for ikev2 only")
    logs = tunnel.get("LogOptions", {}).get("CloudWatchLogOptions", {})
    for switch, group in (("LogEnabled", "LogGroupArn"), ("BgpLogEnabled", "BgpLogGroupArn")):
        if logs.get(switch):
            name = logs.get(group, "").removesuffix(":*").partition(":log-group:")[2]
            if name not in call.backend("logs").groups:
                raise Refuse("InvalidParameterValue", f"{group} {logs.get(group)!r} is not a log group of this region")


def _tunnel(asked: dict[str, Any]) -> dict[str, Any]:
    drawn = int(mock_random.get_random_hex(8), 16)
    inside = list(IPv4Network("169.254.0.0/16").subnets(new_prefix=30))[6 + drawn % 16000]
    # AWS answers with what was asked for alone: what is left at its default it leaves out.
    tunnel = {
        # Addresses of TEST-NET-1, which nobody on the internet has.
        "OutsideIpAddress": str(IPv4Address("192.0.2.1") + drawn % 250),
        "TunnelInsideCidr": str(inside),
        "PreSharedKey": mock_random.get_random_hex(32),
        **asked,
    }
    return {SPELLINGS.get(key, key): value for key, value in tunnel.items()}


def _kept_in_secrets_manager(call: Call, connection: Any) -> str:
    """AWS keeps the keys of both tunnels in one secret of its own, and shows none in the connection."""
    keys = {f"psk{number}": tunnel.pop("PreSharedKey") for number, tunnel in enumerate(connection.options["TunnelOptions"], 1)}
    made = call.backend("secretsmanager").create_secret(
        name=f"s2svpn!{connection.id}",
        secret_string=json.dumps(keys),
        secret_binary=None,
        description=f"Pre-shared keys of {connection.id}",
        tags=None,
        kms_key_id=None,
        client_request_token=None,
        replica_regions=[],
        force_overwrite=False,
    )
    return str(json.loads(made)["ARN"])
