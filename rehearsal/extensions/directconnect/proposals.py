"""Proposals to associate a hub of this account with a Direct Connect gateway of another one."""

import uuid
from typing import Any

from rehearsal.extend import Call, Refuse, operation
from rehearsal.extensions.directconnect.common import ERROR, everywhere
from rehearsal.extensions.directconnect.gateways import hub_of


def accept(account: str, proposal: str) -> None:
    """Its owner has made the association."""
    everywhere(account)["proposals"][proposal]["proposalState"] = "accepted"


@operation("directconnect", "CreateDirectConnectGatewayAssociationProposal")
def create_proposal(call: Call) -> dict[str, Any]:
    """Ask the owner of a gateway, who accepts or lets it expire after seven days."""
    asked = call.params
    gateway, owner = asked["directConnectGatewayId"], asked["directConnectGatewayOwnerAccount"]
    if everywhere(call.account)["gateways"].get(gateway, {}).get("ownerAccount") != owner:
        raise Refuse(ERROR, f"Account {owner} has no Direct Connect gateway {gateway}")
    if owner == call.account:
        raise Refuse(ERROR, f"{gateway} is of this account: associate it")
    hub = asked["gatewayId"]
    prefixes = asked.get("addAllowedPrefixesToDirectConnectGateway", [])
    kind, cidr = hub_of(call, hub, prefixes)
    made = everywhere(call.account)["proposals"]
    proposal = str(uuid.UUID(hex=call.new_id(length=32), version=4))
    made[proposal] = {
        "proposalId": proposal,
        "directConnectGatewayId": gateway,
        "directConnectGatewayOwnerAccount": owner,
        "proposalState": "requested",
        "associatedGateway": {"id": hub, "type": kind, "ownerAccount": call.account, "region": call.region},
        "requestedAllowedPrefixesToDirectConnectGateway": prefixes or [{"cidr": cidr}],
    }
    return {"directConnectGatewayAssociationProposal": made[proposal]}


@operation("directconnect", "DescribeDirectConnectGatewayAssociationProposals")
def describe_proposals(call: Call) -> dict[str, Any]:
    """Proposals by their id or by that of either gateway."""
    wanted = call.params
    return {
        "directConnectGatewayAssociationProposals": [
            one
            for one in everywhere(call.account)["proposals"].values()
            if wanted.get("proposalId") in (None, one["proposalId"])
            and wanted.get("directConnectGatewayId") in (None, one["directConnectGatewayId"])
            and wanted.get("associatedGatewayId") in (None, one["associatedGateway"]["id"])
        ]
    }


@operation("directconnect", "DeleteDirectConnectGatewayAssociationProposal")
def delete_proposal(call: Call) -> dict[str, Any]:
    """Take it back. What its owner has made of it stays."""
    found = everywhere(call.account)["proposals"].pop(call.params["proposalId"], None)
    if found is None:
        raise Refuse(ERROR, f"Proposal {call.params['proposalId']} is not found")
    return {"directConnectGatewayAssociationProposal": {**found, "proposalState": "deleted"}}
