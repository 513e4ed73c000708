"""Direct Connect gateways and their associations with virtual private and transit gateways."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.directconnect.common import ERROR, OTHER, everywhere, gateway_of, interfaces
from rehearsal.extensions.ec2.transit_gateways import attach_direct_connect, detach_direct_connect

MAX_PREFIXES = 200
"""Prefixes of an association with a transit gateway."""
MAX_HUBS = {"transitGateway": 6, "virtualPrivateGateway": 20}
"""Gateways that one Direct Connect gateway takes; https://docs.aws.amazon.com/directconnect/latest/UserGuide/limits.html"""


def adopt_gateway(account: str, gateway: str, name: str) -> None:
    """A Direct Connect gateway that is there before the program starts."""
    everywhere(account)["gateways"][gateway] = {
        "directConnectGatewayId": gateway,
        "directConnectGatewayName": name,
        "amazonSideAsn": 64513,
        "ownerAccount": account,
        "directConnectGatewayState": "available",
        "tags": [],
    }
    everywhere(account)["adopted"][gateway] = True


def give_adopted(account: str, owner: str) -> None:
    """The gateways that were there before are another account's."""
    for gateway in everywhere(account)["adopted"]:
        everywhere(account)["gateways"][gateway]["ownerAccount"] = owner


@contextmanager
def as_owner(account: str, gateway: str) -> Iterator[None]:
    """What the owner of a gateway does in its own account."""
    kept = everywhere(account)["gateways"][gateway]
    owner, kept["ownerAccount"] = kept["ownerAccount"], account
    try:
        yield
    finally:
        kept["ownerAccount"] = owner
        for association in everywhere(account)["associations"].values():
            if association["directConnectGatewayId"] == gateway:
                association["directConnectGatewayOwnerAccount"] = owner


def is_adopted(account: str, gateway: str) -> bool:
    """Whether it was there before the program."""
    return gateway in everywhere(account)["adopted"]


@operation("directconnect", "CreateDirectConnectGateway")
def create_gateway(call: Call) -> dict[str, Any]:
    """A gateway, global."""
    asn = call.params.get("amazonSideAsn", 64512)
    if not (64512 <= asn <= 65534 or 4_200_000_000 <= asn <= 4_294_967_294):
        raise Refuse(ERROR, f"amazonSideAsn {asn} is not a private ASN")
    gateway = str(uuid.UUID(hex=call.new_id(length=32), version=4))
    made = {
        "directConnectGatewayId": gateway,
        "directConnectGatewayName": call.params["directConnectGatewayName"],
        "amazonSideAsn": asn,
        "ownerAccount": call.account,
        "directConnectGatewayState": "available",
        "tags": call.params.get("tags", []),
    }
    everywhere(call.account)["gateways"][gateway] = made
    return {"directConnectGateway": made}


@operation("directconnect", "DescribeDirectConnectGateways")
def describe_gateways(call: Call) -> dict[str, Any]:
    """The gateways of the account."""
    gateways = [one for one in everywhere(call.account)["gateways"].values() if one["ownerAccount"] == call.account]
    wanted = call.params.get("directConnectGatewayId")
    return {"directConnectGateways": [one for one in gateways if wanted in (None, one["directConnectGatewayId"])]}


@operation("directconnect", "UpdateDirectConnectGateway")
def update_gateway(call: Call) -> dict[str, Any]:
    """Its name is all that can be changed."""
    gateway = gateway_of(call, call.params["directConnectGatewayId"])
    gateway["directConnectGatewayName"] = call.params["newDirectConnectGatewayName"]
    return {"directConnectGateway": gateway}


@operation("directconnect", "DeleteDirectConnectGateway")
def delete_gateway(call: Call) -> dict[str, Any]:
    """Refused while a hub or a virtual interface uses it."""
    gateway = gateway_of(call, call.params["directConnectGatewayId"])
    identifier = gateway["directConnectGatewayId"]
    used = [*everywhere(call.account)["associations"].values(), *interfaces(call.account)]
    if any(one["directConnectGatewayId"] == identifier for one in used):
        raise Refuse(ERROR, f"Direct Connect Gateway {identifier} has associations or virtual interfaces; delete them first")
    del everywhere(call.account)["gateways"][identifier]
    return {"directConnectGateway": {**gateway, "directConnectGatewayState": "deleting"}}


@operation("directconnect", "CreateDirectConnectGatewayAssociation")
def create_association(call: Call) -> dict[str, Any]:
    """Let a virtual private or transit gateway of the region use a Direct Connect gateway."""
    gateway = gateway_of(call, call.params["directConnectGatewayId"])
    hub = call.params.get("gatewayId") or call.params.get("virtualGatewayId", "")
    prefixes = call.params.get("addAllowedPrefixesToDirectConnectGateway", [])
    kind, cidr = hub_of(call, hub, prefixes)
    ec2 = call.backend("ec2")
    if kind == "transitGateway" and int(ec2.transit_gateways[hub].options["AmazonSideAsn"]) == gateway["amazonSideAsn"]:
        raise Refuse(ERROR, f"{hub} and the Direct Connect gateway have the same ASN, {gateway['amazonSideAsn']}")
    made = everywhere(call.account)["associations"]
    own = [one for one in made.values() if one["directConnectGatewayId"] == gateway["directConnectGatewayId"]]
    if any(one["associatedGateway"]["id"] == hub for one in own):
        raise Refuse(ERROR, f"{hub} is associated with {gateway['directConnectGatewayId']} already")
    beside = [v for v in interfaces(call.account) if v["directConnectGatewayId"] == gateway["directConnectGatewayId"]]
    if any(one["associatedGateway"]["type"] != kind for one in own) or any(
        OTHER[vif["virtualInterfaceType"]] == kind for vif in beside
    ):
        raise Refuse(ERROR, f"A Direct Connect gateway cannot mix {kind} with gateways or virtual interfaces of the other kind")
    if len(own) >= MAX_HUBS[kind]:
        raise Refuse(ERROR, f"A Direct Connect gateway takes {MAX_HUBS[kind]} gateways of the kind {kind}")
    for one in own:
        _apart(call, one["associatedGateway"], hub, cidr)
    association = str(uuid.UUID(hex=call.new_id(length=32), version=4))
    made[association] = {
        "associationId": association,
        "directConnectGatewayId": gateway["directConnectGatewayId"],
        "directConnectGatewayOwnerAccount": call.account,
        "associationState": "associated",
        "associatedGateway": {"id": hub, "type": kind, "ownerAccount": call.account, "region": call.region},
        "allowedPrefixesToDirectConnectGateway": prefixes or [{"cidr": cidr}],
    }
    if kind == "transitGateway":
        attach_direct_connect(ec2, hub, gateway["directConnectGatewayId"])
    else:
        made[association] |= {"virtualGatewayId": hub, "virtualGatewayRegion": call.region}
    # It takes AWS up to 45 minutes to get from one state to the other.
    return {"directConnectGatewayAssociation": {**made[association], "associationState": "associating"}}


def hub_of(call: Call, hub: str, prefixes: list[Any]) -> tuple[str, str]:
    """The kind of a hub that is to be associated, and the block of its VPC if it is attached to one."""
    ec2 = call.backend("ec2")
    if hub.startswith("tgw-"):
        if hub not in ec2.transit_gateways:
            raise Refuse(ERROR, f"Transit gateway {hub} does not exist")
        if not 1 <= len(prefixes) <= MAX_PREFIXES:
            raise Refuse(ERROR, f"{len(prefixes)} allowed prefixes given; a transit gateway takes 1 to {MAX_PREFIXES}")
        return "transitGateway", ""
    attachments = ec2.vpn_gateways[hub].attachments.values() if hub in ec2.vpn_gateways else []
    vpc = next((attachment.vpc_id for attachment in attachments if attachment.state == "attached"), None)
    if vpc is None:
        raise Refuse(ERROR, f"Virtual private gateway {hub} does not exist or is not attached to a VPC")
    return "virtualPrivateGateway", ec2.vpcs[vpc].cidr_block


def _apart(call: Call, other: dict[str, Any], hub: str, cidr: str) -> None:
    """Refuse a hub beside one of another region that it cannot be told from: the same ASN, or a VPC with the same addresses.

    https://docs.aws.amazon.com/directconnect/latest/UserGuide/direct-connect-transit-gateways.html and virtualgateways.html
    """
    here, there = call.backend("ec2"), call.backend("ec2", other["region"])
    if other["type"] == "transitGateway":
        asn = int(here.transit_gateways[hub].options["AmazonSideAsn"])
        if asn == int(there.transit_gateways[other["id"]].options["AmazonSideAsn"]):
            raise Refuse(ERROR, f"{hub} has the ASN of {other['id']} in {other['region']}, {asn}; each needs its own")
        return
    vpc = next(attachment.vpc_id for attachment in there.vpn_gateways[other["id"]].attachments.values())
    if IPv4Network(cidr).overlaps(IPv4Network(there.vpcs[vpc].cidr_block)):
        raise Refuse(ERROR, f"{cidr} overlaps {there.vpcs[vpc].cidr_block} of {vpc} in {other['region']}")


@operation("directconnect", "DescribeDirectConnectGatewayAssociations")
def describe_associations(call: Call) -> dict[str, Any]:
    """Associations by their own id or by that of either gateway."""
    wanted = call.params
    return {
        "directConnectGatewayAssociations": [
            one
            for one in everywhere(call.account)["associations"].values()
            if wanted.get("associationId") in (None, one["associationId"])
            and wanted.get("directConnectGatewayId") in (None, one["directConnectGatewayId"])
            and wanted.get("associatedGatewayId") in (None, one["associatedGateway"]["id"])
            and wanted.get("virtualGatewayId") in (None, one["associatedGateway"]["id"])
        ]
    }


@operation("directconnect", "UpdateDirectConnectGatewayAssociation")
def update_association(call: Call) -> dict[str, Any]:
    """Prefixes that are announced from now on, and those that no longer are."""
    association = _association_of(call)
    prefixes = association["allowedPrefixesToDirectConnectGateway"]
    gone = call.params.get("removeAllowedPrefixesToDirectConnectGateway", [])
    kept = [one for one in prefixes if one not in gone]
    kept += [one for one in call.params.get("addAllowedPrefixesToDirectConnectGateway", []) if one not in kept]
    if not 1 <= len(kept) <= MAX_PREFIXES:
        raise Refuse(ERROR, f"{len(kept)} allowed prefixes would be left; there are 1 to {MAX_PREFIXES}")
    association["allowedPrefixesToDirectConnectGateway"] = kept
    return {"directConnectGatewayAssociation": {**association, "associationState": "updating"}}


@operation("directconnect", "DeleteDirectConnectGatewayAssociation")
def delete_association(call: Call) -> dict[str, Any]:
    """The hub leaves the gateway; nothing answers to the id from then on, as with AWS once it is `disassociated`."""
    association = _association_of(call)
    del everywhere(call.account)["associations"][association["associationId"]]
    hub = association["associatedGateway"]
    if hub["type"] == "transitGateway":
        detach_direct_connect(call.backend("ec2", hub["region"]), hub["id"], association["directConnectGatewayId"])
    return {"directConnectGatewayAssociation": {**association, "associationState": "disassociating"}}


def _association_of(call: Call) -> dict[str, Any]:
    """By its own id, or by those of both gateways."""
    wanted = call.params
    for one in everywhere(call.account)["associations"].values():
        pair = (one["directConnectGatewayId"], one["associatedGateway"]["id"])
        if one["associationId"] == wanted.get("associationId") or pair == (
            wanted.get("directConnectGatewayId"),
            wanted.get("virtualGatewayId"),
        ):
            found: dict[str, Any] = one
            return found
    raise Refuse(ERROR, "The Direct Connect gateway association does not exist")
