"""The hub and its VPN: virtual private gateway, transit gateway, customer gateways and connections."""

from ipaddress import IPv4Network
from typing import Any

from rehearsal.row import Call, Context, Read, Row, Table, Update

TUNNEL_MEMBERS = {
    "DpdTimeoutAction": "DPDTimeoutAction",
    "DpdTimeoutSeconds": "DPDTimeoutSeconds",
    "IkeVersions": "IKEVersions",
    "InsideCidr": "TunnelInsideCidr",
    "Phase1DhGroupNumbers": "Phase1DHGroupNumbers",
    "Phase2DhGroupNumbers": "Phase2DHGroupNumbers",
    "PresharedKey": "PreSharedKey",
}
"""Tunnel options whose names in the API differ from the provider's by more than the first letter."""
TUNNEL_LISTS = ("IkeVersions", "EncryptionAlgorithms", "IntegrityAlgorithms", "DhGroupNumbers")
TUNNEL_OPTIONS = (
    "DpdTimeoutAction",
    "DpdTimeoutSeconds",
    "EnableTunnelLifecycleControl",
    "IkeVersions",
    "InsideCidr",
    *(
        f"Phase{phase}{option}"
        for phase in (1, 2)
        for option in ("DhGroupNumbers", "EncryptionAlgorithms", "IntegrityAlgorithms", "LifetimeSeconds")
    ),
    "PresharedKey",
    "RekeyFuzzPercentage",
    "RekeyMarginTimeSeconds",
    "ReplayWindowSize",
    "StartupAction",
    "LogOptions",
)
LOG_MEMBERS = {
    "bgpLogEnabled": "BgpLogEnabled",
    "bgpLogGroupArn": "BgpLogGroupArn",
    "bgpLogOutputFormat": "BgpLogOutputFormat",
    "logEnabled": "LogEnabled",
    "logGroupArn": "LogGroupArn",
    "logOutputFormat": "LogOutputFormat",
}


def _options(*names: str) -> dict[str, str]:
    """Inputs that are members of `Options`, in the request and in the answer."""
    return {name: f"Options.{name[0].upper()}{name[1:]}" for name in names}


GATEWAY_OPTIONS = _options(
    "amazonSideAsn",
    "autoAcceptSharedAttachments",
    "defaultRouteTableAssociation",
    "defaultRouteTablePropagation",
    "dnsSupport",
    "multicastSupport",
    "securityGroupReferencingSupport",
    "transitGatewayCidrBlocks",
    "vpnEcmpSupport",
)
ATTACHMENT_OPTIONS = _options("applianceModeSupport", "dnsSupport", "ipv6Support", "securityGroupReferencingSupport")


def _arn(kind: str) -> Any:
    return lambda c: f"arn:aws:ec2:{c.region}:{c.account}:{kind}/{c.id}"


def _tunnel_options(context: Context) -> list[dict[str, Any]]:
    """The two tunnels, from the inputs `tunnel1...` and `tunnel2...`."""
    tunnels = []
    for number in (1, 2):
        tunnel: dict[str, Any] = {}
        for option in TUNNEL_OPTIONS:
            value = context.inputs.get(f"tunnel{number}{option}")
            if value is None:
                continue
            if option == "LogOptions":
                logs = value["cloudwatchLogOptions"]
                tunnel["LogOptions"] = {"CloudWatchLogOptions": {LOG_MEMBERS[key]: item for key, item in logs.items()}}
                continue
            if option.endswith(TUNNEL_LISTS):
                value = [{"Value": int(item) if isinstance(item, float) else item} for item in value]
            elif isinstance(value, float):
                value = int(value)
            tunnel[TUNNEL_MEMBERS.get(option, option)] = value
        tunnels.append(tunnel)
    return tunnels


def _tunnel_fields() -> dict[str, str]:
    """Where each tunnel input stands in what DescribeVpnConnections answers."""
    answered = {"DPDTimeoutAction": "DpdTimeoutAction", "DPDTimeoutSeconds": "DpdTimeoutSeconds", "IKEVersions": "IkeVersions"}
    fields = {}
    for number in (1, 2):
        for option in TUNNEL_OPTIONS:
            member = TUNNEL_MEMBERS.get(option, option)
            path = f"Options.TunnelOptions[{number - 1}].{answered.get(member, member)}"
            if option.endswith(TUNNEL_LISTS):
                path += "[].Value"
            elif option == "LogOptions":
                logs = ", ".join(f"{key}: {member}" for key, member in LOG_MEMBERS.items())
                path += f".{{cloudwatchLogOptions: CloudWatchLogOptions.{{{logs}}}}}"
            fields[f"tunnel{number}{option}"] = path
    return fields


def _vpn_attachment(context: Context) -> str | None:
    """The attachment that AWS makes for a connection of a transit gateway."""
    if "transitGatewayId" not in context.inputs:
        return None
    filters = [{"Name": "resource-id", "Values": [context.id]}]
    found = context.call("ec2", "DescribeTransitGatewayAttachments", {"Filters": filters})["TransitGatewayAttachments"]
    return str(found[0]["TransitGatewayAttachmentId"])


def _amazon_asn(context: Context) -> str:
    """The ASN of the gateway that a connection ends at."""
    if "transitGatewayId" in context.inputs:
        asked = {"TransitGatewayIds": [context.inputs["transitGatewayId"]]}
        found = context.call("ec2", "DescribeTransitGateways", asked)["TransitGateways"][0]["Options"]
    else:
        found = context.call("ec2", "DescribeVpnGateways", {"VpnGatewayIds": [context.inputs["vpnGatewayId"]]})["VpnGateways"][
            0
        ]
    return str(found["AmazonSideAsn"])


def _inside_ends() -> dict[str, Any]:
    """Both ends of each tunnel: AWS's is the first address of its network, the router's the second; and the ASN of AWS."""
    ends: dict[str, Any] = {}
    for number in (1, 2):
        for name, position in (("Vgw", 1), ("Cgw", 2)):
            ends[f"tunnel{number}{name}InsideAddress"] = lambda c, n=number, p=position: str(
                IPv4Network(c.read["Options"]["TunnelOptions"][n - 1]["TunnelInsideCidr"])[p]
            )
        ends[f"tunnel{number}BgpAsn"] = _amazon_asn
    return ends


ROWS: Table = {
    "aws:ec2/vpnGateway:VpnGateway": Row(
        service="ec2",
        create="CreateVpnGateway",
        id="$response.VpnGateway.VpnGatewayId",
        delete=(
            Call("DetachVpnGateway", {"VpnGatewayId": "$id", "VpcId": "$inputs.vpcId"}, when="vpcId"),
            Call("DeleteVpnGateway", {"VpnGatewayId": "$id"}),
        ),
        constant={"Type": "ipsec.1"},
        tag_resource="vpn-gateway",
        after=(Call("AttachVpnGateway", {"VpnGatewayId": "$id", "VpcId": "$inputs.vpcId"}, when="vpcId"),),
        read=(
            Read(
                "DescribeVpnGateways",
                {"VpnGatewayIds": ["$id"]},
                "VpnGateways[0]",
                fields={"vpcId": "VpcAttachments[?State=='attached'] | [0].VpcId"},
            ),
        ),
        outputs={"arn": _arn("vpn-gateway")},
    ),
    "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": Row(
        service="ec2",
        create="EnableVgwRoutePropagation",
        id=lambda c: f"{c.inputs['vpnGatewayId']}_{c.inputs['routeTableId']}",
        unverified={"routeTableId": "the read is of this very table"},
        delete=(
            Call("DisableVgwRoutePropagation", {"GatewayId": "$inputs.vpnGatewayId", "RouteTableId": "$inputs.routeTableId"}),
        ),
        inputs={"vpnGatewayId": "GatewayId"},
        read=(
            Read(
                "DescribeRouteTables",
                {"RouteTableIds": ["$inputs.routeTableId"]},
                lambda c: f"RouteTables[0].PropagatingVgws[?GatewayId=='{c.inputs['vpnGatewayId']}'] | [0]",
            ),
        ),
        extended=True,
    ),
    "aws:ec2/customerGateway:CustomerGateway": Row(
        service="ec2",
        create="CreateCustomerGateway",
        id="$response.CustomerGateway.CustomerGatewayId",
        delete=(Call("DeleteCustomerGateway", {"CustomerGatewayId": "$id"}),),
        tag_resource="customer-gateway",
        read=(Read("DescribeCustomerGateways", {"CustomerGatewayIds": ["$id"]}, "CustomerGateways[0]"),),
        outputs={"arn": _arn("customer-gateway")},
        extended=True,
    ),
    "aws:ec2/vpnConnection:VpnConnection": Row(
        service="ec2",
        create="CreateVpnConnection",
        id="$response.VpnConnection.VpnConnectionId",
        delete=(Call("DeleteVpnConnection", {"VpnConnectionId": "$id"}),),
        # AWS moves it to another hub by the same call; here the account is made anew for that.
        update=(Update("ModifyVpnConnection", {"VpnConnectionId": "$id"}, takes=frozenset({"customerGatewayId"})),),
        tag_resource="vpn-connection",
        inputs={
            "staticRoutesOnly": "Options.StaticRoutesOnly",
            "tunnelBandwidth": "Options.TunnelBandwidth",
            "presharedKeyStorage": "PreSharedKeyStorage",
        },
        constant={"Options": {"TunnelOptions": _tunnel_options}},
        consumes=frozenset(f"tunnel{number}{option}" for number in (1, 2) for option in TUNNEL_OPTIONS),
        read=(
            Read(
                "DescribeVpnConnections",
                {"VpnConnectionIds": ["$id"]},
                "VpnConnections[0]",
                fields={
                    "staticRoutesOnly": "Options.StaticRoutesOnly",
                    "tunnelBandwidth": "Options.TunnelBandwidth",
                    # There is no member for it: the keys are in a secret exactly if it has an ARN.
                    "presharedKeyStorage": "PreSharedKeyArn && 'SecretsManager' || 'Standard'",
                    **_tunnel_fields(),
                },
            ),
        ),
        outputs={
            "arn": _arn("vpn-connection"),
            "presharedKeyArn": "$read.PreSharedKeyArn",
            "tunnel1Address": "$read.Options.TunnelOptions[0].OutsideIpAddress",
            "tunnel2Address": "$read.Options.TunnelOptions[1].OutsideIpAddress",
            **_inside_ends(),
            "tunnel1InsideCidr": "$read.Options.TunnelOptions[0].TunnelInsideCidr",
            "tunnel2InsideCidr": "$read.Options.TunnelOptions[1].TunnelInsideCidr",
            "transitGatewayAttachmentId": _vpn_attachment,
        },
        extended=True,
    ),
    "aws:ec2transitgateway/transitGateway:TransitGateway": Row(
        service="ec2",
        create="CreateTransitGateway",
        id="$response.TransitGateway.TransitGatewayId",
        delete=(Call("DeleteTransitGateway", {"TransitGatewayId": "$id"}),),
        update=(Update("ModifyTransitGateway", {"TransitGatewayId": "$id"}),),
        tag_resource="transit-gateway",
        inputs=GATEWAY_OPTIONS,
        read=(
            Read(
                "DescribeTransitGateways",
                {"TransitGatewayIds": ["$id"]},
                "TransitGateways[0]",
                fields=GATEWAY_OPTIONS,
            ),
        ),
        outputs={
            "arn": "$read.TransitGatewayArn",
            "associationDefaultRouteTableId": "$read.Options.AssociationDefaultRouteTableId",
            "propagationDefaultRouteTableId": "$read.Options.PropagationDefaultRouteTableId",
        },
    ),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": Row(
        service="ec2",
        create="CreateTransitGatewayVpcAttachment",
        id="$response.TransitGatewayVpcAttachment.TransitGatewayAttachmentId",
        delete=(Call("DeleteTransitGatewayVpcAttachment", {"TransitGatewayAttachmentId": "$id"}),),
        update=(
            Update(
                "ModifyTransitGatewayVpcAttachment", {"TransitGatewayAttachmentId": "$id"}, takes=frozenset(ATTACHMENT_OPTIONS)
            ),
        ),
        tag_resource="transit-gateway-attachment",
        inputs=ATTACHMENT_OPTIONS,
        read=(
            Read(
                "DescribeTransitGatewayVpcAttachments",
                {"TransitGatewayAttachmentIds": ["$id"]},
                "TransitGatewayVpcAttachments[0]",
                fields=ATTACHMENT_OPTIONS,
            ),
        ),
        outputs={"arn": _arn("transit-gateway-attachment"), "vpcOwnerId": "$account"},
        extended=True,
    ),
}
