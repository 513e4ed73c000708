"""What the parts of Direct Connect share: where each kind of thing is kept, and how it is found."""

from collections import defaultdict
from typing import Any

from rehearsal.extend import Call, Refuse, backend, state

ERROR = "DirectConnectClientException"
"""The service has one code for whatever the caller did wrong."""
OTHER = {"private": "transitGateway", "transit": "virtualPrivateGateway"}
"""The kind of gateway that a virtual interface cannot share a Direct Connect gateway with."""


def everywhere(account: str) -> "defaultdict[str, dict[str, Any]]":
    """The state of what is global: gateways and their associations."""
    return state("directconnect", account, "us-east-1")


def connections(account: str, region: str) -> dict[str, Any]:
    """The circuits of a region by id."""
    return state("directconnect", account, region)["connections"]


def interfaces(account: str) -> list[dict[str, Any]]:
    """Every virtual interface of the account, of all regions."""
    regions = sorted(everywhere(account)["regions"])
    return [vif for region in regions for vif in state("directconnect", account, region)["interfaces"].values()]


def connection_of(call: Call) -> dict[str, Any]:
    """The circuit that a request names."""
    return known_connections(call, call.params.get("connectionId", ""))[0]


def known_connections(call: Call, wanted: str | None) -> list[dict[str, Any]]:
    """The circuit that is wanted, or all if none is; refused in the words by which tools know that one is gone."""
    kept = connections(call.account, call.region)
    if wanted is not None and wanted not in kept:
        raise Refuse(ERROR, f"Could not find Connection with ID {wanted}")
    return [one for key, one in kept.items() if wanted in (None, key)]


def gateway_of(call: Call, gateway: str | None) -> dict[str, Any]:
    """The Direct Connect gateway that a request names."""
    own = {key: one for key, one in everywhere(call.account)["gateways"].items() if one["ownerAccount"] == call.account}
    return chosen(own, gateway or "", "Direct Connect gateway")[0]


def chosen(kept: dict[str, Any], wanted: str | None, kind: str) -> list[dict[str, Any]]:
    """The one that is wanted, or all if none is; refused if it does not exist."""
    if wanted is not None and wanted not in kept:
        raise Refuse(ERROR, f"{kind} {wanted} does not exist")
    return [one for key, one in kept.items() if wanted in (None, key)]


def tag(call: Call, resource: str, asked: dict[str, Any]) -> None:
    """Let DescribeTags, which is moto's, know the tags too."""
    backend("directconnect", call.account, call.region).tagger.tag_resource(call.arn(resource), asked.get("tags", []))
